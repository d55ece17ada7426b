/**
 * Turns a module of the corpus into JavaScript in which every operator and truth test is a call, so that it runs on any
 * kind of number (arithmetic.ts). A rewriting of syntax with TypeScript's own tools, independent of Wengert's.
 */
import { createRequire } from "node:module";
import ts from "typescript";
import { natives, operators } from "./arithmetic.ts";

const call: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.PlusToken]: "add",
  [ts.SyntaxKind.MinusToken]: "sub",
  [ts.SyntaxKind.AsteriskToken]: "mul",
  [ts.SyntaxKind.SlashToken]: "div",
  [ts.SyntaxKind.PercentToken]: "rem",
  [ts.SyntaxKind.AsteriskAsteriskToken]: "pow",
  [ts.SyntaxKind.LessThanToken]: "lt",
  [ts.SyntaxKind.LessThanEqualsToken]: "le",
  [ts.SyntaxKind.GreaterThanToken]: "gt",
  [ts.SyntaxKind.GreaterThanEqualsToken]: "ge",
  [ts.SyntaxKind.EqualsEqualsToken]: "equal",
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: "same",
  [ts.SyntaxKind.PlusEqualsToken]: "add",
  [ts.SyntaxKind.MinusEqualsToken]: "sub",
  [ts.SyntaxKind.AsteriskEqualsToken]: "mul",
  [ts.SyntaxKind.SlashEqualsToken]: "div",
  [ts.SyntaxKind.PercentEqualsToken]: "rem",
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken]: "pow",
};
const opposite: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.ExclamationEqualsToken]: "equal",
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: "same",
};

function transformer(context: ts.TransformationContext) {
  const F = context.factory;
  const run = (name: string, ...xs: ts.Expression[]) =>
    F.createCallExpression(F.createPropertyAccessExpression(F.createIdentifier("$70"), name), undefined, xs);
  const temporary = () => {
    const name = F.createUniqueName("t");
    context.hoistVariableDeclaration(name);
    return name;
  };
  const sequence = (...xs: ts.Expression[]) =>
    F.createParenthesizedExpression(xs.reduce((a, b) => F.createComma(a, b)));
  const expression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;

  /** A target read and written with its object and key evaluated once. */
  function target(node: ts.Expression): { before: ts.Expression[]; place: ts.Expression } {
    while (ts.isParenthesizedExpression(node)) node = node.expression;
    if (ts.isIdentifier(node)) return { before: [], place: node };
    const before: ts.Expression[] = [];
    const keep = (x: ts.Expression) => {
      if (
        x.kind === ts.SyntaxKind.ThisKeyword ||
        x.kind === ts.SyntaxKind.SuperKeyword ||
        ts.isLiteralExpression(x)
      )
        return x;
      const t = temporary();
      before.push(F.createAssignment(t, expression(x)));
      return t;
    };
    if (ts.isPropertyAccessExpression(node)) {
      const object = keep(node.expression);
      return { before, place: F.createPropertyAccessExpression(object, node.name) };
    }
    if (ts.isElementAccessExpression(node)) {
      const object = keep(node.expression);
      const key = keep(node.argumentExpression);
      return { before, place: F.createElementAccessExpression(object, run("key", key)) };
    }
    throw new Error(`cannot assign to ${ts.SyntaxKind[node.kind]}`);
  }

  function step(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression) {
    const name = node.operator === ts.SyntaxKind.PlusPlusToken ? "add" : "sub";
    const { before, place } = target(node.operand);
    const oneMore = (x: ts.Expression) => F.createAssignment(place, run(name, x, F.createNumericLiteral(1)));
    if (ts.isPrefixUnaryExpression(node)) return sequence(...before, oneMore(place));
    const old = temporary();
    return sequence(...before, F.createAssignment(old, place), oneMore(old), old);
  }

  function logical(node: ts.BinaryExpression) {
    const t = temporary();
    const and = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
    const right = expression(node.right);
    return sequence(
      F.createAssignment(t, expression(node.left)),
      F.createConditionalExpression(run("truth", t), undefined, and ? right : t, undefined, and ? t : right),
    );
  }

  function visit(node: ts.Node): ts.Node {
    if (ts.isParameter(node) && node.initializer === undefined && ts.isIdentifier(node.name)) return node;
    if (ts.isFunctionLike(node)) {
      const name = (n: ts.PropertyName) => ts.visitNode(n, visit) as ts.PropertyName;
      const parameters = ts.visitParameterList(
        node.parameters as ts.NodeArray<ts.ParameterDeclaration>,
        visit,
        context,
      );
      const body = ts.visitFunctionBody(
        (node as ts.FunctionLikeDeclaration).body as ts.ConciseBody,
        visit,
        context,
      );
      const block = body as ts.Block;
      if (ts.isArrowFunction(node))
        return F.updateArrowFunction(
          node,
          node.modifiers,
          undefined,
          parameters,
          undefined,
          node.equalsGreaterThanToken,
          body,
        );
      if (ts.isFunctionExpression(node))
        return F.updateFunctionExpression(
          node,
          node.modifiers,
          node.asteriskToken,
          node.name,
          undefined,
          parameters,
          undefined,
          block,
        );
      if (ts.isFunctionDeclaration(node))
        return F.updateFunctionDeclaration(
          node,
          node.modifiers,
          node.asteriskToken,
          node.name,
          undefined,
          parameters,
          undefined,
          block,
        );
      if (ts.isMethodDeclaration(node))
        return F.updateMethodDeclaration(
          node,
          node.modifiers,
          node.asteriskToken,
          name(node.name),
          undefined,
          undefined,
          parameters,
          undefined,
          block,
        );
      if (ts.isConstructorDeclaration(node))
        return F.updateConstructorDeclaration(node, node.modifiers, parameters, block);
      if (ts.isGetAccessorDeclaration(node))
        return F.updateGetAccessorDeclaration(
          node,
          node.modifiers,
          name(node.name),
          parameters,
          undefined,
          block,
        );
      if (ts.isSetAccessorDeclaration(node))
        return F.updateSetAccessorDeclaration(node, node.modifiers, name(node.name), parameters, block);
      throw new Error(`a function of kind ${ts.SyntaxKind[node.kind]}`);
    }
    if (ts.isClassStaticBlockDeclaration(node)) {
      context.startLexicalEnvironment();
      const statements = ts.visitNodes(node.body.statements, visit) as ts.NodeArray<ts.Statement>;
      const declared = context.endLexicalEnvironment() ?? [];
      return F.updateClassStaticBlockDeclaration(node, F.createBlock([...declared, ...statements], true));
    }
    if (ts.isBinaryExpression(node)) {
      const kind = node.operatorToken.kind;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken)
        return logical(node);
      if (kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken) {
        const { before, place } = target(node.left);
        const assign = F.createParenthesizedExpression(F.createAssignment(place, expression(node.right)));
        const and = kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken;
        return sequence(
          ...before,
          F.createConditionalExpression(
            run("truth", place),
            undefined,
            and ? assign : place,
            undefined,
            and ? place : assign,
          ),
        );
      }
      const name = call[kind];
      if (
        name !== undefined &&
        kind >= ts.SyntaxKind.FirstAssignment &&
        kind <= ts.SyntaxKind.LastAssignment
      ) {
        const { before, place } = target(node.left);
        return sequence(...before, F.createAssignment(place, run(name, place, expression(node.right))));
      }
      if (name !== undefined) return run(name, expression(node.left), expression(node.right));
      const other = opposite[kind];
      if (other !== undefined)
        return F.createLogicalNot(run(other, expression(node.left), expression(node.right)));
    }
    if (ts.isPrefixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.MinusToken) return run("negative", expression(node.operand));
      if (node.operator === ts.SyntaxKind.PlusToken) return run("positive", expression(node.operand));
      if (node.operator === ts.SyntaxKind.ExclamationToken)
        return F.createLogicalNot(run("truth", expression(node.operand)));
      if (node.operator !== ts.SyntaxKind.TildeToken) return step(node);
    }
    if (ts.isPostfixUnaryExpression(node)) return step(node);
    if (ts.isTypeOfExpression(node)) return run("kind", expression(node.expression));
    if (ts.isElementAccessExpression(node) && !ts.isLiteralExpression(node.argumentExpression))
      return node.questionDotToken || ts.isOptionalChain(node)
        ? F.updateElementAccessChain(
            node as ts.ElementAccessChain,
            expression(node.expression),
            node.questionDotToken,
            run("key", expression(node.argumentExpression)),
          )
        : F.updateElementAccessExpression(
            node,
            expression(node.expression),
            run("key", expression(node.argumentExpression)),
          );
    if (ts.isIfStatement(node))
      return F.updateIfStatement(
        node,
        run("truth", expression(node.expression)),
        ts.visitNode(node.thenStatement, visit) as ts.Statement,
        ts.visitNode(node.elseStatement, visit) as ts.Statement | undefined,
      );
    if (ts.isConditionalExpression(node))
      return F.updateConditionalExpression(
        node,
        run("truth", expression(node.condition)),
        node.questionToken,
        expression(node.whenTrue),
        node.colonToken,
        expression(node.whenFalse),
      );
    if (ts.isWhileStatement(node))
      return F.updateWhileStatement(
        node,
        run("truth", expression(node.expression)),
        ts.visitNode(node.statement, visit) as ts.Statement,
      );
    if (ts.isDoStatement(node))
      return F.updateDoStatement(
        node,
        ts.visitNode(node.statement, visit) as ts.Statement,
        run("truth", expression(node.expression)),
      );
    if (ts.isForStatement(node))
      return F.updateForStatement(
        node,
        ts.visitNode(node.initializer, visit) as ts.ForInitializer | undefined,
        node.condition && run("truth", expression(node.condition)),
        node.incrementor && expression(node.incrementor),
        ts.visitNode(node.statement, visit) as ts.Statement,
      );
    if (ts.isSwitchStatement(node))
      return F.updateSwitchStatement(
        node,
        run("key", expression(node.expression)),
        ts.visitNode(node.caseBlock, visit) as ts.CaseBlock,
      );
    return ts.visitEachChild(node, visit, context);
  }

  return (file: ts.SourceFile) => {
    context.startLexicalEnvironment();
    const statements = ts.visitNodes(file.statements, visit) as ts.NodeArray<ts.Statement>;
    return F.updateSourceFile(file, [...(context.endLexicalEnvironment() ?? []), ...statements]);
  };
}

/** The module's source with its operators called. */
export function rewrite(source: string, fileName: string): string {
  const plain = ts.transpileModule(source, {
    fileName,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  }).outputText;
  const tree = ts.createSourceFile(fileName, plain, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const { transformed } = ts.transform(tree, [(context) => transformer(context)]);
  return ts.createPrinter().printFile(transformed[0]);
}

/** Evaluates the rewritten module; what it imports is imported as it is. */
export function evaluate(
  source: string,
  fileName: string,
  modules: Record<string, unknown>,
): Record<string, unknown> {
  const exports: Record<string, unknown> = {};
  const require = createRequire(import.meta.url);
  const names = Object.keys(natives);
  const body = new Function("exports", "require", "$70", ...names, rewrite(source, fileName));
  body(
    exports,
    (name: string) => modules[name] ?? require(name),
    operators,
    ...names.map((name) => natives[name]),
  );
  return exports;
}
