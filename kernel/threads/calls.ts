/**
 * Calls between the threads of the kernel.
 *
 * What: a port on which either side calls named functions of the other and gets promises of their results, and sends
 * notices that want no answer. Why one small protocol: three threads (sockets and session; the cells; the compiler)
 * talk in pairs, and each pair needs the same.
 */
import type { MessagePort, TransferListItem } from "node:worker_threads";

type Functions = Record<string, (...args: any[]) => unknown>;

export class Calls {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve: (value: any) => void; reject: (error: Error) => void }>();
  #count = 0;

  constructor(port: MessagePort, functions: Functions) {
    this.#port = port;
    port.on("message", async ({ id, name, args, value, error }) => {
      if (name === undefined) {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error !== undefined) waiting?.reject(remade(error));
        else waiting?.resolve(value);
        return;
      }
      if (id === undefined) {
        functions[name](...args);
        return;
      }
      try {
        port.postMessage({ id, value: await functions[name](...args) });
      } catch (thrown) {
        const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
        port.postMessage({ id, error: { name, message, stack } });
      }
    });
  }

  call<T>(name: string, ...args: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++this.#count;
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, name, args });
    });
  }

  notify(name: string, args: unknown[], transfer?: TransferListItem[]): void {
    this.#port.postMessage({ name, args }, transfer);
  }
}

/** An error of the other side's. */
function remade({ name, message, stack }: Error): Error {
  const error = new Error(message);
  for (const [key, value] of Object.entries({ name, stack }))
    Object.defineProperty(error, key, { value, writable: true, configurable: true });
  return error;
}
