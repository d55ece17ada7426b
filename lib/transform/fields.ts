/**
 * Lists of records as a list for each member.
 *
 * What: where records of numbers are made by the function, kept in lists and only read there, each member gets a list of
 * its own and no record is made. Why: a record for each step and another one for its adjoints cost more than the step;
 * numbers in lists cost little. Records that are never written to are what they hold, so that it does not matter which
 * of two equal ones is meant, unless they are compared, returned or carried along as a whole: then they stay records.
 * Reference: Lattner & Adve, Automatic pool allocation, PLDI 2005, for the idea of laying out what analysis has bounded.
 */
import { Analysis } from "./analysis.ts";
import { makeBail, makeValue } from "./insertion.ts";
import { everyValue, type Lowered, type Value } from "./ir.ts";
import { type Kind, numberKind } from "./kinds.ts";
import { elements, type Memory } from "./memory.ts";
import { isWithin } from "./misses.ts";
import { replace } from "./replace.ts";

/** Records of more members than this stay records. */
const mostKeys = 12;

/** Whether any records have gone. */
export function separateFields(lowered: Lowered): boolean {
  const values = everyValue(lowered);
  const isCandidate = ({ op, kind }: Value): boolean =>
    op === "allocate" && kind?.type === "list" && fieldsOf(kind.of) !== null;
  if (lowered.procedures.length > 0 || !values.some(isCandidate)) return false;
  const fields = new Fields(values, new Analysis(lowered, null));
  if (!fields.find()) return false;
  fields.write();
  replace(lowered, fields.replaced);
  return true;
}

/** The members of a record of numbers. */
function fieldsOf(kind: Kind): readonly string[] | null {
  return kind.type === "record" &&
    kind.keys.length > 0 &&
    kind.keys.length <= mostKeys &&
    kind.items.every((item) => item.type === "number")
    ? kind.keys
    : null;
}

class Fields {
  readonly replaced = new Map<Value, Value>();
  /** The members that are read of records, by their memory. */
  private readonly keys = new Map<Memory, readonly string[]>();
  private readonly lists = new Set<Value>();
  /** What a record holds, and the lists that have taken the place of one. */
  private readonly parts = new Map<Value, ReadonlyMap<string, Value>>();
  constructor(
    private readonly values: readonly Value[],
    private readonly analysis: Analysis,
  ) {}

  // ---- which records can go ----

  find(): boolean {
    const byMemory = new Map<Memory, Value[]>();
    for (const value of this.values) {
      if (value.type !== "pointer") continue;
      const memory = this.analysis.memoryOf(value);
      const known = byMemory.get(memory);
      if (known) known.push(value);
      else byMemory.set(memory, [value]);
    }
    for (const [memory, records] of byMemory) {
      if (memory.inputs.length > 0 || memory.stores.length > 0) continue;
      if (!records.every((record) => this.isPlain(record))) continue;
      const lists = [...byMemory].filter(([m]) => m.members.get(elements)?.find() === memory);
      const isGood = ([m, pointers]: [Memory, Value[]]): boolean =>
        m.inputs.length === 0 && pointers.every((list) => this.isPlainList(list));
      if (lists.length === 0 || !lists.every(isGood)) continue;
      const all = fieldsOf(records[0].kind as Kind) as readonly string[];
      const read = all.filter((key) => memory.loads.some((load) => load.key === key));
      this.keys.set(memory, read.length > 0 ? read : all.slice(0, 1));
      for (const [, pointers] of lists) for (const list of pointers) this.lists.add(list);
    }
    return this.keys.size > 0;
  }
  /** A record that is made here or read from a list, and only read by its members or put into a list. */
  private isPlain(record: Value): boolean {
    const { op, kind, key } = record;
    if (!kind || !fieldsOf(kind) || this.analysis.isResult(record)) return false;
    if (op === "load" ? key !== null : op !== "allocate") return false;
    return this.analysis.usersOf(record).every((user) => {
      if (user.op === "load") return user.type === "number";
      if (user.op === "push" || user.op === "store") return user.key === null && user.args.at(-1) === record;
      return user.op === "allocate" && user.allocation.type === "literal" && !user.allocation.keys;
    });
  }
  /** A list that is made here of its elements, and only gets more or other ones and is asked for them. */
  private isPlainList(list: Value): boolean {
    const { op, kind } = list;
    if (op !== "allocate" || list.allocation.type !== "literal" || this.analysis.isResult(list)) return false;
    return (
      kind?.type === "list" &&
      this.analysis
        .usersOf(list)
        .every((user) => ["load", "length", "push", "store"].includes(user.op) && user.args[0] === list)
    );
  }
  private isRecord(value: Value): boolean {
    return value.type === "pointer" && this.keys.has(this.analysis.memoryOf(value));
  }
  /** The members of the records in a list. */
  private keysIn(list: Value): readonly string[] {
    const memory = this.analysis.memoryOf(list).members.get(elements) as Memory;
    return this.keys.get(memory.find()) as readonly string[];
  }

  // ---- numbers in their place ----

  write(): void {
    // records stand before what reads them
    for (const value of this.values) {
      const { op, args } = value;
      const first = args[0];
      if (this.lists.has(value)) this.writeList(value);
      else if (op === "allocate" && this.isRecord(value)) {
        const { keys } = value.allocation as { keys: string[] };
        this.parts.set(value, new Map(keys.map((key, k) => [key, args[k]])));
        this.put(value, []);
      } else if (op === "load" && this.isRecord(value)) this.writeElement(value);
      else if (op === "load" && this.isRecord(first)) {
        const part = this.part(first, value.key as string);
        // what reads the member, and not what reads the record, is quoted
        if (part.op === "load") part.statement = value.statement;
        this.replaced.set(value, part);
        this.put(value, []);
      } else if (this.lists.has(first) && (op === "push" || op === "store")) this.writeStore(value);
      else if (this.lists.has(first)) value.args = [this.part(first, this.keysIn(first)[0])];
    }
  }
  private part(whole: Value, key: string): Value {
    return this.parts.get(whole)?.get(key) as Value;
  }
  private writeList(list: Value): void {
    const columns = this.keysIn(list).map((key): [string, Value] => {
      const items = list.args.map((record) => this.part(record, key));
      const column = this.make("allocate", "pointer", items, list);
      column.allocation = { type: "literal", keys: null };
      column.kind = { ...(list.kind as Kind & { type: "list" }), of: numberKind };
      column.name = list.name === null ? null : `${list.name}_${key}`;
      return [key, column];
    });
    this.parts.set(list, new Map(columns));
    this.put(
      list,
      columns.map(([, column]) => column),
    );
  }
  private writeStore(store: Value): void {
    const [list, ...rest] = store.args;
    const record = rest.pop() as Value;
    const stores = this.keysIn(list).map((key) =>
      this.make(store.op, "number", [this.part(list, key), ...rest, this.part(record, key)], store),
    );
    this.put(store, stores);
  }
  private writeElement(record: Value): void {
    const [list, index] = record.args;
    const loads = this.keysIn(list).map((key): [string, Value] => {
      const load = this.make("load", "number", [this.part(list, key), index], record);
      load.kind = numberKind;
      load.name = record.name === null ? null : `${record.name}_${key}`;
      return [key, load];
    });
    this.parts.set(record, new Map(loads));
    this.put(record, [
      ...loads.map(([, load]) => load),
      ...(this.isRead(record) && !this.isWithin(index, list) ? this.refusal(loads[0][1], record) : []),
    ]);
  }
  /** A member of a record that is not there is an error: the tape says so. */
  private refusal(load: Value, at: Value): Value[] {
    const missing = this.make("passive", "boolean", [load], at);
    missing.write = (x) => `${x} === undefined`;
    const { branch, bail } = makeBail(missing, true);
    bail.key = this.analysis.usersOf(at).find(({ op }) => op === "load")?.key ?? null;
    return [missing, branch];
  }
  private make(op: Value["op"], type: Value["type"], args: Value[], at: Value): Value {
    return makeValue(op, type, args, at.region, at.statement);
  }
  private put(value: Value, made: Value[]): void {
    const { values } = value.region;
    values.splice(values.indexOf(value), 1, ...made);
  }

  private isRead(record: Value): boolean {
    return this.analysis.usersOf(record).some((user) => user.op === "load");
  }
  /** Whether an index surely is one of a list that is only appended to, so that it has no holes: it counts to its length. */
  private isWithin(index: Value, list: Value): boolean {
    if (this.analysis.usersOf(list).some(({ op }) => op === "store")) return false;
    const columns = this.parts.get(list)?.values() ?? [];
    return [list, ...columns].some((column) => isWithin(column, index));
  }
}
