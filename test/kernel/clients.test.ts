/**
 * Other people's clients: jupyter_kernel_test, nbconvert, jupyter run and the console, as Debian has them.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runBeside } from "../support/run.ts";
import { kernelEntry } from "./client.ts";

const python = "/usr/bin/python3";
const conformance = fileURLToPath(new URL("jupyter_kernel_test_wengert.py", import.meta.url));

describe("clients", () => {
  const folder = mkdtempSync(join(tmpdir(), "wengert-clients-"));
  const env = {
    ...process.env,
    JUPYTER_PATH: join(folder, "share"),
    JUPYTER_CONFIG_DIR: folder,
    JUPYTER_DATA_DIR: folder,
    HOME: folder,
  };
  before(() => {
    const place = join(folder, "share", "kernels", "wengert");
    mkdirSync(place, { recursive: true });
    const spec = {
      argv: [process.execPath, kernelEntry, "{connection_file}"],
      display_name: "TypeScript (Wengert)",
      language: "typescript",
    };
    writeFileSync(join(place, "kernel.json"), JSON.stringify(spec));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: string[]) => runBeside(python, args, { env, cwd: folder, timeout: 120_000 });

  /** Writes a notebook of code cells; nbconvert's arguments that execute it. */
  const notebook = (name: string, ...sources: string[]): string[] => {
    const cells = sources.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    }));
    const metadata = { kernelspec: { name: "wengert", display_name: "x", language: "typescript" } };
    writeFileSync(join(folder, name), JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata, cells }));
    return ["-m", "nbconvert", "--to", "notebook", "--execute", name];
  };

  it("jupyter_kernel_test passes, and skips nothing", async () => {
    const { code, stderr } = await run([conformance, "-v"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Ran 13 tests[\s\S]*\nOK\n$/);
    assert.doesNotMatch(stderr, /skipped/);
  });

  it("nbconvert executes a notebook, 20,000 lines of output and all", async () => {
    const execute = notebook(
      "lines.ipynb",
      "const n = 20_000;",
      "for (let k = 0; k < n; k++) console.log(`line ${k}`);",
      "import { display } from 'wengert/notebook'; const h = display('first', { id: 'd' }); h.update('second');",
      "n / 2",
    );
    const { code, stderr } = await run([...execute, "--inplace"]);
    assert.equal(code, 0, stderr);
    const { cells } = JSON.parse(readFileSync(join(folder, "lines.ipynb"), "utf8"));
    const lines = cells[1].outputs
      .map((output: { text: string | string[] }) => [output.text].flat().join(""))
      .join("")
      .trimEnd()
      .split("\n");
    assert.equal(lines.length, 20_000);
    assert.equal(lines[19_999], "line 19999");
    assert.deepEqual(cells[2].outputs[0].data["text/plain"], ["'second'"]);
    assert.deepEqual(cells[3].outputs[0].data["text/plain"], ["10000"]);
    const page = await run(["-m", "nbconvert", "--to", "html", "--stdout", "lines.ipynb"]);
    assert.match(page.stdout, /<span class="kd">const<\/span>/);
  });

  it("a failing notebook stops nbconvert and names the error", async () => {
    const execute = notebook("fails.ipynb", "throw new RangeError('on purpose')");
    const { code, stderr } = await run([...execute, "--stdout"]);
    assert.equal(code, 1, stderr);
    // with newer nbclients the kernel's traceback, which has colours, is the only place that names it
    assert.match(stderr, /RangeError: on purpose/, `\n${stderr.slice(-2000)}`);
  });

  it("jupyter run prints what the cell prints", async () => {
    writeFileSync(join(folder, "script.ts"), "console.log('from ' + 'run')");
    const { code, stdout, stderr } = await run([
      "-m",
      "jupyter_client.runapp",
      "--kernel=wengert",
      "script.ts",
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /from run/);
  });

  it("jupyter console reads, evaluates and prints", async () => {
    const child = spawn(python, ["-m", "jupyter_console", "--kernel=wengert", "--simple-prompt"], {
      env,
      cwd: folder,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
    child.stdin.write("const q = 20 + 1\nq * 2\nexit\n");
    child.stdin.end();
    await new Promise((done) => child.once("exit", done));
    assert.match(text, /42/);
  });
});
