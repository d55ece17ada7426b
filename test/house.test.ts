// The house as a whole: formatted, linted, and typed, tests included. These checks are tests so that they count
// as such, and a complaint is read where all failures are read.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

function passes(...command: string[]): void {
  const run = spawnSync(process.execPath, command, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
}

describe("the house", function () {
  this.timeout(600_000);

  it("is formatted and has nothing that the linter complains of", () => {
    passes("node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "--colors=off", ".");
  });

  it("has tests that the compiler accepts under strict rules", () => {
    passes("node_modules/typescript/bin/tsc", "-p", "test/tsconfig.json", "--pretty", "false");
  });
});
