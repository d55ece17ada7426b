// What runs first on a bare clone, in small projects of the test's own: it installs what is missing or changed, builds
// what is stale, does neither twice, and says what it needs.

import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { inTemporaryFolder, npm, run } from "../support/run.js";

/** A project of two source files and the real bootstrap, compiler and settings. */
function project(folder: string): void {
  for (const part of ["kernel", "lib"]) mkdirSync(join(folder, part));
  copyFileSync("kernel/bootstrap.mjs", join(folder, "kernel/bootstrap.mjs"));
  copyFileSync("tsconfig.json", join(folder, "tsconfig.json"));
  writeFileSync(join(folder, "lib/a.ts"), "export const a: number = 1;\n");
  writeFileSync(join(folder, "lib/b.ts"), `export { a } from "./a.ts";\n`);
}

function bootstrap(folder: string, ...args: string[]) {
  return run(process.execPath, [join(folder, "kernel/bootstrap.mjs"), ...args], { cwd: folder });
}

describe("bootstrap", function () {
  this.timeout(600_000);

  it("builds when sources have changed, and only then; what lost its source goes", () =>
    inTemporaryFolder((folder) => {
      project(folder);
      for (const name of ["package.json", "package-lock.json"]) copyFileSync(name, join(folder, name));
      symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
      const build = () => {
        const { status, stdout, stderr } = bootstrap(folder, "build");
        return { status, built: /^building \(tsc\)/.test(stdout), text: stdout + stderr };
      };
      const first = build();
      assert.deepEqual([first.status, first.built], [0, true], first.text);
      assert.ok(existsSync(join(folder, "dist/lib/b.js")) && existsSync(join(folder, "dist/lib/b.d.ts")));
      assert.deepEqual(build(), { status: 0, built: false, text: "" });

      writeFileSync(join(folder, "lib/a.ts"), "export const a: number = 2;\n");
      rmSync(join(folder, "lib/b.ts"));
      assert.equal(build().built, true);
      assert.match(readFileSync(join(folder, "dist/lib/a.js"), "utf8"), /a = 2/);
      assert.ok(!existsSync(join(folder, "dist/lib/b.js")) && !existsSync(join(folder, "dist/lib/b.d.ts")));

      writeFileSync(join(folder, "lib/a.ts"), `export const a: number = "2";\n`);
      for (const attempt of [build(), build()]) {
        assert.equal(attempt.status, 1, "a broken source is not taken for built");
        assert.match(attempt.text, /a\.ts.*TS2322[\s\S]*wengert: the build failed/);
      }
      const test = bootstrap(folder, "test");
      assert.equal(test.stdout.trimEnd().split("\n").at(-1), "0 passed, 1 failed");
      assert.equal(test.status, 1);
    }));

  it("installs dependencies that are missing, and again when the lock file has changed", () =>
    inTemporaryFolder((folder) => {
      project(folder);
      // The one dependency is a folder: nothing is fetched.
      const dependency = join(folder, "typescript");
      mkdirSync(join(dependency, "bin"), { recursive: true });
      writeFileSync(join(dependency, "package.json"), `{ "name": "typescript", "version": "1.0.0" }`);
      writeFileSync(join(dependency, "bin/tsc"), "");
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ name: "small", version: "1.0.0", dependencies: { typescript: "file:typescript" } }),
      );
      npm(["install", "--package-lock-only", "--offline", "--no-audit", "--no-fund"], { cwd: folder });
      const installs = () => {
        const { status, stdout, stderr } = bootstrap(folder, "build");
        assert.equal(status, 0, stdout + stderr);
        return stdout.startsWith("installing the npm dependencies (npm ci)");
      };
      assert.deepEqual([installs(), installs()], [true, false]);
      for (const file of [join(dependency, "package.json"), join(folder, "package-lock.json")]) {
        const text = readFileSync(file, "utf8");
        const at = text.lastIndexOf("1.0.0");
        writeFileSync(file, `${text.slice(0, at)}1.1.0${text.slice(at + 5)}`);
      }
      assert.deepEqual([installs(), installs()], [true, false]);
      rmSync(join(folder, "node_modules"), { recursive: true });
      assert.equal(installs(), true);
    }));

  it("refuses a Node that is too old, and a goal that it does not know", () => {
    const older = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.20.0" })`;
    const old = run(process.execPath, ["--import", older, "kernel/bootstrap.mjs", "start"]);
    assert.match(old.stderr, /^wengert: Node 18\.20\.0 is too old; Wengert needs Node 20 or newer/);
    assert.equal(old.status, 1);
    const unknown = run(process.execPath, ["kernel/bootstrap.mjs", "strat"]);
    assert.match(unknown.stderr, /^wengert: unknown goal strat; expected one of start, lab, test/);
    assert.equal(unknown.status, 1);
  });
});

describe("the last line of npm test", () => {
  const countsOf = (source: string) =>
    inTemporaryFolder((folder) => {
      writeFileSync(join(folder, "some.test.mjs"), source);
      const mocha = ["node_modules/mocha/bin/mocha.js", "--no-config", "--reporter", "test/reporter.mjs"];
      const { status, stdout } = run(process.execPath, [...mocha, join(folder, "some.test.mjs")]);
      return { status, last: stdout.split("\n").slice(-2) };
    });

  it("has the counts of passed and failed, the exit code agrees, and what is pending is neither", async () => {
    const mixed = `it("a", () => {}); it("b", () => { throw new Error("b"); }); it("c"); it.skip("d", () => {});`;
    assert.deepEqual(await countsOf(mixed), { status: 1, last: ["1 passed, 1 failed", ""] });
    assert.deepEqual(await countsOf(`it("a", () => {}); it("c");`), {
      status: 0,
      last: ["1 passed, 0 failed", ""],
    });
    const hook = `describe("x", () => { before(() => { throw new Error("no"); }); it("a", () => {}); });`;
    assert.deepEqual(await countsOf(hook), { status: 1, last: ["0 passed, 1 failed", ""] });
  });
});
