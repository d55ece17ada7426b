/**
 * Elements that are undefined.
 *
 * What: `isBlurred` says of a list whether NaN stands in it for undefined. An element that is not there is undefined in
 * a program, too, and may be asked for; but what a program itself puts there for undefined is NaN, which keeps lists of
 * numbers fast. Who asks for undefined among these is served by the tape.
 */
import type { Analysis } from "../analysis.ts";
import type { Value } from "../ir.ts";
import { elements, type Memory } from "../memory.ts";

export function isBlurred(pointer: Value, key: string | null, analysis: Analysis): boolean {
  const seen = new Set<Memory>();
  const isNaN = (value: Value): boolean =>
    value.maybe && (value.op === "load" ? look(value.args[0], value.key) : true);
  const look = (list: Value, member: string | null): boolean => {
    const memory = analysis.memoryOf(list);
    if (seen.has(memory)) return false;
    seen.add(memory);
    return (
      memory.stores.some((store) => store.key === member && isNaN(store.args.at(-1) as Value)) ||
      memory.allocations.some(({ allocation, args }) => {
        if (allocation.type === "copy") return look(args[0], null);
        if (allocation.type === "filled") return isNaN(args[1]);
        return args.some(
          (item, k) => (allocation.keys?.[k] ?? elements) === (member ?? elements) && isNaN(item),
        );
      })
    );
  };
  return look(pointer, key);
}
