/**
 * Which loops have the reverse sweep of each iteration at once.
 *
 * What: `Fusion` finds loops whose iterations are independent of each other but for sums: nothing of an iteration has
 * to be stored then, because its reverse sweep follows it immediately. It takes that (a) what is carried from iteration
 * to iteration and active is only added to, (b) memory that is written to is the iteration's own, and (c) the adjoints
 * of the sums are known before the loop, because what follows is linear in them.
 * Reference: Hascoët, Fidanova & Held, Adjoining independent computations, in Automatic Differentiation of Algorithms
 * (2002).
 */
import { codeAlgebra, keptFor, table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { type Carried, type Region, regionsOf, resultValues, runBy, type Value } from "./ir.ts";
import { elements, type Memory } from "./memory.ts";
import { product } from "./products.ts";
import { expressionText } from "./writer.ts";

export class Fusion {
  readonly loops = new Set<Value>();
  /** Values of a chain of sums, with the carried variable whose adjoint they all have. */
  readonly chain = new Map<Value, Carried>();

  constructor(
    private readonly analysis: Analysis,
    /** The adjoint of each value of the result, where it is known beforehand. */
    private readonly seeds: ReadonlyMap<Value, string> | null,
  ) {
    for (const value of analysis.values)
      if (value.op === "loop") for (const c of value.loop.carried) this.findChain(value, c);
    if (seeds) this.choose(analysis.lowered.body);
  }
  isFused = (loop: Value): boolean => this.loops.has(loop);

  /** A variable that iterations only add to: its adjoint is the same before and after each of them. */
  private findChain(loop: Value, c: Carried): void {
    if (this.searched.has(c)) return;
    this.searched.add(c);
    if (!this.analysis.isActive(c.phi) || c.phi.type !== "number") return;
    const links: Value[] = [];
    const begin = this.analysis.placeOf(outermost(loop));
    const follow = (value: Value): boolean => {
      if (value === c.phi) return true;
      if (value.op === "rule" && (value.rule === table.add || value.rule === table.sub)) {
        const [a, b] = value.args;
        const through =
          a !== b && follow(a) ? a : value.rule === table.add && a !== b && follow(b) ? b : null;
        if (!through || this.dependsOn(through === a ? b : a, c.phi, begin)) return false;
        links.push(value);
        return true;
      }
      if (value.op === "merge") {
        if (!this.analysis.sourcesOf(value).every(follow)) return false;
        links.push(value);
        return true;
      }
      if (value.op === "out") {
        // a loop inside, which adds to the same sum
        const inner = this.analysis.ownerOf(value);
        const sum = value.loop.carried.find((x) => x.out === value);
        if (!inner || !sum) return false;
        this.findChain(inner, sum);
        if (this.chain.get(sum.phi) !== sum || !follow(sum.init)) return false;
        links.push(value);
        return true;
      }
      return false;
    };
    if (!follow(c.next)) return;
    // every use of the variable and of a link is the next link, or the end of the iteration
    const chain = new Set<Value>([c.phi, ...links]);
    for (const link of chain)
      for (const user of this.analysis.usersOf(link)) {
        if (user === loop && link === c.next) continue;
        if (user.op === "loop" && isBeginOnly(link, user, chain)) continue;
        if (chain.has(user) && user.args.filter((a) => a === link).length === 1) continue;
        if (
          user.op === "if" &&
          user.args[0] !== link &&
          user.branch.merges.every(
            (m) => (m.consequent !== link && m.alternate !== link) || chain.has(m.value),
          )
        )
          continue;
        return;
      }
    if (loop.loop.carried.filter((x) => x.next === c.next).length > 1) return;
    for (const link of chain) this.chain.set(link, c);
  }
  private readonly searched = new Set<Carried>();
  /** `begin` is the place where the loops around `on` begin: nothing before them depends on it. */
  private dependsOn(value: Value, on: Value, begin: number, seen = new Set<Value>()): boolean {
    if (value === on) return true;
    if (seen.has(value) || this.analysis.placeOf(value) < begin) return false;
    seen.add(value);
    const depends = (v: Value): boolean => this.dependsOn(v, on, begin, seen);
    return value.args.some(depends) || this.analysis.sourcesOf(value).some(depends);
  }

  // ---- choosing ----

  private choose(region: Region): void {
    for (const value of region.values) {
      if (value.op === "if") for (const inner of regionsOf(value)) this.choose(inner);
      if (value.op !== "loop") continue;
      if (this.isIndependent(value)) {
        this.loops.add(value);
        this.choose(value.loop.body);
      }
    }
  }
  private isIndependent(loop: Value): boolean {
    const { analysis } = this;
    for (const c of loop.loop.carried) {
      if (c.phi.type === "pointer" && analysis.hasShadow(c.phi)) return false;
      if (!analysis.isActive(c.phi)) continue;
      if (!this.chain.has(c.phi) || this.knownAdjoint(c.out, loop) === null) return false;
    }
    const inside = new Set(runBy(loop));
    if (!runBy(loop).some((v) => v.type === "number" && analysis.isActive(v))) return false;
    const own = (memory: Memory): boolean =>
      memory.inputs.length === 0 &&
      (memory.allocations.every((a) => inside.has(a)) || this.isScratch(memory, loop));
    const touched = new Set<Memory>();
    for (const value of inside) {
      if (value.op === "store" || value.op === "push") {
        const item = value.args.at(-1) as Value;
        const matters =
          item.type === "pointer"
            ? analysis.hasShadow(item)
            : analysis.isActiveMember(value.args[0], value.key);
        if (matters && !own(analysis.memoryOf(value.args[0]))) return false;
        // what an earlier iteration wrote must not be read by a later one: passive memory is replayed in order
      }
      if (value.op === "load" && value.type === "number" && analysis.isActive(value))
        touched.add(analysis.memoryOf(value.args[0]));
      if (value.op === "spread" || (value.op === "allocate" && value.allocation.type === "copy"))
        touched.add(analysis.memoryOf(value.args[0]));
    }
    // nothing behind the loop may write to what the loop reads
    for (const memory of touched)
      for (const store of memory.stores)
        if (
          !inside.has(store) &&
          analysis.isActiveMember(store.args[0], store.key) &&
          this.follows(store, loop)
        )
          return false;
    return true;
  }
  /**
   * Whether a list that is made before a loop is written anew by each iteration before it is read, and not read behind
   * the loop: nothing goes from iteration to iteration through it.
   */
  isScratch(memory: Memory, loop: Value): boolean {
    const inside = new Set(runBy(loop));
    const [list] = memory.allocations;
    if (memory.allocations.length !== 1 || list.allocation.type !== "filled" || memory.members.size > 0)
      return false;
    const goesElsewhere = (user: Value): boolean =>
      !["load", "store", "spread", "length"].includes(user.op) || user.args.lastIndexOf(list) !== 0;
    if (this.analysis.usersOf(list).some(goesElsewhere)) return false;
    if (resultValues(this.analysis.lowered.result).includes(list)) return false;
    const accesses = [...memory.loads, ...memory.stores].filter((v) => v.op !== "length");
    if (
      accesses.some((v) => v.args[0] !== list || (v.op !== "load" && v.op !== "store" && v.op !== "spread"))
    )
      return false;
    if (accesses.some((v) => !inside.has(v) && this.follows(v, loop))) return false;
    const within = accesses
      .filter((v) => inside.has(v))
      .sort((a, b) => this.analysis.placeOf(a) - this.analysis.placeOf(b));
    const [first] = within;
    if (first?.op !== "store") return false;
    // the first access writes all elements, one after the other
    const [, index] = first.args;
    const filling = first.region.owner;
    const counted =
      filling?.op === "loop" && first.region === filling.loop.body ? filling.loop.counted : null;
    if (!filling || !counted || index !== counted.index || counted.step !== 1 || counted.comparison !== "lt")
      return false;
    if (counted.start.op !== "const" || counted.start.constant !== 0 || counted.bound !== list.args[0])
      return false;
    // all others come behind it, where it has run
    return within.every((v) => {
      if (v === first) return true;
      if (v.region === first.region) return v.args[1] === index;
      let around: Value = v;
      while (around.region !== filling.region && around.region.owner) around = around.region.owner;
      if (around === filling) return v.args[1] === index;
      return around.region === filling.region && this.analysis.before(filling, around);
    });
  }
  /** Whether a store stands behind a loop. */
  private follows(store: Value, loop: Value): boolean {
    return this.analysis.before(loop, store);
  }

  // ---- adjoints that are known ----

  /** The adjoint of a value as text of what is known before a loop; null where it is not. */
  knownAdjoint(value: Value, loop: Value): string | null {
    if (!this.seeds) return null;
    const { analysis } = this;
    let sum = this.seeds.get(value) ?? "0";
    for (const user of analysis.usersOf(value)) {
      const part = this.contribution(value, user, loop);
      if (part === null) return null;
      sum = codeAlgebra.add(sum, part);
    }
    return sum;
  }
  private contribution(value: Value, user: Value, loop: Value): string | null {
    const { analysis } = this;
    if (user.op === "if") {
      if (
        user.args[0] === value &&
        user.branch.merges.every((m) => m.consequent !== value && m.alternate !== value)
      )
        return "0";
      let sum = "0";
      for (const m of user.branch.merges) {
        if (m.consequent !== value && m.alternate !== value) continue;
        if (!analysis.isActive(m.value)) continue;
        // only inside of the branch itself is it sure that the value is the one
        const side = m.consequent === value ? user.branch.consequent : user.branch.alternate;
        if (m.consequent === m.alternate || !isWithin(loop.region, side)) return null;
        const bar = this.knownAdjoint(m.value, loop);
        if (bar === null) return null;
        sum = codeAlgebra.add(sum, bar);
      }
      return sum;
    }
    if (user.op === "loop") {
      let sum = "0";
      for (const c of user.loop.carried) {
        if (!analysis.isActive(c.phi)) {
          if (c.init === value || c.next === value) continue;
          continue;
        }
        if (c.next === value) {
          const bar = this.chainAdjoint(value, user, loop);
          if (bar === null) return null;
          sum = codeAlgebra.add(sum, bar);
        } else if (c.init === value) {
          if (!this.chain.has(c.phi)) return null;
          const bar = this.knownAdjoint(c.out, loop);
          if (bar === null) return null;
          sum = codeAlgebra.add(sum, bar);
        }
      }
      return sum;
    }
    if (!analysis.isActive(user))
      return user.op === "store" || user.op === "push" || user.op === "allocate" ? this.inMemory(user) : "0";
    if (user.op !== "rule") return null;
    const bar = this.chain.has(user) ? this.chainAdjoint(user, null, loop) : this.knownAdjoint(user, loop);
    if (bar === null) return null;
    let sum = "0";
    user.args.forEach((arg, k) => {
      if (arg !== value) return;
      const partial = this.knownPartial(user, k, loop);
      sum = partial === null || sum === "?" ? "?" : codeAlgebra.add(sum, product(bar, partial));
    });
    return sum === "?" ? null : sum;
  }
  /** Putting it into memory is harmless only where that memory carries no derivative. */
  private inMemory(user: Value): string | null {
    const { analysis } = this;
    if (user.op === "allocate") {
      const keys = user.allocation.type === "literal" ? user.allocation.keys : null;
      return user.args.some((_, k) => analysis.isActiveMember(user, keys ? keys[k] : elements)) ? null : "0";
    }
    return analysis.isActiveMember(user.args[0], user.key) ? null : "0";
  }
  /** The adjoint of a link of a chain of sums: that of the loop's result, if the loop is fused. */
  private chainAdjoint(link: Value, _user: Value | null, loop: Value): string | null {
    const c = this.chain.get(link);
    if (!c) return null;
    const around = c.phi.loop;
    for (const fused of this.loops) if (fused.loop === around) return this.knownAdjoint(c.out, loop);
    return null;
  }
  private knownPartial(user: Value, k: number, loop: Value): string | null {
    const { rule, args } = user;
    const needed = keptFor(rule, k, args.length);
    const operands = args.map((a, j) => (needed.includes(j) || a.op === "const" ? this.early(a, loop) : "0"));
    const result = needed.includes("result") ? this.early(user, loop) : "0";
    if (result === null || operands.includes(null)) return null;
    return rule.partials(codeAlgebra, result, ...(operands as string[]))[k];
  }
  /** A value as text of what is known before a loop; null where it is not. */
  private early(value: Value, loop: Value): string | null {
    if (value.op === "const") return codeAlgebra.constant(value.constant as number);
    if (this.isBefore(value, loop)) return this.nameOf(value);
    if (value.op !== "rule" && !(value.op === "length" && value.args[0].op === "input")) return null;
    const args = value.args.map((a) => this.early(a, loop));
    return args.includes(null) ? null : expressionText(value, args as string[]);
  }
  /** Set by the writer: how a value is called. */
  nameOf: (value: Value) => string = (value) => `v${value.id}`;
  private isBefore(value: Value, loop: Value): boolean {
    return this.analysis.before(value, loop) && isWithin(loop.region, value.region);
  }
}

/** The outermost loop around a loop, or it. */
function outermost(loop: Value): Value {
  return loop.region.loop ? outermost(loop.region.loop) : loop;
}
/** Whether a value is used by a loop as nothing but the beginning of a sum of the chain. */
function isBeginOnly(value: Value, { loop }: Value, chain: ReadonlySet<Value>): boolean {
  const { counted, test, carried } = loop;
  if (counted?.start === value || counted?.bound === value || test === value) return false;
  return carried.every((c) => c.next !== value && (c.init !== value || chain.has(c.out)));
}
function isWithin(inner: Region, outer: Region): boolean {
  for (let region: Region | null = inner; region; region = region.parent) if (region === outer) return true;
  return false;
}
