// Each way to a Jupyter, tried by changing PATH: what is there (for real), and each way to install one. A machine
// without an index of Python packages can't install for real, so uv, python3 and apt-get are stood in for by small
// programs that do what those do; where pip can't reach an index, that failing is real.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  candidates,
  findJupyter,
  interpreterOf,
  LAB_MODULES,
  onPath,
  probe,
  REPORT_MODULES,
} from "#kernel/jupyter/find.js";
import { getJupyter, JupyterMissing } from "#kernel/jupyter/get.js";
import { inTemporaryFolder } from "../support/run.js";

const real = findJupyter({ modules: REPORT_MODULES });

/** Writes an executable shell script. */
function program(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** A stand-in for a Python with Jupyter: answers the probe as one does. */
const PYTHON_WITH_JUPYTER = `echo '{"python": "'"$0"'", "prefix": "/x", "dataFolders": [], "versions": {}}'`;
/** A stand-in for one without: the probe's imports fail. */
const PYTHON_WITHOUT = `echo "no module" >&2; exit 1`;

/** Runs \`use\` with a folder, a log of what was said, and the wishes of a search that sees \`folder/bin\` alone. */
function isolated(
  use: (facts: {
    folder: string;
    bin: string;
    said: string[];
    wishes: Parameters<typeof getJupyter>[0];
  }) => void,
) {
  return inTemporaryFolder((folder) => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const said: string[] = [];
    const environment = join(folder, "private");
    const wishes = {
      modules: REPORT_MODULES,
      path: bin,
      elsewhere: [],
      environment,
      root: false,
      say: (line: string) => said.push(line),
    };
    use({ folder, bin, said, wishes });
  });
}

describe("Jupyter, when it is there", () => {
  it("is found on this machine's PATH, and can really report", () => {
    assert.ok(real, "this machine has a Jupyter, or npm test has installed one");
    assert.match(real.versions.nbconvert, /^\d+\./);
    assert.ok(existsSync(real.python));
  });

  it("is found behind a python3 that comes first on PATH and has none", () =>
    isolated(({ folder, bin, wishes }) => {
      program(bin, "python3", PYTHON_WITHOUT);
      const second = join(folder, "second");
      mkdirSync(second);
      symlinkSync(real!.python, join(second, "python3"));
      const found = findJupyter({ ...wishes, path: [bin, second].join(delimiter) });
      assert.equal(found?.versions.nbconvert, real!.versions.nbconvert);
    }));

  it("is found through the first line of a jupyter script, when no python3 is on PATH", () =>
    isolated(({ bin, wishes }) => {
      writeFileSync(join(bin, "jupyter"), `#!${real!.python}\n`, { mode: 0o755 });
      assert.equal(findJupyter(wishes)?.versions.nbconvert, real!.versions.nbconvert);
    }));

  it("is found in a well-known place that is not on PATH", () =>
    isolated(({ wishes }) => {
      assert.equal(findJupyter(wishes), undefined);
      assert.ok(findJupyter({ ...wishes, elsewhere: ["/nowhere/python3", real!.python] }));
    }));

  it("needs every module asked for, of alternatives one", () => {
    assert.equal(probe(real!.python, ["nbconvert", "no_such_module"]), undefined);
    assert.ok(probe(real!.python, ["no_such_module|nbconvert"]));
  });

  it("is asked once for each interpreter, also where PATH names its folder twice", () =>
    isolated(({ folder, bin, wishes }) => {
      const python = program(bin, "python3", PYTHON_WITHOUT);
      symlinkSync(bin, join(folder, "again"));
      assert.deepEqual(candidates({ ...wishes, path: [bin, join(folder, "again"), bin].join(delimiter) }), [
        python,
      ]);
      assert.deepEqual(onPath("python3", `${delimiter}/nowhere${delimiter}${bin}`), [python]);
    }));
});

describe("Jupyter, when it is missing", () => {
  it("is installed by uv into the project's folder, and found there the next time", () =>
    isolated(({ bin, said, wishes }) => {
      const makes = `mkdir -p "$3/bin"`;
      const installs = `cat > "$5" <<'END'\n#!/bin/sh\n${PYTHON_WITH_JUPYTER}\nEND\n/bin/chmod +x "$5"`;
      program(
        bin,
        "uv",
        `PATH=/usr/bin:/bin\nif [ "$1" = venv ]; then ${makes}; else echo "$@" >> "$0.log"; ${installs}\nfi`,
      );
      const made = getJupyter(wishes);
      assert.equal(made.python, interpreterOf(wishes.environment));
      assert.match(
        readFileSync(join(bin, "uv.log"), "utf8"),
        /^pip install --quiet --python \S+ jupyterlab nbconvert jupyter_client$/m,
      );
      assert.equal(said.length, 1);
      assert.equal(getJupyter(wishes).python, made.python);
      assert.equal(said.length, 1, "nothing was installed again");
    }));

  it("is installed by venv and pip where there is no uv", () =>
    isolated(({ bin, wishes }) => {
      const inside = `case "$2" in pip) : > "$0.has";; esac; [ -f "$0.has" ] || exit 1\n${PYTHON_WITH_JUPYTER}`;
      program(
        bin,
        "python3",
        `PATH=/usr/bin:/bin\nif [ "$2" = venv ]; then mkdir -p "$3/bin"; cat > "$3/bin/python" <<'END'\n#!/bin/sh\n${inside}\nEND\nchmod +x "$3/bin/python"; else exit 1; fi`,
      );
      assert.equal(getJupyter(wishes).python, interpreterOf(wishes.environment));
    }));

  it("fails over from a pip that reaches no index to Debian's packages, within seconds", function () {
    this.timeout(600_000);
    return isolated(({ folder, bin, said, wishes }) => {
      // The environment and its pip are real; the index is a port of this machine that nobody listens on.
      const unreachable = {
        PIP_INDEX_URL: "http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL: "",
        PIP_FIND_LINKS: "",
        PIP_CONFIG_FILE: "/dev/null",
      };
      const before = { ...process.env };
      Object.assign(process.env, unreachable);
      try {
        symlinkSync("/usr/bin/python3", join(bin, "python3"));
        const log = join(folder, "apt.log");
        program(bin, "apt-get", `echo "$@" >> ${log}`);
        const started = performance.now();
        // The packages are "installed" by the stand-in, so what is found afterwards is Debian's Python, as it would be.
        const afterwards = { ...wishes, modules: ["no_such_module"], root: true };
        assert.throws(() => getJupyter(afterwards), JupyterMissing);
        assert.ok(performance.now() - started < 45_000);
        assert.deepEqual(
          said.map((line) => /\(([\w-]+)/.exec(line)?.[1]),
          ["venv", "apt-get"],
        );
        assert.match(
          readFileSync(log, "utf8"),
          / update\n.* install -y --no-install-recommends jupyter-nbconvert jupyter-notebook python3-jupyter-client\n$/,
        );
        assert.ok(!existsSync(wishes.environment), "the failed environment is removed");
      } finally {
        for (const name of Object.keys(unreachable)) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    });
  });

  it("comes from apt as root, also where the update of a foreign source fails, with what the tests need too", () =>
    isolated(({ bin, wishes }) => {
      const python = join(bin, "python3");
      program(
        bin,
        "apt-get",
        `PATH=/usr/bin:/bin\ncase "$*" in *update*) exit 100;; *kernel-test*) cat > ${python} <<'END'\n#!/bin/sh\n${PYTHON_WITH_JUPYTER}\nEND\nchmod +x ${python};; esac`,
      );
      const found = getJupyter({
        ...wishes,
        root: true,
        modules: [...REPORT_MODULES, "jupyter_kernel_test"],
      });
      assert.equal(found.python, python);
    }));

  it("is named with the commands that install it, and with why each way failed", () =>
    isolated(({ bin, wishes }) => {
      program(bin, "apt-get", "exit 1");
      program(bin, "uv", `echo "error: no index" >&2; exit 2`);
      assert.throws(
        () => getJupyter({ ...wishes, modules: LAB_MODULES }),
        (error: Error) => {
          assert.ok(error instanceof JupyterMissing);
          for (const part of [
            /needed: jupyter_client, jupyterlab or notebook/,
            /pip install jupyterlab/,
            /apt-get install .*jupyter-notebook/,
            /uv: error: no index/,
            /no python3 found/,
            /apt-get: needs root/,
          ]) {
            assert.match(error.message, part);
          }
          return true;
        },
      );
    }));
});
