/**
 * Async functions as generators.
 *
 * What: `async function f(x) { await g(x) }` becomes `function f(x) { return $$kernel.task(function* () { yield g(x) }…) }`,
 * so that tasks.ts can resume it inside the guard; `for await` in it becomes a plain loop over the steps of iterate.ts.
 * Functions that use `super` or `new.target` and async generators stay as they are: an interrupt ends the cell's wait
 * for them. Every edit stays on its line.
 */
import { assemble, type Edit, type SourceMapJson } from "../../lib/source/assemble.ts";
import { forEachChild, isFunction, type Node, parse } from "../../lib/source/syntax.ts";

export interface Lowered {
  code: string;
  map: SourceMapJson;
  /** Whether the code itself, outside of its functions, may run as a generator; else it must be an async function. */
  asGenerator: boolean;
}

/** `framed`: whether the code's own top level will run as a generator too, if it can. */
export function lowerAsync(
  code: string,
  map: SourceMapJson,
  file: string,
  kind: "module" | "script",
  framed = true,
): Lowered {
  const tokens: number[] = [];
  const program = parse(code, kind, tokens);
  const edits: Edit[] = [];
  const asGenerator = framed && !stays(program);
  lower(program, asGenerator, null, edits, code);
  return { ...assemble(code, edits, tokens, file, map), asGenerator };
}

function lower(node: Node, yields: boolean, holder: Node | null, edits: Edit[], code: string): void {
  if (isFunction(node)) {
    const becomes = node.async && !node.generator && !stays(node);
    if (becomes) edit(node, holder, edits, code);
    forEachChild(node, (child) => lower(child, becomes, node, edits, code));
    return;
  }
  if (node.type === "AwaitExpression" && yields) {
    edits.push({ at: node.start, text: "(yield ", remove: "await".length });
    forEachChild(node, (child) => lower(child, yields, node, edits, code));
    edits.push({ at: node.end, text: ")" });
    return;
  }
  if (node.type === "ForOfStatement" && node.await && yields) {
    editLoop(node, holder, edits, code);
    return;
  }
  forEachChild(node, (child) => lower(child, yields, node, edits, code));
}

/** `for await (const x of xs) body`, with its label, as a loop over steps. */
function editLoop(node: Node, holder: Node | null, edits: Edit[], code: string): void {
  const { left, right, body } = node;
  const steps = `$$steps${node.start}`;
  const remove = (at: number, end: number, text: string) =>
    edits.push({ at, text: text + code.slice(at, end).replace(/[^\n]/g, ""), remove: end - at });
  const isLabelled = holder?.type === "LabeledStatement";
  const label = isLabelled ? `${holder.label.name}: ` : "";
  if (isLabelled) remove(holder.start, node.start, "");
  const target = code.slice(left.start, left.end);
  const take =
    left.type === "VariableDeclaration" ? `${target} = ${steps}.value` : `(${target} = ${steps}.value)`;
  remove(node.start, right.start, `{ const ${steps} = $$kernel.steps((`);
  lower(right, true, node, edits, code);
  const loop = `for (; ${steps}.take(yield ${steps}.next()); )`;
  remove(right.end, body.start, `)); try { ${label}${loop} { ${take}; `);
  lower(body, true, node, edits, code);
  const end = `catch ($$error) { throw ${steps}.failed($$error); } finally { if (${steps}.open) yield ${steps}.close(); }`;
  edits.push({ at: node.end, text: ` } } ${end} }` });
}

/** Whether a loop's head is more than `editLoop` can move. */
function isOddLoop(node: Node): boolean {
  let odd = false;
  const search = (part: Node): void => {
    if (isFunction(part) || /^(?:Await|Class|Yield)/.test(part.type)) odd = true;
    forEachChild(part, search);
  };
  search(node.left);
  return odd;
}

function edit(node: Node, holder: Node | null, edits: Edit[], code: string): void {
  const method =
    holder && (holder.type === "MethodDefinition" || (holder.type === "Property" && holder.method));
  const from = method ? holder.start : node.start;
  const at = code.indexOf("async", from);
  edits.push({ at, text: "", remove: "async".length });
  const { body } = node;
  const uses = usesArguments(node);
  const call = node.type === "ArrowFunctionExpression" && !uses ? ".call(this)" : ".apply(this, arguments)";
  if (body.type === "BlockStatement") {
    edits.push({ at: body.start + 1, text: "return $$kernel.task((function* () {" });
    edits.push({ at: body.end - 1, text: `})${call});` });
  } else {
    // parentheses around the body belong to it
    const start = code.indexOf("=>", lastParameterEnd(node)) + 2;
    edits.push({ at: start, text: " $$kernel.task((function* () { return (" });
    edits.push({ at: node.end, text: `); })${call})` });
  }
}

const lastParameterEnd = (node: Node): number => node.params.at(-1)?.end ?? node.start;

/** Whether a function, or the code itself, must stay async. */
function stays(root: Node): boolean {
  const search = (node: Node, arrows: boolean): boolean => {
    if (node.type === "Super" || (node.type === "MetaProperty" && node.meta.name === "new")) return true;
    if (node.type === "ForOfStatement" && node.await && !arrows && isOddLoop(node)) return true;
    if (node.type === "LabeledStatement" && node.body.type === "LabeledStatement") return true;
    let found = false;
    forEachChild(node, (child) => {
      if (found || child.type === "ClassDeclaration" || child.type === "ClassExpression") return;
      if (isFunction(child)) {
        // an arrow's super is its surroundings'
        if (child.type === "ArrowFunctionExpression") found = search(child, true);
      } else found = search(child, arrows);
    });
    return found;
  };
  return search(root, false);
}

function usesArguments(root: Node): boolean {
  const search = (node: Node): boolean => {
    if (node.type === "Identifier" && node.name === "arguments") return true;
    let found = false;
    forEachChild(node, (child) => {
      if (!found && !(isFunction(child) && child.type !== "ArrowFunctionExpression")) found = search(child);
    });
    return found;
  };
  return search(root);
}
