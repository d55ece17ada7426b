/**
 * Random numeric programs (numeric-programs.ts) by both engines (both-engines.ts), seeded, with shrinking.
 *
 * A longer run: WENGERT_PROGRAMS=100000 WENGERT_SEED=7 npm test test/properties/numeric-programs.test.ts
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { check, counts } from "./both-engines.ts";
import { grow, type NumericProgram } from "./numeric-programs.ts";

const { WENGERT_PROGRAMS, WENGERT_SEED } = process.env;
const seed = Number(WENGERT_SEED ?? 4711);
const programs = fc
  .array(fc.nat({ max: 0xffff }), { minLength: 0, maxLength: 700, size: "max" })
  .map((choices) => grow(choices));
const property = fc.property(programs, check);

describe("random numeric programs", function () {
  this.timeout(0);

  it("agree with both engines", () => {
    const found = fc.check(property, { seed, numRuns: Number(WENGERT_PROGRAMS ?? 2000), endOnFailure: true });
    if (process.env.WENGERT_COUNT) {
      const { refused, ...rest } = counts;
      console.log(rest, [...refused].sort((a, b) => b[1] - a[1]).slice(0, 40));
    }
    if (found.failed) {
      // what has failed is made smaller, for so long
      const path = found.counterexamplePath ?? undefined;
      const least = fc.check(property, { seed, path, interruptAfterTimeLimit: 20_000 });
      const { counterexample, errorInstance } = least.failed ? least : found;
      const [program] = counterexample as [NumericProgram];
      assert.fail(
        `${(errorInstance as Error)?.message}\nat ${JSON.stringify(program.points)}, wrt ${program.wrt}:\n${program.text}`,
      );
    }
    assert.ok(counts.served > counts.programs, `only ${counts.served} of ${2 * counts.programs} are served`);
  });
});
