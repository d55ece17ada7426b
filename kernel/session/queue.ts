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

  /** Whether the opening of a comm waits here. */
  opens(comm: unknown): boolean {
    return this.#waiting.some(
      ({ message }) => message.header.msg_type === "comm_open" && message.content.comm_id === comm,
    );
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

  /**
   * What was sent before the error was known may still be under way: resolves when nothing more comes. The reply is
   * sent after that, and what is sent after the reply is run.
   */
  async #quiet(): Promise<void> {
    for (let k = 0, before = -1; k < 10 && this.#waiting.length > before; k++) {
      before = this.#waiting.length;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      let dropped: Request[] = [];
      const { header, content } = next.message;
      const stops = header.msg_type === "execute_request" && (content.stop_on_error ?? true);
      await this.#session.handle(next, undefined, async (reply) => {
        if (reply?.status !== "error" || !stops) return;
        await this.#quiet();
        dropped = this.#take();
      });
      this.#answer(dropped);
    }
    this.#running = false;
  }
}
