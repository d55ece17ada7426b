/**
 * TypeScript on its way to being run: the same program without its types, and the way back to what was written.
 */

export type Compiler = typeof import("typescript");
export type Format = "module" | "commonjs";

export function stripTypes(ts: Compiler, source: string, path: string, kind: Format) {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: kind === "module" ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      sourceMap: true,
      inlineSources: true,
      verbatimModuleSyntax: false,
      jsx: ts.JsxEmit.React,
    },
  });
  const map = JSON.parse(sourceMapText as string);
  map.sources = [path];
  return {
    code: outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"),
    map: JSON.stringify(map) as string | null,
  };
}
