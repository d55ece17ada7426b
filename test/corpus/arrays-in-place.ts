/** Lists that are written to. */
import type { Entry } from "./entry.ts";

const xs0 = [1.5, -2, 0.7, 3];

function quicksort(a: number[], lo = 0, hi = a.length - 1) {
  if (lo >= hi) return a;
  const pivot = a[(lo + hi) >> 1];
  let i = lo;
  let j = hi;
  while (i <= j) {
    while (a[i] < pivot) i++;
    while (a[j] > pivot) j--;
    if (i <= j) {
      [a[i], a[j]] = [a[j], a[i]];
      i++;
      j--;
    }
  }
  quicksort(a, lo, j);
  quicksort(a, i, hi);
  return a;
}

function prefix(a: number[]) {
  for (let i = 1; i < a.length; i++) a[i] += a[i - 1];
}

function heat(u: number[], steps: number) {
  for (let s = 0; s < steps; s++) {
    const old = u.slice();
    for (let i = 1; i < u.length - 1; i++) u[i] = old[i] + 0.2 * (old[i - 1] - 2 * old[i] + old[i + 1]);
  }
  return u;
}

export const arraysInPlace: Entry[] = [
  {
    name: "elements assigned",
    f: (xs: number[]) => {
      const y = [0, 0, 0];
      y[0] = xs[0];
      y[2] = xs[1] * y[0];
      y[0] = y[2] * 2;
      return y;
    },
    args: [xs0],
  },
  {
    name: "the argument is written to",
    f: (xs: number[]) => {
      xs[0] = xs[1] * xs[2];
      xs[1] *= 2;
      return xs[0] * xs[1];
    },
    args: [xs0],
  },
  {
    name: "prefix sums in place",
    f: (xs: number[]) => {
      prefix(xs);
      prefix(xs);
      return xs.map((x) => x * x);
    },
    args: [xs0],
  },
  {
    name: "quicksort in place",
    f: (xs: number[]) => quicksort(xs).reduce((s, x, i) => s + x * (i + 1), 0),
    args: [[3, 1.5, 2, -1, 0.5]],
  },
  {
    name: "bubble sort",
    f: (xs: number[]) => {
      const a = [...xs];
      for (let i = 0; i < a.length; i++)
        for (let j = 0; j + 1 < a.length; j++)
          if (a[j] > a[j + 1]) {
            const t = a[j];
            a[j] = a[j + 1];
            a[j + 1] = t;
          }
      return a;
    },
    args: [xs0],
  },
  {
    name: "sort in place",
    f: (xs: number[]) => {
      xs.sort((a, b) => a - b);
      return xs[0] * 2 + xs[3] * 3;
    },
    args: [xs0],
  },
  {
    name: "reverse in place",
    f: (xs: number[]) => {
      xs.reverse();
      return xs[0] - 2 * xs[1];
    },
    args: [xs0],
  },
  {
    name: "push and pop",
    f: (x: number) => {
      const s: number[] = [];
      s.push(x, x * 2);
      s.push(s.pop()! * s.pop()!);
      return s.pop()!;
    },
    args: [1.3],
  },
  {
    name: "shift and unshift",
    f: (x: number) => {
      const s = [1, x];
      s.unshift(x * x, 3);
      const a = s.shift()!;
      return a * s.length + s.shift()! * s[1];
    },
    args: [1.3],
  },
  {
    name: "splice",
    f: (xs: number[]) => {
      const removed = xs.splice(1, 2, xs[0] * 5, 1, 2);
      return removed[0] * removed[1] + xs[1] * xs[4] + xs.length;
    },
    args: [xs0],
  },
  {
    name: "copyWithin",
    f: (xs: number[]) => {
      const a = [...xs];
      a.copyWithin(0, 2);
      a.copyWithin(3, 1, 2);
      return a;
    },
    args: [xs0],
  },
  {
    name: "fill the argument",
    f: (xs: number[], y: number) => {
      xs.fill(y * y, 1, 3);
      return xs.reduce((a, b) => a * b);
    },
    args: [xs0, 1.1],
  },
  {
    name: "a literal filled in part",
    f: (x: number, y: number) => {
      const a = [x, y];
      a.fill(x * y, 1, 2);
      return a[1] * a[0];
    },
    args: [1.3, 0.7],
  },
  {
    name: "a copy written over by a loop",
    f: (xs: number[], y: number) => {
      const a = xs.slice();
      for (let k = 0; k < a.length; k++) a[k] = y * k;
      return a[0] + a[1] * y + a[3] * xs[0];
    },
    args: [xs0, 1.1],
  },
  {
    name: "a copy written over in part",
    f: (xs: number[], y: number) => {
      const a = [...xs];
      for (let k = 0; k < 2; k++) a[k] = y * k;
      return a[0] + a[1] * y + a[2] * xs[0];
    },
    args: [xs0, 1.1],
  },
  {
    name: "two buffers that change places",
    f: (xs: number[], y: number) => {
      let a = xs.slice();
      let b = [0, 0, 0, 0];
      for (let t = 0; t < 3; t++) {
        for (let i = 0; i < 4; i++) b[i] = a[i] + 0.1 * y * a[(i + 1) % 4];
        const c = a;
        a = b;
        b = c;
      }
      return a[0] * b[1];
    },
    args: [xs0, 1.1],
  },
  {
    name: "three buffers in turns",
    f: (xs: number[], y: number) => {
      let [a, b, c] = [xs.slice(), xs.map((x) => x * y), [1, y, 2, 3]];
      for (let t = 0; t < 4; t++) {
        for (let i = 0; i < 4; i++) c[i] = a[i] * 0.5 + b[i] * c[i] * y;
        [a, b, c] = [b, c, a];
      }
      return a[0] + b[1] * c[2];
    },
    args: [xs0, 1.1],
  },
  {
    name: "length set to zero",
    f: (xs: number[]) => {
      const a = xs.slice();
      const s = a[0] * a[1];
      a.length = 0;
      a.push(s);
      return a[0] * a.length;
    },
    args: [xs0],
  },
  {
    name: "elements incremented",
    f: (xs: number[]) => {
      const a = [...xs];
      a[0]++;
      ++a[1];
      const before = a[2]--;
      return a[0] * a[1] * a[2] + before;
    },
    args: [xs0],
  },
  {
    name: "compound assignment with a changing index",
    f: (xs: number[]) => {
      const a = [...xs];
      let i = 0;
      a[i++] += a[i] * 2;
      a[i++] **= 2;
      a[i] -= a[i - 1];
      return a.map((x, k) => x * (k + 1));
    },
    args: [xs0],
  },
  {
    name: "aliases of one list",
    f: (x: number) => {
      const a = [x, 2];
      const b = a;
      b[0] = x * x;
      a[1] += b[0];
      return b[1] * a[0];
    },
    args: [1.3],
  },
  {
    name: "rows are shared",
    f: (x: number) => {
      const row = [x, 1];
      const m = [row, row];
      m[0][1] = x * 3;
      return m[1][1] * m[1][0];
    },
    args: [1.3],
  },
  {
    name: "heat equation in place",
    f: (u: number[]) => heat(u, 5).reduce((s, x) => s + x * x, 0),
    args: [[0, 1, 3, 2, 0.5]],
    second: true,
  },
  {
    name: "dynamic programming",
    f: (w: number[]) => {
      const best = new Array<number>(w.length + 1).fill(0);
      for (let i = 0; i < w.length; i++) best[i + 1] = Math.max(best[i], (i > 0 ? best[i - 1] : 0) + w[i]);
      return best[w.length];
    },
    args: [[2, 3.5, 1, 4, 0.2]],
  },
  {
    name: "edit distance with costs",
    f: (costs: number[]) => {
      const [a, b] = ["kitten", "sitting"];
      const d = Array.from({ length: a.length + 1 }, (_, i) =>
        Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j * costs[0] : j === 0 ? i * costs[1] : 0)),
      );
      for (let i = 1; i <= a.length; i++)
        for (let j = 1; j <= b.length; j++)
          d[i][j] = Math.min(
            d[i - 1][j] + costs[1],
            d[i][j - 1] + costs[0],
            d[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : costs[2]),
          );
      return d[a.length][b.length];
    },
    args: [[1.01, 1.2, 1.5]],
  },
  {
    name: "a queue",
    f: (x: number) => {
      const q = [x];
      let s = 0;
      while (q.length > 0 && q.length < 20) {
        const y = q.shift()!;
        s += y;
        if (y < 20) q.push(y * 2, y * 3);
      }
      return s;
    },
    args: [1.3],
  },
  {
    name: "matrix written row by row",
    f: (x: number, y: number) => {
      const m: number[][] = [];
      for (let i = 0; i < 3; i++) {
        m[i] = [];
        for (let j = 0; j < 3; j++)
          m[i][j] = i === 0 || j === 0 ? x * i + y * j + 1 : m[i - 1][j] * m[i][j - 1];
      }
      return m[2][2];
    },
    args: [0.4, 0.3],
    second: true,
  },
  {
    name: "rotation in place",
    f: (v: number[], angle: number) => {
      for (let k = 0; k < 3; k++) {
        const c = Math.cos(angle * (k + 1));
        const s = Math.sin(angle);
        [v[0], v[1]] = [c * v[0] - s * v[1], s * v[0] + c * v[1]];
      }
      return v;
    },
    args: [[1.2, 0.4], 0.3],
  },
  {
    name: "delete an element",
    f: (xs: number[]) => {
      const a: (number | undefined)[] = [...xs];
      delete a[1];
      return (a[1] ?? 5) * a[0]!;
    },
    args: [xs0],
  },
  {
    name: "overwritten before it is read",
    f: (xs: number[]) => {
      xs[0] = 5;
      return xs[0] * xs[1];
    },
    args: [[1, 2]],
  },
  { name: "out of bounds is undefined", f: (xs: number[]) => (xs[9] ?? 2) * xs[0], args: [[1.5]] },
  {
    name: "nested records changed",
    f: (o: { p: { x: number }; l: number[] }) => {
      o.p.x *= 2;
      o.l[0] += o.p.x;
      o.l.push(o.p.x * o.l[0]);
      return o.l[o.l.length - 1];
    },
    args: [{ p: { x: 1.5 }, l: [0.5] }],
  },
];
