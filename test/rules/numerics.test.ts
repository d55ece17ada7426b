/**
 * The functions that numerics needs: identities, seams between formulas, and the ends of their domains. (Their values
 * against numbers of many digits are among the references.)
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  digamma,
  erf,
  erfc,
  lgamma,
  log1mexp,
  log1pexp,
  logistic,
  logit,
  logsumexp,
  polygamma,
  xlog1py,
  xlogy,
} from "#lib/rules/index.js";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

function close(got: number, want: number, tolerance: number, what = "") {
  assert.ok(got === want || Math.abs(got - want) <= tolerance, `${what} ${got}, not ${want}`);
}

describe("erf and erfc", () => {
  it("are odd, and add up to one", () => {
    fc.assert(
      fc.property(between(-8, 8), (x) => {
        assert.equal(erf(-x), -erf(x));
        close(erf(x) + erfc(x), 1, 4e-16, `erf + erfc at ${x}:`);
      }),
    );
  });
  it("have their limits", () => {
    assert.deepEqual([-Infinity, 0, Infinity].map(erf), [-1, 0, 1]);
    assert.deepEqual([-Infinity, 0, Infinity].map(erfc), [2, 1, 0]);
    assert.ok(Object.is(erf(-0), -0));
    assert.ok(Number.isNaN(erf(Number.NaN)) && Number.isNaN(erfc(Number.NaN)));
  });
  it("have no step where one series hands over to the next", () => {
    const nextAfter = (x: number) => x * (1 + 2 ** -52);
    for (const seam of [0.5, 1, 6, 30]) {
      close(erf(nextAfter(seam)), erf(seam), 4e-16);
      close(erfc(nextAfter(seam)), erfc(seam), 4e-16);
    }
  });
});

describe("lgamma, digamma and polygamma", () => {
  it("step up by their recurrences", () => {
    fc.assert(
      fc.property(between(0.01, 30), (x) => {
        const size = 1 + Math.abs(lgamma(x)) + Math.abs(Math.log(x));
        close(lgamma(x + 1), lgamma(x) + Math.log(x), 1e-14 * size, `lgamma(${x} + 1):`);
        close(digamma(x + 1), digamma(x) + 1 / x, 1e-14 * (1 + 1 / x), `digamma(${x} + 1):`);
        close(
          polygamma(1, x + 1),
          polygamma(1, x) - x ** -2,
          1e-14 * (1 + x ** -2),
          `polygamma(1, ${x} + 1):`,
        );
      }),
    );
  });
  it("know the factorials", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      factorial *= n;
      close(lgamma(n + 1), Math.log(factorial), 4e-15 * (1 + Math.log(factorial)), `lgamma(${n} + 1):`);
    }
    assert.ok(lgamma(1) === 0 && lgamma(2) === 0);
    close(lgamma(0.5), Math.log(Math.PI) / 2, 2e-16);
  });
  it("know constants", () => {
    close(digamma(1), -0.5772156649015329, 2e-16);
    close(polygamma(1, 1), Math.PI ** 2 / 6, 5e-16);
    close(polygamma(3, 0.5), Math.PI ** 4, 1e-13);
    assert.equal(polygamma(0, 2.5), digamma(2.5));
  });
  it("have poles", () => {
    for (const x of [0, -0, -1, -2, -1e15]) assert.equal(lgamma(x), Infinity);
    for (const x of [-1, -2, -1e15]) assert.ok(Number.isNaN(digamma(x)) && Number.isNaN(polygamma(1, x)));
    assert.deepEqual([digamma(0), digamma(-0)], [-Infinity, Infinity]);
  });
  it("go on to the ends of the range", () => {
    assert.equal(lgamma(Infinity), Infinity);
    assert.equal(digamma(Infinity), Infinity);
    assert.equal(polygamma(2, Infinity), 0);
    close(lgamma(1e300) / (1e300 * (Math.log(1e300) - 1)), 1, 1e-15);
    assert.ok([lgamma, digamma].every((f) => Number.isNaN(f(Number.NaN))));
    for (const order of [-1, 0.5, 172, Infinity, Number.NaN]) assert.ok(Number.isNaN(polygamma(order, 2)));
  });
});

describe("exponentials and logarithms put together", () => {
  it("logistic and logit undo each other", () => {
    fc.assert(
      fc.property(between(-30, 15), (x) => {
        close(logit(logistic(x)), x, 1e-9 * Math.max(1, Math.exp(x - 15)) + 1e-14 * Math.abs(x));
        close(logistic(x) + logistic(-x), 1, 3e-16);
      }),
    );
  });
  it("log1pexp and log1mexp are what their names say", () => {
    fc.assert(
      fc.property(between(-30, 30), (x) => {
        close(log1pexp(x), Math.log(1 + Math.exp(x)), 1e-15 * Math.max(1, Math.abs(x)));
        if (x < -0.01) close(log1mexp(x), Math.log(1 - Math.exp(x)), 1e-13);
      }),
    );
    assert.deepEqual([-Infinity, 1000, Infinity].map(log1pexp), [0, 1000, Infinity]);
    assert.equal(log1mexp(0), -Infinity);
    assert.ok(Number.isNaN(log1mexp(0.1)));
  });
  it("logsumexp neither overflows nor loses small sums, and shifts with its operands", () => {
    close(logsumexp(1000, 1000), 1000 + Math.LN2, 1e-12);
    close(logsumexp(0, -40), Math.exp(-40), 1e-33);
    assert.equal(logsumexp(), -Infinity);
    assert.equal(logsumexp(3), 3);
    assert.equal(logsumexp(-Infinity, 3), 3);
    assert.equal(logsumexp(Infinity, -Infinity), Infinity);
    assert.ok(Number.isNaN(logsumexp(1, Number.NaN)));
    fc.assert(
      fc.property(between(-9, 9), between(-9, 9), between(-9, 9), (x, y, shift) => {
        close(logsumexp(x + shift, y + shift), logsumexp(x, y) + shift, 1e-14);
      }),
    );
  });
  it("xlogy and xlog1py vanish with their first operand", () => {
    assert.deepEqual([xlogy(0, 0), xlogy(0, -1), xlogy(0, Infinity), xlog1py(0, -1)], [0, 0, 0, 0]);
    close(xlogy(2, 3), 2 * Math.log(3), 0);
    close(xlog1py(2, 1e-20), 2e-20, 1e-35);
  });
});
