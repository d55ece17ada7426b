/**
 * Expressions of a recording program: which text each kind of expression becomes.
 */
import { isConversion, type Node } from "../../source/syntax.ts";
import { MemberWriter } from "./members.ts";
import { isBuiltIn, mark, type Pair, series } from "./writer.ts";

export abstract class ExpressionWriter extends MemberWriter {
  protected abstract functionValue(node: Node, name?: string): string;
  protected abstract classValue(node: Node): string;
  protected abstract assignment(node: Node): Pair;
  protected abstract update(node: Node): Pair;
  protected abstract method(property: Node, key: string): string;

  pair(node: Node): Pair {
    switch (node.type) {
      case "Literal":
        return { v: this.source(node), h: "0" };
      case "ParenthesizedExpression":
        return this.pair(node.expression);
      case "Identifier":
        return this.identifier(node);
      case "ThisExpression":
        if (!this.frame.self) return { v: "this", h: "0" };
        this.frame.usesSelf = true;
        return this.frame.self;
      case "Super":
      case "MetaProperty":
        return { v: this.source(node), h: "0" };
      case "TemplateLiteral":
        return { v: this.template(node, true), h: "0" };
      case "TaggedTemplateExpression":
        return this.tagged(node);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return { v: this.functionValue(node), h: "0" };
      case "ClassExpression":
        return { v: this.classValue(node), h: "0" };
      case "SequenceExpression": {
        const parts = node.expressions.map((e: Node) => this.pair(e));
        return { v: `(${parts.map((p: Pair) => p.v).join(", ")})`, h: parts.at(-1).h };
      }
      case "UnaryExpression":
        return this.unary(node);
      case "BinaryExpression":
        return this.binary(node);
      case "LogicalExpression":
        return this.logical(node);
      case "ConditionalExpression": {
        const test = this.value(node.test);
        const a = this.pair(node.consequent);
        const b = this.pair(node.alternate);
        if (a.h === "0" && b.h === "0") return { v: `(${test} ? ${a.v} : ${b.v})`, h: "0" };
        return this.into(
          (t, h) => `${test} ? (${t} = ${a.v}, ${h} = ${a.h}) : (${t} = ${b.v}, ${h} = ${b.h})`,
        );
      }
      case "AssignmentExpression":
        return this.assignment(node);
      case "UpdateExpression":
        return this.update(node);
      case "ArrayExpression":
        return { v: `[${this.list(node.elements)}]`, h: "0" };
      case "ObjectExpression":
        return { v: this.object(node), h: "0" };
      case "MemberExpression":
        return this.member(node);
      case "CallExpression":
        return this.call(node);
      case "ChainExpression":
        return this.chain(node);
      case "NewExpression":
        return this.called(
          `${mark(node)}${this.w}.make(${this.value(node.callee)}, [${this.list(node.arguments)}])`,
        );
      case "ImportExpression":
        return { v: `import(${this.value(node.source)})`, h: "0" };
      case "YieldExpression": {
        const raw = node.delegate
          ? `yield* ${this.w}.each(${this.value(node.argument)})`
          : `yield ${node.argument ? this.boxed(node.argument) : "undefined"}`;
        return this.called(`${mark(node)}${this.w}.resumed((${raw}), ${this.context.prefix}g)`);
      }
      case "AwaitExpression":
        return this.opened(`(await ${this.boxed(node.argument)})`);
      case "PrivateIdentifier":
        return { v: this.source(node), h: "0" };
    }
    throw new Error(`internal: no recording of ${node.type}`);
  }

  protected identifier(node: Node): Pair {
    const binding = this.binding(node);
    if (!binding) return this.global(node);
    if (this.hasHandle(binding)) return { v: node.name, h: this.companion(binding) };
    if (this.isLeaky(binding)) {
      const kept = this.companion(binding);
      return this.into(
        (t, h) =>
          `${t} = ${node.name}, ${h} = ${kept} === undefined ? 0 : ${mark(node)}${this.w}.outer(${kept}, ${t})`,
      );
    }
    return { v: node.name, h: "0" };
  }

  /** A variable of the global scope, such as one of another cell: a member of `globalThis`. */
  private global(node: Node): Pair {
    const { name } = node;
    if (isBuiltIn(node)) return { v: name, h: "0" };
    return this.into(
      (t, h) =>
        `${t} = ${name}, ${h} = 0, ${this.w}.globals === 0 || ` +
        `(${t} = ${mark(node)}${this.w}.got(globalThis, ${JSON.stringify(name)}, ${t}), ${h} = ${this.w}.h)`,
    );
  }

  /** A template; `taint` says that a number made again from this text must be noticed. */
  protected template(node: Node, taint: boolean): string {
    let text = "`";
    node.quasis.forEach((quasi: Node, k: number) => {
      text += quasi.value.raw.replace(/\r?\n/g, "\\n");
      if (k === node.expressions.length) return;
      const e = node.expressions[k];
      const { v, h } = this.pair(e);
      if (h === "0" && this.activity(e) === "number") text += `\${${v}}`;
      else {
        const t = this.frame.temp();
        text += `\${(${t} = ${v}, ${this.w}.text(${t}, ${h}, ${taint}))}`;
      }
    });
    return `${text}\``;
  }
  protected tagged(node: Node): Pair {
    const strings = `((s) => s)\`${node.quasi.quasis.map((q: Node) => q.value.raw).join("${0}")}\``;
    const args = [strings, ...node.quasi.expressions.map((e: Node) => this.boxed(e))];
    const { tag } = node;
    if (tag.type === "MemberExpression") {
      const o = this.frame.temp();
      const object = tag.object.type === "Super" ? "this" : o;
      const setup = tag.object.type === "Super" ? "" : `${o} = ${this.value(tag.object)}, `;
      return this.called(
        `(${setup}${mark(node)}${this.w}.call(${this.access(tag.object.type === "Super" ? "super" : o, tag)}, ${object}, [${args.join(", ")}]))`,
      );
    }
    return this.called(`${mark(node)}${this.w}.call(${this.value(tag)}, undefined, [${args.join(", ")}])`);
  }

  /** Elements or arguments, boxed, spreads walked. */
  protected list(nodes: (Node | null)[]): string {
    const text = series(nodes, ", ", (node) => {
      if (!node) return "";
      if (node.type === "SpreadElement")
        return `...${mark(node)}${this.w}.each(${this.value(node.argument)})`;
      return this.boxed(node);
    });
    return nodes.at(-1) === null ? `${text},` : text;
  }

  protected object(node: Node): string {
    let methods = false;
    const parts = series<Node>(node.properties, ", ", (p) => {
      if (p.type === "SpreadElement") return `...${this.w}.solid(${this.value(p.argument)})`;
      const key = p.computed ? `[${this.keyValue(p.key)}]` : this.source(p.key);
      if (p.method || p.kind !== "init") {
        methods = true;
        return this.method(p, key);
      }
      if (isConversion(p)) return `${key}: ${this.w}.conversion(${this.value(p.value)})`;
      // a shorthand `__proto__` is a member like any other
      if (p.shorthand) return `${key === "__proto__" ? '["__proto__"]' : key}: ${this.boxed(p.value)}`;
      if (key === "__proto__" || key === '"__proto__"') return `${key}: ${this.value(p.value)}`;
      return `${key}: ${this.boxed(p.value)}`;
    });
    return methods ? `${this.w}.ownMethods({${parts}})` : `({${parts}})`;
  }

  /** An expression that a name is given to: anonymous functions and classes take the name. */
  protected named(node: Node, name: string | undefined): Pair {
    if (name && !node.id) {
      if (node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression")
        return { v: this.functionValue(node, name), h: "0" };
    }
    return this.pair(node);
  }
}
