/**
 * The walker: holds one row against references and says what is wrong with it.
 *
 * What: `findings(rule, references)`, a list of complaints, empty for a right row. Why a function and not a test: the
 * tests walk the table with it, and show on rows made wrong on purpose that it finds them.
 */
import { readFileSync } from "node:fs";
import { codeAlgebra, keptFor, numberAlgebra, type Residual, type Rule } from "#lib/rules/index.js";
import { type Dual, dualsOver, numbers } from "./dual.ts";

/** A row at one point, from elsewhere; null where an operand has no derivative. */
export interface Reference {
  readonly x: number[];
  readonly value: number;
  readonly gradient: (number | null)[];
  readonly hessian: (number | null)[][];
}

/** Value, gradient and Hessian matrix of the smooth rows, computed by `references.py`. */
export const references: Record<string, Reference[]> = JSON.parse(
  readFileSync(new URL("references.json", import.meta.url), "utf8"),
);

export function gradientOf(rule: Rule, x: readonly number[]): number[] {
  return rule.partials(numberAlgebra, rule.value(...x), ...x);
}

/** Row i, column j: the derivative of partial i by operand j; the row differentiated by dual numbers. */
export function hessianOf(rule: Rule, x: readonly number[]): number[][] {
  const { algebra } = dualsOver(numbers);
  const columns = x.map((_, j) => {
    const operands: Dual<number>[] = x.map((value, k) => ({ value, tangent: k === j ? 1 : 0 }));
    const slope = gradientOf(rule, x)[j];
    const result: Dual<number> = { value: rule.value(...x), tangent: slope };
    return rule.partials(algebra, result, ...operands).map((partial) => partial.tangent);
  });
  return x.map((_, i) => columns.map((column) => column[i]));
}

/** The difference relative to the number wanted, or to a larger size; 0 for two NaN or equal infinities. */
export function relativeError(got: number, want: number, size = 0): number {
  if (Object.is(got, want) || got === want) return 0;
  return Math.abs(got - want) / Math.max(Math.abs(want), size);
}

/** Which operands the partial with respect to operand k names when it is written down, and whether the result. */
export function readsOf(rule: Rule, count: number, k: number): Set<Residual> {
  const names = Array.from({ length: count }, (_, j) => `x${j}`);
  const text = rule.partials(codeAlgebra, "y", ...names)[k];
  const words = new Set(text.match(/\b(y|x\d)\b/g));
  return new Set([...words].map((word) => (word === "y" ? "result" : names.indexOf(word))));
}

/** What a row declares that its partial keeps, for so many operands. */
export function keepsOf(rule: Rule, count: number, k: number): Set<Residual> {
  return new Set(keptFor(rule, k, count));
}

/** How far a row may be from its references, relative to each number; to the largest one in a Hessian matrix. */
export const tolerance = { value: 4e-15, gradient: 2e-13, hessian: 1e-11 };

/** What is wrong with a row: in words, with the point. */
export function findings(rule: Rule, expected: readonly Reference[]): string[] {
  return expected.flatMap(({ x, value, gradient, hessian }) => {
    const found: string[] = [];
    const hold = (
      what: keyof typeof tolerance,
      place: string,
      got: number,
      want: number | null,
      size = 0,
    ) => {
      const error = want === null ? Number(!Number.isNaN(got)) : relativeError(got, want, size);
      if (!(error <= tolerance[what]))
        found.push(
          `${rule.name}(${x.join(", ")}): ${what}${place} is ${got}, not ${want} (${error.toPrecision(2)})`,
        );
    };
    hold("value", "", rule.value(...x), value);
    for (const [i, got] of gradientOf(rule, x).entries()) hold("gradient", `[${i}]`, got, gradient[i]);
    const size = Math.max(...hessian.flat().map((entry) => Math.abs(entry ?? 0)));
    // An operand without a derivative (an order) has none of second order either.
    for (const [i, line] of hessianOf(rule, x).entries())
      for (const [j, got] of line.entries())
        if (hessian[i][j] !== null) hold("hessian", `[${i}][${j}]`, got, hessian[i][j], size);
    return found;
  });
}
