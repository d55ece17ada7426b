/**
 * What cells import.
 *
 * What: `wengert` and its parts from this very package, whatever the notebook's folder; packages as Node resolves
 * them from there; local files converted and prepared as cells are, and read anew when they or what they import have
 * changed (hooks.ts); JSON. A package that is missing is named with the command that installs it.
 */
import { existsSync } from "node:fs";
import { createRequire, isBuiltin, register } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Interrupted } from "../evaluator/guard.ts";
import { calledFrom, callerHere } from "../evaluator/traces.ts";
import { isModule, withEnding } from "./endings.ts";
import { readJson } from "./json.ts";

type Namespace = Record<string, unknown>;

/** What the compiler's thread knows of files. */
export interface LocalFiles {
  version(path: string): Promise<string>;
  /** The file, and the local files that it imports, count as changed. */
  forget(path: string): Promise<void>;
  /** The file that a tsconfig.json's `paths` mean by a name. */
  locate(specifier: string): Promise<string | null>;
}

export class Modules {
  readonly #folder: string;
  readonly #require: NodeJS.Require;
  readonly #import: (specifier: string) => Promise<Namespace>;
  readonly #connect: (port: MessagePort) => void;
  readonly #files: LocalFiles;
  #hooked = false;

  /** `connect` gives the compiler's thread a port. */
  constructor(folder: string, connect: (port: MessagePort) => void, files: LocalFiles) {
    this.#folder = folder;
    this.#connect = connect;
    this.#files = files;
    this.#require = namingMissing(createRequire(join(folder, "notebook.js")));
    this.#require.extensions[".json"] = (module, path) => {
      const caller = callerHere();
      try {
        module.exports = readJson(path);
      } catch (error) {
        throw calledFrom(error, caller);
      }
    };
    muteLoaderWarning();
    // the loader that this option names looks from the script's place
    this.#import = new vm.Script("(specifier) => import(specifier)", {
      filename: join(folder, "notebook.mjs"),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never,
    }).runInThisContext();
  }

  get require(): NodeJS.Require {
    return this.#require;
  }

  /** What a cell has for `import.meta`. */
  get meta(): ImportMeta {
    const filename = join(this.#folder, "notebook.ts");
    return {
      url: pathToFileURL(filename).href,
      dirname: this.#folder,
      filename,
      resolve: (specifier: string) => {
        if (isBuiltin(specifier)) return specifier.replace(/^(?!node:)/, "node:");
        return pathToFileURL(this.#local(specifier) ?? this.#require.resolve(specifier)).href;
      },
    };
  }

  /** The module's namespace; with the names of `wanted`, an object that has those of its exports, or an error. */
  async load(specifier: string, wanted: unknown): Promise<Namespace> {
    const caller = callerHere();
    // from here on outside of the guard: an interrupt in the midst of Node's loader would leave it broken for good
    await null;
    try {
      return having(wanted, await this.#namespace(String(specifier)), specifier);
    } catch (error) {
      throw calledFrom(error, caller);
    }
  }

  async #namespace(specifier: string): Promise<Namespace> {
    if (/^wengert(?:\/|$)/.test(specifier)) return import(specifier);
    const local = this.#local(specifier);
    return local ? this.#file(local) : this.#package(specifier);
  }

  /** A local file. */
  async #file(local: string): Promise<Namespace> {
    if (local.endsWith(".json")) {
      const value = readJson(local);
      return { default: value, ...(value as object) };
    }
    if (isModule(local)) {
      if (!this.#hooked) this.#hook();
      const url = `${pathToFileURL(local).href}?wengert=${await this.#files.version(local)}`;
      try {
        return await import(url);
      } catch (error) {
        // for Node a file that was stopped has failed for good
        if (error instanceof Interrupted) await this.#files.forget(local);
        if ((error as NodeJS.ErrnoException).code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
        // seen once on a busy machine: the loader passes over hooks that were registered a moment before
        this.#hook();
        return import(`${url}-again`);
      }
    }
    return commonJs(this.#requireAnew(local));
  }

  async #package(specifier: string): Promise<Namespace> {
    try {
      return await this.#import(specifier);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      const located = code === "ERR_MODULE_NOT_FOUND" ? await this.#files.locate(specifier) : null;
      if (located) return this.#file(located);
      // what an import takes only with attributes or with an ending, `require` takes as it is
      if (asRequired.has(code)) {
        try {
          return commonJs(this.#require(specifier));
        } catch {
          throw missing(error, specifier);
        }
      }
      throw error;
    }
  }

  /** A CommonJS file of the user's, with those that it requires, as they are now. */
  #requireAnew(path: string): unknown {
    const { cache } = this.#require;
    const forget = (name: string): void => {
      const module = cache[name];
      delete cache[name];
      for (const { filename } of module?.children ?? [])
        if (!/[\\/]node_modules[\\/]/.test(filename)) forget(filename);
    };
    forget(path);
    return this.#require(path);
  }

  /** The file that a relative or absolute specifier means; null for packages. */
  #local(specifier: string): string | null {
    if (!/^(?:\.{0,2}\/|file:)/.test(specifier) && specifier !== "." && specifier !== "..") return null;
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(this.#folder, specifier);
    const found = withEnding(path) ?? path;
    if (!existsSync(found)) throw new Error(`cannot find file '${specifier}'; looked from ${this.#folder}`);
    return found;
  }

  #hook(): void {
    const { port1, port2 } = new MessageChannel();
    this.#connect(port1);
    register(new URL("./hooks.js", import.meta.url), { data: { port: port2 }, transferList: [port2] });
    this.#hooked = true;
  }
}

/** What Node's `import` says of things that its `require` may find. */
const asRequired = new Set([
  "ERR_IMPORT_ATTRIBUTE_MISSING",
  "ERR_IMPORT_ASSERTION_TYPE_MISSING",
  "ERR_UNSUPPORTED_DIR_IMPORT",
  "ERR_MODULE_NOT_FOUND",
]);

/** The namespace, or the exports of those names alone that are wanted. */
function having(wanted: unknown, namespace: Namespace, specifier: string): Namespace {
  // the second argument of a dynamic import is none of names, but of attributes
  if (!Array.isArray(wanted) || wanted.every((name) => name in namespace)) return namespace;
  // a CommonJS module whose names could not be told beforehand
  const inner = Object(namespace.default) as Namespace;
  const found: Namespace = {};
  for (const name of wanted) {
    if (name in namespace) found[name] = namespace[name];
    else if (name in inner) found[name] = inner[name];
    else throw new SyntaxError(`module '${specifier}' has no export '${name}'`);
  }
  return found;
}

/** What CommonJS exports, as an ES module's namespace has it. */
const commonJs = (value: unknown): Namespace => ({ default: value, ...(value as Namespace) });

/** The same error, or one that names the package that is missing and how to install it. */
function missing(error: unknown, specifier: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const name = /^(?:@[^/]+\/)?[^/.][^/]*/.exec(specifier)?.[0];
  const absent = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  const named = message.includes(`'${specifier}'`) || message.includes(`'${name}'`);
  if (!absent || !named || !name || isBuiltin(specifier)) return error;
  return Object.assign(new Error(`cannot find package '${name}'; install it with: npm install ${name}`), {
    code,
  });
}

/** `require` whose error says how to get what is missing. */
function namingMissing(plain: NodeJS.Require): NodeJS.Require {
  const naming = (specifier: string): unknown => {
    try {
      return plain(specifier);
    } catch (error) {
      throw missing(error, specifier);
    }
  };
  return Object.assign(naming, plain);
}

/** Node calls the option experimental, once, on stderr of whichever cell imports first. */
function muteLoaderWarning(): void {
  const warn = process.emitWarning;
  process.emitWarning = ((warning: unknown, ...rest: unknown[]) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER"))
      Reflect.apply(warn, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
}
