/**
 * Stack traces in the user's own lines.
 *
 * What: every error's `stack` speaks of the cells and files as they were written, and leaves out the kernel's own
 * frames; and the coloured traceback that front ends show, with the lines of code around.
 */
import { readFileSync } from "node:fs";
import { findSourceMap, SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { originalPlace as placeOf } from "../../lib/source/positions.ts";
import { Interrupted } from "./guard.ts";

const sources = new Map<string, { text: string; payload: unknown; map?: SourceMap }>();
const ownFolder = new URL("../..", import.meta.url).href;

/** Remembers a cell's text and the map from what runs to it. */
export function rememberSource(file: string, text: string, payload: unknown): void {
  sources.set(file, { text, payload });
}

interface Place {
  file: string;
  line: number;
  column: number;
}

/** Null for what the user has not written; of a cell the line is known in any case. */
function originalPlace(file: string, line: number, column: number): Place | null {
  const source = sources.get(file);
  if (source) source.map ??= new SourceMap(source.payload as never);
  const map = source?.map ?? (file.startsWith("file:") ? findSourceMap(file) : undefined);
  const entry = map?.findEntry(line - 1, column - 1) as
    | { originalLine?: number; originalColumn?: number; originalSource?: string }
    | undefined;
  // recording programs that were made late have their maps in the library
  if (!map) return placeOf(file, line, column) ?? { file, line, column };
  if (entry?.originalLine === undefined) return source ? { file, line, column: 1 } : null;
  const name = source ? file : (entry.originalSource ?? file);
  return { file: name, line: entry.originalLine + 1, column: (entry.originalColumn as number) + 1 };
}

function isOurs(file: string): boolean {
  return (
    file.startsWith(ownFolder) ||
    file === "$$entry" ||
    /^evalmachine\.<anonymous>$/.test(file) ||
    /^node:(?:vm|async_hooks|internal\/)/.test(file)
  );
}

interface Frame {
  called: string;
  where: string;
}

/** What calls a function that our own writing has put around code of the user's. */
const around = new Set(["top", "runTask"]);

/** The user's frames of a stack. */
function userFrames(sites: NodeJS.CallSite[]): Frame[] {
  const frames: Frame[] = [];
  let isAround = false;
  for (const site of sites) {
    const file = site.getFileName() ?? site.getScriptNameOrSourceURL() ?? "";
    if (!file || isOurs(file)) {
      isAround ||= file.startsWith(ownFolder) && around.has(site.getFunctionName() ?? "");
      continue;
    }
    const place = originalPlace(file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0);
    if (!place) continue;
    const called = calledName(site);
    const inner = frames.at(-1);
    // an async function is called by its own name, and goes on as a generator without one
    if (isAround && inner) inner.called ||= called;
    else frames.push({ called, where: `${shown(place.file)}:${place.line}:${place.column}` });
    isAround = false;
  }
  return frames;
}

const shown = (file: string): string =>
  file.startsWith("file:") ? fileURLToPath(file).replace(/\?.*$/, "") : file;

function calledName(site: NodeJS.CallSite): string {
  const text = /^(?:async )?(.*) \(.*\)$/.exec(String(site))?.[1] ?? "";
  return text
    .replace(/^(?:Object|globalThis|global)\./, "")
    .replace(/^(?:[\p{ID_Continue}$]+\.)?<anonymous>$/u, "")
    .replace(/\$\$/g, "");
}

/** Makes `error.stack` speak of the user's lines. */
export function installTraces(): void {
  process.setSourceMapsEnabled(true);
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (error, sites) => {
    const frames = userFrames(sites).map(({ called, where }) => (called ? `${called} (${where})` : where));
    let head: string;
    try {
      // console.trace asks with an object that is no error
      head = Error.prototype.toString.call(error);
    } catch {
      head = "Error";
    }
    return [head, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}

/** Errors that got frames of the execution under way, and their stacks without these. */
const stacks = new Map<Error, string>();

/** What is being called now; the text of it is made when it is asked for. */
export function callerHere(): { stack?: string } {
  const caller = {};
  Error.captureStackTrace(caller, callerHere);
  return caller;
}

/**
 * An error of a module that is being loaded, with the frames of whoever asked for that, which Node leaves out.
 * Node gives the error of a file that has failed to all that import it later, so they stay for one execution.
 */
export function calledFrom(error: unknown, caller: { stack?: string }): unknown {
  if (!isError(error) || error instanceof Interrupted) return error;
  const own = stacks.get(error) ?? error.stack ?? "";
  stacks.set(error, own);
  Reflect.set(error, "stack", [own, ...framesOf(caller.stack ?? "")].join("\n"));
  return error;
}

/** An execution begins. */
export function forgetCallers(): void {
  for (const [error, stack] of stacks) Reflect.set(error, "stack", stack);
  stacks.clear();
}

const framesOf = (stack: string): string[] => stack.split("\n").filter((line) => /^ {4}at /.test(line));

const colours = {
  red: "\u001b[31m",
  bold: "\u001b[1m",
  dim: "\u001b[2m",
  cyan: "\u001b[36m",
  off: "\u001b[0m",
};

export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** What front ends are told about something that was thrown. */
export function failureOf(thrown: unknown, inspect: (value: unknown) => string): Failure {
  if (!isError(thrown)) {
    const evalue = inspect(thrown);
    return { ename: "Thrown", evalue, traceback: [`${colours.red}Thrown${colours.off}: ${evalue}`] };
  }
  const read = (get: () => unknown): string => {
    try {
      return String(get() ?? "");
    } catch {
      return "";
    }
  };
  const ename = read(() => thrown.name) || "Error";
  const evalue = read(() => thrown.message);
  const stack = read(() => thrown.stack);
  const frames = framesOf(stack);
  const traceback = [`${colours.red}${colours.bold}${ename}${colours.off}: ${evalue}`];
  const first = frames.map((line) => /\(?((?:In\[|\/)[^()]*?):(\d+):(\d+)\)?$/.exec(line)).find(Boolean);
  if (first) {
    const excerpt = excerptOf(first[1], Number(first[2]), Number(first[3]));
    if (excerpt) traceback.push(excerpt);
  }
  const coloured = (line: string) =>
    line.replace(/(In\[[^\]]*\]:\d+:\d+)/, `${colours.cyan}$1${colours.off}`);
  traceback.push(...folded(frames).map(coloured));
  const { cause } = thrown;
  if (cause !== undefined) {
    const inner = failureOf(cause, inspect);
    traceback.push(`${colours.dim}caused by${colours.off}`, ...inner.traceback);
  }
  if (thrown instanceof AggregateError)
    for (const part of thrown.errors)
      traceback.push(...failureOf(part, inspect).traceback.map((line) => `  ${line}`));
  return { ename, evalue, traceback };
}

/** Equal frames in a row, as a recursion makes them, as one with their number. */
function folded(frames: string[]): string[] {
  const rows: string[] = [];
  for (let k = 0; k < frames.length; ) {
    let end = k + 1;
    while (frames[end] === frames[k]) end++;
    rows.push(frames[k]);
    if (end - k > 3) rows.push(`        … ${end - k - 1} times the same`);
    else rows.push(...frames.slice(k + 1, end));
    k = end;
  }
  return rows;
}

const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";

/** The line in question with two before and after, and a mark under the column. */
function excerptOf(file: string, line: number, column: number): string | null {
  const text = sources.get(file)?.text ?? textOf(file);
  if (text === undefined) return null;
  const lines = text.split("\n");
  if (line > lines.length) return null;
  const from = Math.max(1, line - 2);
  const to = Math.min(lines.length, line + 2);
  const width = String(to).length;
  const rows: string[] = [];
  for (let k = from; k <= to; k++) {
    const number = String(k).padStart(width);
    rows.push(
      k === line
        ? `${colours.red}>${colours.off} ${number} | ${lines[k - 1]}`
        : `${colours.dim}  ${number} | ${lines[k - 1]}${colours.off}`,
    );
    if (k === line)
      rows.push(
        `  ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1))}${colours.red}^${colours.off}`,
      );
  }
  return rows.join("\n");
}

function textOf(path: string): string | undefined {
  if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
