/**
 * Bounds of counted loops: what is computed once must not change while the loop runs.
 *
 * What: `changes` says whether a loop may change what its bound has read: a member or element that it overwrites, or
 * the length of a list that it makes longer, by appending or by a write behind its end. Why here and not by the text:
 * when everything is lowered, it is known which lists a store may reach. Lists that change places (two buffers of a
 * stepper) are one memory; where all of them are made of one length, and none is written to behind it, they keep it.
 */
import type { Analysis } from "../analysis.ts";
import { mayGrow, runBy, type Value } from "../ir.ts";
import type { Memory } from "../memory.ts";
import { withOffset } from "../offsets.ts";

/** Whether a loop may change what loads and lengths before it have read. */
export function changes(loop: Value, reads: readonly Value[], analysis: Analysis): boolean {
  let inside: Set<Value> | null = null;
  const runs = (store: Value): boolean => {
    inside ??= new Set(runBy(loop));
    return inside.has(store);
  };
  // two loads give one list where nothing is put in its place meanwhile
  const isSame = (a: Value, b: Value): boolean =>
    a === b ||
    (a.op === "const" && b.op === "const" && a.constant === b.constant) ||
    (a.op === "load" &&
      b.op === "load" &&
      a.key === b.key &&
      a.args.every((arg, k) => isSame(arg, b.args[k])) &&
      !analysis.memoryOf(a.args[0]).stores.some((store) => store.key === a.key && runs(store)));
  /** Whether a store surely stays inside of its list: its index counts to the length of that list, or further below. */
  const isWithinItself = (store: Value): boolean =>
    staysBelow(store, (bound) => bound.op === "length" && isSame(bound.args[0], store.args[0]));
  return reads.some(({ op, args: [pointer], key }) => {
    const memory = analysis.memoryOf(pointer);
    if (op === "load") return memory.stores.some((store) => store.key === key && runs(store));
    return (
      memory.allocations.some(mayGrow) &&
      memory.stores.some((store) => store.key === null && !isWithinItself(store) && runs(store)) &&
      !keepsLength(memory, analysis)
    );
  });
}

/** Whether the index of a store is less than a bound, wherever the loop is that counts to it. */
function staysBelow({ op, args: [, index] }: Value, isBound: (value: Value) => boolean): boolean {
  if (op !== "store") return false;
  const [counter, ahead] = withOffset(index);
  const counted = counter.op === "index" ? counter.loop.counted : null;
  if (!counted) return false;
  const { start, bound, step, comparison } = counted;
  if (step > 0 && comparison !== "lt") return false;
  const [end, offset] = withOffset(step > 0 ? bound : start);
  return isBound(end) && ahead + offset <= (step > 0 ? 0 : -1);
}
/** Whether all lists of a memory are made of one length, and no store goes behind it. */
function keepsLength(memory: Memory, analysis: Analysis): boolean {
  const isHere = (pointer: Value) => analysis.memoryOf(pointer) === memory;
  // an argument, or a number; what is copied from here has the length that all have
  const lengths = new Set<Value>();
  const note = (value: Value): boolean => {
    if (value.op !== "length") lengths.add(value);
    else if (!isHere(value.args[0])) lengths.add(value.args[0]);
    return true;
  };
  for (const input of memory.inputs) {
    if (!isHere(input)) return false;
    lengths.add(input);
  }
  for (const { allocation, args } of memory.allocations) {
    if (allocation.type === "literal") return false;
    if (allocation.type === "filled") note(args[0]);
    else if (!isHere(args[0])) lengths.add(args[0]);
  }
  const [length, ...others] = lengths;
  if (length === undefined || others.length > 0) return false;
  // other lists may become longer; a number in a loop is another one in each iteration
  if (length.type === "pointer" && length.op !== "input") return false;
  if (length.op !== "const" && (length.region.loop || length.region.procedure)) return false;
  const isLength = (value: Value): boolean =>
    value === length || (value.op === "length" && (isHere(value.args[0]) || value.args[0] === length));
  return memory.stores.every((store) => store.key === null && staysBelow(store, isLength));
}
