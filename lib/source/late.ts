/**
 * Recording programs that are written when they are asked for.
 *
 * What: of a function whose names are all global the recording program may stand anywhere, and that of a class's member
 * anywhere in the class. Prepared code then gives the function's place alone; the program is written from the text and
 * compiled once a derivative asks. Why: most functions of cells are such, and few of them are ever recorded.
 */
import vm from "node:vm";
import { assemble, type SourceMapJson } from "./assemble.ts";
import { asMethod, type PrivateMembers, privateMembers, privateTwin } from "./forms.ts";
import type { AnyFunction, Maker } from "./maker.ts";
import { recorderNames, unusedPrefix } from "./names.ts";
import type { Site } from "./plain-text.ts";
import { rememberMap } from "./positions.ts";
import type { WriterFactory } from "./recording-writer.ts";
import type { Scopes } from "./scope.ts";
import type { Node } from "./syntax.ts";

/** Compiles a text in the place of a function; `filename` is what its end names, too. */
export type Evaluate = (text: string, filename?: string) => unknown;

const amongGlobals: Evaluate = (text, filename) => vm.runInThisContext(text, { filename });

let write: WriterFactory | null = null;

/** Who annotates code whose recording programs are made late says how they are written. */
export function writeLateBy(writer: WriterFactory): void {
  write = writer;
}

/** `evaluate`: where it is not the global scope that the function's names belong to. */
export function lateMaker(site: Site, evaluate: Evaluate = amongGlobals): Maker {
  let recording: AnyFunction | null = null;
  return (what) => {
    if (what === 0) {
      recording ??= compiled(site, evaluate);
      return recording;
    }
    // a name as code reads it, which knows more than the members of `globalThis`
    return what === 1 ? site : evaluate(site.free[what - 2]);
  };
}

function compiled(site: Site, evaluate: Evaluate): AnyFunction {
  const { code, node, file, text } = site;
  const prefix = unusedPrefix(code);
  // a name without spaces, which V8 does not take
  const name = `${file.replaceAll(/\s/g, "_")}#${node.start}`;
  const program = `"use strict";(function () {${recorderNames(prefix)}; return ${programOf(site, prefix)};})()`;
  const edits = [{ at: 0, text: `${program}\n//# sourceURL=${name}`, remove: code.length }];
  const { mappings } = text;
  const map: SourceMapJson | null =
    mappings === null ? null : { version: 3, sources: [file], names: [], mappings };
  const assembled = assemble(code, edits, file, map);
  rememberMap(name, assembled.map, file);
  return evaluate(assembled.code, name) as AnyFunction;
}

function programOf({ code, node, text }: Site, prefix: string): string {
  if (!write) throw new Error("internal: nothing writes recording programs");
  const { scopes, free } = text.tree();
  const writer = write({ code, scopes, free, prefix }, node, privatesAround(node, scopes, prefix));
  const around = scopes.around.get(node)?.parent;
  return around?.value === node && isMethod(around)
    ? asMethod(keyOf(around, code), node, writer.methodText())
    : writer.program();
}

/** The private members of the classes that a function stands in, outermost first. */
function privatesAround(node: Node, { scopeOf, withEval }: Scopes, prefix: string): PrivateMembers[] {
  const found: PrivateMembers[] = [];
  for (let scope = scopeOf.get(node) ?? null; scope; scope = scope.parent)
    if (/^Class/.test(scope.node.type))
      found.unshift(privateMembers(scope.node.body, privateTwin(withEval, prefix)));
  return found;
}

const isMethod = ({ type, method }: Node): boolean =>
  type === "MethodDefinition" || (type === "Property" && method);

/** The name of a method as it is written; another where that is computed or private. */
const keyOf = ({ key, computed }: Node, code: string): string =>
  computed || key.type === "PrivateIdentifier" ? "method" : code.slice(key.start, key.end);
