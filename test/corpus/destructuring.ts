/** Destructuring and spread, wherever they may stand. */
import type { Entry } from "./entry.ts";

function polar(
  [x, y]: readonly [number, number],
  { scale = 1, shift: { by = 0.5 } = {} }: { scale?: number; shift?: { by?: number } } = {},
) {
  return Math.hypot(x, y) * scale + Math.atan2(y, x) * by;
}

function sorted3([a, b, c]: number[]) {
  if (a > b) [a, b] = [b, a];
  if (b > c) [b, c] = [c, b];
  if (a > b) [a, b] = [b, a];
  return a + 10 * b + 100 * c;
}

function gcdLike(x: number, y: number) {
  let [a, b] = [x, y];
  for (let i = 0; i < 4; i++) [a, b] = [b, a % b];
  return a;
}

function divmod(x: number, y: number) {
  const q = Math.floor(x / y);
  return { q, r: x - q * y };
}

export const destructuring: Entry[] = [
  {
    name: "list pattern in a declaration",
    f: (v: number[]) => {
      const [a, b, c] = v;
      return a * b + c;
    },
    args: [[1.5, 2, 3]],
    second: true,
  },
  {
    name: "list pattern with holes and rest",
    f: (v: number[]) => {
      const [a, , b, ...rest] = v;
      return a * b + rest.reduce((s, x) => s * x, a);
    },
    args: [[1.5, 2, 3, 4, 5]],
  },
  {
    name: "record pattern with renaming and rest",
    f: (o: { a: number; b: number; c: number; d: number }) => {
      const { a: first, b, ...others } = o;
      return first * b + others.c * others.d ** 2 + Object.keys(others).length;
    },
    args: [{ a: 1.5, b: 2, c: 3, d: 0.5 }],
  },
  {
    name: "nested patterns",
    f: (o: { p: { x: number; q: [number, { z: number }] } }) => {
      const {
        p: {
          x,
          q: [y, { z }],
        },
      } = o;
      return x * y * z + x;
    },
    args: [{ p: { x: 1.5, q: [2, { z: 3 }] } }],
  },
  {
    name: "defaults in patterns",
    f: (x: number) => {
      const [a = x, b = a * 2, c = 7] = [undefined, undefined, x * 3] as (number | undefined)[];
      const { d = a + b, e = 1 } = { e: x } as { d?: number; e?: number };
      return a * b * c + d * e;
    },
    args: [1.2],
    second: true,
  },
  { name: "patterns in parameters", f: polar, args: [[1.2, 0.7], { scale: 2, shift: { by: 3 } }] },
  {
    name: "patterns in parameters, defaults taken",
    f: (x: number, y: number) => polar([x, y]) + polar([y, x], { scale: x }) + polar([x, x], { shift: {} }),
    args: [1.2, 0.7],
    second: true,
  },
  { name: "swaps", f: sorted3, args: [[3.5, 1.5, 2.5]] },
  { name: "swap in a loop", f: gcdLike, args: [7.3, 3.1] },
  {
    name: "swap of elements",
    f: (xs: number[]) => {
      const v = [...xs];
      [v[0], v[2]] = [v[2] * 2, v[0]];
      return v[0] + v[1] * v[2] ** 2;
    },
    args: [[1.5, 2, 3]],
  },
  {
    name: "assignment pattern to members",
    f: (x: number, y: number) => {
      const o = { a: 0, l: [0, 0] };
      ({ a: o.a, b: o.l[1] } = { a: x, b: y });
      [o.l[0]] = [x * y];
      return o.a * o.l[0] + o.l[1];
    },
    args: [1.2, 0.7],
  },
  {
    name: "assignment pattern as a value",
    f: (x: number) => {
      let a: number;
      let b: number;
      const all = ([a, b] = [x, x * 2]);
      return a * b + all[1];
    },
    args: [1.2],
  },
  {
    name: "assignment pattern with defaults and rest",
    f: (v: number[]) => {
      let a = 0;
      let b = 0;
      let rest: number[] = [];
      [a = 5, b = 7, ...rest] = v;
      [, b = a] = [1];
      return a * b + rest.length * rest[0];
    },
    args: [[1.2, 3, 4]],
  },
  {
    name: "results of a function",
    f: (x: number, y: number) => {
      const { q, r } = divmod(x, y);
      return q * r + r ** 2;
    },
    args: [7.3, 2.2],
  },
  {
    name: "several lists at once",
    f: (a: number[], b: number[]) => {
      const [[a0, a1], [b0, b1]] = [a, b];
      return a0 * b1 - a1 * b0;
    },
    args: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    name: "computed keys",
    f: (o: Record<string, number>, key: string) => {
      const { [key]: a, ["q" + 1]: b = 2 } = o;
      return a * b;
    },
    args: [{ p: 1.5, q1: 3 }, "p"],
  },
  {
    name: "spread into a list",
    f: (xs: number[], y: number) => [...xs, y, ...xs.slice(1), y * 2].reduce((s, x, i) => s + x * i, 0),
    args: [[1, 2, 3], 0.5],
  },
  {
    name: "spread into a record",
    f: (o: { a: number; b: number }, x: number) => {
      const p = { ...o, b: x, ...{ c: x * 2 } };
      return p.a * p.b * p.c + o.b;
    },
    args: [{ a: 1.5, b: 2 }, 0.7],
  },
  {
    name: "spread into a call",
    f: (xs: number[]) =>
      Math.max(...xs) +
      Math.hypot(...xs, 1) +
      ((a: number, b: number, ...c: number[]) => a * b + c[0])(...(xs as [number, number, number])),
    args: [[1.5, 2, 3]],
  },
  {
    name: "spread of a string and a set",
    f: (x: number) => [..."ab", ...new Set([1, 1, 2])].length * x,
    args: [1.5],
  },
  {
    name: "pattern in catch",
    f: (x: number) => {
      try {
        throw { value: x * 2, list: [x, 3] };
      } catch ({ value, list: [a, b] }: any) {
        return value * a + b;
      }
    },
    args: [1.5],
  },
  {
    name: "pattern in for",
    f: (x: number) => {
      let s = 0;
      for (let [a, b] = [x, 1]; b < 4; [a, b] = [a * 1.5, b + 1]) s += a * b;
      return s;
    },
    args: [1.5],
  },
  {
    name: "pattern over a map's entries",
    f: (o: Record<string, number>) => {
      let s = 0;
      for (const [k, v] of Object.entries(o)) s += k.length * v * v;
      return s;
    },
    args: [{ a: 1.5, bb: 2, ccc: 3 }],
  },
  {
    name: "parameters that are patterns in callbacks",
    f: (ps: { x: number; w?: number }[]) =>
      ps.map(({ x, w = 2 }, i) => x * w * (i + 1)).reduce((a, b) => a + b),
    args: [[{ x: 1.5 }, { x: 2, w: 0.5 }]],
  },
  {
    name: "shorthand records",
    f: (x: number) => {
      const y = x * 2;
      const o = { x, y, z: { x, y } };
      return o.x * o.y + o.z.x * o.z.y;
    },
    args: [1.5],
  },
  {
    name: "pattern with a generator",
    f: (x: number) => {
      function* powers() {
        for (let p = x; ; p *= x) yield p;
      }
      const [a, b, , d] = powers();
      return a + b * d;
    },
    args: [1.5],
  },
  {
    name: "default that calls",
    f: (x: number) => {
      const make = () => x * 5;
      const { a = make(), b = make() } = { a: x } as { a?: number; b?: number };
      return a * b;
    },
    args: [1.5],
  },
];
