/**
 * Snapshots: what a display sent when somebody last looked at it, as files beside the tests.
 *
 * Run the tests with `UPDATE_SNAPSHOTS=1` to write them anew, and look at what changed.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export function matchesSnapshot(name: string, content: unknown): void {
  const file = new URL(`snapshots/${name}`, import.meta.url);
  const text = `${String(content)}\n`;
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, text);
  assert.ok(existsSync(file), `there is no snapshot ${name}; write it with UPDATE_SNAPSHOTS=1`);
  assert.equal(text, readFileSync(file, "utf8"), `${name} is not what it was`);
}
