/**
 * Partials computed: the algebra of numbers, and the product of the sweeps.
 *
 * Each operation is the value of its row itself, with nothing in between.
 */
import { type Algebra, algebraOf } from "./algebra.ts";
import type { PrimitiveName } from "./names.ts";
import { table } from "./table.ts";

export const numberAlgebra: Algebra<number> = Object.assign(
  algebraOf<number>({
    constant: (value) => value,
    call: (name, ...operands) => table[name].value(...operands),
    primal: (x) => x,
  }),
  Object.fromEntries(Object.values(table).map(({ name, value }) => [name, value])) as Pick<
    Algebra<number>,
    PrimitiveName
  >,
);

/**
 * A partial times a tangent or an adjoint, with strong zeros: a zero factor makes a zero product, whatever the other
 * one is. So a branch not taken, or masked by a zero, never makes NaN.
 */
export function strongProduct(partial: number, sensitivity: number): number {
  return partial === 0 || sensitivity === 0 ? 0 : partial * sensitivity;
}
