/** Arguments and results of every shape; effects; arguments that are written to. */
import { type Entry, note } from "./entry.ts";

export const shapes: Entry[] = [
  {
    name: "a record in, a record out",
    f: ({ x, y }: { x: number; y: number }) => ({ sum: x + y, product: x * y }),
    args: [{ x: 1.5, y: 2 }],
  },
  {
    name: "nested out",
    f: (x: number) => ({ a: [x, [x * x]], b: { c: Math.sin(x), d: [{ e: x ** 3 }] } }),
    args: [1.3],
  },
  { name: "a list out", f: (x: number, y: number) => [x * y, x / y, 7, x], args: [1.5, 2] },
  {
    name: "the same value twice",
    f: (x: number) => {
      const y = x * x;
      return [y, y, y * 2];
    },
    args: [1.5],
  },
  {
    name: "the same list twice",
    f: (x: number) => {
      const l = [x, x * x];
      return { l, again: l };
    },
    args: [1.5],
  },
  {
    name: "an input passed through",
    f: (v: number[], x: number) => ({ v, y: v[0] * x }),
    args: [[1.5, 2], 3],
  },
  { name: "constants among the outputs", f: (x: number) => [1, x, 2], args: [1.5] },
  { name: "no dependence", f: (_v: number[]) => [1, 2], args: [[1.5, 2]] },
  {
    name: "text and switches among the arguments",
    f: (o: { x: number; mode: string; on: boolean; g: ((y: number) => number) | null }) =>
      (o.on && o.mode === "sq" ? o.x ** 2 : o.x) * (o.g?.(o.x) ?? 1),
    args: [{ x: 1.5, mode: "sq", on: true, g: (y: number) => y + 1 }],
  },
  {
    name: "undefined and null inside",
    f: (o: { x: number; a?: number; n: null }) => o.x * (o.a ?? 3) * (o.n === null ? 1 : 0),
    args: [{ x: 1.5, a: undefined, n: null }],
  },
  {
    name: "ragged lists",
    f: (m: number[][]) => m.map((r) => r.reduce((a, b) => a * b, 1)),
    args: [[[1.5], [], [2, 3, 4]]],
  },
  {
    name: "deep nesting",
    f: (t: any) => t.a[0].b.c[1][0] * t.a[1] + t.d,
    args: [{ a: [{ b: { c: [1, [2.5]] } }, 3], d: 4 }],
  },
  {
    name: "keys like numbers come first",
    f: (o: Record<string, number>) => Object.values(o).map((x, i) => x * (i + 1)),
    args: [{ b: 1, 2: 5, a: 3, 1: 7 }],
  },
  {
    name: "many arguments",
    f: (a: number, b: number, c: number, d: number, e: number, g: number, h: number) =>
      a * b + c * d - e / g + h ** 2,
    args: [1, 2, 3, 4, 5, 6, 7],
    second: true,
  },
  {
    name: "one output, many inputs",
    f: (v: number[]) => v.reduce((s, x, i) => s + Math.sin(x * (i + 1)), 0),
    args: [Array.from({ length: 20 }, (_, i) => i / 7)],
  },
  {
    name: "many outputs, one input",
    f: (x: number) => Array.from({ length: 20 }, (_, i) => Math.cos(x * i)),
    args: [0.3],
  },
  {
    name: "a list of records",
    f: (ps: { x: number; y: number }[]) => ps.map((p, i) => ({ x: p.y * (i + 1), r: Math.hypot(p.x, p.y) })),
    args: [
      [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
    ],
  },
  {
    name: "effects in order",
    f: (x: number) => {
      note("a");
      const g = (n: string, y: number) => {
        note(n);
        return y;
      };
      return g("b", x) * g("c", x * 2) + (x > 0 ? g("d", x) : g("e", 0));
    },
    args: [1.5],
  },
  {
    name: "effects in loops and callbacks",
    f: (xs: number[]) => {
      let s = 0;
      xs.forEach((x, i) => {
        note(i);
        s += x * x;
      });
      for (const x of xs) note(x > 1);
      [...xs].sort((a, b) => {
        note("compare");
        return a - b;
      });
      return s;
    },
    args: [[3, 1.5, 2]],
  },
  {
    name: "effects with text",
    f: (x: number) => {
      note(`x is ${x}`);
      note(`square ${(x * x).toFixed(3)} of ${[x, 2]} in ${JSON.stringify({ x })}`);
      return x * x;
    },
    args: [1.5],
  },
  {
    name: "effects of getters and iterators",
    f: (x: number) => {
      const o = {
        get v() {
          note("get");
          return x;
        },
        set v(_y: number) {
          note("set");
        },
      };
      o.v += 1;
      o.v++;
      function* g() {
        try {
          note("start");
          yield o.v;
          yield 2;
        } finally {
          note("end");
        }
      }
      for (const y of g()) {
        note("body");
        if (y === x) break;
      }
      return x * x;
    },
    args: [1.5],
  },
  {
    name: "effects around an exception",
    f: (x: number) => {
      try {
        note("try");
        if (x > 1) throw new Error("no");
        note("never");
      } catch {
        note("catch");
      } finally {
        note("finally");
      }
      return x * 3;
    },
    args: [1.5],
  },
  {
    name: "short circuits skip effects",
    f: (x: number) => {
      const e = (n: string, v: any) => {
        note(n);
        return v;
      };
      e("1", false) && e("2", true);
      e("3", true) || e("4", true);
      e("5", null) ?? e("6", 1);
      e("7", undefined)?.[e("8", 0)];
      return x * x;
    },
    args: [1.5],
  },
  {
    name: "argument lists grow",
    f: (v: number[]) => {
      v.push(v[0] * v[1]);
      v.unshift(5);
      return v[3] * v[1];
    },
    args: [[1.5, 2]],
  },
  {
    name: "argument lists shrink",
    f: (v: number[]) => {
      const last = v.pop()!;
      const first = v.shift()!;
      return last * first + v.length;
    },
    args: [[1.5, 2, 3]],
  },
  {
    name: "argument records change",
    f: (o: any) => {
      o.x *= 2;
      o.fresh = o.x * o.y;
      delete o.y;
      o.list = [o.x];
      return o.fresh;
    },
    args: [{ x: 1.5, y: 2 }],
  },
  {
    name: "nested arguments replaced",
    f: (m: number[][]) => {
      m[0] = [m[1][0] * 2, 1];
      m[1][1] = m[0][0];
      return m[0][0] * m[1][1];
    },
    args: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    name: "one argument stored in another",
    f: (o: any, v: number[]) => {
      o.v = v;
      v[0] *= o.x;
      return o.v[0] * o.v[1];
    },
    args: [{ x: 1.5 }, [2, 3]],
  },
  {
    name: "sorted and reversed in place",
    f: (v: number[]) => {
      v.sort((a, b) => b - a).reverse();
      v.splice(1, 1);
      return v[0] * v[1];
    },
    args: [[3, 1.5, 2]],
  },
  {
    name: "an argument is swapped inside",
    f: (v: number[]) => {
      [v[0], v[1]] = [v[1] * v[1], v[0]];
      return v[0] / v[1];
    },
    args: [[1.5, 2]],
  },
];
