/**
 * Infinite slopes that meet a zero: what is not selected or masked has no derivative there, and the program says so by
 * itself. What is served where it cannot. And lengths of vectors, which have no slope at zero.
 */
import assert from "node:assert/strict";
import { explain, grad, hvp, jacobian, jvp, valueAndGrad } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { agree } from "./agree.ts";
import { withoutLengths } from "./lengths.ts";
import { same } from "./same.ts";

type F = (v: number[]) => number;
const sum =
  (of: (x: number) => number): F =>
  (v) => {
    let s = 0;
    for (const x of v) s += of(x);
    return s;
  };

const around = [0.3, -0.2, 0.5, -1, 2.5];
const table: Record<string, [f: F, v: number[]]> = {
  "a root of what is positive": [sum((x) => Math.sqrt(Math.max(x, 0))), around],
  "a root between bounds": [sum((x) => Math.sqrt(Math.min(Math.max(0, x), 1))), around],
  "a root at a tie": [sum((x) => Math.sqrt(Math.max(x, 0))), [0.3, 0]],
  "a power": [sum((x) => Math.max(x, 0) ** 0.5 + Math.cbrt(Math.max(0, x))), around],
  "the largest of three": [sum((x) => Math.sqrt(Math.max(x, 0, x - 1))), around],
  "a selection by a condition": [sum((x) => Math.sqrt(x > 0.1 ? x : 0)), around],
  "a root of a size": [sum((x) => Math.sqrt(Math.abs(x))), [0.5, 0, -0.5]],
  "a norm at zero": [(v) => Math.sqrt(v.reduce((s, x) => s + x * x, 0)), [0, 0, 0]],
  "distances, one of them zero": [
    (v) => {
      let s = 0;
      for (let k = 1; k < v.length; k++) s += Math.sqrt((v[k] - v[k - 1]) ** 2) * k;
      return s;
    },
    [1, 2, 2, 4],
  ],
  "an arc beyond its range": [(v) => Math.asin(Math.min(Math.max(v[0], -1), 1)) * v[1], [2, 0.5]],
};

describe("infinite slopes", () => {
  for (const [name, [f, v]] of Object.entries(table))
    it(name, () => {
      const check = (): void => {
        for (const mode of ["reverse", "forward"] as const)
          assert.equal(explain(f, { mode })(v).engine, "program", mode);
        same(f, [v]);
        const d = v.map((_, k) => (k % 2 === 0 ? 1 + k : 0));
        const pair = (x: number[]): number[] => [f(x), x[0] * f(x)];
        for (const engine of ["auto", "tape"] as const) {
          agree(jvp(f, { engine })([v], [d]), jvp(f, { engine: "tape" })([v], [d]), `${engine}: jvp`);
          agree(hvp(f, { engine })(v, d), hvp(f, { engine: "tape" })(v, d), `${engine}: hvp`);
          agree(jacobian(pair, { engine })(v), jacobian(pair, { engine: "tape" })(v), `${engine}: jacobian`);
        }
      };
      check();
      withoutLengths(check);
    });
  it("masks that are zero", () => {
    const f = (v: number[], m: number[]): number => {
      let s = 0;
      for (let k = 0; k < v.length; k++) s += m[k] * Math.sqrt(v[k]);
      return s;
    };
    const args: [number[], number[]] = [
      [0.3, 0, 0.5],
      [1, 0, 2],
    ];
    assert.equal(explain(f)(...args).engine, "program");
    same(f, args);
  });
  it("second derivatives where a tangent is zero and a slope is not infinite", () => {
    const f = (o: number[]): number => {
      const [b, c] = o;
      return -b - Math.sqrt(b * b - c) * Math.sqrt(Math.max(c, 0.5));
    };
    for (const d of [
      [1, 4],
      [0, 1],
      [1, 0],
    ])
      agree(hvp(f)([2, 1], d), hvp(f, { engine: "tape" })([2, 1], d), "hvp");
  });
  it("not a number is no zero", () => {
    const three = (v: number[]): number => Math.max(v[0], v[1], v[2]);
    const two = (v: number[]): number => 3 * Math.max(v[0], v[1]) + v[2];
    const list = (v: number[]): number => 2 * Math.min(...v);
    const scaled = (v: number[]): number => Math.max(...v.map((x) => x * v[0]));
    const v = [1, Number.NaN, 3, 4, 5, 6, 7, 8];
    for (const f of [three, two, list, scaled]) {
      agree(grad(f)(v), grad(f, { engine: "tape" })(v), String(f));
      assert.ok(Number.isNaN(grad(f)(v)[1]));
    }
  });
  it("the largest of a list: one, two, all", () => {
    const f = (v: number[], w: number[]): number => {
      let s = 0;
      for (const a of w) s += a * Math.max(...v.map((x) => x * a)) - Math.min(...v);
      return s;
    };
    for (const v of [
      [1, 3, 2, -1, 0, 1, 2, 1],
      [3, 3, 1, 0, 0, 2, 1, 1],
      [2, 2, 2, 2, 2, 2, 2, 2],
    ])
      same(f, [v, [1, -1, 2, 0.5, 1, 1, 1, 1]]);
  });
});

describe("programs that give up", () => {
  it("what explain says is what happens", () => {
    const away = (v: number[]): number => v[0] ** 2 + Math.sqrt(v[1] * v[2]);
    assert.equal(explain(away)([1, 2, 3]).engine, "program");
    // zero times an infinite adjoint
    assert.equal(explain(away)([1, 0, 0]).engine, "tape");
    const both = (v: number[]): number[] => [v[0], Math.sqrt(v[1] * v[2])];
    assert.deepEqual(
      [explain(both)([1, 2, 3]), explain(both)([1, 0, 0])].map(({ engine, mode }) => [engine, mode]),
      [
        ["program", "pullback"],
        ["tape", "pullback"],
      ],
    );
    same(away, [[1, 0, 0]]);
    same(both, [[1, 0, 0]]);
  });
  it("a list that has become longer by index has as long a list of adjoints", () => {
    const f = (x: number, n: number): number => {
      const list: number[] = [x, 1];
      for (let i = 2; i < n; i++) list[i] = list[i - 1] + list[i - 2];
      return list[n - 1];
    };
    assert.equal(explain(f, { wrt: 0 })(1.5, 9).engine, "program");
    assert.equal(grad(f, { wrt: 0 })(1.5, 9), grad(f, { wrt: 0, engine: "tape" })(1.5, 9));
  });
  it("after some calls the tape serves at once, and the program is tried again", () => {
    const f = (x: number): number => Math.sqrt(x * x * x);
    const plain = plainFunctionOf(f);
    assert.ok(plain);
    const program = programFor(plain, [2], { positions: [0], mode: "gradient" });
    assert.ok(program instanceof Program);
    const served = (x: number): boolean => program.answer([x], [], []) !== null;
    assert.ok(served(2));
    // not in a row
    for (let k = 0; k < 9; k++) assert.deepEqual([served(0), served(2)], [false, true]);
    for (let k = 0; k < 4; k++) assert.ok(!served(0));
    let calls = 0;
    while (!served(2)) assert.ok(++calls < 100);
    assert.ok(calls > 0);
    assert.ok(served(2));
    // the answers are right all the while
    for (let k = 0; k < 60; k++) {
      const x = k < 20 || k % 7 === 0 ? 0 : k;
      agree(grad(f)(x), grad(f, { engine: "tape" })(x), `at ${x}`);
    }
  });
  it("sums of such functions", () =>
    same(
      sum((x) => Math.sqrt(Math.max(x, 0))),
      [around],
    ));
});

describe("lengths of vectors", () => {
  const f = (v: number[]): number[] => [
    Math.hypot(v[0], v[1]),
    Math.hypot(v[1], v[2], v[0]) * v[2],
    Math.hypot(...[v[0], v[1], v[2], v[0]]),
    Math.hypot(v[2], 3),
    Math.hypot(v[1]),
    Math.hypot(v[0], v[1], v[2], v[1], v[0]),
    Math.atan2(v[0], v[1]),
  ];
  const points: Record<string, number[]> = {
    "at hand": [3, 4, -12],
    zero: [0, 0, 0],
    "negative zero": [-0, 0, -0],
    "whose squares overflow": [3e200, -4e200, 1],
    "whose squares underflow": [3e-200, 4e-200, -1e-190],
    "whose squares are subnormal": [1e-155, 2e-160, 3e-156],
    "large and small": [1e155, 1e-155, 2],
    infinite: [1, Number.POSITIVE_INFINITY, 2],
    "not a number": [1, Number.NaN, 2],
  };
  for (const [name, v] of Object.entries(points))
    it(name, () => {
      same(f, [v]);
      same((x: number[]) => f(x)[0] + 2 * f(x)[1], [v]);
    });
  it("to the last digit", () => {
    const length = (x: number, y: number, z: number): number => Math.hypot(x, y, z);
    for (let k = 1; k < 200; k++) {
      const args: [number, number, number] = [Math.sin(k) * k, Math.cos(3 * k) / k, Math.sin(k * k)];
      const { value } = valueAndGrad(length)(...args);
      assert.ok(Math.abs(value - length(...args)) <= 2 ** -51 * value);
    }
  });
});
