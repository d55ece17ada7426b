/**
 * Places in the user's own text.
 *
 * What: from a stack of calls to the line and column, as the user wrote them, of the innermost prepared code; and
 * `WengertError`, which says its problem, the way out and that place. Why: errors about code speak in the user's lines.
 */
import { findSourceMap } from "node:module";
import { decode, type SourceMapMappings } from "@jridgewell/sourcemap-codec";
import { lookUp, type SourceMapJson } from "./assemble.ts";

export interface Place {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

const prepared = new Map<string, { map: SourceMapJson; file: string }>();
const decoded = new Map<string, SourceMapMappings>();

/** Remembers the map of a prepared text under the name that stack frames will give it, and what its reader calls it. */
export function rememberMap(name: string, map: SourceMapJson, file = name): void {
  prepared.set(name, { map, file });
  decoded.delete(name);
}

function mapOf(name: string): SourceMapJson | undefined {
  return prepared.get(name)?.map ?? (findSourceMap(name)?.payload as SourceMapJson | undefined);
}

/** The user's own text of a file or cell, where it is known. */
export function textOf(file: string): string | null {
  return mapOf(file)?.sourcesContent?.[0] ?? null;
}

function mappingsOf(file: string): SourceMapMappings | null {
  let mappings = decoded.get(file);
  if (mappings) return mappings;
  const map = mapOf(file);
  if (!map) return null;
  mappings = decode(map.mappings);
  decoded.set(file, mappings);
  return mappings;
}

/** Where in the user's text a place of prepared code stems from, or null. */
export function originalPlace(name: string, line: number, column: number): Place | null {
  const mappings = mappingsOf(name);
  const found = mappings && lookUp(mappings, line - 1, column - 1);
  const file = prepared.get(name)?.file ?? name;
  return found ? { file, line: found[0] + 1, column: found[1] + 1 } : null;
}

/** The place in prepared code that called what is running now. */
export function callerPlace(): Place | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 40;
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = new Error().stack as unknown as NodeJS.CallSite[];
    if (!Array.isArray(sites)) return null;
    for (const site of sites) {
      const file = site.getFileName() ?? site.getScriptNameOrSourceURL() ?? site.getEvalOrigin();
      if (!file || file.startsWith("node:") || file === import.meta.url) continue;
      const place = originalPlace(file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0);
      if (place && !isOwn(file)) return place;
    }
    return null;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const home = new URL("..", import.meta.url).href;
const isOwn = (file: string): boolean => file.startsWith(home);

/** An error about the user's program: `problem; way out (line:col)`. */
export class WengertError extends Error {
  readonly place: Place | null;
  /** The first one raised since this was last set to null: an evaluation looks whether f has swallowed one. */
  static raised: WengertError | null = null;
  constructor(problem: string, wayOut?: string, place: Place | null = callerPlace()) {
    super(`${problem}${wayOut ? `; ${wayOut}` : ""}${place ? ` (${place.line}:${place.column})` : ""}`);
    this.place = place;
    WengertError.raised ??= this;
  }
  static {
    WengertError.prototype.name = "WengertError";
  }
}
