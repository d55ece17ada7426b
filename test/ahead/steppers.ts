/** Steppers, buffers that change places, and what keeps its way: more forms. */
export interface Grid {
  u: number[];
  v: number[];
  dx: number;
}
export function coupledGrids(g: Grid, n: number): Grid {
  let { u, v } = g;
  for (let t = 0; t < n; t++) {
    const nu = u.slice();
    for (let i = 1; i < u.length - 1; i++)
      nu[i] = u[i] + (0.1 * (u[i + 1] - 2 * u[i] + u[i - 1])) / g.dx ** 2 + v[i];
    const nv = v.map((x, i) => x * 0.9 + nu[i]);
    u = nu;
    v = nv;
  }
  return { u, v, dx: g.dx };
}
export function path(s: { x: number; v: number }, w: number, n: number): { x: number; v: number }[] {
  const path: { x: number; v: number }[] = [];
  let cur = s;
  for (let i = 0; i < n; i++) {
    cur = { x: cur.x + 0.1 * cur.v, v: cur.v - 0.1 * w * cur.x };
    path.push(cur);
  }
  return path;
}
export function rungeKutta(y0: number[], f: { a: number; b: number }, h: number, n: number): number[] {
  const rhs = (y: number[]): number[] => [f.a * y[0] - y[0] * y[1], -f.b * y[1] + y[0] * y[1]];
  let y = y0;
  for (let i = 0; i < n; i++) {
    const k1 = rhs(y);
    const k2 = rhs(y.map((v, j) => v + 0.5 * h * k1[j]));
    const k3 = rhs(y.map((v, j) => v + 0.5 * h * k2[j]));
    const k4 = rhs(y.map((v, j) => v + h * k3[j]));
    y = y.map((v, j) => v + (h / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]));
  }
  return y;
}
export function activations(x: number[], w: number[][]): number {
  const h: number[][] = [x];
  for (let l = 0; l < w.length; l++) h.push(h[l].map((v, i) => Math.tanh(v * w[l][i])));
  return h[h.length - 1].reduce((s, v) => s + v * v, 0);
}
export function exchanged(a: number[], b: number[]): [number[], number[]] {
  for (let i = 0; i < a.length; i++) {
    const t = a[i];
    a[i] = b[i] * t;
    b[i] = t;
  }
  return [a, b];
}
export function closest(p: [number, number][], q: [number, number]): [number, number] {
  let m = p[0];
  for (const r of p) if (Math.hypot(r[0] - q[0], r[1] - q[1]) < Math.hypot(m[0] - q[0], m[1] - q[1])) m = r;
  return m;
}
export function clipped(x: number[], lo: number, hi: number): number[] {
  return x.map((v) => Math.min(Math.max(v, lo), hi));
}
export function hornerPair(c: number[], x: number): { value: number; slope: number } {
  let value = 0,
    slope = 0;
  for (let k = c.length - 1; k >= 0; k--) {
    slope = slope * x + value;
    value = value * x + c[k];
  }
  return { value, slope };
}
/** Constants of the derivative meet: half of a square has the number itself as its slope. */
export function halfSquares(x: number[]): number {
  let s = 0;
  for (const v of x) s += (1 / 2) * v ** 2;
  return s;
}
