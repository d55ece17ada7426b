/**
 * The peers: which there are, how they come onto the machine, and the time of one of their gradients.
 *
 * None of them is a dependency of the project: npm packages go into .wengert/bench/peers, PyTorch is Debian's.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { flatten } from "../../../corpus/flat.ts";
import { argumentsOf, ask, errorOf, type Job, objectiveOf, type PeerTime } from "../job.ts";
import { adJs } from "./ad-js.ts";
import { jaxJs } from "./jax-js.ts";
import { mathjs } from "./mathjs.ts";
import { type Peer, peersFolder } from "./peer.ts";
import { rose } from "./rose.ts";
import { tfjs } from "./tfjs.ts";

/** Those in JavaScript. */
export const peers: Readonly<Record<string, Peer>> = {
  tfjs,
  "jax-js": jaxJs,
  rose,
  mathjs,
  "ad.js": adJs,
};

/** Which versions of which packages are to be there. */
function packagesMissing(packages: Peer["packages"]): string[] {
  return Object.entries(packages)
    .filter(([name, version]) => {
      const file = join(peersFolder, "node_modules", name, "package.json");
      return !existsSync(file) || JSON.parse(readFileSync(file, "utf8")).version !== version;
    })
    .map(([name, version]) => `${name}@${version}`);
}

/** Installs what is missing of a peer; returns why it is not there, or undefined. */
export function install(peer: Peer): string | undefined {
  const missing = packagesMissing(peer.packages);
  if (missing.length === 0) return undefined;
  mkdirSync(peersFolder, { recursive: true });
  const list = join(peersFolder, "package.json");
  if (!existsSync(list)) writeFileSync(list, '{ "private": true }\n');
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...missing];
  const run = spawnSync("npm", args, {
    cwd: peersFolder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return run.status === 0 ? undefined : `npm could not install ${missing.join(", ")}`;
}

/** The time of one gradient by a peer in JavaScript, in a process of its own. */
export function timeOf(name: string, job: Job): PeerTime {
  try {
    return ask<PeerTime>("peers/run.ts", { ...job, peer: name });
  } catch (error) {
    return { missing: (error as Error).message.split("\n").slice(0, 12).join("\n") };
  }
}

const script = fileURLToPath(new URL("pytorch.py", import.meta.url));
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** The objectives that PyTorch is asked for; or why it is not there. As root on Debian it is installed. */
export function pytorch(): { objectives: string[]; version: string } | string {
  const look = () => spawnSync(python, [script, "check"], { encoding: "utf8" });
  let found = look();
  if (found.status !== 0 && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "python3-torch"], { stdio: "ignore" });
    found = look();
  }
  if (found.status !== 0) return "Python has no torch (Debian: apt-get install python3-torch)";
  return JSON.parse(found.stdout);
}

/** The time of one gradient by PyTorch. */
export function pytorchTimeOf(job: Job): PeerTime {
  const objective = objectiveOf(job);
  const args = argumentsOf(objective, job);
  const plain = (_: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);
  const run = spawnSync(python, [script], {
    encoding: "utf8",
    input: JSON.stringify({ objective: job.objective, args, seconds: job.milliseconds / 1e3 }, plain),
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) return { missing: run.stderr.trimEnd().split("\n").at(-1) ?? "it failed" };
  const { seconds, gradient } = JSON.parse(run.stdout);
  return { seconds, error: errorOf(gradient, flatten(objective.hand(...args))) };
}
