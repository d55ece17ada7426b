/**
 * TypeScript on its way to being run: the same program without its types, and the way back to what was written.
 */
import type { Expression, SourceFile, TransformerFactory, Node as TreeNode } from "typescript";

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
    transformers: { after: [privateChainsInParentheses(ts)] },
  });
  const map = JSON.parse(sourceMapText as string);
  map.sources = [path];
  return {
    code: outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"),
    map: JSON.stringify(map) as string | null,
  };
}

/**
 * Puts what is returned, thrown or yielded in parentheses where it holds `o?.#a`: the compiler's printer fails on it
 * otherwise, since it takes the name of every link of an optional chain for an identifier.
 */
export function privateChainsInParentheses(ts: Compiler): TransformerFactory<SourceFile> {
  const holdsOne = (node: TreeNode): boolean =>
    (ts.isPropertyAccessChain(node) && ts.isPrivateIdentifier(node.name)) ||
    ts.forEachChild(node, holdsOne) === true;
  return (context) => (file) => {
    if (!file.text.includes("?.") || !file.text.includes("#")) return file;
    const { factory } = context;
    const inParentheses = <E extends Expression | undefined>(value: E) =>
      value && holdsOne(value) ? factory.createParenthesizedExpression(value) : value;
    const visit = (node: TreeNode): TreeNode => {
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isReturnStatement(visited))
        return factory.updateReturnStatement(visited, inParentheses(visited.expression));
      if (ts.isThrowStatement(visited))
        return factory.updateThrowStatement(visited, inParentheses(visited.expression));
      if (ts.isYieldExpression(visited) && visited.expression)
        return factory.updateYieldExpression(
          visited,
          visited.asteriskToken,
          inParentheses(visited.expression) as Expression,
        );
      return visited;
    };
    return visit(file) as SourceFile;
  };
}
