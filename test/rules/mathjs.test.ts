/**
 * The mathjs names: the function of that name means the same, and so does its derivative by mathjs's own rules.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { all, create, type MathNode } from "mathjs";
import { comparisons, type Rule, table } from "#lib/rules/index.js";
import { gradientOf, relativeError } from "./walk.ts";

const math = create(all) as unknown as Record<string, (...x: unknown[]) => unknown> & {
  derivative(expression: string, variable: string): MathNode;
};

describe("mathjs names", () => {
  const named: readonly Rule[] = Object.values(table).filter(({ mathjs }) => mathjs !== null);

  for (const rule of named) {
    const within = ([min, max]: readonly [number, number]) => fc.double({ min, max, noNaN: true });
    const operands =
      rule.arity === "variadic"
        ? fc.array(within(rule.domain.ranges[0]), { minLength: 1, maxLength: 4 })
        : fc.tuple(...rule.domain.ranges.map(within));

    it(`${rule.name} is ${rule.mathjs}`, () => {
      fc.assert(
        fc.property(operands, (x) => {
          const theirs = math[rule.mathjs as string](...x) as number;
          const ours = rule.value(...x);
          // mathjs rounds to whole numbers with a tolerance; its lgamma is good to 1e-12.
          if (rule.kind === "step" && x.some((operand) => Math.abs(operand - Math.round(operand)) < 1e-9))
            return;
          const error = Math.abs(theirs - ours) / Math.max(1, Math.abs(ours));
          assert.ok(theirs === ours || error < 1e-11, `${rule.name}(${x}): ${theirs}, not ${ours}`);
        }),
      );
    });

    const variables = ["x", "y"].slice(0, rule.arity as number);
    const expression = `${rule.mathjs}(${variables})`;
    const derivatives = variables.map((variable) => {
      try {
        return math.derivative(expression, variable);
      } catch {
        return null;
      }
    });
    if (derivatives.length > 0 && derivatives.every((derivative) => derivative !== null))
      it(`${expression} has the same derivative there`, () => {
        fc.assert(
          fc.property(operands, (x) => {
            if (x.some((operand) => Math.abs(operand) < 1e-3)) return;
            const scope = Object.fromEntries(variables.map((variable, k) => [variable, x[k]]));
            gradientOf(rule, x).forEach((ours, k) => {
              const theirs = derivatives[k]?.evaluate({ ...scope }) as number;
              assert.ok(
                relativeError(theirs, ours, 1e-3) < 1e-9,
                `${expression} at ${x}: ${theirs}, not ${ours}`,
              );
            });
          }),
        );
      });
  }

  it("has the comparisons", () => {
    for (const { mathjs, value } of Object.values(comparisons))
      for (const [x, y] of [
        [1, 2],
        [2, 1],
        [2, 2],
      ])
        assert.equal(math[mathjs](x, y), value(x, y));
  });
});
