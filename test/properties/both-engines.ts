/**
 * A numeric program by both engines: values, gradients, pushforwards, pullbacks, and what each leaves in the arguments.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import { grad, jvp, valueAndGrad, vjp, WengertError } from "wengert";
import { prepareSource } from "#lib/prepare.js";
import { plainFunctionOf } from "#lib/source/sites.js";
import { programFor } from "#lib/transform/program.js";
import { Refusal } from "#lib/transform/refusal.js";
import { copy, flatten, replace } from "../corpus/flat.ts";
import type { NumericProgram } from "./numeric-programs.ts";

type F = (...args: any[]) => any;
type Engine = "program" | "tape";

let made = 0;

function compile({ text }: NumericProgram): F {
  const file = `numeric-${++made}.js`;
  return vm.compileFunction(prepareSource(text, { file, kind: "commonjs" }).code, [], { filename: file })();
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

/** The largest difference between numbers of one structure, as a part of the largest of them; infinite for other shapes. */
function difference(a: unknown, b: unknown): number {
  const [x, y] = [flatten(a), flatten(b)];
  if (x.length !== y.length) return Infinity;
  const size = Math.max(1, ...y.map(Math.abs).filter(Number.isFinite));
  return x.reduce(
    (most, v, k) => (Object.is(v, y[k]) ? most : Math.max(most, nan(Math.abs(v - y[k])) / size)),
    0,
  );
}
const nan = (x: number) => (Number.isNaN(x) ? Infinity : x);

/** Where rounding in the arguments changes a derivative more than the engines differ, they agree. */
function isWithinRounding(point: readonly unknown[], run: (args: any[]) => unknown, found: number): boolean {
  const exact = outcome(point, run).result;
  return [1e-15, -1e-15, 3e-14].some((e) => {
    let k = 0;
    const near = replace(point, (x) => x * (1 + e * Math.cos(k++))) as unknown[];
    return !(difference(outcome(near, run).result, exact) < found / 4);
  });
}

function compare(
  point: readonly unknown[],
  what: string,
  run: (engine: Engine, args: any[]) => unknown,
): void {
  const [program, tape] = (["program", "tape"] as const).map((engine) =>
    outcome(point, (args) => run(engine, args)),
  );
  // the tape refuses to lose a derivative in a variable that it holds to be passive
  if (tape.error?.includes("derivative would be lost")) return;
  assert.equal(program.error, tape.error, `${what}: the error`);
  // small powers are products in programs, which may round otherwise
  if (!(difference(program.args, tape.args) < 1e-11))
    assert.deepEqual(program.args, tape.args, `${what}: arguments afterwards`);
  const found = difference(program.result, tape.result);
  if (found < 1e-11 || isWithinRounding(point, (args) => run("tape", args), found)) return;
  const text = (x: unknown) => JSON.stringify(x, (_, v) => (typeof v === "number" ? String(v) : v));
  assert.fail(`${what}: ${text(program.result)} by the program, ${text(tape.result)} by the tape`);
}

export function check(program: NumericProgram): void {
  const f = compile(program);
  counts.programs++;
  program.points.forEach((point, round) => {
    const plainArgs = copy(point) as any[];
    let value: unknown;
    try {
      value = f(...plainArgs);
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
    if (scalar) {
      const found = outcome(point, (args) => valueAndGrad(f, { engine: "program" })(...args));
      const result = found.result as { value: number } | undefined;
      if (result) {
        assert.ok(difference(result.value, value) < 1e-11, `value ${result.value} instead of ${value}`);
        assert.ok(difference(found.args, plainArgs) < 1e-11, "arguments afterwards");
      }
      compare(point, "valueAndGrad", (engine, args) => valueAndGrad(f, { engine })(...args));
      compare(point, `grad wrt ${wrt}`, (engine, args) => grad(f, { engine, wrt })(...args));
    }
    const tangents = point.map(direction);
    compare(point, "jvp", (engine, args) => jvp(f, { engine })(args as never, tangents as never));
    compare(point, `jvp wrt ${wrt}`, (engine, args) =>
      jvp(f, { engine, wrt })(args as never, wrt.map((i) => tangents[i]) as never),
    );
    compare(point, "vjp", (engine, args) => {
      const { value: y, pullback } = vjp(f, { engine })(...args);
      return [y, ...cotangents.map((c) => pullback(c as never))];
    });
  });
}
