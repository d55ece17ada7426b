/**
 * Preparing code: where the annotation (source/) and the writer of recording programs (tape/program) are joined.
 *
 * What: `prepareSource`, used by the loader for files and by the kernel for cells. The code given is JavaScript;
 * types have been stripped.
 */
import { annotate } from "./source/annotate.ts";
import type { SourceMapJson } from "./source/assemble.ts";
import { writeLateBy } from "./source/late.ts";
import { rememberMap } from "./source/positions.ts";
import type { WriterFactory } from "./source/recording-writer.ts";
import type { SourceKind } from "./source/syntax.ts";
import "./tape/recorder.ts";
import { ProgramWriter } from "./tape/program/functions.ts";
import { isLeaky } from "./tape/program/writer.ts";

export interface PrepareOptions {
  /** The name that stack frames give the code: a path, URL, or name of a cell. */
  file: string;
  /** A `script` is a cell: it runs in this very thread, in strict mode, and what it does not declare is global. */
  kind: SourceKind;
  /** Source map (JSON) of the code given, back to what the user wrote. */
  map?: string | SourceMapJson | null;
}

const writer: WriterFactory = (context, root, privates) => new ProgramWriter(context, root, privates);
writeLateBy(writer);

/** Annotates JavaScript: the plain code, with what makes its functions differentiable, and its source map as JSON. */
export function prepareSource(code: string, options: PrepareOptions): { code: string; map: string } {
  const input =
    typeof options.map === "string" ? (JSON.parse(options.map) as SourceMapJson) : (options.map ?? null);
  const { code: text, map } = annotate(code, {
    file: options.file,
    kind: options.kind,
    map: input,
    writer,
    isLeaky,
    global: options.kind === "script",
  });
  rememberMap(options.file, map);
  return { code: text, map: JSON.stringify(map) };
}
