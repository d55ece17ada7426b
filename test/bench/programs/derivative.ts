/** The derivative of an objective by the public calls: `grad`, or `jacobian` for one that returns a list. */
import { grad, jacobian, type Options } from "wengert";
import type { Objective } from "./objective.ts";

/** A function of f's arguments; `f` stands for the objective's own, if another is to be differentiated. */
export function derivativeOf(
  { f, wrt }: Pick<Objective, "f" | "wrt">,
  args: readonly unknown[],
  engine: Options["engine"],
): (...args: any[]) => unknown {
  const options = { wrt, engine };
  return typeof f(...args) === "number"
    ? grad(f as (...args: any[]) => number, options)
    : jacobian(f, options as Parameters<typeof jacobian>[1]);
}
