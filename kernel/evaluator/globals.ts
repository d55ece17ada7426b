/**
 * What cells find in the global scope beside Node's own.
 *
 * What: `prompt`, `password`, `require`, and a `process.exit` that ends the cell, not the kernel.
 */
import { guardedAnew, Interrupted } from "./guard.ts";

/** Thrown by `process.exit` in a cell. */
export class ExitRefused extends Error {
  constructor(what: string) {
    super(`${what} was called; the kernel goes on (to end it, shut it down from the front end)`);
  }
}
ExitRefused.prototype.name = "ExitRefused";

export function setUpGlobals(parts: {
  ask: (text: string, password: boolean) => string;
  require: NodeJS.Require;
}): void {
  const define = (name: string, value: unknown) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  define("prompt", (text = "") => parts.ask(String(text), false));
  define("password", (text = "") => parts.ask(String(text), true));
  define("require", keepingWhole(parts.require));
  const refuse = (what: string) => () => {
    throw new ExitRefused(what);
  };
  Object.assign(process, {
    exit: refuse("process.exit()"),
    abort: refuse("process.abort()"),
    reallyExit: refuse("process.reallyExit()"),
  });
}

/**
 * Node gives SIGINT to those who listen for it, and then to nobody else: some packages do while they are loaded. In a
 * notebook it stops the cell, whoever else would like to hear of it. Returns what ends the listening until now.
 */
export function keepInterrupts(): () => void {
  const until = process.rawListeners("SIGINT");
  for (const listener of process.rawListeners("newListener")) {
    if (listener.name !== "startListeningIfSignal") continue;
    process.off("newListener", listener as never);
    process.on("newListener", (type: string | symbol, ...rest: unknown[]) => {
      if (type !== "SIGINT") Reflect.apply(listener, process, [type, ...rest]);
    });
  }
  return () => {
    // Node ceases to listen when nobody is left
    const others = process.rawListeners("SIGINT").filter((listener) => !until.includes(listener));
    process.removeAllListeners("SIGINT");
    for (const listener of others) process.on("SIGINT", listener as NodeJS.SignalsListener);
  };
}

/** `require` that keeps no module whose loading an interrupt has stopped: code that is stopped runs no `finally`. */
function keepingWhole(require: NodeJS.Require): NodeJS.Require {
  const { cache } = require;
  const unfinished = () => Object.keys(cache).filter((name) => !cache[name]?.loaded);
  const whole = (specifier: string): unknown => {
    const before = unfinished();
    try {
      return guardedAnew(() => require(specifier));
    } catch (error) {
      if (error instanceof Interrupted)
        for (const name of unfinished()) if (!before.includes(name)) delete cache[name];
      throw error;
    }
  };
  return Object.assign(whole, require);
}
