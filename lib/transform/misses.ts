/**
 * Reads that may miss: elements behind the end of a list.
 *
 * What: `missing`, which lists of an argument may be read at a place that is none. What is not there is NaN, and its
 * adjoint would make the gradient longer than the list. Why only which: the tape says what a run-time program should do
 * there; a program that stands alone cuts the gradient off.
 */
import type { Analysis } from "./analysis.ts";
import type { Value } from "./ir.ts";
import { elements, type Memory } from "./memory.ts";
import { withOffset } from "./offsets.ts";

/** For a list or record: whether its numbers may be asked for where there are none, and the same of its members. */
export interface Missing {
  readonly here: boolean;
  readonly member: (key: string | null) => Missing;
}

export function missing(input: Value, analysis: Analysis): Missing {
  const unsure = new Set<Memory>();
  for (const value of analysis.values)
    if (
      value.op === "load" &&
      value.type === "number" &&
      value.key === null &&
      !value.asked &&
      analysis.isActive(value) &&
      !isWithin(value.args[0], value.args[1])
    )
      unsure.add(analysis.memoryOf(value.args[0]));
  const of = (memory: Memory | undefined): Missing => ({
    here: memory !== undefined && unsure.has(memory),
    member: (key) => of(memory?.members.get(key ?? elements)?.find()),
  });
  return of(analysis.memoryOf(input));
}

/** Whether an index surely is one: a counter between 0 and the length, or a number from it. */
export function isWithin(list: Value, index: Value): boolean {
  const [counter, offset] = withOffset(index);
  const counted = counter.op === "index" ? counter.loop.counted : null;
  if (!counted || !Number.isInteger(offset)) return false;
  const { start, bound, step, comparison } = counted;
  const [low, high] = step > 0 ? [start, bound] : [bound, start];
  // the first or the last value is a bound itself, or the one beside it
  const isOpen = comparison === "lt" || comparison === "gt";
  const [least, most] = [withOffset(low), withOffset(high)];
  if (least[0].op !== "const" || most[0].op !== "length" || most[0].args[0] !== list) return false;
  const first = Number(least[0].constant) + least[1] + (step < 0 && isOpen ? 1 : 0);
  const last = most[1] - (step > 0 && isOpen ? 1 : 0);
  return Number.isInteger(first) && first + offset >= 0 && last + offset < 0;
}
