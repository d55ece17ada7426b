/**
 * What a gradient needs of memory, in a process of its own whose young generation is so large that nothing is collected
 * between two looks: the bytes that are kept from call to call, and those that a call allocates. All is warmed before,
 * since the interpreter allocates an object for each number.
 */
import { flatten } from "../../corpus/flat.ts";
import { derivativeOf } from "../programs/derivative.ts";
import { answer, argumentsOf, bind, jobOf, objectiveOf } from "./job.ts";
import { loadPlain } from "./plain.ts";

/** Node's options for such a process. */
export const memoryOptions = ["--max-semi-space-size=1024", "--min-semi-space-size=1024"];

let sink: unknown;

/** Bytes of objects and of typed arrays. */
function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function keptNow(): number {
  sink = undefined;
  globalThis.gc?.();
  return used();
}

function warm(run: () => unknown, calls: number, milliseconds: number): void {
  const end = performance.now() + milliseconds;
  for (let k = 0; k < calls && performance.now() < end; k++) sink = run();
}

if (process.argv[2]?.startsWith("{")) {
  const job = jobOf();
  const prepared = objectiveOf(job);
  const small = prepared.make(prepared.small);
  const args = argumentsOf(prepared, job);
  const derivative =
    job.way === "hand"
      ? objectiveOf(job, await loadPlain()).hand
      : derivativeOf(prepared, small, job.way as "program" | "tape");
  warm(bind(derivative, small), 2000, job.milliseconds);
  const before = keptNow();
  const run = bind(derivative, args);
  warm(run, 2000, job.milliseconds);
  const kept = Math.max(0, keptNow() - before);
  const start = used();
  sink = run();
  const call = used() - start;
  answer({ kept, call, result: 8 * flatten(sink).length });
}
