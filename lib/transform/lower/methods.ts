/**
 * Methods of lists, lowered to loops.
 *
 * What: one entry for each method that a program supports. A callback is written out in the loop's body.
 */
import { table } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { allValues, regionsOf, Value } from "../ir.ts";
import { floatsKind, type Kind, numberKind } from "../kinds.ts";
import { Calls } from "./calls.ts";
import { type Cell, Group, Host, nothing, type Thing } from "./things.ts";
import { mostUnrolled } from "./values.ts";

/** Methods that leave holes out. */
const skippingHoles: ReadonlySet<string> = new Set(
  "forEach map filter reduce reduceRight some every flatMap flat indexOf lastIndexOf".split(" "),
);

export abstract class Methods extends Calls {
  private readonly table: Record<string, (list: Thing, args: Node[], node: Node) => Thing> = {
    map: (list, [f], node) => {
      this.keepLoop(list, f);
      return this.mapped(list, this.callback(f, 3), node, isFloats(list), isBrief(f));
    },
    forEach: (list, [f], node) => {
      this.keepLoop(list, f);
      const run = this.callback(f, 3);
      this.eachOf(list, node, (item, index) => void run(item, index, list), isBrief(f));
      return nothing;
    },
    reduce: (list, [f, initial], node) => this.reduced(list, f, initial, node, false),
    reduceRight: (list, [f, initial], node) => this.reduced(list, f, initial, node, true),
    filter: (list, [f], node) => {
      const run = this.callback(f, 3);
      const kept = this.allocate(
        { type: "literal", keys: null },
        this.localList(node, this.elementKind(list, node)),
        [],
      );
      this.eachOf(list, node, (item, index) => {
        this.branch(
          this.condition(run(item, index, list), node),
          () => this.append(kept, item, node),
          () => {},
        );
      });
      return isFloats(list) ? this.newFloats([kept], node) : kept;
    },
    some: (list, [f], node) =>
      this.search(list, this.callback(f, 3), node, true, () => this.constant(true), this.constant(false)),
    every: (list, [f], node) =>
      this.search(list, this.callback(f, 3), node, false, () => this.constant(false), this.constant(true)),
    findIndex: (list, [f], node) => this.index(list, this.callback(f, 3), node),
    find: (list, [f], node) => {
      if (list instanceof Group) this.makeReal(list.origins);
      const from = this.region.values.length;
      const index = this.index(list, this.callback(f, 3), node) as Value;
      const writes = this.region.values
        .slice(from)
        .flatMap((v) => regionsOf(v).flatMap((region) => allValues(region)))
        .some((v) => v.op === "store" || v.op === "push");
      // the element is what it was before its callback
      if (writes) this.refuse(node, "a callback of find that writes", "write it as a loop");
      return this.read(list, index, node);
    },
    indexOf: (list, [item, from], node) => {
      if (from) this.refuse(node, "indexOf from a place", "write it as a loop");
      return this.index(list, this.isEqual(this.numberOf(item), node), node);
    },
    includes: (list, [item, from], node) => {
      if (from) this.refuse(node, "includes from a place", "write it as a loop");
      const wanted = this.numberOf(item);
      const [equal, nan] = [this.isEqual(wanted, node), this.isNaN(wanted)];
      // NaN is in a list that has one
      const is = (x: Thing) =>
        this.both("or", equal(x), this.both("and", nan, this.isNaN(this.number(x, node))));
      return this.search(list, is, node, true, () => this.constant(true), this.constant(false));
    },
    slice: (list, [from, to], node) =>
      this.copyOf(list, from ? this.numberOf(from) : null, to ? this.numberOf(to) : null, node),
    concat: (list, others, node) => {
      if (isFloats(list)) return this.refuse(node, "concat of a Float64Array", "spread it into a list");
      const all = this.allocate(
        { type: "literal", keys: null },
        this.localList(node, this.elementKind(list, node)),
        [],
      );
      const add = (part: Thing): void => {
        if (isTyped(part)) this.refuse(node, "a typed array as an element", "spread it into a list");
        if (this.isList(part)) this.eachOf(part, node, (item) => this.append(all, item, node));
        else this.append(all, part, node);
      };
      const parts = others.map((o): [Thing, boolean] => {
        const isSpread = o.type === "SpreadElement";
        return [this.expression(isSpread ? o.argument : o), isSpread];
      });
      add(list);
      for (const [part, isSpread] of parts)
        if (isSpread) this.eachOf(part, node, add);
        else add(part);
      return all;
    },
    flat: (list, [depth], node) => {
      if (depth) this.refuse(node, "flat of more than one level", "call it once for each level");
      return this.joined(list, (row) => row, node);
    },
    flatMap: (list, [f], node) => this.joined(list, this.callback(f, 3), node),
    push: (list, items, node) => {
      if (list instanceof Group) this.makeReal(list.origins);
      // what is spread may be the list itself: a copy of it is appended
      const given = items.map((item): [Thing, boolean] => {
        const isSpread = item.type === "SpreadElement";
        return [this.expression(isSpread ? copyOf(item) : item), isSpread];
      });
      for (const [item, isSpread] of given)
        if (isSpread) this.eachOf(item, node, (element) => this.append(list as Value, element, node));
        else this.append(list as Value, item, node);
      return this.lengthOf(list, node);
    },
    fill: (list, [item, from, to], node) => {
      const thing = this.expression(item);
      const value = isFloats(list)
        ? this.number(thing, node)
        : this.number(this.element(thing, numberKind, node), node);
      const n = this.lengthOf(list, node);
      if (list instanceof Group && !from) {
        for (let k = 0; k < list.cells.length; k++) this.write(list, String(k), value, node);
        return list;
      }
      const made = list as Value;
      const { values } = this.region;
      // `new Array(n).fill(c)` is one allocation
      const fresh =
        made.op === "allocate" && made.allocation.type === "filled" && !from && value.op === "const";
      if (
        fresh &&
        values.slice(values.indexOf(made) + 1).every((v) => v.op === "const" || v.op === "length") &&
        values.includes(made)
      ) {
        const at = values.indexOf(value);
        // a constant from further out stands before it anyway
        if (at > values.indexOf(made)) {
          values.splice(at, 1);
          values.splice(values.indexOf(made), 0, value);
        }
        made.args[1] = value;
        return list;
      }
      const start = from ? this.position(this.numberOf(from), n, node) : this.constant(0);
      const end = to ? this.position(this.numberOf(to), n, node) : n;
      this.count(node, start, end, (index) => this.write(list, index, value, node), "k");
      return list;
    },
    at: (list, [index], node) => {
      const k = this.numberOf(index);
      if (k.op === "const" && (k.constant as number) >= 0) return this.read(list, k, node);
      if (k.op === "const")
        return this.read(list, this.ruleValue(table.add, [this.lengthOf(list, node), k]), node);
      return this.refuse(node, "at with an index that is not known", "use an element");
    },
    reverse: (list, _args, node) => {
      const n = this.lengthOf(list, node);
      if (list instanceof Group) {
        const items = list.cells.map((cell) => this.get(cell)).reverse();
        items.forEach((item, k) => void this.write(list, String(k), item, node));
        return list;
      }
      const half = this.passive("number", [n], (x) => `(${x}) >> 1`, true);
      const last = this.ruleValue(table.sub, [n, this.constant(1)]);
      this.count(
        node,
        this.constant(0),
        half,
        (index) => {
          const other = this.ruleValue(table.sub, [last, index]);
          const [a, b] = [this.read(list, index, node), this.read(list, other, node)];
          this.write(list, index, b, node);
          this.write(list, other, a, node);
        },
        "k",
      );
      return list;
    },
    set: (list, [source, offset], node) => {
      if (!isFloats(list)) return this.refuse(node, "the method set of a list", "use Float64Array");
      const from = this.expression(source);
      const at = offset ? this.usedAsPlace(this.numberOf(offset), "an index", node) : this.constant(0);
      const end = this.ruleValue(table.add, [at, this.lengthOf(from, node)]);
      const fits = this.compare("le", end, this.lengthOf(list, node));
      this.branch(
        this.both("and", this.compare("ge", at, this.constant(0)), fits),
        () => {},
        () => void this.bail(),
      );
      this.eachOf(from, node, (item, index) =>
        this.write(list, this.ruleValue(table.add, [index, at]), this.number(item, node), node),
      );
      return nothing;
    },
    // an iterator reads an element when its turn comes: loops over entries are lowered as such (statements.ts)
    entries: (_list, _args, node) =>
      this.refuse(node, "entries outside of a loop's head", "loop over indices"),
    keys: (list, _args, node) => this.mapped(list, (_item, index) => index, node, false),
    values: (list) => list,
  };

  /** Lists that methods go over which leave holes out. */
  protected readonly walked = new Set<Value>();
  protected method(list: Thing, name: string, args: Node[], node: Node): Thing | null {
    if (args.some((a) => a.type === "SpreadElement") && name !== "push" && name !== "concat")
      this.refuse(node, `spread arguments of ${name}`, "pass them one by one");
    if (list instanceof Value && list.kind?.type === "integers" && !readOnly.has(name))
      this.refuse(node, `the method ${name} of an ${list.kind.of}`, "use a list of numbers, or a loop");
    if (list instanceof Value && skippingHoles.has(name)) this.walked.add(list);
    if (Object.hasOwn(this.table, name)) return this.table[name](list, args, node);
    if (list instanceof Group && list.cell(name)) return null;
    return this.refuse(
      node,
      `the method ${name} of a list`,
      waysOut[name] ?? "write it as a loop, or leave it to the tape",
    );
  }

  /** An index counted from the end where it is negative. */
  private position(index: Value, n: Value, node: Node): Value {
    this.usedAsPlace(index, "an index", node);
    if (index.op === "const" && (index.constant as number) >= 0)
      return index.constant === 0
        ? index
        : this.passive("number", [index, n], (k, length) => `Math.min(${k}, ${length})`, true);
    const counted = index.op === "index" ? index.loop.counted : null;
    const forward = counted && counted.step > 0 && counted.start.op === "const" && !counted.start.constant;
    if (forward && counted.comparison === "lt" && counted.bound === n) return index;
    if (index.op === "length" || forward)
      return this.passive("number", [index, n], (k, length) => `Math.min(${k}, ${length})`, true);
    return this.passive(
      "number",
      [index, n],
      (k, length) => `(${k}) < 0 ? Math.max(0, (${length}) + (${k})) : Math.min(${k}, ${length})`,
      true,
    );
  }

  /** A loop over an argument stays one if there is much in it. */
  private keepLoop(list: Thing, f: Node): void {
    if (list instanceof Group && list.whole && !isBrief(f)) this.makeReal(list.origins);
  }

  protected mapped(
    list: Thing,
    run: (...args: Thing[]) => Thing,
    node: Node,
    floats: boolean,
    writtenOut = true,
  ): Thing {
    const place = this.place(node);
    if (list instanceof Group && !this.facts.real.has(place)) {
      const items = list.cells.map((cell, k) => run(this.get(cell), this.constant(k), list));
      return this.listOf(floats ? items.map((item) => this.number(item, node)) : items, node, floats);
    }
    if (writtenOut && !this.facts.real.has(place) && this.shortLength(list) !== null) {
      const items: Thing[] = [];
      this.eachOf(list, node, (item, index) => items.push(run(item, index, list)), true);
      return this.listOf(floats ? items.map((item) => this.number(item, node)) : items, node, floats);
    }
    const n = this.lengthOf(list, node);
    const kind: Kind = floats ? floatsKind : this.localList(node);
    const pointers = !floats && ((kind as { of: Kind }).of.type !== "number" || this.facts.grown.has(place));
    const made = pointers
      ? this.allocate({ type: "literal", keys: null }, kind, [])
      : this.allocate({ type: "filled" }, kind, [n, this.constant(0)]);
    this.count(
      node,
      this.constant(0),
      n,
      (index) => {
        const result = run(this.read(list, index, node), index, list);
        if (pointers) this.append(made, result, node);
        else this.write(made, index, floats ? this.number(result, node) : result, node);
      },
      "k",
    );
    return made;
  }

  private reduced(list: Thing, f: Node, initial: Node | undefined, node: Node, right: boolean): Thing {
    const run = this.callback(f, 4);
    // what the call is given is evaluated before the first element is read
    const given = initial ? this.expression(initial) : undefined;
    this.keepLoop(list, f);
    const known = () => (isBrief(f) ? this.shortLength(list) : null);
    const short = list instanceof Group ? list.cells.length : known();
    if (short !== null) {
      const places = Array.from({ length: short }, (_, k) => k);
      if (right) places.reverse();
      const element = (k: number): Thing => this.read(list, String(k), node);
      const [begin] = initial ? [] : places.splice(0, 1);
      let sum = initial ? given : begin === undefined ? undefined : element(begin);
      if (sum === undefined)
        return this.refuse(node, "reduce of an empty list with no initial value", "give one");
      for (const k of places) sum = run(sum, element(k), this.constant(k), list);
      return sum;
    }
    const n = this.lengthOf(list, node);
    if (!initial) {
      const empty = this.compare("eq", n, this.constant(0));
      this.branch(
        empty,
        () => void this.bail(),
        () => {},
      );
    }
    const last = this.ruleValue(table.sub, [n, this.constant(1)]);
    const first = right ? last : this.constant(0);
    const sum = this.newCell("sum", given ?? this.read(list, first, node));
    const skip = initial ? 0 : 1;
    this.count(
      node,
      this.constant(skip),
      n,
      (k) => {
        const index = right ? this.ruleValue(table.sub, [last, k]) : k;
        this.set(sum, run(this.get(sum), this.read(list, index, node), index, list));
      },
      "k",
      // another one than a constant is named as the callback does, which is tried with it at first
      given instanceof Value && given.op === "const" ? [sum] : [],
    );
    const result = this.get(sum);
    this.state.delete(sum);
    return result;
  }

  /** The lists, and what is none, that come for each element, one after the other. */
  private joined(list: Thing, run: (...args: Thing[]) => Thing, node: Node): Thing {
    const all = this.allocate({ type: "literal", keys: null }, this.localList(node), []);
    this.eachOf(list, node, (item, index) => {
      const part = run(item, index, list);
      if (isTyped(part)) this.refuse(node, "a typed array as an element", "spread it into a list");
      if (this.isList(part)) this.eachOf(part, node, (x) => this.append(all, x, node));
      else this.append(all, part, node);
    });
    return all;
  }

  private isNaN(x: Value): Value {
    return this.passive("boolean", [x], (text) => `Number.isNaN(${text})`);
  }
  private isEqual(wanted: Value, node: Node): (item: Thing) => Value {
    return (item) => this.compare("eq", this.number(item, node), wanted);
  }
  private index(list: Thing, run: (...args: Thing[]) => Thing, node: Node): Thing {
    return this.search(list, run, node, true, (index) => index, this.constant(-1));
  }

  /** The first element that a callback answers so: what it gives, else `none`. */
  private search(
    list: Thing,
    run: (...args: Thing[]) => Thing,
    node: Node,
    answer: boolean,
    found: (index: Value) => Value,
    none: Value,
  ): Thing {
    const n = this.lengthOf(list, node);
    const k = this.newCell("k", this.constant(0));
    const on = this.newCell("on", this.constant(true));
    const result = this.newCell("found", none);
    this.loop(
      null,
      [k, on, result],
      () => this.both("and", this.get(on) as Value, this.compare("lt", this.get(k) as Value, n)),
      () => {
        const index = this.get(k) as Value;
        const item = this.read(list, index, node);
        const yes = this.condition(run(item, index, list), node);
        this.branch(
          answer ? yes : this.not(yes),
          () => {
            this.set(on, this.constant(false));
            this.set(result, found(index));
          },
          () => {},
        );
        this.set(k, this.ruleValue(table.add, [index, this.constant(1)]));
      },
    );
    const thing = this.get(result);
    for (const cell of [k, on, result]) this.state.delete(cell);
    return thing;
  }

  /** The elements from one place to another where there are few, and known to be there. */
  private shortPart(list: Value, from: Value | null, to: Value | null, node: Node): Thing[] | null {
    const { kind } = list;
    if (kind?.type !== "list" || !isPlace(from) || !isPlace(to)) return null;
    const first = (from?.constant ?? 0) as number;
    let end = to?.constant as number | undefined;
    if (kind.length !== undefined) end = Math.min(end ?? kind.length, this.shortLength(list) as number);
    if (end === undefined || end <= first || end - first > mostUnrolled) return null;
    if (kind.length === undefined) {
      if (kind.of.type !== "number") return null;
      const missing = this.compare("lt", this.lengthOf(list, node), this.constant(end));
      this.branch(
        missing,
        () => void this.bail(),
        () => {},
      );
    }
    return Array.from({ length: end - first }, (_, k) => this.read(list, String(first + k), node));
  }

  protected copyOf(
    list: Thing,
    from: Value | null,
    to: Value | null,
    node: Node,
    floats = isFloats(list),
  ): Thing {
    if (list instanceof Group) {
      const [a, b] = [from ?? this.constant(0), to];
      if (a.op === "const" && (b === null || b.op === "const")) {
        const cells = list.cells.slice(a.constant as number, b ? (b.constant as number) : undefined);
        return this.listOf(
          cells.map((cell: Cell) => this.get(cell)),
          node,
          floats,
        );
      }
      this.makeReal(list.origins);
    }
    const source = list as Value;
    const kind = source.kind as Kind;
    const part = this.facts.real.has(this.place(node)) ? null : this.shortPart(source, from, to, node);
    if (part) return this.listOf(part, node, kind.type === "list" && kind.floats);
    if (kind.type !== "list")
      return this.refuse(node, "a part of a list of different kinds", "use elements of one kind");
    const grown = !floats && this.facts.grown.has(this.place(node));
    if (!from && !to && kind.of.type === "number" && floats === kind.floats && !grown)
      return this.allocate({ type: "copy" }, floats ? floatsKind : this.localList(node), [source]);
    const n = this.lengthOf(source, node);
    const start = from ? this.position(from, n, node) : this.constant(0);
    const fromFirst = start.op === "const" && start.constant === 0;
    const end = to ? this.position(to, n, node) : n;
    const count = fromFirst ? end : this.ruleValue(table.sub, [end, start]);
    const size = from || to ? this.passive("number", [count], (c) => `Math.max(0, ${c})`, true) : count;
    const pointers = !floats && (kind.of.type !== "number" || grown);
    const made = pointers
      ? this.allocate({ type: "literal", keys: null }, this.localList(node, kind.of), [])
      : this.allocate({ type: "filled" }, floats ? floatsKind : this.localList(node), [
          size,
          this.constant(0),
        ]);
    this.count(
      node,
      this.constant(0),
      size,
      (k) => {
        const index = fromFirst ? k : this.ruleValue(table.add, [start, k]);
        const item = this.read(source, index, node);
        if (pointers) this.append(made, item, node);
        else this.write(made, k, item, node);
      },
      "k",
    );
    return made;
  }
}

/** What arrays of integers can be asked, too. */
const readOnly = new Set([
  "every",
  "find",
  "findIndex",
  "forEach",
  "includes",
  "indexOf",
  "reduce",
  "reduceRight",
  "some",
]);
const sorting = "sort before, and pass the list as it is to be, or leave it to the tape";
const counting = "keep a list as long as it becomes, and count the elements in use, or leave it to the tape";
const waysOut: Record<string, string> = {
  sort: sorting,
  toSorted: sorting,
  pop: counting,
  shift: counting,
  unshift: counting,
  splice: counting,
  subarray: "use slice where nothing writes to the part, or pass the list and where the part begins",
  join: "make texts outside of the function",
};

/** Whether a callback is so short that it may be written out for each element of a short list. */
function isBrief(f: Node): boolean {
  return !/Function/.test(f.type) || f.end - f.start <= longestWrittenOut;
}
/** The list `[...x]` for a spread argument. */
const copyOf = (spread: Node): Node => ({ ...spread, type: "ArrayExpression", elements: [spread] }) as Node;
/** In characters. */
const longestWrittenOut = 160;
/** Whether an argument of slice is left out, or a known place from the beginning. */
function isPlace(value: Value | null): boolean {
  return value === null || (value.op === "const" && value.whole && (value.constant as number) >= 0);
}
function isTyped(thing: Thing): boolean {
  return isFloats(thing) || (thing instanceof Value && thing.kind?.type === "integers");
}
function isFloats(thing: Thing): boolean {
  return thing instanceof Group
    ? thing.floats
    : thing instanceof Value && thing.kind?.type === "list" && thing.kind.floats;
}

export { Host };
