/**
 * Variables that a reader does not need.
 *
 * What: `readable` puts what is named for one use into the place of that use, and the way to a list or record into the
 * places of all of them, where nothing that is read changes in between and the line stays short; the user's own names
 * stay. Why on the text: sweeps name values because either of them may ask for them, which is known when both are written.
 */
import { binding, bindingOf } from "../rules/syntax.ts";
import { forEachChild, type Node, parse } from "../source/syntax.ts";
import type { ProgramText, Variable } from "../transform/assemble.ts";
import { unwrapped } from "../transform/products.ts";
import { assignment, type Lines } from "../transform/writer.ts";
import { textOf, type Writing } from "./expressions.ts";
import {
  blocksAround,
  blocksOf,
  declaresAny,
  hasEffectsBeside,
  isBeforeIterations,
  isFunctionInside,
  isLiteral,
  isLoop,
  isMade,
  isNumber,
  isNumeral,
  isPathTo,
  isPure,
  isStartOf,
  type Reads,
  readsOf,
  rootOf,
  type Use,
  usesOf,
} from "./reading.ts";

/** A program without variables that a reader does not need. */
export function readable(text: ProgramText): ProgramText {
  const words = (lines: Lines): string[] => lines.flatMap((line) => line.match(/[\w$]+/g) ?? []);
  const outside = new Set(text.functions.flatMap(({ lines }) => words(lines)));
  const functions = text.functions.map((f) => ({
    ...f,
    lines: inlined(f.lines, {
      variables: f.variables,
      outside: new Set(),
      isReverse: f.name.includes("Reverse"),
    }),
  }));
  const lines = inlined(text.lines, { variables: text.variables, outside, isReverse: false });
  return { ...text, functions, lines };
}

interface Facts {
  /** Whether what is returned is an adjoint. */
  readonly isReverse: boolean;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Names that functions beside it read. */
  readonly outside: ReadonlySet<string>;
}

const mostPasses = 64;
/** A line that became longer than this is not read at a glance. */
const longest = 84;
const head = "function program() {\n";

function inlined(lines: Lines, facts: Facts): Lines {
  let text = lines.join("\n");
  // each pass is right by itself: a long program need not be done
  for (let pass = 0, before = ""; before !== text && pass < mostPasses; pass++) {
    before = text;
    text = new Pass(text, facts).run();
  }
  return text.split("\n");
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
interface Candidate {
  readonly statement: Node;
  readonly name: string;
  readonly value: Node;
  readonly uses: readonly Use[];
}
class Pass {
  private readonly code: string;
  private readonly edits: Edit[] = [];
  private readonly touched = new Set<Node>();
  private readonly counters = new Map<string, boolean>();
  /** Where names stand, and where they are declared. */
  private readonly places = new Map<string, number[]>();
  private readonly declared = new Map<string, number[]>();

  constructor(
    text: string,
    private readonly facts: Facts,
  ) {
    this.code = `${head}${text}\n}`;
  }
  run(): string {
    const { body } = parse(this.code, "script").body[0];
    this.findCounters(body);
    this.findNames(body);
    this.block(body.body);
    const text = this.edits
      .sort((a, b) => b.start - a.start)
      .reduce((code, { start, end, text: by }) => code.slice(0, start) + by + code.slice(end), this.code);
    return text.slice(head.length, -2);
  }
  /** Counters of loops that begin or end at zero. */
  private findCounters(node: Node): void {
    if (node.type === "ForStatement" && node.init?.type === "VariableDeclaration") {
      const [{ id, init }] = node.init.declarations;
      const isUp = node.update.operator === "++" && init.value >= 0;
      const isDown =
        node.update.operator === "--" && node.test.operator === ">=" && node.test.right.value === 0;
      this.counters.set(id.name, (this.counters.get(id.name) ?? true) && (isUp || isDown));
    }
    forEachChild(node, (child) => this.findCounters(child));
  }
  private findNames(node: Node): void {
    const note = (places: Map<string, number[]>, { name, start }: Node): void => {
      const known = places.get(name);
      if (known) known.push(start);
      else places.set(name, [start]);
    };
    if (node.type === "Identifier") note(this.places, node);
    if (node.type === "VariableDeclarator") note(this.declared, node.id);
    forEachChild(node, (child, field) => {
      const isKey = (field === "property" || field === "key") && !node.computed && node.value !== child;
      if (!isKey) this.findNames(child);
    });
  }
  private block(statements: readonly Node[]): void {
    statements.forEach((statement, k) => {
      for (const inner of blocksOf(statement)) this.block(inner);
      if (this.touched.has(statement)) return;
      const candidate = this.candidate(statement, statements.slice(k + 1));
      if (candidate) this.inline(candidate, statements.slice(k + 1));
      this.rewrite(statement);
    });
  }
  private candidate(statement: Node, behind: readonly Node[]): Candidate | null {
    if (statement.type !== "VariableDeclaration" || statement.kind !== "const") return null;
    const [{ id, init }] = statement.declarations;
    if (id.type !== "Identifier" || !(isPure(init) || isLiteral(init) || isMade(init))) return null;
    if (this.facts.outside.has(id.name)) return null;
    const isBehind = (place: number): boolean => place > statement.end;
    const end = behind.at(-1)?.end ?? 0;
    const inBlock = (places: readonly number[] = []): number[] =>
      places.filter((place) => isBehind(place) && place < end);
    const places = inBlock(this.places.get(id.name));
    if (places.length === 0 || (places.length > mostUses && !isNumeral(init))) return null;
    if (inBlock(this.declared.get(id.name)).length > 0) return null;
    const uses = usesOf(id.name, behind, places);
    return uses.length > 0 ? { statement, name: id.name, value: init, uses } : null;
  }
  private inline({ statement, name, value, uses }: Candidate, behind: readonly Node[]): void {
    const isPath = isPathTo(value) && this.isPointer(name);
    // a new list is what a variable begins with; that and a record go where one is kept
    if (isMade(value) && !(uses.length === 1 && isStartOf(uses[0]))) return;
    if (isLiteral(value) && uses.some(({ isKept }) => !isKept)) return;
    const isShort = isNumeral(value) && value.end - value.start < 6 && !this.isNamed(name);
    if (!isShort && uses.length > (isPath ? mostUses : 1)) return;
    if (isPath && !isShort && uses.length > 1 && value.end - value.start > 12) return;
    const targets = uses.map(({ within }) => within[within.length - 1]);
    if (targets.some((target) => this.touched.has(target))) return;
    if (!isShort && this.isWanted(name, value, uses)) return;
    if (!isShort && !uses.every((use) => this.mayMove(value, use, behind, isPath))) return;
    const replaced = new Set<Node>();
    const meaning = (node: Node): Node | null => {
      if (!uses.some((use) => use.node === node)) return null;
      replaced.add(node);
      return value;
    };
    const edits: Edit[] = [];
    for (const target of new Set(targets)) {
      const edit = this.written(target, meaning);
      if (!edit || this.lengthOf(edit) > this.roomFor(target)) return;
      edits.push(edit);
    }
    // what is written as it stood has its names
    if (replaced.size < uses.length) return;
    for (const target of targets) this.touched.add(target);
    this.edits.push(...edits, this.removal(statement));
    this.touched.add(statement);
  }
  private isNamed(name: string): boolean {
    const variable = this.facts.variables.get(name);
    return variable !== undefined && !variable.shadow && variable.value.name !== null;
  }
  private isPointer(name: string): boolean {
    return this.facts.variables.get(name)?.value.type === "pointer";
  }
  /** Whether a name is the user's, and says more than what it stands for. */
  private isWanted(name: string, value: Node, uses: readonly Use[]): boolean {
    const variable = this.facts.variables.get(name);
    if (!variable || variable.value.name === null) return false;
    const { op, input } = variable.value;
    if (op === "input" && input.path.length > 0) return false;
    // the next value of a variable goes to that at once
    const [{ within }] = uses;
    const target = within[within.length - 1];
    if (target.type === "ExpressionStatement" && target.expression.type === "AssignmentExpression") {
      const { left, right, operator } = target.expression;
      if (operator === "=" && left.type === "Identifier" && right === uses[0].node) return false;
    }
    if (target.type === "VariableDeclaration" && target.declarations[0].init === uses[0].node) {
      const { name: next } = target.declarations[0].id;
      if (this.facts.variables.get(next)?.value.name === variable.value.name) return false;
    }
    return !(variable.shadow && isPathTo(value) && uses.length === 1);
  }
  /** Whether what an expression reads is the same at a use. */
  private mayMove(value: Node, { node, within }: Use, behind: readonly Node[], isPath: boolean): boolean {
    const reads = readsOf(value);
    const blocks = [behind, ...within.slice(0, -1).map((statement) => blocksAround(statement, node))];
    for (const [depth, statements] of blocks.entries()) {
      const at = within[depth];
      for (const statement of statements) {
        if (statement === at) break;
        if (this.changes(statement, reads, isPath)) return false;
      }
      if (isFunctionInside(at, node)) return false;
      if (isLoop(at) && !isBeforeIterations(at, node)) return false;
      if (depth < within.length - 1 && declaresAny(blocksAround(at, node), reads.names)) return false;
    }
    const last = within[within.length - 1];
    return !hasEffectsBeside(last, node);
  }
  private changes(statement: Node, reads: Reads, isPath: boolean): boolean {
    let changed = false;
    const look = (node: Node): void => {
      if (changed) return;
      if (node.type === "AssignmentExpression" || node.type === "UpdateExpression") {
        const target = node.left ?? node.argument;
        if (target.type === "Identifier") changed ||= reads.names.has(target.name);
        else if (!(isPath && isNumber(node))) changed ||= this.meets(target, reads);
      } else if (node.type === "CallExpression") changed ||= !isPure(node) && this.callChanges(node, reads);
      forEachChild(node, look);
    };
    look(statement);
    return changed;
  }
  private callChanges({ callee }: Node, reads: Reads): boolean {
    if (callee.type === "MemberExpression" && !callee.computed) {
      if (callee.object.name === "rows") return false;
      if (["push", "pop", "fill", "set"].includes(callee.property.name)) {
        const root = rootOf(callee.object);
        if (root === "objects") return false;
        return reads.elements.some((read) => this.isSameSide(read, root));
      }
      return !["slice", "map"].includes(callee.property.name) && reads.names.size > 0;
    }
    return true;
  }
  /** Whether a write may be to something that is read. */
  private meets(target: Node, { elements, keys }: Reads): boolean {
    const root = rootOf(target);
    if (!target.computed) {
      if (target.property.name === "length")
        return elements.some((read) => this.isSameSide(read, root)) || keys.has("length");
      return keys.has(target.property.name);
    }
    return elements.some((read) => this.isSameSide(read, root));
  }
  /** Values, what belongs to them, and the tape are never the same lists. */
  private isSameSide(a: string, b: string): boolean {
    return this.sideOf(a) === this.sideOf(b);
  }
  private sideOf(name: string): string {
    if (/^tape\d*$/.test(name) || name === "objects") return name;
    const variable = this.facts.variables.get(name);
    const isShadow = variable ? variable.shadow : /(?:Bar|Dot)\d*$|^cotangent$/.test(name);
    return isShadow ? "shadow" : "value";
  }

  // ---- writing ----

  private rewrite(statement: Node): void {
    if (this.touched.has(statement)) return;
    const edit = this.written(statement, () => null);
    if (!edit || edit.text === this.code.slice(edit.start, edit.end)) return;
    this.edits.push(edit);
    this.touched.add(statement);
  }
  /** A statement anew, or the part of it that is not a block. */
  private written(statement: Node, meaning: Writing["meaning"]): Edit | null {
    const writing = (simplified: boolean): Writing => ({
      code: this.code,
      meaning,
      simplified,
      isCount: (name) => this.counters.get(name) ?? false,
    });
    const part = (node: Node, simplified = false): Edit => ({
      start: node.start,
      end: node.end,
      text: unwrapped(textOf(node, writing(simplified))),
    });
    switch (statement.type) {
      case "VariableDeclaration": {
        if (statement.declarations.length !== 1 || !statement.declarations[0].init) return null;
        const [{ id, init }] = statement.declarations;
        return id.type === "Identifier" ? part(init, this.isDerivative(id.name)) : null;
      }
      case "ExpressionStatement": {
        const { expression } = statement;
        if (expression.type !== "AssignmentExpression") return part(expression, this.facts.isReverse);
        const { left, right, operator } = expression;
        const simplified = this.isDerivative(rootOf(left));
        const [target, value] = [textOf(left, writing(false)), unwrapped(textOf(right, writing(simplified)))];
        const text =
          operator !== "="
            ? compound(target, operator, value, simplified)
            : simplified && bindingOf(value) === binding.sum && value.startsWith(`${target} + `)
              ? `${target} += ${value.slice(target.length + 3)};`
              : assignment(target, value);
        return { start: statement.start, end: statement.end, text };
      }
      case "ReturnStatement":
        return statement.argument?.type === "ObjectExpression"
          ? { start: statement.start, end: statement.end, text: this.returned(statement.argument, writing) }
          : statement.argument && part(statement.argument, this.facts.isReverse);
      case "IfStatement":
        return part(
          statement.test,
          this.code.slice(statement.test.start, statement.test.end).includes("tape.length"),
        );
      case "ForStatement":
        return statement.init?.type === "VariableDeclaration" && statement.init.declarations[0].init
          ? part(statement.init.declarations[0].init)
          : null;
    }
    return null;
  }
  private returned(record: Node, writing: (simplified: boolean) => Writing): string {
    const members = record.properties.map(({ key, value }: Node) => {
      const text = textOf(value, writing(key.name !== "value"));
      return text === key.name ? key.name : `${key.name}: ${text}`;
    });
    return `return { ${members.join(", ")} };`;
  }
  private isDerivative(name: string): boolean {
    const variable = this.facts.variables.get(name);
    // so is what has room on the tape
    return variable ? variable.shadow : /^tape\d*$/.test(name) || /(?:Bar|Dot)(?:Next)?\d*$/.test(name);
  }
  private lengthOf({ start, end, text }: Edit): number {
    const line = this.lineAt(start);
    const last = this.code.indexOf("\n", end);
    return start - line + text.length + (last < 0 ? 0 : last - end);
  }
  /** What is laid out on several lines may be longer. */
  private roomFor({ type }: Node): number {
    return type === "ReturnStatement" ? Number.POSITIVE_INFINITY : longest;
  }
  private lineAt(place: number): number {
    return this.code.lastIndexOf("\n", place - 1) + 1;
  }
  /** Takes a statement's line out, with the comment that was for it alone. */
  private removal({ start, end }: Node): Edit {
    let from = this.lineAt(start);
    const to = end + 1;
    const above = this.lineAt(from - 1);
    const next = this.code.slice(to, this.code.indexOf("\n", to)).trim();
    const isComment = this.code.slice(above, from).trimStart().startsWith("//");
    if (isComment && /^(?:\/\/|\}|for |if |while |giveTape|$)|\.length = /.test(next)) from = above;
    return { start: from, end: to, text: "" };
  }
}
/** The most uses of a way to a list or record that are written out. */
const mostUses = 4;

/** `a += -b` is `a -= b`. */
function compound(target: string, operator: string, value: string, simplified: boolean): string {
  const isSum = operator === "+=" || operator === "-=";
  if (!simplified || !isSum || !value.startsWith("-") || bindingOf(value) < binding.product)
    return `${target} ${operator} ${value};`;
  return `${target} ${operator === "+=" ? "-=" : "+="} ${unwrapped(value.slice(1))};`;
}
