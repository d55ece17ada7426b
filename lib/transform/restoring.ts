/**
 * Memory that the reverse sweep sets back, store by store, to what it was.
 *
 * What: `chooseRestored`, the members of lists and records for which this pays; `Restored`, which says what is stored
 * for it and what can be read again then. Why: where a sweep over a grid reads each element several times and writes it
 * once (Gauss-Seidel, Cholesky's factors, particles), storing what is overwritten takes less than storing what is read,
 * and the operands of the adjoint are read from their places, or computed again from there.
 * Reference: Hascoët & Pascual, TOMS 39 (2013), section 4.3, and Naumann, The Art of Differentiating Computer Programs
 * (2012), section 2.2: to-be-recorded analysis by what is overwritten.
 */
import { type Analysis, frameOf } from "./analysis.ts";
import type { Fusion } from "./fusion.ts";
import { makeValue } from "./insertion.ts";
import { isInside, type Region, regionsOf, type Value } from "./ir.ts";
import { elements, type Memory } from "./memory.ts";
import { Costs, type Needs } from "./needs.ts";

/** Stores of numbers to one member (the elements, or a key) of some memory, and the loads of it. */
interface Member {
  readonly stores: Value[];
  readonly loads: Value[];
}

/** The stores that are undone, each with the load of what it overwrites. */
export class Restored {
  private readonly early = new Map<Region, Value[]>();
  private readonly members = new Map<Value, Member>();

  constructor(
    private readonly analysis: Analysis,
    private readonly isFused: (loop: Value) => boolean,
    /** What a store overwrites. */
    readonly old: ReadonlyMap<Value, Value>,
  ) {
    if (old.size === 0) return;
    this.olds = new Set(old.values());
    const members = membersOf(analysis).filter(({ stores }) => stores.some((store) => old.has(store)));
    for (const member of members)
      for (const access of [...member.loads, ...member.stores]) this.members.set(access, member);
    for (const member of members)
      for (const store of member.stores)
        if (old.has(store) && this.isLast(store, member) && this.isPlain(store.args[1]))
          this.noteEarly(store);
  }
  private readonly olds: ReadonlySet<Value> = new Set();
  private readonly standing = new Map<Value, boolean>();

  /** Whether a value is what a store overwrites: it is kept as it was. */
  isOld(value: Value): boolean {
    return this.olds.has(value);
  }
  /** The stores of a region that are undone before anything is read again there, the last first. */
  earlyIn(region: Region): readonly Value[] {
    return this.early.get(region) ?? [];
  }
  isEarly(store: Value): boolean {
    return this.earlyIn(frameOf(store.region)).includes(store);
  }
  /** Whether what a load has read, or a store has left, stands there again when the reverse sweep of its region begins. */
  standsAgain(load: Value): boolean {
    const member = this.members.get(load);
    if (!member || this.isOld(load)) return false;
    let stands = this.standing.get(load);
    if (stands === undefined) {
      stands = member.stores.every(
        (store) =>
          !this.analysis.mayFollow(store, load, this.isFused) ||
          (this.old.has(store) && (!this.isBehind(store, load) || this.isEarlyFor(store, load))),
      );
      this.standing.set(load, stands);
    }
    return stands;
  }
  private isEarlyFor(store: Value, load: Value): boolean {
    return this.isEarly(store) && frameOf(store.region) === frameOf(load.region);
  }
  /** Whether a value runs after another one in the same iteration of what is around that. */
  private isBehind(value: Value, other: Value): boolean {
    return (
      isWithin(value, frameOf(other.region)) && this.analysis.placeOf(value) > this.analysis.placeOf(other)
    );
  }
  /** Whether nothing of its member comes after a store in its region but other such stores. */
  private isLast(store: Value, { stores, loads }: Member): boolean {
    const frame = frameOf(store.region);
    return (
      store.region === frame &&
      stores.every(
        (other) => !this.isBehind(other, store) || (other.region === frame && this.old.has(other)),
      ) &&
      loads.every((load) => this.isOld(load) || !this.isBehind(load, store))
    );
  }
  /** Whether an index does not come from memory that is set back. */
  private isPlain(index: Value | undefined): boolean {
    return !index || (!this.members.has(index) && index.args.every((arg) => this.isPlain(arg)));
  }
  private noteEarly(store: Value): void {
    const { region } = store;
    const list = [...(this.early.get(region) ?? []), store];
    this.early.set(
      region,
      list.sort((a, b) => this.analysis.placeOf(b) - this.analysis.placeOf(a)),
    );
  }
}

/** Numbers that are written in memory that is made here and stays inside, not where it is seen from outside. */
function membersOf(analysis: Analysis): Member[] {
  const members = new Map<Memory, Map<string, Member>>();
  const memberOf = (access: Value): Member => {
    const memory = analysis.memoryOf(access.args[0]);
    const byKey = members.get(memory) ?? new Map<string, Member>();
    members.set(memory, byKey);
    const key = access.key ?? elements;
    const member = byKey.get(key) ?? { stores: [], loads: [] };
    byKey.set(key, member);
    return member;
  };
  for (const value of analysis.values) {
    if (value.op === "load" && value.type === "number") memberOf(value).loads.push(value);
    if (value.op === "store" && value.args.at(-1)?.type === "number") memberOf(value).stores.push(value);
  }
  return [...members].flatMap(([{ inputs, allocations }, byKey]) =>
    allocations.some((made) => analysis.isResult(made))
      ? []
      : [...byKey.values()].filter(
          ({ stores }) => inputs.length === 0 || stores.every(({ args: [list] }) => list.op === "allocate"),
        ),
  );
}
function isWithin(value: Value, frame: Region): boolean {
  const { owner } = frame;
  const regions = owner?.op === "loop" ? regionsOf(owner) : [frame];
  return regions.some((region) => isInside(value.region, region));
}

/** An iteration of a loop counts as much as so many of what is around it. */
const iterations = 8;
function weight({ region }: Value): number {
  let depth = 0;
  for (let loop = region.loop; loop; loop = loop.region.loop) depth++;
  return iterations ** depth;
}
/** Storing what is overwritten has to spare at least so many times what it takes. */
const gain = 2;

/** The stores to undo, given what the reverse sweep needs without that; none where it does not pay. */
export function chooseRestored(analysis: Analysis, fusion: Fusion, needs: Needs): Value[] {
  if (analysis.stores.length === 0) return [];
  const { isFused } = fusion;
  const eligible = membersOf(analysis).flatMap((member) => {
    const undone = member.stores.filter((store) =>
      member.loads.some((load) => analysis.mayFollow(store, load, isFused)),
    );
    const plain = member.stores.every(({ region }) => !region.procedure && !isInFused(region, isFused));
    return plain && undone.length > 0 && member.loads.every(({ region }) => !region.procedure)
      ? [{ ...member, undone }]
      : [];
  });
  if (eligible.length === 0) return [];
  // as if each of them were undone; what would be stored for it does not matter yet
  const old = new Map(eligible.flatMap(({ undone }) => undone.map((store) => [store, store] as const)));
  const restored = new Restored(analysis, isFused, old);
  const costs = new Costs(analysis, fusion, needs.again, needs.sunk, restored);
  const spared = [...needs.cached].filter((value) => value.type === "number" && costs.way(value) === "again");
  // of the members that are read again for that
  const read = new Set<Value>();
  const visit = (value: Value): void => {
    if (read.has(value)) return;
    read.add(value);
    if (value.op === "load" || value.op === "rule" || value.op === "passive" || value.op === "select")
      for (const arg of value.args) if (!needs.direct.has(arg)) visit(arg);
  };
  for (const value of spared) visit(value);
  const used = eligible.filter(({ loads }) =>
    loads.some((load) => read.has(load) && restored.standsAgain(load)),
  );
  const sum = (values: readonly Value[]) => values.reduce((total, value) => total + weight(value), 0);
  const undone = used.flatMap((member) => member.undone);
  return sum(spared) >= gain * sum(undone) ? undone : [];
}
function isInFused(region: Region, isFused: (loop: Value) => boolean): boolean {
  for (let loop = region.loop; loop; loop = loop.region.loop) if (isFused(loop)) return true;
  return false;
}

/** Puts a load of what it overwrites before each store, unless there is one. */
export function loadOld(analysis: Analysis, stores: readonly Value[]): Map<Value, Value> {
  const old = new Map<Value, Value>();
  for (const store of stores) {
    const { values } = store.region;
    const known = loadBefore(store, analysis);
    if (known) {
      old.set(store, known);
      continue;
    }
    const load = makeValue("load", "number", store.args.slice(0, -1), store.region, store.statement);
    load.key = store.key;
    values.splice(values.indexOf(store), 0, load);
    old.set(store, load);
  }
  return old;
}
/** A load of the same element in the same region, since which nothing has been stored. */
function loadBefore(store: Value, analysis: Analysis): Value | null {
  const { values } = store.region;
  const memory = analysis.memoryOf(store.args[0]);
  for (let k = values.indexOf(store) - 1; k >= 0; k--) {
    const value = values[k];
    if (
      value.op === "load" &&
      value.key === store.key &&
      value.args.every((arg, j) => arg === store.args[j]) &&
      value.args.length === store.args.length - 1
    )
      return value;
    const mayStore =
      value.op === "store" || value.op === "push"
        ? memory === analysis.memoryOf(value.args[0])
        : regionsOf(value).length > 0 || value.op === "call";
    if (mayStore) return null;
  }
  return null;
}
