/** Modules that are written ahead of time, loaded: what the tests beside share. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { type DifferentiateOptions, differentiate } from "#lib/ahead/index.js";
import { inTemporaryFolder } from "../support/run.ts";

export type F = (...args: any[]) => any;

/** The text of the module for a function of a file. */
export function written(file: string, name: string, more: Partial<DifferentiateOptions> = {}): string {
  return differentiate({
    file,
    function: name,
    mode: "reverse",
    wrt: null,
    example: null,
    command: "…",
    ...more,
  });
}
export function javascript(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText;
}
/** The functions of a module. */
export function load(text: string): Promise<Record<string, F>> {
  return inTemporaryFolder((folder) => {
    writeFileSync(join(folder, "module.mjs"), javascript(text));
    return import(pathToFileURL(join(folder, "module.mjs")).href);
  });
}
/** What the compiler says of modules under strict rules: with no type left open and no variable unread. */
export function compilerFaults(files: readonly string[], more: ts.CompilerOptions = {}): string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    lib: ["lib.es2022.d.ts"],
    strict: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
    noEmit: true,
    types: [],
    ...more,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const { line } = file?.getLineAndCharacterOfPosition(start ?? 0) ?? { line: 0 };
    return `${file?.fileName}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
