/**
 * `node --import wengert/register script.ts`: plain functions of scripts become differentiable.
 *
 * What: registers the module hooks (loader.ts), and prepares what `require` loads on this thread. Stack traces speak
 * in the lines of the user's files.
 */
import { existsSync } from "node:fs";
import Module, { register } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as wengert from "./index.ts";
import { candidates } from "./loader.ts";
import { isOwnFile, prepareFile } from "./prepare-file.ts";

process.setSourceMapsEnabled(true);
register(new URL("./loader.js", import.meta.url));

interface CompilingModule {
  exports: unknown;
  _compile(this: CompilingModule, code: string, path: string, ...rest: unknown[]): unknown;
}
const index = fileURLToPath(new URL("./index.js", import.meta.url));
const prototype = Module.prototype as unknown as CompilingModule;
const compile = prototype._compile;
prototype._compile = function (code, path, ...rest) {
  if (path === index) {
    // one Wengert for all: a loader that makes CommonJS of ES modules (tsx) would have a second one here
    this.exports = wengert;
    return;
  }
  const mine =
    /\.[cm]?[jt]sx?$/.test(path) && isOwnFile(path) && !code.includes('Symbol.for("wengert.recorder")');
  return compile.call(this, mine ? prepareFile(code, path, path, "commonjs", false) : code, path, ...rest);
};

interface Resolving {
  _resolveFilename(request: string, parent: { filename?: string | null } | null, ...rest: unknown[]): string;
}
const resolving = Module as unknown as Resolving;
const resolveFilename = resolving._resolveFilename;
/** `require("./x.js")` and `require("./x")` may mean `./x.ts` for files of the user's own. */
resolving._resolveFilename = function (request, parent, ...rest) {
  try {
    return resolveFilename.call(this, request, parent, ...rest);
  } catch (error) {
    const from = parent?.filename;
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND" || !from) throw error;
    if (!/^\.{0,2}\//.test(request) || !isOwnFile(from)) throw error;
    for (const candidate of candidates(request)) {
      const path = resolve(dirname(from), candidate);
      if (existsSync(path)) return path;
    }
    throw error;
  }
};
