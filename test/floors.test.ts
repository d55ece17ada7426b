// Nothing imports upward: the floors of lib/, the places where kernel/ meets lib/, the packages that one file
// alone may import. The linter holds the same rules (.biome.json) for whoever writes a file; here they are
// read off the imports themselves, and both are held against wrong files, to know that they see them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize, resolve } from "node:path";
import ts from "typescript";

/** The floors of lib/, the lowest first; those on one line are siblings and don't import each other. */
const FLOORS = [["rules"], ["source"], ["tape", "transform"], ["derive", "ahead"], ["compare"], ["display"]];
const TOP = FLOORS.length;
/** Files directly in lib/ that every floor may import; the others there are above all floors. */
const GROUND = ["lib/showable.ts"];
/** Where kernel/ meets lib/. */
const MEETING = /^lib\/(source\/|ahead\/index\.ts$|prepare(-file)?\.ts$)/;
const ALONE: Readonly<Record<string, RegExp>> = {
  "kernel/sockets/zeromq.ts": /^zeromq(\/|$)/,
  "kernel/compiler/tslab.ts": /^(@tslab\/|tslab(\/|$))/,
};

type Edge = readonly [from: string, to: string];

/** The imports of a file, type imports and dynamic ones too: paths within the project, or package names. */
function edgesOf(file: string, source: string): Edge[] {
  return ts
    .preProcessFile(source, true, true)
    .importedFiles.map(({ fileName }) => [
      file,
      fileName.startsWith(".") ? normalize(join(dirname(file), fileName)) : fileName,
    ]);
}

function floorOf(file: string): number {
  if (GROUND.includes(file)) return -1;
  const [, folder] = /^lib\/([^/]+)\//.exec(file) ?? [];
  if (folder === undefined) return TOP;
  const floor = FLOORS.findIndex((folders) => folders.includes(folder));
  assert.notEqual(floor, -1, `${file} is in a folder that belongs to no floor`);
  return floor;
}

/** What is wrong with one import, or undefined. */
function fault([from, to]: Edge): string | undefined {
  for (const [owner, packages] of Object.entries(ALONE)) {
    if (packages.test(to) && from !== owner) return `${from} imports ${to}, which only ${owner} may`;
  }
  if (from.startsWith("lib/")) {
    if (to.startsWith("kernel/") || /^wengert(\/|$)/.test(to))
      return `${from} imports ${to}: lib/ knows nothing of it`;
    if (!to.startsWith("lib/")) return undefined;
    const [low, high] = [floorOf(from), floorOf(to)];
    const siblings = low === high && low >= 0 && low < TOP && from.split("/")[1] !== to.split("/")[1];
    return high > low || siblings ? `${from} imports ${to}: upward` : undefined;
  }
  return to.startsWith("lib/") && !MEETING.test(to)
    ? `${from} imports ${to}: not where kernel/ meets lib/`
    : undefined;
}

const filesIn = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: "utf8" })
        .map((name) => join(path, name))
        .filter((name) => statSync(name).isFile())
    : [path];

const sources = ["lib", "kernel"].flatMap(filesIn).filter((name) => /\.m?ts$/.test(name));

/** Imports that must not be, each with the file in which it would stand. */
const WRONG: readonly (readonly [file: string, source: string])[] = [
  ["lib/rules/wrong.ts", `import { Tape } from "../tape/tape.ts"; export const x = Tape;`],
  ["lib/source/wrong.ts", `export { Tape } from "../tape/tape.ts";`],
  ["lib/tape/wrong.ts", `export { x } from "../transform/program.ts";`],
  ["lib/tape/program/wrong.ts", `export { x } from "../../derive/index.ts";`],
  ["lib/transform/wrong.ts", `export { x } from "../tape/tape.ts";`],
  ["lib/derive/wrong.ts", `export const x = () => import("../display/index.ts");`],
  ["lib/transform/wrong.ts", `export { x } from "../ahead/index.ts";`],
  ["lib/ahead/wrong.ts", `export { x } from "../derive/index.ts";`],
  ["lib/compare/wrong.ts", `export type { X } from "../display/table.ts";`],
  ["lib/display/wrong.ts", `export { grad } from "../index.ts";`],
  ["lib/wrong.ts", `export { x } from "../kernel/main.ts";`],
  ["kernel/session/wrong.ts", `export { x } from "../../lib/tape/tape.ts";`],
  ["kernel/session/wrong.ts", `export * from "zeromq";`],
  ["kernel/session/wrong.ts", `export * from "tslab/dist/converter.js";`],
];

describe("floors", () => {
  it("let no import go upward", () => {
    const faults = sources.flatMap((file) =>
      edgesOf(file, readFileSync(file, "utf8")).flatMap((edge) => fault(edge) ?? []),
    );
    assert.deepEqual(faults, []);
  });

  it("keep zeromq and tslab to the files that import them", () => {
    for (const [file, packages] of Object.entries(ALONE)) {
      const edges = edgesOf(file, readFileSync(file, "utf8"));
      assert.ok(
        edges.some(([, to]) => packages.test(to)),
        `${file} imports none of ${packages}`,
      );
    }
  });

  it("find each wrong import (negative control)", () => {
    for (const [file, source] of WRONG) {
      assert.equal(
        edgesOf(file, source).filter((edge) => fault(edge) !== undefined).length,
        1,
        `${file}: ${source}`,
      );
    }
  });

  it("are known to the linter, which refuses the same", function () {
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "wengert-floors-"));
    try {
      copyFileSync(".biome.json", join(folder, ".biome.json"));
      const right = ["lib/tape/right.ts", `export { table } from "../rules/table.ts";`] as const;
      const files = [right, ...WRONG].map(([file, source], i) => {
        const name = file.replace(".ts", `${i}.ts`);
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), `${source}\n`);
        return name;
      });
      const linter = resolve("node_modules/@biomejs/biome/bin/biome");
      const options = [
        "--only=style/noRestrictedImports",
        "--reporter=json",
        "--vcs-enabled=false",
        "--max-diagnostics=none",
      ];
      const run = spawnSync(process.execPath, [linter, "lint", ...options, "."], {
        cwd: folder,
        encoding: "utf8",
      });
      const refused = files.filter((name) => run.stdout.includes(name));
      assert.deepEqual(refused, files.slice(1), run.stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("stand on the project alone: no file speaks of what lies outside it", () => {
    const made = /^(\.git|node_modules|dist|reports|\.wengert|package-lock\.json)$/;
    const files = readdirSync(".")
      .filter((name) => !made.test(name))
      .flatMap(filesIn)
      .filter((name) => /\.(m?ts|mjs|py|md|json|ipynb)$/.test(name));
    assert.ok(files.includes("README.md") && files.includes("lib/index.ts"));
    const outside = new RegExp(["\\.\\.", "shared\\b(?!\\.)"].join("/"));
    assert.deepEqual(
      files.filter((name) => outside.test(readFileSync(name, "utf8"))),
      [],
    );
  });
});
