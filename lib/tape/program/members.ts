/**
 * Members and calls of a recording program.
 *
 * What: a member's value may be boxed, or a plain number with a shadow beside it; a call boxes its arguments and goes
 * through the recorder, which finds the recording program of what is called.
 */
import type { PrivateMember } from "../../source/forms.ts";
import type { Node } from "../../source/syntax.ts";
import { OperationWriter } from "./operations.ts";
import {
  isConsole,
  isFixedFunction,
  isLiteral,
  isName,
  isStill,
  type Key,
  mark,
  type Pair,
  series,
} from "./writer.ts";

export abstract class MemberWriter extends OperationWriter {
  /** Elements or arguments, boxed, spreads walked. */
  protected abstract list(nodes: (Node | null)[]): string;
  /** A template; `taint` says that a number made again from this text must be noticed. */
  protected abstract template(node: Node, taint: boolean): string;

  /** A key that must not be traced. */
  protected keyValue(node: Node): string {
    return this.choice(this.pair(node), () => `${mark(node)}${this.w}.tracedKey()`);
  }
  /** The property of a member expression: code that evaluates a computed key, how to access it, and its value. */
  protected key(node: Node): { setup: string; key: Key } {
    if (!node.computed) {
      const name = this.source(node.property);
      return { setup: "", key: { access: `.${name}`, value: JSON.stringify(name) } };
    }
    if (isLiteral(node.property)) {
      const text = this.source(node.property);
      return { setup: "", key: { access: `[${text}]`, value: text } };
    }
    const k = this.frame.temp();
    return { setup: `${k} = ${this.keyValue(node.property)}, `, key: { access: `[${k}]`, value: k } };
  }
  protected access(object: string, node: Node): string {
    if (!node.computed) return `${object}.${this.source(node.property)}`;
    return `${object}[${this.keyValue(node.property)}]`;
  }

  protected member(node: Node): Pair {
    if (node.object.type === "Super") return this.opened(this.access("super", node));
    const { setup, pairs } = this.operands([node.object]);
    const { setup: keySetup, key } = this.key(node);
    let o = pairs[0].v;
    let before = setup + keySetup;
    if (!isName(o) || (keySetup && !isStill(node.property))) {
      o = this.frame.temp();
      before = `${setup}${o} = ${pairs[0].v}, ${keySetup}`;
    }
    const self = pairs[0].h;
    if (self === "0" || node.computed || key.value === '"length"')
      return this.into((t, h) => before + this.read(o, key, t, h, node));
    // a getter of Number.prototype may have a traced number as its `this`
    return this.into(
      (t, h) =>
        `${before}${self} === 0 ? (${this.read(o, key, t, h, node)}) : ` +
        `(${t} = ${mark(node)}${this.w}.ofNumber(${o}, ${self}, ${key.value}), ${h} = ${this.w}.h)`,
    );
  }
  /** The value found at a place, unboxed; a plain number's handle may lie in a shadow of its object. */
  protected read(o: string, key: Key, t: string, h: string, node: Node): string {
    if (key.value === '"length"')
      return `${t} = ${o}.length, ${h} = 0, typeof ${t} !== "object" || (${t} = ${mark(node)}${this.w}.got(${o}, "length", ${t}), ${h} = ${this.w}.h)`;
    const asked = `(${t} = ${mark(node)}${this.w}.got(${o}, ${key.value}, ${t}), ${this.w}.h)`;
    if (node.computed && this.isNumber(node.property)) {
      // an element of an argument that nobody has touched: its handle is counted from the first
      const s = this.frame.temp();
      return (
        `${t} = ${o}${key.access}, ${h} = typeof ${t} !== "number" ? ${asked} : (${s} = ${o}[${this.S}]) === undefined || ${s} === null ? 0 : ` +
        `${s}.first > 0 ? ${s}.first + ${key.value} : ${asked}`
      );
    }
    return `${t} = ${o}${key.access}, ${h} = typeof ${t} === "number" && ${o}[${this.S}] === undefined ? 0 : ${asked}`;
  }

  protected call(node: Node): Pair {
    const { callee } = node;
    if (callee.type === "Super") return { v: `super(${this.list(node.arguments)})`, h: "0" };
    const direct = this.intrinsic(node);
    if (direct) return direct;
    const spelling =
      callee.type === "Identifier" &&
      !this.binding(callee) &&
      /^(?:Number|parseFloat|parseInt)$/.test(callee.name);
    if (spelling && node.arguments.length > 0 && node.arguments.every(isLiteral))
      return { v: this.source(node), h: "0" };
    if (callee.type === "MemberExpression" && callee.object.type === "Super")
      return this.invoke(node, "", this.access("super", callee), "this");
    if (callee.type === "MemberExpression") {
      const receiver = this.pair(callee.object);
      const [o, f] = [this.frame.temp(), this.frame.temp()];
      const { setup, key } = this.key(callee);
      const found = `${f} = ${o}${key.access}, ${f} !== undefined || (${f} = ${this.w}.method(${o}, ${key.value}))`;
      const before = `${o} = ${receiver.v}, ${setup}${found}, `;
      const self =
        receiver.h === "0" ? o : `(${receiver.h} === 0 ? ${o} : ${this.w}.box(${o}, ${receiver.h}))`;
      if (key.access.startsWith(".#"))
        return this.invokePrivate(node, `${o} = ${receiver.v}, `, o, key.access);
      return this.invoke(node, before, f, self);
    }
    if (callee.type === "ChainExpression") {
      // `(o?.m)()`: what calls m is o
      const self = this.frame.temp();
      const found = this.chain(callee, self);
      return this.invoke(node, `${found.code}, `, found.t as string, self);
    }
    const binding = callee.type === "Identifier" ? this.binding(callee) : undefined;
    if (binding && this.isInner(binding) && isFixedFunction(binding))
      return this.opened(`${mark(node)}${callee.name}(${this.list(node.arguments)})`);
    const f = callee.type === "Identifier" && !binding ? callee.name : this.value(callee);
    if (isName(f) && node.arguments.every(isStill)) return this.invoke(node, "", f, "undefined");
    const t = this.frame.temp();
    return this.invoke(node, `${t} = ${f}, `, t, "undefined");
  }
  protected invoke(node: Node, setup: string, f: string, self: string): Pair {
    const list = isConsole(node.callee) ? this.displayed(node.arguments) : this.list(node.arguments);
    const fixed = node.arguments.length <= 3 && !node.arguments.some((a: Node) => a.type === "SpreadElement");
    const call = fixed
      ? `${this.w}.call${node.arguments.length}(${f}, ${self}${list && `, ${list}`})`
      : `${this.w}.call(${f}, ${self}, [${list}])`;
    return this.into((t, h) => `${setup}${t} = ${mark(node)}${call}, ${h} = ${this.w}.h`);
  }
  /** A private method: its recording program stands beside it in the class body. */
  protected invokePrivate(node: Node, setup: string, o: string, access: string): Pair {
    const twin = this.privateMember(access.slice(1))?.twin;
    if (twin)
      return this.into(
        (t, h) =>
          `${setup}${t} = ${this.w}.open(${o}.${twin}(${this.list(node.arguments)})), ${h} = ${this.w}.h`,
      );
    const f = this.frame.temp();
    return this.invoke(node, `${setup}${f} = ${o}${access}, `, f, o);
  }
  /** What the classes around declare under a private name. */
  protected abstract privateMember(name: string): PrivateMember | undefined;

  /** An optional chain: its links one after another on one variable, each guard holding all that follows it. */
  protected chain(node: Node, self = this.frame.temp()): Pair {
    const links: Node[] = [];
    let base = node.expression;
    while (
      (base.type === "MemberExpression" && base.object.type !== "Super") ||
      base.type === "CallExpression"
    ) {
      links.unshift(base);
      base = base.type === "CallExpression" ? base.callee : base.object;
    }
    const o = this.frame.temp();
    const first = this.pair(base);
    return this.into((t, h) => {
      let text = `${self} = ${base.type === "MemberExpression" ? "this" : "undefined"}, ${t} = ${first.v}, ${h} = ${first.h}`;
      let closing = "";
      for (const link of links) {
        if (link.optional) {
          text += `, ${t} === null || ${t} === undefined ? (${t} = undefined, ${h} = 0) : (0`;
          closing += ")";
        }
        if (link.type === "MemberExpression") {
          const { setup, key } = this.key(link);
          text += `, ${o} = ${t}, ${self} = ${h} === 0 ? ${o} : ${this.w}.box(${o}, ${h}), ${setup}${this.read(o, key, t, h, link)}`;
        } else {
          const list = isConsole(link.callee) ? this.displayed(link.arguments) : this.list(link.arguments);
          text += `, ${t} = ${mark(link)}${this.w}.call(${t}, ${self}, [${list}]), ${h} = ${this.w}.h, ${self} = undefined`;
        }
      }
      return text + closing;
    });
  }

  /** Arguments of console methods: text made here is only looked at. */
  protected displayed(nodes: Node[]): string {
    return series(nodes, ", ", (n) =>
      n.type === "TemplateLiteral" ? this.template(n, false) : this.list([n]),
    );
  }
}
