/**
 * From the lines of a program to those of a typed one.
 *
 * What: `typedLines`, which gives types where TypeScript could not find them by itself: variables without a first
 * value, lists that begin empty, and what is taken back from the stack of objects.
 */
import type { ProgramText, Variable } from "../transform/assemble.ts";
import type { Kind } from "../transform/kinds.ts";
import type { Lines } from "../transform/writer.ts";

/** Variables that the checker cannot see to be assigned begin with a value. */
export type Begun = ReadonlySet<string>;

export function typedLines(text: ProgramText, begun: Begun): Lines {
  const body = text.lines.join("\n");
  const typeOf = (name: string): string => {
    const variable = text.variables.get(name);
    return variable
      ? typeOfVariable(variable, new RegExp(`(?<![\\w$])${escaped(name)}\\.(?:pop|push)\\(`).test(body))
      : "unknown";
  };
  return text.lines.map((line) => typedLine(line, text, typeOf, begun));
}

function typedLine(line: string, text: ProgramText, typeOf: (name: string) => string, begun: Begun): string {
  const declared = /^(\s*)let ([\w$]+(?:, [\w$]+)*);$/u.exec(line);
  if (declared) {
    const names = declared[2].split(", ").map((name) => beginning(name, typeOf(name), begun));
    return `${declared[1]}let ${names.join(", ")};`;
  }
  if (/^\s*const objects = \[\];$/.test(line)) return line.replace("objects", "objects: unknown[]");
  const taken = /^(\s*const ([\w$]+) = objects\.pop\(\));$/u.exec(line);
  if (taken) return `${taken[1]} as ${typeOf(taken[2])};`;
  const empty = /^(\s*(?:const|let) ([\w$]+)) = \[\];$/u.exec(line);
  if (empty) return `${empty[1]}: ${typeOf(empty[2])} = [];`;
  const shadow = /^(\s*let ([\w$]+)) = (.*)$/u.exec(line);
  if (shadow) {
    const variable = text.variables.get(shadow[2]);
    if (variable?.shadow && variable.value.type === "pointer")
      return `${shadow[1]}: ${typeOf(shadow[2])} = ${shadow[3]}`;
  }
  const list = /^(\s*(?:(?:const|let) )?([\w$]+)) = new Array\((.*)$/u.exec(line);
  if (list && text.variables.has(list[2])) {
    const type = typeOf(list[2]);
    const item = type.endsWith("[]") ? type.slice(0, -2).replace(/^\((.*)\)$/, "$1") : "number";
    return `${list[1]} = new Array<${item}>(${list[3]}`;
  }
  return line;
}
function beginning(name: string, type: string, begun: Begun): string {
  if (!begun.has(name)) return `${name}: ${type}`;
  if (type === "number") return `${name} = 0`;
  return type === "boolean" ? `${name} = false` : `${name}!: ${type}`;
}

/** The type of a variable; a shadow of numbers that grows is a list, others may be either. */
function typeOfVariable({ value, shadow }: Variable, grows: boolean): string {
  if (value.type !== "pointer") return value.type;
  const kind = value.kind as Kind;
  if (!shadow) return typeOfKind(kind);
  return grows && kind.type === "list" && kind.of.type === "number" ? "number[]" : shadowType(kind);
}
function shadowType(kind: Kind): string {
  switch (kind.type) {
    case "list":
      return kind.of.type === "number" ? "Numbers" : listed(shadowType(kind.of));
    case "tuple":
      return kind.items.every(({ type }) => type === "number")
        ? "Numbers"
        : `[${kind.items.map(shadowType).join(", ")}]`;
    case "record":
      return recordType(kind.keys, kind.items.map(shadowType));
  }
  return kind.type === "number" ? "number" : "null";
}
export function typeOfKind(kind: Kind): string {
  switch (kind.type) {
    case "list":
      return kind.floats ? "Float64Array" : listed(typeOfKind(kind.of));
    case "tuple":
      return kind.items.every(({ type }) => type === "number")
        ? "number[]"
        : `[${kind.items.map(typeOfKind).join(", ")}]`;
    case "record":
      return recordType(kind.keys, kind.items.map(typeOfKind));
    case "constant":
      return typeof kind.value === "string" ? "string" : String(kind.value);
  }
  return kind.type;
}
function recordType(keys: readonly string[], types: readonly string[]): string {
  return `{ ${keys.map((key, k) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${types[k]}`).join("; ")} }`;
}
const listed = (type: string): string => (/^[\w$]+(?:\[\])*$/.test(type) ? `${type}[]` : `(${type})[]`);
const escaped = (name: string): string => name.replaceAll("$", "\\$");
