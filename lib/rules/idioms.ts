/**
 * Turns of phrase that several rows share.
 */
import type { Algebra, Condition } from "./algebra.ts";

/** c / f, with a number c. */
export function over<T>(A: Algebra<T>, c: number, f: T): T {
  return A.div(A.constant(c), f);
}

/** c + f, with a number c. */
export function plus<T>(A: Algebra<T>, c: number, f: T): T {
  return A.add(A.constant(c), f);
}

/** c - f, with a number c. */
export function minus<T>(A: Algebra<T>, c: number, f: T): T {
  return A.sub(A.constant(c), f);
}

/** f + 1, the next one. */
export function after<T>(A: Algebra<T>, f: T): T {
  return A.add(f, A.constant(1));
}

/** f - 1, the one before. */
export function before<T>(A: Algebra<T>, f: T): T {
  return A.sub(f, A.constant(1));
}

/** Whether f is the number c. */
export function is<T>(A: Algebra<T>, f: T, c: number): Condition<T> {
  return A.eq(f, A.constant(c));
}

/** 1 - x² as a product near ±1, where the difference would cancel, but not near 0, where the product's slope would. */
export function oneMinusSquare<T>(A: Algebra<T>, x: T): T {
  return A.select(
    A.lt(A.abs(x), A.constant(0.5)),
    () => minus(A, 1, A.mul(x, x)),
    () => A.mul(minus(A, 1, x), plus(A, 1, x)),
  );
}

/** exp(-x²). */
export function gaussian<T>(A: Algebra<T>, x: T): T {
  return A.exp(A.neg(A.mul(x, x)));
}

/** The second where the first says so, else the third, both at hand already. */
export function either<T>(A: Algebra<T>, test: Condition<T>, then: T, otherwise: T): T {
  return A.select(
    test,
    () => then,
    () => otherwise,
  );
}

/** A formula that counts as zero where the test says so, and is not computed there. */
export function zeroWhere<T>(A: Algebra<T>, test: Condition<T>, formula: () => T): T {
  return A.select(test, () => A.constant(0), formula);
}
