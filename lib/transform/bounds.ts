/**
 * Reads that may miss: elements behind the end of a list.
 *
 * What: `mayMiss`, whether a list that came in, or one in it, may be read at a place that is none. What is not there is
 * NaN, and its adjoint would make the gradient longer than the list. Why only whether: the tape says what a run-time
 * program should do there; a program that stands alone cuts the gradient off.
 */
import { table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { everyValue, type Value } from "./ir.ts";

export function mayMiss(input: Value, analysis: Analysis): boolean {
  const lists = new Set<unknown>();
  const look = (memory: ReturnType<Analysis["memoryOf"]>): void => {
    if (lists.has(memory)) return;
    lists.add(memory);
    for (const member of memory.members.values()) look(member.find());
  };
  look(analysis.memoryOf(input));
  for (const value of everyValue(analysis.lowered))
    if (
      value.op === "load" &&
      value.type === "number" &&
      value.key === null &&
      !value.asked &&
      analysis.isActive(value) &&
      lists.has(analysis.memoryOf(value.args[0])) &&
      !isWithin(value.args[0], value.args[1])
    )
      return true;
  return false;
}

/** Whether an index surely is one: a counter between 0 and the length, or a number from it. */
function isWithin(list: Value, index: Value): boolean {
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
/** A sum of a value and a number. */
function withOffset(value: Value): [of: Value, offset: number] {
  const { op, rule, args } = value;
  if (op !== "rule" || (rule !== table.add && rule !== table.sub) || args[1].op !== "const")
    return [value, 0];
  const [of, offset] = withOffset(args[0]);
  const by = Number(args[1].constant);
  return [of, offset + (rule === table.add ? by : -by)];
}
