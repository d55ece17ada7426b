/**
 * Inspection: what is known of the name at a position.
 *
 * What: its type and documentation as text (as tslab prints it), markdown and HTML; at a call's open parenthesis the
 * called function's; with more detail its source too.
 */
import ts from "typescript";
import type { Cells } from "./cells.ts";

const names = /[\p{ID_Continue}$]/u;

/** A MIME bundle, or null when nothing is known. */
export async function inspect(
  cells: Cells,
  code: string,
  position: number,
  detail: number,
): Promise<Record<string, string> | null> {
  const { path, offset } = cells.frame(code);
  const language = cells.service.service;
  let info: ts.QuickInfo | undefined;
  for (const at of places(code, position)) {
    info = language.getQuickInfoAtPosition(path, offset + at);
    if (info) break;
  }
  if (!info) return null;
  const word = wordAt(code, info.textSpan.start - offset);
  if (cells.names.has(word)) withoutAlias(info);
  const { printQuickInfo } = await import("./tslab.ts");
  const source = detail > 0 ? sourceOf(cells, path, info.textSpan.start, word) : "";
  const type = ts.displayPartsToString(info.displayParts);
  const documentation = ts.displayPartsToString(info.documentation);
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) }));
  const plain = printQuickInfo(info) + (source ? `\n\n${source}` : "");
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
    .slice(0, 5)
    .map(({ fileName, contextSpan, textSpan }) => {
      const { start, length } = contextSpan ?? textSpan;
      return program?.getSourceFile(fileName)?.text.slice(start, start + length) ?? "";
    })
    .join("\n");
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
