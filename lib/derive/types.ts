/**
 * The types of derivatives: `grad(f)` has f's parameter types, and its result the shape of what it differentiates by.
 */

export type AnyFunction = (...args: any[]) => unknown;

/** The shape of a gradient: numbers where there are numbers, null where nothing is active. */
export type Gradient<T> = [T] extends [number]
  ? number
  : T extends Float64Array
    ? Float64Array
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Gradient<T[K]> }
      : T extends string | boolean | bigint | symbol | null | undefined | ((...args: never[]) => unknown)
        ? null
        : T extends object
          ? { -readonly [K in keyof T]: Gradient<T[K]> }
          : null;

/** A tangent or cotangent of a value: the same shape; what stands beside passive leaves does not matter. */
export type Direction<T> = [T] extends [number]
  ? number
  : T extends Float64Array
    ? Float64Array
    : T extends readonly unknown[]
      ? { readonly [K in keyof T]: Direction<T[K]> }
      : T extends string | boolean | bigint | symbol | null | undefined | ((...args: never[]) => unknown)
        ? unknown
        : T extends object
          ? { readonly [K in keyof T]: Direction<T[K]> }
          : unknown;

/** Which argument, or arguments, to differentiate by. */
export type Wrt = number | readonly number[] | undefined;

/**
 * What a gradient by those arguments looks like. `undefined` is asked for first: without strictNullChecks it extends
 * everything, and notebooks are checked that way unless their folder says otherwise.
 */
export type GradientBy<P extends readonly unknown[], W extends Wrt> = W extends undefined
  ? P extends readonly [infer Only]
    ? Gradient<Only>
    : { -readonly [K in keyof P]: Gradient<P[K]> }
  : W extends readonly number[]
    ? { -readonly [K in keyof W]: W[K] extends number ? Gradient<P[W[K]]> : never }
    : W extends number
      ? Gradient<P[W]>
      : never;

export type Engine = "auto" | "program" | "tape";

export interface Options<W extends Wrt = Wrt> {
  /** Which arguments to differentiate by: one, or a list. All of them when absent. */
  readonly wrt?: W;
  /** `"auto"` (default), `"program"` (the derivative program or an error) or `"tape"`. */
  readonly engine?: Engine;
}
