import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "./client.ts";

describe("completion and inspection", () => {
  let client: Client;
  before(async () => {
    client = new Client();
    writeFileSync(join(client.folder, "nearby.ts"), "export const first = 1;");
    mkdirSync(join(client.folder, "measured", "runs"), { recursive: true });
    writeFileSync(join(client.folder, "measured", "räume.csv"), "");
    await client.launch();
    await client.run(
      "const point = { north: 1, nested: { deep: 2 } }; const watched = { get touched(): number { (globalThis as any).ran = true; return 1 } };",
    );
    await client.run(
      "/** Doubles a number.\n * @param x what to double */\nfunction twice(x: number): number {\n  return 2 * x;\n}\ninterface Options { colour?: 'red' | 'green'; width?: number }\nfunction draw(options: Options) {}",
    );
    for (let k = 0; k < 40; k++) await client.run(`const filler${k} = { member${k}: ${k} }`);
  });
  after(() => client.stop());

  /** Completes at the bar. */
  const complete = async (marked: string) => {
    const code = marked.replace("|", "");
    const cursor_pos = [...marked.slice(0, marked.indexOf("|"))].length;
    const { content } = await client.request("complete_request", { code, cursor_pos });
    return {
      ...content,
      replaced: [...code].slice(content.cursor_start, content.cursor_end).join(""),
    } as Record<string, any>;
  };
  const cases: [marked: string, some: string[], replaced: string][] = [
    ["point.no|", ["north"], "no"],
    ["point.nested.|", ["deep"], ""],
    ["filler39.mem|", ["member39"], "mem"],
    ["twi|", ["twice"], "twi"],
    ["draw({ co|", ["colour"], "co"],
    ["import { readFileS| } from 'node:fs'", ["readFileSync"], "readFileS"],
    ["import {} from 'node:fs/pro|'", ["promises"], "pro"],
    ["import {} from './near|'", ["nearby"], "near"],
    ["'😀😀'; point.no|", ["north"], "no"],
    ["[1, 2].findLastI|", ["findLastIndex"], "findLastI"],
    ["function open() {\n  if (point.no|", ["north"], "no"],
    ["const x = Math.hyp|\nconst y = 2", ["hypot"], "hyp"],
    ["import { gra| } from 'wengert'", ["grad"], "gra"],
    ["draw({ colour: '|' })", ["red", "green"], ""],
    ["const { no| } = point", ["north"], "no"],
    ["point['ne|']", ["nested"], "ne"],
    ["globalThis.twi|", ["twice"], "twi"],
    ["'measured/|'", ["räume.csv", "runs/"], ""],
    ["require('node:fs').readFileSync(\"./measured/rä|", ["räume.csv"], "rä"],
    ["const kind: Opt|", ["Options"], "Opt"],
  ];
  for (const [marked, some, replaced] of cases)
    it(`knows ${marked.replaceAll("\n", " ")}`, async () => {
      const found = await complete(marked);
      for (const name of some)
        assert.ok(found.matches.includes(name), `${name} in ${found.matches.slice(0, 20)}`);
      assert.equal(found.replaced, replaced);
    });

  it("gives only what begins as typed, with types and signatures", async () => {
    const found = await complete("point.no|");
    assert.deepEqual(found.matches, ["north"]);
    const [type] = (await complete("twic|")).metadata._jupyter_types_experimental;
    assert.equal(type.type, "function");
    assert.equal(type.signature, "(x: number): number");
    const [constructed] = (await complete("new Ma|")).metadata._jupyter_types_experimental;
    assert.equal(constructed.signature, "() => Map<any, any> (+3 overloads)");
  });

  it("has no side effects", async () => {
    await complete("watched.tou|");
    const { outputs } = await client.run("(globalThis as any).ran === undefined");
    assert.equal(outputs[0].content.data["text/plain"], "true");
  });

  it("works while a cell awaits", async () => {
    const running = client.run("await new Promise((done) => setTimeout(done, 400))");
    assert.deepEqual((await complete("point.no|")).matches, ["north"]);
    await running;
  });

  it("inspects functions with their documentation, at their arguments too", async () => {
    for (const code of ["twice", "twice(", "twice(1"]) {
      const { content } = await client.request("inspect_request", {
        code,
        cursor_pos: code.length,
        detail_level: 0,
      });
      assert.ok(content.found, code);
      assert.match(
        content.data["text/plain"],
        /^(?:function )?twice\(x: number\): number\n\nDoubles a number/,
      );
      assert.match(content.data["text/markdown"], /```typescript\n[\s\S]*twice/);
      assert.match(content.data["text/html"], /<pre>/);
    }
    const { content } = await client.request("inspect_request", {
      code: "[1].map",
      cursor_pos: 7,
      detail_level: 0,
    });
    assert.match(content.data["text/plain"], /map<U>/);
    assert.match(content.data["text/plain"], /Calls a defined callback function on each element/);
    assert.equal(
      (await client.request("inspect_request", { code: "   ", cursor_pos: 1, detail_level: 0 })).content
        .found,
      false,
    );
  });

  it("pages what name? and name?? ask for", async () => {
    const one = (await client.run("twice?")).reply.content.payload[0];
    assert.equal(one.source, "page");
    assert.match(one.data["text/plain"], /Doubles a number/);
    const two = (await client.run("twice??")).reply.content.payload[0];
    assert.match(two.data["text/plain"], /return 2 \* x;\n\}/);
  });

  it("knows types, members with their sources, and what it does not know", async () => {
    await client.run(
      "class Box {\n  /**\n   * Opens it.\n   */\n  open(): number {\n    return 7;\n  }\n}\nconst box = new Box();",
    );
    const page = async (code: string) => (await client.run(code)).reply.content.payload[0].data["text/plain"];
    assert.match(await page("Options?"), /^interface Options$/);
    assert.match(await page("Options??"), /^interface Options\n\ninterface Options \{ colour/);
    assert.match(await page("box.open?"), /^\(method\) Box\.open\(\): number\n\nOpens it\.$/);
    assert.match(await page("box.open??"), /open\(\): number \{\n {4}return 7;\n {2}\}$/);
    assert.equal(await page("nobody?"), "nobody was not found.");
    assert.match(await page("require?"), /NodeRequire|Require/);
  });

  it("tells complete from incomplete and invalid", async () => {
    const samples = {
      complete: ["1", "f(", "function f() {}", "await x", "twice?", ""].filter((code) => code !== "f("),
      incomplete: ["f(", "function f() {", "`a", "[1,", "/* a", "const x ="],
      invalid: ["let x = ;", "f(]", "1 +* 2"],
    };
    for (const [status, codes] of Object.entries(samples))
      for (const code of codes)
        assert.equal((await client.request("is_complete_request", { code })).content.status, status, code);
    assert.equal(
      (await client.request("is_complete_request", { code: "function f() {" })).content.indent,
      "  ",
    );
  });
});
