/**
 * What is known of a lowered function before a derivative program is written.
 *
 * What: users of each value, places in program order, memory (which pointers may reach the same lists and records),
 * and activity (which values both depend on what is differentiated by and matter for the result). A procedure is the
 * same at all of its calls: its parameters are what any call gives them.
 * Reference: Steensgaard, Points-to analysis in almost linear time, POPL 1996; Griewank & Walther (2008), section 6.2;
 * Hascoët & Pascual, The Tapenade automatic differentiation tool, TOMS 39 (2013), section 4.
 */
import {
  endsOf,
  everyValue,
  type Lowered,
  type Procedure,
  type Region,
  regionsOf,
  resultValues,
  runBy,
  type Value,
} from "./ir.ts";
import type { Kind } from "./kinds.ts";
import { Overlap } from "./overlap.ts";

/** Lists or records that some pointers may reach. Numbers in it are told apart by key, elements all have the same. */
export class Memory {
  private parent: Memory | null = null;
  readonly members = new Map<string, Memory>();
  readonly loads: Value[] = [];
  /** Stores, pushes, and allocations with operands. */
  readonly stores: Value[] = [];
  readonly allocations: Value[] = [];
  readonly inputs: Value[] = [];
  /** Keys whose numbers depend on what is differentiated by; and those that matter. */
  readonly varied = new Set<string>();
  readonly useful = new Set<string>();
  find(): Memory {
    if (!this.parent) return this;
    this.parent = this.parent.find();
    return this.parent;
  }
  member(key: string): Memory {
    const found = this.members.get(key);
    if (found) return found.find();
    const made = new Memory();
    this.members.set(key, made);
    return made;
  }
  join(other: Memory): void {
    const [a, b] = [this.find(), other.find()];
    if (a === b) return;
    b.parent = a;
    for (const [key, member] of b.members) {
      const mine = a.members.get(key);
      if (mine) mine.find().join(member);
      else a.members.set(key, member);
    }
  }
}

export const elements = "[]";

export class Analysis {
  readonly users = new Map<Value, Value[]>();
  /** Loops and branches that a value is an end of. */
  private readonly memories = new Map<Value, Memory>();
  private readonly place = new Map<Value, number>();
  private readonly varied = new Set<Value>();
  private readonly useful = new Set<Value>();
  private readonly results: ReadonlySet<Value>;

  constructor(
    readonly lowered: Lowered,
    /** The inputs that are differentiated by; null where nobody asks what carries derivatives. */
    readonly isIndependent: ((input: Value) => boolean) | null,
  ) {
    this.results = new Set([
      ...resultValues(lowered.result),
      ...lowered.procedures.flatMap((procedure) => procedure.results),
    ]);
    const values = [...everyValue(lowered)];
    for (const value of values) {
      this.place.set(value, this.place.size);
      for (const operand of new Set([...value.args, ...endsOf(value)])) {
        const users = this.users.get(operand);
        if (users) users.push(value);
        else this.users.set(operand, [value]);
      }
    }
    this.findMemory(values);
    if (isIndependent === null) return;
    this.findVaried(values);
    this.findUseful(values);
  }

  /** Whether a value is returned, by the function or a procedure: a use that is no value's. */
  isResult(value: Value): boolean {
    return this.results.has(value);
  }
  usersOf(value: Value): readonly Value[] {
    return this.users.get(value) ?? [];
  }
  /** Whether a value depends on what is differentiated by. */
  isVaried(value: Value): boolean {
    return this.varied.has(value);
  }
  isActive(value: Value): boolean {
    return this.varied.has(value) && this.useful.has(value);
  }
  memoryOf(pointer: Value): Memory {
    let memory = this.memories.get(pointer);
    if (!memory) {
      memory = new Memory();
      this.memories.set(pointer, memory);
    }
    return memory.find();
  }
  /** Whether numbers at a key may carry derivatives. */
  isActiveMember(pointer: Value, key: string | null): boolean {
    const memory = this.memoryOf(pointer);
    return memory.varied.has(key ?? elements) && memory.useful.has(key ?? elements);
  }
  /** Whether anything that can be reached from a pointer may carry derivatives. */
  hasShadow(pointer: Value): boolean {
    return this.reachesActive(this.memoryOf(pointer), new Set());
  }
  /** All that is put into what can be reached from a pointer. */
  storesBehind(pointer: Value): Value[] {
    const stores: Value[] = [];
    const seen = new Set<Memory>();
    const look = (memory: Memory): void => {
      if (seen.has(memory)) return;
      seen.add(memory);
      stores.push(...memory.stores);
      for (const member of memory.members.values()) look(member.find());
    };
    look(this.memoryOf(pointer));
    return stores;
  }
  private reachesActive(memory: Memory, seen: Set<Memory>): boolean {
    if (seen.has(memory)) return false;
    seen.add(memory);
    for (const key of memory.varied) if (memory.useful.has(key)) return true;
    for (const member of memory.members.values()) if (this.reachesActive(member.find(), seen)) return true;
    return false;
  }

  /** Whether a comes before b: in the text of the intermediate form. */
  before(a: Value, b: Value): boolean {
    return (this.place.get(a) as number) < (this.place.get(b) as number);
  }
  /** The order in program text. */
  placeOf(value: Value): number {
    return this.place.get(value) as number;
  }

  // ---- memory ----

  private findMemory(values: readonly Value[]): void {
    for (const value of values) {
      if (value.op === "input" && value.type === "pointer")
        this.shape(this.memoryOf(value), value.kind as Kind);
      const { args } = value;
      if (value.op === "load" && value.type === "pointer")
        this.memoryOf(value).join(this.memoryOf(args[0]).member(value.key ?? elements));
      if ((value.op === "store" || value.op === "push") && (args.at(-1) as Value).type === "pointer")
        this.memoryOf(args[0])
          .member(value.key ?? elements)
          .join(this.memoryOf(args.at(-1) as Value));
      if (value.op === "allocate" && value.allocation.type === "literal") {
        const { keys } = value.allocation;
        args.forEach((item, k) => {
          if (item.type === "pointer")
            this.memoryOf(value)
              .find()
              .member(keys ? keys[k] : elements)
              .join(this.memoryOf(item));
        });
      }
      if (value.op === "select" && value.type === "pointer")
        for (const a of args.slice(1)) this.memoryOf(value).join(this.memoryOf(a));
      if (value.op === "if")
        for (const m of value.branch.merges)
          if (m.value.type === "pointer")
            for (const end of [m.consequent, m.alternate]) this.memoryOf(m.value).join(this.memoryOf(end));
      if (value.op === "loop")
        for (const c of value.loop.carried)
          if (c.phi.type === "pointer")
            for (const end of [c.init, c.next, c.out]) this.memoryOf(c.phi).join(this.memoryOf(end));
      if (value.op === "call")
        for (const [inner, outer] of passed(value))
          if (inner.type === "pointer") this.memoryOf(inner).join(this.memoryOf(outer));
    }
    for (const value of values) {
      if (value.op === "load") this.memoryOf(value.args[0]).loads.push(value);
      if (value.op === "spread") this.memoryOf(value.args[0]).loads.push(value);
      if (value.op === "store" || value.op === "push") this.memoryOf(value.args[0]).stores.push(value);
      if (value.op === "allocate") {
        this.memoryOf(value).allocations.push(value);
        if (value.allocation.type === "copy") this.memoryOf(value.args[0]).loads.push(value);
      }
      if (value.op === "input" && value.type === "pointer") this.inputs(this.memoryOf(value), value);
    }
  }
  /** Memory for all that an input holds. */
  private shape(memory: Memory, kind: Kind): void {
    if (kind.type === "list" && holdsMemory(kind.of)) this.shape(memory.member(elements), kind.of);
    if (kind.type === "tuple")
      for (const item of kind.items)
        if ("items" in item || item.type === "list") this.shape(memory.member(elements), item);
    if (kind.type === "record")
      kind.items.forEach((item, k) => {
        if ("items" in item || item.type === "list") this.shape(memory.member(kind.keys[k]), item);
      });
  }
  private inputs(memory: Memory, input: Value): void {
    if (memory.inputs.includes(input)) return;
    memory.inputs.push(input);
    for (const member of memory.members.values()) this.inputs(member.find(), input);
  }

  // ---- activity ----

  private findVaried(values: readonly Value[]): void {
    for (const value of values) {
      if (value.op !== "input" || !this.isIndependent?.(value)) continue;
      if (value.type === "number") this.varied.add(value);
      if (value.type === "pointer") this.varyAll(this.memoryOf(value), value.kind as Kind);
    }
    for (let changed = true; changed; ) {
      changed = false;
      const vary = (value: Value, yes: boolean): void => {
        if (yes && value.type === "number" && !this.varied.has(value)) {
          this.varied.add(value);
          changed = true;
        }
      };
      const varyMember = (pointer: Value, key: string | null, yes: boolean): void => {
        const { varied } = this.memoryOf(pointer);
        if (yes && !varied.has(key ?? elements)) {
          varied.add(key ?? elements);
          changed = true;
        }
      };
      const is = (value: Value): boolean => this.varied.has(value);
      for (const value of values) {
        const { args } = value;
        switch (value.op) {
          case "rule":
            vary(value, value.rule.kind !== "step" && args.some(is));
            break;
          case "select":
            vary(value, args.slice(1).some(is));
            break;
          case "load":
            vary(value, this.memoryOf(args[0]).varied.has(value.key ?? elements));
            break;
          case "spread":
            vary(value, this.memoryOf(args[0]).varied.has(elements));
            break;
          case "store":
          case "push":
            varyMember(args[0], value.key, is(args.at(-1) as Value));
            break;
          case "allocate":
            if (value.allocation.type === "literal") {
              const { keys } = value.allocation;
              args.forEach((item, k) => void varyMember(value, keys ? keys[k] : null, is(item)));
            } else if (value.allocation.type === "copy")
              varyMember(value, null, this.memoryOf(args[0]).varied.has(elements));
            break;
          case "if":
            for (const m of value.branch.merges) vary(m.value, is(m.consequent) || is(m.alternate));
            break;
          case "loop":
            for (const c of value.loop.carried) {
              vary(c.phi, is(c.init) || is(c.next));
              vary(c.out, is(c.init) || is(c.next));
            }
            break;
          case "call":
            value.call.procedure.params.forEach((param, k) => void vary(param, is(args[k])));
            value.call.results.forEach((v, k) => void vary(v, is(value.call.procedure.results[k])));
        }
      }
    }
  }
  private varyAll(memory: Memory, kind: Kind): void {
    if (kind.type === "list") {
      if (kind.of.type === "number") memory.varied.add(elements);
      else if (holdsMemory(kind.of)) this.varyAll(memory.member(elements), kind.of);
    } else if (kind.type === "tuple" || kind.type === "record")
      kind.items.forEach((item, k) => {
        const key = kind.type === "record" ? kind.keys[k] : elements;
        if (item.type === "number") memory.varied.add(key);
        else if (item.type === "list" || "items" in item) this.varyAll(memory.member(key), item);
      });
  }

  private findUseful(values: readonly Value[]): void {
    const useful = (memory: Memory, seen = new Set<Memory>()): void => {
      if (seen.has(memory)) return;
      seen.add(memory);
      for (const key of memory.varied) memory.useful.add(key);
      for (const member of memory.members.values()) useful(member.find(), seen);
    };
    for (const value of resultValues(this.lowered.result)) {
      this.useful.add(value);
      if (value.type === "pointer") useful(this.memoryOf(value));
    }
    for (let changed = true; changed; ) {
      changed = false;
      const use = (value: Value): void => {
        if (this.useful.has(value)) return;
        this.useful.add(value);
        changed = true;
      };
      const useMember = (pointer: Value, key: string | null): void => {
        const memory = this.memoryOf(pointer);
        if (memory.useful.has(key ?? elements)) return;
        memory.useful.add(key ?? elements);
        changed = true;
      };
      const isUsed = (pointer: Value, key: string | null): boolean =>
        this.memoryOf(pointer).useful.has(key ?? elements);
      for (let k = values.length - 1; k >= 0; k--) {
        const value = values[k];
        const { args } = value;
        if (value.op === "store" || value.op === "push") {
          if (isUsed(args[0], value.key)) use(args.at(-1) as Value);
        } else if (value.op === "allocate" && value.allocation.type === "literal") {
          const { keys } = value.allocation;
          args.forEach((item, j) => {
            if (isUsed(value, keys ? keys[j] : null)) use(item);
          });
        } else if (value.op === "allocate" && value.allocation.type === "copy") {
          if (isUsed(value, null)) useMember(args[0], null);
        } else if (value.op === "if") {
          for (const m of value.branch.merges)
            if (this.useful.has(m.value)) {
              use(m.consequent);
              use(m.alternate);
            }
        } else if (value.op === "loop") {
          for (const c of value.loop.carried)
            if (this.useful.has(c.out) || this.useful.has(c.phi))
              for (const end of [c.phi, c.out, c.init, c.next]) use(end);
        } else if (value.op === "call") {
          const { procedure, results: given } = value.call;
          given.forEach((v, j) => {
            if (this.useful.has(v)) use(procedure.results[j]);
          });
          procedure.params.forEach((param, j) => {
            if (this.useful.has(param)) use(args[j]);
          });
        } else if (this.useful.has(value)) {
          if (value.op === "rule" && value.rule.kind !== "step") args.forEach(use);
          if (value.op === "select") args.slice(1).forEach(use);
          if (value.op === "load") useMember(args[0], value.key);
          if (value.op === "spread") useMember(args[0], null);
        }
      }
    }
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
  /** Whether a pointer gets another name, or a place in memory, where it is used. */
  private givesAway(user: Value, pointer: Value): boolean {
    if (endsOf(user).includes(pointer)) return true;
    if (user.op === "allocate") return user.allocation.type === "literal";
    if (user.op === "store" || user.op === "push") return user.args.at(-1) === pointer;
    return !["load", "length", "spread"].includes(user.op);
  }
  /**
   * Whether a store may run after a load and before the load's turn in the reverse sweep comes. `isFused` says of a
   * loop that each iteration has its reverse sweep at once.
   */
  mayFollow(store: Value, load: Value, isFused: (loop: Value) => boolean): boolean {
    // what is made here is no argument, and no other list that is made here
    const [p, q] = [store.args[0], load.args[0]];
    if (p !== q && ((isOrigin(p) && isOrigin(q)) || this.isInitial(store))) return false;
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
    return [...everyValue(this.lowered)].filter((v) => v.op === "call" && v.call.procedure === procedure);
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
      calls = [...everyValue(this.lowered)].filter(
        (value) =>
          value.op === "call" &&
          value.region.procedure === null &&
          (value.call.procedure === procedure ||
            [...runBy(value)].some((v) => v.op === "call" && v.call.procedure === procedure)),
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
  /** Whether each list or record of a memory is put into one place, where it is made. */
  private isPutOnce(memory: Memory): boolean {
    let once = this.putOnce.get(memory);
    if (once === undefined) {
      const isHere = (value: Value): boolean => value.type === "pointer" && this.memoryOf(value) === memory;
      const items = [...everyValue(this.lowered)].flatMap((value) => this.itemsPut(value).filter(isHere));
      once =
        memory.inputs.length === 0 &&
        items.every((item) => item.op === "allocate") &&
        memory.allocations.every((made) => {
          const users = this.usersOf(made).filter((user) => this.givesAway(user, made));
          const [user] = users;
          return (
            users.length === 1 &&
            user.region === made.region &&
            this.itemsPut(user).length > 0 &&
            items.filter((item) => item === made).length === 1
          );
        });
      this.putOnce.set(memory, once);
    }
    return once;
  }
  private readonly putOnce = new Map<Memory, boolean>();
  /** What a value puts into a list or record. */
  private itemsPut({ op, args, allocation }: Value): Value[] {
    if (op === "store" || op === "push") return args.slice(-1);
    return op === "allocate" && allocation.type === "literal" ? args : [];
  }
}

/** What is the same inside and outside of a procedure at a call. */
function passed({ args, call }: Value): [inner: Value, outer: Value][] {
  const { procedure, results } = call;
  return [
    ...procedure.params.map((param, k): [Value, Value] => [param, args[k]]),
    ...procedure.results.map((result, k): [Value, Value] => [result, results[k]]),
  ];
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

function holdsMemory(kind: Kind): boolean {
  return kind.type === "list" || kind.type === "tuple" || kind.type === "record";
}
