/**
 * Lists that a store makes longer.
 *
 * What: `watchGrowth` lets a program give up where a store behind the end of a list does what its loops do not know of:
 * it leaves holes, which `forEach` and the like leave out; or it lengthens a list that is appended to as well, from whose
 * end the reverse sweep takes away what was appended. Why at run time: where a list ends is seldom told by the text, and
 * the check is only made where the index may be behind it.
 */
import type { Analysis } from "../analysis.ts";
import { makeBail, makeValue } from "../insertion.ts";
import { mayGrow, type Value } from "../ir.ts";
import { Overlap } from "../overlap.ts";

export function watchGrowth(analysis: Analysis, walked: ReadonlySet<Value>): void {
  const isWalked = new Set([...walked].map((list) => analysis.memoryOf(list)));
  for (const store of analysis.stores) {
    const [list, index] = store.args;
    if (store.op !== "store" || store.key !== null || list.kind?.type !== "list" || list.kind.floats)
      continue;
    const memory = analysis.memoryOf(list);
    const isAppendedTo = memory.stores.some(({ op }) => op === "push");
    if (!memory.allocations.some(mayGrow) || !(isAppendedTo || isWalked.has(memory))) continue;
    const size = sizeOf(list, analysis);
    if (size && !isAppendedTo && Overlap.at(store).isAtMost(index, size)) continue;
    const length = makeValue("length", "number", [list], store.region, store.statement);
    length.whole = true;
    const fits = makeValue("compare", "boolean", [index, length], store.region, store.statement);
    fits.comparison = isAppendedTo ? "lt" : "le";
    const { values } = store.region;
    values.splice(values.indexOf(store), 0, length, fits, makeBail(fits, false).branch);
  }
}
/** The length that a list is made with. */
function sizeOf(list: Value, analysis: Analysis): Value | null {
  if (list.op !== "allocate") return null;
  const { allocation, args } = list;
  if (allocation.type === "filled") return args[0];
  if (allocation.type === "literal") return null;
  return analysis.usersOf(args[0]).find(({ op }) => op === "length") ?? null;
}
