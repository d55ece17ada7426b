/**
 * TypeScript's language service over the cells of a session.
 *
 * What: the files that the service sees: the cell at hand, the declarations of earlier cells, and what lies on disk;
 * and how names of modules are resolved: `wengert` and `wengert/notebook` to this very package, from any folder. A cell
 * is added to the program that is there (additions.ts); where that can't be, a new one begins.
 */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import ts = require("typescript");

import { privateChainsInParentheses } from "../../lib/source/strip-types.ts";
import { Additions } from "./additions.ts";
import { Documents, isInstalled } from "./documents.ts";
import { joinedLibrary } from "./library.ts";
import { cellModule } from "./names.ts";
import { compilerOptions, newestLibrary } from "./options.ts";

const packageFolder = fileURLToPath(new URL("../../../", import.meta.url));
const ownTypes: Record<string, string> = {
  wengert: join(packageFolder, "dist", "lib", "index.d.ts"),
  "wengert/notebook": join(packageFolder, "dist", "kernel", "notebook.d.ts"),
};

/** How much is added to one program before a new one begins, in characters. */
const mostAdded = 500_000;

const globals = `
/** Asks the reader for a line of text. */
declare function prompt(text?: string): string;
/** Asks the reader for a line of text that is not shown. */
declare function password(text?: string): string;
`;

/** What cells add to the global scope, or to other modules. */
export const augmentation = /\bdeclare\s+(?:global\b|module\s*["'])/;

/** The cell that a module's name stands for; declarations name the files of types that nobody has named. */
function cellNamed(name: string): number | null {
  if (name.startsWith(cellModule)) return Number(name.slice(cellModule.length));
  const found = /^\.\/__wengert_cell_(\d+)$/.exec(name);
  return found ? Number(found[1]) : null;
}

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
  /** The cell that is looked at. */
  #current = "";
  /** Packages that cells have imported. A new program has them all, so that going to and fro needs no other. */
  readonly #packages = new Set<string>();
  readonly #imports: string;
  /** Goes up where a new program is needed. */
  #epoch = 0;
  #additions: Additions | null = null;
  /** Files of the user's own that the program has, and what they were when it was made. */
  #local: { path: string; version: string }[] = [];
  #focused = 0;
  /** Whether the cell at hand adds to the global scope or to other modules. */
  #augments = false;
  #versions = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.options = compilerOptions(folder);
    this.#library = joinedLibrary(this.options, newestLibrary);
    this.#cache = ts.createModuleResolutionCache(folder, (name) => name, this.options);
    const names = join(folder, "__wengert_globals.d.ts");
    this.#imports = join(folder, "__wengert_imports.ts");
    this.#roots = [names, this.#imports];
    this.set(names, globals);
    this.set(this.#imports, "export {}");
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
    const anew = this.#documents.document(paths);
    if (anew) this.renew();
    return anew;
  }

  /** Gives a file that exists in memory alone its text. */
  set(path: string, text: string): void {
    this.#texts.set(path, { text, version: ++this.#versions });
  }

  /** Makes a text the cell that is looked at; returns its path. */
  focus(ending: "ts" | "tsx", text: string): string {
    const isHere = this.#current.endsWith(`.${ending}`) && this.#texts.get(this.#current)?.text === text;
    if (isHere && this.#additions?.isWhole && !this.#isStale()) return this.#current;
    // what the last cell adds is in force as long as it is looked at, or for ever
    if (this.#augments) this.renew();
    this.#augments = augmentation.test(text);
    this.#texts.delete(this.#current);
    this.#snapshots.delete(this.#current);
    this.#current = this.#add(ending, text) ?? this.#begin(ending, text);
    return this.#current;
  }

  /** Adds the cell to the program that is there, if that is possible. */
  #add(ending: "ts" | "tsx", text: string): string | null {
    if (!this.#additions || this.#additions.size > mostAdded || this.#isStale()) return null;
    // the checker keeps what it finds wrong by the file's name
    const path = join(this.folder, `__wengert_now_${++this.#focused}.${ending}`);
    if (!this.#additions.add(path, text)) return null;
    this.set(path, text);
    return path;
  }

  /** Makes a new program, of which the cell is a part. */
  #begin(ending: "ts" | "tsx", text: string): string {
    this.#current = this.cellFile(ending);
    this.set(this.#current, text);
    const imports = [...this.#packages].map((name) => `import ${JSON.stringify(name)};\n`).join("");
    if (imports && this.#texts.get(this.#imports)?.text !== imports) this.set(this.#imports, imports);
    this.renew();
    const program = this.service.getProgram() as ts.Program;
    const { getSourceFiles } = program;
    this.#local = getSourceFiles()
      .filter(({ fileName }) => !isInstalled(fileName) && !this.#texts.has(fileName))
      .map(({ fileName }) => ({ path: fileName, version: this.#version(fileName) }));
    const like = program.getSourceFile(this.#current) as ts.SourceFile;
    this.#additions = new Additions(program, like, {
      text: (path) => this.#texts.get(path)?.text,
      resolve: (name, containing) => this.#resolve(name, containing),
    });
    return this.#current;
  }

  /** Whether the cell at hand was added to a program that was there. */
  get isAdded(): boolean {
    return this.#current !== this.cellFile("ts") && this.#current !== this.cellFile("tsx");
  }

  /** The next cell gets a new program. */
  renew(): void {
    this.#epoch++;
    this.#additions?.end();
    this.#additions = null;
  }

  /** Whether a file of the user's own was edited since the program was made. */
  #isStale(): boolean {
    return this.#local.some(({ path, version }) => this.#version(path) !== version);
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
    this.renew();
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
    const number = cellNamed(name);
    if (number !== null) {
      for (const extension of [".d.ts", ".ts", ".tsx"]) {
        const path = this.#cellPath(number, extension);
        if (this.#texts.has(path)) return { resolvedFileName: path, extension };
      }
      return undefined;
    }
    const own = ownTypes[name];
    if (own && existsSync(own)) {
      this.#packages.add(name);
      return { resolvedFileName: own, extension: ts.Extension.Dts };
    }
    if (!isInstalled(containing)) {
      const found = ts.resolveModuleName(name, containing, this.options, ts.sys).resolvedModule;
      if (found && isInstalled(found.resolvedFileName) && !ts.isExternalModuleNameRelative(name))
        this.#packages.add(name);
      return found;
    }
    const key = `${dirname(containing)}\n${name}`;
    if (!this.#resolved.has(key))
      this.#resolved.set(
        key,
        ts.resolveModuleName(name, containing, this.options, ts.sys, this.#cache).resolvedModule,
      );
    return this.#resolved.get(key);
  }

  #version(path: string): string {
    const held = this.#texts.get(path);
    if (held) return String(held.version);
    if (isInstalled(path)) return this.#documents.versionOf(path);
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? `${found.mtimeMs} ${found.size}` : "0";
  }

  #host(): ts.LanguageServiceHost {
    const texts = this.#texts;
    const version = (path: string): string => this.#version(path);
    return {
      getProjectVersion: () => String(this.#epoch),
      // what a file of the user's own did not find may be there by now
      ...{ hasInvalidatedResolutions: (path: string) => !isInstalled(path) && !texts.has(path) },
      getCompilationSettings: () => this.options,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getScriptFileNames: () => [...this.#roots, ...(this.#current ? [this.#current] : [])],
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
