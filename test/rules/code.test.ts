/**
 * The algebra of texts: what is written down means what the algebra of numbers computes, and reads well.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Algebra,
  algebraOf,
  codeAlgebra,
  codeAlgebraWith,
  numberAlgebra,
  numeral,
  type PrimitiveName,
  type Rule,
  table,
} from "#lib/rules/index.js";
import { binding, bindingOf, infix, prefix } from "#lib/rules/syntax.js";

const rows: readonly Rule[] = Object.values(table);
const scope = Object.fromEntries(rows.map(({ name, value }) => [name, value]));

/** The value of an expression in which numbers have names. */
function evaluate(text: string, names: Record<string, number>): number {
  const known = { ...scope, ...names };
  return new Function(...Object.keys(known), `"use strict"; return ${text};`)(...Object.values(known));
}

/** The same number to rounding, where NaN and infinities may become the zero that a strong zero makes of them. */
function agree(written: number, computed: number): boolean {
  if (!Number.isFinite(computed)) return true;
  return written === computed || Math.abs(written - computed) <= 1e-12 * Math.abs(computed);
}

describe("partials written down", () => {
  for (const rule of rows)
    it(`${rule.name}: as computed, at each point of its domain`, () => {
      const within = ([min, max]: readonly [number, number]) => fc.double({ min, max, noNaN: true });
      const operands =
        rule.arity === "variadic"
          ? fc.array(within(rule.domain.ranges[0]), { minLength: 1, maxLength: 4 })
          : fc.tuple(...rule.domain.ranges.map(within));
      const check = (x: readonly number[]) => {
        const names = x.map((_, k) => `x${k}`);
        const values = Object.fromEntries(x.map((operand, k) => [names[k], operand]));
        const y = rule.value(...x);
        const computed = rule.partials(numberAlgebra, y, ...x);
        // Operands as names, and as numbers that the algebra can work with.
        for (const texts of [names, x.map(numeral)])
          rule.partials(codeAlgebra, "y", ...texts).forEach((text, k) => {
            const written = evaluate(text, { ...values, y });
            assert.ok(
              agree(written, computed[k]),
              `${rule.name}(${x}): ${text} is ${written}, not ${computed[k]}`,
            );
          });
      };
      for (const point of rule.domain.points) check(point);
      fc.assert(fc.property(operands, check), { numRuns: 40 });
    });

  it("read well", () => {
    const written = (name: PrimitiveName, ...x: string[]) => table[name].partials(codeAlgebra, "y", ...x);
    assert.deepEqual(written("mul", "a", "b"), ["b", "a"]);
    assert.deepEqual(written("div", "a", "b"), ["1 / b", "-(y / b)"]);
    assert.deepEqual(written("sin", "a + b"), ["Math.cos(a + b)"]);
    assert.deepEqual(written("cos", "a"), ["-Math.sin(a)"]);
    assert.deepEqual(written("exp", "a"), ["y"]);
    assert.deepEqual(written("log", "a * b"), ["1 / (a * b)"]);
    assert.deepEqual(written("log2", "a"), ["Math.LOG2E / a"]);
    assert.equal(written("pow", "a", "2")[0], "2 * a");
    assert.equal(written("pow", "a", "3")[0], "3 * a ** 2");
    assert.equal(written("pow", "a", "1")[0], "1");
    assert.equal(written("pow", "a", "0")[0], "0");
    assert.equal(written("pow", "a", "-1")[0], "-(a ** -2)");
    assert.equal(written("pow", "-a", "0.5")[0], "0.5 * (-a) ** -0.5");
    assert.equal(written("pow", "2", "a")[1], "y * Math.log(2)");
    assert.deepEqual(written("tanh", "a"), ["Math.abs(y) < 0.99 ? 1 - y * y : (1 / Math.cosh(a)) ** 2"]);
    assert.equal(written("max", "a", "0")[0], "a > 0 ? 1 : a < 0 ? 0 : a === 0 ? 0.5 : NaN");
    assert.deepEqual(written("max", "a"), ["1"]);
    assert.deepEqual(written("hypot", "a", "b"), ["y === 0 ? 0 : a / y", "y === 0 ? 0 : b / y"]);
    assert.deepEqual(written("log1pexp", "a"), ["logistic(a)"]);
  });

  it("give a name to what is used more than once, where there is a place for it", () => {
    const lines: string[] = [];
    const A = codeAlgebraWith((value, name) => {
      lines.push(`const ${name} = ${value};`);
      return name;
    });
    assert.deepEqual(table.atan2.partials(A, "r", "y", "x"), [
      "h === 0 ? 0 : x / h / h",
      "h === 0 ? 0 : -(y / h / h)",
    ]);
    assert.deepEqual(lines, ["const h = Math.hypot(y, x);"]);
  });
});

describe("the algebra of texts", () => {
  type Formula = <T>(A: Algebra<T>, variables: readonly T[]) => T;
  const names = ["a", "b", "c"];
  const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
    formula: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      fc.constantFrom(0, 1, 2).map<Formula>((k) => (_A, variables) => variables[k]),
      fc.constantFrom(0, 1, -1, 2, -3, 0.5, 1e21, 1e-7, Math.PI).map<Formula>((c) => (A) => A.constant(c)),
      fc
        .tuple(
          fc.constantFrom<PrimitiveName>("add", "sub", "mul", "div", "rem", "pow", "atan2"),
          tie("formula"),
          tie("formula"),
        )
        .map<Formula>(
          ([name, p, q]) =>
            (A, v) =>
              A.call(name, p(A, v), q(A, v)),
        ),
      fc.tuple(fc.constantFrom<PrimitiveName>("neg", "sin", "abs", "logistic"), tie("formula")).map<Formula>(
        ([name, p]) =>
          (A, v) =>
            A.call(name, p(A, v)),
      ),
      fc
        .tuple(fc.constantFrom("lt", "ge", "eq", "ne"), tie("formula"), tie("formula"))
        .map<Formula>(([name, p, q]) => <T>(A: Algebra<T>, v: readonly T[]) => {
          const test = A.compare(name as "lt", p(A, v), q(A, v));
          return A.select(
            A.and(test, A.le(v[0], v[1])),
            () => p(A, v),
            () => q(A, v),
          );
        }),
    ),
  }));

  it("means what the algebra of numbers computes, with every parenthesis it needs", () => {
    // Whole powers of two keep every result exact enough to compare, and no branch hangs on rounding.
    const value = fc.constantFrom(-4, -2, -1, -0.5, 0.25, 0.5, 1, 2, 3, 8);
    fc.assert(
      fc.property(formula as fc.Arbitrary<Formula>, fc.tuple(value, value, value), (f, values) => {
        let usual = true;
        const watched = algebraOf<number>({
          constant: (x) => x,
          call: (name, ...operands) => {
            const result = numberAlgebra.call(name, ...operands);
            usual &&= Number.isFinite(result) && !Object.is(result, -0);
            return result;
          },
          primal: (x) => x,
        });
        const computed = f(watched, values);
        // Strong zeros have no sign and swallow infinities, so there the two may differ.
        if (!usual) return;
        const text = f(codeAlgebra, names);
        const written = evaluate(text, Object.fromEntries(names.map((name, k) => [name, values[k]])));
        assert.ok(agree(written, computed), `${text} at ${values} is ${written}, not ${computed}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("works out what is known", () => {
    const A = codeAlgebra;
    assert.equal(A.add("x", "0"), "x");
    assert.equal(A.mul("1", "x + y"), "x + y");
    assert.equal(A.mul("x", "-1"), "-x");
    assert.equal(A.mul("0", "x"), "0");
    assert.equal(A.div("x", "1"), "x");
    assert.equal(A.sub("0", "x"), "-x");
    assert.equal(A.neg("-x"), "x");
    assert.equal(A.neg("x - y"), "-(x - y)");
    assert.equal(A.add("x", "-y"), "x - y");
    assert.equal(A.sub("x", "-y * z"), "x - -y * z");
    assert.equal(A.sub("2", "1"), "1");
    assert.equal(A.mul("x + 1", "x + 1"), "(x + 1) ** 2");
    assert.equal(A.mul("x", "x"), "x * x");
    assert.equal(A.lt("1", "2"), "true");
    assert.equal(A.and(A.lt("1", "2"), A.lt("x", "2")), "x < 2");
    assert.equal(
      A.select(
        "x < 2",
        () => "y",
        () => "y",
      ),
      "y",
    );
  });

  it("writes numbers that read back", () => {
    fc.assert(fc.property(fc.double(), (x) => Object.is(evaluate(numeral(x), {}), x)));
    assert.equal(numeral(Math.LN2), "Math.LN2");
    assert.equal(numeral(-0), "-0");
  });
});

describe("how tightly texts bind", () => {
  // biome-ignore format: a table
  const texts: [string, number][] = [
    ["x", binding.atom], ["x1.y[i + 1]", binding.atom], ["f(a + b)", binding.atom], ["1e-5", binding.atom],
    ["1.5E+10", binding.atom], ["(a + b)", binding.atom], ["Math.sin(x)(y)", binding.atom], ["a?.b", binding.atom],
    ['"a + b"', binding.atom], ["x̄", binding.atom], ["xBar", binding.atom], ["w̃ + y", binding.sum],
    ["a ** b", binding.power], ["-x", binding.unary], ["-5", binding.unary], ["!x", binding.unary],
    ["a * b", binding.product], ["a % -b", binding.product], ["a + b * c", binding.sum], ["a-b", binding.sum],
    ["a * -b", binding.product], ["1e-5-x", binding.sum], ["a < b", binding.relation], ["a >= b + c", binding.relation],
    ["a === b", binding.equality], ["a && b", binding.and], ["a || b && c", binding.or], ["a ?? b", binding.or],
    ["a ? b : c", binding.choice], ["a, b", binding.other], ["x = 3", binding.other], ["x => y", binding.other],
    ["typeof x", binding.other], ["new X(y)", binding.other], ["x++", binding.other],
  ];
  for (const [text, expected] of texts)
    it(`${text}`, () => {
      assert.equal(bindingOf(text), expected);
    });

  it("and what that makes of parentheses", () => {
    assert.equal(infix("-", "a - b", "c - d"), "a - b - (c - d)");
    assert.equal(infix("/", "a * b", "c * d"), "a * b / (c * d)");
    assert.equal(infix("**", "a ** b", "c ** d"), "(a ** b) ** c ** d");
    assert.equal(infix("**", "-a", "-b"), "(-a) ** -b");
    assert.equal(prefix("-", "a ** b"), "-(a ** b)");
    assert.equal(prefix("-", "-a"), "-(-a)");
    assert.equal(infix("*", "a ? b : c", "x = 3"), "(a ? b : c) * (x = 3)");
  });
});
