/**
 * Constants that the text alone decides.
 *
 * What: `evaluate`, the value of an expression of literals, arithmetic, `Math`, lists, records and other constants.
 * What else an initialiser may hold is known only when the module runs, and refused.
 */
import { ruleOfFunction } from "../rules/index.ts";
import type { Node } from "../source/syntax.ts";

export interface Surroundings {
  read(name: string, at: Node): unknown;
  function(node: Node): unknown;
  refuse(node: Node, construct: string): never;
}

type Binary = (a: number, b: number) => unknown;
const binary: Readonly<Record<string, Binary>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
};
const unary: Readonly<Record<string, (a: never) => unknown>> = {
  "-": (a: number) => -a,
  "+": (a: number) => +a,
  "!": (a: unknown) => !a,
};
const globals: Readonly<Record<string, unknown>> = { Infinity, NaN: Number.NaN, undefined, Math, Number };

export function evaluate(node: Node, around: Surroundings): unknown {
  const value = (n: Node): unknown => evaluate(n, around);
  switch (node.type) {
    case "Literal":
      if (node.regex || node.bigint) around.refuse(node, node.regex ? "a regular expression" : "a bigint");
      return node.value;
    case "TemplateLiteral":
      return node.quasis
        .map(
          (quasi: Node, k: number) =>
            quasi.value.cooked + (node.expressions[k] ? value(node.expressions[k]) : ""),
        )
        .join("");
    case "Identifier":
      return Object.hasOwn(globals, node.name) ? globals[node.name] : around.read(node.name, node);
    case "UnaryExpression":
      if (!Object.hasOwn(unary, node.operator))
        around.refuse(node, `the operator ${node.operator} in a constant`);
      return unary[node.operator](value(node.argument) as never);
    case "BinaryExpression":
      if (!Object.hasOwn(binary, node.operator))
        around.refuse(node, `the operator ${node.operator} in a constant`);
      return binary[node.operator](value(node.left) as number, value(node.right) as number);
    case "ConditionalExpression":
      return value(value(node.test) ? node.consequent : node.alternate);
    case "ArrayExpression":
      return node.elements.flatMap((element: Node | null) => {
        if (!element) return around.refuse(node, "a list with holes");
        return element.type === "SpreadElement" ? (value(element.argument) as unknown[]) : [value(element)];
      });
    case "ObjectExpression":
      return record(node, around);
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return around.function(node);
    case "MemberExpression": {
      const object = value(node.object) as Record<string, unknown>;
      const key = node.computed ? value(node.property) : node.property.name;
      if (object === null || object === undefined) around.refuse(node, "a member of nothing");
      return object[key as string];
    }
    case "CallExpression":
      return called(node, around);
    case "NewExpression":
      if (node.callee.name === "Float64Array") return new Float64Array(value(node.arguments[0]) as number[]);
      break;
  }
  return around.refuse(node, "this initial value");
}

function record(node: Node, around: Surroundings): object {
  const members: Record<string, unknown> = {};
  for (const property of node.properties) {
    if (property.type === "SpreadElement") Object.assign(members, evaluate(property.argument, around));
    else if (property.kind !== "init" || property.computed) around.refuse(property, "this member");
    else members[property.key.name ?? property.key.value] = evaluate(property.value, around);
  }
  return members;
}

/** Calls of `Math` and of the functions of the table, and of those that make typed arrays. */
function called(node: Node, around: Surroundings): unknown {
  const { callee } = node;
  const args = () => node.arguments.map((a: Node) => evaluate(a, around));
  if (callee.type === "MemberExpression" && callee.object.name === "Float64Array" && !callee.computed) {
    if (callee.property.name === "of") return Float64Array.of(...args());
    if (callee.property.name === "from" && node.arguments.length === 1) return Float64Array.from(args()[0]);
  } else {
    const f = evaluate(callee, around);
    if (ruleOfFunction(f) || f === Number) return (f as (...args: unknown[]) => unknown)(...args());
  }
  return around.refuse(node, "the result of this call");
}
