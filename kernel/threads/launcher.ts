/**
 * What the kernel says to whoever started it: lines on the real stderr.
 *
 * Why not `process.stderr`: in the cells' thread that is the cells' output; in others it waits for that thread; and
 * Node's stream puts the pipe, which the launcher writes to as well, into a mode in which the launcher's writes can fail.
 */
import fs from "node:fs";

/** Node's own, which cells don't redirect. */
const { writeSync } = fs;

export function tellLauncher(text: string): void {
  try {
    writeSync(2, `wengert kernel: ${text}\n`);
  } catch {
    // nobody listens
  }
}

/** Options of the kernel's own threads: Node does not open our stdout and stderr to pass on theirs. */
export const silent = { stdout: true, stderr: true } as const;
