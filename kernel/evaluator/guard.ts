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
/** Node loads the clock at its first use; an interrupt in the midst of that would leave it broken for good. */
const clock = performance;
let shared: Shared;
let announce: () => void;
let inside = false;
let entries = 0;

const nextEntry = (): number => {
  entries = (entries + 1) & 0x3fffffff || 1;
  return entries;
};

/** `whenInterrupted` is called when a signal, not a message, has interrupted the cells. */
export function setUpGuard(memory: Shared, whenInterrupted: () => void): void {
  shared = memory;
  announce = whenInterrupted;
}

const interrupts = (): number => Atomics.load(shared, slot.interrupts);

/** Whether an execution that is under way was interrupted. */
export const isInterrupted = (execution: Execution): boolean =>
  !execution.done && interrupts() > execution.interruptsBefore;

/** The interrupts of which the event loop knows, and since when it lags behind. */
let heard = 0;
let lagsSince = 0;
const grace = 30;

/**
 * Whether callbacks follow each other without end, so that the event loop does not come to hear of an interrupt. Then
 * they are stopped whatever they belong to. In the first moments after an interrupt they may still clean up.
 */
function isFlooded(): boolean {
  if (interrupts() === heard) return false;
  const now = clock.now();
  if (lagsSince === 0) lagsSince = now;
  return now - lagsSince > grace;
}

/** Whether code of an execution should not be gone on with. */
export const isStopped = (execution: Execution): boolean => isInterrupted(execution) || isFlooded();

/** Runs `run` so that an interrupt stops it; it then throws `Interrupted`. */
export const guarded = <T>(run: () => T): T => (inside ? run() : guardedAnew(run));

/**
 * The same in a script of its own, also inside of another: what stands between the two sees an exception, while code
 * that is stopped runs no `finally`.
 */
export function guardedAnew<T>(run: () => T): T {
  const before = inside;
  inside = true;
  if (!before) Atomics.store(shared, slot.guarded, nextEntry());
  try {
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
    inside = before;
    if (!before) Atomics.store(shared, slot.guarded, 0);
  }
}

/** The same for the code of an execution, which does not begin if that was interrupted. */
export const guardedFor = <T>(execution: Execution, run: () => T): T =>
  guarded(() => {
    // looked at under the guard's mark: whoever interrupts counts first and then looks at the mark
    if (isInterrupted(execution)) throw new Interrupted();
    return run();
  });

/** The same for what the event loop calls. */
export function guardedCallback<T>(run: () => T): T {
  if (inside) return run();
  if (isFlooded()) throw new Interrupted();
  return guarded(run);
}

/** The interrupts until now do not concern the execution that begins. */
export const beginWith = (count: number): void => void Atomics.store(shared, slot.before, count);

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

/** Called by the event loop after interrupts: ends what the interrupted executions wait for. */
export function interruptWaiting(): void {
  heard = interrupts();
  lagsSince = 0;
  for (const execution of running)
    if (isInterrupted(execution)) for (const waiting of [...execution.waiting]) waiting.interrupt();
}
