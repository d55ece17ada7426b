/**
 * Operations and their partials as readers write them.
 *
 * What: the operation of an entry, w1 · w2, and its local partials, w2 and w1, as formulas. Why: the rule table says
 * both once; here its templates are filled and its partials run on an algebra whose values are formulas. Each formula
 * knows its number, so a partial with cases prints the case that holds at the point. Parentheses follow the binding of
 * the operators; what a template encloses by itself (an argument list, a fraction, a root) needs none.
 */
import { algebraOf } from "../rules/algebra.ts";
import type { PrimitiveName } from "../rules/names.ts";
import { fill, keptFor, type Residual, type Rule } from "../rules/rule.ts";
import { binding, bindingOf } from "../rules/syntax.ts";
import { table } from "../rules/table.ts";
import type { Entry, Operand, Tape } from "../tape/tape.ts";
import { inputName, isEntry, partialName, variable } from "./names.ts";
import { numberMaths } from "./numbers.ts";
import { escapeHtml, formula, type Maths } from "./rich.ts";

/** A formula with the number that it has at the point, and how tightly it binds. */
export interface Term extends Maths {
  readonly value: number;
  readonly binding: number;
  readonly constant: boolean;
}

/** An operand: an entry's name, or a number. */
function operandTerm(tape: Tape, operand: Operand): Term {
  return isEntry(operand)
    ? {
        ...variable(operand.entry),
        value: tape.entry(operand.entry).value,
        binding: binding.atom,
        constant: false,
      }
    : constantTerm(operand.constant);
}

/** What an entry does: `w1 · w2`, or for an input its name: `x1`. */
export function operationOf(tape: Tape, entry: Entry): Maths {
  if (entry.index < tape.inputNames.length) return inputName(tape, entry.index);
  const operands = entry.operands.map((operand) => operandTerm(tape, operand));
  const rule = ruleOf(entry);
  if (rule) return callTerm(rule, operands);
  const list = operands.flatMap((operand, j) => (j ? [", ", operand] : [operand]));
  return formula(upright(entry.operation), "(", ...list, ")");
}

/** ∂ entry / ∂ operand for each operand: `w2`, `w1`. */
export function partialsOf(tape: Tape, entry: Entry): Maths[] {
  const rule = ruleOf(entry);
  if (rule) {
    const result = { ...variable(entry.index), value: entry.value, binding: binding.atom, constant: false };
    return rule.partials(printer, result, ...entry.operands.map((operand) => operandTerm(tape, operand)));
  }
  return entry.operands.map((operand, j) =>
    isEntry(operand) ? partialName(entry.index, operand.entry) : numberMaths(entry.partials[j]),
  );
}

/** A sensitivity times a partial: `w̄4 · cos w1`. A factor of 1 is written only where `ones` asks for it. */
export function productMaths(sensitivity: Maths, partial: Maths, ones = false): Maths {
  if (!ones && partial.text === "1") return sensitivity;
  if (!ones && partial.text === "-1") return formula("−", sensitivity);
  return formula(sensitivity, " · ", asFactor(partial));
}

/** A sum, with a minus instead of a plus before a term that begins with one. */
export function sumMaths(terms: readonly Maths[]): Maths {
  return formula(
    ...terms.flatMap((term, j) => {
      if (j === 0) return [term];
      return startsWithMinus(term) ? [" − ", withoutSign(term)] : [" + ", term];
    }),
  );
}

/** A formula as the right factor of a product. */
export function asFactor(maths: Maths): Maths {
  const tightness = (maths as Partial<Term>).binding ?? binding.atom;
  return startsWithMinus(maths) || tightness <= binding.product ? formula("(", maths, ")") : maths;
}

/** What the partial by operand j reads: operands by position, the result. */
export function residualsOf(entry: Entry, j: number): readonly Residual[] {
  const rule = ruleOf(entry);
  return rule ? keptFor(rule, j, entry.operands.length) : [];
}

function ruleOf(entry: Entry): Rule | undefined {
  return table[entry.operation as PrimitiveName];
}

const printer = algebraOf<Term>({
  constant: constantTerm,
  call: (name, ...operands) => {
    const rule = table[name];
    const value = rule.value(...operands.map((operand) => operand.value));
    if (operands.every((operand) => operand.constant)) return constantTerm(value);
    return unchanged(rule, operands) ?? callTerm(rule, operands);
  },
  primal: (term) => term.value,
});

/** The operation on formulas: the row's templates, filled. */
function callTerm(rule: Rule, operands: readonly Term[]): Term {
  const tightness = operatorBinding(rule);
  const dressed = (template: string) =>
    operands.map((operand, j) =>
      fits(rule, template, j, operand, tightness) ? operand : formula("(", operand, ")"),
    );
  const text = typeset(rule.text);
  const page = escapeHtml(text).replace(/ \*\* \{1\}/, "<sup>{1}</sup>");
  const inText = dressed(text);
  const inPage = dressed(page);
  return {
    text: fill(
      text,
      inText.map((operand) => operand.text),
    ),
    html: fill(
      page,
      inPage.map((operand) => operand.html),
    )
      .replace(/^-/, "−")
      .replaceAll(" - ", " − "),
    math: fill(
      rule.latex,
      dressed(rule.latex).map((operand) => operand.math),
    ),
    value: rule.value(...operands.map((operand) => operand.value)),
    binding: tightness,
    constant: false,
  };
}

/** How tightly an operation binds: as its operator; a function with its operand behind it, `sin w1`, as a sign does. */
function operatorBinding(rule: Rule): number {
  if (rule.operator) return bindingOf(rule.code(...["a", "b"].slice(0, Number(rule.arity))));
  return /\{0\}$/.test(rule.text) ? binding.unary : binding.atom;
}

/** Whether an operand can stand in its place without parentheses. */
function fits(rule: Rule, template: string, j: number, operand: Term, tightness: number): boolean {
  const place = template.includes("{*}") ? "{*}" : `{${j}}`;
  const at = template.indexOf(place);
  const before = template.slice(0, at);
  const after = template.slice(at + place.length);
  if (/[([{|>]$/.test(before) || /^[)\]}|]/.test(after) || (rule.arity === 1 && after)) return true;
  if (!rule.operator) return operand.binding >= binding.atom;
  if (rule.arity === 1) return operand.binding >= binding.product && !startsWithMinus(operand);
  if (j > 0) return operand.binding > tightness && !startsWithMinus(operand);
  const openRight = operand.binding === binding.unary && !startsWithMinus(operand);
  return (
    operand.binding >= (tightness === binding.power ? binding.atom : tightness) &&
    !(openRight && tightness > binding.sum)
  );
}

// Points at which an operation shows whether it leaves an operand as it is: x ** 1, 1 · x, x - 0.
const probes = [-1e300, -2.7, 0.3, 1e300];

/** The only operand that varies, when the operation with these constants leaves it as it is. */
function unchanged(rule: Rule, operands: readonly Term[]): Term | undefined {
  const varying = operands.filter((operand) => !operand.constant);
  if (varying.length !== 1 || operands.length === 1) return undefined;
  const at = (x: number) => rule.value(...operands.map((operand) => (operand.constant ? operand.value : x)));
  return probes.every((x) => at(x) === x) ? varying[0] : undefined;
}

/** Signs as mathematics writes them. */
function typeset(template: string): string {
  return template.replace(/(?<!\*)\*(?![*}])/g, "·");
}

function startsWithMinus({ text }: Maths): boolean {
  return /^[-−]/.test(text);
}

function constantTerm(value: number): Term {
  return { ...numberMaths(value), value, binding: value < 0 ? binding.unary : binding.atom, constant: true };
}

function withoutSign(term: Maths): Maths {
  return {
    text: term.text.replace(/^[-−]/, ""),
    html: term.html.replace(/^[-−]/, ""),
    math: term.math.replace(/^-/, ""),
  };
}

function upright(name: string): Maths {
  const math = /^\p{L}/u.test(name)
    ? `\\operatorname{${name.replace(/[^\p{L}\p{N}]/gu, "")}}`
    : formula(name).math;
  return { text: name, html: escapeHtml(name), math };
}
