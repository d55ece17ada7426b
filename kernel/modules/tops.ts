/**
 * The top level of files that cells import.
 *
 * What: what computes there runs in the guard, so that an interrupt stops it: `const x = f()` becomes
 * `const x = $$kernel.top(() => (f()))`, a loop `$$kernel.top(() => { for … })`; with an `await` in it, an async
 * function that lower.ts writes anew; of a class, what its static fields and blocks do and what it extends.
 * Declarations stay what they are; a `var` in a loop is declared before it. Every edit stays on its line.
 */
import { assemble, type Edit, mark, type SourceMapJson } from "../../lib/source/assemble.ts";
import { forEachChild, isFunction, type Node, parse } from "../../lib/source/syntax.ts";
import { Writer } from "../compiler/writer.ts";

export function guardTops(code: string, map: string, file: string): { code: string; map: SourceMapJson } {
  const guard = new Guard(code);
  for (const statement of parse(code, "module").body as Node[]) guard.statement(statement);
  return assemble(code, guard.edits, file, JSON.parse(map) as SourceMapJson);
}

class Guard extends Writer {
  statement(statement: Node): void {
    const node = statement.declaration ?? statement;
    if (node.type === "VariableDeclaration") {
      for (const { init } of node.declarations as Node[]) if (init) this.#expression(init);
    } else if (node.type === "ClassDeclaration") this.#class(node);
    else if (statement.type === "ExportDefaultDeclaration") {
      if (!/Declaration$/.test(node.type)) this.#expression(node);
    } else if (!/^(?:Import|Export)|Declaration$/.test(node.type) && computes(node)) this.#moved(node);
  }

  /** A statement of which only `var` declares something for the whole file. */
  #moved(node: Node): void {
    this.names.clear();
    const inner = this.edits.length;
    this.assignVars(node);
    const edits = this.edits.splice(inner);
    // a semicolon before, since the line above may have none
    this.insert(node.start, this.names.size > 0 ? `;var ${[...this.names].join(", ")};` : ";");
    this.#around(node, node.start, node.end, ["{ ", " }"], edits);
    this.insert(node.end, ";");
  }

  #expression(node: Node): void {
    // a class gets its name from what is around it
    if (node.type === "ClassExpression") this.#class(node);
    else if (computes(node)) this.#around(node, node.start, node.end, ["(", ")"]);
  }

  #class({ superClass, body }: Node): void {
    if (superClass) this.#expression(superClass);
    for (const member of body.body as Node[]) {
      if (member.type === "StaticBlock" && member.body.some(computes))
        this.#around(member, this.code.indexOf("{", member.start) + 1, member.end - 1, ["{ ", " }"]);
      else if (member.type === "PropertyDefinition" && member.static && member.value)
        this.#expression(member.value);
    }
  }

  /** Puts the code between two places, with what was changed in it, into a function that is called in the guard. */
  #around(node: Node, start: number, end: number, [open, close]: [string, string], edits: Edit[] = []): void {
    const awaits = has(node, ({ type, await: loops }) => type === "AwaitExpression" || loops === true);
    const begin = awaits ? "(await $$kernel.top(async () => " : "$$kernel.top(() => ";
    this.insert(start, mark(node) + begin + open);
    this.edits.push(...edits);
    this.insert(end, close + (awaits ? "))" : ")"));
  }
}

/** Whether something in a node, outside of functions in it, is as asked. */
function has(node: Node, asked: (node: Node) => boolean): boolean {
  if (isFunction(node)) return false;
  if (asked(node)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= has(child, asked);
  });
  return found;
}

/** Whether a node may take its time. */
const computes = (node: Node): boolean =>
  has(node, ({ type }) =>
    /^(?:Call|New|TaggedTemplate|Await|Import)Expression$|^(?:While|DoWhile|For)/.test(type),
  );
