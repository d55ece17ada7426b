/**
 * The user's modules, read and not run.
 *
 * What: `Modules`, which gives the functions of a file as texts to be transformed, with the values of their free
 * variables: other functions of the file, constants that the text alone decides (constants.ts), and both from files
 * that it imports by a relative path. Why not run: a program that is written ahead of time must not depend on what a
 * module does when it is loaded.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import * as rules from "../rules/index.ts";
import { PlainText } from "../source/plain-text.ts";
import { Registry } from "../source/registry.ts";
import { analyzeScopes, type Scopes } from "../source/scope.ts";
import { type PlainFunction, plainFunctionOf, type Site } from "../source/sites.ts";
import { type Compiler, stripTypes } from "../source/strip-types.ts";
import { isFunction, type Node, parse } from "../source/syntax.ts";
import { contains } from "../transform/quotation.ts";
import { Refusal } from "../transform/refusal.ts";
import { evaluate } from "./constants.ts";

const registry = new Registry();

export class Modules {
  readonly compiler: Compiler = createRequire(import.meta.url)("typescript");
  private readonly modules = new Map<string, Module>();

  open(path: string): Module {
    let module = this.modules.get(path);
    if (!module) {
      module = new Module(path, this);
      this.modules.set(path, module);
    }
    return module;
  }

  /** The text and place of a statement of any of the functions. */
  statement(node: Node): { text: string; place: string } | null {
    const site = this.sites.find((s) => contains(s.node, node));
    if (!site) return null;
    const { file, line, column } = site.place(node.start);
    return { text: site.code.slice(node.start, node.end), place: `${file}:${line}:${column}` };
  }
  readonly sites: Site[] = [];
}

/** Where a name of a module comes from. */
type Origin =
  | { readonly type: "function"; readonly node: Node; readonly name: string }
  | { readonly type: "constant"; readonly node: Node }
  /** What TypeScript has made of an enumeration. */
  | { readonly type: "enumeration"; readonly node: Node }
  /** A part of a constant that is taken apart. */
  | { readonly type: "pattern"; readonly node: Node; readonly pattern: Node }
  | { readonly type: "import"; readonly from: string; readonly name: string; readonly node: Node }
  | { readonly type: "other"; readonly construct: string; readonly node: Node };

export class Module {
  private readonly text: PlainText;
  private readonly scopes: Scopes;
  private readonly origins = new Map<string, Origin>();
  private readonly exported = new Map<string, string | Origin>();
  private readonly everything: { from: string; node: Node }[] = [];
  private readonly values = new Map<string, unknown>();
  private readonly open = new Set<string>();
  /** How messages and the header call the file. */
  readonly name: string;

  constructor(
    readonly path: string,
    private readonly modules: Modules,
  ) {
    this.name = relative(process.cwd(), path).replaceAll("\\", "/");
    const text = readFileSync(path, "utf8");
    // a file of data exports its value
    const isData = path.endsWith(".json");
    const source = isData ? `export default ${text}` : text;
    const { code, map } = stripTypes(modules.compiler, source, isData ? `${path}.ts` : path, "module");
    this.text = new PlainText(this.name, code, "module", map === null ? null : JSON.parse(map).mappings);
    let program: Node;
    try {
      program = parse(code, "module");
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const { pos } = error as SyntaxError & { pos?: number };
      const what = error.message.replace(/ \(\d+:\d+\)$/, "");
      throw new Refusal(`the file is no TypeScript: ${what}`, "mend it first", this.text.place(pos ?? 0));
    }
    this.scopes = analyzeScopes(program);
    for (const node of program.body) this.declare(node);
  }

  // ---- what is declared ----

  private declare(node: Node): void {
    switch (node.type) {
      case "FunctionDeclaration":
        this.origins.set(node.id?.name ?? "default", { type: "function", node, name: node.id?.name ?? "f" });
        return;
      case "ClassDeclaration":
        if (node.id) this.origins.set(node.id.name, { type: "other", construct: "a class", node });
        return;
      case "ExpressionStatement": {
        const name = enumerationIn(node.expression);
        if (name !== null) this.origins.set(name, { type: "enumeration", node: node.expression });
        return;
      }
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) this.variable(id, init, node);
        return;
      case "ImportDeclaration":
        for (const specifier of node.specifiers)
          this.origins.set(specifier.local.name, {
            type: "import",
            from: node.source.value,
            name: importedName(specifier),
            node: specifier,
          });
        return;
      case "ExportNamedDeclaration":
        this.exportNamed(node);
        return;
      case "ExportDefaultDeclaration": {
        const { declaration } = node;
        if (declaration.type === "Identifier") this.exported.set("default", declaration.name);
        else if (declaration.id) {
          this.declare(declaration);
          this.exported.set("default", declaration.id.name);
        } else this.exported.set("default", originOf(declaration, "f"));
        return;
      }
      case "ExportAllDeclaration":
        this.everything.push({ from: node.source.value, node });
    }
  }
  private variable(id: Node, init: Node | null, node: Node): void {
    if (id.type !== "Identifier") {
      for (const name of namesIn(id))
        this.origins.set(
          name,
          init
            ? { type: "pattern", node: init, pattern: id }
            : { type: "other", construct: "a variable", node },
        );
      return;
    }
    const changes = node.kind !== "const" && this.scopes.bindingOf.get(id)?.reassigned;
    this.origins.set(
      id.name,
      init && !changes
        ? originOf(init, id.name)
        : { type: "other", construct: `the variable ${id.name}, which is assigned to`, node: id },
    );
  }
  private exportNamed(node: Node): void {
    if (node.declaration) {
      const known = new Set(this.origins.keys());
      this.declare(node.declaration);
      for (const name of this.origins.keys()) if (!known.has(name)) this.exported.set(name, name);
      return;
    }
    for (const specifier of node.specifiers) {
      const [local, name] = [specifier.local.name ?? specifier.local.value, specifier.exported.name];
      this.exported.set(
        name ?? specifier.exported.value,
        node.source ? { type: "import", from: node.source.value, name: local, node: specifier } : local,
      );
    }
  }

  // ---- what names mean ----

  /** A function of the file by its name. */
  function(name: string): PlainFunction {
    const plain = this.origins.has(name) ? plainFunctionOf(this.read(name)) : undefined;
    if (plain) return plain;
    const functions = [...this.origins].filter(([, { type }]) => type === "function").map(([known]) => known);
    throw new Refusal(
      `there is no function ${name} at the top of ${this.name}`,
      functions.length > 0 ? `it has ${functions.join(", ")}` : "declare one by function or const",
      null,
    );
  }

  /** The value of a name of the file. */
  read(name: string): unknown {
    if (this.values.has(name)) return this.values.get(name);
    const origin = this.origins.get(name);
    if (!origin) throw new ReferenceError(`${name} is not defined`);
    if (this.open.has(name))
      throw new Refusal(`${name} needs itself`, "give it a value of its own", this.place(origin.node));
    this.open.add(name);
    try {
      const value = this.valueOf(origin, name);
      this.values.set(name, value);
      return value;
    } finally {
      this.open.delete(name);
    }
  }
  private valueOf(origin: Origin, name: string): unknown {
    switch (origin.type) {
      case "function":
        return this.functionValue(origin.node, origin.name);
      case "constant":
        return this.evaluate(origin.node);
      case "enumeration":
        return this.members(origin.node, name);
      case "pattern":
        return partOf(this.evaluate(origin.node), origin.pattern, name, (node, construct) =>
          this.refuse(node, construct),
        );
      case "import":
        return this.imported(origin);
      case "other":
        throw new Refusal(
          `${origin.construct} is used ahead of time`,
          "use constants and functions, or pass what is needed as an argument",
          this.place(origin.node),
        );
    }
  }
  /** The members of an enumeration: `E[E["A"] = 0] = "A"` for numbers, `E["B"] = "b"` for strings. */
  private members({ callee }: Node, name: string): object {
    const members: Record<string, unknown> = {};
    for (const { expression } of callee.body.body) {
      const { left, right } = expression;
      const inner = left.property.type === "AssignmentExpression" ? left.property : null;
      const key = (inner ?? expression).left.property.value;
      const value = this.evaluate(inner ? inner.right : right, { [name]: members, ...members });
      members[key] = value;
      if (inner) members[String(value)] = key;
    }
    return members;
  }
  private evaluate(node: Node, known: Readonly<Record<string, unknown>> = {}): unknown {
    return evaluate(node, {
      read: (name, at) => {
        if (Object.hasOwn(known, name)) return known[name];
        return this.origins.has(name) ? this.read(name) : this.refuse(at, `the global ${name}`);
      },
      function: (inner) => this.functionValue(inner, ""),
      refuse: (at, construct) => this.refuse(at, construct),
    });
  }
  private refuse(node: Node, construct: string): never {
    throw new Refusal(
      `${construct} is not known ahead of time`,
      "write a constant of literals and Math, or pass it as an argument",
      this.place(node),
    );
  }
  /** A function that stands for one of the text: it is looked up, and never called. */
  private functionValue(node: Node, name: string): unknown {
    const site = this.text.site(node.start);
    this.modules.sites.push(site);
    const value = () => {
      throw new Error("internal: a function of a module that is not run");
    };
    Object.defineProperty(value, "name", { value: name });
    registry.prepared(value, (what) => {
      if (what === 1) return site;
      return what < 2 ? value : this.read(site.free[what - 2]);
    });
    return value;
  }

  // ---- imports ----

  private imported(origin: Origin & { type: "import" }): unknown {
    const { from, name, node } = origin;
    if (from === "wengert") {
      const value = (rules as Record<string, unknown>)[name];
      if (typeof value === "function" && rules.ruleOfFunction(value)) return value;
      throw new Refusal(
        `${name} of wengert is used ahead of time`,
        "use what is differentiated itself",
        this.place(node),
      );
    }
    const module = this.modules.open(this.resolve(from, node));
    if (name === "*") return module.namespace();
    const value = module.export(name);
    if (value === undefined)
      throw new Refusal(`${from} exports no ${name}`, "import what it exports", this.place(node));
    return value.value;
  }
  private export(name: string): { value: unknown } | undefined {
    const target = this.exported.get(name);
    if (typeof target === "string")
      return this.origins.has(target) ? { value: this.read(target) } : undefined;
    if (target) return { value: this.valueOf(target, name) };
    if (name === "default") return undefined;
    for (const { from, node } of this.everything) {
      const found = this.modules.open(this.resolve(from, node)).export(name);
      if (found) return found;
    }
    return undefined;
  }
  /** Of `import * as`: what can be known; the rest is missing. */
  private namespace(): object {
    const members: Record<string, unknown> = {};
    for (const { from, node } of this.everything)
      Object.assign(members, this.modules.open(this.resolve(from, node)).namespace());
    for (const name of this.exported.keys())
      try {
        members[name] = this.export(name)?.value;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    return members;
  }
  private resolve(from: string, node: Node): string {
    if (!from.startsWith("."))
      throw new Refusal(
        `something of the package ${from} is used ahead of time`,
        "write the function in a file of your own",
        this.place(node),
      );
    const base = resolve(dirname(this.path), from);
    const stem = base.replace(/\.([cm]?)jsx?$/, "");
    const endings = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", "/index.ts", "/index.js"];
    const candidates = [
      base,
      ...endings.map((ending) => stem + ending),
      ...endings.map((ending) => base + ending),
    ];
    const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
    if (found) return found;
    throw new Refusal(`there is no file ${from}`, "mend the import", this.place(node));
  }
  private place(node: Node) {
    return this.text.place(node.start);
  }
}

function originOf(init: Node, name: string): Origin {
  return isFunction(init) ? { type: "function", node: init, name } : { type: "constant", node: init };
}
/** The name of the enumeration that a call fills: `(function (E) { … })(E || (E = {}))`. */
function enumerationIn({ type, callee, arguments: args }: Node): string | null {
  if (type !== "CallExpression" || callee.type !== "FunctionExpression" || callee.params.length !== 1)
    return null;
  const [{ type: given, left }] = args;
  return given === "LogicalExpression" && left.name === callee.params[0].name ? left.name : null;
}
function importedName(specifier: Node): string {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  return specifier.type === "ImportNamespaceSpecifier"
    ? "*"
    : (specifier.imported.name ?? specifier.imported.value);
}
function namesIn(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((p: Node) =>
        namesIn(p.type === "RestElement" ? p.argument : p.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((e: Node | null) => (e ? namesIn(e) : []));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
  }
  return [];
}
/** What a name is in a value that is taken apart. */
function partOf(
  value: unknown,
  pattern: Node,
  name: string,
  refuse: (node: Node, construct: string) => never,
): unknown {
  if (pattern.type === "Identifier") return value;
  const parts: [Node, unknown][] =
    pattern.type === "ObjectPattern"
      ? pattern.properties.map((p: Node) => [p.value ?? p, (value as Record<string, unknown>)?.[p.key?.name]])
      : pattern.type === "ArrayPattern"
        ? pattern.elements.map((e: Node | null, k: number) => [e, (value as unknown[])?.[k]])
        : [];
  const part = parts.find(([inner]) => inner && namesIn(inner).includes(name));
  if (!part || part[0].type === "RestElement" || part[0].type === "AssignmentPattern")
    return refuse(pattern, `the part ${name} of a pattern`);
  return partOf(part[1], part[0], name, refuse);
}
