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

/** Gives the text of each statement as a comment takes it, or null where there is none to quote. */
export function quoter(holders: readonly Holder[]): (statement: Node) => string | null {
  const known = new Map<Node, string | null>();
  const [{ code }] = holders.map(({ site }) => site);
  const isOneText = holders.every(({ site }) => site.code === code);
  const textAround = (statement: Node): string | undefined =>
    isOneText ? code : holders.find(({ site }) => contains(site.node, statement))?.site.code;
  return (statement) => {
    let quoted = known.get(statement);
    if (quoted === undefined) {
      const text = heads.has(statement.type) ? undefined : textAround(statement);
      quoted = text === undefined ? null : quotation(text.slice(statement.start, statement.end));
      known.set(statement, quoted);
    }
    return quoted;
  };
}
function quotation(text: string): string {
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
