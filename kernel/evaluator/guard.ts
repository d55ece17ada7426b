/**
 * Where a SIGINT may stop the user's code.
 *
 * What: `guarded` runs a function inside a `vm` script with `breakOnSigint`, so that even `while (true)` ends with an
 * exception and everything else stays as it is. A further thread (watch.ts) waits for ever inside such a script: it
 * keeps Node's signal watch installed, so that entering a guard costs under a microsecond instead of 55, and takes
 * the signals that come while nothing is guarded. Interrupts are numbered: one that comes too late for its cell does
 * not hit the next. Reference: Node's `vm`, `breakOnSigint`; its signal watchdogs inform the newest script alone.
 */
import vm from "node:vm";
import { type Shared, slot } from "../threads/shared.ts";
import { type Execution, running } from "./executions.ts";

export class Interrupted extends Error {
  constructor() {
    super("the execution was interrupted");
  }
}
Interrupted.prototype.name = "KeyboardInterrupt";

const entry = "$$entry";
let next: () => unknown = () => undefined;
Object.defineProperty(globalThis, entry, { value: () => next() });
const script = new vm.Script(`${entry}()`);
const options = { breakOnSigint: true, displayErrors: false };

/** Node's own, not the one that runs its callback in the guard. */
const later = setImmediate;
let shared: Shared;
let announce: () => void;
let inside = false;

/** `whenInterrupted` is called when a signal, not a message, has interrupted the cells. */
export function setUpGuard(memory: Shared, whenInterrupted: () => void): void {
  shared = memory;
  announce = whenInterrupted;
}

export const interrupts = (): number => Atomics.load(shared, slot.interrupts);
export const isInterrupted = (execution: Execution): boolean =>
  !execution.done && interrupts() > execution.interruptsBefore;

/**
 * Runs `run` so that an interrupt of the execution stops it; it then throws `Interrupted`. One that has happened
 * already stops it before it begins, unless `run` is there to clean up.
 */
export function guarded<T>(execution: Execution, run: () => T, cleaning = false): T {
  if (inside) return run();
  inside = true;
  // first the mark, then the look: whoever interrupts counts first and then looks at the mark
  Atomics.store(shared, slot.guarded, 1);
  try {
    if (!cleaning && isInterrupted(execution)) throw new Interrupted();
    next = run;
    return script.runInThisContext(options) as T;
  } catch (error) {
    if ((error as { code?: string } | null)?.code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
    if (takeOwnSignal()) throw new Interrupted();
    Atomics.add(shared, slot.interrupts, 1);
    announce();
    later(interruptWaiting);
    throw new Interrupted();
  } finally {
    Atomics.store(shared, slot.guarded, 0);
    inside = false;
  }
}

/** Whether a signal that has arrived was sent by the kernel itself. */
function takeOwnSignal(): boolean {
  const sent = Atomics.load(shared, slot.signalsSent);
  return Atomics.exchange(shared, slot.signalsTaken, sent) !== sent;
}

/** Waits for signals under way, which were meant for an execution that has ended. */
export function settleSignals(): void {
  for (let k = 0; k < 10; k++) {
    const taken = Atomics.load(shared, slot.signalsTaken);
    if (Atomics.load(shared, slot.signalsSent) === taken) return;
    next = () => Atomics.wait(shared, slot.signalsTaken, taken, 20);
    try {
      script.runInThisContext(options);
    } catch {
      takeOwnSignal();
    }
  }
  takeOwnSignal();
}

/** Ends what the interrupted executions wait for. */
export function interruptWaiting(): void {
  for (const execution of running)
    if (isInterrupted(execution)) for (const waiting of [...execution.waiting]) waiting.interrupt();
}
