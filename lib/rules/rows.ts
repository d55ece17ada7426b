/**
 * How rows are written: one maker for each shape of row, one for each kind of derivative.
 *
 * Why: what follows need not be said. Who says that an operation is bilinear has said its partials, and what they read;
 * text, LaTeX and code of a function follow from its name. What does not follow has to be said: each maker asks for all
 * of its columns. Reference: `deflinear` and `defbilinear` in JAX's interpreter of derivatives, for the idea.
 */
import type { Algebra } from "./algebra.ts";
import type { PrimitiveName } from "./names.ts";
import type { Derivative, Domain, Rule } from "./rule.ts";
import { infix, invoke, prefix } from "./syntax.ts";

/** y = Σ cᵢ xᵢ. */
export function linear(...coefficients: number[]): Derivative {
  return {
    kind: "linear",
    keeps: coefficients.map(() => []),
    partials: (A) => coefficients.map((c) => A.constant(c)),
  };
}

/** y = x₀ x₁. */
export const bilinear: Derivative = {
  kind: "bilinear",
  keeps: [[1], [0]],
  partials: (_A, _y, x0, x1) => [x1, x0],
};

/** Constant between jumps. */
export const step: Derivative = {
  kind: "step",
  keeps: [[]],
  partials: (A, _y, ...x) => x.map(() => A.constant(0)),
};

/** A slope that is a formula of the only operand. */
export function ofOperand(slope: <T>(A: Algebra<T>, x: T) => T): Derivative {
  return formula([[0]], (A, _y, x) => [slope(A, x)]);
}

/** A slope that is a formula of the result. */
export function ofResult(slope: <T>(A: Algebra<T>, y: T) => T): Derivative {
  return formula([["result"]], (A, y) => [slope(A, y)]);
}

/** Partials by formula, with what they read. */
export function formula(keeps: Derivative["keeps"], partials: Derivative["partials"]): Derivative {
  return { kind: "formula", keeps, partials };
}

type Range = Domain["ranges"][number];
type Value = Rule["value"];

/** What the author of a row writes; the rest follows from its name. LaTeX null: the name, upright. */
interface Row extends Derivative {
  readonly arity: Rule["arity"];
  readonly operator: string | null;
  readonly value: Value;
  readonly latex: string | null;
  readonly mathjs: string | null;
  readonly flops: number;
  readonly domain: Domain;
}

/** The columns that have to be said, in their order. */
type Columns<Ranges, Points> = [
  value: Value,
  latex: string | null,
  mathjs: string | null,
  flops: number,
  ranges: Ranges,
  points: Points,
  derivative: Derivative,
];

function row(
  arity: Rule["arity"],
  operator: string | null,
  ...[value, latex, mathjs, flops, ranges, points, derivative]: Columns<Range[], number[][]>
): Row {
  return { arity, operator, value, latex, mathjs, flops, domain: { ranges, points }, ...derivative };
}

/** An operator, with a range for each operand. */
export function operator(sign: string, ...columns: Columns<Range[], number[][]>): Row {
  const ranges = columns[4];
  return row(ranges.length, sign, ...columns);
}

/** A function of one operand. */
export function unary(
  ...[value, latex, mathjs, flops, range, points, derivative]: Columns<Range, number[]>
): Row {
  return row(
    1,
    null,
    value,
    latex,
    mathjs,
    flops,
    [range],
    points.map((x) => [x]),
    derivative,
  );
}

/** A function of two operands. */
export function binary(...columns: Columns<[Range, Range], number[][]>): Row {
  return row(2, null, ...columns);
}

/** A function of any number of operands, all from one range. */
export function variadic(
  ...[value, latex, mathjs, flops, range, points, derivative]: Columns<Range, number[][]>
): Row {
  return row("variadic", null, value, latex, mathjs, flops, [range], points, derivative);
}

/** Completes rows by what follows from their names. */
export function tabulate<N extends PrimitiveName>(
  rows: { [Name in N]: Row },
): {
  readonly [Name in N]: Rule;
} {
  const complete = Object.entries<Row>(rows).map(([name, row]) => {
    const mathName = name in Math ? name : null;
    const text = shape(row, name);
    const latex = row.latex ?? shape(row, `\\operatorname{${name}}`);
    return [
      name,
      { ...row, name, mathName, text, latex, code: writer(row, mathName ? `Math.${name}` : name) },
    ];
  });
  return Object.fromEntries(complete);
}

/** The operation as a template, with a name for the function. */
function shape({ operator, arity }: Row, name: string): string {
  if (operator !== null) return arity === 1 ? `${operator}{0}` : `{0} ${operator} {1}`;
  if (arity === 1) return `${name} {0}`;
  return arity === 2 ? `${name}({0}, {1})` : `${name}({*})`;
}

/** The operation as JavaScript text. */
function writer({ operator, arity }: Row, name: string): Rule["code"] {
  if (operator === null) return (...operands) => invoke(name, operands);
  return arity === 1 ? (x) => prefix(operator, x) : (x, y) => infix(operator, x, y);
}
