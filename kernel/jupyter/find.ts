// Finds a Python that has Jupyter. The first `python3` on PATH is often not the one with Jupyter (pyenv, conda
// and a distribution's own Python live side by side), so every candidate is asked whether it can really import
// what is needed, and the first that can is taken. Nothing is installed here; get.ts does that.

import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

/** A Python with Jupyter. */
export interface Jupyter {
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** Its `sys.prefix`: `<prefix>/share/jupyter` is where it looks for kernels. */
  readonly prefix: string;
  /** The folders in which this Jupyter looks for kernels and more, in its own order. */
  readonly dataFolders: readonly string[];
  /** Version of each module asked for, `""` where a module states none. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What to look for, and where. */
export interface Search {
  /** Modules that the Python must have; an entry like `"jupyterlab|notebook"` asks for any one of them. */
  readonly modules: readonly string[];
  /** The search path for executables; `process.env.PATH` by default. */
  readonly path?: string;
  /** Interpreters to try after those on the path. */
  readonly elsewhere?: readonly string[];
}

/** Modules that executing notebooks and writing them as HTML takes. */
export const REPORT_MODULES = ["nbconvert", "nbclient", "nbformat", "jupyter_client"] as const;

/** Modules that opening notebooks in a browser takes. */
export const LAB_MODULES = ["jupyter_client", "jupyterlab|notebook"] as const;

const windows = process.platform === "win32";

/** Where interpreters live that need not be on PATH. */
const WELL_KNOWN = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"];

/** The interpreter inside a virtual environment's folder. */
export function interpreterOf(environment: string): string {
  return windows ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

/** Every executable called `name` on `path`, in order. */
export function onPath(name: string, path = process.env.PATH ?? ""): string[] {
  const names = windows ? [`${name}.exe`, `${name}.cmd`] : [name];
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => names.map((each) => join(folder, each)))
    .filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The interpreters that a `jupyter` script speaks of: the one in its first line, and those beside it. */
function interpretersOfScript(script: string): string[] {
  const real = realpathSync(script);
  const [, named] = /^#!\s*(\S*python\S*)/.exec(readFileSync(real).subarray(0, 512).toString("latin1")) ?? [];
  const beside = ["python3", "python", "python.exe"].map((name) => join(dirname(real), name));
  return [...(named === undefined ? [] : [named]), ...beside].filter(isExecutable);
}

/** All interpreters worth asking, the likeliest first, each once. */
export function candidates(search: Pick<Search, "path" | "elsewhere">): string[] {
  const path = search.path ?? process.env.PATH ?? "";
  const conda = process.env.CONDA_PREFIX;
  const all = [
    ...onPath("jupyter", path).flatMap(interpretersOfScript),
    ...onPath("python3", path),
    ...onPath("python", path),
    ...(conda === undefined ? [] : [interpreterOf(conda)]),
    ...(search.elsewhere ?? WELL_KNOWN),
  ];
  const seen = new Set<string>();
  return all.filter(isExecutable).filter((file) => {
    // The folder is resolved (/bin is /usr/bin), the file is not: an environment's python is a link to its parent's.
    const key = join(realpathSync(dirname(file)), basename(file));
    return !seen.has(key) && seen.add(key);
  });
}

const PROBE = `
import sys
sys.path = [folder for folder in sys.path if folder]
import importlib, json
versions = {}
for wish in sys.argv[1:]:
    for name in wish.split("|"):
        try:
            versions[name] = str(getattr(importlib.import_module(name), "__version__", ""))
            break
        except ImportError:
            pass
    else:
        sys.exit("no module " + wish)
from jupyter_core.paths import jupyter_path
print(json.dumps({"python": sys.executable, "prefix": sys.prefix, "dataFolders": jupyter_path(), "versions": versions}))
`;

/** Asks one interpreter for `modules`: a Jupyter, or undefined when it lacks one of them (or does not run). */
export function probe(python: string, modules: readonly string[]): Jupyter | undefined {
  const run = spawnSync(python, ["-W", "ignore", "-c", PROBE, ...modules], {
    encoding: "utf8",
    timeout: 60_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (run.status !== 0) return undefined;
  return JSON.parse(run.stdout.slice(run.stdout.lastIndexOf("\n{") + 1)) as Jupyter;
}

/** The first Jupyter that has everything asked for, or undefined. */
export function findJupyter(search: Search): Jupyter | undefined {
  for (const python of candidates(search)) {
    const found = probe(python, search.modules);
    if (found !== undefined) return found;
  }
  return undefined;
}
