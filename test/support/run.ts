// Starts programs for tests: whole, with their output, within a time limit, and never with a terminal or stdin.

import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
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
