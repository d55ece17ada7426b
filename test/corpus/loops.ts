/** Every loop and every jump. */
import type { Entry } from "./entry.ts";

function collatzLike(x: number) {
  let steps = 0;
  let y = x;
  while (y > 1) {
    y = steps % 2 === 0 ? y / 2 : Math.sqrt(y) * 1.1;
    steps++;
    if (steps > 50) break;
  }
  return y * steps;
}

function sieveSum(x: number) {
  let sum = 0;
  outer: for (let n = 2; n < 30; n++) {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) continue outer;
    sum += x ** (n / 10);
  }
  return sum;
}

function findPair(xs: number[], target: number) {
  let best = 0;
  search: for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      if (xs[i] + xs[j] > target) {
        best = xs[i] * xs[j] ** 2;
        break search;
      }
    }
  }
  return best;
}

function labelledBlock(x: number) {
  let y = x;
  block: {
    y = y * 3;
    if (y > 2) break block;
    y = y + 100;
  }
  return y;
}

function labelledWhile(x: number) {
  let i = 0;
  let sum = x;
  again: while (i < 6) {
    i++;
    let j = 0;
    do {
      j++;
      if (j === 3) continue again;
      if (i === 5) break again;
      sum = sum * 1.1 + i * j;
    } while (j < 10);
  }
  return sum;
}

function labelledSwitch(x: number) {
  let sum = 0;
  loop: for (let i = 0; ; i++) {
    switch (i) {
      case 0:
        sum += x;
        break;
      case 1:
        sum *= x;
        continue loop;
      case 4:
        break loop;
      default:
        sum += Math.sin(sum);
    }
    sum += 1;
  }
  return sum;
}

export const loops: Entry[] = [
  {
    name: "for over indices",
    f: (xs: number[]) => {
      let s = 0;
      for (let i = 0; i < xs.length; i++) s += xs[i] * xs[i] * i;
      return s;
    },
    args: [[1, 2.5, -3]],
    second: true,
  },
  {
    name: "for downwards in steps",
    f: (xs: number[]) => {
      let s = 1;
      for (let i = xs.length - 1; i >= 0; i -= 2) s *= xs[i];
      return s;
    },
    args: [[1.5, 2, 3, 4, 0.7]],
    second: true,
  },
  {
    name: "for with two counters",
    f: (xs: number[]) => {
      let s = 0;
      for (let i = 0, j = xs.length - 1; i < j; i++, j--) s += xs[i] * xs[j];
      return s;
    },
    args: [[1, 2, 3, 4, 5]],
    second: true,
  },
  {
    name: "for with an active counter",
    f: (x: number) => {
      let s = 0;
      for (let t = x; t < 10; t += x) s += t * t;
      return s;
    },
    args: [1.7],
  },
  {
    name: "for without parts",
    f: (x: number) => {
      let n = 0;
      for (;;) {
        x = x * 0.7;
        if (++n > 4) break;
      }
      return x;
    },
    args: [3],
  },
  {
    name: "for with continue",
    f: (xs: number[]) => {
      let s = 0;
      for (let i = 0; i < xs.length; i++) {
        if (xs[i] < 0) continue;
        s += Math.sqrt(xs[i]);
      }
      return s;
    },
    args: [[1, -2, 3]],
  },
  {
    name: "for of",
    f: (xs: number[]) => {
      let p = 1;
      for (const x of xs) p *= x;
      return p;
    },
    args: [[1.5, -2, 0.3]],
    second: true,
  },
  {
    name: "for of with break",
    f: (xs: number[]) => {
      let s = 0;
      for (const x of xs) {
        if (s > 3) break;
        s += x;
      }
      return s * s;
    },
    args: [[1.5, 2, 7, 9]],
  },
  {
    name: "for of entries",
    f: (xs: number[]) => {
      let s = 0;
      for (const [i, x] of xs.entries()) s += (i + 1) * x ** 2;
      return s;
    },
    args: [[1.5, -2, 0.3]],
    second: true,
  },
  {
    name: "for of with destructuring",
    f: (points: [number, number][]) => {
      let s = 0;
      for (const [x, y] of points) s += x * y;
      return s;
    },
    args: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    name: "for of over records",
    f: (ps: { m: number; v: number }[]) => {
      let e = 0;
      for (const { m, v } of ps) e += 0.5 * m * v ** 2;
      return e;
    },
    args: [
      [
        { m: 2, v: 3 },
        { m: 0.5, v: -1 },
      ],
    ],
    second: true,
  },
  {
    name: "for of assigning to an outer variable",
    f: (xs: number[]) => {
      let x = 0;
      let s = 0;
      for (x of xs) s += x;
      return s * x;
    },
    args: [[1.5, -2, 0.3]],
  },
  {
    name: "for of assigning to a member",
    f: (xs: number[]) => {
      const o = { last: 0 };
      for (o.last of xs);
      return o.last ** 2;
    },
    args: [[1.5, -2, 0.3]],
  },
  {
    name: "for in over a record",
    f: (o: Record<string, number>) => {
      let s = 0;
      let i = 1;
      for (const key in o) s += o[key] ** 2 * i++;
      return s;
    },
    args: [{ a: 1, b: 2, c: 3 }],
  },
  {
    name: "for in over a list",
    f: (xs: number[]) => {
      let s = 0;
      for (const i in xs) s += xs[i] * Number(i);
      return s;
    },
    args: [[1, 2, 3]],
  },
  {
    name: "while",
    f: (x: number) => {
      let y = x;
      while (y < 100) y = y * y + 1;
      return y;
    },
    args: [1.3],
  },
  {
    name: "do while",
    f: (x: number) => {
      let y = x;
      do {
        y = y * 0.8 + Math.sin(y) * 0.1;
      } while (y > 1.5);
      return y;
    },
    args: [2.7],
  },
  { name: "while with a complicated end", f: collatzLike, args: [40] },
  { name: "labelled continue", f: sieveSum, args: [1.1] },
  { name: "labelled break", f: findPair, args: [[0.5, 1.2, 0.9, 2.2], 2] },
  { name: "labelled block", f: labelledBlock, args: [1.5] },
  { name: "labelled while and do", f: labelledWhile, args: [0.5] },
  { name: "break and continue in a switch in a loop", f: labelledSwitch, args: [0.5] },
  {
    name: "nested loops over a matrix",
    f: (m: number[][]) => {
      let s = 0;
      for (let i = 0; i < m.length; i++)
        for (let j = 0; j < m[i].length; j++) s += m[i][j] * (i + 2 * j) + m[i][j] ** 2;
      return s;
    },
    args: [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
  },
  {
    name: "loop-carried dependence",
    f: (x: number) => {
      let a = x;
      let b = 1;
      for (let i = 0; i < 8; i++) {
        const t = a + b / (i + 1);
        b = a;
        a = t;
      }
      return a * b;
    },
    args: [0.6],
    second: true,
  },
  {
    name: "no iteration",
    f: (x: number, n: number) => {
      let y = x;
      for (let i = 0; i > 3; i++) y *= n;
      return y;
    },
    args: [2, 3],
  },
  {
    name: "a thousand factors",
    f: (x: number) => {
      let p = 1;
      for (let i = 1; i <= 1000; i++) p *= 1 + x / (i * i);
      return p;
    },
    args: [0.7],
    second: true,
  },
  {
    name: "closures made in a loop",
    f: (x: number) => {
      const fs: (() => number)[] = [];
      for (let i = 0; i < 3; i++) fs.push(() => x ** i * i);
      return fs.reduce((s, g) => s + g(), 0);
    },
    args: [1.7],
  },
  {
    name: "closures over an active loop variable",
    f: (x: number) => {
      const fs: (() => number)[] = [];
      for (let t = x; t < 4; t += x) fs.push(() => t * t);
      return fs.map((g) => g()).reduce((a, b) => a + b);
    },
    args: [1.2],
  },
  {
    name: "var in loops",
    f: (x: number) => {
      var s = 0;
      for (var i = 0; i < 3; i++) {
        var y = x * i;
        s += y;
      }
      return s * y! * i;
    },
    args: [1.2],
  },
  {
    name: "sum until it converges",
    f: (x: number) => {
      let term = 1;
      let sum = 1;
      for (let n = 1; Math.abs(term) > 1e-18; n++) {
        term *= x / n;
        sum += term;
      }
      return sum;
    },
    args: [0.8],
  },
  {
    name: "an index from an active comparison",
    f: (xs: number[]) => {
      let best = 0;
      for (let i = 1; i < xs.length; i++) if (xs[i] > xs[best]) best = i;
      return xs[best] ** 2;
    },
    args: [[1, 5, 3]],
  },
  {
    name: "an index from a step function",
    f: (x: number, table: number[]) => {
      const i = Math.floor(x);
      const t = x - i;
      return table[i] * (1 - t) + table[i + 1] * t;
    },
    args: [1.3, [1, 4, 9, 16]],
  },
  {
    name: "bisection",
    f: (c: number) => {
      let lo = 0;
      let hi = c;
      for (let i = 0; i < 40; i++) {
        const mid = (lo + hi) / 2;
        if (mid * mid < 2) lo = mid;
        else hi = mid;
      }
      return lo;
    },
    args: [2.5],
  },
  {
    name: "a loop over passive text",
    f: (x: number, text: string) => {
      let y = 0;
      for (const letter of text) y = y * x + (letter === "a" ? 1 : 2);
      return y;
    },
    args: [1.5, "abba"],
  },
];
