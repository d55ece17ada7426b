/**
 * What partial derivatives are written against.
 *
 * What: `Algebra<T>`, the elementary operations on values of some kind T: numbers compute a partial, texts of
 * JavaScript write it down, recorded values differentiate it again. Why: each rule is written once, as
 * `(A, y, x) => [A.cos(x)]`, and serves all of them. An instance is three functions, `algebraOf({ constant, call,
 * primal })`; only one that writes code has to say how it writes a condition.
 * Reference: Carette, Kiselyov & Shan, Finally tagless, partially evaluated, JFP 19 (2009), for the idea.
 */
import { comparisons } from "./comparisons.ts";
import type { ComparisonName, PrimitiveName } from "./names.ts";
import { table } from "./table.ts";

/** The answer to a comparison: text where values are text, a boolean where they are computed. */
export type Condition<T> = T extends string ? string : boolean;

/** The operations that differ from one kind of value to the next. */
export interface Foundation<T> {
  constant(value: number): T;
  /** The elementary operation of that name. */
  call(name: PrimitiveName, ...operands: T[]): T;
  /** Comparisons look at primal values only. */
  compare(name: ComparisonName, x: T, y: T): Condition<T>;
  and(p: Condition<T>, q: Condition<T>): Condition<T>;
  /** One of two values. The branch that is not taken is not computed. */
  select(test: Condition<T>, then: () => T, otherwise: () => T): T;
  /** The same value, which is going to be used more than once: one that writes code may give it a name. */
  share(value: T, name: string): T;
}

/** The foundation with each elementary operation and comparison as a method: `A.mul(x, y)`, `A.cos(x)`, `A.lt(x, y)`. */
export type Algebra<T> = Foundation<T> &
  Readonly<Record<PrimitiveName, (...operands: T[]) => T>> &
  Readonly<Record<ComparisonName, (x: T, y: T) => Condition<T>>>;

/** Gives a foundation its methods. */
export function algebraOn<T>(foundation: Foundation<T>): Algebra<T> {
  const methods: Record<string, unknown> = {};
  for (const name of Object.keys(table) as PrimitiveName[])
    methods[name] = (...operands: T[]) => foundation.call(name, ...operands);
  for (const name of Object.keys(comparisons) as ComparisonName[])
    methods[name] = (x: T, y: T) => foundation.compare(name, x, y);
  return Object.assign(methods, foundation) as unknown as Algebra<T>;
}

/** An algebra of values that have a number inside, by which comparisons are decided at once. */
export function algebraOf<T>(kind: {
  constant(value: number): T;
  call(name: PrimitiveName, ...operands: T[]): T;
  primal(x: T): number;
}): Algebra<T> {
  return algebraOn<T>({
    constant: kind.constant,
    call: kind.call,
    compare: (name, x, y) => comparisons[name].value(kind.primal(x), kind.primal(y)) as Condition<T>,
    and: (p, q) => (p && q) as Condition<T>,
    select: (test, then, otherwise) => (test ? then() : otherwise()),
    share: (value) => value,
  });
}
