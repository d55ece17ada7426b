/**
 * Completion, from types alone: nothing of the user's runs.
 */
import ts = require("typescript");

import type { Cells } from "./cells.ts";
import { readable } from "./names.ts";
import { pathsAt } from "./paths.ts";

export interface Completions {
  /** The text that the entries replace, in UTF-16 offsets of the cell. */
  start: number;
  end: number;
  entries: { text: string; type: string; signature: string }[];
}

/** How front ends call the kinds of the language service. */
const types: Record<string, string> = {
  function: "function",
  "local function": "function",
  method: "function",
  construct: "function",
  class: "class",
  "local class": "class",
  interface: "interface",
  type: "type",
  "type parameter": "type",
  "primitive type": "type",
  enum: "enum",
  "enum member": "property",
  module: "module",
  "external module name": "module",
  script: "path",
  directory: "path",
  alias: "module",
  keyword: "keyword",
  property: "property",
  getter: "property",
  setter: "property",
  accessor: "property",
  const: "instance",
  let: "instance",
  var: "instance",
  "local var": "instance",
  parameter: "instance",
  string: "string",
};

/** Signatures are worked out for lists that are read, not for those that are typed on. */
const described = 12;
const most = 2000;

const preferences: ts.UserPreferences = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: false,
  includeCompletionsForImportStatements: false,
};

export function complete(cells: Cells, code: string, position: number): Completions {
  const { path, offset } = cells.frame(code);
  const language = cells.service.service;
  const info = language.getCompletionsAtPosition(path, offset + position, preferences);
  const word = /[\p{ID_Continue}$#@]*$/u.exec(code.slice(0, position))?.[0] ?? "";
  let start = position - word.length;
  const found = new Map<string, ts.CompletionEntry | null>();
  for (const entry of info?.entries ?? []) {
    const span = entry.replacementSpan;
    const from = span ? span.start - offset : start;
    const typed = code.slice(from, position);
    if (!entry.name.startsWith(typed) || /^(?:__wengert|\$\$\d)/.test(entry.name)) continue;
    if (span) start = from;
    found.set(entry.name, entry);
  }
  // names of earlier cells stand wherever a name of any scope may; they are properties of the global object, too
  const before = code.slice(0, position - word.length);
  const anyName = info && !info.isMemberCompletion && info.entries.some(({ name }) => name === "globalThis");
  if (anyName || /\bglobalThis\??\.\s*$/.test(before))
    for (const name of cells.names.keys())
      if (name.startsWith(word) && !found.has(name)) found.set(name, null);
  if (found.size === 0)
    return pathsAt(cells.service.folder, code, position) ?? { start, end: position, entries: [] };
  const entries = [...found].sort((a, b) => order(a) - order(b) || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  const few = entries.length <= described;
  const signatureOf = (name: string, entry: ts.CompletionEntry | null): string =>
    entry ? signature(language, path, offset + position, entry) : signatureInCell(cells, name);
  return {
    start,
    end: position,
    entries: entries.map(([name, entry]) => ({
      text: name,
      type: typeOf(cells, name, entry),
      signature: few ? signatureOf(name, entry) : "",
    })),
  };
}

const order = ([name, entry]: [string, ts.CompletionEntry | null]): number =>
  (entry ? Number(entry.sortText.replace(/\D/g, "")) || 50 : 10) + (name.startsWith("_") ? 100 : 0);

function typeOf(cells: Cells, name: string, entry: ts.CompletionEntry | null): string {
  // a name of an earlier cell that this one uses is lent to it as an import
  const isLent = entry?.kind === ts.ScriptElementKind.alias && cells.names.has(name);
  if (entry && !isLent) return types[entry.kind] ?? entry.kind;
  const kind = cells.names.get(name)?.kind ?? "";
  const others: Record<string, string> = {
    let: "instance",
    const: "instance",
    import: "module",
    namespace: "module",
  };
  return others[kind] ?? kind;
}

function signature(
  language: ts.LanguageService,
  path: string,
  position: number,
  { name, source, data }: ts.CompletionEntry,
): string {
  const details = language.getCompletionEntryDetails(path, position, name, {}, source, preferences, data);
  const text = readable(ts.displayPartsToString(details?.displayParts))
    // what else has the name, and where it comes from
    .replace(/\n(?:interface|namespace|import|export|module|type) [^\n]*$/g, "")
    .replace(/^\([a-z ]+\)\s*/, "");
  const found = /\(.*\).*/s.exec(text);
  // parentheses behind a brace are those of a member
  if (!found || /^[^<{]*\{/.test(text.slice(0, found.index))) return "";
  return found[0].replace(/\s+/g, " ");
}

/** The same for a function of an earlier cell, as it is written: to lend its name to this cell would take longer. */
function signatureInCell(cells: Cells, name: string): string {
  const { text = "" } = cells.names.get(name) ?? {};
  const file = ts.createSourceFile("declaration.ts", text, ts.ScriptTarget.Latest);
  const find = (node: ts.Node): ts.SignatureDeclaration | undefined => {
    if (ts.isFunctionDeclaration(node)) return node;
    if (ts.isClassDeclaration(node)) return node.members.find(ts.isConstructorDeclaration);
    if (ts.isVariableDeclaration(node) && node.name.getText(file) === name) {
      const { initializer } = node;
      if (initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)))
        return initializer;
    }
    return ts.forEachChild(node, find);
  };
  const found = find(file);
  if (!found) return "";
  const parameters = found.parameters.map((parameter) => parameter.getText(file)).join(", ");
  return `(${parameters})${found.type ? `: ${found.type.getText(file)}` : ""}`.replace(/\s+/g, " ");
}
