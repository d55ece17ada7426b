/**
 * The module hooks of `wengert/register`: they run on Node's loader thread.
 *
 * What: files of the user's own (nothing under node_modules) are stripped of types if they are TypeScript, and
 * annotated. Another loader that was registered before (tsx) has its turn first. Reference: Node's documentation of
 * module customization hooks.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Format, formatOf, isOwnFile, prepareFile } from "./prepare-file.ts";

interface LoadContext {
  format?: string | null;
}
interface LoadResult {
  format: string;
  source?: string | ArrayBuffer | Uint8Array | null;
  shortCircuit?: boolean;
}
type NextLoad = (url: string, context: LoadContext) => Promise<LoadResult>;
interface ResolveContext {
  parentURL?: string;
}
type NextResolve = (
  specifier: string,
  context: ResolveContext,
) => Promise<{ url: string; format?: string | null }>;

const typescriptName = /\.[cm]?tsx?$/;

/** TypeScript's own names for files: `./x.js` and `./x` may mean `./x.ts`. */
export async function resolve(specifier: string, context: ResolveContext, next: NextResolve) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^\.{0,2}\//.test(specifier) || !context.parentURL?.startsWith("file:")) throw error;
    for (const candidate of candidates(specifier)) {
      const url = new URL(candidate, context.parentURL);
      if (existsSync(fileURLToPath(url))) return { url: url.href, shortCircuit: true };
    }
    throw error;
  }
}
/** The files that a specifier may mean beside its own name, in the order of preference. */
export function* candidates(specifier: string): Generator<string> {
  if (/\.[cm]?jsx?$/.test(specifier)) yield specifier.replace(/js(x?)$/, "ts$1");
  for (const ending of [".ts", ".tsx", ".mts", ".cts", "/index.ts", ".js", "/index.js"])
    yield specifier + ending;
}

export async function load(url: string, context: LoadContext, next: NextLoad): Promise<LoadResult> {
  if (!url.startsWith("file:")) return next(url, context);
  const path = fileURLToPath(url);
  if (!/\.[cm]?[jt]sx?$/.test(extname(path)) || !isOwnFile(path)) return next(url, context);
  let given: LoadResult | null = null;
  try {
    given = await next(url, context);
  } catch (error) {
    // Node 20 knows no TypeScript: the file is read here
    if ((error as NodeJS.ErrnoException).code !== "ERR_UNKNOWN_FILE_EXTENSION" || !typescriptName.test(path))
      throw error;
  }
  if (given && !/^(?:module|commonjs)(?:-typescript)?$/.test(given.format)) return given;
  const text = given?.source ? textOf(given.source) : await readFile(path, "utf8");
  const raw = given === null || given.format.endsWith("-typescript");
  const format = raw ? formatOf(text, path) : (given?.format as Format);
  // CommonJS goes to Node's own loader, where register.ts prepares it: the one for given text cannot require ES modules
  if (format === "commonjs") return { ...given, format, source: null, shortCircuit: true };
  return { format, source: prepareFile(text, path, url, format, raw), shortCircuit: true };
}

function textOf(source: string | ArrayBuffer | Uint8Array): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}
