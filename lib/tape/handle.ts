/**
 * Handles: what makes a number a traced one.
 *
 * What: a traced number is a pair (value, handle). On the outermost level the handle is a number: the index of a tape
 * entry (tape and trace mode) or the tangent itself (dual mode). On inner levels of nested derivatives it is an
 * `Active`. Where a traced number lies on the heap or goes through a call, a `Box` holds the pair.
 * Reference: Siskind & Pearlmutter, Nesting forward-mode AD in a functional framework, HOSC 21 (2008), for levels
 * that keep perturbations apart.
 */
import { WengertError } from "../source/positions.ts";

/** 0: passive. A number: outermost level. Active: inner level. Stale: left over from an evaluation that is over. */
export type Handle = number | Active | Stale;

/** One of nested derivatives, from the second inwards. */
export interface Level {
  readonly depth: number;
  alive: boolean;
}

/** A number traced on an inner level: its handle on the levels around, and what its own level knows of it. */
export class Active {
  constructor(
    readonly level: Level,
    readonly outer: Handle,
    /** The index of an entry of the level's tape, or its tangent. */
    readonly own: number,
    /** The handle of the tangent on the levels around. */
    readonly ownOuter: Handle,
  ) {}
}

/** A number that an earlier evaluation left behind: its value is known, its derivative is not. */
export class Stale {
  readonly derivative = "unknown";
  static readonly instance = new Stale();
}

/** A traced number on the heap. Native code that wants a number from it gets an error. */
export class Box {
  constructor(
    readonly v: number,
    readonly h: Handle,
    /** The number of the evaluation it belongs to. */
    readonly session: number,
  ) {}
  [Symbol.toPrimitive](): never {
    throw new WengertError(
      "a traced value reached code that is not prepared, or a conversion by JavaScript itself, which want its number",
      "write that code in a cell or an imported file, or take the value out by stopGradient(x)",
    );
  }
  valueOf(): never {
    return this[Symbol.toPrimitive]();
  }
  toString(): never {
    return this[Symbol.toPrimitive]();
  }
  toJSON(): never {
    return this[Symbol.toPrimitive]();
  }
  [Symbol.for("nodejs.util.inspect.custom")](): number {
    return this.v;
  }
}

/** What a container of plain numbers knows of their handles, under the recorder's `shadow` symbol. */
export abstract class Shadow {
  /** Above 0: element k has the handle first + k. */
  first = 0;
  /** The handle of the number found at a key. */
  abstract handle(container: object, key: PropertyKey, value: number): Handle;
  /** Puts a value, traced or not, at a key. */
  abstract set(container: object, key: PropertyKey, value: unknown, h: Handle): void;
}
