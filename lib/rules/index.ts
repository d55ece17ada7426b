/**
 * The ground floor's contents: the table of elementary operations, and what its rows are read with.
 */

import { comparisons } from "./comparisons.ts";
import type { ComparisonName } from "./names.ts";
import type { Rule } from "./rule.ts";
import { table } from "./table.ts";

export {
  type Algebra,
  algebraOf,
  algebraOn,
  type Condition,
  type Foundation,
} from "./algebra.ts";
export { codeAlgebra, codeAlgebraWith, numeral } from "./code.ts";
export { type Comparison, comparisons } from "./comparisons.ts";
export { erf, erfc } from "./erf.ts";
export { digamma, lgamma, polygamma } from "./gamma.ts";
export { log1mexp, log1pexp, logistic, logit, logsumexp, xlog1py, xlogy } from "./logarithms.ts";
export type {
  ArithmeticName,
  ComparisonName,
  MathName,
  NumericsName,
  PrimitiveName,
} from "./names.ts";
export { numberAlgebra, strongProduct } from "./numbers.ts";
export {
  type Derivative,
  type Domain,
  fill,
  keptFor,
  type Residual,
  type Rule,
} from "./rule.ts";
export { table } from "./table.ts";

const rules: readonly Rule[] = Object.values(table);
const byMathName = new Map(rules.map((rule) => [rule.mathName, rule]));
const byOperator = new Map(rules.map((rule) => [`${rule.operator} ${rule.arity}`, rule]));
const byFunction = new Map<unknown, Rule>(rules.map((rule) => [rule.value, rule])).set(Math.pow, table.pow);

/** The row of a property of `Math`, by its name: `ruleOfMath("sin")`. */
export function ruleOfMath(name: string): Rule | undefined {
  return byMathName.get(name);
}

/** The row of an operator: `ruleOfOperator("-", 2)` is `sub`, `ruleOfOperator("-", 1)` is `neg`. */
export function ruleOfOperator(operator: string, arity: 1 | 2): Rule | undefined {
  return byOperator.get(`${operator} ${arity}`);
}

/** The row of a function, by identity: `ruleOfFunction(Math.sin)`, also through `const { sin } = Math`. */
export function ruleOfFunction(f: unknown): Rule | undefined {
  return byFunction.get(f);
}

/** The comparison with that operator; `==` and `!=` of two numbers are `===` and `!==`. */
export function comparisonOfOperator(operator: string): ComparisonName | undefined {
  const strict = operator === "==" || operator === "!=" ? `${operator}=` : operator;
  return (Object.keys(comparisons) as ComparisonName[]).find((name) => comparisons[name].operator === strict);
}
