// The examples in the docstrings are true: every `@example` of lib/ runs, and what stands behind `//` is what comes out.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import vm from "node:vm";
import typescript from "typescript";
import * as wengert from "wengert";
import { prepareSource } from "#lib/prepare.js";
import { stripTypes } from "#lib/prepare-file.js";

interface Example {
  readonly file: string;
  readonly line: number;
  readonly lines: readonly string[];
}

/** The `@example` blocks of a text: the lines up to an empty one, another tag or the end of the comment. */
function examplesOf(text: string, file: string): Example[] {
  const examples: Example[] = [];
  const lines = text.split("\n");
  for (let k = 0; k < lines.length; k++) {
    if (!/^\s*\* @example\s*$/.test(lines[k])) continue;
    const line = k + 1;
    const body: string[] = [];
    while (/^\s*\* [^@\s]/.test(lines[++k] ?? "")) body.push(lines[k].replace(/^\s*\* /, ""));
    examples.push({ file, line, lines: body });
  }
  return examples;
}

/** Names that examples use without saying what they are. */
const preface = `const f = (x: number, y: number) => x * y; const norm = (x: number[]) => Math.hypot(...x);\n`;

/** Runs an example; every line with a result calls `shows` with its value and that text. */
function run({ lines }: Example, shows: (value: unknown, text: string) => void): void {
  const own = lines.some((line) => line.startsWith("const f ")) ? "" : preface;
  const text = lines.map((line) => {
    const [, expression, result] = /^(?!const |let )(\S.*?);?\s+\/\/ (.*)$/.exec(line) ?? [];
    return expression === undefined ? line : `$shows(${expression}, ${JSON.stringify(result)});`;
  });
  const file = "example.ts";
  const { code } = stripTypes(typescript, own + text.join("\n"), file, "commonjs");
  const names = Object.keys(wengert);
  const program = vm.compileFunction(prepareSource(code, { file, kind: "commonjs" }).code, [
    "$shows",
    ...names,
  ]);
  program(shows, ...Object.values(wengert));
}

/** A value as the docstrings write it. */
const written = (value: unknown) =>
  inspect(value, { breakLength: Infinity })
    .replaceAll("'", '"')
    .replace(/Array\(\d+\)/, "Array")
    .replaceAll("[ ", "[")
    .replaceAll(" ]", "]");

function check(value: unknown, text: string): void {
  const numbers = /^about (.*)$/.exec(text)?.[1];
  if (numbers !== undefined) {
    const [actual, expected] = [[value], [JSON.parse(numbers)]].map((x) => x.flat(9) as number[]);
    assert.equal(actual.length, expected.length);
    expected.forEach((y, k) => {
      assert.ok(Math.abs(actual[k] - y) < 1e-5 * (1 + Math.abs(y)), `${actual} is not about ${expected}`);
    });
  } else if (!/^[a-z ]+$/.test(text)) assert.equal(written(value), text);
}

describe("the examples in the docstrings", () => {
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const examples = files.flatMap((name) =>
    examplesOf(readFileSync(join("lib", name), "utf8"), join("lib", name)),
  );

  for (const example of examples)
    it(`${example.file}:${example.line}: ${example.lines[0]}`, () => run(example, check));

  it("there is one for every call that differentiates", () => {
    const text = examples.flatMap(({ lines }) => lines).join("\n");
    const calls =
      "derivative grad valueAndGrad jvp vjp jacobian hessian hvp trace explain checkGrads compareCosts compareOver " +
      "stopGradient finiteDifference";
    for (const call of calls.split(" ")) assert.match(text, new RegExp(`\\b${call}\\b`));
  });

  it("a wrong result is noticed (negative control)", () => {
    const [wrong] = examplesOf(
      "/**\n * @example\n * grad((x: number) => x * x)(3) // 7\n *\n * more\n */",
      "x.ts",
    );
    assert.deepEqual(wrong.lines, ["grad((x: number) => x * x)(3) // 7"]);
    assert.throws(() => run(wrong, check), /6/);
    assert.throws(() => check([3.1], "about [3]"), /is not about/);
  });
});
