/**
 * Making values: the lowest layer of the lowering.
 *
 * What: one method for each kind of value, which works out what is known already. Everything goes into the region that
 * is open; the statement that is being lowered is noted, for comments and errors.
 */
import { type ComparisonName, comparisons, type Rule, table } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { type Allocation, type Input, Region, type Type, Value } from "../ir.ts";
import { booleanKind, type Kind, numberKind } from "../kinds.ts";

/** Programs of more values than this are left to the tape. */
const mostValues = 20_000;

/** More values than a program may have; the lowering takes another way. */
export class TooLarge extends Error {}

export class Builder {
  region = new Region(null, null);
  /** The body of the function itself. */
  protected readonly main = this.region;
  statement: Node | null = null;
  protected made = 0;
  /** How many may be made; fewer in what is written out again. */
  protected most = mostValues;

  protected make(op: Value["op"], type: Type, args: Value[]): Value {
    if (this.made++ > this.most) throw new TooLarge();
    const value = new Value(op, type, args);
    value.region = this.region;
    value.statement = this.statement;
    this.region.values.push(value);
    return value;
  }

  constant(constant: number | boolean): Value {
    const value = this.make("const", typeof constant as "number" | "boolean", []);
    value.constant = constant;
    value.whole = Number.isInteger(constant);
    return value;
  }
  inputValue(input: Input): Value {
    const type = typeOf(input.kind);
    const value = this.make("input", type, []);
    value.input = input;
    value.kind = input.kind;
    return value;
  }
  ruleValue(rule: Rule, args: Value[]): Value {
    if (args.every((a) => a.op === "const"))
      return this.constant(rule.value(...args.map((a) => a.constant as number)));
    const [a, b] = args;
    if (rule === table.neg && a.op === "rule" && a.rule === table.neg) return a.args[0];
    if (rule === table.mul && (isConstant(a, 1) || isConstant(b, 1))) return isConstant(a, 1) ? b : a;
    if ((rule === table.div || rule === table.pow) && isConstant(b, 1)) return a;
    if (rule === table.sub && isConstant(b, 0)) return a;
    const value = this.make("rule", "number", args);
    value.rule = rule;
    value.whole =
      ((rule === table.add || rule === table.sub || rule === table.mul || rule === table.neg) &&
        args.every((x) => x.whole)) ||
      rule === table.floor ||
      rule === table.ceil ||
      rule === table.round ||
      rule === table.trunc;
    return value;
  }
  spread(rule: Rule, list: Value): Value {
    const value = this.make("spread", "number", [list]);
    value.rule = rule;
    return value;
  }
  compare(comparison: ComparisonName, a: Value, b: Value): Value {
    if (a.op === "const" && b.op === "const")
      return this.constant(comparisons[comparison].value(a.constant as number, b.constant as number));
    const value = this.make("compare", "boolean", [a, b]);
    value.comparison = comparison;
    return value;
  }
  not(a: Value): Value {
    if (a.op === "const") return this.constant(!a.constant);
    return a.op === "not" ? a.args[0] : this.make("not", "boolean", [a]);
  }
  both(op: "and" | "or", a: Value, b: Value): Value {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ])
      if (x.op === "const") return x.constant === (op === "and") ? y : x;
    return this.make(op, "boolean", [a, b]);
  }
  select(test: Value, then: Value, otherwise: Value): Value {
    if (test.op === "const") return test.constant ? then : otherwise;
    if (then === otherwise) return then;
    const value = this.make("select", then.type, [test, then, otherwise]);
    value.whole = then.whole && otherwise.whole;
    return value;
  }
  passive(type: "number" | "boolean", args: Value[], write: Value["write"], whole = false): Value {
    const value = this.make("passive", type, args);
    value.write = write;
    value.whole = whole;
    return value;
  }
  load(pointer: Value, key: string | null, index: Value | null, kind: Kind): Value {
    const type = typeOf(kind);
    const value = this.make("load", type, index ? [pointer, index] : [pointer]);
    value.key = key;
    value.kind = kind;
    return value;
  }
  length(pointer: Value): Value {
    // arguments do not become longer: their length is computed once
    if (pointer.op === "input")
      for (let region: Region | null = this.region; region; region = region.parent)
        for (const value of region.values)
          if (value.op === "length" && value.args[0] === pointer) return value;
    const value = this.make("length", "number", [pointer]);
    value.whole = true;
    return value;
  }
  store(pointer: Value, key: string | null, index: Value | null, item: Value): Value {
    const value = this.make("store", "number", index ? [pointer, index, item] : [pointer, item]);
    value.key = key;
    return value;
  }
  push(pointer: Value, item: Value): Value {
    return this.make("push", "number", [pointer, item]);
  }
  allocate(allocation: Allocation, kind: Kind, args: Value[]): Value {
    const value = this.make("allocate", "pointer", args);
    value.allocation = allocation;
    value.kind = kind;
    return value;
  }
  bail(parts: Value[] = []): Value {
    return this.make("bail", "number", parts);
  }
  /** A value that stands for itself: a phi, a merge, the counter of a loop, a parameter. */
  placeholder(
    op: "phi" | "out" | "merge" | "index" | "param" | "result",
    like: Value,
    name: string | null,
  ): Value {
    const value = this.make(op, like.type, []);
    value.kind = like.kind;
    value.name = name;
    return value;
  }
  /** Runs `write` with another region open. */
  inside<T>(region: Region, write: () => T): T {
    const before = this.region;
    this.region = region;
    try {
      return write();
    } finally {
      this.region = before;
    }
  }
}

export function isConstant(value: Value, constant: number | boolean): boolean {
  return value.op === "const" && value.constant === constant;
}

function typeOf(kind: Kind): Type {
  return kind.type === "number" || kind.type === "boolean" || kind.type === "text" ? kind.type : "pointer";
}

export function kindOfValue(value: Value): Kind {
  if (value.type === "pointer" || value.type === "text") return value.kind as Kind;
  return value.type === "number" ? numberKind : booleanKind;
}
