/**
 * Files added to a program that is there already.
 *
 * What: a cell, and the declarations of the earlier cells that it imports, are parsed, bound and handed to the
 * program's own checker. Why: a new program for each cell means a new checker, which joins the global names of all
 * libraries anew, forgets every type it knew and leaves megabytes of garbage; that was four fifths of what a short
 * cell cost. What changes more than the module itself (files that the program lacks, additions to the global scope)
 * needs a new program, and `add` says so. Reference: TypeScript 6.0.3, `createProgram` and `createTypeChecker`, of
 * which this uses what the declarations do not name.
 */
import { isBuiltin } from "node:module";

import ts = require("typescript");

import { isInstalled } from "./documents.ts";

/** What the compiler has beside its declared interface. */
interface Inside {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  getSetExternalModuleIndicator(options: ts.CompilerOptions): (file: ts.SourceFile) => void;
  isAnyImportOrReExport(node: ts.Node): boolean;
  getExternalModuleName(node: ts.Node): ts.Expression | undefined;
  forEachDynamicImportOrRequireCall(
    file: ts.SourceFile,
    types: boolean,
    literal: boolean,
    visit: (node: ts.Node, specifier: ts.StringLiteral) => void,
  ): void;
}
const inside = ts as unknown as Inside;

interface File extends ts.SourceFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  impliedNodeFormat?: ts.ResolutionMode;
  packageJsonLocations?: unknown;
  packageJsonScope?: unknown;
  imports: readonly ts.StringLiteral[];
  moduleAugmentations: readonly unknown[];
  ambientModuleNames: readonly string[];
  pragmas: ReadonlyMap<string, unknown>;
}

interface Program extends ts.Program {
  getSourceFileByPath(path: string): ts.SourceFile | undefined;
  getResolvedModule(file: File, name: string, mode: unknown): Resolution | undefined;
}

interface Resolution {
  resolvedModule: ts.ResolvedModuleFull | undefined;
}

/** Where the texts of files come from. */
export interface Source {
  /** A file that exists in memory alone. */
  text(path: string): string | undefined;
  resolve(name: string, containing: string): ts.ResolvedModuleFull | undefined;
}

/** How many characters a file counts for beside its text. */
const fileWeight = 1000;

/** Flags a file that may have `import(…)`, also as a type. */
const mayImportWithin = 1 << 22;

export class Additions {
  readonly #program: Program;
  readonly #source: Source;
  readonly #options: ts.CompilerOptions;
  /** The program's own functions. */
  readonly #own: Partial<Program>;
  /** A file of the program in the same folder. */
  readonly #like: File;
  readonly #files = new Map<string, File>();
  readonly #resolutions = new Map<string, Map<string, Resolution>>();
  #all: readonly ts.SourceFile[] | null = null;
  /** The file that was added last, for its own sake; it goes when the next comes. */
  #latest = "";
  /** Whether the file at hand was added here and all that it imports was found. */
  isWhole = false;
  /** What was added, in characters: each file leaves something behind in the checker. */
  size = 0;

  constructor(program: ts.Program, like: ts.SourceFile, source: Source) {
    this.#program = program as Program;
    this.#like = like as File;
    this.#source = source;
    this.#options = program.getCompilerOptions();
    const { getSourceFile, getSourceFileByPath, getSourceFiles, getResolvedModule } = this.#program;
    this.#own = { getSourceFile, getSourceFileByPath, getSourceFiles, getResolvedModule };
    Object.assign(program, {
      getSourceFile: (name: string) => this.#files.get(name) ?? getSourceFile(name),
      getSourceFileByPath: (path: string) => this.#files.get(path) ?? getSourceFileByPath(path),
      getSourceFiles: () => {
        this.#all ??= [...getSourceFiles(), ...this.#files.values()];
        return this.#all;
      },
      getResolvedModule: (file: File, name: string, mode: unknown) =>
        this.#resolutions.get(file.path)?.get(name) ?? getResolvedModule(file, name, mode),
    } satisfies Partial<Program>);
  }

  /** Leaves the program as it was made; the next one is built on it. */
  end(): void {
    Object.assign(this.#program, this.#own);
  }

  /** Makes a text the file at hand, in place of the one before; false where that takes a new program. */
  add(path: string, text: string): boolean {
    this.#remove(this.#latest);
    this.#latest = path;
    this.isWhole = true;
    const added: File[] = [];
    if (this.#enter(path, text, added)) {
      for (const file of added) inside.bindSourceFile(file, this.#options);
      return true;
    }
    for (const file of added) this.#remove(file.path);
    return false;
  }

  #remove(path: string): void {
    this.#files.delete(path);
    this.#resolutions.delete(path);
    this.#all = null;
  }

  #enter(path: string, text: string, added: File[]): boolean {
    const file = this.#parse(path, text);
    this.#files.set(path, file);
    this.#all = null;
    added.push(file);
    this.size += text.length + fileWeight;
    if (!this.#isPlain(file)) return false;
    const resolutions = new Map<string, Resolution>();
    this.#resolutions.set(path, resolutions);
    file.imports = specifiersOf(file);
    for (const { text: name } of file.imports) {
      const resolvedModule = this.#source.resolve(name, path);
      if (!resolvedModule && !isBuiltin(name)) this.isWhole = false;
      if (resolvedModule && !this.#has(resolvedModule, added)) return false;
      resolutions.set(name, { resolvedModule });
    }
    return true;
  }

  /** Whether the program has a module, now at least. */
  #has(
    { resolvedFileName: name, extension, isExternalLibraryImport }: ts.ResolvedModuleFull,
    added: File[],
  ): boolean {
    if (this.#program.getSourceFile(name)) return true;
    // JavaScript of packages is not looked at
    if (isExternalLibraryImport && /^\.[cm]?jsx?$/.test(extension)) return true;
    const text = this.#source.text(name);
    return text !== undefined && this.#enter(name, text, added);
  }

  #parse(path: string, text: string): File {
    const { impliedNodeFormat, packageJsonLocations, packageJsonScope } = this.#like;
    const options = {
      languageVersion: this.#options.target ?? ts.ScriptTarget.Latest,
      impliedNodeFormat,
      setExternalModuleIndicator: inside.getSetExternalModuleIndicator(this.#options),
      jsDocParsingMode: ts.JSDocParsingMode.ParseAll,
    };
    const snapshot = ts.ScriptSnapshot.fromString(text);
    const file = ts.createLanguageServiceSourceFile(path, snapshot, options, "added", false) as File;
    const names = {
      path,
      resolvedPath: path,
      originalFileName: path,
      packageJsonLocations,
      packageJsonScope,
    };
    const nothing = { imports: [], moduleAugmentations: [], ambientModuleNames: [] };
    return Object.assign(file, names, nothing);
  }

  /** Whether a file is a module that concerns itself alone. */
  #isPlain(file: File): boolean {
    const refers =
      file.referencedFiles.length + file.typeReferenceDirectives.length + file.libReferenceDirectives.length >
      0;
    const ownRuntime =
      file.languageVariant === ts.LanguageVariant.JSX &&
      !file.isDeclarationFile &&
      (this.#options.jsx !== ts.JsxEmit.React || file.pragmas.has("jsximportsource"));
    const augments = file.statements.some(
      (node) =>
        ts.isNamespaceExportDeclaration(node) ||
        (ts.isModuleDeclaration(node) &&
          (ts.isStringLiteral(node.name) || !!(node.flags & ts.NodeFlags.GlobalAugmentation))),
    );
    return ts.isExternalModule(file) && !refers && !ownRuntime && !augments;
  }
}

/** The names of modules that a file imports from, as its nodes. */
function specifiersOf(file: ts.SourceFile): ts.StringLiteral[] {
  const found: ts.StringLiteral[] = [];
  for (const node of file.statements) {
    const name = inside.isAnyImportOrReExport(node) ? inside.getExternalModuleName(node) : undefined;
    if (name && ts.isStringLiteral(name) && name.text) found.push(name);
  }
  if ((file as unknown as { flags: number }).flags & mayImportWithin)
    inside.forEachDynamicImportOrRequireCall(file, true, true, (_, specifier) => void found.push(specifier));
  return found;
}

/** A file and those of the user's own that it reaches by imports. */
export function reached(program: ts.Program, path: string): ts.SourceFile[] {
  const found = new Set<ts.SourceFile>();
  const { getSourceFile, getResolvedModule, getModeForUsageLocation } = program as Program;
  const visit = (name: string | undefined): void => {
    const file =
      name === undefined || isInstalled(name) ? undefined : (getSourceFile(name) as File | undefined);
    if (!file || found.has(file)) return;
    found.add(file);
    for (const specifier of file.imports)
      visit(
        getResolvedModule(file, specifier.text, getModeForUsageLocation(file, specifier))?.resolvedModule
          ?.resolvedFileName,
      );
  };
  visit(path);
  return [...found];
}
