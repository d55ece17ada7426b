/**
 * Forward mode: pushforwards and ordinary derivatives, on dual numbers.
 *
 * Reference: Griewank & Walther (2008), section 3.1; Wengert (1964).
 */
import { WengertError } from "../source/positions.ts";
import { describe, type Numbers } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { checkFunction, checkOptions, count, positionsOf } from "./arguments.ts";
import { Serving } from "./engine.ts";
import { evaluateForward, joined, pointOf, valueOf } from "./evaluate.ts";
import { matching } from "./reverse.ts";
import type { AnyFunction, Direction, Gradient, Options } from "./types.ts";

const one: Numbers = { values: Float64Array.of(1), handles: null };

/**
 * The pushforward: f's value at `args` and its derivative in the direction `tangents`, in memory that does not grow
 * with the length of the computation.
 *
 * @example
 * jvp((x: number, y: number) => x * y)([2, 3], [1, 0]) // { value: 6, tangent: 3 }
 */
export function jvp<P extends unknown[], R>(
  f: (...args: P) => R,
  options?: Options,
): (args: P, tangents: { readonly [K in keyof P]: Direction<P[K]> }) => { value: R; tangent: Gradient<R> } {
  checkFunction(f, "jvp");
  checkOptions(options, "jvp", ["wrt", "engine"]);
  const call = { f: f as AnyFunction, engine: options?.engine, name: "jvp" };
  const serving = new Serving(call, "pushforward", (args) =>
    positionsOf(options, args, f as AnyFunction, "jvp"),
  );
  return recorder.aware((args: P, tangents: { readonly [K in keyof P]: Direction<P[K]> }) => {
    if (!Array.isArray(args))
      throw new WengertError(
        `jvp expects a list of arguments; got ${describe(args)}`,
        "write jvp(f)([x, y], [xDot, yDot])",
      );
    const positions = positionsOf(options, args, f as AnyFunction, "jvp");
    if (!Array.isArray(tangents) || tangents.length !== positions.length)
      throw new WengertError(
        `jvp expects a list of ${count(positions.length, "tangent")}, one for each argument; got ${describe(tangents)}`,
        "write jvp(f)([x, y], [xDot, yDot])",
      );
    const point = pointOf(args, positions, options?.wrt !== undefined);
    const directions = point.parts.map((part, k) =>
      part.length === 0
        ? part
        : matching(tangents[k], part, `the tangent of argument ${positions[k]}`, "argument"),
    );
    const rebuilt = () =>
      point.parts.map((part, k) =>
        part.length === 0 ? null : part.rebuild(recorder, directions[k], () => null),
      );
    const answer = serving.answer(args, rebuilt);
    if (answer) return { value: answer.value as R, tangent: answer.tangent as Gradient<R> };
    const { output, tangents: result } = evaluateForward(f as AnyFunction, point, joined(directions));
    return {
      value: valueOf(output) as R,
      tangent: output.rebuild(recorder, result, () => null) as Gradient<R>,
    };
  });
}

/**
 * The derivative of a function of one number, in the shape of f's result.
 *
 * @example
 * derivative((x: number) => x ** 3)(2) // 12
 * derivative((t: number) => [Math.cos(t), Math.sin(t)])(0) // [0, 1]
 */
export function derivative<R>(f: (x: number) => R, options?: Options<undefined>): (x: number) => Gradient<R> {
  checkFunction(f, "derivative");
  checkOptions(options, "derivative", ["engine"]);
  const call = { f: f as AnyFunction, engine: options?.engine, name: "derivative" };
  const serving = new Serving(call, "pushforward", () => [0]);
  const along = () => [1];
  return recorder.aware((...args: unknown[]) => {
    const [x] = args;
    if (args.length !== 1 || !(typeof x === "number" || x instanceof recorder.Box))
      throw new WengertError(
        `derivative expects one number; got ${args.length === 1 ? describe(x) : count(args.length, "argument")}`,
        "use grad(f) or jacobian(f) for several inputs",
      );
    const answer = serving.answer(args, along);
    if (answer) return answer.tangent as Gradient<R>;
    const { output, tangents } = evaluateForward(f as AnyFunction, pointOf(args, [0], true), one);
    return output.rebuild(recorder, tangents, () => null) as Gradient<R>;
  }) as (x: number) => Gradient<R>;
}
