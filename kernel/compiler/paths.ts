/**
 * Completion of file paths inside string literals, for those strings of which no type says what they may hold.
 */
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";

import ts = require("typescript");

import type { Completions } from "./complete.ts";

/** The files that the path in the string at a position could mean; null where there is none. */
export function pathsAt(folder: string, code: string, position: number): Completions | null {
  const typed = stringAt(code, position);
  if (typed === null) return null;
  const name = /[^/]*$/.exec(typed)?.[0] as string;
  const place = typed.slice(0, typed.length - name.length).replace(/^~(?=\/)/, homedir());
  let found: { name: string; isDirectory(): boolean }[];
  try {
    found = readdirSync(resolve(folder, place || "."), { withFileTypes: true });
  } catch {
    return null;
  }
  const entries = found
    .filter((entry) => entry.name.startsWith(name) && (name || !entry.name.startsWith(".")))
    .map((entry) => ({ text: entry.name + (entry.isDirectory() ? "/" : ""), type: "path", signature: "" }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return { start: position - name.length, end: position, entries };
}

/** What of a string stands before a position in it; null outside of strings. */
function stringAt(code: string, position: number): string | null {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const find = (node: ts.Node): ts.Node | undefined =>
    node.pos < position && position <= node.end ? (ts.forEachChild(node, find) ?? node) : undefined;
  const node = find(file);
  if (!node || !ts.isStringLiteralLike(node)) return null;
  const start = node.getStart(file) + 1;
  const closed = node.end > start && code[node.end - 1] === code[start - 1];
  const inside = position >= start && (position < node.end || !closed);
  return inside ? code.slice(start, position) : null;
}
