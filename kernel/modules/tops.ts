/**
 * The top level of files that cells import.
 *
 * What: what computes there runs in the guard, so that an interrupt stops it: `const x = f()` becomes
 * `const x = $$kernel.top(() => (f()))`, a loop `$$kernel.top(() => { for … })`; with an `await` in it, an async
 * function that lower.ts writes anew. Declarations stay what they are. Bodies of classes, and loops that declare by
 * `var`, stay as they are. Every edit stays on its line.
 */
import { assemble, type Edit, type SourceMapJson } from "../../lib/source/assemble.ts";
import { forEachChild, isFunction, type Node, parse } from "../../lib/source/syntax.ts";

export function guardTops(code: string, map: string, file: string): { code: string; map: SourceMapJson } {
  const tokens: number[] = [];
  const edits: Edit[] = [];
  const wrap = (node: Node, isExpression: boolean): void => {
    if (!computes(node) || !mayMove(node)) return;
    const [open, close] = isExpression ? ["(", ")"] : ["{ ", " }"];
    const awaits = has(node, ({ type, await: loops }) => type === "AwaitExpression" || loops === true);
    const [begin, end] = awaits ? ["(await (async () => ", ")())"] : ["$$kernel.top(() => ", ")"];
    // a semicolon before, since the line above may have none
    edits.push({ at: node.start, text: `${isExpression ? "" : ";"}${begin}${open}` });
    edits.push({ at: node.end, text: `${close}${end}${isExpression ? "" : ";"}` });
  };
  for (const statement of parse(code, "module", tokens).body as Node[]) {
    const node = statement.declaration ?? statement;
    if (node.type === "VariableDeclaration") {
      for (const { init } of node.declarations as Node[]) if (init) wrap(init, true);
    } else if (statement.type === "ExportDefaultDeclaration") {
      if (!/Declaration$/.test(node.type)) wrap(node, true);
    } else if (!/^(?:Import|Export)|Declaration$/.test(node.type)) wrap(node, false);
  }
  return assemble(code, edits, tokens, file, JSON.parse(map) as SourceMapJson);
}

/** Whether something in a node, outside of functions in it, is as asked. */
function has(node: Node, asked: (node: Node) => boolean): boolean {
  if (isFunction(node)) return false;
  if (asked(node)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= has(child, asked);
  });
  return found;
}

/** Whether a node may take its time. */
const computes = (node: Node): boolean =>
  has(node, ({ type }) =>
    /^(?:Call|New|TaggedTemplate|Await|Import)Expression$|^(?:While|DoWhile|For)/.test(type),
  );

/** Whether a node means the same in a function: it declares nothing for the whole file, and gets no name from outside. */
const mayMove = (node: Node): boolean =>
  node.type !== "ClassExpression" &&
  !has(node, ({ type, kind }) => type === "VariableDeclaration" && kind === "var");
