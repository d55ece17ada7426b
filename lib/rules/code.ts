/**
 * Partials written down: the algebra of JavaScript texts.
 *
 * What: `codeAlgebra`, whose values are expressions as text. What is known already is worked out (numbers, products
 * by one, conditions on numbers), so that the partial of `x ** 2` reads `2 * x`; a product by the number zero is the
 * number zero, as in the sweeps. A product of a text with itself is written as a square, so that it is evaluated once.
 */
import { type Algebra, algebraOn, type Foundation } from "./algebra.ts";
import { comparisons } from "./comparisons.ts";
import type { PrimitiveName } from "./names.ts";
import { binding, bindingOf, choice, infix } from "./syntax.ts";
import { table } from "./table.ts";

const namesOfConstants = new Map(
  (["E", "LN10", "LN2", "LOG10E", "LOG2E", "PI", "SQRT1_2", "SQRT2"] as const).map((name) => [
    Math[name],
    `Math.${name}`,
  ]),
);

/** A number as JavaScript text, by its name in `Math` if it has one. */
export function numeral(value: number): string {
  return Object.is(value, -0) ? "-0" : (namesOfConstants.get(value) ?? String(value));
}

/** The number that a text is, or undefined when it is something to be computed. */
function known(text: string): number | undefined {
  return /^-?(\d[\d.]*(e[+-]?\d+)?|Infinity)$|^NaN$/.test(text) ? Number(text) : undefined;
}

/** The text without its leading minus, or undefined when it is no negated operand. */
function negated(text: string): string | undefined {
  return text.startsWith("-") && bindingOf(text) === binding.unary ? text.slice(1) : undefined;
}

type Simplification = (x: string, y: string) => string | undefined;

const simplifications: Partial<Record<PrimitiveName, Simplification>> = {
  add: (x, y) => {
    if (x === "0") return y;
    if (y === "0") return x;
    const subtrahend = negated(y);
    return subtrahend === undefined ? undefined : codeAlgebra.sub(x, subtrahend);
  },
  sub: (x, y) => {
    if (x === "0") return codeAlgebra.neg(y);
    if (y === "0") return x;
    const summand = negated(y);
    return summand === undefined ? undefined : infix("+", x, summand);
  },
  mul: (x, y) => {
    if (x === "0" || y === "0") return "0";
    if (x === "1") return y;
    if (y === "1") return x;
    if (x === "-1") return codeAlgebra.neg(y);
    if (y === "-1") return codeAlgebra.neg(x);
    return x === y && bindingOf(x) < binding.atom ? infix("**", x, "2") : undefined;
  },
  div: (x, y) => {
    if (x === "0") return "0";
    return y === "1" ? x : undefined;
  },
  neg: negated,
  pow: (x, y) => {
    if (y === "0") return "1";
    return y === "1" ? x : undefined;
  },
};

const foundation: Foundation<string> = {
  constant: numeral,
  call: (name, ...operands) => {
    const { operator, value, code } = table[name];
    const numbers = operator && operator !== "/" ? operands.map(known) : [];
    if (numbers.length > 0 && numbers.every((x) => x !== undefined)) return numeral(value(...numbers));
    return simplifications[name]?.(operands[0], operands[1]) ?? code(...operands);
  },
  compare: (name, x, y) => {
    const [left, right] = [known(x), known(y)];
    const { operator, value } = comparisons[name];
    return left === undefined || right === undefined ? infix(operator, x, y) : String(value(left, right));
  },
  and: (p, q) => {
    if (p === "false" || q === "false") return "false";
    if (p === "true") return q;
    return q === "true" ? p : infix("&&", p, q);
  },
  select: (test, then, otherwise) => {
    if (test === "true") return then();
    if (test === "false") return otherwise();
    const [first, second] = [then(), otherwise()];
    return first === second ? first : choice(test, first, second);
  },
  share: (value) => value,
};

/** Writes each partial as one expression. */
export const codeAlgebra: Algebra<string> = algebraOn(foundation);

/**
 * Writes partials that may refer to values named before: `declare` is given each value that is used more than once
 * (`1 / Math.cosh(x)`) with a short name for it (`sech`), and returns the name by which it can be read from there on.
 */
export function codeAlgebraWith(declare: (value: string, name: string) => string): Algebra<string> {
  // one for each value that is written: it shares all but this with the other
  return Object.assign(Object.create(codeAlgebra), { share: declare });
}
