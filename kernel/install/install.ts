// `wengert install` and `wengert uninstall`: puts the kernelspec where a Jupyter looks for it, and takes it away.
// The three places are those that Jupyter's own `kernelspec install` offers.

import { mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { findJupyter, type Jupyter } from "../jupyter/find.ts";
import { missingText } from "../jupyter/get.ts";
import { inspectSpec, specFolder, writeSpec } from "./spec.ts";

/** Where to install: for this user, for the Python that has Jupyter, or below a folder. */
export type Place =
  | { readonly kind: "user" }
  | { readonly kind: "sys-prefix" }
  | { readonly kind: "prefix"; readonly folder: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's Jupyter data folder, by jupyter_core's rules. */
export function userDataFolder(environment: Environment = process.env, platform = process.platform): string {
  const home = environment.HOME ?? homedir();
  if (environment.JUPYTER_DATA_DIR) return environment.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(environment.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

function jupyterOrThrow(): Jupyter {
  const search = { modules: ["jupyter_client"] };
  const found = findJupyter(search);
  if (found === undefined) throw new Error(missingText(search));
  return found;
}

function dataFolderOf(place: Place): string {
  switch (place.kind) {
    case "user":
      return userDataFolder();
    case "sys-prefix":
      return join(jupyterOrThrow().prefix, "share", "jupyter");
    case "prefix":
      return join(resolve(place.folder), "share", "jupyter");
  }
}

/**
 * Installs the kernelspec and returns its folder.
 * @throws Error when the folder can't be written, or holds a kernelspec of the same name that is not ours
 */
export function install(place: Place): string {
  const dataFolder = dataFolderOf(place);
  const folder = specFolder(dataFolder);
  if (inspectSpec(folder) === "foreign") {
    throw new Error(
      `${folder} holds another kernel of this name; remove it first (jupyter kernelspec remove wengert)`,
    );
  }
  try {
    mkdirSync(dataFolder, { recursive: true });
    return writeSpec(dataFolder);
  } catch (error) {
    throw new Error(
      `cannot write ${folder}: ${(error as Error).message}; try --user, or --prefix with a folder of yours`,
    );
  }
}

/**
 * Removes the kernelspec from `place`, or, without a place, from everywhere that Jupyter looks.
 * @returns the folders that were removed
 * @throws Error when there is none, or what stands there is not ours
 */
export function uninstall(place?: Place): string[] {
  const dataFolders =
    place === undefined
      ? [userDataFolder(), ...(findJupyter({ modules: ["jupyter_client"] })?.dataFolders ?? [])]
      : [dataFolderOf(place)];
  const folders = [...new Set(dataFolders.map(specFolder))];
  const ours = folders.filter((folder) => inspectSpec(folder) === "ours");
  if (ours.length === 0) {
    const foreign = folders.find((folder) => inspectSpec(folder) === "foreign");
    if (foreign !== undefined)
      throw new Error(`${foreign} is not ours to remove: its command starts another kernel`);
    throw new Error(`the kernel is not installed; looked in ${folders.join(", ")}`);
  }
  for (const folder of ours) {
    rmSync(folder, { recursive: true });
    if (place?.kind === "prefix") removeEmpty(dirname(folder), resolve(place.folder));
  }
  return ours;
}

/** Removes a folder and those around it, up to `root`, as far as nothing else is in them. */
function removeEmpty(folder: string, root: string): void {
  for (let each = folder; each !== root && readdirSync(each).length === 0; each = dirname(each))
    rmdirSync(each);
}
