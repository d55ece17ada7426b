/**
 * Activity: what a variable or expression can hold.
 *
 * What: an optimistic fixed point over the assignments of each variable. Why: in a recording program a variable is a
 * pair (value, handle), unless it is known to be passive. Reference: activity analysis, Griewank & Walther (2008),
 * section 6.2; Hascoët & Pascual, The Tapenade automatic differentiation tool, TOMS 39 (2013), section 4.
 */
import type { Node } from "./syntax.ts";

/** What a variable may hold: numbers only and never a traced one; anything but a traced number; anything. */
export type Activity = "number" | "passive" | "active";

/** A variable, as far as its activity goes. */
export interface Variable {
  /** Every expression assigned to it; `null` stands for a value that the analysis does not follow. */
  readonly assigned: readonly (Node | null)[];
  activity: Activity;
}

/** The optimistic fixed point: everything holds plain numbers until an assignment says otherwise. */
export function inferActivity(bindings: Iterable<Variable>, bindingOf: ReadonlyMap<Node, Variable>): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const binding of bindings) {
      let activity: Activity = binding.activity;
      for (const value of binding.assigned)
        activity = join(activity, value ? activityOf(value, bindingOf) : "active");
      if (activity !== binding.activity) {
        binding.activity = activity;
        changed = true;
      }
    }
  }
}

function join(a: Activity, b: Activity): Activity {
  return a === "active" || b === "active"
    ? "active"
    : a === "passive" || b === "passive"
      ? "passive"
      : "number";
}

const stepOperators = new Set(["|", "&", "^", "<<", ">>", ">>>"]);
const comparisons = new Set(["<", ">", "<=", ">=", "==", "!=", "===", "!==", "in", "instanceof"]);
const globalNumbers = new Set(["NaN", "Infinity"]);

/** What an expression may yield, as far as its form tells. */
export function activityOf(node: Node, bindingOf: ReadonlyMap<Node, Variable>): Activity {
  const of = (n: Node): Activity => activityOf(n, bindingOf);
  switch (node.type) {
    case "Literal":
      return typeof node.value === "number" ? "number" : "passive";
    case "TemplateLiteral":
    case "FunctionExpression":
    case "FunctionDeclaration":
    case "ArrowFunctionExpression":
    case "ClassExpression":
    case "ClassDeclaration":
    case "ObjectExpression":
    case "ArrayExpression":
    case "ThisExpression":
      return "passive";
    case "Identifier": {
      const binding = bindingOf.get(node);
      if (binding) return binding.activity;
      return globalNumbers.has(node.name) ? "number" : node.name === "undefined" ? "passive" : "active";
    }
    case "BinaryExpression":
      if (comparisons.has(node.operator)) return "passive";
      if (stepOperators.has(node.operator))
        return join(of(node.left), of(node.right)) === "number" ? "number" : "passive";
      return join(of(node.left), of(node.right));
    case "UnaryExpression":
      if (node.operator === "-" || node.operator === "+") return of(node.argument);
      return "passive";
    case "UpdateExpression":
      return of(node.argument);
    case "AssignmentExpression":
      if (node.operator === "=") return of(node.right);
      if (stepOperators.has(node.operator.slice(0, -1))) return "passive";
      return join(of(node.left), of(node.right));
    case "ConditionalExpression":
      return join(of(node.consequent), of(node.alternate));
    case "LogicalExpression":
      return join(of(node.left), of(node.right));
    case "SequenceExpression":
      return of(node.expressions.at(-1));
    case "ParenthesizedExpression":
      return of(node.expression);
  }
  return "active";
}
