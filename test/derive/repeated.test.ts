/**
 * One derivative called again and again: the program that served the last call is asked first, and has to see whatever
 * has changed since.
 */
import assert from "node:assert/strict";
import { derivative, grad, jvp, valueAndGrad } from "wengert";

describe("a derivative that is called again", () => {
  it("sees variables that have changed", () => {
    let factor = 2;
    const slope = grad((x: number) => factor * x * x);
    assert.equal(slope(3), 12);
    factor = 5;
    assert.equal(slope(3), 30);
    factor = "3" as never;
    assert.equal(slope(3), 18);
    factor = 2;
    assert.equal(slope(3), 12);
  });
  it("sees functions that have been replaced", () => {
    let inner = (x: number) => x * x;
    const slope = grad((x: number) => inner(x));
    assert.equal(slope(3), 6);
    inner = (x) => x * x * x;
    assert.equal(slope(3), 27);
    const tools = { inner: (x: number) => 5 * x };
    const other = grad((x: number) => tools.inner(x));
    assert.equal(other(3), 5);
    tools.inner = (x) => 7 * x;
    assert.equal(other(3), 7);
  });
  it("sees what a list outside holds", () => {
    const weights = [1, 2];
    const slope = grad((x: number[]) => x[0] * weights[0] + x[1] * weights[1]);
    assert.deepEqual(slope([1, 1]), [1, 2]);
    weights[1] = 7;
    assert.deepEqual(slope([1, 1]), [1, 7]);
  });
  it("keeps closures of one place apart", () => {
    const make = (a: number) => {
      const scaled = (x: number) => a * x;
      return (x: number) => scaled(x) * x;
    };
    const [two, three] = [grad(make(2)), grad(make(3))];
    for (let k = 0; k < 3; k++) assert.deepEqual([two(1), three(1)], [4, 6]);
  });
  it("serves arguments of other kinds", () => {
    const sum = valueAndGrad((x: ArrayLike<number>) => {
      let s = 0;
      for (let k = 0; k < x.length; k++) s += x[k] * x[k];
      return s;
    });
    assert.deepEqual(sum([1, 2]), { value: 5, gradient: [2, 4] });
    assert.deepEqual(sum(Float64Array.of(1, 2)).gradient, Float64Array.of(2, 4));
    assert.deepEqual(sum([1, 2, 3]), { value: 14, gradient: [2, 4, 6] });
    assert.throws(() => sum([]), /holds no number to differentiate by/);
    let reads = 0;
    const proxy = new Proxy([1, 2], {
      get(target, key) {
        if (key === "0") reads++;
        return target[key as never];
      },
    });
    assert.deepEqual(sum(proxy).value, 5);
    assert.ok(reads > 0, "the traps of a proxy run");
    assert.deepEqual(sum([1, 2]), { value: 5, gradient: [2, 4] });
  });
  it("serves more and fewer arguments", () => {
    const slopes = grad((x: number, y: number) => x * y) as (...args: number[]) => unknown;
    assert.deepEqual(slopes(2, 3), [3, 2]);
    assert.deepEqual(slopes(2, 3, 4), [3, 2, 0]);
    assert.throws(() => slopes(2), /expects 2 arguments/);
    assert.deepEqual(slopes(2, 3), [3, 2]);
  });
  it("goes on after an error of the function", () => {
    const root = derivative((x: number) => {
      if (x < 0) throw new RangeError("negative");
      return Math.sqrt(x);
    });
    assert.equal(root(4), 0.25);
    assert.throws(() => root(-1), /negative/);
    assert.equal(root(4), 0.25);
    assert.equal(root(0), Number.POSITIVE_INFINITY);
  });
  it("takes new directions each time", () => {
    const along = jvp((x: number[], y: number) => x[0] * x[1] * y);
    assert.equal(along([[2, 3], 4], [[1, 0], 0]).tangent, 12);
    assert.equal(along([[2, 3], 4], [[0, 1], 0]).tangent, 8);
    assert.equal(along([[2, 3], 4], [[0, 0], 1]).tangent, 6);
  });
  it("sees what other evaluations leave in variables", () => {
    let cache = [1];
    const slope = grad((x: number) => x * cache[0]);
    const leak = (x: number) => {
      cache[0] = x * x;
      return x;
    };
    assert.equal(slope(2), 1);
    for (let k = 0; k < 2; k++) {
      const mine = [4];
      cache = mine;
      assert.equal(slope(2), 4);
      assert.equal(slope(2), 4);
      grad(leak)(3);
      assert.throws(() => slope(2), /an earlier derivative evaluation left/);
      cache = [5];
      assert.equal(slope(2), 5);
      cache = mine;
      assert.throws(() => slope(2), /an earlier derivative evaluation left/);
      grad(leak)(3);
    }
  });
});
