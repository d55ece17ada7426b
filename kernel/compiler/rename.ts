/**
 * Names of cells that Node's global scope has already.
 *
 * What: a cell that declares `process` or `Event` gets a global of another name for it (`process$`), in this and all
 * later cells. Why: cells share their names as globals, and what Node and packages find under theirs must stay.
 */
import { assemble, type Edit, type SourceMapJson } from "../../lib/source/assemble.ts";
import { analyzeScopes } from "../../lib/source/scope.ts";
import { forEachChild, type Node, parse } from "../../lib/source/syntax.ts";

/** Names that packages look for to find out where they run. */
const telling = ["window", "self", "document", "navigator", "module", "exports", "define", "Deno", "Bun"];
const taken = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...telling,
  "require",
  "prompt",
  "password",
]);

export class Renames {
  /** Declared names that needed another. */
  readonly #names = new Set<string>();

  /** Takes note of what a cell declares. */
  declare(names: Iterable<string>): void {
    for (const name of names) if (taken.has(name)) this.#names.add(name);
  }

  apply(code: string, map: string, file: string): { code: string; map: string } {
    if (![...this.#names].some((name) => code.includes(name))) return { code, map };
    const program = parse(code, "module");
    const { bindingOf } = analyzeScopes(program);
    const edits: Edit[] = [];
    const walk = (node: Node, parent: Node, field: string): void => {
      if (node.type === "Identifier" && this.#names.has(node.name)) {
        const binding = bindingOf.get(node);
        const own = !binding || binding.scope.node.type === "Program";
        const key = (field === "property" || field === "key") && !parent.computed && !parent.shorthand;
        if (own && !key && field !== "label" && field !== "imported") edit(node, parent, edits);
        return;
      }
      if (node.type === "ExportSpecifier") {
        const { local, exported } = node;
        const alone = exported.start === local.start;
        if (!parent.source && this.#names.has(local.name)) edits.push({ at: local.end, text: "$" });
        else if (alone && this.#names.has(local.name))
          edits.push({ at: local.end, text: ` as ${local.name}$` });
        if (!alone && this.#names.has(exported.name)) edits.push({ at: exported.end, text: "$" });
        return;
      }
      const shorthand = node.type === "Property" && node.shorthand;
      if (shorthand && node.value.type === "AssignmentPattern" && node.value.left.type === "Identifier") {
        const { left, right } = node.value;
        if (this.#names.has(left.name)) edits.push({ at: left.end, text: `: ${left.name}$` });
        walk(right, node.value, "right");
        return;
      }
      forEachChild(node, (child, name) => {
        // a shorthand's key and value are one identifier
        if (!(shorthand && name === "key")) walk(child, node, name);
      });
    };
    walk(program, program, "");
    const assembled = assemble(code, edits, file, map ? (JSON.parse(map) as SourceMapJson) : null);
    return { code: assembled.code, map: JSON.stringify(assembled.map) };
  }
}

function edit(node: Node, parent: Node, edits: Edit[]): void {
  const { name, end } = node;
  if (parent.type === "Property" && parent.shorthand) edits.push({ at: end, text: `: ${name}$` });
  else if (parent.type === "ImportSpecifier" && parent.imported.start === node.start)
    edits.push({ at: end, text: ` as ${name}$` });
  else edits.push({ at: end, text: "$" });
}
