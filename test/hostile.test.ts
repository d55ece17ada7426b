/** The hostile inputs: each gives the right numbers or an error that says what is wrong, and never anything else. */
import assert from "node:assert/strict";
import { grad, trace } from "wengert";
import { flatten } from "./corpus/flat.ts";
import { type Hostile, hostile } from "./corpus/hostile.ts";
import { objects } from "./corpus/hostile-objects.ts";

function checkError(error: unknown, { error: pattern, code, right }: Hostile) {
  assert.ok(error instanceof Error, `thrown: ${String(error)}`);
  assert.ok(pattern, `expected ${right}, got ${error.stack}`);
  assert.match(error.message, pattern);
  assert.doesNotMatch(error.message, /^internal/);
  if (code && error.name === "WengertError")
    assert.match(error.message, /; .*\(\d+:\d+\)/s, "a way out and line:column");
}

const product = (x: number, y: number) => x * y;

/** Whatever went before: another derivative and a trace are as ever. */
function checkUsable() {
  assert.deepEqual(grad(product)(2, 3), [3, 2]);
  trace(product)(2, 3);
}

async function check(entry: Hostile) {
  let result: unknown;
  try {
    result = await entry.run();
  } catch (error) {
    checkError(error, entry);
    return checkUsable();
  }
  checkUsable();
  const numbers = flatten(result);
  const { right } = entry;
  assert.ok(right, `expected an error, got ${numbers}`);
  const good = (y: number, k: number) =>
    Object.is(y, numbers[k]) || Math.abs(numbers[k] - y) <= 1e-12 * Math.abs(y);
  assert.ok(numbers.length === right.length && right.every(good), `got ${numbers}, right is ${right}`);
}

describe("hostile inputs", () => {
  for (const [group, entries] of Object.entries({ ...hostile, ...objects }))
    describe(group, () => {
      for (const entry of entries) it(entry.name, () => check(entry));
    });

  it("a wrong number and a wrong error are noticed", async () => {
    await assert.rejects(check({ name: "", run: () => 2, right: [3] }), /right is 3/);
    await assert.rejects(check({ name: "", run: () => 2, error: /x/ }), /expected an error/);
    await assert.rejects(check({ name: "", run: () => assert.fail("y"), error: /x/ }));
  });
});
