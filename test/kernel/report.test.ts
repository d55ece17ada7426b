// Reports: notebooks executed by the real nbconvert with the real kernel, pages that need no network, progress that a
// log can be read by, and what happens when a cell fails.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { typesetMath } from "#kernel/report/math.js";
import { faceOf } from "#kernel/report/notebook.js";
import { remoteReferences } from "#kernel/report/page.js";
import { Progress } from "#kernel/report/progress.js";
import { PAGE } from "#kernel/report/style.js";
import { inTemporaryFolder, run } from "../support/run.js";

const markdown = (source: string) => ({ cell_type: "markdown", metadata: {}, source });
const code = (source: string) => ({
  cell_type: "code",
  metadata: {},
  source,
  outputs: [],
  execution_count: null,
});

function notebook(...cells: object[]): string {
  const kernelspec = { name: "wengert", display_name: "TypeScript (Wengert)", language: "typescript" };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: { kernelspec }, cells });
}

describe("wengert report", function () {
  this.timeout(600_000);
  let folder: string;
  let report: ReturnType<typeof run>;
  const page = (name: string) => readFileSync(join(folder, "reports", name), "utf8");

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wengert-report-")));
    mkdirSync(join(folder, "home"));
    mkdirSync(join(folder, "notebooks"));
    const write = (name: string, text: string) => writeFileSync(join(folder, "notebooks", name), text);
    write(
      "1-good.ipynb",
      notebook(
        markdown("# The slope of $x^2$\n\nAt **three** it is $\\frac{d}{dx} x^2 = 6$, for \\$0."),
        code(
          `import { grad, trace } from "wengert";\nconst square = (x: number): number => x * x;\ngrad(square)(3)`,
        ),
        code(""),
        code("trace(square)(3).graph()"),
      ),
    );
    write(
      "2-bad.ipynb",
      notebook(
        markdown("# Fails"),
        code("1 + 1"),
        code(`throw new RangeError("too <far>")`),
        code(`console.log("never")`),
      ),
    );
    write("3-broken.ipynb", "{ no JSON");
    write("4-after.ipynb", notebook(code(`console.log("still" + " executed")`)));
    report = run(process.execPath, [resolve("dist/kernel/cli.js"), "report"], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: join(folder, "home") },
      timeout: 110_000,
    });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("shows which notebook, which cell of how many, and seconds, also in a log", () => {
    assert.match(
      report.stdout,
      /^\[1\/4\] 1-good\.ipynb\n {2}cell 1 of 2 {2}\d+\.\d s\n {2}cell 2 of 2 {2}\d+\.\d s\n {2,}2 cells done {2}\d+\.\d s\n\[2\/4\] 2-bad\.ipynb\n/,
    );
    assert.ok(!/\r/.test(report.stdout), "no cursor movement where there is no terminal");
  });

  it("executes under nbconvert, with results, mathematics drawn, and pictures", () => {
    const html = page("1-good.html");
    assert.match(html, /<title>The slope of x\^2 · Wengert<\/title>/);
    assert.match(html, /<pre>6<\/pre>/);
    assert.match(html, /<img[^>]* src="data:image\/png;base64,/);
    assert.match(html, /<mjx-container[\s\S]*<mjx-assistive-mml/);
    assert.match(html, /for \$0\./);
  });

  it("writes pages that fetch nothing and run no script, with links that lead somewhere", () => {
    for (const name of readdirSync(join(folder, "reports"))) {
      const html = page(name);
      assert.deepEqual(remoteReferences(html), [], name);
      assert.doesNotMatch(html, /<script/, name);
      const links = [...html.matchAll(/<a href="([^"#]+)"/g)].map(([, href]) => href);
      for (const href of links)
        assert.ok(existsSync(join(folder, "reports", href)), `${name} links to ${href}`);
    }
    assert.match(page("2-bad.html"), /<a href="1-good\.html">/);
    assert.match(page("2-bad.html"), /<a href="4-after\.html">|Fails/);
  });

  it("ends with an error for a failing cell: notebook, cell and error are named", () => {
    assert.equal(report.status, 1);
    assert.match(report.stdout, /^FAILED 2-bad\.ipynb, cell 2 of 3: RangeError: too <far>$/m);
    assert.match(report.stdout, /^FAILED 3-broken\.ipynb, \w+: .*JSON/m);
    assert.match(report.stdout, /^4 notebooks, 2 failed, \d+\.\d s: reports\/index\.html\n$/m);
  });

  it("writes the failing notebook's page up to the failure, and the others whole", () => {
    assert.deepEqual(readdirSync(join(folder, "reports")).sort(), [
      "1-good.html",
      "2-bad.html",
      "4-after.html",
      "index.html",
    ]);
    const bad = page("2-bad.html");
    assert.match(bad, /role="alert">This notebook failed\. cell 2 of 3: RangeError: too &#60;far&#62;/);
    assert.doesNotMatch(bad, /<pre>never/);
    assert.match(page("4-after.html"), /still executed/);
  });

  it("writes an index with title, first words, outcome", () => {
    const index = page("index.html");
    assert.match(index, /<a href="1-good\.html">The slope of <mjx-container/);
    assert.match(index, /<p>At three it is <mjx-container/);
    assert.match(index, /2 failed/);
    assert.match(index, /failed: cell 2 of 3: RangeError: too &#60;far&#62;/);
    assert.doesNotMatch(index, /href="3-broken/);
  });

  it("writes nothing into the home folder", () => {
    assert.deepEqual(readdirSync(join(folder, "home")), []);
  });
});

describe("wengert report, when something ends it", function () {
  this.timeout(600_000);

  /** Starts reports on two notebooks, the first of which prints the pid of its kernel and then waits. */
  async function whileWaiting(act: (report: ChildProcess, kernel: number) => void) {
    return inTemporaryFolder(async (folder) => {
      const pid = join(folder, "pid");
      const wait = `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(pid)}, String(process.pid));\nawait new Promise((done) => setTimeout(done, 60000));`;
      writeFileSync(join(folder, "1.ipynb"), notebook(code("1"), code(wait)));
      writeFileSync(join(folder, "2.ipynb"), notebook(code("2")));
      const report = spawn(
        process.execPath,
        [resolve("dist/kernel/cli.js"), "report", "1.ipynb", "2.ipynb"],
        { cwd: folder },
      );
      let text = "";
      report.stdout.on("data", (data) => {
        text += data;
      });
      while (!existsSync(pid) || readFileSync(pid, "utf8") === "") await setTimeout(50);
      const kernel = Number(readFileSync(pid, "utf8"));
      act(report, kernel);
      const [status] = await once(report, "close");
      const alive = () => {
        try {
          return process.kill(kernel, 0);
        } catch {
          return false;
        }
      };
      for (let waited = 0; alive() && waited < 10_000; waited += 100) await setTimeout(100);
      return { status, text, alive: alive() };
    });
  }

  it("names the notebook and cell in which the kernel died, and goes on", async () => {
    const { status, text } = await whileWaiting((_, kernel) => process.kill(kernel, "SIGKILL"));
    assert.equal(status, 1);
    assert.match(text, /^FAILED 1\.ipynb, cell 2 of 2: DeadKernelError: /m);
    assert.match(text, /\[2\/2\] 2\.ipynb\n {2}cell 1 of 1 .*\n.*1 cells done/);
  });

  it("ends at a signal, and leaves no kernel behind", async () => {
    const { status, text, alive } = await whileWaiting((report) => report.kill("SIGTERM"));
    assert.equal(status, 1);
    assert.match(text, /^FAILED 1\.ipynb, cell 2 of 2: interrupted: /m);
    assert.match(text, /^FAILED 2\.ipynb, interrupted: /m);
    assert.equal(alive, false);
  });
});

describe("the parts of a report", () => {
  it("find mathematics in all of Jupyter's delimiters, and only in text", async () => {
    const drawn = async (html: string) =>
      ((await typesetMath(html)).html.match(/<mjx-container/g) ?? []).length;
    for (const html of [
      "<p>$x$</p>",
      "$$x$$",
      "\\(x\\)",
      "\\[x\\]",
      "\\begin{align*}a&amp;=b\\end{align*}",
      "<b>$a &lt; b$</b>",
    ]) {
      assert.equal(await drawn(html), 1, html);
    }
    for (const html of [
      "\\$x\\$",
      "<pre>$x$</pre>",
      "<code>$x$</code>",
      `<img alt="$x$">`,
      "<!-- $x$ -->",
      "<style>$x$</style>",
      "one $ only",
    ]) {
      assert.equal(await drawn(html), 0, html);
    }
    assert.equal((await typesetMath("\\$5 and $y$")).html.startsWith("$5 and <mjx"), true);
  });

  it("name the TeX that cannot be drawn", async () => {
    const { refused } = await typesetMath("<p>$\\nosuch{x}$ and $\\frac{1}{2}$</p>");
    assert.equal(refused.length, 1);
    assert.match(refused[0], /^\\nosuch\{x\}: .*\\nosuch/);
  });

  it("see every way in which a page can reach for the network (negative control)", () => {
    const reaching = [
      `<script src="https://a/b.js"></script>`,
      `<script src='//a/b.js'></script>`,
      `<link rel="stylesheet" href="https://a/b.css">`,
      `<img src="http://a/b.png">`,
      `<style>@import "https://a/b.css"; p { background: url(https://a/b) }</style>`,
      `<script type="module">import x from "https://a/b.mjs"; import("https://a/b.mjs")</script>`,
    ];
    for (const html of reaching) assert.ok(remoteReferences(html).length > 0, html);
    assert.deepEqual(
      remoteReferences(`<a href="https://a">there</a> <pre>&lt;img src="https://a"&gt;</pre>`),
      [],
    );
  });

  it("give every colour that a display asks the theme for in the dark, readable on its ground", () => {
    const asked = new Set<string>();
    for (const file of readdirSync("lib/display")) {
      const text = readFileSync(join("lib/display", file), "utf8");
      for (const [, name] of text.matchAll(/--jp-([\w-]*\w)(?![\w$-])/g)) asked.add(name);
      for (const [, name] of text.matchAll(/\beditor\("(\w+)"/g)) asked.add(`mirror-editor-${name}-color`);
    }
    const inTheDark = PAGE.slice(PAGE.lastIndexOf("prefers-color-scheme: dark"));
    const colours = [...asked].filter((name) => /color|background/.test(name));
    assert.ok(colours.length >= 10, String(colours));
    const brightness = (name: string): number | null => {
      const [, value] = new RegExp(`--jp-${name}: ([^;]+);`).exec(inTheDark) ?? [];
      assert.ok(value, `--jp-${name} has no dark value`);
      const [, hex] = /^#([0-9a-f]{6})$/.exec(value) ?? [];
      return hex ? [0, 2, 4].reduce((sum, k) => sum + Number.parseInt(hex.slice(k, k + 2), 16) / 3, 0) : null;
    };
    for (const name of colours) {
      const light = brightness(name);
      if (light !== null && !name.startsWith("border"))
        assert.ok(name.endsWith("background") ? light < 64 : light > 120, `${name}: ${light}`);
    }
  });

  it("take title, words and picture from a notebook", () => {
    const face = faceOf(
      {
        cells: [
          markdown("Some *words*  \nand [a link](x.html)."),
          markdown("## It is `named` here\n\nLater."),
          code("1"),
          code(" "),
        ],
      },
      "file",
    );
    assert.deepEqual(face, { title: "It is named here", summary: "Some words and a link.", cells: 1 });
    const output = (data: Record<string, string>) => ({ cells: [{ ...code("1"), outputs: [{ data }] }] });
    assert.equal(faceOf(output({ "image/png": "QUJD\n" }), "file").picture, "QUJD");
    assert.equal(
      faceOf(output({ "text/html": `<b><img alt="" src="data:image/png;base64,QUJD"></b>` }), "file").picture,
      "QUJD",
    );
    assert.deepEqual(faceOf({ cells: [] }, "file"), { title: "file", summary: "", cells: 0 });
  });

  it("draw progress on one line of a terminal", () => {
    const written: string[] = [];
    let now = 0;
    const progress = new Progress({ isTTY: true, write: (text) => written.push(text) }, () => now);
    progress.startNotebook(1, 2, "a.ipynb");
    now = 1500;
    progress.startCell(3, 12);
    now = 2500;
    progress.endCell();
    progress.endNotebook("12 cells done");
    const shown = written.map((text) => text.replaceAll("\r\x1b[2K", ""));
    assert.deepEqual(shown, [
      "[1/2] a.ipynb  starting the kernel  0.0 s",
      "[1/2] a.ipynb  cell  3 of 12  0.0 s",
      "[1/2] a.ipynb 12 cells done  2.5 s\n",
    ]);
  });
});
