/**
 * What cells import.
 *
 * What: `wengert` and its parts from this very package, whatever the notebook's folder; packages as Node resolves
 * them from there; local files converted and prepared as cells are, and read anew when they or what they import have
 * changed (hooks.ts); JSON. A package that is missing is named with the command that installs it.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, register } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { endings } from "./endings.ts";

type Namespace = Record<string, unknown>;

export class Modules {
  readonly #folder: string;
  readonly #require: NodeJS.Require;
  readonly #import: (specifier: string) => Promise<Namespace>;
  readonly #connect: (port: MessagePort) => void;
  readonly #version: (path: string) => Promise<string>;
  #hooked = false;

  /** `connect` gives the compiler's thread a port; `version` asks it for the version of a local file. */
  constructor(
    folder: string,
    connect: (port: MessagePort) => void,
    version: (path: string) => Promise<string>,
  ) {
    this.#folder = folder;
    this.#connect = connect;
    this.#version = version;
    this.#require = createRequire(join(folder, "notebook.js"));
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

  /** The module's namespace; with `wanted`, an object that has those of its exports, or an error. */
  async load(specifier: string, wanted?: string[]): Promise<Namespace> {
    const namespace = await this.#namespace(String(specifier));
    if (!wanted?.some((name) => !(name in namespace))) return namespace;
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

  async #namespace(specifier: string): Promise<Namespace> {
    if (/^wengert(?:\/|$)/.test(specifier)) return import(specifier);
    const local =
      /^(?:\.{0,2}\/|file:)/.test(specifier) || specifier === "." || specifier === ".."
        ? this.#local(specifier)
        : null;
    if (local?.endsWith(".json"))
      return { default: JSON.parse(readFileSync(local, "utf8")), ...JSON.parse(readFileSync(local, "utf8")) };
    if (local && /\.[cm]?[jt]sx?$/.test(local)) {
      this.#hook();
      return import(`${pathToFileURL(local).href}?wengert=${await this.#version(local)}`);
    }
    try {
      return await this.#import(local ? pathToFileURL(local).href : specifier);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ERR_IMPORT_ATTRIBUTE_MISSING" || code === "ERR_IMPORT_ASSERTION_TYPE_MISSING") {
        const value = this.#require(specifier);
        return { default: value, ...value };
      }
      const name = /^(?:@[^/]+\/)?[^/.][^/]*/.exec(specifier)?.[0];
      if (code === "ERR_MODULE_NOT_FOUND" && name && !local && message.includes(`'${name}'`))
        throw new Error(`cannot find package '${name}'; install it with: npm install ${name}`);
      throw error;
    }
  }

  #local(specifier: string): string | null {
    const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(this.#folder, specifier);
    return (
      endings
        .map((ending) => path + ending)
        .concat(scriptName(path))
        .find(isFile) ?? path
    );
  }

  #hook(): void {
    if (this.#hooked) return;
    this.#hooked = true;
    const { port1, port2 } = new MessageChannel();
    this.#connect(port1);
    register(new URL("./hooks.js", import.meta.url), { data: { port: port2 }, transferList: [port2] });
  }
}

/** Node calls the option experimental, once, on stderr of whichever cell imports first. */
function muteLoaderWarning(): void {
  const warn = process.emitWarning;
  process.emitWarning = ((warning: unknown, ...rest: unknown[]) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER"))
      Reflect.apply(warn, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** `./x.js` may mean `./x.ts`. */
const scriptName = (path: string): string[] =>
  /\.[cm]?jsx?$/.test(path) ? [path.replace(/js(x?)$/, "ts$1")] : [];
