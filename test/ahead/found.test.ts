/**
 * Modules that were wrong once: numbers other than those of grad and jvp, types that do not fit.
 */
import assert from "node:assert/strict";
import { jvp, valueAndGrad, vjp } from "wengert";
import { copy } from "../corpus/flat.ts";
import { agree } from "../transform/agree.ts";
import * as found from "./found.ts";
import { type F, load, written } from "./written.ts";

const file = "test/ahead/found.ts";
const functions = found as unknown as Record<string, F>;
const bodies = () => [
  { pos: [0.3, 0.8], vel: [0.2, -0.5], m: 1.2 },
  { pos: [-0.3, 0.4], vel: [0.1, 0.5], m: 0.4 },
  { pos: [0.9, 0.1], vel: [0.7, 0.2], m: 0.8 },
];

/** Whether a number is differentiated by: counts are not. */
const cases: readonly (readonly [name: string, wrt: readonly number[], ...args: unknown[]])[] = [
  ["inPlace", [0, 1], [1, 2, 3], 1.1],
  ["moved", [0, 1], [1, 2].map((m) => ({ at: [m, 0.5], of: { m, path: [0.1, m] } })), 0.3],
  ["clipped", [0, 1], [1, -2, 3, -0.5, 0.5], 1.5],
  ["behind", [0], [1, 2], 3],
  ["behindRows", [0], [[1, 2], [3], []], 2],
  ["largest", [0], [1, 1, Number.NaN]],
  ["largest", [0], [1, 3, 3]],
  ["least", [0], [1, Number.NaN, -2]],
  ["norm", [0], [0, 0]],
  ["norm", [0], [3, 4]],
  ["rms", [0], [0, 0]],
  ["rms", [0], [1, 0]],
  ["distance", [0, 1], [0, 2], [0, 2]],
  ["distance", [0, 1], [1, 2], [0.5, 2]],
  ["lengths", [0], [[0, 0], [3, 4], []]],
  ["cube", [0, 1], 0, 2],
  ["arcs", [0, 1], 1, 0],
  ["root", [0, 1], 0, 0],
  ["root", [0, 1], 0, 2],
  ["potential", [0, 1], 3, 4],
  ["pastStates", [0], 1.3, 3],
  ["swapped", [0, 1], [0.5, 0.9], 1.2],
  ["swappedFloats", [0, 1], Float64Array.of(0.5, 0.9), 1.2],
  ["tuple", [0], [0.7, 1.3], 4],
  ["orbit", [0], { pos: [1, 0.2], vel: [0.1, 0.9], m: 2 }, 5],
  ["energy", [0], bodies()],
  ["turned", [0, 1], [1, 2, 3, 4, 5, 6, 7], [0.5, 1.5]],
  ["idle", [0, 1], 3, [1, 2, 3, 4, 5, 6, 7]],
  ["unread", [0, 1, 2], 3, [[1, 2]], [[1, 2], 3]],
  ["mixture", [0, 1], [0.5, 0.9, 1.4], [1, 2, 3]],
  ["spread", [0], { at: 3 }],
  [
    "kept",
    [0, 1, 2, 3],
    [
      [1, 2],
      [0.5, 3],
    ],
    [0.3, 0.6],
    1.2,
    { rows: 2 },
  ],
  [
    "counters",
    [0, 1, 2],
    [
      [1, 2],
      [0.5, 3],
    ],
    [
      [1, 3],
      [0.3, 0.6],
    ],
    1.2,
  ],
  ["named", [0, 1], { a: [2, 3] }, { a: [1, 2, 3] }],
];

/** Forward mode gives NaN where the value is, and where an infinite tangent meets a slope of zero. */
const reverseOnly = new Set(["behind", "behindRows", "arcs"]);

describe("modules that were wrong once", function () {
  this.timeout(600_000);

  for (const [name, wrt, ...point] of cases)
    it(`${name}(${JSON.stringify(point).slice(1, -1)})`, async () => {
      const f = functions[name];
      const given = () => copy(point) as any[];
      const one = wrt.length === 1;
      const module = await load(written(file, name, { wrt: wrt.map(String) }));
      const [args, plain] = [given(), given()];
      const expected = valueAndGrad(f, { wrt: one ? wrt[0] : wrt } as never)(...plain) as any;
      const { value, gradient } = module[`${name}Gradient`](...args);
      assert.equal(value, expected.value);
      agree(gradient, expected.gradient, "gradient");
      assert.deepEqual(args, plain, "the arguments afterwards");

      if (reverseOnly.has(name)) return;
      const forwards = await load(written(file, name, { wrt: wrt.map(String), mode: "forward" }));
      const tangent = forwards[`${name}Tangent`];
      const directions = () => wrt.map((k) => copy(point[k]));
      const along = jvp(f)(
        given() as never,
        point.map((arg, k) => (wrt.includes(k) ? copy(arg) : zero(arg))) as never,
      );
      const kept = directions();
      agree(tangent(...given(), ...kept).tangent, along.tangent, "tangent");
      assert.deepEqual(kept, directions(), "the directions afterwards");
      // an argument may be its own direction
      const both = given();
      agree(
        tangent(...both, ...wrt.map((k) => both[k])).tangent,
        along.tangent,
        "tangent along the arguments",
      );
    });
  const zero = (arg: unknown): unknown => (typeof arg === "number" ? 0 : copy(arg));

  it("parameters have their own names, and comments the user's words", async () => {
    const text = written(file, "kept");
    assert.match(text, /rows: number\[\]\[\],\n {2}tape: number\[\],\n {2}objects: number,\n {2}output: /);
    assert.match(text, /its gradient by rows, tape, objects and output\./);
    assert.match(text, /\/\/ sums = rows\.map\(/);
    const { keptTooPullback } = await load(written(file, "keptToo"));
    const args = () => [[0.5, 0.7], 1.2, 3] as [number[], number, number];
    const { value, pullback } = vjp(found.keptToo)(...args());
    const { gradient, ...rest } = keptTooPullback(...args(), [1, 2]);
    assert.deepEqual(rest, { value });
    agree(gradient, pullback([1, 2]), "pullback");
  });
  it("lines are tidy", () => {
    const text = written(file, "swapped") + written("test/ahead/recursions.ts", "spectrum");
    assert.doesNotMatch(text, /Math\.max\(0, \d+\)|\+ 1 - 1;/);
    // set to zero, and added to at once
    const lines = text.split("\n").map((line) => line.trim());
    lines.forEach((line, k) => {
      const slot = /^(.*) = 0;$/.exec(line)?.[1];
      if (slot && !slot.startsWith("let ")) assert.ok(!lines[k + 1].startsWith(`${slot} +=`), lines[k + 1]);
    });
  });
  it("nothing comes along that is not called", () => {
    const names = Array.from(
      written(file, "swapped").matchAll(/^(?:const|let|function) (\w+)/gm),
      ([, name]) => name,
    );
    assert.ok(names.includes("zeros") && !names.includes("k") && !names.includes("kOf"), names.join());
  });
  it("gradients of tuples are tuples", () => {
    const text = written(file, "energy");
    assert.match(text, /gradient: \{ pos: \[number, number\]; vel: \[number, number\]; m: number \}\[\]/);
    // a state of tuples is numbers
    assert.doesNotMatch(written(file, "orbit"), /objects|=> /);
  });
  it("errors say what they say", async () => {
    const { checkedGradient } = await load(written(file, "checked"));
    for (const args of [
      [-1, [1, 2]],
      [1, [2, 3, 11]],
    ] as [number, number[]][]) {
      const expected = thrown(() => found.checked(...args));
      assert.ok(expected instanceof Error);
      assert.throws(() => checkedGradient(...args), expected);
    }
  });
  it("an error of a record that is not there", async () => {
    const { pastStatesGradient } = await load(written(file, "pastStates"));
    assert.equal(pastStatesGradient(2, 3).value, found.pastStates(2, 3));
    const expected = thrown(() => found.pastStates(2, 4));
    assert.ok(expected instanceof TypeError);
    assert.throws(() => pastStatesGradient(2, 4), expected);
  });
  const thrown = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  it("asks about infinite slopes only where they may be", () => {
    assert.doesNotMatch(written(file, "energy"), /=== 0/);
    assert.doesNotMatch(written(file, "potential"), /=== 0/);
    assert.match(written(file, "norm"), /\/\*\* .* \*\/\n.*=== 0 \? 0 : 0\.5 \/ /s);
    // and says where that is not enough
    assert.match(written(file, "cube"), /meets another one of zero, it may be NaN\.\n \*\//);
  });
});
