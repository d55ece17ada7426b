/**
 * Writing code anew, by edits of which every one stays on its line.
 *
 * What: the edits of one text, and those that make declarations of variables (`const a = 1, { b } = c`, and every `var`
 * inside of a statement) assignments, for whoever declares the names elsewhere: cells as globals (rewrite.ts), imported
 * files before the statement (modules/tops.ts).
 */
import type { Edit } from "../../lib/source/assemble.ts";
import { patternNames } from "../../lib/source/scope.ts";
import { forEachChild, isFunction, type Node } from "../../lib/source/syntax.ts";

export class Writer {
  readonly edits: Edit[] = [];
  /** The names whose declarations became assignments. */
  readonly names = new Set<string>();
  protected readonly code: string;

  constructor(code: string) {
    this.code = code;
  }

  protected insert(at: number, text: string): void {
    this.edits.push({ at, text });
  }

  protected replace(start: number, end: number, text: string): void {
    const lines = this.code.slice(start, end).replace(/[^\n]/g, "");
    this.edits.push({ at: start, text: text + lines, remove: end - start });
  }

  /** A declaration of variables; in a loop's head without the keyword alone. */
  assignVariables({ declarations, start, kind }: Node, inHead = false): void {
    this.replace(start, declarations[0].start, "");
    for (const { id, init, start: from, end } of declarations as Node[]) {
      if (id.type === "Identifier") this.names.add(id.name);
      else for (const { name } of patternNames(id)) this.names.add(name);
      if (init && id.type === "ObjectPattern") {
        this.insert(from, "(");
        this.insert(end, ")");
      } else if (!init && !inHead && kind !== "var") this.insert(end, " = undefined");
    }
  }

  /** Every `var` in a statement that belongs to the code around it. */
  assignVars(node: Node): void {
    if (isFunction(node) || /^(?:Class|StaticBlock)/.test(node.type)) return;
    if (node.type === "VariableDeclaration" && node.kind === "var") this.assignVariables(node);
    const head = node.type === "ForStatement" ? node.init : /^For/.test(node.type) ? node.left : null;
    const isVar = head?.type === "VariableDeclaration" && head.kind === "var";
    if (isVar) this.assignVariables(head, true);
    forEachChild(node, (child) => {
      if (!isVar || child !== head) this.assignVars(child);
    });
  }
}
