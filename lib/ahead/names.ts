/**
 * The user's names in programs that stand alone.
 *
 * What: `ownNames` and `withOwnNames`: variables that had to make way for what a program that runs here calls `rows`, `tape`,
 * `objects` … get their own names back; where the module has such a thing itself, that one makes way. What is called of
 * rows.ts is called by `helperMark`, which is nobody's name, until it is known which helpers come along.
 */
import type ts from "typescript";
import type { ProgramText } from "../transform/assemble.ts";
import type { Lines } from "../transform/writer.ts";

export const helperMark = "helper$";

/** Names that programs keep for themselves. */
const kept = "rows tape top objects cotangent output outputs mostOutputs jacobian entries endOfTape".split(
  " ",
);

/** The names that variables have in the module, where they are other ones than in the program. */
export function ownNames(text: ProgramText): Map<string, string> {
  const bodies = [text, ...text.functions];
  const wishes = new Map<string, string | null | undefined>(
    text.parameters.map((name, k) => [name, text.lowering.parameterNames[k]]),
  );
  for (const { variables } of bodies) for (const [name, { value }] of variables) wishes.set(name, value.name);
  const words = new Set(bodies.flatMap(({ lines }) => lines.join("\n").match(/[\w$]+/g) ?? []));
  const found = new Map<string, string>();
  for (const [name, wish] of wishes) {
    if (!wish || !kept.includes(wish) || !name.startsWith(`${wish}2`)) continue;
    const own = wish + name.slice(wish.length + 1);
    if (wishes.has(own)) continue;
    found.set(name, own);
    if (own === "cotangent" ? text.parameters.includes(own) : own !== "rows" && words.has(own))
      found.set(own, name);
  }
  return found;
}

/** Lines with those names; members and comments stay as they are. */
export function withOwnNames(compiler: typeof ts, lines: Lines, names: ReadonlyMap<string, string>): Lines {
  const head = "function program() {\n";
  const code = `${head}${lines.join("\n")}\n}`;
  const source = compiler.createSourceFile("program.ts", code, compiler.ScriptTarget.ES2022, true);
  const changes: { at: number; length: number; name: string }[] = [];
  const look = (node: ts.Node): void => {
    if (compiler.isIdentifier(node)) {
      const { parent, text } = node;
      const isMember =
        (compiler.isPropertyAccessExpression(parent) || compiler.isPropertyAssignment(parent)) &&
        parent.name === node;
      const isHelper =
        text === "rows" && compiler.isPropertyAccessExpression(parent) && parent.expression === node;
      const name = isMember ? text : isHelper ? helperMark : (names.get(text) ?? text);
      if (name !== text) changes.push({ at: node.getStart(), length: text.length, name });
    }
    node.forEachChild(look);
  };
  look(source);
  const result = changes.reduceRight(
    (written, { at, length, name }) => written.slice(0, at) + name + written.slice(at + length),
    code,
  );
  return result.slice(head.length, -2).split("\n");
}
