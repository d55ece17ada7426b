/** Points where the derivative does not exist: what is expected there is worked out by hand from the conventions. */
import type { Entry } from "./entry.ts";

const at = (
  name: string,
  f: (...xs: number[]) => number,
  args: number[],
  value: number,
  ...gradient: number[]
): Entry => ({
  name,
  f,
  args,
  expect: { value: [value], jacobian: [gradient] },
});

export const conventions: Entry[] = [
  at("abs at 0", (x) => Math.abs(x), [0], 0, 0),
  at("abs at -0", (x) => Math.abs(x) * 3 + x, [-0], 0, 1),
  at("max at a tie", (x, y) => Math.max(x, y), [2, 2], 2, 0.5, 0.5),
  at("min at a tie", (x, y) => Math.min(x, y) * 3, [2, 2], 6, 1.5, 1.5),
  at("max of one value twice", (x) => Math.max(x, x), [2], 2, 1),
  at("max at a tie with a constant", (x) => Math.max(x, 0), [0], 0, 0.5),
  at("max at a tie of three", (x, y, z) => Math.max(x, y, z, 1), [3, 3, 3], 3, 1 / 3, 1 / 3, 1 / 3),
  at("max at a tie of two below a third", (x, y, z) => Math.max(x, y, z), [3, 3, 4], 4, 0, 0, 1),
  at("relu by comparison", (x) => (x > 0 ? x : 0), [0], 0, 0),
  at("relu by comparison the other way", (x) => (x < 0 ? 0 : x), [0], 0, 1),
  at("sqrt at 0", (x) => Math.sqrt(x), [0], 0, Infinity),
  at("sqrt of a square at 0", (x) => Math.sqrt(x * x), [0], 0, 0),
  at("x ** 0.5 at 0", (x) => x ** 0.5, [0], 0, Infinity),
  at("steps", (x) => Math.floor(x) + Math.ceil(x) + Math.round(x) + Math.sign(x) + Math.trunc(x), [2], 9, 0),
  at("sign at 0", (x) => Math.sign(x) + x, [0], 0, 1),
  at("x ** 2 at 0", (x) => x ** 2, [0], 0, 0),
  at("x ** 1 at 0", (x) => x ** 1, [0], 0, 1),
  at("x ** 0 at 0", (x) => x ** 0, [0], 1, 0),
  at("x ** 3 at a negative", (x) => x ** 3, [-2], -8, 12),
  at("x ** y at x = 0", (x, y) => x ** y, [0, 2], 0, 0, 0),
  at("0 ** x", (x) => 0 ** x, [2], 0, 0),
  at("0 ** 0 by the exponent", (x) => 0 ** x, [0], 1, 0),
  at("x ** y at a negative base, by the base", (x) => x ** 2 * (-x) ** 3, [-2], 32, -80),
  at("negative base, by both", (x, y) => x ** y, [-2, 2], 4, -4, Number.NaN),
  at("Math.pow at 0", (x) => x ** 2 + x ** 0, [0], 1, 0),
  at("hypot at the origin", (x, y) => Math.hypot(x, y), [0, 0], 0, 0, 0),
  at("atan2 at the origin", (y, x) => Math.atan2(y, x), [0, 0], 0, 0, 0),
  at("remainder", (x, y) => x % y, [7.5, -2], 1.5, 1, 3),
  at("remainder of a negative", (x, y) => x % y, [-7.5, 2], -1.5, 1, 3),
  at("remainder at a multiple", (x, y) => x % y, [6, 2], 0, 1, -3),
  at("fround", (x) => Math.fround(x) * x, [0.5], 0.25, 1),
  at("clz32", (x) => Math.clz32(x) + x, [8], 36, 1),
  at("imul", (x) => Math.imul(x, 3) + x, [8], 32, 1),
  at("bit operations are steps", (x) => (x | 0) + (x >> 1) + (x & 1) + ~x + x, [5], 7, 1),
  at("Int32Array is a step", (x) => Int32Array.of(x)[0] * x, [2.5], 5, 2),
  at("Float32Array keeps its slope", (x) => Float32Array.of(x)[0] * x, [2.5], 6.25, 5),
  at("a masked branch", (x) => (x > 0 ? Math.log(x) : 0), [0], 0, 0),
  at("a masked value", (x) => [Math.sqrt(x), 1 / x, x][2], [0], 0, 1),
  at("masked by a product", (x) => 0 * Math.sqrt(x), [0], 0, 0),
  at("masked by a variable that is zero", (x, m) => m * Math.sqrt(x), [0, 0], 0, 0, 0),
  at(
    "a branch within a loop",
    (x) => {
      let s = 0;
      for (let i = -2; i <= 2; i++) {
        const y = x * i;
        s += y >= 0 ? Math.sqrt(y + 1) : 0;
      }
      return s;
    },
    [0],
    5,
    0,
  ),
  at(
    "where by masks",
    (x) => {
      const bad = Math.log(x);
      const ok = x > 0;
      return ok ? bad : x * 2;
    },
    [-1],
    -2,
    2,
  ),
  at(
    "an infinite value that is not used",
    (x) => {
      const inf = 1 / (x - 1);
      return x > 5 ? inf : x * x;
    },
    [1],
    1,
    2,
  ),
  at("exp that overflows, capped", (x) => Math.min(Math.exp(x), 10), [1000], 10, 0),
  at("quotient at large numbers", (x, y) => x / y, [1e200, 1e200], 1, 1e-200, -1e-200),
  at("quotient at small numbers", (x, y) => x / y, [1e-200, 1e-200], 1, 1e200, -1e200),
  at("tanh far out", (x) => Math.tanh(x), [400], 1, 0),
  at("hypot at large numbers", (x, y) => Math.hypot(x, y), [3e200, 4e200], 5e200, 0.6, 0.8),
  at("atan2 at large numbers", (y, x) => Math.atan2(y, x), [1e200, 1e200], Math.PI / 4, 0.5e-200, -0.5e-200),
  at("equality at a point", (x) => (x === 2 ? x * x : x), [2], 4, 4),
];
