// The package as others get it: packed, installed into an empty project, and used there without the repository.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { npm, output, run } from "./support/run.ts";

/** Packages that importing wengert must not load: each is large, and few programs need it. */
const HEAVY = [
  "tslab",
  "@tslab",
  "zeromq",
  "vega",
  "vega-lite",
  "mathjs",
  "typescript",
  "mathjax",
  "@resvg",
  "@viz-js",
];

/** Prints the files of all modules that `import("wengert")` loads: ES modules by a loader hook, others by their cache. */
const LIST_MODULES = `
import { register, createRequire } from "node:module";
import { MessageChannel } from "node:worker_threads";
const { port1, port2 } = new MessageChannel();
const hook = "let port; export const initialize = (data) => { port = data; }; export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };";
register("data:text/javascript," + encodeURIComponent(hook), { data: port2, transferList: [port2] });
const urls = [];
port1.on("message", (url) => urls.push(url));
port1.unref();
const { grad } = await import("wengert");
if (typeof grad !== "function") throw new Error("no grad");
if (process.argv[2]) await import(process.argv[2]);
await new Promise((done) => setTimeout(done, 50));
console.log(JSON.stringify([...urls, ...Object.keys(createRequire(import.meta.url).cache)]));
`;

const TYPED = `
import { grad } from "wengert";
const f = (x1: number, x2: number): number => x1 * x2 + Math.sin(x1);
export const gradient: [number, number] = grad(f)(2, 3);
`;

describe("the package", function () {
  this.timeout(600_000);
  let folder: string;
  const node = (...args: string[]) => output(process.execPath, args, { cwd: folder });

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wengert-package-")));
    npm(["pack", "--ignore-scripts", "--pack-destination", folder]);
    const [tarball] = readdirSync(folder);
    writeFileSync(join(folder, "package.json"), `{ "name": "empty", "private": true, "type": "module" }\n`);
    npm(["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", `./${tarball}`], {
      cwd: folder,
      timeout: 150_000,
    });
    writeFileSync(join(folder, "typed.ts"), TYPED);
    writeFileSync(join(folder, "script.ts"), `${TYPED}console.log(JSON.stringify(gradient));\n`);
    writeFileSync(join(folder, "list.mjs"), LIST_MODULES);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("differentiates in a script that it prepares: node --import wengert/register script.ts", () => {
    assert.equal(node("--import", "wengert/register", "script.ts").trim(), "[2.5838531634528574,2]");
  });

  it("has types that a strict compiler accepts, and that refuse what is wrong", () => {
    const compiler = resolve("node_modules/typescript/bin/tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--pretty",
      "false",
    ];
    const compile = (file: string) => run(process.execPath, [compiler, ...options, file], { cwd: folder });
    const right = compile("typed.ts");
    assert.equal(right.status, 0, right.stdout);
    writeFileSync(join(folder, "wrong.ts"), TYPED.replace("grad(f)(2, 3)", `grad(f)("2", 3)`));
    assert.match(compile("wrong.ts").stdout, /^wrong\.ts\(4,\d+\): error TS2345/m);
  });

  it("loads nothing heavy until something needs it", () => {
    const inPackage = (path: string) => path.replace(/^.*\/node_modules\/((@[^/]+\/)?[^/]+)\/.*$/, "$1");
    const load = (...more: string[]) =>
      new Set((JSON.parse(node("list.mjs", ...more)) as string[]).map(inPackage));
    const loaded = load();
    assert.ok(loaded.has("wengert"));
    assert.deepEqual(
      [...loaded].filter((name) => HEAVY.some((heavy) => name.split("/")[0] === heavy)),
      [],
    );
    assert.ok(
      load("acorn").has("acorn") && load("typescript").has("typescript"),
      "the list sees what is loaded",
    );
  });

  it("brings the command", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.equal(npm(["exec", "--offline", "--", "wengert", "--version"], { cwd: folder }).trim(), version);
    assert.match(npm(["exec", "--offline", "--", "wengert", "--help"], { cwd: folder }), /^usage: wengert/m);
  });

  it("installs the kernel by absolute paths, each of which exists", () => {
    npm(["exec", "--offline", "--", "wengert", "install", "--prefix", join(folder, "prefix")], {
      cwd: folder,
    });
    const spec = JSON.parse(
      readFileSync(join(folder, "prefix/share/jupyter/kernels/wengert/kernel.json"), "utf8"),
    );
    assert.deepEqual(spec.argv, [
      process.execPath,
      join(folder, "node_modules/wengert/dist/kernel/main.js"),
      "{connection_file}",
    ]);
    for (const path of spec.argv.slice(0, 2)) assert.ok(existsSync(path), path);
  });

  it("exports what package.json says, with types, and ships no test or notebook", () => {
    const installed = join(folder, "node_modules/wengert");
    const { exports, bin } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    const targets = [
      ...Object.values(exports).flatMap((entry) =>
        typeof entry === "string" ? [entry] : Object.values(entry as object),
      ),
      ...Object.values(bin),
    ];
    for (const target of targets as string[]) assert.ok(existsSync(join(installed, target)), target);
    assert.deepEqual(readdirSync(installed).sort(), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist",
      "kernel",
      "package.json",
    ]);
  });
});
