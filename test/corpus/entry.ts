/**
 * What an entry of the corpus is: a plain function, a point, and whatever the references cannot know.
 *
 * Values and Jacobians come from reference/references.json (see reference/README.md); an entry with `expect` carries
 * its own, for points where the derivative does not exist and a convention decides.
 */

/** Arguments and outputs are flattened in key order; a row for each output, a column for each input. */
export interface Expected {
  readonly value: readonly number[];
  readonly jacobian: readonly (readonly number[])[];
}

export interface Entry {
  readonly name: string;
  readonly f: (...args: any[]) => unknown;
  readonly args: readonly unknown[];
  /** Positions of number arguments that only choose (an order, a count): their columns are zero. */
  readonly choices?: readonly number[];
  /** Also compare the Hessian (of a scalar function) with the reference. */
  readonly second?: boolean;
  /** Worked out by hand: what a convention says, or what the reference's arithmetic cannot run. */
  readonly expect?: Expected;
}

const journal: unknown[] = [];

/** An effect to watch: functions of the corpus note what they do, in order. */
export function note(what: unknown): void {
  journal.push(what);
}

/** What was noted since the last call. */
export function takeNotes(): unknown[] {
  return journal.splice(0);
}
