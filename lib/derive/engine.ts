/**
 * Which engine serves a call: the derivative program where there is one, else the tape.
 *
 * What: `byProgram`, which answers a call by a program or says null (then the tape does it). Inside of another
 * derivative the tape serves always, since what goes through there are traced values.
 */
import { WengertError } from "../source/positions.ts";
import { plainFunctionOf } from "../source/sites.ts";
import { type Parts, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { type Answer, forget, Program, programFor, type Request } from "../transform/program.ts";
import type { Refusal } from "../transform/refusal.ts";
import { copy } from "../transform/rows.ts";
import type { AnyFunction, Engine } from "./types.ts";

export function byProgram(
  f: AnyFunction,
  args: readonly unknown[],
  engine: Engine | undefined,
  call: string,
  request: Request,
  directions: () => readonly unknown[] = () => [],
): Answer | null {
  if (engine === "tape" || recorder.session !== 0) return null;
  const plain = plainFunctionOf(f);
  if (!plain) return refuse(engine, call, null);
  // a list of no numbers is an error that the tape words
  if (request.positions.some((k) => (args[k] as { length?: number })?.length === 0)) return null;
  for (let tries = 0; tries < 2; tries++) {
    const outcome = programFor(plain, args, request);
    if (!(outcome instanceof Program)) return refuse(engine, call, outcome);
    const answer = outcome.answer(plain, args, directions());
    if (answer) return answer;
    // a free variable may hold something of another kind now
    if (outcome.holds(plain)) return null;
    forget(plain, outcome);
  }
  return null;
}

/** A program at a point, to be run for several directions; f itself gives the value, and its effects. */
export interface Bound {
  readonly output: Parts;
  run(direction: unknown): Answer | null;
  /** The arguments as they were. */
  readonly args: readonly unknown[];
}
export function boundProgram(
  f: AnyFunction,
  args: readonly unknown[],
  engine: Engine | undefined,
  call: string,
  request: Request,
): Bound | null {
  if (engine === "tape" || recorder.session !== 0) return null;
  const plain = plainFunctionOf(f);
  if (!plain) return refuse(engine, call, null);
  if (request.positions.some((k) => (args[k] as { length?: number })?.length === 0)) return null;
  const outcome = programFor(plain, args, request);
  if (!(outcome instanceof Program)) return refuse(engine, call, outcome);
  const run = outcome.bind(plain, args);
  if (!run) return null;
  const kept = args.map(copy);
  const output = takeApart(recorder, copy(f(...args)), "the result", true);
  return { output, run: (direction) => run([direction]), args: kept };
}

function refuse(engine: Engine | undefined, call: string, refusal: Refusal | null): null {
  if (engine !== "program") return null;
  throw new WengertError(
    `${call} cannot serve this function by a derivative program: ${refusal ? refusal.construct : "it is not prepared"}`,
    refusal ? refusal.wayOut : 'use engine "auto" or "tape"',
    refusal?.place ?? null,
  );
}
