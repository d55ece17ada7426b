/**
 * SIGINTs that the kernel sends to itself.
 *
 * Why to the group too: a cell may be waiting for a child process, which Jupyter's own signal reaches in the same way.
 */
import { readFileSync } from "node:fs";
import { type Shared, slot } from "./shared.ts";

/** Whether the kernel leads a group of processes, which are then its children. */
export function leadsGroup(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[3]) === process.pid;
  } catch {
    return false;
  }
}

/** `widely`: to the children as well. */
export function sendInterrupt(widely: boolean): void {
  process.kill(widely && leadsGroup() ? -process.pid : process.pid, "SIGINT");
}

/** Takes note of a signal that has arrived; says whether it was one that the kernel sent to itself. Each counts for one. */
export function takeOwn(shared: Shared): boolean {
  for (;;) {
    const taken = Atomics.load(shared, slot.signalsTaken);
    if (taken === Atomics.load(shared, slot.signalsSent)) return false;
    if (Atomics.compareExchange(shared, slot.signalsTaken, taken, taken + 1) === taken) return true;
  }
}
