/**
 * Reverse mode: gradients and pullbacks.
 *
 * Reference: Griewank & Walther (2008), section 3.2; Linnainmaa (1970) for reverse accumulation.
 */
import { WengertError } from "../source/positions.ts";
import { describe, type Numbers, type Parts, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { copy } from "../transform/rows.ts";
import { checkFunction, checkOptions, count, positionsOf } from "./arguments.ts";
import { type Bound, boundProgram, Serving } from "./engine.ts";
import { evaluateReverse, pointOf, type Reverse, valueOf } from "./evaluate.ts";
import type { AnyFunction, Direction, Gradient, GradientBy, Options, Wrt } from "./types.ts";

export interface Recorded extends Reverse {
  /** Puts numbers, one for each input, into the shapes of the arguments. */
  shape(gradients: Numbers): unknown;
}

/** Runs f once on a tape. */
export function recordReverse(
  f: AnyFunction,
  args: readonly unknown[],
  options: Options | undefined,
  call: string,
): Recorded {
  const positions = positionsOf(options, args, f, call);
  const explicit = options?.wrt !== undefined;
  const point = pointOf(args, positions, explicit || args.length === 1);
  const single = isSingle(options, args);
  return {
    ...evaluateReverse(f, point),
    shape: (gradients) => {
      let from = 0;
      const list = point.parts.map((part) => {
        const gradient = part.rebuild(recorder, gradients, () => null, from);
        from += part.length;
        return gradient;
      });
      return single ? list[0] : list;
    },
  };
}

const one: Numbers = { values: Float64Array.of(1), handles: null };

function scalarSeed({ output }: Recorded, call: string): Numbers {
  if (!output.scalar)
    throw new WengertError(
      `${call} expects a function that returns a number; it returned ${count(output.length, "number")} in ${output.paths[0]?.startsWith(".") ? "an object" : "an array"}`,
      "use jacobian(f) for several outputs, or vjp(f) with a cotangent",
    );
  return one;
}

/** Gradients of a function that returns a number, for the call of that name. */
export class Gradients {
  private readonly serving: { readonly gradient: Serving; readonly valueAndGradient: Serving };
  constructor(
    private readonly f: AnyFunction,
    private readonly options: Options | undefined,
    private readonly call: string,
  ) {
    const serving = (mode: "gradient" | "valueAndGradient") =>
      new Serving({ f, engine: options?.engine, name: call }, mode, (args) =>
        positionsOf(options, args, f, call),
      );
    this.serving = { gradient: serving("gradient"), valueAndGradient: serving("valueAndGradient") };
  }
  gradient(args: readonly unknown[]): unknown {
    const answer = this.serving.gradient.answer(args);
    if (answer) return isSingle(this.options, args) ? answer.gradient[0] : answer.gradient;
    return this.byTape(args).gradient;
  }
  valueAndGradient(args: readonly unknown[]): { value: unknown; gradient: unknown } {
    const answer = this.serving.valueAndGradient.answer(args);
    if (!answer) return this.byTape(args);
    return {
      value: answer.value,
      gradient: isSingle(this.options, args) ? answer.gradient[0] : answer.gradient,
    };
  }
  private byTape(args: readonly unknown[]): { value: unknown; gradient: unknown } {
    const recorded = recordReverse(this.f, args, this.options, this.call);
    const gradient = recorded.shape(recorded.pull(scalarSeed(recorded, this.call)));
    recorded.release();
    return { value: valueOf(recorded.output), gradient };
  }
}
function isSingle(options: Options | undefined, args: readonly unknown[]): boolean {
  return options?.wrt !== undefined ? !Array.isArray(options.wrt) : args.length === 1;
}

/**
 * The gradient of a function that returns a number.
 *
 * Called with f's arguments, the result is the gradient in the shape of the argument, or a tuple of gradients for
 * several arguments; `wrt` picks one argument or a list. Costs a small multiple of f, however many inputs there are.
 *
 * @example
 * const f = (x1: number, x2: number) => x1 * x2 + Math.sin(x1);
 * grad(f)(2, 3) // [2.5838531634528574, 2]
 * grad(f, { wrt: 1 })(2, 3) // 2
 *
 * Throws when f returns anything but a number. Reference: Griewank & Walther (2008), section 3.2.
 */
export function grad<P extends unknown[], const W extends Wrt = undefined>(
  f: (...args: P) => number,
  options?: Options<W>,
): (...args: P) => GradientBy<P, W> {
  checkFunction(f, "grad");
  checkOptions(options, "grad", ["wrt", "engine"]);
  const gradients = new Gradients(f as AnyFunction, options, "grad");
  return recorder.aware((...args: P) => gradients.gradient(args) as GradientBy<P, W>);
}

/**
 * Value and gradient from one evaluation.
 *
 * @example
 * valueAndGrad((x: number) => x * x)(3) // { value: 9, gradient: 6 }
 */
export function valueAndGrad<P extends unknown[], const W extends Wrt = undefined>(
  f: (...args: P) => number,
  options?: Options<W>,
): (...args: P) => { value: number; gradient: GradientBy<P, W> } {
  checkFunction(f, "valueAndGrad");
  checkOptions(options, "valueAndGrad", ["wrt", "engine"]);
  const gradients = new Gradients(f as AnyFunction, options, "valueAndGrad");
  return recorder.aware(
    (...args: P) => gradients.valueAndGradient(args) as { value: number; gradient: GradientBy<P, W> },
  );
}

/**
 * The pullback: f's value, and the map from cotangents of the result to gradients, a tuple with an entry for each
 * argument. It belongs to the point of its call and may be called any number of times.
 *
 * @example
 * const { value, pullback } = vjp((x: number, y: number) => [x * y, x + y])(2, 3);
 * value // [6, 5]
 * pullback([1, 0]) // [3, 2]
 */
export function vjp<P extends unknown[], R>(
  f: (...args: P) => R,
  options?: Options,
): (...args: P) => {
  value: R;
  pullback: (cotangent: Direction<R>) => { -readonly [K in keyof P]: Gradient<P[K]> };
} {
  checkFunction(f, "vjp");
  checkOptions(options, "vjp", ["wrt", "engine"]);
  return recorder.aware((...args: P) => {
    const positions = positionsOf(options, args, f as AnyFunction, "vjp");
    const bound = boundProgram({
      f: f as AnyFunction,
      args,
      engine: options?.engine,
      name: "vjp",
      request: { positions, mode: "pullback" },
    });
    if (bound) return byBoundProgram(f as AnyFunction, bound, options) as never;
    const recorded = recordReverse(f as AnyFunction, args, options, "vjp");
    const single = isSingle(options, args);
    const pullback = (cotangent: Direction<R>) => {
      const seeds = matching(cotangent, recorded.output, "the cotangent", "result");
      const gradient = recorded.shape(recorded.pull(seeds));
      return (single ? [gradient] : gradient) as never;
    };
    return { value: valueOf(recorded.output) as R, pullback: recorder.aware(pullback) };
  });
}

/** Value and pullback by a program that runs for each cotangent; where it gives up, the tape goes over the point again. */
function byBoundProgram(f: AnyFunction, bound: Bound, options: Options | undefined) {
  let recorded: Recorded | null = null;
  const pullback = (cotangent: unknown): unknown[] => {
    const seeds = matching(cotangent, bound.output, "the cotangent", "result");
    const given = recorder.session === 0 ? bound.output.rebuild(recorder, seeds, () => null) : null;
    const answer = given === null ? null : bound.run(given);
    if (answer) return answer.gradient;
    recorded ??= recordReverse(f, bound.args.map(copy), options, "vjp");
    const gradient = recorded.shape(recorded.pull(seeds));
    return (isSingle(options, bound.args) ? [gradient] : gradient) as unknown[];
  };
  return { value: valueOf(bound.output), pullback: recorder.aware(pullback) };
}

/** The numbers of a tangent or cotangent, which must stand where the primal's stand. */
export function matching(direction: unknown, primal: Parts, what: string, of: string): Numbers {
  const parts = takeApart(recorder, direction, what, false);
  if (parts.matches(primal)) return parts;
  const [given, expected] = [parts.paths, primal.paths];
  const missing = expected.find((p) => !given.includes(p));
  const extra = given.find((p) => !expected.includes(p));
  const detail =
    missing !== undefined
      ? `no number at ${missing || "the top"}`
      : `a number at ${extra || "the top"}, where the ${of} has none`;
  throw new WengertError(
    `${what} must have the shape of the ${of}, ${count(expected.length, "number")}; got ${describe(direction)} with ${detail}`,
  );
}
