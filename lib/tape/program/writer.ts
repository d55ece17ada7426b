/**
 * The ground of the writers of recording programs: pairs, temporaries, and how boxes are made and opened.
 *
 * What: each expression of the plain function becomes text that computes its value as JavaScript would and leaves,
 * in a variable of its own, the handle of the value: 0 for a passive one, else what the recorder returned for it.
 * Why pairs: where value and handle live in two local variants of a name, nothing is allocated for a traced scalar,
 * and every test, text and index sees the plain number. Only what goes to the heap, into a call or out of the
 * function is boxed. Reference: operator overloading without objects, cf. Griewank & Walther (2008), section 6.1.
 */
import { type Activity, activityOf } from "../../source/activity.ts";
import { mark } from "../../source/assemble.ts";
import type { WriterContext } from "../../source/recording-writer.ts";
import type { Binding } from "../../source/scope.ts";
import type { Node } from "../../source/syntax.ts";

/** An expression's text and the text that reads its handle afterwards ("0": never traced). */
export interface Pair {
  v: string;
  h: string;
  /** Where the value ends up in a temporary of its own: the code that fills it, and its name. */
  code?: string;
  t?: string;
}

/** A property: how it is accessed, and its name as a value. */
export interface Key {
  access: string;
  value: string;
}

export { mark };

/** The variables that one emitted function declares at its top. */
export class Frame {
  readonly names: string[] = [];
  /** Value and handle of `this`, where it may be a traced number (a method of Number.prototype). */
  self: Pair | null = null;
  usesSelf = false;
  constructor(
    private readonly counter: { n: number },
    private readonly prefix: string,
  ) {}
  temp(): string {
    const name = `${this.prefix}${++this.counter.n}`;
    this.names.push(name);
    return name;
  }
  declarations(): string {
    return this.names.length ? `let ${this.names.join(",")};` : "";
  }
}

export abstract class Writer {
  protected frame!: Frame;
  protected readonly counter = { n: 0 };
  /** The recorder, the shadow symbol and the box class, by the names that the prologue gives them. */
  protected readonly w: string;
  protected readonly S: string;
  protected readonly B: string;
  constructor(
    protected readonly context: WriterContext,
    /** The function whose recording program this is: variables declared inside it are pairs. */
    protected readonly root: Node,
  ) {
    this.w = `${context.prefix}w`;
    this.S = `${context.prefix}S`;
    this.B = `${context.prefix}B`;
  }

  /** An expression's text and its handle's. */
  abstract pair(node: Node): Pair;
  /** An expression that a name is given to: anonymous functions and classes take the name. */
  protected abstract named(node: Node, name: string | undefined): Pair;

  protected source(node: Node): string {
    return this.context.code.slice(node.start, node.end);
  }
  protected binding(node: Node): Binding | undefined {
    return this.context.scopes.bindingOf.get(node);
  }
  protected isInner(binding: Binding): boolean {
    const { node } = binding.scope;
    return node.start >= this.root.start && node.end <= this.root.end;
  }
  /** The variable that holds a variable's handle (inner) or its last traced value (outer). */
  protected companion(binding: Binding): string {
    return `${binding.name}${this.context.prefix}`;
  }
  protected hasHandle(binding: Binding): boolean {
    return this.isInner(binding) && binding.activity === "active";
  }
  protected isLeaky(binding: Binding): boolean {
    return !this.isInner(binding) && isLeaky(binding);
  }
  protected activity(node: Node): Activity {
    if (node.type === "Identifier") {
      const binding = this.binding(node);
      if (binding && !this.isInner(binding) && !isLeaky(binding) && binding.activity === "active")
        return "passive";
    }
    return activityOf(node, this.context.scopes.bindingOf);
  }

  /** The expression with its handle attached if it has one: what a call, a container or a caller gets. */
  boxed(node: Node): string {
    return this.box(this.pair(node));
  }
  protected box(pair: Pair): string {
    return this.choice(pair, (v, h) => `${this.w}.box(${v}, ${h})`);
  }
  /** The value of a pair where it is passive; else what is made of it. */
  protected choice({ v, h, code, t }: Pair, traced: (v: string, h: string) => string): string {
    if (h === "0") return v;
    if (code && t) return `(${code}, ${h} === 0 ? ${t} : ${traced(t, h)})`;
    if (isName(v)) return `(${h} === 0 ? ${v} : ${traced(v, h)})`;
    const kept = this.frame.temp();
    return `(${kept} = ${v}, ${h} === 0 ? ${kept} : ${traced(kept, h)})`;
  }
  /** The expression's value alone. */
  value(node: Node): string {
    return this.pair(node).v;
  }
  /** A temporary pair that `code` fills, given its names. */
  protected into(fill: (t: string, h: string) => string): Pair {
    const t = this.frame.temp();
    const h = this.frame.temp();
    const code = fill(t, h);
    return { v: `(${code}, ${t})`, h, code, t };
  }
  /** What a call left: its value unboxed, its handle in the recorder. */
  protected called(call: string): Pair {
    return this.into((t, h) => `${t} = ${call}, ${h} = ${this.w}.h`);
  }
  /** A box or plain value that native code handed over. */
  protected opened(raw: string): Pair {
    return this.called(`${this.w}.open(${raw})`);
  }

  /** Makes operands that stay as they are while the others are evaluated. */
  protected operands(nodes: readonly Node[]): { setup: string; pairs: Pair[] } {
    const pairs = nodes.map((node) => this.pair(node));
    let lastMoving = nodes.length - 1;
    while (lastMoving > 0 && isStill(nodes[lastMoving])) lastMoving--;
    let setup = "";
    for (let k = 0; k < pairs.length; k++) {
      const p = pairs[k];
      const still = k >= lastMoving;
      if (isLiteral(nodes[k]) || (still && !p.code && isName(p.v))) continue;
      let { t: v, h } = p;
      if (v) setup += `${p.code}, `;
      else {
        v = this.frame.temp();
        setup += `${v} = ${p.v}, `;
        if (!still && h !== "0") {
          h = this.frame.temp();
          setup += `${h} = ${p.h}, `;
        }
      }
      pairs[k] = { v, h };
    }
    return { setup, pairs };
  }

  protected isNumber(node: Node): boolean {
    return this.activity(node) === "number";
  }
}

/** A plain variable that a function may leave a traced value in: it has a companion beside its declaration, which other modules do not see. */
export function isLeaky(binding: Binding): boolean {
  return (
    binding.assignedInside &&
    !binding.exported &&
    binding.activity === "active" &&
    (binding.kind === "let" || binding.kind === "var" || binding.kind === "param" || binding.kind === "catch")
  );
}

/** A function declaration that nothing reassigns: in a recording program its name is its recording program. */
export function isFixedFunction(binding: Binding): boolean {
  if (binding.reassigned) return false;
  if (binding.kind === "function") return !binding.assigned.some((a) => a?.async || a?.generator);
  const [value] = binding.assigned;
  return (
    binding.kind === "const" &&
    binding.assigned.length === 1 &&
    (value?.type === "ArrowFunctionExpression" || value?.type === "FunctionExpression") &&
    !value.async &&
    !value.generator
  );
}

/** Names that the engine gives to the global scope (what programs put there is enumerable): no traced value lies in one. */
const builtIn = new Set(
  Object.entries(Object.getOwnPropertyDescriptors(globalThis)).flatMap(([name, { enumerable }]) =>
    enumerable ? [] : [name],
  ),
);
export const isBuiltIn = (node: Node): boolean => builtIn.has(node.name);

/** The texts of a list, one behind the other: as JavaScript's ropes, since `join` would copy what is long already. */
export function series<T>(
  items: readonly T[],
  separator: string,
  write: (item: T, k: number) => string,
): string {
  let text = "";
  for (let k = 0; k < items.length; k++) {
    if (k > 0) text += separator;
    text += write(items[k], k);
  }
  return text;
}

export const isName = (text: string): boolean =>
  /^(?:[\w$]+|\d+(?:\.\d+)?)$/u.test(text) || isIdentifier(text);
const isIdentifier = (text: string): boolean =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text);
export const isConsole = (callee: Node): boolean =>
  callee.type === "MemberExpression" &&
  callee.object.type === "Identifier" &&
  callee.object.name === "console";
export const isLiteral = (node: Node): boolean => node.type === "Literal" && !node.regex;

/** Whether evaluating a node cannot change a variable. */
export function isStill(node: Node): boolean {
  switch (node.type) {
    case "Identifier":
    case "Literal":
    case "ThisExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return true;
    case "ParenthesizedExpression":
      return isStill(node.expression);
    case "BinaryExpression":
      return node.left.type !== "PrivateIdentifier" && isStill(node.left) && isStill(node.right);
    case "UnaryExpression":
      return node.operator !== "delete" && isStill(node.argument);
    case "ConditionalExpression":
      return isStill(node.test) && isStill(node.consequent) && isStill(node.alternate);
    case "MemberExpression":
      // a getter could do anything; an element of something indexed by a number hardly ever is one
      return (
        node.computed && isStill(node.object) && isStill(node.property) && node.property.type !== "Literal"
      );
    case "CallExpression":
      return (
        node.callee.type === "MemberExpression" &&
        node.callee.object.name === "Math" &&
        node.arguments.every((a: Node) => a.type !== "SpreadElement" && isStill(a))
      );
  }
  return false;
}
