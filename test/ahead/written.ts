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
