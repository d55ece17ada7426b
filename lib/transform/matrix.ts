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
  const parts = gradients.map(({ kind, text }) => {
    const isList = kind.type === "list" && kind.of.type === "number" && !kind.floats;
    if (kind.type === "number") return { items: text, list: null };
    // a list that is written out is its elements
    return isList && text.startsWith("[")
      ? { items: text.slice(1, -1), list: null }
      : { items: null, list: text, isNew: isList };
  });
  const lines: Lines = [];
  const [{ list, isNew }] = parts;
  const at = isNew ? 1 : parts.findIndex(({ items }) => items === null);
  const first = parts.slice(0, at < 0 ? undefined : at).map(({ items }) => items);
  // the gradient by the first argument is a new list, to which the others are added
  lines.push(`const entries = ${isNew ? list : `[${first.join(", ")}]`};`);
  for (const part of at < 0 ? [] : parts.slice(at))
    lines.push(part.items === null ? `rows.append(entries, ${part.list});` : `entries.push(${part.items});`);
  return lines;
}
