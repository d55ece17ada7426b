/**
 * THE table: one row for each elementary operation, read by everyone.
 *
 * What: the families of rows put together. Why: value, partial derivatives, what a reverse sweep keeps, names, cost
 * and sample domain of an operation stand in one place; tapes, programs, displays and tests ask the row and never its
 * name. The type asks for every name of `PrimitiveName`: a row left out does not compile, nor does a column.
 * Reference: DiffRules.jl (one aligned row for each primitive), jax-js (a mapped type over all primitives).
 */
import { arithmetic } from "./arithmetic.ts";
import { elementary } from "./elementary.ts";
import type { PrimitiveName } from "./names.ts";
import { numerics } from "./numerics.ts";
import type { Rule } from "./rule.ts";

export const table: { readonly [N in PrimitiveName]: Rule } = { ...arithmetic, ...elementary, ...numerics };
