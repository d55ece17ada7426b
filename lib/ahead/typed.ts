/**
 * From the lines of a program to those of a typed one.
 *
 * What: `typedLines`, which gives types where TypeScript could not find them by itself: variables without a first
 * value, lists that begin empty, and what is taken back from the stack of objects. `typedFunctions` does so for the
 * functions inside, whose parameters have types, too.
 */
import type { ProgramText } from "../transform/assemble.ts";
import type { Value } from "../transform/ir.ts";
import type { Kind } from "../transform/kinds.ts";
import { block, type Lines } from "../transform/writer.ts";

/** What the checker could not find by itself: it is told where it asks. */
export interface Hints {
  /** Variables that it cannot see to be assigned: they begin with a value. */
  readonly begun: Set<string>;
  /** Variables whose type would depend on itself, or would be too narrow. */
  readonly told: Set<string>;
  /** Those of them that hold what may only be read. */
  readonly steady: Set<string>;
  /** The kind of a part of an argument, with the lengths of tuples. */
  readonly declared: (input: Value) => Kind;
  /** The name of the type of lists and arrays of numbers. */
  readonly numbers: string;
}

type Body = Pick<ProgramText, "lines" | "variables">;

/** `isTangent` says that shadows are of the kinds of what they belong to. */
export function typedLines(text: ProgramText, hints: Hints, isTangent: boolean): Lines {
  return typedBody(text, hints, typesOf(text, isTangent ? null : hints.numbers));
}
/** The functions inside of a program. */
export function typedFunctions({ functions }: ProgramText, hints: Hints, isTangent: boolean): Lines {
  return functions.flatMap((text) => {
    const typeOf = typesOf(text, isTangent ? null : hints.numbers);
    const parameters = text.parameters.map((name) => {
      const kind = text.steady.has(name) ? text.variables.get(name)?.value.kind : null;
      return `${name}: ${kind ? steadyType(kind) : typeOf(name)}`;
    });
    const head = `function ${text.name}(${parameters.join(", ")}): ${text.returns ?? "void"}`;
    return ["", ...block(head, typedBody(text, hints, typeOf))];
  });
}

function typesOf(text: Body, numbersName: string | null): (name: string) => string {
  const body = text.lines.join("\n");
  return (name) => {
    const variable = text.variables.get(name);
    if (!variable) return "unknown";
    const { value, shadow } = variable;
    if (value.type !== "pointer") return value.type === "text" ? "string" : value.type;
    const kind = value.kind as Kind;
    if (!shadow) return typeOfKind(kind);
    // what grows is a list
    const grows = new RegExp(`(?<![\\w$])${escaped(name)}\\.(?:pop|push)\\(`).test(body);
    const numbers = kind.type === "list" && kind.of.type === "number";
    return grows && numbers ? "number[]" : shadowType(kind, numbersName);
  };
}
function typedBody(text: Body, hints: Hints, typeOf: (name: string) => string): Lines {
  return text.lines.map((line) => typedLine(line, text, typeOf, hints));
}

function typedLine(
  line: string,
  text: Body,
  typeOf: (name: string) => string,
  { begun, told, steady, declared }: Hints,
): string {
  const open = /^(\s*)let ([\w$]+(?:, [\w$]+)*);$/u.exec(line);
  if (open) {
    const names = open[2].split(", ").map((name) => beginning(name, typeOf(name), begun));
    return `${open[1]}let ${names.join(", ")};`;
  }
  if (/^\s*const objects = \[\];$/.test(line)) return line.replace("objects", "objects: unknown[]");
  const taken = /^(\s*const ([\w$]+) = objects\.pop\(\));$/u.exec(line);
  if (taken) return `${taken[1]} as ${typeOf(taken[2])};`;
  // the adjoint of a number that was appended
  if (/^\s*const [\w$]+ = [\w$]+\.pop\(\);$/u.test(line)) return line.replace(/;$/, " as number;");
  const empty = /^(\s*(?:const|let) ([\w$]+)) = \[\];$/u.exec(line);
  if (empty) return `${empty[1]}: ${typeOf(empty[2])} = [];`;
  const input = /^(\s*const ([\w$]+)) = (.*);$/u.exec(line);
  if (input) {
    const variable = text.variables.get(input[2]);
    const kind = variable?.shadow && variable.value.op === "input" ? declared(variable.value) : null;
    if (kind && hasLengths(kind)) {
      const isExact = hasLengths(variable?.value.kind as Kind);
      return isExact
        ? `${input[1]}: ${exactType(kind)} = ${input[3]};`
        : `${input[1]} = ${input[3]} as ${exactType(kind)};`;
    }
  }
  const shadow = /^(\s*let ([\w$]+)) = (.*)$/u.exec(line);
  if (shadow) {
    const variable = text.variables.get(shadow[2]);
    if (variable?.shadow && variable.value.type === "pointer")
      return `${shadow[1]}: ${typeOf(shadow[2])} = ${shadow[3]}`;
  }
  const known = /^(\s*(?:const|let) ([\w$]+)) = (.*)$/u.exec(line);
  if (known && told.has(known[2])) {
    const kind = steady.has(known[2]) ? text.variables.get(known[2])?.value.kind : null;
    return `${known[1]}: ${kind ? steadyType(kind) : typeOf(known[2])} = ${known[3]}`;
  }
  const list = /^(\s*(?:(?:const|let) )?([\w$]+)) = new Array\((.*)$/u.exec(line);
  if (list && text.variables.has(list[2])) {
    const type = typeOf(list[2]);
    const item = type.endsWith("[]") ? type.slice(0, -2).replace(/^\((.*)\)$/, "$1") : "number";
    return `${list[1]} = new Array<${item}>(${list[3]}`;
  }
  return line;
}
function beginning(name: string, type: string, begun: ReadonlySet<string>): string {
  if (!begun.has(name)) return `${name}: ${type}`;
  if (type === "number") return `${name} = 0`;
  return type === "boolean" ? `${name} = false` : `${name}!: ${type}`;
}

/** The type of a shadow; one of numbers may be a list or a typed array, whatever it belongs to. */
function shadowType(kind: Kind, numbers: string | null): string {
  const inner = (of: Kind): string => shadowType(of, numbers);
  switch (kind.type) {
    case "list":
      if (kind.of.type !== "number") return listed(inner(kind.of));
      return numbers ?? typeOfKind(kind);
    case "tuple":
      if (!kind.items.every(({ type }) => type === "number")) return `[${kind.items.map(inner).join(", ")}]`;
      return numbers ?? "number[]";
    case "record":
      return recordType(kind.keys, kind.items.map(inner));
  }
  return kind.type === "number" ? "number" : "null";
}
/** Whether lists in it are of fixed lengths: TypeScript would forget them. */
function hasLengths(kind: Kind): boolean {
  if (kind.type === "list") return kind.length !== undefined || hasLengths(kind.of);
  return "items" in kind && kind.items.some(hasLengths);
}
/** The type of the gradient of an argument, as zeros are made for it. */
function exactType(kind: Kind): string {
  switch (kind.type) {
    case "list":
      if (kind.floats) return "Float64Array";
      return kind.length
        ? `[${new Array(kind.length).fill(exactType(kind.of)).join(", ")}]`
        : listed(exactType(kind.of));
    case "tuple":
      return `[${kind.items.map(exactType).join(", ")}]`;
    case "record":
      return recordType(kind.keys, kind.items.map(exactType));
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
    case "text":
      return "string";
  }
  return kind.type;
}
/** The type of what is read alone: arguments may be of such types. */
function steadyType(kind: Kind): string {
  switch (kind.type) {
    case "list":
      return kind.floats ? "Float64Array" : `readonly ${listed(steadyType(kind.of))}`;
    case "tuple":
      return kind.items.every(({ type }) => type === "number")
        ? "readonly number[]"
        : `readonly [${kind.items.map(steadyType).join(", ")}]`;
    case "record":
      return recordType(kind.keys, kind.items.map(steadyType));
  }
  return typeOfKind(kind);
}
function recordType(keys: readonly string[], types: readonly string[]): string {
  return `{ ${keys.map((key, k) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${types[k]}`).join("; ")} }`;
}
/** The type of lists of a type. */
export function listed(type: string): string {
  let outside = type;
  for (let before = ""; before !== outside; ) {
    before = outside;
    outside = outside.replace(/\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)/g, "");
  }
  return /^readonly |[|&]/.test(outside) ? `(${type})[]` : `${type}[]`;
}
const escaped = (name: string): string => name.replaceAll("$", "\\$");
