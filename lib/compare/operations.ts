/**
 * What derivatives cost in operations.
 *
 * What: the floating-point operations of f, of the reverse sweep and of one forward sweep, counted from a tape with the
 * costs of the rule table. Why: the theory bounds counts ("no more than five times the function"), and a count is the
 * same on every machine. A partial is counted by running its formula on an algebra that notes each operation; what the
 * sweep doesn't need (the slope in a constant exponent) is not counted, and a factor of 1 or -1 is no multiplication.
 * Reference: Griewank & Walther, Evaluating Derivatives (2008), sections 3.1 to 3.3.
 */
import { algebraOf, type PrimitiveName, type Rule, table } from "../rules/index.ts";
import type { Entry, Tape } from "../tape/tape.ts";
import { complexFlops } from "./complex.ts";

export interface OperationCounts {
  /** One evaluation of f. */
  readonly primal: number;
  /** The partials of all operations at one point. */
  readonly partials: number;
  /** What the reverse sweep adds: products and sums of adjoints. */
  readonly reverseSweep: number;
  /** What one forward sweep adds: products and sums of tangents. */
  readonly forwardSweep: number;
  /** One evaluation of f in complex arithmetic. */
  readonly complex: number;
}

export function countOperations(tape: Tape): OperationCounts {
  let primal = 0;
  let partials = 0;
  let reverseSweep = 0;
  let forwardSweep = 0;
  const values = new Float64Array(tape.length);
  for (let k = 0; k < tape.length; k++) {
    const entry = tape.entry(k);
    values[k] = entry.value;
    if (k < tape.inputNames.length) continue;
    const rule = table[entry.operation as PrimitiveName] as Rule | undefined;
    primal += rule
      ? rule.arity === "variadic"
        ? rule.flops * entry.operands.length
        : rule.flops
      : entry.operands.length;
    const needed = neededPartials(entry, rule, values);
    partials += needed.flops;
    forwardSweep += needed.factors + Math.max(0, needed.terms - 1);
    reverseSweep += needed.factors + needed.terms;
  }
  return { primal, partials, reverseSweep, forwardSweep, complex: complexFlops(tape) };
}

interface Needed {
  /** Operations to compute the partials by active operands. */
  readonly flops: number;
  /** Partials that are neither 0 nor ±1 by rule: a multiplication each. */
  readonly factors: number;
  /** Partials that are not 0 by rule: an addition each. */
  readonly terms: number;
}

/** A number of a partial's formula, and what it was made from. */
interface Node {
  readonly value: number;
  readonly flops: number;
  readonly constant: boolean;
  readonly parts: readonly Node[];
}

const leaf = (value: number, constant: boolean): Node => ({ value, flops: 0, constant, parts: [] });

const counting = algebraOf<Node>({
  constant: (value) => leaf(value, true),
  call: (name, ...parts) => {
    const { arity, flops, value } = table[name];
    const constant = parts.every((part) => part.constant);
    return {
      value: value(...parts.map((part) => part.value)),
      flops: constant ? 0 : arity === "variadic" ? flops * parts.length : flops,
      constant,
      parts,
    };
  },
  primal: (node) => node.value,
});

function neededPartials(entry: Entry, rule: Rule | undefined, values: Float64Array): Needed {
  const active = entry.operands.flatMap((operand, j) => ("entry" in operand ? [j] : []));
  if (!rule) return { flops: 0, factors: active.length, terms: active.length };
  const operands = entry.operands.map((operand) =>
    "entry" in operand ? leaf(values[operand.entry], false) : leaf(operand.constant, true),
  );
  const partials = rule.partials(counting, leaf(entry.value, false), ...operands);
  const seen = new Set<Node>();
  let flops = 0;
  let factors = 0;
  let terms = 0;
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    flops += node.flops;
    node.parts.forEach(visit);
  };
  for (const j of active) {
    const partial = partials[j];
    visit(partial);
    if (partial.constant && partial.value === 0) continue;
    terms++;
    if (!(partial.constant && Math.abs(partial.value) === 1)) factors++;
  }
  return { flops, factors, terms };
}
