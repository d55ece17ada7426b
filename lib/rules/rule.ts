/**
 * What a row of the table says.
 *
 * What: `Rule`, the columns, each for somebody: `value` and `partials` for whoever computes, `keeps` for reverse sweeps,
 * `text` and `latex` for displays, `mathjs` for symbolic derivatives, `flops` for cost reports, `domain` for tests,
 * `code` for whoever writes programs. How rows are written stands in rows.ts.
 */
import type { Algebra } from "./algebra.ts";
import type { PrimitiveName } from "./names.ts";

/** A value that a partial reads: an operand by its position, the result. */
export type Residual = number | "result";

/** The partials of an operation, and what they read. */
export interface Derivative {
  /** Linear: constant partials. Bilinear: each the other operand. Step: zero. Formula: what it says. */
  readonly kind: "linear" | "bilinear" | "step" | "formula";
  /**
   * What the partial with respect to each operand reads at most: an entry for each operand, the last one for all
   * further operands, where `"own"` is the operand itself and `"every"` all of them. `keptFor` resolves it. A reverse
   * sweep has to know these values, and no others.
   */
  readonly keeps: readonly (readonly (Residual | "own" | "every")[])[];
  /** ∂y/∂x for each operand x; y is the operation's result. */
  readonly partials: <T>(A: Algebra<T>, y: T, ...x: T[]) => T[];
}

/** Where the tests try a row: inside a range for each operand, and at points of their own. */
export interface Domain {
  /** One range for each operand; one for all of them where their number is free. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** Operand lists worth a look of their own: ends, poles, ties, the places of conventions. */
  readonly points: readonly (readonly number[])[];
}

/** A row of the table: all that is known of an elementary operation. */
export interface Rule extends Derivative {
  readonly name: PrimitiveName;
  readonly arity: number | "variadic";
  /** The operation as JavaScript computes it. */
  readonly value: (...x: number[]) => number;
  /** The property of `Math` that it is, or null. */
  readonly mathName: string | null;
  /** The operator that it is, or null. */
  readonly operator: string | null;
  /** For tables: `{0}` and `{1}` are the operands, `{*}` all of them with commas. */
  readonly text: string;
  /** The same in LaTeX. */
  readonly latex: string;
  /** The function of mathjs with the same meaning, or null. */
  readonly mathjs: string | null;
  /**
   * What it costs, in additions: 1 for + − × and comparisons, 4 for a division or square root, 8 for an exponential and
   * its like (the weights of McMahon, The Livermore Fortran Kernels, 1986); for each operand where their number is free.
   */
  readonly flops: number;
  readonly domain: Domain;
  /** The operation as JavaScript text, made from the texts of its operands. */
  readonly code: (...operands: string[]) => string;
}

/** What the partial with respect to operand k of so many reads at most. */
export function keptFor(rule: Derivative, k: number, count: number): Residual[] {
  return rule.keeps[Math.min(k, rule.keeps.length - 1)].flatMap((residual) => {
    if (residual === "every") return Array.from({ length: count }, (_, j) => j);
    return residual === "own" ? k : residual;
  });
}

/** Fills the operands into a row's text or LaTeX. */
export function fill(template: string, operands: readonly string[]): string {
  return template.replace(/\{(\d|\*)\}/g, (_, place) =>
    place === "*" ? operands.join(", ") : operands[place],
  );
}
