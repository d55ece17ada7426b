/**
 * What tslab does here. This is the only file that imports it.
 *
 * What: the indentation of the line that should follow an incomplete cell; and how a quick info of the language
 * service reads as text. What it does not do here: checking, converting and completing cells. tslab checks each cell against one growing text of
 * declarations, which takes longer with every cell, with a compiler of 2023; here a cell is checked against the
 * declarations of those cells alone whose names it uses (cells.ts), with the compiler that the project pins.
 *
 * tslab's modules ask for their own patched compiler; the request is answered with the pinned one, so only one compiler
 * is in memory. Reference: tslab 1.0.22, `dist/converter.js`, `dist/inspect.js`.
 */
import Module, { createRequire } from "node:module";
import type ts from "typescript";

const require = createRequire(import.meta.url);

interface Converter {
  isCompleteCode(code: string): { indent?: string };
}
interface Inspector {
  printQuickInfo(info: ts.QuickInfo): string;
}

const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
const resolve = loader._resolveFilename;
loader._resolveFilename = (request, ...rest) =>
  request === "@tslab/typescript-for-tslab" ? require.resolve("typescript") : resolve(request, ...rest);

const converter: Converter = require("tslab/dist/converter.js");
const inspector: Inspector = require("tslab/dist/inspect.js");
loader._resolveFilename = resolve;

export const { isCompleteCode } = converter;
export const { printQuickInfo } = inspector;
