// `wengert lab`: opens JupyterLab, else the classic Notebook, on the project's notebooks with the kernel at hand.
// Whatever Jupyter stores (settings, workspaces, connection files) goes into the project's own folder.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectEnvironment } from "./jupyter/environment.ts";
import type { Jupyter } from "./jupyter/find.ts";

/**
 * Runs the Jupyter server until it ends and returns its exit code.
 * @param options passed on to Jupyter (`--port`, `--no-browser`, …)
 */
export async function openLab(
  project: string,
  jupyter: Jupyter,
  options: readonly string[],
): Promise<number> {
  const application = "jupyterlab" in jupyter.versions ? "jupyterlab" : "notebook";
  const notebooks = join(resolve(project), "notebooks");
  const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const child = spawn(jupyter.python, ["-m", application, ...root, ...options], {
    cwd: existsSync(notebooks) ? notebooks : project,
    env: projectEnvironment(project),
    stdio: "inherit",
  });
  // Ctrl-C reaches Jupyter by itself (it asks back); this process must outlive it to pass its exit code on.
  const wait = () => {};
  process.on("SIGINT", wait);
  const terminate = () => child.kill("SIGTERM");
  process.on("SIGTERM", terminate);
  try {
    return await new Promise((done, fail) => {
      child.once("error", fail);
      child.once("close", (code) => done(code ?? 1));
    });
  } finally {
    process.off("SIGINT", wait);
    process.off("SIGTERM", terminate);
  }
}
