/**
 * Functions and classes of a recording program.
 *
 * What: the recording program of one plain function, with every function and class inside it. A recording program
 * takes boxed or plain arguments and returns a boxed or plain value, so that it can stand wherever the plain
 * function stands; the frame around its body opens the boxes.
 */
import { type PrivateMember, type PrivateMembers, privateMembers } from "../../source/forms.ts";
import type { WriterContext } from "../../source/recording-writer.ts";
import type { Binding } from "../../source/scope.ts";
import { isConversion, type Node } from "../../source/syntax.ts";
import { StatementWriter } from "./statements.ts";
import { Frame, isFixedFunction, mark, series } from "./writer.ts";

export class ProgramWriter extends StatementWriter {
  /** Private members of the classes around, outermost first. */
  private readonly privates: PrivateMembers[];

  constructor(context: WriterContext, root: Node, privates: readonly PrivateMembers[] = []) {
    super(context, root);
    this.privates = [...privates];
  }

  /** The recording program of the root function, as a function expression. */
  program(): string {
    return this.functionText(
      this.root,
      this.root.type === "FunctionExpression" ? this.root.id?.name : undefined,
    );
  }
  /** Head and body of the recording program as a method: `(a, b) { … }`. */
  methodText(): string {
    const { params, body } = this.head(this.root, true);
    return `(${params}) {${body}}`;
  }
  /** Statements of a constructor's recording program whose parameters have the given names already. */
  bodyText(): string {
    return this.head(this.root, true).body;
  }
  /** The same with parameters taken from a list of that name. */
  argumentsText(list: string): string {
    const { params, body } = this.head(this.root, true);
    return `let [${params}] = ${list};${body}`;
  }
  /** A field initialiser as an expression. */
  initialiser(value: Node, name: string | undefined): string {
    return this.inFrame("method", () => {
      const result = this.box(this.named(value, name));
      const names = this.frame.declarations();
      return names ? `(() => {${names}return ${result};})()` : result;
    });
  }

  private inFrame<T>(kind: "arrow" | "function" | "method", write: () => T): T {
    const outer = this.frame;
    this.frame = new Frame(this.counter, this.context.prefix);
    // an arrow function has the `this` of the function around; a function's may be a traced number
    if (kind === "arrow") this.frame.self = outer?.self ?? null;
    else if (kind === "function")
      this.frame.self = { v: `${this.context.prefix}t`, h: `${this.context.prefix}th` };
    try {
      return write();
    } finally {
      this.frame = outer;
    }
  }

  protected functionValue(node: Node, name?: string): string {
    const text = this.functionText(node, node.id?.name);
    const own = name && !node.id ? `({${JSON.stringify(name)}: ${text}})[${JSON.stringify(name)}]` : text;
    return `${this.w}.own(${own})`;
  }

  private functionText(node: Node, name: string | undefined): string {
    const { params, body } = this.head(node);
    // not in parentheses: V8 would take them for a call at once, and compile with what is around it
    if (node.type === "ArrowFunctionExpression")
      return `${node.async ? "async " : ""}(${params}) => {${body}}`;
    return `${node.async ? "async " : ""}function${node.generator ? "*" : ""} ${name ?? ""}(${params}) {${body}}`;
  }

  /** Parameters as raw names, and the body that opens them. */
  private head(node: Node, method = false): { params: string; body: string } {
    const outer = this.frame;
    const own = node.type === "FunctionDeclaration" || (node.type === "FunctionExpression" && !method);
    return this.inFrame(
      node.type === "ArrowFunctionExpression" ? "arrow" : own ? "function" : "method",
      () => {
        const params: string[] = [];
        let opening = "";
        let defaults = false;
        for (const param of node.params) {
          if (param.type === "Identifier") {
            params.push(defaults ? `${param.name} = undefined` : param.name);
            opening += this.openParameter(param);
            continue;
          }
          const raw = `${this.frame.temp()}p`;
          if (param.type === "RestElement") {
            params.push(`...${raw}`);
            opening += this.declareParameter(param.argument, raw);
            continue;
          }
          if (param.type === "AssignmentPattern") {
            defaults = true;
            params.push(`${raw} = undefined`);
            const { left, right } = param;
            const filled = `(${raw} === undefined ? ${this.box(this.named(right, left.name))} : ${raw})`;
            opening += this.declareParameter(left, filled);
          } else {
            params.push(defaults ? `${raw} = undefined` : raw);
            opening += this.declareParameter(param, raw);
          }
        }
        let body: string;
        if (node.body.type === "BlockStatement") {
          // names that `var` declares anywhere in the body have their handles at its top
          for (const binding of this.context.scopes.scopeOf.get(node)?.bindings.values() ?? []) {
            if (binding.kind === "var" && this.hasHandle(binding))
              opening = `let ${this.companion(binding)} = 0;${opening}`;
          }
          body = this.statements(node.body.body);
        } else body = `${mark(node.body)}return ${this.boxed(node.body)};`;
        const session =
          node === this.root && this.usesSession ? `const ${this.sessionName()} = ${this.w}.session;` : "";
        const begun = node.generator ? `const ${this.context.prefix}g = ${this.w}.session;` : "";
        const guard = this.sessionGuard(node);
        const { self, usesSelf } = this.frame;
        if (own && self && usesSelf)
          opening = `let ${self.v} = this, ${self.h} = 0; if (typeof ${self.v} === "object" && ${self.v} instanceof ${this.B}) { ${self.h} = ${this.w}.handleOf(${self.v}); ${self.v} = ${self.v}.v; }${opening}`;
        if (!own && self && usesSelf && outer) outer.usesSelf = true;
        return {
          params: params.join(", "),
          body: session + begun + this.frame.declarations() + guard + opening + body,
        };
      },
    );
  }
  /** A closure made in one evaluation must not bring its traced variables into another. */
  private sessionGuard(node: Node): string {
    if (node === this.root) return "";
    const around = this.context.scopes.scopeOf.get(node)?.parent;
    const handles: string[] = [];
    for (const name of this.context.free.get(node)?.keys() ?? []) {
      const binding = around?.lookup(name);
      if (binding && this.hasHandle(binding)) handles.push(this.companion(binding));
    }
    if (handles.length === 0) return "";
    return `${this.sessionName()} === ${this.w}.session || ${mark(node)}${this.w}.foreignClosure(() => [${handles.join(",")}]);`;
  }
  /** The root's own variable that holds the number of the evaluation it was called in. */
  private sessionName(): string {
    this.usesSession = true;
    return `${this.context.prefix}s`;
  }
  usesSession = false;

  private openParameter(param: Node): string {
    const binding = this.binding(param) as Binding;
    if (!this.hasHandle(binding)) return "";
    const h = this.companion(binding);
    const x = param.name;
    return `let ${h} = 0; if (typeof ${x} === "object" && ${x} instanceof ${this.B}) { ${h} = ${mark(param)}${this.w}.handleOf(${x}); ${x} = ${x}.v; }`;
  }
  private declareParameter(target: Node, raw: string): string {
    if (target.type === "Identifier") return this.declareOpened("let", target, raw);
    const t = this.frame.temp();
    return `${t} = ${raw};${this.declarePattern("let", target, t)}`;
  }

  /** Function declarations of a block come first, as JavaScript hoists them. */
  protected hoisted(statements: Node[]): string {
    return statements
      .filter((s) => s.type === "FunctionDeclaration")
      .map((s) => {
        const { params, body } = this.head(s);
        const text = `${s.async ? "async " : ""}function${s.generator ? "*" : ""} ${s.id.name}(${params}) {${body}}`;
        const binding = this.binding(s.id);
        const escapes =
          !binding ||
          binding.reads.some((r) => r.parent.type !== "CallExpression" || r.parent.callee !== r.node);
        return escapes || !isFixedFunction(binding) ? `${text}${this.w}.own(${s.id.name});` : text;
      })
      .join("");
  }

  protected method(property: Node, key: string): string {
    const { params, body: text } = this.head(property.value, true);
    const body = isConversion(property) ? `return ${this.w}.converted(() => {${text}});` : text;
    const { async: isAsync, generator } = property.value;
    const kind = property.kind === "get" || property.kind === "set" ? `${property.kind} ` : "";
    return `${isAsync ? "async " : ""}${generator ? "*" : ""}${kind}${key}(${params}) {${body}}`;
  }

  protected privateMember(name: string): PrivateMember | undefined {
    for (let k = this.privates.length - 1; k >= 0; k--) {
      const member = this.privates[k].get(name);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  /** A class inside a recorded function: all its members are recording programs. */
  protected classValue(node: Node): string {
    const heritage = node.superClass ? ` extends ${this.value(node.superClass)}` : "";
    // private methods of this class are recording programs themselves
    this.privates.push(privateMembers(node.body, (m) => `#${m.key.name}`));
    const members = series<Node>(node.body.body, " ", (m) => this.member_(m));
    this.privates.pop();
    return `(class ${node.id?.name ?? ""}${heritage} {static {${this.w}.ownClass(this);} ${members}})`;
  }
  private member_(m: Node): string {
    if (m.type === "StaticBlock")
      return `static {${this.inFrame("method", () => {
        const text = this.statements(m.body);
        return this.frame.declarations() + text;
      })}}`;
    const statics = m.static ? "static " : "";
    const key = m.computed ? `[${this.keyValue(m.key)}]` : this.source(m.key);
    if (m.type === "PropertyDefinition") {
      if (!m.value) return `${statics}${key};`;
      return `${statics}${key} = ${this.initialiser(m.value, m.computed ? undefined : key.replace(/^["']|["']$/g, ""))};`;
    }
    return statics + this.method({ ...m, type: "MethodDefinition" } as Node, key);
  }
}
