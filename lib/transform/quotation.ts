/**
 * Quotations: the first line of the statement that a part of a derivative program comes from.
 */
import { forEachChild, type Node } from "../source/syntax.ts";
import type { Holder } from "./lower/index.ts";

const longest = 60;
/** Statements whose head says nothing of the values inside. */
const heads = new Set([
  "ForStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "IfStatement",
]);

/** The text of a statement as a comment takes it, or null where there is none to quote. */
export function quotation(statement: Node, holders: readonly Holder[]): string | null {
  if (heads.has(statement.type)) return null;
  const holder = holders.find(({ site }) => contains(site.node, statement));
  if (!holder) return null;
  const text = holder.site.code.slice(statement.start, statement.end);
  const [first] = text.split("\n", 1);
  const line = first.trim().replace(/;$/, "");
  if (line.length <= longest) return first.length < text.trimEnd().length ? `${line} …` : line;
  return `${line.slice(0, longest).trimEnd()} …`;
}

/** Whether a node is the other one or in it; both may be of different texts. */
export function contains(around: Node, node: Node): boolean {
  if (around === node) return true;
  if (around.start > node.start || around.end < node.end) return false;
  let found = false;
  forEachChild(around, (child) => {
    found ||= contains(child, node);
  });
  return found;
}
