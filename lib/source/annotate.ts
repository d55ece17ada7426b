/**
 * The annotation: plain code that stays itself, with a recording program beside each function.
 *
 * What: finds every function, method, constructor and accessor of a JavaScript text and adds, in the same scope,
 * what makes it differentiable; the plain text is copied as it is. Why in the same scope: a recording program reads
 * and writes the same variables, private members and `super` as the function it stands beside, with no copy of the
 * environment. A thunk around it means that nothing of it is compiled before a derivative asks.
 *
 * The phases: 1 parse · 2 scopes (scope.ts) · 3 edits, one function at a time · 4 assembly with source map
 * (assemble.ts). The text of a recording program comes from the writer that the caller passes (tape/program).
 */

import { activityOf } from "./activity.ts";
import { assemble, type Edit, literal, mark, type SourceMapJson } from "./assemble.ts";
import {
  access,
  afterDirectives,
  inferredName,
  isCallbackCall,
  needsRecording,
  type PrivateMembers,
  privateMembers,
  usesSuper,
} from "./forms.ts";
import { type FreeVariables, freeVariables } from "./free.ts";
import { analyzeScopes, type Binding, patternNames, type Scopes } from "./scope.ts";
import { forEachChild, isConversion, isFunction, type Node, parse, type SourceKind } from "./syntax.ts";

/** Writes recording programs; tape/program implements it. */
export interface RecordingWriter {
  /** The recording program as a function expression. */
  program(): string;
  /** As the rest of a method: parameters and body. */
  methodText(): string;
  /** As statements inside a function that has the same simple parameters. */
  bodyText(): string;
  /** As statements that take their arguments from a list of that name. */
  argumentsText(list: string): string;
  simpleParameters(): boolean;
  initialiser(value: Node, name: string | undefined): string;
}

export interface WriterContext {
  /** The text the tree was parsed from. */
  readonly code: string;
  readonly scopes: Scopes;
  /** The names of each function's free variables. */
  readonly free: FreeVariables;
  /** Prefix of every name that is added; it does not occur in the code. */
  readonly prefix: string;
}

export type WriterFactory = (
  context: WriterContext,
  root: Node,
  privates: readonly PrivateMembers[],
) => RecordingWriter;

export interface AnnotateOptions {
  file: string;
  kind: SourceKind;
  /** Source map of the given code, back to what the user wrote. */
  map?: SourceMapJson | null;
  writer: WriterFactory;
  isLeaky: (binding: Binding) => boolean;
}

export function annotate(code: string, options: AnnotateOptions): { code: string; map: SourceMapJson } {
  const tokens: number[] = [];
  const program = parse(code, options.kind, tokens);
  const scopes = analyzeScopes(program);
  let prefix = "$_";
  while (code.includes(prefix)) prefix += "_";
  const edits = new Annotator(code, program, tokens, scopes, prefix, options).run();
  return assemble(code, edits, tokens, options.file, options.map ?? null);
}

class Annotator {
  private readonly edits: Edit[] = [];
  private readonly w: string;
  /** Whether a registered function refers to the text. */
  private sites = false;
  private symbols = 0;
  private keys = 0;
  private readonly context: WriterContext;
  /** Private members of the classes around. */
  private privates: PrivateMembers[] = [];

  constructor(
    private readonly code: string,
    private readonly program: Node,
    /** Where each token starts. */
    private readonly tokens: number[],
    private readonly scopes: Scopes,
    private readonly prefix: string,
    private readonly options: AnnotateOptions,
  ) {
    this.w = `${prefix}w`;
    this.context = { code, scopes, free: freeVariables(scopes), prefix };
  }

  run(): Edit[] {
    this.block(this.program.body, this.program, null);
    if (this.edits.length === 0) return [];
    const { w, prefix } = this;
    let prologue = `const ${w} = globalThis[Symbol.for("wengert.recorder")], ${prefix}S = ${w}.shadow, ${prefix}B = ${w}.Box`;
    if (this.sites) prologue += `, ${prefix}T = ${this.textRecord()}`;
    for (let k = 1; k <= this.symbols; k++) prologue += `, ${prefix}m${k} = Symbol("recording")`;
    const start = this.code.startsWith("#!") ? this.code.indexOf("\n") + 1 : 0;
    const at = afterDirectives(this.program.body, start);
    this.edits.unshift({ at, text: `${at === start ? "" : ";"}${prologue};` });
    return this.edits;
  }

  private textRecord(): string {
    const { file, kind, map } = this.options;
    const mappings = map ? literal(map.mappings) : "null";
    return `${this.w}.plainText(${literal(file)}, ${literal(this.code)}, "${kind}", ${mappings})`;
  }

  /** What the registry's `Maker` says; it reads only the variable that it is asked for, which may be in its dead zone. */
  private maker(node: Node, recording: string | null): string {
    this.sites = true;
    const { prefix } = this;
    // a variable that a derivative left a traced value in answers with that
    const outside = this.scopes.scopeOf.get(node)?.parent;
    const read = (name: string): string => {
      const binding = outside?.lookup(name);
      return binding && this.options.isLeaky(binding) ? `${this.w}.asLeft(${name}, ${name}${prefix})` : name;
    };
    const free = [...(this.context.free.get(node)?.keys() ?? [])].map(read);
    const answers = [recording, `${prefix}T.site(${node.start})`, ...free];
    let cases = "";
    answers.forEach((answer, k) => {
      if (answer !== null) cases += `case ${k}: return ${answer};`;
    });
    return `(${prefix}i) => {switch (${prefix}i) {${cases}}}`;
  }
  private recorder(node: Node): string {
    if (this.isPreparable(node)) return this.maker(node, this.writer(node).program());
    // its names may mean anything: it can only be called as it is
    const [i, f] = [`${this.prefix}i`, `${this.prefix}f`];
    return `(${i}, ${f}) => ${i} === 0 ? function (...args) {return ${mark(node)}${this.w}.unread(${f}, this, args);} : undefined`;
  }

  /** Where text may go at the top of a body; behind a directive that has no semicolon, one is put. */
  private top(statements: Node[], start: number): number {
    const at = afterDirectives(statements, start);
    if (at !== start && this.code[at - 1] !== ";" && !this.closed.has(at)) {
      this.closed.add(at);
      this.insert(at, ";");
    }
    return at;
  }
  private readonly closed = new Set<number>();

  private insert(at: number, text: string): void {
    this.edits.push({ at, text });
  }
  private writer(node: Node) {
    return this.options.writer(this.context, node, this.privates);
  }

  /** Statements of a block or body: declared functions are registered where JavaScript hoists them. */
  private block(statements: Node[], holder: Node, owner: Node | null): void {
    const start = this.top(statements, holder.type === "Program" ? 0 : holder.start + 1);
    for (const statement of statements) {
      const node = statement.declaration ?? statement;
      if (node.type === "FunctionDeclaration" && node.id && !node.async && this.needsRegister(node.id, owner))
        this.insert(start, this.registration(node.id.name, node));
    }
    for (const statement of statements) this.visit(statement, holder, owner);
  }

  private registration(name: string, node: Node): string {
    return `${this.w}.prepared(${name}, ${this.recorder(node)});`;
  }
  private isPreparable(node: Node): boolean {
    return !node.async && !this.scopes.withEval.has(node);
  }

  /** Local functions that are only called need no register: their caller's recording program has its own. */
  private needsRegister(name: Node, owner: Node | null): boolean {
    if (!owner) return true;
    const binding = this.scopes.bindingOf.get(name);
    if (!binding) return true;
    return binding.reads.some(({ node, parent, owner: reader }) => {
      const called = parent.type === "CallExpression" && (parent.callee === node || isCallbackCall(parent));
      return !called || !this.runsWithin(reader, binding.scope.owner);
    });
  }
  /** Whether a function has no recording program but the one inside that of an outer function. */
  private runsWithin(inner: Node, outer: Node): boolean {
    for (let f = inner; f !== outer; ) {
      const place = this.scopes.around.get(f);
      if (!place || !this.isTransient(f, place.parent, place.owner)) return false;
      f = place.owner;
    }
    return true;
  }
  private visit(node: Node, parent: Node, owner: Node | null): void {
    switch (node.type) {
      case "Identifier":
      case "Literal":
        return;
      case "FunctionDeclaration":
        if (!node.id && this.isPreparable(node)) {
          // an anonymous default export
          this.insert(node.start, `${this.w}.named(`);
          this.function(node);
          this.insert(node.end, `, ${this.recorder(node)}, "default")`);
          return;
        }
        this.function(node);
        return;
      case "FunctionExpression":
      case "ArrowFunctionExpression": {
        if (
          node.type === "FunctionExpression" &&
          parent.type === "AssignmentExpression" &&
          isConversion(parent.left)
        ) {
          this.conversion(node);
          return;
        }
        if (node.async || this.isTransient(node, parent, owner)) {
          this.function(node);
          return;
        }
        const name = inferredName(node, parent);
        this.insert(node.start, `${this.w}.named(`);
        this.function(node);
        this.insert(node.end, `, ${this.recorder(node)}${name === null ? "" : `, ${JSON.stringify(name)}`})`);
        return;
      }
      case "ClassDeclaration":
      case "ClassExpression":
        this.class(node, owner);
        return;
      case "VariableDeclaration":
        this.declaration(node, parent, owner);
        return;
      case "CallExpression":
        if (this.bindCall(node, owner)) return;
        break;
      case "NewExpression":
        if (this.newProxy(node, owner)) return;
        break;
      case "ExportNamedDeclaration":
        if (node.declaration?.type === "VariableDeclaration") {
          this.declaration(node.declaration, node, owner);
          return;
        }
        break;
      case "ObjectExpression":
        for (const p of node.properties) this.property(p, owner);
        return;
      case "BlockStatement":
        this.block(node.body, node, owner);
        return;
      case "ForOfStatement":
      case "ForInStatement":
        if (node.left.type === "VariableDeclaration")
          this.headCompanions(node.left.declarations[0].id, node.body);
        break;
      case "CatchClause":
        if (node.param) this.headCompanions(node.param, node.body);
        break;
    }
    forEachChild(node, (child) => this.visit(child, node, owner));
  }

  /** `f.bind(x)` makes a function that is as differentiable as f. */
  private bindCall(node: Node, owner: Node | null): boolean {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.computed || callee.property.name !== "bind")
      return false;
    if (callee.optional || node.optional || callee.object.type === "Super") return false;
    // from the dot (behind the object's parentheses, if it has any) to the parenthesis of the arguments
    const dot = this.code.lastIndexOf(".", callee.property.start);
    const open = this.code.indexOf("(", callee.property.end);
    this.insert(callee.start, `${this.w}.bind(`);
    this.visit(callee.object, callee, owner);
    this.edits.push({ at: dot, text: node.arguments.length ? ", " : "", remove: open + 1 - dot });
    for (const argument of node.arguments) this.visit(argument, node, owner);
    return true;
  }

  /** `new Proxy(target, handler)`: the traps are prepared code. */
  private newProxy(node: Node, owner: Node | null): boolean {
    const { callee, arguments: args } = node;
    if (callee.type !== "Identifier" || callee.name !== "Proxy" || this.scopes.bindingOf.has(callee))
      return false;
    if (args.length !== 2 || args.some((a: Node) => a.type === "SpreadElement")) return false;
    this.insert(node.start, `${this.w}.proxied(`);
    this.visit(args[0], node, owner);
    this.insert(args[1].start, `${this.w}.handler(`);
    this.visit(args[1], node, owner);
    this.insert(args[1].end, ")");
    this.insert(node.end, ")");
    return true;
  }

  /** Declared function values are registered behind the declaration, so that name and inlining stay as they were. */
  private declaration(node: Node, parent: Node, owner: Node | null): void {
    const statement = parent.type === "ExportNamedDeclaration" ? parent : node;
    const inHead =
      parent.type.startsWith("For") && parent.left !== undefined
        ? true
        : parent.type === "ForStatement" && parent.init === node;
    const after: string[] = [];
    for (const d of node.declarations) {
      const init = d.init;
      const isPlainFunction =
        !inHead &&
        d.id.type === "Identifier" &&
        init &&
        isFunction(init) &&
        init.type !== "FunctionDeclaration";
      if (isPlainFunction) {
        this.function(init);
        if (!init.async && this.needsRegister(d.id, owner)) after.push(this.registration(d.id.name, init));
      } else {
        if (d.id.type !== "Identifier") this.visit(d.id, d, owner);
        if (init) this.visit(init, d, owner);
      }
      if (parent.left === node) continue;
      const companions = this.companions(d.id);
      if (companions.length === 0) continue;
      if (inHead && node.kind !== "var") this.insert(d.end, companions.map((c) => `, ${c}`).join(""));
      else if (node.kind !== "var") this.insert(statement.start, `let ${companions.join(", ")};`);
      else this.insert(this.bodyStart(owner), `var ${companions.join(", ")};`);
    }
    if (after.length) this.insert(statement.end, `;${after.join("")}`);
  }
  private bodyStart(owner: Node | null): number {
    const body = owner ? owner.body : this.program;
    return this.top(body.body, owner ? body.start + 1 : 0);
  }
  /** Names of the variables that keep what a derivative leaves in the names of a pattern. */
  private companions(pattern: Node): string[] {
    const names: string[] = [];
    for (const name of patternNames(pattern)) {
      const binding = this.scopes.bindingOf.get(name);
      if (binding && this.options.isLeaky(binding)) names.push(name.name + this.prefix);
    }
    return names;
  }
  private headCompanions(pattern: Node, body: Node): void {
    const companions = this.companions(pattern);
    if (companions.length === 0) return;
    if (body.type === "BlockStatement") this.insert(body.start + 1, `let ${companions.join(", ")};`);
    else {
      this.insert(body.start, `{let ${companions.join(", ")};`);
      this.insert(body.end, "}");
    }
  }

  /** The inside of a plain function. */
  private function(node: Node): void {
    const companions = node.params.flatMap((p: Node) => this.companions(p));
    for (const param of node.params) this.visit(param, node, node);
    if (node.body.type === "BlockStatement") {
      if (companions.length)
        this.insert(this.top(node.body.body, node.body.start + 1), `let ${companions.join(", ")};`);
      this.block(node.body.body, node.body, node);
    } else if (companions.length) {
      // `(a) => (b) => (a = b)`: the expression, with any parentheses around it, becomes a body that can hold the companion
      this.insert(this.arrowOf(node) + 2, `{let ${companions.join(", ")}; return (`);
      this.visit(node.body, node, node);
      this.insert(node.end, ");}");
    } else this.visit(node.body, node, node);
  }

  /** Where the arrow of an arrow function stands. */
  private arrowOf(node: Node): number {
    const from = node.params.at(-1)?.end ?? node.start;
    return this.tokens.find((t) => t >= from && this.code.startsWith("=>", t)) as number;
  }

  /** A function that is called where it stands, or handed to a method that calls it at once. */
  private isTransient(node: Node, parent: Node, owner: Node | null): boolean {
    if (parent.type !== "CallExpression") return false;
    if (parent.callee === node) return true;
    return owner !== null && isCallbackCall(parent);
  }

  private property(p: Node, owner: Node | null): void {
    if (p.type === "SpreadElement" || (!p.method && p.kind === "init")) {
      if (p.type === "SpreadElement") this.visit(p.argument, p, owner);
      else {
        if (p.computed && isFunction(p.value) && !p.value.id && this.isPreparable(p.value))
          this.keyed(p, owner);
        else {
          if (p.computed) this.visit(p.key, p, owner);
          this.visit(p.value, p, owner);
        }
      }
      return;
    }
    if (p.computed) this.visit(p.key, p, owner);
    if (p.kind !== "init") {
      this.dual(p.value);
      return;
    }
    if (isConversion(p)) {
      this.conversion(p.value);
      return;
    }
    if (!this.isPreparable(p.value) || usesSuper(p.value)) {
      this.function(p.value);
      return;
    }
    const star = p.value.generator ? "*" : "";
    const recorded = (key: string) =>
      `${this.maker(p.value, `({${star}${key}${this.writer(p.value).methodText()}})${access(key)}`)})`;
    // `m(x) { … }` becomes `m: named({ m(x) { … } }.m, …)`: still a method, with its name
    if (p.computed) {
      const key = this.keyVariable();
      this.edits.push({ at: p.start, text: `[${key} = ${this.w}.key((`, remove: p.key.start - p.start });
      const rest = `))]: ${this.w}.named({${star}[${key}]`;
      this.edits.push({ at: p.key.end, text: rest, remove: p.value.start - p.key.end });
      this.function(p.value);
      this.insert(p.value.end, `}[${key}], ${recorded("method")}`);
      return;
    }
    const key = this.code.slice(p.key.start, p.key.end);
    const head = `${key}: ${this.w}.named({${star}${key}`;
    this.edits.push({ at: p.start, text: head, remove: p.value.start - p.start });
    this.function(p.value);
    this.insert(p.value.end, `}${access(key)}, ${recorded(key)}`);
  }
  /** `[key]: (x) => …`, whose name is known when it is made. */
  private keyed(p: Node, owner: Node | null): void {
    const key = this.keyVariable();
    this.insert(p.key.start, `${key} = ${this.w}.key((`);
    this.visit(p.key, p, owner);
    this.insert(p.key.end, "))");
    this.insert(p.value.start, `${this.w}.named(`);
    this.function(p.value);
    this.insert(p.value.end, `, ${this.recorder(p.value)}, ${this.w}.nameOf(${key}))`);
  }
  /** A variable of the program's that holds a computed key while its function is made. */
  private keyVariable(): string {
    const name = `${this.prefix}c${++this.keys}`;
    this.insert(this.bodyStart(null), `var ${name};`);
    return name;
  }

  /** A function that JavaScript itself calls (accessor, constructor, conversion): it chooses when it is called. */
  private dual(node: Node): void {
    const recorded = this.isPreparable(node) && !node.generator && needsRecording(node, this.scopes);
    if (recorded) this.choice(node, (text) => `if (${this.w}.on) {${text} return;}`);
    this.function(node);
  }
  /** The same for an accessor of a class; its recording program is a method beside it, so that it stays short to inline. */
  private accessor(m: Node): void {
    const { value } = m;
    if (this.isPreparable(value) && needsRecording(value, this.scopes)) {
      const writer = this.writer(value);
      if (writer.simpleParameters()) {
        const twin = `${this.prefix}m${++this.symbols}`;
        const args = value.params.map((p: Node) => p.name).join(", ");
        const start = this.top(value.body.body, value.body.start + 1);
        this.insert(start, `if (${this.w}.on) return this[${twin}](${args});`);
        this.insert(m.end, ` ${m.static ? "static " : ""}[${twin}]${writer.methodText()}`);
      }
    }
    this.function(value);
  }
  /** A method by which JavaScript converts an object: it may not hand out a traced value unnoticed. */
  private conversion(node: Node): void {
    if (this.isPreparable(node) && !node.generator)
      this.choice(node, (text) => `if (${this.w}.on) return ${this.w}.converted(() => {${text}});`);
    this.function(node);
  }
  private choice(node: Node, wrap: (text: string) => string): void {
    const writer = this.writer(node);
    if (writer.simpleParameters())
      this.insert(this.top(node.body.body, node.body.start + 1), wrap(writer.bodyText()));
  }

  private class(node: Node, owner: Node | null): void {
    if (node.superClass) this.visit(node.superClass, node, owner);
    const { body } = node;
    const twinOf = (m: Node) => (this.isPreparable(m.value) ? `#${m.key.name}${this.prefix}` : null);
    this.privates = [...this.privates, privateMembers(body, twinOf)];
    const methods: string[] = [];
    for (const m of body.body) {
      if (m.type === "StaticBlock") {
        this.block(m.body, { ...m, start: this.code.indexOf("{", m.start) } as Node, m);
        continue;
      }
      if (m.computed) this.visit(m.key, m, owner);
      if (m.type === "PropertyDefinition") {
        this.field(m, node);
        continue;
      }
      if (m.kind === "constructor") this.constructor_(m, Boolean(node.superClass));
      else if (m.kind !== "method") this.accessor(m);
      else if (isConversion(m)) this.conversion(m.value);
      else this.method(m, methods);
    }
    this.privates = this.privates.slice(0, -1);
    const accessors = body.body.some((m: Node) => m.kind === "get" || m.kind === "set");
    const known = `${methods.length ? `${this.w}.methods(this, [${methods.join(", ")}]);` : ""}${accessors ? `${this.w}.accessors(this);` : ""}`;
    // first of all static parts: decorators see methods that are known already
    if (known) this.insert(body.start + 1, `static {${known}}`);
  }
  private method(m: Node, known: string[]): void {
    this.function(m.value);
    if (!this.isPreparable(m.value)) return;
    const statics = m.static ? "static " : "";
    const star = m.value.generator ? "*" : "";
    if (m.key.type === "PrivateIdentifier") {
      this.insert(
        m.end,
        ` ${statics}${star}#${m.key.name}${this.prefix}${this.writer(m.value).methodText()}`,
      );
      return;
    }
    const symbol = `${this.prefix}m${++this.symbols}`;
    let key = JSON.stringify(m.computed ? "" : String(m.key.name ?? m.key.value));
    if (m.computed) {
      const name = `${this.prefix}k${this.symbols}`;
      this.insert(this.bodyStart(null), `var ${name};`);
      this.insert(m.key.start, `${name} = `);
      key = name;
    }
    this.insert(m.end, ` ${statics}${star}[${symbol}]${this.writer(m.value).methodText()}`);
    known.push(`[${key}, ${symbol}, ${m.static}, ${this.maker(m.value, null)}]`);
  }
  private field(m: Node, holder: Node): void {
    if (!m.value) return;
    const name =
      m.computed || m.key.type === "PrivateIdentifier" ? undefined : String(m.key.name ?? m.key.value);
    const plain =
      isFunction(m.value) ||
      activityOf(m.value, this.scopes.bindingOf) === "number" ||
      m.value.type === "Literal";
    if (!plain && !m.static) {
      const recorded = this.options.writer(this.context, m, this.privates).initialiser(m.value, name);
      const kept =
        m.key.type === "PrivateIdentifier" && !m.computed
          ? `${this.w}.hidden(this, "#${m.key.name}", ${recorded}, (o) => o.#${m.key.name}, (o, v) => { o.#${m.key.name} = v; })`
          : recorded;
      this.insert(m.value.start, `${this.w}.on ? ${kept} : (`);
      this.visit(m.value, m, m);
      this.insert(m.value.end, ")");
    } else this.visit(m.value, name === undefined ? holder : m, m);
  }
  /** A constructor chooses when it is called; a derived one in place, since only it may call `super`. */
  private constructor_(m: Node, derived: boolean): void {
    const { value } = m;
    if (!needsRecording(value, this.scopes)) {
      this.function(value);
      return;
    }
    const writer = this.writer(value);
    const start = this.top(value.body.body, value.body.start + 1);
    let args: string;
    let plain = "";
    if (writer.simpleParameters()) {
      args = value.params.map((p: Node) => p.name).join(", ");
    } else {
      // defaults and patterns move into the body, behind the choice
      const list = `${this.prefix}a`;
      args = `...${list}`;
      const first = value.params[0].start;
      const patterns = this.code.slice(first, value.params.at(-1).end);
      this.edits.push({ at: first, text: args, remove: patterns.length });
      plain = `let [${patterns}] = ${list};`;
    }
    if (derived) {
      const recorded = plain ? writer.argumentsText(`${this.prefix}a`) : writer.bodyText();
      this.insert(start, `if (${this.w}.on) {${recorded}} else {${plain}`);
    } else {
      const twin = `${this.prefix}m${++this.symbols}`;
      this.insert(m.end, ` [${twin}]${writer.methodText()}`);
      this.insert(start, `if (${this.w}.on) return this[${twin}](${args});${plain}`);
    }
    if (plain) this.block(value.body.body, value.body, value);
    else this.function(value);
    if (derived) this.insert(value.body.end - 1, "}");
  }
}
