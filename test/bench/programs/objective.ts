/**
 * What an objective of the benchmark is: a plain function, its data, and its derivative written by hand.
 *
 * The functions are written as one writes such functions, without a thought of differentiation; `hand` is the adjoint
 * program of the same algorithm, as fast as it could be made. Data comes from a seeded generator, so every run and
 * every peer sees the same numbers.
 */

export interface Objective<P extends any[] = any[], S = any> {
  readonly name: string;
  /** Does f make arrays or records in its loops? */
  readonly allocates: boolean;
  /** A number to take the gradient of; or a list, whose Jacobian is taken. */
  readonly f: (...args: P) => number | number[];
  /** The arguments that f is differentiated by, as `grad` takes them. */
  readonly wrt: number | readonly number[];
  /** What `grad(f, { wrt })` returns; `number[][]` for a list. */
  readonly hand: (...args: P) => unknown;
  readonly make: (size: S) => P;
  /** `small` is for tests, `full` for measuring (several, if the objective is measured over sizes). */
  readonly small: S;
  readonly full: readonly S[];
}

/** Infers the types of one objective, which is then one of a list. */
export const objective = <P extends any[], S>(o: Objective<P, S>): Objective => o as unknown as Objective;

/** Uniform numbers in [0, 1), the same for the same seed: a Weyl sequence through a mixing of 32 bits. */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Normal numbers (Box and Muller 1958). */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

export const list = (n: number, make: (i: number) => number): number[] => {
  const made: number[] = [];
  for (let i = 0; i < n; i++) made.push(make(i));
  return made;
};
export const flat = (n: number, make: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => make(i));
export const matrix = (rows: number, columns: number, make: (i: number, j: number) => number): number[][] =>
  Array.from({ length: rows }, (_, i) => list(columns, (j) => make(i, j)));

/** A work array of an adjoint written by hand, kept from call to call; what it holds at first is not specified. */
export function workspace(): (length: number) => Float64Array {
  let kept = new Float64Array(0);
  return (length) => {
    if (kept.length < length) kept = new Float64Array(length);
    return kept;
  };
}

/** Zeros in the shape of a list: `slice` makes a list of doubles quickest. */
export const zerosLike = (x: readonly number[]): number[] => x.slice().fill(0);
