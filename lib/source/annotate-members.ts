/**
 * The annotation of members: methods, accessors, constructors and fields, of classes and of object literals.
 *
 * What: a method's recording program is a method beside it, or in an object literal of its own, so that it has the same
 * `this`, `super` and private names. What JavaScript itself calls (constructors, accessors, conversions) chooses when it
 * is called, by `on`.
 */

import { activityOf } from "./activity.ts";
import { Edits } from "./edits.ts";
import {
  access,
  asMethod,
  hasSimpleParameters,
  needsRecording,
  privateMembers,
  privateTwin,
  usesSuper,
} from "./forms.ts";
import { Known } from "./known.ts";
import { isConversion, isFunction, type Node } from "./syntax.ts";

export abstract class MemberAnnotator extends Edits {
  protected abstract visit(node: Node, parent: Node, owner: Node | null): void;
  protected abstract block(statements: Node[], holder: Node, owner: Node | null): void;
  /** The inside of a plain function. */
  protected abstract function(node: Node): void;

  protected property(p: Node, owner: Node | null): void {
    if (p.type === "SpreadElement" || (!p.method && p.kind === "init")) {
      if (p.type === "SpreadElement") this.visit(p.argument, p, owner);
      else {
        if (p.computed && isFunction(p.value) && !p.value.id && this.isPreparable(p.value))
          this.keyed(p, owner);
        else {
          if (p.computed) this.visit(p.key, p, owner);
          this.visit(p.value, p, owner);
        }
      }
      return;
    }
    if (p.computed) this.visit(p.key, p, owner);
    if (p.kind !== "init") {
      this.dual(p.value);
      return;
    }
    if (isConversion(p)) {
      this.conversion(p.value);
      return;
    }
    if (!this.isPreparable(p.value) || usesSuper(p.value)) {
      this.function(p.value);
      return;
    }
    const star = p.value.generator ? "*" : "";
    const recorded = (key: string) =>
      `${this.maker(p.value, () => asMethod(key, p.value, this.writer(p.value).methodText()))})`;
    // `m(x) { … }` becomes `m: named({ m(x) { … } }.m, …)`: still a method, with its name
    if (p.computed) {
      const key = this.keyVariable();
      this.edits.push({ at: p.start, text: `[${key} = ${this.w}.key((`, remove: p.key.start - p.start });
      const rest = `))]: ${this.w}.named({${star}[${key}]`;
      this.edits.push({ at: p.key.end, text: rest, remove: p.value.start - p.key.end });
      this.function(p.value);
      this.insert(p.value.end, `}[${key}], ${recorded("method")}`);
      return;
    }
    const key = this.code.slice(p.key.start, p.key.end);
    const head = `${key}: ${this.w}.named({${star}${key}`;
    this.edits.push({ at: p.start, text: head, remove: p.value.start - p.start });
    this.function(p.value);
    this.insert(p.value.end, `}${access(key)}, ${recorded(key)}`);
  }
  /** `[key]: (x) => …`, whose name is known when it is made. */
  private keyed(p: Node, owner: Node | null): void {
    const key = this.keyVariable();
    this.insert(p.key.start, `${key} = ${this.w}.key((`);
    this.visit(p.key, p, owner);
    this.insert(p.key.end, "))");
    this.insert(p.value.start, `${this.w}.named(`);
    this.function(p.value);
    this.insert(p.value.end, `, ${this.recorder(p.value)}, ${this.w}.nameOf(${key}))`);
  }
  /** A function that JavaScript itself calls (accessor, constructor, conversion): it chooses when it is called. */
  private dual(node: Node): void {
    const recorded = this.isPreparable(node) && !node.generator && needsRecording(node, this.scopes);
    if (recorded) this.choice(node, (text) => `if (${this.w}.on) {${text} return;}`);
    this.function(node);
  }
  /** The same for an accessor of a class; its recording program is a method beside it, so that it stays short to inline. */
  private accessor(m: Node, known: Known, isOuter: boolean): void {
    const { value } = m;
    known.accessors = true;
    if (this.isPreparable(value) && needsRecording(value, this.scopes) && hasSimpleParameters(value)) {
      const args = value.params.map((p: Node) => p.name).join(", ");
      const start = this.top(value.body.body, value.body.start + 1);
      this.insert(start, `if (${this.w}.on) return ${this.twin(m, args, known, isOuter)};`);
    }
    this.function(value);
  }
  /** A method by which JavaScript converts an object: it may not hand out a traced value unnoticed. */
  protected conversion(node: Node): void {
    if (this.isPreparable(node) && !node.generator)
      this.choice(node, (text) => `if (${this.w}.on) return ${this.w}.converted(() => {${text}});`);
    this.function(node);
  }
  private choice(node: Node, wrap: (text: string) => string): void {
    if (hasSimpleParameters(node))
      this.insert(this.top(node.body.body, node.body.start + 1), wrap(this.writer(node).bodyText()));
  }
  /** The call of a member's recording program, which stands beside it or is made late. */
  private twin(m: Node, args: string, known: Known, isOuter: boolean): string {
    const late = this.late(m.value, isOuter ? known : null);
    const symbol = this.constant();
    if (late) known.twins.push(`[${symbol}, ${m.static}, ${late}]`);
    else this.insert(m.end, ` ${m.static ? "static " : ""}[${symbol}]${this.writer(m.value).methodText()}`);
    return `this[${symbol}](${args})`;
  }

  protected class(node: Node, owner: Node | null): void {
    if (node.superClass) this.visit(node.superClass, node, owner);
    const { body } = node;
    const twinOf = privateTwin(this.scopes.withEval, this.prefix);
    this.privates = [...this.privates, privateMembers(body, twinOf)];
    const known = new Known(this.w, this.prefix);
    // in a function, a direct eval would make the function's variables dearer
    const isOuter = owner === null;
    for (const m of body.body) {
      if (m.type === "StaticBlock") {
        this.block(m.body, { ...m, start: this.code.indexOf("{", m.start) } as Node, m);
        continue;
      }
      if (m.computed) this.visit(m.key, m, owner);
      if (m.type === "PropertyDefinition") {
        this.field(m, node);
        continue;
      }
      if (m.kind === "constructor") this.constructor_(m, Boolean(node.superClass), known, isOuter);
      else if (m.kind !== "method") this.accessor(m, known, isOuter);
      else if (isConversion(m)) this.conversion(m.value);
      else this.method(m, known, isOuter);
    }
    this.privates = this.privates.slice(0, -1);
    // first of all static parts: decorators see methods that are known already
    const text = known.text();
    if (text) this.insert(body.start + 1, text);
  }
  private method(m: Node, known: Known, isOuter: boolean): void {
    this.function(m.value);
    if (!this.isPreparable(m.value)) return;
    const statics = m.static ? "static " : "";
    const star = m.value.generator ? "*" : "";
    if (m.key.type === "PrivateIdentifier") {
      this.insert(
        m.end,
        ` ${statics}${star}#${m.key.name}${this.prefix}${this.writer(m.value).methodText()}`,
      );
      return;
    }
    let key = JSON.stringify(m.computed ? "" : String(m.key.name ?? m.key.value));
    if (m.computed) {
      key = this.keyVariable();
      this.insert(m.key.start, `${key} = `);
    }
    let make = this.late(m.value, isOuter ? known : null);
    let symbol = "null";
    if (!make) {
      symbol = this.constant();
      this.insert(m.end, ` ${statics}${star}[${symbol}]${this.writer(m.value).methodText()}`);
      make = this.maker(m.value, null);
    }
    known.methods.push(`[${key}, ${symbol}, ${m.static}, ${make}]`);
  }
  private field(m: Node, holder: Node): void {
    if (!m.value) return;
    const name =
      m.computed || m.key.type === "PrivateIdentifier" ? undefined : String(m.key.name ?? m.key.value);
    const plain =
      isFunction(m.value) ||
      activityOf(m.value, this.scopes.bindingOf) === "number" ||
      m.value.type === "Literal";
    if (!plain && !m.static) {
      const recorded = this.options.writer(this.context, m, this.privates).initialiser(m.value, name);
      const kept =
        m.key.type === "PrivateIdentifier" && !m.computed
          ? `${this.w}.hidden(this, "#${m.key.name}", ${recorded}, (o) => o.#${m.key.name}, (o, v) => { o.#${m.key.name} = v; })`
          : recorded;
      this.insert(m.value.start, `${this.w}.on ? ${kept} : (`);
      this.visit(m.value, m, m);
      this.insert(m.value.end, ")");
    } else this.visit(m.value, name === undefined ? holder : m, m);
  }
  /** A constructor chooses when it is called; a derived one in place, since only it may call `super`. */
  private constructor_(m: Node, derived: boolean, known: Known, isOuter: boolean): void {
    const { value } = m;
    if (!needsRecording(value, this.scopes)) {
      this.function(value);
      return;
    }
    const start = this.top(value.body.body, value.body.start + 1);
    let args: string;
    let plain = "";
    if (hasSimpleParameters(value)) {
      args = value.params.map((p: Node) => p.name).join(", ");
    } else {
      // defaults and patterns move into the body, behind the choice
      const list = `${this.prefix}a`;
      args = `...${list}`;
      const first = value.params[0].start;
      const patterns = this.code.slice(first, value.params.at(-1).end);
      this.edits.push({ at: first, text: args, remove: patterns.length });
      plain = `let [${patterns}] = ${list};`;
    }
    if (derived) {
      const writer = this.writer(value);
      const recorded = plain ? writer.argumentsText(`${this.prefix}a`) : writer.bodyText();
      this.insert(start, `if (${this.w}.on) {${recorded}} else {${plain}`);
    } else this.insert(start, `if (${this.w}.on) return ${this.twin(m, args, known, isOuter)};${plain}`);
    if (plain) this.block(value.body.body, value.body, value);
    else this.function(value);
    if (derived) this.insert(value.body.end - 1, "}");
  }
}
