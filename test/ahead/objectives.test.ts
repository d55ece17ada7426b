/**
 * Modules that are written ahead of time, for all objectives of the benchmark that derivative programs serve: they
 * compile under strict rules, depend on nothing, and give the numbers of the derivative by hand.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { differentiate, Refusal } from "#lib/ahead/index.js";
import { objectives } from "../bench/programs/index.ts";
import type { Objective } from "../bench/programs/objective.ts";
import { copy, flatten } from "../corpus/flat.ts";
import { compilerFaults, javascript } from "./written.ts";

const programs = "test/bench/programs";
/** Objectives that are left to the tape. */
const refused: Readonly<Record<string, RegExp>> = {
  robust: /elements of different kinds/,
};

function fileOf(name: string): string {
  const found = readdirSync(programs).find((file) =>
    new RegExp(`\\bf: ${name}\\b`).test(readFileSync(join(programs, file), "utf8")),
  );
  assert.ok(found, name);
  return join(programs, found);
}
function moduleOf({ f, wrt, make, small }: Objective, mode: "reverse" | "forward" = "reverse"): string {
  // the type of a measurement's kind is a union: an example would say which, if they were all the same
  const example = f.name === "robust" ? make(small) : null;
  const positions = (Array.isArray(wrt) ? wrt : [wrt]).map(String);
  return differentiate({
    file: fileOf(f.name),
    function: f.name,
    mode,
    wrt: positions,
    example,
    command: "…",
  });
}
function near(actual: unknown, expected: unknown, what: string): void {
  const [numbers, right] = [flatten(actual), flatten(expected)];
  assert.equal(numbers.length, right.length, what);
  const largest = Math.max(...right.map(Math.abs));
  right.forEach((y, k) => {
    assert.ok(Math.abs(numbers[k] - y) <= 1e-10 * largest, `${what} ${k}: ${numbers[k]} instead of ${y}`);
  });
}

describe("objectives ahead of time", function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "wengert-ahead-"));
  const written: string[] = [];
  after(() => rmSync(folder, { recursive: true }));

  async function load(text: string, name: string): Promise<Record<string, (...args: unknown[]) => any>> {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, text);
    written.push(file);
    assert.doesNotMatch(text.replaceAll(/\/\/.*/g, ""), /\bimport\b|\brows\.|\bany\b|\bFunction\(|\beval\b/);
    writeFileSync(join(folder, `${name}.mjs`), javascript(text));
    return import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  }

  for (const objective of objectives) {
    const { f, name, wrt } = objective;
    const make = () => objective.make(objective.small);
    if (Object.hasOwn(refused, f.name)) {
      it(`${name} is refused`, () => {
        assert.throws(
          () => moduleOf(objective),
          (error) =>
            error instanceof Refusal && refused[f.name].test(error.construct) && error.place !== null,
        );
      });
      continue;
    }
    it(`${name}: gradient`, async () => {
      const module = await load(moduleOf(objective), `${f.name}-reverse`);
      const value = f(...make());
      const expected = objective.hand(...make());
      const args = make();
      if (typeof value === "number") {
        const answer = module[`${f.name}Gradient`](...args);
        near(answer.value, value, "value");
        near(answer.gradient, expected, "gradient");
      } else {
        value.forEach((_, row) => {
          const cotangent = value.map((_, k) => (k === row ? 1 : 0));
          const answer = module[`${f.name}Pullback`](...args, cotangent);
          near(answer.value, value, "value");
          near(answer.gradient, (expected as unknown[])[row], `row ${row}`);
        });
      }
      const plain = make();
      f(...plain);
      assert.deepEqual(args, plain, "the arguments afterwards");
    });

    it(`${name}: tangent`, async () => {
      const module = await load(moduleOf(objective, "forward"), `${f.name}-forward`);
      const args = make();
      const positions = Array.isArray(wrt) ? wrt : [wrt];
      const tangents = positions.map((k: number) => copy(args[k]));
      const { value, tangent } = module[`${f.name}Tangent`](...args, ...tangents);
      near(value, f(...make()), "value");
      const gradient = objective.hand(...make());
      const rows = typeof value === "number" ? [gradient] : (gradient as unknown[]);
      const slopes = rows.map((row) => {
        const along = flatten(tangents);
        return flatten(row).reduce((sum, g, k) => sum + g * along[k], 0);
      });
      flatten(tangent).forEach((t, k) => {
        const size = flatten(rows[k]).reduce((sum, g, j) => sum + Math.abs(g * flatten(tangents)[j]), 0);
        assert.ok(Math.abs(t - slopes[k]) <= 1e-9 * size, `tangent ${k}: ${t} instead of ${slopes[k]}`);
      });
    });
  }

  it("all compile under strict rules, with no type left open and no variable unread", () => {
    assert.ok(written.length > 40, `${written.length} modules`);
    assert.deepEqual(compilerFaults(written), []);
  });
});

describe("functions of the corpus ahead of time", function () {
  this.timeout(600_000);

  // each module is checked under strict rules when it is written
  for (const name of ["branches", "loops", "numerics"])
    it(`${name}: each is written, or refused`, () => {
      const file = join("test", "corpus", `${name}.ts`);
      const names = Array.from(
        readFileSync(file, "utf8").matchAll(/^(?:export )?function (\w+)\(/gm),
        ([, found]) => found,
      );
      const outcomes = names.map((f) => {
        try {
          return differentiate({
            file,
            function: f,
            mode: "reverse",
            wrt: null,
            example: null,
            command: "…",
          });
        } catch (error) {
          assert.ok(error instanceof Refusal, `${f}: ${error}`);
          return null;
        }
      });
      assert.ok(outcomes.filter((text) => text !== null).length > names.length / 2, names.join());
    });
});
