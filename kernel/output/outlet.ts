/**
 * The order of a cell's outputs.
 *
 * What: everything that an execution publishes goes through its outlet. A display that takes its time (a picture that
 * is being drawn) holds back what comes after it, so outputs appear in the order of the calls.
 */
export class Outlet {
  readonly #held: (() => void)[] = [];
  #waiting: Promise<void> | null = null;
  #sending = false;

  /** Sends now, or after the displays under way. */
  post(send: () => void): void {
    if (this.#waiting && !this.#sending) this.#held.push(send);
    else send();
  }

  /** Sends what a promise brings, before everything posted later. */
  postLater<T>(value: Promise<T>, send: (value: T) => void, failed: (error: unknown) => void): void {
    if (this.#waiting) {
      this.#held.push(() => this.postLater(value, send, failed));
      return;
    }
    this.#waiting = this.#sendLater(value, send, failed);
  }

  async #sendLater<T>(
    value: Promise<T>,
    send: (value: T) => void,
    failed: (error: unknown) => void,
  ): Promise<void> {
    try {
      const made = await value;
      this.#sending = true;
      send(made);
    } catch (error) {
      failed(error);
    }
    this.#sending = false;
    this.#waiting = null;
    while (!this.#waiting && this.#held.length > 0) (this.#held.shift() as () => void)();
  }

  /** Resolves when nothing is held back. */
  async settled(): Promise<void> {
    while (this.#waiting) await this.#waiting;
  }
}
