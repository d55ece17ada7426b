/**
 * The annotation: plain code that stays itself, with a recording program beside each function.
 *
 * What: finds every function, method, constructor and accessor of a JavaScript text and adds, in the same scope,
 * what makes it differentiable; the plain text is copied as it is. Why in the same scope: a recording program reads
 * and writes the same variables, private members and `super` as the function it stands beside, with no copy of the
 * environment. A thunk around it means that nothing of it is compiled before a derivative asks. In a cell, whose names
 * are global, most functions need no such place: their recording programs are not even written before (late.ts).
 *
 * The phases: 1 parse · 2 scopes (scope.ts) · 3 edits, one function at a time · 4 assembly with source map
 * (assemble.ts). The text of a recording program comes from the writer that the caller passes (tape/program).
 */

import { MemberAnnotator } from "./annotate-members.ts";
import { assemble, type Edit, type SourceMapJson } from "./assemble.ts";
import type { AnnotateOptions } from "./edits.ts";
import { inferredName, isCallbackCall } from "./forms.ts";
import { unusedPrefix } from "./names.ts";
import { read } from "./read.ts";
import { patternNames } from "./scope.ts";
import { forEachChild, isConversion, isFunction, type Node } from "./syntax.ts";

export function annotate(code: string, options: AnnotateOptions): { code: string; map: SourceMapJson } {
  const edits = new Annotator(code, read(code, options.kind), unusedPrefix(code), options).run();
  return assemble(code, edits, options.file, options.map ?? null);
}

class Annotator extends MemberAnnotator {
  run(): Edit[] {
    this.block(this.program.body, this.program, null);
    if (this.edits.length > 0) this.prologue();
    return this.edits;
  }

  /** Statements of a block or body: declared functions are registered where JavaScript hoists them. */
  protected block(statements: Node[], holder: Node, owner: Node | null): void {
    const start = this.top(statements, holder.type === "Program" ? 0 : holder.start + 1);
    for (const statement of statements) {
      const node = statement.declaration ?? statement;
      if (node.type === "FunctionDeclaration" && node.id && !node.async && this.needsRegister(node.id, owner))
        this.insert(start, this.registration(node.id.name, node));
    }
    for (const statement of statements) this.visit(statement, holder, owner);
  }

  private registration(name: string, node: Node): string {
    return `${this.w}.prepared(${name}, ${this.recorder(node)});`;
  }
  /** Local functions that are only called need no register: their caller's recording program has its own. */
  private needsRegister(name: Node, owner: Node | null): boolean {
    if (!owner) return true;
    const binding = this.scopes.bindingOf.get(name);
    if (!binding) return true;
    return binding.reads.some(({ node, parent, owner: reader }) => {
      const called = parent.type === "CallExpression" && (parent.callee === node || isCallbackCall(parent));
      return !called || !this.runsWithin(reader, binding.scope.owner);
    });
  }
  /** Whether a function has no recording program but the one inside that of an outer function. */
  private runsWithin(inner: Node, outer: Node): boolean {
    for (let f = inner; f !== outer; ) {
      const place = this.scopes.around.get(f);
      if (!place || !this.isTransient(f, place.parent, place.owner)) return false;
      f = place.owner;
    }
    return true;
  }
  protected visit(node: Node, parent: Node, owner: Node | null): void {
    switch (node.type) {
      case "Identifier":
      case "Literal":
        return;
      case "FunctionDeclaration":
        if (!node.id && this.isPreparable(node)) {
          // an anonymous default export
          this.insert(node.start, `${this.w}.named(`);
          this.function(node);
          this.insert(node.end, `, ${this.recorder(node)}, "default")`);
          return;
        }
        this.function(node);
        return;
      case "FunctionExpression":
      case "ArrowFunctionExpression": {
        if (
          node.type === "FunctionExpression" &&
          parent.type === "AssignmentExpression" &&
          isConversion(parent.left)
        ) {
          this.conversion(node);
          return;
        }
        if (node.async || this.isTransient(node, parent, owner)) {
          this.function(node);
          return;
        }
        const name = inferredName(node, parent);
        this.insert(node.start, `${this.w}.named(`);
        this.function(node);
        this.insert(node.end, `, ${this.recorder(node)}${name === null ? "" : `, ${JSON.stringify(name)}`})`);
        return;
      }
      case "ClassDeclaration":
      case "ClassExpression":
        this.class(node, owner);
        return;
      case "VariableDeclaration":
        this.declaration(node, parent, owner);
        return;
      case "CallExpression":
        if (this.bindCall(node, owner)) return;
        break;
      case "NewExpression":
        if (this.newProxy(node, owner)) return;
        break;
      case "ExportNamedDeclaration":
        if (node.declaration?.type === "VariableDeclaration") {
          this.declaration(node.declaration, node, owner);
          return;
        }
        break;
      case "ObjectExpression":
        for (const p of node.properties) this.property(p, owner);
        return;
      case "BlockStatement":
        this.block(node.body, node, owner);
        return;
      case "ForOfStatement":
      case "ForInStatement":
        if (node.left.type === "VariableDeclaration")
          this.headCompanions(node.left.declarations[0].id, node.body);
        break;
      case "CatchClause":
        if (node.param) this.headCompanions(node.param, node.body);
        break;
    }
    forEachChild(node, (child) => this.visit(child, node, owner));
  }

  /** `f.bind(x)` makes a function that is as differentiable as f. */
  private bindCall(node: Node, owner: Node | null): boolean {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.computed || callee.property.name !== "bind")
      return false;
    if (callee.optional || node.optional || callee.object.type === "Super") return false;
    // from the dot (behind the object's parentheses, if it has any) to the parenthesis of the arguments
    const dot = this.code.lastIndexOf(".", callee.property.start);
    const open = this.code.indexOf("(", callee.property.end);
    this.insert(callee.start, `${this.w}.bind(`);
    this.visit(callee.object, callee, owner);
    this.edits.push({ at: dot, text: node.arguments.length ? ", " : "", remove: open + 1 - dot });
    for (const argument of node.arguments) this.visit(argument, node, owner);
    return true;
  }

  /** `new Proxy(target, handler)`: the traps are prepared code. */
  private newProxy(node: Node, owner: Node | null): boolean {
    const { callee, arguments: args } = node;
    if (callee.type !== "Identifier" || callee.name !== "Proxy" || this.scopes.bindingOf.has(callee))
      return false;
    if (args.length !== 2 || args.some((a: Node) => a.type === "SpreadElement")) return false;
    this.insert(node.start, `${this.w}.proxied(`);
    this.visit(args[0], node, owner);
    this.insert(args[1].start, `${this.w}.handler(`);
    this.visit(args[1], node, owner);
    this.insert(args[1].end, ")");
    this.insert(node.end, ")");
    return true;
  }

  /** Declared function values are registered behind the declaration, so that name and inlining stay as they were. */
  private declaration(node: Node, parent: Node, owner: Node | null): void {
    const statement = parent.type === "ExportNamedDeclaration" ? parent : node;
    const inHead =
      parent.type.startsWith("For") && parent.left !== undefined
        ? true
        : parent.type === "ForStatement" && parent.init === node;
    const after: string[] = [];
    for (const d of node.declarations) {
      const init = d.init;
      const isPlainFunction =
        !inHead &&
        d.id.type === "Identifier" &&
        init &&
        isFunction(init) &&
        init.type !== "FunctionDeclaration";
      if (isPlainFunction) {
        this.function(init);
        if (!init.async && this.needsRegister(d.id, owner)) after.push(this.registration(d.id.name, init));
      } else {
        if (d.id.type !== "Identifier") this.visit(d.id, d, owner);
        if (init) this.visit(init, d, owner);
      }
      if (parent.left === node) continue;
      const companions = this.companions(d.id);
      if (companions.length === 0) continue;
      if (inHead && node.kind !== "var") this.insert(d.end, companions.map((c) => `, ${c}`).join(""));
      else if (node.kind !== "var") this.insert(statement.start, `let ${companions.join(", ")};`);
      else this.insert(this.bodyStart(owner), `var ${companions.join(", ")};`);
    }
    if (after.length) this.insert(statement.end, `;${after.join("")}`);
  }
  /** Names of the variables that keep what a derivative leaves in the names of a pattern. */
  private companions(pattern: Node): string[] {
    const names: string[] = [];
    for (const name of patternNames(pattern)) {
      const binding = this.scopes.bindingOf.get(name);
      if (binding && this.options.isLeaky(binding)) names.push(name.name + this.prefix);
    }
    return names;
  }
  private headCompanions(pattern: Node, body: Node): void {
    const companions = this.companions(pattern);
    if (companions.length === 0) return;
    if (body.type === "BlockStatement") this.insert(body.start + 1, `let ${companions.join(", ")};`);
    else {
      this.insert(body.start, `{let ${companions.join(", ")};`);
      this.insert(body.end, "}");
    }
  }

  /** The inside of a plain function. */
  protected function(node: Node): void {
    const companions = node.params.flatMap((p: Node) => this.companions(p));
    for (const param of node.params) this.visit(param, node, node);
    if (node.body.type === "BlockStatement") {
      if (companions.length)
        this.insert(this.top(node.body.body, node.body.start + 1), `let ${companions.join(", ")};`);
      this.block(node.body.body, node.body, node);
    } else if (companions.length) {
      // `(a) => (b) => (a = b)`: the expression, with any parentheses around it, becomes a body that can hold the companion
      this.insert(this.arrowOf(node) + 2, `{let ${companions.join(", ")}; return (`);
      this.visit(node.body, node, node);
      this.insert(node.end, ");}");
    } else this.visit(node.body, node, node);
  }

  /** Where the arrow of an arrow function stands. */
  private arrowOf(node: Node): number {
    const from = node.params.at(-1)?.end ?? node.start;
    const before = /(?:\/\*[\s\S]*?\*\/|\/\/.*|[^/])*?(?==>)/y;
    before.lastIndex = from;
    before.test(this.code);
    return before.lastIndex;
  }

  /** A function that is called where it stands, or handed to a method that calls it at once. */
  private isTransient(node: Node, parent: Node, owner: Node | null): boolean {
    if (parent.type !== "CallExpression") return false;
    if (parent.callee === node) return true;
    return owner !== null && isCallbackCall(parent);
  }
}
