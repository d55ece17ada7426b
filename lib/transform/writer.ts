/**
 * Writing the forward part of a program.
 *
 * What: `ProgramWriter` turns the intermediate form into JavaScript that looks like the user's own: values that the user
 * named keep their names, others go into the expression that uses them where nothing comes between. Subclasses add what
 * a sweep needs: they say which values must have a variable of their own (`mustBeNamed`), what follows a value, and
 * what goes around an iteration. Dead values are not written.
 */
import { comparisons, numeral, table } from "../rules/index.ts";
import { binding, bindingOf, choice, infix } from "../rules/syntax.ts";
import type { Analysis } from "./analysis.ts";
import type { Variable } from "./assemble.ts";
import type { Dialect } from "./dialect.ts";
import {
  type Carried,
  endsOf,
  mayGrow,
  type Procedure,
  type Region,
  resultValues,
  runBy,
  type Value,
} from "./ir.ts";
import { keyText, memberText } from "./kinds.ts";
import { Names } from "./names.ts";
import { unwrapped } from "./products.ts";

export type Lines = string[];

const indentation = "  ";
export const indent = (lines: Lines): Lines => lines.map((line) => (line === "" ? line : indentation + line));
export const block = (head: string, lines: Lines, tail = "}"): Lines =>
  lines.length === 0 ? [`${head} {}`] : [`${head} {`, ...indent(lines), tail];

const inlineable = new Set(["rule", "compare", "not", "and", "or", "select", "passive", "load", "length"]);
/** What more than its value is wanted of. */
const changing = new Set(["store", "push", "bail"]);

export abstract class ProgramWriter {
  protected names = new Names();
  private readonly nameOfValue = new Map<Value, string>();
  protected readonly live = new Set<Value>();
  /** Variables of branches that are needed behind them. */
  protected readonly hoisted = new Map<Region, string[]>();
  private readonly calls = new Map<Procedure, Value[]>();

  constructor(
    protected readonly analysis: Analysis,
    readonly dialect: Dialect,
  ) {}

  /** Values that need a variable, since more than the one expression that uses them asks for it. */
  protected abstract mustBeNamed(value: Value): boolean;
  /** Values that are wanted, whatever uses them. */
  protected abstract roots(): Iterable<Value>;
  protected after(_value: Value): Lines {
    return [];
  }
  protected beforeIterations(_loop: Value): Lines {
    return [];
  }
  protected startOfIteration(_loop: Value): Lines {
    return [];
  }
  protected endOfIteration(_loop: Value): Lines {
    return [];
  }
  /** Whether a value is read after its region has ended. */
  protected outlives(_value: Value): boolean {
    return false;
  }

  // ---- what is live ----

  protected findLive(): void {
    for (const value of this.analysis.values)
      if (value.op === "call")
        this.calls.set(value.call.procedure, [...this.callsOf(value.call.procedure), value]);
    for (const value of this.reachable(this.roots())) this.live.add(value);
  }
  /** All that has to run for some values. */
  protected reachable(roots: Iterable<Value>): Set<Value> {
    const reached = new Set<Value>();
    const work: Value[] = [];
    const mark = (value: Value): void => {
      if (reached.has(value)) return;
      reached.add(value);
      work.push(value);
    };
    for (const value of roots) mark(value);
    for (const value of this.analysis.values) if (value.op === "bail") mark(value);
    for (const value of this.resultValues())
      if (value.type === "pointer") this.analysis.storesBehind(value).forEach(mark);
    while (work.length > 0) {
      const value = work.pop() as Value;
      if (value.op !== "call") value.args.forEach(mark);
      this.markCalls(value, reached, mark);
      for (let owner = value.region.owner; owner; owner = owner.region.owner) mark(owner);
      if (value.op === "if") mark(value.args[0]);
      if (value.op === "loop") {
        const { counted, test } = value.loop;
        if (counted) for (const v of [counted.start, counted.bound]) mark(v);
        if (test) mark(test);
      }
      const owner = this.analysis.ownerOf(value);
      if (owner) mark(owner);
      if (value.op === "out") mark(this.phiOf(value));
      this.analysis.sourcesOf(value).forEach(mark);
      // what memory holds, where anything is read from it
      if (
        value.op === "load" ||
        value.op === "spread" ||
        value.op === "length" ||
        (value.op === "allocate" && value.allocation.type === "copy")
      )
        this.analysis.memoryOf(value.args[0]).stores.forEach(mark);
    }
    return reached;
  }
  protected callsOf(procedure: Procedure): Value[] {
    return this.calls.get(procedure) ?? [];
  }
  /** What a live value asks of calls, and a live call of its procedure: arguments where a parameter is live. */
  private markCalls(value: Value, reached: ReadonlySet<Value>, mark: (value: Value) => void): void {
    const { procedure } = value.region;
    const live = (call: Value): boolean => reached.has(call);
    if (procedure && changing.has(value.op)) this.callsOf(procedure).forEach(mark);
    if (procedure && value.op === "param")
      for (const { args } of this.callsOf(procedure).filter(live))
        mark(args[procedure.params.indexOf(value)]);
    if (value.op === "call") {
      value.call.procedure.params.forEach((param, k) => {
        if (reached.has(param)) mark(value.args[k]);
      });
      // a call in a procedure that changes something is wanted as that is
      if (procedure && this.changes(value)) this.callsOf(procedure).forEach(mark);
    }
    if (value.op === "result") {
      const { results, procedure: called } = value.call;
      mark(called.results[results.indexOf(value)]);
      for (const call of this.callsOf(called)) if (call.call === value.call) mark(call);
    }
  }
  private usersOf(value: Value): Value[] {
    return this.analysis.usersOf(value).filter((user) => this.live.has(user));
  }

  // ---- values as text ----

  /** What each variable is, of the program's own or of a procedure. */
  variables(procedure: Procedure | null = null): Map<string, Variable> {
    const all = [...this.allVariables()].filter(([, { value }]) => value.region.procedure === procedure);
    return new Map(all);
  }
  protected *allVariables(): Iterable<[string, Variable]> {
    for (const [value, name] of this.nameOfValue) yield [name, { value, shadow: false }];
    yield* this.temporaries;
  }
  /** Variables that hold the next value of another one. */
  private readonly temporaries = new Map<string, Variable>();
  parameterName(wish: string): string {
    return this.names.fresh(wish);
  }
  isUsed(input: Value): boolean {
    return this.live.has(input);
  }

  nameOf(value: Value): string {
    if (value.op === "out") return this.nameOf(this.phiOf(value));
    return this.names.of(this.nameOfValue, value, () => {
      if (value.op === "trips") return "trips";
      return value.op === "index" ? (value.name ?? "k") : value.name;
    });
  }
  protected phiOf(out: Value): Value {
    return out.loop.carried.find((c) => c.out === out)!.phi;
  }
  /** A value where the forward part uses it. */
  text(value: Value): string {
    if (value.op === "const") return constantText(value);
    if (value.detached) return this.text(value.args[0]);
    return this.isInline(value) ? this.expression(value) : this.nameOf(value);
  }
  protected expression(value: Value): string {
    const args = value.args.map((a) => this.text(a));
    return expressionText(value, args);
  }

  private readonly inline = new Map<Value, boolean>();
  protected isInline(value: Value): boolean {
    let inline = this.inline.get(value);
    if (inline === undefined) {
      this.inline.set(value, false);
      inline = this.findInline(value);
      this.inline.set(value, inline);
    }
    return inline;
  }
  private findInline(value: Value): boolean {
    if (!inlineable.has(value.op) || this.mustBeNamed(value)) return false;
    if (this.analysis.usersOf(value).some((user) => user.detached)) return false;
    // what is returned is read at the end, when memory may hold something else
    if (this.analysis.isResult(value)) return false;
    const users = this.usersOf(value);
    if (users.length !== 1) return false;
    const [user] = users;
    if (user.args.filter((a) => a === value).length + endsOf(user).filter((a) => a === value).length !== 1)
      return false;
    const { values } = value.region;
    const from = values.indexOf(value);
    if (user.op === "loop") {
      const { loop } = user;
      if (loop.test === value)
        return value.region === loop.head && !this.isChanged(value, values, from, values.length);
      if (loop.counted?.bound === value)
        return value.region === user.region && this.isSteady(value, values.indexOf(user));
      const carries = loop.carried.some((c) => c.next === value) && value.region === loop.body;
      // a variable's next value is computed at the end of the iteration
      if (carries)
        return (
          (value.name === null || value.name === loop.carried.find((c) => c.next === value)!.phi.name) &&
          !this.isChanged(value, values, from, values.length)
        );
      return false;
    }
    if (user.op === "if" && user.args[0] !== value) {
      // an end of a branch, computed there
      const { branch } = user;
      const inside = branch.consequent === value.region || branch.alternate === value.region;
      const goesTo = branch.merges.find((m) => m.consequent === value || m.alternate === value)!.value.name;
      if (value.name !== null && value.name !== goesTo) return false;
      return inside && !this.isChanged(value, values, from, values.length);
    }
    if (value.name !== null) return false;
    if (user.region !== value.region) return false;
    return !this.isChanged(value, values, from, values.indexOf(user));
  }
  /** Whether a bound stays the same until its loop is done, which asks for it again each time. */
  private isSteady(value: Value, loop: number): boolean {
    if (value.op === "const") return true;
    const { values } = value.region;
    if (value.op === "length") {
      const { stores, allocations } = this.analysis.memoryOf(value.args[0]);
      if (!allocations.some(mayGrow)) return true;
      // a list that grows
      const between = values.slice(values.indexOf(value) + 1, loop + 1);
      return !between.some((v) => [v, ...runBy(v)].some((inner) => stores.includes(inner)));
    }
    if (value.op === "rule" && value.whole)
      return value.args.every((a) => !this.isInline(a) || this.isSteady(a, loop));
    return false;
  }
  /** Whether what a value reads from memory may be changed between two places of a region. */
  private isChanged(value: Value, values: readonly Value[], from: number, to: number): boolean {
    if (!this.readsMemory(value)) return false;
    for (let k = from + 1; k < to; k++) if (this.live.has(values[k]) && this.changes(values[k])) return true;
    return false;
  }
  private readsMemory(value: Value): boolean {
    if (value.op === "load" || value.op === "length") return true;
    return value.args.some((a) => a.op !== "const" && this.isInline(a) && this.readsMemory(a));
  }
  private readonly changers = new Map<Value, boolean>();
  private changes(value: Value): boolean {
    let found = this.changers.get(value);
    if (found === undefined) {
      found = changing.has(value.op) || runBy(value).some((v) => changing.has(v.op));
      this.changers.set(value, found);
    }
    return found;
  }

  // ---- regions ----

  /** The values of a region, in order. */
  protected forward(region: Region): Lines {
    const lines: Lines = [];
    for (const value of region.values) {
      if (!this.live.has(value)) continue;
      lines.push(...this.statement(value), ...this.after(value));
    }
    // a loop's body comes behind its head, which may assign to them
    return region.owner?.op === "loop" ? lines : [...this.declarations(region), ...lines];
  }
  private declarations(region: Region): Lines {
    const hoisted = this.hoisted.get(region) ?? [];
    return hoisted.length > 0 ? [`let ${hoisted.join(", ")};`] : [];
  }
  protected define(value: Value, text: string): Lines {
    const name = this.nameOf(value);
    if (!this.outlives(value)) return [`const ${name} = ${text};`];
    this.hoist(value, name);
    return [`${name} = ${text};`];
  }
  /** Declares a variable where the sweep that reads it again can see it. */
  protected hoist(value: Value, name: string): void {
    let region = value.region;
    while (region.owner?.op === "if" || (region.owner?.op === "loop" && region === region.owner.loop.head))
      region = region.owner.op === "if" ? region.owner.region : region.owner.loop.body;
    const names = this.hoisted.get(region);
    if (!names) this.hoisted.set(region, [name]);
    else if (!names.includes(name)) names.push(name);
  }

  protected statement(value: Value): Lines {
    const { args } = value;
    switch (value.op) {
      case "const":
      case "input":
      case "phi":
      case "out":
      case "merge":
      case "index":
      case "trips":
      case "param":
      case "result":
        return [];
      case "call":
        return this.callStatement(value);
      case "store": {
        const target =
          value.key === null
            ? `${this.text(args[0])}[${this.text(args[1])}]`
            : memberText(this.text(args[0]), value.key);
        return [assignment(target, this.text(args.at(-1) as Value))];
      }
      case "push":
        return [`${this.text(args[0])}.push(${this.text(args[1])});`];
      case "bail":
        return [
          this.dialect.giveUp(
            value,
            args.map((a) => this.text(a)),
          ),
        ];
      case "if":
        return this.ifStatement(value);
      case "loop":
        return this.loopStatement(value);
      case "allocate":
        return this.define(value, this.allocationText(value));
    }
    return this.isInline(value) || value.detached ? [] : this.define(value, this.expression(value));
  }
  protected abstract callStatement(value: Value): Lines;
  protected allocationText(value: Value): string {
    const args = value.args.map((a) => this.text(a));
    const { allocation, kind } = value;
    const floats = kind?.type === "list" && kind.floats;
    if (allocation.type === "copy") return `${args[0]}.slice()`;
    if (allocation.type === "filled") {
      const numbers = kind?.type === "list" && kind.of.type === "number";
      if (floats)
        return args[1] === "0"
          ? `new Float64Array(${args[0]})`
          : `new Float64Array(${args[0]}).fill(${args[1]})`;
      if (value.args[1].maybe || (args[1] === "NaN" && !numbers))
        return numbers ? `new Array(${args[0]}).fill(NaN)` : `new Array(${args[0]})`;
      return args[1] === "0" ? `rows.zeros(${args[0]})` : `new Array(${args[0]}).fill(${args[1]})`;
    }
    if (allocation.keys)
      return `{ ${allocation.keys.map((key, k) => `${keyText(key)}: ${args[k]}`).join(", ")} }`;
    return floats ? `Float64Array.of(${args.join(", ")})` : `[${args.join(", ")}]`;
  }

  private ifStatement(value: Value): Lines {
    const { branch } = value;
    const merges = branch.merges.filter((m) => this.live.has(m.value));
    const lines: Lines = [];
    const side = (region: Region, which: "consequent" | "alternate"): Lines => {
      const inner = this.forward(region);
      for (const m of merges) {
        const [name, text] = [this.nameOf(m.value), this.text(m[which])];
        inner.push(`${name} = ${text};`, ...this.mergeCompanion(m.value, m[which]));
      }
      return [...inner, ...this.endOfBranch(value, region)];
    };
    const [then, otherwise] = [side(branch.consequent, "consequent"), side(branch.alternate, "alternate")];
    // a choice between two expressions
    if (
      merges.length === 1 &&
      then.length === 1 &&
      otherwise.length === 1 &&
      !this.outlives(merges[0].value) &&
      this.mergeCompanion(merges[0].value, merges[0].consequent).length === 0
    ) {
      const [m] = merges;
      const text = choice(this.text(value.args[0]), this.text(m.consequent), this.text(m.alternate));
      return [`const ${this.nameOf(m.value)} = ${text};`];
    }
    for (const m of merges) {
      const declare = (name: string, outlives: boolean) => {
        if (outlives) this.hoist(m.value, name);
        else lines.push(`let ${name};`);
      };
      declare(this.nameOf(m.value), this.outlives(m.value));
      for (const name of this.companions(m.value)) declare(name, this.companionOutlives(m.value));
    }
    if (then.length === 0 && otherwise.length === 0) return lines;
    const test = this.text(value.args[0]);
    if (then.length === 0) return [...lines, ...block(`if (${negation(test)})`, otherwise)];
    lines.push(...block(`if (${test})`, then));
    if (otherwise.length > 0) {
      lines.pop();
      lines.push("} else {", ...indent(otherwise), "}");
    }
    return lines;
  }
  /** The same for what goes with it. */
  protected companionOutlives(value: Value): boolean {
    return this.outlives(value);
  }
  /** What goes with a variable: its shadow. */
  protected companions(_value: Value): string[] {
    return [];
  }
  protected mergeCompanion(_merge: Value, _end: Value): Lines {
    return [];
  }
  protected endOfBranch(_value: Value, _region: Region): Lines {
    return [];
  }

  private loopStatement(value: Value): Lines {
    const { loop } = value;
    const carried = loop.carried.filter((c) => this.live.has(c.phi) || this.live.has(c.out));
    const lines: Lines = [];
    for (const c of carried) {
      const name = this.nameOf(c.phi);
      if (this.outlives(c.phi) || this.outlives(c.out)) {
        this.hoist(c.out, name);
        lines.push(`${name} = ${this.text(c.init)};`);
      } else lines.push(`let ${name} = ${this.text(c.init)};`);
      lines.push(...this.carriedCompanion(c));
    }
    const counts = loop.trips && this.live.has(loop.trips);
    if (counts) {
      const name = this.nameOf(loop.trips as Value);
      if (this.outlives(loop.trips as Value)) {
        this.hoist(loop.trips as Value, name);
        lines.push(`${name} = 0;`);
      } else lines.push(`let ${name} = 0;`);
    }
    lines.push(...this.beforeIterations(value));
    const first = lines.length;
    const head = this.forward(loop.head);
    const inner = [
      ...this.startOfIteration(value),
      ...this.forward(loop.body),
      ...this.endOfIteration(value),
      ...this.updates(carried),
    ];
    if (counts) inner.push(`${this.nameOf(loop.trips as Value)}++;`);
    const declared = this.declarations(loop.body);
    if (loop.counted) {
      const all = [...declared, ...head, ...inner];
      if (all.length === 0) return lines;
      const { before, after } = this.aroundIterations(value);
      lines.splice(first, 0, ...before);
      lines.push(...block(this.forText(value), all), ...after);
    } else {
      const test = this.text(loop.test as Value);
      const all = head.length > 0 ? [...head, `if (${negation(test)}) break;`, ...inner] : inner;
      lines.push(...block(head.length > 0 ? "for (;;)" : `while (${test})`, [...declared, ...all]));
    }
    return lines;
  }
  /** What stands before and behind a counted loop, as its body has turned out. */
  protected aroundIterations(_loop: Value): { before: Lines; after: Lines } {
    return { before: [], after: [] };
  }
  /** What goes with a variable of a loop, before the first iteration. */
  protected carriedCompanion(_c: Carried): Lines {
    return [];
  }
  /** The same from iteration to iteration: its name and its next value. */
  protected companionMove(_c: Carried): Move | null {
    return null;
  }
  /** The variables' next values, all of them from the old ones. */
  private updates(carried: Carried[]): Lines {
    const moves = carried.flatMap((c): Move[] => {
      const move = { name: this.nameOf(c.phi), text: this.text(c.next), of: c.phi };
      const companion = this.companionMove(c);
      return [...(companion ? [companion] : []), move].filter(({ name, text }) => name !== text);
    });
    const lines: Lines = [];
    const texts = moves.map(({ name, text, of }, k) => {
      if (!moves.slice(0, k).some((earlier) => mentions(text, earlier.name))) return text;
      const next = this.names.fresh(`${name}Next`);
      if (of) this.temporaries.set(next, { value: of, shadow: name !== this.nameOf(of) });
      lines.push(`const ${next} = ${text};`);
      return next;
    });
    return [...lines, ...moves.map(({ name }, k) => assignment(name, texts[k]))];
  }
  protected forText(value: Value): string {
    const { start, bound, step, comparison, index } = value.loop.counted!;
    const i = this.nameOf(index);
    const { operator } = comparisons[comparison];
    const change =
      step === 1 ? `${i}++` : step === -1 ? `${i}--` : step > 0 ? `${i} += ${step}` : `${i} -= ${-step}`;
    return `for (let ${i} = ${this.text(start)}; ${infix(operator, i, this.text(bound))}; ${change})`;
  }
  protected resultValues(): Value[] {
    return resultValues(this.analysis.lowered.result);
  }
}

/** An assignment. */
export interface Move {
  readonly name: string;
  readonly text: string;
  /** The variable of a loop that it is, or that it belongs to. */
  readonly of?: Value;
}
/** Whether a text reads a variable. */
export function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replace(/\$/g, "\\$")}(?![\\w$])`).test(text);
}

export function constantText(value: Value): string {
  return typeof value.constant === "number" ? numeral(value.constant) : String(value.constant);
}
export function negation(condition: string): string {
  const test = unwrapped(condition);
  const equal = /^([\w$.[\]]+) ([!=])== ([\w$.[\]-]+)$/u.exec(test);
  if (equal) return `${equal[1]} ${equal[2] === "=" ? "!" : "="}== ${equal[3]}`;
  return /^[\w$.]+$/.test(test) ? `!${test}` : `!(${test})`;
}
/** `a = a + b` as `a += b`. */
export function assignment(name: string, text: string): string {
  for (const operator of ["+", "-", "*", "/"]) {
    const head = `${name} ${operator} `;
    if (!text.startsWith(head)) continue;
    const rest = text.slice(head.length);
    // only where the first operator is the loosest one, so that the rest is its operand
    const least = operator === "+" || operator === "-" ? binding.product : binding.unary;
    if (bindingOf(rest) >= least) return `${name} ${operator}= ${unwrapped(rest)};`;
  }
  return `${name} = ${text};`;
}

/** A value's expression from the texts of its operands. */
export function expressionText(value: Value, args: readonly string[]): string {
  switch (value.op) {
    case "rule":
      if (value.rule === table.hypot && args.length > 1 && args.length < 5)
        return `rows.hypot(${args.join(", ")})`;
      return value.rule.mathName === null && value.rule.operator === null
        ? `rows.${value.rule.code(...args)}`
        : value.rule.code(...args);
    case "spread":
      return value.rule.mathName
        ? `Math.${value.rule.mathName}(...${args[0]})`
        : `rows.${value.rule.name}(...${args[0]})`;
    case "compare":
      return infix(comparisons[value.comparison].operator, args[0], args[1]);
    case "not":
      return negation(args[0]);
    case "and":
      return infix("&&", args[0], args[1]);
    case "or":
      return `(${args[0]} || ${args[1]})`;
    case "select":
      return choice(args[0], args[1], args[2]);
    case "passive":
      return value.write(...args);
    case "load":
      return value.key === null ? `${args[0]}[${args[1]}]` : memberText(args[0], value.key);
    case "length":
      return `${args[0]}.length`;
  }
  throw new Error(`internal: ${value.op} is no expression`);
}
