/** Float64Array in place of lists. */
import type { Entry } from "./entry.ts";

const v = () => Float64Array.of(1.5, -2, 0.7, 3);

// what a loop or callback writes to the elements that follow is read when their turn comes
const ahead = (a: Float64Array, i: number, x: number) => {
  if (i + 1 < a.length) a[i + 1] += x * a[0];
  return x;
};
const walkers: Record<string, (a: Float64Array) => unknown> = {
  "a for of": (a) => {
    let [s, i] = [0, 0];
    for (const x of a) s += ahead(a, i++, x);
    return s;
  },
  entries: (a) => {
    let s = 0;
    for (const [i, x] of a.entries()) s += ahead(a, i, x);
    return s;
  },
  values: (a) => {
    let [s, i] = [0, 0];
    for (const x of a.values()) s += ahead(a, i++, x);
    return s;
  },
  forEach: (a) => {
    let s = 0;
    a.forEach((x, i) => {
      s += ahead(a, i, x);
    });
    return s;
  },
  map: (a) => a.map((x, i) => ahead(a, i, x) * 2),
  filter: (a) => a.filter((x, i) => ahead(a, i, x) > 1),
  reduce: (a) => a.reduce((s, x, i) => s + ahead(a, i, x), 0),
  "reduce without a first value": (a) => a.reduce((s, x, i) => s * ahead(a, i, x)),
  reduceRight: (a) =>
    a.reduceRight((s, x, i) => {
      if (i > 0) a[i - 1] += x * s;
      return s + x;
    }, 1),
  find: (a) => {
    let s = 0;
    const found = a.find((x, i) => {
      s += ahead(a, i, x);
      return x > 4;
    });
    return s * (found ?? 2);
  },
};
const walks: Entry[] = Object.entries(walkers).flatMap(([name, f]) => [
  { name: `${name} that writes ahead`, f, args: [v()] },
  {
    name: `${name} that writes ahead to what was constant`,
    f: (x: number) => {
      const a = Float64Array.of(1, 2, 3);
      a[0] = x;
      return f(a);
    },
    args: [1.3],
  },
  {
    name: `${name} that brings the first traced value`,
    f: (x: number) => {
      const a = Float64Array.of(1, 2, 3);
      a.some((e, i) => {
        a[(i + 1) % 3] = e * x;
        return i === 1;
      });
      return f(a);
    },
    args: [1.3],
  },
]);

export const typedArrays: Entry[] = [
  {
    name: "a typed argument",
    f: (a: Float64Array) => {
      let s = 0;
      for (let i = 0; i < a.length; i++) s += a[i] ** 2 * (i + 1);
      return s;
    },
    args: [v()],
    second: true,
  },
  {
    name: "for of",
    f: (a: Float64Array) => {
      let s = 1;
      for (const x of a) s *= x;
      return s;
    },
    args: [v()],
  },
  {
    name: "map, filter, reduce",
    f: (a: Float64Array) =>
      a
        .map((x) => x * x)
        .filter((x) => x > 1)
        .reduce((s, x) => s + x),
    args: [v()],
  },
  { name: "a typed result", f: (a: Float64Array) => a.map((x, i) => x * a[(i + 1) % a.length]), args: [v()] },
  {
    name: "made inside",
    f: (x: number) => {
      const a = new Float64Array(3);
      a[0] = x;
      a[1] = a[0] * x;
      a[2] += a[1] * 2;
      return a[0] + a[1] * a[2];
    },
    args: [1.3],
    second: true,
  },
  {
    name: "from a list and back",
    f: (xs: number[]) =>
      Array.from(Float64Array.from(xs))
        .concat([...new Float64Array(xs)])
        .reduce((s, x, i) => s + x * i, 0),
    args: [[1.5, 2, 3]],
  },
  {
    name: "from with a map",
    f: (x: number) => Float64Array.from({ length: 4 }, (_, i) => x ** i).reduce((a, b) => a + b),
    args: [1.3],
  },
  {
    name: "of",
    f: (x: number, y: number) => Float64Array.of(x, y, x * y)[2] * Float64Array.of(x)[0],
    args: [1.3, 0.5],
  },
  {
    name: "set, slice, subarray",
    f: (a: Float64Array) => {
      const b = new Float64Array(6);
      b.set(a, 1);
      const view = b.subarray(1, 4);
      const copy = b.slice(1, 4);
      view[0] *= 2;
      copy[1] *= 100;
      return b[1] * view[1] + copy[1] * b[2];
    },
    args: [v()],
  },
  {
    name: "overlapping set",
    f: (a: Float64Array) => {
      const b = a.slice();
      b.set(b.subarray(0, 3), 1);
      return b;
    },
    args: [v()],
  },
  {
    name: "fill and copyWithin",
    f: (x: number) => {
      const a = new Float64Array(5).fill(x, 1, 3);
      a[4] = x * x;
      a.copyWithin(0, 3);
      return a;
    },
    args: [1.3],
  },
  {
    name: "sort is by number",
    f: (a: Float64Array) =>
      a
        .slice()
        .sort()
        .map((x, i) => x * i),
    args: [Float64Array.of(10, 9, 1.5, -2, 100)],
  },
  {
    name: "sort with a comparator, reverse",
    f: (a: Float64Array) =>
      a
        .slice()
        .sort((p, q) => q - p)
        .reverse()
        .map((x, i) => x * i),
    args: [v()],
  },
  { name: "toSorted, toReversed", f: (a: Float64Array) => a.toSorted().toReversed()[0] * a[0], args: [v()] },
  {
    name: "find, some, every, at",
    f: (a: Float64Array) =>
      a.find((x) => x < 1)! * a.at(-1)! +
      (a.some((x) => x > 2) && a.every((x) => x < 10) ? a[0] : 0) +
      a.findIndex((x) => x > 2) * a[1],
    args: [v()],
  },
  {
    name: "forEach, entries",
    f: (a: Float64Array) => {
      let s = 0;
      a.forEach((x, i) => {
        s += x * i;
      });
      for (const [i, x] of a.entries()) s += i * x * x;
      return s;
    },
    args: [v()],
  },
  {
    name: "the argument is written to",
    f: (a: Float64Array) => {
      a[0] = a[1] * a[2];
      a[1] **= 2;
      a[2]++;
      return a[0] * a[1] * a[2];
    },
    args: [v()],
  },
  {
    name: "beside lists and records",
    f: (o: { w: Float64Array; b: number }, xs: number[]) => {
      let s = o.b;
      xs.forEach((x, i) => {
        s += x * o.w[i];
      });
      return Math.tanh(s);
    },
    args: [{ w: Float64Array.of(0.5, -0.3), b: 0.1 }, [1, 2]],
    second: true,
  },
  {
    name: "destructured and spread",
    f: (a: Float64Array) => {
      const [p, , ...rest] = a;
      return p * rest[0] + Math.max(...a) * [...a].length;
    },
    args: [v()],
  },
  {
    name: "axpy in place",
    f: (k: number, x: Float64Array, y: Float64Array) => {
      for (let i = 0; i < x.length; i++) y[i] += k * x[i];
      return y;
    },
    args: [1.3, Float64Array.of(1, 2), Float64Array.of(3, 4)],
  },
  {
    name: "a matrix in one array",
    f: (m: Float64Array, x: Float64Array) => {
      const n = x.length;
      const y = new Float64Array(n);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) y[i] += m[i * n + j] * x[j];
      return y;
    },
    args: [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6)],
  },
  {
    name: "passive integer indices",
    f: (a: Float64Array) => {
      const order = Int32Array.of(2, 0, 1);
      let s = 0;
      for (let i = 0; i < 3; i++) s += a[order[i]] * (i + 1);
      return s;
    },
    args: [v()],
  },
  {
    name: "passive weights in single precision",
    f: (a: Float64Array) => {
      const w = Float32Array.of(0.5, 2, 0.25);
      return a[0] * w[0] + a[1] * w[1] * w[2];
    },
    args: [v()],
  },
  ...walks,
];
