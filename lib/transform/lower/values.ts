/**
 * Things as numbers, conditions and memory; inputs; members.
 *
 * What: how a thing becomes a value where one is needed, how members and elements are read and written, and what
 * arguments and free variables are. A group becomes memory (`materialise`) where it goes into memory; it is a copy then,
 * which is the same thing as long as neither is written to afterwards, and `frozen` sees to that.
 */
import { types } from "node:util";
import type { Place } from "../../source/positions.ts";
import type { Node } from "../../source/syntax.ts";
import { type Input, Value } from "../ir.ts";
import {
  common,
  describeKind,
  hasLengthsOf,
  type Kind,
  kindOf,
  loose,
  numberKind,
  sameKind,
} from "../kinds.ts";
import { withOffset } from "../offsets.ts";
import { Refusal } from "../refusal.ts";
import { kindOfValue } from "./builder.ts";
import { Flow, Restart } from "./flow.ts";
import {
  type Cell,
  Closure,
  type Frame,
  Group,
  type Holder,
  Host,
  isIndex,
  nothing,
  Optional,
  type Thing,
  Unknown,
} from "./things.ts";

/** A list kind made here, whose elements are found out as it is filled. */
export interface LocalList {
  readonly type: "list";
  readonly of: Kind;
  readonly floats: boolean;
  readonly place: string;
}

/** What has to hold of a free variable for the program to be used: it is this value, or a function of this place. */
export interface Assumption {
  readonly holder: number;
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
  readonly functionHolder: Holder | null;
}

/** Loops of at most so many iterations may be written out. */
export const mostUnrolled = 8;

export abstract class Values extends Flow {
  readonly inputs: Value[] = [];
  readonly assumptions: Assumption[] = [];
  frame!: Frame;
  /** Numbers that are used as indices, places or lengths: the tape refuses traced ones. */
  protected readonly indices = new Map<Value, { use: string; place: () => Place }>();
  protected usedAsPlace(value: Value, use: "an index" | "a length", node: Node): Value {
    let start = value;
    while (start.op === "index") start = start.loop.counted?.start as Value;
    const at = node.type === "MemberExpression" && node.computed ? node.property : node;
    const { site } = this.frame.holder;
    if (start.op !== "const" && start.op !== "length" && !this.indices.has(start))
      this.indices.set(start, { use, place: () => site.place(at.start) });
    return value;
  }
  /** Loops around, innermost last. */
  protected loops: { place: string; index: Value | null; trips: number | null }[] = [];

  protected refuse(node: Node | null, construct: string, wayOut: string): never {
    throw new Refusal(construct, wayOut, node ? this.frame.holder.site.place(node.start) : null);
  }
  protected place(node: Node): string {
    return `${this.frame.path}${this.frame.holder.index}:${node.start}`;
  }

  // ---- inputs ----

  protected input(input: Input): Value {
    const key = JSON.stringify([input.root, input.path]);
    const known = this.inputs.find((v) => JSON.stringify([v.input.root, v.input.path]) === key);
    if (known) return known;
    const value = this.inside(this.main, () => this.inputValue(input));
    // what is tried and taken back does not take inputs back: they come to the front in the end
    this.main.values.pop();
    value.name =
      [input.root.type === "free" ? input.root.name : null, ...input.path]
        .filter((p) => typeof p === "string")
        .join("_") || null;
    value.statement = null;
    this.inputs.push(value);
    return value;
  }
  /** An argument: groups for records and tuples, unless they are written to or indexed. */
  protected argument(
    position: number,
    kind: Kind,
    name: string,
    path: readonly (string | number)[] = [],
  ): Thing {
    const origin = `argument ${position} ${path.join(".")}`;
    if (kind.type === "constant") return constantThing(kind.value);
    if ((kind.type === "record" || kind.type === "tuple") && !this.facts.real.has(origin)) {
      const keys = kind.type === "record" ? kind.keys : kind.items.map((_, k) => String(k));
      const cells = keys.map((key, k) =>
        this.newCell(
          key,
          this.argument(position, kind.items[k], `${name}_${key}`, [
            ...path,
            kind.type === "tuple" ? k : key,
          ]),
        ),
      );
      const group = new Group([origin], kind.type === "record" ? keys : null, cells);
      group.frozen = true;
      return group;
    }
    if (kind.type === "list" && kind.of.type === "number" && kind.length && !this.facts.real.has(origin)) {
      this.usesLengths = true;
      const cells = Array.from({ length: kind.length }, (_, k) =>
        this.newCell(String(k), this.argument(position, numberKind, `${name}${k}`, [...path, k])),
      );
      const group = new Group([origin], null, cells, kind.floats);
      group.frozen = group.whole = true;
      return group;
    }
    const value = this.input({ root: { type: "argument", position }, path, kind });
    value.name = name;
    return value;
  }
  /** Whether the program is for lists of the lengths that their kinds say. */
  usesLengths = false;
  /** Whether it asks records in lists for all their members, or for one that they lack. */
  protected usesKeys = false;
  /** The length of a short list in memory, for code that is written out for each element. */
  protected shortLength(list: Thing): number | null {
    if (!(list instanceof Value) || list.kind?.type !== "list" || list.kind.length === undefined) return null;
    this.usesLengths = true;
    return list.kind.length;
  }
  /** Lengths contradict each other: begin again without them. */
  protected withoutLengths(): never {
    this.facts.lengths = false;
    throw new Restart();
  }
  /** A free variable, or a member of a record in one. */
  protected free(holder: Holder, name: string, path: string[], node: Node): Thing {
    let value: unknown;
    try {
      value = holder.f.read(name);
      for (const key of path) {
        if (types.isProxy(value))
          this.refuse(node, `${name} is a proxy`, "pass what is needed of it as numbers and lists");
        value = this.dataMember(value as object, key, node);
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      this.refuse(node, `${name} is read before it is assigned`, "assign it first");
    }
    if (holder.site.writes.includes(name) && path.length === 0)
      this.refuse(
        node,
        `the variable ${name} outside of the function is assigned to by it`,
        "return the value instead, or leave it to the tape",
      );
    const assume = (functionHolder: Holder | null) =>
      void this.assumptions.push({ holder: holder.index, name, path, value, functionHolder });
    const root = { type: "free", holder: holder.index, name } as const;
    if (typeof value === "number" || typeof value === "boolean")
      return this.input({ root, path, kind: { type: typeof value as "number" | "boolean" } });
    if (typeof value === "function") {
      const known = this.holderOf(value);
      assume(known);
      return known ? this.closureOf(known, value.name) : new Host(value);
    }
    if (typeof value !== "object" || value === null) {
      assume(null);
      return new Host(value);
    }
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const sized = kindOf(value);
      const kind = typeof sized === "string" || this.facts.lengths ? sized : loose(sized);
      if (typeof kind === "string")
        this.refuse(node, `${name} holds ${kind}`, "pass what is needed of it as numbers and lists");
      if (kind.type === "list" || kind.type === "integers") return this.input({ root, path, kind });
    }
    return new Host(value, { holder: holder.index, name, path });
  }
  protected abstract holderOf(f: unknown): Holder | null;
  protected abstract closureOf(holder: Holder, name: string): Closure;
  protected abstract holder(index: number): Holder;

  private dataMember(object: object, key: string, node: Node): unknown {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor?.get)
      this.refuse(node, `the member ${key} is computed by a getter`, "read it before, and use the number");
    if (!descriptor && key in Object(object))
      this.refuse(node, `the member ${key} is inherited`, "use members of its own");
    return descriptor?.value;
  }

  // ---- things as values ----

  protected known(thing: Thing, node: Node): Thing {
    if (thing instanceof Unknown) this.refuse(node, thing.reason, thing.wayOut);
    return thing;
  }
  protected number(thing: Thing, node: Node): Value {
    if (thing instanceof Value) {
      if (thing.type === "number") return thing;
      if (thing.type === "boolean") return this.select(thing, this.constant(1), this.constant(0));
    }
    if (thing instanceof Host) {
      if (typeof thing.value === "number") return this.constant(thing.value);
      if (thing.value === undefined) {
        const value = this.constant(Number.NaN);
        value.maybe = true;
        return value;
      }
      if (thing.value === null) return this.constant(0);
    }
    if (thing instanceof Optional) {
      if (thing.absent === undefined) thing.value.maybe = true;
      return thing.value;
    }
    this.known(thing, node);
    this.refuse(node, `${this.describe(thing)} is used as a number`, "compute with numbers");
  }
  protected condition(thing: Thing, node: Node): Value {
    this.known(thing, node);
    if (thing instanceof Host) return this.constant(Boolean(thing.value));
    if (thing instanceof Optional) return this.condition(thing.value, node);
    if (!(thing instanceof Value) || thing.type === "pointer") return this.constant(true);
    if (thing.type === "boolean") return thing;
    if (thing.op === "const") return this.constant(Boolean(thing.constant));
    return this.passive("boolean", [thing], (x) => `!!${/^[\w$.[\]]+$/.test(x) ? x : `(${x})`}`);
  }
  protected describe(thing: Thing): string {
    if (thing instanceof Group) return thing.keys ? "a record" : "a list";
    if (thing instanceof Optional) return `a number or ${thing.absent}`;
    if (thing instanceof Closure) return `the function ${thing.name || "here"}`;
    if (thing instanceof Host) {
      const { value } = thing;
      if (typeof value === "string") return "a text";
      // not even its class is asked for: that would run a trap
      if (types.isProxy(value)) return "a proxy";
      if (typeof value === "function") return `the function ${value.name}`;
      return typeof value === "object" && value !== null
        ? `an object of ${value.constructor?.name ?? "no class"}`
        : String(value);
    }
    if (thing instanceof Value)
      return thing.type === "pointer" ? describeKind(thing.kind as Kind) : `a ${thing.type}`;
    return "something unknown";
  }
  protected kindOfThing(thing: Thing, node: Node): Kind {
    if (thing instanceof Value) return kindOfValue(thing);
    if (thing instanceof Group) {
      const items = thing.cells.map((cell) => this.kindOfThing(this.get(cell), node));
      if (thing.keys) return { type: "record", keys: thing.keys, items };
      if (items.length === 0) return { type: "list", of: numberKind, floats: thing.floats };
      return items.every((kind) => sameKind(kind, items[0]))
        ? { type: "list", of: items.reduce(common), floats: thing.floats }
        : { type: "tuple", items };
    }
    this.known(thing, node);
    this.refuse(
      node,
      `${this.describe(thing)} is put into a list or record`,
      "keep numbers, lists and records of numbers there",
    );
  }
  /** Memory that groups have become. */
  protected readonly copies: { copy: Value; origins: readonly string[] }[] = [];
  /** A thing as one value: a group becomes memory of its own. */
  protected value(thing: Thing, node: Node): Value {
    if (thing instanceof Value) return thing;
    if (thing instanceof Host && typeof thing.value === "number") return this.constant(thing.value);
    if (thing instanceof Group) {
      if (this.facts.identity && thing.origins.some((origin) => !this.facts.real.has(origin)))
        this.makeReal(thing.origins);
      const kind = this.kindOfThing(thing, node);
      const items = thing.cells.map((cell) => this.value(this.get(cell), node));
      thing.frozen = true;
      const copy = this.allocate({ type: "literal", keys: thing.keys ? [...thing.keys] : null }, kind, items);
      this.copies.push({ copy, origins: thing.origins });
      return copy;
    }
    this.kindOfThing(thing, node);
    throw new Error("internal: a thing without a value");
  }

  /** Pointers of which members have been read for a group, which stays right as long as nobody writes to that memory. */
  protected readonly aparts: { pointer: Value; origin: string }[] = [];
  protected takenApart(pointer: Value, origin: string): Group {
    const kind = pointer.kind as Kind;
    const keys = kind.type === "record" ? kind.keys : null;
    if (kind.type === "list") this.usesLengths = true;
    const count =
      "items" in kind ? kind.items.length : ((kind as LocalList & { length: number }).length as number);
    const cells = Array.from({ length: count }, (_, k) => {
      const key = keys ? keys[k] : String(k);
      const item = this.read(pointer, key, this.statement as Node);
      // the kind says that it is there
      if (item instanceof Value) item.maybe = false;
      return this.newCell(key, item);
    });
    const group = new Group([origin], keys, cells, kind.type === "list" && kind.floats);
    group.frozen = true;
    this.aparts.push({ pointer, origin });
    return group;
  }

  // ---- members ----

  /** Where it is asked which members of groups are read. */
  protected cellsRead: Set<Cell> | null = null;
  /** What stands at a key that is known, or an index. */
  protected read(object: Thing, key: string | Value, node: Node): Thing {
    this.known(object, node);
    if (key instanceof Value && key.op === "const") key = String(key.constant);
    if (key instanceof Value) this.usedAsPlace(key, "an index", node);
    if (object instanceof Group) {
      if (typeof key !== "string") this.dynamic(object, key);
      if (key === "length" && !object.keys) return this.constant(object.cells.length);
      const cell = object.cell(key);
      if (cell) {
        this.cellsRead?.add(cell);
        return this.get(cell);
      }
      this.expectAbsent(object.keys === null, key, node);
      // an argument may have a member of such a name
      if (!object.keys && !isIndex(key) && object.origins.some((origin) => origin.startsWith("argument")))
        this.makeReal(object.origins);
      return nothing;
    }
    if (object instanceof Host) {
      if (typeof key !== "string")
        this.refuse(node, `${this.describe(object)} is indexed`, "use lists of numbers");
      return this.readHost(object, key, node);
    }
    if (!(object instanceof Value) || object.type !== "pointer")
      this.refuse(
        node,
        object instanceof Value && object.op === "load" && object.key === null
          ? "a member is read of an element of a list that holds numbers or nothing"
          : `a member of ${this.describe(object)} is read`,
        "use lists and records of numbers, and leave trees to the tape",
      );
    const kind = object.kind as Kind;
    if (kind.type === "record") {
      const k = typeof key === "string" ? kind.keys.indexOf(key) : -1;
      if (typeof key !== "string")
        this.refuse(node, "a member of a record is chosen by a number", "use a list");
      if (k < 0) {
        this.expectAbsent(false, key, node);
        this.usesKeys = true;
        return nothing;
      }
      return this.loaded(object, key, null, kind.items[k]);
    }
    if (key === "length") {
      if (kind.type === "tuple") return this.constant(kind.items.length);
      const length = this.length(object);
      const { cell = null } = this.growing.get(object) ?? {};
      if (cell) this.lengths.set(length, this.state.get(cell));
      return length;
    }
    if (typeof key === "string" && !isIndex(key))
      this.refuse(node, `the member ${key} of a list is read`, "use indices, length and the usual methods");
    const index = typeof key === "string" ? this.constant(Number(key)) : key;
    const last = this.lastOf(object, index);
    if (last) return last;
    if (kind.type === "tuple") {
      const item =
        typeof key === "string"
          ? kind.items[Number(key)]
          : kind.items.every((k) => sameKind(k, kind.items[0]))
            ? kind.items.reduce(common)
            : null;
      if (item === null)
        this.refuse(
          node,
          "an element of a list of different kinds is chosen by a variable",
          "use elements of one kind",
        );
      return item ? this.loaded(object, null, index, item) : nothing;
    }
    if (kind.type === "integers") {
      const value = this.loaded(object, null, index, numberKind) as Value;
      value.whole = true;
      return value;
    }
    return this.loaded(object, null, index, (kind as Kind & { type: "list" }).of);
  }
  /** Refuses a key that is no member of a list or record, but may be one that is inherited, or a list's own. */
  private expectAbsent(isList: boolean, key: string, node: Node): void {
    if (isList ? String(Number(key)) !== key : key in Object.prototype)
      this.refuse(
        node,
        `the member ${key} of a ${isList ? "list" : "record"} is read`,
        isList ? "use indices, length and the usual methods" : "use members of its own",
      );
  }
  private loaded(object: Value, key: string | null, index: Value | null, kind: Kind): Thing {
    if (kind.type === "constant") return constantThing(kind.value);
    const value = this.load(object, key, index, kind);
    value.maybe = key === null && kind.type === "number";
    return value;
  }
  private readHost({ value, free }: Host, key: string, node: Node): Thing {
    if (value === Math || value === Number) {
      const member = (value as unknown as Record<string, unknown>)[key];
      return typeof member === "number" ? this.constant(member) : new Host(member);
    }
    if (free) {
      if (key === "length" && Array.isArray(value)) return this.constant(value.length);
      return this.free(this.holder(free.holder), free.name, [...free.path, key], node);
    }
    if (typeof value === "string" && key === "length") return this.constant(value.length);
    if (typeof value === "function" || (typeof value === "object" && value !== null)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor && "value" in descriptor && typeof descriptor.value === "function")
        return new Host(descriptor.value);
    }
    this.refuse(
      node,
      `the member ${key} of ${this.describe(new Host(value))} is read`,
      "use lists and records of numbers",
    );
  }

  /** An index that is not known: write out the loops that it depends on, or make the group memory. */
  private dynamic(group: Group, index: Value): never {
    const seen = new Set<Value>();
    const depends = (value: Value, on: Value): boolean => {
      if (value === on) return true;
      if (seen.has(value)) return false;
      seen.add(value);
      return value.args.some((a) => depends(a, on));
    };
    if (group.whole) this.makeReal(group.origins);
    let found = false;
    for (const { place, index: counter, trips } of this.loops) {
      seen.clear();
      if (
        counter &&
        trips !== null &&
        trips <= mostUnrolled &&
        depends(index, counter) &&
        !this.facts.unroll.has(place)
      ) {
        this.facts.unroll.add(place);
        found = true;
      }
    }
    if (found) throw new Restart();
    this.makeReal(group.origins);
  }

  protected write(object: Thing, key: string | Value, item: Thing, node: Node): void {
    this.known(object, node);
    if (key instanceof Value && key.op === "const") key = String(key.constant);
    if (key instanceof Value) this.usedAsPlace(key, "an index", node);
    if (object instanceof Group) {
      if (object.frozen) this.makeReal(object.origins);
      if (typeof key !== "string") this.dynamic(object, key);
      const cell = object.cell(key);
      if (!cell) this.makeReal(object.origins);
      if (object.floats && !(item instanceof Value && item.type === "number")) item = this.number(item, node);
      this.set(cell, item);
      return;
    }
    if (!(object instanceof Value) || object.type !== "pointer")
      this.refuse(
        node,
        `a member of ${this.describe(object)} is written to`,
        "write to lists and records of the function's own, or return the values",
      );
    if (object.op === "input" && object.input.root.type === "free")
      this.refuse(
        node,
        `${object.name} outside of the function is written to`,
        "write to a copy, or leave it to the tape",
      );
    const kind = object.kind as Kind;
    if (kind.type === "list" && typeof key === "string" && !isIndex(key))
      this.refuse(node, `the member ${key} of a list is written to`, "use indices and push");
    if (kind.type === "integers")
      this.refuse(node, `an ${kind.of} is written to`, "write to a list of numbers");
    const expected = this.memberKind(kind, key);
    if (expected === null)
      this.refuse(
        node,
        "a member is added to a record",
        "give the record all of its members where it is made",
      );
    const isFloats = kind.type === "list" && kind.floats;
    const value = isFloats ? this.number(item, node) : this.element(item, expected, node);
    this.expectKind(kind, expected, kindOfValue(value), node);
    if (kind.type === "record") this.store(object, key as string, null, value);
    else this.store(object, null, typeof key === "string" ? this.constant(Number(key)) : key, value);
  }
  protected element(item: Thing, expected: Kind, node: Node): Value {
    // null in a list is no zero
    if (item instanceof Host && item.value === null) this.kindOfThing(item, node);
    return expected.type === "number" && item instanceof Host
      ? this.number(item, node)
      : this.value(item, node);
  }
  private memberKind(kind: Kind, key: string | Value): Kind | null {
    if (kind.type === "list") return kind.of;
    if (kind.type === "record")
      return typeof key === "string" ? (kind.items[kind.keys.indexOf(key)] ?? null) : null;
    if (kind.type === "tuple")
      return typeof key === "string" ? (kind.items[Number(key)] ?? null) : kind.items[0];
    return null;
  }
  /** Elements of a list made here are what is put there; the first try may have guessed otherwise. */
  private expectKind(list: Kind, expected: Kind, found: Kind, node: Node): void {
    const { place } = list as Partial<LocalList>;
    if (sameKind(expected, found)) {
      if (hasLengthsOf(found, expected)) return;
      if (place === undefined) this.withoutLengths();
      this.facts.elements.set(place, loose(expected));
      throw new Restart();
    }
    if (place !== undefined && !this.facts.elements.has(place)) {
      this.facts.elements.set(place, found);
      throw new Restart();
    }
    this.refuse(
      node,
      `${describeKind(found)} is put where ${describeKind(expected)} stands`,
      "keep one kind of value in a list",
    );
  }
  /** Appends to a list. */
  protected append(list: Value, item: Thing, node: Node): void {
    const kind = list.kind as Kind;
    if (list.op === "input")
      this.refuse(node, "an argument is made longer", "append to a list of the function's own");
    if (kind.type === "list" && kind.length !== undefined) this.withoutLengths();
    const { place } = kind as Partial<LocalList>;
    if (
      list.op === "allocate" &&
      list.allocation.type !== "literal" &&
      place &&
      !this.facts.grown.has(place)
    ) {
      this.facts.grown.add(place);
      throw new Restart();
    }
    if (kind.type !== "list" || kind.floats)
      this.refuse(node, `push on ${describeKind(kind)}`, "use number[]");
    const value = this.element(item, kind.of, node);
    this.expectKind(kind, kind.of, kindOfValue(value), node);
    this.push(list, value);
    const { cell = null } = this.growing.get(list) ?? {};
    if (cell && this.state.has(cell)) this.set(cell, item instanceof Group ? item : value);
  }

  // ---- the last element of a list that grows ----

  /** Lists of f's own that are made of their elements, with a variable for the last one where that is asked for. */
  protected readonly growing = new Map<Value, { origin: string; cell: Cell | null }>();
  /** What was last when a length was asked for. */
  private readonly lengths = new Map<Value, Thing | undefined>();
  private grows(list: Value, items: readonly Thing[], node: Node): Value {
    const origin = `last ${this.place(node)}`;
    const isTracked = this.facts.apart.has(origin) && !this.facts.real.has(origin);
    const last = items.at(-1) ?? new Unknown("the last element of a list that is empty");
    this.growing.set(list, { origin, cell: isTracked ? this.newCell("last", last) : null });
    return list;
  }
  /** What stands at an index, where that is the end of a list to which nothing but appending happens (`checkCopies`). */
  private lastOf(list: Value, index: Value): Thing | null {
    const [length, offset] = withOffset(index);
    const entry = this.growing.get(list);
    if (!entry || length.op !== "length" || length.args[0] !== list || offset !== -1) return null;
    const { origin, cell } = entry;
    if (this.facts.real.has(origin)) return null;
    if (!cell) {
      this.facts.apart.add(origin);
      throw new Restart();
    }
    const last = this.state.get(cell);
    return (last instanceof Group || last instanceof Value) && this.lengths.get(length) === last
      ? last
      : null;
  }
  /** The kind of a list that is made at a node, whose elements are not known yet. */
  protected localList(node: Node, of: Kind = numberKind): LocalList {
    const place = this.place(node);
    return { type: "list", of: this.facts.elements.get(place) ?? of, floats: false, place };
  }
  /** A list of known elements: a group, or memory where that has been found necessary. */
  protected listOf(items: Thing[], node: Node, floats = false): Thing {
    const place = this.place(node);
    const cells = items.map((item, k) => this.newCell(String(k), item));
    const group = new Group([place], null, cells, floats);
    if (!this.facts.real.has(place)) return group;
    const value =
      items.length === 0
        ? this.allocate({ type: "literal", keys: null }, this.localList(node), [])
        : this.value(group, node);
    const kind = value.kind as Kind;
    if (kind.type === "list" && !floats && kind.of.type === "number") value.kind = this.localList(node);
    return this.grows(value, items, node);
  }
  protected recordOf(keys: string[], items: Thing[], node: Node): Thing {
    const place = this.place(node);
    // JavaScript puts whole numbers first
    const order = [
      ...keys.filter(isIndex).sort((a, b) => Number(a) - Number(b)),
      ...keys.filter((key) => !isIndex(key)),
    ];
    const group = new Group(
      [place],
      order,
      order.map((key) => this.newCell(key, items[keys.indexOf(key)])),
    );
    return this.facts.real.has(place) ? this.value(group, node) : group;
  }
  /** The number of elements. */
  protected lengthOf(list: Thing, node: Node): Value {
    return this.number(this.read(list, "length", node), node);
  }
  protected isList(thing: Thing): boolean {
    if (thing instanceof Group) return thing.keys === null;
    return thing instanceof Value && thing.type === "pointer" && (thing.kind as Kind).type !== "record";
  }
}

/** What a program is made for; ahead of time, some of it is not known. */
function constantThing(value: unknown): Thing {
  return value instanceof Unknown ? value : new Host(value);
}
