/**
 * The conventions where the derivative does not exist, one by one, and numbers at the ends of the range.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Algebra, type PrimitiveName, strongProduct, table } from "#lib/rules/index.js";
import { derivativesAt } from "./dual.ts";
import { gradientOf, hessianOf } from "./walk.ts";

const gradient = (name: PrimitiveName, ...x: number[]) => gradientOf(table[name], x);
const hessian = (name: PrimitiveName, ...x: number[]) => hessianOf(table[name], x);
const near = (got: number, want: number, tolerance = 1e-14) =>
  assert.ok(Math.abs(got - want) <= tolerance * Math.abs(want), `${got}, not ${want}`);

describe("conventions", () => {
  it("abs'(0) = 0, for both zeros", () => {
    assert.equal(gradient("abs", 0)[0], 0);
    assert.ok(gradient("abs", -0)[0] === 0);
    assert.deepEqual(gradient("abs", -3), [-1]);
  });

  it("max and min share equally among ties", () => {
    assert.deepEqual(gradient("max", 2, 2), [0.5, 0.5]);
    assert.deepEqual(gradient("max", 0, -0), [0.5, 0.5]);
    assert.deepEqual(gradient("min", 0, -0), [0.5, 0.5]);
    assert.deepEqual(gradient("max", 5, 1, 5, 5), [1 / 3, 0, 1 / 3, 1 / 3]);
    assert.deepEqual(gradient("min", 5, 1, 5, 1), [0, 0.5, 0, 0.5]);
    assert.deepEqual(gradient("max", Infinity, Infinity, 0), [0.5, 0.5, 0]);
    assert.deepEqual(gradient("max", 3, 1), [1, 0]);
    assert.deepEqual(gradient("min", 3, 1), [0, 1]);
  });

  it("max and min of one operand are that operand, of none a constant", () => {
    assert.deepEqual(gradient("max", 3), [1]);
    assert.deepEqual(gradient("min", -3), [1]);
    assert.deepEqual(gradient("max"), []);
    assert.deepEqual(gradient("hypot"), []);
    assert.deepEqual(gradient("logsumexp"), []);
  });

  it("relu by max is ½ at 0", () => {
    assert.equal(gradient("max", 0, 0)[0], 0.5);
  });

  it("max and min of NaN have slopes NaN", () => {
    assert.deepEqual(gradient("max", 1, Number.NaN), [Number.NaN, Number.NaN]);
    assert.deepEqual(gradient("min", 1, Number.NaN, 2), [Number.NaN, Number.NaN, Number.NaN]);
  });

  it("sqrt'(0) and cbrt'(0) are Infinity", () => {
    assert.deepEqual(gradient("sqrt", 0), [Infinity]);
    assert.deepEqual(gradient("cbrt", 0), [Infinity]);
    assert.deepEqual(gradient("pow", 0, 0.5)[0], Infinity);
    assert.deepEqual(gradient("sqrt", -1), [Number.NaN]);
  });

  it("an infinite slope has the sign of the zero", () => {
    for (const name of ["sqrt", "log"] as const) {
      assert.deepEqual(gradient(name, 0), [Infinity]);
      assert.deepEqual(gradient(name, -0), [-Infinity]);
    }
  });

  it("steps have slope 0, at their jumps too", () => {
    for (const name of ["floor", "ceil", "round", "sign", "trunc", "clz32"] as const)
      for (const x of [0, -0, 0.5, -0.5, 1, 2.5, 1e300, Infinity]) assert.deepEqual(gradient(name, x), [0]);
    assert.deepEqual(gradient("imul", 3, 4), [0, 0]);
  });

  it("fround has slope 1", () => {
    assert.deepEqual(gradient("fround", 0.1), [1]);
  });

  it("hypot and atan2 have gradient 0 at the origin", () => {
    assert.deepEqual(gradient("hypot", 0, 0), [0, 0]);
    assert.deepEqual(gradient("hypot", 0, -0, 0), [0, 0, 0]);
    assert.deepEqual(gradient("atan2", 0, 0), [0, 0]);
    assert.deepEqual(gradient("atan2", -0, -0), [0, 0]);
    assert.deepEqual(hessian("hypot", 0, 0), [
      [0, 0],
      [0, 0],
    ]);
  });

  it("x % y is x - y·trunc(x/y)", () => {
    assert.deepEqual(gradient("rem", 7, 2), [1, -3]);
    assert.deepEqual(gradient("rem", -7, 2), [1, 3]);
    assert.deepEqual(gradient("rem", 7, -2), [1, 3]);
    assert.ok(gradient("rem", 1, 2)[1] === 0);
    assert.ok(gradient("rem", 3, Infinity)[1] === 0);
    // 0.1 is a little more than a tenth: nine fit into 1, although 1 / 0.1 rounds to 10.
    assert.deepEqual(gradient("rem", 1, 0.1), [1, -9]);
  });

  it("a zero factor makes a zero product", () => {
    for (const odd of [Infinity, -Infinity, Number.NaN]) {
      assert.equal(strongProduct(0, odd), 0);
      assert.equal(strongProduct(odd, 0), 0);
      assert.equal(strongProduct(-0, odd), 0);
    }
    assert.equal(strongProduct(2, -3), -6);
    assert.equal(strongProduct(2, Infinity), Infinity);
    assert.ok(Number.isNaN(strongProduct(2, Number.NaN)));
  });

  it("logsumexp passes over operands of -Infinity, and over all of them", () => {
    assert.deepEqual(gradient("logsumexp", -Infinity, 3), [0, 1]);
    assert.deepEqual(gradient("logsumexp", -Infinity, -Infinity), [0, 0]);
  });

  it("xlogy and xlog1py have second partial 0 where both factors vanish", () => {
    assert.deepEqual(gradient("xlogy", 0, 0), [-Infinity, 0]);
    assert.deepEqual(gradient("xlog1py", 0, -1), [-Infinity, 0]);
    assert.equal(table.xlogy.value(0, 0), 0);
    assert.ok(Number.isNaN(table.xlogy.value(0, Number.NaN)));
  });

  it("an order has no derivative", () => {
    assert.ok(Number.isNaN(gradient("polygamma", 1, 2)[0]));
  });
});

describe("x ** n with an integer n is a polynomial everywhere", () => {
  const power =
    (n: number) =>
    <T>(A: Algebra<T>, x: T) =>
      A.pow(x, A.constant(n));
  const falling = (n: number, k: number) =>
    Array.from({ length: k }, (_, j) => n - j).reduce((p, f) => p * f, 1);

  for (const n of [0, 1, 2, 3, 4])
    it(`n = ${n}, to fifth order, at 0 and at negative numbers`, () => {
      for (const x of [0, -0, -1, -2, 3, 5e-324, -1e-310]) {
        const expected = [0, 1, 2, 3, 4, 5].map((k) => (k > n ? 0 : falling(n, k) * x ** (n - k)));
        derivativesAt(power(n), x, 5).forEach((got, k) => {
          assert.ok(got === expected[k], `derivative ${k} of x ** ${n} at ${x}: ${got}, not ${expected[k]}`);
        });
      }
    });

  it("and with a negative n a rational function", () => {
    for (const x of [-2, 3])
      for (const [k, got] of derivativesAt(power(-2), x, 4).entries())
        near(got, falling(-2, k) * x ** (-2 - k));
  });

  it("x ** y at x = 0 has slope 0 in y for y ≥ 0, and at x < 0 NaN", () => {
    for (const y of [0, 0.5, 1, 2, Infinity]) assert.equal(gradient("pow", 0, y)[1], 0);
    assert.deepEqual(gradient("pow", 0, 0), [0, 0]);
    for (const y of [0, 2, 3]) assert.ok(Number.isNaN(gradient("pow", -2, y)[1]));
    assert.equal(gradient("pow", 0, -1)[1], -Infinity);
  });

  it("x ** 0 keeps its mixed derivative 1/x", () => {
    assert.equal(hessian("pow", 4, 0)[0][1], 0.25);
    near(hessian("pow", 4, 0)[1][0], 0.25);
  });
});

describe("a partial is right wherever the result is a double", () => {
  it("quotient", () => {
    near(gradient("div", 1e200, 1e200)[1], -1e-200);
    near(gradient("div", 1e-200, 1e-200)[1], -1e200);
  });

  it("hypot and atan2", () => {
    near(gradient("hypot", 1e200, 1e200)[0], Math.SQRT1_2);
    near(gradient("hypot", 3e-200, 4e-200)[1], 0.8);
    near(gradient("atan2", 1e200, 1e200)[0], 0.5e-200);
    near(gradient("atan2", 1e-200, 1e-200)[1], -0.5e200);
  });

  it("tanh far out", () => {
    near(gradient("tanh", 20)[0], 4 * Math.exp(-40));
    near(gradient("tanh", -350)[0], 4 * Math.exp(-700), 1e-13);
    assert.deepEqual(gradient("tanh", 1000), [0]);
    near(hessian("tanh", 300)[0][0], -8 * Math.exp(-600), 1e-13);
  });

  it("inverse functions", () => {
    near(gradient("asinh", -1e200)[0], 1e-200);
    near(gradient("acosh", 1e200)[0], 1e-200);
    near(gradient("log10", 1e308)[0], Math.LOG10E / 1e308);
    near(gradient("acos", 1 - 2 ** -50)[0], -1 / Math.sqrt(2 ** -49 - 2 ** -100));
    assert.deepEqual(gradient("acos", 1), [-Infinity]);
    assert.deepEqual(gradient("asin", -1), [Infinity]);
    assert.deepEqual(gradient("atanh", 1), [Infinity]);
    assert.ok(Number.isNaN(gradient("asin", 2)[0]));
    assert.ok(Number.isNaN(gradient("acosh", -2)[0]));
  });

  it("exponentials", () => {
    near(gradient("expm1", -40)[0], Math.exp(-40));
    near(gradient("logistic", 40)[0], Math.exp(-40));
    near(gradient("log1mexp", -1e-9)[0], -1e9 + 0.5, 1e-9);
    assert.deepEqual(gradient("exp", -Infinity), [0]);
    assert.deepEqual(
      gradient("logsumexp", 1000, 1000).map((s) => Math.round(s * 1e12) / 1e12),
      [0.5, 0.5],
    );
  });
});

describe("NaN and the infinities", () => {
  const steps = Object.values(table).filter(({ kind }) => kind === "step" || kind === "linear");

  it("NaN as an operand never gives a number for its own slope, but where the slope is constant", () => {
    for (const rule of Object.values(table)) {
      if (steps.includes(rule) || rule.kind === "bilinear") continue;
      const count = rule.arity === "variadic" ? 2 : rule.arity;
      const x = Array.from({ length: count }, () => Number.NaN);
      gradientOf(rule, x).forEach((slope, k) => {
        if (rule.name === "rem" && k === 0) return;
        assert.ok(Number.isNaN(slope), `${rule.name}: ${slope}`);
      });
    }
  });

  it("no row throws, whatever its operands are", () => {
    const anyNumber = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -0, 1, -1, 2, Infinity, -Infinity, Number.NaN, 5e-324, 1.7e308),
    );
    for (const rule of Object.values(table)) {
      const count = rule.arity === "variadic" ? 3 : rule.arity;
      fc.assert(
        fc.property(fc.tuple(...Array.from({ length: count }, () => anyNumber)), (x) => {
          for (const slope of gradientOf(rule, x)) assert.equal(typeof slope, "number");
        }),
      );
    }
  });
});
