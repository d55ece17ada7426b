/**
 * Simplifications of a lowered function that every program profits from.
 *
 * What: lengths of lists that are made here are what they were made with, and what does not change from iteration to
 * iteration is computed before the loop. Why here: a length that is known needs no storing for the reverse sweep, and
 * what stands before a loop is stored once. Reference: Aho, Lam, Sethi & Ullman, Compilers (2006), section 9.5.
 */
import { Analysis } from "./analysis.ts";
import { dropChecks } from "./checks.ts";
import { countLoops } from "./counters.ts";
import { separateFields } from "./fields.ts";
import { everyValue, givesUpIf, isInside, type Lowered, put, runBy, type Value } from "./ir.ts";
import { findCounters, isWhole, number } from "./numbering.ts";
import { Overlap } from "./overlap.ts";
import { exchange, replace, resolved } from "./replace.ts";
import { sizeLists } from "./sizes.ts";
import { joinStreams } from "./streams.ts";
import { startSums } from "./sums.ts";

/** What simplifying has to know of what is made of a function. */
export interface Purpose {
  /** Positions of the arguments that are differentiated by. */
  readonly positions: readonly number[];
  /** Whether the program may give up where a counter is no whole number. */
  readonly mayGiveUp: boolean;
}

export function simplify(lowered: Lowered, { positions, mayGiveUp }: Purpose): void {
  // counters that go along with a loop's own
  exchange(lowered, findCounters(lowered));
  // memory stays the same throughout
  const analysis = new Analysis(lowered, null);
  exchange(
    lowered,
    number(lowered, analysis, () => false),
  );
  startSums(lowered, analysis);
  const lengths = new Lengths(lowered, analysis);
  replace(lowered, lengths.find());
  dropChecks(lowered);
  hoist(lowered, analysis, mayGiveUp);
  const isIndependent = ({ input: { root } }: Value): boolean =>
    root.type === "argument" && positions.includes(root.position);
  replace(lowered, countLoops(lowered, isIndependent, mayGiveUp));
  exchange(lowered, findCounters(lowered));
  // what is hoisted may be the same as something else
  mergeSame(lowered, analysis, lengths);
  const streams = joinStreams(lowered);
  const isChanged = [separateFields, sizeLists].map((rewrite) => rewrite(lowered)).includes(true);
  if (!streams && !isChanged) return;
  const joined = streams && !isChanged ? streams : new Analysis(lowered, null);
  const known = new Lengths(lowered, joined);
  replace(lowered, known.find());
  dropChecks(lowered);
  hoist(lowered, joined, mayGiveUp);
  mergeSame(lowered, joined, known);
}
/** Rewrites nests and rows of loops so that their reverse sweeps are better; whether any was. */
export function arrangeLoops(
  lowered: Lowered,
  analysis: Analysis,
  rewrite: (lowered: Lowered, analysis: Analysis, replaced: Map<Value, Value>) => boolean,
): boolean {
  const replaced = new Map<Value, Value>();
  if (!rewrite(lowered, analysis, replaced)) return false;
  exchange(lowered, replaced);
  const after = new Analysis(lowered, null);
  mergeSame(lowered, after, new Lengths(lowered, after));
  return true;
}
function mergeSame(lowered: Lowered, analysis: Analysis, lengths: Lengths): void {
  exchange(
    lowered,
    number(lowered, analysis, (store) => lengths.isWithin(store)),
  );
}

/** Lengths of lists, where they are known. */
class Lengths {
  private readonly known = new Map<Value, Value | null>();
  constructor(
    private readonly lowered: Lowered,
    private readonly analysis: Analysis,
  ) {}

  find(): Map<Value, Value> {
    const replaced = new Map<Value, Value>();
    for (const value of everyValue(this.lowered)) {
      if (value.op !== "length") continue;
      const length = this.of(value.args[0]);
      if (length && length !== value && this.isFixed(value.args[0]))
        replaced.set(value, resolved(length, replaced));
    }
    return replaced;
  }
  /** The value that a list's length is, as far as it can be told from how the list is made. */
  private of(pointer: Value): Value | null {
    const known = this.known.get(pointer);
    if (known !== undefined) return known;
    this.known.set(pointer, null);
    let length: Value | null = null;
    if (pointer.op === "allocate" && pointer.allocation.type === "filled")
      length = this.through(pointer.args[0]);
    if (pointer.op === "allocate" && pointer.allocation.type === "copy") length = this.of(pointer.args[0]);
    if (pointer.op === "phi" || pointer.op === "out") {
      const c = pointer.loop.carried.find((x) => x.phi === pointer || x.out === pointer);
      const init = c ? this.of(c.init) : null;
      if (c && init) {
        // lists of one length, from iteration to iteration
        this.known.set(c.phi, init);
        if (this.of(c.next) === init) length = init;
        else this.known.clear();
      }
    }
    this.known.set(pointer, length);
    return length;
  }
  /** A length that is the length of another list. */
  private through(n: Value): Value {
    return n.op === "length" ? (this.of(n.args[0]) ?? n) : n;
  }
  /** Whether no list that a pointer may reach changes its length. */
  private isFixed(pointer: Value): boolean {
    const { stores, allocations } = this.analysis.memoryOf(pointer);
    if (allocations.some((a) => a.allocation.type === "literal")) return false;
    return stores.every((store) => store.op === "store" && this.isWithin(store));
  }
  isWithin(store: Value): boolean {
    const [list, index] = store.args;
    const made = this.of(list);
    if (made && isWhole(index) && Overlap.at(store).isElementOf(index, made)) return true;
    const counted = index.op === "index" ? index.loop.counted : null;
    if (!counted) return false;
    const isLength = (value: Value): boolean =>
      (value.op === "length" && value.args[0] === list) || this.through(value) === this.of(list);
    const { start, bound, comparison, step } = counted;
    if (step > 0) return comparison === "lt" && isNonNegative(start) && isLength(bound);
    const [n, one] = start.op === "rule" ? start.args : [];
    return (
      comparison === "ge" &&
      bound.op === "const" &&
      (bound.constant as number) >= 0 &&
      start.op === "rule" &&
      start.rule.operator === "-" &&
      one?.op === "const" &&
      one.constant === 1 &&
      isLength(n)
    );
  }
}

/** Whether a value is no negative number, as far as its making tells. */
function isNonNegative(value: Value): boolean {
  if (value.op === "const") return (value.constant as number) >= 0;
  if (value.op === "index") {
    const { start, step } = value.loop.counted!;
    return step > 0 && isNonNegative(start);
  }
  return (
    value.op === "length" ||
    (value.op === "rule" && value.rule.operator === "+" && value.whole && value.args.every(isNonNegative))
  );
}

/** Takes what does not change out of loops. */
function hoist(lowered: Lowered, analysis: Analysis, mayGiveUp: boolean): void {
  const loops = everyValue(lowered).filter((value) => value.op === "loop");
  // innermost loops stand behind those around them
  for (const owner of loops.reverse()) {
    const inside = new Set(runBy(owner));
    for (const region of [owner.loop.head, owner.loop.body]) {
      for (const value of region.values.slice()) {
        // where it may, the program gives up although the loop might not run at all
        const isCheck = mayGiveUp && givesUpIf(value) !== null && isFrom(value, owner);
        if (!isCheck && !isInvariant(value, owner, inside, analysis)) continue;
        region.values.splice(region.values.indexOf(value), 1);
        put([value], owner.region, owner.region.values.indexOf(owner));
      }
    }
  }
}
/** Whether a value of a loop is computed from what stands outside of it. */
function isFrom({ args }: Value, { loop: { head, body } }: Value): boolean {
  return !args.some(({ region }) => isInside(region, body) || isInside(region, head));
}
function isInvariant(value: Value, owner: Value, inside: ReadonlySet<Value>, analysis: Analysis): boolean {
  if (!["load", "length", "rule", "compare", "const"].includes(value.op)) return false;
  if (!isFrom(value, owner)) return false;
  if (value.op === "load" || value.op === "length") {
    const { stores } = analysis.memoryOf(value.args[0]);
    return (
      !stores.some((store) => inside.has(store) && !analysis.areApart(store, value)) ||
      (value.op === "length" && value.args[0].op === "input")
    );
  }
  return true;
}
