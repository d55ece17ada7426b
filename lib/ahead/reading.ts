/**
 * What the expressions of a program read, and what its statements do.
 *
 * What: questions about syntax trees that inline.ts asks before it moves something: whether an expression only computes,
 * what it reads, whether a statement has other effects, where a name is used.
 */
import { table } from "../rules/index.ts";
import { forEachChild, isFunction, isNode, type Node } from "../source/syntax.ts";

/** A use of a variable, with the statements around it, from the block of the variable inwards. */
export interface Use {
  readonly node: Node;
  /** Whether it is an item of a list or record, appended or returned. */
  readonly isKept: boolean;
  readonly within: readonly Node[];
}

export interface Reads {
  readonly names: ReadonlySet<string>;
  /** Lists that elements are read from, by the names at their roots; and the members that are read. */
  readonly elements: readonly string[];
  readonly keys: ReadonlySet<string>;
}
export function readsOf(value: Node): Reads {
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
export function rootOf(node: Node): string {
  let root = node;
  while (root.type === "MemberExpression") root = root.object;
  return root.type === "Identifier" ? root.name : "";
}
/** Whether an expression does nothing but compute a number from others. */
export function isPure(node: Node): boolean {
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
export function isNumeral(node: Node): boolean {
  const inner = node.type === "UnaryExpression" && node.operator === "-" ? node.argument : node;
  return inner.type === "Literal" && typeof inner.value === "number";
}
/** Whether an expression is the way to something: `b.vel`, `rows[k]`. */
export function isPathTo(node: Node): boolean {
  if (node.type === "Identifier") return true;
  if (node.type !== "MemberExpression" || !isPathTo(node.object)) return false;
  return !node.computed || node.property.type === "Literal" || node.property.type === "Identifier";
}
/** Whether an assignment is surely of a number. */
export function isNumber(node: Node): boolean {
  if (node.type !== "AssignmentExpression" || node.operator !== "=") return true;
  return node.right.type === "BinaryExpression" || node.right.type === "UnaryExpression" || typeof node.right.value === "number"; // biome-ignore format: short
}
export const isLoop = ({ type }: Node): boolean =>
  ["ForStatement", "WhileStatement", "DoWhileStatement"].includes(type);
export function isBeforeIterations(loop: Node, node: Node): boolean {
  return loop.type === "ForStatement" && loop.init !== null && isIn(node, loop.init);
}
export const isIn = (inner: Node, outer: Node): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

export function isFunctionInside(statement: Node, node: Node): boolean {
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
export function hasEffectsBeside(statement: Node, node: Node): boolean {
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
  return found;
}
/** Calls that read their arguments and change nothing that is read beside them: of lists, and what appends to one. */
export function isMaking({ callee }: Node): boolean {
  return (
    callee.type === "MemberExpression" && ["push", "slice", "map", "fill"].includes(callee.property.name)
  );
}
/** The lists of statements directly inside of a statement. */
export function blocksOf(statement: Node): Node[][] {
  const bodies = [statement.body, statement.consequent, statement.alternate].filter(isNode);
  return bodies.map((body) => (body.type === "BlockStatement" ? body.body : [body]));
}
export function blocksAround(statement: Node, node: Node): Node[] {
  return blocksOf(statement).find((block) => block.some((inner) => isIn(node, inner))) ?? [];
}
export function declaresAny(statements: readonly Node[], names: ReadonlySet<string>): boolean {
  return statements.some(
    ({ type, declarations }) =>
      type === "VariableDeclaration" && declarations.some(({ id }: Node) => names.has(id.name)),
  );
}
/** Where statements read a variable, whose name stands at some places. */
export function usesOf(name: string, statements: readonly Node[], places: readonly number[]): Use[] {
  const mayHold = ({ start, end }: Node): boolean => places.some((place) => start <= place && place < end);
  const uses: Use[] = [];
  const look = (node: Node, within: readonly Node[], isKept: boolean): void => {
    if (!mayHold(node)) return;
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
export function isMade(node: Node): boolean {
  if (node.type === "NewExpression") return node.arguments.every(isPure);
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  const isZeros = object.name === "rows" && property.name === "zeros";
  return (isZeros || (property.name === "slice" && isPathTo(object))) && node.arguments.every(isPure);
}
/** Whether a use is what a variable that changes begins with. */
export function isStartOf({ node, within }: Use): boolean {
  const target = within[within.length - 1];
  return (
    within.length === 1 &&
    target.type === "VariableDeclaration" &&
    target.kind === "let" &&
    target.declarations[0].init === node
  );
}
/** Whether an expression makes a list or record of what is computed. */
export function isLiteral(node: Node): boolean {
  const isItem = (item: Node | null): boolean => item !== null && (isPure(item) || isLiteral(item));
  if (node.type === "ArrayExpression") return node.elements.length > 0 && node.elements.every(isItem);
  return (
    node.type === "ObjectExpression" &&
    node.properties.every(
      (member: Node) => member.type === "Property" && !member.computed && isItem(member.value),
    )
  );
}
