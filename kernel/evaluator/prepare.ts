/**
 * From the JavaScript of a cell to a script that runs.
 *
 * What: 1 what makes its functions differentiable (the annotation, lib/prepare.ts) · 2 async functions as generators
 * (lower.ts) · 3 the frame that makes it a function. The source maps are kept for stack traces.
 */
import vm from "node:vm";
import type { SourceMapJson } from "../../lib/source/assemble.ts";
import { rehearse } from "./rehearsal.ts";
import { rememberSource } from "./traces.ts";

export interface Compiled {
  code: string;
  map: string;
  names: string[];
  awaits: boolean;
}

export interface Runnable {
  /** The cell as a function; a generator function where it awaits, or else an async one. */
  run: () => unknown;
  kind: "plain" | "generator" | "async";
}

/** What prepares code, and what the cells import. It takes a while to load, so it comes after the sockets. */
const load = async () => ({
  ...(await import("../../lib/prepare.ts")),
  ...(await import("./lower.ts")),
  ...(await import("../../lib/source/positions.ts")),
  grad: (await import("wengert")).grad,
});
let tools: Awaited<ReturnType<typeof load>> | null = null;
let isIdle = true;

/** Loads it; once, since a signal can cost an answer of Node's loader, and with it the cell that waits for that. */
async function ready(): Promise<void> {
  tools ??= await load();
}
/** Gets ready, and goes on with code of its own until the first cell comes (rehearsal.ts). */
export async function rehearseMeanwhile(): Promise<void> {
  await ready();
  await rehearse(tools as NonNullable<typeof tools>, () => isIdle);
}

export async function runnable(
  { code, map, awaits }: Compiled,
  file: string,
  source: string,
): Promise<Runnable> {
  isIdle = false;
  await ready();
  const { prepareSource, lowerAsync, rememberMap } = tools as NonNullable<typeof tools>;
  const prepared = prepareSource(code, { file, kind: "script", map });
  let text = prepared.code;
  let finalMap = JSON.parse(prepared.map) as SourceMapJson;
  let kind: Runnable["kind"] = awaits ? "generator" : "plain";
  if (/\basync\b|\bawait\b/.test(text)) {
    const lowered = lowerAsync(text, finalMap, file, "script", { framed: true });
    text = lowered.code;
    finalMap = lowered.map;
    if (awaits && !lowered.asGenerator) kind = "async";
    rememberMap(file, finalMap);
  }
  rememberSource(file, source, finalMap);
  const head = { plain: "function", generator: "function*", async: "async function" }[kind];
  const script = new vm.Script(
    `(${head} () { "use strict"; let $$value;\n${text}\nreturn { value: $$value }; })`,
    { filename: file, lineOffset: -1 },
  );
  return { run: script.runInThisContext(), kind };
}
