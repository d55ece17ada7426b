/**
 * Constructs that derivative programs support by some detour, at their edges: the default engine and the tape give the
 * same. Conditions that assign, methods that search and flatten lists, arguments spread among others, identity.
 */
import { same } from "./same.ts";

const entries: Record<string, [f: (...args: any[]) => unknown, ...args: unknown[]]> = {
  "functions of Math passed to map, which gives them more than they take": [
    (x: number[]) =>
      x
        .map(Math.exp)
        .map(Math.sin)
        .reduce((s, v) => s * 0.5 + v, 0),
    [0.5, -1.2, 0.8, 1.1, -0.3, 0.9, 0.2, -0.7],
  ],
  "a condition that counts": [
    (a: number) => {
      let x = a,
        n = 0;
      while (Math.abs(x * x - a) > 1e-12 && n++ < 50) x = (x + a / x) / 2;
      return x * n;
    },
    2,
  ],
  "a loop that counts down in its condition": [
    (x: number) => {
      let i = 3;
      for (; i--; ) x *= 1 + i * x;
      return x * i;
    },
    0.7,
  ],
  "a condition that sums": [
    (v: number[]) => {
      let i = 0,
        s = 0;
      while (i < v.length && (s += v[i++]) < 4) s *= v[0];
      return s * i;
    },
    [1.5, 1, 2, 3],
  ],
  "continue and break where the condition assigns": [
    (v: number[]) => {
      let i = -1,
        s = 0;
      while (++i < v.length) {
        if (v[i] < 0) continue;
        if (v[i] > 5) break;
        s += v[i] ** 2;
      }
      return s + i;
    },
    [1, -2, 3, 7, 1],
  ],
  "a return where the condition assigns": [
    (v: number[]) => {
      let i = v.length;
      while (i-- > 0) {
        if (v[i] < 0) return v[i] * i;
        v[i] *= 2;
      }
      return v[0];
    },
    [1, -2, 3, 7, 1],
  ],
  "labels where conditions assign": [
    (v: number[]) => {
      let i = 0,
        s = 0;
      out: while (i++ < 4) {
        let j = 0;
        while (j++ < v.length) {
          if (v[j - 1] > 2 * i) continue out;
          if (s > 20) break out;
          s += v[j - 1] * i;
        }
      }
      return s;
    },
    [1, 2, 3, 7, 1],
  ],
  "a condition that assigns, with an update": [
    (v: number[]) => {
      let s = 0;
      for (let i = 0; (s += i) < 5 && i < v.length; i++) s += v[i] * s;
      return s;
    },
    [0.1, 0.2, 0.3, 0.4],
  ],
  find: [(v: number[]) => (v.find((x) => x > 1) ?? 0) * v[0], [1, 2, 3]],
  "find of what is not there": [(v: number[]) => (v.find((x) => x > 9) ?? v[1]) * v[0], [1, 2, 3]],
  "find of a record": [
    (ps: { x: number; y: number }[]) => {
      const p = ps.find((q) => q.x > 1);
      return p ? p.y * p.x : 0;
    },
    [
      { x: 1, y: 2 },
      { x: 2, y: 3 },
    ],
  ],
  "find in a small list": [(x: number) => ([x, x * x, 3 * x].find((e) => e > 3) ?? 1) * x, 2],
  "find of nothing, which is used": [(v: number[]) => v.find((x) => x > 9)! * v[0], [1, 2, 3]],
  indexOf: [(v: number[]) => v[v.indexOf(2)] * v[0] + v.indexOf(99), [1, 2, 3]],
  includes: [(v: number[]) => (v.includes(2) ? v[0] : v[1]) * (v.includes(NaN) ? 2 : 3), [1, 2, 3]],
  "includes of NaN": [
    (v: number[], x: number) => ([...v, NaN].includes(NaN) ? x * v[0] : v[1]),
    [1, 2, 3],
    2,
  ],
  flat: [
    (m: number[][]) => m.flat().reduce((s, x, i) => s + x * x * i, 0),
    [
      [1, 2],
      [3, 4],
    ],
  ],
  "flat of a small list": [(x: number) => [[x, 2], [x * x]].flat().reduce((s, e, i) => s + e * i, 0), 3],
  "flat of an argument and others": [
    (v: number[]) => [v, [v[0] * 2, 1]].flat().reduce((s, x, i) => s + x * x * i, 0),
    [1, 2],
  ],
  "flat of records": [
    (m: { x: number }[][]) => m.flat().reduce((s, p) => s + p.x ** 2, 0),
    [[{ x: 1 }], [{ x: 2 }, { x: 3 }]],
  ],
  flatMap: [(m: number[]) => m.flatMap((x, i) => [x, x * i]).reduce((s, x) => s + x * x, 0), [1, 2]],
  "flatMap that leaves out": [
    (m: number[]) => m.flatMap((x) => (x > 1 ? [x * x] : [])).reduce((s, x) => s + x * x, 0),
    [1, 2],
  ],
  "flatMap to numbers": [(m: number[]) => m.flatMap((x) => x * x), [1, 2]],
  "a list is spread among other arguments": [
    (v: number[]) => Math.max(v[0] * 2, ...v, 1) + Math.min(...v, 0.5) + Math.hypot(...v, v[0]),
    [1, 2, 2],
  ],
  "equal elements of a list among other arguments": [
    (v: number[], x: number) => Math.max(x, ...v, x),
    [2, 2, 1],
    2,
  ],
  "two lists are spread": [(v: number[], w: number[]) => Math.max(...v, ...w), [2, 2, 1], [2, 1]],
  "records are compared by identity": [
    (ps: { x: number }[]) => {
      let s = 0;
      for (const a of ps) for (const b of ps) if (a !== b) s += a.x * b.x * a.x;
      return s;
    },
    [{ x: 1 }, { x: 2 }, { x: 3 }],
  ],
  "small records are compared by identity": [
    (x: number) => {
      const p = { x, y: 1 };
      const m = [p, p, { x: 1, y: 2 }];
      let s = 0;
      for (const a of m) for (const b of m) if (a === b) s += a.x * b.y;
      return s;
    },
    1.5,
  ],
  "records that a list holds twice": [
    (x: number, n: number) => {
      const p = { x, y: 1 };
      const m = [];
      for (let i = 0; i < n; i++) m.push(i % 2 ? p : { x: 2, y: x });
      let s = 0;
      for (const a of m) for (const b of m) if (a === b) s += a.x * b.y;
      return s;
    },
    1.5,
    4,
  ],
  "rows are compared by identity": [
    (m: number[][]) => {
      const r = m[0];
      let s = 0;
      for (const q of m) s += q === r ? q[0] * 3 : q[1];
      return s;
    },
    [
      [1, 2],
      [3, 4],
    ],
  ],
  "elements of an argument are compared by identity": [
    (a: { x: number }, b: { x: number }[]) => {
      let s = 0;
      for (const q of b) if (q === b[0]) s += q.x * a.x;
      return s;
    },
    { x: 2 },
    [{ x: 1 }, { x: 2 }],
  ],
};

describe("constructs at their edges", () => {
  for (const [name, [f, ...args]] of Object.entries(entries)) it(name, () => same(f, args));
});
