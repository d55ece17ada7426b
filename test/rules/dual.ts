/**
 * Dual numbers over any algebra: the independent way to differentiate a row again.
 *
 * What: an algebra whose values carry a tangent, made from nothing but the table; dual numbers over dual numbers give
 * second and higher orders. Why: a row's partials are evaluated in it, so it shows that rows differentiate themselves.
 */
import { type Algebra, algebraOf, numberAlgebra, strongProduct, table } from "#lib/rules/index.js";

/** Numbers of some order: an algebra, its product of the sweeps, and the number inside a value. */
export interface Arithmetic<T> {
  readonly algebra: Algebra<T>;
  readonly strong: (partial: T, tangent: T) => T;
  readonly primal: (x: T) => number;
}

export interface Dual<T> {
  readonly value: T;
  readonly tangent: T;
}

export const numbers: Arithmetic<number> = {
  algebra: numberAlgebra,
  strong: strongProduct,
  primal: (x) => x,
};

/** Numbers with a tangent of the kind given. */
export function dualsOver<T>({ algebra: A, strong, primal }: Arithmetic<T>): Arithmetic<Dual<T>> {
  const constant = (value: number): Dual<T> => ({ value: A.constant(value), tangent: A.constant(0) });
  return {
    algebra: algebraOf<Dual<T>>({
      constant,
      call: (name, ...operands) => {
        const values = operands.map((operand) => operand.value);
        const value = A.call(name, ...values);
        const partials = table[name].partials(A, value, ...values);
        const terms = partials.map((partial, k) => strong(partial, operands[k].tangent));
        return { value, tangent: terms.reduce((sum, term) => A.add(sum, term), A.constant(0)) };
      },
      primal: (x) => primal(x.value),
    }),
    strong: (p, t) => ({
      value: strong(p.value, t.value),
      tangent: A.add(strong(p.tangent, t.value), strong(p.value, t.tangent)),
    }),
    primal: (x) => primal(x.value),
  };
}

/** f and its derivatives up to an order, at a number, by duals over duals: [f, f', f'', …]. */
export function derivativesAt(f: <T>(A: Algebra<T>, x: T) => T, x: number, order: number): number[] {
  const climb = <T>(kind: Arithmetic<T>, at: T, left: number, read: (y: T) => number[]): number[] => {
    if (left === 0) return read(f(kind.algebra, at));
    const duals = dualsOver(kind);
    const lifted = { value: at, tangent: kind.algebra.constant(1) };
    return climb(duals, lifted, left - 1, (y) => [...read(y.value), read(y.tangent).at(-1) as number]);
  };
  return climb(numbers, x, order, (y) => [y]);
}
