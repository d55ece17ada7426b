/**
 * Members that are no elements, and no members of a record's own: methods that are looked at instead of called, what is
 * inherited, what a list has beside its elements. Programs know nothing of them, so the tape serves, whichever is asked.
 */
import assert from "node:assert/strict";
import { explain, grad, hvp } from "wengert";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const labelled = Object.assign([2, 3], { k: 5, [-1]: 7 });

const entries: Record<string, [f: F, ...args: unknown[]]> = {
  "a method of a list": [(x: any) => (x.map ? 2 : 3) * x[0], [2, 3]],
  "the type of a method": [(x: any) => (typeof x.map === "function" ? 2 : 3) * x[0], [2, 3]],
  "a method in a condition of several": [(x: any) => ((x.forEach && 2) || 3) * x[0], [2, 3]],
  "a method that is taken out": [
    (x: any) => {
      const { map, length } = x;
      return (map ? 2 : 3) * x[0] * length;
    },
    [2, 3],
  ],
  "the bytes of an array of floats": [(x: any) => (x.byteLength ?? 3) * x[0], Float64Array.of(2, 3)],
  "the class of a list": [(x: any) => x[0] * (x.constructor === Array ? 2 : 3), [2, 3]],
  "a long list": [(x: any) => (x.map ? 2 : 3) * x[0], Array.from({ length: 20 }, (_, k) => k + 1)],
  "a text that is no index": [(x: any) => (x["01"] ?? 3) * x[0] + (x[""] ?? 5) * x[1], [2, 3]],
  "a member of a list": [(x: any) => x[0] * x[1] * (x.k ?? 1), labelled],
  "an index below zero": [(x: any) => x[0] * x[1] * (x[-1] ?? 1), labelled],
  "a member of a list beside": [(x: number, y: any) => x * (y.k === 5 ? 2 : 3) * y[0], 2, labelled],
  "a free list": [(x: number) => x * (labelled.k === 5 ? 2 : 3) * labelled[0], 2],
  "what records inherit": [(p: any) => p.a * (p.constructor ? 5 : 7) * (p.valueOf ? 2 : 3), { a: 2 }],
  "what a record in a list inherits": [(p: any) => p[0].a * (p[0].toString ? 2 : 3), [{ a: 2 }, { a: 3 }]],
  "whether it is there": [(p: any) => p.a * ("toString" in p ? 2 : 3) * ("b" in p ? 2 : 3), { a: 2 }],
  "a record without one": [(p: any) => p.a * p.a, Object.assign(Object.create(null), { a: 2 })],
  "members by number, in their order": [
    (x: number, y: number) => {
      const [a, b, c] = Object.values({ b: 5 * x, 2: x, 1: y });
      return a * 3 + b * 7 + c;
    },
    1,
    2,
  ],
};

describe("members that are no elements", () => {
  for (const [name, [f, ...args]] of Object.entries(entries)) it(name, () => same(f, args));

  it("a member that is not enumerable", () => {
    const f = (p: any) => p.a * (p.k ?? 3);
    assert.deepEqual(grad(f)({ a: 2 }), { a: 3 });
    assert.deepEqual(grad(f)(Object.defineProperty({ a: 2 }, "k", { value: 7 })), { a: 7 });
  });
  it("explain says what is in the way", () => {
    const { engine, reason } = explain((x: any) => (x.map ? 2 : 3) * x[0])([1, 2]) as any;
    assert.equal(engine, "tape");
    assert.match(reason, /the member map of a list is read/);
  });
  it("arguments without numbers are refused, whatever was asked for before", () => {
    const f = (m: number[][]) => m.reduce((s, row) => s + row.reduce((t, v) => t + v * v, 0), 0);
    const slope = grad(f);
    for (let k = 0; k < 2; k++) {
      assert.throws(() => slope([[], []]), /holds no number to differentiate by/);
      assert.deepEqual(slope([[1], []]), [[2], []]);
    }
  });
  it("needs that each pass finds others of come to an end", () => {
    const f = ({ x, m, g }: { x: number[]; m: number[]; g: { u: number; w: number[] }[] }) => {
      const a = m.map((_, i) => g[i].w[g[i].w.length - 1]).reduce((p, q) => p + q, 0);
      return x[0] > 0.5 ? x.reduce((z) => z * 0.5 + a, Math.min(a, g[0].w[0])) * g[0].u : 0.5;
    };
    const p = { x: [1, 2], m: [0.5], g: [{ u: 1, w: [1, 2] }] };
    agree(hvp(f, { engine: "program" })(p, p), hvp(f, { engine: "tape" })(p, p), "hvp");
  });
});
