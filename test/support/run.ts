// Starts programs for tests: whole, with their output, within a time limit, and never with a terminal or stdin.

import assert from "node:assert/strict";
import { execFile, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds; 60 s by default. */
  readonly timeout?: number;
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): SpawnSyncReturns<string> {
  return spawnSync(program, args, {
    encoding: "utf8",
    timeout: 60_000,
    // Node's own limit is 1 MB, at which it ends the program and keeps what came before
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
}

/** How a program ended, and all that it wrote, without colours. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end while the tests go on; one that did not end by itself is a failure here. */
export function runBeside(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const limits = { timeout: 60_000, maxBuffer: Number.POSITIVE_INFINITY };
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...limits, ...options }, (error, out, err) => {
      const [stdout, stderr] = [out, err].map(stripVTControlCharacters);
      const code = error ? error.code : 0;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else {
        const how = error?.signal ? `ended by ${error.signal}` : String(code ?? error?.message);
        reject(
          new Error(`${program} ${args.join(" ")}: ${how}\n${stdout.slice(-4000)}${stderr.slice(-4000)}`),
        );
      }
    });
    child.stdin?.end();
  });
}

/** Runs a program that must succeed, and returns what it wrote to stdout. */
export function output(program: string, args: readonly string[], options: RunOptions = {}): string {
  const { status, stdout, stderr, error } = run(program, args, options);
  assert.equal(status, 0, `${program} ${args.join(" ")}\n${error?.message ?? ""}${stdout}${stderr}`);
  return stdout;
}

/** npm, as the program and first arguments that start it. */
export function npm(args: readonly string[], options: RunOptions = {}): string {
  const script = process.env.npm_execpath;
  return script?.endsWith("js")
    ? output(process.execPath, [script, ...args], options)
    : output("npm", args, options);
}

/** Runs `use` with a new temporary folder, and removes it afterwards. */
export async function inTemporaryFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wengert-test-")));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
