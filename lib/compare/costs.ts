/**
 * What a gradient costs, by each way to get it.
 *
 * What: `compareCosts`, operations, measured time, error and memory of five ways to a gradient at one point, and
 * `compareOver`, the same over a range of sizes. Why: the lecture's claim on one screen: reverse mode takes a small
 * multiple of f however many inputs there are, everything else about n times f. Operations are counted from the tape
 * with the costs of the rule table; times are the least of many, measured in turns in the same run.
 * Reference: Griewank, On automatic differentiation (1989); Baur & Strassen, TCS 22 (1983).
 */
import { checkFunction, checkOptions } from "../derive/arguments.ts";
import { grad, jvp, trace } from "../derive/index.ts";
import type { AnyFunction, Options, Wrt } from "../derive/types.ts";
import { Showable } from "../showable.ts";
import { WengertError } from "../source/positions.ts";
import { describe } from "../tape/inputs.ts";
import { differenceColumns, type Scheme, schemes } from "./differences.ts";
import { countOperations, type OperationCounts } from "./operations.ts";
import { type Point, pointOf } from "./point.ts";
import { measure } from "./timing.ts";

export type Method = "reverse" | "forward" | "forwardDifference" | "centralDifference" | "complexStep";

export interface CostOptions {
  /** Which arguments to differentiate by, as for `grad`. */
  readonly wrt?: Wrt;
  /** The ways to compare; all five by default. */
  readonly methods?: readonly Method[];
  /** About how many milliseconds to measure each way for; 60 by default, 0 measures no time. */
  readonly milliseconds?: number;
}

interface MethodRow {
  readonly label: string;
  /** Makes ready what can be made ready before the clock runs; the result is the work. */
  readonly start: (f: AnyFunction, point: Point) => () => unknown;
  /** The gradient as a list of numbers, from what the work gave. */
  readonly read: (result: never, point: Point) => readonly number[];
  /** Operations for n inputs. */
  readonly operations: (counts: OperationCounts, n: number) => number;
}

const byDifferences = (scheme: Scheme) => ({
  start: (f: AnyFunction, point: Point) => () =>
    differenceColumns(f, point, scheme, schemes[scheme].step).columns,
  read: (columns: readonly (readonly number[])[]) => columns.map(([slope]) => slope),
});

// A difference quotient: f twice, a subtraction, a division (4).
const quotient = 5;

export const methods: { readonly [M in Method]: MethodRow } = {
  reverse: {
    label: "reverse AD",
    start: (f, point) => {
      const gradient = grad(f as (...args: unknown[]) => number, point.options);
      const args = point.args(point.x);
      return () => gradient(...args);
    },
    read: (gradient, point) => point.numbers(gradient),
    operations: ({ primal, partials, reverseSweep }) => primal + partials + reverseSweep,
  },
  forward: {
    label: "forward AD",
    start: (f, point) => {
      const push = jvp(f as (...args: unknown[]) => number, point.options);
      const args = point.args(point.x);
      const unit = new Float64Array(point.x.length);
      return () =>
        point.x.map((_, j) => {
          unit[j] = 1;
          const seed = point.tuple(unit);
          unit[j] = 0;
          return push(args, seed).tangent;
        });
    },
    read: (tangents: readonly number[]) => tangents,
    operations: ({ primal, partials, forwardSweep }, n) => n * (primal + partials + forwardSweep),
  },
  forwardDifference: {
    label: "forward differences",
    ...byDifferences("forward"),
    operations: ({ primal }, n) => schemes.forward.evaluations(n) * primal + n * (quotient + 1),
  },
  centralDifference: {
    label: "central differences",
    ...byDifferences("central"),
    operations: ({ primal }, n) => schemes.central.evaluations(n) * primal + n * (quotient + 2),
  },
  complexStep: {
    label: "complex step",
    ...byDifferences("complex"),
    operations: (counts, n) => n * (counts.complex + 4),
  },
};

/** One line of a cost report. */
export interface Cost {
  readonly method: Method;
  readonly label: string;
  /** Floating-point operations for the whole gradient, and that by the operations of f. */
  readonly operations: number;
  readonly operationRatio: number;
  /** Measured seconds and their ratio to f's; NaN where no time was measured. */
  readonly seconds: number;
  readonly timeRatio: number;
  /** Largest difference from the reverse gradient, by the largest number in that. */
  readonly error: number;
  /** Bytes of tape, for the ways that keep one. */
  readonly bytes: number | null;
}

/** What a gradient costs at one point. */
export class CostReport extends Showable {
  constructor(
    readonly name: string,
    /** Numbers to differentiate by. */
    readonly inputs: number,
    /** Operations of f, and its measured seconds. */
    readonly operations: number,
    readonly seconds: number,
    readonly costs: readonly Cost[],
  ) {
    super();
  }
  /** The ratios as a vega-lite plot. */
  plot(): CostPlot {
    return new CostPlot(this);
  }
}

/** What a gradient costs over a range of sizes. */
export class CostRange extends Showable {
  constructor(
    readonly name: string,
    readonly reports: readonly { readonly size: number; readonly report: CostReport }[],
  ) {
    super();
  }
  /** The ratios against the size as a vega-lite plot. */
  plot(): CostPlot {
    return new CostPlot(this);
  }
}

/** The plot of a cost report. */
export class CostPlot extends Showable {
  constructor(readonly of: CostReport | CostRange) {
    super();
  }
}

/**
 * What the gradient of f costs at a point, by reverse and forward automatic differentiation, forward and central
 * differences, and the complex step.
 *
 * @example
 * compareCosts((x1: number, x2: number) => x1 * x2 + Math.sin(x1), [2, 3])
 */
export function compareCosts<P extends unknown[]>(
  f: (...args: P) => number,
  args: P,
  options?: CostOptions,
): CostReport {
  const call = "compareCosts";
  checkFunction(f, call, `${call}(f, [x, y])`);
  checkOptions(options, call, ["wrt", "methods", "milliseconds"]);
  if (!Array.isArray(args))
    throw new WengertError(
      `${call} expects a list of arguments; got ${describe(args)}`,
      `write ${call}(f, [x, y])`,
    );
  const chosen = options?.methods ?? (Object.keys(methods) as Method[]);
  for (const method of chosen)
    if (!Object.hasOwn(methods, method))
      throw new WengertError(
        `${call} has no method ${JSON.stringify(method)}`,
        `it knows ${Object.keys(methods).join(", ")}`,
      );
  const point = pointOf(f, args, options as Options, call);
  const tape = trace(f as AnyFunction, point.options)(...point.args(point.x));
  const counts = countOperations(tape);
  const gradientBy = (method: Method) => {
    const { start, read } = methods[method];
    return read(start(f as AnyFunction, point)() as never, point);
  };
  const reference = gradientBy("reverse");
  const gradients = chosen.map((method) => (method === "reverse" ? reference : gradientBy(method)));
  const budget = options?.milliseconds ?? 60;
  const fresh = point.args(point.x) as P;
  const [seconds, ...times] =
    budget > 0
      ? measure(
          [() => f(...fresh), ...chosen.map((method) => methods[method].start(f as AnyFunction, point))],
          budget,
        )
      : [Number.NaN, ...chosen.map(() => Number.NaN)];
  const costs = chosen.map((method, i) => {
    const operations = methods[method].operations(counts, point.x.length);
    return {
      method,
      label: methods[method].label,
      operations,
      operationRatio: operations / counts.primal,
      seconds: times[i],
      timeRatio: times[i] / seconds,
      error: relativeError(gradients[i], reference),
      bytes: method === "reverse" ? tape.bytes : null,
    };
  });
  return new CostReport(f.name, point.x.length, counts.primal, seconds, costs);
}

/**
 * The same over a range of sizes: `make(n)` gives the function and its arguments of size n.
 *
 * @example
 * compareOver([1, 10, 100], (n) => ({ f: (x: number[]) => norm(x), args: [Array(n).fill(1)] }))
 */
export function compareOver<P extends unknown[]>(
  sizes: readonly number[],
  make: (size: number) => { readonly f: (...args: P) => number; readonly args: [...P] },
  options?: CostOptions,
): CostRange {
  if (!Array.isArray(sizes) || sizes.length === 0)
    throw new WengertError(
      `compareOver expects a list of sizes; got ${describe(sizes)}`,
      "write compareOver([1, 10, 100], (n) => …)",
    );
  if (typeof make !== "function")
    throw new WengertError(
      `compareOver expects a function of the size; got ${describe(make)}`,
      "let it return { f, args }",
    );
  const reports = sizes.map((size) => {
    const { f, args } = make(size);
    return { size, report: compareCosts(f, args, options) };
  });
  return new CostRange(reports[0].report.name, reports);
}

/** Largest difference, by the largest number of the reference (1 where that is 0). */
export function relativeError(numbers: readonly number[], reference: readonly number[]): number {
  const size = reference.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) || 1;
  return numbers.reduce((worst, x, k) => Math.max(worst, Math.abs(x - reference[k])), 0) / size;
}
