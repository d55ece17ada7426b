/**
 * Executions of one shell, one after the other.
 *
 * What: the queue of the main shell or of a subshell; what waits behind an error (`stop_on_error`) or an interrupt is
 * answered with `aborted`. Reference: "Messaging in Jupyter", Execute; JEP 91 (subshells).
 */
import type { Request, Session } from "./session.ts";

export class Queue {
  readonly #session: Session;
  readonly #waiting: Request[] = [];
  #running = false;

  constructor(session: Session) {
    this.#session = session;
  }

  add(request: Request): void {
    this.#waiting.push(request);
    if (!this.#running) void this.#run();
  }

  /** Answers every execution that waits with `aborted`; comm messages are kept. */
  abort(): void {
    this.#answer(this.#take());
  }

  #take(): Request[] {
    const isExecution = ({ message }: Request) => message.header.msg_type === "execute_request";
    const taken = this.#waiting.filter(isExecution);
    const kept = this.#waiting.filter((request) => !isExecution(request));
    this.#waiting.splice(0, this.#waiting.length, ...kept);
    return taken;
  }

  #answer(dropped: Request[]): void {
    for (const request of dropped) void this.#session.handle(request, () => ({ status: "aborted" }));
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      let dropped: Request[] = [];
      const { header, content } = next.message;
      const stops = header.msg_type === "execute_request" && (content.stop_on_error ?? true);
      await this.#session.handle(next, undefined, async (reply) => {
        if (reply?.status !== "error" || !stops) return;
        // what was sent before the error was known may still be on the socket; what comes after the reply is run
        await new Promise((resolve) => setTimeout(resolve, 2));
        dropped = this.#take();
      });
      this.#answer(dropped);
    }
    this.#running = false;
  }
}
