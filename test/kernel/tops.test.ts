/**
 * The top level of files that cells import runs in pieces that an interrupt can stop (kernel/modules/tops.ts): it does
 * what it does in Node.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, resultOf } from "./client.ts";

describe("the top level of imported files", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  it("means what it says", async () => {
    const made = (x: string) => `const made = (x: unknown): any => x; ${x}`;
    const tops: [text: string, value: string][] = [
      [
        "export const f = () => 1, g = made(() => 2); export class C { static n = made(3) } const D = class { static n = made(4) }; export const it = [f.name, g(), C.name, C.n, D.name, D.n].join()",
        "'f,2,C,3,D,4'",
      ],
      [
        "for (var k = 0; k < 3; k++) made(k); let sum = 0; for (const x of made([1, 2])) { sum += x } export const it = k + sum",
        "6",
      ],
      [
        "let a = made(1)\nconst b = made(a)\nmade(b)\n;[a] = made([5]); ({ a } = made({ a: a + 1 }))\nexport const it = a + b",
        "7",
      ],
      [
        "const { p, q: [r = made(2)] } = made({ p: 1, q: [] }); export { p as it0 }; export const it = p + r",
        "3",
      ],
      ["enum Colour { Red = made('x'.length) } export const it = Colour.Red + Colour[1]", "'1Red'"],
      [
        "export let it = 0; it = await made(5); for await (const x of made([1, 2])) it += x; out: for (;;) { await null; break out }",
        "8",
      ],
      [
        "export const it = new (made(Map))([made(['a', String(this)])]).get('a') + made(import.meta.url.slice(0, 5))",
        "'undefinedfile:'",
      ],
      [
        "try { made(null).x } catch (error) { var seen = (error as Error).name } export const it = seen",
        "'TypeError'",
      ],
      [
        "if (made(true)) { function inner() { return 'in' } var told = inner() } export const it = told",
        "'in'",
      ],
      ["export const it = (made(1), made(2)); export default made(class {})", "2"],
      [
        "for (var k = 0, n = made(2), z; k < n; k++) { if (k) var w = k; else var w = -1; var { a, b = 2 } = made({ a: 1 }) } for (var q of made([1])) { var [u] = [q] } for (var key in { x: made(1) }) {} export const it = [k, n, z, w, a, b, q, u, key].join(); export { k as counted }",
        "'2,2,,1,1,2,1,1,x'",
      ],
      [
        "out: for (var k = 0; ; ) { try { made(null).x } catch (e) { var seen = e.name } finally { break out } } do { var d = await made(4) } while (false); for await (var f of [made(9)]) {} export const it = [k, seen, d, f].join()",
        "'0,TypeError,4,9'",
      ],
      [
        "export class C { static s = [1, 2].map((x) => x * 2); static #p = new Map([[1, 5]]); static { for (var t = 0; t < 2; t++) this.s.push(t); this.m() } static m() { C.s.push(C.#p.get(1)!) } static n = class { static deep = made(5) }; static own = made(this.s.length) } class D extends made(C) { static more = made(super.own) } const E = class { static y = made(1) }, F = class Named extends (await made(C)) {}; export const it = [...C.s, C.n.name, C.n.deep, C.own, D.more, E.name, E.y, F.name].join()",
        "'2,4,0,1,5,n,5,5,5,E,1,Named'",
      ],
    ];
    for (const [k, [text, value]] of tops.entries()) {
      writeFileSync(join(client.folder, `top${k}.ts`), made(text));
      const result = await client.run(`import { it as it${k} } from './top${k}'; it${k}`);
      assert.equal(resultOf(result), value, `${text}: ${result.reply.content.evalue}`);
    }
    writeFileSync(
      join(client.folder, "thrown.ts"),
      "const f = (): number => 1;\n\nexport const it = f() + JSON.parse('{');\n",
    );
    const { reply } = await client.run("import './thrown'");
    assert.match(reply.content.traceback.join("\n"), /thrown\.ts:3:30/);
  });
});
