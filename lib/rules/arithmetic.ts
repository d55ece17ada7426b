/**
 * The rows of JavaScript's operators on numbers.
 *
 * Columns: operator, value; LaTeX, mathjs name; flops; ranges and points of the sample domain; derivative.
 * Conventions where the derivative does not exist, or the formula says nothing:
 * - x ** n with an integer n is a polynomial everywhere, x ** 0 the constant 1, at 0 too. y·x^(y-1) gives that by
 *   itself, again and again, but for y = 0 at 0, where it is 0·∞; it is 0 there.
 * - ∂(x ** y)/∂y at x = 0 is 0 for y ≥ 0, and NaN for x < 0 (the logarithm's).
 * - x % y is x - y·q with the whole number q that the remainder leaves: (x - x % y) / y, rounded, because x / y itself
 *   may already be rounded up to the next whole number (1 % 0.1 is 0.1 - ε, so q is 9, not 10).
 * - The quotient's second partial is -(x/y)/y, not -x/y², which overflows.
 */
import { before, is, over, zeroWhere } from "./idioms.ts";
import { bilinear, formula, linear, operator, tabulate } from "./rows.ts";

const wide = [-9, 9] as const;

/** Below this the reciprocal of a double may be infinite. */
const smallestNormal = 2 ** -1022;

// biome-ignore format: a table
export const arithmetic = tabulate({
  //   operator         value             LaTeX                mathjs    flops  ranges                points                                       derivative
  add: operator("+",  (x, y) => x + y,  "{0} + {1}",        "add",        1, [wide, wide],        [[0, 0], [-0, -0]],                         linear(1, 1)),
  sub: operator("-",  (x, y) => x - y,  "{0} - {1}",        "subtract",   1, [wide, wide],        [[0, 0], [1, 1]],                           linear(1, -1)),
  mul: operator("*",  (x, y) => x * y,  "{0} \\cdot {1}",   "multiply",   1, [wide, wide],        [[0, 0], [0, 3]],                           bilinear),
  div: operator("/",  (x, y) => x / y,  "\\frac{{0}}{{1}}", "divide",     4, [wide, [0.1, 9]],    [[0, 2], [1, -3], [1e200, 1e200]],
    formula([[1], ["result", 1]], (A, r, _x, y) => [
      over(A, 1, y),
      A.neg(A.div(r, y)),
    ])),
  rem: operator("%",  (x, y) => x % y,  "{0} \\bmod {1}",   null,         4, [wide, [0.1, 2]],    [[1, 0.1], [-7, 2], [7, -2], [3, Infinity]],
    formula([[], ["result", 0, 1]], (A, r, x, y) => [
      A.constant(1),
      A.neg(A.round(A.div(A.sub(x, r), y))),
    ])),
  neg: operator("-",  (x) => -x,        "-{0}",             "unaryMinus", 1, [wide],              [[0], [-0]],                                linear(-1)),
  pow: operator("**", (x, y) => x ** y, "{{0}}^{{1}}",      "pow",       16, [[0.1, 4], [-3, 3]], [[0, 0], [0, 1], [0, 2], [0, 3], [-2, 3], [-2, 0], [0, 0.5]],
    formula([[0, 1], ["result", 0, 1]], (A, r, x, y) => [
      zeroWhere(A, A.and(is(A, y, 0), A.lt(A.abs(x), A.constant(smallestNormal))), () => A.mul(y, A.pow(x, before(A, y)))),
      zeroWhere(A, A.and(is(A, x, 0), A.ge(y, A.constant(0))), () => A.mul(r, A.log(x))),
    ])),
});
