/**
 * `wengert/notebook`: what cells can say to the front end.
 *
 * What: displays that can be updated, progress, comms, and helpers that make HTML, Markdown, mathematics, drawings,
 * tables and plots out of text and data. Outside of a kernel the module can be imported too; displays then print text.
 */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { type CommHandlers, theHost } from "./host.ts";
import { normalised } from "./output/show.ts";

const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** MIME type → data. */
export type MimeBundle = Record<string, unknown>;

/** A value that shows itself. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

export interface DisplayOptions {
  /** A name by which the output can be replaced later, also from other cells. */
  id?: string;
  /** Whether the value is a MIME bundle to be sent as it is. */
  raw?: boolean;
  /** Metadata of a raw bundle. */
  metadata?: Record<string, unknown>;
  /** Whether to replace what is shown under `id` instead of adding an output. */
  update?: boolean;
}

export interface DisplayHandle {
  readonly id: string;
  /** Shows another value in the same place. */
  update(value: unknown, options?: { raw?: boolean; metadata?: Record<string, unknown> }): void;
}

/** Shows a value, richly where it can be. */
export function display(value: unknown, options: DisplayOptions = {}): DisplayHandle {
  const id = String(options.id ?? randomUUID());
  show(value, options, id, options.update ?? false);
  const handle: DisplayHandle = { id, update: (next, more = {}) => show(next, more, id, true) };
  const host = theHost();
  host?.handles.set(handle, host.execution());
  return handle;
}

function show(value: unknown, { raw, metadata = {} }: DisplayOptions, id: string, update: boolean): void {
  const host = theHost();
  if (!host) {
    console.log(raw ? ((value as MimeBundle)["text/plain"] ?? value) : outside(value));
    return;
  }
  const type = update ? "update_display_data" : "display_data";
  const send = (data: MimeBundle, given: Record<string, unknown>) =>
    host.publish(type, { data, metadata: given, transient: { display_id: id } });
  if (raw) {
    if (value === null || typeof value !== "object")
      throw new TypeError("display with raw: true takes a MIME bundle, an object of MIME types");
    const bundle = normalised(value);
    send(bundle.data as MimeBundle, { ...bundle.metadata, ...metadata });
    return;
  }
  host.show(value, (bundle) => send(bundle.data, bundle.metadata));
}

function outside(value: unknown): unknown {
  const text = (value as Rich | null)?.text;
  return value instanceof Rich ? text : value;
}

/** Removes the outputs of the cell: at once, or with `wait` when the next output comes. */
export function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  theHost()?.publish("clear_output", { wait: Boolean(wait) });
}

class Rich implements Displayable {
  readonly bundle: MimeBundle;
  readonly text: string;
  constructor(bundle: MimeBundle, text: string) {
    this.bundle = bundle;
    this.text = text;
  }
  [displaySymbol](): MimeBundle {
    return { ...this.bundle, "text/plain": this.text };
  }
  [inspect.custom](): string {
    return this.text;
  }
}

type Text = string | TemplateStringsArray;

const joined = (text: Text, parts: unknown[]): string =>
  typeof text === "string" ? text : String.raw({ raw: text.raw }, ...parts);

/** HTML, as a tagged template or a call. */
export const html = (text: Text, ...parts: unknown[]): Displayable => rich("text/html", text, parts);
/** Markdown. */
export const md = (text: Text, ...parts: unknown[]): Displayable => rich("text/markdown", text, parts);
/** Mathematics in LaTeX; without dollar signs it is set as a display. */
export function latex(text: Text, ...parts: unknown[]): Displayable {
  const source = joined(text, parts);
  return new Rich(
    { "text/latex": /^\s*(?:\$|\\\(|\\\[|\\begin)/.test(source) ? source : `$$${source}$$` },
    source,
  );
}
/** A drawing in SVG. */
export const svg = (text: Text, ...parts: unknown[]): Displayable => rich("image/svg+xml", text, parts);

function rich(type: string, text: Text, parts: unknown[]): Displayable {
  const source = joined(text, parts);
  return new Rich({ [type]: source }, source);
}

const escaped = (value: string): string => value.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** As captions of the library's own displays are. */
const captionStyle =
  "caption-side: top; text-align: left; padding: 0.2em 0.6em 0.5em; white-space: nowrap; " +
  "color: var(--jp-content-font-color2, inherit)";

/** A table of records, or of rows with the names of the columns. */
export function table(
  rows: readonly unknown[],
  { columns, caption }: { columns?: readonly string[]; caption?: string } = {},
): Displayable {
  if (!Array.isArray(rows))
    throw new TypeError("a table takes a list of records or rows; got something else");
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(Object(row))))];
  const cells = rows.map((row) =>
    names.map((name, k) =>
      cellText(Array.isArray(row) && columns ? row[k] : (row as Record<string, unknown>)[name]),
    ),
  );
  // Columns of numbers stand at the right, columns of words at the left; front ends don't agree on a default.
  const numeric = names.map((_, k) => cells.every((row) => row[k] === "" || !Number.isNaN(Number(row[k]))));
  const style = (k: number) => `style="text-align: ${numeric[k] ? "right" : "left"}"`;
  const head = names.map((name, k) => `<th scope="col" ${style(k)}>${escaped(name)}</th>`).join("");
  const body = cells
    .map((row) => `<tr>${row.map((cell, k) => `<td ${style(k)}>${escaped(cell)}</td>`).join("")}</tr>`)
    .join("");
  const title = caption ? `<caption style="${captionStyle}">${escaped(caption)}</caption>` : "";
  const widths = names.map((name, k) => Math.max(name.length, ...cells.map((row) => row[k].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, k) => (numeric[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k])))
      .join("  ")
      .trimEnd();
  const text = [...(caption ? [caption] : []), line(names), ...cells.map(line)].join("\n");
  return new Rich(
    { "text/html": `<table>${title}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>` },
    text,
  );
}

const cellText = (value: unknown): string =>
  value === undefined
    ? ""
    : typeof value === "string"
      ? value
      : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });

/** A vega-lite specification as a plot, with a picture of it for front ends that draw none. */
export function plot(specification: Record<string, unknown>, alt?: string): Displayable {
  const { title, mark } = specification;
  const text = alt ?? `plot ${typeof title === "string" ? title : JSON.stringify(mark ?? "")}`.trim();
  return {
    async [displaySymbol]() {
      const { plotBundle } = await import("wengert");
      return plotBundle(specification, alt);
    },
    [inspect.custom]: () => text,
  } as Displayable;
}

/** Asks the reader for a line of text, without stopping what else runs. */
export function ask(text = "", { password = false }: { password?: boolean } = {}): Promise<string> {
  const host = theHost();
  if (!host) return Promise.reject(new Error("there is no front end to ask; run this in a notebook"));
  return host.ask(text, password);
}

/** Goes through a list or iterable and shows how far it has come, in one line that is updated in place. */
export function* progress<T>(
  items: Iterable<T>,
  { label = "", total }: { label?: string; total?: number } = {},
): Generator<T> {
  const count = total ?? (items as { length?: number }).length ?? (items as { size?: number }).size;
  const begun = performance.now();
  let shown = 0;
  let done = 0;
  let width = 0;
  const show = (last: boolean) => {
    const now = performance.now();
    if (!last && now - shown < 100) return;
    shown = now;
    const line = progressLine(label, done, count, (now - begun) / 1000);
    process.stdout.write(`\r${line.padEnd(width)}${last ? "\n" : ""}`);
    width = line.length;
  };
  show(false);
  try {
    for (const item of items) {
      yield item;
      done++;
      show(false);
    }
  } finally {
    show(true);
  }
}

function progressLine(label: string, done: number, count: number | undefined, seconds: number): string {
  const head = label ? `${label} ` : "";
  const time = `${seconds.toFixed(1)} s`;
  if (count === undefined) return `${head}${done}, ${time}`;
  const share = count === 0 ? 1 : done / count;
  const filled = Math.round(share * 24);
  const rest = done > 0 && done < count ? `, ${((seconds / done) * (count - done)).toFixed(1)} s left` : "";
  return `${head}[${"█".repeat(filled)}${"·".repeat(24 - filled)}] ${done}/${count} ${Math.round(share * 100)} %, ${time}${rest}`;
}

/** A conversation with a part of the front end (a widget, an extension). */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #handlers: CommHandlers;

  constructor(target: string, id: string, handlers: CommHandlers) {
    this.id = id;
    this.target = target;
    this.#handlers = handlers;
  }
  /** Sends data, with buffers that travel as bytes. */
  send(data: unknown = {}, { buffers = [], metadata = {} }: CommOptions = {}): void {
    if (!theHost()?.comms.has(this.id)) throw new Error(`the comm to ${this.target} is closed`);
    theHost()?.publish("comm_msg", { comm_id: this.id, data }, metadata, bytes(buffers));
  }
  onMessage(
    callback: (data: any, details: { metadata: Record<string, unknown>; buffers: Uint8Array[] }) => unknown,
  ): void {
    this.#handlers.message = callback;
  }
  onClose(callback: (data: any) => unknown): void {
    this.#handlers.close = callback;
  }
  close(data: unknown = {}): void {
    const host = theHost();
    if (host?.comms.delete(this.id)) host.publish("comm_close", { comm_id: this.id, data });
  }
}

export interface CommOptions {
  buffers?: (ArrayBufferView | ArrayBuffer)[];
  metadata?: Record<string, unknown>;
}

const bytes = (buffers: (ArrayBufferView | ArrayBuffer)[]): Uint8Array[] =>
  buffers.map((buffer) =>
    buffer instanceof ArrayBuffer
      ? new Uint8Array(buffer)
      : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength),
  );

export const comms = {
  /** Opens a comm to a target that the front end has registered. */
  open(target: string, data: unknown = {}, { buffers = [], metadata = {} }: CommOptions = {}): Comm {
    const host = theHost();
    if (!host) throw new Error("there is no front end to talk to; run this in a notebook");
    const handlers: CommHandlers = {};
    const comm = new Comm(target, randomUUID().replaceAll("-", ""), handlers);
    host.comms.set(comm.id, handlers);
    host.publish("comm_open", { comm_id: comm.id, target_name: target, data }, metadata, bytes(buffers));
    return comm;
  },
  /** Says what happens when the front end opens a comm to this target. */
  register(target: string, opened: (comm: Comm, data: any) => unknown): void {
    theHost()?.targets.set(target, opened as never);
  },
  /** Forgets a target. */
  unregister(target: string): void {
    theHost()?.targets.delete(target);
  },
};
