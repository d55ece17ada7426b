/**
 * How values are shown: their MIME bundles.
 *
 * What: a value with a display method (`Symbol.for("Jupyter.display")`) shows as what that returns; anything else as
 * text, by `node:util`; lists that hold values with display methods as HTML too, part by part.
 * Reference: the display convention of Deno's kernel.
 */
import { inspect, types } from "node:util";
import type { Bundle } from "../host.ts";

const displaySymbol = Symbol.for("Jupyter.display");
const metadataSymbol = Symbol.for("Jupyter.display.metadata");

/** Leaves what AsyncLocalStorage writes onto promises out of their text. */
export function tidyPromises(): void {
  const custom = inspect.custom;
  Object.defineProperty(Promise.prototype, custom, {
    configurable: true,
    writable: true,
    value(this: Promise<unknown>, _depth: number, options: object, render: typeof inspect) {
      for (const symbol of Object.getOwnPropertySymbols(this))
        if (/^(?:async_id_symbol|trigger_async_id_symbol|kResourceStore)$/.test(symbol.description ?? ""))
          Object.defineProperty(this, symbol, { enumerable: false });
      // an own property that is no function sends inspect its usual way
      Object.defineProperty(this, custom, { value: undefined, configurable: true });
      try {
        return render(this, options);
      } finally {
        delete (this as unknown as Record<symbol, unknown>)[custom];
      }
    },
  });
}

export function textOf(value: unknown): string {
  try {
    return inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 80 });
  } catch (error) {
    return `[value that cannot be shown: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

type Display = () => unknown;

function displayOf(value: unknown): Display | null {
  if (value === null || (typeof value !== "object" && typeof value !== "function") || types.isProxy(value))
    return null;
  try {
    const display = (value as Record<symbol, unknown>)[displaySymbol];
    return typeof display === "function" ? (display as Display) : null;
  } catch {
    return null;
  }
}

/** A bundle as the protocol wants it: bytes as base64, JSON types as they are, text as text. */
export function normalised(bundle: unknown): Bundle {
  if (bundle === null || typeof bundle !== "object")
    throw new TypeError("a display method must return a MIME bundle, an object of MIME types");
  const metadata = ((bundle as Record<symbol, unknown>)[metadataSymbol] ?? {}) as Record<string, unknown>;
  const data: Record<string, unknown> = {};
  for (const [type, value] of Object.entries(bundle)) {
    if (value === undefined || value === null) continue;
    if (value instanceof Uint8Array) data[type] = Buffer.from(value).toString("base64");
    else if (typeof value === "string" || /[/+]json$/.test(type)) data[type] = value;
    else data[type] = String(value);
  }
  return { data, metadata };
}

/** The bundle of a value; a promise of it where a display method takes its time. */
export function bundleOf(value: unknown, depth = 0): Bundle | Promise<Bundle> {
  const display = displayOf(value);
  if (display) {
    const made = display.call(value);
    return made instanceof Promise ? made.then((bundle) => filled(bundle, value)) : filled(made, value);
  }
  const parts = partsOf(value, depth)?.map((part) => bundleOf(part, depth + 1));
  if (!parts) return { data: { "text/plain": textOf(value) }, metadata: {} };
  return parts.some((part) => part instanceof Promise)
    ? Promise.all(parts).then(listed)
    : listed(parts as Bundle[]);
}

function filled(made: unknown, value: unknown): Bundle {
  const bundle = normalised(made);
  if (Object.keys(bundle.data).length === 0) bundle.data["text/plain"] = textOf(value);
  return bundle;
}

/** A list of which some elements show themselves. */
function listed(parts: Bundle[]): Bundle {
  const items = parts.map(({ data }) => `<div style="margin: 0.3em 0 0.3em 1.5em">${htmlOf(data)}</div>`);
  const texts = parts.map(({ data }) => indented(String(data["text/plain"] ?? Object.keys(data).join(", "))));
  return {
    data: { "text/html": `<div>[${items.join("")}]</div>`, "text/plain": `[\n${texts.join(",\n")}\n]` },
    metadata: {},
  };
}

const mostParts = 100;
/** As deep as texts show lists; one may hold itself. */
const mostDepth = 4;

/** The elements of a list in which something has a display method. */
function partsOf(value: unknown, depth: number): unknown[] | null {
  if (!Array.isArray(value) || types.isProxy(value) || value.length > mostParts || depth > mostDepth)
    return null;
  return value.some((part) => displayOf(part) !== null || partsOf(part, depth + 1) !== null) ? value : null;
}

const indented = (text: string): string => text.replace(/^/gm, "  ");
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A bundle as a piece of HTML. */
function htmlOf(data: Record<string, unknown>): string {
  const text = (type: string) => String(data[type]);
  const alternative = escaped(String(data["text/plain"] ?? ""));
  if (data["text/html"]) return text("text/html");
  for (const type of ["image/png", "image/jpeg", "image/gif"])
    if (data[type]) return `<img alt="${alternative}" src="data:${type};base64,${text(type)}">`;
  if (data["image/svg+xml"])
    return `<img alt="${alternative}" src="data:image/svg+xml;base64,${Buffer.from(text("image/svg+xml")).toString("base64")}">`;
  if (data["text/latex"]) return escaped(text("text/latex"));
  return `<pre>${alternative}</pre>`;
}
