// Follows the execution of notebooks: starts execute.py, hears its events, and turns them into progress and outcomes.
// A Python that dies in a notebook fails that one alone: the next is begun with another. A signal ends everything.

import { spawn } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import type { Jupyter } from "../jupyter/find.ts";
import { asset } from "../package.ts";
import type { Progress } from "./progress.ts";

/** One notebook's files, all absolute. */
export interface Task {
  readonly name: string;
  readonly source: string;
  /** The notebook as executed. */
  readonly executed: string;
  /** nbconvert's page. */
  readonly converted: string;
  /** The report. */
  readonly html: string;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly traceback: string;
  /** The cell that failed, from 1; 0 when the failure was in no cell. */
  readonly cell: number;
}

/** What the execution of a notebook came to. */
export interface Outcome {
  readonly seconds: number;
  readonly cells: number;
  readonly failure?: Failure;
}

/** With what notebooks are executed. */
export interface Engine {
  readonly jupyter: Jupyter;
  readonly kernel: string;
  /** Seconds that one cell may take. */
  readonly timeout: number;
  readonly environment: NodeJS.ProcessEnv;
}

type Event =
  | { event: "notebook"; cells: number }
  | { event: "cell"; number: number }
  | { event: "cell-done"; number: number }
  | { event: "notebook-done"; failure: Failure | null };

/** How long Python has to end its kernel when a signal comes. */
const GRACE = 5000;

/** Executes the notebooks one after the other; there is an outcome for each. */
export async function execute(
  tasks: readonly Task[],
  engine: Engine,
  progress: Progress,
): Promise<Outcome[]> {
  const run = new Run(tasks, engine, progress);
  const signals = ["SIGINT", "SIGTERM"] as const;
  const stop = () => run.stop();
  for (const signal of signals) process.on(signal, stop);
  try {
    while (run.outcomes.length < tasks.length) await run.go();
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
  return run.outcomes;
}

class Run {
  readonly outcomes: Outcome[] = [];
  readonly #tasks: readonly Task[];
  readonly #engine: Engine;
  readonly #progress: Progress;
  #kill: (signal: "SIGINT" | "SIGKILL") => void = () => {};
  #stopped = false;
  #cells = 0;
  #cell = 0;
  #begun = 0;

  constructor(tasks: readonly Task[], engine: Engine, progress: Progress) {
    this.#tasks = tasks;
    this.#engine = engine;
    this.#progress = progress;
  }

  /** Ends the execution; what was not executed counts as failed. */
  stop(): void {
    this.#stopped = true;
    this.#kill("SIGINT");
    setTimeout(() => this.#kill("SIGKILL"), GRACE).unref();
  }

  /** Starts Python on the notebooks that are left, and follows it to its end. */
  async go(): Promise<void> {
    const left = this.#tasks.slice(this.outcomes.length);
    const { jupyter, kernel, timeout, environment } = this.#engine;
    const child = spawn(jupyter.python, ["-W", "ignore", asset("report", "execute.py")], {
      env: environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#kill = (signal) => child.kill(signal);
    const ended = new Promise<number | string | null>((done, fail) => {
      child.once("error", fail);
      child.once("close", (code, signal) => done(code ?? signal));
    });
    createInterface(child.stderr).on("line", (line) => this.#progress.line(`  | ${line}`));
    const tasks = left.map(({ name, source, executed, converted }) => ({
      name,
      source,
      executed,
      html: converted,
    }));
    child.stdin.on("error", () => {}); // a Python that ends before it has read the job: its exit code tells
    child.stdin.end(JSON.stringify({ kernel, timeout, tasks }));
    this.#begin();
    for await (const line of createInterface(child.stdout)) this.#hear(JSON.parse(line) as Event);
    const code = await ended;
    if (this.outcomes.length === this.#tasks.length) return;
    const problem = { name: "execution ended", message: `its process ended with ${code}` };
    do this.#end({ ...(this.#stopped ? interrupted : problem), traceback: "", cell: this.#cell });
    while (this.#stopped && this.outcomes.length < this.#tasks.length && this.#begin());
  }

  #hear(event: Event): void {
    switch (event.event) {
      case "notebook":
        this.#cells = event.cells;
        break;
      case "cell":
        this.#cell = event.number;
        this.#progress.startCell(event.number, this.#cells);
        break;
      case "cell-done":
        this.#progress.endCell();
        break;
      case "notebook-done":
        if (this.#stopped) this.#kill("SIGKILL");
        else this.#end(event.failure ?? undefined);
        if (!this.#stopped && this.outcomes.length < this.#tasks.length) this.#begin();
        break;
    }
  }

  #begin(): true {
    const index = this.outcomes.length;
    this.#begun = performance.now();
    [this.#cells, this.#cell] = [0, 0];
    this.#progress.startNotebook(index + 1, this.#tasks.length, basename(this.#tasks[index].source));
    return true;
  }

  #end(failure: Failure | undefined): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const cells = this.#cells;
    this.#progress.endNotebook(failure === undefined ? `${cells} cells done` : "FAILED");
    this.outcomes.push({ seconds, cells, ...(failure === undefined ? {} : { failure }) });
  }
}

const interrupted = { name: "interrupted", message: "a signal ended the execution" };
