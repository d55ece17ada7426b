/**
 * Slopes that may be infinite where the value is not: the root of zero.
 *
 * What: `steepness`, which says what a program has to ask there, so that 0 · ∞ is 0, as on the tape: a
 * zero adjoint goes no further, and the root of a sum of squares (a norm) has no slope at zero, since each square has
 * none. Why by the table: a row is steep if a point of its sample domain is. Reference: Griewank & Walther (2008),
 * chapter 14.
 */
import { numberAlgebra, type Rule, table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import type { Value } from "./ir.ts";

/** What keeps the slope by operand k from mattering: a zero adjoint, or a zero result; null where it is always finite. */
export function steepness(value: Value, k: number, analysis: Analysis): "adjoint" | "result" | null {
  const { rule, args } = value;
  if (rule.arity === "variadic" || !isSteep(rule, k, args)) return null;
  // what is divided by zero is infinite itself
  const users = analysis.usersOf(value);
  const isResult = analysis.isResult(value);
  if (!isResult && users.length > 0 && users.every((user) => isDivisor(value, user))) return null;
  const sum = squares(args[k], analysis, new Set());
  if (sum === "positive") return null;
  return sum === "any" && isRoot(value, k) ? "result" : "adjoint";
}
/** Whether a row is zero where operand k is. */
export function isRoot({ rule, args }: Value, k: number): boolean {
  return rule.value(...args.map((a, j) => (j === k ? 0 : constantOf(a)))) === 0;
}

/** Whether a row is steep, where none of its operands is a constant. */
const steepRows = new Map<Rule, boolean[]>();

function isSteep(rule: Rule, k: number, args: readonly Value[]): boolean {
  if (args.some((a) => a.op === "const")) return isSteepAt(rule, k, args);
  let steep = steepRows.get(rule);
  if (!steep) {
    steep = args.map((_, j) => isSteepAt(rule, j, args));
    steepRows.set(rule, steep);
  }
  return steep[k];
}
function isSteepAt(rule: Rule, k: number, args: readonly Value[]): boolean {
  return rule.domain.points.some((point) => {
    const xs = point.map((x, j) => (args[j].op === "const" ? constantOf(args[j]) : x));
    const y = rule.value(...xs);
    return Number.isFinite(y) && Math.abs(rule.partials(numberAlgebra, y, ...xs)[k]) === Infinity;
  });
}
function isDivisor(value: Value, { op, rule, args }: Value): boolean {
  return op === "rule" && rule === table.div && args[1] === value && args[0] !== value;
}
const constantOf = (value: Value): number => (value.op === "const" ? Number(value.constant) : Number.NaN);

/** Whether a value is a sum of squares, which is zero only where each of them is; null where it may be another one. */
function squares(value: Value, analysis: Analysis, around: Set<Value>): "any" | "positive" | null {
  const all = (...values: Value[]): "any" | "positive" | null => {
    const kinds = values.map((v) => squares(v, analysis, around));
    if (kinds.includes(null)) return null;
    return kinds.includes("positive") ? "positive" : "any";
  };
  const { args } = value;
  switch (value.op) {
    case "const":
      return constantOf(value) > 0 ? "positive" : constantOf(value) === 0 ? "any" : null;
    case "phi":
    case "out": {
      if (around.has(value)) return "any";
      around.add(value);
      const { init, next } = value.loop.carried.find((c) => c.phi === value || c.out === value)!;
      around.add(value.loop.carried.find((c) => c.init === init && c.next === next)!.phi);
      return all(init, next);
    }
    case "rule": {
      const [a, b] = args;
      if (value.rule === table.add) return all(a, b);
      if (value.rule === table.abs || (value.rule === table.mul && a === b)) return "any";
      if (value.rule === table.pow) return constantOf(b) > 0 && constantOf(b) % 2 === 0 ? "any" : null;
      // a factor that has no derivative, or is zero, passes none on
      const isFactor = (v: Value): boolean => !analysis.isActive(v);
      if (value.rule === table.div) return squares(a, analysis, around) && "any";
      if (value.rule === table.mul && isFactor(a)) return squares(b, analysis, around) && "any";
      if (value.rule === table.mul && isFactor(b)) return squares(a, analysis, around) && "any";
    }
  }
  return null;
}
