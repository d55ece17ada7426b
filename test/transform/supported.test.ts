/**
 * Constructs that derivative programs support by some detour, at their edges: the default engine and the tape give the
 * same. Conditions that assign, methods that search and flatten lists, arguments spread among others, identity.
 */
import assert from "node:assert/strict";
import { explain, grad, stopGradient } from "wengert";
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

/** The same, served by a program. */
const served: Record<string, [f: (...args: any[]) => unknown, ...args: unknown[]]> = {
  "a default before other cases": [
    (x: number, list: number[]) => {
      let s = 1;
      for (const k of list)
        switch (k) {
          case 1:
            s *= x;
            break;
          // @ts-expect-error: it falls through
          // biome-ignore lint/suspicious/useDefaultSwitchClauseLast: this is what is tested
          // biome-ignore lint/suspicious/noFallthroughSwitchClause: and this
          default:
            s += x * x;
          case 2:
            s += Math.sin(s);
            break;
          case 3:
            s -= x;
        }
      return s;
    },
    0.7,
    [1, 2, 3, 4, 5, 1, 3, 2],
  ],
  "a default at the beginning, reached by nothing": [
    (x: number, k: number) => {
      switch (k) {
        // biome-ignore lint/suspicious/useDefaultSwitchClauseLast: this is what is tested
        default:
          return x;
        case 2:
          return x * x;
        case 3:
          return x ** 3;
      }
    },
    3,
    3,
  ],
  "a default in the middle, fallen into": [
    (x: number, k: number) => {
      let s = x;
      switch (Math.round(k)) {
        // @ts-expect-error: it falls through
        // biome-ignore lint/suspicious/noFallthroughSwitchClause: this is what is tested
        case 1:
          s *= 2 * x;
        // @ts-expect-error: it falls through
        // biome-ignore lint/suspicious/useDefaultSwitchClauseLast: and this
        // biome-ignore lint/suspicious/noFallthroughSwitchClause: and this
        default:
          s += x ** 3;
        case 2:
          s *= x;
      }
      return s;
    },
    1.5,
    1,
  ],
  "a copy is appended to": [
    (v: number[]) => {
      const w = v.slice();
      w.push(w[0] * w[1]);
      const part = v.slice(1);
      part.push(w[2] * v[0], 2);
      const squares = v.map((x) => x * x);
      for (let i = 0; i < 3; i++) squares.push(squares[i] * part[i]);
      return w.concat(part, squares).reduce((s, x) => s + Math.sin(x), 0);
    },
    [1, 2, 3, 4, 5, 6, 7, 8],
  ],
  "a copy is appended to in a loop": [
    (v: number[], x: number) => {
      const path = [...v];
      while (path.length < 14) path.push(path[path.length - 1] * x + path[0]);
      return path.reduce((s, e) => s + e, 0);
    },
    [1, 2, 3, 4, 5, 6, 7, 8],
    0.9,
  ],
  stopGradient: [
    (x: number, v: number[]) => {
      let s = 0;
      for (const e of v) s += x * stopGradient(x * e) + e * stopGradient(e);
      return s * stopGradient(s);
    },
    1.5,
    [1, 2, 3],
  ],
  "stopGradient of an index": [
    (v: number[], k: number) => v[stopGradient(k)] * k + v[stopGradient(v.length - 1)],
    [1, 2, 3, 4, 5, 6, 7, 8],
    2,
  ],
  "stopGradient of a condition": [(x: number) => (stopGradient(x > 1) ? x * x : x), 2],
};

describe("constructs at their edges", () => {
  for (const [name, [f, ...args]] of Object.entries(entries)) it(name, () => same(f, args));
  for (const [name, [f, ...args]] of Object.entries(served))
    it(`${name}, by a program`, () => {
      assert.equal(explain(f)(...args).reason, "its text is supported for arguments of these kinds");
      same(f, args);
    });
});

describe("what is refused", () => {
  const square = (x: number) => x * x;
  const slope = grad(square) as (x: number) => number;
  const refusals: Record<string, [f: (...args: any[]) => unknown, args: unknown[], message: RegExp]> = {
    "a native": [
      (x: number) => x * Math.random(),
      [1],
      /^the function Math\.random is called, which has no derivative program; call it before, and pass what it gives/,
    ],
    "a method of an object of JavaScript's own": [
      (x: number) => Object.assign({ x }, { y: 1 }).x,
      [1],
      /^the function Object\.assign is called/,
    ],
    "a function without a text": [
      (x: number) => x * (grad(square) as (x: number) => number)(2),
      [1],
      /^the function grad is called, whose text is not known; write it in a cell or an imported file/,
    ],
    "a function without a name": [
      (x: number) => slope(x) * x,
      [1],
      /^the function slope is called, whose text is not known/,
    ],
    "a method that makes another order": [
      (v: number[]) => v.sort((a, b) => a - b)[0],
      [[1, 2, 3]],
      /^the method sort of a list; sort before/,
    ],
    "a tree": [
      (t: { v: number; kids: any[] }) => t.v + t.kids.reduce((s, kid) => s + kid.v, 0),
      [{ v: 1, kids: [] }],
      /^a member is read of an element of a list that holds numbers or nothing; .*leave trees to the tape/,
    ],
    "stopGradient of a list": [
      (v: number[]) => stopGradient(v)[0] * v[0],
      [[1, 2, 3]],
      /^stopGradient of a list or record; apply it to the numbers/,
    ],
  };
  for (const [name, [f, args, message]] of Object.entries(refusals))
    it(`names construct, place and way out: ${name}`, () => {
      const { engine, reason } = explain(f)(...args);
      assert.equal(engine, "tape");
      assert.match(reason, message);
      assert.match(reason, /\(\d+:\d+\)$/);
    });
  it("an empty list beside others is served by the tape, without an error", () => {
    const f = (x: number[], y: number) => x.length * y * y;
    assert.match(explain(f)([], 2).reason, /an argument holds no number to differentiate by/);
    assert.deepEqual(grad(f)([], 2), [[], 0]);
  });
});
