/**
 * The edits of the annotation: what is inserted for one function, and where.
 *
 * What: the list of edits, the places at the top of bodies, the makers (what a plain function is registered with), and
 * the prologue that all that is inserted refers to.
 */

import { type Edit, literal, mark, type SourceMapJson } from "./assemble.ts";
import { afterDirectives, type PrivateMembers } from "./forms.ts";
import type { Known } from "./known.ts";
import { recorderNames } from "./names.ts";
import type { Reading } from "./read.ts";
import type { RecordingWriter, WriterContext, WriterFactory } from "./recording-writer.ts";
import type { Binding, Scopes } from "./scope.ts";
import type { Node, SourceKind } from "./syntax.ts";

export interface AnnotateOptions {
  file: string;
  kind: SourceKind;
  /** Source map of the given code, back to what the user wrote. */
  map?: SourceMapJson | null;
  writer: WriterFactory;
  isLeaky: (binding: Binding) => boolean;
  /** Whether names that the code does not declare are global, and it runs in this very thread, in strict mode. */
  global?: boolean;
}

/** Whether a name is that of a class within the class itself, which nothing changes. */
const isOwnName = ({ kind, scope, node, reassigned }: Binding): boolean =>
  kind === "class" && scope.node.id === node && !reassigned;

export abstract class Edits {
  protected readonly edits: Edit[] = [];
  protected readonly w: string;
  protected readonly program: Node;
  protected readonly scopes: Scopes;
  /** Whether a registered function refers to the text. */
  private sites = false;
  /** What the prologue gives names of its own. */
  private readonly constants: string[] = [];
  private keys = 0;
  protected readonly context: WriterContext;
  /** Private members of the classes around. */
  protected privates: PrivateMembers[] = [];

  constructor(
    protected readonly code: string,
    { program, scopes, free }: Reading,
    protected readonly prefix: string,
    protected readonly options: AnnotateOptions,
  ) {
    this.w = `${prefix}w`;
    this.program = program;
    this.scopes = scopes;
    this.context = { code, scopes, free, prefix };
  }

  /** What everything inserted refers to, at the top of the program. */
  protected prologue(): void {
    const { prefix } = this;
    let text = recorderNames(prefix);
    if (this.sites) text += `, ${prefix}T = ${this.textRecord()}`;
    this.constants.forEach((value, k) => {
      text += `, ${prefix}m${k + 1} = ${value}`;
    });
    const start = this.code.startsWith("#!") ? this.code.indexOf("\n") + 1 : 0;
    const at = afterDirectives(this.program.body, start);
    this.edits.unshift({ at, text: `${at === start ? "" : ";"}${text};` });
  }
  private textRecord(): string {
    const { file, kind, map } = this.options;
    const mappings = map ? literal(map.mappings) : "null";
    return `${this.w}.plainText(${literal(file)}, ${literal(this.code)}, "${kind}", ${mappings})`;
  }

  /** What the registry's `Maker` says; it reads only the variable that it is asked for, which may be in its dead zone. */
  protected maker(node: Node, recording: (() => string) | null): string {
    const late = this.late(node);
    if (late) return late;
    this.sites = true;
    const { prefix } = this;
    const isOwnThis = node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
    // a variable that a derivative left a traced value in answers with that
    const outside = this.scopes.scopeOf.get(node)?.parent;
    const read = (name: string): string => {
      const binding = outside?.lookup(name);
      return binding && this.options.isLeaky(binding) ? `${this.w}.asLeft(${name}, ${name}${prefix})` : name;
    };
    const answers = [
      recording?.() ?? null,
      `${prefix}T.site(${node.start})`,
      ...this.freeNames(node).map(read),
    ];
    let cases = "";
    answers.forEach((answer, k) => {
      if (answer !== null) cases += `case ${k}: return ${answer};`;
    });
    const body = `{switch (${prefix}i) {${cases}}}`;
    // V8 keeps where the functions inside of a function end, and goes through those inside of an arrow once more
    return isOwnThis ? `function (${prefix}i) ${body}` : `(${prefix}i) => ${body}`;
  }
  private freeNames(node: Node): string[] {
    return [...(this.context.free.get(node)?.keys() ?? [])];
  }
  /**
   * The maker of a function whose recording program is written and compiled when it is asked for (late.ts), since it
   * needs nothing of what is around the function but, for members of a class, the names of that. Null for all others.
   */
  protected late(node: Node, known: Known | null = null): string | null {
    const { rooted, privately, withEval, scopeOf } = this.scopes;
    if (!this.options.global || rooted.has(node) || withEval.has(node)) return null;
    const outside = scopeOf.get(node)?.parent;
    let isWithin = privately.has(node);
    for (const name of this.freeNames(node)) {
      const binding = outside?.lookup(name);
      if (!binding) continue;
      if (!isOwnName(binding)) return null;
      isWithin = true;
    }
    if (isWithin && !known) return null;
    this.sites = true;
    return `${this.prefix}T.late(${node.start}${isWithin ? `, ${known?.evaluate}` : ""})`;
  }
  protected recorder(node: Node): string {
    if (this.isPreparable(node)) return this.maker(node, () => this.writer(node).program());
    // its names may mean anything: it can only be called as it is
    const [i, f] = [`${this.prefix}i`, `${this.prefix}f`];
    return `(${i}, ${f}) => ${i} === 0 ? function (...args) {return ${mark(node)}${this.w}.unread(${f}, this, args);} : undefined`;
  }
  protected isPreparable(node: Node): boolean {
    return !node.async && !this.scopes.withEval.has(node);
  }
  /** Where text may go at the top of a body; behind a directive that has no semicolon, one is put. */
  protected top(statements: Node[], start: number): number {
    const at = afterDirectives(statements, start);
    if (at !== start && this.code[at - 1] !== ";" && !this.closed.has(at)) {
      this.closed.add(at);
      this.insert(at, ";");
    }
    return at;
  }
  private readonly closed = new Set<number>();

  protected insert(at: number, text: string): void {
    this.edits.push({ at, text });
  }
  protected writer(node: Node): RecordingWriter {
    return this.options.writer(this.context, node, this.privates);
  }
  protected bodyStart(owner: Node | null): number {
    const body = owner ? owner.body : this.program;
    return this.top(body.body, owner ? body.start + 1 : 0);
  }
  /** A constant of the prologue's: a symbol for a recording program that stands beside what it belongs to, by default. */
  protected constant(value = `Symbol("recording")`): string {
    return `${this.prefix}m${this.constants.push(value)}`;
  }
  /** A variable of the program's that holds a computed key while its function is made. */
  protected keyVariable(): string {
    const name = `${this.prefix}c${++this.keys}`;
    this.insert(this.bodyStart(null), `var ${name};`);
    return name;
  }
}
