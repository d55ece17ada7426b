/** What the benchmark's processes are asked, and what they answer: one JSON text each way. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { objectives } from "../programs/index.ts";
import type { Objective } from "../programs/objective.ts";

export interface Job {
  readonly objective: string;
  /** The position in the objective's `full`, or -1 for `small`. */
  readonly size: number;
  /** About how long to measure each function. */
  readonly milliseconds: number;
}

/** Seconds for one call: the plain function, as it is prepared, and its derivatives; a text says why one is missing. */
export interface Times {
  readonly inputs: number;
  readonly f: number;
  readonly prepared?: number;
  readonly hand?: number;
  readonly program?: number | string;
  readonly tape?: number;
  readonly differences?: number;
}

/** Bytes that a gradient keeps from call to call, that a call allocates, and of these the numbers of the result. */
export interface Memory {
  readonly kept: number;
  readonly call: number;
  readonly result: number;
}

/**
 * Seconds for one gradient, and its largest error against the largest entry; or why there is none. `f` is the plain
 * function's time beside it, if it was measured.
 */
export type PeerTime =
  | { readonly seconds: number; readonly error: number; readonly f?: number }
  | { readonly missing: string };

export const jobOf = (): Job & Record<string, string> => JSON.parse(process.argv[2]);

export function objectiveOf({ objective }: Job, among: readonly Objective[] = objectives): Objective {
  const found = among.find(({ name }) => name === objective);
  if (found === undefined) throw new Error(`there is no objective ${objective}`);
  return found;
}

/** Fresh arguments. */
export const argumentsOf = ({ make, full, small }: Objective, { size }: Pick<Job, "size">): any[] =>
  make(size < 0 ? small : full[size]);

export const answer = (value: unknown): void => {
  process.stdout.write(`\n${JSON.stringify(value)}\n`);
};

/** Runs a file of this folder in a fresh process, and returns its answer: the last line that it writes. */
export function ask<T>(file: string, job: object, nodeOptions: readonly string[] = []): T {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const run = spawnSync(
    process.execPath,
    ["--expose-gc", "--import", "wengert/register", ...nodeOptions, path, JSON.stringify(job)],
    { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (run.status !== 0)
    throw new Error(`${file} ${JSON.stringify(job)} failed\n${run.error?.message ?? run.stderr}`);
  return JSON.parse(run.stdout.trimEnd().split("\n").at(-1)!) as T;
}

/** A call without arguments, made without a spread: short functions are to be seen as short. */
export function bind(f: (...args: any[]) => unknown, args: readonly unknown[]): () => unknown {
  const [a, b, c, d, e] = args;
  switch (args.length) {
    case 1:
      return () => f(a);
    case 2:
      return () => f(a, b);
    case 3:
      return () => f(a, b, c);
    case 4:
      return () => f(a, b, c, d);
    case 5:
      return () => f(a, b, c, d, e);
    default:
      return () => f(...args);
  }
}

/** The largest difference of two lists, against the largest number. */
export function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [largest, off] = [0, 0];
  for (let k = 0; k < expected.length; k++) {
    largest = Math.max(largest, Math.abs(expected[k]));
    off = Math.max(off, Math.abs(actual[k] - expected[k]));
  }
  return off / largest;
}
