/**
 * Lowering: from the syntax tree of a plain function to the intermediate form, for the kinds of some arguments.
 *
 * What: `lower`, which tries again when something was found out too late (flow.ts, `Facts`), and the dispatch over the
 * forms of the language (language.ts). The layers, each built on the one before: builder (values) · flow (branches,
 * loops) · values (members, inputs) · places · expressions · procedures
 * · levels (recursion as loops) · calls · methods · loops · statements.
 */
import type { Place } from "../../source/positions.ts";
import type { PlainFunction } from "../../source/sites.ts";
import type { Node } from "../../source/syntax.ts";
import { Analysis } from "../analysis.ts";
import { checkStores } from "../assemble.ts";
import { everyValue, type Lowered, type Procedure, type Region, type Result, runBy, Value } from "../ir.ts";
import { type Kind, loose } from "../kinds.ts";
import { type ExpressionType, expressions, type StatementType, statements } from "../language.ts";
import { Refusal } from "../refusal.ts";
import { replace, resolved } from "../replace.ts";

import { isBlurred } from "./absent.ts";
import { changes } from "./bounds.ts";
import { TooLarge } from "./builder.ts";
import { Facts, Restart, writing } from "./flow.ts";
import { watchGrowth } from "./growth.ts";
import { Statements } from "./statements.ts";
import { Closure, Group, type Holder, Host, Optional, type Thing } from "./things.ts";
import type { Assumption } from "./values.ts";

export interface Lowering extends Lowered {
  readonly holders: readonly Holder[];
  readonly assumptions: readonly Assumption[];
  /** Names of the parameters that have one. */
  readonly parameterNames: readonly (string | undefined)[];
  /** Whether the program is for lists of the lengths that their kinds say. */
  readonly usesLengths: boolean;
  /** Whether it depends on what members the records in lists have beside those that it names. */
  readonly usesKeys: boolean;
}
export type { Assumption, Holder };

const mostTries = 60;

export interface LoweringOptions {
  /** Positions of the arguments that are differentiated by. */
  readonly positions: readonly number[];
  /** Whether procedures may be made of functions that do not call themselves. */
  readonly procedures?: boolean;
  /** Whether what errors say is wanted. */
  readonly messages?: boolean;
}

/** Lowers f for arguments of those kinds; throws a `Refusal` where it is not supported. */
export function lower(f: PlainFunction, kinds: readonly Kind[], options: LoweringOptions): Lowering {
  const { positions, procedures = true, messages = false } = options;
  let facts = new Facts(messages);
  let last = f.site.place(f.site.node.start);
  for (let k = 0; k < mostTries; k++) {
    const lowering = new Lowerer(facts);
    try {
      return lowering.run(f, facts.lengths ? kinds : kinds.map(loose), positions);
    } catch (error) {
      if (error instanceof Restart) {
        last = lowering.placeNow() ?? last;
        continue;
      }
      const isLarge = error instanceof TooLarge;
      if (!isLarge && !(error instanceof Refusal)) throw error;
      const before = facts;
      if (isLarge && procedures && facts.mostAgain === writing.short && lowering.leaveRepeated()) continue;
      if (isLarge && !facts.saves && lowering.leaveRecursions()) continue;
      if (before.saves || lowering.usesLengths) {
        facts = new Facts(messages);
        facts.lengths = before.saves && before.lengths;
        if (before.saves) facts.mostAgain = writing.long;
        continue;
      }
      if (!isLarge) throw error;
      throw new Refusal(
        "the function is too large when its calls are written out",
        "leave it to the tape",
        f.site.place(f.site.node.start),
      );
    }
  }
  throw new Refusal("the lists and records that meet here are too entangled", "leave it to the tape", last);
}

class Lowerer extends Statements {
  run(f: PlainFunction, kinds: readonly Kind[], positions: readonly number[]): Lowering {
    const holder = this.addHolder(f);
    const closure = this.closureOf(holder, holder.site.node.id?.name ?? "");
    this.frame = closure.frame;
    const names = holder.site.node.params.map(
      (p: Node) => (p.type === "AssignmentPattern" ? p.left.name : p.name) as string | undefined,
    );
    const args = kinds.map((kind, k) => this.argument(k, kind, names[k] ?? `x${k + 1}`));
    const result = this.result(this.invoke(closure, args, null), holder.site.node);
    this.askInputs();
    this.region.values.unshift(...this.inputs);
    const lowered = {
      body: this.region,
      inputs: this.inputs,
      procedures: calledIn(this.region),
      result,
      holders: this.holders,
      assumptions: this.assumptions,
      parameterNames: names,
      usesLengths: this.usesLengths,
      usesKeys: this.usesKeys,
    };
    const isIndependent = ({ input: { root } }: Value): boolean =>
      root.type === "argument" && positions.includes(root.position);
    // activity is asked of what indices are made of
    const analysis = new Analysis(lowered, this.indices.size > 0 ? isIndependent : null);
    this.checkCopies(analysis);
    this.checkBounds(analysis);
    this.checkIndices(lowered, analysis);
    this.checkAsked(analysis, f);
    // what procedures may not do, a function that is written out may
    if (this.facts.saves) checkStores(analysis, f);
    watchGrowth(analysis, this.walked);
    removeTrivialPhis(lowered);
    return lowered;
  }
  private checkAsked(analysis: Analysis, f: PlainFunction): void {
    if (!this.asks) return;
    for (const { op, asked, args, key, statement } of analysis.values)
      if (op === "load" && asked && isBlurred(args[0], key, analysis))
        throw new Refusal(
          "an element is asked for undefined in a list that undefined is put into",
          "keep a list of booleans beside it, or leave it to the tape",
          f.site.place(statement?.start ?? f.site.node.start),
        );
  }
  /** Numbers that are differentiated by are no indices: the tape says so, at their place. */
  private checkIndices(lowered: Lowered, analysis: Analysis): void {
    const present = new Set<Value>();
    for (const [value, { use, place }] of this.indices) {
      if (!analysis.isVaried(value)) continue;
      if (present.size === 0) for (const v of analysis.values) present.add(v);
      if (!present.has(value)) continue;
      // what it is made of, and what the result is made of
      const result = { type: "value", value } as const;
      const sources = new Analysis({ ...lowered, result }, analysis.isIndependent);
      const isShared = ({ op, args, key }: Value) => op === "load" && analysis.isActiveMember(args[0], key);
      for (const v of present)
        if (sources.isActive(v) && (analysis.isActive(v) || isShared(v)))
          throw new Refusal(
            `a number that is differentiated by is used as ${use}`,
            "use Math.round, Math.floor or stopGradient on it, or leave it out of the arguments to differentiate by (wrt)",
            place(),
          );
    }
  }
  /** A group and the memory that it has become are the same as long as nothing writes to that memory. */
  private checkCopies(analysis: Analysis): void {
    for (const { copy, origins } of this.copies) {
      if (origins.every((origin) => this.facts.real.has(origin))) continue;
      if (analysis.memoryOf(copy).stores.length > 0) this.makeReal(origins);
    }
    for (const { pointer, origin } of this.aparts)
      if (!this.facts.real.has(origin) && analysis.memoryOf(pointer).stores.length > 0)
        this.makeReal([origin]);
    for (const [list, { origin, cell }] of this.growing) {
      if (!cell || this.facts.real.has(origin)) continue;
      const onlyGrows = analysis
        .memoryOf(list)
        .stores.every(({ op, args }) => op === "push" && args[0] === list);
      if (!onlyGrows) this.makeReal([origin]);
    }
  }
  /** A bound that changes while its loop runs is asked for in each iteration. */
  private checkBounds(analysis: Analysis): void {
    if (this.watched.length === 0) return;
    const present = new Set(analysis.values);
    for (const { place, loop, reads } of this.watched) {
      if (!present.has(loop) || !changes(loop, reads, analysis)) continue;
      this.facts.asWhile.add(place);
      throw new Restart();
    }
  }

  /** The statement that is being lowered. */
  placeNow(): Place | null {
    const { statement, frame } = this;
    return statement && frame ? frame.holder.site.place(statement.start) : null;
  }

  expression(node: Node): Thing {
    const handler = expressions[node.type as ExpressionType];
    if (handler === undefined) throw new Error(`internal: no expression ${node.type}`);
    if (typeof handler !== "string") this.refuse(node, handler.construct, handler.wayOut);
    return this.known(this[handler](node), node);
  }
  statement_(node: Node, labels: readonly string[]): void {
    const handler = statements[node.type as StatementType];
    if (handler === undefined) throw new Error(`internal: no statement ${node.type}`);
    if (typeof handler !== "string") this.refuse(node, handler.construct, handler.wayOut);
    this.statement = node;
    this[handler](node, labels);
  }

  // ---- forms that are no more than a line ----

  private chain(node: Node): Thing {
    return this.expression(node.expression);
  }
  private literal(node: Node): Thing {
    if (typeof node.value === "number" || typeof node.value === "boolean") return this.constant(node.value);
    if (node.regex || node.bigint)
      this.refuse(node, node.bigint ? "a bigint" : "a regular expression", "compute with numbers");
    return new Host(node.value);
  }
  private sequence(node: Node): Thing {
    return node.expressions.map((e: Node) => this.expression(e)).at(-1);
  }
  private blockStatement(node: Node): void {
    this.block(node.body);
  }
  private breakStatement(node: Node): void {
    this.breakTo(node, "break");
  }
  private continueStatement(node: Node): void {
    this.breakTo(node, "continue");
  }
  private effect(node: Node): void {
    this.expression(node.expression);
  }
  private ifAlone(node: Node): void {
    this.ifStatement(node, () => {});
  }
  private nothing(): void {}
  private whileAlone(node: Node, labels: readonly string[]): void {
    this.whileLoop(node, labels, node.test, () => {});
  }

  // ---- results ----

  private result(thing: Thing, node: Node): Result {
    this.known(thing, node);
    if (thing instanceof Value) {
      // where it is undefined, at an element that is not there or on a path that returns nothing, the program gives up
      if (thing.type === "boolean") this.refuse(node, "a boolean is returned", "return numbers");
      if (thing.kind?.type === "integers")
        this.refuse(node, `an ${thing.kind.of} is returned`, "return numbers, lists and records of numbers");
      if (thing.type === "pointer") this.usesKeys = true;
      return { type: "value", value: thing };
    }
    if (thing instanceof Group) {
      const items = thing.cells.map((cell) => this.result(this.get(cell), node));
      return thing.keys
        ? { type: "record", keys: [...thing.keys], items }
        : { type: "list", items, floats: thing.floats };
    }
    if (thing instanceof Closure) this.refuse(node, "a function is returned", "return numbers");
    if (thing instanceof Optional) {
      this.branch(
        thing.there,
        () => {},
        () => void this.bail(),
      );
      return { type: "value", value: thing.value };
    }
    const { value } = thing as Host;
    if (typeof value === "number") return { type: "value", value: this.constant(value) };
    this.refuse(node, `${this.describe(thing)} is returned`, "return numbers, lists and records of numbers");
  }
}

/** The procedures that are called, directly or by others. */
function calledIn(body: Region): Procedure[] {
  const found = new Set<Procedure>();
  for (const value of body.values) {
    if (value.op === "call") found.add(value.call.procedure);
    for (const inner of runBy(value)) if (inner.op === "call") found.add(inner.call.procedure);
  }
  return [...found];
}

/** Flags that no path raises. */
function isSameFlag(a: Value, b: Value): boolean {
  return a.type === "boolean" && a.op === "const" && b.op === "const" && a.constant === b.constant;
}
/** Variables that a loop assigns to themselves alone, and flags that stay as they are, are not carried by it. */
function removeTrivialPhis(lowered: Lowered): void {
  const replaced = new Map<Value, Value>();
  const of = (value: Value): Value => resolved(value, replaced);
  const values = everyValue(lowered);
  for (let changed = true; changed; ) {
    changed = false;
    for (const value of values) {
      if (value.op === "loop")
        for (const c of value.loop.carried) {
          if (replaced.has(c.phi) || !(of(c.next) === c.phi || isSameFlag(of(c.next), of(c.init)))) continue;
          replaced.set(c.phi, c.init);
          replaced.set(c.out, c.init);
          changed = true;
        }
      if ((value.op === "and" || value.op === "or") && !replaced.has(value)) {
        const [a, b] = value.args.map(of);
        const known = a.op === "const" ? a : b.op === "const" ? b : null;
        if (known) {
          replaced.set(value, known.constant === (value.op === "or") ? known : known === a ? b : a);
          changed = true;
        }
      }
      if (value.op === "not" && of(value.args[0]).op === "const" && !replaced.has(value)) {
        const known = new Value("const", "boolean", []);
        known.constant = !of(value.args[0]).constant;
        known.region = value.region;
        known.region.values[known.region.values.indexOf(value)] = known;
        replaced.set(value, known);
        changed = true;
      }
      if (value.op === "if")
        for (const m of value.branch.merges) {
          if (of(m.consequent) !== of(m.alternate) || replaced.has(m.value)) continue;
          replaced.set(m.value, m.consequent);
          changed = true;
        }
    }
  }
  if (replaced.size === 0) return;
  for (const value of values) {
    if (value.op !== "loop") continue;
    const { carried } = value.loop;
    carried.splice(0, carried.length, ...carried.filter((c) => !replaced.has(c.phi)));
  }
  replace(lowered, replaced);
}
