/**
 * JSON files that cells, and files below them, import.
 *
 * What: reads one; what is wrong in it is an error that names file, line and column, with a frame there. Why a scanner
 * of our own for that: `JSON.parse` gives the place of some errors as an offset and of others not at all.
 * Reference: RFC 8259.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

export function readJson(path: string): unknown {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch {
    const offset = firstWrong(text);
    const lines = text.slice(0, offset).split("\n");
    const place = `${lines.length}:${(lines.at(-1) as string).length + 1}`;
    const found = /^(?:[\p{ID_Continue}$.+-]{1,20}|.)/su.exec(text.slice(offset, offset + 40))?.[0];
    const what = found === undefined ? "the file ends too early" : `unexpected ${JSON.stringify(found)}`;
    const error = new SyntaxError(`${basename(path)}:${place} - this is no JSON: ${what}`);
    error.stack = `${error}\n    at ${path}:${place}`;
    throw error;
  }
}

const space = /[ \t\n\r]*/y;
/** A string as far as it is right, and whether it is all of one. */
const string = /"(?:[^"\\\p{Cc}]+|[\x7f-\x9f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*("?)/uy;
const other = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

/** Where a text that is no JSON ceases to be the beginning of one. */
function firstWrong(text: string): number {
  const open: ("]" | "}")[] = [];
  let state: "value" | "first value" | "key" | "first key" | "colon" | "end" = "value";
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    const found = token.exec(text);
    at += found?.[0].length ?? 0;
    return found !== null && found[1] !== "";
  };
  for (;;) {
    take(space);
    const c = text[at];
    const closes = c !== undefined && c === open.at(-1);
    if (closes && /^(?:first|end)/.test(state)) {
      open.pop();
      state = "end";
    } else if (c === "," && state === "end" && open.length > 0) state = open.at(-1) === "}" ? "key" : "value";
    else if (c === ":" && state === "colon") state = "value";
    else if (/value$/.test(state)) {
      if (c === "{" || c === "[") {
        open.push(c === "{" ? "}" : "]");
        state = c === "{" ? "first key" : "first value";
      } else if (take(c === '"' ? string : other)) {
        state = "end";
        continue;
      } else return at;
    } else if (/key$/.test(state) && take(string)) {
      state = "colon";
      continue;
    } else return at;
    at++;
  }
}
