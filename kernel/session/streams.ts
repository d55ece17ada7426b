/**
 * Text output on its way to the front ends.
 *
 * What: joins what a cell writes into messages, at a rate that a browser survives. Why here and not where it is
 * written: the thread of the cells may be in a loop that never ends, and the last line before it must appear too.
 */
import { type Shared, slot } from "../threads/shared.ts";

const interval = 40;
const largest = 1 << 20;

export class Streams {
  readonly #publish: (execution: number, name: string, text: string) => void;
  readonly #shared: Shared;
  readonly #parts: { execution: number; name: string; texts: string[] }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lastFlush = 0;

  constructor(shared: Shared, publish: (execution: number, name: string, text: string) => void) {
    this.#shared = shared;
    this.#publish = publish;
  }

  write(execution: number, name: string, text: string): void {
    const last = this.#parts.at(-1);
    if (last && last.execution === execution && last.name === name) last.texts.push(text);
    else this.#parts.push({ execution, name, texts: [text] });
    if (this.#timer) return;
    const wait = Math.max(0, this.#lastFlush + interval - performance.now());
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Publishes all that is held back. Whatever else is published calls this first, so the order stays. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#parts.length === 0) return;
    this.#lastFlush = performance.now();
    let units = 0;
    for (const { execution, name, texts } of this.#parts.splice(0)) {
      const text = texts.join("");
      units += text.length;
      for (let k = 0; k < text.length; ) {
        let end = Math.min(text.length, k + largest);
        if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
        this.#publish(execution, name, text.slice(k, end));
        k = end;
      }
    }
    Atomics.sub(this.#shared, slot.backlog, units);
    Atomics.notify(this.#shared, slot.backlog);
  }
}

const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
