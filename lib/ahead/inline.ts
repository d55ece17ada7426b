/**
 * Variables that a reader does not need.
 *
 * What: `readable` puts what is named for one use into the place of that use, and the way to a list or record into the
 * places of all of them, where nothing that is read changes in between and the line stays short; the user's own names
 * stay. Why on the text: sweeps name values because either of them may ask for them, which is known when both are written.
 */
import { table } from "../rules/index.ts";
import { binding, bindingOf } from "../rules/syntax.ts";
import { forEachChild, isFunction, isNode, type Node, parse } from "../source/syntax.ts";
import type { ProgramText, Variable } from "../transform/assemble.ts";
import { unwrapped } from "../transform/products.ts";
import { assignment, type Lines } from "../transform/writer.ts";
import { textOf, type Writing } from "./expressions.ts";

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

/** A line that became longer than this is not read at a glance. */
const longest = 84;
const head = "function program() {\n";

function inlined(lines: Lines, facts: Facts): Lines {
  let text = lines.join("\n");
  for (let before = ""; before !== text; ) {
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
/** A use of a variable, with the statements around it, from the block of the variable inwards. */
interface Use {
  readonly node: Node;
  /** Whether it is an item of a list or record, appended or returned. */
  readonly isKept: boolean;
  readonly within: readonly Node[];
}

class Pass {
  private readonly code: string;
  private readonly edits: Edit[] = [];
  private readonly touched = new Set<Node>();
  private readonly counters = new Map<string, boolean>();

  constructor(
    text: string,
    private readonly facts: Facts,
  ) {
    this.code = `${head}${text}\n}`;
  }
  run(): string {
    const { body } = parse(this.code, "script").body[0];
    this.findCounters(body);
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
    if (behind.some((later) => declares(later, id.name))) return null;
    const uses = usesOf(id.name, behind);
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
    return !hasEffectsBeside(last, node, this.facts);
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
      text: textOf(node, writing(simplified)),
    });
    switch (statement.type) {
      case "VariableDeclaration": {
        if (statement.declarations.length !== 1 || !statement.declarations[0].init) return null;
        const [{ id, init }] = statement.declarations;
        return id.type === "Identifier" ? part(init, this.isDerivative(id.name)) : null;
      }
      case "ExpressionStatement": {
        const { expression } = statement;
        if (expression.type !== "AssignmentExpression") return part(expression);
        const { left, right, operator } = expression;
        const simplified = this.isDerivative(rootOf(left));
        const [target, value] = [textOf(left, writing(false)), textOf(right, writing(simplified))];
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

// ---- what expressions read and statements do ----

interface Reads {
  readonly names: ReadonlySet<string>;
  /** Lists that elements are read from, by the names at their roots; and the members that are read. */
  readonly elements: readonly string[];
  readonly keys: ReadonlySet<string>;
}
function readsOf(value: Node): Reads {
  const names = new Set<string>();
  const elements: string[] = [];
  const keys = new Set<string>();
  const look = (node: Node): void => {
    if (node.type === "Identifier") names.add(node.name);
    else if (node.type === "MemberExpression") {
      look(node.object);
      if (node.computed) {
        elements.push(rootOf(node));
        look(node.property);
      } else {
        keys.add(node.property.name);
        if (node.property.name === "length") elements.push(rootOf(node));
      }
    } else forEachChild(node, look);
  };
  look(value);
  return { names, elements, keys };
}
function rootOf(node: Node): string {
  let root = node;
  while (root.type === "MemberExpression") root = root.object;
  return root.type === "Identifier" ? root.name : "";
}
/** Whether an expression does nothing but compute a number from others. */
function isPure(node: Node): boolean {
  switch (node.type) {
    case "Literal":
    case "Identifier":
      return true;
    case "MemberExpression":
      return isPure(node.object) && (!node.computed || isPure(node.property));
    case "UnaryExpression":
      return "+-!".includes(node.operator) && isPure(node.argument);
    case "BinaryExpression":
    case "LogicalExpression":
      return isPure(node.left) && isPure(node.right);
    case "ConditionalExpression":
      return isPure(node.test) && isPure(node.consequent) && isPure(node.alternate);
    case "CallExpression": {
      const { callee } = node;
      const of = callee.type === "MemberExpression" && !callee.computed ? callee.object.name : null;
      const isKnown = of === "Math" || (of === "rows" && Object.hasOwn(table, callee.property.name));
      return isKnown && node.arguments.every(isPure);
    }
  }
  return false;
}
function isNumeral(node: Node): boolean {
  const inner = node.type === "UnaryExpression" && node.operator === "-" ? node.argument : node;
  return inner.type === "Literal" && typeof inner.value === "number";
}
/** Whether an expression is the way to something: `b.vel`, `rows[k]`. */
function isPathTo(node: Node): boolean {
  if (node.type === "Identifier") return true;
  if (node.type !== "MemberExpression" || !isPathTo(node.object)) return false;
  return !node.computed || node.property.type === "Literal" || node.property.type === "Identifier";
}
/** Whether an assignment is surely of a number. */
function isNumber(node: Node): boolean {
  if (node.type !== "AssignmentExpression" || node.operator !== "=") return true;
  return node.right.type === "BinaryExpression" || node.right.type === "UnaryExpression" || typeof node.right.value === "number"; // biome-ignore format: short
}
const isLoop = ({ type }: Node): boolean =>
  ["ForStatement", "WhileStatement", "DoWhileStatement"].includes(type);
function isBeforeIterations(loop: Node, node: Node): boolean {
  return loop.type === "ForStatement" && loop.init !== null && isIn(node, loop.init);
}
const isIn = (inner: Node, outer: Node): boolean => outer.start <= inner.start && inner.end <= outer.end;

function isFunctionInside(statement: Node, node: Node): boolean {
  let found = false;
  const look = (child: Node): void => {
    if (!isIn(node, child)) return;
    if (isFunction(child)) found = true;
    forEachChild(child, look);
  };
  look(statement);
  return found;
}
/** Whether a statement does more than it does with the value of an expression, before or beside that. */
function hasEffectsBeside(statement: Node, node: Node, { variables }: Facts): boolean {
  let found = false;
  const look = (child: Node, isTop: boolean): void => {
    if (child === node || blocksOf(statement).some((block) => block.includes(child))) return;
    const isAssigned = child.type === "AssignmentExpression";
    if (isAssigned && !(isTop && isIn(node, child.right)) && !(isTop && isIn(node, child.left))) found = true;
    if (child.type === "UpdateExpression" && !isLoop(statement)) found = true;
    if (child.type === "CallExpression" && !isPure(child) && !isMaking(child)) found = true;
    forEachChild(child, (inner) => look(inner, child.type === "ExpressionStatement"));
  };
  look(statement, false);
  return found || variables.size === 0;
}
/** Calls that read their arguments and change nothing that is read beside them: of lists, and what appends to one. */
function isMaking({ callee }: Node): boolean {
  return (
    callee.type === "MemberExpression" && ["push", "slice", "map", "fill"].includes(callee.property.name)
  );
}
/** The lists of statements directly inside of a statement. */
function blocksOf(statement: Node): Node[][] {
  const bodies = [statement.body, statement.consequent, statement.alternate].filter(isNode);
  return bodies.map((body) => (body.type === "BlockStatement" ? body.body : [body]));
}
function blocksAround(statement: Node, node: Node): Node[] {
  return blocksOf(statement).find((block) => block.some((inner) => isIn(node, inner))) ?? [];
}
function declaresAny(statements: readonly Node[], names: ReadonlySet<string>): boolean {
  return statements.some(
    ({ type, declarations }) =>
      type === "VariableDeclaration" && declarations.some(({ id }: Node) => names.has(id.name)),
  );
}
function declares(node: Node, name: string): boolean {
  let found = node.type === "VariableDeclarator" && node.id.name === name;
  forEachChild(node, (child) => {
    found ||= declares(child, name);
  });
  return found;
}
/** Where statements read a variable. */
function usesOf(name: string, statements: readonly Node[]): Use[] {
  const uses: Use[] = [];
  const look = (node: Node, within: readonly Node[], isKept: boolean): void => {
    if (node.type === "Identifier" && node.name === name) uses.push({ node, within, isKept });
    const blocks = blocksOf(node);
    const isPush = node.type === "CallExpression" && node.callee.property?.name === "push";
    const keeps = isPush || node.type === "ArrayExpression" || node.type === "Property";
    forEachChild(node, (child, field) => {
      const isKey =
        (node.type === "MemberExpression" && field === "property" && !node.computed) ||
        (node.type === "Property" && field === "key" && !node.computed && node.key !== node.value);
      if (isKey) return;
      const isStatement = blocks.some((block) => block.includes(child));
      if (child.type === "BlockStatement")
        for (const inner of child.body) look(inner, [...within, inner], false);
      else look(child, isStatement ? [...within, child] : within, keeps && field !== "callee");
    });
  };
  for (const statement of statements) look(statement, [statement], false);
  return uses;
}
/** Whether an expression makes a list that is a copy, or of zeros. */
function isMade(node: Node): boolean {
  if (node.type === "NewExpression") return node.arguments.every(isPure);
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  const isZeros = object.name === "rows" && property.name === "zeros";
  return (isZeros || (property.name === "slice" && isPathTo(object))) && node.arguments.every(isPure);
}
/** Whether a use is what a variable that changes begins with. */
function isStartOf({ node, within }: Use): boolean {
  const target = within[within.length - 1];
  return (
    within.length === 1 &&
    target.type === "VariableDeclaration" &&
    target.kind === "let" &&
    target.declarations[0].init === node
  );
}
/** Whether an expression makes a list or record of what is computed. */
function isLiteral(node: Node): boolean {
  const isItem = (item: Node | null): boolean => item !== null && (isPure(item) || isLiteral(item));
  if (node.type === "ArrayExpression") return node.elements.length > 0 && node.elements.every(isItem);
  return (
    node.type === "ObjectExpression" &&
    node.properties.every(
      (member: Node) => member.type === "Property" && !member.computed && isItem(member.value),
    )
  );
}
