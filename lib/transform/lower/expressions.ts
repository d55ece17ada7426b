/**
 * Expressions, lowered.
 *
 * What: one method for each form of expression that a derivative program supports; which those are, and what is said of
 * the others, stands in language.ts. Order of evaluation is JavaScript's.
 */
import { comparisonOfOperator, ruleOfOperator, table } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { type Region, regionsOf, Value } from "../ir.ts";
import type { Kind } from "../kinds.ts";
import { kindOfValue } from "./builder.ts";
import { Places } from "./places.ts";
import { type Cell, Closure, Group, Host, nothing, Optional, type Thing } from "./things.ts";

/** Operators on 32-bit integers: steps, so that no derivative goes through them. */
const integerOperators = new Set(["|", "&", "^", "<<", ">>", ">>>"]);

export abstract class Expressions extends Places {
  // ---- operators ----

  protected binary(node: Node): Thing {
    const { operator } = node;
    if (node.left.type === "PrivateIdentifier")
      this.refuse(node, "a private name", "leave classes to the tape");
    const a = this.expression(node.left);
    const b = this.expression(node.right);
    return this.operation(operator, a, b, node);
  }
  protected operation(operator: string, a: Thing, b: Thing, node: Node): Thing {
    this.known(a, node);
    this.known(b, node);
    if (a instanceof Host && b instanceof Host && isPlain(a.value) && isPlain(b.value))
      return this.hostOperation(operator, a.value, b.value, node);
    const comparison = comparisonOfOperator(operator);
    if (comparison) {
      if (/^[=!]==?$/.test(operator)) {
        const equal = this.equality(operator, a, b, node);
        if (equal) return equal;
      }
      return this.compare(comparison, this.number(a, node), this.number(b, node));
    }
    if (operator === "in") {
      const key = a instanceof Host ? String(a.value) : "";
      if (a instanceof Host && b instanceof Group && b.keys && !(key in Object.prototype))
        return this.constant(b.keys.includes(key));
      this.refuse(node, "the operator in", "ask for the member itself");
    }
    const rule = ruleOfOperator(operator, 2);
    if (rule) {
      if (
        operator === "+" &&
        [a, b].some((x) => (x instanceof Host && typeof x.value === "string") || x instanceof Group)
      )
        this.refuse(node, "a text is made", "make texts outside of the function");
      return this.arithmetic(rule, this.number(a, node), this.number(b, node));
    }
    if (integerOperators.has(operator)) {
      const [x, y] = [this.number(a, node), this.number(b, node)];
      return this.passive("number", [x, y], (p, q) => `(${p}) ${operator} (${q})`, true);
    }
    this.refuse(node, `the operator ${operator}`, "leave it to the tape");
  }
  private arithmetic(rule: NonNullable<ReturnType<typeof ruleOfOperator>>, a: Value, b: Value): Value {
    // small powers are products
    if (
      rule === table.pow &&
      b.op === "const" &&
      (b.constant === 2 || b.constant === 3) &&
      a.op !== "const"
    ) {
      const square = this.ruleValue(table.mul, [a, a]);
      return b.constant === 2 ? square : this.ruleValue(table.mul, [square, a]);
    }
    return this.ruleValue(rule, [a, b]);
  }
  /** Equality where not both sides are numbers; null where they are. */
  private equality(operator: string, a: Thing, b: Thing, node: Node): Thing | null {
    const negated = operator.startsWith("!");
    if (a instanceof Optional || b instanceof Optional) {
      const is = this.optionalEquality(operator.length === 3, a, b, node);
      return negated ? this.not(is) : is;
    }
    for (const [x, y] of [
      [a, b],
      [b, a],
    ]) {
      if (!(x instanceof Host) || typeof x.value === "number") continue;
      if (x.value === undefined || (x.value === null && operator.length === 2)) {
        const is = this.isUndefined(y, node);
        return negated ? this.not(is) : is;
      }
      if (y instanceof Value && y.type === "text" && typeof x.value === "string")
        return this.passive("boolean", [y], (text) => `${text} ${operator} ${JSON.stringify(x.value)}`);
      if (y instanceof Value && operator.length === 3 && typeof x.value !== "boolean")
        return this.constant(negated);
    }
    if (a instanceof Value && b instanceof Value) {
      if (a.type === b.type && (a.type === "boolean" || a.type === "text"))
        return this.passive("boolean", [a, b], (p, q) => `(${p}) ${operator} (${q})`);
      if (a.type !== b.type && operator.length === 3) return this.constant(negated);
      if (a.type === "pointer") {
        this.needsIdentity();
        return this.passive("boolean", [a, b], (p, q) => `${p} ${operator} ${q}`);
      }
    }
    if (a instanceof Group && a === b) return this.constant(!negated);
    if (a instanceof Group || b instanceof Group)
      this.refuse(node, "a list or record is compared by identity", "compare its elements");
    return null;
  }
  /** A number that may be null or undefined is equal to what it is. */
  private optionalEquality(isStrict: boolean, a: Thing, b: Thing, node: Node): Value {
    const [x, y] = a instanceof Optional ? [a, b] : [b as Optional, a];
    if (y instanceof Host && (y.value === null || y.value === undefined))
      return isStrict && y.value !== x.absent ? this.constant(false) : this.not(x.there);
    if (y instanceof Value && y.type === "number" && !y.maybe)
      return this.both("and", x.there, this.compare("eq", x.value, y));
    return this.refuse(
      node,
      `${this.describe(x)} is compared with ${this.describe(y)}`,
      "ask first whether it is a number",
    );
  }
  private hostOperation(operator: string, a: unknown, b: unknown, node: Node): Thing {
    const [x, y] = [a as any, b as any];
    switch (operator) {
      case "===":
        return this.constant(x === y);
      case "!==":
        return this.constant(x !== y);
      case "==":
        // biome-ignore lint/suspicious/noDoubleEquals: the user wrote it
        return this.constant(x == y);
      case "!=":
        // biome-ignore lint/suspicious/noDoubleEquals: the user wrote it
        return this.constant(x != y);
      case "+":
        return typeof x === "string" || typeof y === "string" ? new Host(x + y) : this.constant(x + y);
    }
    this.refuse(node, `the operator ${operator} on ${this.describe(new Host(a))}`, "compute with numbers");
  }

  protected unary(node: Node): Thing {
    const { operator } = node;
    if (operator === "typeof") return this.typeOf(this.expression(node.argument), node);
    if (operator === "void") {
      this.expression(node.argument);
      return nothing;
    }
    if (operator === "!") return this.not(this.conditionOf(node.argument));
    if (operator === "delete") this.refuse(node, "delete", "make a record without the member");
    const a = this.numberOf(node.argument);
    if (operator === "-") return this.ruleValue(table.neg, [a]);
    if (operator === "+") return a;
    return this.passive("number", [a], (x) => `~(${x})`, true);
  }
  private typeOf(thing: Thing, node: Node): Thing {
    this.known(thing, node);
    if (thing instanceof Host) return new Host(typeof thing.value);
    if (thing instanceof Closure) return new Host("function");
    if (thing instanceof Optional)
      this.refuse(node, `the type of ${this.describe(thing)}`, `compare it with ${thing.absent}`);
    if (thing instanceof Value && thing.type !== "pointer") {
      if (thing.maybe) this.refuse(node, "the type of what may be undefined", "ask for undefined itself");
      return new Host(thing.type === "text" ? "string" : thing.type);
    }
    return new Host("object");
  }

  protected logical(node: Node): Thing {
    const a = this.expression(node.left);
    const { operator } = node;
    const right = () => this.expression(node.right);
    const present = () => (a instanceof Optional ? a.value : a);
    if (operator === "??") return this.choose(this.isUndefined(a, node), right, present);
    const test = this.condition(a, node.left);
    if (test.op === "const") return test.constant === (operator === "&&") ? right() : a;
    if (a instanceof Value && a.type === "boolean") {
      // without effects, both sides may be computed
      const length = this.region.values.length;
      const takeBack = this.mark();
      const before = new Map(this.state);
      const b = right();
      if (b instanceof Value && b.type === "boolean" && this.isPureSince(this.region, length, before))
        return this.both(operator === "&&" ? "and" : "or", a, b);
      takeBack();
      this.state = before;
    }
    return operator === "&&" ? this.choose(test, right, () => a) : this.choose(test, present, right);
  }
  protected isPureSince(region: Region, length: number, before: ReadonlyMap<Cell, Thing>): boolean {
    for (const value of region.values.slice(length))
      if (["store", "push", "allocate", "bail", "call"].includes(value.op) || regionsOf(value).length > 0)
        return false;
    for (const [cell, thing] of before) if (this.state.get(cell) !== thing) return false;
    return true;
  }

  protected assignment(node: Node): Thing {
    const { operator, left, right } = node;
    if (operator === "=") {
      if (left.type === "ObjectPattern" || left.type === "ArrayPattern") {
        const thing = this.expression(right);
        this.pattern(left, thing, false);
        return thing;
      }
      const place = this.placeOf(left);
      const thing = this.expression(right);
      place.write(thing);
      return thing;
    }
    const place = this.placeOf(left);
    const before = place.read();
    if (operator === "&&=" || operator === "||=" || operator === "??=") {
      const test = operator === "??=" ? this.isUndefined(before, node) : this.condition(before, left);
      const assign = () => {
        const thing = this.expression(right);
        place.write(thing);
        return thing;
      };
      if (operator === "&&=") return this.choose(test, assign, () => before);
      const present = () => (before instanceof Optional ? before.value : before);
      return operator === "||=" ? this.choose(test, present, assign) : this.choose(test, assign, present);
    }
    const after = this.operation(operator.slice(0, -1), before, this.expression(right), node);
    place.write(after);
    return after;
  }
  protected update(node: Node): Thing {
    const place = this.placeOf(node.argument);
    const before = this.number(place.read(), node.argument);
    const after = this.ruleValue(node.operator === "++" ? table.add : table.sub, [before, this.constant(1)]);
    place.write(after);
    return node.prefix ? after : before;
  }
  /** The condition of a conditional expression or an `if`. */
  protected testOf(node: Node): Value {
    return this.conditionOf(node.test);
  }
  protected conditional(node: Node): Thing {
    return this.choose(
      this.testOf(node),
      () => this.expression(node.consequent),
      () => this.expression(node.alternate),
    );
  }

  // ---- lists and records ----

  protected array(node: Node): Thing {
    const { elements } = node;
    const items: Thing[] = [];
    let list: Value | null = null;
    // each element is read in its turn: what follows it may write to what is spread
    for (const element of elements as (Node | null)[]) {
      if (!element) this.refuse(node, "a list with holes", "write its elements");
      if (element.type !== "SpreadElement") {
        const item = this.expression(element);
        if (list) this.append(list, item, node);
        else items.push(item);
        continue;
      }
      const spread = this.expression(element.argument);
      if (spread instanceof Group && !spread.keys && !list) {
        items.push(...spread.cells.map((cell) => this.get(cell)));
        continue;
      }
      if (!this.isList(spread)) this.refuse(node, "something is spread that is no list", "spread lists");
      if (elements.length === 1) return this.copyOf(spread, null, null, node, false);
      if (!list) {
        list = this.allocate(
          { type: "literal", keys: null },
          this.localList(node, this.elementKind(spread, node)),
          [],
        );
        for (const item of items) this.append(list, item, node);
      }
      const made = list;
      this.eachOf(spread, node, (item) => this.append(made, item, node));
    }
    return list ?? this.listOf(items, node);
  }
  protected elementKind(list: Thing, node: Node): Kind {
    if (list instanceof Value && list.kind?.type === "list") return list.kind.of;
    const kind = this.kindOfThing(list, node);
    if (kind.type !== "list") this.refuse(node, "a list of different kinds", "use elements of one kind");
    return kind.of;
  }
  /** Runs over a list's elements; what is `writtenOut` is so for each element of a short list. */
  protected eachOf(
    list: Thing,
    node: Node,
    run: (item: Thing, index: Value) => void,
    writtenOut = false,
  ): void {
    if (list instanceof Group) {
      for (const [k, cell] of list.cells.entries()) run(this.get(cell), this.constant(k));
      return;
    }
    if (writtenOut)
      for (let k = 0, n = this.shortLength(list); n !== null; k++) {
        if (k === n) return;
        run(this.read(list, String(k), node), this.constant(k));
      }
    this.count(
      node,
      this.constant(0),
      this.lengthOf(list, node),
      (index) => run(this.read(list, index, node), index),
      "k",
    );
  }
  /** A loop from `start` to below `bound`; `guess` are variables that it surely assigns to. */
  protected count(
    node: Node,
    start: Value,
    bound: Value,
    run: (index: Value) => void,
    name: string | null,
    guess: readonly Cell[] = [],
  ): void {
    const trips =
      start.op === "const" && bound.op === "const"
        ? Math.max(0, (bound.constant as number) - (start.constant as number))
        : null;
    const place = `${this.place(node)} ${this.loops.length}`;
    if (trips !== null && this.facts.unroll.has(place)) {
      for (let k = 0; k < trips; k++) run(this.constant((start.constant as number) + k));
      return;
    }
    this.loop(
      { start, bound, step: 1, comparison: "lt", name },
      guess,
      () => null,
      (index) => {
        this.loops.push({ place, index, trips });
        run(index as Value);
        this.loops.pop();
      },
    );
  }

  protected object(node: Node): Thing {
    const keys: string[] = [];
    const items: Thing[] = [];
    const put = (key: string, thing: Thing) => {
      const k = keys.indexOf(key);
      if (k < 0) {
        keys.push(key);
        items.push(thing);
      } else items[k] = thing;
    };
    for (const p of node.properties) {
      if (p.type === "SpreadElement") {
        const spread = this.expression(p.argument);
        if (spread instanceof Group && spread.keys)
          for (const [k, key] of spread.keys.entries()) put(key, this.get(spread.cells[k]));
        else if (spread instanceof Value && spread.kind?.type === "record") {
          this.usesKeys = true;
          for (const key of spread.kind.keys) put(key, this.read(spread, key, p));
        } else this.refuse(p, "something is spread whose members are not known", "name the members");
        continue;
      }
      if (p.kind !== "init") this.refuse(p, "an accessor", "use a member or a function");
      const key = p.computed
        ? this.keyOf({ ...p, property: p.key } as Node)
        : String(p.key.name ?? p.key.value);
      if (typeof key !== "string") this.refuse(p, "a member whose name is computed", "use a list");
      if (key === "__proto__") this.refuse(p, "a prototype", "leave it to the tape");
      put(key, this.titled(this.expression(p.value), key));
    }
    return this.recordOf(keys, items, node);
  }
  protected member(node: Node): Thing {
    if (node.object.type === "Super") this.refuse(node, "super", "leave classes to the tape");
    const object = this.expression(node.object);
    if (node.optional && this.known(object, node) instanceof Host && (object as Host).value == null)
      return nothing;
    return this.read(object, this.keyOf(node), node);
  }
  protected template(node: Node): Thing {
    const parts = node.expressions.map((e: Node) => this.expression(e));
    if (!parts.every((p: Thing) => p instanceof Host && isPlain(p.value)))
      this.refuse(node, "a text is made", "make texts outside of the function");
    return new Host(
      node.quasis
        .map((q: Node, k: number) => q.value.cooked + (k < parts.length ? String(parts[k].value) : ""))
        .join(""),
    );
  }
  protected kindOf(value: Value): Kind {
    return kindOfValue(value);
  }
}

function isPlain(value: unknown): boolean {
  return (
    value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
  );
}
