/**
 * What the compiler found wrong, as an error that front ends show.
 */
import type { Problem } from "../compiler/problems.ts";

class CellError extends Error {}

/** All problems of a cell: place, number, message, the line and a mark under what it is about. */
export function problemsError(problems: Problem[], cell: string): Error {
  const rows = problems.map(({ file, line, column, length, code, message, text }) => {
    const where = `${file || cell}:${line}:${column}`;
    const number = `${line} | `;
    const mark = " ".repeat(number.length + column - 1) + "~".repeat(length);
    return `${where} - error TS${code}: ${message}\n${number}${text}\n${mark}`;
  });
  const error = new CellError(rows.join("\n"));
  error.name = problems.every(({ syntax }) => syntax) ? "SyntaxError" : "TypeScriptError";
  error.stack = "";
  return error;
}
