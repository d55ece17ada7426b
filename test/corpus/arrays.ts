/** Methods of lists that call back, and those that make new lists. */
import type { Entry } from "./entry.ts";

const xs0 = [1.5, -2, 0.7, 3];

export const arrays: Entry[] = [
  { name: "map", f: (xs: number[]) => xs.map((x) => x * x).map((x, i) => x * i), args: [xs0] },
  {
    name: "map with the list",
    f: (xs: number[]) => xs.map((x, i, all) => x * all[(i + 1) % all.length]),
    args: [xs0],
  },
  { name: "map with a function of Math", f: (xs: number[]) => xs.map(Math.exp).map(Math.sqrt), args: [xs0] },
  { name: "reduce", f: (xs: number[]) => xs.reduce((a, b) => a * b + a), args: [xs0], second: true },
  {
    name: "reduce to a record",
    f: (xs: number[]) => {
      const { s, p } = xs.reduce((acc, x) => ({ s: acc.s + x, p: acc.p * x }), { s: 0, p: 1 });
      return s * p;
    },
    args: [xs0],
    second: true,
  },
  { name: "reduceRight", f: (xs: number[]) => xs.reduceRight((p, c) => p * 0.5 + c * c, 0), args: [xs0] },
  { name: "filter", f: (xs: number[]) => xs.filter((x) => x > 0).reduce((a, b) => a * b, 1), args: [xs0] },
  { name: "filter by index", f: (xs: number[]) => xs.filter((_, i) => i % 2 === 1), args: [xs0] },
  {
    name: "flatMap",
    f: (xs: number[]) => xs.flatMap((x) => (x > 0 ? [x, x * 2] : [])).reduce((s, x, i) => s + x * i, 0),
    args: [xs0],
  },
  {
    name: "flat",
    f: (m: number[][][]) => m.flat(2).reduce((s, x, i) => s + x ** 2 * i, 0) + m.flat().length,
    args: [[[[1, 2], [3]], [[4]]]],
  },
  {
    name: "forEach",
    f: (xs: number[]) => {
      let s = 1;
      xs.forEach((x, i) => {
        s = s * 0.9 + x * (i + 1);
      });
      return s;
    },
    args: [xs0],
  },
  {
    name: "some and every",
    f: (xs: number[]) => (xs.some((x) => x < 0) ? xs[0] * 2 : 0) + (xs.every((x) => x < 10) ? xs[1] * 3 : 0),
    args: [xs0],
  },
  {
    name: "find and findLast",
    f: (xs: number[]) => xs.find((x) => x < 1)! * xs.findLast((x) => x < 1)!,
    args: [xs0],
  },
  {
    name: "findIndex and findLastIndex",
    f: (xs: number[]) =>
      xs[xs.findIndex((x) => x < 1)] ** 2 +
      xs[xs.findLastIndex((x) => x > 1)] ** 3 +
      xs.findIndex((x) => x > 99),
    args: [xs0],
  },
  { name: "sort with a comparator", f: (xs: number[]) => [...xs].sort((a, b) => a - b), args: [xs0] },
  {
    name: "sort descending, weighted",
    f: (xs: number[]) =>
      xs
        .slice()
        .sort((a, b) => b - a)
        .reduce((s, x, i) => s + x * 10 ** i, 0),
    args: [xs0],
  },
  {
    name: "sort without a comparator is by text",
    f: (xs: number[]) => [...xs].sort(),
    args: [[10, 9, 1.5, -2, 100]],
    expect: {
      value: [-2, 1.5, 10, 100, 9],
      jacobian: [
        [0, 0, 0, 1, 0],
        [0, 0, 1, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [0, 1, 0, 0, 0],
      ],
    },
  },
  {
    name: "sort records",
    f: (ps: { k: number; v: number }[]) =>
      [...ps]
        .sort((a, b) => a.k - b.k)
        .map((p, i) => p.v * (i + 1))
        .reduce((a, b) => a + b),
    args: [
      [
        { k: 3, v: 1.5 },
        { k: 1, v: 2 },
        { k: 2, v: 5 },
      ],
    ],
  },
  {
    name: "toSorted, toReversed, with",
    f: (xs: number[]) =>
      xs
        .toSorted((a, b) => a - b)
        .toReversed()
        .with(1, xs[0] * xs[1]),
    args: [xs0],
  },
  { name: "toSpliced", f: (xs: number[]) => xs.toSpliced(1, 2, xs[0] * 2, xs[3], 7), args: [xs0] },
  { name: "at", f: (xs: number[]) => xs.at(-1)! * xs.at(0)! + xs.at(-2)!, args: [xs0] },
  {
    name: "slice and concat",
    f: (xs: number[], y: number) => xs.slice(1, -1).concat(y, [y * 2, 3], xs.slice(-1)),
    args: [xs0, 0.5],
  },
  {
    name: "Array.from with a map",
    f: (x: number) => Array.from({ length: 4 }, (_, i) => x ** i),
    args: [1.3],
  },
  { name: "Array.from of a list", f: (xs: number[]) => Array.from(xs, (x, i) => x * i), args: [xs0] },
  {
    name: "Array.of and Array.isArray",
    f: (x: number) => {
      const a = Array.of(x, 2, x * x);
      return Array.isArray(a) ? a[0] * a[2] : 0;
    },
    args: [1.3],
  },
  {
    name: "new Array filled",
    f: (x: number) => new Array(3).fill(x).map((y: number, i) => y * i),
    args: [1.3],
  },
  { name: "fill in parts", f: (x: number) => [1, 2, 3, 4].fill(x, 1, 3).fill(x * x, -1), args: [1.3] },
  {
    name: "keys, values, entries",
    f: (xs: number[]) => {
      let s = 0;
      for (const k of xs.keys()) s += k * xs[k];
      for (const v of xs.values()) s += v * v;
      for (const [k, v] of xs.entries()) s *= 1 + 0.1 * k * v;
      return s;
    },
    args: [xs0],
  },
  { name: "spread of keys", f: (xs: number[]) => [...xs.keys()].map((i) => xs[i] * i), args: [xs0] },
  {
    name: "join is only text",
    f: (xs: number[]) => xs[0] * xs.join(",").split(",").length,
    args: [[1.5, 2, 3]],
  },
  { name: "length decides", f: (xs: number[]) => xs.reduce((a, b) => a + b) / xs.length, args: [xs0] },
  {
    name: "mean and variance",
    f: (xs: number[]) => {
      const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
      return xs.map((x) => (x - mean) ** 2).reduce((a, b) => a + b, 0) / (xs.length - 1);
    },
    args: [xs0],
    second: true,
  },
  {
    name: "median",
    f: (xs: number[]) => {
      const s = [...xs].sort((a, b) => a - b);
      const m = s.length >> 1;
      return s.length % 2 ? s[m] : (s[m - 1] + s[m]) / 2;
    },
    args: [xs0],
  },
  {
    name: "dot product",
    f: (a: number[], b: number[]) => a.reduce((s, x, i) => s + x * b[i], 0),
    args: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    second: true,
  },
  {
    name: "outer product",
    f: (a: number[], b: number[]) => a.map((x) => b.map((y) => x * y)),
    args: [
      [1, 2],
      [4, 5],
    ],
  },
  {
    name: "transpose by map",
    f: (m: number[][]) => m[0].map((_, j) => m.map((row) => row[j])),
    args: [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  },
  {
    name: "softmax",
    f: (xs: number[]) => {
      const m = Math.max(...xs);
      const e = xs.map((x) => Math.exp(x - m));
      const s = e.reduce((a, b) => a + b);
      return e.map((x) => x / s);
    },
    args: [xs0],
  },
  {
    name: "log-sum-exp",
    f: (xs: number[]) => {
      const m = xs.reduce((a, b) => Math.max(a, b), -Infinity);
      return m + Math.log(xs.reduce((s, x) => s + Math.exp(x - m), 0));
    },
    args: [xs0],
    second: true,
  },
  {
    name: "cumulative sum",
    f: (xs: number[]) => {
      let s = 0;
      return xs.map((x) => (s += x));
    },
    args: [xs0],
  },
  {
    name: "pairwise differences",
    f: (xs: number[]) => xs.slice(1).map((x, i) => (x - xs[i]) ** 2),
    args: [xs0],
  },
  {
    name: "convolution",
    f: (a: number[], b: number[]) => {
      const c = new Array<number>(a.length + b.length - 1).fill(0);
      a.forEach((x, i) => {
        b.forEach((y, j) => {
          c[i + j] += x * y;
        });
      });
      return c;
    },
    args: [
      [1, 2, 3],
      [0.5, -1],
    ],
  },
  {
    name: "group and sum",
    f: (xs: number[]) => {
      const groups: Record<string, number[]> = {};
      for (const x of xs) (groups[x > 0 ? "plus" : "minus"] ??= []).push(x);
      return groups.plus.reduce((a, b) => a * b) / groups.minus.reduce((a, b) => a + b);
    },
    args: [xs0],
  },
  {
    name: "zip and unzip",
    f: (a: number[], b: number[]) => {
      const pairs = a.map((x, i) => [x, b[i]] as const);
      const [p, q] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      return p[0] * q[1] - p[1] * q[0];
    },
    args: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    name: "thisArg",
    f: (xs: number[], k: number) =>
      xs.map(
        function (this: { k: number }, x) {
          return x * this.k;
        },
        { k },
      ),
    args: [xs0, 1.5],
  },
  {
    name: "indexOf and includes of passives",
    f: (x: number) => [1, 2, 3].indexOf(2) * x + ([1, 2].includes(3) ? 0 : x ** 2),
    args: [1.5],
  },
  {
    name: "lists of functions",
    f: (x: number) => [(y: number) => y * x, (y: number) => y + x].map((g, i) => g(i + 1)),
    args: [1.5],
  },
  {
    name: "argmax by reduce",
    f: (xs: number[]) => {
      const i = xs.reduce((best, x, k, all) => (x > all[best] ? k : best), 0);
      return xs[i] ** 2 * i;
    },
    args: [xs0],
  },
  {
    name: "matrix product by map and reduce",
    f: (a: number[][], b: number[][]) =>
      a.map((row) => b[0].map((_, j) => row.reduce((s, x, k) => s + x * b[k][j], 0))),
    args: [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
  },
  {
    name: "methods borrowed",
    f: (xs: number[]) => Array.prototype.map.call(xs, (x: number) => x * 2) as number[],
    args: [xs0],
  },
  {
    name: "a list-like record",
    f: (x: number) =>
      Array.prototype.map
        .call({ length: 2, 0: x, 1: x * x }, (y: number) => y * 3)
        .reduce((a: any, b: any) => a * b),
    args: [1.3],
  },
  {
    name: "holes",
    f: (x: number) => {
      const a = [x, , x * 2];
      let n = 0;
      a.forEach(() => n++);
      return a[2]! * n;
    },
    args: [1.3],
  },
  {
    name: "concat keeps nested lists",
    f: (x: number) => ([[x]] as number[][]).concat([[x * 2, x * 3]]).map((r) => r.length * r[r.length - 1]),
    args: [1.3],
  },
];
