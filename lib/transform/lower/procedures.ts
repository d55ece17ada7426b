/**
 * Functions that call themselves, lowered once each.
 *
 * What: `callProcedure`, which lowers a function by itself at its first call and makes a call of it there and at all
 * others. What goes in and out is taken apart into single values (`Form`): members of small lists and records, and what
 * the function sees outside of itself, become parameters of their own, while functions and texts stay what they are; so
 * a function that is called with other ones becomes another procedure. Within a function that is still open, a call
 * gives what its text looks like; where that was wrong, the lowering begins again.
 * Reference: Johnsson, Lambda lifting: transforming programs to recursive equations, FPCA 1985.
 */
import { forEachChild, isFunction, type Node } from "../../source/syntax.ts";
import { type Procedure, Region, Value } from "../ir.ts";
import { describeKind, type Kind, loose } from "../kinds.ts";
import { Expressions } from "./expressions.ts";
import { Restart } from "./flow.ts";
import { type Cell, Closure, Group, type Host, nothing, Optional, type Thing, Unknown } from "./things.ts";

/** A thing without its values. */
type Form =
  | { readonly type: "number" | "boolean" }
  | { readonly type: "memory"; readonly kind: string }
  | { readonly type: "constant"; readonly text: string }
  | { readonly type: "group"; readonly items: readonly Form[]; readonly like: Pick<Group, "keys" | "floats"> }
  | { readonly type: "optional"; readonly items: readonly Form[]; readonly absent: string }
  | { readonly type: "known"; readonly text: string };

interface Taken {
  readonly form: Form;
  readonly values: readonly Value[];
  /** The same thing made of other values. */
  with(values: Iterator<Value>): Thing;
}

interface Lowering {
  readonly procedure: Procedure;
  /** What it gives; null while it is open. */
  result: Taken | null;
  /** What calls in it take it to give. */
  readonly expected: Form;
}

/** So many procedures at most are made of one function. */
const mostForms = 6;

const numberForm: Form = { type: "number" };

export abstract class Procedures extends Expressions {
  private readonly lowerings = new Map<string, Lowering>();
  private readonly formsOf = new Map<Node, number>();
  /** Variables outside of the procedure that is being lowered. */
  private outside: ReadonlySet<Cell> = new Set();

  /** Writes the body of a function out, or what `write` writes with its arguments. */
  protected abstract enter(
    closure: Closure,
    args: Thing[],
    at: Node | null,
    path: string,
    write?: () => Thing,
  ): Thing;
  /** Recursions that were written out are not the next time; whether there were any. */
  abstract leaveRecursions(): boolean;
  /** Lowers something by itself, as if nothing were around. */
  protected abstract apart<T>(write: () => T): T;

  override set(cell: Cell, thing: Thing): void {
    if (this.outside.has(cell))
      this.refuse(
        this.statement,
        `the variable ${cell.name} is assigned to by a function that calls itself`,
        "return the value instead, or leave it to the tape",
      );
    super.set(cell, thing);
  }

  protected callProcedure(closure: Closure, args: Thing[], at: Node | null): Thing {
    const { cells, reads } = this.seenBy([closure, ...args]);
    const given = args.map((arg) => this.taken(arg, false));
    const seen = cells.map((cell) => this.taken(this.get(cell), true));
    const forms = [...given, { form: reads }, ...seen].map(({ form }) => form);
    const key = `${this.textOfClosure(closure)} ${JSON.stringify(forms)}`;
    const values = [...given, ...seen].flatMap((taken) => taken.values);
    const lowering = this.lowerings.get(key) ?? this.lowerProcedure(key, closure, given, seen, cells, at);
    const { procedure, result } = lowering;
    procedure.params.forEach((param, k) => {
      this.learn(this.facts.fractional, `${key} ${k}`, param.whole && !values[k].whole);
      this.learn(this.facts.maybe, `${key} ${k}`, values[k].maybe && !param.maybe);
    });
    const call = this.make("call", "number", values);
    const results: Value[] = [];
    call.call = { procedure, results };
    const next = (type: "number" | "boolean"): Value => {
      const k = results.length;
      const value = this.make("result", type, []);
      value.call = call.call;
      value.whole = procedure.results[k]?.whole ?? false;
      value.maybe = procedure.results[k]?.maybe ?? this.facts.maybe.has(`${key} result ${k}`);
      results.push(value);
      return value;
    };
    if (result)
      return result.with(result.values.map(({ type }) => next(type as "number"))[Symbol.iterator]());
    return this.thingOf(lowering.expected, next, at);
  }
  private learn(facts: Set<string>, fact: string, isNew: boolean): void {
    if (!isNew || facts.has(fact)) return;
    facts.add(fact);
    throw new Restart();
  }

  private lowerProcedure(
    key: string,
    closure: Closure,
    given: readonly Taken[],
    seen: readonly Taken[],
    cells: readonly Cell[],
    at: Node | null,
  ): Lowering {
    const { node } = closure;
    const name = closure.name || "inner";
    const forms = (this.formsOf.get(node) ?? 0) + 1;
    this.formsOf.set(node, forms);
    if (forms > mostForms) {
      if (this.leaveRecursions()) throw new Restart();
      this.refuse(
        at,
        `the function ${name} calls itself with ever other functions, lists or records`,
        "write it as a loop, or leave it to the tape",
      );
    }
    const procedure: Procedure = {
      name,
      params: [],
      results: [],
      get body() {
        return body;
      },
    };
    const body = new Region(null, null, procedure);
    const expected = (this.facts.results.get(key) as Form | undefined) ?? new Guess(closure, given).form();
    const lowering: Lowering = { procedure, result: null, expected };
    this.checkResult(expected, name, at);
    this.lowerings.set(key, lowering);
    const bring = (taken: Taken): Thing =>
      taken.with(
        taken.values
          .map((value) => {
            const param = this.placeholder("param", value, null);
            // other calls may come with lists of other lengths
            if (param.kind) param.kind = loose(param.kind);
            const fact = `${key} ${procedure.params.length}`;
            param.whole = value.whole && !this.facts.fractional.has(fact);
            param.maybe = value.maybe || this.facts.maybe.has(fact);
            procedure.params.push(param);
            return param;
          })
          [Symbol.iterator](),
      );
    const { outside } = this;
    try {
      this.apart(() => {
        this.inside(body, () => {
          const args = given.map(bring);
          seen.forEach((taken, k) => void this.state.set(cells[k], this.titled(bring(taken), cells[k].name)));
          this.outside = new Set(cells);
          const path = `${closure.frame.path}${closure.frame.holder.index}:${node.start}*/`;
          const result = this.taken(this.enter(closure, args, null, path), false);
          this.checkResult(result.form, name, at);
          procedure.results.push(...result.values);
          lowering.result = result;
        });
      });
    } finally {
      this.outside = outside;
    }
    const { form, values } = lowering.result as unknown as Taken;
    if (JSON.stringify(form) !== JSON.stringify(expected)) {
      if (this.facts.results.has(key))
        this.refuse(
          at,
          `the function ${name} returns different things on its paths`,
          "return one kind of value",
        );
      this.facts.results.set(key, form);
      throw new Restart();
    }
    values.forEach((value, k) => void this.learn(this.facts.maybe, `${key} result ${k}`, value.maybe));
    return lowering;
  }
  private checkResult(form: Form, name: string, at: Node | null): void {
    const check = (f: Form): void => {
      if (f.type === "group") f.items.forEach(check);
      else if (f.type === "memory" || (f.type === "known" && f.text !== textOfHost(nothing)))
        this.refuse(
          at,
          `the function ${name}, which calls itself, returns ${f.type === "memory" ? f.kind : "no number"}`,
          "return numbers, or small records of numbers",
        );
    };
    check(form);
  }

  // ---- things taken apart ----

  private taken(thing: Thing, constants: boolean): Taken {
    if (thing instanceof Value) {
      if (constants && thing.op === "const") {
        const { constant } = thing;
        const text = Object.is(constant, -0) ? "-0" : String(constant);
        return { form: { type: "constant", text }, values: [], with: () => this.constant(constant) };
      }
      const form: Form =
        thing.type === "number" || thing.type === "boolean"
          ? { type: thing.type }
          : { type: "memory", kind: describeKind(thing.kind as Kind) };
      return { form, values: [thing], with: (values) => values.next().value as Value };
    }
    if (thing instanceof Group) {
      thing.frozen = true;
      const { origins, keys, floats } = thing;
      const members = thing.cells.map((cell) => this.taken(this.get(cell), constants));
      return {
        form: { type: "group", items: members.map(({ form }) => form), like: { keys, floats } },
        values: members.flatMap(({ values }) => values),
        with: (values) => {
          const cells = members.map((member, k) => this.newCell(thing.cells[k].name, member.with(values)));
          const group = new Group(origins, keys, cells, floats);
          group.frozen = true;
          group.whole = thing.whole;
          return group;
        },
      };
    }
    if (thing instanceof Optional) {
      const { absent } = thing;
      const parts = [thing.there, thing.value].map((part) => this.taken(part, constants));
      return {
        form: { type: "optional", items: parts.map(({ form }) => form), absent: String(absent) },
        values: parts.flatMap(({ values }) => values),
        with: (values) => {
          const [there, value] = parts.map((part) => part.with(values) as Value);
          return new Optional(there, value, absent);
        },
      };
    }
    return { form: { type: "known", text: this.textOf(thing) }, values: [], with: () => thing };
  }
  private textOf(thing: Exclude<Thing, Value | Group | Optional>): string {
    if (thing instanceof Closure) return this.textOfClosure(thing);
    return thing instanceof Unknown ? `unknown: ${thing.reason}` : textOfHost(thing);
  }
  private textOfClosure({ node, frame }: Closure): string {
    return `function ${frame.path}${frame.holder.index}:${node.start}`;
  }
  /** What a call in an open procedure gives. */
  private thingOf(form: Form, next: (type: "number" | "boolean") => Value, at: Node | null): Thing {
    if (form.type === "number" || form.type === "boolean") return next(form.type);
    if (form.type === "optional")
      return new Optional(next("boolean"), next("number"), form.absent === "null" ? null : undefined);
    if (form.type !== "group") return nothing;
    const cells = form.items.map((item, k) => this.newCell(String(k), this.thingOf(item, next, at)));
    return new Group(at ? [this.place(at)] : [], form.like.keys, cells, form.like.floats);
  }

  /**
   * Variables that functions read which are not their own, in the order of their texts; and which function reads which,
   * since functions of one text may be made with others inside, time and again.
   */
  private seenBy(things: readonly Thing[]): { cells: Cell[]; reads: string[] } {
    const places = new Map<Cell, number>();
    const functions: Closure[] = [];
    const reads: string[] = [];
    const visit = (thing: Thing | undefined): void => {
      if (thing instanceof Group) for (const cell of thing.cells) visit(this.state.get(cell));
      if (!(thing instanceof Closure)) return;
      if (functions.some(({ node, frame }) => node === thing.node && frame === thing.frame)) return;
      functions.push(thing);
      const place = functions.length;
      const { bindingOf } = thing.frame.holder.site.scopes;
      const look = (node: Node): void => {
        const binding = node.type === "Identifier" ? bindingOf.get(node) : undefined;
        const cell = binding && thing.frame.find(binding);
        if (cell && this.state.has(cell)) {
          const isNew = !places.has(cell);
          if (isNew) places.set(cell, places.size);
          reads.push(`${place} ${places.get(cell)}`);
          if (isNew) visit(this.state.get(cell));
        }
        forEachChild(node, look);
      };
      look(thing.node);
    };
    things.forEach(visit);
    return { cells: [...places.keys()], reads };
  }
}

/** Objects that are known, each by a number. */
const objects = new Map<unknown, number>();
function textOfHost({ value, free }: Host): string {
  if (free) return JSON.stringify(free);
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return `${typeof value} ${String(value)}`;
  if (!objects.has(value)) objects.set(value, objects.size);
  return `object ${objects.get(value)}`;
}

/** What a function gives, as far as its text says. */
class Guess {
  private readonly seen = new Set<Node>();
  constructor(
    private readonly closure: Closure,
    private readonly given: readonly Taken[],
  ) {}
  form(): Form {
    const { node } = this.closure;
    if (node.body.type !== "BlockStatement") return this.of(node.body);
    const forms: Form[] = [];
    const look = (n: Node): void => {
      if (n.type === "ReturnStatement" && n.argument) forms.push(this.of(n.argument));
      if (!isFunction(n)) forEachChild(n, look);
    };
    look(node.body);
    return (
      forms.find(({ type }) => type !== "number") ?? forms[0] ?? { type: "known", text: textOfHost(nothing) }
    );
  }
  private either(a: Node, b: Node): Form {
    const form = this.of(a);
    return form.type === "number" ? this.of(b) : form;
  }
  private of(node: Node): Form {
    switch (node.type) {
      case "ConditionalExpression":
        return this.either(node.consequent, node.alternate);
      case "Literal":
        return typeof node.value === "boolean" ? { type: "boolean" } : numberForm;
      case "LogicalExpression":
        return node.operator === "??" ? this.of(node.right) : this.either(node.left, node.right);
      case "UnaryExpression":
        return node.operator === "!" ? { type: "boolean" } : numberForm;
      case "BinaryExpression":
        return /^([<>]=?|[!=]==?|in)$/.test(node.operator) ? { type: "boolean" } : numberForm;
      case "Identifier":
        return this.variable(node);
      case "ArrayExpression":
        return {
          type: "group",
          items: node.elements.map((e: Node | null) => (e ? this.of(e) : numberForm)),
          like: { keys: null, floats: false },
        };
      case "ObjectExpression":
        if (node.properties.some((p: Node) => p.type !== "Property" || p.computed)) return numberForm;
        return {
          type: "group",
          items: node.properties.map((p: Node) => this.of(p.value)),
          like: { keys: node.properties.map((p: Node) => String(p.key.name ?? p.key.value)), floats: false },
        };
    }
    return numberForm;
  }
  /** What a parameter is given, or a variable is at first. */
  private variable(name: Node): Form {
    const { node, frame } = this.closure;
    const binding = frame.holder.site.scopes.bindingOf.get(name);
    if (!binding || this.seen.has(binding.node)) return numberForm;
    this.seen.add(binding.node);
    const position = node.params.indexOf(binding.node);
    if (position >= 0) return this.given[position]?.form ?? numberForm;
    const [first] = binding.assigned;
    return first ? this.of(first) : numberForm;
  }
}
