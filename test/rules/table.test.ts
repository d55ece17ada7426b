/**
 * The columns of the table: that each row is JavaScript's own operation, can be found by what programs call it, and
 * says what its readers need.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as rules from "#lib/rules/index.js";
import {
  comparisonOfOperator,
  comparisons,
  fill,
  type PrimitiveName,
  type Rule,
  ruleOfFunction,
  ruleOfMath,
  ruleOfOperator,
  table,
} from "#lib/rules/index.js";

const rows: readonly Rule[] = Object.values(table);
const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, -1, 0.5, -0.5, 2.5, Infinity, -Infinity, Number.NaN, 2 ** 31, 1e308, 5e-324),
);

describe("the table", () => {
  it("has a row for every function of Math that takes a number", () => {
    const functions = Object.getOwnPropertyNames(Math).filter(
      (name) => typeof Math[name as keyof Math] === "function" && name !== "random",
    );
    // What newer engines have beside the declared language has no row yet.
    const declared = functions.filter((name) => !["f16round", "sumPrecise"].includes(name));
    for (const name of declared) assert.equal(ruleOfMath(name)?.mathName, name);
    assert.equal(ruleOfMath("random"), undefined);
    assert.equal(ruleOfMath("toString"), undefined);
  });

  it("does not compile without a row", () => {
    const { sin: _, ...rest } = table;
    // @ts-expect-error: the row `sin` is missing
    const incomplete: { [N in PrimitiveName]: Rule } = rest;
    assert.ok(!("sin" in incomplete));
  });

  it("does not compile without a column", () => {
    const { keeps: _, ...rest } = table.sin;
    // @ts-expect-error: the column `keeps` is missing
    const incomplete: Rule = rest;
    assert.ok(!("keeps" in incomplete));
  });

  for (const rule of rows)
    describe(rule.name, () => {
      it("has JavaScript's own value", () => {
        const names = ["x", "y", "z"].slice(0, rule.arity === "variadic" ? 3 : rule.arity);
        const own = rule.mathName && rule.operator === null ? Math[rule.mathName as "sin"] : undefined;
        if (own) assert.equal(rule.value, own);
        const scope = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
        const written = new Function(`{ ${Object.keys(scope)} }`, ...names, `return ${rule.code(...names)}`);
        fc.assert(
          fc.property(fc.tuple(...names.map(() => anyNumber)), (x) => {
            assert.ok(Object.is(rule.value(...x), written(scope, ...x)), `${rule.name}(${x})`);
          }),
        );
      });

      it("can be found", () => {
        assert.equal(table[rule.name], rule);
        assert.equal(ruleOfFunction(rule.value), rule);
        if (rule.mathName) assert.equal(ruleOfMath(rule.mathName), rule);
        if (rule.mathName) assert.equal(ruleOfFunction(Math[rule.mathName as "sin"]), rule);
        if (rule.operator) assert.equal(ruleOfOperator(rule.operator, rule.arity as 1 | 2), rule);
        if (!rule.operator && !rule.mathName)
          assert.equal((rules as Record<string, unknown>)[rule.name], rule.value, "exported by its name");
      });

      it("says what its readers need", () => {
        const count = rule.arity === "variadic" ? 3 : rule.arity;
        const operands = ["w1", "w2", "w3"].slice(0, count);
        for (const template of [rule.text, rule.latex]) {
          const text = fill(template, operands);
          for (const operand of operands) assert.ok(text.includes(operand), text);
          assert.ok(!/\{[\d*]\}/.test(text), text);
          assert.equal(text.split("{").length, text.split("}").length);
        }
        assert.ok(rule.flops >= 1);
        assert.equal(rule.domain.ranges.length, rule.arity === "variadic" ? 1 : rule.arity);
        for (const [low, high] of rule.domain.ranges) assert.ok(low <= high);
        for (const point of rule.domain.points)
          if (rule.arity !== "variadic") assert.equal(point.length, rule.arity);
      });
    });

  it("is written for readers", () => {
    assert.equal(fill(table.mul.text, ["w1", "w2"]), "w1 * w2");
    assert.equal(fill(table.sin.text, ["w1"]), "sin w1");
    assert.equal(fill(table.div.latex, ["w_1", "w_2"]), "\\frac{w_1}{w_2}");
    assert.equal(fill(table.pow.latex, ["w_1", "2"]), "{w_1}^{2}");
    assert.equal(fill(table.max.text, ["a", "b", "c"]), "max(a, b, c)");
    assert.equal(fill(table.hypot.text, []), "hypot()");
  });

  it("tells minus from minus by the number of operands", () => {
    assert.equal(ruleOfOperator("-", 1), table.neg);
    assert.equal(ruleOfOperator("-", 2), table.sub);
    assert.equal(ruleOfOperator("**", 2), table.pow);
    assert.equal(ruleOfFunction(Math.pow), table.pow);
    for (const operator of ["+", "!", "~"]) assert.equal(ruleOfOperator(operator, 1), undefined);
    for (const operator of ["|", "<<", "<", "&&"]) assert.equal(ruleOfOperator(operator, 2), undefined);
    assert.equal(ruleOfFunction(Math.random), undefined);
    assert.equal(ruleOfFunction(undefined), undefined);
  });

  it("derives linear and bilinear rows from their kind", () => {
    const named = (kind: Rule["kind"]) =>
      rows
        .filter((rule) => rule.kind === kind)
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(named("linear"), ["add", "fround", "neg", "sub"]);
    assert.deepEqual(named("bilinear"), ["mul"]);
    assert.deepEqual(named("step"), ["ceil", "clz32", "floor", "imul", "round", "sign", "trunc"]);
  });
});

describe("comparisons", () => {
  it("are JavaScript's own", () => {
    for (const { operator, value } of Object.values(comparisons)) {
      const written = new Function("x", "y", `return x ${operator} y`);
      fc.assert(fc.property(anyNumber, anyNumber, (x, y) => value(x, y) === written(x, y)));
    }
  });

  it("can be found by their operators", () => {
    assert.equal(comparisonOfOperator("<="), "le");
    assert.equal(comparisonOfOperator("=="), "eq");
    assert.equal(comparisonOfOperator("!=="), "ne");
    assert.equal(comparisonOfOperator("in"), undefined);
  });
});
