/**
 * The objectives of the benchmark: what is written by hand is the derivative, on each engine, and leaves the arguments as
 * they were. So the benchmark compares programs that compute the same.
 */
import assert from "node:assert/strict";
import { copy, flatten } from "../../corpus/flat.ts";
import { derivativeOf } from "./derivative.ts";
import { objectives } from "./index.ts";

/** Numbers in the same places, to 1e-10 of the largest. */
function same(actual: unknown, expected: unknown): void {
  assert.deepEqual(shape(actual), shape(expected), "the shape");
  const [numbers, right] = [flatten(actual), flatten(expected)];
  const largest = Math.max(...right.map(Math.abs));
  right.forEach((y, k) => {
    assert.ok(Math.abs(numbers[k] - y) <= 1e-10 * largest, `entry ${k}: ${numbers[k]} instead of ${y}`);
  });
}

/** A value with its numbers taken out. */
function shape(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value;
  if (value instanceof Float64Array) return `${value.length} doubles`;
  if (Array.isArray(value)) return value.map(shape);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]));
}

describe("objectives of the benchmark", () => {
  for (const objective of objectives)
    describe(objective.name, () => {
      const make = () => objective.make(objective.small);

      for (const engine of ["tape", "program"] as const)
        it(`by hand and by the ${engine}`, () => {
          const args = make();
          const ours = derivativeOf(objective, make(), engine)(...args);
          assert.deepEqual(args, make(), "the arguments afterwards");
          same(objective.hand(...args), ours);
          assert.deepEqual(args, make(), "the arguments after the derivative by hand");
          // a second time: work arrays that are kept must not keep a result
          const again = copy(args);
          same(objective.hand(...again), derivativeOf(objective, again, engine)(...again));
        });

      it("has no derivative of zeros alone", () => {
        const numbers = flatten(objective.hand(...make()));
        assert.ok(numbers.every(Number.isFinite));
        assert.ok(numbers.filter((x) => x !== 0).length >= numbers.length / 2);
      });
    });

  it("are told apart by their names", () => {
    assert.equal(new Set(objectives.map(({ name }) => name)).size, objectives.length);
  });
});
