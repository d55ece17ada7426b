/**
 * From a module to a cell that runs.
 *
 * What: the compiler's JavaScript of a cell, so that its top-level names are shared by all cells and its last value
 * can be shown. Declarations become assignments to global names, which every cell and every earlier function sees;
 * imports become awaited calls; the value of the last statement that has one goes into `$$value`. Every edit stays
 * on its line. Reference: completion values, ECMA-262 section 8.2 "UpdateEmpty" and the statements' evaluation.
 */
import { assemble, mark, type SourceMapJson } from "../../lib/source/assemble.ts";
import { forEachChild, isFunction, type Node, parse } from "../../lib/source/syntax.ts";
import { cellModule, kernelName } from "./names.ts";
import { Writer } from "./writer.ts";

export interface Rewritten {
  code: string;
  map: string;
  /** The global names that the cell declares. */
  names: string[];
  /** Whether it must run as an asynchronous function. */
  awaits: boolean;
}

export function rewrite(code: string, map: string, file: string): Rewritten {
  const program = parse(code, "module");
  const writer = new Rewriter(code);
  writer.program(program);
  const input = map ? (JSON.parse(map) as SourceMapJson) : null;
  const assembled = assemble(code, writer.edits, file, input);
  return {
    code: assembled.code,
    map: JSON.stringify(assembled.map),
    names: [...writer.names],
    awaits: writer.awaits,
  };
}

/** An exported or imported name, which may be a string. */
const nameOf = ({ name, value }: Node): string => name ?? value;

/** Whether an assignment would name the value. */
const isNameless = ({ type, id }: Node): boolean =>
  type === "ArrowFunctionExpression" ||
  ((type === "FunctionExpression" || type === "ClassExpression") && !id);

/** Statements with others in them that have a value of their own, be it undefined. */
const isCompound = ({ type }: Node): boolean =>
  /^(?:For|If|While|DoWhile|Labeled|With|Try|Switch)/.test(type);

/** Whether control may go from within a statement to somewhere else than its end. */
function mayLeave(node: Node): boolean {
  if (/^(?:Break|Continue)/.test(node.type)) return true;
  let may = false;
  forEachChild(node, (child) => {
    may ||= !isFunction(child) && mayLeave(child);
  });
  return may;
}

class Rewriter extends Writer {
  awaits = false;
  readonly #hoisted: string[] = [];
  readonly #last: string[] = [];

  program({ body }: Node): void {
    this.#value(body);
    for (const statement of body as Node[]) this.#statement(statement);
    for (const [k, statement] of (body as Node[]).entries()) this.#begunAnew(statement, body[k + 1]);
    for (const statement of body as Node[]) this.#inner(statement, false);
    if (this.#hoisted.length > 0) this.edits.unshift({ at: 0, text: this.#hoisted.join("") });
    if (this.#last.length > 0) this.insert(this.code.length, `;${this.#last.join("")}`);
  }

  #statement(node: Node): void {
    switch (node.type) {
      case "ImportDeclaration":
        // names of earlier cells are global already
        if (!node.source.value.startsWith(cellModule)) this.#import(node);
        this.replace(node.start, node.end, "");
        break;
      case "ExportAllDeclaration":
        if (node.exported) this.#namespace(node, node.exported);
        else this.#load(node);
        this.replace(node.start, node.end, "");
        break;
      case "ExportNamedDeclaration":
        if (node.declaration) {
          this.replace(node.start, node.declaration.start, "");
          this.#statement(node.declaration);
        } else {
          this.#exports(node);
          this.replace(node.start, node.end, "");
        }
        break;
      case "ExportDefaultDeclaration": {
        const { declaration } = node;
        this.replace(node.start, declaration.start, "");
        if (/Declaration$/.test(declaration.type) && declaration.id) this.#statement(declaration);
        else {
          this.insert(declaration.start, "(");
          this.insert(declaration.end, ")");
        }
        break;
      }
      case "VariableDeclaration":
        this.assignVariables(node);
        break;
      case "FunctionDeclaration": {
        const { name, start } = node.id;
        this.names.add(name);
        this.insert(start, "$$");
        this.#hoisted.push(`${name} = ${kernelName}.named($$${name}, ${JSON.stringify(name)});`);
        break;
      }
      case "ClassDeclaration":
        this.names.add(node.id.name);
        this.insert(node.start, `${node.id.name} = `);
        this.insert(node.end, ";");
        break;
      default:
        this.assignVars(node);
    }
  }

  /** The compiler's `var E; (function (E) { … })(E || (E = {}));` of an enum or a namespace does not mean an earlier cell's. */
  #begunAnew({ declaration, ...statement }: Node, next?: Node): void {
    const { kind, declarations, end } = (declaration ?? statement) as Node;
    const filled = next?.expression?.arguments?.[0];
    const name = declarations?.[0].id.name;
    if (
      kind === "var" &&
      filled?.type === "LogicalExpression" &&
      filled.left.name === name &&
      name !== undefined
    )
      this.insert(end, `${name} = undefined;`);
  }

  /** `export { a as b }` is one more name for a value, which it gets when the cell ends. */
  #exports(node: Node): void {
    const others = (node.specifiers as Node[])
      .map(({ local, exported }) => [nameOf(local), nameOf(exported)])
      .filter(([local, exported]) => exported !== "default" && (node.source || exported !== local));
    for (const [, exported] of others) this.names.add(exported);
    if (node.source)
      this.#load(
        node,
        others.map(([local, exported]) => `${JSON.stringify(local)}: ${exported}`),
      );
    else for (const [local, exported] of others) this.#last.push(`${exported} = ${local};`);
  }

  #namespace(node: Node, local: Node): void {
    this.names.add(local.name);
    this.#hoisted.push(`${mark(node)}${local.name} = await ${this.#loading(node, [])};`);
    this.awaits = true;
  }

  #import(node: Node): void {
    const parts: string[] = [];
    for (const { type, local, imported } of node.specifiers as Node[]) {
      if (type === "ImportNamespaceSpecifier") {
        this.#namespace(node, local);
        continue;
      }
      this.names.add(local.name);
      const key = type === "ImportDefaultSpecifier" ? "default" : nameOf(imported);
      parts.push(`${JSON.stringify(key)}: ${local.name}`);
    }
    if (parts.length > 0 || node.specifiers.length === 0) this.#load(node, parts);
  }

  #load(node: Node, parts: string[] = []): void {
    this.awaits = true;
    const wanted = parts.map((part) => JSON.parse(part.slice(0, part.lastIndexOf(": "))));
    const call = `await ${this.#loading(node, wanted)}`;
    this.#hoisted.push(mark(node) + (parts.length > 0 ? `({ ${parts.join(", ")} } = ${call});` : `${call};`));
  }
  #loading({ source }: Node, wanted: string[]): string {
    return `${kernelName}.load(${JSON.stringify(source.value)}, ${JSON.stringify(wanted)})`;
  }

  /** Marks where the value of a list of statements comes from; false if none of them has one. */
  #value(body: Node[]): boolean {
    let found = false;
    // before the last that has one, those count alone that may leave the list
    for (let k = body.length - 1; k >= 0; k--) {
      if (!found) found = this.#valueOf(body[k]);
      else if (isCompound(body[k]) && mayLeave(body[k])) this.#valueOf(body[k]);
    }
    return found;
  }

  /** Marks the statement's value; false if it has none. */
  #valueOf(node: Node): boolean {
    if (isCompound(node)) {
      // its value is undefined, not an earlier one, where nothing in it has one
      this.insert(node.start, "{ $$value = undefined; ");
      this.#valueWithin(node);
      this.insert(node.end, " }");
      return true;
    }
    switch (node.type) {
      case "ExpressionStatement":
        this.#valueIs(node.expression);
        return true;
      case "ExportDefaultDeclaration":
        if (/Declaration$/.test(node.declaration.type)) return false;
        this.#valueIs(node.declaration);
        return true;
      case "BlockStatement":
        return this.#value(node.body);
      default:
        return false;
    }
  }

  #valueIs(expression: Node): void {
    // after a comma, so that a function without a name gets none
    const begin = isNameless(expression) ? "$$value = (0, " : "$$value = (";
    this.insert(expression.start, mark(expression) + begin);
    this.insert(expression.end, ")");
  }

  #valueWithin(node: Node): void {
    switch (node.type) {
      case "IfStatement":
        this.#valueOf(node.consequent);
        if (node.alternate) this.#valueOf(node.alternate);
        break;
      case "TryStatement":
        this.#valueOf(node.block);
        if (node.handler) {
          this.insert(node.handler.body.start + 1, " $$value = undefined; ");
          this.#valueOf(node.handler.body);
        }
        break;
      case "SwitchStatement":
        for (const { consequent } of node.cases) this.#value(consequent);
        break;
      case "LabeledStatement":
        if (isCompound(node.body)) this.#valueWithin(node.body);
        else this.#valueOf(node.body);
        break;
      default:
        this.#valueOf(node.body);
    }
  }

  /** What concerns code at any depth: dynamic imports, `import.meta`; and whether the cell itself awaits. */
  #inner(node: Node, inFunction: boolean): void {
    if (node.type === "ImportExpression")
      this.replace(node.start, node.start + "import".length, `${mark(node)}${kernelName}.load`);
    if (node.type === "MetaProperty" && node.meta.name === "import")
      this.replace(node.start, node.end, `${kernelName}.meta`);
    if (!inFunction && (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await)))
      this.awaits = true;
    const deeper = inFunction || isFunction(node);
    forEachChild(node, (child) => this.#inner(child, deeper));
  }
}
