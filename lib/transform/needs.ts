/**
 * What a reverse sweep needs of the forward sweep.
 *
 * What: `Needs`, which the adjoint writer fills while it writes and reads when it writes again, until nothing is added:
 * values that are read where they are (`direct`), values stored for each iteration (`cached`), values computed anew, and
 * pointers whose shadow (the list or record of adjoints beside them) is made in the forward sweep already. `Costs` says
 * which of these it is for a value: what is cheap and can be computed again is not stored.
 * Reference: Griewank & Walther (2008), chapters 4 and 12; Naumann, The Art of Differentiating Computer Programs (2012),
 * section 2.2, for to-be-recorded analysis.
 */
import type { Analysis } from "./analysis.ts";
import { isCounter } from "./counters.ts";
import { type Delay, delayOf } from "./delays.ts";
import type { Fusion } from "./fusion.ts";
import { isInside, type Region, type Value } from "./ir.ts";
import { elements } from "./memory.ts";
import { isWithin } from "./misses.ts";
import { withOffset } from "./offsets.ts";
import type { Restored } from "./restoring.ts";

export class Needs {
  readonly direct = new Set<Value>();
  readonly cached = new Set<Value>();
  readonly again = new Set<Value>();
  readonly shadows = new Set<Value>();
  readonly cachedShadows = new Set<Value>();
  /** Pointers that are loaded, whose shadow the reverse sweep reads in the shadow of where they were loaded from. */
  readonly readShadows = new Set<Value>();
  /** Accumulators that the forward part declares, since fused loops add to them. */
  readonly early = new Set<Value>();
  /** Values of branches that the reverse sweep alone asks for: they are computed there. */
  readonly sunk = new Set<Value>();
  /** Parameters of procedures that the reverse sweep reads: it is given them again. */
  readonly params = new Set<Value>();
  /** How often a value that is computed again is read. */
  readonly reads = new Map<Value, number>();

  read(value: Value): void {
    this.reads.set(value, (this.reads.get(value) ?? 0) + 1);
  }

  static isSame(a: Needs, b: Needs): boolean {
    const reads =
      a.reads.size === b.reads.size && [...a.reads].every(([value, n]) => b.reads.get(value) === n);
    return reads && sets.every((name) => isSameSet(a[name], b[name]));
  }
  /** Whatever is needed by one of them. */
  static join(a: Needs, b: Needs): Needs {
    const all = new Needs();
    for (const needs of [a, b]) {
      for (const name of sets) for (const value of needs[name]) all[name].add(value);
      for (const [value, n] of needs.reads) all.reads.set(value, Math.max(n, all.reads.get(value) ?? 0));
    }
    return all;
  }
}
const sets = [
  "direct",
  "cached",
  "again",
  "shadows",
  "cachedShadows",
  "readShadows",
  "early",
  "sunk",
  "params",
] as const;
export function isSameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
/** What storing a value and reading it back costs, in additions. */
const costOfStoring = 4;

export class Costs {
  private readonly costs = new Map<Value, number>();
  constructor(
    private readonly analysis: Analysis,
    private readonly fusion: Fusion,
    /** What an earlier pass found to be stored or computed again: that is at hand. */
    private readonly stored: ReadonlySet<Value>,
    private readonly sunk: ReadonlySet<Value>,
    /** Memory that is set back on the way. */
    private readonly restored: Restored,
  ) {}

  /** Whether the reverse code of a region runs where its variables are still there. */
  isDirect(region: Region): boolean {
    let direct = this.direct.get(region);
    if (direct === undefined) {
      const { owner, parent } = region;
      const isHere = owner?.op !== "loop" || this.fusion.loops.has(owner);
      direct = isHere && (parent ? this.isDirect(parent) : region.procedure === null);
      this.direct.set(region, direct);
    }
    return direct;
  }
  private readonly direct = new Map<Region, boolean>();
  way(value: Value): "direct" | "again" | "cached" {
    if (value.op === "index" || value.op === "param" || isCounter(value)) return "direct";
    if (this.sunk.has(value)) return "again";
    if (this.isDirect(value.region)) return "direct";
    if (this.restored.isOld(value)) return "cached";
    return this.of(value) <= costOfStoring ? "again" : "cached";
  }
  /** What computing a value again costs. */
  private of(value: Value): number {
    const known = this.costs.get(value);
    if (known !== undefined) return known;
    this.costs.set(value, Infinity);
    const [anew, kept] = [this.find(value), this.kept(value)];
    if (kept < anew) this.read.add(value);
    const cost = Math.min(anew, kept);
    this.costs.set(value, cost);
    return cost;
  }
  private find(value: Value): number {
    if (["const", "input", "index", "param"].includes(value.op) || isCounter(value)) return 0;
    if (this.isDirect(value.region)) return 0;
    // a value of a loop further out is stored once for many iterations
    const of = (a: Value): number => {
      if (this.stored.has(a)) return 0;
      const cost = this.of(a);
      return a.region.loop !== value.region.loop && a.type !== "pointer" ? Math.min(cost, 1) : cost;
    };
    const operands = () => value.args.reduce((sum, a) => sum + of(a), 0);
    switch (value.op) {
      case "phi": {
        const delay = this.delayOf(value);
        if (!delay) return Infinity;
        const { access, first } = delay;
        const most = first.reduce((sum, v) => sum + Math.min(1, this.of(v)), 0);
        return 1 + first.length + this.ofList(access.args[0]) + most;
      }
      case "load":
        return this.isStable(value)
          ? 1 + this.ofList(value.args[0]) + (value.args[1] ? of(value.args[1]) : 0)
          : Infinity;
      case "length":
        return this.analysis
          .memoryOf(value.args[0])
          .stores.some((s) => this.analysis.mayFollow(s, value, this.fusion.isFused))
          ? Infinity
          : 1 + this.of(value.args[0]);
    }
    if (value.op === "rule") return value.rule.flops + operands();
    // the tape keeps NaN for what is undefined
    if (value.op === "passive" && value.args.some((arg) => arg.asked && this.way(arg) === "cached"))
      return Infinity;
    // what joins answers costs next to nothing beside them
    if (joining.has(value.op)) return operands();
    return isPure(value) ? 1 + operands() : Infinity;
  }
  /** What reading a value back from a list costs, where one keeps it. */
  private kept(value: Value): number {
    const store = this.keeperOf(value);
    if (!store) return Infinity;
    const [list, index] = store.args;
    return 1 + this.ofList(list) + this.of(index);
  }
  private ofList(list: Value): number {
    return this.way(list) === "cached" ? 1 : this.of(list);
  }
  /** The list that holds what a variable was some iterations before. */
  delayOf(phi: Value): Delay | null {
    let delay = this.delays.get(phi);
    if (delay === undefined) {
      delay = delayOf(phi, this.analysis, this.fusion.isFused, (value) => this.keeperOf(value));
      this.delays.set(phi, delay);
    }
    return delay;
  }
  private readonly delays = new Map<Value, Delay | null>();
  /** Whether a value of a branch can be computed when the branch is swept back, from itself and what is outside. */
  canSink(value: Value): boolean {
    const { region } = value;
    const isRead = value.op === "load" && value.type === "number" && this.isStable(value);
    if (!isRead && !isPure(value)) return false;
    return value.args.every(
      (arg) => arg.op === "const" || !isInside(arg.region, region) || this.canSink(arg),
    );
  }
  private readonly read = new Set<Value>();
  /** The store from whose list the reverse sweep reads a value that was computed. */
  readBack(value: Value): Value | null {
    this.of(value);
    return this.read.has(value) ? this.keeperOf(value) : null;
  }
  /** A store that keeps a number in a list, where it still stands when its turn in the reverse sweep comes. */
  private keeperOf(value: Value): Value | null {
    if (value.type !== "number" || value.op === "load") return null;
    return (
      this.analysis.usersOf(value).find((store) => {
        if (store.op !== "store" || store.region !== value.region || store.args[2] !== value) return false;
        const { kind } = store.args[0];
        return kind?.type === "list" && !this.restored.old.has(store) && this.isStable(store);
      }) ?? null
    );
  }
  /**
   * Whether what a load reads, or a store leaves, is still there when its turn in the reverse sweep comes. Where nothing
   * stood, appending puts something there.
   */
  isStable(load: Value): boolean {
    if (this.restored.standsAgain(load)) return true;
    const memory = this.analysis.memoryOf(load.args[0]);
    const key = load.key ?? elements;
    return !memory.stores.some(
      (store) =>
        (store.op === "store" || (load.op === "load" && (this.analysis.isTested(load) || !isThere(load)))) &&
        (store.key ?? elements) === key &&
        this.analysis.mayFollow(store, load, this.fusion.isFused),
    );
  }
}

/** Whether an element that is read surely is there, or never will be: a part of a list, counted from either end. */
function isThere({ key, args: [list, index] }: Value): boolean {
  if (key !== null || isWithin(list, index)) return true;
  const [of, offset] = withOffset(index);
  if (of.op === "length") return of.args[0] === list && offset < 0;
  const { op, allocation } = list;
  const first = op === "allocate" && allocation.type === "literal" ? list.args.length : 0;
  return of.op === "const" && (of.constant as number) + offset < first;
}

/** Whether a value is computed from its operands, and memory is not asked. */
function isPure({ op }: Value): boolean {
  return pure.has(op);
}
const pure: ReadonlySet<Value["op"]> = new Set(["rule", "compare", "not", "and", "or", "select", "passive"]);
const joining: ReadonlySet<Value["op"]> = new Set(["not", "and", "or"]);
