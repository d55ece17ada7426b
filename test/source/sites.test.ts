// A prepared function leads to its text: the tree in the plain text, the values of its free variables, the user's lines.

import assert from "node:assert/strict";
import vm from "node:vm";
import typescript from "typescript";
import { grad } from "wengert";
import { lowerAsync } from "#kernel/evaluator/lower.js";
import { prepareSource } from "#lib/prepare.js";
import { stripTypes } from "#lib/prepare-file.js";
import { type PlainFunction, plainFunctionOf, type Site } from "#lib/source/sites.js";
import { Project } from "./project.ts";

/** What the program returns, run prepared; `outside` are names that it gets from around. */
function run(code: string, outside: Readonly<Record<string, unknown>> = {}): any {
  const { code: text } = prepareSource(code, { file: "sites.js", kind: "commonjs" });
  const program = vm.compileFunction(text, Object.keys(outside), { filename: "sites.js" });
  return program(...Object.values(outside));
}
function plain(f: unknown): PlainFunction {
  const found = plainFunctionOf(f);
  assert.ok(found, `${f} has its text`);
  return found;
}
/** The text of a function, by its node. */
const textOf = ({ code, node }: Site) => code.slice(node.start, node.end);
const valuesOf = (f: PlainFunction) => Object.fromEntries(f.site.free.map((name) => [name, f.read(name)]));

describe("sites", () => {
  it("every form of function has its tree, at its place in the text", () => {
    const code = `
      function declared(x) { return x * 2; }
      const arrow = (x) => x * 3, expression = function own(n) { return n < 1 ? 1 : n * own(n - 1); };
      const o = { method(x) { return x * 4; }, ["comp" + 1](x) { return x * 5; }, ["key"]: (x) => x * 6, value: (x) => x * 7 };
      class C { static s(x) { return x * 8; } m(x) { return x * 9; } }
      const maker = (k) => (x) => x * k;
      return [declared, arrow, expression, o.method, o.comp1, o.key, o.value, C.s, C.prototype.m, maker, maker(2)];`;
    const texts = run(code).map((f: unknown) => {
      const { site } = plain(f);
      assert.equal(site.code, code);
      assert.equal(site.file, "sites.js");
      return `${site.node.type} ${textOf(site)}`;
    });
    assert.deepEqual(texts, [
      "FunctionDeclaration function declared(x) { return x * 2; }",
      "ArrowFunctionExpression (x) => x * 3",
      "FunctionExpression function own(n) { return n < 1 ? 1 : n * own(n - 1); }",
      "FunctionExpression (x) { return x * 4; }",
      "FunctionExpression (x) { return x * 5; }",
      "ArrowFunctionExpression (x) => x * 6",
      "ArrowFunctionExpression (x) => x * 7",
      "FunctionExpression (x) { return x * 8; }",
      "FunctionExpression (x) { return x * 9; }",
      "ArrowFunctionExpression (k) => (x) => x * k",
      "ArrowFunctionExpression (x) => x * k",
    ]);
  });

  it("functions without a text of their own have none", () => {
    const [plainOne, bound, a, generator] = run(
      "function f(x) { return x; } return [f, f.bind(null), async (x) => x, function* g() { yield 1; }];",
    );
    assert.ok(plainFunctionOf(plainOne));
    assert.ok(plainFunctionOf(generator), "for who reads it to refuse it by name");
    for (const other of [bound, a, Math.sin, grad(plainOne), Math.max, 3, null, undefined, {}])
      assert.equal(plainFunctionOf(other), undefined);
  });

  it("the closures of one place share their site, and have their own values", () => {
    const adders = run("const add = (k) => (x) => x + k; return [1, 2, 3].map(add);").map(plain);
    for (const { site } of adders) {
      assert.equal(site, adders[0].site);
      assert.deepEqual([site.free, site.writes, site.mutable], [["k"], [], []]);
    }
    assert.deepEqual(
      adders.map((f: PlainFunction) => f.read("k")),
      [1, 2, 3],
    );
    assert.equal(adders[0].site.node, adders[0].site.node, "parsed once");
    assert.equal(adders[0].site.scopes, adders[0].site.scopes);
  });

  it("a recording program made before or after changes nothing", () => {
    const f = run("let a = 2; return (x) => a * x * x;");
    const before = plain(f);
    assert.equal(grad(f as (x: number) => number)(3), 12);
    assert.equal(plain(f).site, before.site);
    assert.equal(plain(f).read("a"), 2);
  });

  it("values are those of now", () => {
    const [f, set] = run("let a = 1; const f = (x) => a * x; return [f, (v) => { a = v; }];");
    const { site } = plain(f);
    assert.deepEqual([site.mutable, plain(f).read("a")], [["a"], 1]);
    set(5);
    assert.equal(plain(f).read("a"), 5);
    assert.deepEqual(plain(set).site.writes, ["a"]);
  });

  it("a variable in its dead zone is an error, the others are read", () => {
    const { before, f } = run(
      `
      const early = 1;
      const f = (x) => early * late * x;
      const before = {};
      look(f, before);
      const late = 2;
      return { before, f };`.replace(
        "look(f, before)",
        "before.early = look(f, 'early'); before.late = look(f, 'late')",
      ),
      {
        look(g: unknown, name: string) {
          try {
            return plain(g).read(name);
          } catch (error) {
            return String(error);
          }
        },
      },
    );
    assert.deepEqual(before, {
      early: 1,
      late: "ReferenceError: Cannot access 'late' before initialization",
    });
    assert.deepEqual(valuesOf(plain(f)), { early: 1, late: 2 });
  });

  it("free are the names of nested functions, of defaults and patterns, and no shadowed ones", () => {
    const [f] = run(`
      const a = 1, b = 2, c = 3, d = 4, e = 5, g = 6, h = 7, key = "k", list = [1], own = 8, p = 9, q = 10;
      const f = function own(x = a, { [key]: y = b, ...rest } = {}, p) {
        const d = c; { let e = d; x += e; }
        const inner = (v) => { const h = v; return h * g + own.length + q; };
        for (const e of list) y += e;
        class K { static s = h; }
        try { x += y; } catch (q) { x = q; }
        label: for (;;) break label;
        return { a: inner(x), b: p.c };
      };
      return [f];`);
    assert.deepEqual(valuesOf(plain(f)), { a: 1, b: 2, c: 3, g: 6, h: 7, key: "k", list: [1], q: 10 });
    assert.deepEqual(plain(f).site.mutable, []);
  });

  it("what may change is told from what may not", () => {
    const code = `
      var once = 1, twice = 1; twice = 2; var never; let fixed = 1, changed = 1; const constant = 1; let later; later = 3;
      function declared() { return 1; } function over() { return 1; } over = () => 2; class Klass {}
      const fs = [];
      for (let i = 0; i < 2; i++) for (const j of [i]) {
        var looped = i;
        fs.push((x, given) => { const inside = () => { changed += x; [fixed2, o.m] = [1, 2]; counter++; };
          return [once, twice, never, fixed, constant, later, declared, over, Klass, i, j, looped, outside, inside]; });
      }
      let fixed2 = 0; const o = {};
      return fs;`;
    const [f, g] = run(code, { outside: 1 });
    const { site } = plain(f);
    assert.equal(plain(g).site, site);
    assert.deepEqual([...site.writes].sort(), ["changed", "counter", "fixed2"]);
    const constant = site.free.filter((name) => !site.mutable.includes(name)).sort();
    assert.deepEqual(constant, ["Klass", "constant", "declared", "fixed", "j", "never", "o"]);
    const mutable = "changed counter fixed2 i later looped once outside over twice".split(" ");
    assert.deepEqual([...site.mutable].sort(), mutable);
    assert.deepEqual(
      [f, g].map((h) => ["i", "j", "looped"].map((name) => plain(h).read(name))),
      [
        [1, 0, 1],
        [2, 1, 1],
      ].map(([i, j, looped]) => [i - 1, j, looped]),
    );
  });

  it("a variable that eval can reach may change", () => {
    const [f] = run("let a = 1; const set = (text) => eval(text); return [(x) => a * x, set];");
    assert.deepEqual(plain(f).site.mutable, ["a"]);
  });

  it("names that come from outside of the text are free, those of the language are read too", () => {
    const [f] = run("return [(x) => Math.sin(x) * outside + (typeof nowhere === 'undefined' ? 1 : 0)];", {
      outside: 3,
    });
    assert.deepEqual(plain(f).site.free, ["outside", "nowhere"]);
    assert.deepEqual(plain(f).site.mutable, ["outside", "nowhere"]);
    assert.equal(plain(f).read("outside"), 3);
    assert.equal(plain(f).read("Math"), Math);
    assert.throws(() => plain(f).read("nowhere"), ReferenceError);
    assert.throws(() => plain(f).read("neverUsed"), ReferenceError);
  });

  it("the scopes are those of the function alone", () => {
    const [f] = run("let a = 1; function f(x) { let y = a * x; return y > 1 ? f(y - 1) : y; } return [f];");
    const { scopes, node } = plain(f).site;
    const bound = [...new Set([...scopes.bindingOf.values()].map((binding) => binding.name))];
    assert.deepEqual(bound.sort(), ["x", "y"]);
    assert.ok(scopes.scopeOf.has(node));
    assert.deepEqual(valuesOf(plain(f)), { a: 1, f });
  });

  it("any text comes through: templates, marks, astral characters, lone surrogates, names that look like ours", () => {
    const code =
      "'use strict'\nconst $_i = 1, $_T = `a\\u{1F600}\u{1F600}${'}'}`, s = '\x011\x02\u2028\\\ud800\"', é = 2; // `*/\r\n" +
      "const f = (x) => `${x}` + $_i + $_T + s + é /* 𝒳 */;\nreturn [f, f(1)];";
    const [f, value] = run(code);
    const expected = vm.compileFunction(code)()[1];
    assert.equal(value, expected);
    const { site } = plain(f);
    assert.equal(site.code, code);
    assert.equal(textOf(site), "(x) => `${x}` + $_i + $_T + s + é");
    const { $_i, $_T, s, é } = valuesOf(plain(f)) as Record<string, string>;
    assert.equal(`1${$_i}${$_T}${s}${é}`, expected);
    assert.deepEqual(site.place(site.code.indexOf("$_i + ")), { file: "sites.js", line: 3, column: 27 });
  });

  it("places are the user's, through the types and the kernel's lowering of async functions", () => {
    const source = `interface P { a: number }
const wait = async (x: number): Promise<number> => {
  return await Promise.resolve(x);
};

function f(
  x: number,
  { a }: P = { a: 1 },
): number {
  const y: number = x * a;
  return (y as number) + scale;
}
let scale = 2;
globalThis.found = [f, wait];
`;
    const { code, map } = stripTypes(typescript, source, "cell.ts", "module");
    const prepared = prepareSource(code, { file: "cell.ts", kind: "script", map });
    const lowered = lowerAsync(prepared.code, JSON.parse(prepared.map), "cell.ts", "script");
    assert.match(lowered.code, /\$\$kernel\.task/);
    const context = globalThis as unknown as { found: unknown[] };
    vm.compileFunction(lowered.code, [], { filename: "cell.ts" })();
    const [f] = context.found;
    const { site } = plain(f);
    const at = (text: string) => site.place(site.code.indexOf(text, site.node.start));
    assert.deepEqual(at("function f"), { file: "cell.ts", line: 6, column: 1 });
    assert.deepEqual(at("x * a"), { file: "cell.ts", line: 10, column: 21 });
    assert.deepEqual(at("scale"), { file: "cell.ts", line: 11, column: 26 });
    assert.deepEqual(valuesOf(plain(f)), { scale: 2 });
  });
});

describe("sites through the loader", function () {
  this.timeout(600_000);
  let project: Project;
  before(() => {
    const report = `
const { site } = plainFunctionOf(f)!;
const at = site.place(site.code.indexOf("x *", site.node.start));
console.log(at.file.replace(/.*\\//, ""), at.line, at.column, site.node.type, site.free.join(), site.mutable.join());`;
    const sites = "./node_modules/wengert/dist/lib/source/sites.js";
    project = new Project({
      "package.json": '{ "type": "module" }',
      "counter.ts": "export let count: number = 1;\nexport function next(): void {\n  count++;\n}\n",
      "main.ts": `import { plainFunctionOf } from "${sites}";
import { count, next } from "./counter.ts";

interface Unused { a: number }
const f = (x: number): number =>
  x * count;
${report}
console.log(plainFunctionOf(f)!.read("count"));
next();
console.log(plainFunctionOf(f)!.read("count"), f(10));
`,
      "main.cts": `const { plainFunctionOf } = require("${sites}");
import { count, next } from "./counter.cts";
function f(x: number): number {
  return (x * count);
}
${report}
next();
console.log(plainFunctionOf(f).read("counter_cts_1").count, f(10));
`,
      "counter.cts": "export let count: number = 1;\nexport function next(): void {\n  count++;\n}\n",
    });
  });
  after(() => project.remove());

  it("a TypeScript module: the user's lines, imports that live", async () => {
    const { out, err } = await project.node("alone", "main.ts");
    assert.equal(out, "main.ts 6 3 ArrowFunctionExpression count count\n1\n2 20\n", err);
  });

  it("CommonJS: the user's lines, required modules", async () => {
    const { out, err } = await project.node("alone", "main.cts");
    assert.equal(out, "main.cts 4 11 FunctionDeclaration counter_cts_1 \n2 20\n", err);
  });
});
