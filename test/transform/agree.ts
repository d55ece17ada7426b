/** Whether what two engines give is the same: shape and kind, and the numbers to rounding. */
import assert from "node:assert/strict";
import { flatten } from "../corpus/flat.ts";

/**
 * Compares to 1e-12 of each number, and to 1e-14 of the largest of them for what cancels; `size` says how large numbers
 * on the way were.
 */
export function agree(actual: unknown, expected: unknown, what: string, size = 1): void {
  const numbers = flatten(expected);
  const largest = Math.max(size, ...numbers.map(Math.abs).filter(Number.isFinite));
  compare(actual, expected, what, 1e-14 * largest);
}

function compare(actual: unknown, expected: unknown, path: string, slack: number): void {
  if (typeof expected === "number") {
    const good =
      typeof actual === "number" &&
      (Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-12 * Math.abs(expected) + slack);
    assert.ok(good, `${path}: ${actual} instead of ${expected}`);
    return;
  }
  if (typeof expected !== "object" || expected === null) {
    assert.equal(actual, expected, path);
    return;
  }
  assert.ok(typeof actual === "object" && actual !== null, `${path}: ${actual} instead of an object`);
  assert.equal(Object.getPrototypeOf(actual), Object.getPrototypeOf(expected), `${path}: the kind`);
  assert.deepEqual(Object.keys(actual), Object.keys(expected), `${path}: the keys`);
  for (const key of Object.keys(expected))
    compare(
      (actual as Record<string, unknown>)[key],
      (expected as Record<string, unknown>)[key],
      `${path}.${key}`,
      slack,
    );
}
