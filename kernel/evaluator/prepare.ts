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

/** What prepares code. It takes a while to load, so it comes after the sockets. */
const load = async () => ({
  ...(await import("../../lib/prepare.ts")),
  ...(await import("./lower.ts")),
  ...(await import("../../lib/source/positions.ts")),
});
let tools: Awaited<ReturnType<typeof load>> | null = null;

/** Some of all that cells are made of. */
const rehearsal = `
  class A extends Object { #a = 1; constructor(x) { super(); this.x = x; } get y() { return this.#a * this.x; } }
  class B { constructor(x = 1) { this.x = x; } m({ a, b = 2 }, ...xs) { return [a, ...xs].map((v, i) => v ** b / i); } }
  f = (x) => { let s = 0; for (let i = 0; i < x.length; i++) s += Math.sin(x[i]) * i; for (const v of x) if (v) s -= v; };
  o = { m(x) { return \`\${x}\`; }, n: 1 };
  function $$g(x) { return (y) => x * y + f([x, y]); }`;

/**
 * Loads it; once, since a signal can cost an answer of Node's loader, and with it the cell that waits for that. What has
 * run a few times does its first cell in a fraction of the time.
 */
export async function ready(): Promise<void> {
  if (tools) return;
  tools = await load();
  for (let k = 0; k < 5; k++) tools.prepareSource(rehearsal, { file: "rehearsal", kind: "script" });
}

let isIdle = true;
/** Gets ready, and goes on with gradients of functions of its own until the first cell comes (rehearsal.ts). */
export async function rehearseMeanwhile(): Promise<void> {
  await ready();
  await rehearse(() => isIdle);
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
