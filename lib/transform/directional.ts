/**
 * Directional derivatives in the intermediate form.
 *
 * What: `addTangents` puts behind each active value its tangents, one for each of some directions, as values of the
 * intermediate form: sums of the operands' tangents times the partials that the table gives. Lists and records have a
 * shadow for each direction, which holds the tangents of their numbers. Why as values and not as text: what was added can
 * be simplified and differentiated as the function was. Its adjoint is a Hessian-vector product; several directions share
 * the function and the partials. Reference: Griewank & Walther (2008), sections 3.1 (vector mode) and 5.1 (Hessians).
 */
import { type Algebra, algebraOn, table } from "../rules/index.ts";
import type { Place } from "../source/positions.ts";
import { Analysis } from "./analysis.ts";
import { allValues, Region, type Result, type Value } from "./ir.ts";
import { numbersKind } from "./kinds.ts";
import { Builder, isConstant, TooLarge } from "./lower/builder.ts";
import type { Lowering } from "./lower/index.ts";
import { Refusal } from "./refusal.ts";
import { isRoot, steepness } from "./steep.ts";

/** The tangent of an input in a direction: a number known beforehand, or a parameter at some position. */
export type Seed = (input: Value, direction: number) => number | { position: number };

/** The results of f's tangents, one for each direction; `lowering` computes them afterwards. */
export function addTangents(
  lowering: Lowering,
  positions: readonly number[],
  directions: number,
  seed: Seed,
  /** For what is refused: where the function is. */
  place: Place,
  /** Whether the tangents are differentiated again. */
  again: boolean,
): Result[] {
  if (lowering.procedures.length > 0)
    throw new Refusal("a function calls itself", "write it as a loop, or leave it to the tape", place);
  const analysis = new Analysis(
    lowering,
    ({ input }) => input.root.type === "argument" && positions.includes(input.root.position),
  );
  try {
    return new Tangents(lowering, analysis, positions, seed, place, again).add(directions);
  } catch (error) {
    if (error instanceof TooLarge)
      throw new Refusal("the function with its tangents is too large", "leave it to the tape", place);
    throw error;
  }
}

class Tangents extends Builder {
  private dots = new Map<Value, Value>();
  private direction = 0;
  /** Zero, before everything else. */
  private readonly zero: Value;

  constructor(
    private readonly lowering: Lowering,
    private readonly analysis: Analysis,
    private readonly positions: readonly number[],
    private readonly seed: Seed,
    private readonly place: Place,
    private readonly again: boolean,
  ) {
    super();
    this.region = new Region(null, null);
    this.zero = this.constant(0);
    this.zero.region = lowering.body;
  }
  add(directions: number): Result[] {
    const { body, result } = this.lowering;
    const original = new Set(allValues(body));
    const results: Result[] = [];
    // each next to the function's own values: the last direction first
    for (let k = directions - 1; k >= 0; k--) {
      this.direction = k;
      this.dots = new Map();
      this.visit(body, original);
      this.region = body;
      results.unshift(this.result(result));
    }
    body.values.unshift(this.zero);
    return results;
  }

  private dot(value: Value): Value {
    return this.dots.get(value) ?? this.zero;
  }
  private note(value: Value, dot: Value): void {
    if (
      dot !== this.zero &&
      dot.op !== "const" &&
      dot.name === null &&
      value.name !== null &&
      dot.type === value.type
    )
      dot.name = `${value.name}Dot`;
    this.dots.set(value, dot);
  }
  private carries(value: Value): boolean {
    return value.type === "pointer" ? this.analysis.hasShadow(value) : this.analysis.isActive(value);
  }

  /** Goes over a region as it was, and puts tangents behind its values. */
  private visit(region: Region, original: ReadonlySet<Value>): void {
    const values = region.values.slice();
    region.values.length = 0;
    for (const value of values) {
      region.values.push(value);
      if (!original.has(value)) continue;
      this.region = region;
      this.statement = value.statement;
      if (value.op === "loop") this.loopTangents(value, original);
      else if (value.op === "if") this.ifTangents(value, original);
      else this.tangent(value);
    }
  }

  private tangent(value: Value): void {
    const { args } = value;
    const item = args.at(-1) as Value;
    switch (value.op) {
      case "input":
        if (this.carries(value)) this.input(value);
        return;
      case "phi":
        if (this.carries(value)) this.note(value, this.placeholderOf("phi", value));
        return;
      case "rule":
        if (this.carries(value)) this.note(value, this.rule(value));
        return;
      case "spread":
        if (this.carries(value)) this.note(value, this.spreadTangent(value));
        return;
      case "select":
        if (this.carries(value)) this.note(value, this.select(args[0], this.dot(args[1]), this.dot(args[2])));
        return;
      case "load":
        if (!this.carries(value)) return;
        if (value.type === "number" && !this.analysis.isActiveMember(args[0], value.key)) return;
        this.note(value, this.loadTangent(value));
        return;
      case "store":
        if (item.type === "number" ? this.analysis.isActiveMember(args[0], value.key) : this.carries(item))
          this.store(this.dot(args[0]), value.key, value.key === null ? args[1] : null, this.dot(item));
        return;
      case "push":
        if (this.carries(args[0])) this.push(this.dot(args[0]), this.shadowItem(item));
        return;
      case "allocate":
        if (this.carries(value)) this.note(value, this.allocation(value));
    }
  }
  private placeholderOf(op: "phi" | "out" | "merge", like: Value): Value {
    const value = this.placeholder(op, like, null);
    value.loop = like.loop;
    return value;
  }
  private loadTangent(value: Value): Value {
    const [list, index] = value.args;
    const dot = this.load(this.dot(list), value.key, index ?? null, value.kind ?? { type: "number" });
    dot.asked = value.asked;
    return dot;
  }

  private input(value: Value): void {
    const { root, path, kind } = value.input;
    if (root.type !== "argument" || !this.positions.includes(root.position))
      throw new Refusal(
        "what is differentiated is written into another argument",
        "differentiate by that argument, too",
        this.place,
      );
    const seed = this.seed(value, this.direction);
    if (typeof seed === "number") {
      if (seed !== 0) this.note(value, this.constant(seed));
      return;
    }
    const dot = this.inputValue({ root: { type: "argument", position: seed.position }, path, kind });
    (this.lowering.inputs as Value[]).push(dot);
    this.note(value, dot);
  }

  // ---- rows of the table ----

  /** Partials as values: what is known already is worked out. */
  private readonly algebra: Algebra<Value> = algebraOn<Value>({
    constant: (value) => this.constant(value),
    call: (name, ...operands) => this.simplified(name, operands),
    compare: (name, x, y) => this.compare(name, x, y) as never,
    and: (p, q) => this.both("and", p as never, q as never) as never,
    select: (test, then, otherwise) => this.select(test as never, then(), otherwise()),
    share: (value) => value,
  });
  private simplified(name: keyof typeof table, operands: Value[]): Value {
    const [a, b] = operands;
    const [left, right] = [isConstant(a, 0), b !== undefined && isConstant(b, 0)];
    if (name === "mul") {
      // the tangent or adjoint of zero is zero, whatever the partial is
      if (left || right) return this.zero;
      for (const [x, y] of [
        [a, b],
        [b, a],
      ])
        if (isConstant(x, -1)) return this.simplified("neg", [y]);
    }
    if (name === "add" && (left || right)) return left ? b : a;
    if (name === "add" && b.op === "rule" && b.rule === table.neg)
      return this.ruleValue(table.sub, [a, b.args[0]]);
    if (name === "sub" && left) return this.simplified("neg", [b]);
    if (name === "neg" && left) return this.zero;
    if (name === "div" && left) return this.zero;
    if (name === "pow" && right) return this.constant(1);
    if (name === "pow" && isConstant(b, 2)) return this.ruleValue(table.mul, [a, a]);
    return this.ruleValue(table[name], operands);
  }
  /** A tangent times a partial; by a selection with a constant, a selection of products (products.ts). */
  private product(dot: Value, partial: Value): Value {
    if (partial.op === "select" && hasConstant(partial)) {
      const [test, then, otherwise] = partial.args;
      return this.select(test, this.product(dot, then), this.product(dot, otherwise));
    }
    if (isConstant(partial, 1)) return dot;
    if (partial.op === "rule" && partial.rule === table.div && isConstant(partial.args[0], 1))
      return this.simplified("div", [dot, partial.args[1]]);
    if (partial.op === "rule" && partial.rule === table.neg)
      return this.simplified("neg", [this.product(dot, partial.args[0])]);
    return this.simplified("mul", [dot, partial]);
  }
  private rule(value: Value): Value {
    const { rule, args } = value;
    if (rule === table.mul && args[0] === args[1])
      return this.product(this.dot(args[0]), this.simplified("mul", [this.constant(2), args[0]]));
    const [finite, steep]: [number[], number[]] = [[], []];
    args.forEach((a, k) => {
      if (!isConstant(this.dot(a), 0)) (steepness(value, k, this.analysis) ? steep : finite).push(k);
    });
    const terms = (positions: readonly number[]): Value =>
      this.needed(() => {
        const partials = rule.partials(this.algebra, value, ...args);
        return positions.reduce(
          (sum, k) => this.simplified("add", [sum, this.product(this.dot(args[k]), partials[k])]),
          this.zero,
        );
      });
    return steep.reduce((sum, k) => {
      const test = this.flatWhere(value, k);
      const term = test ? this.unless(test, () => terms([k])) : terms([k]);
      return this.simplified("add", [sum, term]);
    }, terms(finite));
  }
  /**
   * Where a steep slope does not matter: at a zero tangent, or of a norm at zero. What is differentiated again has a
   * derivative by the tangent all the same, unless it is what has not been selected.
   */
  private flatWhere(value: Value, k: number): Value | null {
    const isZero = (v: Value): Value => this.compare("eq", v, this.zero);
    const operand = value.args[k];
    if (steepness(value, k, this.analysis) === "result") return isZero(value);
    if (!this.again) return isZero(this.dot(operand));
    const isSelected =
      operand.op === "select" ||
      (operand.op === "rule" && (operand.rule === table.max || operand.rule === table.min));
    return isSelected && isRoot(value, k) ? this.both("and", isZero(this.dot(operand)), isZero(value)) : null;
  }
  /** A term that is zero under some condition. What is differentiated again must not compute it there. */
  private unless(test: Value, term: () => Value): Value {
    if (test.op === "const") return test.constant ? this.zero : term();
    if (!this.again) {
      const value = term();
      return this.select(test, this.zero, value);
    }
    const owner = this.make("if", "number", [test]);
    const [consequent, alternate] = [new Region(this.region, owner), new Region(this.region, owner)];
    owner.branch = { consequent, alternate, merges: [] };
    const value = this.inside(alternate, term);
    const merge = this.placeholder("merge", value, null);
    owner.branch.merges.push({ value: merge, consequent: this.zero, alternate: value });
    return merge;
  }
  /** Keeps of what `write` makes what its result reads: partials are written for all operands. */
  private needed(write: () => Value): Value {
    const { values } = this.region;
    const from = values.length;
    const result = write();
    const read = new Set<Value>();
    const made = new Set(values.splice(from));
    const look = (value: Value): void => {
      if (read.has(value) || !made.has(value)) return;
      read.add(value);
      value.args.forEach(look);
    };
    look(result);
    values.push(...[...made].filter((value) => read.has(value)));
    return result;
  }
  /** The tangent of a row on all elements of a list: a loop over them. */
  private spreadTangent(value: Value): Value {
    const { rule, args } = value;
    const [list] = args;
    const isExtreme = rule === table.max || rule === table.min;
    const [sum, ties] = this.sums(list, isExtreme ? 2 : 1, (k) => {
      const x = this.load(list, null, k, { type: "number" });
      const dot = this.load(this.dot(list), null, k, { type: "number" });
      if (!isExtreme) {
        const [partial] = rule.partials(this.algebra, value, x, this.zero, this.zero);
        return [this.product(dot, partial)];
      }
      const isOne = this.compare("eq", x, value);
      return [this.select(isOne, dot, this.zero), this.select(isOne, this.constant(1), this.zero)];
    });
    return isExtreme ? this.ruleValue(table.div, [sum, ties]) : sum;
  }
  /** Sums over a list. */
  private sums(list: Value, count: number, terms: (k: Value) => Value[]): Value[] {
    const outer = this.region;
    const start = this.constant(0);
    const bound = this.length(list);
    const value = this.make("loop", "number", []);
    const head = new Region(outer, value);
    const body = new Region(outer, value);
    value.loop = { counted: null, head, test: null, body, carried: [], trips: null };
    const { loop } = value;
    const [index, ...phis] = this.inside(head, () =>
      Array.from({ length: count + 1 }, (_, k) => this.placeholder(k === 0 ? "index" : "phi", start, null)),
    );
    index.whole = true;
    for (const v of [index, ...phis]) v.loop = loop;
    (loop as { counted: typeof loop.counted }).counted = { start, bound, step: 1, comparison: "lt", index };
    const nexts = this.inside(body, () =>
      this.inside(body, () => terms(index)).map((term, k) => this.ruleValue(table.add, [phis[k], term])),
    );
    return phis.map((phi, k) => {
      const out = this.placeholder("out", phi, null);
      out.loop = loop;
      loop.carried.push({ phi, init: start, next: nexts[k], out });
      return out;
    });
  }

  // ---- memory ----

  private shadowItem(item: Value): Value {
    if (item.type === "number") return this.dot(item);
    // what carries no tangent stands for itself, and nobody reads it
    return this.dots.get(item) ?? item;
  }
  private allocation(value: Value): Value {
    const { allocation, args } = value;
    const kind = value.kind ?? numbersKind;
    const isFlat = kind.type === "list" && kind.of.type === "number";
    if (allocation.type === "literal")
      return this.allocate(
        allocation,
        kind,
        args.map((a) => this.shadowItem(a)),
      );
    if (allocation.type === "copy" && this.carries(args[0]))
      return this.allocate(allocation, kind, [this.dot(args[0])]);
    const length = allocation.type === "copy" ? this.length(args[0]) : args[0];
    return this.allocate({ type: "filled" }, kind, [length, isFlat ? this.zero : args[1]]);
  }

  // ---- branches and loops ----

  private ifTangents(value: Value, original: ReadonlySet<Value>): void {
    const { region } = this;
    const { consequent, alternate, merges } = value.branch;
    this.visit(consequent, original);
    this.visit(alternate, original);
    this.region = region;
    for (const m of merges.slice()) {
      if (!original.has(m.value) || !this.carries(m.value)) continue;
      const dot = this.placeholderOf("merge", m.value);
      this.note(m.value, dot);
      merges.push({ value: dot, consequent: this.dot(m.consequent), alternate: this.dot(m.alternate) });
    }
  }
  private loopTangents(value: Value, original: ReadonlySet<Value>): void {
    const { region } = this;
    const { head, body, carried } = value.loop;
    this.visit(head, original);
    this.visit(body, original);
    this.region = region;
    for (const c of carried.slice()) {
      if (!original.has(c.phi) || !this.carries(c.phi)) continue;
      const out = this.placeholderOf("out", c.out);
      this.note(c.out, out);
      carried.push({ phi: this.dot(c.phi), init: this.dot(c.init), next: this.dot(c.next), out });
    }
  }

  // ---- results ----

  private result(result: Result): Result {
    if (result.type === "constant") return result;
    if (result.type !== "value") return { ...result, items: result.items.map((item) => this.result(item)) };
    const { value } = result;
    const dot = this.dots.get(value);
    if (dot || value.type === "number") return { type: "value", value: dot ?? this.zero };
    const { kind } = value;
    if (kind?.type !== "list" || kind.of.type !== "number")
      throw new Refusal(
        "a part of the result depends on none of the arguments",
        "return it apart",
        this.place,
      );
    return { type: "value", value: this.allocate({ type: "filled" }, kind, [this.length(value), this.zero]) };
  }
}

function hasConstant({ args }: Value): boolean {
  return args.slice(1).some((a) => a.op === "const" || (a.op === "select" && hasConstant(a)));
}
