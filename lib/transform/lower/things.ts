/**
 * What an expression can be while a function is lowered.
 *
 * What: a `Value` of the intermediate form, or something known beforehand: a small list or record taken apart into its
 * members (`Group`), a function that will be written out where it is called (`Closure`), and a value of the program
 * that makes the derivative program (`Host`: `Math`, a string, undefined). Why: what is known beforehand costs the
 * derivative program nothing. Reference: Stadler, Würthinger & Mössenböck, Partial escape analysis and scalar
 * replacement for Java, CGO 2014, for groups.
 */
import type { Binding } from "../../source/scope.ts";
import type { PlainFunction, Site } from "../../source/sites.ts";
import type { Node } from "../../source/syntax.ts";
import type { Value } from "../ir.ts";

export type Thing = Value | Group | Optional | Closure | Host | Unknown;

/** A variable at a time of the lowering: what it holds is found in the state. */
export class Cell {
  constructor(public name: string) {}
}

/** Whether a key is an index of a list. */
export function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key);
}

/** A list or record of known members, each in a cell of its own. */
export class Group {
  /** Whether another group has been made of it, so that it may not be written to any more. */
  frozen = false;
  /** Whether it is a short list of an argument, whose loops stay loops. */
  whole = false;
  constructor(
    /** Where it was made, for each place whose groups meet in it. */
    readonly origins: readonly string[],
    /** Null for a list. */
    readonly keys: readonly string[] | null,
    readonly cells: readonly Cell[],
    readonly floats: boolean = false,
  ) {}
  cell(key: string): Cell | undefined {
    const place = this.keys ? this.keys.indexOf(key) : isIndex(key) ? Number(key) : -1;
    return this.cells[place];
  }
}

/** A number on some paths, and null or undefined on the others. */
export class Optional {
  constructor(
    /** Whether it is a number. */
    readonly there: Value,
    /** The number; otherwise what JavaScript makes of null or undefined in arithmetic. */
    readonly value: Value,
    readonly absent: null | undefined,
  ) {}
}

/** The variables of one call of a function. */
export class Frame {
  readonly cells = new Map<Binding, Cell>();
  constructor(
    readonly parent: Frame | null,
    readonly holder: Holder,
    /** The call that it belongs to, for the names of places. */
    readonly path: string,
  ) {}
  find(binding: Binding): Cell | undefined {
    for (let frame: Frame | null = this; frame; frame = frame.parent) {
      const cell = frame.cells.get(binding);
      if (cell) return cell;
    }
    return undefined;
  }
}

/** A prepared function whose text is lowered, by its place in the list of those. */
export interface Holder {
  readonly index: number;
  readonly f: PlainFunction;
  readonly site: Site;
}

export class Closure {
  constructor(
    readonly node: Node,
    readonly frame: Frame,
    readonly name: string,
  ) {}
}

export class Host {
  constructor(
    readonly value: unknown,
    /** How to get there from a free variable, if it came from one. */
    readonly free: { holder: number; name: string; path: string[] } | null = null,
  ) {}
}

/** What differs from path to path in a way that a program cannot follow; reading it is refused. */
export class Unknown {
  constructor(
    readonly reason: string,
    readonly wayOut = "give it one kind of value on all paths",
  ) {}
}

export const nothing = new Host(undefined);
