// Evaluations and levels: nothing stays open after an error on any level; f runs once, with the effects of a plain call.

import assert from "node:assert/strict";
import { derivative, grad, hessian, hvp, jacobian, jvp, trace, valueAndGrad, vjp } from "wengert";
import { recorder } from "#lib/tape/recorder.js";

function isIdle(): void {
  assert.equal(recorder.session, 0);
  assert.equal(recorder.on, false);
  assert.equal(recorder.mode, 0);
  assert.equal(recorder.levels.length, 0);
  assert.equal(recorder.trace, null);
  assert.equal(recorder.h, 0);
  assert.equal(recorder.list.length, 1);
}

const calls: Readonly<Record<string, (f: (x: number) => number) => unknown>> = {
  derivative: (f) => derivative(f)(2),
  grad: (f) => grad(f)(2),
  valueAndGrad: (f) => valueAndGrad(f)(2),
  jvp: (f) => jvp(f)([2], [1]),
  vjp: (f) => vjp(f)(2).pullback(1),
  jacobian: (f) => jacobian(f)(2),
  hessian: (f) => hessian(f)(2),
  hvp: (f) => hvp(f)(2, 1),
  trace: (f) => trace(f)(2),
  "a gradient of a derivative": (f) => grad((x: number) => x * derivative((y: number) => f(x * y))(x))(2),
  "three levels": (f) => grad(derivative(derivative(f)))(2),
};

describe("evaluations", () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`${name}: f runs once, its effects in order`, () => {
      const effects: string[] = [];
      const say = (text: string) => void effects.push(text);
      call((x) => {
        say("begin");
        const y = x * x;
        say(`between ${y > 3}`);
        const list = [1, 2].map((k) => {
          say(`callback ${k}`);
          return k * y;
        });
        say("end");
        return list[0] + list[1];
      });
      assert.deepEqual(effects, ["begin", "between true", "callback 1", "callback 2", "end"]);
      isIdle();
    });

    it(`${name}: nothing stays open when f throws`, () => {
      class Own extends Error {}
      const outside = { last: 0, list: [0] };
      assert.throws(
        () =>
          call((x) => {
            outside.last = x * 3;
            outside.list[0] = x * x;
            throw new Own("on purpose");
          }),
        Own,
      );
      isIdle();
      assert.equal(typeof outside.last, "number");
      assert.equal(typeof outside.list[0], "number");
      assert.equal(grad((x: number) => x * x)(3), 6);
    });

    it(`${name}: nothing stays open when the stack ends`, () => {
      const endless = (x: number): number => endless(x * 0.5) + x;
      assert.throws(() => call(endless), RangeError);
      isIdle();
    });
  }

  it("an error of an inner level that is caught leaves the outer as it was", () => {
    const f = (x: number) => {
      let y = x * x;
      try {
        y += grad((z: number): number => {
          if (z > 0) throw new Error("inner");
          return z * x;
        })(x);
      } catch {
        y *= 3;
      }
      return y * x;
    };
    assert.equal(grad(f)(2), 36);
    assert.equal(derivative(f)(2), 36);
    isIdle();
  });

  it("refusals leave nothing open", () => {
    assert.throws(() => grad(((x: number) => [x, x]) as never)(2 as never), /jacobian/);
    assert.throws(() => grad((x: number) => Number(JSON.stringify({ x })[5]))(2), /text/);
    assert.throws(() => jvp((x: number[]) => x[0] * 2)([[1, 2]], [[1]] as never), /shape/);
    isIdle();
  });

  it("levels know their own inputs alone", () => {
    const f = (x: number) => x * derivative((y: number) => x + y)(x);
    assert.equal(derivative(f)(1), 1);
    assert.equal(grad((x: number) => derivative((y: number) => x * y * y)(3 * x))(2), 24);
    let g: (x: number) => number = (x) => x ** 5;
    const values = [32];
    for (let k = 0; k < 4; k++) {
      const before = g;
      g = derivative(before) as (x: number) => number;
      values.push(g(2));
    }
    assert.deepEqual(values, [32, 80, 160, 240, 240]);
    isIdle();
  });

  it("a plain call is no evaluation", () => {
    const f = (x: number) => {
      assert.equal(recorder.session, 0);
      return x * x;
    };
    assert.equal(f(3), 9);
    assert.throws(() => grad(f)(3), /0/);
    isIdle();
  });
});
