/**
 * A numeric program by both engines: values, gradients, pushforwards, pullbacks, and what each leaves in the arguments.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import { grad, hvp, jacobian, jvp, valueAndGrad, vjp, WengertError } from "wengert";
import { prepareSource } from "#lib/prepare.js";
import { plainFunctionOf } from "#lib/source/sites.js";
import { programFor } from "#lib/transform/program.js";
import { Refusal } from "#lib/transform/refusal.js";
import { copy, flatten, replace } from "../corpus/flat.ts";
import { withoutLengths } from "../transform/lengths.ts";
import type { NumericProgram } from "./numeric-programs.ts";

type F = (...args: any[]) => any;
type Engine = "program" | "tape";

let made = 0;

/** A function of its own; a name that nothing declares is an error, not a variable that all programs share. */
function compile({ text }: NumericProgram): F {
  const file = `numeric-${++made}.js`;
  const source = `"use strict";\n${text}`;
  return vm.compileFunction(prepareSource(source, { file, kind: "commonjs" }).code, [], { filename: file })();
}

export const counts = { programs: 0, served: 0, answered: 0, thrown: 0, refused: new Map<string, number>() };

/** What a call gives, and leaves in its arguments; or the error's text. */
function outcome(point: readonly unknown[], run: (args: any[]) => unknown) {
  const args = copy(point) as any[];
  try {
    return { result: run(args), args };
  } catch (error) {
    // numbers in texts of errors are the user's
    return { error: error instanceof WengertError ? error.message : String(error), args };
  }
}

/** Whether lists, records and arrays of floats have the same structure and are of the same kind. */
function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return typeof a === typeof b && (typeof a === "number" || a === b);
  const keys = keysOf(a);
  return (
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    keys.join() === keysOf(b).join() &&
    keys.every((key) => isAlike((a as any)[key], (b as any)[key]))
  );
}
/** A hole in a list is as good as undefined. */
const keysOf = (x: object) => (Array.isArray(x) ? [...x.keys()] : Object.keys(x));

/** The largest difference between numbers of one structure, as a part of the largest of them; infinite for other shapes. */
function difference(a: unknown, b: unknown): number {
  if (!isAlike(a, b)) return Infinity;
  const [x, y] = [flatten(a), flatten(b)];
  const size = Math.max(1, ...y.map(Math.abs).filter(Number.isFinite));
  return x.reduce(
    (most, v, k) => (Object.is(v, y[k]) ? most : Math.max(most, nan(Math.abs(v - y[k])) / size)),
    0,
  );
}
const nan = (x: number) => (Number.isNaN(x) ? Infinity : x);

/** Where rounding in the arguments changes what a call gives more than two calls differ, they agree. */
function isWithinRounding(point: readonly unknown[], run: (args: any[]) => unknown, found: number): boolean {
  const both = (args: readonly unknown[]) => {
    const { result, args: after } = outcome(args, run);
    return [result, after];
  };
  const exact = both(point);
  return [1e-15, -1e-15, 3e-14].some((e) => {
    let k = 0;
    const near = replace(point, (x) => x * (1 + e * Math.cos(k++))) as unknown[];
    return !(difference(both(near), exact) < found / 4);
  });
}

const text = (x: unknown) =>
  JSON.stringify(x, (_, v) => (typeof v === "number" ? String(v) : v === undefined ? "undefined" : v));

/** One call made in two ways: results, errors, and what is left in the arguments are the same. */
function agree(
  point: readonly unknown[],
  what: string,
  run: (args: any[]) => unknown,
  right: (args: any[]) => unknown,
): void {
  const [actual, expected] = [outcome(point, run), outcome(point, right)];
  // the tape refuses to lose a derivative in a variable that it holds to be passive
  if (expected.error?.includes("derivative would be lost")) return;
  assert.equal(actual.error, expected.error, `${what}: the error`);
  for (const part of ["args", "result"] as const) {
    // small powers are products in programs, which may round otherwise
    const found = difference(actual[part], expected[part]);
    if (!(found < 1e-11 || isWithinRounding(point, right, found)))
      assert.fail(`${what}, ${part}: ${text(actual[part])} instead of ${text(expected[part])}`);
  }
}

function compare(
  point: readonly unknown[],
  what: string,
  run: (engine: Engine, args: any[]) => unknown,
): void {
  agree(
    point,
    what,
    (args) => run("program", args),
    (args) => run("tape", args),
  );
}

/** A call under a derivative gives what a plain call gives, where it is differentiable. */
function compareWithPlain(point: readonly unknown[], engine: Engine, make: () => F): void {
  const value = (args: any[]) => vjp(make(), { engine })(...args).value;
  if (!outcome(point, value).error) agree(point, `value by the ${engine}`, value, (args) => make()(...args));
}

export function check(program: NumericProgram): void {
  // every other one for short lists of any length, whose loops stay loops
  const run = () => checkPoints(program, compile(program));
  if (counts.programs++ % 2 === 0) run();
  else withoutLengths(run);
}
function checkPoints(program: NumericProgram, f: F): void {
  program.points.forEach((point, round) => {
    let value: unknown;
    try {
      value = f(...(copy(point) as any[]));
    } catch {
      counts.thrown++;
      return;
    }
    const plain = plainFunctionOf(f);
    assert.ok(plain);
    const scalar = typeof value === "number";
    const request = { positions: point.map((_, k) => k), mode: scalar ? "gradient" : "pullback" } as const;
    const outcomeOf = programFor(plain, point, request);
    if (outcomeOf instanceof Refusal) {
      const key = outcomeOf.construct.replace(/\b[a-z]+\d+\b/g, "…");
      counts.refused.set(key, (counts.refused.get(key) ?? 0) + 1);
      // what is written outside of the function is seen by the next call: each has a function of its own
      compareWithPlain(point, "tape", () => compile(program));
      return;
    }
    counts.served++;
    let k = round;
    const direction = (like: unknown) => replace(like, () => Math.cos(1 + 1.7 * k++));
    const cotangents = [direction(value), direction(value)];
    const free = outcomeOf.freeOf(plain)?.values();
    const answer = free && outcomeOf.answer(copy(point) as any[], free, scalar ? [] : [cotangents[0]]);
    if (answer) counts.answered++;
    const { wrt } = program;
    compareWithPlain(point, "program", () => f);
    if (scalar) compare(point, "valueAndGrad", (engine, args) => valueAndGrad(f, { engine })(...args));
    const tangents = point.map(direction);
    // second derivatives by the tape take long
    if (scalar && round === 0) {
      const several = f.length > 1;
      // the program of a second derivative may be refused where that of the first one is not
      compare(point, "hvp", (engine, args) =>
        hvp(f, { engine: engine === "program" ? "auto" : engine })(
          several ? args : args[0],
          (several ? tangents : tangents[0]) as never,
        ),
      );
    }
    compare(point, "jvp", (engine, args) => jvp(f, { engine })(args as never, tangents as never));
    for (const mode of round === 0 ? (["forward", "reverse"] as const) : [])
      compare(point, `jacobian, ${mode}`, (engine, args) => jacobian(f, { engine, mode })(...args));
    compare(point, "vjp", (engine, args) => {
      const { value: y, pullback } = vjp(f, { engine })(...args);
      return [y, ...cotangents.map((c) => pullback(c as never))];
    });
    // by some of the arguments at one point alone
    if (round === 0) return;
    if (scalar) compare(point, `grad wrt ${wrt}`, (engine, args) => grad(f, { engine, wrt })(...args));
    compare(point, `jvp wrt ${wrt}`, (engine, args) =>
      jvp(f, { engine, wrt })(args as never, wrt.map((i) => tangents[i]) as never),
    );
  });
}
