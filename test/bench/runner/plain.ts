/**
 * The objectives as nobody prepared them: their files without types, in a folder that preparation leaves alone.
 *
 * Why: a gradient is to be held against the plain function, and against an adjoint that is as plain; preparing costs the
 * making of closures something. Both versions can be loaded into one process, and neither sees the other's calls.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import type { Objective } from "../programs/objective.ts";

const source = fileURLToPath(new URL("../programs/", import.meta.url));
export const workFolder = fileURLToPath(new URL("../../../.wengert/bench/", import.meta.url));
const folder = join(workFolder, "node_modules", "objectives");

/** Writes them; once, before the processes that load them. */
export function writePlain(): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const file of readdirSync(source)) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
      },
      fileName: file,
    });
    writeFileSync(join(folder, file.replace(/ts$/, "js")), outputText);
  }
}

export async function loadPlain(): Promise<readonly Objective[]> {
  const url = pathToFileURL(join(folder, "index.js")).href;
  return ((await import(url)) as { objectives: readonly Objective[] }).objectives;
}
