/**
 * What a program that stands alone says where one that is compiled here calls rows.ts.
 *
 * What: `aloneDialect`: zeros, copies and sums written out for the kind that they are of, and errors thrown where the
 * function throws them. Why written out: the kinds are known, so no helper has to look at what it was given.
 */
import type { Node } from "../source/syntax.ts";
import type { Dialect } from "../transform/dialect.ts";
import type { Value } from "../transform/ir.ts";
import { type Kind, keyText, memberText } from "../transform/kinds.ts";

/** The text of a statement, and its place in words. */
export type Reader = (statement: Node) => { readonly text: string; readonly place: string } | null;

export function aloneDialect(name: string, read: Reader): Dialect {
  return {
    zerosLike: (text, kind) => zeros(text, kind),
    copy: (text, kind) => copied(text, kind),
    ownTangent: (text, kind) => copied(text, kind),
    addInto: (shadow, text, kind) => added(shadow, text, kind, 0),
    giveUp: (value) => thrown(value, name, read),
  };
}

const isNumbers = (kind: Kind): boolean => kind.type === "list" && kind.of.type === "number";

function zeros(text: string, kind: Kind): string {
  if (kind.type === "number") return "0";
  if (kind.type === "list") {
    if (kind.floats) return `new Float64Array(${text}.length)`;
    return isNumbers(kind) ? `${text}.slice().fill(0)` : mapped(text, (item) => zeros(item, kind.of));
  }
  return members(text, kind, zeros) ?? "null";
}
function copied(text: string, kind: Kind): string {
  if (kind.type === "list")
    return kind.floats || isNumbers(kind) ? `${text}.slice()` : mapped(text, (item) => copied(item, kind.of));
  return members(text, kind, copied) ?? text;
}
function mapped(list: string, item: (name: string) => string): string {
  const name = list.startsWith("item") ? "inner" : "item";
  const text = item(name);
  return `${list}.map((${new RegExp(`\\b${name}\\b`).test(text) ? name : ""}) => ${text.startsWith("{") ? `(${text})` : text})`;
}
/** A tuple or record, member by member. */
function members(text: string, kind: Kind, of: (text: string, kind: Kind) => string): string | null {
  if (kind.type === "tuple") return `[${kind.items.map((item, k) => of(`${text}[${k}]`, item)).join(", ")}]`;
  if (kind.type !== "record") return null;
  const items = kind.keys.map((key, k) => `${keyText(key)}: ${of(memberText(text, key), kind.items[k])}`);
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}

function added(shadow: string, text: string, kind: Kind, depth: number): string[] {
  switch (kind.type) {
    case "number":
      return [`${shadow} += ${text};`];
    case "list": {
      const at = `at${depth || ""}`;
      const inner = added(`${shadow}[${at}]`, `${text}[${at}]`, kind.of, depth + 1);
      return inner.length === 0
        ? []
        : [
            `for (let ${at} = 0; ${at} < ${shadow}.length; ${at}++) {`,
            ...inner.map((line) => `  ${line}`),
            "}",
          ];
    }
    case "tuple":
      return kind.items.flatMap((item, k) => added(`${shadow}[${k}]`, `${text}[${k}]`, item, depth));
    case "record":
      return kind.keys.flatMap((key, k) =>
        added(memberText(shadow, key), memberText(text, key), kind.items[k], depth),
      );
  }
  return [];
}

const errors = /^(?:Error|RangeError|TypeError|EvalError|SyntaxError|URIError)$/;

/** The user's own error where it is a plain text; else one that says where it comes from. */
function thrown({ statement }: Value, name: string, read: Reader): string {
  const source = statement && read(statement);
  if (statement?.type === "ThrowStatement") {
    const { argument } = statement;
    const plain =
      argument.type === "NewExpression" &&
      errors.test(argument.callee.name) &&
      argument.arguments.every((a: Node) => a.type === "Literal");
    if (plain && source) return `${source.text.replace(/;?\s*$/, "")};`;
    return `throw new Error(${JSON.stringify(`${name} throws at ${source?.place ?? "a place of its own"}`)});`;
  }
  return 'throw new TypeError("Reduce of empty array with no initial value");';
}
