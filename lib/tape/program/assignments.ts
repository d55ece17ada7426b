/**
 * Assignments of a recording program: to variables, members and private members, once or after reading them.
 */
import type { Node } from "../../source/syntax.ts";
import { ExpressionWriter } from "./expressions.ts";
import { arithmetic } from "./operations.ts";
import { isBuiltIn, isName, mark, type Pair } from "./writer.ts";

interface Place {
  object: string;
  access: string;
  key: string;
  hidden: boolean;
}

export abstract class AssignmentWriter extends ExpressionWriter {
  protected abstract assignPattern(pattern: Node, value: string): string;

  /**
   * Writes a pair of stable texts to a target; yields the statement text of the write, as an expression. `begins` says
   * that a declaration gives the name its first value.
   */
  protected store(target: Node, v: string, h: string, begins = false): string {
    if (target.type === "ParenthesizedExpression") return this.store(target.expression, v, h);
    if (target.type === "Identifier") return this.storeName(target, v, h, begins);
    if (target.type === "MemberExpression") {
      const { setup, place } = this.place(target);
      return `${setup}${this.storePlace(place, v, h, target)}`;
    }
    throw new Error(`internal: cannot write to ${target.type}`);
  }
  protected storeName(target: Node, v: string, h: string, begins = false): string {
    const binding = this.binding(target);
    if (binding?.kind === "const" && this.isInner(binding) && !begins)
      return `${mark(target)}${this.w}.constant()`;
    if (binding && this.hasHandle(binding)) return `${target.name} = ${v}, ${this.companion(binding)} = ${h}`;
    if (binding && this.isLeaky(binding)) {
      const kept = this.companion(binding);
      const box = h === "0" ? "undefined" : `${h} === 0 ? undefined : ${this.w}.box(${v}, ${h})`;
      return `${target.name} = ${this.left(target.name, v)}, ${kept} = ${box}`;
    }
    if (!binding && !isBuiltIn(target)) return this.storeGlobal(target, v, h);
    const outer = !binding || !this.isInner(binding);
    if (h === "0")
      return `${target.name} = ${outer && binding?.activity !== "number" ? this.left(target.name, v) : v}`;
    return `${h} === 0 || ${mark(target)}${this.w}.lost(${JSON.stringify(target.name)}), ${target.name} = ${v}`;
  }
  private storeGlobal(target: Node, v: string, h: string): string {
    const { name } = target;
    const passive = h === "0" ? "" : `${h} === 0 && `;
    const value = this.frame.temp();
    return (
      `${value} = ${this.left(name, v)}, ${passive}${this.w}.globals === 0 ? ${name} = ${value} : ` +
      `${mark(target)}${this.w}.setGlobal(${JSON.stringify(name)}, ${value}, ${h}, (v) => { ${name} = v; })`
    );
  }
  /** What a variable outside is given. */
  protected left(name: string, v: string): string {
    const t = this.frame.temp();
    return `(${t} = ${v}, typeof ${t} === "object" ? ${this.w}.left(${t}, (c, o) => { if (${name} === c) ${name} = o; }) : ${t})`;
  }
  /** A member as a place that is evaluated once. */
  protected place(node: Node): { setup: string; place: Place } {
    if (node.object.type === "Super") {
      const { setup, key } = this.key(node);
      return { setup, place: { object: "super", access: key.access, key: key.value, hidden: false } };
    }
    const o = this.frame.temp();
    const object = this.value(node.object);
    const { setup, key } = this.key(node);
    const hidden = node.property.type === "PrivateIdentifier";
    return {
      setup: `${o} = ${object}, ${setup}`,
      place: { object: o, access: key.access, key: key.value, hidden },
    };
  }
  protected storePlace({ object, access, key, hidden }: Place, v: string, h: string, node: Node): string {
    const plain = `${object}${access} = ${v}`;
    if (hidden) {
      if (this.privateMember(access.slice(1))?.accessor)
        return h === "0" ? plain : `${object}${access} = ${h} === 0 ? ${v} : ${this.w}.box(${v}, ${h})`;
      const passive = h === "0" ? "" : `${h} === 0 && `;
      return (
        `${object}${access} = ${passive}typeof ${v} !== "object" ? ${v} : ${this.w}.hide(${object}, ${key}, ${v}, ${h}, ` +
        `(o) => o${access}, (o, v) => { o${access} = v; })`
      );
    }
    if (object === "super")
      return h === "0" ? plain : `${object}${access} = ${h} === 0 ? ${v} : ${this.w}.box(${v}, ${h})`;
    const slow = `${mark(node)}${this.w}.set(${object}, ${key}, ${v}, ${h})`;
    const passive = h === "0" ? "" : `${h} === 0 && `;
    return `${passive}typeof ${v} !== "object" && ${this.w}.texts === 0 && ${object}[${this.S}] === undefined ? ${plain} : ${slow}`;
  }
  protected readPlace({ object, access, key }: Place, node: Node): Pair {
    if (object === "super") return this.opened(`super${access}`);
    return this.into((t, h) => this.read(object, { access, value: key }, t, h, node));
  }

  protected assignment(node: Node): Pair {
    const { left, right, operator } = node;
    if (left.type === "ArrayPattern" || left.type === "ObjectPattern") {
      const t = this.frame.temp();
      return { v: `(${t} = ${this.value(right)}, ${this.assignPattern(left, t)}, ${t})`, h: "0" };
    }
    if (operator === "=") {
      if (left.type === "MemberExpression") {
        const { setup, place } = this.place(left);
        const { v, h } = this.pair(right);
        const t = this.frame.temp();
        const copy = h === "0" ? "0" : this.frame.temp();
        const keep = h === "0" ? "" : `, ${copy} = ${h}`;
        return { v: `(${setup}${t} = ${v}${keep}, ${this.storePlace(place, t, copy, left)}, ${t})`, h: copy };
      }
      const { v, h } = this.named(right, left.name);
      const binding = this.binding(left);
      if (binding && binding.kind !== "const" && this.hasHandle(binding) && isName(h))
        return {
          v: `(${left.name} = ${v}, ${this.companion(binding)} = ${h}, ${left.name})`,
          h: this.companion(binding),
        };
      const t = this.frame.temp();
      return { v: `(${t} = ${v}, ${this.storeName(left, t, h)}, ${t})`, h };
    }
    const op = operator.slice(0, -1);
    const target = this.target(left);
    if (op === "&&" || op === "||" || op === "??") {
      const a = target.read();
      const b = this.named(right, left.name);
      return this.into((t, h) => {
        const copy = this.frame.temp();
        return (
          `${target.setup}(${t} = ${a.v}, ${h} = ${a.h}, ${t}) ${op} ` +
          `(${copy} = ${b.v}, ${h} = ${b.h}, ${target.write(copy, h)}, ${t} = ${copy})`
        );
      });
    }
    const a = target.read();
    const ta = this.frame.temp();
    let setup = `${target.setup}${ta} = ${a.v}, `;
    let ha = a.h;
    if (ha !== "0") {
      ha = this.frame.temp();
      setup += `${ha} = ${a.h}, `;
    }
    const { setup: more, pairs } = this.operands([right]);
    setup += more;
    const name = arithmetic[op];
    const plain = this.isNumber(left) && this.isNumber(right);
    const result = name
      ? this.combine(
          node,
          name,
          op,
          setup,
          { v: ta, h: ha },
          pairs[0],
          plain,
          this.noObject([left, right], [{ v: ta, h: ha }, pairs[0]]),
        )
      : { v: `(${setup}${ta} ${op} ${pairs[0].v})`, h: "0" };
    const t = this.frame.temp();
    return { v: `(${t} = ${result.v}, ${target.write(t, result.h)}, ${t})`, h: result.h };
  }

  /** A target that is read and then written, its object and key evaluated once. */
  protected target(node: Node): { setup: string; read: () => Pair; write: (v: string, h: string) => string } {
    if (node.type === "ParenthesizedExpression") return this.target(node.expression);
    if (node.type === "Identifier")
      return {
        setup: "",
        read: () => this.identifier(node),
        write: (v, h) => `(${this.storeName(node, v, h)})`,
      };
    const { setup, place } = this.place(node);
    return {
      setup,
      read: () => this.readPlace(place, node),
      write: (v, h) => `(${this.storePlace(place, v, h, node)})`,
    };
  }

  protected update(node: Node): Pair {
    const { argument, operator, prefix } = node;
    if (argument.type === "Identifier") {
      const binding = this.binding(argument);
      const plain = binding ? !this.hasHandle(binding) && !this.isLeaky(binding) : isBuiltIn(argument);
      if (plain && binding?.activity !== "number") {
        const x = argument.name;
        const counted = prefix ? operator + x : x + operator;
        return {
          v: `(${this.w}.texts === 0 || ${mark(node)}${this.w}.untraced(0, ${x}, 0), ${counted})`,
          h: "0",
        };
      }
      if (plain) return { v: `(${prefix ? operator + argument.name : argument.name + operator})`, h: "0" };
    }
    const target = this.target(argument);
    const a = target.read();
    const [old, oldH, t, h] = [this.frame.temp(), this.frame.temp(), this.frame.temp(), this.frame.temp()];
    const sign = operator[0];
    const name = arithmetic[sign];
    // BigInt and text are counted by JavaScript's own operator
    const v =
      `(${target.setup}${old} = ${a.v}, ${oldH} = ${a.h}, typeof ${old} === "number" ? ` +
      `(${t} = ${old} ${sign} 1, ${h} = ${oldH} === 0 ? 0 : ${mark(node)}${this.w}.${name}(${old}, ${oldH}, 1, 0, ${t})) : ` +
      `((typeof ${old} !== "object" && ${this.w}.texts === 0) || ${this.w}.untraced(0, ${old}, 0), ${t} = ${old}, ${prefix ? `${operator}${t}` : `${old} = ${t}${operator}`}, ${h} = 0), ` +
      `${target.write(t, h)}, ${prefix ? t : old})`;
    return { v, h: prefix ? h : oldH };
  }
}
