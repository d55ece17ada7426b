/**
 * The rows of the functions of `Math`.
 *
 * Columns: value; LaTeX, mathjs name; flops; range and points of the sample domain; derivative.
 * Conventions where the derivative does not exist:
 * - abs'(0) = 0; max and min share equally among ties; hypot and atan2 have gradient 0 at the origin;
 * - ceil, floor, round, sign, trunc, clz32 and imul are steps, with slope 0 at their jumps too; fround has slope 1;
 * - sqrt'(0) and cbrt'(0) are Infinity. An infinite slope has the sign that division by the zero at hand gives it:
 *   sqrt'(-0) is -Infinity;
 * - outside the domain of a function (log of -1) its value is NaN, while the slope is what the formula says.
 * The formulas are those that neither overflow nor cancel where the result is a double: (x/h)/h for x/h², 1 - y² for tanh
 * where that does not cancel, else a square of 1/cosh.
 */
import { after, before, either, is, minus, oneMinusSquare, over, plus, zeroWhere } from "./idioms.ts";
import { binary, formula, linear, ofOperand, ofResult, step, tabulate, unary, variadic } from "./rows.ts";
import type { Derivative } from "./rule.ts";

const wide = [-9, 9] as const;
const positive = [0.05, 9] as const;
const unit = [-0.95, 0.95] as const;

/** The largest or the least operand: those equal to it share the slope 1 equally; NaN where one of them is NaN. */
function extremum(beats: "gt" | "lt", losesTo: "gt" | "lt"): Derivative {
  return formula([["every", "result"]], (A, y, ...operands) => {
    const [none, half, all, unknown] = [0, 0.5, 1, Number.NaN].map(A.constant);
    if (operands.length === 1) return [all];
    if (operands.length === 2) {
      const [p, q] = operands;
      const decided = (ofWinner: typeof p, ofLoser: typeof p) => {
        const tied = either(A, A.eq(p, q), half, unknown);
        return either(A, A[beats](p, q), ofWinner, either(A, A[losesTo](p, q), ofLoser, tied));
      };
      return [decided(all, none), decided(none, all)];
    }
    const winners = operands.map((x) => either(A, A.eq(x, y), all, none));
    const count = winners.reduce((sum, winner) => A.add(sum, winner), none);
    const shared = A.share(count, "ties");
    // NaN has no ties
    return operands.map((x) =>
      either(A, A.eq(x, y), A.div(all, shared), either(A, A.gt(shared, none), none, unknown)),
    );
  });
}

// biome-ignore format: a table
export const elementary = tabulate({
  //            value        LaTeX                       mathjs flops  range       points               derivative
  abs:    unary(Math.abs,    "\\left|{0}\\right|",        "abs",   1, wide,        [0, -0],             ofOperand((A, x) => A.sign(x))),
  acos:   unary(Math.acos,   "\\arccos {0}",              "acos",  8, unit,        [-1, 0, 1],          ofOperand((A, x) => over(A, -1, A.sqrt(oneMinusSquare(A, x))))),
  acosh:  unary(Math.acosh,  "\\operatorname{arcosh} {0}", "acosh", 8, [1.05, 9],  [1, 1e200],          ofOperand((A, x) => over(A, 1, A.mul(A.sqrt(before(A, x)), A.sqrt(after(A, x)))))),
  asin:   unary(Math.asin,   "\\arcsin {0}",              "asin",  8, unit,        [-1, 0, 1],          ofOperand((A, x) => over(A, 1, A.sqrt(oneMinusSquare(A, x))))),
  asinh:  unary(Math.asinh,  "\\operatorname{arsinh} {0}", "asinh", 8, wide,       [0, -1e200],         ofOperand((A, x) => over(A, 1, A.hypot(A.constant(1), x)))),
  atan:   unary(Math.atan,   "\\arctan {0}",              "atan",  8, wide,        [0, 1e200],          ofOperand((A, x) => over(A, 1, plus(A, 1, A.mul(x, x))))),
  atan2:  binary(Math.atan2, null,                        "atan2", 12, [wide, wide], [[0, 0], [0, -1], [1e200, 1e200], [1e-200, 1e-200]],
    formula([[0, 1]], (A, _r, y, x) => {
      const h = A.share(A.hypot(y, x), "h");
      return [
        zeroWhere(A, is(A, h, 0), () => A.div(A.div(x, h), h)),
        zeroWhere(A, is(A, h, 0), () => A.neg(A.div(A.div(y, h), h))),
      ];
    })),
  atanh:  unary(Math.atanh,  "\\operatorname{artanh} {0}", "atanh", 8, unit,       [-1, 0, 1],          ofOperand((A, x) => over(A, 1, oneMinusSquare(A, x)))),
  cbrt:   unary(Math.cbrt,   "\\sqrt[3]{{0}}",            "cbrt",  8, positive,    [-8, 0],             ofResult((A, y) => over(A, 1, A.mul(A.constant(3), A.mul(y, y))))),
  ceil:   unary(Math.ceil,   "\\lceil {0} \\rceil",       "ceil",  1, wide,        [2, -0.5],           step),
  clz32:  unary(Math.clz32,  null,                        null,    1, wide,        [0, 1, -1],          step),
  cos:    unary(Math.cos,    "\\cos {0}",                 "cos",   8, wide,        [0],                 ofOperand((A, x) => A.neg(A.sin(x)))),
  cosh:   unary(Math.cosh,   "\\cosh {0}",                "cosh",  8, wide,        [0],                 ofOperand((A, x) => A.sinh(x))),
  exp:    unary(Math.exp,    "\\exp {0}",                 "exp",   8, wide,        [0, -Infinity],      ofResult((_A, y) => y)),
  expm1:  unary(Math.expm1,  null,                        "expm1", 8, wide,        [0, -40],            ofOperand((A, x) => A.exp(x))),
  floor:  unary(Math.floor,  "\\lfloor {0} \\rfloor",     "floor", 1, wide,        [2, -0.5],           step),
  fround: unary(Math.fround, null,                        null,    1, wide,        [0.1],               linear(1)),
  hypot:  variadic(Math.hypot, null,                      "hypot", 4, wide,        [[], [-3], [0, 0], [3, 4, 12], [1e200, 1e200]],
    formula([["own", "result"]], (A, r, ...operands) => operands.map((x) => zeroWhere(A, is(A, r, 0), () => A.div(x, r))))),
  imul:   binary(Math.imul,  null,                        null,    1, [wide, wide], [[3, 5]],           step),
  log:    unary(Math.log,    "\\ln {0}",                  "log",   8, positive,    [1, 0],              ofOperand((A, x) => over(A, 1, x))),
  log10:  unary(Math.log10,  "\\log_{10} {0}",            "log10", 8, positive,    [1, 0],              ofOperand((A, x) => over(A, Math.LOG10E, x))),
  log1p:  unary(Math.log1p,  null,                        "log1p", 8, [-0.95, 9],  [0, -1],             ofOperand((A, x) => over(A, 1, plus(A, 1, x)))),
  log2:   unary(Math.log2,   "\\log_2 {0}",               "log2",  8, positive,    [1, 0],              ofOperand((A, x) => over(A, Math.LOG2E, x))),
  max:    variadic(Math.max, "\\max({*})",                "max",   1, wide,        [[], [3], [2, 2], [1, 5, 5, 5], [-0, 0]], extremum("gt", "lt")),
  min:    variadic(Math.min, "\\min({*})",                "min",   1, wide,        [[], [3], [2, 2], [1, 1, 1, 5], [-0, 0]], extremum("lt", "gt")),
  round:  unary(Math.round,  null,                        null,    1, wide,        [2.5, -2.5],         step),
  sign:   unary(Math.sign,   null,                        "sign",  1, wide,        [0, -0],             step),
  sin:    unary(Math.sin,    "\\sin {0}",                 "sin",   8, wide,        [0],                 ofOperand((A, x) => A.cos(x))),
  sinh:   unary(Math.sinh,   "\\sinh {0}",                "sinh",  8, wide,        [0],                 ofOperand((A, x) => A.cosh(x))),
  sqrt:   unary(Math.sqrt,   "\\sqrt{{0}}",               "sqrt",  4, positive,    [0],                 ofResult((A, y) => over(A, 0.5, y))),
  tan:    unary(Math.tan,    "\\tan {0}",                 "tan",   8, [-1.5, 1.5], [0],                 ofResult((A, y) => plus(A, 1, A.mul(y, y)))),
  tanh:   unary(Math.tanh,   "\\tanh {0}",                "tanh",  8, wide,        [0, 20, 360],
    formula([[0, "result"]], (A, y, x) => [
      A.select(
        A.lt(A.abs(y), A.constant(0.99)),
        () => minus(A, 1, A.mul(y, y)),
        () => A.mul(over(A, 1, A.cosh(x)), over(A, 1, A.cosh(x))),
      ),
    ])),
  trunc:  unary(Math.trunc,  null,                        "fix",   1, wide,        [2, -0.5],           step),
});
