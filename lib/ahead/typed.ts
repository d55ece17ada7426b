/**
 * From the lines of a program to those of a typed one.
 *
 * What: `typedLines`, which gives types where TypeScript could not find them by itself: variables without a first
 * value, lists that begin empty, and what is taken back from the stack of objects. `typedFunctions` does so for the
 * functions inside, whose parameters have types, too.
 */
import type { ProgramText } from "../transform/assemble.ts";
import type { Kind } from "../transform/kinds.ts";
import { block, type Lines } from "../transform/writer.ts";
import type { Shapes } from "./declared.ts";
import type { Shape } from "./shapes.ts";

/** What the checker could not find by itself: it is told where it asks. */
export interface Hints {
  /** Variables that it cannot see to be assigned: they begin with a value. */
  readonly begun: Set<string>;
  /** Variables whose type would depend on itself, or would be too narrow. */
  readonly told: Set<string>;
  /** Those of them that hold what may only be read. */
  readonly steady: Set<string>;
  /** What is cast, since its type is known to the user alone. */
  readonly cast: Set<string>;
  /** The user's types of lists and records. */
  readonly declared: Shapes;
  /** The name of the type of lists and arrays of numbers. */
  readonly numbers: string;
}

type Body = Pick<ProgramText, "lines" | "variables">;

/** `isTangent` says that shadows are of the kinds of what they belong to. */
export function typedLines(text: ProgramText, hints: Hints, isTangent: boolean): Lines {
  return typedBody(text, hints, typesOf(text, hints, isTangent));
}
/** The functions inside of a program. */
export function typedFunctions({ functions }: ProgramText, hints: Hints, isTangent: boolean): Lines {
  return functions.flatMap((text) => {
    const typeOf = typesOf(text, hints, isTangent);
    const parameters = text.parameters.map((name) => {
      const kind = text.steady.has(name) ? text.variables.get(name)?.value.kind : null;
      return `${name}: ${kind ? steadyType(kind) : typeOf(name)}`;
    });
    const head = `function ${text.name}(${parameters.join(", ")}): ${text.returns ?? "void"}`;
    return ["", ...block(head, typedBody(text, hints, typeOf))];
  });
}

type TypeOf = (name: string) => string;

function typesOf(text: Body, { declared, numbers }: Hints, isTangent: boolean): TypeOf {
  const body = text.lines.join("\n");
  return (name) => {
    const variable = text.variables.get(name);
    if (!variable) return "unknown";
    const { value, shadow } = variable;
    if (value.type !== "pointer") return value.type === "text" ? "string" : value.type;
    const kind = value.kind as Kind;
    const shape = declared(value);
    if (!shadow) return shape?.own ?? typeOfKind(kind);
    if (isTangent || value.op === "input") return shape?.gradient ?? shadowType(kind, null);
    // what grows is a list
    const grows = new RegExp(`(?<![\\w$])${escaped(name)}\\.(?:pop|push)\\(`).test(body);
    const isNumbers = kind.type === "list" && kind.of.type === "number";
    if (grows && isNumbers) return "number[]";
    return shape ? shapeShadow(shape, numbers) : shadowType(kind, numbers);
  };
}
function typedBody(text: Body, hints: Hints, typeOf: TypeOf): Lines {
  return text.lines.flatMap((line) => typedLine(line, text, typeOf, hints).split("\n"));
}

function typedLine(
  line: string,
  text: Body,
  typeOf: TypeOf,
  { begun, told, steady, cast, declared }: Hints,
): string {
  const open = /^(\s*)let ([\w$]+(?:, [\w$]+)*);$/u.exec(line);
  if (open) {
    const names = open[2].split(", ").map((name) => beginning(name, typeOf(name), begun));
    return names.map((name) => `${open[1]}let ${name};`).join("\n");
  }
  if (/^\s*const objects = \[\];$/.test(line)) return line.replace("objects", "objects: unknown[]");
  const taken = /^(\s*const ([\w$]+) = objects\.pop\(\));$/u.exec(line);
  if (taken) return `${taken[1]} as ${typeOf(taken[2])};`;
  // the adjoint of a number that was appended
  if (/^\s*const [\w$]+ = [\w$]+\.pop\(\);$/u.test(line)) return line.replace(/;$/, " as number;");
  const empty = /^(\s*(?:const|let) ([\w$]+)) = \[\];$/u.exec(line);
  if (empty) return `${empty[1]}: ${typeOf(empty[2])} = [];`;
  const made = /^(\s*(?:const|let) ([\w$]+)) = (.*);$/u.exec(line);
  const variable = made && text.variables.get(made[2]);
  if (made && variable?.value.type === "pointer") {
    const [, head, name, value] = made;
    if (cast.has(name)) return `${head} = ${value} as ${typeOf(name)};`;
    const shape = declared(variable.value);
    const isExact = shape ? hasLengths(shape.kind) : hasTuple(typeOf(name));
    // what TypeScript would take for a list of no length
    if (isExact && !told.has(name)) {
      if (variable.shadow && /\.fill\(0\)/.test(value)) return `${head} = ${value} as ${typeOf(name)};`;
      if (/^[[{]|\.map\(|^new Array\(/.test(value))
        return withItems(`${head}: ${typeOf(name)} = ${value};`, typeOf(name));
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
  const list = /^\s*(?:(?:const|let) )?([\w$]+) = new Array\(/u.exec(line);
  return list && text.variables.has(list[1]) ? withItems(line, typeOf(list[1])) : line;
}
/** `new Array(n)` with the type of what is in it. */
function withItems(line: string, type: string): string {
  const item = type.endsWith("[]") ? type.slice(0, -2).replace(/^\((.*)\)$/, "$1") : "number";
  return line.replace("= new Array(", `= new Array<${item}>(`);
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
/** The same of a list or record that has one of the user's types. */
function shapeShadow({ kind, gradient, parts }: Shape, numbers: string): string {
  if (!holdsNumbers(kind)) return gradient;
  const inner = parts.map((part) => shapeShadow(part, numbers));
  switch (kind.type) {
    case "list":
      if (kind.length !== undefined) return `[${inner.join(", ")}]`;
      return kind.of.type === "number" ? numbers : listed(inner[0]);
    case "tuple":
      return `[${inner.join(", ")}]`;
    case "record":
      return recordType(kind.keys, inner);
  }
  return gradient;
}
/** Whether there are lists of numbers in it. */
function holdsNumbers(kind: Kind): boolean {
  if (kind.type === "list")
    return (kind.of.type === "number" && kind.length === undefined) || holdsNumbers(kind.of);
  return "items" in kind && kind.items.some(holdsNumbers);
}
/** Whether it is a tuple or holds one. */
function hasLengths(kind: Kind): boolean {
  if (kind.type === "list") return kind.length !== undefined || hasLengths(kind.of);
  return kind.type === "tuple" || (kind.type === "record" && kind.items.some(hasLengths));
}
/** The same of a type. */
const hasTuple = (type: string): boolean => /\[[^\]]/.test(type);

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
    case "integers":
      return kind.of;
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
export function recordType(keys: readonly string[], types: readonly string[]): string {
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
