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
import { takeOwn } from "../threads/signals.ts";
import { currentExecution, type Execution, running } from "./executions.ts";

export class Interrupted extends Error {
  constructor() {
    super("the execution was interrupted");
  }
}
Interrupted.prototype.name = "KeyboardInterrupt";

interface Announce {
  /** A signal, not a message, has interrupted the cells. */
  interrupted(): void;
  /** Code that an interrupted cell has left behind begins, in the script of this number. */
  leftover(script: number): void;
  /** A cell begins to wait for a child process. */
  waits(): void;
}

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
let announce: Announce;
let inside = false;
let entries = 0;

const nextEntry = (): number => {
  entries = (entries + 1) & 0x3fffffff || 1;
  return entries;
};

export function setUpGuard(memory: Shared, said: Announce): void {
  shared = memory;
  announce = said;
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

/** Until when code is looked for that interrupted cells have left behind. */
let leftoversUntil = 0;
const leftoverTime = 2000;

/**
 * Whether the code that begins belongs to a cell that was interrupted a moment ago: a timer or a file that came just
 * too late to be stopped together with its cell.
 */
const isLeftover = (): boolean =>
  leftoversUntil > 0 && clock.now() < leftoversUntil && currentExecution().interrupted;

/** An execution has ended with an error; says whether it was an interrupt's doing. */
export function endsByInterrupt(execution: Execution): boolean {
  execution.interrupted = isInterrupted(execution);
  if (execution.interrupted) leftoversUntil = clock.now() + leftoverTime;
  return execution.interrupted;
}

/** Runs `run` so that an interrupt stops it; it then throws `Interrupted`. */
export const guarded = <T>(run: () => T): T => (inside ? run() : guardedAnew(run));

/**
 * The same in a script of its own, also inside of another: what stands between the two sees an exception, while code
 * that is stopped runs no `finally`.
 */
export function guardedAnew<T>(run: () => T): T {
  const before = inside;
  inside = true;
  if (!before) {
    const number = nextEntry();
    Atomics.store(shared, slot.guarded, number);
    if (isLeftover()) announce.leftover(number);
  }
  try {
    next = run;
    return script.runInThisContext(options) as T;
  } catch (error) {
    if ((error as { code?: string } | null)?.code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
    if (!takeOwn(shared)) interruptedBySignal();
    throw new Interrupted();
  } finally {
    inside = before;
    if (!before) Atomics.store(shared, slot.guarded, 0);
  }
}

function interruptedBySignal(): void {
  Atomics.add(shared, slot.interrupts, 1);
  announce.interrupted();
  later(interruptWaiting);
}

/** The same for the code of an execution, which does not begin if that was interrupted. */
export const guardedFor = <T>(execution: Execution, run: () => T): T =>
  guarded(() => {
    // looked at under the guard's mark: whoever interrupts counts first and then looks at the mark
    if (isInterrupted(execution)) throw new Interrupted();
    return run();
  });

/** The same for what the event loop calls, or Node in a scope of its own. */
export function guardedCallback<T>(run: () => T): T {
  if (isFlooded()) throw new Interrupted();
  return guarded(run);
}

/** The interrupts until now do not concern the execution that begins. */
export const beginWith = (count: number): void => void Atomics.store(shared, slot.before, count);

/**
 * Waits for a child process by `run`. Node does not come to hear of a signal while it does, so the watch is made the
 * one that gets the next, and passes it on to the child; to one that goes on, stronger signals follow.
 */
export function waitForChild<T>(run: () => T): T {
  const execution = currentExecution();
  Atomics.store(shared, slot.child, 1);
  announce.waits();
  watchAnew();
  try {
    const result = guardedFor(execution, run);
    if (isInterruptsWork(result, execution)) throw new Interrupted();
    return result;
  } catch (error) {
    throw isInterruptsWork(error, execution) ? new Interrupted() : error;
  } finally {
    Atomics.store(shared, slot.child, 0);
  }
}

/** Makes the watch the one that gets the next signal: returns when its script was begun after this. */
function watchAnew(): void {
  const wanted = Atomics.add(shared, slot.watchAnew, 1) + 2;
  Atomics.notify(shared, slot.watchAnew);
  const end = clock.now() + 2000;
  for (let is = watched(); is > 0 && is < wanted && clock.now() < end; is = watched())
    Atomics.wait(shared, slot.watched, is, 100);
}
const watched = (): number => Atomics.load(shared, slot.watched);

/** Whether a child ended as it did (its end is known by an error or by a result) since it was interrupted. */
function isInterruptsWork(end: unknown, execution: Execution): boolean {
  const { signal, status } = Object(end) as { signal?: string; status?: number };
  // a signal to the whole group may have ended the child before the watch has come to know of it
  for (let k = 0; k < 10 && (signal === "SIGINT" || status === 130) && !isInterrupted(execution); k++)
    Atomics.wait(shared, slot.interrupts, interrupts(), 10);
  return isInterrupted(execution);
}

/**
 * Waits for signals under way, which were meant for an execution that has ended. Not for ever: of two that come at
 * once, the system may make one.
 */
export function settleSignals(): void {
  // code that was stopped while it waited for a child could not say that it no longer does
  Atomics.store(shared, slot.child, 0);
  for (let k = 0; k < 25; k++) {
    const taken = Atomics.load(shared, slot.signalsTaken);
    if (Atomics.load(shared, slot.signalsSent) === taken) return;
    next = () => Atomics.wait(shared, slot.signalsTaken, taken, 20);
    try {
      script.runInThisContext(options);
    } catch {
      // one that is not ours is meant for the execution that begins
      if (!takeOwn(shared)) interruptedBySignal();
    }
  }
  Atomics.store(shared, slot.signalsTaken, Atomics.load(shared, slot.signalsSent));
}

/** Called by the event loop after interrupts: ends what the interrupted executions wait for. */
export function interruptWaiting(): void {
  heard = interrupts();
  lagsSince = 0;
  for (const execution of running)
    if (isInterrupted(execution)) for (const waiting of [...execution.waiting]) waiting.interrupt();
}
