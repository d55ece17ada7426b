/**
 * Random numeric programs, for the comparison of the two engines: functions of numbers, lists, nested lists,
 * Float64Arrays and records, with the loops, jumps, writes in place, aliases, callbacks and closures that numerical
 * code is made of.
 *
 * A program is grown from a list of whole numbers, each of which decides one thing; where the list has ended, the
 * simplest form is taken. So every list is a program, and a shorter list of smaller numbers a simpler one: fast-check
 * shrinks programs by shrinking lists. Nothing in it knows the library: what a program means is what JavaScript says.
 */
import { prelude } from "./numeric-methods.ts";
import {
  type Helper,
  list,
  number,
  numbers,
  readOnly,
  record,
  type Term,
  type Type,
  type Variable,
} from "./numeric-scope.ts";
import { Statements } from "./numeric-statements.ts";

export interface NumericProgram {
  readonly text: string;
  /** Arguments at two points, whose flat lists have different lengths. */
  readonly points: readonly (readonly unknown[])[];
  /** Positions to differentiate by, beside all of them. */
  readonly wrt: readonly number[];
}
const parameters: readonly Term[] = [
  { text: "x", type: number },
  { text: "v", type: numbers(3) },
  { text: "m", type: list(numbers(2), 2) },
  { text: "a", type: numbers(3, false, true) },
  { text: "r", type: record({ p: number, q: numbers(2), in: number }) },
  { text: "ps", type: list(record({ x: number, y: number }), 2) },
  { text: "y", type: number },
  { text: "c", type: list(list(numbers(2), 2), 2) },
];
export function grow(choices: readonly number[]): NumericProgram {
  return new Grower(choices).program();
}
class Grower extends Statements {
  program(): NumericProgram {
    const lines = ["const K = 0.7;", "const W = [0.3, -0.5, 0.9];", "const R = { u: 0.4, v: [1.5, -0.2] };"];
    const free: Variable[] = [
      { name: "K", type: number, constant: true },
      { name: "W", type: numbers(3), constant: true },
      { name: "R.v", type: numbers(2), constant: true },
      { name: "R.u", type: number, constant: true },
    ];
    for (let k = this.choose(4); k > 0; k--) lines.push(this.helper(free));
    const taken: Term[] = [];
    for (let k = 1 + this.choose(3); k > 0; k--) {
      const p = this.oneOf(parameters);
      if (!taken.includes(p)) taken.push(p);
    }
    this.room = 45;
    this.scope = [...free.map((v) => ({ ...v, type: readOnly(v.type) }))];
    const heads = taken.map((p) => this.parameter(p));
    const kind = this.choose(6);
    this.result = (depth) => {
      if (kind < 3) return this.number(depth);
      if (kind === 3) return this.list(depth).text;
      if (kind === 4) return `{ u: ${this.number(depth)}, w: ${this.list(depth).text} }`;
      return `[${this.number(depth)}, ${this.number(depth)}]`;
    };
    const body = [`let s = ${this.number(1)};`];
    this.declare("s", number);
    for (const helper of this.recursions) body.push(this.selfStatement(helper));
    body.push(...this.statements(3 + this.choose(6), 3));
    body.push(`return ${this.result(3)};`);
    lines.push(`function f(${heads.join(", ")}) {`, ...body.map((l) => `  ${l}`), "}", "return f;");
    return {
      text: `${[...prelude(lines), ...lines].join("\n")}\n`,
      points: [0, 1].map((more) => taken.map(({ type }) => this.value(type, more))),
      wrt: [this.choose(taken.length)],
    };
  }
  private parameter({ text, type }: Term): string {
    if (text === "r" && this.chance(3)) {
      this.declare("p", number);
      this.declare("q", numbers(2));
      return "{ p, q }";
    }
    if (text === "v" && this.chance(5)) {
      this.declare("v0", number);
      this.declare("vs", numbers(2, true));
      return "[v0, ...vs]";
    }
    this.declare(text, type);
    return text;
  }
  private value(type: Type, more: number): unknown {
    const number = () => (this.choose(33) - 16) / 8 + 0.03;
    switch (type.t) {
      case "list": {
        const n = type.least + (type.of.t === "number" ? more * (1 + this.choose(2)) : more * this.choose(2));
        const items = Array.from({ length: n }, () => this.value(type.of, type.of.t === "list" ? more : 0));
        return type.floats ? Float64Array.from(items as number[]) : items;
      }
      case "record":
        return Object.fromEntries(Object.entries(type.members).map(([key, t]) => [key, this.value(t, more)]));
      default:
        return number();
    }
  }
  private helper(free: Variable[]): string {
    const name = `h${this.helpers.length + this.recursions.length}`;
    const kind = this.choose(5);
    const calls = this.choose(4) === 3 ? `r${name}` : null;
    this.scope = free.map((v) => ({ ...v, type: readOnly(v.type) }));
    this.room = 8;
    if (kind < 2) {
      this.declare("b", number);
      this.declare("d", number);
      if (calls && this.chance(2)) return this.levels(name, calls);
      if (calls) {
        this.recursions.push({ name, takes: "two", gives: "number" });
        const body = ["t", "u"].map((variable) => {
          const text = this.selfCall();
          this.declare(variable, number, true);
          return `const ${variable} = ${text};`;
        });
        body.push(`return ${this.number(3)};`);
        return this.recursive(name, calls, "b, d", "b * d", body);
      }
      const value = this.number(3);
      this.helpers.push({ name, takes: "two", gives: "number" });
      return `const ${name} = (b, d) => ${value};`;
    }
    this.declare("l", numbers(1));
    this.declare("b", number);
    const gives = (["number", "list", "nothing"] as const)[kind - 2];
    this.result =
      gives === "number" ? (d) => this.number(d) : gives === "list" ? (d) => this.list(d).text : () => "";
    this.declare("s", number);
    if (calls) this.recursions.push({ name, takes: "list", gives });
    const again = (): string[] => (calls ? [this.selfStatement()] : []);
    const body = this.inside(() => [
      "let s = b;",
      ...this.statements(1 + this.choose(2), calls ? 1 : 2),
      ...again(),
      ...this.statements(this.choose(3), 1),
      ...(this.chance(2) ? again() : []),
      `return ${this.result?.(2)};`,
    ]);
    if (calls) return this.recursive(name, calls, "l, b", gives === "list" ? "l" : "b", body);
    this.helpers.push({ name, takes: "list", gives });
    return `function ${name}(l, b) {\n${body.map((line) => `  ${line}`).join("\n")}\n}`;
  }
  /** A helper that calls itself as loops go: each call is what it returns, or the result of one is used behind it. */
  private levels(name: string, inner: string): string {
    const test = this.oneOf(["n <= 0", "n === 0", "n <= 0 || b > 1.5"]);
    this.declare("n", number, true);
    const lines = [`if (${test}) return ${this.number(1)};`];
    const define = (variable: string, text: string) => {
      this.declare(variable, number, true);
      lines.push(`const ${variable} = ${text};`);
    };
    if (this.chance(2)) define("e", this.number(2));
    if (this.chance(3)) lines.push(`if (${this.condition(1)}) return ${this.number(1)};`);
    const last = (): string => `return ${inner}(${this.number(1)}, ${this.number(1)}, n - 1);`;
    if (this.chance(2)) {
      if (this.chance(2)) lines.push(`if (${this.condition(1)}) ${last()}`);
      lines.push(last());
    } else {
      define("t", `${inner}(b, d, n - 1)`);
      lines.push(`return ${this.number(3)};`);
    }
    this.helpers.push({ name, takes: "two", gives: "number" });
    return [
      `function ${inner}(b, d, n) {`,
      ...lines.map((line) => `  ${line}`),
      "}",
      `const ${name} = (b, d) => ${inner}(b, d, W.length + 1);`,
    ].join("\n");
  }
  private readonly recursions: Helper[] = [];
  /** A call of the helper that is being made, or of another one. */
  private selfCall(helper = this.recursions.at(-1) as Helper): string {
    const first = helper.takes === "two" ? this.number(1) : this.list(1, true).text;
    return `${helper.name}(${first}, ${this.number(1)})`;
  }
  private selfStatement(helper = this.recursions.at(-1) as Helper): string {
    const call = this.selfCall(helper);
    const text =
      helper.gives === "nothing" ? `${call};` : `s += ${call}${helper.gives === "list" ? "[0]" : ""};`;
    switch (this.choose(4)) {
      case 0:
        return `if (${this.condition(1)}) ${text}`;
      case 1:
        return `for (let i = 0; i < 2; i++) ${text}`;
      default:
        return text;
    }
  }
  /** A helper that may call itself to a depth that depends on numbers, or on the value. */
  private recursive(name: string, inner: string, args: string, end: string, body: string[]): string {
    const test = this.oneOf(["n <= 0", "n <= 0 || b > 1.5"]);
    const lines = [
      `if (${test}) return ${end};`,
      `const ${name} = (${args}) => ${inner}(${args}, n - 1);`,
      ...body,
    ];
    return [
      `function ${inner}(${args}, n) {`,
      ...lines.map((line) => `  ${line}`),
      "}",
      `const ${name} = (${args}) => ${inner}(${args}, Math.min(2, W.length));`,
    ].join("\n");
  }
}
