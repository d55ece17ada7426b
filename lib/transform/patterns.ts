/**
 * Accesses to memory whose adjoint is simpler than the general one.
 *
 * What: `a[i] += e`, which leaves the adjoint of a[i] as it is; elements that are stored once, whose adjoint need not be
 * set back; elements that are read once, whose adjoint is set instead of added to. Reference: Hascoët & Pascual, TOMS 39
 * (2013), section 4, for increments.
 */

import { table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { runBy, type Value } from "./ir.ts";
import { elements } from "./memory.ts";
import { findWindows, type Window } from "./windows.ts";

export class Patterns {
  /** Stores of increments, and the loads that belong to them. */
  readonly increments = new Set<Value>();
  readonly storedOnce = new Set<Value>();
  readonly readOnce = new Set<Value>();

  readonly windows: ReadonlyMap<Value, Window>;

  constructor(private readonly analysis: Analysis) {
    this.windows = findWindows(analysis);
    for (const value of analysis.values) {
      if (value.op === "store") {
        this.findIncrement(value);
        if (this.isStoredOnce(value)) this.storedOnce.add(value);
      }
      if (value.op === "load" && value.type === "number") this.findReadOnce(value);
    }
  }

  /** Whether adjoints of a list's elements are set. */
  isSet(list: Value): boolean {
    return [...this.readOnce].some(({ args }) => args[0] === list);
  }
  private findIncrement(store: Value): void {
    const item = store.args.at(-1) as Value;
    if (item.type !== "number") return;
    let at = item;
    for (;;) {
      if (at.region !== store.region || this.analysis.usersOf(at).length !== 1) return;
      if (this.analysis.isResult(at)) return;
      if (at.op === "load") break;
      if (at.op !== "rule" || (at.rule !== table.add && at.rule !== table.sub) || at.args[0] === at.args[1])
        return;
      at = at.args[0];
    }
    if (
      at.key !== store.key ||
      at.args[0] !== store.args[0] ||
      (store.key === null && at.args[1] !== store.args[1])
    )
      return;
    const { values } = store.region;
    const memory = this.analysis.memoryOf(store.args[0]);
    // nothing else is stored between
    for (let k = values.indexOf(at) + 1; k < values.indexOf(store); k++) {
      const between = values[k].op === "store" || values[k].op === "push" ? [values[k]] : runBy(values[k]);
      if (
        between.some(
          (v) => (v.op === "store" || v.op === "push") && this.analysis.memoryOf(v.args[0]) === memory,
        )
      )
        return;
    }
    this.increments.add(store);
    this.increments.add(at);
  }

  /** Whether an element gets its only value here: a fresh list, filled by a loop of its own. */
  private isStoredOnce(store: Value): boolean {
    const [list, index] = store.args;
    if (list.op !== "allocate" || store.key !== null) return false;
    // what a copy or literal begins with has adjoints of its own
    if (list.allocation.type !== "filled") return false;
    const { stores, allocations } = this.analysis.memoryOf(list);
    if (stores.length !== 1 || allocations.length !== 1) return false;
    const loop = this.loopOver(store, index);
    return loop !== null && loop.region === list.region;
  }
  /** The counted loop that an access in its body goes along with. */
  private loopOver(access: Value, index: Value): Value | null {
    const loop = access.region.owner;
    if (loop?.op !== "loop" || access.region !== loop.loop.body || loop.loop.counted?.index !== index)
      return null;
    return loop;
  }
  private findReadOnce(load: Value): void {
    const [list, index] = load.args;
    if (list.op !== "input" || load.key !== null || load.asked) return;
    const memory = this.analysis.memoryOf(list);
    if (memory.inputs.length !== 1 || memory.allocations.length > 0 || memory.stores.length > 0) return;
    const reading = memory.loads.filter((v) => v.op !== "load" || (v.key ?? elements) === elements);
    if (reading.length !== 1) return;
    // what is returned, or has another name, has an adjoint from there
    const plain = this.analysis.usersOf(list).every((user) => user.op === "load" || user.op === "length");
    if (!plain || this.analysis.isResult(list)) return;
    const loop = this.loopOver(load, index);
    // the adjoint of a passive load is not written at all
    if (!loop || loop.region !== this.analysis.lowered.body || !this.analysis.isActive(load)) return;
    const { start, bound, step } = loop.loop.counted!;
    const least = step > 0 ? start : bound;
    if (least.op !== "const" || (least.constant as number) < 0) return;
    this.readOnce.add(load);
  }
}
