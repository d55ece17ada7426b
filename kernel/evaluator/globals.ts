/**
 * What cells find in the global scope beside Node's own.
 *
 * What: `prompt`, `password`, `require`; timers whose callbacks an interrupt can stop; and a `process.exit` that ends
 * the cell, not the kernel.
 */
import { currentExecution } from "./executions.ts";
import { guarded } from "./guard.ts";

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
  define("require", parts.require);
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) guardTimer(name);
  const refuse = (what: string) => () => {
    throw new ExitRefused(what);
  };
  Object.assign(process, {
    exit: refuse("process.exit()"),
    abort: refuse("process.abort()"),
    reallyExit: refuse("process.reallyExit()"),
  });
}

/** A timer's callback runs in the guard, so an interrupt stops it while its cell runs. */
function guardTimer(name: "setTimeout" | "setInterval" | "setImmediate"): void {
  const original = globalThis[name] as unknown as (callback: unknown, ...rest: unknown[]) => unknown;
  const wrapped = (callback: unknown, ...rest: unknown[]) => {
    if (typeof callback !== "function") return original(callback, ...rest);
    const execution = currentExecution();
    return original((...args: unknown[]) => guarded(execution, () => callback(...args)), ...rest);
  };
  // node's promisified form travels with the function
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  Object.assign(globalThis, { [name]: wrapped });
}
