/**
 * Differences and the complex step: derivatives from values alone.
 *
 * What: `finiteDifference.gradient`, `.derivative` and `.jacobian` by forward and central differences, and by a step into
 * the complex plane. Why: what automatic differentiation is compared with, and checked by. Steps follow the reference:
 * √ε·max(|x|, 1) for a forward difference, ∛ε·max(|x|, 1) for a central one, in the direction of x's sign and rounded so
 * that x + h - x is h; the complex step has nothing to cancel and takes 10⁻²⁰ of |x|.
 * Reference: Dennis & Schnabel, Numerical Methods for Unconstrained Optimization and Nonlinear Equations (1983),
 * section 5.4 and algorithm A5.6.3; Squire & Trapp, SIAM Review 40 (1998).
 */
import { checkOptions } from "../derive/arguments.ts";
import { trace } from "../derive/index.ts";
import type { AnyFunction, Gradient, GradientBy, Options, Wrt } from "../derive/types.ts";
import { WengertError } from "../source/positions.ts";
import { describe } from "../tape/inputs.ts";
import { replayer } from "./complex.ts";
import { complex } from "./complex-numbers.ts";
import { type Output, outputOf, type Point, pointOf } from "./point.ts";

export type Scheme = "forward" | "central" | "complex";

export interface DifferenceOptions<W extends Wrt = Wrt> {
  /** `"central"` by default. */
  readonly scheme?: Scheme;
  /** The step: a number, or a function of the coordinate. By the rule of the scheme when absent. */
  readonly step?: number | ((x: number) => number);
  /** Which arguments to differentiate by, as for `grad`. */
  readonly wrt?: W;
}

const epsilon = 2 ** -52;

interface SchemeRow {
  /** The step that the rule takes at x. */
  readonly step: (x: number) => number;
  /** Evaluations of f for n inputs. */
  readonly evaluations: (n: number) => number;
}

const towards = (x: number) => (x < 0 ? -1 : 1);

export const schemes: { readonly [S in Scheme]: SchemeRow } = {
  forward: {
    step: (x) => Math.sqrt(epsilon) * Math.max(Math.abs(x), 1) * towards(x),
    evaluations: (n) => n + 1,
  },
  central: {
    step: (x) => Math.cbrt(epsilon) * Math.max(Math.abs(x), 1) * towards(x),
    evaluations: (n) => 2 * n,
  },
  complex: { step: (x) => (Math.abs(x) > 1e-280 ? 1e-20 * Math.abs(x) : 1e-20), evaluations: (n) => n },
};

/** The Jacobian's columns, one for each number of the point; each has a number for each number of f's result. */
export function differenceColumns(
  f: AnyFunction,
  point: Point,
  scheme: Scheme,
  step: (x: number) => number,
): { columns: number[][]; output: Output } {
  if (scheme === "complex") return complexColumns(f, point, step);
  const { args, set, intact } = point.movable();
  const inPlace = columnsBy((k, value) => {
    set(k, value);
    const result = f(...args);
    set(k, point.x[k]);
    return result;
  });
  // A function that writes to its arguments gets fresh ones for each evaluation.
  return intact() ? inPlace : columnsBy((k, value) => f(...point.args(point.x.with(k, value))));

  function columnsBy(at: (k: number, value: number) => unknown) {
    const output = outputOf(f(...point.args(point.x)));
    const base = output.scalar ? output.values[0] : output.values;
    const columns = point.x.map((x, j) => {
      const h = step(x);
      const high = numbersOf(at(j, x + h));
      const [low, end, width] = scheme === "forward" ? [base, x, h] : [numbersOf(at(j, x - h)), x - h, 2 * h];
      // A step too short to move x leaves its quotient 0, as the textbook's formula does.
      return quotients(high, low, x + h - end || width, () => point.paths[j]);
    });
    return { columns, output };
  }
}

type Numbers = number | readonly number[];

/** The numbers of a result, taken at once: the function may use its memory again. */
function numbersOf(result: unknown): Numbers {
  return typeof result === "number" ? result : outputOf(result).values;
}

/** (high - low) / width, number by number. */
function quotients(high: Numbers, low: Numbers, width: number, path: () => string): number[] {
  if (typeof high === "number" && typeof low === "number") return [(high - low) / width];
  const [above, below] = [[high].flat(), [low].flat()];
  if (above.length !== below.length)
    throw new WengertError(
      `the function's result has ${above.length} numbers on one side of ${path()} and ${below.length} on the other`,
      "differentiate a function whose result keeps its shape",
      null,
    );
  return above.map((value, i) => (value - below[i]) / width);
}

function complexColumns(
  f: AnyFunction,
  point: Point,
  step: (x: number) => number,
): ReturnType<typeof differenceColumns> {
  const tape = trace(f, point.options)(...point.args(point.x));
  const replay = replayer(tape);
  const real = point.x.map((value) => complex(value));
  const columns = point.x.map((x, j) => {
    const h = step(x);
    const inputs = real.slice();
    inputs[j] = complex(x, h);
    return replay(inputs).map(({ im }) => im / h);
  });
  return { columns, output: outputOf(f(...point.args(point.x))) };
}

function check(
  f: unknown,
  options: DifferenceOptions | undefined,
  call: string,
): { scheme: Scheme; step: (x: number) => number } {
  if (typeof f !== "function")
    throw new WengertError(
      `${call} expects a function to differentiate; got ${describe(f)}`,
      `write ${call}(f)(x) with a function f`,
    );
  checkOptions(options, call, ["scheme", "step", "wrt"]);
  const scheme = options?.scheme ?? "central";
  if (!Object.hasOwn(schemes, scheme))
    throw new WengertError(
      `${call} has no scheme ${JSON.stringify(scheme)}`,
      `it knows ${Object.keys(schemes).join(", ")}`,
    );
  const step = options?.step;
  if (step === undefined) return { scheme, step: schemes[scheme].step };
  if (typeof step === "function") return { scheme, step };
  if (typeof step !== "number" || !(Math.abs(step) > 0) || step === Infinity)
    throw new WengertError(
      `${call} expects a step other than 0; got ${describe(step)}`,
      "leave it out for the rule of the scheme",
    );
  return { scheme, step: () => step };
}

/**
 * The gradient of a function that returns a number, by differences or the complex step, in the shape that `grad` gives.
 *
 * @example
 * finiteDifference.gradient((x: number, y: number) => x * y)(2, 3) // about [3, 2]
 * finiteDifference.gradient(f, { scheme: "complex" })(2, 3) // to the last digit
 */
function gradient<P extends unknown[], const W extends Wrt = undefined>(
  f: (...args: P) => number,
  options?: DifferenceOptions<W>,
): (...args: P) => GradientBy<P, W> {
  const call = "finiteDifference.gradient";
  const { scheme, step } = check(f, options, call);
  return (...args) => {
    const point = pointOf(f as AnyFunction, args, options as Options, call);
    const { columns, output } = differenceColumns(f as AnyFunction, point, scheme, step);
    if (!output.scalar)
      throw new WengertError(
        `${call} expects a function that returns a number; it returned ${output.values.length} in a structure`,
        "use finiteDifference.jacobian(f) for several outputs",
        null,
      );
    return point.gradient(columns.map(([slope]) => slope)) as GradientBy<P, W>;
  };
}

/** The derivative of a function of one number, in the shape of f's result. */
function derivative<R>(
  f: (x: number) => R,
  options?: DifferenceOptions<undefined>,
): (x: number) => Gradient<R> {
  const call = "finiteDifference.derivative";
  const { scheme, step } = check(f, options, call);
  return (x) => {
    if (typeof x !== "number")
      throw new WengertError(
        `${call} expects one number; got ${describe(x)}`,
        "use finiteDifference.jacobian(f) for several inputs",
      );
    const point = pointOf(f as AnyFunction, [x], undefined, call);
    const { columns, output } = differenceColumns(f as AnyFunction, point, scheme, step);
    return output.rebuild(columns[0]) as Gradient<R>;
  };
}

/** The Jacobian: a row for each number of the result, a column for each number of the arguments. */
function jacobian<P extends unknown[], R>(
  f: (...args: P) => R,
  options?: DifferenceOptions,
): (...args: P) => number[][] {
  const call = "finiteDifference.jacobian";
  const { scheme, step } = check(f, options, call);
  return (...args) => {
    const point = pointOf(f as AnyFunction, args, options as Options, call);
    const { columns, output } = differenceColumns(f as AnyFunction, point, scheme, step);
    return output.values.map((_, i) => columns.map((column) => column[i]));
  };
}

/** Derivatives from values of f alone: truncation and rounding errors included. */
export const finiteDifference = { gradient, derivative, jacobian } as const;
