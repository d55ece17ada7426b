/**
 * The processes that a cell has started and waits for.
 *
 * What: finds them in the system's table of processes, and sends them signals. Why: a child may ignore SIGINT, and
 * Node, which waits for it, hears of nothing; a signal to the whole group would end the kernel too. Reference: proc(5).
 */
import { readdirSync, readFileSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  group: number;
  /** In hundredths of a second since the system was started. */
  start: number;
}

/** What a cell that begins to wait does not wait for. */
export interface Others {
  /** Children that it goes on beside. */
  children: number[];
  /** Whatever began before this, in hundredths of a second since the system was started. */
  since: number;
}

export function uptime(): number {
  try {
    return Math.floor(100 * Number.parseFloat(readFileSync("/proc/uptime", "utf8")));
  } catch {
    return 0;
  }
}

/** Sends a signal to the processes that are waited for, and to those that they started. */
export function signalWaitedFor({ children, since }: Others, signal: NodeJS.Signals): void {
  const all = processes();
  const below = (roots: number[]): Set<number> => {
    const found = new Set(roots);
    for (let size = 0; found.size > size; ) {
      size = found.size;
      for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
    }
    return found;
  };
  const excluded = below(children).add(process.pid);
  const mine = below([process.pid]);
  for (const { pid, parent, group, start } of all) {
    // what a child has left behind may hold the pipe that is waited for
    const isLeft = parent === 1 && group === process.pid;
    if (start < since || excluded.has(pid) || !(mine.has(pid) || isLeft)) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // it has ended by now
    }
  }
}

function processes(): Process[] {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // the name before, in parentheses, may hold anything
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [parent, group, start] = [1, 2, 19].map((k) => Number(fields[k]));
      return [{ pid: Number(name), parent, group, start }];
    } catch {
      return [];
    }
  });
}
