/**
 * Functions that call themselves, ahead of time: modules whose functions have types, with the numbers of grad and jvp.
 */
import assert from "node:assert/strict";
import { jvp, valueAndGrad } from "wengert";
import { Refusal } from "#lib/ahead/index.js";
import { copy, flatten } from "../corpus/flat.ts";
import { agree } from "../transform/agree.ts";
import * as recursions from "./recursions.ts";
import { type F, load, written } from "./written.ts";

const textOf = (name: string, mode: "reverse" | "forward", wrt: readonly string[] | null) =>
  written("test/ahead/recursions.ts", name, { mode, wrt });

const coefficients = [1, -2, 0.5, 3, 0.25, -1, 2, 0.75];
const samples: [name: string, args: unknown[]][] = [
  ["polynomial", [coefficients, 0.7]],
  ["splitting", [coefficients]],
  ["accumulated", [0.7, 20]],
  ["accumulated", [0.7, 0]],
  ["descending", [0.7, 20]],
  ["descending", [0.7, 9.3]],
  ["mean", [coefficients]],
  ["walked", [1.2, 5]],
  ["walked", [0.1, 3]],
  ["signed", [1.3, 37]],
  ["area", [1.7, 2.2]],
  ["spectrum", [Float64Array.from(coefficients), coefficients.map((c) => c * c)]],
  ["nested", [[coefficients, [0.1, 0.2], [], [0.3, 0.1, 0.2]], 0.4]],
];

describe("recursion ahead of time", function () {
  this.timeout(600_000);

  for (const [name, args] of samples) {
    const f = (recursions as unknown as Record<string, F>)[name];
    // what counts is no number to differentiate by
    const wrt = args.flatMap((arg, k) => (typeof arg === "number" && k > 0 && name !== "area" ? [] : [k]));
    const given = () => copy(args) as unknown[];

    it(`${name}(${args.map((arg) => (typeof arg === "number" ? arg : "…")).join(", ")})`, async () => {
      const module = await load(textOf(name, "reverse", wrt.map(String)));
      const gradient = module[`${name}Gradient`];
      const [ours, plain] = [given(), given()];
      const expected = valueAndGrad(f, { wrt: wrt as never, engine: "tape" })(...plain) as any;
      const { value, gradient: found } = gradient(...ours);
      assert.equal(value, expected.value);
      agree(wrt.length === 1 ? [found] : found, expected.gradient, "gradient");
      assert.deepEqual(ours, plain, "the arguments afterwards");
      agree(gradient(...given()), { value, gradient: found }, "once more");

      const forwards = await load(textOf(name, "forward", wrt.map(String)));
      const tangent = forwards[`${name}Tangent`];
      const directions = wrt.map((k) => copy(args[k]));
      const all = args.map((arg, k) => (wrt.includes(k) ? copy(arg) : zero(arg)));
      const along = jvp(f, { engine: "tape" })(given() as never, all as never);
      const forward = tangent(...given(), ...directions);
      agree(flatten(forward.tangent), flatten(along.tangent), "tangent");
    });
  }
  const zero = (like: unknown): unknown => (typeof like === "number" ? 0 : like);

  it("functions have types, and stand behind the lines that call them", () => {
    const text = textOf("splitting", "reverse", null);
    assert.match(
      text,
      /^ {2}function between\(c: readonly number\[\], from: number, to: number\): number \{$/m,
    );
    assert.match(
      text,
      /^ {2}function betweenReverse\([^)]*cBar: Numbers,[^)]*betweenBar: number,\s*\): void \{$/m,
    );
    assert.ok(text.indexOf("function between(") > text.indexOf("return { value:"), text);
  });
  it("simple ones are loops, and too deep where those of f are", async () => {
    for (const mode of ["reverse", "forward"] as const)
      for (const name of ["polynomial", "accumulated"]) {
        const text = textOf(name, mode, ["0"]);
        assert.match(text, /^ {2}(?:for|while) \(/m);
        assert.doesNotMatch(text, /^ {2}function /m);
      }
    const { polynomialGradient } = await load(textOf("polynomial", "reverse", null));
    const long = new Array<number>(100_001).fill(1);
    assert.throws(() => recursions.polynomial(long, 0.5), RangeError);
    assert.throws(() => polynomialGradient(long, 0.5), new RangeError("Maximum call stack size exceeded"));
  });
  it("errors of the function are errors of the module", async () => {
    const { meanGradient } = await load(textOf("mean", "reverse", null));
    assert.throws(() => meanGradient([...coefficients, 10]), new RangeError("too large"));
  });
  it("what is refused has its place", () => {
    assert.throws(
      () => textOf("listed", "reverse", ["0"]),
      (error) =>
        error instanceof Refusal &&
        /the function all, which calls itself, returns number\[\]/.test(error.construct) &&
        error.place !== null,
    );
  });
});
