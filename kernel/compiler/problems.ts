/**
 * What is wrong with a cell, for its reader.
 *
 * What: the compiler's diagnostics of a cell and of the local files that it imports, with line, column and the text
 * they stand in. Diagnostics that follow from how cells are framed are left out.
 */
import { relative } from "node:path";

import ts = require("typescript");

import { reached } from "./additions.ts";
import type { Framed } from "./cells.ts";
import { readable } from "./names.ts";
import type { Service } from "./service.ts";

export interface Problem {
  syntax: boolean;
  fatal: boolean;
  /** The file, relative to the notebook's folder; empty for the cell itself. */
  file: string;
  /** Line and column, from 1. */
  line: number;
  column: number;
  length: number;
  code: number;
  message: string;
  /** The line of text that it is about. */
  text: string;
}

/** `labelOf` names an earlier cell. */
export function problemsOf(
  service: Service,
  framed: Framed,
  code: string,
  labelOf: (cell: number) => string | undefined,
): Problem[] {
  const { path, offset } = framed;
  const language = service.service;
  const end = offset + code.length;
  const syntactic = language.getSyntacticDiagnostics(path);
  const found = (list: readonly ts.Diagnostic[], syntax: boolean) =>
    list
      .filter(({ start, category }) => start !== undefined && category === ts.DiagnosticCategory.Error)
      .map((d) => problem(service, d, syntax, framed, code))
      .map((found) => ({ ...found, message: readable(found.message, labelOf) }));
  const inside = (list: readonly ts.Diagnostic[]) =>
    list.filter(({ start = 0 }) => start >= offset && start <= end);
  if (syntactic.length > 0)
    return found(inside(syntactic), true).length > 0
      ? found(inside(syntactic), true)
      : found(syntactic, true);
  const own = found(inside(language.getSemanticDiagnostics(path)), false);
  const others = reached(language.getProgram() as ts.Program, path)
    .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && /\.[cm]?tsx?$/.test(fileName))
    .filter(({ fileName }) => fileName !== path && !fileName.includes("__wengert_cell_"))
    .flatMap(({ fileName }) => [
      ...found(language.getSyntacticDiagnostics(fileName), true),
      ...found(language.getSemanticDiagnostics(fileName), false),
    ]);
  // what such a file lacks may be there the next time
  if (others.length > 0) service.renew();
  return [...own, ...others];
}

function problem(
  service: Service,
  diagnostic: ts.Diagnostic,
  syntax: boolean,
  framed: Framed,
  code: string,
): Problem {
  const file = diagnostic.file as ts.SourceFile;
  const own = file.fileName === framed.path;
  const start = diagnostic.start as number;
  const { line, character } = file.getLineAndCharacterOfPosition(
    own ? Math.min(start, framed.offset + code.length) : start,
  );
  const starts = file.getLineStarts();
  const text = file.text.slice(starts[line], starts[line + 1] ?? file.text.length).replace(/\r?\n$/, "");
  let message = ts
    .flattenDiagnosticMessageText(diagnostic.messageText, "\n")
    .replace(
      /Do you need to change your target library\? Try changing the 'lib' compiler option to '(\w+)' or later\./,
      `It is a part of $1, which Node ${process.versions.node} does not have in full; a newer Node does.`,
    );
  const missing =
    /^Cannot find module (?:or type declarations for side-effect import of )?'([^'./][^']*)'/.exec(message);
  if (missing && !/^[\w+.-]+:/.test(missing[1])) {
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(missing[1])?.[0];
    message = `Cannot find module '${missing[1]}'; install it with: npm install ${name}`;
  }
  return {
    syntax,
    fatal: true,
    file: own ? "" : relative(service.folder, file.fileName),
    line: own ? line : line + 1,
    column: character + 1,
    length: Math.max(1, Math.min(diagnostic.length ?? 1, text.length - character)),
    code: diagnostic.code,
    message,
    text,
  };
}
