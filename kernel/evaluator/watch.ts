/**
 * The thread that watches for SIGINT.
 *
 * What: waits inside a `vm` script with `breakOnSigint` (guard.ts says why), and is woken by the signals that come
 * while the cells' thread is not inside one. Why inside several scripts, one in the other: a signal ends the innermost
 * alone, and while it is begun anew the outer ones keep Node's watch installed; without one a SIGINT ends the process.
 * In a burst of signals each ends one more.
 */
import vm from "node:vm";
import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Others, signalWaitedFor } from "../threads/children.ts";
import { type Shared, slot } from "../threads/shared.ts";
import { leadsGroup, sendInterrupt, takeOwn } from "../threads/signals.ts";

const { shared, port } = workerData as { shared: Shared; port: MessagePort };
/** More than there are signals in a burst, each of which ends one script. */
const depth = 400;
const script = new vm.Script("watchFrom()");
let level = depth;
/** The request to begin anew that was there before the innermost script was begun. */
let asked = 0;

function watch(): void {
  const here = level;
  for (;;) {
    try {
      if (here === 0) {
        wait();
        return;
      }
      level = here - 1;
      if (level === 0) asked = Atomics.load(shared, slot.watchAnew);
      script.runInThisContext({ breakOnSigint: true, displayErrors: false });
    } catch {
      take();
    }
  }
}

/** What the cell that waits for a child process does not wait for. */
let others: Others = { children: [], since: 0 };

function wait(): void {
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) others = next.message;
  Atomics.store(shared, slot.watched, asked + 1);
  Atomics.notify(shared, slot.watched);
  Atomics.wait(shared, slot.watchAnew, asked);
}

const parked = new Int32Array(new SharedArrayBuffer(4));
const pause = (milliseconds: number): void => void Atomics.wait(parked, 0, 0, milliseconds);

function take(): void {
  if (takeOwn(shared)) Atomics.notify(shared, slot.signalsTaken);
  else {
    Atomics.add(shared, slot.interrupts, 1);
    port.postMessage("interrupted");
  }
  passOn();
}

/**
 * Where the cells' thread entered its script before this one was begun anew, the signal was meant for that one. It is
 * sent again if that script is still the same a moment later; here, outside of the innermost, it gets there. To a child
 * process more than once, which may begin only after a signal that was meant for it; one that goes on is ended.
 */
function passOn(): void {
  const inScript = Atomics.load(shared, slot.guarded);
  const concerned =
    Atomics.load(shared, slot.interrupts) > Atomics.load(shared, slot.before) ||
    Atomics.load(shared, slot.leftover) === inScript;
  if (!concerned || inScript === 0) return;
  const goesOn = () => Atomics.load(shared, slot.guarded) === inScript;
  const waits = () => Atomics.load(shared, slot.child) === 1;
  pause(10);
  for (let times = 0; times < 4 && goesOn(); times++) {
    const child = waits();
    Atomics.add(shared, slot.signalsSent, 1);
    sendInterrupt(child);
    if (child && !leadsGroup()) signalWaitedFor(others, "SIGINT");
    pause(child ? 150 : 10);
    if (!child) return;
  }
  for (const signal of ["SIGTERM", "SIGKILL"] as const)
    if (goesOn() && waits()) {
      signalWaitedFor(others, signal);
      pause(200);
    }
}

Object.assign(globalThis, { watchFrom: watch });
// until here the main thread ignored SIGINT; its handler must be gone before ours comes
port.postMessage("ready");
port.once("message", watch);
