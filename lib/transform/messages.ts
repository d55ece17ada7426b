/**
 * The messages of errors that a function throws.
 *
 * What: `messageOf`, a text with what stands in it, of a template or a sum of texts. Why: a program that is written ahead
 * of time throws what the function throws, with the numbers of the moment; one that runs here leaves that to the tape.
 */
import type { Node } from "../source/syntax.ts";

/** The pieces of a message, texts and expressions that are cheap to look at; null for what is no text. */
export function messageOf(node: Node | undefined): (string | Node)[] | null {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : null;
    case "TemplateLiteral": {
      const pieces = node.quasis.flatMap((quasi: Node, k: number) =>
        k < node.expressions.length ? [quasi.value.cooked, node.expressions[k]] : [quasi.value.cooked],
      );
      return node.expressions.every(isSimple) ? pieces : null;
    }
    case "BinaryExpression": {
      if (node.operator !== "+") return null;
      const [left, right] = [messageOf(node.left), messageOf(node.right)];
      if (!left && !right) return null;
      const [first, last] = [left ?? [node.left], right ?? [node.right]];
      return [...first, ...last].every((piece) => typeof piece === "string" || isSimple(piece))
        ? [...first, ...last]
        : null;
    }
  }
  return null;
}
/** What computes a number, and does nothing else. */
function isSimple(node: Node): boolean {
  switch (node.type) {
    case "Identifier":
      return true;
    case "Literal":
      return typeof node.value === "number";
    case "MemberExpression":
      return isSimple(node.object) && (!node.computed || isSimple(node.property));
    case "UnaryExpression":
      return node.operator === "-" && isSimple(node.argument);
    case "BinaryExpression":
      return "+-*/%".includes(node.operator) && isSimple(node.left) && isSimple(node.right);
  }
  return false;
}
