/**
 * What a statement does, as far as its text tells: whether it jumps, and what it may change.
 */
import { forEachChild, isFunction, type Node } from "../../source/syntax.ts";

export function isThrow(node: Node): boolean {
  if (node.type === "ThrowStatement") return true;
  return (
    node.type === "BlockStatement" &&
    node.body.length > 0 &&
    node.body.every((s: Node) => s.type === "ThrowStatement")
  );
}

/** Whether control never comes out at the end of a statement. */
export function alwaysJumps(node: Node): boolean {
  switch (node.type) {
    case "ReturnStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "ThrowStatement":
      return true;
    case "BlockStatement":
      return node.body.some(alwaysJumps);
    case "IfStatement":
      return node.alternate !== null && alwaysJumps(node.consequent) && alwaysJumps(node.alternate);
  }
  return false;
}

/** Whether a loop's body jumps out of the loop (`out`), or goes on early. */
export function jumpsOut(body: Node, out: boolean): boolean {
  let found = false;
  const look = (n: Node, inLoop: boolean, inSwitch: boolean): void => {
    if (found || isFunction(n)) return;
    if (n.type === "ReturnStatement") found = true;
    if (n.type === "BreakStatement" && (n.label || !(inLoop || inSwitch))) found = true;
    if (n.type === "ContinueStatement" && (n.label ? true : !out && !inLoop)) found = true;
    const loop = /^(For|While|DoWhile)/.test(n.type);
    forEachChild(n, (child) => look(child, inLoop || loop, inSwitch || n.type === "SwitchStatement"));
  };
  look(body, false, false);
  return found;
}
export function assigns(node: Node): boolean {
  return some(node, (n) => n.type === "AssignmentExpression" || n.type === "UpdateExpression");
}
function some(node: Node, is: (n: Node) => boolean): boolean {
  let found = is(node);
  forEachChild(node, (child) => {
    found ||= some(child, is);
  });
  return found;
}
