/**
 * Questions after which a program gives up, where the answer is known.
 *
 * What: `dropChecks` takes out branches in which a program gives up and that it never takes: an index compared with a
 * length that the loops around it stay below. Why so late: the lowering asks wherever it can't tell, and lengths of lists
 * are known when the whole function is.
 */
import { everyValue, givesUpIf, type Lowered, type Value } from "./ir.ts";
import { isWhole } from "./numbering.ts";
import { Overlap } from "./overlap.ts";

export function dropChecks(lowered: Lowered): void {
  for (const value of everyValue(lowered)) {
    const answer = givesUpIf(value);
    if (answer === null || value.args[0].op !== "compare" || !isNever(value.args[0], answer, value)) continue;
    const { values } = value.region;
    values.splice(values.indexOf(value), 1);
  }
}

/** Whether a comparison of whole numbers never has some answer at a place. */
function isNever({ args: [a, b], comparison }: Value, answer: boolean, at: Value): boolean {
  if (!isWhole(a) || !isWhole(b)) return false;
  const overlap = Overlap.at(at);
  switch (comparison) {
    case "lt":
      return answer ? overlap.isAtMost(b, a) : overlap.isAtMost(a, b, true);
    case "le":
      return answer ? overlap.isAtMost(b, a, true) : overlap.isAtMost(a, b);
    case "gt":
      return answer ? overlap.isAtMost(a, b) : overlap.isAtMost(b, a, true);
    case "ge":
      return answer ? overlap.isAtMost(a, b, true) : overlap.isAtMost(b, a);
  }
  return false;
}
