/**
 * Lists of zeros for modules that stand alone.
 *
 * What: the same as in transform/rows.ts, with fewer precautions. Why twice: what is read there by nobody is read here.
 */

/** Zeros that are doubles from the beginning: those of a first `fill(0)` would be kept as small integers. */
export function zeros(length: number): number[] {
  return new Array<number>(length).fill(0.5).fill(0);
}
