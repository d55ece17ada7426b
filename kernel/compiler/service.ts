/**
 * TypeScript's language service over the cells of a session.
 *
 * What: the files that the service sees: the cell at hand, the declarations of earlier cells, and what lies on disk;
 * and how names of modules are resolved: `wengert` and `wengert/notebook` to this very package, from any folder.
 */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import ts = require("typescript");

import { privateChainsInParentheses } from "../../lib/source/strip-types.ts";
import { Documents, isInstalled } from "./documents.ts";
import { joinedLibrary } from "./library.ts";
import { cellModule } from "./names.ts";
import { compilerOptions, newestLibrary } from "./options.ts";

const packageFolder = fileURLToPath(new URL("../../../", import.meta.url));
const ownTypes: Record<string, string> = {
  wengert: join(packageFolder, "dist", "lib", "index.d.ts"),
  "wengert/notebook": join(packageFolder, "dist", "kernel", "notebook.d.ts"),
};

const globals = `
/** Asks the reader for a line of text. */
declare function prompt(text?: string): string;
/** Asks the reader for a line of text that is not shown. */
declare function password(text?: string): string;
`;

export class Service {
  readonly folder: string;
  readonly options: ts.CompilerOptions;
  readonly service: ts.LanguageService;
  readonly #documents = new Documents();
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #library: Map<string, string>;
  readonly #roots: string[];
  readonly #snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  /** What was resolved from where inside of packages, which do not change. */
  readonly #resolved = new Map<string, ts.ResolvedModuleFull | undefined>();
  readonly #types = new Map<string, ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations>();
  readonly #cache: ts.ModuleResolutionCache;
  #current: string;

  constructor(folder: string) {
    this.folder = folder;
    this.options = compilerOptions(folder);
    this.#library = joinedLibrary(this.options, newestLibrary);
    this.#cache = ts.createModuleResolutionCache(folder, (name) => name, this.options);
    const names = join(folder, "__wengert_globals.d.ts");
    this.#roots = [names];
    this.#current = names;
    this.set(names, globals);
    this.service = ts.createLanguageService(this.#host(), this.#documents);
  }

  /** The file of a cell, by the ending that fits it. */
  cellFile(ending: "ts" | "tsx"): string {
    return join(this.folder, `__wengert_cell.${ending}`);
  }

  /** The file of the user's own that a tsconfig.json's `paths` give a name to. */
  locate(name: string): string | null {
    if (!this.options.paths) return null;
    const { resolvedModule } = ts.resolveModuleName(name, this.cellFile("ts"), this.options, ts.sys);
    const path = resolvedModule?.resolvedFileName;
    return path && !isInstalled(path) && !path.endsWith(".d.ts") ? path : null;
  }

  /** Has the documentation of files at hand; false if it was. */
  document(paths: readonly string[]): boolean {
    return this.#documents.document(paths);
  }

  /** Gives a file that exists in memory alone its text. */
  set(path: string, text: string): void {
    const version = (this.#texts.get(path)?.version ?? 0) + 1;
    this.#texts.set(path, { text, version });
  }

  /** Makes a file the one that is looked at. */
  focus(path: string, text: string): void {
    if (this.#texts.get(path)?.text !== text) this.set(path, text);
    this.#current = path;
  }

  /** Stores what later cells see of a cell. */
  setCell(number: number, text: string, ending: ".d.ts" | ".ts" | ".tsx"): void {
    this.set(this.#cellPath(number, ending), text);
  }

  /** Keeps a cell in sight of all later ones: it adds to the global scope. */
  alwaysSee(number: number): void {
    const path = [".d.ts", ".ts", ".tsx"]
      .map((ending) => this.#cellPath(number, ending))
      .find((name) => this.#texts.has(name));
    if (path) this.#roots.push(path);
  }

  /** The number of the cell whose declarations a file holds. */
  cellOf(path: string): number | undefined {
    const found = /__wengert_cell_(\d+)\.(?:d\.ts|tsx?)$/.exec(path);
    return found ? Number(found[1]) : undefined;
  }

  #cellPath(number: number, ending: string): string {
    return join(this.folder, `__wengert_cell_${number}${ending}`);
  }

  #resolve(name: string, containing: string): ts.ResolvedModuleFull | undefined {
    if (name.startsWith(cellModule)) {
      const number = Number(name.slice(cellModule.length));
      for (const extension of [".d.ts", ".ts", ".tsx"]) {
        const path = this.#cellPath(number, extension);
        if (this.#texts.has(path)) return { resolvedFileName: path, extension };
      }
      return undefined;
    }
    const own = ownTypes[name];
    if (own && existsSync(own)) return { resolvedFileName: own, extension: ts.Extension.Dts };
    if (!isInstalled(containing))
      return ts.resolveModuleName(name, containing, this.options, ts.sys).resolvedModule;
    const key = `${dirname(containing)}\n${name}`;
    if (!this.#resolved.has(key))
      this.#resolved.set(
        key,
        ts.resolveModuleName(name, containing, this.options, ts.sys, this.#cache).resolvedModule,
      );
    return this.#resolved.get(key);
  }

  #host(): ts.LanguageServiceHost {
    const texts = this.#texts;
    const version = (path: string): string => {
      const held = texts.get(path);
      if (held) return String(held.version);
      if (isInstalled(path)) return this.#documents.versionOf(path);
      const found = statSync(path, { throwIfNoEntry: false });
      return found ? `${found.mtimeMs} ${found.size}` : "0";
    };
    return {
      getCompilationSettings: () => this.options,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getScriptFileNames: () => [...this.#roots, this.#current],
      getScriptVersion: version,
      getScriptSnapshot: (path) => {
        const held = this.#snapshots.get(path);
        const now = version(path);
        if (held?.version === now) return held.snapshot;
        const text = texts.get(path)?.text ?? this.#library.get(path) ?? ts.sys.readFile(path);
        if (text === undefined) return undefined;
        const snapshot = ts.ScriptSnapshot.fromString(text);
        this.#snapshots.set(path, { version: now, snapshot });
        return snapshot;
      },
      getCustomTransformers: () => ({ after: [privateChainsInParentheses(ts)] }),
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (path) => texts.has(path) || ts.sys.fileExists(path),
      readFile: (path) => texts.get(path)?.text ?? ts.sys.readFile(path),
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      realpath: ts.sys.realpath,
      resolveModuleNameLiterals: (literals, containing) =>
        literals.map(({ text }) => ({ resolvedModule: this.#resolve(text, containing) })),
      resolveTypeReferenceDirectiveReferences: (references, containing) =>
        references.map((reference) => {
          const name = typeof reference === "string" ? reference : reference.fileName;
          const key = `${dirname(containing)}\n${name}`;
          let found = this.#types.get(key);
          if (!found) {
            found = ts.resolveTypeReferenceDirective(name, containing, this.options, ts.sys);
            this.#types.set(key, found);
          }
          return found;
        }),
      // the service asks for it, though the interface does not name it
      ...({ getModuleResolutionCache: () => this.#cache } as object),
    };
  }
}
