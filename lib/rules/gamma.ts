/**
 * The logarithm of the gamma function and its derivatives, each to about 1e-15 of itself.
 *
 * What: lgamma(x) = log |Γ(x)|, digamma ψ = lgamma', polygamma ψ⁽ⁿ⁾. How: on [1, 2] Chebyshev series with the zeros
 * taken out as factors, from there by recurrence; for large x the asymptotic series; for negative x reflection.
 * (Beside the zeros at negative x the error is 1e-15 in the absolute, as for any formula by reflection.)
 * The series were computed with 50 digits. Reference: NIST Digital Library of Mathematical Functions, sections 5.5,
 * 5.11 and 5.15.
 */
import { chebyshevSum } from "./chebyshev.ts";

// lgamma(x) / ((x - 1)(x - 2)) on [1, 2], as a series in 2x - 3.
const lgammaBetween = [
  0.49141539302938714, -0.07611416167043585, 0.008432324965932778, -0.001079493726328608,
  0.00014900748003692963, -2.1512399888556784e-5, 3.1979329860862186e-6, -4.851693012139927e-7,
  7.47148782116316e-8, -1.1638296700170518e-8, 1.829400437118668e-9, -2.8969180607129607e-10,
  4.61570140620909e-11, -7.392810230497983e-12, 1.1894280008333085e-12, -1.9212068676522805e-13,
  3.113975526387164e-14, -5.0628432984486114e-15, 8.254150281631144e-16, -1.3490578987574844e-16,
  2.209876116782623e-17,
];

// ψ(x) / (x - zero) on [1, 2], as a series in 2x - 3; the zero of ψ is given as a sum of two doubles.
const digammaZero = 1.4616321449683622;
const digammaZeroRest = 9.549995429965697e-17;
const digammaBetween = [
  0.983570260441567, -0.2270640863346444, 0.03336889902393011, -0.005320077271596548, 0.0008788656937820505,
  -0.00014773492650606044, 2.5060543468359146e-5, -4.2721034029993324e-6, 7.302769272465923e-7,
  -1.2502886813559594e-7, 2.1425009322359472e-8, -3.673295918565179e-9, 6.299717236108931e-10,
  -1.080593028883266e-10, 1.853735192053638e-11, -3.18023536582553e-12, 5.456147570322795e-13,
  -9.360993131036438e-14, 1.606064636295075e-14, -2.7555431377438815e-15, 4.727736178601912e-16,
  -8.11148420346509e-17, 1.391707769474154e-17,
];

// The Bernoulli numbers B₂, B₄, …
const bernoulli = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
];

/** From here on the asymptotic series gives all digits. */
const far = 10;

/** Σ Bₖ aₖ for k = 2, 4, …, smallest first; a₂ and the ratios of successive aₖ are given. */
function bernoulliSum(first: number, ratio: (k: number) => number): number {
  let weight = first;
  const terms = bernoulli.map((b, j) => {
    const term = b * weight;
    weight *= ratio(2 * j + 2);
    return term;
  });
  return terms.reduceRight((sum, term) => sum + term, 0);
}

/** The highest order whose factor (n - 1)! is a double. */
const highestOrder = 171;

const isPole = (x: number) => x <= 0 && Number.isInteger(x);

/** x less the nearest whole number, in which the trigonometric functions of πx are periodic, all but the sign. */
const fromNearest = (x: number) => x - Math.round(x);

/** log |Γ(x)|; Infinity at the poles 0, -1, -2, … */
export function lgamma(x: number): number {
  if (isPole(x) || Math.abs(x) === Infinity) return Infinity;
  if (x < -0.5) return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * fromNearest(x)))) - lgamma(-x);
  if (x < 0) return lgamma(x + 1) - Math.log(-x);
  // Near 1, the sum x + 1 would lose the digits that count.
  if (x < 1) return x * (x - 1) * chebyshevSum(lgammaBetween, 2 * x - 1) - Math.log(x);
  if (x <= 2) return (x - 1) * (x - 2) * chebyshevSum(lgammaBetween, 2 * x - 3);
  if (x < far) {
    let factor = 1;
    let least = x;
    while (least > 2) factor *= least -= 1;
    return Math.log(factor) + lgamma(least);
  }
  const series = bernoulliSum(1 / (2 * x), (k) => (k * (k - 1)) / ((k + 2) * (k + 1)) / x / x);
  return x * (Math.log(x) - 1) - 0.5 * Math.log(x / (2 * Math.PI)) + series;
}

/** The derivative of lgamma; ∓Infinity at ±0 and NaN at the other poles. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (isPole(x)) return Number.NaN;
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * fromNearest(x));
  if (x < 1) return digamma(x + 1) - 1 / x;
  if (x <= 2) return (x - digammaZero - digammaZeroRest) * chebyshevSum(digammaBetween, 2 * x - 3);
  if (x < far) return digamma(x - 1) + 1 / (x - 1);
  const series = bernoulliSum(1 / (2 * x) / x, (k) => k / (k + 2) / x / x);
  return Math.log(x) - 0.5 / x - series;
}

/**
 * ψ⁽ⁿ⁾(x), the n-th derivative of digamma, n = 0, 1, …, 171; NaN for another n and at the poles.
 */
export function polygamma(n: number, x: number): number {
  if (!(Number.isInteger(n) && n >= 0 && n <= highestOrder) || isPole(x)) return Number.NaN;
  if (n === 0) return digamma(x);
  const sign = n % 2 === 1 ? 1 : -1;
  if (x < 0) return -sign * polygamma(n, 1 - x) - Math.PI * cotangentDerivative(n, x);
  if (x === Infinity) return 0;
  let factorial = 1;
  for (let j = 2; j < n; j++) factorial *= j;
  // ψ⁽ⁿ⁾(x) = ±Σ n! / (x + j)ⁿ⁺¹ by its first terms and the asymptotic series of the rest.
  let sum = 0;
  let y = x;
  for (; y < far + n; y++) sum += y ** -(n + 1);
  const scale = y ** -n;
  const series = bernoulliSum(
    (n * (n + 1)) / 2 / y / y,
    (k) => ((k + n) * (k + n + 1)) / ((k + 1) * (k + 2)) / y / y,
  );
  return sign * factorial * (n * sum + scale * (1 + n / (2 * y) + series));
}

/** The n-th derivative of cot(πx): a polynomial in c = cot(πx), since c' = -π(1 + c²). */
function cotangentDerivative(n: number, x: number): number {
  let polynomial = [0, 1];
  for (let order = 0; order < n; order++) {
    const slope = polynomial.slice(1).map((coefficient, j) => coefficient * (j + 1));
    polynomial = Array.from({ length: slope.length + 2 }, (_, j) => -(slope[j] ?? 0) - (slope[j - 2] ?? 0));
  }
  const c = 1 / Math.tan(Math.PI * fromNearest(x));
  return Math.PI ** n * polynomial.reduceRight((sum, coefficient) => sum * c + coefficient, 0);
}
