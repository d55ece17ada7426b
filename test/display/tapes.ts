/**
 * Tapes by hand: a list of operations on earlier entries, with values and partials from the rule table.
 */
import { numberAlgebra, type PrimitiveName, table } from "#lib/rules/index.js";
import { type Entry, type Operand, Tape } from "#lib/tape/tape.js";

/** An operation and its operands: `3` is entry 3, `{ constant: 2 }` the number 2. */
export type Step = readonly [operation: PrimitiveName, ...operands: (number | { constant: number })[]];

export function tapeOf(
  inputs: Readonly<Record<string, number>>,
  steps: readonly Step[],
  options: { name?: string; outputs?: readonly Operand[]; outputNames?: readonly string[] } = {},
): Tape {
  const inputNames = Object.keys(inputs);
  const entries: Entry[] = Object.values(inputs).map((value, index) => ({
    index,
    operation: "input",
    value,
    operands: [],
    partials: [],
  }));
  for (const [operation, ...places] of steps) {
    const operands = places.map((place) => (typeof place === "number" ? { entry: place } : place));
    const values = operands.map((operand) =>
      "entry" in operand ? entries[operand.entry].value : operand.constant,
    );
    const value = table[operation].value(...values);
    const partials = table[operation].partials(numberAlgebra, value, ...values);
    entries.push({ index: entries.length, operation, value, operands, partials });
  }
  return new Tape({
    name: options.name ?? "f",
    inputNames,
    length: entries.length,
    entry: (index) => entries[index],
    outputs: options.outputs ?? [{ entry: entries.length - 1 }],
    outputNames: options.outputNames ?? [""],
    bytes: 36 * entries.length,
  });
}

/** The lecture's example: x1 · x2 + sin x1 at (2, 3). */
export const lecture = tapeOf({ x1: 2, x2: 3 }, [
  ["mul", 0, 1],
  ["sin", 0],
  ["add", 2, 3],
]);
