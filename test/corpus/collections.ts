/** Map, Set, WeakMap, symbols, and the functions of Object and Reflect. */
import type { Entry } from "./entry.ts";

const secret = Symbol("secret");
const xs0 = [1.5, -2, 0.7, 3];

export const collections: Entry[] = [
  {
    name: "a map of sums",
    f: (xs: number[]) => {
      const m = new Map<string, number>();
      for (const x of xs) {
        const k = x > 0 ? "plus" : "minus";
        m.set(k, (m.get(k) ?? 0) + x * x);
      }
      return m.get("plus")! / m.get("minus")!;
    },
    args: [xs0],
  },
  {
    name: "a map from pairs, iterated",
    f: (x: number) => {
      const m = new Map([
        ["a", x],
        ["b", x * x],
      ]);
      let s = 0;
      for (const [k, v] of m) s += v * (k === "a" ? 2 : 3);
      m.forEach((v, k) => {
        s += v * k.length;
      });
      for (const v of m.values()) s *= v;
      return s * m.size;
    },
    args: [1.3],
  },
  {
    name: "a map spread and mapped",
    f: (x: number) =>
      [
        ...new Map([
          [1, x],
          [2, x ** 2],
        ]),
      ]
        .map(([k, v]) => k * v)
        .reduce((a, b) => a * b),
    args: [1.3],
    second: true,
  },
  {
    name: "a map changed",
    f: (x: number) => {
      const m = new Map<number, number>();
      m.set(1, x)
        .set(2, x * 2)
        .set(1, x * 3);
      m.delete(2);
      return m.get(1)! * (m.has(2) ? 100 : 1) * (m.get(2) ?? x);
    },
    args: [1.3],
  },
  {
    name: "a map of lists",
    f: (ps: { k: string; v: number }[]) => {
      const m = new Map<string, number[]>();
      for (const { k, v } of ps) {
        const l = m.get(k);
        if (l) l.push(v);
        else m.set(k, [v]);
      }
      return [...m.values()].map((l) => l.reduce((a, b) => a * b));
    },
    args: [
      [
        { k: "a", v: 2 },
        { k: "b", v: 3 },
        { k: "a", v: 5 },
      ],
    ],
  },
  {
    name: "a map by objects",
    f: (x: number) => {
      const a = {};
      const b = {};
      const m = new Map<object, number>([
        [a, x],
        [b, 2],
      ]);
      return m.get(a)! ** m.get(b)!;
    },
    args: [1.3],
  },
  {
    name: "Object.fromEntries of a map",
    f: (x: number) => {
      const o = Object.fromEntries(
        new Map([
          ["p", x],
          ["q", x * x],
        ]),
      );
      return o.p * o.q;
    },
    args: [1.3],
  },
  {
    name: "a memo in a map",
    f: (x: number) => {
      const memo = new Map<number, number>();
      const c = (n: number): number => {
        if (n < 2) return x;
        const known = memo.get(n);
        if (known !== undefined) return known;
        const v = c(n - 1) * 0.5 + c(n - 2) * x;
        memo.set(n, v);
        return v;
      };
      return c(12);
    },
    args: [0.9],
    second: true,
  },
  {
    name: "a set of passives",
    f: (x: number) => {
      const s = new Set([1, 2, 2, 3]);
      let y = x;
      for (const k of s) y = y * k + x;
      return s.has(2) ? y : 0;
    },
    args: [1.3],
  },
  {
    name: "a set of objects",
    f: (x: number) => {
      const a = { v: x };
      const s = new Set([a, a, { v: 2 }]);
      return [...s].reduce((t, o) => t * o.v, s.size);
    },
    args: [1.3],
  },
  {
    name: "a set of actives, summed",
    f: (xs: number[]) => {
      let t = 0;
      for (const x of new Set(xs.map((x) => x * 2))) t += x * x;
      return t;
    },
    args: [xs0],
  },
  {
    name: "a weak map",
    f: (x: number) => {
      const w = new WeakMap<object, number>();
      const k = {};
      w.set(k, x * x);
      return w.has(k) ? w.get(k)! * x : 0;
    },
    args: [1.3],
  },
  {
    name: "private data in a weak map",
    f: (x: number) => {
      const data = new WeakMap<object, { v: number }>();
      class P {
        constructor(v: number) {
          data.set(this, { v });
        }
        grow() {
          data.get(this)!.v *= x;
          return this;
        }
        get v() {
          return data.get(this)!.v;
        }
      }
      return new P(x).grow().grow().v;
    },
    args: [1.3],
  },
  {
    name: "symbol keys",
    f: (x: number) => {
      const o = { [secret]: x, y: 2, [Symbol.for("z")]: x * 2 } as any;
      o[secret] *= o.y;
      return o[secret] * o[Symbol.for("z")] + Object.keys(o).length;
    },
    args: [1.3],
  },
  {
    name: "Object.entries and fromEntries",
    f: (o: Record<string, number>) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k + k, v * v])),
    args: [{ a: 1.5, b: 2 }],
  },
  {
    name: "Object.values and keys",
    f: (o: Record<string, number>) =>
      Object.values(o).reduce((s, v) => s + v ** 3, 0) * Object.keys(o).length,
    args: [{ a: 1.5, b: 2 }],
    second: true,
  },
  {
    name: "Object.assign",
    f: (x: number) => {
      const o = Object.assign({ a: 1, b: x }, { b: x * x, c: 3 }, null as any, { d: x });
      return o.a + o.b * o.c * o.d;
    },
    args: [1.3],
  },
  {
    name: "Object.create and prototypes",
    f: (x: number) => {
      const proto = {
        k: x,
        twice() {
          return this.k * 2;
        },
      };
      const o = Object.create(proto) as typeof proto;
      const before = o.twice();
      o.k = x * x;
      return before + o.twice() * proto.k + (Object.hasOwn(o, "k") ? x : 0);
    },
    args: [1.3],
  },
  {
    name: "Object.defineProperty with a value",
    f: (x: number) => {
      const o = Object.defineProperty({} as { v: number }, "v", { value: x * x, enumerable: true });
      return o.v * Object.values(o)[0];
    },
    args: [1.3],
  },
  {
    name: "getOwnPropertyDescriptor",
    f: (x: number) => {
      const o = {
        v: x * x,
        get w() {
          return this.v * x;
        },
      };
      const d = Object.getOwnPropertyDescriptor(o, "v")!;
      return d.value * Object.getOwnPropertyDescriptor(o, "w")!.get!.call(o);
    },
    args: [1.3],
  },
  {
    name: "Object.freeze and isFrozen",
    f: (x: number) => {
      const o = Object.freeze({ v: x });
      return Object.isFrozen(o) ? o.v ** 2 : 0;
    },
    args: [1.3],
  },
  {
    name: "Reflect",
    f: (x: number) => {
      const o: Record<string, number> = {};
      Reflect.set(o, "v", x * 2);
      Reflect.defineProperty(o, "w", { value: x, enumerable: true });
      return Reflect.get(o, "v") * Reflect.ownKeys(o).length * Reflect.apply(Math.max, null, [o.w, 0.1]);
    },
    args: [1.3],
  },
  {
    name: "delete of a member",
    f: (x: number) => {
      const o: { a?: number; b: number } = { a: x, b: x * x };
      delete o.a;
      return (o.a ?? 3) * o.b + ("a" in o ? 100 : 0);
    },
    args: [1.3],
  },
  {
    name: "a graph and shortest paths",
    f: (w: number[]) => {
      const edges: [string, string, number][] = [
        ["a", "b", w[0]],
        ["a", "c", w[1]],
        ["b", "d", w[2]],
        ["c", "d", w[3]],
      ];
      const dist = new Map<string, number>([["a", 0]]);
      for (let k = 0; k < 4; k++)
        for (const [u, v, d] of edges) {
          const through = (dist.get(u) ?? Infinity) + d;
          if (through < (dist.get(v) ?? Infinity)) dist.set(v, through);
        }
      return dist.get("d")! ** 2;
    },
    args: [[1.1, 0.5, 0.2, 0.9]],
  },
  {
    name: "topological evaluation",
    f: (x: number, y: number) => {
      const nodes = new Map<string, { deps: string[]; op: (...v: number[]) => number }>([
        ["s", { deps: ["p", "x"], op: (p, a) => p + Math.sin(a) }],
        ["p", { deps: ["x", "y"], op: (a, b) => a * b }],
      ]);
      const values = new Map([
        ["x", x],
        ["y", y],
      ]);
      const visit = (n: string): number => {
        if (!values.has(n)) {
          const { deps, op } = nodes.get(n)!;
          values.set(n, op(...deps.map(visit)));
        }
        return values.get(n)!;
      };
      return visit("s") * visit("p");
    },
    args: [1.3, 0.4],
    second: true,
  },
  {
    name: "a linked list",
    f: (xs: number[]) => {
      type Node = { v: number; next: Node | null };
      let head: Node | null = null;
      for (const v of xs) head = { v, next: head };
      let s = 0;
      let k = 1;
      for (let n = head; n; n = n.next) s += n.v ** 2 * k++;
      return s;
    },
    args: [xs0],
  },
  {
    name: "a binary search tree",
    f: (xs: number[]) => {
      type T = { v: number; l?: T; r?: T };
      const insert = (t: T | undefined, v: number): T =>
        t === undefined ? { v } : v < t.v ? { ...t, l: insert(t.l, v) } : { ...t, r: insert(t.r, v) };
      const walk = (t?: T): number[] => (t ? [...walk(t.l), t.v, ...walk(t.r)] : []);
      return walk(xs.reduce<T | undefined>(insert, undefined)).reduce((s, v, i) => s + v * i, 0);
    },
    args: [xs0],
  },
  {
    name: "a heap",
    f: (xs: number[]) => {
      const h: number[] = [];
      const push = (v: number) => {
        h.push(v);
        let i = h.length - 1;
        while (i > 0 && h[i] < h[(i - 1) >> 1]) {
          const p = (i - 1) >> 1;
          [h[i], h[p]] = [h[p], h[i]];
          i = p;
        }
      };
      xs.forEach(push);
      return h[0] * 10 + h[1] * h[2];
    },
    args: [xs0],
  },
];
