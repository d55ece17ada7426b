// Gets a Jupyter when none is there: privately into a folder of the project (uv, else venv and pip), else, as root
// on Debian, from apt, else it says what to install. The machine may reach no Python package index at all, so
// each attempt gives up after one refused or silent connection instead of retrying for minutes.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { candidates, findJupyter, interpreterOf, type Jupyter, onPath, probe, type Search } from "./find.ts";

/** Where to install, and what to leave out for a test. */
export interface Wishes extends Search {
  /** Folder of the private environment; used again when it is already there. */
  readonly environment: string;
  /** Receives a line for each step that takes time. */
  readonly say: (line: string) => void;
  /** True when the process may install system packages; whether it runs as root by default. */
  readonly root?: boolean;
}

/** Thrown when no Jupyter is there and none could be installed; the message says what to install. */
export class JupyterMissing extends Error {}

const PYPI_PACKAGES = ["jupyterlab", "nbconvert", "jupyter_client"];
const DEBIAN_PACKAGES = ["jupyter-nbconvert", "jupyter-notebook", "python3-jupyter-client"];
/** Modules beyond the usual, as (PyPI, Debian) packages. */
const EXTRA_PACKAGES: Readonly<Record<string, readonly [string, string]>> = {
  jupyter_kernel_test: ["jupyter_kernel_test", "python3-jupyter-kernel-test"],
  jupyter_console: ["jupyter_console", "jupyter-console"],
};

const SECONDS_TO_CONNECT = 5;
const LONGEST_INSTALL = 15 * 60_000;

type Attempt = Jupyter | { readonly reason: string };

/**
 * The Jupyter that is there, or a newly installed one.
 * @throws JupyterMissing naming why each way failed and what to install by hand
 */
export function getJupyter(wishes: Wishes): Jupyter {
  const found = findJupyter(wishes) ?? probe(interpreterOf(wishes.environment), wishes.modules);
  if (found !== undefined) return found;
  const reasons: string[] = [];
  for (const way of [withUv, withPip, withApt]) {
    const attempt = way(wishes);
    if ("python" in attempt) return attempt;
    reasons.push(attempt.reason);
  }
  throw new JupyterMissing(missingText(wishes, reasons));
}

/** What to tell a user who has no Jupyter: `reasons` are the ways that were tried, if any. */
export function missingText(search: Search, reasons: readonly string[] = []): string {
  const wanted = search.modules.join(", ").replaceAll("|", " or ");
  return [
    `no Python with Jupyter found (needed: ${wanted}); install it by one of`,
    `  pip install ${packages(search, 0).join(" ")}`,
    `  apt-get install --no-install-recommends ${packages(search, 1).join(" ")}`,
    `  conda install -c conda-forge jupyterlab nbconvert`,
    ...(reasons.length === 0 ? [] : ["tried before:", ...reasons.map((reason) => `  ${reason}`)]),
  ].join("\n");
}

function packages(search: Search, source: 0 | 1): string[] {
  const usual = source === 0 ? PYPI_PACKAGES : DEBIAN_PACKAGES;
  const extra = search.modules.flatMap((name) => EXTRA_PACKAGES[name]?.[source] ?? []);
  return [...usual, ...extra];
}

/** Runs a step: undefined when it went well, else the last line it said. */
function failureOf(
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): string | undefined {
  const run = spawnSync(program, args, {
    encoding: "utf8",
    timeout: LONGEST_INSTALL,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  if (run.status === 0) return undefined;
  const lines = `${run.stdout ?? ""}\n${run.stderr ?? ""}`.split("\n").filter((line) => /\w/.test(line));
  const telling = lines.filter((line) => /^\s*(error|e:|fatal)/i.test(line)).at(-1) ?? lines.at(-1);
  return run.error?.message ?? telling?.trim() ?? `exit code ${run.status}`;
}

/** Makes the private environment by `steps`; a failed one is removed again. */
function privately(wishes: Wishes, name: string, steps: readonly (readonly string[])[]): Attempt {
  wishes.say(`installing Jupyter into ${wishes.environment} (${name}) …`);
  const quick = {
    UV_HTTP_TIMEOUT: String(SECONDS_TO_CONNECT),
    UV_HTTP_RETRIES: "0",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
  };
  let failure: string | undefined;
  for (const [program, ...args] of steps) failure ??= failureOf(program, args, quick);
  const made = failure === undefined ? probe(interpreterOf(wishes.environment), wishes.modules) : undefined;
  if (made !== undefined) return made;
  rmSync(wishes.environment, { recursive: true, force: true });
  return { reason: `${name}: ${failure ?? `the new environment lacks ${wishes.modules.join(", ")}`}` };
}

function withUv(wishes: Wishes): Attempt {
  const [uv] = onPath("uv", wishes.path);
  if (uv === undefined) return { reason: "uv: not on PATH" };
  return privately(wishes, "uv", [
    [uv, "venv", "--quiet", wishes.environment],
    [uv, "pip", "install", "--quiet", "--python", interpreterOf(wishes.environment), ...packages(wishes, 0)],
  ]);
}

function withPip(wishes: Wishes): Attempt {
  const [python] = candidates(wishes);
  if (python === undefined) return { reason: "venv and pip: no python3 found" };
  const connect = ["--retries", "0", "--timeout", String(SECONDS_TO_CONNECT)];
  return privately(wishes, `venv and pip of ${python}`, [
    [python, "-m", "venv", wishes.environment],
    [
      interpreterOf(wishes.environment),
      "-m",
      "pip",
      "install",
      "--quiet",
      ...connect,
      ...packages(wishes, 0),
    ],
  ]);
}

function withApt(wishes: Wishes): Attempt {
  const [apt] = onPath("apt-get", wishes.path);
  if (apt === undefined) return { reason: "apt-get: not on PATH" };
  if (!(wishes.root ?? process.getuid?.() === 0)) return { reason: "apt-get: needs root" };
  wishes.say("installing Debian's Jupyter (apt-get) …");
  const quick = ["-o", "Acquire::Retries=0", "-o", `Acquire::http::Timeout=${2 * SECONDS_TO_CONNECT}`];
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  // A foreign package source that is down fails the update; what matters is whether the install then works.
  const stale = failureOf(apt, [...quick, "update"], environment);
  const failure = failureOf(
    apt,
    [...quick, "install", "-y", "--no-install-recommends", ...packages(wishes, 1)],
    environment,
  );
  if (failure !== undefined)
    return {
      reason: `apt-get: ${failure}${stale === undefined ? "" : ` (update: ${stale})`}`,
    };
  const made = findJupyter({
    ...wishes,
    elsewhere: [...(wishes.elsewhere ?? []), "/usr/bin/python3"],
  });
  return (
    made ?? {
      reason: "apt-get: the packages are installed, but no Python has them",
    }
  );
}
