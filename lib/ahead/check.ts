/**
 * A module as TypeScript's checker sees it, under strict rules and without being written anywhere.
 */
import type ts from "typescript";

export interface Fault {
  readonly code: number;
  /** The text that the message is about. */
  readonly word: string;
  readonly line: string;
  readonly message: string;
}

/** Files of the language, read once. */
const library = new Map<string, ts.SourceFile | undefined>();

/** What the compiler reads files by; `text` stands in for one that is written nowhere. */
export function hostFor(
  compiler: typeof ts,
  options: ts.CompilerOptions,
  text?: { readonly name: string; readonly text: string },
): ts.CompilerHost {
  const host = compiler.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version, ...rest) => {
    if (file === text?.name) return compiler.createSourceFile(file, text.text, version, true);
    if (!/[\\/]typescript[\\/]lib[\\/]lib\./.test(file)) return read(file, version, ...rest);
    if (!library.has(file)) library.set(file, read(file, version, ...rest));
    return library.get(file);
  };
  return host;
}

export function diagnose(compiler: typeof ts, text: string): Fault[] {
  const name = "/derivative.ts";
  const options: ts.CompilerOptions = {
    target: compiler.ScriptTarget.ES2022,
    module: compiler.ModuleKind.ESNext,
    lib: ["lib.es2022.d.ts"],
    strict: true,
    noEmit: true,
    types: [],
  };
  const program = compiler.createProgram([name], options, hostFor(compiler, options, { name, text }));
  const file = program.getSourceFile(name);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ code, start = 0, length = 0, messageText }) => ({
      code,
      word: text.slice(start, start + length),
      line: text.slice(text.lastIndexOf("\n", start - 1) + 1).split("\n", 1)[0],
      message: `${compiler.flattenDiagnosticMessageText(messageText, " ")} (line ${text.slice(0, start).split("\n").length})`,
    }),
  );
}
