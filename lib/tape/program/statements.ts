/**
 * Statements of a recording program: the control structure of the plain function, unchanged.
 *
 * What: every statement becomes itself, with its expressions recorded; branches and loops run on plain values, so a
 * recording takes the path that a plain call takes. Reference: Griewank & Walther (2008), section 6.1: the tape of
 * one evaluation is the straight-line program of the path taken.
 */
import { patternNames } from "../../source/scope.ts";
import type { Node } from "../../source/syntax.ts";
import { PatternWriter } from "./patterns.ts";
import { mark, series } from "./writer.ts";

export abstract class StatementWriter extends PatternWriter {
  protected abstract hoisted(statements: Node[]): string;

  statements(nodes: Node[]): string {
    return this.hoisted(nodes) + series(nodes, "", (n) => this.statement(n));
  }

  private block(node: Node): string {
    return node.type === "BlockStatement" ? `{${this.statements(node.body)}}` : `{${this.statement(node)}}`;
  }

  statement(node: Node): string {
    switch (node.type) {
      case "ExpressionStatement":
        if (node.directive) return "";
        return `${mark(node)}${this.effect(node.expression)};`;
      case "VariableDeclaration":
        return series<Node>(node.declarations, "", (d) => this.declarator(node.kind, d));
      case "FunctionDeclaration":
        return "";
      case "ClassDeclaration":
        return `let ${node.id.name} = ${this.classValue(node)};`;
      case "ReturnStatement":
        return `${mark(node)}return ${node.argument ? this.boxed(node.argument) : ""};`;
      case "ThrowStatement":
        return `throw ${mark(node)}${this.boxed(node.argument)};`;
      case "IfStatement":
        return `if (${this.value(node.test)}) ${this.block(node.consequent)}${node.alternate ? ` else ${this.block(node.alternate)}` : ""}`;
      case "BlockStatement":
        return this.block(node);
      case "EmptyStatement":
        return ";";
      case "DebuggerStatement":
        return "debugger;";
      case "WhileStatement":
        return `while (${this.value(node.test)}) ${this.block(node.body)}`;
      case "DoWhileStatement":
        return `do ${this.block(node.body)} while (${this.value(node.test)});`;
      case "ForStatement":
        return this.forLoop(node, "");
      case "ForOfStatement":
      case "ForInStatement":
        return this.forEachLoop(node);
      case "LabeledStatement":
        return this.labelled(node, "");
      case "BreakStatement":
        return node.label ? `break ${node.label.name};` : "break;";
      case "ContinueStatement":
        return node.label ? `continue ${node.label.name};` : "continue;";
      case "SwitchStatement":
        return `switch (${this.value(node.discriminant)}) {${this.hoisted(node.cases.flatMap((c: Node) => c.consequent))}${series<Node>(
          node.cases,
          "",
          (c) =>
            `${c.test ? `case ${this.value(c.test)}` : "default"}: ${series<Node>(c.consequent, "", (s) => this.statement(s))}`,
        )}}`;
      case "TryStatement":
        return `try ${this.block(node.block)}${node.handler ? this.handler(node.handler) : ""}${node.finalizer ? `finally ${this.block(node.finalizer)}` : ""}`;
    }
    throw new Error(`internal: no recording of ${node.type}`);
  }

  /** An expression whose value nobody reads. */
  private effect(node: Node): string {
    const pair = this.pair(node);
    return pair.code ?? pair.v;
  }

  private declarator(kind: string, d: Node): string {
    if (d.id.type !== "Identifier") {
      const t = this.frame.temp();
      return `${t} = ${this.value(d.init)};${this.declarePattern(kind, d.id, t)}`;
    }
    if (!d.init) {
      if (kind === "var") return `var ${d.id.name};`;
      const binding = this.binding(d.id);
      return binding && this.hasHandle(binding)
        ? `let ${d.id.name}, ${this.companion(binding)} = 0;`
        : `let ${d.id.name};`;
    }
    const pair = this.named(d.init, d.id.name);
    const binding = this.binding(d.id);
    if (pair.h === "0" && !(binding && this.hasHandle(binding)))
      return `${kind} ${d.id.name} = ${mark(d)}${pair.v};`;
    if (pair.code) return `${mark(d)}${pair.code};${this.declareName(kind, d.id, pair.t as string, pair.h)}`;
    return `${mark(d)}${this.declareName(kind, d.id, pair.v, pair.h)}`;
  }

  /** Labels stand at the loop itself, behind what is declared before it. */
  private labelled(node: Node, labels: string): string {
    const all = `${labels}${node.label.name}: `;
    if (node.body.type === "LabeledStatement") return this.labelled(node.body, all);
    return node.body.type === "ForStatement" ? this.forLoop(node.body, all) : all + this.statement(node.body);
  }

  private forLoop(node: Node, labels: string): string {
    const { init, test, update, body } = node;
    let head = "";
    if (init?.type === "VariableDeclaration") {
      if (init.kind !== "var" && init.declarations.every((d: Node) => d.id.type === "Identifier"))
        head = `let ${init.declarations.map((d: Node) => this.loopVariable(d)).join(", ")}`;
      else {
        // patterns and vars are declared before the loop; each round has variables of its own, as JavaScript makes them
        const { kept, head } = init.kind === "var" ? { kept: "", head: "" } : this.handedOn(init);
        return `{${this.statement(init)}${kept}${labels}${this.forText(head, test, update, body)}}`;
      }
    } else if (init) head = this.effect(init);
    return labels + this.forText(head, test, update, body);
  }
  /** Variables declared before a loop as variables of its head: text that keeps their values, and the head. */
  private handedOn(init: Node): { kept: string; head: string } {
    const names = init.declarations
      .flatMap((d: Node) => patternNames(d.id))
      .flatMap((name: Node) => {
        const binding = this.binding(name);
        return binding && this.hasHandle(binding) ? [name.name, this.companion(binding)] : [name.name];
      });
    const pairs = names.map((name: string) => [this.frame.temp(), name]);
    return {
      kept: pairs.map(([t, name]: string[]) => `${t} = ${name};`).join(""),
      head:
        pairs.length === 0 ? "" : `let ${pairs.map(([t, name]: string[]) => `${name} = ${t}`).join(", ")}`,
    };
  }
  private forText(head: string, test: Node | null, update: Node | null, body: Node): string {
    return `for (${head}; ${test ? this.value(test) : ""}; ${update ? this.effect(update) : ""}) ${this.block(body)}`;
  }
  private loopVariable(d: Node): string {
    const binding = this.binding(d.id);
    const active = binding && this.hasHandle(binding);
    if (!d.init) return active ? `${d.id.name}, ${this.companion(binding)} = 0` : d.id.name;
    const { v, h } = this.named(d.init, d.id.name);
    if (active) return `${d.id.name} = ${v}, ${this.companion(binding)} = ${h}`;
    if (h === "0") return `${d.id.name} = ${v}`;
    const t = this.frame.temp();
    return `${d.id.name} = (${t} = ${v}, ${h} === 0 || ${this.w}.lost(${JSON.stringify(d.id.name)}), ${t})`;
  }

  private forEachLoop(node: Node): string {
    const { left, right, body } = node;
    const raw = this.frame.temp();
    const target = left.type === "VariableDeclaration" ? left.declarations[0].id : left;
    const kind = left.type === "VariableDeclaration" ? left.kind : null;
    let bind: string;
    let head: string;
    if (node.type === "ForInStatement") {
      head = `in ${this.value(right)}`;
      bind = this.bind(kind, target, raw);
    } else {
      const walk = this.frame.temp();
      head = `of ${mark(right)}${walk} = ${this.w}.walk(${this.value(right)})`;
      if (kind && target.type === "Identifier") bind = this.declareName(kind, target, raw, `${walk}.h`);
      else bind = this.bind(kind, target, `${this.w}.box(${raw}, ${walk}.h)`);
    }
    return `for (const ${raw}_ ${head}) {${raw} = ${raw}_;${bind}${this.block(body)}}`;
  }
  private bind(kind: string | null, target: Node, raw: string): string {
    if (kind)
      return target.type === "Identifier"
        ? this.declareOpened(kind, target, raw)
        : this.declarePattern(kind, target, raw);
    if (target.type === "ArrayPattern" || target.type === "ObjectPattern")
      return `${this.assignPattern(target, raw)};`;
    const { code, t, h } = this.opened(raw);
    return `${code}, ${this.store(target, t as string, h)};`;
  }

  private handler(node: Node): string {
    const { param, body } = node;
    if (!param) return `catch {${this.statements(body.body)}}`;
    const raw = this.frame.temp();
    return `catch (${raw}_) {${raw} = ${raw}_;${this.bind("let", param, raw)}${this.block(body)}}`;
  }
}
