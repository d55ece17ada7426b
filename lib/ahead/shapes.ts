/**
 * From TypeScript's types to what a derivative program has to know of arguments.
 *
 * What: `Shape`, the kind of an argument with the types of it and of its gradient as text; `Signatures`, which asks
 * TypeScript's checker for the shapes of a function's parameters. An example stands in where a type leaves the kind
 * open (a union, a string, any). Leaves that hold no number are allowed as long as the function does not look at them.
 */
import { dirname } from "node:path";
import type ts from "typescript";
import {
  describeKind,
  type Kind,
  keyText,
  kindOf,
  loose,
  numberKind,
  sameKind,
  short,
} from "../transform/kinds.ts";
import { Unknown } from "../transform/lower/things.ts";
import { Refusal } from "../transform/refusal.ts";
import { hostFor } from "./check.ts";
import type { Module, Modules } from "./modules.ts";
import { listed, recordType } from "./typed.ts";

export interface Shape {
  readonly kind: Kind;
  /** The type of the argument. */
  readonly type: string;
  /** The type of what the module itself makes of the kind: without `readonly`. */
  readonly own: string;
  /** The type of its gradient, which has null where there is no number. */
  readonly gradient: string;
  /** What a list, tuple or record holds, as its kind has it. */
  readonly parts: readonly Shape[];
}
export interface Parameter extends Shape {
  readonly name: string;
}
const scalar = (kind: Kind, type: string, gradient: string): Shape => ({
  kind,
  type,
  own: type,
  gradient,
  parts: [],
});
const numberShape = scalar(numberKind, "number", "number");

/** Interfaces and aliases that the types of parameters name, as declarations. */
export type Declarations = Map<string, string>;

const none = Symbol("no example");
type Example = unknown;

export class Signatures {
  readonly declarations: Declarations = new Map();
  private readonly compiler: typeof ts;
  private readonly checker: ts.TypeChecker;
  private readonly file: ts.SourceFile;
  private readonly around: ts.Type[] = [];
  private readonly named = new Map<string, ts.Type>();

  constructor(
    modules: Modules,
    private readonly module: Module,
  ) {
    this.compiler = modules.compiler;
    const options = optionsFor(this.compiler, module.path);
    const program = this.compiler.createProgram([module.path], options, hostFor(this.compiler, options));
    this.checker = program.getTypeChecker();
    this.file = program.getSourceFile(module.path) as ts.SourceFile;
  }

  /** The shapes of a function's parameters; of optional ones only as many as the example has. */
  parameters(name: string, examples: readonly unknown[] | null): Parameter[] {
    const [declared, signature] = this.signature(name, examples?.length);
    const all = signature.getParameters();
    // what stands before one that is needed is needed, too
    const needed = all.findLastIndex((symbol) => !this.isOptional(symbol)) + 1;
    if (examples && (examples.length < needed || examples.length > all.length))
      throw this.refusal(
        `the example has ${examples.length} arguments, and ${name} takes ${needed === all.length ? needed : `${needed} to ${all.length}`}`,
        "give one for each parameter",
        declared,
      );
    return all.slice(0, examples?.length ?? needed).map((symbol, k) => {
      const at = symbol.valueDeclaration ?? declared;
      if (this.compiler.isParameter(at) && at.dotDotDotToken)
        throw this.refusal(`${name} has a rest parameter`, "give it a list", at);
      const type = this.checker.getTypeOfSymbolAtLocation(symbol, at);
      const named =
        this.compiler.isParameter(at) && this.compiler.isIdentifier(at.name) ? at.name.text : null;
      const plain = named ?? this.nameAfter(type) ?? `x${k + 1}`;
      return { name: plain, ...this.shape(type, plain, at, examples ? examples[k] : none) };
    });
  }
  /** What somebody would call a parameter of a type: `layer` for a `Layer`. */
  private nameAfter(type: ts.Type): string | null {
    const name = this.nameOf(type);
    return name && name[0].toLowerCase() + name.slice(1);
  }
  /** The shape of what a function says that it returns; null where the type leaves that open. */
  result(name: string): Shape | null {
    const [declared, signature] = this.signature(name);
    try {
      return this.shape(signature.getReturnType(), "the result", declared, none);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }
  /** The signature of a function; of several, the first one that takes so many arguments. */
  private signature(name: string, count = 0): [ts.Node, ts.Signature] {
    const declared = this.declaration(name);
    const symbol = declared && this.checker.getSymbolAtLocation(declared);
    const all = symbol ? this.checker.getTypeOfSymbolAtLocation(symbol, declared).getCallSignatures() : [];
    const signature = all.find((s) => s.getParameters().length >= count) ?? all[0];
    if (!declared || !signature)
      throw new Refusal(`the type of ${name} says no parameters`, "declare it as a function", null);
    return [declared, signature];
  }
  /** The name of a function where it is declared at the top of the file. */
  private declaration(name: string): ts.Node | undefined {
    for (const statement of this.file.statements) {
      if (this.compiler.isFunctionDeclaration(statement) && statement.name?.text === name)
        return statement.name;
      if (!this.compiler.isVariableStatement(statement)) continue;
      for (const { name: declared } of statement.declarationList.declarations)
        if (this.compiler.isIdentifier(declared) && declared.text === name) return declared;
    }
    return undefined;
  }
  private isOptional(symbol: ts.Symbol): boolean {
    const at = symbol.valueDeclaration;
    return at !== undefined && this.compiler.isParameter(at) && (!!at.questionToken || !!at.initializer);
  }
  private refusal(construct: string, wayOut: string, at: ts.Node): Refusal {
    const file = at.getSourceFile();
    const { line, character } = file.getLineAndCharacterOfPosition(at.getStart());
    const place = { file: this.module.name, line: line + 1, column: character + 1 };
    return new Refusal(construct, wayOut, file === this.file ? place : null);
  }

  // ---- types ----

  private shape(type: ts.Type, name: string, at: ts.Node, example: Example): Shape {
    const shape = this.shapeOf(type, name, at, example);
    if (example !== none && !fits(example, shape.kind))
      throw this.refusal(
        `the example of ${name} is ${JSON.stringify(example)}, and its type ${this.checker.typeToString(type)}`,
        "give one of the type",
        at,
      );
    return shape;
  }
  private shapeOf(type: ts.Type, name: string, at: ts.Node, example: Example): Shape {
    const { TypeFlags: flags } = this.compiler;
    if (type.flags & flags.NumberLike) return numberShape;
    if (type.flags & flags.BooleanLike && !(type.flags & flags.BooleanLiteral))
      return scalar({ type: "boolean" }, "boolean", "null");
    if (type.isUnion() && type.types.every((t) => t.flags & flags.NumberLike)) return numberShape;
    if (type.isStringLiteral()) return constant(type.value, JSON.stringify(type.value));
    if (type.flags & flags.Null) return constant(null, "null");
    if (type.flags & flags.Undefined) return constant(undefined, "undefined");
    if (this.around.includes(type))
      throw this.refusal(`the type of ${name} contains itself`, "flatten it into lists", at);
    this.around.push(type);
    try {
      return this.structure(type, name, at, example) ?? this.open(type, name, at, example);
    } finally {
      this.around.pop();
    }
  }
  /** Lists, tuples and records; null for other types. */
  private structure(type: ts.Type, name: string, at: ts.Node, example: Example): Shape | null {
    const { checker } = this;
    const { TypeFlags: flags } = this.compiler;
    if (!(type.flags & (flags.Object | flags.Intersection))) return null;
    const symbol = type.getSymbol()?.name;
    if (symbol === "Float64Array") return floats;
    // arrays of whole numbers are read alone
    if (symbol && /^(?:Int|Uint)(?:8|16|32)(?:Clamped)?Array$/.test(symbol))
      return scalar({ type: "integers", of: symbol }, symbol, "null");
    if (checker.isTupleType(type)) return this.tuple(type as ts.TupleTypeReference, name, at, example);
    if (checker.isArrayType(type)) {
      const [of] = checker.getTypeArguments(type as ts.TypeReference);
      const item = this.element(of, `${name}[0]`, at, Array.isArray(example) ? example : []);
      const open = symbol === "ReadonlyArray" ? "readonly " : "";
      return {
        kind: { type: "list", of: item.kind, floats: false },
        type: `${open}${listed(item.type)}`,
        own: listed(item.own),
        gradient: listed(item.gradient),
        parts: [item],
      };
    }
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return null;
    if (type.isClass() || checker.getIndexInfosOfType(type).length > 0) return null;
    const isMapped = (type as ts.ObjectType).objectFlags & this.compiler.ObjectFlags.Mapped;
    const declared = isMapped ? undefined : type.getSymbol()?.declarations?.[0];
    // what the language itself declares is no record: Map, Date
    if (
      declared &&
      /[\\/]typescript[\\/]lib[\\/]lib\.|[\\/]@types[\\/]/.test(declared.getSourceFile().fileName)
    )
      return null;
    return this.record(type, name, at, example);
  }
  /** The shape of a list's elements, which an example may give in many ways, but of one kind. */
  private element(type: ts.Type, name: string, at: ts.Node, examples: readonly unknown[]): Shape {
    const shape = this.shape(type, name, at, examples.length > 0 ? examples[0] : none);
    for (const example of examples.slice(1))
      if (!sameKind(this.shape(type, name, at, example).kind, shape.kind))
        throw this.refusal(
          `the list of which ${name} is an element has elements of different kinds in the example`,
          "give the elements one kind, such as a number that says which",
          at,
        );
    return shape;
  }
  private tuple(type: ts.TupleTypeReference, name: string, at: ts.Node, example: Example): Shape {
    const items = this.checker.getTypeArguments(type);
    const { target } = type;
    if (target.hasRestElement || target.minLength < items.length)
      throw this.refusal(
        `the tuple ${name} has no fixed length`,
        "use a list or a tuple of fixed length",
        at,
      );
    const shapes = items.map((item, k) =>
      this.shape(item, `${name}[${k}]`, at, Array.isArray(example) && k in example ? example[k] : none),
    );
    const readonly = target.readonly ? "readonly " : "";
    const written = `${readonly}[${shapes.map((s) => s.type).join(", ")}]`;
    const [first] = shapes;
    // as the values themselves would be seen: equal kinds make a list
    const isList =
      first && shapes.every(({ kind }) => sameKind(kind, first.kind)) && first.kind.type !== "constant";
    const kind: Kind = isList
      ? { type: "list", of: first.kind, floats: false, length: shapes.length }
      : { type: "tuple", items: shapes.map((s) => s.kind) };
    return { ...tupleTypes(shapes), kind, type: written };
  }
  private record(type: ts.Type, name: string, at: ts.Node, example: Example): Shape {
    const { SymbolFlags, TypeFlags, getCombinedModifierFlags, ModifierFlags } = this.compiler;
    const known =
      typeof example === "object" && example !== null ? (example as Record<string, unknown>) : null;
    const members = this.checker.getPropertiesOfType(type).map((symbol) => {
      const of = this.checker.getTypeOfSymbolAtLocation(symbol, at);
      const path = `${name}.${symbol.name}`;
      if (symbol.flags & SymbolFlags.Optional && !known)
        throw this.refusal(`${path} may be missing`, "give arguments by --example", at);
      if (symbol.flags & SymbolFlags.Optional && !(symbol.name in (known as object))) return null;
      const shape = this.shape(
        symbol.flags & SymbolFlags.Optional ? this.checker.getNonNullableType(of) : of,
        path,
        at,
        known && symbol.name in known ? known[symbol.name] : none,
      );
      const declared = symbol.valueDeclaration;
      const open = declared && getCombinedModifierFlags(declared as ts.Declaration) & ModifierFlags.Readonly;
      return { key: keyText(symbol.name), name: symbol.name, readonly: open ? "readonly " : "", shape };
    });
    const found = members.filter((m) => m !== null);
    const kind: Kind = {
      type: "record",
      keys: found.map((m) => m.name),
      items: found.map((m) => m.shape.kind),
    };
    const lines = found.map((m) => `${m.readonly}${m.key}: ${m.shape.type}`);
    const parts = found.map((m) => m.shape);
    const structure = recordType(
      kind.keys,
      parts.map((part) => part.own),
    );
    const gradient = recordType(
      kind.keys,
      parts.map((part) => part.gradient),
    );
    const named = this.nameOf(type);
    if (!named || type.flags & TypeFlags.Intersection)
      return { kind, type: `{ ${lines.join("; ")} }`, own: structure, gradient, parts };
    this.named.set(named, type);
    this.declarations.set(
      named,
      `export interface ${named} {\n${lines.map((line) => `  ${line};\n`).join("")}}`,
    );
    // what is not changed by it goes by its name
    const isPlain = found.every((m) => m.readonly === "" && m.shape.type === m.shape.own);
    const isAll = isPlain && found.every((m) => m.shape.gradient === m.shape.own);
    return { kind, type: named, own: isPlain ? named : structure, gradient: isAll ? named : gradient, parts };
  }
  /** The name of an interface or alias without type parameters that is nobody else's yet. */
  private nameOf(type: ts.Type): string | null {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    if (!symbol || type.aliasTypeArguments?.length || (type as ts.TypeReference).typeArguments?.length)
      return null;
    const isName = /^[A-Za-z_$][\w$]*$/.test(symbol.name) && !symbol.name.startsWith("__");
    return isName && (this.named.get(symbol.name) ?? type) === type ? symbol.name : null;
  }
  /** A type that leaves the kind open. */
  private open(type: ts.Type, name: string, at: ts.Node, example: Example): Shape {
    const text = this.checker.typeToString(type);
    if (example !== none) {
      const kind = kindOf(example);
      if (typeof kind === "string")
        throw this.refusal(`the example of ${name} is or holds ${kind}`, "give numbers", at);
      return shapeOfKind(loose(kind));
    }
    if (type.isClass())
      throw this.refusal(
        `${name} is an object of the class ${text}`,
        "give it an interface with the members that are needed",
        at,
      );
    if (this.mayHoldNumbers(type))
      throw this.refusal(
        `the type ${text} of ${name} does not say of what kind it is`,
        "give it the type of numbers, lists or records, or arguments by --example",
        at,
      );
    return constant(
      new Unknown(
        `${name}, of the type ${text}, is looked at`,
        "give its value by --example, or a literal type",
      ),
      /^[\w$."| ]+$/.test(text) && !/[A-Z]/.test(text) ? text : "unknown",
    );
  }
  private mayHoldNumbers(type: ts.Type): boolean {
    const { TypeFlags: flags } = this.compiler;
    if (type.isUnion()) return type.types.some((t) => this.mayHoldNumbers(t));
    if (type.flags & (flags.Any | flags.Unknown | flags.NumberLike | flags.TypeParameter)) return true;
    if (!(type.flags & (flags.Object | flags.Intersection))) return false;
    return type.getCallSignatures().length === 0;
  }
}

/** Whether an example is of a kind, or as JSON has it; what is inside of it has been asked for itself. */
function fits(example: Example, kind: Kind): boolean {
  switch (kind.type) {
    case "constant":
      return !(kind.value instanceof Unknown) || typeof example !== "number";
    case "list":
      return (
        (Array.isArray(example) || (kind.floats && example instanceof Float64Array)) &&
        (kind.length === undefined || kind.length === example.length)
      );
    case "tuple":
      return Array.isArray(example) && example.length === kind.items.length;
    case "record":
      return (
        typeof example === "object" &&
        example !== null &&
        kind.keys.every((key) => Object.hasOwn(example, key))
      );
    case "text":
      return typeof example === "string";
  }
  return typeof example === kind.type;
}

/** A kind with no other lengths than those that programs are made for. */
export function withShortLengths(kind: Kind): Kind {
  if (kind.type === "list") {
    const { length, ...rest } = kind;
    const isShort = length !== undefined && length <= short.numbers && kind.of.type === "number";
    return { ...rest, of: withShortLengths(kind.of), ...(isShort ? { length } : {}) };
  }
  return "items" in kind ? { ...kind, items: kind.items.map(withShortLengths) } : kind;
}

function constant(value: unknown, type: string): Shape {
  return scalar({ type: "constant", value }, type, "null");
}
const floats: Shape = {
  ...scalar({ type: "list", of: numberKind, floats: true }, "Float64Array", "Float64Array"),
  parts: [numberShape],
};
function tupleTypes(parts: readonly Shape[]): Pick<Shape, "own" | "gradient" | "parts"> {
  const text = (of: "own" | "gradient") => `[${parts.map((part) => part[of]).join(", ")}]`;
  return { own: text("own"), gradient: text("gradient"), parts };
}
/** The shape of a kind that comes from an example. */
function shapeOfKind(kind: Kind): Shape {
  switch (kind.type) {
    case "constant":
      return constant(kind.value, typeof kind.value === "string" ? describeKind(kind) : String(kind.value));
    case "list": {
      if (kind.floats) return floats;
      const item = shapeOfKind(kind.of);
      const type = listed(item.type);
      return { kind, type, own: type, gradient: listed(item.gradient), parts: [item] };
    }
    case "tuple": {
      const types = tupleTypes(kind.items.map(shapeOfKind));
      return { kind, type: types.own, ...types };
    }
    case "record": {
      const parts = kind.items.map(shapeOfKind);
      const text = (of: "own" | "gradient") =>
        recordType(
          kind.keys,
          parts.map((part) => part[of]),
        );
      return { kind, type: text("own"), own: text("own"), gradient: text("gradient"), parts };
    }
    case "text":
      return scalar(kind, "string", "null");
  }
  return scalar(
    kind,
    kind.type === "integers" ? kind.of : kind.type,
    kind.type === "number" ? "number" : "null",
  );
}

/** The options of the project that a file belongs to, or strict ones. */
function optionsFor(compiler: typeof ts, path: string): ts.CompilerOptions {
  const found = compiler.findConfigFile(dirname(path), compiler.sys.fileExists);
  const config = found ? compiler.readConfigFile(found, compiler.sys.readFile).config : undefined;
  const parsed = config
    ? compiler.parseJsonConfigFileContent(
        { ...config, files: [path], include: [] },
        compiler.sys,
        dirname(found as string),
      ).options
    : {};
  return {
    target: compiler.ScriptTarget.ES2023,
    module: compiler.ModuleKind.NodeNext,
    ...parsed,
    strict: true,
    strictNullChecks: true,
    allowJs: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
}
