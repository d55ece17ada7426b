/**
 * Async functions as generators.
 *
 * What: `async function f(x) { await g(x) }` becomes `function f(x) { return $$kernel.task(function* () { yield g(x) }…) }`,
 * so that tasks.ts can resume it inside the guard; async generators likewise, as `$$kernel.steps(function* …)`, which
 * yields `[0, awaited]` and `[1, yielded]`; `for await` in them becomes a plain loop, and `yield*` a generator, over the
 * steps of iterate.ts. Functions with what this cannot write anew (`new.target`, assignments to `super.x`) stay as they are: an
 * interrupt ends the cell's wait for them. Every edit stays on its line.
 */
import { assemble, type SourceMapJson } from "../../lib/source/assemble.ts";
import { forEachChild, isFunction, type Node, parse } from "../../lib/source/syntax.ts";
import { Writer } from "../compiler/writer.ts";

export interface Lowered {
  code: string;
  map: SourceMapJson;
  /** Whether the code itself, outside of its functions, may run as a generator; else it must be an async function. */
  asGenerator: boolean;
}

/** `framed`: the code's own top level will run as a generator too, if it can. `before` goes before the code. */
export function lowerAsync(
  code: string,
  map: SourceMapJson,
  file: string,
  kind: "module" | "script",
  { framed = false, before = "" } = {},
): Lowered {
  const program = parse(code, kind);
  const lowering = new Lowering(code);
  const asGenerator = framed && !stays(program);
  if (before) lowering.edits.push({ at: 0, text: before });
  lowering.visit(program, asGenerator ? "task" : "plain");
  return { ...assemble(code, lowering.edits, file, map), asGenerator };
}

/** How the code around runs: as it is written; as a task, whose awaits are yields; as an async generator's steps. */
type Form = "plain" | "task" | "steps";

class Lowering extends Writer {
  /** `supers`: whether `super` is written anew. */
  visit(node: Node, form: Form, holder: Node | null = null, supers = false): void {
    const children = (inner = form, within = supers) =>
      forEachChild(node, (child) => this.visit(child, inner, node, within));
    if (isFunction(node)) {
      const within = supers && node.type === "ArrowFunctionExpression";
      if (!node.async || stays(node)) children("plain", within);
      else this.#function(node, holder, within);
    } else if (/^Class/.test(node.type)) children(form, false);
    else if (node.type === "AwaitExpression" && form !== "plain") {
      this.replace(node.start, node.start + "await".length, form === "task" ? "(yield " : "(yield [0, ");
      children();
      this.insert(node.end, form === "task" ? ")" : "])");
    } else if (node.type === "YieldExpression" && node.delegate && form === "steps") {
      this.replace(node.start, this.#afterStar(node.start + "yield".length), "(yield* $$kernel.delegate((");
      children();
      this.insert(node.end, ")))");
    } else if (node.type === "YieldExpression" && form === "steps") {
      this.replace(node.start, node.start + "yield".length, "(yield [1, ");
      children();
      this.insert(node.end, "])");
    } else if (node.type === "ForOfStatement" && node.await && form !== "plain")
      this.#loop(node, holder, form, supers);
    else if (supers && isOfSuper(node)) this.#super(node, form);
    else if (supers && node.type === "CallExpression" && isOfSuper(node.callee)) {
      children();
      const first = this.code.indexOf("(", node.callee.end);
      this.replace(first, first + 1, node.arguments.length > 0 ? ".call(this, " : ".call(this");
    } else children();
  }

  /** The end of the `*` that makes a generator or delegates to one. */
  #afterStar(from: number): number {
    const before = /^(?:\s|function|\/\*[\s\S]*?\*\/|\/\/.*)*/.exec(this.code.slice(from)) as RegExpExecArray;
    return from + before[0].length + 1;
  }

  /** An async function or generator as a plain one that returns what runs its body. `within`: `$$super` is there. */
  #function(node: Node, holder: Node | null, within: boolean): void {
    const method =
      holder && (holder.type === "MethodDefinition" || (holder.type === "Property" && holder.method));
    const at = this.code.indexOf("async", method ? holder.start : node.start);
    this.replace(at, at + "async".length, "");
    if (node.generator) {
      const end = this.#afterStar(at + "async".length);
      this.replace(end - 1, end, "");
    }
    const { body } = node;
    const brings = !within && usesSuper(node);
    const supers = within || brings;
    const arrow = node.type === "ArrowFunctionExpression";
    const given = arrow && !usesArguments(node) ? ".call(this)" : ".apply(this, arguments)";
    const begin = `${brings ? "(($$super) => " : ""}$$kernel.${node.generator ? "steps" : "task"}((function* () {`;
    const end = `})${given})${brings ? ")((key) => super[key])" : ""}`;
    const form = node.generator ? "steps" : "task";
    forEachChild(node, (child) => {
      if (child !== body) {
        this.visit(child, "plain", node, within);
        return;
      }
      if (body.type === "BlockStatement") {
        this.insert(body.start + 1, `return ${begin}`);
        this.visit(body, form, node, supers);
        this.insert(body.end - 1, `${end};`);
      } else {
        // parentheses around the body belong to it
        const start = this.code.indexOf("=>", lastParameterEnd(node)) + 2;
        this.insert(start, ` ${begin} return (`);
        this.visit(body, form, node, supers);
        this.insert(node.end, `); ${end}`);
      }
    });
  }

  /** `super.name` or `super[name]`, which no inner function may have, through an arrow function beside it. */
  #super({ object, property, computed, end }: Node, form: Form): void {
    if (!computed) {
      this.replace(object.start, end, `$$super(${JSON.stringify(property.name)})`);
      return;
    }
    this.replace(object.start, property.start, "$$super(");
    this.visit(property, form, null, true);
    this.replace(property.end, end, ")");
  }

  /** `for await (const x of xs) body`, with its label, as a loop over steps. */
  #loop(node: Node, holder: Node | null, form: Form, supers: boolean): void {
    const { left, right, body } = node;
    const steps = `$$steps${node.start}`;
    const awaited = (text: string) => (form === "task" ? `yield ${text}` : `yield [0, ${text}]`);
    const isLabelled = holder?.type === "LabeledStatement";
    const label = isLabelled ? `${holder.label.name}: ` : "";
    if (isLabelled) this.replace(holder.start, node.start, "");
    const target = this.code.slice(left.start, left.end);
    const take =
      left.type === "VariableDeclaration" ? `${target} = ${steps}.value` : `(${target} = ${steps}.value)`;
    this.replace(node.start, right.start, `{ const ${steps} = $$kernel.iterate((`);
    this.visit(right, form, node, supers);
    const loop = `for (; ${steps}.take(${awaited(`${steps}.next()`)}); )`;
    this.replace(right.end, body.start, `)); try { ${label}${loop} { ${take}; `);
    this.visit(body, form, node, supers);
    const end = `catch ($$error) { throw ${steps}.failed($$error); } finally { if (${steps}.open) ${awaited(`${steps}.close()`)}; }`;
    this.insert(node.end, ` } } ${end} }`);
  }
}

const isOfSuper = (node: Node): boolean => node.type === "MemberExpression" && node.object.type === "Super";

/** Whether a loop's head is more than can be moved. */
function isOddLoop(node: Node): boolean {
  let odd = false;
  const search = (part: Node): void => {
    if (isFunction(part) || /^(?:Await|Class|Yield)/.test(part.type) || isOfSuper(part)) odd = true;
    forEachChild(part, search);
  };
  search(node.left);
  return odd;
}

const lastParameterEnd = (node: Node): number => node.params.at(-1)?.end ?? node.start;

/** What of a function belongs to itself: all but classes and functions in it that are no arrows. */
function someOwn(root: Node, found: (node: Node, holder: Node, inArrow: boolean) => boolean): boolean {
  const search = (node: Node, inArrow: boolean): boolean => {
    let some = false;
    forEachChild(node, (child) => {
      if (some || child.type === "ClassDeclaration" || child.type === "ClassExpression") return;
      if (isFunction(child) && child.type !== "ArrowFunctionExpression") return;
      some = found(child, node, inArrow) || search(child, inArrow || isFunction(child));
    });
    return some;
  };
  return search(root, false);
}

/** Whether a function, or the code itself, must stay async. */
const stays = (root: Node): boolean =>
  someOwn(root, (node, holder, inArrow) => {
    if (node.type === "MetaProperty") return node.meta.name === "new";
    if (node.type === "ForOfStatement") return node.await && !inArrow && isOddLoop(node);
    if (node.type === "LabeledStatement") return node.body.type === "LabeledStatement";
    return isOfSuper(node) && !isReadOf(node, holder);
  });

/** Whether a member of `super` is just read, or called. */
const isReadOf = (member: Node, { type, callee, left, optional }: Node): boolean =>
  type === "CallExpression"
    ? callee !== member || !optional
    : !/^(?:Update|ChainExpression|UnaryExpression|TaggedTemplate|ForIn|ForOf|Property|ArrayPattern|RestElement|AssignmentPattern)/.test(
        type,
      ) && !(type === "AssignmentExpression" && left === member);

const usesSuper = (root: Node): boolean => someOwn(root, isOfSuper);

const usesArguments = (root: Node): boolean =>
  someOwn(root, ({ type, name }) => type === "Identifier" && name === "arguments");
