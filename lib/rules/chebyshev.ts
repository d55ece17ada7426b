/**
 * Sums of Chebyshev polynomials, from which the special functions are made.
 *
 * Reference: Clenshaw, A note on the summation of Chebyshev series, MTAC 9 (1955).
 */

/** Σ cₖ Tₖ(t) for t in [-1, 1]. */
export function chebyshevSum(coefficients: readonly number[], t: number): number {
  let next = 0;
  let afterNext = 0;
  for (let k = coefficients.length - 1; k > 0; k--) {
    const sum = coefficients[k] + 2 * t * next - afterNext;
    afterNext = next;
    next = sum;
  }
  return coefficients[0] + t * next - afterNext;
}
