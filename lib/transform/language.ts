/**
 * The language that derivative programs support.
 *
 * What: every form of expression and statement of JavaScript, with what a program makes of it, or why it does not and
 * what to do instead. The types ask for every form: one left out does not compile. What depends on values and not on
 * the form alone (a text where a number is needed, a list made longer that came as an argument) is refused where it is
 * lowered (lower/). Whatever is refused is served by the tape. Reference: ECMA-262, sections 13 to 15, in ESTree's names.
 */

export type ExpressionType =
  | "ArrayExpression"
  | "ArrowFunctionExpression"
  | "AssignmentExpression"
  | "AwaitExpression"
  | "BinaryExpression"
  | "CallExpression"
  | "ChainExpression"
  | "ClassExpression"
  | "ConditionalExpression"
  | "FunctionExpression"
  | "Identifier"
  | "ImportExpression"
  | "Literal"
  | "LogicalExpression"
  | "MemberExpression"
  | "MetaProperty"
  | "NewExpression"
  | "ObjectExpression"
  | "SequenceExpression"
  | "Super"
  | "TaggedTemplateExpression"
  | "TemplateLiteral"
  | "ThisExpression"
  | "UnaryExpression"
  | "UpdateExpression"
  | "YieldExpression";

export type StatementType =
  | "BlockStatement"
  | "BreakStatement"
  | "ClassDeclaration"
  | "ContinueStatement"
  | "DebuggerStatement"
  | "DoWhileStatement"
  | "EmptyStatement"
  | "ExpressionStatement"
  | "ForInStatement"
  | "ForOfStatement"
  | "ForStatement"
  | "FunctionDeclaration"
  | "IfStatement"
  | "LabeledStatement"
  | "ReturnStatement"
  | "SwitchStatement"
  | "ThrowStatement"
  | "TryStatement"
  | "VariableDeclaration"
  | "WhileStatement"
  | "WithStatement";

/** A form that is left to the tape: what it is called, and the way out. */
export interface Refused {
  readonly construct: string;
  readonly wayOut: string;
}

/** The method of the lowering that a form goes to. */
export type ExpressionHandler =
  | "array"
  | "assignment"
  | "binary"
  | "call"
  | "chain"
  | "conditional"
  | "construct"
  | "functionValue"
  | "identifier"
  | "literal"
  | "logical"
  | "member"
  | "object"
  | "sequence"
  | "template"
  | "unary"
  | "update";

export type StatementHandler =
  | "blockStatement"
  | "breakStatement"
  | "continueStatement"
  | "declaration"
  | "doWhile"
  | "effect"
  | "forIn"
  | "forOf"
  | "forStatement"
  | "ifAlone"
  | "labeled"
  | "nothing"
  | "returnStatement"
  | "switchStatement"
  | "throwStatement"
  | "whileAlone";

const toTheTape = "leave it to the tape";
const refused = (construct: string, wayOut = toTheTape): Refused => ({ construct, wayOut });

// biome-ignore format: a table
export const expressions: { readonly [T in ExpressionType]: ExpressionHandler | Refused } = {
  ArrayExpression:          "array",
  ArrowFunctionExpression:  "functionValue",
  AssignmentExpression:     "assignment",
  AwaitExpression:          refused("await", "await before, and differentiate a function of the numbers"),
  BinaryExpression:         "binary",
  CallExpression:           "call",
  ChainExpression:          "chain",
  ClassExpression:          refused("a class", "use records and functions, or leave it to the tape"),
  ConditionalExpression:    "conditional",
  FunctionExpression:       "functionValue",
  Identifier:               "identifier",
  ImportExpression:         refused("import()", "import before"),
  Literal:                  "literal",
  LogicalExpression:        "logical",
  MemberExpression:         "member",
  MetaProperty:             refused("new.target or import.meta"),
  NewExpression:            "construct",
  ObjectExpression:         "object",
  SequenceExpression:       "sequence",
  Super:                    refused("super"),
  TaggedTemplateExpression: refused("a tagged template", "call the function with its arguments"),
  TemplateLiteral:          "template",
  ThisExpression:           refused("this", "pass what is needed of it as an argument"),
  UnaryExpression:          "unary",
  UpdateExpression:         "update",
  YieldExpression:          refused("yield", "collect the values in a list"),
};

// biome-ignore format: a table
export const statements: { readonly [T in StatementType]: StatementHandler | Refused } = {
  BlockStatement:       "blockStatement",
  BreakStatement:       "breakStatement",
  ClassDeclaration:     refused("a class", "use records and functions, or leave it to the tape"),
  ContinueStatement:    "continueStatement",
  DebuggerStatement:    "nothing",
  DoWhileStatement:     "doWhile",
  EmptyStatement:       "nothing",
  ExpressionStatement:  "effect",
  ForInStatement:       "forIn",
  ForOfStatement:       "forOf",
  ForStatement:         "forStatement",
  FunctionDeclaration:  "nothing",
  IfStatement:          "ifAlone",
  LabeledStatement:     "labeled",
  ReturnStatement:      "returnStatement",
  SwitchStatement:      "switchStatement",
  ThrowStatement:       "throwStatement",
  TryStatement:         refused("try", "ask for the condition before, or leave it to the tape"),
  VariableDeclaration:  "declaration",
  WhileStatement:       "whileAlone",
  WithStatement:        refused("with", "name the object"),
};
