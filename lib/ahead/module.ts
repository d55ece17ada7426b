/**
 * A derivative program as a module that stands alone.
 *
 * What: `moduleText`: header, types, constants, the function, and below it what it calls beside `Math`. The text is
 * checked by TypeScript under strict rules before anybody gets it.
 */
import type ts from "typescript";
import { numeral } from "../rules/index.ts";
import type { Place } from "../source/positions.ts";
import type { ProgramText } from "../transform/assemble.ts";
import type { Result, Value } from "../transform/ir.ts";
import type { Kind } from "../transform/kinds.ts";
import { Refusal } from "../transform/refusal.ts";
import { indent, type Lines } from "../transform/writer.ts";
import { diagnose, type Fault } from "./check.ts";
import { declaredShapes, isOfShape } from "./declared.ts";
import { helperTexts } from "./helpers.ts";
import { itemsOfReturn, laidOut } from "./layout.ts";
import { helperMark, wishes, withOwnNames } from "./names.ts";
import { shortened } from "./scopes.ts";
import type { Parameter, Shape } from "./shapes.ts";
import { tidied } from "./tidy.ts";
import { type Hints, listed, typedFunctions, typedLines, typeOfKind } from "./typed.ts";

export interface ModuleOptions {
  readonly compiler: typeof ts;
  readonly mode: "gradient" | "pullback" | "tangent";
  readonly parameters: readonly Parameter[];
  readonly positions: readonly number[];
  /** What the function says that it returns. */
  readonly result: Shape | null;
  readonly declarations: ReadonlyMap<string, string>;
  /** The names of variables in the module, where they are other ones than in the program. */
  readonly names: ReadonlyMap<string, string>;
  /** Where the function is. */
  readonly place: Place;
  /** The lines of the comment at the top. */
  readonly header: readonly string[];
  readonly description: string;
}

const helperCalls = new RegExp(`${helperMark.replace("$", "\\$")}\\.(\\w+)\\(`, "g");

/** A program with what it takes from outside, before its variables have types. */
export function moduleText(text: ProgramText, options: ModuleOptions): string {
  const originals = new Map(Array.from(options.names, ([name, own]) => [own, name]));
  const hints: Hints = {
    begun: new Set(),
    told: new Set(),
    steady: new Set(),
    cast: new Set(),
    declared: declaredShapes(text.lowering, options.parameters, options.result),
    numbers: numbersName(options),
  };
  const bodies = [text, ...text.functions];
  const variableOf = (word: string): string | null => {
    const name = originals.get(word) ?? word;
    return bodies.some(({ variables }) => variables.has(name)) ? name : null;
  };
  for (let pass = 0; ; pass++) {
    const module = written(text, options, hints, false);
    const faults = diagnose(options.compiler, module);
    if (faults.length === 0) {
      const short = written(text, options, hints, true);
      return diagnose(options.compiler, short).length === 0 ? short : module;
    }
    if (pass === mostPasses || !learn(hints, faults, variableOf))
      throw new Refusal(
        `TypeScript sees no types for the lists and records of the derivative: ${faults[0].message}`,
        "give what is kept in one variable or list one type, or leave the function to grad",
        options.place,
      );
  }
}
const mostPasses = 12;

/** The name of lists and arrays of numbers, which is none of the user's types. */
function numbersName({ declarations }: ModuleOptions): string {
  return ["Numbers", "NumberList", "ListOfNumbers"].find((name) => !declarations.has(name)) ?? "Numbers_";
}

/** Stands for what the module gives. */
const result = "return";

/** Takes from what the checker says where it has to be told more; false where that is nothing new. */
function learn(
  { begun, told, steady, cast }: Hints,
  faults: readonly Fault[],
  variableOf: (word: string) => string | null,
): boolean {
  const size = () => begun.size + told.size + steady.size + cast.size;
  const known = size();
  const [toldBefore, steadyBefore] = [new Set(told), new Set(steady)];
  for (const { code, word } of faults) {
    const name = variableOf(word);
    const at = name ?? `${result} ${word}`;
    if (name !== null && /^(?:value|gradient|tangent)$/.test(word)) told.add(`${result} ${word}`);
    if (code === 2454) begun.add(at);
    // a type that depends on itself; one that does not fit, which may be one that is read alone
    else if (code === 7022 || code === 2322 || code === 4104) {
      if (steadyBefore.has(at)) cast.add(at);
      if (toldBefore.has(at)) steady.add(at);
      told.add(at);
    }
  }
  if (size() > known) return true;
  // else something on the line has a type that it should not have
  for (const { line } of faults)
    for (const [word] of line.matchAll(/[\w$]+/g)) {
      const name = variableOf(word);
      if (name) (toldBefore.has(name) ? cast : told).add(name);
    }
  return size() > known;
}

/** `isLast` says that the types are found: now names need not be apart any more. */
function written(text: ProgramText, options: ModuleOptions, hints: Hints, isLast: boolean): string {
  const { compiler, parameters, positions, mode } = options;
  const constants = constantsOf(text, options);
  const names = new Set([...outerNames(text, options), ...text.variables.keys(), ...options.names.values()]);
  for (const f of text.functions) for (const name of f.variables.keys()) names.add(name);
  const own = typedLines(text, hints, mode === "tangent");
  const inner = typedFunctions(text, hints, mode === "tangent");
  const gradients = positions.map((k) => parameters[k].gradient);
  const gradient = gradients.length === 1 ? gradients[0] : `[${gradients.join(", ")}]`;
  const shape = options.result && isOfShape(text.lowering.result, options.result) ? options.result : null;
  const value = shape?.type ?? typeOfResult(text.lowering.result);
  const derivative = shape?.gradient ?? value;
  const returns = {
    value,
    [mode === "tangent" ? "tangent" : "gradient"]: mode === "tangent" ? derivative : gradient,
  };
  own.push(
    returnLine(own.pop() as string, returns, hints.told, mode !== "tangent" && positions.length === 1),
  );
  const long = tidied(withOwnNames(compiler, [...own, ...inner], options.names));
  const body = isLast
    ? shortened(compiler, long, wishes(text, options.names), outerNames(text, options))
    : long;
  const called = [...new Set(Array.from(body.join("\n").matchAll(helperCalls), ([, name]) => name))];
  const outside = new Set([text.name, ...constants.keys()]);
  const helpers = renamed(
    helperTexts(compiler, called),
    (name) => outside.has(name) || (called.includes(name) && names.has(name)),
  );
  const lines = body.map((line) =>
    line.replace(helperCalls, (_, name) => `${helpers.get(name)?.name ?? name}(`),
  );
  const all = lines.filter((line) => !line.trimStart().startsWith("//")).join("\n");
  // nobody looks for the use of what begins so
  const marked = (name: string): string => (isRead(name, all) || name.startsWith("_") ? name : `_${name}`);
  const nameOf = (k: number): string => marked(options.names.get(text.parameters[k]) ?? text.parameters[k]);
  const types = parameters.map(({ type }, k) => `${nameOf(k)}: ${type}`);
  if (mode === "pullback")
    types.push(`${marked(options.names.get("cotangent") ?? "cotangent")}: ${derivative}`);
  if (mode === "tangent")
    positions.forEach((k, j) => {
      types.push(
        `${nameOf(parameters.length + j)}: ${parameters[k].gradient.replace(/\bnull\b/g, "unknown")}`,
      );
    });
  const returned = [
    `value: ${value}`,
    mode === "tangent" ? `tangent: ${derivative}` : `gradient: ${gradient}`,
  ];
  const used = [...constants].filter(([name]) => isRead(name, all));
  const parts = [
    options.header.map((line) => `// ${line}`.trimEnd()).join("\n"),
    ...usedDeclarations(options.declarations, [...types, ...returned, all].join("\n")),
    ...(isRead(hints.numbers, all) ? [`type ${hints.numbers} = number[] | Float64Array;`] : []),
    used.map(([name, value]) => `const ${name} = ${value};`).join("\n"),
    [
      ...comment(options.description, all),
      ...laidOut([...headOf(text.name, types, returned), ...indent(lines), "}"]),
    ].join("\n"),
    ...[...new Set([...helpers.values()].map((helper) => helper.text))],
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Names that are seen in all of the function. */
function outerNames(text: ProgramText, options: ModuleOptions): Set<string> {
  const parameters = text.parameters.map((name) => options.names.get(name) ?? name);
  const functions = text.functions.map((f) => f.name);
  return new Set([text.name, ...constantsOf(text, options).keys(), ...parameters, ...functions]);
}

/** The declarations that a text names, and those that they name. */
function usedDeclarations(declarations: ReadonlyMap<string, string>, text: string): string[] {
  const used = new Set<string>();
  const look = (within: string): void => {
    for (const [name, declaration] of declarations)
      if (!used.has(name) && isRead(name, within)) {
        used.add(name);
        look(declaration);
      }
  };
  look(text);
  return [...declarations].filter(([name]) => used.has(name)).map(([, declaration]) => declaration);
}

/** What stands above the function. */
function comment(description: string, body: string): Lines {
  // where it asks about infinite slopes that are not those of a norm
  return /(?:Bar|Dot)\d* === 0 \? 0 : /.test(body)
    ? [
        "/**",
        ` * ${description}`,
        " * Where an infinite slope (of the root of zero) meets another one of zero, it may be NaN.",
        " */",
      ]
    : [`/** ${description} */`];
}

/** Whether a text reads a variable, also as `...name`; a member of its name is another thing. */
function isRead(name: string, text: string): boolean {
  return new RegExp(`(?<![\\w$])(?<!(?<!\\.\\.)\\.)${name.replaceAll("$", "\\$")}(?![\\w$])`).test(text);
}

/** The head of the function, on one line if that is not too long. */
function headOf(name: string, parameters: readonly string[], returned: readonly string[]): Lines {
  const type = `{ ${returned.join("; ")} }`;
  const line = `export function ${name}(${parameters.join(", ")}): ${type} {`;
  if (line.length <= 100) return [line];
  const parts =
    type.length <= 100 ? [`): ${type} {`] : ["): {", ...returned.map((part) => `  ${part};`), "} {"];
  return [`export function ${name}(`, ...parameters.map((parameter) => `  ${parameter},`), ...parts];
}

/** The last line, with types where TypeScript has been told that it does not see them; one gradient is no tuple. */
function returnLine(
  line: string,
  types: Readonly<Record<string, string>>,
  told: ReadonlySet<string>,
  isOne: boolean,
): string {
  const items = itemsOfReturn(line).map((item) => {
    const key = /^[\w$]+/.exec(item)?.[0] as string;
    const text = item.slice(key.length).replace(/^: /, "") || key;
    const value = isOne && key === "gradient" ? text.replace(/^\[(.*)\]$/s, "$1") : text;
    if (told.has(`${result} ${key}`)) return `${key}: ${value} as ${types[key]}`;
    return key === value ? key : `${key}: ${value}`;
  });
  return `return { ${items.join(", ")} };`;
}

/** The free variables that the program reads: their values are parts of the module. */
function constantsOf(
  text: ProgramText,
  { mode, names, parameters, positions }: ModuleOptions,
): Map<string, string> {
  const first = parameters.length + (mode === "tangent" ? positions.length : 0);
  return new Map(
    text.freeInputs.map((input, k) => [
      names.get(text.parameters[first + k]) ?? text.parameters[first + k],
      literal(valueOf(text, input)),
    ]),
  );
}
function valueOf({ lowering }: ProgramText, { input }: Value): unknown {
  const { root, path } = input;
  if (root.type !== "free") throw new Error("internal: a free input that is none");
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown>)[key],
    lowering.holders[root.holder].f.read(root.name),
  );
}
function literal(value: unknown): string {
  if (typeof value === "number") return numeral(value);
  if (value instanceof Float64Array) return `Float64Array.of(${[...value].map(numeral).join(", ")})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`)
      .join(", ")} }`;
  return JSON.stringify(value) ?? "undefined";
}

/** Helpers under names that nothing else in the module has. */
function renamed(
  helpers: Map<string, string>,
  isTaken: (name: string) => boolean,
): Map<string, { name: string; text: string }> {
  const clashes = [...helpers.keys()].filter(isTaken);
  const rename = (text: string): string =>
    clashes.reduce(
      (t, name) => t.replace(new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, "g"), `${name}Of`),
      text,
    );
  return new Map(
    [...helpers].map(([name, text]) => [
      name,
      { name: clashes.includes(name) ? `${name}Of` : name, text: rename(text) },
    ]),
  );
}

function typeOfResult(result: Result): string {
  switch (result.type) {
    case "value":
      return result.value.type === "pointer" ? typeOfKind(result.value.kind as Kind) : result.value.type;
    case "list": {
      if (result.floats) return "Float64Array";
      const items = result.items.map(typeOfResult);
      return items.every((item) => item === items[0]) && items.length > 0
        ? listed(items[0])
        : `[${items.join(", ")}]`;
    }
    case "record":
      return `{ ${result.keys.map((key, k) => `${JSON.stringify(key).replace(/^"([A-Za-z_$][\w$]*)"$/, "$1")}: ${typeOfResult(result.items[k])}`).join("; ")} }`;
    case "constant":
      return "null";
  }
}
