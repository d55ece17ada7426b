/**
 * Lists that each iteration makes anew, made once.
 *
 * What: `reuseLists` takes a list out of a loop whose iterations have their reverse sweep at once (fusion.ts), where each
 * iteration writes all of it before it is read, and nobody keeps it. Why: it is what one writes by hand, a work array;
 * making a short list takes as long as computing some of its elements.
 */
import type { Analysis } from "./analysis.ts";
import type { Fusion } from "./fusion.ts";
import { everyValue, isInside, type Lowered, put, type Value } from "./ir.ts";

/** Whether any list has been moved. */
export function reuseLists(lowered: Lowered, analysis: Analysis, fusion: () => Fusion): boolean {
  let moved = false;
  for (const list of everyValue(lowered)) {
    if (list.op !== "allocate" || list.allocation.type !== "filled") continue;
    for (let loop = loopOf(list); loop && mayLeave(list, loop, analysis, fusion); loop = loopOf(list)) {
      list.region.values.splice(list.region.values.indexOf(list), 1);
      put([list], loop.region, loop.region.values.indexOf(loop));
      moved = true;
    }
  }
  return moved;
}
/** The loop in whose iterations a list is always made. */
function loopOf({ region }: Value): Value | null {
  const { owner } = region;
  return owner?.op === "loop" && region === owner.loop.body ? owner : null;
}
function mayLeave(list: Value, loop: Value, analysis: Analysis, fusion: () => Fusion): boolean {
  const { head, body } = loop.loop;
  const memory = analysis.memoryOf(list);
  return (
    !list.args.some(({ region }) => isInside(region, head) || isInside(region, body)) &&
    fusion().isFused(loop) &&
    // a row on all elements would be given a copy, since later iterations write to the list
    !memory.loads.some((load) => load.op === "spread" && analysis.isActive(load)) &&
    fusion().isScratch(memory, loop)
  );
}
