/**
 * Syntax trees of JavaScript, as every reader of plain code here sees them.
 *
 * What: parsing with acorn, the loose node type, and a walk over children. Why: the annotation, the recording
 * program and the derivative programs all start from the same tree. Reference: the ESTree specification.
 */
import { parse as acornParse, type Options } from "acorn";

/** A node of the ESTree; which fields it has, its `type` says. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: any;
}

export type SourceKind = "module" | "script" | "commonjs";

/** Parses JavaScript; throws acorn's SyntaxError. */
export function parse(code: string, kind: SourceKind): Node {
  const options: Options = {
    ecmaVersion: "latest",
    sourceType: kind === "module" ? "module" : "script",
    allowHashBang: true,
    allowAwaitOutsideFunction: kind !== "commonjs",
    allowReturnOutsideFunction: kind !== "module",
    allowSuperOutsideMethod: true,
    allowImportExportEverywhere: false,
    checkPrivateFields: false,
  };
  return acornParse(code, options) as unknown as Node;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Calls `visit` for each child node, in source order of the fields. */
export function forEachChild(node: Node, visit: (child: Node, field: string) => void): void {
  for (const field in node) {
    const value = node[field];
    if (typeof value !== "object") continue; // most fields: no time for them
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item, field);
    } else if (isNode(value)) visit(value, field);
  }
}

export function isFunction(node: Node): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

const conversions = new Set(["valueOf", "toString", "toJSON"]);

/** Whether a method, property or member is one by which JavaScript converts an object to a primitive value. */
export function isConversion(node: Node): boolean {
  const key = node.key ?? node.property;
  if (!key || key.type === "PrivateIdentifier") return false;
  if (!node.computed) return conversions.has(String(key.name ?? key.value));
  return key.type === "MemberExpression" && key.property.name === "toPrimitive";
}
