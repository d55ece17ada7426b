/**
 * A file of the user's on its way to being run: types stripped, annotated, with an inline source map.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareSource } from "./prepare.ts";
import { type Compiler, type Format, stripTypes } from "./source/strip-types.ts";

const home = dirname(fileURLToPath(import.meta.url));

/** Whether a file is prepared: the user's own, not a package's, and nothing of Wengert itself. */
export function isOwnFile(path: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(path) && !path.startsWith(home);
}

export { type Format, stripTypes };

const typescriptName = /\.[cm]?tsx?$/;
/** The compiler, loaded when the first TypeScript comes. */
const compiler = (): Compiler => createRequire(import.meta.url)("typescript");

/**
 * The text that runs in the place of a file's. `name` is what stack frames call it; `raw` says that no loader had the
 * file before, so that TypeScript is sure to have its types still.
 */
export function prepareFile(source: string, path: string, name: string, kind: Format, raw: boolean): string {
  const typescript = typescriptName.test(path);
  if (!(typescript && raw)) {
    const { code, map } = withoutInlineMap(source);
    const text = annotated(code, map, name, kind);
    if (text !== null) return text;
    if (!typescript) return source;
    if (kind === "commonjs" && formatOf(source, path) === "module") throw requiredModule(path);
  }
  const { code, map } = stripTypes(compiler(), source, path, kind);
  return annotated(code, map, name, kind) ?? code;
}

function requiredModule(path: string): Error {
  const error = new Error(`require() of the ES module ${path} is not supported; use import, or name it .cts`);
  return Object.assign(error, { code: "ERR_REQUIRE_ESM" });
}

/** Annotated code with its map inside; null for what acorn cannot read: types, or an error that Node reports better. */
function annotated(code: string, map: string | null, name: string, kind: Format): string | null {
  let prepared: { code: string; map: string };
  try {
    prepared = prepareSource(code, { file: name, kind, map });
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const data = Buffer.from(prepared.map).toString("base64");
  return `${prepared.code}\n//# sourceMappingURL=data:application/json;base64,${data}\n`;
}

/** What Node would take a file for: by its ending, the package's type, and whether it is written as a module. */
export function formatOf(source: string, path: string): Format {
  if (/\.m[jt]s$/.test(path)) return "module";
  if (/\.c[jt]s$/.test(path)) return "commonjs";
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { type } = JSON.parse(readFileSync(file, "utf8"));
      if (type === "module" || type === "commonjs") return type;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  return /^\s*(?:import\b(?!\s*\()|export\b)|\bimport\.meta\b|^\s*(?:const|let|var)?[^/'"`\n]*\bawait\s/m.test(
    source,
  )
    ? "module"
    : "commonjs";
}

/** Code of a loader before, and the map that it put at the end. */
function withoutInlineMap(source: string): { code: string; map: string | null } {
  const found = /\n\/\/# sourceMappingURL=data:application\/json[^,\n]*;base64,([A-Za-z0-9+/=]+)\s*$/.exec(
    source,
  );
  if (!found) return { code: source, map: null };
  return { code: source.slice(0, found.index), map: Buffer.from(found[1], "base64").toString() };
}
