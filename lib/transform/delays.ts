/**
 * Variables that hold what a list holds some iterations further back.
 *
 * What: `delayOf` finds, for a variable of a counted loop, the list of which it gets element i for the next iteration
 * (`x1 = x[i]`, `y1 = y[i]`, and `x2 = x1` for the one after that). Why: delay lines and last values are read from the
 * list in the reverse sweep, where it still holds them, and not stored for each iteration.
 * Reference: Callahan, Carr & Kennedy, Improving register allocation for subscripted variables, PLDI 1990, which goes
 * the other way.
 */
import { codeAlgebra } from "../rules/index.ts";
import { choice, infix } from "../rules/syntax.ts";
import type { Analysis } from "./analysis.ts";
import { isInside, type Value } from "./ir.ts";

export interface Delay {
  /** The load or store of element i. */
  readonly access: Value;
  /** What the variable is in the first iterations, before elements reach it. */
  readonly first: readonly Value[];
}

const longest = 3;

/** `keeperOf` gives the store that keeps a number in a list. */
export function delayOf(
  phi: Value,
  analysis: Analysis,
  isFused: (loop: Value) => boolean,
  keeperOf: (value: Value) => Value | null,
): Delay | null {
  if (phi.op !== "phi" || phi.type !== "number" || phi.region.procedure) return null;
  const { counted, carried, head, body } = phi.loop;
  if (!counted) return null;
  const first: Value[] = [];
  let next = phi;
  while (next.op === "phi" && next.loop === phi.loop && first.length < longest) {
    const c = carried.find((x) => x.phi === next);
    if (!c || next.maybe) return null;
    first.push(c.init);
    next = c.next;
  }
  const access = next.op === "load" ? next : keeperOf(next);
  if (!access || access.key !== null || access.args[1] !== counted.index || access.asked) return null;
  const [list] = access.args;
  if ([head, body].some((region) => isInside(list.region, region))) return null;
  // it is read before the access's own turn in the reverse sweep: what is set back on the way does not count
  const { stores } = analysis.memoryOf(list);
  const isSteady = !stores.some(
    (store) => store.op === "store" && store.key === null && analysis.mayFollow(store, access, isFused),
  );
  return isSteady ? { access, first } : null;
}

/** The variable where the loop's counter is `i`; the first values and the list by their texts. */
export function delayText(
  { first }: Delay,
  { step, start, i, list }: { step: number; start: string; i: string; list: string },
  texts: readonly string[],
): string {
  const ahead = (text: string, by: number): string =>
    by < 0 ? codeAlgebra.sub(text, String(-by)) : codeAlgebra.add(text, String(by));
  const isBefore = (count: number): string => infix(step > 0 ? "<" : ">", i, ahead(start, count * step));
  const element = `${list}[${ahead(i, -first.length * step)}]`;
  const isOne = texts.every((text) => text === texts[0]);
  if (isOne) return choice(isBefore(first.length), texts[0], element);
  return texts.reduceRight((rest, text, k) => choice(isBefore(k + 1), text, rest), element);
}
