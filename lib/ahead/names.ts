/**
 * The user's names in programs that stand alone.
 *
 * What: `ownNames` and `withOwnNames`: variables that had to make way for what a program that runs here calls `rows`, `tape`,
 * `objects` … get their own names back; where the module has such a thing itself, that one makes way. What is called of
 * rows.ts is called by `helperMark`, which is nobody's name, until it is known which helpers come along.
 */
import type ts from "typescript";
import type { ProgramText } from "../transform/assemble.ts";
import { Names } from "../transform/names.ts";
import type { Lines } from "../transform/writer.ts";

export const helperMark = "helper$";

/** Names that programs keep for themselves. */
const kept = "rows tape top objects cotangent output outputs mostOutputs jacobian entries endOfTape".split(
  " ",
);

/** The names that variables have in the module, where they are other ones than in the program. */
export function ownNames(text: ProgramText, wished: readonly string[]): Map<string, string> {
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
  const names = new Set([text.name, ...text.parameters, ...text.functions.map((f) => f.name)]);
  // keys are no names
  for (const { lines } of bodies)
    for (const [word] of lines
      .map(withoutComment)
      .join("\n")
      .matchAll(/(?<![\w$])(?<!(?<!\.\.)\.)[\w$]+(?![\w$:])/g))
      names.add(word);
  const parameters = ofParameters(text, wished, names);
  for (const [name, own] of [...parameters, ...numbered(bodies), ...ofParts(bodies, names)])
    if (!found.has(name)) found.set(name, own);
  return found;
}

type Body = Pick<ProgramText, "lines" | "variables">;

const suffixes = ["", "Bar", "Dot", "Next", "BarNext", "DotNext"];

/** What has no name of the user's, counted anew in the order in which it is read. */
function numbered(bodies: readonly Body[]): Map<string, string> {
  const found = new Map<string, string>();
  const all = bodies.flatMap(({ variables }) => [...variables]);
  const theirs = new Set(all.filter(([, { value }]) => value.name !== null).map(([name]) => name));
  let count = 0;
  for (const { lines } of bodies)
    for (const line of lines)
      for (const [, base] of withoutComment(line).matchAll(
        /(?<![\w$.])(w\d+)(?:Bar|Dot)?(?:Next)?(?![\w$])/g,
      )) {
        if (found.has(base) || theirs.has(base)) continue;
        do count++;
        while (theirs.has(`w${count}`));
        for (const suffix of suffixes) found.set(base + suffix, `w${count}${suffix}`);
      }
  return found;
}
const withoutComment = (line: string): string => (line.trimStart().startsWith("//") ? "" : line);

/** Parameters that the function takes apart have the names that their types suggest. */
function ofParameters(text: ProgramText, wished: readonly string[], names: Set<string>): Map<string, string> {
  const found = new Map<string, string>();
  text.parameters.slice(0, wished.length).forEach((name, k) => {
    const wish = wished[k];
    if (name === wish || !/^x\d+$/.test(name) || !isFree(wish)) return;
    if (suffixes.some((suffix) => names.has(wish + suffix))) return;
    for (const suffix of suffixes) {
      names.add(wish + suffix);
      found.set(name + suffix, wish + suffix);
    }
  });
  return found;
}
/** Parts of arguments by their last key, as somebody would name them: `b_pos0` is `pos0`, if nothing else is. */
function ofParts(bodies: readonly Body[], words: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  const taken = new Set([...words, ...bodies.flatMap(({ variables }) => [...variables.keys()])]);
  for (const [name, { value, shadow }] of bodies.flatMap(({ variables }) => [...variables])) {
    if (shadow || value.op !== "input" || value.input.path.length === 0 || !name.includes("_")) continue;
    const wish = [partName(name, value.input.path), camelCase(name)].find(
      (text) => isFree(text) && suffixes.every((suffix) => !taken.has(text + suffix)),
    );
    if (wish === undefined) continue;
    for (const suffix of suffixes) {
      taken.add(wish + suffix);
      found.set(name + suffix, wish + suffix);
    }
  }
  return found;
}
/** Whether a name is no word of JavaScript's, nor of programs. */
const isFree = (name: string): boolean => new Names().fresh(name) === name;
function partName(name: string, path: readonly (string | number)[]): string {
  const last = path.findLastIndex((key) => typeof key === "string");
  const root = last < 0 ? name.split("_")[0] : String(path[last]);
  return root + path.slice(last + 1).join("_");
}
const camelCase = (name: string): string =>
  name.replace(/_+([\p{ID_Continue}$])/gu, (_, next: string) => next.toUpperCase());

/** The names that a variable of the module would rather have, best first: the same without its number or with a smaller one. */
export function wishes(text: ProgramText, names: ReadonlyMap<string, string>): (name: string) => string[] {
  const originals = new Map(Array.from(names, ([name, own]) => [own, name]));
  const all = new Map([text, ...text.functions].flatMap(({ variables }) => [...variables]));
  return (name) => {
    const original = originals.get(name) ?? name;
    const variable = all.get(original) ?? all.get(original.replace(/(?:Bar|Dot)?(?:Next)?$/, ""));
    const { op, name: given } = variable?.value ?? {};
    const stem = given ?? (op === "index" ? "k" : /^(?:itemBar|k|at|ties|share)(?=\d+$)/.exec(name)?.[0]);
    if (!stem || name !== original || !name.startsWith(stem)) return [];
    const [, line, number, rest] = /^(_?)(\d+)((?:Bar|Dot)?(?:Next)?)$/.exec(name.slice(stem.length)) ?? [];
    if (number === undefined) return [];
    const smaller = Array.from({ length: Number(number) - 2 }, (_, k) => `${stem}${line}${k + 2}${rest}`);
    return [stem + rest, ...smaller].filter(isFree);
  };
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
