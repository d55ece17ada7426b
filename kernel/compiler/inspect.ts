/**
 * Inspection: what is known of the name at a position.
 *
 * What: its type and documentation as text (as tslab prints it), markdown and HTML; at a call's open parenthesis the
 * called function's; with more detail its source too.
 */
import ts = require("typescript");

import type { Cells } from "./cells.ts";
import { readable } from "./names.ts";

const names = /[\p{ID_Continue}$]/u;

const mostDefinitions = 5;

/** A MIME bundle, or null when nothing is known. */
export async function inspect(
  cells: Cells,
  code: string,
  position: number,
  detail: number,
): Promise<Record<string, string> | null> {
  const { path, offset } = cells.frame(code, true);
  const language = cells.service.service;
  let info: ts.QuickInfo | undefined;
  for (const at of places(code, position)) {
    info = language.getQuickInfoAtPosition(path, offset + at);
    if (!info) continue;
    const definitions = language.getDefinitionAtPosition(path, offset + at) ?? [];
    const files = definitions.slice(0, mostDefinitions).map(({ fileName }) => fileName);
    if (cells.service.document(files)) info = language.getQuickInfoAtPosition(path, offset + at);
    break;
  }
  if (!info || isUnresolved(info)) return null;
  if (isUnknown(info)) {
    // a name that is no value may be a type's
    const name = /^[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u.test(code.trim()) ? code.trim() : "";
    const asType = `0 as ${name}`;
    return name ? inspect(cells, asType, asType.length, detail) : null;
  }
  const word = wordAt(code, info.textSpan.start - offset);
  if (cells.names.has(word)) withoutAlias(info);
  const source = detail > 0 ? sourceOf(cells, path, info.textSpan.start, word) : "";
  // the cell at hand may be another one after this
  const { printQuickInfo } = await import("./tslab.ts");
  const type = readable(ts.displayPartsToString(info.displayParts));
  const documentation = linked(info.documentation);
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: linked(text) }));
  // tslab puts each part of a text on a line of its own
  const joined = tags.map(({ name, text }) => ({ name, text: [{ text, kind: "text" }] }));
  const whole = {
    ...info,
    displayParts: [{ text: type, kind: "text" }],
    documentation: documentation ? [{ text: documentation, kind: "text" }] : [],
    tags: joined,
  };
  const plain = printQuickInfo(whole) + (source ? `\n\n${source}` : "");
  const markdown = [
    `\`\`\`typescript\n${type}\n\`\`\``,
    documentation,
    ...tags.map(({ name, text }) => `*@${name}* ${text}`),
    source && `\`\`\`typescript\n${source}\n\`\`\``,
  ];
  const html = [
    `<pre>${escape(type)}</pre>`,
    documentation && `<p>${escape(documentation)}</p>`,
    ...tags.map(({ name, text }) => `<p><em>@${escape(name)}</em> ${escape(text)}</p>`),
    source && `<pre>${escape(source)}</pre>`,
  ];
  return {
    "text/plain": plain,
    "text/markdown": markdown.filter(Boolean).join("\n\n"),
    "text/html": html.filter(Boolean).join("\n"),
  };
}

/** What the service says of a name that nobody has declared. */
const isUnknown = ({ kind, displayParts }: ts.QuickInfo): boolean =>
  kind === ts.ScriptElementKind.unknown && ts.displayPartsToString(displayParts) === "any";
const isUnresolved = ({ displayParts }: ts.QuickInfo): boolean =>
  ts.displayPartsToString(displayParts).includes("/*unresolved*/");

/** A documentation's text, with `{@link name}` as the name. */
const linked = (parts: ts.SymbolDisplayPart[] | undefined): string =>
  ts.displayPartsToString(parts).replace(/\{@link(?:code|plain)?\s+([^}]*?)\s*\}/g, "$1");

/** A name of an earlier cell reaches this one as an import; the reader sees what it is. */
function withoutAlias(info: ts.QuickInfo): void {
  const text = ts
    .displayPartsToString(info.displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\nimport \S+$/, "");
  info.displayParts = [{ text, kind: "text" }];
}

/** Where to look: at the position, just before it, and at the function whose arguments are being written. */
function* places(code: string, position: number): Generator<number> {
  if (names.test(code[position] ?? "")) yield position;
  if (names.test(code[position - 1] ?? "")) yield position - 1;
  let depth = 0;
  for (let k = position - 1; k >= 0; k--) {
    if (code[k] === ")") depth++;
    else if (code[k] === "(" && depth-- === 0) {
      yield Math.max(0, code.slice(0, k).trimEnd().length - 1);
      return;
    }
  }
}

function wordAt(code: string, start: number): string {
  return /^[\p{ID_Continue}$]+/u.exec(code.slice(start))?.[0] ?? "";
}

/** The text of a declaration: of the cell that made the name, or of the file that the service knows. */
function sourceOf(cells: Cells, path: string, position: number, word: string): string {
  const known = cells.names.get(word);
  if (known && known.kind !== "import") return [known.doc, known.text].filter(Boolean).join("\n");
  const language = cells.service.service;
  const program = language.getProgram();
  return (language.getDefinitionAtPosition(path, position) ?? [])
    .slice(0, mostDefinitions)
    .map(({ fileName, contextSpan, textSpan }) => {
      const file = program?.getSourceFile(fileName);
      const { start, length } = contextSpan ?? textSpan;
      return (file && memberOf(cells, file, start, word)) ?? file?.text.slice(start, start + length) ?? "";
    })
    .join("\n");
}

/** A member's text in the cell that declares its class, interface or object, of which `file` has the types alone. */
function memberOf(cells: Cells, file: ts.SourceFile, position: number, name: string): string | undefined {
  const cell = cells.service.cellOf(file.fileName);
  const statement = file.statements.find(({ pos, end }) => pos <= position && position < end);
  const names = statement?.getText(file).match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
  const owner = names.map((word) => cells.names.get(word)).find((known) => known?.cell === cell);
  if (!owner) return undefined;
  const text = ts.createSourceFile("owner.ts", owner.text, ts.ScriptTarget.Latest);
  const find = (node: ts.Node): ts.Node | undefined => {
    const own = ts.isClassElement(node) || ts.isTypeElement(node) || ts.isObjectLiteralElement(node);
    return own && node.name?.getText(text) === name ? node : ts.forEachChild(node, find);
  };
  const member = find(text);
  return member && text.text.slice(member.getFullStart(), member.getEnd()).trim();
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
