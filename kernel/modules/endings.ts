/**
 * Local files by the names that imports give them.
 *
 * What: the endings that a name may lack, in the order in which they are tried, and how the file is to be read.
 */
import { readFileSync, statSync } from "node:fs";
import { formatOf } from "../../lib/prepare-file.ts";

const endings = [
  "",
  ".ts",
  ".tsx",
  ".mts",
  ".js",
  ".mjs",
  ".jsx",
  ".cjs",
  ".json",
  "/index.ts",
  "/index.tsx",
  "/index.js",
];

/** The file that a path without its ending means; `./x.js` may mean `./x.ts`. */
export function withEnding(path: string): string | undefined {
  const names = endings.map((ending) => path + ending);
  if (/\.[cm]?jsx?$/.test(path)) names.push(path.replace(/js(x?)$/, "ts$1"));
  return names.find((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
}

/** Whether a local file is read as an ES module: all but JavaScript that is written as CommonJS. */
export function isModule(path: string): boolean {
  if (/\.(?:[cm]?tsx?|mjs|jsx)$/.test(path)) return true;
  return /\.js$/.test(path) && formatOf(readFileSync(path, "utf8"), path) === "module";
}
