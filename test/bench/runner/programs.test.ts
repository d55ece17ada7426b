/** The benchmark of gradients runs, and what it writes has every way that was asked for: a glance, not a measurement. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inTemporaryFolder, run } from "../../support/run.ts";

const bench = (...options: string[]) =>
  run(
    process.execPath,
    ["--expose-gc", "--import", "wengert/register", join("test", "bench", "programs.ts"), ...options],
    { timeout: 120_000 },
  );

describe("the benchmark of gradients", function () {
  this.timeout(600_000);

  it("measures an objective in every way, in table and plot", () =>
    inTemporaryFolder((folder) => {
      const { status, stdout, stderr } = bench("--only", "spline", "--milliseconds", "10", "--out", folder);
      assert.equal(status, 0, stderr);
      const cells = stdout
        .split("\n")
        .find((line) => line.startsWith("spline "))!
        .split(/ {2,}/);
      const [name, inputs, f, program, tape, hand, differences] = cells;
      assert.deepEqual([name, inputs], ["spline", "500"]);
      for (const text of [f, program, tape, hand, differences])
        assert.ok(Number(text) > 0, cells.join(" | "));
      assert.match(stdout, /gradient \/ f +geometric mean/);
      const spec = JSON.parse(readFileSync(join(folder, "programs.json"), "utf8"));
      const ways = spec.data.values.map(({ way }: { way: string }) => way);
      for (const way of ["program", "tape", "by hand", "differences"]) assert.ok(ways.includes(way), way);
      assert.ok(existsSync(join(folder, "programs.png")));
    }));

  it("names the objectives when it does not know one", () => {
    const { status, stderr } = bench("--only", "recursion,nothing");
    assert.notEqual(status, 0);
    assert.match(stderr, /no objective nothing; there are product, Rosenbrock/);
  });
});
