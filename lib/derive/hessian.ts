/**
 * Second derivatives: Hessians, and Hessians times vectors.
 *
 * What: a derivative program serves both as the gradient of the derivative in a direction; where there is none, the
 * gradient is recorded on a tape and swept back. Rows and columns of a matrix are inputs, flattened in key order.
 * Reference: Griewank & Walther (2008), chapter 5.
 */
import { WengertError } from "../source/positions.ts";
import { describe, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { checkFunction, checkOptions, count, positionsOf } from "./arguments.ts";
import { Serving } from "./engine.ts";
import { jacobian, listed } from "./jacobian.ts";
import { Gradients, matching, vjp } from "./reverse.ts";
import type { AnyFunction, Direction, Gradient, Options } from "./types.ts";
import { isAlike } from "./units.ts";

/** The numbers of the gradient in a row, as a function that is differentiated on the tape. */
function recordedGradient(f: AnyFunction, options: Options | undefined, call: string): AnyFunction {
  const gradients = new Gradients(f, { ...options, engine: "tape" }, call);
  return recorder.aware((...args: unknown[]) =>
    listed(takeApart(recorder, gradients.gradient(args), "the gradient", false)),
  );
}

/**
 * The Hessian matrix of a function that returns a number: symmetric, of all inputs by all inputs.
 *
 * @example
 * hessian((x: number, y: number) => x * x * y)(2, 3) // [[6, 4], [4, 0]]
 */
export function hessian<P extends unknown[]>(
  f: (...args: P) => number,
  options?: Options,
): (...args: P) => number[][] {
  checkFunction(f, "hessian");
  checkOptions(options, "hessian", ["wrt", "engine"]);
  const { engine } = options ?? {};
  const serving = new Serving({ f: f as AnyFunction, engine, name: "hessian" }, "product", (args) =>
    positionsOf(options, args, f as AnyFunction, "hessian"),
  );
  return recorder.aware((...args: P) => {
    const rows = serving.rows(args);
    if (rows) return rows;
    const positions = positionsOf(options, args, f as AnyFunction, "hessian");
    const gradient = recordedGradient(f as AnyFunction, { wrt: positions }, "hessian");
    return jacobian(gradient, { wrt: positions, mode: "reverse" })(...args);
  });
}

/**
 * The Hessian times a vector, without the matrix: (∇²f)(x) v, in x's shape, at a small multiple of f's cost.
 *
 * With several arguments, x and v are lists of them, and so is the result.
 *
 * @example
 * hvp((x: number[]) => x[0] ** 2 * x[1])([2, 3], [1, 0]) // [6, 4]
 */
export function hvp<X>(f: (x: X) => number, options?: Options): (x: X, v: Direction<X>) => Gradient<X> {
  checkFunction(f, "hvp");
  checkOptions(options, "hvp", ["engine"]);
  const call = { f: f as AnyFunction, engine: options?.engine, name: "hvp" };
  const serving = new Serving(call, "product", (args) =>
    positionsOf(undefined, args, f as AnyFunction, "hvp"),
  );
  const several = (f as AnyFunction).length > 1;
  return recorder.aware((...given: unknown[]) => {
    if (given.length !== 2)
      throw new WengertError(
        `hvp expects a point and a direction; got ${count(given.length, "argument")}`,
        "write hvp(f)(x, v)",
      );
    const [x, v] = given as [X, Direction<X>];
    if (several && !Array.isArray(x))
      throw new WengertError(
        `hvp expects a list of arguments as the point; got ${describe(x)}`,
        "write hvp(f)([x, y], [vx, vy])",
      );
    const args = several ? (x as unknown[]) : [x];
    const direction = (): readonly unknown[] => {
      if (isAlike(x, v)) return (several ? v : [v]) as readonly unknown[];
      const point = takeApart(recorder, x, "the point", false);
      const rebuilt = point.rebuild(recorder, matching(v, point, "the direction", "point"), () => null);
      return (several ? rebuilt : [rebuilt]) as readonly unknown[];
    };
    const answer = serving.answer(args, direction);
    if (answer) return (several ? answer.gradient : answer.gradient[0]) as Gradient<X>;
    const numbers = matching(v, takeApart(recorder, x, "the point", false), "the direction", "point");
    const { pullback } = vjp(recordedGradient(f as AnyFunction, undefined, "hvp"))(...args);
    // the Hessian is symmetric: its pullback is its pushforward
    const result = pullback(listed(numbers) as never);
    return (several ? result : (result as unknown[])[0]) as Gradient<X>;
  }) as (x: X, v: Direction<X>) => Gradient<X>;
}
