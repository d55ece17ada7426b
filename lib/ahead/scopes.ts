/**
 * Names as short as their places allow.
 *
 * What: `shortened` gives variables the names that somebody would give who sees one block at a time: a second `k` is a `k`
 * again where the first one is gone. Why last: programs are written with one name for each variable.
 */
import type ts from "typescript";
import type { Lines } from "../transform/writer.ts";

interface Declaration {
  name: string;
  readonly scope: ts.Node;
  readonly at: ts.Identifier[];
}

export function shortened(
  compiler: typeof ts,
  lines: Lines,
  wishesFor: (name: string) => readonly string[],
  taken: ReadonlySet<string>,
): Lines {
  const head = "function program() {\n";
  const code = `${head}${lines.join("\n")}\n}`;
  const source = compiler.createSourceFile("program.ts", code, compiler.ScriptTarget.ES2022, true);
  const declarations = declarationsIn(compiler, source);
  const changes: { at: number; end: number; text: string }[] = [];
  for (const declaration of declarations) {
    const wish = wishesFor(declaration.name).find(
      (name) =>
        !taken.has(name) &&
        !declarations.some((other) => other.name === name && overlaps(other, declaration)),
    );
    if (wish === undefined) continue;
    for (const node of declaration.at) {
      const isShort = compiler.isShorthandPropertyAssignment(node.parent);
      changes.push({ at: node.getStart(), end: node.end, text: isShort ? `${node.text}: ${wish}` : wish });
    }
    declaration.name = wish;
  }
  const result = changes
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, end, text: by }) => text.slice(0, at) + by + text.slice(end), code);
  return result
    .slice(head.length, -2)
    .split("\n")
    .map((line) => line.replace(/(?<=[{,] )([\w$]+): \1(?=,| \})/g, "$1"));
}

/** The variables, with all places where they stand. */
function declarationsIn(compiler: typeof ts, source: ts.SourceFile): Declaration[] {
  const scopes = new Map<ts.Node, Map<string, Declaration>>();
  const scopeOf = (node: ts.Node): ts.Node => {
    let scope = node.parent;
    while (
      !compiler.isBlock(scope) &&
      !compiler.isForStatement(scope) &&
      !compiler.isFunctionLike(scope) &&
      !compiler.isSourceFile(scope)
    )
      scope = scope.parent;
    return scope;
  };
  const found: Declaration[] = [];
  const each = (node: ts.Node, visit: (identifier: ts.Identifier) => void): void => {
    if (compiler.isIdentifier(node)) visit(node);
    node.forEachChild((child) => each(child, visit));
  };
  each(source, (node) => {
    const { parent } = node;
    const isDeclared =
      (compiler.isVariableDeclaration(parent) || compiler.isParameter(parent)) && parent.name === node;
    if (!isDeclared) return;
    const scope = scopeOf(compiler.isParameter(parent) ? node : parent);
    const declaration: Declaration = { name: node.text, scope, at: [] };
    scopes.set(scope, (scopes.get(scope) ?? new Map()).set(node.text, declaration));
    found.push(declaration);
  });
  each(source, (node) => {
    const { parent, text } = node;
    const isMember =
      (compiler.isPropertyAccessExpression(parent) ||
        compiler.isPropertyAssignment(parent) ||
        compiler.isPropertySignature(parent)) &&
      parent.name === node;
    if (isMember || compiler.isTypeReferenceNode(parent)) return;
    let scope = scopeOf(node);
    while (!scopes.get(scope)?.has(text) && !compiler.isSourceFile(scope)) scope = scopeOf(scope);
    scopes.get(scope)?.get(text)?.at.push(node);
  });
  return found;
}
/** Whether one of two scopes is inside of the other one, or is it. */
function overlaps({ scope: a }: Declaration, { scope: b }: Declaration): boolean {
  return (a.pos <= b.pos && b.end <= a.end) || (b.pos <= a.pos && a.end <= b.end);
}
