/**
 * The ECMAScript library as one file.
 *
 * What: the declaration files that TypeScript's newest library refers to, joined; the others are then empty. Why: what
 * a cell costs grows with the number of files, each of which the service looks at for every cell, and these are half.
 * What the Node that runs does not have is left out, so that it is an error before the cell runs.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts = require("typescript");

/** For files of the library, something that is there where they tell the truth. */
const evidence: Record<string, [holder: object, name: string]> = {
  "es2023.array": [Array.prototype, "toSorted"],
  "es2024.arraybuffer": [ArrayBuffer.prototype, "transfer"],
  "es2024.collection": [Map, "groupBy"],
  "es2024.object": [Object, "groupBy"],
  "es2024.promise": [Promise, "withResolvers"],
  "es2024.sharedmemory": [Atomics, "waitAsync"],
  "es2024.string": [String.prototype, "isWellFormed"],
  "es2025.collection": [Set.prototype, "union"],
  "es2025.float16": [globalThis, "Float16Array"],
  "es2025.iterator": [globalThis, "Iterator"],
  "es2025.promise": [Promise, "try"],
  "es2025.regexp": [RegExp, "escape"],
  "esnext.array": [Array, "fromAsync"],
  "esnext.collection": [Map.prototype, "getOrInsert"],
  "esnext.date": [Date.prototype, "toTemporalInstant"],
  "esnext.error": [Error, "isError"],
  "esnext.sharedmemory": [Atomics, "pause"],
  "esnext.temporal": [globalThis, "Temporal"],
  "esnext.typedarrays": [Uint8Array, "fromHex"],
};
const isPresent = (name: string): boolean => {
  const [holder, member] = evidence[name] ?? [{ name }, "name"];
  return member in holder;
};

/** Files that add to the global scope from a module stay by themselves. */
const isModule = /^export \{/m;

/** The texts of the library's files by their paths, if the options ask for `root` alone. */
export function joinedLibrary({ lib = [] }: ts.CompilerOptions, root: string): Map<string, string> {
  const texts = new Map<string, string>();
  if (lib.length !== 1 || lib[0] !== root) return texts;
  const folder = dirname(ts.getDefaultLibFilePath({}));
  let whole = "";
  let modules = "";
  const visit = (name: string): void => {
    const path = join(folder, name);
    if (texts.has(path)) return;
    const text = readFileSync(path, "utf8").replace(/^declare var (\w+):.*;$/gm, (whole, global) =>
      global in globalThis ? whole : "",
    );
    texts.set(path, isModule.test(text) ? text : "");
    // those that it builds on come before
    for (const [, other] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm))
      if (isPresent(other)) visit(`lib.${other}.d.ts`);
    if (isModule.test(text)) modules += `/// <reference lib="${/^lib\.(.*)\.d\.ts$/.exec(name)?.[1]}" />\n`;
    else whole += text.replace(/^\/\/\/ <reference.*$/gm, "");
  };
  visit(root);
  texts.set(join(folder, root), modules + whole);
  return texts;
}
