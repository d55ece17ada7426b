/**
 * A point to differentiate at, as a list of numbers.
 *
 * What: the numbers in the arguments that count, the way back from other numbers to arguments, and from one number for
 * each of them to a gradient in the arguments' shapes. Why: differences, checks and cost reports perturb one number
 * after another, whatever the arguments look like. The rules of shape and of `wrt` are those of `grad`.
 */
import { positionsOf } from "../derive/arguments.ts";
import { pointOf as checkedPoint } from "../derive/evaluate.ts";
import type { AnyFunction, Options, Wrt } from "../derive/types.ts";
import { isRecord, type Parts, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";

export interface Point {
  /** The numbers to differentiate by, in key order. */
  readonly x: readonly number[];
  /** Where each of them stands: "argument 1 → .w[2][0]". */
  readonly paths: readonly string[];
  /** `wrt` as it was given, for the calls that differentiate by the same numbers. */
  readonly options: { readonly wrt?: Wrt };
  /** Fresh arguments with these numbers. */
  args(x: ArrayLike<number>): unknown[];
  /** Arguments that can be changed in place, one number at a time. */
  movable(): Movable;
  /** One number for each of x, in the shape of a gradient: a tuple where several arguments count. */
  gradient(numbers: ArrayLike<number>): unknown;
  /** The numbers of a gradient that has the arguments' shapes. */
  numbers(gradient: unknown): number[];
  /** One number for each of x as a tuple always, an entry for each position. */
  tuple(numbers: ArrayLike<number>): unknown[];
}

export interface Movable {
  readonly args: unknown[];
  set(k: number, value: number): void;
  /** Whether the arguments hold the numbers of the point: nobody else has written to them. */
  intact(): boolean;
}

export function pointOf(
  f: AnyFunction,
  args: readonly unknown[],
  options: Options | undefined,
  call: string,
): Point {
  const positions = positionsOf(options, args, f, call);
  const explicit = options?.wrt !== undefined;
  checkedPoint(args, positions, explicit || args.length === 1);
  const kept = args.map((arg, k) => takeApart(recorder, arg, `argument ${k}`, false));
  const single = explicit ? !Array.isArray(options?.wrt) : args.length === 1;
  const counts = kept.map(({ values }) => values.length);
  const tuple = (numbers: ArrayLike<number>) => {
    let from = 0;
    return positions.map((k) => rebuilt(kept[k], part(numbers, from, (from += counts[k])), () => null));
  };
  const x = positions.flatMap((k) => [...kept[k].values]);
  const withNumbers = (numbers: ArrayLike<number>) => {
    let from = 0;
    const fresh = kept.map((leaves) => leaves.values as ArrayLike<number>);
    for (const k of positions) fresh[k] = part(numbers, from, (from += counts[k]));
    return kept.map((leaves, k) => rebuilt(leaves, fresh[k], (value) => value));
  };
  return {
    options: { wrt: options?.wrt },
    x,
    get paths() {
      return positions.flatMap((k) => kept[k].paths.map((path) => pathOf(k, path)));
    },
    args: withNumbers,
    movable: () => {
      const args = withNumbers(x);
      const places = positions.flatMap((k) => placesIn(args, k));
      return {
        args,
        set: (k, value) => {
          const [container, key] = places[k];
          container[key] = value;
        },
        intact: () =>
          places.every(([container, key], k) => Object.is(container[key], x[k])) &&
          positions.flatMap((k) => placesIn(args, k)).length === x.length,
      };
    },
    tuple,
    numbers: (gradient) => (single ? [gradient] : (gradient as unknown[])).flatMap(numbersOf),
    gradient: (numbers) => (single ? tuple(numbers)[0] : tuple(numbers)),
  };
}

/** A result as a list of numbers, with the path of each and the way back to its shape. */
export interface Output {
  readonly scalar: boolean;
  readonly values: readonly number[];
  readonly paths: readonly string[];
  rebuild(numbers: ArrayLike<number>): unknown;
}

export function outputOf(value: unknown): Output {
  const parts = takeApart(recorder, value, "the result", true);
  return {
    scalar: parts.scalar,
    values: [...parts.values],
    get paths() {
      return parts.paths;
    },
    rebuild: (numbers) => rebuilt(parts, numbers, (leaf) => leaf),
  };
}

/** The numbers of a value, in key order. */
export function numbersOf(value: unknown): number[] {
  return [...takeApart(recorder, value, "the gradient", false).values];
}

/** A value taken apart, put together again with other numbers. */
function rebuilt(parts: Parts, numbers: ArrayLike<number>, passive: (value: unknown) => unknown): unknown {
  return parts.rebuild(recorder, { values: Float64Array.from(numbers), handles: null }, passive);
}

type Place = readonly [container: Record<PropertyKey, unknown>, key: PropertyKey];

/** Where the numbers stand that a member of a container holds, in key order. */
function placesIn(container: object, key: PropertyKey): Place[] {
  const member = (container as Record<PropertyKey, unknown>)[key];
  if (typeof member === "number") return [[container as Place[0], key]];
  if (typeof member !== "object" || member === null) return [];
  if (Array.isArray(member) || member instanceof Float64Array)
    return Array.from(member, (_, k) => placesIn(member, k)).flat();
  return isRecord(member) ? Object.keys(member).flatMap((name) => placesIn(member, name)) : [];
}

/** "argument 1 → .w[2][0]", or "argument 1" for a number. */
function pathOf(position: number, path: string): string {
  return path === "" ? `argument ${position}` : `argument ${position} → ${path}`;
}

function part(numbers: ArrayLike<number>, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => numbers[from + k]);
}
