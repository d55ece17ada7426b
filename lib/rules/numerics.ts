/**
 * The rows of the functions that numerics needs beside `Math`.
 *
 * Columns: value; LaTeX, mathjs name; flops; range and points of the sample domain; derivative.
 * Conventions: an operand of -Infinity in logsumexp (a masked one) has slope 0, also when all are masked; the second
 * partial of xlogy at (0, 0) is 0. polygamma has a whole number as its order, so there is no slope in it: NaN.
 */
import { erf, erfc } from "./erf.ts";
import { digamma, lgamma, polygamma } from "./gamma.ts";
import { after, gaussian, is, minus, over, plus, zeroWhere } from "./idioms.ts";
import { log1mexp, log1pexp, logistic, logit, logsumexp, xlog1py, xlogy } from "./logarithms.ts";
import { binary, formula, ofOperand, tabulate, unary, variadic } from "./rows.ts";

const wide = [-9, 9] as const;
const positive = [0.05, 9] as const;

/** The slope of erf at 0. */
const twoOverRootPi = 2 / Math.sqrt(Math.PI);

// biome-ignore format: a table
export const numerics = tabulate({
  //              value       LaTeX                              mathjs flops   range         points                  derivative
  digamma:   unary(digamma,   "\\psi({0})",                        null,     30, positive,     [-2.5, 1.5, 1e10],      ofOperand((A, x) => A.polygamma(A.constant(1), x))),
  erf:       unary(erf,       null,                                "erf",    20, [-5, 5],      [0, 1, 30],             ofOperand((A, x) => A.mul(A.constant(twoOverRootPi), gaussian(A, x)))),
  erfc:      unary(erfc,      null,                                null,     20, [-5, 9],      [0, 0.5, 26],           ofOperand((A, x) => A.mul(A.constant(-twoOverRootPi), gaussian(A, x)))),
  lgamma:    unary(lgamma,    "\\ln\\left|\\Gamma({0})\\right|",   "lgamma", 30, positive,     [-2.5, 1, 2, 1e10],     ofOperand((A, x) => A.digamma(x))),
  log1mexp:  unary(log1mexp,  "\\ln(1 - e^{{0}})",                 null,     16, [-9, -0.05],  [-1e-9, -700],          ofOperand((A, x) => A.div(A.exp(x), A.expm1(x)))),
  log1pexp:  unary(log1pexp,  "\\ln(1 + e^{{0}})",                 null,     16, wide,         [-40, 25, 800, -800],   ofOperand((A, x) => A.logistic(x))),
  logistic:  unary(logistic,  null,                                null,     12, wide,         [-40, 40, 800, -800],
    formula([[0, "result"]], (A, y, x) => [A.mul(y, A.logistic(A.neg(x)))])),
  logit:     unary(logit,     null,                                null,     20, [0.02, 0.98], [0.5, 1e-9],            ofOperand((A, x) => over(A, 1, A.mul(x, minus(A, 1, x))))),
  logsumexp: variadic(logsumexp, null,                             null,     10, wide,         [[], [3], [1000, 1000], [-Infinity, 0], [-Infinity, -Infinity]],
    formula([["own", "result"]], (A, r, ...operands) => operands.map((x) => zeroWhere(A, is(A, r, -Infinity), () => A.exp(A.sub(x, r)))))),
  polygamma: binary(polygamma, "\\psi^{({0})}({1})",               null,     60, [[1, 1], positive],  [[0, 2], [3, -1.5], [2, 1e3]],
    formula([[], [0, 1]], (A, _r, n, x) => [
      A.constant(Number.NaN),
      A.polygamma(after(A, n), x),
    ])),
  xlog1py:   binary(xlog1py,  "{0} \\ln(1 + {1})",                 null,     12, [wide, [-0.9, 9]],   [[0, -1], [0, 2]],
    formula([[1], [0, 1]], (A, _r, x, y) => [
      A.log1p(y),
      zeroWhere(A, A.and(is(A, x, 0), is(A, y, -1)), () => A.div(x, plus(A, 1, y))),
    ])),
  xlogy:     binary(xlogy,    "{0} \\ln {1}",                      null,     12, [wide, positive],    [[0, 0], [0, 2]],
    formula([[1], [0, 1]], (A, _r, x, y) => [
      A.log(y),
      zeroWhere(A, A.and(is(A, x, 0), is(A, y, 0)), () => A.div(x, y)),
    ])),
});
