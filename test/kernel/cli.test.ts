// The command: its help, its errors, and installing and removing the kernelspec, in folders of the test's own.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { userDataFolder } from "#kernel/install/install.js";
import { inTemporaryFolder, run } from "../support/run.js";

const command = resolve("dist/kernel/cli.js");

/** Runs `wengert` with a home of its own. */
function wengert(home: string, ...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: home };
  const { status, stdout, stderr } = run(process.execPath, [command, ...args], { cwd: home, env });
  return { status, stdout, stderr };
}

describe("the command wengert", () => {
  it("explains itself, each subcommand too", () =>
    inTemporaryFolder((home) => {
      const { status, stdout } = wengert(home, "--help");
      assert.equal(status, 0);
      for (const name of ["install", "uninstall", "report", "lab", "differentiate", "jupyter"]) {
        assert.match(stdout, new RegExp(`^  ${name} `, "m"));
        assert.match(wengert(home, name, "--help").stdout, new RegExp(`^usage: wengert ${name} `));
      }
    }));

  const misuses: readonly (readonly [args: string[], says: RegExp])[] = [
    [[], /a command is missing/],
    [["reprot"], /unknown command reprot/],
    [["toString"], /unknown command toString/],
    [["install", "--usr"], /unknown option '--usr'/],
    [["install", "--user", "--sys-prefix"], /one place at a time; got --user and --sys-prefix/],
    [["install", "--prefix"], /argument missing/],
    [["install", "here"], /takes no further arguments; got here/],
    [["report", "none.ipynb"], /no such notebook: none\.ipynb/],
    [["report"], /no notebooks found in .*notebooks/],
    [["report", "--timeout", "soon"], /--timeout takes a number of seconds; got soon/],
  ];
  for (const [args, says] of misuses) {
    it(`refuses: wengert ${args.join(" ")}`, () =>
      inTemporaryFolder((home) => {
        const { status, stderr, stdout } = wengert(home, ...args);
        assert.match(stderr, says);
        assert.match(stderr, /^wengert: .*wengert --help/);
        assert.deepEqual([status, stdout], [2, ""]);
      }));
  }
});

describe("wengert install", () => {
  it("registers the kernel for the user, with logos, and uninstall leaves nothing", () =>
    inTemporaryFolder((home) => {
      const folder = join(home, ".local/share/jupyter/kernels/wengert");
      assert.equal(wengert(home, "install").stdout, `kernel installed in ${folder}\n`);
      assert.deepEqual(readdirSync(folder).sort(), [
        "kernel.json",
        "logo-32x32.png",
        "logo-64x64.png",
        "logo-svg.svg",
      ]);
      const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
      assert.deepEqual(spec.argv, [process.execPath, resolve("dist/kernel/main.js"), "{connection_file}"]);
      assert.deepEqual(
        [spec.display_name, spec.language, spec.interrupt_mode],
        ["TypeScript (Wengert)", "typescript", "message"],
      );
      assert.equal(wengert(home, "install", "--user").status, 0, "a second time replaces the first");
      assert.equal(wengert(home, "uninstall").stdout, `kernel removed from ${folder}\n`);
      assert.deepEqual(readdirSync(join(home, ".local/share/jupyter/kernels")), []);
      const again = wengert(home, "uninstall");
      assert.deepEqual([again.status, again.stdout], [1, ""]);
      assert.match(again.stderr, /the kernel is not installed; looked in /);
    }));

  it("is seen by Jupyter itself, by the name wengert", () =>
    inTemporaryFolder((home) => {
      wengert(home, "install", "--prefix", "below");
      const python = wengert(home, "jupyter").stdout.trim();
      const script =
        "from jupyter_client.kernelspec import KernelSpecManager as M; s = M().get_kernel_spec('wengert'); print(s.display_name, s.interrupt_mode)";
      const env = { PATH: process.env.PATH, HOME: home, JUPYTER_PATH: join(home, "below/share/jupyter") };
      assert.equal(run(python, ["-c", script], { env }).stdout, "TypeScript (Wengert) message\n");
      assert.equal(wengert(home, "uninstall", "--prefix", "below").status, 0);
      assert.equal(run(python, ["-c", script], { env }).status, 1);
      assert.deepEqual(readdirSync(join(home, "below")), [], "no empty folder is left");
      wengert(home, "install", "--prefix", "below");
      writeFileSync(join(home, "below/share/mine"), "");
      assert.equal(wengert(home, "uninstall", "--prefix", "below").status, 0);
      assert.deepEqual(readdirSync(join(home, "below/share")), ["mine"]);
    }));

  it("registers with the Python that has Jupyter: --sys-prefix", () =>
    inTemporaryFolder((home) => {
      const facts = JSON.stringify({
        python: "",
        prefix: join(home, "env"),
        dataFolders: [join(home, "env/share/jupyter")],
        versions: {},
      });
      writeFileSync(join(home, "python3"), `#!/bin/sh\necho '${facts}'\n`, { mode: 0o755 });
      const env = { PATH: home, HOME: home };
      const wengertThere = (...args: string[]) =>
        run(process.execPath, [command, ...args], { cwd: home, env });
      const folder = join(home, "env/share/jupyter/kernels/wengert");
      assert.equal(wengertThere("install", "--sys-prefix").stdout, `kernel installed in ${folder}\n`);
      assert.ok(existsSync(join(folder, "kernel.json")));
      assert.equal(
        wengertThere("uninstall").stdout,
        `kernel removed from ${folder}\n`,
        "found without being told where",
      );
      assert.ok(!existsSync(folder));
    }));

  it("neither replaces nor removes a kernel of the same name that is not ours", () =>
    inTemporaryFolder((home) => {
      const folder = join(home, "p/share/jupyter/kernels/wengert");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "kernel.json"), `{"argv": ["other"]}`);
      assert.match(wengert(home, "install", "--prefix", "p").stderr, /holds another kernel of this name/);
      assert.match(wengert(home, "uninstall", "--prefix", "p").stderr, /is not ours to remove/);
      assert.ok(existsSync(join(folder, "kernel.json")));
    }));

  it("says so when it cannot write", () =>
    inTemporaryFolder((home) => {
      writeFileSync(join(home, "file"), "");
      const { status, stderr } = wengert(home, "install", "--prefix", "file");
      assert.equal(status, 1);
      assert.match(stderr, /cannot write .*file.*; try --user, or --prefix/);
    }));

  it("knows each system's folder for the user", () => {
    assert.equal(userDataFolder({ HOME: "/h" }, "linux"), "/h/.local/share/jupyter");
    assert.equal(userDataFolder({ HOME: "/h", XDG_DATA_HOME: "/x" }, "linux"), "/x/jupyter");
    assert.equal(userDataFolder({ HOME: "/h" }, "darwin"), "/h/Library/Jupyter");
    assert.equal(userDataFolder({ HOME: "/h", APPDATA: "/a" }, "win32"), "/a/jupyter");
    assert.equal(userDataFolder({ HOME: "/h", JUPYTER_DATA_DIR: "/d" }, "darwin"), "/d");
  });
});
