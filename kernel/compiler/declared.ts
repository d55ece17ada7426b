/**
 * What a cell declares and which names it uses, from its syntax alone.
 *
 * Why from the syntax: what earlier cells must lend to this one is to be known before anything is checked.
 */
import type ts from "typescript";

type Compiler = typeof ts;

/** What a name stands for; a name may be a value and a type at once. */
export interface Declared {
  kind: "let" | "const" | "function" | "class" | "enum" | "namespace" | "type" | "import";
  /** Whether it also, or only, names a type. */
  type: boolean;
  exported: boolean;
  /** The comment and the text of its declaration. */
  doc: string;
  text: string;
}

/** The names that a cell declares at its top level. */
export function declaredNames(compiler: Compiler, file: ts.SourceFile): Map<string, Declared> {
  const names = new Map<string, Declared>();
  const add = (name: string, kind: Declared["kind"], type: boolean, node: ts.Node, exported: boolean) => {
    const before = names.get(name);
    const text =
      before && before.kind === "function" ? `${before.text}\n${node.getText(file)}` : node.getText(file);
    const doc = docOf(compiler, node, file);
    const merged = before && before.kind !== "type" && kind === "type" ? before.kind : kind;
    names.set(name, {
      kind: merged,
      type: type || (before?.type ?? false),
      exported: exported || (before?.exported ?? false),
      doc: doc || (before?.doc ?? ""),
      text,
    });
  };
  const pattern = (name: ts.BindingName, kind: Declared["kind"], node: ts.Node, exported: boolean): void => {
    if (compiler.isIdentifier(name)) add(name.text, kind, false, node, exported);
    else
      for (const element of name.elements)
        if (!compiler.isOmittedExpression(element)) pattern(element.name, kind, node, exported);
  };
  const list = (declarations: ts.VariableDeclarationList, node: ts.Node, exported: boolean): void => {
    const kind = declarations.flags & compiler.NodeFlags.Const ? "const" : "let";
    for (const { name } of declarations.declarations) pattern(name, kind, node, exported);
  };
  const hoisted = (node: ts.Node): void => {
    if (compiler.isFunctionLike(node) || compiler.isClassLike(node) || compiler.isModuleDeclaration(node))
      return;
    if (compiler.isVariableDeclarationList(node) && !(node.flags & compiler.NodeFlags.BlockScoped))
      list(node, node, false);
    compiler.forEachChild(node, hoisted);
  };
  const exported = new Set<string>();
  /** Names that an export adds: `export { a as b }`, `export { a } from "m"`, `export * as n from "m"`. */
  const exportedNames = ({ exportClause, moduleSpecifier }: ts.ExportDeclaration): void => {
    if (!exportClause) return;
    if (compiler.isNamespaceExport(exportClause))
      add(exportClause.name.text, "import", true, exportClause, true);
    else
      for (const element of exportClause.elements) {
        const { name, propertyName = name } = element;
        if (!moduleSpecifier && name.text === propertyName.text) exported.add(name.text);
        else if (name.text !== "default") add(name.text, "import", true, element, true);
      }
  };
  for (const node of file.statements) {
    const modifiers = compiler.canHaveModifiers(node) ? (compiler.getModifiers(node) ?? []) : [];
    const exported = modifiers.some(({ kind }) => kind === compiler.SyntaxKind.ExportKeyword);
    const fallback = modifiers.some(({ kind }) => kind === compiler.SyntaxKind.DefaultKeyword);
    if (compiler.isVariableStatement(node)) list(node.declarationList, node, exported);
    else if (compiler.isFunctionDeclaration(node))
      node.name && add(node.name.text, "function", false, node, exported && !fallback);
    else if (compiler.isClassDeclaration(node))
      node.name && add(node.name.text, "class", true, node, exported && !fallback);
    else if (compiler.isEnumDeclaration(node)) add(node.name.text, "enum", true, node, exported);
    else if (compiler.isInterfaceDeclaration(node) || compiler.isTypeAliasDeclaration(node))
      add(node.name.text, "type", true, node, exported && !fallback);
    else if (compiler.isModuleDeclaration(node))
      compiler.isIdentifier(node.name) &&
        node.name.text !== "global" &&
        add(node.name.text, "namespace", true, node, exported);
    else if (compiler.isExportDeclaration(node)) exportedNames(node);
    else if (compiler.isImportEqualsDeclaration(node)) add(node.name.text, "import", true, node, exported);
    else if (compiler.isImportDeclaration(node)) {
      const clause = node.importClause;
      if (clause?.name) add(clause.name.text, "import", true, node, false);
      const bindings = clause?.namedBindings;
      if (bindings && compiler.isNamespaceImport(bindings))
        add(bindings.name.text, "import", true, node, false);
      else if (bindings)
        for (const { name } of bindings.elements) add(name.text, "import", true, node, false);
    } else hoisted(node);
  }
  for (const name of exported) {
    const declared = names.get(name);
    if (declared) declared.exported = true;
  }
  return names;
}

/** Every identifier in a text that may refer to something outside of it. */
export function usedNames(compiler: Compiler, file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const walk = (node: ts.Node): void => {
    if (compiler.isIdentifier(node)) {
      const parent = node.parent;
      const member =
        (compiler.isPropertyAccessExpression(parent) && parent.name === node) ||
        (compiler.isPropertyAssignment(parent) && parent.name === node) ||
        (compiler.isQualifiedName(parent) && parent.right === node);
      if (!member) names.add(node.text);
    }
    compiler.forEachChild(node, walk);
  };
  walk(file);
  return names;
}

/** Names that a cell makes global without declaring them: `globalThis.x = 1`, `Object.assign(globalThis, { x })`. */
export function assignedGlobals(compiler: Compiler, file: ts.SourceFile): string[] {
  if (!file.text.includes("globalThis")) return [];
  const names: string[] = [];
  const isGlobal = (node: ts.Node): boolean =>
    (compiler.isParenthesizedExpression(node) || compiler.isAsExpression(node)
      ? isGlobal(node.expression)
      : compiler.isIdentifier(node)) && /\bglobalThis\b/.test(node.getText(file));
  const walk = (node: ts.Node): void => {
    if (compiler.isBinaryExpression(node) && node.operatorToken.kind === compiler.SyntaxKind.EqualsToken) {
      const { left } = node;
      if (compiler.isPropertyAccessExpression(left) && isGlobal(left.expression)) names.push(left.name.text);
      if (compiler.isElementAccessExpression(left) && isGlobal(left.expression))
        if (compiler.isStringLiteral(left.argumentExpression)) names.push(left.argumentExpression.text);
    }
    if (compiler.isCallExpression(node) && node.expression.getText(file) === "Object.assign") {
      const [target, ...sources] = node.arguments;
      if (target && isGlobal(target))
        for (const source of sources)
          if (compiler.isObjectLiteralExpression(source))
            for (const { name } of source.properties)
              if (name && compiler.isIdentifier(name)) names.push(name.text);
    }
    compiler.forEachChild(node, walk);
  };
  walk(file);
  return names;
}

function docOf(compiler: Compiler, node: ts.Node, file: ts.SourceFile): string {
  const ranges = compiler.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
  const last = ranges.filter(({ pos }) => file.text.startsWith("/**", pos)).at(-1);
  return last ? file.text.slice(last.pos, last.end) : "";
}
