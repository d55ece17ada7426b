// Shows how far the execution of notebooks is: which notebook, which cell of how many, seconds. On a terminal one
// line changes in place; elsewhere (a log of continuous integration) each finished cell is a line, and a cell that
// takes long is heard of in between.

const LOG_EVERY = 10_000;
const DRAW_EVERY = 200;

/** What progress is written to: `process.stdout`, or a collector in a test. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** The progress of a sequence of notebooks. */
export class Progress {
  readonly #sink: Sink;
  readonly #live: boolean;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #notebookStarted = 0;
  #cellStarted = 0;
  #heading = "";
  #cell = "";

  /** `now` gives milliseconds; a test supplies its own. */
  constructor(sink: Sink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#live = sink.isTTY === true;
    this.#now = now;
  }

  /** Writes a whole line, whatever is being drawn. */
  line(text: string): void {
    this.#sink.write(this.#live ? `\r\x1b[2K${text}\n` : `${text}\n`);
  }

  /** A notebook begins, the `index`-th (from 1) of `count`. */
  startNotebook(index: number, count: number, name: string): void {
    this.#heading = `[${index}/${count}] ${name}`;
    this.#cell = "starting the kernel";
    this.#notebookStarted = this.#cellStarted = this.#now();
    if (!this.#live) this.line(this.#heading);
    this.#timer = setInterval(() => this.#tick(), this.#live ? DRAW_EVERY : LOG_EVERY);
    this.#tick();
  }

  startCell(number: number, cells: number): void {
    this.#cell = `cell ${String(number).padStart(String(cells).length)} of ${cells}`;
    this.#cellStarted = this.#now();
    if (this.#live) this.#tick();
  }

  endCell(): void {
    if (!this.#live) this.line(`  ${this.#cell}  ${this.#sinceCell()}`);
  }

  /** The notebook is done; `outcome` says how. */
  endNotebook(outcome: string): void {
    clearInterval(this.#timer);
    this.line(
      `${this.#live ? this.#heading : " "} ${outcome}  ${seconds(this.#now() - this.#notebookStarted)}`,
    );
  }

  #sinceCell(): string {
    return seconds(this.#now() - this.#cellStarted);
  }

  #tick(): void {
    if (this.#live) this.#sink.write(`\r\x1b[2K${this.#heading}  ${this.#cell}  ${this.#sinceCell()}`);
    else if (this.#now() - this.#cellStarted >= LOG_EVERY)
      this.line(`  ${this.#cell}  still running, ${this.#sinceCell()}`);
  }
}
