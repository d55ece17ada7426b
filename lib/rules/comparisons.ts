/**
 * The comparisons: what a branch of a function, or of a convention in the table, asks.
 *
 * What: a row for each comparison: its value, its JavaScript operator, its text and LaTeX, its mathjs name. Why apart
 * from the elementary operations: the answer is a boolean, so there is no partial; a comparison is decided on primal
 * values and leaves nothing on the tape.
 */
import type { ComparisonName } from "./names.ts";

export interface Comparison {
  readonly value: (x: number, y: number) => boolean;
  readonly operator: string;
  readonly text: string;
  readonly latex: string;
  readonly mathjs: string;
}

// biome-ignore format: a table
export const comparisons: { readonly [N in ComparisonName]: Comparison } = {
  lt: { value: (x, y) => x < y,   operator: "<",   text: "{0} < {1}", latex: "{0} < {1}",     mathjs: "smaller" },
  le: { value: (x, y) => x <= y,  operator: "<=",  text: "{0} ≤ {1}", latex: "{0} \\le {1}",  mathjs: "smallerEq" },
  gt: { value: (x, y) => x > y,   operator: ">",   text: "{0} > {1}", latex: "{0} > {1}",     mathjs: "larger" },
  ge: { value: (x, y) => x >= y,  operator: ">=",  text: "{0} ≥ {1}", latex: "{0} \\ge {1}",  mathjs: "largerEq" },
  eq: { value: (x, y) => x === y, operator: "===", text: "{0} = {1}", latex: "{0} = {1}",     mathjs: "equal" },
  ne: { value: (x, y) => x !== y, operator: "!==", text: "{0} ≠ {1}", latex: "{0} \\ne {1}",  mathjs: "unequal" },
};
