/**
 * Jacobians row by row: the lines around a reverse sweep that runs once for each number of the result.
 *
 * A result is numbers in a shape that is known beforehand, or one list of numbers.
 */
import { type Result, resultValues, type Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";
import { block, type Lines } from "./writer.ts";

/** Whether a result is one list of numbers. */
export function isFlat(result: Result): result is { type: "value"; value: Value } {
  if (result.type !== "value") return false;
  const { type, kind } = result.value;
  return type === "pointer" && kind?.type === "list" && kind.of.type === "number";
}
/** How many numbers a result has. */
export function countText(result: Result, text: (value: Value) => string): string {
  return isFlat(result) ? `${text(result.value)}.length` : String(resultValues(result).length);
}

/** The reverse sweep for each number of the result in turn: what it gives for each argument makes a row. */
export function rowLines(
  sweep: Lines,
  gradients: readonly { kind: Kind; text: string }[],
  usesTape: boolean,
): Lines {
  return [
    "const jacobian = [];",
    ...(usesTape ? ["const endOfTape = top;"] : []),
    ...block("for (let output = 0; output < outputs; output++)", [
      ...(usesTape ? ["top = endOfTape;"] : []),
      ...sweep,
      ...entriesOf(gradients),
      "jacobian.push(entries);",
    ]),
  ];
}
/** The numbers of several gradients in one new list. */
function entriesOf(gradients: readonly { kind: Kind; text: string }[]): Lines {
  const [first, ...others] = gradients;
  const isList = ({ kind }: { kind: Kind }) =>
    kind.type === "list" && kind.of.type === "number" && !kind.floats;
  let at = gradients.findIndex(({ kind }) => kind.type !== "number");
  if (at < 0) at = gradients.length;
  // the gradient by the first argument is a new list, to which the others are added
  const lines = isList(first)
    ? [`const entries = ${first.text};`]
    : [
        `const entries = [${gradients
          .slice(0, at)
          .map(({ text }) => text)
          .join(", ")}];`,
      ];
  for (const { kind, text } of isList(first) ? others : gradients.slice(at))
    lines.push(kind.type === "number" ? `entries.push(${text});` : `rows.append(entries, ${text});`);
  return lines;
}
