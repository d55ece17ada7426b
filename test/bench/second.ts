/**
 * Second derivatives: what a Hessian times a vector costs beside the gradient, by derivative programs and by the tape.
 *
 * Run: npm run bench second, or for some objectives of programs/: npm run bench -- second --only Rosenbrock,GARCH
 * Prints for each objective (at its small size where the tape would take long) milliseconds of f and of `grad`, and the
 * time of `hvp` as a multiple of the gradient's. Minimum times, in turns, in one process.
 */
import { parseArgs } from "node:util";
import { grad, hvp } from "wengert";
import { measure } from "#lib/compare/timing.js";
import { objectives } from "./programs/index.ts";
import type { Objective } from "./programs/objective.ts";

const { values: options } = parseArgs({
  options: { only: { type: "string" }, milliseconds: { type: "string", default: "200" } },
});
const names = options.only?.split(",") ?? [
  "Rosenbrock",
  "polynomial fit",
  "product",
  "GMM",
  "matrix chain",
  "denoising",
  "Lennard-Jones",
  "charges",
  "GARCH",
  "logistic regression",
  "softmax regression",
  "robust regression",
];

type Point = readonly unknown[] | number | Float64Array;

/** f of its first argument; the others are data. */
function ofFirst({ f }: Objective, [, a, b, c, d]: readonly any[], count: number): (x: any) => number {
  switch (count) {
    case 1:
      return (x) => f(x) as number;
    case 2:
      return (x) => f(x, a) as number;
    case 3:
      return (x) => f(x, a, b) as number;
    case 4:
      return (x) => f(x, a, b, c) as number;
    case 5:
      return (x) => f(x, a, b, c, d) as number;
    default:
      throw new Error("too many arguments");
  }
}
function directionLike(x: unknown, at = { k: 0 }): unknown {
  if (typeof x === "number") return Math.cos(1 + 1.7 * at.k++);
  if (x instanceof Float64Array) return x.map(() => Math.cos(1 + 1.7 * at.k++));
  return Array.isArray(x) ? x.map((item) => directionLike(item, at)) : x;
}

console.log("objective                 f [ms]  grad [ms]  grad/f  hvp/grad  hvp/grad by the tape");
for (const name of names) {
  const objective = objectives.find((o) => o.name === name);
  if (!objective) throw new Error(`no objective ${name}`);
  const row = (size: unknown, withTape: boolean) => {
    const args = objective.make(size);
    const f = ofFirst(objective, args, args.length);
    const [x] = args as Point[];
    const v = directionLike(x) as never;
    let second: (x: any, v: never) => unknown = hvp(f, { engine: "program" });
    let note = "";
    try {
      second(x, v);
    } catch (error) {
      second = hvp(f);
      note = `  ${(error as Error).message.split("program: ")[1]}`;
    }
    const [slope, byTape] = [grad(f), hvp(f, { engine: "tape" })];
    const runs = [() => f(x), () => slope(x), () => second(x, v)];
    if (withTape) runs.push(() => byTape(x, v));
    return { note, times: measure(runs, Number(options.milliseconds)) };
  };
  const { times, note } = row(objective.full[0], false);
  const [f, gradient, product] = times;
  const [, small, , tape] = row(objective.small, true).times;
  console.log(
    name.padEnd(22) +
      (1e3 * f).toFixed(4).padStart(10) +
      (1e3 * gradient).toFixed(4).padStart(11) +
      (gradient / f).toFixed(2).padStart(8) +
      (product / gradient).toFixed(2).padStart(10) +
      (tape / small).toFixed(0).padStart(12) +
      note,
  );
}
