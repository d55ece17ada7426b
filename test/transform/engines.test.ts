/**
 * The corpus crossed with the engines: where a derivative program serves a function, every call gives what the tape
 * gives, and leaves in the arguments what the tape leaves there; where it refuses, the refusal names a construct, its
 * place and a way out. What is served is counted, so that the supported language does not shrink unseen.
 */
import assert from "node:assert/strict";
import { derivative, grad, hessian, hvp, jacobian, jvp, valueAndGrad, vjp, WengertError } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor, type Request } from "#lib/transform/program.js";
import { type Entry, takeNotes } from "../corpus/entry.ts";
import { copy, flatten, replace } from "../corpus/flat.ts";
import { modules } from "../corpus/index.ts";
import { agree } from "./agree.ts";
import { withoutLengths } from "./lengths.ts";

type F = (...args: any[]) => any;
type Engine = "program" | "tape";

/** Of each group, how many functions programs serve at least. */
const served: Record<string, number> = {
  arithmetic: 48,
  loops: 31,
  branches: 22,
  functions: 31,
  classes: 0,
  destructuring: 22,
  generators: 0,
  arrays: 32,
  "arrays-in-place": 13,
  corners: 16,
  "typed-arrays": 13,
  text: 1,
  shapes: 17,
  numerics: 29,
  models: 20,
  exceptions: 0,
  conventions: 43,
  collections: 2,
  assignments: 16,
};

const isRefusal = (error: unknown): error is WengertError =>
  error instanceof WengertError && error.message.includes("by a derivative program");

/** What a call gives with an engine, and what it leaves in the arguments. */
function outcome(entry: Entry, run: (engine: Engine, args: any[]) => unknown, engine: Engine) {
  const args = copy(entry.args) as any[];
  takeNotes();
  try {
    return { result: run(engine, args), args, notes: takeNotes() };
  } catch (error) {
    if (isRefusal(error)) return { refusal: error };
    return { error: String(error), args, notes: takeNotes() };
  }
}

/** Whether a program answers at the entry's own point, rather than giving up there. */
function answers(entry: Entry, mode: Request["mode"]): boolean {
  const plain = plainFunctionOf(entry.f);
  if (!plain) return false;
  const args = copy(entry.args) as any[];
  const program = programFor(plain, args, { positions: args.map((_, k) => k), mode });
  const directions = mode === "pushforward" ? copy(entry.args) : [];
  const free = program instanceof Program ? program.freeOf(plain)?.values() : null;
  return program instanceof Program && !!free && program.answer(args, free, directions) !== null;
}

function calls(entry: Entry): [name: string, run: (engine: Engine, args: any[]) => unknown][] {
  const f = entry.f as F;
  const value = f(...(copy(entry.args) as any[]));
  takeNotes();
  let k = 0;
  const direction = (like: unknown) => replace(like, () => Math.cos(1 + 1.7 * k++));
  const tangents = entry.args.map(direction);
  const cotangents = [direction(value), direction(value)];
  const list: ReturnType<typeof calls> = [
    ["jvp", (engine, args) => jvp(f, { engine })(args as never, tangents as never)],
    [
      "vjp",
      (engine, args) => {
        const { value: y, pullback } = vjp(f, { engine })(...args);
        return [y, ...cotangents.map((c) => pullback(c as never))];
      },
    ],
    ["jacobian, forward", (engine, args) => jacobian(f, { engine, mode: "forward" })(...args)],
    ["jacobian, reverse", (engine, args) => jacobian(f, { engine, mode: "reverse" })(...args)],
  ];
  if (typeof value === "number") {
    list.push(["grad", (engine, args) => grad(f, { engine })(...args)]);
    list.push(["valueAndGrad", (engine, args) => valueAndGrad(f, { engine })(...args)]);
    list.push(["hessian", (engine, args) => hessian(f, { engine })(...args)]);
    const several = f.length > 1;
    if (several || entry.args.length === 1)
      list.push([
        "hvp",
        (engine, args) =>
          hvp(f, { engine })(several ? args : args[0], (several ? tangents : tangents[0]) as never),
      ]);
    if (entry.args.length > 1)
      entry.args.forEach((arg, i) => {
        if (flatten(arg).length > 0)
          list.push([`grad wrt ${i}`, (engine, args) => grad(f, { engine, wrt: i })(...args)]);
      });
  }
  if (entry.args.length === 1 && typeof entry.args[0] === "number")
    list.push(["derivative", (engine, args) => derivative(f, { engine })(args[0])]);
  return list;
}

describe("engines", () => {
  for (const [group, entries] of modules)
    describe(group, () => {
      let count = 0;
      for (const entry of entries)
        it(entry.name, () => {
          const scalar = typeof entry.f(...(copy(entry.args) as any[])) === "number";
          takeNotes();
          if (answers(entry, scalar ? "gradient" : "pushforward")) count++;
          for (const [name, run] of calls(entry)) {
            const program = outcome(entry, run, "program");
            if (program.refusal) {
              // "…: construct; way out (line:column)"
              assert.match(program.refusal.message, /program: .+; .+/, `${name}: construct and way out`);
              if (!/argument|not prepared/.test(program.refusal.message))
                assert.match(
                  program.refusal.message,
                  /\d+:\d+/,
                  `${name}: a place in ${program.refusal.message}`,
                );
              continue;
            }
            const tape = outcome(entry, run, "tape");
            // for short lists of any length, too, whose loops are not written out
            const general = withoutLengths(() => outcome(entry, run, "program"));
            for (const { notes, error, args, result, refusal } of [program, general]) {
              if (refusal) continue;
              assert.deepEqual(notes, tape.notes, `${name}: effects`);
              assert.equal(error, tape.error, name);
              assert.deepEqual(args, tape.args, `${name}: arguments afterwards`);
              // second derivatives come about by other formulas
              agree(result, tape.result, name, name === "hessian" || name === "hvp" ? 100 : 1);
            }
          }
        });
      it("serves as many as before", () => {
        if (process.env.WENGERT_COUNT) console.log(`  ${JSON.stringify(group)}: ${count},`);
        assert.ok(count >= served[group], `${count} of ${entries.length} instead of ${served[group]}`);
      });
    });
});
