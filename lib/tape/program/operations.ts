/**
 * Operations of a recording program: arithmetic, comparisons, logic, and the functions of Math.
 *
 * What: an operation computes its value in place and, if an operand is traced, makes an entry of the Wengert list whose
 * partials are the text that the rule table writes; everything else is asked of the recorder.
 */
import { type PrimitiveName, table } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { partialsOf } from "./partials.ts";
import { type Key, mark, type Pair, series, Writer } from "./writer.ts";

export const arithmetic: Record<string, PrimitiveName> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "**": "pow",
};

/** Functions of Math that are recorded in place, with their number of arguments. */
const directMath: Partial<Record<PrimitiveName, number>> = {
  abs: 1,
  acos: 1,
  acosh: 1,
  asin: 1,
  asinh: 1,
  atan: 1,
  atanh: 1,
  cbrt: 1,
  cos: 1,
  cosh: 1,
  exp: 1,
  expm1: 1,
  fround: 1,
  log: 1,
  log10: 1,
  log1p: 1,
  log2: 1,
  sin: 1,
  sinh: 1,
  sqrt: 1,
  tan: 1,
  tanh: 1,
  atan2: 2,
  pow: 2,
  hypot: 2,
  max: 2,
  min: 2,
};

/** Expressions that may yield an object. */
const objectForms = new Set(
  (
    "MemberExpression CallExpression NewExpression ThisExpression AssignmentExpression ConditionalExpression " +
    "LogicalExpression SequenceExpression ChainExpression AwaitExpression YieldExpression ArrayExpression ObjectExpression"
  ).split(" "),
);

/** The test whether one of several values is traced; empty where none can be. */
const traced = (pairs: readonly Pair[]): string =>
  series(
    pairs.filter((p) => p.h !== "0"),
    " || ",
    (p) => `${p.h} !== 0`,
  );

export abstract class OperationWriter extends Writer {
  /** A key that must not be traced. */
  protected abstract keyValue(node: Node): string;
  /** The property of a member expression: code that evaluates a computed key, how to access it, and its value. */
  protected abstract key(node: Node): { setup: string; key: Key };
  protected arithmetic(node: Node, name: PrimitiveName, operator: string, left: Node, right: Node): Pair {
    const { pairs, setup } = this.operands([left, right]);
    const plain = this.isNumber(left) && this.isNumber(right);
    return this.combine(
      node,
      name,
      operator,
      setup,
      pairs[0],
      pairs[1],
      plain,
      this.noObject([left, right], pairs),
    );
  }

  /**
   * Tests that pass when no operand is an object, each followed by `&&`. JavaScript would convert it to a number, and
   * the elements of an array argument are plain numbers.
   */
  protected noObject(nodes: Node[], pairs: Pair[]): string {
    return series(nodes, "", (n, k) => (this.mayBeObject(n) ? `typeof ${pairs[k].v} !== "object" && ` : ""));
  }

  protected combine(
    node: Node,
    name: PrimitiveName,
    operator: string,
    setup: string,
    a: Pair,
    b: Pair,
    plain: boolean,
    noObject: string,
  ): Pair {
    const value = `${a.v} ${operator} ${b.v}`;
    if (a.h === "0" && b.h === "0") {
      if (plain) return { v: `(${setup}${value})`, h: "0" };
      const t = this.frame.temp();
      const code = `${setup}${t} = ${value}, ${noObject}${this.w}.texts === 0 || ${mark(node)}${this.w}.untraced(${t}, ${a.v}, ${b.v})`;
      return { v: `(${code}, ${t})`, h: "0", code, t };
    }
    const active = traced([a, b]);
    return this.into(
      (t, h) =>
        `${setup}${t} = ${value}, ${h} = ${active} ? ${this.entry(node, name, [a, b], t, noObject)} : ` +
        `${noObject}${this.w}.texts === 0 ? 0 : ${this.w}.untraced(${t}, ${a.v}, ${b.v})`,
    );
  }

  /** Text that records an operation: in place where its partials are short, else by the recorder's method. */
  protected entry(node: Node, name: PrimitiveName, operands: Pair[], t: string, noObject: string): string {
    const all = `${mark(node)}${this.w}.${name}(${series(operands, ", ", (p) => `${p.v}, ${p.h}`)}, ${t})`;
    const rule = table[name];
    const partials = partialsOf(
      name,
      t,
      operands.map((p) => p.v),
    );
    const guarded = rule.operator === null && rule.mathName !== null;
    if (operands.some((p, k) => p.h !== "0" && partials[k].length > 90) || name === "rem") return all;
    const k = this.frame.temp();
    const list = `${this.w}.list`;
    const writes = series(operands, "", (p, j) =>
      p.h === "0" ? "" : `${list}.partials[${k}${j ? ` + ${j}` : ""}] = ${partials[j]}, `,
    );
    const [i0, i1] = [operands[0].h, operands[1]?.h ?? "0"];
    // a sum of text is text; a function of Math may have been replaced
    const check =
      name === "add"
        ? `typeof ${t} === "number" && `
        : guarded
          ? `Math.${name} === ${this.w}.mathematics.${name} && `
          : "";
    return `${check}${noObject}(${k} = ${list}.reserve(${i0}, ${i1})) >= 0 ? (${writes}${list}.last) : ${all}`;
  }

  protected unary(node: Node): Pair {
    const { operator, argument } = node;
    if (operator === "typeof" && argument.type === "Identifier" && !this.binding(argument))
      return {
        v: `(typeof ${argument.name} === "undefined" ? "undefined" : typeof ${this.value(argument)})`,
        h: "0",
      };
    if (operator === "delete") {
      if (argument.type === "ChainExpression" || argument.type !== "MemberExpression")
        return { v: `(delete ${this.source(argument)})`, h: "0" };
      const o = this.frame.temp();
      const { setup, key } = this.key(argument);
      return {
        v: `(${o} = ${this.value(argument.object)}, ${setup}${this.w}.noteWrite(${o}), delete ${o}${key.access})`,
        h: "0",
      };
    }
    if (operator === "-" || operator === "+") {
      const { setup, pairs } = this.operands([argument]);
      const [a] = pairs;
      const noObject = this.noObject([argument], pairs);
      if (a.h === "0" && this.isNumber(argument)) return { v: `(${setup}${operator} ${a.v})`, h: "0" };
      return this.into((t, h) => {
        const recorded = operator === "+" ? a.h : this.entry(node, "neg", [a], t, noObject);
        return (
          `${setup}${t} = ${operator} ${a.v}, ${h} = ${a.h === "0" ? "" : `${a.h} !== 0 ? ${recorded} : `}` +
          `${noObject}${this.w}.texts === 0 ? 0 : ${mark(node)}${this.w}.untraced(${t}, ${a.v}, 0)`
        );
      });
    }
    return { v: `(${operator} ${this.value(argument)})`, h: "0" };
  }

  protected mayBeObject(node: Node): boolean {
    if (node.type === "Identifier")
      return node.name !== "undefined" && this.binding(node)?.activity !== "number";
    if (node.type === "CallExpression" && node.callee.object?.name === "Math") return false;
    return objectForms.has(node.type);
  }

  protected binary(node: Node): Pair {
    const name = arithmetic[node.operator];
    if (name) return this.arithmetic(node, name, node.operator, node.left, node.right);
    if (node.left.type === "PrivateIdentifier")
      return { v: `(${this.source(node.left)} in ${this.value(node.right)})`, h: "0" };
    if (node.operator === "in") {
      const key = this.choice(this.pair(node.left), () => `${mark(node)}${this.w}.tracedKey()`);
      return { v: `(${key} in ${this.value(node.right)})`, h: "0" };
    }
    const { setup, pairs } = this.operands([node.left, node.right]);
    const [a, b] = pairs.map((p) => p.v);
    if (node.operator === "instanceof")
      return { v: `(${setup}${mark(node)}${this.w}.instance(${a}, ${b}))`, h: "0" };
    const compared = `${a} ${node.operator} ${b}`;
    if (/^[=!]==?$/.test(node.operator) && [node.left, node.right].every((n) => this.mayBeObject(n))) {
      // the copies of one argument count as one object
      const same = `typeof ${a} === "object" && typeof ${b} === "object" && ${this.w}.same(${a}, ${b})`;
      return {
        v:
          node.operator[0] === "="
            ? `(${setup}${compared} || ${same})`
            : `(${setup}${compared} && !(${same}))`,
        h: "0",
      };
    }
    return { v: `(${setup}${compared})`, h: "0" };
  }

  protected logical(node: Node): Pair {
    const a = this.pair(node.left);
    const b = this.pair(node.right);
    if (a.h === "0" && b.h === "0") return { v: `(${a.v} ${node.operator} ${b.v})`, h: "0" };
    return this.into(
      (t, h) => `(${t} = ${a.v}, ${h} = ${a.h}, ${t}) ${node.operator} (${t} = ${b.v}, ${h} = ${b.h}, ${t})`,
    );
  }

  /** `Math.sin(x)` and its like, without the way through the table of native functions. */
  protected intrinsic(node: Node): Pair | null {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.computed) return null;
    if (callee.object.type !== "Identifier" || callee.object.name !== "Math" || this.binding(callee.object))
      return null;
    const name: PrimitiveName = callee.property.name;
    const arity = directMath[name];
    if (
      !arity ||
      node.arguments.length !== arity ||
      node.arguments.some((a: Node) => a.type === "SpreadElement")
    )
      return null;
    const { setup, pairs } = this.operands(node.arguments);
    const noObject = this.noObject(node.arguments, pairs);
    const values = series(pairs, ", ", (p) => p.v);
    const active = traced(pairs);
    const call = `Math.${name}(${values})`;
    if (active === "" && node.arguments.every((a: Node) => this.isNumber(a)))
      return { v: `(${setup}${call})`, h: "0" };
    return this.into(
      (t, h) =>
        `${setup}${t} = ${call}, ${h} = ${active ? `${active} ? ${this.entry(node, name, pairs, t, noObject)} : ` : ""}` +
        `${noObject}${this.w}.texts === 0 ? 0 : ${mark(node)}${this.w}.untraced(${t}, ${pairs[0].v}, ${pairs[1]?.v ?? 0})`,
    );
  }
}
