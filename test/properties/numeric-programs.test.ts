/**
 * Random numeric programs (numeric-programs.ts) by both engines (both-engines.ts), seeded, with shrinking.
 *
 * A longer run: WENGERT_PROGRAMS=100000 WENGERT_SEED=7 npm test test/properties/numeric-programs.test.ts
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { WengertList } from "#lib/tape/list.js";
import { check, counts } from "./both-engines.ts";
import { grow, type NumericProgram } from "./numeric-programs.ts";

const { WENGERT_PROGRAMS, WENGERT_SEED } = process.env;
const seed = Number(WENGERT_SEED ?? 4711);
const programs = fc
  .array(fc.nat({ max: 0xffff }), { minLength: 0, maxLength: 700, size: "max" })
  .map((choices) => grow(choices));
const property = fc.property(programs, check);

/** The first of so many programs that fails, made smaller for so long. */
function failure(numRuns: number, milliseconds: number): string | null {
  const found = fc.check(property, { seed, numRuns, endOnFailure: true });
  if (!found.failed) return null;
  const path = found.counterexamplePath ?? undefined;
  const least = fc.check(property, { seed, path, interruptAfterTimeLimit: milliseconds });
  const { counterexample, errorInstance } = least.failed ? least : found;
  const [program] = counterexample as [NumericProgram];
  return `${(errorInstance as Error)?.message}\nat ${JSON.stringify(program.points)}, wrt ${program.wrt}:\n${program.text}`;
}

describe("random numeric programs", function () {
  this.timeout(0);

  it("agree with both engines", () => {
    const text = failure(Number(WENGERT_PROGRAMS ?? 1200), 20_000);
    if (process.env.WENGERT_COUNT) {
      const { refused, ...rest } = counts;
      console.log(rest, [...refused].sort((a, b) => b[1] - a[1]).slice(0, 40));
    }
    assert.equal(text, null);
    assert.ok(counts.served > counts.programs, `only ${counts.served} of ${2 * counts.programs} are served`);
  });

  it("an engine that is wrong is found (negative control)", () => {
    const { reserve } = WengertList.prototype;
    WengertList.prototype.reserve = function (i0, i1) {
      return reserve.call(this, i0, typeof i1 === "number" && this.length % 7 === 3 ? 0 : i1);
    };
    try {
      assert.match(
        failure(200, 2000) ?? "nothing was noticed",
        /^(value|grad|hvp|jvp|jacobian|vjp).*instead of/,
      );
    } finally {
      WengertList.prototype.reserve = reserve;
    }
  });
});
