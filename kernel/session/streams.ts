/**
 * Text output on its way to the front ends.
 *
 * What: joins what a cell writes into messages, at a rate that a browser survives. Why here and not where it is
 * written: the thread of the cells may be in a loop that never ends, and the last line before it must appear too.
 */
import { type Shared, slot } from "../threads/shared.ts";

const interval = 40;
/** Characters in one message, and in one interval. */
const largest = 1 << 20;
const fastest = 1 << 21;
/** Changes between the streams that are kept in order in one interval; more than these a front end does not survive. */
const mostParts = 200;

interface Part {
  execution: number;
  name: string;
  texts: string[];
}

export class Streams {
  readonly #publish: (execution: number, name: string, text: string) => void;
  readonly #shared: Shared;
  readonly #parts: Part[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lastFlush = 0;

  constructor(shared: Shared, publish: (execution: number, name: string, text: string) => void) {
    this.#shared = shared;
    this.#publish = publish;
  }

  write(execution: number, name: string, text: string): void {
    const same = (part: Part) => part.execution === execution && part.name === name;
    const last = this.#parts.length < mostParts ? this.#parts.at(-1) : this.#parts.findLast(same);
    if (last && same(last)) last.texts.push(text);
    else this.#parts.push({ execution, name, texts: [text] });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer) return;
    const wait = Math.max(0, this.#lastFlush + interval - performance.now());
    this.#timer = setTimeout(() => this.flush(fastest), wait);
  }

  /** Publishes what is held back. Whatever else is published calls this first, so the order stays. */
  flush(most = Number.POSITIVE_INFINITY): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastFlush = performance.now();
    let sent = 0;
    while (this.#parts.length > 0 && sent < most) {
      const { execution, name, texts } = this.#parts[0];
      const text = texts.join("");
      const end = cut(text, Math.min(largest, most - sent));
      this.#publish(execution, name, text.slice(0, end));
      if (end < text.length) this.#parts[0].texts = [text.slice(end)];
      else this.#parts.shift();
      sent += end;
    }
    if (sent > 0) this.left(sent);
    if (this.#parts.length > 0) this.#schedule();
  }

  /** So much of what the cells wrote is on its way to the front ends. */
  left(units: number): void {
    Atomics.sub(this.#shared, slot.backlog, units);
    Atomics.notify(this.#shared, slot.backlog);
  }
}

/** Where a text of about `most` units may end, without parting a pair of surrogates. */
function cut(text: string, most: number): number {
  if (text.length <= most) return text.length;
  return isHighSurrogate(text.charCodeAt(most - 1)) ? most + 1 : most;
}

const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
