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
import { messageOf } from "../transform/messages.ts";
import type { Missing } from "../transform/misses.ts";
import { block, mentions } from "../transform/writer.ts";

/** The text of a statement, and its place in words. */
export type Reader = (statement: Node) => { readonly text: string; readonly place: string } | null;

export function aloneDialect(name: string, read: Reader): Dialect {
  return {
    zerosLike: (text, kind) => zeros(text, kind),
    noShadow: (kind) => nothing(kind),
    copy: (text, kind) => copied(text, kind),
    ownTangent: (text, kind) => copied(text, kind),
    addInto: (shadow, text, kind) => added(shadow, text, kind, 0),
    giveUp: (value, parts) => thrown(value, parts, name, read),
    alone: true,
    trim: (shadow, text, kind, missing) => trimmed(shadow, text, kind, missing),
  };
}

const isNumbers = (kind: Kind): boolean => kind.type === "list" && kind.of.type === "number";

function zeros(text: string, kind: Kind): string {
  if (kind.type === "number") return "0";
  if (kind.type === "list") {
    if (kind.floats) return `new Float64Array(${text}.length)`;
    if (kind.length && isNumbers(kind)) return literal(kind, () => "0");
    return isNumbers(kind) ? `${text}.slice().fill(0)` : mapped(text, (item) => zeros(item, kind.of));
  }
  return members(text, kind, zeros) ?? "null";
}
/** The least that is of the type of a shadow. */
function nothing(kind: Kind): string {
  if (kind.type === "list") return kind.floats ? "new Float64Array(0)" : "[]";
  return kind.type === "number" ? "0" : (members("", kind, (_, item) => nothing(item)) ?? "null");
}
/** `[0, 0]` of a list of a length. */
function literal({ length }: { length?: number }, item: (k: number) => string): string {
  return `[${Array.from({ length: length as number }, (_, k) => item(k)).join(", ")}]`;
}
function copied(text: string, kind: Kind): string {
  if (kind.type === "list" && !kind.floats && kind.length && isNumbers(kind))
    return literal(kind, (k) => `${text}[${k}]`);
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
      const at = counter(depth, shadow, text);
      const inner = added(`${shadow}[${at}]`, `${text}[${at}]`, kind.of, depth + 1);
      return inner.length === 0 ? [] : block(`for (let ${at} = 0; ${at} < ${shadow}.length; ${at}++)`, inner);
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

/** The name of a counter that texts do not mention. */
function counter(depth: number, ...texts: readonly string[]): string {
  let name = `at${depth || ""}`;
  while (texts.some((text) => mentions(text, name))) name += "_";
  return name;
}
/** Lists of numbers as long as those that they belong to. */
function trimmed(shadow: string, text: string, kind: Kind, missing: Missing, depth = 0): string[] {
  if (isNumbers(kind)) {
    const isFixed = kind.type === "list" && (kind.floats || kind.length);
    return isFixed || !missing.here ? [] : [`${shadow}.length = ${text}.length;`];
  }
  if (kind.type === "list") {
    const at = counter(depth, shadow, text);
    const inner = trimmed(`${shadow}[${at}]`, `${text}[${at}]`, kind.of, missing.member(null), depth + 1);
    return inner.length === 0 ? [] : block(`for (let ${at} = 0; ${at} < ${shadow}.length; ${at}++)`, inner);
  }
  if (kind.type !== "tuple" && kind.type !== "record") return [];
  return kind.items.flatMap((item, k) => {
    const key = kind.type === "record" ? kind.keys[k] : null;
    const at = (of: string): string => (key === null ? `${of}[${k}]` : memberText(of, key));
    return trimmed(at(shadow), at(text), item, missing.member(key), depth);
  });
}

const errors = /^(?:Error|RangeError|TypeError|EvalError|SyntaxError|URIError)$/;

/** The user's own error where it is a plain text; else one that says where it comes from. */
function thrown(value: Value, parts: readonly string[], name: string, read: Reader): string {
  if (value.name !== null) return `throw new RangeError(${JSON.stringify(value.name)});`;
  const { statement, key } = value;
  if (key !== null)
    return `throw new TypeError(${JSON.stringify(`Cannot read properties of undefined (reading '${key}')`)});`;
  const source = statement && read(statement);
  if (statement?.type === "ThrowStatement") {
    const { argument } = statement;
    const isKnown = argument.type === "NewExpression" && errors.test(argument.callee.name);
    const error = isKnown ? argument.callee.name : "Error";
    if (isKnown && source && argument.arguments.every((a: Node) => a.type === "Literal"))
      return `${source.text.replace(/;?\s*$/, "")};`;
    const message = isKnown && argument.arguments.length === 1 ? messageOf(argument.arguments[0]) : null;
    if (message?.filter((piece) => typeof piece !== "string").length === parts.length)
      return `throw new ${error}(${messageText(message, parts)});`;
    return `throw new ${error}(${JSON.stringify(`${name} throws at ${source?.place ?? "a place of its own"}`)});`;
  }
  return 'throw new TypeError("Reduce of empty array with no initial value");';
}
/** A message as a template, with the texts of what stands in it. */
function messageText(message: readonly (string | Node)[], parts: readonly string[]): string {
  let k = 0;
  const pieces = message.map((piece) =>
    typeof piece === "string" ? piece.replace(/[\\`]|\$(?=\{)/g, "\\$&") : `\${${parts[k++]}}`,
  );
  return `\`${pieces.join("").replaceAll("\n", "\\n")}\``;
}
