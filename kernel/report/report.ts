// `wengert report`: executes notebooks under nbconvert and writes them as HTML pages with an index.
//   1. the kernel is registered in a folder of the project, whose variables nbconvert gets;
//   2. execute.py runs the notebooks one after the other and tells of each cell;
//   3. each page that it wrote is finished (offline, mathematics drawn, a bar to the neighbours);
//   4. the index is written; failures are told again at the end, where they are seen.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { KERNEL_NAME } from "../install/spec.ts";
import { projectEnvironment, STATE_FOLDER } from "../jupyter/environment.ts";
import type { Jupyter } from "../jupyter/find.ts";
import { version } from "../package.ts";
import { execute, type Failure, type Outcome, type Task } from "./execute.ts";
import { type Card, indexPage } from "./index-page.ts";
import { faceOf, type Notebook } from "./notebook.ts";
import { finishPage } from "./page.ts";
import { Progress, type Sink } from "./progress.ts";

/** What to report on, and how. */
export interface ReportJob {
  /** Folder of the project: holds `.wengert/`. */
  readonly project: string;
  /** Notebook files, in the order of the index. */
  readonly notebooks: readonly string[];
  /** Folder for the pages. */
  readonly out: string;
  readonly jupyter: Jupyter;
  /** Seconds that one cell may take; a cell that takes longer fails. */
  readonly timeout: number;
  readonly sink: Sink;
  /** Name of the kernel, ours by default. */
  readonly kernel?: string;
}

/** The notebooks in `folder`, in the order of their names; Jupyter's checkpoints and hidden files are none. */
export function notebooksIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb") && !name.startsWith("."))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Executes the notebooks and writes the reports.
 * @returns true when every cell of every notebook went well
 */
export async function writeReports(job: ReportJob): Promise<boolean> {
  const started = performance.now();
  const progress = new Progress(job.sink);
  const tasks = tasksOf(job);
  const environment = projectEnvironment(job.project);
  for (const { executed, converted, html } of tasks) {
    for (const stale of [executed, converted, html]) rmSync(stale, { force: true });
  }
  mkdirSync(job.out, { recursive: true });
  const outcomes = await execute(tasks, { ...job, kernel: job.kernel ?? KERNEL_NAME, environment }, progress);
  const cards = await finish(tasks, outcomes, progress);
  const index = join(job.out, "index.html");
  writeFileSync(index, await indexPage(cards, version()));
  const failures = tasks.flatMap(({ name }, i) => failureLines(name, outcomes[i]));
  for (const line of failures) progress.line(line);
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
  const count = `${tasks.length} ${tasks.length === 1 ? "notebook" : "notebooks"}`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  progress.line(
    `${count}, ${failed === 0 ? "all cells went well" : `${failed} failed`}, ${seconds} s: ${shown(index)}`,
  );
  return failed === 0;
}

function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}

/** Gives each notebook its files; two notebooks of one name, in two folders, get two names. */
function tasksOf(job: ReportJob): Task[] {
  const state = join(resolve(job.project), STATE_FOLDER);
  const taken = new Set(["index"]);
  return job.notebooks.map((source) => {
    const stem = basename(source, ".ipynb");
    let name = stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}-${n}`;
    taken.add(name);
    return {
      name,
      source: resolve(source),
      executed: join(state, "executed", `${name}.ipynb`),
      converted: join(state, "executed", `${name}.html`),
      html: join(resolve(job.out), `${name}.html`),
    };
  });
}

/** Step 3: makes a report of each page that nbconvert wrote, with links among them. */
async function finish(
  tasks: readonly Task[],
  outcomes: readonly Outcome[],
  progress: Progress,
): Promise<Card[]> {
  const faces = tasks.map(({ name, executed, source }) => faceOf(readNotebook(executed, source), name));
  const neighbour = (j: number) =>
    tasks[j] && existsSync(tasks[j].converted)
      ? { title: faces[j].title, file: basename(tasks[j].html) }
      : undefined;
  const cards: Card[] = [];
  for (const [i, task] of tasks.entries()) {
    const { seconds, failure } = outcomes[i];
    const written = existsSync(task.converted);
    if (written) {
      const page = await finishPage(readFileSync(task.converted, "utf8"), {
        title: faces[i].title,
        previous: neighbour(i - 1),
        next: neighbour(i + 1),
        ...(failure === undefined ? {} : { failure: failureText(failure, outcomes[i].cells) }),
      });
      writeFileSync(task.html, page.html);
      for (const warning of page.warnings) progress.line(`${basename(task.source)}: warning: ${warning}`);
    }
    const problem = failure === undefined ? {} : { failure: headline(failure, outcomes[i].cells) };
    cards.push({
      ...faces[i],
      file: basename(task.html),
      notebook: basename(task.source),
      seconds,
      written,
      ...problem,
    });
  }
  return cards;
}

/** The notebook as it was executed, else as it stands, else (it is no notebook) one without cells. */
function readNotebook(...files: readonly string[]): Notebook {
  for (const file of files) {
    try {
      const notebook = JSON.parse(readFileSync(file, "utf8"));
      if (Array.isArray(notebook.cells)) return notebook;
    } catch {
      // not there or no JSON: execute.py has told of it
    }
  }
  return { cells: [] };
}

const place = (failure: Failure, cells: number) =>
  failure.cell === 0 ? "" : `cell ${failure.cell} of ${cells}: `;

function headline(failure: Failure, cells: number): string {
  const [first] = failure.message.trim().split("\n");
  return `${place(failure, cells)}${failure.name}: ${first}`;
}

function failureText(failure: Failure, cells: number): string {
  return `This notebook failed. ${place(failure, cells)}${failure.name}: ${failure.message.trim()}`;
}

const LONGEST_TRACEBACK = 30;

/** What the end of the run says of a failed notebook: where, what, and the traceback without its colours. */
function failureLines(name: string, { failure, cells }: Outcome): string[] {
  if (failure === undefined) return [];
  const trace = stripVTControlCharacters(failure.traceback).trimEnd().split("\n").slice(-LONGEST_TRACEBACK);
  return [
    `FAILED ${name}.ipynb, ${headline(failure, cells)}`,
    ...trace.filter((line) => line !== "").map((line) => `    ${line}`),
  ];
}
