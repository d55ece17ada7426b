/**
 * Taking a value out of the calculus, on purpose.
 */
import { recorder } from "../tape/recorder.ts";
import { stopping } from "../transform/stopped.ts";

/**
 * The same value, as a constant: derivatives do not go through it.
 *
 * @example
 * derivative((x: number) => x * stopGradient(x))(3) // 3
 */
export const stopGradient: <T>(x: T) => T = recorder.aware((x: unknown) =>
  recorder.session === 0 ? x : recorder.heap.constant(x),
) as <T>(x: T) => T;
stopping.add(stopGradient);
