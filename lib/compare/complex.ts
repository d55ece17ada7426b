/**
 * The rule table on complex numbers.
 *
 * What: for each row of the table its value at complex operands, and what that costs; and the replay of a tape in this
 * arithmetic. Why: the complex step needs f itself on complex numbers, and a tape can be run again in any arithmetic.
 * Rows with branches (abs, max) take the branch of the real parts; steps keep their real value; functions without a
 * short complex form (erf, the gamma family) continue along their slope, which is exact to the second order of a step.
 * Costs are in the unit of the rule table.
 * Reference: Squire & Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40 (1998).
 */
import { numberAlgebra, type PrimitiveName, table } from "../rules/index.ts";
import type { Entry, Tape } from "../tape/tape.ts";
import * as C from "./complex-numbers.ts";
import { type Complex, complex } from "./complex-numbers.ts";

interface ComplexRow {
  readonly value: (...z: Complex[]) => Complex;
  /** For one evaluation; where the number of operands is free, for each of them. */
  readonly flops: number;
}

const realParts = (z: readonly Complex[]) => z.map(({ re }) => re);

/** The real value, and the imaginary parts carried by the partials. */
function alongSlope(name: PrimitiveName, flops: number): ComplexRow {
  const { value, partials } = table[name];
  return {
    flops,
    value: (...z) => {
      const x = realParts(z);
      const y = value(...x);
      return complex(y, slopeSum(partials(numberAlgebra, y, ...x), z));
    },
  };
}

/** Constant between jumps: no imaginary part. */
function step(name: PrimitiveName): ComplexRow {
  return { flops: 1, value: (...z) => complex(table[name].value(...realParts(z))) };
}

function slopeSum(partials: readonly number[], z: readonly Complex[]): number {
  return z.reduce((sum, { im }, j) => sum + (im === 0 ? 0 : partials[j] * im), 0);
}

const row = (flops: number, value: ComplexRow["value"]): ComplexRow => ({ flops, value });

/** The complex form where the real function has a value; NaN elsewhere, as the function itself says. */
function within(name: PrimitiveName, flops: number, form: ComplexRow["value"]): ComplexRow {
  const { value } = table[name];
  return {
    flops,
    value: (...z) => (Number.isNaN(value(...realParts(z))) ? complex(Number.NaN, Number.NaN) : form(...z)),
  };
}

const pow = alongSlope("pow", 0);
function powValue(z: Complex, w: Complex): Complex {
  const real = z.re ** w.re;
  if (z.re === 0 || !Number.isFinite(real)) return pow.value(z, w);
  if (w.im === 0 && Number.isInteger(w.re) && Math.abs(w.re) <= 1024) return C.power(z, w.re);
  return C.exp(C.mul(w, C.log(z)));
}

/** x log y where both are well; along the slope at the edge. */
function productWithLog(edge: ComplexRow, logarithm: (w: Complex) => Complex) {
  return (z: Complex, w: Complex): Complex => {
    const value = C.mul(z, logarithm(w));
    return Number.isFinite(value.re) && Number.isFinite(value.im) ? value : edge.value(z, w);
  };
}

function hypot(...z: Complex[]): Complex {
  const largest = Math.max(...z.map(({ re }) => Math.abs(re)));
  if (largest === 0 || !Number.isFinite(largest)) return edges.hypot.value(...z);
  const squares = z.map((x) => C.scale(x, 1 / largest)).map((x) => C.mul(x, x));
  return C.scale(C.sqrt(squares.reduce(C.add)), largest);
}

function logsumexp(...z: Complex[]): Complex {
  const largest = Math.max(...realParts(z));
  if (!Number.isFinite(largest)) return edges.logsumexp.value(...z);
  const shifted = z.map((x) => C.exp(C.sub(x, complex(largest))));
  return C.add(complex(largest), C.log(shifted.reduce(C.add)));
}

function atan2(y: Complex, x: Complex): Complex {
  if (x.re === 0 && y.re === 0) return edges.atan2.value(y, x);
  const real = Math.atan2(y.re, x.re);
  const [form, atReal] =
    Math.abs(x.re) >= Math.abs(y.re)
      ? [C.atan(C.div(y, x)), Math.atan(y.re / x.re)]
      : [C.neg(C.atan(C.div(x, y))), -Math.atan(x.re / y.re)];
  return complex(form.re + (real - atReal), form.im);
}

function logistic(z: Complex): Complex {
  const one = complex(1);
  if (z.re >= 0) return C.div(one, C.add(one, C.exp(C.neg(z))));
  const power = C.exp(z);
  return C.div(power, C.add(one, power));
}

function rem(z: Complex, w: Complex): Complex {
  const real = z.re % w.re;
  const quotient = Math.round((z.re - real) / w.re);
  return complex(real, quotient === 0 ? z.im : z.im - w.im * quotient);
}

const edges = {
  hypot: alongSlope("hypot", 0),
  logsumexp: alongSlope("logsumexp", 0),
  atan2: alongSlope("atan2", 0),
  xlogy: alongSlope("xlogy", 0),
  xlog1py: alongSlope("xlog1py", 0),
};

// biome-ignore format: a table
export const complexTable: { readonly [N in PrimitiveName]: ComplexRow } = {
  add:   row(2, C.add),           sub:   row(2, C.sub),          mul:   row(6, C.mul),
  div:   row(18, C.div),          neg:   row(2, C.neg),          rem:   row(6, rem),
  pow:   row(60, powValue),       abs:   row(2, (z) => z.re > 0 ? z : z.re < 0 ? C.neg(z) : complex(0)),
  exp:   row(26, C.exp),          expm1: row(37, C.expm1),       log:   within("log", 26, C.log),
  log1p: within("log1p", 25, C.log1p),        log2:  within("log2", 28, (z) => C.scale(C.log(z), Math.LOG2E)),
  log10: within("log10", 28, (z) => C.scale(C.log(z), Math.LOG10E)),
  sqrt:  within("sqrt", 18, C.sqrt),         cbrt:  row(50, C.cbrt),
  sin:   row(34, C.sin),          cos:   row(35, C.cos),         tan:   row(42, C.tan),
  sinh:  row(34, C.sinh),         cosh:  row(34, C.cosh),        tanh:  row(42, C.tanh),
  asin:  within("asin", 68, C.asin),         acos:  within("acos", 68, C.acos),        atan:  row(35, C.atan),
  asinh: row(69, C.asinh),        acosh: within("acosh", 68, C.acosh),       atanh: within("atanh", 35, C.atanh),
  atan2: row(55, atan2),          hypot: row(16, hypot),
  max:   alongSlope("max", 2),    min:   alongSlope("min", 2),
  ceil:  step("ceil"),            floor: step("floor"),          round: step("round"),
  trunc: step("trunc"),           sign:  step("sign"),           clz32: step("clz32"),
  imul:  step("imul"),            fround: alongSlope("fround", 2),
  erf:      alongSlope("erf", 32),       erfc:    alongSlope("erfc", 32),
  lgamma:   alongSlope("lgamma", 61),    digamma: alongSlope("digamma", 91),   polygamma: alongSlope("polygamma", 121),
  logistic: row(50, logistic),           logit:   within("logit", 55, (z) => C.sub(C.log(z), C.log1p(C.neg(z)))),
  log1pexp: row(55, (z) => z.re > 0 ? C.add(z, C.log1p(C.exp(C.neg(z)))) : C.log1p(C.exp(z))),
  log1mexp: within("log1mexp", 65, (z) => z.re > -1 ? C.log(C.neg(C.expm1(z))) : C.log1p(C.neg(C.exp(z)))),
  logsumexp: row(34, logsumexp),
  xlogy:    row(34, productWithLog(edges.xlogy, C.log)),
  xlog1py:  row(33, productWithLog(edges.xlog1py, C.log1p)),
};

/** What one complex evaluation of a tape costs, in the unit of the rule table. */
export function complexFlops(tape: Tape): number {
  let flops = 0;
  for (let k = tape.inputNames.length; k < tape.length; k++) {
    const { operation, operands } = tape.entry(k);
    const row = complexTable[operation as PrimitiveName] as ComplexRow | undefined;
    const rule = table[operation as PrimitiveName];
    if (!row) flops += 4 * operands.length;
    else flops += rule.arity === "variadic" ? row.flops * operands.length : row.flops;
  }
  return flops;
}

/** Runs a tape again on complex inputs, one for each input of the tape; the outputs, in order. */
export function replayer(tape: Tape): (inputs: readonly Complex[]) => Complex[] {
  const count = tape.inputNames.length;
  const steps = Array.from({ length: tape.length - count }, (_, k) => stepOf(tape.entry(count + k)));
  return (inputs) => {
    const values = inputs.slice();
    for (const step of steps) values.push(step(values));
    return tape.outputs.map((output) =>
      "entry" in output ? values[output.entry] : complex(output.constant),
    );
  };
}

/** An entry as a function of the values before it. */
function stepOf({ operation, operands, partials, value }: Entry): (values: readonly Complex[]) => Complex {
  const row = complexTable[operation as PrimitiveName] as ComplexRow | undefined;
  const reads = operands.map((operand): ((values: readonly Complex[]) => Complex) => {
    if ("entry" in operand) return (values) => values[operand.entry];
    const constant = complex(operand.constant);
    return () => constant;
  });
  if (!row)
    return (values) =>
      complex(
        value,
        slopeSum(
          partials,
          reads.map((read) => read(values)),
        ),
      );
  const { value: run } = row;
  const [first, second] = reads;
  if (reads.length === 1) return (values) => run(first(values));
  if (reads.length === 2) return (values) => run(first(values), second(values));
  return (values) => run(...reads.map((read) => read(values)));
}
