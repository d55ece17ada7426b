/**
 * The error of differences against their step.
 *
 * What: `errorAgainstStep`, for each scheme the relative error of the gradient over a range of steps. Why: it shows the V:
 * truncation makes a long step wrong, cancellation a short one, and only the complex step escapes the second.
 * Reference: Gill, Murray & Wright, Practical Optimization (1981), section 8.6; Squire & Trapp (1998).
 */
import { checkFunction, checkOptions } from "../derive/arguments.ts";
import { grad } from "../derive/index.ts";
import type { AnyFunction, Options, Wrt } from "../derive/types.ts";
import { Showable } from "../showable.ts";
import { WengertError } from "../source/positions.ts";
import { describe } from "../tape/inputs.ts";
import { relativeError } from "./costs.ts";
import { differenceColumns, type Scheme, schemes } from "./differences.ts";
import { pointOf } from "./point.ts";

export interface StepOptions {
  /** Which arguments to differentiate by, as for `grad`. */
  readonly wrt?: Wrt;
  /** The steps to try; two in each decade from 1 to 10⁻²⁰ by default. */
  readonly steps?: readonly number[];
  /** The schemes to try; all by default. */
  readonly schemes?: readonly Scheme[];
}

export interface StepError {
  readonly scheme: Scheme;
  readonly step: number;
  /** Largest difference from the reverse gradient, by the largest number in that. */
  readonly error: number;
}

/** The error of each scheme against its step. */
export class StepReport extends Showable {
  constructor(
    readonly name: string,
    readonly errors: readonly StepError[],
  ) {
    super();
  }
  /** The errors as a vega-lite plot on log-log axes. */
  plot(): StepPlot {
    return new StepPlot(this);
  }
  /** The step with the least error, for each scheme. */
  best(): StepError[] {
    const best = new Map<Scheme, StepError>();
    for (const entry of this.errors) {
      const before = best.get(entry.scheme);
      if (!before || entry.error < before.error) best.set(entry.scheme, entry);
    }
    return [...best.values()];
  }
}

/** The plot of a step report. */
export class StepPlot extends Showable {
  constructor(readonly of: StepReport) {
    super();
  }
}

const defaultSteps = Array.from({ length: 41 }, (_, k) => 10 ** (-k / 2));

/**
 * The relative error of forward and central differences and of the complex step against the step h.
 *
 * @example
 * errorAgainstStep((x: number) => Math.exp(x) / Math.sin(x), [1.5])
 */
export function errorAgainstStep<P extends unknown[]>(
  f: (...args: P) => number,
  args: P,
  options?: StepOptions,
): StepReport {
  const call = "errorAgainstStep";
  checkFunction(f, call, `${call}(f, [x, y])`);
  checkOptions(options, call, ["wrt", "steps", "schemes"]);
  if (!Array.isArray(args))
    throw new WengertError(
      `${call} expects a list of arguments; got ${describe(args)}`,
      `write ${call}(f, [x, y])`,
    );
  const steps = options?.steps ?? defaultSteps;
  for (const step of steps)
    if (typeof step !== "number" || !(Math.abs(step) > 0))
      throw new WengertError(`${call} expects steps other than 0; got ${describe(step)}`);
  const tried = options?.schemes ?? (Object.keys(schemes) as Scheme[]);
  for (const scheme of tried)
    if (!Object.hasOwn(schemes, scheme))
      throw new WengertError(
        `${call} has no scheme ${JSON.stringify(scheme)}`,
        `it knows ${Object.keys(schemes).join(", ")}`,
      );
  const point = pointOf(f, args, options as Options, call);
  const gradient = grad(f as (...args: unknown[]) => number, point.options);
  const reference = point.numbers(gradient(...point.args(point.x)));
  const errors = tried.flatMap((scheme) =>
    steps.map((step) => {
      const { columns } = differenceColumns(f as AnyFunction, point, scheme, () => step);
      return {
        scheme,
        step,
        error: relativeError(
          columns.map(([slope]) => slope),
          reference,
        ),
      };
    }),
  );
  return new StepReport(f.name, errors);
}
