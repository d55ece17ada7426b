/**
 * Numbers that are differentiated by and used as an index or a length: both engines refuse, at their place and with the
 * way out. What serves as an index alone, as a bound, or as a whole number of its own is served.
 */
import assert from "node:assert/strict";
import { explain, grad, hessian, jacobian, jvp } from "wengert";
import { same } from "./same.ts";

type F = (...args: any[]) => any;

const refused: Record<string, [f: F, ...args: unknown[]]> = {
  "an index": [(x: number[], k: number) => x[k] * x[k] * k, [1, 2, 3], 1],
  "an index made of it": [(x: number[], w: number) => x[w * 1 + 1] ** 2 * w, [1, 2, 3, 4], 1],
  "an index to write to": [
    (x: number[], k: number) => {
      const y = x.slice();
      y[k] = k * 2;
      return y[0] * y[1];
    },
    [1, 2, 3],
    1,
  ],
  "a counter that begins with it": [
    (x: number[], n: number) => {
      let s = n * 0.5;
      for (let i = n - 1; i >= 0; i--) s += x[i] ** 2;
      return s;
    },
    [1, 2, 3],
    2,
  ],
  "a variable that holds it on one path": [
    (x: number[], n: number) => {
      let k = 0;
      if (n > 1) k = n;
      return x[k] * n;
    },
    [1, 2, 3],
    2,
  ],
  "the end of a slice": [
    (x: number[], n: number) => x.slice(0, n).reduce((a, b) => a + b * b, n * n),
    [1, 2, 3, 4, 5, 6, 7],
    2,
  ],
  "the length of a list": [(x: number, n: number) => new Array(n).fill(x)[0] * n, 2, 3],
  "the length of a Float64Array": [(x: number, n: number) => new Float64Array(n).fill(x)[0] * n, 2, 3],
  "the length of Array.from": [
    (x: number, n: number) => Array.from({ length: n }, (_, i) => x * i).reduce((a, b) => a + b, n),
    2,
    3,
  ],
  "an element of a list that is differentiated by": [
    (x: number[]) => x[x[0]] * x[0],
    [1, 2, 3, 4, 5, 6, 7, 8],
  ],
  "a member of a record": [(o: { x: number[]; k: number }) => o.x[o.k] * o.k, { x: [1, 2, 3], k: 2 }],
  "through a function that calls itself": [
    (x: number[], n: number) => {
      const g = (k: number): number => (k < 0 ? n : x[k] * x[k] + g(k - 1));
      return g(n - 1);
    },
    [1, 2, 3],
    2,
  ],
};
const served: Record<string, [f: F, ...args: unknown[]]> = {
  "a bound": [
    (x: number[], n: number) => {
      let s = n * n;
      for (let i = 0; i < n; i++) s += x[i] * n;
      return s;
    },
    [1, 2, 3],
    2,
  ],
  "a whole number made of it": [
    (x: number[], t: number) => {
      const k = Math.min(Math.floor(t), x.length - 2);
      return x[k] * (1 - (t - k)) + x[k + 1] * (t - k) + x[t | 0] * x[Math.round(t)] * t;
    },
    [1, 2, 3, 5],
    1.3,
  ],
  "a place found by comparison": [
    (x: number[]) => {
      let best = 0;
      for (let i = 1; i < x.length; i++) if (x[i] > x[best]) best = i;
      return x[best] ** 2 * x[0];
    },
    [1, 4, 3],
  ],
  "counted up to it": [
    (x: number[], n: number) => {
      let k = 0;
      while (k < n) k++;
      return x[k] * n;
    },
    [1, 2, 3],
    2,
  ],
};

describe("numbers that are differentiated by as indices", () => {
  for (const [name, [f, ...args]] of Object.entries(refused))
    it(`are refused: ${name}`, () => {
      same(f, args);
      const why = explain(f)(...args);
      assert.equal(why.engine, "tape");
      assert.match(
        why.reason,
        /^a number that is differentiated by is used as (an index|a length); use Math.round/,
      );
      assert.ok(why.obstacle?.place);
      for (const engine of ["auto", "tape", "program"] as const)
        assert.throws(
          () => grad(f, { engine })(...args),
          /is used as (a property key or index|the length of an array|an index|a length).*; use Math\.round, Math\.floor or stopGradient on it, or leave it out of the arguments to differentiate by \(wrt\) \(\d+:\d+\)$/,
        );
    });
  it("are refused in all derivatives", () => {
    const f = (x: number[], k: number) => x[k] * x[k] * k;
    for (const call of [
      () => hessian(f)([1, 2, 3], 1),
      () => jacobian(f)([1, 2, 3], 1),
      () => jacobian(f, { mode: "forward" })([1, 2, 3], 1),
      () => jvp(f)([[1, 2, 3], 1], [[1, 0, 0], 1]),
    ])
      assert.throws(call, /a traced value is used as a property key or index/);
    assert.deepEqual(grad(f, { wrt: 0 })([1, 2, 3], 1), [0, 4, 0]);
    assert.equal(explain(f, { wrt: 0 })([1, 2, 3], 1).engine, "program");
    assert.deepEqual(hessian(f, { wrt: 0 })([1, 2, 3], 1)[1], [0, 2, 0]);
  });
  for (const [name, [f, ...args]] of Object.entries(served))
    it(`are served: ${name}`, () => {
      assert.equal(explain(f)(...args).engine, "program");
      same(f, args);
    });
  it("an argument that is an index and nothing else has no derivative", () => {
    const f = (x: number[], k: number, n: number) => x.slice(0, n)[k] ** 2;
    assert.deepEqual(grad(f)([1, 2, 3], 1, 2), [[0, 4, 0], 0, 0]);
  });
});
