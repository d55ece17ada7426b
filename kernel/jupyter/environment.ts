// The environment that a Jupyter started by us runs in. Everything that Jupyter would write into the user's home
// (settings, signatures, connection files) goes into a folder of the project, where our kernel is registered too.
// Reference: jupyter_core, "Common directories and file locations".

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeSpec } from "../install/spec.ts";

/** The folder, below the project's, that holds what belongs to this project's Jupyter alone. */
export const STATE_FOLDER = ".wengert";

/** Where the private Jupyter of a project lives when it had to be installed. */
export const privateEnvironment = (project: string): string =>
  join(resolve(project), STATE_FOLDER, "jupyter");

/**
 * Registers the kernel in the project's own folder.
 * @returns the variables for a Jupyter that shall find it there, and that shall write there
 */
export function projectEnvironment(project: string): NodeJS.ProcessEnv {
  const state = join(resolve(project), STATE_FOLDER);
  const share = join(state, "share");
  writeSpec(share);
  const folders = {
    JUPYTER_CONFIG_DIR: join(state, "config"),
    JUPYTER_DATA_DIR: join(state, "data"),
    JUPYTER_RUNTIME_DIR: join(state, "runtime"),
    IPYTHONDIR: join(state, "ipython"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const others = process.env.JUPYTER_PATH;
  return {
    ...process.env,
    ...folders,
    JUPYTER_PATH: others ? `${share}${process.platform === "win32" ? ";" : ":"}${others}` : share,
    JUPYTER_PREFER_ENV_PATH: "0",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
