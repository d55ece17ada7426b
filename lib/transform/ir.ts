/**
 * The intermediate form of derivative programs: structured, in static single assignment.
 *
 * What: `Value` (everything that is computed, with its operands), `Region` (values in order, a straight line), and the
 * two values that hold regions: `if` and `loop`. Why this form: each value is assigned once, so that an adjoint belongs
 * to a value and not to a variable at a time; loops and branches stay what they are, so that programs can be read.
 * Memory (arrays and records that are not taken apart) is reached through pointers by loads and stores. Calls are
 * written out, but for those of `Procedure`s: functions that call themselves, which stay what they are.
 * Reference: Cytron et al., Efficiently computing static single assignment form, TOPLAS 13 (1991); Moses & Churavy,
 * Instead of rewriting foreign code for machine learning, automatically synthesize fast gradients, NeurIPS 2020.
 */
import type { ComparisonName, Rule } from "../rules/index.ts";
import type { Node } from "../source/syntax.ts";
import type { Kind } from "./kinds.ts";

export type Type = "number" | "boolean" | "text" | "pointer";

/** What a value is; the fields that go with it stand in `Value`. */
export type Op =
  /** A number or boolean known beforehand. */
  | "const"
  /** An argument, a free variable, or a part of one. */
  | "input"
  /** The counter of a counted loop. */
  | "index"
  /** A variable at the start of an iteration, and behind the loop. */
  | "phi"
  | "out"
  /** How often a loop that does not count went round. */
  | "trips"
  /** A variable behind an `if`. */
  | "merge"
  /** A row of the table. */
  | "rule"
  /** A row of any number of operands, on all elements of a list. */
  | "spread"
  | "compare"
  | "not"
  | "and"
  | "or"
  | "select"
  /** A passive number or boolean by a text of JavaScript. */
  | "passive"
  | "load"
  | "length"
  | "store"
  | "push"
  | "allocate"
  /** The program gives up: the tape has to say what happens. */
  | "bail"
  | "if"
  | "loop"
  /** What a procedure is given; a call of one, and behind it what it gives. */
  | "param"
  | "call"
  | "result";

export class Value {
  /** The user's name for it, if it has one; of a bail: the message of JavaScript's own RangeError. */
  name: string | null = null;
  region!: Region;
  /** The statement that it belongs to. */
  statement: Node | null = null;
  /** Of a pointer. */
  kind: Kind | null = null;
  /** Whether it is known to be a whole number. */
  whole = false;
  /** Whether it is nothing but its operand, without a derivative. */
  detached = false;
  /** Whether it stands for undefined on some path, as NaN. */
  maybe = false;
  /** Of a load: whether it is asked if the element is there. */
  asked = false;

  // what goes with the operation
  constant: number | boolean = 0;
  rule!: Rule;
  comparison!: ComparisonName;
  /** Of a passive value: its text from the texts of its operands. */
  write!: (...operands: string[]) => string;
  /**
   * Of a load or store: the member of a record; null for elements, whose index is operand 1. Of a bail: the member that
   * is read of a record that is not there.
   */
  key: string | null = null;
  input!: Input;
  allocation!: Allocation;
  branch!: Branch;
  loop!: Loop;
  call!: Call;

  /** Later ones have greater numbers. */
  readonly id = ++made;

  constructor(
    readonly op: Op,
    readonly type: Type,
    public args: Value[],
  ) {}
}
let made = 0;

/** A straight line of values. */
export class Region {
  readonly values: Value[] = [];
  constructor(
    public parent: Region | null,
    /** The `if` or `loop` that it is a part of. */
    readonly owner: Value | null,
    /** Whose body it is, if it is one. */
    private readonly bodyOf: Procedure | null = null,
  ) {}
  /** The procedure that it is a part of. */
  get procedure(): Procedure | null {
    let region: Region = this;
    while (region.parent) region = region.parent;
    return region.bodyOf;
  }
  /** The loop around it, innermost. */
  get loop(): Value | null {
    for (let region: Region | null = this; region; region = region.parent)
      if (region.owner?.op === "loop") return region.owner;
    return null;
  }
}

export interface Branch {
  readonly consequent: Region;
  readonly alternate: Region;
  /** A `merge` value for each variable that differs, with what it is on each side. */
  readonly merges: { value: Value; consequent: Value; alternate: Value }[];
}

export interface Loop {
  /** Of a counted loop: the counter goes from `start` by `step` while it compares so with `bound`. */
  readonly counted: {
    start: Value;
    bound: Value;
    step: number;
    comparison: ComparisonName;
    index: Value;
  } | null;
  /** Of another one: what is computed before each iteration, and whether it goes on. */
  readonly head: Region;
  test: Value | null;
  readonly body: Region;
  readonly carried: Carried[];
  /** Behind a loop that does not count: its number of iterations. */
  trips: Value | null;
  /** Of such a loop: a variable that each iteration adds the same whole number to, from a whole number on. */
  counter?: { readonly carried: Carried; readonly step: number };
}

/** A loop that counts, and does nothing else to find its end. */
export type Counted = Value & { loop: Loop & { readonly counted: NonNullable<Loop["counted"]> } };
export function isCounted(value: Value): value is Counted {
  return value.op === "loop" && value.loop.counted !== null && value.loop.test === null;
}
/** Whether it counts 0, 1, 2, … */
export function isFromZero({ loop: { counted } }: Counted): boolean {
  const { start, step, comparison } = counted;
  return start.op === "const" && start.constant === 0 && step === 1 && comparison === "lt";
}

/** A variable that goes from iteration to iteration. */
export interface Carried {
  readonly phi: Value;
  init: Value;
  next: Value;
  readonly out: Value;
}

/** A function that calls itself, lowered by itself. What it sees outside of itself are parameters of it, too. */
export interface Procedure {
  readonly name: string;
  readonly body: Region;
  readonly params: Value[];
  readonly results: Value[];
}

/** A call of a procedure: the operands are its arguments. */
export interface Call {
  readonly procedure: Procedure;
  /** Values of the same region, one for each of the procedure's. */
  readonly results: Value[];
}

/** How memory comes about. */
export type Allocation =
  /** The operands one after the other, or by keys. */
  | { type: "literal"; keys: string[] | null }
  /** As many elements as operand 0 says, all of them operand 1 (a constant). */
  | { type: "filled" }
  /** A copy of operand 0, whose elements are numbers that carry no derivative. */
  | { type: "copy" };

/** Whether a list that is made there may become longer: by appending, or by a write behind its end. */
export function mayGrow({ kind }: Value): boolean {
  return kind?.type === "list" && !kind.floats;
}

/** Where an input comes from: an argument or free variable, and the way inside. */
export interface Input {
  readonly root: { type: "argument"; position: number } | { type: "free"; holder: number; name: string };
  readonly path: readonly (string | number)[];
  readonly kind: Kind;
}

/** A function, lowered. */
export interface Lowered {
  readonly body: Region;
  readonly inputs: readonly Value[];
  readonly procedures: readonly Procedure[];
  /** What it returns: numbers in a shape. */
  readonly result: Result;
}

/** The shape of a result, with values at its leaves. */
export type Result =
  | { type: "value"; value: Value }
  | { type: "list"; items: Result[]; floats: boolean }
  | { type: "record"; keys: string[]; items: Result[] }
  | { type: "constant"; value: unknown };

/** The values of a result. */
export function resultValues(result: Result): Value[] {
  if (result.type === "value") return [result.value];
  return result.type === "constant" ? [] : result.items.flatMap(resultValues);
}

/** The regions of a value, in the order in which they run. */
export function regionsOf(value: Value): readonly Region[] {
  if (value.op === "if") return [value.branch.consequent, value.branch.alternate];
  return value.op === "loop" ? [value.loop.head, value.loop.body] : nothing;
}
const nothing: readonly never[] = [];

/** All values, those inside of an `if` or `loop` behind it. */
export function allValues({ values }: Region, found: Value[] = []): Value[] {
  // the walk of all walks: without an iterator, which costs as much as the rest before V8 has compiled it
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    found.push(value);
    if (value.op === "if" || value.op === "loop")
      for (const inner of regionsOf(value)) allValues(inner, found);
  }
  return found;
}

/** Puts values into a region, with what is inside of them, from a place on. */
export function put(values: readonly Value[], to: Region, at = to.values.length): void {
  for (const value of values) {
    value.region = to;
    for (const inner of regionsOf(value)) inner.parent = to;
  }
  to.values.splice(at, 0, ...values);
}

/** The bodies of a function and of its procedures. */
export function bodiesOf({ body, procedures }: Lowered): Region[] {
  return [body, ...procedures.map((procedure) => procedure.body)];
}
/** All values of a function, those of its procedures last. */
export function everyValue({ body, procedures }: Lowered): Value[] {
  const found = allValues(body);
  for (const procedure of procedures) allValues(procedure.body, found);
  return found;
}
/** All that may run while a value runs: what is inside of it, and in the procedures that are called there. */
export function runBy(value: Value): readonly Value[] {
  if (value.op !== "if" && value.op !== "loop" && value.op !== "call") return nothing;
  const found: Value[] = [];
  for (const region of regionsOf(value)) allValues(region, found);
  const procedures = new Set<Procedure>();
  const called = ({ op, call }: Value): void => {
    if (op !== "call" || procedures.has(call.procedure)) return;
    procedures.add(call.procedure);
    allValues(call.procedure.body, found);
  };
  called(value);
  // those that are called in procedures are found behind the calls
  for (const inner of found) called(inner);
  return found;
}

/** What a value refers to beyond its operands: ends of branches and iterations. */
export function endsOf(value: Value): readonly Value[] {
  if (value.op === "if") return value.branch.merges.flatMap((m) => [m.consequent, m.alternate]);
  if (value.op !== "loop") return nothing;
  const { counted, test, carried } = value.loop;
  return [
    ...(counted ? [counted.start, counted.bound] : []),
    ...(test ? [test] : []),
    ...carried.flatMap((c) => [c.init, c.next]),
  ];
}

/** Of a branch in which the program gives up and that does nothing else: the answer of its test with which it does. */
export function givesUpIf({ op, branch }: Value): boolean | null {
  if (op !== "if" || branch.merges.length > 0) return null;
  const [yes, no] = [branch.consequent.values, branch.alternate.values];
  const isBail = (values: readonly Value[]): boolean => values.length === 1 && values[0].op === "bail";
  if (isBail(yes) && no.length === 0) return true;
  return isBail(no) && yes.length === 0 ? false : null;
}

/** Whether a region is inside another one, or it. */
export function isInside(inner: Region, outer: Region): boolean {
  for (let region: Region | null = inner; region; region = region.parent) if (region === outer) return true;
  return false;
}
