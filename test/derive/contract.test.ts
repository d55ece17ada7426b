// The contract of the calls: shapes and kinds of results, wrt, options, misuse, and what the fine print promises.

import assert from "node:assert/strict";
import {
  derivative,
  explain,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  stopGradient,
  trace,
  valueAndGrad,
  vjp,
} from "wengert";

const any = (x: unknown) => x as any;
const two = (x: number, y: number) => x * x * y;
const calls: Readonly<Record<string, (f: any, options?: any) => unknown>> = {
  derivative,
  grad,
  valueAndGrad,
  jvp,
  vjp,
  jacobian,
  hessian,
  hvp,
  trace,
  explain,
};

describe("results", () => {
  it("of derivative: the shape of f's output", () => {
    assert.equal(derivative((x: number) => x * x)(3), 6);
    assert.deepEqual(derivative((x: number) => [x * x, [x], 1])(3), [6, [1], 0]);
    assert.deepEqual(derivative((x: number) => ({ a: x * x, b: { c: 2 * x } }))(3), { a: 6, b: { c: 2 } });
    const typed = derivative((x: number) => Float64Array.of(x, 2 * x))(3);
    assert.ok(typed instanceof Float64Array);
    assert.deepEqual([...typed], [1, 2]);
  });

  it("of grad: the argument's shape for one, a tuple for several, by wrt as asked", () => {
    assert.deepEqual(grad((x: number[]) => x[0] * x[1])([2, 3]), [3, 2]);
    assert.deepEqual(grad((p: { a: number; b: number[] }) => p.a * p.b[1])({ a: 2, b: [3, 4] }), {
      a: 4,
      b: [0, 2],
    });
    const typed = grad((x: Float64Array) => x[0] * x[1])(Float64Array.of(2, 3));
    assert.ok(typed instanceof Float64Array);
    assert.deepEqual(grad(two)(2, 3), [12, 4]);
    assert.equal(grad(two, { wrt: 1 })(2, 3), 4);
    assert.deepEqual(grad(two, { wrt: [1] })(2, 3), [4]);
    assert.deepEqual(grad(two, { wrt: [1, 0] })(2, 3), [4, 12]);
    assert.deepEqual(grad(two, { wrt: undefined, engine: undefined })(2, 3), [12, 4]);
  });

  it("of what f ignores are zeros; passive leaves are null", () => {
    const f = (x: number, _ignored: number[], text: { name: string; k: number }) =>
      text.name ? x * text.k : x;
    assert.deepEqual(grad(f)(2, [1, 2], { name: "a", k: 3 }), [3, [0, 0], { name: null, k: 2 }]);
  });

  it("of valueAndGrad, jvp and vjp", () => {
    assert.deepEqual(valueAndGrad(two, { wrt: 0 })(2, 3), { value: 12, gradient: 12 });
    assert.deepEqual(jvp(two)([2, 3], [1, 10]), { value: 12, tangent: 52 });
    const { value, pullback } = vjp((x: number, y: number[]) => ({ a: x * y[0], b: [x] }))(2, [3]);
    assert.deepEqual(value, { a: 6, b: [2] });
    assert.deepEqual(pullback({ a: 1, b: [10] }), [13, [2]]);
    assert.deepEqual(pullback({ a: 1, b: [0] }), [3, [2]]);
  });

  it("of jacobian and hessian: plain rows, flattened in key order", () => {
    const f = (p: { a: number; b: number[] }, y: number) => ({ u: p.a * y, v: [p.b[0] * p.b[1], y * y] });
    const rows = [
      [5, 0, 0, 2],
      [0, 4, 3, 0],
      [0, 0, 0, 10],
    ];
    for (const mode of ["auto", "forward", "reverse", undefined] as const)
      assert.deepEqual(jacobian(f, { mode })({ a: 2, b: [3, 4] }, 5), rows);
    assert.deepEqual(jacobian(two)(2, 3), [[12, 4]]);
    assert.deepEqual(jacobian(f, { wrt: 1 })({ a: 2, b: [3, 4] }, 5), [[2], [0], [10]]);
    assert.deepEqual(hessian(two)(2, 3), [
      [6, 4],
      [4, 0],
    ]);
    assert.deepEqual(hessian(two, { wrt: 0 })(2, 3), [[6]]);
    assert.deepEqual(hvp((x: number[]) => two(x[0], x[1]))([2, 3], [1, 1]), [10, 4]);
    assert.deepEqual(hvp(any(two))([2, 3], [1, 1]), [10, 4]);
  });

  it("belong to the caller", () => {
    const f = (x: number[]) => x.reduce((s, v) => s + v * v, 0);
    const call = grad(f);
    const first = call([1, 2]);
    first[0] = 99;
    assert.deepEqual(call([1, 2]), [2, 4]);
    const x = [1, 2];
    const { pullback } = vjp(f)(x);
    x[0] = 50;
    const one = pullback(1);
    one[0][0] = -1;
    assert.deepEqual(pullback(1), [[2, 4]]);
  });

  it("of nested calls agree with calculus", () => {
    assert.equal(derivative((x: number) => grad((y: number) => x * y ** 3)(x))(2), 36);
    assert.deepEqual(jacobian((x: number, y: number) => any(grad(two))(x, y))(2, 3), hessian(two)(2, 3));
    assert.equal(grad((x: number) => jvp((y: number) => x * y * y)([x], [1]).tangent)(3), 12);
    assert.equal(grad((x: number) => x * stopGradient(x))(3), 3);
  });
});

describe("misuse", () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`${name} names itself, and says what it expected and what came`, () => {
      assert.throws(() => call(3), new RegExp(`${name} expects a function.*got .*; `));
      assert.throws(() => call(undefined), new RegExp(`${name} expects a function`));
      assert.throws(() => call(two, { wtr: 0 }), new RegExp(`${name} has no option "wtr"; it knows `));
      assert.throws(
        () => call(two, { engine: "fast" }),
        new RegExp(`${name} has no engine "fast"; .*"tape"`),
      );
      assert.throws(() => call(two, 3), new RegExp(`${name} expects options as an object`));
      assert.throws(() => call(async (x: number) => x), new RegExp(`${name} got an async function`));
      assert.throws(
        () =>
          call(function* (x: number) {
            yield x;
          }),
        new RegExp(`${name} got a generator`),
      );
      assert.throws(() => call(class Model {}), new RegExp(`${name} got the class Model`));
    });
  }

  it("of an engine that does not serve, with the construct, its place and the way out", () => {
    const caught = (x: number) => {
      try {
        return x * x;
      } catch {
        return 0;
      }
    };
    assert.throws(
      () => grad(caught, { engine: "program" })(2),
      /grad cannot serve this function by a derivative program: try; .*tape \(\d+:7\)/,
    );
    assert.equal(grad(caught)(2), 4);
    assert.deepEqual(grad(two, { engine: "program" })(2, 3), grad(two, { engine: "tape" })(2, 3));
  });

  it("of arguments: too few, wrt of nothing, passive alone, other kinds", () => {
    assert.throws(() => any(grad(two))(2), /grad expects 2 arguments for two; got 1/);
    assert.throws(() => grad(two, { wrt: any(2) })(2, 3), /wrt: 2 names no argument.*positions are 0 to 1/);
    assert.throws(() => grad(two, { wrt: any(-1) })(2, 3), /wrt/);
    assert.throws(() => grad(two, { wrt: any([]) })(2, 3), /wrt names no argument/);
    assert.throws(() => grad(two, { wrt: any([0, 0]) })(2, 3), /twice/);
    assert.throws(() => any(grad)((s: string) => s.length)("abc"), /argument 0 is .*no number/);
    assert.throws(
      () => any(grad)((m: Map<string, number>) => m.get("a"))(new Map([["a", 1]])),
      /cannot be differentiated by/,
    );
    assert.throws(() => any(grad)((x: Int32Array) => x[0])(Int32Array.of(1)), /cannot be differentiated by/);
    assert.throws(() => any(derivative((x: number) => x))([1]), /derivative expects one number/);
  });

  it("of results: a vector for grad, nothing, a text", () => {
    assert.throws(
      () => grad(any((x: number) => [x, x]))(any(1)),
      /returned 2 numbers in an array; use jacobian\(f\)/,
    );
    assert.throws(() => grad(any(() => undefined))(any(1)), /result|return/);
    assert.throws(() => grad(any((x: number) => `${x}`))(any(1)), /result|return/);
  });

  it("of directions: another shape", () => {
    assert.throws(() => jvp((x: number[]) => x[0])([[1, 2]], [[1]] as never), /tangent.*shape.*2 numbers/);
    assert.throws(() => any(jvp(two))([1, 2]), /tangent/);
    assert.throws(() => any(jvp(two))(1, 2), /jvp expects a list of arguments/);
    assert.throws(
      () => vjp((x: number) => [x, x])(1).pullback(any(1)),
      /cotangent must have the shape of the result, 2 numbers/,
    );
    assert.throws(
      () => any(hvp((x: number[]) => x[0]))([1]),
      /hvp expects a point and a direction; got 1 argument/,
    );
    assert.throws(() => jacobian(two, { mode: any("backward") }), /jacobian has no mode "backward"; choose/);
  });
});

describe("types of what the docstrings promise", () => {
  it("gradients have the shapes of arguments", () => {
    const f = (p: { a: number; tags: string[] }, x: readonly [number, number]) => p.a * x[0] * x[1];
    const gradient: [{ a: number; tags: null[] }, [number, number]] = grad(f)({ a: 2, tags: ["t"] }, [3, 4]);
    assert.deepEqual(gradient, [{ a: 12, tags: [null] }, [8, 6]]);
    const second: [number, number] = grad(f, { wrt: 1 })({ a: 2, tags: [] }, [3, 4]);
    assert.deepEqual(second, [8, 6]);
    const both: { value: number[]; tangent: number[] } = jvp((x: number) => [x, x * x])([3], [1]);
    assert.deepEqual(both, { value: [3, 9], tangent: [1, 6] });
  });
});
