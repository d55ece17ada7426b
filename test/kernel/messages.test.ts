/**
 * What messages say: types by the names that their reader gave them, files by line and column, and the frames of the
 * user's own code alone.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cells } from "#kernel/compiler/cells.js";
import { complete } from "#kernel/compiler/complete.js";
import { inspect } from "#kernel/compiler/inspect.js";
import { readJson } from "#kernel/modules/json.js";
import { Client, resultOf } from "./client.ts";

describe("types in messages", () => {
  const folder = mkdtempSync(join(tmpdir(), "wengert-messages-"));
  const cells = new Cells(folder);
  let count = 0;
  const problems = (code: string): string => {
    const label = `In[${++count}]`;
    return cells
      .convert(code, count, label)
      .problems.map(({ message }) => message)
      .join("\n");
  };
  before(() => {
    for (const code of [
      "class Pt { constructor(readonly x: number) {} } enum Hue { Red } interface Box<T> { v: T }\n" +
        "namespace Sp { export interface In { a: Pt } export class Deep { v = 1 } }",
      "/** The point. */ const q = new Pt(1), hue = Hue.Red as Hue, bx: Box<Pt> = { v: q }, sp: Sp.In = { a: q }, dp = new Sp.Deep();" +
        "function mk(p: Pt, h: Hue): Box<Pt> { return { v: p } }",
      "const both = { q, hue, bx, mk, f: (p: Pt): Sp.Deep => dp }; const cost$$1 = { k: 1 };",
    ])
      assert.equal(problems(code), "");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const inspected: Record<string, string> = {
    q: "const q: Pt\n\nThe point.",
    hue: "const hue: Hue",
    bx: "const bx: Box<Pt>",
    sp: "const sp: Sp.In",
    dp: "const dp: Sp.Deep",
    mk: "function mk(p: Pt, h: Hue): Box<Pt>",
    "both.f(": "(property) f: (p: Pt) => Sp.Deep",
    "const z = [bx]; z": "const z: Box<Pt>[]",
    cost$$1: "const cost$$1: {\n    k: number;\n}",
  };
  for (const [code, type] of Object.entries(inspected))
    it(`inspect ${code}`, async () => {
      const data = await inspect(cells, code, code.length, 0);
      assert.equal(data?.["text/plain"], type);
      const [shown, ...documentation] = type.split("\n\n");
      assert.equal(
        data["text/markdown"],
        [`\`\`\`typescript\n${shown}\n\`\`\``, ...documentation].join("\n\n"),
      );
      assert.doesNotMatch(data["text/html"], /\$\$\d+\.|__wengert/);
    });

  it("complete with signatures in these names, and say what a name of an earlier cell stands for", () => {
    const found = (code: string) =>
      complete(cells, code, code.length).entries.map(({ text, type, signature }) => [text, type, signature]);
    assert.deepEqual(found("both."), [
      ["bx", "property", ""],
      ["f", "property", "(p: Pt) => Sp.Deep"],
      ["hue", "property", ""],
      ["mk", "property", "(p: Pt, h: Hue) => Box<Pt>"],
      ["q", "property", ""],
    ]);
    assert.deepEqual(found("const list = [both]; list[0].m"), [
      ["mk", "property", "(p: Pt, h: Hue) => Box<Pt>"],
    ]);
    assert.deepEqual(found("const o = { inner: { f: both.f } }; o.in"), [["inner", "property", ""]]);
    assert.deepEqual(found("mk"), [["mk", "function", "(p: Pt, h: Hue): Box<Pt>"]]);
    assert.deepEqual(found("new Pt"), [["Pt", "class", "(x: number): Pt"]]);
  });

  it("complete members of enums without a signature", () => {
    const { entries } = complete(cells, "Hue.", 4);
    assert.deepEqual(entries, [{ text: "Red", type: "property", signature: "" }]);
  });

  it("are told apart by their cells where two have one name, and by nothing else", () => {
    assert.match(problems("const t: string = bx"), /^Type 'Box<Pt>' is not assignable to type 'string'\.$/);
    assert.equal(
      problems("class Pt { z = 1 }\nconst other: Pt = q"),
      "Property 'z' is missing in type 'In[1].Pt' but required in type 'Pt'.",
    );
    assert.equal(problems("class Pt { z = 1 }\nconst newer = new Pt()"), "");
    assert.equal(
      problems("let p = newer; p = q"),
      `Property 'z' is missing in type 'In[1].Pt' but required in type 'In[${count - 1}].Pt'.`,
    );
  });
});

describe("the place of what is wrong in JSON", () => {
  const folder = mkdtempSync(join(tmpdir(), "wengert-json-"));
  const path = join(folder, "a.json");
  after(() => rmSync(folder, { recursive: true, force: true }));
  const early = "the file ends too early";
  const wrong: [text: string, place: string, what: string][] = [
    ["", "1:1", early],
    ['{\n  "a": 1,\n  "b" 2\n}', "3:7", 'unexpected "2"'],
    ['{ "a": abc }', "1:8", 'unexpected "abc"'],
    ['{"a": [1, 2', "1:12", early],
    ['{"a": 1,}', "1:9", 'unexpected "}"'],
    ["[1,,2]", "1:4", 'unexpected ","'],
    ["[1]]", "1:4", 'unexpected "]"'],
    ["{'a': 1}", "1:2", `unexpected "'"`],
    ['{"a": 1} x', "1:10", 'unexpected "x"'],
    ['"open', "1:6", early],
    ['["a\nb"]', "1:4", 'unexpected "\\n"'],
    ['["\\x"]', "1:3", 'unexpected "\\\\"'],
    ["[01]", "1:2", 'unexpected "01"'],
    ["[1.5e]", "1:2", 'unexpected "1.5e"'],
    ["// no\n1", "1:1", 'unexpected "/"'],
    ["{1: 2}", "1:2", 'unexpected "1"'],
    ['{"é": [true, {}, [], "\u0080"],\n\t"k": NaN}', "2:7", 'unexpected "NaN"'],
    ["[".repeat(100_000), "1:100001", early],
  ];
  for (const [text, place, what] of wrong)
    it(JSON.stringify(text.slice(0, 30)), () => {
      writeFileSync(path, text);
      assert.throws(() => JSON.parse(text), SyntaxError);
      assert.throws(() => readJson(path), {
        name: "SyntaxError",
        message: `a.json:${place} - this is no JSON: ${what}`,
      });
    });

  it("is asked for only where something is wrong; a byte order mark is no fault", () => {
    writeFileSync(path, '\uFEFF{ "a": [1, "x\\u00e9", -2.5e3, true, false, null, {}, []] }\n');
    assert.deepEqual(readJson(path), { a: [1, "xé", -2500, true, false, null, {}, []] });
  });
});

describe("tracebacks of imports", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    const put = (name: string, text: string) => writeFileSync(join(client.folder, name), text);
    put("bad.json", '{\n  "a": 1,\n  "b" 2\n}');
    put("uses-bad.ts", "import bad from './bad.json';\nexport const b = bad.a;");
    put("throws.ts", "throw new Error('at the top');");
    put("fails.ts", "const f = (): number => {\n  throw new Error('in f');\n};\nexport const it = f();");
    put(
      "static.ts",
      "export class C {\n  static x = [1].map(() => {\n    throw new Error('in map');\n  });\n}",
    );
    put("late.ts", "export const late = async () => {\n  await null;\n  return import('./throws.ts');\n};");
    put("old.cjs", "\nthrow new Error('in CommonJS');");
    await client.run("declare const nope: any");
  });
  after(() => client.stop());

  /** The message and the frames, without colours and folders. */
  const failure = async (code: string): Promise<{ message: string; frames: string[] }> => {
    const { content } = (await client.run(code)).reply;
    assert.equal(content.status, "error", code);
    const lines = content.traceback
      .join("\n")
      .replaceAll("\u001b", "")
      .replace(/\[\d+m/g, "")
      .split("\n") as string[];
    const frames = lines.filter((line) => line.startsWith("    at "));
    return {
      message: `${content.ename}: ${content.evalue}`,
      frames: frames.map((line) =>
        line
          .slice(7)
          .replaceAll(`${client.folder}/`, "")
          .replace(/In\[\d+\]/, "In"),
      ),
    };
  };

  const places: [code: string, frames: string[]][] = [
    ["const x1 = 1\nimport './throws'", ["throws.ts:1:7", "In:2:1"]],
    ["0;\n  import * as all from './throws'; all", ["throws.ts:1:7", "In:2:3"]],
    ["import { it as it1 } from './fails'; it1", ["f (fails.ts:2:9)", "fails.ts:4:19", "In:1:1"]],
    ["import { it as it2 } from './fails'; it2", ["f (fails.ts:2:9)", "fails.ts:4:19", "In:1:1"]],
    ["export { it as it3 } from './fails'", ["f (fails.ts:2:9)", "fails.ts:4:19", "In:1:1"]],
    ["export * from './throws'", ["throws.ts:1:7", "In:1:1"]],
    ["import old from './old.cjs'; old", ["old.cjs:2:7", "In:1:1"]],
    ["const y1 = 1; await import('./throws')", ["throws.ts:1:7", "In:1:21"]],
    [
      "function load() {\n  return import('./throws')\n}\nawait load()",
      ["throws.ts:1:7", "load (In:2:10)", "In:4:7"],
    ],
    ["import { late } from './late'; await late()", ["throws.ts:1:7"]],
    ["await import('not-there-' + 1)", ["In:1:7"]],
    ["nope", ["In:1:1"]],
    ["new nope", ["In:1:1"]],
    [
      "new (require('node:async_hooks').AsyncLocalStorage)().run(1, () => { throw new Error('in it') })",
      ["In:1:76", "In:1:55"],
    ],
    ["await nope", ["In:1:1"]],
    ["'a';\n() => 1;\n  `${nope}`", ["In:3:3"]],
    ["async function fail() {\n  throw new Error('no')\n}\nawait fail()", ["fail (In:2:9)", "In:4:7"]],
  ];
  for (const [code, frames] of places)
    it(JSON.stringify(code), async () => assert.deepEqual((await failure(code)).frames, frames));

  it("a class's static members", async () => {
    const { frames } = await failure("import { C } from './static'; C");
    assert.deepEqual([frames[0], frames.at(-1)], ["static.ts:3:11", "In:1:1"]);
    for (const frame of frames.slice(1, -1)) assert.match(frame, /static\.ts:[12]:\d+/);
  });

  for (const code of [
    "import data from './bad.json'; data",
    "import typed from './bad.json' with { type: 'json' }; typed",
    "await import('./bad.json', { with: { type: 'json' } })",
    "import { b } from './uses-bad'; b",
    "require('./bad.json')",
  ])
    it(code, async () => {
      const { message, frames } = await failure(code);
      assert.equal(message, 'SyntaxError: bad.json:3:7 - this is no JSON: unexpected "2"');
      assert.equal(frames[0], "bad.json:3:7");
      assert.match(frames[1], /^In:1:\d+$/);
    });

  it("an error keeps no frames of an execution that has ended", async () => {
    const own = "await import('./throws').catch((error) => error.stack.split('\\n').length)";
    assert.equal(resultOf(await client.run(own)), "3");
    assert.equal(resultOf(await client.run(own)), "3");
  });

  it("what is no source of for await is called by its value", async () => {
    const { message } = await failure("const n: any = 5; for await (const x of n) x");
    assert.equal(message, "TypeError: 5 is not async iterable");
  });
});
