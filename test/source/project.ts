// Small projects in temporary folders, whose programs are started as a user would: node --import wengert/register.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Ways to start a program: alone, and beside tsx in either order. */
export const starts = {
  alone: ["--import", "wengert/register"],
  "after tsx": ["--import", "tsx", "--import", "wengert/register"],
  "before tsx": ["--import", "wengert/register", "--import", "tsx"],
} as const;
export type Start = keyof typeof starts;

/** A folder with files, and links to this package and to tsx in its node_modules. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "wengert-project-")));
  constructor(files: Readonly<Record<string, string>>) {
    this.write(files);
    mkdirSync(join(this.folder, "node_modules"), { recursive: true });
    symlinkSync(resolve("."), join(this.folder, "node_modules", "wengert"));
    symlinkSync(resolve("node_modules/tsx"), join(this.folder, "node_modules", "tsx"));
  }
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
  /** Runs a file of the project to its end. */
  node(start: Start, ...args: string[]): Promise<Outcome> {
    return this.plain(...starts[start], ...args);
  }
  /** The same with options of Node as they are given. */
  plain(...args: string[]): Promise<Outcome> {
    return new Promise((done) => {
      execFile(
        process.execPath,
        args,
        { cwd: this.folder, timeout: 60_000, env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" } },
        (error, out, err) => done({ code: error ? Number(error.code ?? 1) : 0, out, err }),
      );
    });
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
