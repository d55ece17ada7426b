/**
 * The ECMAScript library as one file.
 *
 * What: the declaration files that TypeScript's newest library refers to, joined; the others are then empty. Why: what
 * a cell costs grows with the number of files, each of which the service looks at for every cell, and these are half.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts = require("typescript");

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
    const text = readFileSync(path, "utf8");
    texts.set(path, isModule.test(text) ? text : "");
    // those that it builds on come before
    for (const [, other] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm))
      visit(`lib.${other}.d.ts`);
    if (isModule.test(text)) modules += `/// <reference lib="${/^lib\.(.*)\.d\.ts$/.exec(name)?.[1]}" />\n`;
    else whole += text.replace(/^\/\/\/ <reference.*$/gm, "");
  };
  visit(root);
  texts.set(join(folder, root), modules + whole);
  return texts;
}
