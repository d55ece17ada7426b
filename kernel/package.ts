// Where this package lives, and what it is called: the one place that knows how deep the compiled files lie.
// Pictures and the Python helper are not compiled; they are read from the sources' folders.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's folder: two floors above dist/kernel/. */
export const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** A file of kernel/ that is shipped as it is. */
export const asset = (...path: string[]): string => join(packageFolder, "kernel", ...path);

/** The kernel's entry: what Jupyter starts. */
export const kernelEntry: string = join(packageFolder, "dist", "kernel", "main.js");

/** The version in package.json. */
export function version(): string {
  return JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")).version;
}
