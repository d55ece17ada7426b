/**
 * The error function and its complement, each to about 1e-15 of itself.
 *
 * What: erf(x) = 2/√π ∫₀ˣ exp(-t²) dt and erfc(x) = 1 - erf(x). How: for |x| ≤ 1 a Chebyshev series in x² of
 * erf(x)/x; beyond, one of (x + k) exp(x²) erfc(x) in t = (x - k)/(x + k), which takes [0, ∞) to [-1, 1).
 * The series were computed with 50 digits. Reference: Schonfelder, Chebyshev expansions for the error and related
 * functions, Mathematics of Computation 32 (1978), for the mapping.
 */
import { chebyshevSum } from "./chebyshev.ts";

// erf(x)/x as a series in 2x² - 1.
const nearZero = [
  0.9754769393826541, -0.14226120510371365, 0.010035582187599796, -0.0005768764699767485,
  2.741993125219606e-5, -1.1043175507344507e-6, 3.8488755420345036e-8, -1.1808582533875466e-9,
  3.2334215826050907e-11, -7.991015947004549e-13, 1.7990725113961456e-14, -3.718635487818693e-16,
];

const k = 3;

// (x + k) exp(x²) erfc(x) as a series in (x - k)/(x + k).
const beyond = [
  1.413438223980872, -1.1314768490746974, 0.35410810034248635, -0.08508704009908545, 0.014615273272816639,
  -0.0013795571636296329, -6.429066714315945e-5, 3.9043421097724045e-5, -2.642785074856054e-6,
  -8.239440143910853e-7, 1.3247975697671355e-7, 1.919522515672645e-8, -5.030507163745393e-9,
  -5.842006410267007e-10, 1.8742323910408168e-10, 2.4373672656733487e-11, -6.990943839667697e-12,
  -1.2573115617676e-12, 2.458000580643909e-13, 7.005741632378779e-14, -6.732775694749609e-15,
  -3.843430589415152e-15, 3.3163748896188907e-18, 1.9337385406947118e-16,
];

/** exp(-x²) without the error of rounding x²: x is split into a part whose square is a double, and the rest. */
function gaussian(x: number): number {
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp((head - x) * (head + x));
}

/** erfc(x) for 0.5 ≤ x ≤ 30. */
function upperTail(x: number): number {
  return (gaussian(x) * chebyshevSum(beyond, (x - k) / (x + k))) / (x + k);
}

/** The error function. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 1) return x * chebyshevSum(nearZero, 2 * x * x - 1);
  if (size > 6) return Math.sign(x);
  return Math.sign(x) * (1 - upperTail(size));
}

/** The complementary error function 1 - erf(x), which keeps its digits where erf(x) is nearly 1. */
export function erfc(x: number): number {
  if (x < 0.5) return 1 - erf(x);
  return x > 30 ? 0 : upperTail(x);
}
