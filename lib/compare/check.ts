/**
 * A gradient check.
 *
 * What: `checkGrads` compares a function's derivatives with each other and with central differences, to several orders:
 * ⟨u, Jv⟩ against ⟨Jᵀu, v⟩ for random u and v, the reverse Jacobian against the forward one number by number, and both
 * against differences; then the same for the gradient of ⟨u, f⟩. Why: errors in two independent derivations seldom agree, and
 * a mismatch is worth most with the place where it stands. Reference: Griewank & Walther (2008), section 3.2 (the dot
 * product identity); `check_grads` of HIPS autograd, for the idea.
 */
import { checkFunction, checkOptions } from "../derive/arguments.ts";
import { jacobian, jvp, vjp } from "../derive/index.ts";
import type { AnyFunction, Options, Wrt } from "../derive/types.ts";
import { Showable } from "../showable.ts";
import { WengertError } from "../source/positions.ts";
import { handleAt, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { differenceColumns, schemes } from "./differences.ts";
import { numbersOf, outputOf, type Point, pointOf } from "./point.ts";

export interface CheckOptions {
  /** Which arguments to differentiate by, as for `grad`. */
  readonly wrt?: Wrt;
  /** To which order derivatives are checked: 2 by default. */
  readonly order?: number;
  /** The relative difference allowed between the modes; 1e-9 by default. */
  readonly tolerance?: number;
  /** The difference allowed from central ones, by the largest of a row, f's value and 1; 1e-5 by default. */
  readonly differenceTolerance?: number;
}

/** One comparison that was made. */
export interface Check {
  readonly order: number;
  readonly what: string;
  /** Numbers compared, and the largest relative difference among them. */
  readonly count: number;
  readonly worst: number;
}

/** What a gradient check compared; all of it agreed. */
export class CheckReport extends Showable {
  constructor(
    readonly name: string,
    readonly checks: readonly Check[],
  ) {
    super();
  }
  override toString(): string {
    const orders = Math.max(...this.checks.map(({ order }) => order));
    const count = this.checks.reduce((sum, check) => sum + check.count, 0);
    return `derivatives of ${this.name || "f"} agree to order ${orders}: ${count} numbers compared`;
  }
}

/**
 * Checks the derivatives of f at a point; throws at the first number that differs, and names it.
 *
 * @example
 * checkGrads((x: number, y: number) => x * Math.sin(y))(2, 3)
 */
export function checkGrads<P extends unknown[]>(
  f: (...args: P) => unknown,
  options?: CheckOptions,
): (...args: P) => CheckReport {
  const call = "checkGrads";
  checkFunction(f, call);
  checkOptions(options, call, ["wrt", "order", "tolerance", "differenceTolerance"]);
  const order = options?.order ?? 2;
  if (!Number.isInteger(order) || order < 1)
    throw new WengertError(`${call} expects a whole order of 1 or more; got ${order}`, "write { order: 2 }");
  return (...args) => {
    const point = pointOf(f as AnyFunction, args, options as Options, call);
    const checks: Check[] = [];
    for (let k = 1, subject: Subject = { f: f as AnyFunction, name: f.name, order: 1 }; k <= order; k++) {
      checks.push(...checkOrder(subject, point, options ?? {}));
      if (k < order) subject = gradientAlong(subject, point);
    }
    return new CheckReport(f.name, checks);
  };
}

/** What is checked: f, or at higher orders a gradient made of it, whose results stand for inputs of f. */
interface Subject {
  readonly f: AnyFunction;
  readonly name: string;
  readonly order: number;
}

function checkOrder(subject: Subject, point: Point, options: CheckOptions): Check[] {
  const { tolerance = 1e-9, differenceTolerance = 1e-5 } = options;
  const { f, order } = subject;
  const args = () => point.args(point.x);
  const reverse = jacobian(f, { ...point.options, mode: "reverse" })(...args());
  const forward = jacobian(f, { ...point.options, mode: "forward" })(...args());
  const { columns, output } = differenceColumns(f, point, "central", schemes.central.step);
  const differences = output.values.map((_, i) => columns.map((column) => column[i]));
  const rows = output.paths.map((path, i) =>
    order === 1 ? path && `, result ${path}` : `, slope by ${point.paths[i]}`,
  );
  // A number counts beside the largest of its row; in differences, also beside the rounding of f and a step's square.
  const compare = (
    what: string,
    expected: number[][],
    allowed: number,
    floor: (i: number) => number,
  ): Check => {
    let worst = 0;
    expected.forEach((row, i) => {
      const size = row.reduce(
        (largest, x) => (Number.isFinite(x) ? Math.max(largest, Math.abs(x)) : largest),
        floor(i),
      );
      row.forEach((value, j) => {
        const error = discrepancy(reverse[i][j], value, size);
        worst = Math.max(worst, error);
        if (!(error <= allowed))
          fail(subject, what, `, at ${point.paths[j]}${rows[i]}`, value, reverse[i][j]);
      });
    });
    return { order, what, count: expected.length * point.x.length, worst };
  };
  return [
    compare("reverse mode against forward mode", forward, tolerance, () => Number.MIN_VALUE),
    dotProducts(subject, point, tolerance),
    compare("reverse mode against central differences", differences, differenceTolerance, (i) =>
      Math.max(Math.abs(output.values[i]), 1),
    ),
  ];
}

/** ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ for arbitrary u and v: one pushforward against one pullback. */
function dotProducts(subject: Subject, point: Point, tolerance: number): Check {
  const { f, order } = subject;
  const what = "⟨u, Jv⟩ against ⟨Jᵀu, v⟩";
  const v = directions(point.x.length, 1);
  const tangent = outputOf(jvp(f, point.options)(point.args(point.x), point.tuple(v) as never).tangent);
  const u = directions(tangent.values.length, 2);
  const { pullback } = vjp(f, point.options)(...point.args(point.x));
  const gradient = numbersOf(pullback(tangent.rebuild(u) as never));
  const left = dot(u, tangent.values);
  const right = dot(gradient, v);
  const size = u.reduce((sum, x, i) => sum + Math.abs(x * tangent.values[i]), Number.MIN_VALUE);
  const worst = discrepancy(left, right, size);
  if (!(worst <= tolerance)) fail(subject, what, "", left, right);
  return { order, what, count: 1, worst };
}

/** The gradient of f, or of ⟨u, f⟩ where f has several results, as a function of the same arguments. */
function gradientAlong({ f, name, order }: Subject, point: Point): Subject {
  const output = outputOf(f(...point.args(point.x)));
  const u = output.rebuild(output.scalar ? [1] : directions(output.values.length, 3));
  const pull = vjp(f, point.options);
  const gradient = recorder.aware((...args: unknown[]) => {
    const parts = takeApart(recorder, pull(...args).pullback(u as never), "the gradient", false);
    return Array.from(parts.values, (v, k) => recorder.box(v, handleAt(parts, k)));
  });
  return { f: gradient, name, order: order + 1 };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

/** Numbers between -1 and 1, the same in each run: a low-discrepancy sequence. */
function directions(length: number, series: number): number[] {
  return Array.from(
    { length },
    (_, k) => 2 * (((k + 1) * 0.6180339887498949 + series * 0.7548776662466927) % 1) - 1,
  );
}

/** The difference by the size of what is compared; none between equal values that are not finite. */
function discrepancy(got: number, expected: number, size: number): number {
  if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return 0;
  return Number.isFinite(got) && Number.isFinite(expected)
    ? Math.abs(got - expected) / size
    : Number.POSITIVE_INFINITY;
}

function fail({ name, order }: Subject, what: string, place: string, expected: number, got: number): never {
  throw new WengertError(
    `derivatives${name ? ` of ${name}` : ""} of order ${order} disagree, ${what}${place}: expected ${expected}, got ${got}`,
    "a function with a kink or a custom rule differs there from its differences",
    null,
  );
}
