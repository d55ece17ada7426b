/**
 * Jacobians.
 *
 * What: rows are outputs, columns are inputs, both flattened in key order. A Jacobian takes one evaluation of f: its
 * tape is swept once for each input (forward) or once for each output (reverse). Reference: Griewank & Walther (2008),
 * chapter 3.
 */
import { WengertError } from "../source/positions.ts";
import { handleAt, type Numbers, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { copy } from "../transform/rows.ts";
import { checkFunction, checkOptions, positionsOf } from "./arguments.ts";
import { boundProgram, Serving } from "./engine.ts";
import { evaluateReverse, pointOf } from "./evaluate.ts";
import type { AnyFunction, Options } from "./types.ts";
import { countNumbers } from "./units.ts";

export interface JacobianOptions extends Options {
  /** Which way to sweep; `"auto"` (default) takes the way with fewer sweeps. */
  readonly mode?: "auto" | "forward" | "reverse";
}

/**
 * The Jacobian matrix: an array of rows, one for each number of the result.
 *
 * @example
 * jacobian((x: number, y: number) => [x * y, x + y])(2, 3) // [[3, 2], [1, 1]]
 * jacobian((x: number[]) => x.map((v) => v * v), { mode: "forward" })([1, 2]) // [[2, 0], [0, 4]]
 */
export function jacobian<P extends unknown[]>(
  f: (...args: P) => unknown,
  options?: JacobianOptions,
): (...args: P) => number[][] {
  checkFunction(f, "jacobian");
  checkOptions(options, "jacobian", ["wrt", "engine", "mode"]);
  const mode = options?.mode ?? "auto";
  if (!["auto", "forward", "reverse"].includes(mode))
    throw new WengertError(
      `jacobian has no mode ${JSON.stringify(mode)}`,
      'choose "auto", "forward" or "reverse"',
    );
  const matrices = new Matrices(f as AnyFunction, options);
  return recorder.aware((...args: P) => {
    const answer = matrices.answer(args);
    if (answer) return answer;
    const positions = positionsOf(options, args, f as AnyFunction, "jacobian");
    const rows = rowsByProgram(f as AnyFunction, args, positions, options);
    if (Array.isArray(rows)) return rows as number[][];
    if (rows) args = rows.args as P;
    const point = pointOf(args, positions, options?.wrt !== undefined || args.length === 1);
    const { output, pull, push, release } = evaluateReverse(f as AnyFunction, point);
    const [n, p] = [point.inputs.values.length, output.length];
    const matrix = isForward(mode, n, p)
      ? transposed(
          Array.from({ length: n }, (_, k) => listed(push(unit(n, k)))),
          p,
        )
      : Array.from({ length: p }, (_, j) => listed(pull(unit(p, j))));
    release();
    return matrix as number[][];
  });
}

/** Most directions of one sweep, where they are given to the program. */
const mostAtOnce = 4;

/** Jacobians by programs that make the whole matrix, or several columns of it. */
class Matrices {
  private readonly rows: Serving;
  private readonly columns: Serving[] = [];
  /** How many rows the last matrix had. */
  private outputs = 0;
  private readonly mode: JacobianOptions["mode"];

  constructor(
    private readonly f: AnyFunction,
    private readonly options: JacobianOptions | undefined,
  ) {
    this.mode = options?.mode ?? "auto";
    this.rows = this.serving("rows");
  }
  private serving(mode: "rows" | "columns", directions?: number): Serving {
    const { f, options } = this;
    // where there is no such program, there may be one for a row or a column
    const engine = options?.engine === "tape" ? "tape" : "auto";
    return new Serving(
      { f, engine, name: "jacobian" },
      mode,
      (args) => positionsOf(options, args, f, "jacobian"),
      directions,
    );
  }

  answer(args: readonly unknown[]): number[][] | null {
    if (recorder.session !== 0) return null;
    if (this.mode === "reverse") return this.byRows(args, Infinity)?.matrix ?? null;
    // counting the inputs takes longer than a short program; where rows did last time, about as many will do
    if (this.mode === "auto" && this.didRows) {
      const rows = this.byRows(args, 2 * this.outputs);
      if (rows === null) return null;
      if (rows.matrix) return rows.matrix;
    }
    const inputs = this.inputs(args);
    if (this.mode === "forward") return this.byColumns(args, inputs);
    if (inputs < this.outputs) {
      const matrix = this.byColumns(args, inputs);
      if (matrix === null || inputs < matrix.length) return matrix;
    }
    const rows = this.byRows(args, inputs);
    if (rows === null) return null;
    this.didRows = rows.matrix !== null;
    const matrix = rows.matrix ?? this.byColumns(args, inputs);
    this.outputs = matrix?.length ?? 0;
    return matrix;
  }
  private didRows = false;
  /** The matrix row by row; none where it has more rows than that. Null where no program serves. */
  private byRows(args: readonly unknown[], most: number): { matrix: number[][] | null } | null {
    const answer = this.rows.answer(args, () => [most]);
    return answer && { matrix: answer.gradient as number[][] | null };
  }
  private inputs(args: readonly unknown[]): number {
    const wrt = this.options?.wrt;
    let count = 0;
    if (wrt === undefined) for (const arg of args) count += countNumbers(arg);
    else if (typeof wrt === "number") count = countNumbers(args[wrt]);
    else for (const k of wrt) count += countNumbers(args[k]);
    return count;
  }
  private byColumns(args: readonly unknown[], inputs: number): number[][] | null {
    const atOnce = Math.min(inputs, mostAtOnce);
    this.columns[atOnce] ??= this.serving("columns", atOnce);
    return this.columns[atOnce].columns(args, atOnce);
  }
}

/** Whether sweeps forward, one for each of n inputs, are fewer than sweeps back, one for each of p outputs. */
function isForward(mode: JacobianOptions["mode"], n: number, p: number): boolean {
  return mode === "forward" || (mode === "auto" && n < p);
}
function transposed<T>(columns: readonly T[][], rows: number): T[][] {
  return Array.from({ length: rows }, (_, j) => columns.map((column) => column[j]));
}

/** The rows by a derivative program; the arguments as they were where it gives up, null where there is none. */
function rowsByProgram(
  f: AnyFunction,
  args: readonly unknown[],
  positions: readonly number[],
  options: JacobianOptions | undefined,
): number[][] | { args: readonly unknown[] } | null {
  if (recorder.session !== 0) return null;
  const { engine, mode = "auto" } = options ?? {};
  const point = pointOf(args, positions, options?.wrt !== undefined || args.length === 1);
  const n = point.inputs.values.length;
  const back = boundProgram({ f, args, engine, name: "jacobian", request: { positions, mode: "pullback" } });
  if (!back) return null;
  const { output } = back;
  const p = output.length;
  if (!isForward(mode, n, p)) {
    const rows: number[][] = [];
    for (let j = 0; j < p; j++) {
      const answer = back.run(output.rebuild(recorder, unit(p, j), () => null));
      if (!answer) return back;
      rows.push(numbersIn(answer.gradient));
    }
    return rows;
  }
  const columns: number[][] = [];
  const serving = new Serving({ f, engine, name: "jacobian" }, "pushforward", () => positions);
  for (let k = 0; k < n; k++) {
    let from = 0;
    const tangents = point.parts.map((part) => {
      const tangent = part.rebuild(recorder, unit(n, k), () => null, from);
      from += part.length;
      return tangent;
    });
    const answer = serving.answer(back.args.map(copy), () => tangents);
    if (!answer) return back;
    columns.push(numbersIn([answer.tangent]));
  }
  return transposed(columns, p);
}
/** The numbers of gradients, in a row. */
function numbersIn(gradients: readonly unknown[]): number[] {
  return gradients.flatMap((gradient) =>
    Array.from(takeApart(recorder, gradient, "the gradient", false).values),
  );
}

function unit(length: number, k: number): Numbers {
  const values = new Float64Array(length);
  values[k] = 1;
  return { values, handles: null };
}
/** Numbers as a list (boxed inside another derivative). */
export function listed(numbers: Numbers): unknown[] {
  return Array.from(numbers.values, (v, k) => recorder.box(v, handleAt(numbers, k)));
}
