/**
 * A kernel that is not spared: random cells, interrupts by message and signal, and restarts, through jupyter_client.
 *
 * Run: npm run bench kernel-soak -- --minutes 60 --seed 7 (a minute if nothing is said). Prints what it did and every
 * fault; the exit code is 1 if there was one. The steps are in test/kernel/soak.py.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSpec } from "#kernel/install/spec.js";
import { findJupyter } from "#kernel/jupyter/find.js";

const jupyter = findJupyter({ modules: ["jupyter_client"], elsewhere: ["/usr/bin/python3"] });
if (!jupyter) throw new Error("no Python with jupyter_client was found; install Jupyter");
const folder = mkdtempSync(join(tmpdir(), "wengert-soak-"));
writeSpec(join(folder, "share"));
const { status } = spawnSync(
  jupyter.python,
  [fileURLToPath(new URL("../kernel/soak.py", import.meta.url)), ...process.argv.slice(2)],
  {
    cwd: folder,
    stdio: "inherit",
    env: {
      ...process.env,
      JUPYTER_PATH: join(folder, "share"),
      JUPYTER_CONFIG_DIR: folder,
      JUPYTER_DATA_DIR: folder,
    },
  },
);
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
