/**
 * What is known of a lowered function before a derivative program is written.
 *
 * What: `Analysis`: memory (memory.ts), activity (activity.ts), places in program order, and what may happen between a
 * value and its turn in the reverse sweep.
 */
import { Activity } from "./activity.ts";
import {
  type Lowered,
  type Procedure,
  type Region,
  regionsOf,
  resultValues,
  runBy,
  type Value,
} from "./ir.ts";
import type { Memory } from "./memory.ts";
import { Overlap } from "./overlap.ts";

export class Analysis extends Activity {
  private places: ReadonlyMap<Value, number> | null = null;
  private readonly results: ReadonlySet<Value>;

  constructor(lowered: Lowered, isIndependent: ((input: Value) => boolean) | null) {
    super(lowered, isIndependent);
    this.results = new Set([
      ...resultValues(lowered.result),
      ...lowered.procedures.flatMap((procedure) => procedure.results),
    ]);
  }

  /** Whether a value is returned, by the function or a procedure: a use that is no value's. */
  isResult(value: Value): boolean {
    return this.results.has(value);
  }
  /** Whether a comes before b: in the text of the intermediate form. */
  before(a: Value, b: Value): boolean {
    return this.placeOf(a) < this.placeOf(b);
  }
  /** The order in program text. */
  placeOf(value: Value): number {
    this.places ??= new Map(this.values.map((v, k) => [v, k]));
    return this.places.get(value) as number;
  }

  // ---- order ----

  /** The chain of values that hold a value, from the outermost region inwards, itself last. */
  private around(value: Value): Value[] {
    const chain = [value];
    for (let owner = value.region.owner; owner; owner = owner.region.owner) chain.unshift(owner);
    return chain;
  }
  /**
   * Whether a store fills a list before anything else knows it: what reads that list by another name comes later, and
   * finds it as it stays.
   */
  private isInitial(store: Value): boolean {
    const known = this.initial.get(store);
    if (known !== undefined) return known;
    const [made] = store.args;
    const place = (value: Value): number => {
      const at = this.around(value).find((v) => v.region === made.region);
      return at ? this.placeOf(at) : Infinity;
    };
    const initial =
      made.op === "allocate" &&
      !this.usersOf(made).some((user) => this.givesAway(user, made) && place(user) <= place(store));
    this.initial.set(store, initial);
    return initial;
  }
  private readonly initial = new Map<Value, boolean>();

  /** Whether what a store writes to is not what is read by another name, though both may be in the same memory. */
  areApart(store: Value, load: Value): boolean {
    const [p, q] = [store.args[0], load.args[0]];
    // what is made here is no argument, and no other list that is made here
    return p !== q && ((isOrigin(p) && isOrigin(q)) || this.isInitial(store));
  }
  /**
   * Whether a store may run after a load and before the load's turn in the reverse sweep comes. `isFused` says of a
   * loop that each iteration has its reverse sweep at once.
   */
  mayFollow(store: Value, load: Value, isFused: (loop: Value) => boolean): boolean {
    if (this.areApart(store, load)) return false;
    const [p, q] = [store.args[0], load.args[0]];
    // what a procedure makes is another list at each of its calls
    const own = p === q && p.op === "allocate";
    if (store.region.procedure && !own) return true;
    if (!own && load.region.procedure)
      return this.callsFromOutside(load.region.procedure).some((call) =>
        this.comesAfter(store, call, isFused),
      );
    return this.comesAfter(store, load, isFused);
  }
  /** Whether a test or a place hangs on a number: what is undefined there need not make the result NaN. */
  isTested(value: Value, seen = new Set<Value>()): boolean {
    if (seen.has(value)) return false;
    seen.add(value);
    return this.usersOf(value).some((user) => {
      switch (user.op) {
        case "rule":
        case "select":
        case "passive":
          return user.type !== "number" || this.isTested(user, seen);
        case "store":
        case "push":
          return user.args.slice(0, -1).includes(value);
        case "allocate":
          return user.allocation.type !== "literal";
        case "if":
          return user.branch.merges.some(
            (m) => (m.consequent === value || m.alternate === value) && this.isTested(m.value, seen),
          );
        case "loop": {
          const { counted, carried } = user.loop;
          if (counted?.start === value || counted?.bound === value) return true;
          return carried.some(
            (c) =>
              (c.init === value || c.next === value) &&
              (this.isTested(c.phi, seen) || this.isTested(c.out, seen)),
          );
        }
      }
      return true;
    });
  }
  callsOf(procedure: Procedure): Value[] {
    return this.values.filter((v) => v.op === "call" && v.call.procedure === procedure);
  }
  /** Whether a procedure is given some memory. */
  isPassed(memory: Memory): boolean {
    return this.lowered.procedures.some(({ params }) =>
      params.some((param) => param.type === "pointer" && this.memoryOf(param) === memory),
    );
  }
  /** Calls by the function itself in which a procedure may run. */
  private callsFromOutside(procedure: Procedure): Value[] {
    let calls = this.outside.get(procedure);
    if (!calls) {
      calls = this.values.filter(
        (value) =>
          value.op === "call" &&
          value.region.procedure === null &&
          (value.call.procedure === procedure ||
            runBy(value).some((v) => v.op === "call" && v.call.procedure === procedure)),
      );
      this.outside.set(procedure, calls);
    }
    return calls;
  }
  private readonly outside = new Map<Procedure, Value[]>();
  private comesAfter(store: Value, load: Value, isFused: (loop: Value) => boolean): boolean {
    const [s, l] = [this.around(store), this.around(load)];
    let k = 0;
    while (k < s.length - 1 && k < l.length - 1 && s[k] === l[k] && sameSide(s[k + 1], l[k + 1])) k++;
    // s[k] and l[k] stand in one region, or in two parts of one value
    const [a, b] = [s[k], l[k]];
    const sameValue = a === b;
    const inHead = sameValue && a.op === "loop" && l[k + 1]?.region === a.loop.head;
    if (inHead || (!sameValue && a.region === b.region && this.before(b, a)))
      if (this.mayOverlap(store, load, null)) return true;
    // an enclosing loop brings the store again, unless it is to memory of that iteration alone
    for (let j = 0; j < (sameValue ? k + 1 : k); j++) {
      const loop = s[j];
      if (loop.op !== "loop") continue;
      if (isFused(loop)) continue;
      const pointer = store.op === "allocate" ? store : store.args[0];
      if (pointer.op === "allocate" && this.around(pointer).includes(loop)) continue;
      if (this.mayOverlap(store, load, loop)) return true;
    }
    return false;
  }
  /** Whether a store in a later iteration of a loop (or the same one) may touch what a load reads, or another stores. */
  private mayOverlap(store: Value, load: Value, later: Value | null): boolean {
    if (store.op !== "store" || (load.op !== "load" && load.op !== "store")) return true;
    return new Overlap(store, load, later, (pointer) => this.isPutOnce(this.memoryOf(pointer))).isPossible;
  }
}

function isOrigin(pointer: Value): boolean {
  return pointer.op === "allocate" || pointer.op === "input";
}

function sameSide(a: Value, b: Value): boolean {
  return (
    a.region === b.region || !(regionsOf(a.region.owner as Value).includes(b.region) && a.region !== b.region)
  );
}

/** The region that a value's reverse code belongs to: a loop's head is swept with its body. */
export function frameOf(region: Region): Region {
  const { owner } = region;
  return owner?.op === "loop" && owner.loop.head === region ? owner.loop.body : region;
}
