/**
 * Expressions of a program, written anew with as few brackets as can be.
 *
 * What: `textOf`, the text of a syntax tree in which some names stand for other expressions; `simplified` says that it
 * belongs to a derivative, where constants are multiplied together and products lose their brackets. Why only there:
 * values keep each bit that f gives them; derivatives are the same to rounding.
 */

import { numeral } from "../rules/index.ts";
import { binding, bindingOf, choice, infix, prefix, tight } from "../rules/syntax.ts";
import type { Node } from "../source/syntax.ts";

export interface Writing {
  readonly code: string;
  /** What a name stands for. */
  readonly meaning: (name: Node) => Node | null;
  readonly simplified: boolean;
  /** Whether a name stands for a whole number that is not negative. */
  readonly isCount: (name: string) => boolean;
}

const arithmetic = new Set(["+", "-", "*", "/", "%", "**", "<", "<=", ">", ">=", "===", "!=="]);

export function textOf(node: Node, writing: Writing): string {
  const text = (n: Node): string => textOf(n, writing);
  switch (node.type) {
    case "Identifier": {
      const meaning = writing.meaning(node);
      return meaning ? text(meaning) : node.name;
    }
    case "MemberExpression": {
      const isNew = node.object.type === "NewExpression";
      const object = isNew ? text(node.object) : tight(text(node.object), binding.atom);
      if (node.computed) return `${object}[${text(node.property)}]`;
      return `${object}${node.optional ? "?." : "."}${node.property.name}`;
    }
    case "CallExpression":
      if (isCut(node, writing)) return text(node.arguments[1]);
      return `${text(node.callee)}(${node.arguments.map(text).join(", ")})`;
    case "NewExpression":
      return `new ${text(node.callee)}(${node.arguments.map(text).join(", ")})`;
    case "SpreadElement":
      return `...${text(node.argument)}`;
    case "UnaryExpression":
      if (!"+-!".includes(node.operator)) break;
      return writing.simplified && node.operator === "-"
        ? product(node, writing)
        : prefix(node.operator, text(node.argument));
    case "LogicalExpression":
      if (node.operator === "??") break;
      return node.operator === "&&"
        ? infix("&&", text(node.left), text(node.right))
        : `${tight(text(node.left), binding.or)} || ${tight(text(node.right), binding.and)}`;
    case "BinaryExpression":
      if (!arithmetic.has(node.operator)) break;
      if (writing.simplified && (node.operator === "*" || node.operator === "/"))
        return product(node, writing);
      if (writing.simplified && (node.operator === "+" || node.operator === "-")) return sum(node, writing);
      return infix(node.operator, text(node.left), text(node.right));
    case "ConditionalExpression":
      return choice(text(node.test), text(node.consequent), text(node.alternate));
    case "ArrayExpression":
      return `[${node.elements.map((item: Node) => text(item)).join(", ")}]`;
    case "ObjectExpression":
      return record(node, writing);
    case "AssignmentExpression":
      return `${text(node.left)} ${node.operator} ${text(node.right)}`;
  }
  return writing.code.slice(node.start, node.end);
}

/** Whether it is the larger one of zero and a number that is no less. */
function isCut({ callee, arguments: args }: Node, { isCount }: Writing): boolean {
  if (callee.object?.name !== "Math" || callee.property.name !== "max" || args.length !== 2) return false;
  const isNumber = ({ type, value }: Node): boolean => type === "Literal" && value >= 0;
  const isNone = (n: Node): boolean =>
    (n.type === "Identifier" && isCount(n.name)) ||
    isNumber(n) ||
    (n.type === "BinaryExpression" && n.operator === "+" && isNone(n.left) && isNone(n.right));
  return args[0].value === 0 && isNone(args[1]);
}
function record(node: Node, writing: Writing): string {
  const members = node.properties.map((member: Node) => {
    if (member.type !== "Property" || member.computed) return writing.code.slice(member.start, member.end);
    const value = textOf(member.value, writing);
    const key = member.key.name ?? member.key.raw;
    return key === value ? key : `${key}: ${tight(value, binding.choice)}`;
  });
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** A sum without the brackets of sums inside of it, each term once. */
function sum(node: Node, writing: Writing): string {
  const terms = collected(termsOf(node, 1, writing));
  // a sum does not begin with a minus if it need not
  const start = Math.max(
    0,
    terms.findIndex(({ constant }) => constant > 0),
  );
  const [first, ...others] = [terms[start], ...terms.slice(0, start), ...terms.slice(start + 1)];
  const textOfTerm = ({ constant, factors }: Factors): string =>
    tight(written({ constant: Math.abs(constant), factors }), binding.product);
  return others.reduce(
    (text, term) => `${text} ${term.constant < 0 ? "-" : "+"} ${textOfTerm(term)}`,
    first.constant < 0 ? negated(textOfTerm(first)) : textOfTerm(first),
  );
}
/** Terms of the same factors as one, unless they would vanish: they may be infinite. */
function collected(terms: readonly Factors[]): Factors[] {
  const all: Factors[] = [];
  for (const { constant, factors } of terms) {
    const same = all.findIndex(
      (other) =>
        other.factors.join() === factors.join() &&
        (factors.length === 0 ? other.constant + constant !== 0 : other.constant * constant > 0),
    );
    if (same < 0) all.push({ constant, factors });
    else all[same] = { constant: all[same].constant + constant, factors };
  }
  return all;
}
function termsOf(node: Node, sign: 1 | -1, writing: Writing): Factors[] {
  const meaning = node.type === "Identifier" ? writing.meaning(node) : null;
  if (meaning) return termsOf(meaning, sign, writing);
  if (node.type === "BinaryExpression" && (node.operator === "+" || node.operator === "-"))
    return [
      ...termsOf(node.left, sign, writing),
      ...termsOf(node.right, node.operator === "-" ? (-sign as 1 | -1) : sign, writing),
    ];
  const { constant, factors } = factorsOf(node, writing);
  return [{ constant: sign * constant, factors }];
}
/** A minus may not stand before a power, and one before a sum is for all of it. */
function negated(text: string): string {
  const isPower = /^(?:[\w$.]|\[[^\]]*\]|\([^()]*\))+ \*\* /.test(text);
  return bindingOf(text) < binding.product || isPower ? `-(${text})` : `-${text}`;
}

/** A product with its constants in front. */
function product(node: Node, writing: Writing): string {
  const { constant, factors } = factorsOf(node, writing);
  const text = written({ constant: Math.abs(constant), factors });
  return constant > 0 ? text : negated(text);
}

interface Factors {
  readonly constant: number;
  readonly factors: readonly string[];
}

/** The factors of a product, whatever its brackets; a quotient counts as one unless its parts are numbers. */
function factorsOf(node: Node, writing: Writing): Factors {
  const one = (text: string): Factors => ({ constant: 1, factors: [text] });
  if (node.type === "Identifier") {
    const meaning = writing.meaning(node);
    return meaning ? factorsOf(meaning, writing) : one(node.name);
  }
  if (
    node.type === "Literal" &&
    typeof node.value === "number" &&
    Number.isFinite(node.value) &&
    node.value !== 0
  )
    return { constant: node.value, factors: [] };
  if (node.type === "UnaryExpression" && node.operator === "-") {
    const { constant, factors } = factorsOf(node.argument, writing);
    return { constant: -constant, factors };
  }
  if (node.type === "BinaryExpression" && node.operator === "*") {
    const [a, b] = [factorsOf(node.left, writing), factorsOf(node.right, writing)];
    const constant = a.constant * b.constant;
    // a constant over something else: all of it over that
    const over =
      b.factors.length === 1 && a.factors.length > 0 ? /^([\d.]+) \/ (.*)$/s.exec(b.factors[0]) : null;
    if (over && bindingOf(b.factors[0]) === binding.product) {
      const numerator = written({ constant: Number(over[1]), factors: a.factors });
      return { constant, factors: [`${numerator} / ${over[2]}`] };
    }
    if (Number.isFinite(constant) && constant !== 0)
      return { constant, factors: [...a.factors, ...b.factors] };
    return one(infix("*", textOf(node.left, writing), textOf(node.right, writing)));
  }
  if (node.type === "BinaryExpression" && node.operator === "/") return quotient(node, writing);
  return one(textOf(node, writing));
}
function quotient(node: Node, writing: Writing): Factors {
  const [a, b] = [factorsOf(node.left, writing), factorsOf(node.right, writing)];
  // what is no number stays below the line; what is one is worked out where that is exact
  const ratio = a.constant / b.constant;
  const isExact = Number.isInteger(ratio) || Number.isInteger(Math.log2(Math.abs(b.constant)));
  if (b.factors.length === 0 && a.factors.length === 0 && Number.isFinite(ratio) && ratio !== 0)
    return { constant: ratio, factors: [] };
  if (b.factors.length === 0 && Math.abs(a.constant) !== 1 && isExact)
    return { constant: ratio, factors: a.factors };
  const [above, below] = [Math.sign(a.constant), Math.sign(b.constant)];
  const numerator = written({ constant: Math.abs(a.constant), factors: a.factors });
  const denominator = written({ constant: Math.abs(b.constant), factors: b.factors });
  return { constant: above * below, factors: [infix("/", numerator, denominator)] };
}
function written({ constant, factors: [first, ...others] }: Factors): string {
  if (first === undefined) return numeral(constant);
  const start =
    constant === 1
      ? first
      : bindingOf(first) === binding.product
        ? `${numeral(constant)} * ${first}`
        : infix("*", numeral(constant), first);
  return others.reduce((text, factor) => infix("*", text, factor), start);
}
