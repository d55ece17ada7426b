// `node --import wengert/register`: every kind of file, in every kind of package, alone and beside tsx; what is left
// alone (packages, other formats); errors as Node gives them.

import assert from "node:assert/strict";
import { type Outcome, Project, type Start, starts } from "./project.ts";

const right = "[2.5838531634528574,2]";
const typed = `const f = (x1: number, x2: number): number => x1 * x2 + Math.sin(x1);
console.log(NAME, JSON.stringify(grad(f)(2, 3)));
`;
const untyped = typed.replaceAll(": number", "");
const programs: Readonly<Record<string, string>> = {
  ts: `import { grad } from "wengert";\n${typed}`,
  mts: `import { grad } from "wengert";\n${typed}`,
  cts: `import { grad } from "wengert";\n${typed}`,
  tsx: `import { grad } from "wengert";\nconst React = { createElement: String };\nvoid (<p>x</p>);\n${typed}`,
  js: `import { grad } from "wengert";\n${untyped}`,
  mjs: `import { grad } from "wengert";\n${untyped}`,
  cjs: `const { grad } = require("wengert");\n${untyped}`,
};
/** Node takes .js in a CommonJS package for CommonJS; of tsx before Node 22, .cts cannot require an ES module. */
const impossible = (type: string, ending: string, start: Start) =>
  (type === "commonjs" && ending === "js" && start === "alone") ||
  (ending === "cts" && start === "before tsx");

const types = ["none", "module", "commonjs"];

describe("the loader", function () {
  this.timeout(600_000);
  let project: Project;
  before(() => {
    const files: Record<string, string> = {};
    for (const type of types) {
      if (type !== "none") files[`${type}/package.json`] = JSON.stringify({ type });
      for (const [ending, program] of Object.entries(programs))
        files[`${type}/a.${ending}`] = program.replaceAll("NAME", `"${type}/a.${ending}"`);
      for (const start of Object.keys(starts) as Start[])
        files[`${type}/all ${start}.mjs`] = Object.keys(programs)
          .filter((ending) => !impossible(type, ending, start))
          .map((ending) => `await import("./a.${ending}").catch((e) => console.log(e));\n`)
          .join("");
    }
    project = new Project(files);
  });
  after(() => project.remove());

  for (const start of Object.keys(starts) as Start[])
    it(`serves every ending in every kind of package, ${start}`, async () => {
      const outcomes = await Promise.all(
        types.map((type) => project.node(start, `${type}/all ${start}.mjs`)),
      );
      types.forEach((type, k) => {
        const expected = Object.keys(programs)
          .filter((ending) => !impossible(type, ending, start))
          .map((ending) => `${type}/a.${ending} ${right}`);
        assert.deepEqual(outcomes[k].out.trim().split("\n"), expected, outcomes[k].err);
      });
    });

  it("serves the program that is started", async () => {
    const names = ["none/a.ts", "none/a.cts", "commonjs/a.ts", "commonjs/a.cjs", "module/a.tsx", "none/a.js"];
    const outcomes = await Promise.all(names.map((name) => project.node("alone", name)));
    names.forEach((name, k) => {
      assert.equal(outcomes[k].out, `${name} ${right}\n`, outcomes[k].err);
    });
  });

  for (const type of ["module", "commonjs"])
    it(`finds what TypeScript's names mean, in a package of type ${type}`, async () => {
      const file = (name: string) => `names-${type}/${name}`;
      // CommonJS gets at a module of ending .mts by import() alone
      const d = type === "module" ? 'import { d } from "./d.mjs";' : "const d = (x: number) => 1000 * x;";
      project.write({
        [file("package.json")]: JSON.stringify({ type }),
        [file("main.ts")]: `import { grad } from "wengert";
          import { a } from "./a";
          import { b } from "./b.js";
          import { c } from "./c/index.js";
          ${d}
          import { e } from "./e";
          import type { Nothing } from "./nowhere";
          import { type Length, f } from "./f.ts";
          const g = (x: Length): Nothing | number => a(x) + b(x) + c(x) + d(x) + e(x) + f(x);
          console.log(grad(g as (x: number) => number)(1));`,
        [file("a.ts")]: "export const a = (x: number) => x;",
        [file("b.ts")]: "export const b = (x: number) => 10 * x;",
        [file("c/index.ts")]: "export const c = (x: number) => 100 * x;",
        [file("d.mts")]: "export const d = (x: number) => 1000 * x;",
        [file("e/index.ts")]: "export const e = (x: number) => 10000 * x;",
        [file("f.ts")]: "export type Length = number; export const f = (x: Length) => 100000 * x;",
      });
      const { out, err } = await project.node("alone", file("main.ts"));
      assert.equal(out, "111111\n", err);
    });

  it("prepares what require loads, TypeScript too", async () => {
    project.write({
      "require/main.cjs": `const { grad } = require("wengert");
        const { square } = require("./square.cts");
        const { cube } = require("./cube.cjs");
        const { fourth } = require("./plain.js");
        console.log(grad((x) => square(x) + cube(x) + fourth(x))(2));`,
      "require/square.cts": "export const square = (x: number): number => x * x;",
      "require/cube.cjs": "exports.cube = function (x) { return x * x * x; };",
      "require/plain.js": "module.exports = { fourth(x) { return x ** 4; } };",
      "require/module.mts": `import { createRequire } from "node:module";
        import { grad } from "wengert";
        import both from "./cube.cjs";
        const { square } = createRequire(import.meta.url)("./square.cts");
        console.log(grad((x: number) => square(x) + both.cube(x))(2));`,
      "require/es.cts": `require("./module.mts");`,
    });
    const [common, made, es] = await Promise.all(
      ["main.cjs", "module.mts", "es.cts"].map((name) => project.node("alone", `require/${name}`)),
    );
    assert.equal(common.out, "48\n", common.err);
    assert.equal(made.out, "16\n", made.err);
    assert.match(
      es.err,
      /require\(\) of the ES module .*module\.mts is not supported; use import, or name it \.cts/,
    );
  });

  it("leaves packages as they are, and says so when a traced value gets there", async () => {
    project.write({
      "node_modules/lib/package.json": '{ "name": "lib", "type": "module", "exports": "./index.js" }',
      "node_modules/lib/index.js": `export function cube(x) { return x * x * x; }\nexport const text = String(cube);`,
      "package.ts": `import { grad } from "wengert";
import { cube, text } from "lib";
console.log(text);
console.log(cube(2), grad((x: number) => x * cube(3))(1));
try {
  grad((x: number) => 2 * cube(x))(2);
} catch (error) {
  console.log((error as Error).message);
}
try {
  grad(cube)(2);
} catch (error) {
  console.log((error as Error).message);
}
`,
    });
    const { out, err } = await project.node("alone", "package.ts");
    const [text, numbers, inside, itself] = out.split("\n");
    assert.equal(text, "function cube(x) { return x * x * x; }", err);
    assert.equal(numbers, "8 27");
    assert.match(inside, /cube is not prepared for differentiation.*; .*file that a cell imports.*\(6:27\)$/);
    assert.match(
      itself,
      /^the function cube is not prepared for differentiation; .*node --import wengert\/register/,
    );
  });

  it("reports what cannot be read as Node does", async () => {
    project.write({
      "wrong.mjs": "const a = 1;\nconst b = = 2;\n",
      "wrong.cjs": "const a = 1;\nconst b = = 2;\n",
      "missing.ts": `import { x } from "./nowhere.js";\nconsole.log(x);\n`,
      "data.mjs": `import data from "./data.json" with { type: "json" };\nconsole.log(data.x);\n`,
      "data.json": `{ "x": 1 }`,
    });
    const same = async (name: string): Promise<[Outcome, Outcome]> =>
      Promise.all([project.node("alone", name), project.plain(name)]);
    const [[mine, nodes], [mineC, nodesC], missing, data] = await Promise.all([
      same("wrong.mjs"),
      same("wrong.cjs"),
      project.node("alone", "missing.ts"),
      project.node("alone", "data.mjs"),
    ]);
    const head = ({ err }: Outcome) => err.split("\n").slice(0, 5);
    assert.match(nodes.err, /SyntaxError: Unexpected token '='/);
    assert.deepEqual(head(mine), head(nodes));
    assert.deepEqual(head(mineC), head(nodesC));
    assert.match(missing.err, /Cannot find module '.*nowhere\.js' imported from .*missing\.ts/);
    assert.equal(data.out, "1\n");
  });
});

describe("positions in files", function () {
  this.timeout(600_000);
  let project: Project;
  const text = `// line 1
import { grad } from "wengert";

interface Point { x: number; y: number }
type Names = "a" | "b"; // lines that leave nothing behind

const text = \`first
\${1 + 1} third\`;

class Shape {
  constructor(private readonly side: number) {}
  area(): number {
    if (this.side < 0) throw new Error("negative");
    return this.side ** 2;
  }
}
const area = (p: Point): number => new Shape(p.x).area() + text.length;

function site(error: unknown): string {
  const { stack } = error as Error;
  return /(\\w+\\.[cm]?[tj]sx?:\\d+:\\d+)/.exec(String(stack))?.[1] ?? String(stack);
}
try { area({ x: -1, y: 0 }); } catch (error) { console.log(site(error)); }
try { grad(area)({ x: -1, y: 0 }); } catch (error) { console.log(site(error)); }
try {
  grad((x: number) => {
    const key = \`a
b\`;
    return [key].length + new Float64Array(new Int8Array([1]).map(() => x))[0] + parseInt(\`\${x}\`, 10);
  })(1);
} catch (error) { console.log(/\\((\\d+:\\d+)\\)$/.exec((error as Error).message)?.[1] ?? error); }
`;
  before(() => {
    project = new Project({
      "package.json": '{ "type": "module" }',
      "m.ts": text,
      "c.cts": text,
      "d.mts": text,
    });
  });
  after(() => project.remove());

  for (const [name, start] of [
    ["m.ts", "alone"],
    ["d.mts", "after tsx"],
    ["m.ts", "before tsx"],
    ["c.cts", "alone"],
    ["c.cts", "after tsx"],
  ] as const)
    it(`are the user's own: ${name}, ${start}`, async () => {
      const { out, err } = await project.node(start, name);
      const [plain, recorded, message] = out.split("\n");
      assert.equal(plain, `${name}:13:30`, err);
      assert.equal(recorded, `${name}:13:30`);
      assert.match(message, /^29:/);
    });
});
