/**
 * Which engine serves a call: the derivative program where there is one, else the tape.
 *
 * What: `byProgram`, which answers a call by a program or says null (then the tape does it). Inside of another
 * derivative the tape serves always, since what goes through there are traced values.
 */
import { WengertError } from "../source/positions.ts";
import { type PlainFunction, plainFunctionOf } from "../source/sites.ts";
import { recorder } from "../tape/recorder.ts";
import { type Answer, forget, Program, programFor, type Request } from "../transform/program.ts";
import type { Refusal } from "../transform/refusal.ts";
import type { AnyFunction, Engine } from "./types.ts";

export function byProgram(
  f: AnyFunction,
  args: readonly unknown[],
  engine: Engine | undefined,
  call: string,
  request: Request,
  cotangent?: unknown,
): Answer | null {
  if (engine === "tape" || recorder.session !== 0) return null;
  const plain = plainFunctionOf(f);
  if (!plain) return refuse(engine, call, null);
  // the tape says what is wrong with a value that an earlier evaluation left behind
  if (recorder.heap.anyLeftOver && readsLeftOver(plain)) return null;
  for (let tries = 0; tries < 2; tries++) {
    const outcome = programFor(plain, args, request);
    if (!(outcome instanceof Program)) return refuse(engine, call, outcome);
    const answer = outcome.answer(plain, args, cotangent);
    if (answer) return answer;
    // a free variable may hold something of another kind now
    if (outcome.holds(plain)) return null;
    forget(plain, outcome);
  }
  return null;
}

/** Whether a function, or one that it may call, reads something that an evaluation left traced values in. */
function readsLeftOver(f: PlainFunction, seen = new Set<unknown>()): boolean {
  return f.site.free.some((name) => {
    let value: unknown;
    try {
      value = f.read(name);
    } catch {
      return false; // still in its dead zone
    }
    if (seen.has(value)) return false;
    seen.add(value);
    if (recorder.heap.isLeftOver(value, name)) return true;
    const callee = plainFunctionOf(value);
    return callee !== undefined && readsLeftOver(callee, seen);
  });
}

function refuse(engine: Engine | undefined, call: string, refusal: Refusal | null): null {
  if (engine !== "program") return null;
  throw new WengertError(
    `${call} cannot serve this function by a derivative program: ${refusal ? refusal.construct : "it is not prepared"}`,
    refusal ? refusal.wayOut : 'use engine "auto" or "tape"',
    refusal?.place ?? null,
  );
}
