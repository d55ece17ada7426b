/**
 * Memory: which pointers may reach the same lists and records.
 *
 * What: `Memories`, which gives every pointer of a lowered function the `Memory` that it may reach; pointers that may be
 * the same have one. A procedure is the same at all of its calls: its parameters are what any call gives them.
 * Reference: Steensgaard, Points-to analysis in almost linear time, POPL 1996.
 */
import { endsOf, everyValue, type Lowered, type Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";

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

export abstract class Memories {
  /** All values of the function, in order. */
  readonly values: readonly Value[];
  /** The stores and pushes among them. */
  readonly stores: Value[] = [];
  private users: ReadonlyMap<Value, Value[]> | null = null;
  private owners: ReadonlyMap<Value, Value> | null = null;
  private readonly memories = new Map<Value, Memory>();

  constructor(readonly lowered: Lowered) {
    this.values = everyValue(lowered);
    this.findMemory();
  }

  // not everybody asks for these
  usersOf(value: Value): readonly Value[] {
    this.users ??= findUsers(this.values);
    return this.users.get(value) ?? [];
  }
  /** The `if` that a merge belongs to, the loop of a variable of it, of its counter or its number of iterations. */
  ownerOf(value: Value): Value | undefined {
    this.owners ??= findOwners(this.values);
    return this.owners.get(value);
  }
  /** What a merge, or a variable of a loop, may be. */
  sourcesOf(value: Value): readonly Value[] {
    if (value.op === "merge") {
      const { consequent, alternate } = this.ownerOf(value)!.branch.merges.find((m) => m.value === value)!;
      return [consequent, alternate];
    }
    if (value.op !== "phi" && value.op !== "out") return [];
    const { init, next } = value.loop.carried.find((c) => c.phi === value || c.out === value)!;
    return [init, next];
  }
  memoryOf(pointer: Value): Memory {
    let memory = this.memories.get(pointer);
    if (!memory) {
      memory = new Memory();
      this.memories.set(pointer, memory);
    }
    return memory.find();
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

  private findMemory(): void {
    const accesses: Value[] = [];
    const joinAll = (pointer: Value, others: readonly Value[]): void => {
      if (pointer.type === "pointer")
        for (const other of others) this.memoryOf(pointer).join(this.memoryOf(other));
    };
    const put = (into: Value, key: string | null, item: Value): void => {
      if (item.type === "pointer")
        this.memoryOf(into)
          .member(key ?? elements)
          .join(this.memoryOf(item));
    };
    for (const value of this.values) {
      const { args } = value;
      switch (value.op) {
        case "input":
          if (value.type !== "pointer") continue;
          this.shape(this.memoryOf(value), value.kind as Kind);
          break;
        case "load":
          if (value.type === "pointer")
            this.memoryOf(value).join(this.memoryOf(args[0]).member(value.key ?? elements));
          break;
        case "store":
        case "push":
          put(args[0], value.key, args.at(-1) as Value);
          break;
        case "allocate":
          if (value.allocation.type === "literal") {
            const { keys } = value.allocation;
            args.forEach((item, k) => void put(value, keys ? keys[k] : null, item));
          }
          break;
        case "spread":
          break;
        case "select":
          joinAll(value, args.slice(1));
          continue;
        case "if":
          for (const m of value.branch.merges) joinAll(m.value, [m.consequent, m.alternate]);
          continue;
        case "loop":
          for (const { phi, init, next, out } of value.loop.carried) joinAll(phi, [init, next, out]);
          continue;
        case "call":
          for (const [inner, outer] of passed(value)) joinAll(inner, [outer]);
          continue;
        default:
          continue;
      }
      accesses.push(value);
    }
    for (const value of accesses) this.noteAccess(value);
  }
  /** Notes who reads and writes a memory, when all that are the same have been joined. */
  private noteAccess(value: Value): void {
    const memory = this.memoryOf(value.op === "input" || value.op === "allocate" ? value : value.args[0]);
    switch (value.op) {
      case "input":
        this.inputs(memory, value);
        break;
      case "load":
      case "spread":
        memory.loads.push(value);
        break;
      case "store":
      case "push":
        memory.stores.push(value);
        this.stores.push(value);
        break;
      case "allocate":
        memory.allocations.push(value);
        if (value.allocation.type === "copy") this.memoryOf(value.args[0]).loads.push(value);
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

  /** Whether each list or record of a memory is put into one place, where it is made. */
  isPutOnce(memory: Memory): boolean {
    let once = this.putOnce.get(memory);
    if (once === undefined) {
      const isHere = (value: Value): boolean => value.type === "pointer" && this.memoryOf(value) === memory;
      const items = this.values.flatMap((value) => this.itemsPut(value).filter(isHere));
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
  /** Whether a pointer gets another name, or a place in memory, where it is used. */
  protected givesAway(user: Value, pointer: Value): boolean {
    if (endsOf(user).includes(pointer)) return true;
    if (user.op === "allocate") return user.allocation.type === "literal";
    if (user.op === "store" || user.op === "push") return user.args.at(-1) === pointer;
    return !["load", "length", "spread"].includes(user.op);
  }
}

function findUsers(values: readonly Value[]): Map<Value, Value[]> {
  const users = new Map<Value, Value[]>();
  const note = (operand: Value, user: Value): void => {
    const known = users.get(operand);
    if (!known) users.set(operand, [user]);
    else if (known[known.length - 1] !== user) known.push(user);
  };
  for (const value of values) {
    for (const arg of value.args) note(arg, value);
    for (const end of endsOf(value)) note(end, value);
  }
  return users;
}
function findOwners(values: readonly Value[]): Map<Value, Value> {
  const owners = new Map<Value, Value>();
  for (const value of values) {
    if (value.op === "if") for (const m of value.branch.merges) owners.set(m.value, value);
    if (value.op !== "loop") continue;
    const { carried, counted, trips } = value.loop;
    for (const { phi, out } of carried) owners.set(phi, value).set(out, value);
    if (counted) owners.set(counted.index, value);
    if (trips) owners.set(trips, value);
  }
  return owners;
}

/** What is the same inside and outside of a procedure at a call. */
function passed({ args, call }: Value): [inner: Value, outer: Value][] {
  const { procedure, results } = call;
  return [
    ...procedure.params.map((param, k): [Value, Value] => [param, args[k]]),
    ...procedure.results.map((result, k): [Value, Value] => [result, results[k]]),
  ];
}

export function holdsMemory(kind: Kind): boolean {
  return kind.type === "list" || kind.type === "tuple" || kind.type === "record";
}
