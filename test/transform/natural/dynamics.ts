/** Natural numerical functions: bodies, machines, records and other data that move, as they are written at work. */
import type { Entries } from "./entries.ts";

export const dynamics: Entries = {
  "a pendulum by Runge and Kutta": [
    (y0: number[], t: number) => {
      const f = (y: number[]) => [y[1], -Math.sin(y[0]) - 0.1 * y[1]];
      const add = (a: number[], b: number[], h: number) => a.map((x, i) => x + h * b[i]);
      let y = y0;
      const n = 8,
        h = t / n;
      for (let i = 0; i < n; i++) {
        const k1 = f(y),
          k2 = f(add(y, k1, h / 2)),
          k3 = f(add(y, k2, h / 2)),
          k4 = f(add(y, k3, h));
        y = y.map((x, j) => x + (h / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]));
      }
      return y[0];
    },
    [1, 0],
    2,
  ],
  "bodies that attract each other": [
    (ps: { x: number; y: number; vx: number; vy: number; m: number }[], dt: number) => {
      const bodies = ps.map((p) => ({ ...p }));
      for (let s = 0; s < 5; s++) {
        for (const a of bodies)
          for (const b of bodies) {
            if (a === b) continue;
            const dx = b.x - a.x,
              dy = b.y - a.y;
            const r = Math.hypot(dx, dy) ** 3;
            a.vx += (dt * b.m * dx) / r;
            a.vy += (dt * b.m * dy) / r;
          }
        for (const a of bodies) {
          a.x += dt * a.vx;
          a.y += dt * a.vy;
        }
      }
      return bodies[0].x + bodies[1].y;
    },
    [
      { x: 0, y: 0, vx: 0, vy: 0.1, m: 1 },
      { x: 1, y: 0.5, vx: 0, vy: 1, m: 0.5 },
    ],
    0.05,
  ],
  "predators and prey": [
    (p: { a: number; b: number; c: number; d: number }, x0: number, y0: number) => {
      let [x, y] = [x0, y0];
      const { a, b, c, d } = p;
      for (let i = 0; i < 50; i++) {
        const dx = a * x - b * x * y;
        const dy = d * x * y - c * y;
        x += 0.02 * dx;
        y += 0.02 * dy;
      }
      return { x, y };
    },
    { a: 1, b: 0.5, c: 0.7, d: 0.3 },
    2,
    1,
  ],
  "a record that is stepped": [
    (s: { th: number; om: number }, L: number) => {
      const st = { ...s };
      for (let i = 0; i < 10; i++) {
        st.om -= 0.05 * (9.81 / L) * Math.sin(st.th);
        st.th += 0.05 * st.om;
      }
      return st;
    },
    { th: 0.5, om: 0 },
    1.2,
  ],
  "an orbit that may escape": [
    (cx: number, cy: number) => {
      let x = 0,
        y = 0,
        i = 0;
      for (; i < 50 && x * x + y * y < 4; i++) {
        const t = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = t;
      }
      return i + x * y;
    },
    0.3,
    0.6,
  ],
  "a loop of whole numbers": [
    (x: number) => {
      let n = 27,
        s = x;
      while (n !== 1) {
        if (n % 2 === 0) {
          n /= 2;
          s *= 0.99;
        } else {
          n = 3 * n + 1;
          s += 0.01 * x;
        }
      }
      return s;
    },
    1.2,
  ],
  "a power of a common divisor": [
    (x: number) => {
      let a = 12;
      let b = 18;
      while (b !== 0) [a, b] = [b, a % b];
      return x ** a;
    },
    1.2,
  ],
  "pairs within a radius": [
    (h: number, ps: [number, number][]) => {
      let e = 0;
      for (let i = 0; i < ps.length; i++)
        for (let j = i + 1; j < ps.length; j++) {
          const [xi, yi] = ps[i];
          const [xj, yj] = ps[j];
          const r2 = (xi - xj) ** 2 + (yi - yj) ** 2;
          if (r2 >= h * h) continue;
          e += (h * h - r2) ** 3;
        }
      return e;
    },
    2,
    [
      [0, 0],
      [1, 0.5],
      [0.3, 1.2],
    ],
  ],
  "Lennard and Jones": [
    (p: Float64Array) => {
      const n = p.length / 3;
      let e = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < i; j++) {
          let r2 = 0;
          for (let k = 0; k < 3; k++) {
            const d = p[3 * i + k] - p[3 * j + k];
            r2 += d * d;
          }
          const s6 = 1 / r2 ** 3;
          e += 4 * (s6 * s6 - s6);
        }
      return e;
    },
    Float64Array.of(0, 0, 0, 1.1, 0.1, 0, 0.2, 1.3, 0.4),
  ],
  "a ring of spins": [
    (J: number, s: number[]) => {
      let E = 0;
      const n = s.length;
      s.forEach((si, i) => {
        E -= J * si * s[(i + 1) % n];
      });
      return E;
    },
    0.5,
    [1, -1, 1, 1],
  ],
  chains: [
    (a: number, xs: number[]) => xs.map((x) => a * Math.cosh(x / a)).reduce((s, y) => s + y, 0),
    1.3,
    [0, 1, 2],
  ],
  "forward kinematics": [
    (q: number[], l: number[]) => {
      let x = 0,
        y = 0,
        a = 0;
      q.forEach((qi, i) => {
        a += qi;
        x += l[i] * Math.cos(a);
        y += l[i] * Math.sin(a);
      });
      return [x, y];
    },
    [0.1, 0.2, 0.3],
    [1, 1, 0.5],
  ],
  "a camera": [
    (cam: number[], X: number[]) => {
      const [rx, ry, rz, tx, ty, tz, f, k1] = cam;
      const th = Math.sqrt(rx * rx + ry * ry + rz * rz);
      const c = Math.cos(th),
        s = Math.sin(th);
      const w = [rx / th, ry / th, rz / th];
      const dot = w[0] * X[0] + w[1] * X[1] + w[2] * X[2];
      const cr = [w[1] * X[2] - w[2] * X[1], w[2] * X[0] - w[0] * X[2], w[0] * X[1] - w[1] * X[0]];
      const P = X.map((x, i) => x * c + cr[i] * s + w[i] * dot * (1 - c));
      P[0] += tx;
      P[1] += ty;
      P[2] += tz;
      const u = P[0] / P[2],
        v = P[1] / P[2];
      const r2 = u * u + v * v;
      const d = 1 + k1 * r2;
      return [f * d * u, f * d * v];
    },
    [0.1, 0.2, 0.3, 0.5, 0.6, 5, 500, 0.01],
    [1, 2, 3],
  ],
  "records in records": [
    (c: { pos: { x: number; y: number }; vel: { x: number; y: number } }) => {
      c.pos.x += c.vel.x * 0.1;
      const { pos } = c;
      pos.y -= c.vel.y * pos.x;
      return c.pos.y;
    },
    { pos: { x: 1, y: 2 }, vel: { x: 3, y: 4 } },
  ],
  "two records in one": [
    (a: { x: number }, b: { y: number }) => {
      const c = { ...a, ...b };
      c.x *= c.y;
      return c.x + a.x;
    },
    { x: 2 },
    { y: 3 },
  ],
  "Object.assign": [
    (a: { x: number; y: number }) => {
      const c = Object.assign({}, a, { y: a.x * 2 });
      return c.x * c.y;
    },
    { x: 2, y: 3 },
  ],
  "a list that grows by index": [
    (x: number) => {
      const fib: number[] = [x, 1];
      for (let i = 2; i < 8; i++) fib[i] = fib[i - 1] + fib[i - 2];
      return fib[7];
    },
    1.5,
  ],
  "a stack machine": [
    (v: number[]) => {
      const st: number[] = [];
      for (const x of v) {
        if (x < 0) {
          const b = st.pop()!,
            a = st.pop()!;
          st.push(a * b);
        } else st.push(x);
      }
      return st[0];
    },
    [2, 3, -1, 4, -1],
  ],
  "a Map": [
    (v: number[]) => {
      const m = new Map<string, number>();
      v.forEach((x, i) => {
        const key = i % 2 ? "odd" : "even";
        m.set(key, (m.get(key) ?? 0) + x * x);
      });
      return (m.get("even") ?? 0) * (m.get("odd") ?? 0);
    },
    [1, 2, 3],
  ],
  "a class": [
    (() => {
      class V {
        constructor(
          public x: number,
          public y: number,
        ) {}
        dot(o: V) {
          return this.x * o.x + this.y * o.y;
        }
      }
      return (a: number, b: number) => new V(a, b).dot(new V(b, a * a));
    })(),
    2,
    3,
  ],
  "a generator": [
    (v: number[]) => {
      function* g() {
        for (const x of v) yield x * x;
      }
      let s = 0;
      for (const y of g()) s += y;
      return s;
    },
    [1, 2],
  ],
  "a recursion": [
    (x: number) => {
      const f = (k: number): number => (k <= 0 ? x : Math.sin(f(k - 1)) * x);
      return f(5);
    },
    1.2,
  ],
  "a tree": [
    (t: any) => {
      const go = (n: any): number => (n.l ? go(n.l) * go(n.r) + n.v : n.v);
      return go(t);
    },
    { v: 1, l: { v: 2, l: null, r: null }, r: { v: 3, l: null, r: null } },
  ],
};
