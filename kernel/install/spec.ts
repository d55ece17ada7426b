// The kernelspec: the folder `kernels/wengert` by which Jupyter knows the kernel, its command and its logo.
// Both paths in the command are absolute, because Jupyter starts a kernel in the notebook's folder with any PATH.
// Reference: jupyter_client's documentation, "Making kernels for Jupyter", section "Kernel specs".

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asset, kernelEntry } from "../package.ts";

/** The name by which notebooks ask for the kernel. */
export const KERNEL_NAME = "wengert";

const LOGOS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/** The content of kernel.json. */
export function kernelSpec() {
  return {
    argv: [process.execPath, kernelEntry, "{connection_file}"],
    display_name: "TypeScript (Wengert)",
    language: "typescript",
    interrupt_mode: "message",
    // glibc gives each thread a heap of its own, and keeps what the compiler frees: 20 to 100 MB in a long session
    env: { MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "131072" },
    metadata: { debugger: false },
  };
}

/** The kernelspec's folder below a Jupyter data folder (`…/share/jupyter`). */
export function specFolder(dataFolder: string): string {
  return join(dataFolder, "kernels", KERNEL_NAME);
}

/** Writes the kernelspec below `dataFolder`, in place of an earlier one, and returns its folder. */
export function writeSpec(dataFolder: string): string {
  const folder = specFolder(dataFolder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  for (const logo of LOGOS) copyFileSync(asset("install", logo), join(folder, logo));
  return folder;
}

/** What stands at `folder`: nothing, our kernelspec, or one that somebody else put there under our name. */
export function inspectSpec(folder: string): "absent" | "ours" | "foreign" {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return "absent";
  try {
    const { argv } = JSON.parse(readFileSync(file, "utf8"));
    return /[\\/]dist[\\/]kernel[\\/]main\.js$/.test(argv[1]) ? "ours" : "foreign";
  } catch {
    return "foreign"; // unreadable: not something that writeSpec wrote
  }
}
