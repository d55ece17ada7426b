/**
 * Calls, lowered: functions are written out where they are called, unless they call themselves (levels.ts, procedures.ts).
 *
 * What: calls of closures and prepared functions (their bodies, with the arguments in their parameters), of the rows of
 * the table, of the natives that a program knows, and of methods of lists (methods.ts). A recursion is written out as
 * far as its conditions are known; where they depend on numbers, the function becomes a procedure.
 */
import { ruleOfFunction, table } from "../../rules/index.ts";
import type { PlainFunction } from "../../source/sites.ts";
import { plainFunctionOf } from "../../source/sites.ts";
import { forEachChild, isFunction, type Node } from "../../source/syntax.ts";
import { Value } from "../ir.ts";
import { floatsKind, type Kind, numberKind } from "../kinds.ts";
import { stopping } from "../stopped.ts";
import { alwaysJumps } from "./bodies.ts";
import { Restart, type Target } from "./flow.ts";
import { Levels } from "./levels.ts";
import { globals } from "./places.ts";
import { Closure, Frame, Group, type Holder, Host, nothing, Optional, type Thing } from "./things.ts";

/** How deep calls may be written out. */
const mostCalls = 48;

export abstract class Calls extends Levels {
  readonly holders: Holder[] = [];
  private readonly active: Node[] = [];
  /** Functions that have been met inside of themselves. */
  private readonly recursive = new Set<Node>();
  protected returning: { target: Target; result: import("./things.ts").Cell } | null = null;

  protected abstract body(node: Node): void;
  protected abstract method(list: Thing, name: string, args: Node[], node: Node): Thing | null;

  // ---- functions ----

  protected holder(index: number): Holder {
    return this.holders[index];
  }
  addHolder(f: PlainFunction): Holder {
    const known = this.holders.find((h) => h.f.isSame(f));
    if (known) return known;
    const holder = { index: this.holders.length, f, site: f.site };
    this.holders.push(holder);
    return holder;
  }
  private readonly byFunction = new Map<unknown, Holder>();
  protected holderOf(f: unknown): Holder | null {
    const known = this.byFunction.get(f);
    if (known) return known;
    const plain = plainFunctionOf(f);
    if (!plain) return null;
    const holder = this.addHolder(plain);
    this.byFunction.set(f, holder);
    return holder;
  }
  closureOf(holder: Holder, name: string): Closure {
    return new Closure(holder.site.node, new Frame(null, holder, `${holder.index}/`), name);
  }
  protected isOwnName(name: Node): boolean {
    return this.frame.holder.site.node.id === name;
  }
  protected ownClosure(): Closure {
    return this.closureOf(this.frame.holder, this.frame.holder.site.node.id?.name ?? "");
  }
  protected functionValue(node: Node): Closure {
    return new Closure(node, this.frame, node.id?.name ?? "");
  }

  /** Calls a function: by writing it out, unless it has been found to call itself without an end in sight. */
  invoke(closure: Closure, args: Thing[], at: Node | null): Thing {
    const { node, frame } = closure;
    const name = closure.name ? `the function ${closure.name}` : "a function";
    if (node.async || node.generator)
      this.refuse(at, `${name} is ${node.async ? "async" : "a generator"}`, "write it as a plain function");
    if (this.facts.procedures.has(node)) return this.callRecursive(closure, args, at);
    const around = this.active.filter((n) => n === node).length;
    if (around > 0) this.recursive.add(node);
    if (around > mostCalls / 3 || (around > 0 && this.active.length > mostCalls)) {
      this.facts.procedures.add(node);
      throw new Restart();
    }
    if (this.active.length > mostCalls)
      this.refuse(at, `${name} is called by ever other functions`, "leave it to the tape");
    const path = at ? `${this.frame.path}${this.frame.holder.index}:${at.start}/` : frame.path;
    return this.counted(node, () => this.enter(closure, args, at, path));
  }
  /** The function that takes most values by being written out again is not the next time; whether there is one. */
  leaveRepeated(): boolean {
    let most: Node | null = null;
    for (const [node, values] of this.again)
      if (values > 0 && !(most && values <= (this.again.get(most) as number))) most = node;
    if (!most || (this.facts.procedures.has(most) && this.facts.noLoops.has(most))) return false;
    // as a loop, it is written out at each call
    if (this.facts.procedures.has(most)) this.facts.noLoops.add(most);
    this.facts.procedures.add(most);
    this.facts.saves = true;
    return true;
  }
  leaveRecursions(): boolean {
    const { size } = this.facts.procedures;
    for (const node of this.recursive) this.facts.procedures.add(node);
    return this.facts.procedures.size > size;
  }
  /** What is to be put back behind a call. */
  private get around() {
    return {
      frame: this.frame,
      returning: this.returning,
      targets: this.targets,
      loops: this.loops,
      dead: this.dead,
    };
  }
  protected apart<T>(write: () => T): T {
    const before = { ...this.around, state: this.state, statement: this.statement };
    Object.assign(this, { state: new Map(), targets: [], loops: [], dead: false });
    try {
      return write();
    } finally {
      Object.assign(this, before);
    }
  }
  protected enter(
    closure: Closure,
    args: Thing[],
    at: Node | null,
    path: string,
    write?: () => Thing,
  ): Thing {
    const { node } = closure;
    const before = this.around;
    this.frame = new Frame(closure.frame, closure.frame.holder, path);
    this.targets = [];
    this.active.push(node);
    try {
      node.params.forEach((param: Node, k: number) => {
        if (param.type === "RestElement")
          this.pattern(param.argument, this.listOf(args.slice(k), param), true);
        else this.pattern(param, args[k] ?? nothing, true);
      });
      if (write) return write();
      if (node.body.type !== "BlockStatement") {
        this.statement = at && before.frame.holder.index >= 0 ? (this.statement ?? node.body) : node.body;
        return this.expression(node.body);
      }
      const target = this.newTarget("return");
      // a function that returns null on some path, and does not come to its end, has no other absence
      const isNull = alwaysJumps(node.body) && returnsNull(node.body);
      const result = this.newCell("result", isNull ? new Host(null) : nothing);
      this.returning = { target, result };
      this.targets = [target];
      this.dead = false;
      const statement = this.statement;
      this.body(node);
      this.statement = statement;
      return this.get(result);
    } finally {
      this.active.pop();
      Object.assign(this, before);
    }
  }
  /** Calls what a method is given as its callback. */
  protected callback(node: Node, count: number): (...args: Thing[]) => Thing {
    const f = this.expression(node);
    return (...args) => this.apply(f, args.slice(0, count), node);
  }
  protected apply(f: Thing, args: Thing[], node: Node): Thing {
    this.known(f, node);
    if (f instanceof Closure) return this.invoke(f, args, node);
    if (f instanceof Host) return this.native(f.value, args, node);
    this.refuse(node, `${this.describe(f)} is called`, "call functions");
  }

  protected call(node: Node): Thing {
    const { callee } = node;
    if (callee.type === "Super" || callee.type === "Import")
      this.refuse(node, "this call", "leave it to the tape");
    if (callee.type === "MemberExpression" && callee.object.type !== "Super") {
      const object = this.expression(callee.object);
      const key = this.keyOf(callee);
      if ((callee.optional || node.optional) && object instanceof Host && object.value == null)
        return nothing;
      if (typeof key === "string") {
        if (
          object instanceof Host &&
          (key === "call" || key === "apply") &&
          typeof object.value === "function"
        )
          this.refuse(node, `a call through ${key}`, "call the function itself");
        if (this.isList(object)) {
          const result = this.method(object, key, node.arguments, node);
          if (result) return result;
        }
        if (object instanceof Host && object.value !== Math) {
          const special = this.staticCall(object.value, key, node);
          if (special) return special;
        }
        if (object instanceof Value && object.type !== "pointer")
          this.refuse(node, `the method ${key} of a number`, "compute with the number");
      }
      const f = this.read(object, key, callee);
      if (f instanceof Closure && usesThis(f.node))
        this.refuse(node, `the method ${String(key)}, which uses this`, "pass what it needs as arguments");
      return this.spreadCall(f, node) ?? this.apply(f, this.arguments(node), node);
    }
    const f = this.expression(callee);
    if (node.optional && f instanceof Host && f.value == null) return nothing;
    return this.spreadCall(f, node) ?? this.apply(f, this.arguments(node), node);
  }
  protected arguments(node: Node): Thing[] {
    return node.arguments.flatMap((a: Node) => {
      if (a.type !== "SpreadElement") return [this.expression(a)];
      const list = this.expression(a.argument);
      if (list instanceof Group && !list.keys) return list.cells.map((cell) => this.get(cell));
      return this.refuse(
        a,
        "arguments are spread from a list whose length is not known",
        "pass the list itself",
      );
    });
  }

  /** `Math.max(...list)` and its like: rows of any number of operands. */
  private spreadCall(f: Thing, node: Node): Thing | null {
    const rule = f instanceof Host ? ruleOfFunction(f.value) : undefined;
    if (rule?.arity !== "variadic" || !node.arguments.some((a: Node) => a.type === "SpreadElement"))
      return null;
    // other arguments beside it make one list with it
    const list =
      node.arguments.length === 1
        ? this.expression(node.arguments[0].argument)
        : this.array({ ...node, elements: node.arguments });
    if (list instanceof Group && !list.keys)
      return this.row(
        rule,
        list.cells.map((cell) => this.get(cell)),
        node,
      );
    const kind = list instanceof Value ? list.kind : null;
    if (kind?.type !== "list" || kind.of.type !== "number")
      this.refuse(node, `${this.describe(list)} is spread`, "spread lists of numbers");
    return this.spread(rule, list as Value);
  }

  protected native(f: unknown, args: Thing[], node: Node): Thing {
    const rule = ruleOfFunction(f);
    if (rule) return this.row(rule, args, node);
    if ([Number.isFinite, Number.isNaN, Number.isInteger].includes(f as never))
      for (const arg of args)
        if (arg instanceof Optional)
          this.refuse(node, `whether ${this.describe(arg)} is some number`, `compare it with ${arg.absent}`);
    if (f === Number) return this.number(args[0] ?? this.constant(0), node);
    if (f === Boolean) return this.condition(args[0] ?? nothing, node);
    if (f === Number.isFinite || f === globals.get("isFinite"))
      return this.passive("boolean", [this.number(args[0], node)], (x) => `Number.isFinite(${x})`);
    if (f === Number.isNaN || f === globals.get("isNaN"))
      return this.passive("boolean", [this.number(args[0], node)], (x) => `Number.isNaN(${x})`);
    if (f === Number.isInteger)
      return this.passive("boolean", [this.number(args[0], node)], (x) => `Number.isInteger(${x})`);
    if (f === Array.isArray) return this.constant(this.isList(args[0]) && !isTyped(args[0]));
    if (f === Array) return this.newArray(args, node);
    if (typeof f === "function" && stopping.has(f)) return this.stopped(args[0] ?? nothing, node);
    this.refuse(
      node,
      `${this.nameOfCalled(f, node)} is called, ${isNative(f) ? "which has no derivative program" : "whose text is not known"}`,
      isNative(f)
        ? "call it before, and pass what it gives as an argument, or leave it to the tape"
        : "write it in a cell or an imported file, or leave it to the tape",
    );
  }
  private nameOfCalled(f: unknown, node: Node): string {
    if (typeof f !== "function") return this.describe(new Host(f));
    // derivatives and other functions that are made have no name of their own
    const { callee = node } = node;
    const text = this.frame.holder.site.code.slice(callee.start, callee.end).replace(/\s+/g, " ");
    if (callee.type === "MemberExpression" || !f.name)
      return text.length <= longestQuoted ? `the function ${text}` : "a function without a name";
    return `the function ${f.name}`;
  }
  /** A thing through which no derivative goes. */
  private stopped(thing: Thing, node: Node): Thing {
    this.known(thing, node);
    if (thing instanceof Group || (thing instanceof Value && thing.type === "pointer"))
      this.refuse(
        node,
        "stopGradient of a list or record",
        "apply it to the numbers, or leave it to the tape",
      );
    if (thing instanceof Optional)
      return new Optional(thing.there, this.stopped(thing.value, node) as Value, thing.absent);
    if (!(thing instanceof Value) || thing.type !== "number" || thing.op === "const") return thing;
    const value = this.passive("number", [thing], (x) => x, thing.whole);
    value.maybe = thing.maybe;
    return value;
  }
  private row(rule: NonNullable<ReturnType<typeof ruleOfFunction>>, args: Thing[], node: Node): Value {
    // a function passed to `map` gets more than it takes
    const taken = rule.arity === "variadic" ? args : args.slice(0, rule.arity);
    const operands = taken.map((a) => this.number(a, node));
    if (rule.arity === "variadic") {
      if (operands.length === 0) return this.constant(rule.value());
    } else {
      while (operands.length < rule.arity) operands.push(this.constant(Number.NaN));
    }
    if (rule === table.pow && operands[1].op === "const" && operands[1].constant === 2)
      return this.ruleValue(table.mul, [operands[0], operands[0]]);
    return this.ruleValue(rule, operands);
  }

  // ---- natives of lists and records ----

  private staticCall(holder: unknown, key: string, node: Node): Thing | null {
    if (holder === Array && key === "from") return this.arrayFrom(node);
    if (holder === Array && key === "of") return this.listOf(this.arguments(node), node);
    if (holder === Float64Array && (key === "from" || key === "of")) {
      if (key === "of") return this.floatsOf(this.arguments(node), node);
      const [source, f] = node.arguments;
      if (source.type === "ObjectExpression") return this.newFloats([this.arrayFrom(node)], node);
      const list = this.expression(source);
      if (!this.isList(list))
        this.refuse(node, `Float64Array.from of ${this.describe(list)}`, "make lists from lists");
      return f ? this.mapped(list, this.callback(f, 2), node, true) : this.newFloats([list], node);
    }
    if (holder === Object && ["keys", "values", "entries"].includes(key)) {
      const [record] = this.arguments(node);
      this.usesKeys = true;
      const keys =
        record instanceof Group
          ? record.keys
          : record instanceof Value && record.kind?.type === "record"
            ? record.kind.keys
            : null;
      if (!keys)
        this.refuse(node, `Object.${key} of ${this.describe(record)}`, "use records whose members are known");
      const items = keys.map((k) => {
        const member = key === "keys" ? nothing : this.read(record, k, node);
        if (key === "keys") return new Host(k);
        return key === "values" ? member : this.listOf([new Host(k), member], node);
      });
      return this.listOf(items, node);
    }
    return null;
  }
  private arrayFrom(node: Node): Thing {
    const [source, f] = node.arguments;
    const run = f ? this.callback(f, 2) : null;
    if (
      source.type === "ObjectExpression" &&
      source.properties.length === 1 &&
      source.properties[0].key?.name === "length"
    ) {
      const n = this.lengthFrom(
        this.numberOf(source.properties[0].value),
        node,
        (x) => `Math.max(0, Math.trunc(${x}) || 0)`,
      );
      return this.generated(n, (index) => (run ? run(nothing, index) : this.number(nothing, node)), node);
    }
    const list = this.expression(source);
    if (!this.isList(list))
      this.refuse(node, `Array.from of ${this.describe(list)}`, "make lists from lists");
    return run ? this.mapped(list, run, node, false) : this.copyOf(list, null, null, node, false);
  }
  /** A number as the length of a list: no derivative goes through it. */
  private lengthFrom(n: Value, node: Node, write: (x: string) => string = (x) => x): Value {
    this.usedAsPlace(n, "a length", node);
    const isLength = n.whole && (n.op !== "const" || (n.constant as number) >= 0);
    return isLength ? n : this.passive("number", [n], write, true);
  }
  /** A list of n elements that are computed one after the other. */
  protected generated(n: Value, item: (index: Value) => Thing, node: Node): Thing {
    if (n.op === "const" && (n.constant as number) <= 8 && !this.facts.real.has(this.place(node))) {
      return this.listOf(
        Array.from({ length: n.constant as number }, (_, k) => item(this.constant(k))),
        node,
      );
    }
    const kind = this.localList(node);
    const numbers = kind.of.type === "number";
    const list = numbers
      ? this.allocate({ type: "filled" }, kind, [n, this.constant(0)])
      : this.allocate({ type: "literal", keys: null }, kind, []);
    this.count(
      node,
      this.constant(0),
      n,
      (index) => {
        if (numbers) this.write(list, index, item(index), node);
        else this.append(list, item(index), node);
      },
      "k",
    );
    return list;
  }
  protected abstract mapped(
    list: Thing,
    run: (...args: Thing[]) => Thing,
    node: Node,
    floats: boolean,
  ): Thing;

  protected construct(node: Node): Thing {
    const f = this.expression(node.callee);
    const args = this.arguments(node);
    if (f instanceof Host && f.value === Array) return this.newArray(args, node);
    if (f instanceof Host && f.value === Float64Array) return this.newFloats(args, node);
    this.refuse(node, `${this.describe(f)} is constructed`, "use lists and records, or leave it to the tape");
  }
  private newArray(args: Thing[], node: Node): Thing {
    if (args.length !== 1) return this.listOf(args, node);
    if (args[0] instanceof Optional)
      this.refuse(node, `${this.describe(args[0])} is used as a length`, "use a number");
    const n = this.lengthFrom(this.number(args[0], node), node);
    return this.filled(n, this.number(nothing, node), node, false);
  }
  /** A list of n equal numbers; small ones of known length are groups. */
  protected filled(n: Value, item: Value, node: Node, floats: boolean): Thing {
    const place = this.place(node);
    const small = n.op === "const" && (n.constant as number) >= 0 && (n.constant as number) <= 16;
    if (small && !this.facts.real.has(place)) {
      const cells = Array.from({ length: n.constant as number }, (_, k) => this.newCell(String(k), item));
      return new Group([place], null, cells, floats);
    }
    const kind = floats ? floatsKind : this.localList(node);
    return this.allocate({ type: "filled" }, kind, [n, item]);
  }
  private floatsOf(items: Thing[], node: Node): Thing {
    return this.listOf(
      items.map((item) => this.number(item, node)),
      node,
      true,
    );
  }
  protected newFloats(args: Thing[], node: Node): Thing {
    const [source] = args;
    if (source === undefined) return this.filled(this.constant(0), this.constant(0), node, true);
    if (source instanceof Group && !source.keys)
      return this.floatsOf(
        source.cells.map((cell) => this.get(cell)),
        node,
      );
    if (source instanceof Value && source.type === "pointer") {
      const list = this.allocate({ type: "filled" }, floatsKind, [
        this.lengthOf(source, node),
        this.constant(0),
      ]);
      this.eachOf(source, node, (item, index) => this.write(list, index, this.number(item, node), node));
      return list;
    }
    return this.filled(this.lengthFrom(this.number(source, node), node), this.constant(0), node, true);
  }
  protected readonly numbers: Kind = numberKind;
}

function returnsNull(node: Node): boolean {
  if (isFunction(node)) return false;
  if (node.type === "ReturnStatement" && node.argument?.type === "Literal" && node.argument.raw === "null")
    return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= returnsNull(child);
  });
  return found;
}
/** In characters. */
const longestQuoted = 40;
function isNative(f: unknown): boolean {
  return typeof f === "function" && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(f));
}
function isTyped(thing: Thing): boolean {
  return isFloats(thing) || (thing instanceof Value && thing.kind?.type === "integers");
}
function isFloats(thing: Thing): boolean {
  return thing instanceof Group
    ? thing.floats
    : thing instanceof Value && thing.kind?.type === "list" && thing.kind.floats;
}
function usesThis(node: Node): boolean {
  let found = false;
  const look = (n: unknown): void => {
    if (found || typeof n !== "object" || n === null) return;
    const { type } = n as Node;
    if (type === "ThisExpression" || type === "Super") found = true;
    else for (const value of Object.values(n)) look(value);
  };
  look(node.body);
  return found;
}
