/**
 * Bounds of counted loops: a loop whose bound does not change stays a counted one, whatever its body does elsewhere; one
 * whose bound changes asks for it again. The default engine and the tape give the same.
 */
import assert from "node:assert/strict";
import { explain } from "wengert";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const eight = [1, 2, 3, 4, 5, 6, 7, 8].map((k) => Math.sin(k));

const steady: Record<string, [f: F, ...args: unknown[]]> = {
  "the length of a member": [
    (o: { z: number[]; y: number[] }) => {
      let s = 0;
      for (let i = 0; i < o.z.length; i++) s = Math.sin(s + o.z[i] * o.y[i]);
      return s;
    },
    { z: eight, y: eight },
  ],
  "the length of a row": [
    (w: number[][]) => {
      let s = 0;
      for (let i = 0; i < w.length; i++) for (let j = 0; j < w[i].length; j++) s += Math.exp(w[i][j]);
      return s;
    },
    [[1, 2], [3]],
  ],
  "the length of a row that is written to": [
    (v: number[][]) => {
      const w = v.map((row) => row.slice());
      let s = 0;
      for (let i = 0; i < w.length; i++)
        for (let j = 0; j < w[i].length; j++) {
          w[i][j] *= 2;
          s += Math.exp(w[i][j]);
        }
      return s;
    },
    [[1, 2], [3]],
  ],
  "an option": [
    (x: number[], o: { n: number }) => {
      const y = x.slice();
      for (let t = 0; t < o.n; t++) for (let i = 0; i < y.length; i++) y[i] = Math.sin(y[i]);
      return y[0] * y[1];
    },
    eight,
    { n: 3 },
  ],
  "the length of a buffer that changes places": [
    (u: number[], c: number) => {
      let a = u.slice();
      let b = new Array(u.length).fill(0);
      for (let t = 0; t < 5; t++) {
        for (let i = 1; i < a.length - 1; i++) b[i] = a[i] + c * (a[i - 1] - 2 * a[i] + a[i + 1]) * a[i];
        [a, b] = [b, a];
      }
      return a.reduce((s, x) => s + x * x, 0);
    },
    eight,
    0.1,
  ],
  "a neighbour of the counter": [
    (x: number[]) => {
      let s = 0;
      for (let i = 0; i + 1 < x.length; i++) s += 100 * (x[i + 1] - x[i] ** 2) ** 2;
      return s;
    },
    eight,
  ],
  "neighbours of the counter, downwards and at most": [
    (x: number[], n: number) => {
      let s = 0;
      for (let i = x.length - 1; i - 1 >= 0; i--) s += x[i] * x[i - 1];
      for (let i = 1; i + 3 <= x.length; i += 2) s += Math.sin(x[i] * x[i + 2]);
      for (let i = 0; i - 2 < x.length - 4; i++) s *= n;
      return s;
    },
    eight,
    1.1,
  ],
  "downwards, by a third variable": [
    (u: number[], c: number) => {
      let a = u.slice();
      let b = u.slice();
      for (let t = 0; t < 3; t++) {
        for (let i = a.length - 1; i >= 0; i--) b[i] = a[i] * a[i] * c;
        const x = a;
        a = b;
        b = x;
      }
      return a[0] * b[1];
    },
    eight,
    0.4,
  ],
};
const moving: Record<string, [f: F, ...args: unknown[]]> = {
  "rows of lengths that a loop counts": [
    (x: number[]) => {
      const a: number[][] = [];
      for (let k = 1; k < 4; k++) a.push(new Array(k).fill(0));
      let t = 0;
      for (let i = 0; i < a[0].length; i++) {
        t += x[i];
        for (let j = 0; j < a[1].length; j++) a[0][j] = 1;
      }
      return t;
    },
    eight,
  ],
  "rows of lengths that a condition counts": [
    (x: number[]) => {
      const a: number[][] = [];
      let n = 1;
      while (n < 5) {
        a.push(new Array(n).fill(0));
        n++;
      }
      let t = 0;
      for (let i = 0; i < a[0].length; i++) {
        t += x[i] ** 2;
        for (let j = 0; j < a[2].length; j++) a[0][j] = 1;
      }
      return t;
    },
    eight,
  ],
  "rows that are rests of a list": [
    (x: number[]) => {
      const a: number[][] = [];
      for (let k = 0; k < x.length; k++) a.push(x.slice(k));
      let t = 0;
      for (let i = 0; i < a[6].length; i++) {
        t += x[i] ** 2;
        for (let j = 0; j < a[4].length; j++) a[6][j] = 1;
      }
      return t;
    },
    eight,
  ],
  "members of records of lengths that a callback counts": [
    (x: number[]) => {
      const rows = x.map((v, i) => ({ v, w: new Array(i + 1).fill(0) }));
      let t = 0;
      for (let i = 0; i < rows[0].w.length; i++) {
        t += x[i] ** 2 * rows[1].v;
        for (let j = 0; j < rows[2].w.length; j++) rows[0].w[j] = 1;
      }
      return t;
    },
    eight,
  ],
  "the length of the first row, where others may become longer": [
    (v: number[][]) => {
      const w = v.map((row) => row.slice());
      for (let j = 0; j < w[0].length; j++) for (let i = 0; i < w.length; i++) w[i][j] = Math.sin(w[i][j]);
      return w[1][1];
    },
    [
      [1, 2],
      [3, 4],
    ],
  ],
  "the length of a list that grows, by a neighbour": [
    (x: number[]) => {
      const a = [x[0], x[1]];
      let s = 0;
      for (let i = 0; i + 1 < a.length; i++) {
        s += a[i] * a[i + 1];
        if (a.length < 6) a.push(x[i + 2]);
      }
      return s;
    },
    eight,
  ],
  "a bound between whole numbers, by a neighbour": [
    (x: number[], n: number) => {
      let s = 0;
      for (let i = 0; i + 1 < n; i++) s += x[i] * x[i + 1] * n;
      return s;
    },
    eight,
    3.0000000000000004,
  ],
  "a member that is assigned to": [
    (o: { n: number; x: number }) => {
      const p = { n: o.n };
      let s = 0;
      for (let i = 0; i < p.n; i++) {
        s += o.x * i;
        if (i === 1) p.n = 6;
      }
      return s;
    },
    { n: 3, x: 2 },
  ],
  "a member that is assigned to on some path": [
    (x: number) => {
      const p = { n: 3 };
      let s = 0;
      for (let i = 0; i < p.n; i++) {
        s += x * i;
        if (i === 1 && s > 0) p.n = 6;
      }
      return s;
    },
    2,
  ],
  "an element that is written to": [
    (x: number[], y: number) => {
      const n = [2, 3, 4, 5, 6, 7, 8, 9].map((v) => v);
      let s = 0;
      for (let i = 0; i < n[1]; i++) {
        s += y * i;
        if (i < 2) n[1]++;
      }
      return s * x[0];
    },
    [1],
    2,
  ],
  "a row that another one takes the place of": [
    (y: number) => {
      const w = [[1], [1, 2], [3, 4, 5]].map((row) => row.map((v) => v * y));
      let s = 0;
      for (let j = 0; j < w[0].length; j++) {
        s += w[0][j];
        w[0] = w[2];
      }
      return s;
    },
    2,
  ],
  "a row that is written to after another one took its place": [
    (y: number) => {
      const w = [[1, 2], [1], [3, 4, 5]].map((row) => row.map((v) => v * y));
      let s = 0;
      for (let j = 0; j < w[0].length; j++) {
        if (j === 1) w[0] = w[1];
        w[0][j] = y;
        s += w[0].length * w[0][j];
      }
      return s * y;
    },
    2,
  ],
  "buffers of different lengths that change places": [
    (u: number[], c: number) => {
      let a = u.slice();
      let b: number[] = new Array(1).fill(0);
      let s = 0;
      for (let t = 0; t < 3; t++) {
        for (let i = 0; i < a.length; i++) {
          b[i] = a[i] * c;
          s += b.length;
        }
        [a, b] = [b, a];
      }
      return a[0] * s;
    },
    eight,
    0.5,
  ],
  "a buffer that is written to behind its end": [
    (u: number[], c: number) => {
      let a = u.slice();
      let b = u.slice();
      let s = 0;
      for (let t = 0; t < 3; t++) {
        for (let i = 0; i < a.length && a.length < 12; i++) {
          s += a[i];
          if (i < 3) b[i + 6] = a[i] * c;
        }
        for (let i = 0; i < a.length; i++) {
          s += a[i];
          if (i < 3) a[i + 7] = a[i] * c;
        }
        [a, b] = [b, a];
      }
      return a[0] * s;
    },
    eight,
    0.5,
  ],
};

describe("bounds of loops", () => {
  for (const [name, [f, ...args]] of Object.entries(steady))
    it(`are computed once: ${name}`, () => {
      const { engine, source } = explain(f)(...args);
      assert.equal(engine, "program");
      assert.doesNotMatch(source as string, /while/);
      same(f, args);
    });
  for (const [name, [f, ...args]] of Object.entries(moving))
    it(`are asked for again: ${name}`, () => {
      same(f, args);
    });
});
