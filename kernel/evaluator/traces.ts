/**
 * Stack traces in the user's own lines.
 *
 * What: every error's `stack` speaks of the cells and files as they were written, and leaves out the kernel's own
 * frames; and the coloured traceback that front ends show, with the lines of code around.
 */
import { readFileSync } from "node:fs";
import { findSourceMap, SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

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

function originalPlace(file: string, line: number, column: number): Place {
  const source = sources.get(file);
  if (source) source.map ??= new SourceMap(source.payload as never);
  const map = source?.map ?? (file.startsWith("file:") ? findSourceMap(file) : undefined);
  const entry = map?.findEntry(line - 1, column - 1) as
    | { originalLine?: number; originalColumn?: number; originalSource?: string }
    | undefined;
  if (entry?.originalLine === undefined) return { file, line, column };
  const name = source ? file : (entry.originalSource ?? file);
  return { file: name, line: entry.originalLine + 1, column: (entry.originalColumn as number) + 1 };
}

function isOurs(file: string): boolean {
  return (
    file.startsWith(ownFolder) ||
    file === "$$entry" ||
    /^evalmachine\.<anonymous>$/.test(file) ||
    /^node:(?:vm|internal\/)/.test(file)
  );
}

function frameText(site: NodeJS.CallSite): string | null {
  const file = site.getFileName() ?? "";
  if (!file || isOurs(file)) return null;
  const {
    file: name,
    line,
    column,
  } = originalPlace(file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0);
  const where = `${shown(name)}:${line}:${column}`;
  const called = calledName(site);
  return called ? `${called} (${where})` : where;
}

const shown = (file: string): string =>
  file.startsWith("file:") ? fileURLToPath(file).replace(/\?.*$/, "") : file;

function calledName(site: NodeJS.CallSite): string {
  const text = /^(?:async )?(.*) \(.*\)$/.exec(String(site))?.[1] ?? "";
  return text
    .replace(/^(?:Object|globalThis|global)\./, "")
    .replace(/^<anonymous>$/, "")
    .replace(/\$\$/g, "");
}

/** Makes `error.stack` speak of the user's lines. */
export function installTraces(): void {
  process.setSourceMapsEnabled(true);
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map(frameText).filter((frame) => frame !== null);
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
  const frames = stack.split("\n").filter((line) => /^ {4}at /.test(line));
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
