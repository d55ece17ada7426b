/**
 * The default engine and the tape at one point: results, errors and what is left in the arguments must be the same.
 */
import assert from "node:assert/strict";
import { grad, jvp, vjp } from "wengert";
import { copy, replace } from "../corpus/flat.ts";
import { agree } from "./agree.ts";

type F = (...args: any[]) => any;
type Engine = "auto" | "tape";

function outcome(args: any[], run: (args: any[]) => unknown) {
  try {
    return { result: run(args), args };
  } catch (error) {
    // a name that is not there is a fault of the test
    if (error instanceof ReferenceError && / is not defined$/.test(error.message)) throw error;
    return { error: String(error), args };
  }
}

/** Compares the engines; arguments that a copy would change are made for each call. */
export function same(
  f: F,
  args: readonly unknown[] | (() => any[]),
  calls: readonly string[] = ["grad", "vjp", "jvp"],
): void {
  const make = typeof args === "function" ? args : () => copy(args) as any[];
  const value = outcome(make(), (args) => f(...args)).result;
  const ones = (like: unknown) => replace(like, () => 1) as never;
  const run: Record<string, (engine: Engine, args: any[]) => unknown> = {
    grad: (engine, args) => grad(f, { engine })(...args),
    vjp: (engine, args) => {
      const { value: y, pullback } = vjp(f, { engine })(...args);
      return [y, pullback(ones(y))];
    },
    jvp: (engine, args) => jvp(f, { engine })(args as never, ones(args)),
  };
  for (const call of calls) {
    if (call === "grad" && value !== undefined && typeof value !== "number") continue;
    // twice: the second call finds the program that the first one has made
    for (const round of [1, 2]) {
      const [a, b] = (["auto", "tape"] as const).map((engine) => {
        const args = make();
        return outcome(args, (actual) => run[call](engine, actual));
      });
      assert.equal(a.error, b.error, `${call}, ${round}: the error`);
      assert.deepEqual(a.args, b.args, `${call}, ${round}: arguments afterwards`);
      agree(a.result, b.result, `${call}, ${round}`);
    }
  }
}
