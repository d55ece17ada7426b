/**
 * `node --import wengert/register script.ts`: plain functions of scripts become differentiable.
 *
 * What: registers the module hooks (loader.ts), and prepares what `require` loads on this thread. Stack traces speak
 * in the lines of the user's files.
 */
import Module, { register } from "node:module";
import { fileURLToPath } from "node:url";
import * as wengert from "./index.ts";
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
