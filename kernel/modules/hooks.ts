/**
 * Module hooks for the local files that cells import; they run on Node's loader thread.
 *
 * What: a file asked for with `?wengert=<version>` is converted by the compiler's thread and annotated; what it
 * imports from disk gets a version too, so a change anywhere below is seen. Reference: Node's module customization hooks.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { prepareSource } from "../../lib/prepare.ts";
import { lowerAsync } from "../evaluator/lower.ts";
import { Calls } from "../threads/calls.ts";
import { isModule, withEnding } from "./endings.ts";
import { guardTops } from "./tops.ts";

interface Context {
  parentURL?: string;
}
interface Resolved {
  url: string;
  format?: string | null;
  shortCircuit?: boolean;
}

let compiler: Calls;

export function initialize({ port }: { port: MessagePort }): void {
  compiler = new Calls(port, {});
}

export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  // files that cells import, in any folder, mean this very package
  if (/^wengert(?:\/|$)/.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
  if (!context.parentURL?.includes("?wengert=")) return next(specifier, context);
  const local = /^\.{0,2}\//.test(specifier);
  const path = local ? fileURLToPath(new URL(specifier, context.parentURL)) : await locate(specifier);
  const found = path ? withEnding(path) : undefined;
  if (!found) return next(specifier, context);
  if (!found.endsWith(".json") && !isModule(found)) return next(pathToFileURL(found).href, context);
  const version = await compiler.call<string>("version", found);
  return { url: `${pathToFileURL(found).href}?wengert=${version}`, shortCircuit: true };
}

/** The local file that a bare name means by a tsconfig.json's `paths`. */
const locate = (specifier: string): Promise<string | null> =>
  /^node:|^data:|^file:/.test(specifier) ? Promise.resolve(null) : compiler.call("locate", specifier);

export async function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<unknown>,
): Promise<unknown> {
  if (!url.includes("?wengert=")) return next(url, context);
  const path = fileURLToPath(url.replace(/\?.*$/, ""));
  const { code, map, json } = await compiler.call<{ code: string; map: string; json: boolean }>("file", path);
  if (json) return { format: "module", source: code, shortCircuit: true };
  const { code: text, map: textMap } = guardTops(code, map, url);
  const prepared = prepareSource(text, { file: url, kind: "module", map: textMap });
  // the version in the URL is ours, and none of the file's business
  const own = `import.meta.url = ${JSON.stringify(pathToFileURL(path).href)};`;
  const lowered = lowerAsync(prepared.code, JSON.parse(prepared.map), url, "module", { before: own });
  const data = Buffer.from(JSON.stringify(lowered.map)).toString("base64");
  return {
    format: "module",
    source: `${lowered.code}\n//# sourceMappingURL=data:application/json;base64,${data}\n`,
    shortCircuit: true,
  };
}
