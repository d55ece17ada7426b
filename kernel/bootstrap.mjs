// What runs first on a bare clone: `npm start`, `npm test` and `npm run lab` call this file, so it is
// plain JavaScript and uses Node alone. It brings what the built product needs (npm dependencies, the
// compiled dist/), each only when missing or out of date, and hands over: to the built command for
// reports and notebooks, to mocha for the tests.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const goals = {
  start: (args) => command(["report", "--get-jupyter", ...args]),
  lab: (args) => command(["lab", "--get-jupyter", ...args]),
  test: runTests,
  bench: runBenchmarks,
  build: () => 0,
};

/** Runs Node on `args` in the project's folder, in the foreground, and returns its exit code. */
function node(args, environment = process.env) {
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: environment,
  });
  return run.status ?? 1;
}

/** The built `wengert` command. */
const command = (args) => node([join("dist", "kernel", "cli.js"), ...args]);

/**
 * `npm test`: mocha over everything, or over the test files in `args`; its reporter ends with the counts on a line of
 * their own. The files are named here because mocha would add those in its configuration to those it is given.
 */
function runTests(args) {
  const jupyter = command([
    "jupyter",
    "--get-jupyter",
    "--with",
    "jupyter_kernel_test",
    "--with",
    "jupyter_console",
  ]);
  if (jupyter !== 0) throw new Error("the tests of the kernel need Jupyter");
  const files = args.filter((arg) => arg.endsWith(".ts"));
  return node([
    join("node_modules", "mocha", "bin", "mocha.js"),
    ...(files.length === 0 ? [join("test", "**", "*.test.ts")] : []),
    ...args,
  ]);
}

/**
 * `npm run bench`: the benchmarks of test/bench/ that `args` names, else all, one after the other; what follows the
 * names, from the first that begins with a dash, are options for them.
 */
function runBenchmarks(args) {
  const dash = args.findIndex((arg) => arg.startsWith("-"));
  const names = dash < 0 ? args : args.slice(0, dash);
  const options = args.slice(names.length);
  const known = readdirSync(join(root, "test", "bench"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`no benchmark ${unknown.join(", ")}; there are ${known.join(", ")}`);
  const codes = (names.length === 0 ? known : names).map((name) =>
    node(["--expose-gc", "--import", "wengert/register", join("test", "bench", `${name}.ts`), ...options]),
  );
  return Math.max(...codes);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** True when every package of the lock file is installed in the version that it names. */
export function dependenciesAreInstalled(folder) {
  const installedList = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(installedList)) return false;
  const locked = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedList, "utf8")).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === "") return true;
    if (!(path in installed)) return entry.optional === true; // another platform's package
    return installed[path].version === entry.version && existsSync(join(folder, path, "package.json"));
  });
}

function installDependencies() {
  if (dependenciesAreInstalled(root)) return;
  say("installing the npm dependencies (npm ci) …");
  const started = performance.now();
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const run = npm?.endsWith("js")
    ? spawnSync(process.execPath, [npm, ...args], {
        cwd: root,
        encoding: "utf8",
      })
    : spawnSync("npm", args, {
        cwd: root,
        encoding: "utf8",
        shell: process.platform === "win32",
      });
  if (run.status !== 0) {
    throw new Error(
      `npm ci failed; is the npm registry reachable?\n${run.error?.message ?? `${run.stdout}${run.stderr}`}`,
    );
  }
  say(`  done in ${seconds(started)}`);
}

/** All files below `folder`, as paths relative to the project, sorted. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** A digest of everything the compiler reads of ours: it is kept beside the output to see when it went stale. */
function digestOfSources() {
  const digest = createHash("sha256");
  const sources = [...filesBelow(join(root, "lib")), ...filesBelow(join(root, "kernel"))];
  for (const path of [...sources, "tsconfig.json", "package.json", "package-lock.json"]) {
    digest
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return digest.digest("hex");
}

/** Removes compiled files whose source is gone, so that nothing in dist/ outlives what it was made from. */
function removeOrphans() {
  for (const part of ["lib", "kernel"]) {
    const folder = join(root, "dist", part);
    if (!existsSync(folder)) continue;
    for (const path of filesBelow(folder)) {
      const source = path.slice("dist/".length).replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts");
      if (!existsSync(join(root, source))) rmSync(join(root, path));
    }
  }
}

function build() {
  const stamp = join(root, "dist", ".sources");
  const digest = digestOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  say("building (tsc) …");
  const started = performance.now();
  rmSync(stamp, { force: true });
  const status = node([join("node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.json"]);
  removeOrphans();
  if (status !== 0) throw new Error("the build failed; the compiler's messages are above");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  say(`  done in ${seconds(started)}`);
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function main([name, ...args]) {
  const goal = Object.hasOwn(goals, name ?? "") ? goals[name] : undefined;
  if (goal === undefined) {
    throw new Error(`unknown goal ${name}; expected one of ${Object.keys(goals).join(", ")}`);
  }
  const major = Number.parseInt(process.versions.node, 10);
  if (major < OLDEST_NODE) {
    throw new Error(
      `Node ${process.versions.node} is too old; Wengert needs Node ${OLDEST_NODE} or newer (https://nodejs.org)`,
    );
  }
  installDependencies();
  build();
  return goal(args);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`wengert: ${error.message}\n`);
    if (process.argv[2] === "test") say("0 passed, 1 failed");
    process.exitCode = 1;
  }
}
