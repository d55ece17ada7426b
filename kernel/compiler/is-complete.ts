/**
 * Whether a cell could run as it stands: the answer to `is_complete_request`.
 *
 * What: from the first syntax error: one at the end of the text a continuation could mend, any other makes it invalid.
 * The indentation of the next line is tslab's.
 */
import ts = require("typescript");

/** A missing end of a comment; an unterminated template: these go on with the next line. */
const unterminated = new Set([1010, 1160]);
/** An unterminated string does not. */
const unterminatedString = 1002;

export async function isComplete(code: string): Promise<{ status: string; indent?: string }> {
  if (/^\s*(?:[\w$.]+\?\??|\?\??[\w$.]+)\s*$/.test(code)) return { status: "complete" };
  const parses = [ts.ScriptKind.TS, ts.ScriptKind.TSX].map((kind) => {
    const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, false, kind);
    return (file as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
  });
  if (parses.some((errors) => errors.length === 0)) return { status: "complete" };
  const end = code.trimEnd().length;
  const [first] = parses[0];
  const mendable = (first.start ?? 0) >= end || unterminated.has(first.code);
  const broken = first.code === unterminatedString && !code.endsWith("\\");
  if (!mendable || broken) return { status: "invalid" };
  const { isCompleteCode } = await import("./tslab.ts");
  const { indent } = isCompleteCode(code);
  return { status: "incomplete", indent: indent ?? "" };
}
