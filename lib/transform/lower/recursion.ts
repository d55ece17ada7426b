/**
 * Functions that call themselves as loops go: which they are, by their text.
 *
 * What: `recursionOf`, which finds the calls that a function makes of itself, and how its conditions decide whether a
 * call comes: `Reach`. Two kinds are told from all others: tail recursion, where each such call is what the function
 * returns, and linear recursion, where each path makes at most one call, whose result is used, and each parameter stays
 * as it is or counts. What a function does beside (stores, variables outside) is seen when it is lowered (levels.ts).
 * Reference: Liu & Stoller, From recursion to iteration: what are the optimizations?, PEPM 2000.
 */
import type { Binding } from "../../source/scope.ts";
import { forEachChild, isFunction, type Node } from "../../source/syntax.ts";
import { alwaysJumps, assigns } from "./bodies.ts";

/** Whether a function calls itself from some place on: surely, surely not, or as a condition says. */
export type Reach = "calls" | "ends" | Question;
export interface Question {
  /** What is done before it is asked. */
  readonly before: readonly Node[];
  readonly test: Node;
  readonly then: Reach;
  readonly otherwise: Reach;
}

export interface Recursion {
  readonly reach: Question;
  /** For each `if` and conditional expression that decides it, where its sides lead. */
  readonly sides: ReadonlyMap<Node, Pick<Question, "then" | "otherwise">>;
  readonly calls: ReadonlySet<Node>;
  /** Whether each call is what the function returns. */
  readonly isTail: boolean;
  /** What each call adds to each parameter; null where that is no constant. */
  readonly steps: readonly (number | null)[];
}

/** Steps up to here stay exact for longer than a program runs. */
const longestStep = 1024;

/** The recursion of a function, if it is tail or linear recursion; `isItself` knows the function by its name. */
export function recursionOf(
  f: Node,
  isItself: (callee: Node) => boolean,
  bindingOf: ReadonlyMap<Node, Binding>,
): Recursion | null {
  if (!f.params.every(({ type }: Node) => type === "Identifier")) return null;
  try {
    const reading = new Reading(f, isItself);
    const reach = reading.reach();
    if (typeof reach === "string") return null;
    const { calls, sides, isTail } = reading;
    const steps = f.params.map((param: Node, k: number) => {
      const found = [...calls].map((call) => stepOf(call.arguments[k], param, bindingOf));
      return found.every((step) => step === found[0]) ? found[0] : null;
    });
    const isLinear = !steps.includes(null) && steps.some((step: number) => step !== 0);
    return isTail || isLinear ? { reach, sides, calls, isTail, steps } : null;
  } catch (error) {
    if (error === another) return null;
    throw error;
  }
}

/** What a call adds to a parameter that nothing else assigns to: `k`, `k + 1`, `k - 2`. */
function stepOf(arg: Node, param: Node, bindingOf: ReadonlyMap<Node, Binding>): number | null {
  const binding = bindingOf.get(param);
  if (!binding || binding.writers.size > 0) return null;
  const isParam = (node: Node) => node.type === "Identifier" && bindingOf.get(node) === binding;
  if (isParam(arg)) return 0;
  if (arg.type !== "BinaryExpression" || (arg.operator !== "+" && arg.operator !== "-")) return null;
  const { operator, left, right } = arg;
  const by = isParam(left) ? right : operator === "+" && isParam(right) ? left : null;
  const step = by?.type === "Literal" ? by.value : null;
  if (!Number.isInteger(step) || step <= 0 || step > longestStep) return null;
  return operator === "+" ? step : -step;
}

/** Thrown where a function calls itself in another way. */
const another = new Error("another kind of recursion");

class Reading {
  readonly calls = new Set<Node>();
  readonly sides = new Map<Node, Pick<Question, "then" | "otherwise">>();
  isTail = true;
  /** Where calls are, and where the function is left. */
  private readonly around = new Set<Node>();
  private readonly leaving = new Set<Node>();

  constructor(
    private readonly f: Node,
    private readonly isItself: (callee: Node) => boolean,
  ) {}

  reach(): Reach {
    const { body } = this.f;
    this.look(body, false);
    if (this.calls.size === 0) return "ends";
    return body.type === "BlockStatement" ? this.statements(functionsFirst(body.body)) : this.of(body, true);
  }
  private look(node: Node, isWithin: boolean): void {
    const within = isWithin || isFunction(node);
    if (node.type === "CallExpression" && node.callee.type === "Identifier" && this.isItself(node.callee)) {
      const isPlain = node.arguments.every(({ type }: Node) => type !== "SpreadElement");
      if (within || node.optional || !isPlain || node.arguments.length !== this.f.params.length)
        throw another;
      this.calls.add(node);
      this.around.add(node);
    }
    if (!within && (node.type === "ReturnStatement" || node.type === "ThrowStatement"))
      this.leaving.add(node);
    forEachChild(node, (child) => {
      this.look(child, within);
      for (const set of [this.around, this.leaving]) if (set.has(child)) set.add(node);
    });
  }
  private hasCall(nodes: readonly Node[]): boolean {
    return nodes.some((node) => this.around.has(node));
  }

  // ---- expressions ----

  /** `isLast`: whether the function returns what the expression is. */
  private of(node: Node, isLast: boolean): Reach {
    if (!this.around.has(node)) return "ends";
    switch (node.type) {
      case "CallExpression":
        if (!this.calls.has(node)) break;
        if (this.hasCall(node.arguments)) throw another;
        this.isTail &&= isLast;
        return "calls";
      case "ConditionalExpression":
        return this.asked(node, this.of(node.consequent, isLast), this.of(node.alternate, isLast));
      case "LogicalExpression":
        if (this.around.has(node.right)) throw another;
        return this.of(node.left, false);
      case "AssignmentExpression":
        if (/^(&&|\|\||\?\?)=$/.test(node.operator)) throw another;
        break;
      case "ChainExpression":
      case "AssignmentPattern":
      case "AwaitExpression":
      case "YieldExpression":
        throw another;
    }
    const parts: Node[] = [];
    forEachChild(node, (child) => {
      if (this.around.has(child)) parts.push(child);
    });
    if (parts.length !== 1) throw another;
    return this.of(
      parts[0],
      isLast && node.type === "SequenceExpression" && node.expressions.at(-1) === parts[0],
    );
  }
  private asked(node: Node, then: Reach, otherwise: Reach): Reach {
    const { test } = node;
    if (this.around.has(test) || assigns(test)) throw another;
    if (then === "ends" && otherwise === "ends") return "ends";
    this.sides.set(node, { then, otherwise });
    return then === "calls" && otherwise === "calls" ? "calls" : { before: [], test, then, otherwise };
  }

  // ---- statements ----

  private statements(list: readonly Node[]): Reach {
    const before: Node[] = [];
    const behind = (reach: Reach): Reach =>
      typeof reach === "string" ? reach : { ...reach, before: [...before, ...reach.before] };
    for (const [k, node] of list.entries()) {
      if (!this.around.has(node) && !this.leaving.has(node)) {
        before.push(node);
        continue;
      }
      const rest = list.slice(k + 1);
      switch (node.type) {
        case "BlockStatement":
          return behind(this.statements([...functionsFirst(node.body), ...rest]));
        case "ReturnStatement":
          return behind(node.argument ? this.of(node.argument, true) : "ends");
        case "IfStatement":
          return behind(this.branches(node, rest));
      }
      // an error, a call whose result is used behind it; what leaves a loop is none of those
      if (node.type === "ThrowStatement" && !this.around.has(node)) return "ends";
      const isOne = node.type === "VariableDeclaration" && node.declarations.length === 1;
      if (!isOne && node.type !== "ExpressionStatement") throw another;
      if (this.hasCall(rest)) throw another;
      return behind(this.of(node, false));
    }
    return "ends";
  }
  private branches(node: Node, rest: readonly Node[]): Reach {
    const { consequent, alternate } = node;
    const goesOn = (body: Node | null) => !body || !alwaysJumps(body);
    if (!this.around.has(node) && goesOn(consequent) && goesOn(alternate)) throw another;
    const side = (body: Node | null) =>
      this.statements([...(body ? [body] : []), ...(goesOn(body) ? rest : [])]);
    return this.asked(node, side(consequent), side(alternate));
  }
}

/** Functions are there before the statements of their block. */
function functionsFirst(list: readonly Node[]): Node[] {
  const isDeclared = ({ type }: Node) => type === "FunctionDeclaration";
  return [...list.filter(isDeclared), ...list.filter((node) => !isDeclared(node))];
}
