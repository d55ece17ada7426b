/**
 * Exponentials and logarithms put together so that nothing overflows or cancels.
 *
 * Reference: Mächler, Accurately computing log(1 - exp(-|a|)), vignette of the R package Rmpfr (2012), for the places
 * where one formula hands over to the next; Blanchard, Higham & Higham, Accurately computing the log-sum-exp and
 * softmax functions, IMA Journal of Numerical Analysis 41 (2021).
 */

/** log Σ exp xᵢ; -Infinity of no operand. */
export function logsumexp(...x: number[]): number {
  const largest = Math.max(...x);
  if (Math.abs(largest) === Infinity) return largest;
  const place = x.indexOf(largest);
  let others = 0;
  for (let k = 0; k < x.length; k++) if (k !== place) others += Math.exp(x[k] - largest);
  return largest + Math.log1p(others);
}

/** log(1 + exp x), also called softplus. */
export function log1pexp(x: number): number {
  if (x <= -37) return Math.exp(x);
  if (x <= 18) return Math.log1p(Math.exp(x));
  return x <= 33.3 ? x + Math.exp(-x) : x;
}

/** log(1 - exp x) for x ≤ 0; NaN for x > 0. */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** 1 / (1 + exp(-x)), also called sigmoid or expit. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

/** log(x / (1 - x)), the inverse of the logistic function. */
export function logit(x: number): number {
  return x > 0.25 && x < 0.75 ? Math.log1p((2 * x - 1) / (1 - x)) : Math.log(x) - Math.log1p(-x);
}

/** x log y, and 0 for x = 0 unless y is NaN. */
export function xlogy(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y);
}

/** x log(1 + y), and 0 for x = 0 unless y is NaN. */
export function xlog1py(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log1p(y);
}
