/**
 * Differences and the complex step: values, shapes, steps, misuse.
 */
import assert from "node:assert/strict";
import { finiteDifference, grad, jacobian } from "wengert";

const f = (x1: number, x2: number) => x1 * x2 + Math.sin(x1);
const exact = [2.5838531634528574, 2];

function near(got: unknown, expected: readonly number[], tolerance: number): void {
  const numbers = [got].flat(3) as number[];
  assert.equal(numbers.length, expected.length);
  expected.forEach((value, k) => {
    assert.ok(
      Math.abs(numbers[k] - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${numbers[k]} for ${value}`,
    );
  });
}

describe("finiteDifference.gradient", () => {
  it("comes as near as its scheme allows", () => {
    near(finiteDifference.gradient(f, { scheme: "forward" })(2, 3), exact, 1e-7);
    near(finiteDifference.gradient(f, { scheme: "central" })(2, 3), exact, 1e-10);
    assert.deepEqual(finiteDifference.gradient(f, { scheme: "complex" })(2, 3), exact);
    assert.deepEqual(
      finiteDifference.gradient(f)(2, 3),
      finiteDifference.gradient(f, { scheme: "central" })(2, 3),
    );
  });

  it("has the shapes and the wrt of grad", () => {
    const g = (p: { w: number[][]; b: Float64Array; name: string }, s: number) => {
      let total = s;
      for (const row of p.w) for (const value of row) total += Math.exp(value * s);
      for (const value of p.b) total *= value;
      return total;
    };
    const p = { w: [[1, 2], [0.3]], b: Float64Array.of(1.5, 2), name: "model" };
    for (const scheme of ["forward", "central", "complex"] as const) {
      const [byP, byS] = finiteDifference.gradient(g, { scheme })(p, 0.5);
      const [trueP, trueS] = grad(g)(p, 0.5);
      near(byP.w, trueP.w.flat(), 1e-6);
      assert.ok(byP.b instanceof Float64Array);
      near([...byP.b], [...trueP.b], 1e-6);
      assert.equal(byP.name, null);
      near(byS, [trueS], 1e-6);
      near(finiteDifference.gradient(g, { scheme, wrt: 1 })(p, 0.5), [trueS], 1e-6);
      near(finiteDifference.gradient(g, { scheme, wrt: [1] })(p, 0.5), [trueS], 1e-6);
    }
    assert.deepEqual(p.w, [[1, 2], [0.3]]);
  });

  it("takes the step that it is given", () => {
    const square = (x: number) => x * x;
    assert.equal(finiteDifference.gradient(square, { scheme: "forward", step: 0.5 })(1), 2.5);
    assert.equal(finiteDifference.gradient(square, { scheme: "central", step: () => 0.5 })(1), 2);
    assert.equal(finiteDifference.gradient(square, { scheme: "forward", step: 1e-30 })(1), 0);
  });

  it("is right for functions that write to their arguments, or give the same array each time", () => {
    const sorted = (x: number[]) => {
      x.sort((a, b) => a - b);
      return x[0] ** 2 + 3 * x[1];
    };
    near(finiteDifference.gradient(sorted)([2, 1]), [3, 2], 1e-9);
    const buffer = [0, 0];
    const reused = (x: number) => {
      buffer[0] = x * x;
      buffer[1] = 3 * x;
      return buffer;
    };
    near(finiteDifference.derivative(reused)(2), [4, 3], 1e-9);
    near(finiteDifference.derivative(reused, { scheme: "forward" })(2), [4, 3], 1e-6);
  });

  it("steps into the complex plane through branches, kinks and every kind of function", () => {
    const h = (x: number, y: number) =>
      Math.max(x, y) * Math.abs(x - 5) +
      Math.hypot(x, y) ** 3 +
      Math.atan2(y, x) +
      Math.floor(y) * Math.log1p(x);
    near(finiteDifference.gradient(h, { scheme: "complex" })(1.2, 2.3), grad(h)(1.2, 2.3) as number[], 1e-14);
  });

  it("says what it expected", () => {
    assert.throws(
      () => finiteDifference.gradient(3 as never),
      /expects a function to differentiate; .*|got 3/,
    );
    assert.throws(
      () => finiteDifference.gradient(f, { scheme: "backward" as never }),
      /no scheme "backward"; it knows forward, central, complex/,
    );
    assert.throws(() => finiteDifference.gradient(f, { steps: 1 } as never), /no option "steps"/);
    assert.throws(
      () => finiteDifference.gradient(f, { step: 0 }),
      /expects a step other than 0; got 0|got 0;/,
    );
    assert.throws(
      () => finiteDifference.gradient(((x: number) => [x]) as never)(1 as never),
      /expects a function that returns a number/,
    );
    assert.throws(
      () => finiteDifference.gradient(f)(...([2] as unknown as [number, number])),
      /expects 2 arguments/,
    );
    assert.throws(() => finiteDifference.gradient(f, { wrt: 2 })(2, 3), /wrt/);
  });
});

describe("finiteDifference.derivative and .jacobian", () => {
  it("have the shape of f's result, and rows for outputs", () => {
    const curve = (t: number) => ({ at: [Math.cos(t), Math.sin(t)] });
    near(
      finiteDifference.derivative(curve, { scheme: "complex" })(0.3).at,
      [-Math.sin(0.3), Math.cos(0.3)],
      1e-15,
    );
    const g = (x: number[], s: number) => [x[0] * x[1] * s, x[1] - s];
    const expected = jacobian(g)([2, 3], 4);
    for (const scheme of ["forward", "central", "complex"] as const) {
      const got = finiteDifference.jacobian(g, { scheme })([2, 3], 4);
      assert.deepEqual([got.length, got[0].length], [2, 3]);
      near(got, expected.flat(), 1e-6);
    }
  });
});
