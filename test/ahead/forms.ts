/** Functions of many forms, as people write them: their modules must compile, be readable and right. */
import { add, dot, matVec, scale, softplus, type Vec, Way } from "./forms-parts.ts";

export type Pair = [number, number];
export type Triple = readonly [number, number, number];
export interface Named {
  name: string;
  w: number[];
}
export interface Deep extends Named {
  readonly inner: { p: Pair; q: Vec };
  flag: boolean;
}
export class Particle {
  constructor(
    public pos: Pair,
    public vel: Pair,
    public m: number,
  ) {}
}
export interface Point {
  x: number;
  y: number;
  z?: number;
}
export type Box<T> = { value: T; weight: number };
export interface Mixed {
  q: [number[], number];
  r: readonly [Pair, number[][]];
}

export function writtenTuple(t: [number[], number]): number {
  t[1] = t[0][0] * 3;
  return t[1] * t[0][1];
}
export function mixedTuples(m: Mixed, k: number): number {
  m.q[1] *= k;
  m.q[0][0] += m.r[0][1] * m.q[1];
  m.r[1][0][1] = m.q[0][0] ** 2;
  return m.q[0].reduce((s, v) => s + v * m.q[1], 0) + m.r[1][0][1];
}
export function partsOfTuple(t: [number, number[], Pair]): [number, number[]] {
  const out: number[] = t[1].map((v) => v * t[0]);
  return [t[0] * t[2][1], out];
}
export function triples(ts: [Pair, number][]): number {
  let s = 0;
  for (const [[a, b], c] of ts) s += a * b * c;
  return s;
}
export function inherited(d: Deep): number {
  let s = d.flag ? 1 : 2;
  for (const w of d.w) s += w * d.inner.p[0] + d.inner.q.x * d.inner.q.y;
  return s * d.inner.p[1];
}
export function ofClass(p: Particle[], h: number): number {
  for (const b of p) {
    b.pos[0] += h * b.vel[0];
    b.pos[1] += h * b.vel[1];
  }
  return p.reduce((s, b) => s + b.m * (b.pos[0] ** 2 + b.pos[1] ** 2), 0);
}
export function boxes(b: Box<number[]>, c: Box<Pair>): Box<number> {
  return { value: dot(b.value, c.value) * b.weight, weight: c.weight * 2 };
}
export function halved(a: Vec, b: Vec, n: number): Vec {
  let s = a;
  for (let i = 0; i < n; i++) s = add(scale(s, 0.5), b);
  return s;
}
export function optional(p: Point): number {
  return p.x * p.y * (p.z ?? 1);
}
export function mappedTwice(a: number[][], v: number[]): number[] {
  return matVec(a, matVec(a, v));
}
export function matrixProduct(a: number[][], b: number[][]): number[][] {
  const n = a.length;
  const m = b[0].length;
  const c: number[][] = [];
  for (let i = 0; i < n; i++) {
    const row: number[] = [];
    for (let j = 0; j < m; j++) {
      let s = 0;
      for (let k = 0; k < b.length; k++) s += a[i][k] * b[k][j];
      row.push(s);
    }
    c.push(row);
  }
  return c;
}
export function floatRows(a: Float64Array[], x: Float64Array): Float64Array {
  const y = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) for (let j = 0; j < x.length; j++) y[i] += a[i][j] * x[j];
  return y;
}
export function weightedRows(a: readonly (readonly number[])[]): number {
  let t = 0;
  a.forEach((row, i) => {
    row.forEach((v, j) => {
      t += (v * (i + 1)) / (j + 1);
    });
  });
  return t;
}
export function logDeterminant(a: number[][]): number {
  const n = a.length;
  const l = a.map((row) => row.map(() => 0));
  let logdet = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i][j];
      for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
      l[i][j] = i === j ? Math.sqrt(s) : s / l[j][j];
    }
    logdet += 2 * Math.log(l[i][i]);
  }
  return logdet;
}
export function diffused(u: Float64Array, k: number, n: number): number {
  let a = u.slice();
  let b = new Float64Array(u.length);
  for (let t = 0; t < n; t++) {
    for (let i = 1; i + 1 < a.length; i++) b[i] = a[i] + k * (a[i - 1] - 2 * a[i] + a[i + 1]);
    [a, b] = [b, a];
  }
  let s = 0;
  for (const v of a) s += v * v;
  return s;
}
export function oscillated(y: Pair, k: number, n: number): Pair {
  let [p, q] = y;
  for (let i = 0; i < n; i++) {
    const np = p + 0.1 * q;
    q -= 0.1 * k * p;
    p = np;
  }
  return [p, q];
}
export function attracted(p: number[], v: number[], m: readonly number[], h: number, steps: number): number {
  const f = new Array(p.length).fill(0);
  for (let t = 0; t < steps; t++) {
    f.fill(0);
    for (let i = 0; i < p.length; i++)
      for (let j = 0; j < i; j++) {
        const d = p[i] - p[j];
        const w = (m[i] * m[j] * d) / (d * d + 0.1) ** 1.5;
        f[i] -= w;
        f[j] += w;
      }
    for (let i = 0; i < p.length; i++) {
      v[i] += (h * f[i]) / m[i];
      p[i] += h * v[i];
    }
  }
  return p.reduce((s, x, i) => s + m[i] * x * x, 0);
}
export function squareRoot(x: number, tol: number): number {
  let y = x;
  let n = 0;
  while (Math.abs(y * y - x) > tol && n < 50) {
    y = 0.5 * (y + x / y);
    n++;
  }
  return y;
}
export function settled(x: number): number {
  let y = x;
  do {
    y = Math.cos(y) * x;
  } while (y > 0.9);
  return y;
}
export function powered(x: number, way: 0 | 1 | 2): number {
  switch (way) {
    case 0:
      return x;
    case 1:
      return x * x;
    default:
      return x ** 3;
  }
}
export function enumerated(x: number[], way: Way): number {
  let s = 0;
  for (const v of x) {
    if (v < 0) continue;
    if (v > 10) break;
    s += way === Way.Up ? v : -v * v;
  }
  return s;
}
export function defaults(x: number, scale = 2, shift: number = 1): number {
  return x * scale + shift;
}
export function withRest(x: number, ...rest: number[]): number {
  return rest.reduce((s, v) => s + v * x, 0);
}
export function nullable(x: number | null, y: number): number {
  return (x ?? 1) * y;
}
export function series(n: number, x: number): number {
  return n <= 0 ? 1 : x * series(n - 1, x) + 1;
}
export function standardized(x: number[]): { mean: number; var: number; z: number[] } {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const v = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  return { mean, var: v, z: x.map((b) => (b - mean) / Math.sqrt(v)) };
}
export function longest(x: readonly number[], y: Triple): number {
  return Math.max(...x) * Math.hypot(...y);
}
export function labelled(w: { a: number[]; b: { c: number; d: string } }, t: readonly string[]): number {
  let s = 0;
  for (let i = 0; i < w.a.length; i++) s += w.a[i] * (t[i] === "log" ? Math.log(w.b.c) : w.b.c);
  return s;
}
export interface Layer {
  w: number[][];
  b: number[];
}
export function network(layers: Layer[], x: number[]): number {
  let h = x;
  for (const { w, b } of layers) h = w.map((row, i) => Math.tanh(dot(row, h) + b[i]));
  return h.reduce((s, v) => s + v, 0);
}
export function crossEntropy(
  layers: readonly Readonly<Layer>[],
  x: readonly number[],
  t: readonly number[],
): number {
  let h = [...x];
  layers.forEach((l, k) => {
    const z = matVec(l.w, h);
    for (let i = 0; i < z.length; i++) z[i] += l.b[i];
    h = k < layers.length - 1 ? z.map(softplus) : z;
  });
  const m = Math.max(...h);
  const lse = m + Math.log(h.reduce((s, v) => s + Math.exp(v - m), 0));
  let loss = 0;
  for (let i = 0; i < t.length; i++) loss -= t[i] * (h[i] - lse);
  return loss;
}
export function likelihood(p: { mu: Pair; log: Pair }, data: readonly Pair[]): number {
  let nll = 0;
  for (const d of data)
    for (let k = 0; k < 2; k++) {
      const z = (d[k] - p.mu[k]) / Math.exp(p.log[k]);
      nll += 0.5 * z * z + p.log[k];
    }
  return nll;
}
export const destructured = ({ a, b: [c, d] }: { a: number; b: Pair }, [e, f]: Triple): number =>
  a * c * d * e * f;
export function relaxed(xs: number[], { rate, steps }: { rate: number; steps: number }): number[] {
  const out = xs.slice();
  for (let s = 0; s < steps; s++) {
    const total = out.reduce((a, b) => a + b, 0);
    for (let i = 0; i < out.length; i++) out[i] = out[i] + rate * (total - out[i]);
  }
  return out;
}
export function pairs(x: number[]): Pair[] {
  return x.map((v, i): Pair => [v * v, v * i]);
}
export function centre(ps: Particle[]): Pair {
  const c: Pair = [0, 0];
  let m = 0;
  for (const p of ps) {
    c[0] += p.m * p.pos[0];
    c[1] += p.m * p.pos[1];
    m += p.m;
  }
  c[0] /= m;
  c[1] /= m;
  return c;
}
export function smoothed(grid: number[][], n: number): number[][] {
  let g = grid.map((r) => r.slice());
  for (let t = 0; t < n; t++) {
    const next = g.map((r) => r.slice());
    for (let i = 1; i < g.length - 1; i++)
      for (let j = 1; j < g[i].length - 1; j++)
        next[i][j] = 0.25 * (g[i - 1][j] + g[i + 1][j] + g[i][j - 1] + g[i][j + 1]);
    g = next;
  }
  return g;
}
export function floatsBeside(a: Float64Array, b: number[]): { sum: Float64Array; all: number } {
  const sum = a.map((v, i) => v + b[i] ** 2);
  return { sum, all: sum.reduce((s, v) => s + v, 0) };
}
export function crossed(s: { a: Pair; b: Pair }, n: number): { a: Pair; b: Pair } {
  let t = s;
  for (let i = 0; i < n; i++) t = { a: [t.b[0] * 2, t.a[1]], b: [t.a[0], t.b[1] * t.a[1]] };
  return t;
}
export function nearest(x: number[], y: number[]): number {
  let best = Infinity;
  for (let i = 0; i < x.length; i++) {
    const d = (x[i] - y[i]) ** 2;
    if (d < best) best = d;
  }
  return best;
}
export function bump(x: number, y: number): number {
  const { sin, exp } = Math;
  return (sin(x) * exp(-y)) / (1 + x * x) - (2 * (x - y)) / 3;
}
export function shoelace(pts: Point[]): number {
  let s = 0;
  for (let i = 0; i < pts.length; i++) {
    const j = (i + 1) % pts.length;
    s += pts[i].x * pts[j].y - pts[j].x * pts[i].y;
  }
  return s / 2;
}
export function recorded(x: number[], k: number): number {
  const hist: number[] = [];
  for (const v of x) hist.push(hist.length === 0 ? v : k * hist[hist.length - 1] + v);
  return hist[hist.length - 1] ** 2;
}
export function rotated(q: [number, number, number, number], v: Triple): [number, number, number] {
  const [w, x, y, z] = q;
  const t: Triple = [2 * (y * v[2] - z * v[1]), 2 * (z * v[0] - x * v[2]), 2 * (x * v[1] - y * v[0])];
  return [
    v[0] + w * t[0] + y * t[2] - z * t[1],
    v[1] + w * t[1] + z * t[0] - x * t[2],
    v[2] + w * t[2] + x * t[1] - y * t[0],
  ];
}
