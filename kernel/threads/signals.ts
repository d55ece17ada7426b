/**
 * SIGINTs that the kernel sends to itself.
 *
 * Why to the group too: a cell may be waiting for a child process, which Jupyter's own signal reaches in the same way.
 */
import { readFileSync } from "node:fs";

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
