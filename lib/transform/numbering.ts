/**
 * Values that are there already.
 *
 * What: the same expression of the same operands is computed once; what was just stored is not read again; a counter
 * that goes along with a loop's own is computed from that. Why: an adjoint that is added up once instead of twice, and
 * a counter that need not be stored for the reverse sweep.
 * Reference: Briggs, Cooper & Simpson, Value numbering, Software: Practice and Experience 27 (1997).
 */
import { table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { makeValue } from "./insertion.ts";
import {
  bodiesOf,
  type Carried,
  everyValue,
  givesUpIf,
  type Loop,
  type Lowered,
  type Region,
  regionsOf,
  runBy,
  type Value,
} from "./ir.ts";
import { elements, type Memory } from "./memory.ts";

/** The value of each expression, as far as a region knows it: what an outer one knew, but for what has been forgotten. */
class Known {
  private readonly own = new Map<string, Value | null>();
  constructor(private readonly outer: Known | null) {}
  get(key: string): Value | null {
    const found = this.own.get(key);
    return found === undefined ? (this.outer?.get(key) ?? null) : found;
  }
  set(key: string, value: Value | null): void {
    this.own.set(key, value);
  }
}

/** What is replaced by what. */
export function number(
  lowered: Lowered,
  analysis: Analysis,
  isWithin: (store: Value) => boolean,
): Map<Value, Value> {
  const replaced = new Map<Value, Value>();
  const of = (value: Value): Value => replaced.get(value) ?? value;

  function keyOf(value: Value): string | null {
    const args = () => value.args.map((a) => of(a).id).join();
    switch (value.op) {
      case "rule":
        return `rule ${value.rule.name} ${args()}`;
      case "compare":
        return `compare ${value.comparison} ${args()}`;
      case "not":
      case "and":
      case "or":
      case "select":
        return `${value.op} ${args()}`;
      case "const":
        return `const ${value.type} ${Object.is(value.constant, -0) ? "-0" : String(value.constant)}`;
      case "load":
        return `load ${value.key ?? elements} ${args()}`;
      case "length":
        return `length ${args()}`;
      case "if": {
        const answer = givesUpIf(value);
        return answer === null ? null : `give up ${answer} ${args()}`;
      }
    }
    return null;
  }
  const readsMemory = (value: Value): boolean => value.op === "load" || value.op === "length";
  /** Forgets what stores may have changed. */
  function forget(known: Known, stores: readonly Value[]): void {
    if (stores.length === 0) return;
    for (const memory of new Set(stores.map((store) => analysis.memoryOf(store.args[0]))))
      for (const key of readFrom.get(memory) ?? []) known.set(key, null);
  }
  /** The keys of loads and lengths by what they read. */
  const readFrom = new Map<Memory, Set<string>>();
  function noteRead(pointer: Value, key: string): void {
    const memory = analysis.memoryOf(pointer);
    const keys = readFrom.get(memory);
    if (keys) keys.add(key);
    else readFrom.set(memory, new Set([key]));
  }

  /** `known` is the region's own. */
  function visit(region: Region, known: Known): void {
    for (const value of region.values) {
      if (value.op === "store" || value.op === "push") {
        forget(known, [value]);
        const { kind } = value.args[0];
        // a store beyond the end of a typed array is none
        const stays = !(kind?.type === "list" && kind.floats) || isWithin(value);
        if (value.op === "store" && stays && (value.args.at(-1) as Value).type === "number") {
          const key = `load ${value.key ?? elements} ${value.args
            .slice(0, -1)
            .map((a) => of(a).id)
            .join()}`;
          known.set(key, of(value.args.at(-1) as Value));
          noteRead(value.args[0], key);
        }
        continue;
      }
      for (const inner of regionsOf(value)) {
        // an iteration sees what earlier ones have stored
        const inside = new Known(known);
        if (value.op === "loop") forget(inside, storesIn(value));
        if (value.op === "loop" && inner === value.loop.body) noteHead(value, inside);
        visit(inner, inside);
      }
      if (value.op === "loop") joinSums(value.loop);
      if (value.op === "if" || value.op === "loop" || value.op === "call") forget(known, storesIn(value));
      const key = keyOf(value);
      if (key === null) continue;
      if (readsMemory(value)) noteRead(value.args[0], key);
      const same = known.get(key);
      if (same && same.type === value.type) {
        replaced.set(value, of(same));
        same.asked ||= value.asked;
        if (same.name === null && value.name !== null && same.op !== "const") same.name = value.name;
      } else known.set(key, value);
    }
  }
  /** Variables that begin alike, and to which the same is done in each iteration. */
  function joinSums(loop: Loop): void {
    const sums = new Map<string, Carried>();
    for (const c of loop.carried.slice()) {
      if (c.next.op !== "rule" || c.next.region !== loop.body || c === loop.counter?.carried) continue;
      const args = c.next.args.map((a) => (a === c.phi ? "it" : of(a).id));
      const key = `${of(c.init).id} ${c.next.rule.name} ${args}`;
      const same = sums.get(key);
      if (same) {
        loop.carried.splice(loop.carried.indexOf(c), 1);
        for (const end of ["phi", "next", "out"] as const) replaced.set(c[end], same[end]);
      } else sums.set(key, c);
    }
  }
  function noteHead({ loop }: Value, known: Known): void {
    for (const value of loop.head.values) {
      const key = replaced.has(value) ? null : keyOf(value);
      if (key !== null && !known.get(key)) known.set(key, value);
    }
  }
  const stores = new Map<Value, Value[]>();
  function storesIn(value: Value): Value[] {
    let found = stores.get(value);
    if (!found) {
      found = runBy(value).filter((v) => v.op === "store" || v.op === "push");
      stores.set(value, found);
    }
    return found;
  }
  for (const body of bodiesOf(lowered)) visit(body, new Known(null));
  return replaced;
}

/** Counters that a counted loop carries along: `at` in `for (let i = 0; i < n; i++) { … at++ }`, by the loop's own. */
export function findCounters(lowered: Lowered): Map<Value, Value> {
  const replaced = new Map<Value, Value>();
  for (const owner of everyValue(lowered)) {
    if (owner.op !== "loop" || !owner.loop.counted) continue;
    const { counted, carried, head } = owner.loop;
    const { start, bound, index } = counted;
    if (counted.step !== 1 || counted.comparison !== "lt" || !bound.whole) continue;
    const make = (
      region: Region,
      at: number,
      op: "rule" | "passive",
      args: Value[],
      name: string | null,
    ): Value => {
      const value = makeValue(op, "number", args, region, owner.statement);
      value.whole = true;
      value.name = name;
      region.values.splice(at, 0, value);
      return value;
    };
    const sum = (region: Region, at: number, a: Value, b: Value, name: string | null): Value => {
      const value = make(region, at, "rule", [a, b], name);
      value.rule = table.add;
      return value;
    };
    for (const c of carried.slice()) {
      const { next, phi, init, out } = c;
      if (next.op !== "rule" || next.rule !== table.add || phi.maybe || !isWhole(init)) continue;
      const [a, b] = next.args;
      const step = a === phi ? b : b === phi ? a : null;
      if (step?.op !== "const" || step.constant !== 1) continue;
      const isZero = start.op === "const" && start.constant === 0;
      const minus = (region: Region, at: number, x: Value): Value => {
        if (isZero) return x;
        const value = make(region, at, "rule", [x, start], null);
        value.rule = table.sub;
        return value;
      };
      const offset = minus(head, head.values.length, index);
      replaced.set(phi, sum(head, head.values.length, init, offset, phi.name));
      const { values } = owner.region;
      const behind = () => values.indexOf(out);
      const span = minus(owner.region, behind(), bound);
      const trips = make(owner.region, behind(), "passive", [span], null);
      trips.write = (n) => `Math.max(0, ${n})`;
      replaced.set(out, sum(owner.region, behind(), init, trips, out.name));
      carried.splice(carried.indexOf(c), 1);
    }
  }
  return replaced;
}

/** Whether a value is a whole number, as far as its making tells; a carried variable is until something says otherwise. */
export function isWhole(value: Value, assumed = new Set<Value>()): boolean {
  if (value.whole || assumed.has(value)) return true;
  if (value.op === "phi" || value.op === "out") {
    const c = value.loop.carried.find((x) => x.phi === value || x.out === value);
    if (!c || value.maybe) return false;
    assumed.add(c.phi);
    assumed.add(c.out);
    if (isWhole(c.init, assumed) && isWhole(c.next, assumed)) return true;
    assumed.delete(c.phi);
    assumed.delete(c.out);
    return false;
  }
  const { rule } = value;
  if (value.op !== "rule" || !keepWhole.has(rule)) return false;
  return value.args.every((a) => isWhole(a, assumed));
}
/** Sums, differences and products of whole numbers are whole, and so is the lesser one. */
export const keepWhole: ReadonlySet<Value["rule"]> = new Set([
  table.add,
  table.sub,
  table.mul,
  table.neg,
  table.max,
  table.min,
]);
