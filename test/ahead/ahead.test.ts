/**
 * `wengert differentiate`: modules for functions of every kind, held against grad; what is refused, where; and a page
 * that may not make code at run time.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { grad, jvp, valueAndGrad, vjp } from "wengert";
import { type DifferentiateOptions, Refusal } from "#lib/ahead/index.js";
import { inTemporaryFolder, run } from "../support/run.ts";
import * as samples from "./samples.ts";
import { javascript, load, written } from "./written.ts";

const file = "test/ahead/samples.ts";
const browsers = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];

const textOf = (name: string, more: Partial<DifferentiateOptions> = {}) => written(file, name, more);
const wengert = (...args: string[]) =>
  run(process.execPath, ["dist/kernel/cli.js", "differentiate", ...args]);

const model = () => ({ weights: [1, 0.5], bias: 0.25, name: "parabola" });
const data = [
  [1, 2],
  [2, 5],
] as const;

describe("derivatives ahead of time", function () {
  this.timeout(600_000);

  const same: readonly (readonly [name: string, make: () => any[], wrt?: number[]])[] = [
    ["loss", () => [model(), data]],
    ["loss", () => [model(), data], [0]],
    ["mixed", () => [[0.1, -0.2, 0.3, 2], 0.7]],
    ["special", () => [[0.4, -0.3, 1]]],
    ["square", () => [3, "square"]],
    ["ratios", () => [{ a: 1, b: 2 }, { c: [3] }]],
    ["scaled", () => [1.5, 3, 2]],
    ["relax", () => [Float64Array.of(1, 0.5, 0.25, 2), [[1, 2, 3], [4, 5]]]], // biome-ignore format: short
  ];
  for (const [name, make, wrt] of same)
    it(`${name}${wrt ? ` by ${wrt}` : ""} has the numbers of grad, in its shape`, async () => {
      const f = (samples as unknown as Record<string, (...args: any[]) => number>)[name];
      const module = await load(textOf(name, { wrt: wrt ? wrt.map(String) : null }));
      const [args, plain] = [make(), make()];
      const one = wrt?.length === 1 ? wrt[0] : undefined;
      const expected =
        one === undefined ? valueAndGrad(f)(...plain) : valueAndGrad(f, { wrt: one })(...plain);
      assert.deepEqual(module[`${name}Gradient`](...args), expected);
      assert.deepEqual(args, plain, "the arguments afterwards");
      // a second call finds nothing of the first one
      assert.deepEqual(module[`${name}Gradient`](...make()), expected);
    });

  it("pullbacks take a cotangent in the shape of the result", async () => {
    const { polarPullback } = await load(textOf("polar"));
    const cotangent = { x: 1, y: [2, 3] };
    const { value, pullback } = vjp(samples.polar)(2, 0.5);
    assert.deepEqual(polarPullback(2, 0.5, cotangent), { value, gradient: pullback(cotangent) });
    const { stretchedPullback } = await load(textOf("stretched"));
    const { pullback: back } = vjp(samples.stretched)([1, 2], { factor: 3 });
    assert.deepEqual(stretchedPullback([1, 2], { factor: 3 }, [1, -1]).gradient, back([1, -1]));
  });

  it("tangents take a direction for each argument", async () => {
    const { mixedTangent } = await load(textOf("mixed", { mode: "forward" }));
    const args: [number[], number] = [[0.1, -0.2, 0.3, 2], 0.7];
    const direction: [number[], number] = [[1, 2, -1, 0.5], 3];
    const expected = jvp(samples.mixed)(args, direction);
    const { value, tangent } = mixedTangent(...args, ...direction);
    assert.equal(value, expected.value);
    assert.ok(Math.abs(tangent - (expected.tangent as number)) < 1e-14);
  });

  it("errors of the function are errors of the module", async () => {
    const { squareGradient } = await load(textOf("square"));
    assert.throws(() => squareGradient(101, "square"), new RangeError("too far"));
    assert.throws(() => squareGradient(-101, "square"), new Error("-101 is too far"));
    assert.throws(
      () => squareGradient(77, "square"),
      (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, /^square throws at test\/ahead\/samples\.ts:\d+:\d+$/);
        return true;
      },
    );
  });

  it("an example says the kinds that types leave open, and which optional arguments there are", async () => {
    const example = [2, [0, { a: 3 }]];
    const { untypedGradient } = await load(textOf("untyped", { example }));
    assert.deepEqual(
      untypedGradient(...example).gradient,
      grad(samples.untyped, { engine: "tape" })(2, [0, { a: 3 }]),
    );
    const { chosenGradient } = await load(textOf("chosen", { example: [2, "cube", 5], wrt: ["x", "shift"] }));
    assert.deepEqual(chosenGradient(2, "cube", 5), { value: 13, gradient: [12, 1] });
    assert.match(
      textOf("chosen", { example: [2, "cube"] }),
      /chosenGradient\(\s*x: number,\s*_way: "cube",?\s*\)/,
    );
  });

  it("reads as if written by hand", () => {
    const text = textOf("loss", { wrt: ["model"], command: "npx wengert differentiate …" });
    assert.match(
      text,
      /^\/\/ The gradient of loss in test\/ahead\/samples\.ts, written by\n\/\/ {3}npx wengert diff/,
    );
    assert.match(
      text,
      /export interface Model \{\n {2}readonly weights: number\[\];\n {2}bias: number;\n {2}name: string;\n\}/,
    );
    assert.match(text, /^const rate = 0\.1;$/m);
    assert.match(text, /data: readonly \(readonly \[number, number\]\)\[\]/);
    assert.match(text, /gradient: \{ weights: number\[\]; bias: number; name: null \}/);
    assert.match(text, /^ {6}\/\/ prediction \+= model\.weights\[k\] \* x \*\* \(k \+ 1\)$/m);
    assert.doesNotMatch(text, /import|rows\.|\bany\b/);
    assert.equal(text, textOf("loss", { wrt: ["model"], command: "npx wengert differentiate …" }));
  });

  it("the command writes a module, and prints it without --out", () =>
    inTemporaryFolder((folder) => {
      const out = join(folder, "loss.grad.ts");
      const done = wengert(file, "--function", "loss", "--wrt", "0", "--out", out);
      assert.deepEqual([done.status, done.stdout, done.stderr], [0, "", ""]);
      const text = readFileSync(out, "utf8");
      assert.match(
        text,
        /\/\/ {3}npx wengert differentiate test\/ahead\/samples\.ts --function loss --wrt 0 --out /,
      );
      assert.match(text, /export function lossGradient/);
      assert.match(
        wengert(file, "--function", "polar", "--mode", "forward").stdout,
        /export function polarTangent/,
      );
    }));

  const lines = readFileSync(file, "utf8").split("\n");
  const refusals: readonly (readonly [
    name: string,
    at: string | null,
    says: RegExp,
    more?: Partial<DifferentiateOptions>,
  ])[] = [
    ["counted", "Map(", /Map/],
    ["union", "x: number | number[]", /the type number \| number\[\] of x does not say/],
    ["named", 'name === "a"', /name, of the type string, is looked at/],
    ["counting", "calls++", /calls/],
    ["late", "Date.now()", /the global Date is not known ahead of time/],
    ["untyped", "x: any", /the type any of x/],
    ["nowhere", null, /there is no function nowhere .*; it has loss, mixed/],
    ["called", "() => calls", /no parameter to differentiate by/],
    ["loss", null, /--wrt 2 names no parameter of loss; it has model \(0\) and data \(1\)/, { wrt: ["2"] }],
    ["square", null, /way holds no number/, { wrt: ["way"] }],
    ["later", "async function later", /the function later is async/],
    ["twice", "(x: number[])", /one list is returned in two places/],
    ["weighed", "y: number", /the example of y is "q", and its type number/, { example: [[1, 2], "q"] }],
    [
      "weighed",
      "x: number[], y",
      /the example of x\[0\] is "a", and its type number/,
      { example: [["a"], 1] },
    ],
    ["weighed", "x: number[], y", /the example of x is 3, and its type number\[\]/, { example: [3, 1] }],
    ["loss", "loss(model", /the example has 1 argument/, { example: [1] }],
  ];
  for (const [name, at, says, more] of refusals)
    it(`refuses ${name} ${JSON.stringify(more ?? {})} at its place`, () => {
      assert.throws(
        () => textOf(name, more),
        (error) => {
          assert.ok(error instanceof Refusal, String(error));
          assert.match(error.message, says);
          if (at === null) return error.place === null;
          assert.equal(error.place?.file, file);
          const text = lines[error.place.line - 1].slice(error.place.column - 1);
          assert.ok(text.startsWith(at), `${text} instead of ${at}`);
          return true;
        },
      );
    });

  it("follows what is imported from everything that a file exports, and from data", () =>
    inTemporaryFolder(async (folder) => {
      const files = {
        "inner.ts": "export const cube = (x: number) => x ** 3;",
        "index.ts": 'export * from "./inner.ts";',
        "config.json": '{ "rate": 0.5, "list": [1, 4] }',
        "main.ts":
          'import * as all from "./index.ts";\nimport config from "./config.json" with { type: "json" };\n' +
          "export const f = (x: number): number => all.cube(x) * config.rate * config.list[1];",
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const { fGradient } = await load(written(join(folder, "main.ts"), "f"));
      assert.deepEqual(fGradient(3), { value: 54, gradient: 54 });
    }));

  it("the command does not write over the file that it reads", () =>
    inTemporaryFolder((folder) => {
      const source = join(folder, "f.ts");
      const text = "export const f = (x: number) => x * x;\n";
      writeFileSync(source, text);
      const { status, stderr } = wengert(source, "--function", "f", "--out", join(folder, ".", "f.ts"));
      assert.deepEqual([status, readFileSync(source, "utf8")], [2, text]);
      assert.match(stderr, /--out .* is the file that the function is in/);
    }));

  it("the command says file, line and column of a refusal, with exit code 1", () => {
    const { status, stdout, stderr } = wengert(file, "--function", "counted");
    assert.deepEqual([status, stdout], [1, ""]);
    const line = lines.findIndex((text) => text.includes("new Map")) + 1;
    assert.match(stderr, new RegExp(`^test/ahead/samples\\.ts:${line}:\\d+: [^\n]+; [^\n]+\n$`));
    assert.match(
      wengert(file, "--function", "nowhere").stderr,
      /^test\/ahead\/samples\.ts: there is no function/,
    );
  });

  it("misuse ends with exit code 2", () => {
    for (const [args, says] of [
      [[file], /needs the name of a function/],
      [["nowhere.ts", "--function", "f"], /no such file/],
      [[file, "--function", "loss", "--mode", "sideways"], /--mode takes reverse or forward/],
      [[file, "--function", "loss", "--example", "{"], /--example takes the arguments as a JSON list/],
    ] as const) {
      const { status, stderr } = wengert(...args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, says);
    }
  });

  it("runs in a page where code may not be made at run time", async function () {
    const browser = browsers.find((path) => existsSync(path));
    if (!browser) this.skip();
    const files: Record<string, [type: string, text: string]> = {
      "/": ["text/html", '<!doctype html><title>page</title><script type="module" src="/page.js"></script>'],
      "/special.js": ["text/javascript", javascript(textOf("special"))],
      "/page.js": [
        "text/javascript",
        `import { specialGradient } from "./special.js";
        let forbidden = false;
        try { new Function("return 1")(); } catch (error) { forbidden = error instanceof EvalError; }
        document.title = JSON.stringify({ forbidden, ...specialGradient([0.4, -0.3, 1]) });`,
      ],
    };
    const server = createServer((request, response) => {
      const [type, text] = files[request.url ?? ""] ?? ["text/plain", ""];
      response.writeHead(text === "" ? 404 : 200, {
        "content-type": type,
        "content-security-policy": "default-src 'none'; script-src 'self'",
      });
      response.end(text);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const chrome = await chromium.launch({ executablePath: browser as string, args: ["--no-sandbox"] });
    try {
      const page = await chrome.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => (globalThis as any).document.title.startsWith("{"), null, {
        polling: 50,
      });
      const expected = valueAndGrad(samples.special)([0.4, -0.3, 1]);
      const { forbidden, value, gradient } = JSON.parse(await page.title());
      assert.equal(forbidden, true);
      assert.ok(Math.abs(value - expected.value) < 1e-14);
      (gradient as number[]).forEach((g, k) => {
        assert.ok(Math.abs(g - expected.gradient[k]) < 1e-14);
      });
    } finally {
      await chrome.close();
      server.close();
    }
  });
});
