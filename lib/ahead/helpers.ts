/**
 * Functions that a module brings along.
 *
 * What: `helperTexts`, the source text of what programs call beside `Math`: the table's functions that JavaScript lacks
 * (erf, lgamma …) and tapes, with all that they use, as they are written in rules/, transform/rows.ts and zeros.ts. Why from there:
 * there is one text of each function. The build keeps the sources inside of its source maps.
 */
import { readFileSync } from "node:fs";
import type ts from "typescript";

/** What stands in the last one is taken from there. */
const files = [
  "rules/chebyshev",
  "rules/erf",
  "rules/gamma",
  "rules/logarithms",
  "transform/rows",
  "ahead/zeros",
];

interface Declaration {
  readonly text: string;
  readonly uses: readonly string[];
}

/** The declarations behind some names, in the order in which they are written. */
export function helperTexts(compiler: typeof ts, names: readonly string[]): Map<string, string> {
  const known = names.length > 0 ? declarations(compiler) : new Map<string, Declaration>();
  const needed = new Set<string>();
  const need = (name: string): void => {
    const declaration = known.get(name);
    if (!declaration || needed.has(name)) return;
    needed.add(name);
    declaration.uses.forEach(need);
  };
  names.forEach(need);
  return new Map([...known].filter(([name]) => needed.has(name)).map(([name, { text }]) => [name, text]));
}

function declarations(compiler: typeof ts): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const file of files) {
    const source = compiler.createSourceFile(
      `${file}.ts`,
      sourceOf(file),
      compiler.ScriptTarget.ES2023,
      true,
    );
    for (const statement of source.statements) {
      const names = compiler.isFunctionDeclaration(statement)
        ? [statement.name?.text]
        : compiler.isVariableStatement(statement)
          ? statement.declarationList.declarations.map(({ name }) => name.getText(source))
          : [];
      const uses = namesFromOutside(compiler, statement);
      // with the comment above it, and without what the file says of itself
      const comment = compiler.getLeadingCommentRanges(source.text, statement.getFullStart())?.at(-1);
      const text = source.text
        .slice(comment?.pos ?? statement.getStart(source), statement.getEnd())
        .replace(/^export /m, "");
      for (const name of names) if (name) found.set(name, { text, uses: [...uses] });
    }
  }
  return found;
}

/** The names that a declaration reads and does not declare: none of ours declares one that it also reads from outside. */
function namesFromOutside(compiler: typeof ts, statement: ts.Node): Set<string> {
  const uses = new Set<string>();
  const own = new Set<string>();
  const look = (node: ts.Node): void => {
    const { parent } = node;
    if (compiler.isIdentifier(node)) {
      const isLocal =
        (compiler.isParameter(parent) || compiler.isVariableDeclaration(parent)) && parent.name === node;
      const isMember =
        (compiler.isPropertyAccessExpression(parent) || compiler.isPropertyAssignment(parent)) &&
        parent.name === node;
      if (isLocal) own.add(node.text);
      else if (!isMember) uses.add(node.text);
    }
    node.forEachChild(look);
  };
  look(statement);
  return new Set([...uses].filter((name) => !own.has(name)));
}

function sourceOf(file: string): string {
  const map = new URL(`../${file}.js.map`, import.meta.url);
  return JSON.parse(readFileSync(map, "utf8")).sourcesContent[0];
}
