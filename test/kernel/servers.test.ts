/**
 * The kernel behind Jupyter servers: classic Notebook in a real browser, once with the kernel started by the server
 * itself, once by a second server, to which the first is a gateway client. That is how the kernel runs behind
 * Enterprise Gateway and JupyterHub.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { writeSpec } from "#kernel/install/spec.js";

const python = "/usr/bin/python3";
const browsers = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];
const token = "open-sesame";

/** What the page's own objects are asked for. */
declare const Jupyter: any;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe("Jupyter servers", function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "wengert-servers-"));
  const servers: { process: ChildProcess; log: string }[] = [];
  let browser: Browser;

  /** Starts a Notebook server with a home of its own; resolves with its address. */
  async function serve(name: string, args: string[], withKernel: boolean): Promise<string> {
    const home = join(folder, name);
    mkdirSync(join(home, "notebooks"), { recursive: true });
    if (withKernel) writeSpec(join(home, "share"));
    const port = await freePort();
    const child = spawn(
      python,
      [
        "-m",
        "notebook",
        "--no-browser",
        "--allow-root",
        `--port=${port}`,
        "--ip=127.0.0.1",
        `--NotebookApp.token=${token}`,
        `--notebook-dir=${join(home, "notebooks")}`,
        ...args,
      ],
      {
        cwd: home,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          JUPYTER_PATH: join(home, "share"),
          JUPYTER_CONFIG_DIR: join(home, "config"),
          JUPYTER_DATA_DIR: join(home, "data"),
          JUPYTER_RUNTIME_DIR: join(home, "runtime"),
        },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const server = { process: child, log: "" };
    servers.push(server);
    child.stderr.on("data", (chunk) => {
      server.log += chunk;
    });
    const address = `http://127.0.0.1:${port}`;
    const deadline = performance.now() + 40_000;
    for (;;) {
      const answer = await fetch(`${address}/api/kernelspecs?token=${token}`).catch(() => null);
      if (answer?.ok && (await answer.text()).includes('"wengert"')) return address;
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`the server does not start:\n${server.log}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** Opens a new notebook of the given cells, its kernel ready. */
  async function open(address: string, home: string, sources: string[]): Promise<Page> {
    const cells = sources.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    }));
    const metadata = { kernelspec: { name: "wengert", display_name: "x", language: "typescript" } };
    writeFileSync(
      join(folder, home, "notebooks", "try.ipynb"),
      JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata, cells }),
    );
    const page = await browser.newPage();
    await page.goto(`${address}/notebooks/try.ipynb?token=${token}`);
    await page.waitForFunction(
      () => (globalThis as any).Jupyter?.notebook?.kernel?.info_reply?.implementation === "wengert",
    );
    return page;
  }

  /** Runs a cell; resolves when it is idle, or at once. */
  async function run(page: Page, index: number, wait = true): Promise<void> {
    await page.evaluate((k) => Jupyter.notebook.execute_cells([k]), index);
    if (wait) await idle(page, index);
  }
  const idle = async (page: Page, index: number): Promise<void> => {
    await page.waitForFunction((k) => /\d/.test(Jupyter.notebook.get_cell(k).input_prompt_number), index);
  };
  /** Waits for a cell's output to say something; it may come after the reply. */
  const says = async (page: Page, index: number, pattern: RegExp): Promise<void> => {
    const output = page.locator(".code_cell").nth(index).locator(".output");
    await output.filter({ hasText: pattern }).waitFor({ timeout: 15_000 });
  };

  before(async () => {
    const executablePath = browsers.find((path) => existsSync(path));
    assert.ok(executablePath, `one of ${browsers.join(", ")} is needed`);
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    for (const { process: child } of servers.reverse()) {
      const gone = new Promise((done) => child.once("exit", done));
      if (child.exitCode === null && child.kill("SIGTERM")) await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const cells = [
    "const n = 20 + 1; n * 2",
    "import { display, html, progress } from 'wengert/notebook';\ndisplay(html('<b>bold</b>'));\nfor (const k of progress([1, 2, 3])) await new Promise((done) => setTimeout(done, 20));",
    "`hello ${prompt('name?')}`",
    "while (true) {}",
    "throw new RangeError('on purpose')",
    "n.toFix",
    "typeof n",
  ];

  /** What a reader does with a notebook. */
  async function tryAll(page: Page): Promise<void> {
    await run(page, 0);
    await says(page, 0, /42/);
    await run(page, 1);
    await page.locator(".output_html b", { hasText: "bold" }).waitFor();
    await says(page, 1, /3\/3/);
    await run(page, 2, false);
    await page.locator("input.raw_input").fill("you");
    await page.locator("input.raw_input").press("Enter");
    await idle(page, 2);
    await says(page, 2, /'hello you'/);
    await run(page, 3, false);
    await page.waitForTimeout(200);
    await page.evaluate(() => Jupyter.notebook.kernel.interrupt());
    await idle(page, 3);
    await says(page, 3, /KeyboardInterrupt/);
    await run(page, 4);
    await says(page, 4, /RangeError: on purpose/);
    await page.evaluate(() => {
      Jupyter.notebook.select(5);
      Jupyter.notebook.edit_mode();
      const { code_mirror } = Jupyter.notebook.get_cell(5);
      code_mirror.focus();
      code_mirror.setCursor(0, 7);
    });
    // the key goes to the editor that has the focus, which comes a moment later
    const editor = page.locator(".code_cell").nth(5).locator(".CodeMirror-focused");
    await editor.waitFor();
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => Jupyter.notebook.get_cell(5).get_text() === "n.toFixed");
    // as text: a function inside of a function would bring its annotation along
    await page.evaluate(
      "new Promise((done) => { Jupyter.notebook.events.one('kernel_ready.Kernel', done); Jupyter.notebook.kernel.restart(); })",
    );
    await run(page, 6);
    await says(page, 6, /Cannot find name 'n'/);
  }

  it("classic Notebook runs cells, shows, asks, interrupts, completes and restarts", async () => {
    const address = await serve("alone", [], true);
    await tryAll(await open(address, "alone", cells));
  });

  it("a kernel on a second server serves the first through its gateway client", async () => {
    const remote = await serve("remote", ["--NotebookApp.disable_check_xsrf=True"], true);
    const gateway = [`--gateway-url=${remote}`, `--GatewayClient.auth_token=${token}`];
    const address = await serve("near", gateway, false);
    await tryAll(await open(address, "near", cells));
    const running = await fetch(`${remote}/api/kernels?token=${token}`).then((answer) => answer.json());
    assert.deepEqual(
      (running as { name: string }[]).map(({ name }) => name),
      ["wengert"],
    );
  });
});
