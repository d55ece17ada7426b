/**
 * Writes references.json: each function of the corpus, its Jacobian and (where asked) its Hessian, in 70 digits by
 * central differences of the rewritten source, rounded to doubles. Steps of 1e-22 and 1e-15 leave 44 and 30 digits.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as corpus from "../entry.ts";
import { flatten } from "../flat.ts";
import { all, modules } from "../index.ts";
import { Decimal, type Number70, natives } from "./arithmetic.ts";
import { evaluate } from "./rewrite.ts";

type Reference = { value: number[]; jacobian: number[][]; hessian?: number[][] };

/** Arguments in 70 digits; a shift is added to the numbers at some flat positions. */
function raised(args: readonly unknown[], choices: readonly number[], shifts: Map<number, Number70>) {
  let position = 0;
  const raise = (value: unknown, choice: boolean): unknown => {
    if (typeof value === "number") {
      const shift = shifts.get(position++);
      if (choice) return value;
      return shift === undefined ? new Decimal(value) : new Decimal(value).plus(shift);
    }
    if (value instanceof Float64Array)
      return natives.Float64Array.from(Array.from(value, (x) => raise(x, choice)));
    if (Array.isArray(value)) return value.map((item) => raise(item, choice));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, raise(item, choice)]));
    return value;
  };
  return args.map((arg, i) => raise(arg, choices.includes(i)));
}

function outputs(value: unknown, into: Number70[] = []): Number70[] {
  if (typeof value === "number" || value instanceof Decimal) into.push(new Decimal(value as number));
  else if (typeof value === "object" && value !== null)
    for (const item of Array.isArray(value) ? value : Object.values(value)) outputs(item, into);
  return into;
}

function reference(entry: corpus.Entry): Reference {
  const at = (shifts: Map<number, Number70>) =>
    outputs(entry.f(...raised(entry.args, entry.choices ?? [], shifts)));
  const point = flatten(entry.args);
  const step = (i: number, size: number) => new Decimal(size).times(Math.abs(point[i]) || 1);
  const value = at(new Map());
  const columns = point.map((_, i) => {
    const h = step(i, 1e-22);
    const above = at(new Map([[i, h]]));
    const below = at(new Map([[i, h.neg()]]));
    return above.map((y, k) => y.minus(below[k]).div(h.times(2)).toNumber());
  });
  const result: Reference = {
    value: value.map((y) => y.toNumber()),
    jacobian: value.map((_, k) => columns.map((column) => column[k])),
  };
  if (entry.second)
    result.hessian = point.map((_, i) =>
      point.map((_, j) => {
        const [h, k] = [step(i, 1e-15), step(j, 1e-15)];
        const shifted = (a: Number70, b: Number70) =>
          at(
            i === j
              ? new Map([[i, a.plus(b)]])
              : new Map([
                  [i, a],
                  [j, b],
                ]),
          )[0];
        const difference = shifted(h, k)
          .minus(shifted(h, k.neg()))
          .minus(shifted(h.neg(), k))
          .plus(shifted(h.neg(), k.neg()));
        return difference.div(h.times(k).times(4)).toNumber();
      }),
    );
  return result;
}

const results: Record<string, Record<string, Reference>> = {};
let problems = 0;
for (const [file, group] of modules) {
  const url = new URL(`../${file}.ts`, import.meta.url);
  const exported = evaluate(readFileSync(url, "utf8"), `${file}.ts`, { "./entry.ts": corpus });
  const entries = Object.values(exported)[0] as corpus.Entry[];
  results[file] = {};
  entries.forEach((entry, index) => {
    const complain = (what: unknown) => {
      problems++;
      console.error(`${file}: ${entry.name}: ${what}`);
    };
    const original = group[index];
    try {
      const plain = flatten(original.f(...structuredCloneable(original.args)));
      const result: corpus.Expected = original.expect ?? reference(entry);
      result.value.forEach((y, k) => {
        if (!(Math.abs(y - plain[k]) <= 1e-11 * Math.abs(y) || Object.is(y, plain[k])))
          complain(`value ${y}, plain call ${plain[k]}`);
      });
      if (result.value.length !== plain.length)
        complain(`${result.value.length} values, plain call ${plain.length}`);
      if (original.expect) return;
      const point = flatten(original.args);
      const jump = (row: readonly number[]) => row.some((x, i) => !(Math.abs(x * point[i]) < 1e12));
      if (result.jacobian.some(jump)) complain(`jacobian ${JSON.stringify(result.jacobian)}`);
      results[file][entry.name] = result as Reference;
    } catch (error) {
      complain(error instanceof Error ? error.stack?.split("\n").slice(0, 3).join("\n") : error);
    }
  });
}

function structuredCloneable(args: readonly unknown[]) {
  return raised(
    args,
    args.map((_, i) => i),
    new Map(),
  ).map((arg, i) => (args[i] instanceof Float64Array ? Float64Array.from(args[i] as Float64Array) : arg));
}

const lines = Object.entries(results).map(
  ([file, group]) =>
    `${JSON.stringify(file)}: {\n${Object.entries(group)
      .map(([name, r]) => `${JSON.stringify(name)}: ${JSON.stringify(r)}`)
      .join(",\n")}\n}`,
);
writeFileSync(new URL("references.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
console.error(`${all.length} functions, ${problems} problems`);
if (problems > 0) process.exitCode = 1;
