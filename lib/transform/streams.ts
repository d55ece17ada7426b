/**
 * Lists that only go from one loop to the next.
 *
 * What: a list that one loop makes, element by element, and another reads, element by element (`map` before `reduce`,
 * `slice` before `forEach`), is not made: the first loop's body goes into the second's. Why: neither the list nor the
 * list of its adjoints takes memory then, and what is left is the loop that one would write by hand.
 * Reference: Wadler, Deforestation: transforming programs to eliminate trees, Theoretical Computer Science 73 (1990).
 */
import { Analysis } from "./analysis.ts";
import { makeBail, makeTrips, makeValue } from "./insertion.ts";
import {
  allValues,
  type Counted,
  isCounted,
  isFromZero,
  isInside,
  type Lowered,
  put as place,
  regionsOf,
  runBy,
  type Value,
} from "./ir.ts";
import type { Memory } from "./memory.ts";
import { replace, resolved } from "./replace.ts";

/** A list with the loop that makes it and the one that reads it. */
interface Stream {
  readonly list: Value;
  /** The store or push. */
  readonly put: Value;
  readonly from: Counted;
  readonly to: Counted;
  readonly loads: readonly Value[];
  readonly lengths: readonly Value[];
}

const mostRounds = 16;

/** Puts producers into consumers. Returns what is known of the function then; null where there were none. */
export function joinStreams(lowered: Lowered): Analysis | null {
  for (let round = 0; round < mostRounds; round++) {
    const analysis = new Analysis(lowered, null);
    const streams = new Streams(analysis).find();
    if (streams.length === 0) return round > 0 ? analysis : null;
    const touched = new Set<Value>();
    const replaced = new Map<Value, Value>();
    for (const stream of streams) {
      if (touched.has(stream.from) || touched.has(stream.to)) continue;
      touched.add(stream.from).add(stream.to);
      join(stream, replaced);
    }
    replace(lowered, replaced);
  }
  return new Analysis(lowered, null);
}

class Streams {
  constructor(private readonly analysis: Analysis) {}

  find(): Stream[] {
    const found: Stream[] = [];
    for (const value of this.analysis.values) {
      if (value.op !== "allocate" || this.analysis.isResult(value)) continue;
      const stream = this.streamOf(value);
      if (stream) found.push(stream);
    }
    return found;
  }

  private streamOf(list: Value): Stream | null {
    const { allocation } = list;
    const grows = allocation.type === "literal" && allocation.keys === null && list.args.length === 0;
    if (!grows && allocation.type !== "filled") return null;
    const users = this.analysis.usersOf(list);
    const puts = users.filter((u) => u.op === "store" || u.op === "push");
    const loads = users.filter((u) => u.op === "load");
    const lengths = users.filter((u) => u.op === "length");
    if (puts.length !== 1 || loads.length === 0 || puts.length + loads.length + lengths.length < users.length)
      return null;
    const [put] = puts;
    const from = put.region.owner;
    if (put.op !== (grows ? "push" : "store") || put.args.at(-1) === list || !isWholeLoop(from, list))
      return null;
    const { counted, carried, body } = from.loop;
    if (put.region !== body || carried.length > 0) return null;
    if (!grows && (put.args[1] !== counted.index || counted.bound !== list.args[0])) return null;
    const [{ args }] = loads;
    const to = args[1].op === "index" ? this.loopOf(args[1]) : null;
    if (!isWholeLoop(to, list) || !this.analysis.before(from, to)) return null;
    if (!loads.every((l) => l.args[1] === args[1] && isInside(l.region, to.loop.body))) return null;
    // the length is the final one where it is asked for
    if (grows && !lengths.every((l) => this.analysis.before(put, l) && !isInside(l.region, body)))
      return null;
    const stream = { list, put, from, to, loads, lengths };
    const bound = to.loop.counted.bound;
    const known = bound === counted.bound || (bound.op === "length" && bound.args[0] === list);
    if (!known && !(bound.whole && counted.bound.whole && isBefore(counted.bound, to))) return null;
    return this.mayMove(stream) ? stream : null;
  }
  private loopOf(index: Value): Value | null {
    const { owner } = index.region;
    return owner?.op === "loop" && owner.loop.counted?.index === index ? owner : null;
  }

  /** Whether the first loop's body gives the same in the second. */
  private mayMove({ put, from, to }: Stream): boolean {
    const read = new Set<Memory>();
    for (const region of regionsOf(from))
      for (const value of allValues(region)) {
        if (value === put) continue;
        if (value.op === "bail" || value.op === "call") return false;
        if (value.op === "store" || value.op === "push") {
          const [made] = value.args;
          if (made.op !== "allocate" || !isInside(made.region, from.loop.body)) return false;
        }
        if (value.op === "load" || value.op === "length" || value.op === "spread")
          read.add(this.analysis.memoryOf(value.args[0]));
        if (value.op === "allocate" && value.allocation.type === "copy")
          read.add(this.analysis.memoryOf(value.args[0]));
      }
    const { values } = from.region;
    const between = values.slice(values.indexOf(from) + 1, values.indexOf(to) + 1);
    for (const value of between)
      for (const v of [value, ...runBy(value)])
        if ((v.op === "store" || v.op === "push") && read.has(this.analysis.memoryOf(v.args[0])))
          return false;
    return true;
  }
}

/** A loop over 0, 1, 2, … in the region where a list is made. */
function isWholeLoop(loop: Value | null, list: Value): loop is Counted {
  return loop !== null && loop.region === list.region && isCounted(loop) && isFromZero(loop);
}
/** Whether a value is there before a loop begins. */
function isBefore(value: Value, loop: Value): boolean {
  if (value.region !== loop.region) return isInside(loop.region, value.region);
  const { values } = loop.region;
  return values.indexOf(value) < values.indexOf(loop);
}

function join({ list, put, from, to, loads, lengths }: Stream, replaced: Map<Value, Value>): void {
  const { counted, head, body } = from.loop;
  const target = to.loop;
  const outer = from.region.values;
  const [made, bound] = [counted.bound, target.counted.bound].map((value) => resolved(value, replaced));
  if (bound.op === "length" && bound.args[0] === list) target.counted.bound = made;
  else if (bound !== made) {
    // an element that is not there is undefined: the program gives up
    const fewer = makeValue("compare", "boolean", [made, bound], from.region, to.statement);
    fewer.comparison = "lt";
    outer.splice(outer.indexOf(to), 0, fewer, makeBail(fewer, true).branch);
  }
  if (lengths.length > 0) {
    const trips = makeTrips(made, from.region, to.statement);
    const isLength = made.op === "length";
    if (!isLength) outer.splice(outer.indexOf(from), 0, trips);
    for (const length of lengths) replaced.set(length, isLength ? made : trips);
  }
  const moved = [...head.values, ...body.values].filter((v) => v !== counted.index && v !== put);
  place(moved, target.body, 0);
  replaced.set(counted.index, target.counted.index);
  const item = put.args.at(-1) as Value;
  for (const load of loads) {
    replaced.set(load, item);
    if (item.op !== "const" && item.region === target.body) item.name ??= load.name;
  }
  for (const gone of [list, from]) outer.splice(outer.indexOf(gone), 1);
  for (const gone of [...loads, ...lengths]) gone.region.values.splice(gone.region.values.indexOf(gone), 1);
}
