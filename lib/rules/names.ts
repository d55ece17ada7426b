/**
 * The names of the elementary operations.
 *
 * What: `PrimitiveName`, the union of all rows of the table, and `ComparisonName`. Why apart from the table: the table
 * is checked against it, so that a row left out does not compile; the functions of `Math` are taken from TypeScript's
 * own declaration, so that one added to the language asks for its row by itself.
 */

/** The operators of JavaScript on numbers. `+x` is the identity and has no row; `**` is the row `pow`. */
export type ArithmeticName = "add" | "sub" | "mul" | "div" | "rem" | "neg";

type FunctionsOfMath = {
  [N in keyof Math]: Math[N] extends (...x: number[]) => number ? N : never;
}[keyof Math];

/** The functions of `Math`, all but `random`, which has no operand. */
export type MathName = Exclude<FunctionsOfMath, "random">;

/** Functions that numerics needs beside those of `Math`. */
export type NumericsName =
  | "digamma"
  | "erf"
  | "erfc"
  | "lgamma"
  | "log1mexp"
  | "log1pexp"
  | "logistic"
  | "logit"
  | "logsumexp"
  | "polygamma"
  | "xlog1py"
  | "xlogy";

/** An elementary operation: a row of the table. */
export type PrimitiveName = ArithmeticName | MathName | NumericsName;

/** A comparison of two numbers. */
export type ComparisonName = "lt" | "le" | "gt" | "ge" | "eq" | "ne";
