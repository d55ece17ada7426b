// Random programs in every mode against dual numbers of an interpreter (programs.ts); and that a wrong rule or a wrong
// entry of the list would be found.

import assert from "node:assert/strict";
import vm from "node:vm";
import fc from "fast-check";
import typescript from "typescript";
import { jacobian, jvp, vjp } from "wengert";
import { prepareSource } from "#lib/prepare.js";
import { stripTypes } from "#lib/prepare-file.js";
import { table } from "#lib/rules/index.js";
import { WengertList } from "#lib/tape/list.js";
import { interpret, type Point, type Program, points, programs, textOf } from "./programs.ts";

type F = (x: number, y: number, v: number[]) => number[];
let made = 0;

/** The program as the loader would hand it to Node: types stripped, prepared. */
function compile(program: Program): F {
  const file = `random-${++made}.ts`;
  const { code } = stripTypes(typescript, textOf(program), file, "commonjs");
  return vm.compileFunction(prepareSource(code, { file, kind: "commonjs" }).code, [], { filename: file })();
}

const pointOf = ([x, y, v]: Point): [number, number, number[]] => [x, y, [...v]];
const flat = ([x, y, v]: readonly [number, number, readonly number[]]) => [x, y, ...v];

let checked = 0;

function check(program: Program, point: Point): void {
  const expected = interpret(program, point);
  // programs that run away have no derivative to compare
  if (expected === null) return;
  checked++;
  const f = compile(program);
  const values = expected.results.map((y) => y.v);
  const rows = expected.results.map((y) => y.d);
  const close = (actual: readonly number[], right: readonly number[], what: string) => {
    assert.equal(actual.length, right.length, what);
    const size = 1e-11 * expected.largest ** 2;
    right.forEach((y, k) => {
      assert.ok(
        Math.abs(actual[k] - y) <= 1e-10 * Math.abs(y) + size,
        `${what} ${k}: ${actual[k]} instead of ${y}`,
      );
    });
  };

  const plain = pointOf(point);
  assert.deepEqual(f(...plain), values, "the plain value");
  assert.deepEqual(plain[2], expected.list, "what the plain call leaves in the list");

  const reverse = pointOf(point);
  const { value, pullback } = vjp(f)(...reverse);
  assert.deepEqual(value, values, "the value in reverse mode");
  assert.deepEqual(reverse[2], expected.list, "what reverse mode leaves in the list");
  const pulled = [pullback([1, 0]), pullback([0, 1])].map((g) => flat(g as never));
  pulled.forEach((row, k) => {
    close(row, rows[k], `row ${k} in reverse mode, input`);
  });

  const u = [0.75, -1.5];
  const direction: Point = [0.5, -0.25, [1, -2, 0.125]];
  const forward = pointOf(point);
  const { value: pushedValue, tangent } = jvp(f)(forward, direction);
  assert.deepEqual(pushedValue, values, "the value in forward mode");
  assert.deepEqual(forward[2], expected.list, "what forward mode leaves in the list");
  const v = flat(direction);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, x, k) => s + x * b[k], 0);
  close(
    tangent,
    rows.map((row) => dot(row, v)),
    "the tangent, output",
  );
  // ⟨u, Jv⟩ = ⟨Jᵀu, v⟩
  close([dot(flat(pullback(u) as never), v)], [dot(u, tangent)], "transposes");
  for (const mode of ["forward", "reverse"] as const)
    jacobian(f, { mode })(...pointOf(point)).forEach((row, k) => {
      close(row, rows[k], `row ${k} of the ${mode} Jacobian, column`);
    });
}

const runs = { numRuns: 400, seed: 20250, endOnFailure: false } as const;
const property = fc.property(programs, points, check);
const report = (counterexample: unknown) => {
  const [program, point] = counterexample as [Program, Point];
  return `at ${JSON.stringify(point)}:\n${textOf(program)}`;
};

describe("random programs", function () {
  this.timeout(600_000);

  it("agree with dual numbers, forward and reverse", () => {
    const details = fc.check(property, runs);
    if (details.failed)
      assert.fail(`${(details.errorInstance as Error)?.message}\n${report(details.counterexample)}`);
    assert.ok(checked > 250, `only ${checked} programs did not run away`);
  });

  /** What a shrunk failure comes to; the program must be small. */
  function found(): string {
    const details = fc.check(property, { ...runs, numRuns: 200 });
    assert.ok(details.failed, "nothing was noticed");
    return textOf((details.counterexample as [Program, Point])[0]);
  }

  it("a wrong rule is found, and shrunk to little more than that rule (negative control)", () => {
    const rule = table.tanh as { partials: unknown };
    const { partials } = rule;
    rule.partials = (A: any, y: any) => [A.sub(A.constant(1), y)];
    try {
      const text = found();
      assert.match(text, /Math\.tanh/);
      assert.ok(text.length < 900, text);
    } finally {
      rule.partials = partials;
    }
  });

  it("a wrong entry of the list is found (negative control)", () => {
    const { reserve } = WengertList.prototype;
    WengertList.prototype.reserve = function (i0, i1) {
      return reserve.call(this, i0, typeof i1 === "number" && this.length % 7 === 3 ? 0 : i1);
    };
    try {
      assert.ok(found().length < 1200);
    } finally {
      WengertList.prototype.reserve = reserve;
    }
  });
});
