/**
 * Recording programs that are written when they are asked for.
 *
 * What: of a function whose names are all global (but for those of classes that it stands in) the recording program may
 * stand anywhere. Prepared code then gives the function's place alone; the program is written from the text and
 * compiled once a derivative asks. Why: most functions of cells are such, and few of them are ever recorded.
 */
import vm from "node:vm";
import { assemble, type SourceMapJson } from "./assemble.ts";
import { asMethod } from "./forms.ts";
import type { AnyFunction, Maker } from "./maker.ts";
import { recorderNames, unusedPrefix } from "./names.ts";
import type { Site } from "./plain-text.ts";
import { rememberMap } from "./positions.ts";
import type { WriterFactory } from "./recording-writer.ts";
import type { Node } from "./syntax.ts";

/** What names mean. */
export type Values = Readonly<Record<string, unknown>>;

let write: WriterFactory | null = null;

/** Who annotates code whose recording programs are made late says how they are written. */
export function writeLateBy(writer: WriterFactory): void {
  write = writer;
}

export function lateMaker(site: Site, classes?: () => Values): Maker {
  let recording: AnyFunction | null = null;
  return (what) => {
    if (what === 0) {
      recording ??= compiled(site, classes?.() ?? {});
      return recording;
    }
    if (what === 1) return site;
    const name = site.free[what - 2];
    const values = classes?.() ?? {};
    // as code reads it, which knows more than the members of `globalThis`
    return Object.hasOwn(values, name) ? values[name] : vm.runInThisContext(name);
  };
}

/** The recording program of a function, among the globals and the classes given. */
function compiled(site: Site, classes: Values): AnyFunction {
  const { code, node, file, text } = site;
  const prefix = unusedPrefix(code);
  const program = `${recorderNames(prefix)}; return ${programOf(site, prefix)};`;
  const framed = `"use strict";(function ({${Object.keys(classes).join(", ")}}) {${program}})`;
  const map: SourceMapJson = { version: 3, sources: [file], names: [], mappings: text.mappings ?? "" };
  const edits = [{ at: 0, text: framed, remove: code.length }];
  const assembled = assemble(code, edits, file, text.mappings === null ? null : map);
  const filename = `${file}, recording ${node.start}`;
  rememberMap(filename, assembled.map, file);
  return vm.runInThisContext(assembled.code, { filename })(classes);
}

function programOf({ code, node, text }: Site, prefix: string): string {
  if (!write) throw new Error("internal: nothing writes recording programs");
  const { scopes, free } = text.tree();
  const writer = write({ code, scopes, free, prefix }, node, []);
  const around = scopes.around.get(node)?.parent;
  return around?.value === node && isMethod(around)
    ? asMethod(keyOf(around, code), node, writer.methodText())
    : writer.program();
}

const isMethod = ({ type, method }: Node): boolean =>
  type === "MethodDefinition" || (type === "Property" && method);

/** The name of a method as it is written; another where that is computed or private. */
const keyOf = ({ key, computed }: Node, code: string): string =>
  computed || key.type === "PrivateIdentifier" ? "method" : code.slice(key.start, key.end);
