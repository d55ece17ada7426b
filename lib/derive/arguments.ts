/**
 * What the calls are given: functions, options, arguments, checked before anything runs.
 *
 * Errors say what was expected and what came.
 */
import { WengertError } from "../source/positions.ts";
import { isPrepared } from "../source/registry.ts";
import { describe } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import type { AnyFunction, Options } from "./types.ts";

const problem = (text: string, wayOut?: string): WengertError => new WengertError(text, wayOut);

export function checkFunction(f: unknown, call: string, written = `${call}(f)(x)`): asserts f is AnyFunction {
  if (typeof f !== "function")
    throw problem(
      `${call} expects a function to differentiate; got ${describe(f)}`,
      `write ${written} with a function f`,
    );
  const kind = Object.prototype.toString.call(f);
  if (kind === "[object AsyncFunction]" || kind === "[object AsyncGeneratorFunction]")
    throw problem(
      `${call} got an async function, which has no derivative`,
      "await first, and differentiate a function of the numbers",
    );
  if (kind === "[object GeneratorFunction]")
    throw problem(
      `${call} got a generator function, whose result is no number`,
      "differentiate a function that runs the generator",
    );
  if (Function.prototype.toString.call(f).startsWith("class"))
    throw problem(
      `${call} got ${f.name ? `the class ${f.name}` : "a class"}, which is no function`,
      `differentiate a function that uses new ${f.name || "it"}(…)`,
    );
  if (!isPrepared(f) && !recorder.natives.has(f)) {
    const name = f.name ? `the function ${f.name}` : "this function";
    throw problem(
      `${name} is not prepared for differentiation`,
      "define it in a notebook cell, in a file that a cell imports, or in a script started with node --import wengert/register",
    );
  }
}

export function checkOptions(options: unknown, call: string, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw problem(
      `${call} expects options as an object; got ${describe(options)}`,
      `write ${call}(f, { wrt: 0 })`,
    );
  for (const [key, value] of Object.entries(options))
    if (!known.includes(key) && value !== undefined)
      throw problem(`${call} has no option ${JSON.stringify(key)}`, `it knows ${known.join(", ")}`);
  const { engine } = options as Options;
  if (engine !== undefined && !["auto", "program", "tape"].includes(engine))
    throw problem(`${call} has no engine ${JSON.stringify(engine)}`, 'choose "auto", "program" or "tape"');
}

/** The arguments to differentiate by, as positions. */
export function positionsOf(
  options: Options | undefined,
  args: readonly unknown[],
  f: AnyFunction,
  call: string,
): number[] {
  if (args.length < f.length)
    throw problem(
      `${call} expects ${count(f.length, "argument")} for ${f.name || "f"}; got ${args.length}`,
      "pass undefined for one that is left out",
    );
  const wrt = options?.wrt;
  if (wrt === undefined) return args.map((_, k) => k);
  const list = Array.isArray(wrt) ? (wrt as number[]) : [wrt as number];
  if (list.length === 0) throw problem("wrt names no argument", "give the position of at least one");
  for (const k of list)
    if (!Number.isInteger(k) || k < 0 || k >= args.length)
      throw problem(
        `wrt: ${Array.isArray(wrt) ? `[${list.join(", ")}]` : describe(wrt)} names no argument of a call with ${count(args.length, "argument")}`,
        `positions are 0 to ${args.length - 1}`,
      );
  if (new Set(list).size < list.length) throw problem(`wrt: [${list.join(", ")}] names an argument twice`);
  return list;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
