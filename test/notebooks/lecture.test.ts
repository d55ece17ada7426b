// The notebooks of the lecture: committed without outputs, executed here by the real nbconvert with the real kernel, and
// what they then show held against the numbers of the lecture and of the literature.

import assert from "node:assert/strict";
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
import { basename, join, resolve } from "node:path";
import { findJupyter, REPORT_MODULES } from "#kernel/jupyter/find.js";

import { run } from "../support/run.js";

type Text = string | readonly string[];
interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly evalue?: string;
}
interface Cell {
  readonly cell_type: string;
  readonly source: Text;
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}
interface Notebook {
  readonly metadata: { readonly kernelspec?: { readonly name: string; readonly language: string } };
  readonly cells: readonly Cell[];
}

const read = (file: string): Notebook => JSON.parse(readFileSync(file, "utf8"));
const joined = (text: Text) => (typeof text === "string" ? text : text.join(""));
const plain = (output: Output) => joined((output.data?.["text/plain"] ?? "") as Text);

const folder = resolve("notebooks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => basename(name, ".ipynb"));

/** The numbers of a table's row, whatever the columns are padded with. */
function row(text: string, start: string): string[] {
  const found = text.split("\n").find((line) => line.trimStart().startsWith(start));
  assert.ok(found, `no row ${start} in\n${text}`);
  return found.trim().split(/ {2,}/);
}

describe("the lecture's notebooks", function () {
  this.timeout(600_000);
  let place: string;
  let report: ReturnType<typeof run>;
  const executed = (name: string) => join(place, ".wengert", "executed", `${name}.ipynb`);
  /** The outputs of the cell that has this text in its source. */
  const outputsOf = (name: string, source: string) => {
    const cells = read(executed(name)).cells.filter((cell) => joined(cell.source).includes(source));
    assert.equal(cells.length, 1, `one cell with ${source}`);
    return cells[0].outputs ?? [];
  };
  const shown = (name: string, source: string) => outputsOf(name, source).map(plain).join("\n");

  before(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), "wengert-lecture-")));
    mkdirSync(join(place, "home"));
    report = run(
      process.execPath,
      [resolve("dist/kernel/cli.js"), "report", ...names.map((name) => join(folder, `${name}.ipynb`))],
      { cwd: place, env: { PATH: process.env.PATH, HOME: join(place, "home") }, timeout: 230_000 },
    );
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  it("are committed without outputs, for our kernel", () => {
    assert.ok(names.includes("05-worked-example") && names.includes("08-cost"));
    for (const name of names) {
      const { metadata, cells } = read(join(folder, `${name}.ipynb`));
      assert.equal(metadata.kernelspec?.name, "wengert", name);
      assert.equal(metadata.kernelspec?.language, "typescript", name);
      for (const cell of cells.filter(({ cell_type }) => cell_type === "code")) {
        assert.deepEqual(cell.outputs, [], name);
        assert.equal(cell.execution_count, null, name);
      }
    }
  });

  it("run without an error, each within a minute", () => {
    assert.equal(report.status, 0, report.stdout + report.stderr);
    const times = [...report.stdout.matchAll(/^ +\d+ cells done +([\d.]+) s$/gm)].map(([, s]) => Number(s));
    assert.equal(times.length, names.length, report.stdout);
    for (const [k, seconds] of times.entries()) assert.ok(seconds < 60, `${names[k]}: ${seconds} s`);
    for (const name of names) {
      const outputs = read(executed(name)).cells.flatMap((cell) => cell.outputs ?? []);
      assert.ok(outputs.length > 0, name);
      for (const output of outputs) {
        assert.notEqual(output.output_type, "error", `${name}: ${output.evalue}`);
        assert.notEqual(output.name, "stderr", name);
      }
      assert.ok(existsSync(join(place, "reports", `${name}.html`)));
    }
  });

  it("show each number of the worked example", () => {
    const name = "05-worked-example";
    const trace = shown(name, "const tape = trace(f)(2, 3);");
    assert.deepEqual(row(trace, "w3"), ["w3", "w1 · w2", "6"]);
    assert.deepEqual(row(trace, "w4"), ["w4", "sin w1", "0.9092974268256817"]);
    assert.deepEqual(row(trace, "w5"), ["w5", "w3 + w4", "6.909297426825682"]);
    assert.equal(row(shown(name, "tape.forward([1, 0])"), "w5").at(-1), "2.5838531634528574");
    assert.equal(row(shown(name, "tape.forward([0, 1])"), "w5").at(-1), "2");
    const sweep = shown(name, "const sweep = tape.reverse();");
    assert.equal(row(sweep, "w̄1ᵃ").at(-1), "-0.4161468365471424");
    assert.equal(row(sweep, "w̄1ᵇ").at(-1), "3");
    assert.equal(row(sweep, "w̄2").at(-1), "2");
    assert.equal(row(sweep, "w̄1 ").at(-1), "2.5838531634528574");
    const steps = shown(name, "const bar = new Array<number>");
    assert.deepEqual(row(steps, "mul: w̄1").slice(1), ["2.58385", "0", "1", "1", "1"]);
    for (const way of ["grad(f)", "the loop", "straight-line", "by calculus"])
      assert.deepEqual(row(shown(name, "const gradients = {"), way).slice(1), ["2.5838531634528574", "2"]);
  });

  it("find the reference values of the literature", () => {
    const table = shown("05-worked-example", "const references = [");
    for (const start of ["f ", "survey", "book"]) assert.ok(Number(row(table, start).at(-1)) < 4e-15);
    const numbers = (start: string) => row(table, start).slice(1, 4).map(Number);
    const near = (found: number[], expected: number[]) => {
      for (const [k, x] of expected.entries())
        assert.ok(Math.abs(found[k] - x) <= 4e-15 * Math.abs(x), `${x}`);
    };
    near(numbers("survey"), [11.652071455223084, 5.5, 1.7163378145367738]);
    near(numbers("book"), [2.016646669428201, 3.011843327673907, -13.7239615093141]);
  });

  it("count what a gradient costs: at most 5 for reverse mode, in proportion to n for all else", () => {
    const operations = shown("08-cost", "const operations: [");
    assert.deepEqual(row(operations, "x * y").slice(1), ["1", "5", "5"]);
    for (const line of operations.split("\n").slice(2))
      assert.ok(Number(line.trim().split(/ {2,}/).at(-1)) <= 5);
    const slopes = shown("08-cost", "const larger = growth");
    const exponent = (start: string) => Number(row(slopes, start)[1]);
    assert.equal(exponent("reverse AD"), 0);
    for (const way of ["forward AD", "forward differences", "central differences", "complex step"])
      assert.ok(Math.abs(exponent(way) - 1) < 0.03, way);
    assert.match(shown("08-cost", "const growth ="), /at most 2\.\d+ ≤ 5/);
  });

  it("show the V of the step: slopes of the branches, best steps where theory has them", () => {
    const table = shown("08-cost", "const slopeOver");
    for (const [scheme, order] of [
      ["forward", 1],
      ["central", 2],
    ] as const) {
      const [best, predicted, , right, left] = row(table, scheme).slice(1).map(Number);
      assert.ok(Math.abs(Math.log10(best / predicted)) < 1, scheme);
      assert.ok(Math.abs(right - order) < 0.1, scheme);
      assert.ok(Math.abs(left + 1) < 0.3, scheme);
    }
  });

  it("have every plot and graph as a picture too, and no drawing that printing stumbles over", () => {
    const bundles = names.flatMap((name) =>
      read(executed(name)).cells.flatMap((cell) =>
        (cell.outputs ?? []).flatMap(({ data }) => (data ? [data] : [])),
      ),
    );
    const plots = bundles.filter((data) => "application/vnd.vegalite.v5+json" in data);
    assert.ok(plots.length > 0);
    for (const data of plots) assert.equal(typeof data["image/png"], "string");
    assert.ok(outputsOf("05-worked-example", "tape.graph()").some(({ data }) => data?.["image/png"]));
    for (const data of bundles) {
      assert.ok(typeof data["text/plain"] !== "undefined");
      assert.ok(!("image/svg+xml" in data));
    }
  });

  it("can be printed with LaTeX: tables as tabulars, plots and graphs as pictures", () => {
    const jupyter = findJupyter({ modules: REPORT_MODULES });
    assert.ok(jupyter, "no Python with nbconvert");
    for (const name of names) {
      // The prose is left out: nbconvert hands it to pandoc, and that is no part of Jupyter.
      const notebook = read(executed(name));
      const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code");
      const source = join(place, `${name}.ipynb`);
      writeFileSync(source, JSON.stringify({ ...notebook, cells }));
      const made = run(jupyter.python, ["-m", "nbconvert", "--to", "latex", source], {
        env: { PATH: process.env.PATH, HOME: join(place, "home") },
      });
      assert.equal(made.status, 0, made.stderr);
      const tex = readFileSync(join(place, `${name}.tex`), "utf8");
      assert.match(tex, /\\begin\{tabular\}/);
      assert.match(tex, /\\includegraphics|\\adjustimage/);
    }
  });
});
