/**
 * The cells of a session, as the compiler sees them.
 *
 * What: each cell is a module. What it declares is kept as a declaration file; a later cell gets a first line that
 * imports, of all earlier cells, just the names that it uses. Why: a cell then costs the same in a session of any
 * length. Variables come as `declare let`, so that they can be assigned to; everything else as an import.
 */
import ts = require("typescript");

import { assignedGlobals, type Declared, declaredNames, usedNames } from "./declared.ts";
import { cellModule, lender } from "./names.ts";
import { type Problem, problemsOf } from "./problems.ts";
import { augmentation, Service } from "./service.ts";

interface Known extends Declared {
  cell: number;
}

/** A cell as the service's file: the user's text begins after `offset`, on the second line. */
export interface Framed {
  path: string;
  text: string;
  offset: number;
  declared: Map<string, Declared>;
  /** What it makes global by assignment alone. */
  globals: string[];
}

export interface Emitted {
  problems: Problem[];
  /** JavaScript with ES imports, and its source map (JSON) to the user's text. */
  code: string;
  map: string;
}

export class Cells {
  readonly service: Service;
  readonly names = new Map<string, Known>();
  /** What front ends call the cells. */
  readonly #labels = new Map<number, string>();
  /** Names that cells made global by assignment; of their types nothing is known. */
  readonly #globals = new Set<string>();
  /** What the latest cell declares. */
  declared: Iterable<string> = [];

  constructor(folder: string) {
    this.service = new Service(folder);
  }

  /** Checks and converts a cell; if it has no errors, later cells know its names. */
  convert(code: string, number: number, name: string): Emitted {
    const framed = this.frame(code);
    const problems = problemsOf(this.service, framed, code, (cell) => this.#labels.get(cell));
    if (problems.some(({ fatal }) => fatal)) return { problems, code: "", map: "" };
    const output = this.emit(framed);
    const declarations = output(".d.ts");
    const augments = augmentation.test(code);
    if (framed.declared.size > 0 || augments) {
      this.#labels.set(number, name);
      if (declarations === undefined)
        this.service.setCell(number, framed.text, framed.path.endsWith("x") ? ".tsx" : ".ts");
      else this.service.setCell(number, declarations, ".d.ts");
      if (augments) this.service.alwaysSee(number);
    }
    this.declared = framed.declared.keys();
    for (const name of framed.globals) this.#globals.add(name);
    for (const [name, declared] of framed.declared) this.names.set(name, { ...declared, cell: number });
    return {
      problems,
      code: withoutExports(output(".js") ?? output(".jsx") ?? "", framed.declared),
      map: unframed(output(".js.map") ?? output(".jsx.map") ?? "", code, name),
    };
  }

  /** A cell's JavaScript, declarations and map, by the ending of their names. */
  emit({ path }: Framed): (ending: string) => string | undefined {
    const { outputFiles } = this.service.service.getEmitOutput(path);
    return (ending) => outputFiles.find(({ name }) => name.endsWith(ending))?.text;
  }

  /** Makes a cell's text the file that the service looks at; `toRead`: with earlier variables as they were declared. */
  frame(code: string, toRead = false): Framed {
    const body = code.startsWith("#!") ? `//${code.slice(2)}` : code;
    const { file, ending } = parsed(body);
    const declared = declaredNames(ts, file);
    const used = usedNames(ts, file);
    if (ending === "tsx") for (const name of this.#factories()) used.add(name);
    const globals = assignedGlobals(ts, file).filter((name) => !(name in globalThis));
    const lent = [...used].filter((name) => !declared.has(name));
    const untyped = lent.filter((name) => globals.includes(name) || this.#globals.has(name));
    const first = this.#firstLine(lent, toRead) + this.#untyped(untyped);
    const own = [...declared].filter(([, { exported }]) => !exported).map(([name]) => name);
    const last = `\nexport { ${own.join(", ")} };\n`;
    const text = `${first}\n${body}${last}`;
    const path = this.service.focus(ending, text);
    return { path, text, offset: first.length + 1, declared, globals };
  }

  /** Declarations of names whose types nobody knows. */
  #untyped(names: string[]): string {
    return names
      .filter((name) => !this.names.has(name))
      .map((name) => `declare let ${name}: any; `)
      .join("");
  }

  /** Names that JSX uses without naming them. */
  #factories(): string[] {
    const { jsxFactory = "React.createElement", jsxFragmentFactory = "React.Fragment" } =
      this.service.options;
    return [jsxFactory, jsxFragmentFactory].map((name) => name.split(".")[0]);
  }

  #firstLine(used: string[], toRead: boolean): string {
    const imports = new Map<number, { names: string[]; variables: string[] }>();
    for (const name of used) {
      const known = this.names.get(name);
      if (!known) continue;
      const group = imports.get(known.cell) ?? { names: [], variables: [] };
      imports.set(known.cell, group);
      const variable = (known.kind === "let" || known.kind === "const") && !known.type;
      if (variable && !toRead)
        group.variables.push(`declare ${known.kind} ${name}: typeof ${lender(known.cell)}.${name};`);
      else group.names.push(name);
    }
    let line = "";
    for (const [cell, { names, variables }] of imports) {
      const from = JSON.stringify(`${cellModule}${cell}`);
      if (names.length > 0) line += `import { ${names.join(", ")} } from ${from}; `;
      if (variables.length > 0)
        line += `import type * as ${lender(cell)} from ${from}; ${variables.join(" ")} `;
    }
    return line;
  }
}

/** The JavaScript of a framed cell without its last line, which exports names that `declare` alone may have declared, too. */
const withoutExports = (code: string, declared: Framed["declared"]): string =>
  code
    .replace(/(?:^|\n)\/\/# sourceMappingURL=.*\s*$/, "\n")
    .replace(/(^|\n)export \{ ([^{}]*) \};\s*$/, (line, before, names: string) =>
      names.split(", ").every((name) => declared.get(name)?.exported === false) ? `${before}\n` : line,
    );

/** A cell as TypeScript, or as TSX where only that has no syntax errors. */
function parsed(code: string): { file: ts.SourceFile; ending: "ts" | "tsx" } {
  const parse = (kind: ts.ScriptKind) =>
    ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true, kind);
  const errors = (file: ts.SourceFile) =>
    (file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length;
  const file = parse(ts.ScriptKind.TS);
  if (errors(file) > 0 && /<[\w>]/.test(code)) {
    const other = parse(ts.ScriptKind.TSX);
    if (errors(other) < errors(file)) return { file: other, ending: "tsx" };
  }
  return { file, ending: "ts" };
}

/** The compiler's map of a framed cell as a map to the user's text: one line up. */
function unframed(map: string, code: string, name: string): string {
  const parsedMap = JSON.parse(map);
  return JSON.stringify({
    version: 3,
    sources: [name],
    sourcesContent: [code],
    names: [],
    mappings: shiftLine(parsedMap.mappings),
  });
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Takes one off the first original line of the mappings, from which all others are counted. */
function shiftLine(mappings: string): string {
  const start = mappings.search(/[^;,]/);
  if (start < 0) return mappings;
  const segment = /^[^;,]*/.exec(mappings.slice(start))?.[0] as string;
  const values: number[] = [];
  for (let k = 0, shift = 0, value = 0; k < segment.length; k++) {
    const digit = digits.indexOf(segment[k]);
    value += (digit & 31) << shift;
    shift += 5;
    if (!(digit & 32)) {
      values.push(value & 1 ? -(value >> 1) : value >> 1);
      shift = value = 0;
    }
  }
  values[2]--;
  const encoded = values.map((value) => {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1;
    let text = "";
    do {
      let digit = rest & 31;
      rest >>>= 5;
      if (rest > 0) digit |= 32;
      text += digits[digit];
    } while (rest > 0);
    return text;
  });
  return mappings.slice(0, start) + encoded.join("") + mappings.slice(start + segment.length);
}
