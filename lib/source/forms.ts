/**
 * What a piece of syntax is, as far as the annotation asks.
 */
import type { Scopes } from "./scope.ts";
import { forEachChild, type Node } from "./syntax.ts";

/** Methods that call their callback at once and keep nothing of it: callbacks written in place need no register. */
const callbackMethods = new Set(
  (
    "map filter reduce reduceRight forEach some every find findIndex findLast findLastIndex flatMap sort toSorted from " +
    "then catch finally"
  ).split(" "),
);

export function access(key: string): string {
  return /^[\p{ID_Start}$_]/u.test(key) ? `.${key}` : `[${key}]`;
}
/** A function that is a method, by the text of its parameters and body. */
export const asMethod = (key: string, { generator }: Node, text: string): string =>
  `({${generator ? "*" : ""}${key}${text}})${access(key)}`;

export const hasSimpleParameters = ({ params }: Node): boolean =>
  params.every(({ type }: Node) => type === "Identifier");

export function isCallbackCall(call: Node): boolean {
  return (
    call.callee.type === "MemberExpression" &&
    !call.callee.computed &&
    callbackMethods.has(call.callee.property.name)
  );
}

/** The name that JavaScript would give to an anonymous function from where it stands. */
export function inferredName(node: Node, parent: Node): string | null {
  if (node.id) return null;
  switch (parent.type) {
    case "VariableDeclarator":
      return parent.id.type === "Identifier" ? parent.id.name : null;
    case "AssignmentExpression":
      return parent.left.type === "Identifier" && /^(=|&&=|\|\|=|\?\?=)$/.test(parent.operator)
        ? parent.left.name
        : null;
    case "AssignmentPattern":
      return parent.left.type === "Identifier" ? parent.left.name : null;
    case "Property":
    case "PropertyDefinition":
      if (parent.computed || parent.value !== node) return null;
      return parent.key.type === "PrivateIdentifier"
        ? `#${parent.key.name}`
        : String(parent.key.name ?? parent.key.value);
  }
  return null;
}

/** Whether a body does more than move its parameters about: only then does recording it make a difference. */
export function needsRecording(node: Node, scopes: Scopes): boolean {
  const moves = (n: Node): boolean => {
    switch (n.type) {
      case "Literal":
      case "ThisExpression":
      case "Identifier":
        return n.type !== "Identifier" || !scopes.bindingOf.get(n)?.assignedInside;
      case "MemberExpression":
        return !n.computed && moves(n.object);
      case "PrivateIdentifier":
        return true;
      case "ExpressionStatement":
        return moves(n.expression);
      case "ReturnStatement":
        // what lies in another object than `this` may be a number with a shadow
        return (
          !n.argument ||
          (moves(n.argument) && (n.argument.object?.type ?? "ThisExpression") === "ThisExpression")
        );
      case "AssignmentExpression":
        return (
          n.operator === "=" &&
          n.left.type === "MemberExpression" &&
          n.left.property.type !== "PrivateIdentifier" &&
          moves(n.left) &&
          moves(n.right)
        );
      case "CallExpression":
        return (
          n.callee.type === "Super" && n.arguments.every((a: Node) => a.type !== "SpreadElement" && moves(a))
        );
      case "BlockStatement":
        return n.body.every(moves);
    }
    return false;
  };
  return !(hasSimpleParameters(node) && moves(node.body));
}

/** What a class body declares under private names: methods have a twin that is their recording program. */
export interface PrivateMember {
  readonly accessor: boolean;
  readonly twin: string | null;
}
export type PrivateMembers = ReadonlyMap<string, PrivateMember>;

export function privateMembers(body: Node, twinOf: (method: Node) => string | null): PrivateMembers {
  const members = new Map<string, PrivateMember>();
  for (const m of body.body) {
    if (m.key?.type !== "PrivateIdentifier") continue;
    const method = m.type === "MethodDefinition" && m.kind === "method";
    members.set(`#${m.key.name}`, {
      accessor: m.type === "MethodDefinition" && !method,
      twin: method ? twinOf(m) : null,
    });
  }
  return members;
}

/** The name of the recording program that a plain class has beside a private method. */
export const privateTwin =
  (withEval: ReadonlySet<Node>, prefix: string) =>
  ({ key, value }: Node): string | null =>
    value.async || withEval.has(value) ? null : `#${key.name}${prefix}`;

export function usesSuper(node: Node): boolean {
  let found = false;
  const look = (n: Node): void => {
    if (n.type === "Super") found = true;
    else if (n.type !== "ClassExpression" && n.type !== "ClassDeclaration" && n.type !== "FunctionExpression")
      forEachChild(n, look);
  };
  forEachChild(node, look);
  return found;
}

/** Where text may be inserted at the top of a body: behind "use strict" and its like. */
export function afterDirectives(statements: Node[], start: number): number {
  let at = start;
  for (const s of statements) {
    if (!s.directive) break;
    at = s.end;
  }
  return at;
}
