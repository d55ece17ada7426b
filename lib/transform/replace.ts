/**
 * Values in the place of others.
 *
 * What: `replace`, which exchanges operands, ends of branches and iterations, and results everywhere, and takes out what
 * has gone; `resolved`, what a value has become, where it was replaced by what was replaced itself.
 */
import { everyValue, type Lowered, type Result, type Value } from "./ir.ts";

export type Replaced = ReadonlyMap<Value, Value>;

export function resolved(value: Value, replaced: Replaced): Value {
  let v = value;
  for (let next = replaced.get(v); next; next = replaced.get(v)) v = next;
  return v;
}

/** Replaces values everywhere; they stay where they stand. */
export function replace(lowered: Lowered, replaced: Replaced): void {
  if (replaced.size === 0) return;
  const of = (value: Value): Value => resolved(value, replaced);
  for (const value of everyValue(lowered)) {
    if (value.args.some((arg) => replaced.has(arg))) value.args = value.args.map(of);
    if (value.op === "if")
      for (const m of value.branch.merges) {
        m.consequent = of(m.consequent);
        m.alternate = of(m.alternate);
      }
    if (value.op !== "loop") continue;
    const { loop } = value;
    for (const c of loop.carried) {
      c.init = of(c.init);
      c.next = of(c.next);
    }
    if (loop.test) loop.test = of(loop.test);
    if (loop.counted) {
      loop.counted.start = of(loop.counted.start);
      loop.counted.bound = of(loop.counted.bound);
    }
  }
  const inResult = (result: Result): void => {
    if (result.type === "value") result.value = of(result.value);
    else if (result.type !== "constant") result.items.forEach(inResult);
  };
  inResult(lowered.result);
  for (const { results } of lowered.procedures) results.splice(0, results.length, ...results.map(of));
}
/** The same, and takes them out. */
export function exchange(lowered: Lowered, replaced: Replaced): void {
  replace(lowered, replaced);
  for (const value of replaced.keys()) {
    const { values } = value.region;
    const at = values.indexOf(value);
    if (at >= 0) values.splice(at, 1);
  }
}
