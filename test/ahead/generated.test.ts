/**
 * Random programs of the language that derivative programs take (properties/numeric-programs.ts), ahead of time: their
 * modules compile under strict rules, and give the numbers of grad, vjp and jvp.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { jvp, valueAndGrad, vjp } from "wengert";
import { Refusal } from "#lib/ahead/index.js";
import { copy, flatten } from "../corpus/flat.ts";
import { grow, type NumericProgram } from "../properties/numeric-programs.ts";
import { inTemporaryFolder } from "../support/run.ts";
import { type F, load, written } from "./written.ts";

/** A longer run: WENGERT_PROGRAMS=1000 WENGERT_SEED=7. */
const { WENGERT_PROGRAMS, WENGERT_SEED } = process.env;
const programs = fc
  .array(fc.nat({ max: 0xffff }), { minLength: 0, maxLength: 500, size: "max" })
  .map((choices) => grow(choices))
  // an argument that is taken apart where it is declared has no more members than that says
  .filter(({ text }) => !/function f\(.*[{[].*\) \{/.test(text));

function near(actual: unknown, expected: unknown, what: string): void {
  const [numbers, right] = [flatten(actual), flatten(expected)];
  assert.equal(numbers.length, right.length, what);
  const largest = Math.max(1, ...right.map(Math.abs).filter(Number.isFinite));
  right.forEach((y, k) => {
    const isRight = Object.is(numbers[k], y) || Math.abs(numbers[k] - y) <= 1e-8 * largest;
    assert.ok(isRight, `${what} ${k}: ${numbers[k]} instead of ${y}`);
  });
}

const counts = { served: 0, refused: 0, undefined: 0 };

async function check(f: F, file: string, point: readonly unknown[], mode: "reverse" | "forward") {
  const given = () => copy(point) as any[];
  let module: Record<string, F>;
  try {
    module = await load(written(file, "f", { mode, example: given() }));
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    counts.refused++;
    return;
  }
  const [args, plain] = [given(), given()];
  let run: () => [value: unknown, derivative: unknown];
  let expected: [value: unknown, derivative: unknown];
  try {
    if (mode === "forward") {
      const { value, tangent } = jvp(f)(plain as never, given() as never);
      expected = [value, tangent];
      run = () => {
        const found = module.fTangent(...args, ...given());
        return [found.value, found.tangent];
      };
    } else if (module.fGradient) {
      const wrt = point.length === 1 ? 0 : point.map((_, k) => k);
      const { value, gradient } = valueAndGrad(f, { wrt } as never)(...plain) as any;
      expected = [value, gradient];
      run = () => {
        const found = module.fGradient(...args);
        return [found.value, found.gradient];
      };
    } else {
      const { value, pullback } = vjp(f)(...plain);
      const cotangent = copy(value);
      expected = [value, pullback(copy(value) as never)];
      run = () => {
        const found = module.fPullback(...args, cotangent);
        return [found.value, found.gradient];
      };
    }
  } catch {
    // f itself throws
    counts.undefined++;
    return;
  }
  // where it gives NaN, the tape says which numbers are to blame; and lists may have become longer
  if (flatten(expected[0]).some(Number.isNaN) || flatten(plain).length !== flatten(point).length) {
    counts.undefined++;
    return;
  }
  const [value, derivative] = run();
  near(value, expected[0], "value");
  near(derivative, expected[1], "derivative");
  near(args, plain, "the arguments afterwards");
  counts.served++;
}

describe("random programs ahead of time", function () {
  this.timeout(0);

  it("compile, and have the numbers of the engines", async () => {
    const numRuns = Number(WENGERT_PROGRAMS ?? 40);
    const all = fc.sample(programs, { numRuns, seed: Number(WENGERT_SEED ?? 4711) }) as NumericProgram[];
    await inTemporaryFolder(async (folder) => {
      for (const [k, { text, points }] of all.entries()) {
        const file = join(folder, `program${k}.js`);
        writeFileSync(file, text.replace(/return f;\s*$/, "export { f };\n"));
        const { f } = await import(pathToFileURL(file).href);
        for (const mode of ["reverse", "forward"] as const)
          try {
            await check(f, file, points[0], mode);
          } catch (error) {
            throw new Error(
              `${mode}: ${(error as Error).message}\nat ${JSON.stringify(points[0])}:\n${text}`,
            );
          }
      }
    });
    assert.ok(counts.served > numRuns, JSON.stringify(counts));
  });
});
