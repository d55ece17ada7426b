/**
 * The edges of the language: what JavaScript does there, both engines do. Each function is called by the default
 * engine and by the tape; results, errors and what is left in the arguments must be the same.
 */
import assert from "node:assert/strict";
import { grad, vjp } from "wengert";
import { copy } from "../corpus/flat.ts";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

describe("edges", () => {
  const table: Record<string, [f: (...args: any[]) => any, ...args: any[]]> = {
    "a read beyond the end, with a default": [(v: number[], x: number) => x * (v[5] ?? 2) + v[0], [1, 2], 3],
    "a read beyond the end": [(v: number[], x: number) => (v[5] > 0 ? x : x * x), [1, 2], 3],
    "a read beyond the end of a Float64Array": [
      (a: Float64Array, x: number) => x * (a[7] ?? 3) * a[1],
      Float64Array.of(1, 2),
      3,
    ],
    "an adjoint beyond the end": [
      (v: number[]) => {
        let s = 0;
        for (let i = 0; i < 9; i++) s += v[i] * 2;
        return s;
      },
      [1, 2, 3, 4, 5, 6, 7],
    ],
    "an adjoint beyond the end, of a variable that follows": [
      (v: number[]) => {
        let last: number | undefined = 0.5;
        let s = 0;
        for (let i = 0; i < 9; i++) {
          s += (last ?? 0.2) * 2;
          last = v[i];
        }
        return s;
      },
      [1, 2, 3, 4, 5, 6, 7],
    ],
    "columns beyond the end": [
      (v: number[]) => {
        let s = 0;
        const all: number[] = [];
        for (let i = 0; i < 9; i++) {
          s += v[i] * 2;
          all.push(i < 3 ? s : 0);
        }
        return all;
      },
      [1, 2, 3, 4, 5, 6, 7],
    ],
    "a write beyond the end": [
      (v: number[], x: number) => {
        v[v.length] = x * x;
        return v[0] * v[v.length - 1];
      },
      [1, 2],
      3,
    ],
    "a write beyond the end of a Float64Array": [
      (a: Float64Array, x: number) => {
        a[5] = x;
        return a[0] * x;
      },
      Float64Array.of(1, 2),
      3,
    ],
    "an index that overflows": [
      (v: number[], x: number) => v[(2 ** 31) | 0] ?? v[4294967296 % 2] * x,
      [1, 2],
      3,
    ],
    "a list that grows while it is walked": [
      (x: number) => {
        const list = [x, 2];
        let s = 0;
        for (const e of list) {
          s += e * x;
          if (list.length < 5) list.push(e * 0.5);
        }
        return s;
      },
      1.5,
    ],
    "a bound that moves": [
      (x: number) => {
        let n = 2;
        let s = 0;
        for (let i = 0; i < n; i++) {
          if (n < 6) n++;
          s += x ** i;
        }
        return s;
      },
      1.1,
    ],
    "float bounds and steps": [
      (x: number) => {
        let s = 0;
        for (let t = 0; t < 1; t += 0.1) s += Math.sin(t * x) * 0.1;
        for (let i = 0; i < 2.5; i++) s += i * x;
        for (let i = 3; i >= 0.5; i -= 2) s *= x;
        return s;
      },
      1.3,
    ],
    "no iterations": [
      (v: number[], n: number) => {
        let s = v[0];
        for (let i = 0; i < n; i++) s *= v[i];
        for (let i = 5; i < 3; i++) s += v[i];
        return s;
      },
      [2, 3],
      0,
    ],
    "a counter behind its loop": [
      (v: number[]) => {
        let i: number;
        let s = 0;
        for (i = 0; i < v.length; i += 2) s += v[i] ** 2;
        return s * i;
      },
      [1, 2, 3],
    ],
    "products with infinite partials": [(x: number, y: number) => x * 0 + Math.sqrt(x * 0) * y, 0, 2],
    "log of zero": [(x: number) => Math.log(x), 0],
    "not a number on the way": [(x: number) => (Math.sqrt(-x) > 0 ? 1 : x * x), 2],
    "not a number": [(x: number) => Math.sqrt(-x) * x, 2],
    infinite: [(x: number, y: number) => (x / y) * y, 2, 0],
    "minus zero": [(x: number) => 1 / (x * -0) + x, 2],
    ties: [(x: number, y: number) => Math.max(x, y, x) + Math.min(x, y) + Math.abs(x - y), 2, 2],
    "ties in lists": [(v: number[]) => Math.max(...v) * Math.min(...v) + Math.hypot(...v), [2, 1, 2, 1]],
    "hypot at zero": [(v: number[]) => Math.hypot(...v), [0, 0]],
    "an argument is reassigned": [
      (v: number[]) => {
        const w = v;
        v = v.map((e) => e * 2);
        v[0] = 7;
        w[1] = v[1] * w[0];
        return v[0] + w[1] * v[2];
      },
      [1, 2, 3],
    ],
    "rows are swapped": [
      (m: number[][]) => {
        const [a, b] = m;
        let [p, q] = [a, b];
        for (let k = 0; k < 3; k++) {
          p[0] += q[1] * q[0];
          [p, q] = [q, p];
        }
        return p[0] * q[0];
      },
      [
        [1, 2],
        [3, 4],
      ],
    ],
    "an alias chosen by a number": [
      (u: number[], v: number[]) => {
        const w = u[0] > v[0] ? u : v;
        w[1] *= w[0];
        return u[1] + v[1] * w[0];
      },
      [1, 2],
      [3, 4],
    ],
    "names that look generated": [
      (xBar: number, tape: number, top: number, rows: number[], w1: number) => {
        const objects = rows[0] * xBar;
        const w2 = tape * top;
        let x = objects + w2;
        for (let k = 0; k < 2; k++) x = x * w1 + xBar;
        return x;
      },
      1,
      2,
      3,
      [4],
      5,
    ],
    "shadowed names": [
      (x: number) => {
        const y = x * 2;
        let s = y;
        {
          const y = x * x;
          s += y;
          for (let x = 0; x < 2; x++) s += x * y;
        }
        return s * y;
      },
      3,
    ],
    "keywords as keys": [
      (r: { in: number; class: number[]; "a b": number; 0: number }) =>
        r.in * r.class[0] + r["a b"] ** 2 * r[0],
      { in: 2, class: [3], "a b": 4, 0: 5 },
    ],
    "letters of other alphabets": [(θ: number, ñ: number[]) => Math.sin(θ) * ñ[0], 1, [2]],
    "defaults of parameters and patterns": [
      ({ p, q = p * 2 }: { p: number; q?: number }, [a, b = a, c = 4]: number[] = [1]) => p * q + a * b * c,
      { p: 3 },
      [2, 5],
    ],
    "empty lists": [(v: number[], x: number) => v.reduce((s, e) => s + e, x) + v.length * x, [], 2],
    "lists of no rows": [(m: number[][], x: number) => m.map((r) => r[0]).reduce((s, e) => s + e, x), [], 2],
    "strings and flags beside": [
      (x: number, how: string, on: boolean) => (how === "square" && on ? x * x : x),
      3,
      "square",
      true,
    ],
    "undefined as an argument": [(x: number, y?: number) => x * (y ?? 4) * x, 3, undefined],
  };
  for (const [name, [f, ...args]] of Object.entries(table)) it(name, () => same(f, args));

  it("keys of a list that are no indices", () => {
    const negative = (v: number[], x: number) => {
      v[-1] = 7;
      return v[0] * x * v[-1];
    };
    const fraction = (v: number[], x: number) => {
      v[x / 2] = 7;
      return x * v[1];
    };
    for (const f of [negative, fraction]) {
      const [args, plain] = [[[1, 2], 3] as const, [[1, 2], 3] as const].map((a) => copy(a) as any);
      f(...(plain as [number[], number]));
      const gradient = grad(f, { wrt: 0 })(...(args as [number[], number]));
      assert.deepEqual(gradient, grad(f, { wrt: 0, engine: "tape" })([1, 2], 3));
      assert.deepEqual(args, plain);
    }
  });
  it("one list in two places", () => {
    const f = (u: number[], v: number[]) => {
      u[0] = v[1] * 2;
      return u[0] * v[0];
    };
    same(f, () => {
      const u = [1, 2];
      return [u, u];
    });
    const g = (m: number[][]) => {
      m[0][0] = m[1][1] * 3;
      return m[1][0] * m[0][1];
    };
    same(g, () => {
      const row = [1, 2];
      return [[row, row]];
    });
  });
  it("views of one buffer", () => {
    const f = (a: Float64Array, b: Float64Array) => {
      a[1] = b[0] * 2;
      return b[0] * a[0];
    };
    same(f, () => {
      const { buffer } = Float64Array.of(1, 2, 3);
      return [new Float64Array(buffer, 0, 2), new Float64Array(buffer, 8, 2)];
    });
  });
  it("frozen arguments that are written to", () => {
    const f = (v: number[]) => {
      v[0] = v[1] * 2;
      return v[0];
    };
    same(f, () => [Object.freeze([1, 2])]);
    const g = (r: { p: number }) => {
      r.p *= 2;
      return r.p;
    };
    same(g, () => [Object.freeze({ p: 1 })]);
  });
  it("what is thrown leaves what was written before it", () => {
    const f = (v: number[]) => {
      v[0] = v[1] * 2;
      if (v[0] > 3) throw new RangeError(`too large: ${v[0]}`);
      v[1] = 9;
      return v[0];
    };
    same(f, () => [[1, 2]]);
    same(f, () => [[1, 1]]);
  });
  it("sparse lists, proxies, getters and subclasses", () => {
    const sum = (v: number[]) => v.reduce((s, e) => s + e * e, 0);
    same(sum, () => {
      const v = [1, 2];
      v[4] = 3;
      return [v];
    });
    same(sum, () => [new Proxy([1, 2], {})]);
    class List extends Array<number> {}
    same(sum, () => [List.from([1, 2])]);
    const members = (r: { p: number; q: number }) => r.p * r.q;
    const get = () => 4;
    same(members, () => [Object.defineProperty({ p: 0, q: 2 }, "p", { get })]);
    const prototype = { p: 1 };
    same(members, () => [Object.create(prototype, { q: { value: 2, enumerable: true, writable: true } })]);
  });

  it("free variables that change between calls", () => {
    let k: any = 2;
    let g = (x: number) => x * k;
    const r: any = { a: 3, f: (x: number) => x + 1 };
    const f = (x: number) => g(x) * r.a + r.f(x) * (typeof k === "number" ? k : k[0]);
    same(f, [2]);
    k = 5;
    same(f, [2]);
    r.a = 7;
    same(f, [2]);
    g = (x) => x * x;
    same(f, [2]);
    r.f = (x: number) => x * 3;
    same(f, [2]);
    r.f = Math.sin;
    same(f, [2]);
    k = [4, 5];
    same(f, [2]);
    r.a = undefined;
    same(f, [2]);
  });
  it("arguments of changing kinds, more than a dozen", () => {
    const f = (a: any) => {
      if (typeof a === "number") return a * a;
      if (Array.isArray(a)) return typeof a[0] === "number" ? a[0] * a.length : a[0][0] ** 3;
      return Object.values(a as Record<string, number>).reduce((s, e) => s + e * e, 0);
    };
    const kinds = [3, [2], [[2]], Float64Array.of(2), { p: 1 }];
    for (let n = 0; n < 14; n++)
      kinds.push(Object.fromEntries(Array.from({ length: n + 1 }, (_, j) => [`k${j}`, j])) as never);
    for (const a of [...kinds, ...kinds]) same(f, () => [copy(a)]);
  });
  it("a constant argument that changes", () => {
    const f = (x: number, how: string) => (how === "a" ? x : x * x);
    for (const how of ["a", "b", "a", "c"]) same(f, [3, how]);
  });
  it("recursion", () => {
    const power = (x: number, n: number): number => (n === 0 ? 1 : x * power(x, n - 1));
    const f = (x: number) => power(x, 5);
    same(f, [1.5]);
    same(power, [1.5, 4]);
    const tree = (v: number[], k = 0): number =>
      k >= v.length ? 1 : v[k] * tree(v, 2 * k + 1) + tree(v, 2 * k + 2);
    same(tree as (...args: any[]) => any, [[1, 2, 3, 4, 5]]);
  });
  it("a derivative inside of a callback", () => {
    const inner = (x: number) => x ** 3 + x;
    const f = (v: number[]) => v.map((e) => grad(inner)(e)).reduce((s, e) => s + e * v[0], 0);
    same(f, [[1, 2, 3]]);
  });
  it("the same function inside of itself", () => {
    let depth = 0;
    const f = (v: number[]): number => {
      if (depth > 0) return v[0] * v[1];
      depth++;
      try {
        return v[0] * (grad(f)([v[1], 3]) as number[])[0] * v[1];
      } finally {
        depth--;
      }
    };
    same(f, [[2, 5]]);
  });
  it("a program inside of a program's point", () => {
    const g = (v: number[]) => {
      let s = 1;
      for (let i = 0; i < v.length; i++) s = s * v[i] + Math.sin(s);
      return s;
    };
    const first = vjp(g)([1, 2, 3]);
    const second = vjp(g)([4, 5, 6, 7]);
    agree(first.pullback(1), vjp(g, { engine: "tape" })([1, 2, 3]).pullback(1), "the first");
    agree(second.pullback(1), vjp(g, { engine: "tape" })([4, 5, 6, 7]).pullback(1), "the second");
    agree(first.pullback(2), vjp(g, { engine: "tape" })([1, 2, 3]).pullback(2), "the first again");
  });
  it("results belong to the caller", () => {
    const f = (v: number[]) => v[0] * v[1];
    const [a, b] = [grad(f)([2, 3]), grad(f)([2, 3])];
    a[0] = 99;
    assert.deepEqual(b, [3, 2]);
    const g = (v: number[]) => ({ v, w: v.map((e) => e * 2) });
    const v = [1, 2];
    const { value } = vjp(g)(v);
    value.v[0] = 50;
    assert.deepEqual(v, [1, 2]);
  });
  it("a million iterations, counted and not", () => {
    const f = (x: number) => {
      let s = x;
      for (let i = 0; i < 1_000_000; i++) s = s * 0.999999 + Math.sin(s) * 1e-6;
      return s;
    };
    const g = (x: number) => {
      let [s, n] = [x, 0];
      while (n < 1_000_000) {
        s = s > 0.5 ? s * 0.999999 : s + 1e-6 * x;
        n++;
      }
      return s;
    };
    same(f, () => [1.5], ["grad"]);
    same(g, () => [1.5], ["grad"]);
  });
});
