/**
 * Sums that begin with the first element.
 *
 * What: `startSums` lets a sum over all elements but the first that begins with that one (`reduce((a, b) => a + b)`) begin
 * with -0 instead, which every number can be added to without being changed, and run over all elements. Why: it is a sum
 * like any other then, for loops that are joined (streams.ts, jamming.ts), for shifts (invariance.ts) and for fusion.
 */
import { table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { makeValue } from "./insertion.ts";
import { type Carried, type Counted, everyValue, isCounted, type Lowered, type Value } from "./ir.ts";

export function startSums(lowered: Lowered, analysis: Analysis): void {
  for (const value of everyValue(lowered)) {
    if (!isCounted(value) || !isOfTheRest(value, analysis)) continue;
    const { region, statement, loop } = value;
    const at = region.values.indexOf(value);
    const [start, init] = [0, -0].map((constant) => {
      const made = makeValue("const", "number", [], region, statement);
      made.constant = constant;
      made.whole = true;
      return made;
    });
    region.values.splice(at, 0, start, init);
    loop.counted.start = start;
    for (const c of loop.carried) c.init = init;
  }
}

/** Whether a loop does nothing but adding the elements from the second on to the first one. */
function isOfTheRest(owner: Counted, analysis: Analysis): boolean {
  const { counted, carried, head, body } = owner.loop;
  const { start, step, comparison, index } = counted;
  if (start.op !== "const" || start.constant !== 1 || step !== 1 || comparison !== "lt") return false;
  const isSum = ({ phi, init, next }: Carried): boolean => {
    if (next.op !== "rule" || next.rule !== table.add || !next.args.includes(phi)) return false;
    const [item] = next.args.filter((a) => a !== phi);
    if (item?.op !== "load" || init.op !== "load" || item.key !== null || init.key !== null) return false;
    const [list, first] = init.args;
    return (
      item.args[0] === list &&
      item.args[1] === index &&
      first.op === "const" &&
      first.constant === 0 &&
      analysis.memoryOf(list).stores.every((store) => !isBetween(store, init, owner, analysis))
    );
  };
  return (
    carried.length > 0 &&
    carried.every(isSum) &&
    head.values.length === carried.length + 1 &&
    body.values.every((v) => v.op === "load" || carried.some((c) => c.next === v))
  );
}
function isBetween(store: Value, first: Value, last: Value, analysis: Analysis): boolean {
  return analysis.before(first, store) && analysis.before(store, last);
}
