/**
 * Loops one after the other over the same range, of which the later reads what the earlier makes: they become one.
 *
 * What: `jamLoops` puts the body of the later loop behind the earlier's where each element goes from one to the other in
 * the same iteration. Why: the element is a variable then, the reverse sweep is one loop as well, and where nothing else
 * reads the list, it and the list of its adjoints are not made (streams.ts does so where one loop alone reads a list).
 * Loops whose iterations have their reverse sweep at once stay so (fusion.ts): they store nothing.
 * Reference: Aho, Lam, Sethi & Ullman, Compilers (2006), section 11.5.1, loop fusion; jamming by its older name.
 */
import type { Analysis } from "./analysis.ts";
import {
  bodiesOf,
  type Counted,
  endsOf,
  isCounted,
  type Lowered,
  put,
  type Region,
  regionsOf,
  runBy,
  type Value,
} from "./ir.ts";
import type { Memory } from "./memory.ts";
import { resolved } from "./replace.ts";

/** Jams loops; `replaced` is told what is to be replaced by what. Whether there were any. */
export function jamLoops(
  lowered: Lowered,
  analysis: Analysis,
  replaced: Map<Value, Value>,
  isFused: (loop: Value) => boolean,
): boolean {
  if (analysis.stores.length === 0) return false;
  const jamming = new Jamming(analysis, isFused, replaced);
  for (const body of bodiesOf(lowered)) jamming.visit(body);
  return replaced.size > 0;
}

/** What some values do to memory. */
class Accesses {
  readonly reads = new Set<Memory>();
  readonly writes = new Set<Memory>();
  constructor(
    readonly values: ReadonlySet<Value>,
    memoryOf: (pointer: Value) => Memory,
  ) {
    for (const value of values)
      for (const pointer of touched(value))
        (writesTo(value) ? this.writes : this.reads).add(memoryOf(pointer));
  }
  /** Memory that one of them writes and the other reads or writes. */
  *shared(other: Accesses): Generator<Memory> {
    for (const memory of this.writes) if (other.reads.has(memory) || other.writes.has(memory)) yield memory;
    for (const memory of this.reads) if (other.writes.has(memory)) yield memory;
  }
}
const writesTo = ({ op, allocation }: Value): boolean =>
  op === "store" || op === "push" || (op === "allocate" && allocation.type === "literal");
/** The lists and records whose contents a value reads or writes; all that it is given where that is not known. */
function touched(value: Value): Value[] {
  const { op, args, allocation } = value;
  if (op === "allocate")
    return allocation.type === "literal" ? [value] : allocation.type === "copy" ? args : [];
  if (["load", "length", "spread", "store", "push"].includes(op)) return args.slice(0, 1);
  return op === "passive" || op === "rule" || op === "call"
    ? args.filter(({ type }) => type === "pointer")
    : [];
}

class Jamming {
  constructor(
    private readonly analysis: Analysis,
    private readonly isFused: (loop: Value) => boolean,
    private readonly replaced: Map<Value, Value>,
  ) {}

  visit(region: Region): void {
    while (this.jamOne(region));
    for (const value of region.values) for (const inner of regionsOf(value)) this.visit(inner);
  }
  private jamOne({ values }: Region): boolean {
    const loops = values.filter(isCounted);
    for (const [k, to] of loops.entries())
      for (const from of loops.slice(0, k).reverse()) {
        if (!this.isAlike(from.loop, to.loop) || this.isFused(to) || !this.flows(from, to)) continue;
        const [a, b] = [this.accesses(from), this.accesses(to)];
        if (!this.isInStep(from, a, to, b)) continue;
        const between = this.sorted(from, a, to, b);
        if (!between) continue;
        const at = values.indexOf(from);
        values.splice(at, values.indexOf(to) + 1 - at, ...between.before, to, ...between.after);
        this.join(from.loop, to.loop);
        return true;
      }
    return false;
  }

  private of(value: Value): Value {
    return resolved(value, this.replaced);
  }
  private accesses(value: Value): Accesses {
    return new Accesses(new Set([value, ...runBy(value)]), (pointer) => this.analysis.memoryOf(pointer));
  }

  // ---- whether two loops may become one ----

  private isAlike({ counted: a }: Counted["loop"], { counted: b }: Counted["loop"]): boolean {
    return (
      a.step === b.step &&
      a.comparison === b.comparison &&
      isSame(this.of(a.start), this.of(b.start)) &&
      isSame(this.of(a.bound), this.of(b.bound))
    );
  }
  /** Whether an element that carries a derivative goes from one to the other in the same iteration. */
  private flows(from: Counted, to: Counted): boolean {
    const lists = new Set(
      from.loop.body.values
        .filter((v) => v.op === "store" && this.isElement(v, from.loop) && v.args[2].type === "number")
        .map(({ args }) => args[0]),
    );
    if (lists.size === 0) return false;
    return runBy(to).some(
      (v) =>
        v.op === "load" && lists.has(v.args[0]) && this.analysis.isActive(v) && this.isElement(v, to.loop),
    );
  }
  private isElement({ op, key, args }: Value, { counted }: Counted["loop"]): boolean {
    return (op === "load" || op === "store") && key === null && this.of(args[1]) === this.of(counted.index);
  }
  /** Whether what one writes and the other uses are elements of one list, each in its own iteration. */
  private isInStep(from: Counted, a: Accesses, to: Counted, b: Accesses): boolean {
    for (const memory of a.shared(b)) {
      const of = ({ values }: Accesses) =>
        [...values].filter((v) => touched(v).some((pointer) => this.analysis.memoryOf(pointer) === memory));
      const [mine, others] = [of(a), of(b)];
      const [list] = mine[0].args;
      if (![...mine, ...others].every((v) => v.args[0] === list)) return false;
      if (
        !mine.every((v) => this.isElement(v, from.loop)) ||
        !others.every((v) => this.isElement(v, to.loop))
      )
        return false;
    }
    return true;
  }
  /** What stands between the loops, as what can go before both and what has to come after; null where that can't be. */
  private sorted(
    from: Value,
    a: Accesses,
    to: Value,
    b: Accesses,
  ): { before: Value[]; after: Value[] } | null {
    const { values } = from.region;
    const between = values.slice(values.indexOf(from) + 1, values.indexOf(to));
    const [before, after]: Value[][] = [[], []];
    const late = new Set([from]);
    const behind = [a];
    const needsLate = ({ values }: Accesses): boolean =>
      [...values].some((v) => [...v.args, ...endsOf(v), ...this.ownersOf(v)].some((x) => late.has(x)));
    const meetsLate = (accesses: Accesses): boolean =>
      behind.some((other) => !accesses.shared(other).next().done);
    for (const value of between) {
      const accesses = this.accesses(value);
      if (!needsLate(accesses) && !meetsLate(accesses)) {
        before.push(value);
        continue;
      }
      after.push(value);
      late.add(value);
      behind.push(accesses);
    }
    behind.shift();
    return needsLate(b) || meetsLate(b) ? null : { before, after };
  }
  /** The loop, branch or call that a value is an end of. */
  private ownersOf({ op, loop, region }: Value): Value[] {
    if (op === "out" || op === "trips")
      return region.values.filter((v) => v.op === "loop" && v.loop === loop);
    if (op === "merge") return region.values.filter((v) => v.op === "if");
    return op === "result" ? region.values.filter((v) => v.op === "call") : [];
  }

  private join(from: Counted["loop"], to: Counted["loop"]): void {
    this.replaced.set(from.counted.index, to.counted.index);
    for (const c of from.carried) {
      c.phi.loop = to;
      c.out.loop = to;
    }
    to.carried.unshift(...from.carried);
    const { index } = from.counted;
    put(
      from.head.values.filter((v) => v !== index),
      to.head,
    );
    put(from.body.values, to.body, 0);
  }
}

const isSame = (a: Value, b: Value): boolean =>
  a === b || (a.op === "const" && b.op === "const" && Object.is(a.constant, b.constant));
