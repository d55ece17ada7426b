import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, resultOf, textOf } from "./client.ts";

/** Sessions: cells in their order, each with the text of its result, `undefined`, or a pattern of its error. */
const sessions: Record<string, [code: string, expected: string | undefined | RegExp][]> = {
  "redefinition of everything as anything": [
    [
      "const c = 1; let l = 1; function f() { return 1 } class C {} interface I { a: number } type T = string",
      undefined,
    ],
    [
      "const c = 'b'; let l = 'b'; function f() { return 'b' } class C { z = 1 } interface I { b: string } type T = number; const i: I = { b: 'x' }; const t: T = 4; [c, l, f(), new C().z, i, t]",
      "[ 'b', 'b', 'b', 1, { b: 'x' }, 4 ]",
    ],
    ["function c() { return 2 }", undefined],
    ["class c { v = 3 }", undefined],
    ["new c().v", "3"],
  ],
  "old functions see new definitions and later writes": [
    [
      "function user() { return dep() + n } function dep() { return 1 } let n = 10; const inc = () => ++n",
      undefined,
    ],
    ["function dep() { return 2 }", undefined],
    ["n = 20; user()", "22"],
    ["inc(); n", "21"],
    ["let n = 0; inc()", "1"],
  ],
  "variables that a cell set before it threw": [
    ["const before = 5; throw new Error('x')", /^x$/],
    ["before", "5"],
  ],
  "constants stay constant": [
    ["const k = 1", undefined],
    ["k = 2", /TS2588: Cannot assign to 'k' because it is a constant/],
    ["k", "1"],
  ],
  "types of earlier variables": [
    ["let num: number | undefined; const tuple = [1, 'a'] as const", undefined],
    ["num = 'text'", /TS2322: Type 'string' is not assignable to type 'number'/],
    ["const second: 'a' = tuple[1]; num = 4; num.toFixed(1)", "'4.0'"],
  ],
  "var, wherever it stands": [
    [
      "if (true) { var a = 3 } for (var b = 0; b < 2; b++); var [d, e] = [1, 2]; for (var o of [7]) {} for (var q in { k: 1 }) {} try { throw 5 } catch (x) { var y = x }",
      undefined,
    ],
    ["[a, b, d, e, o, q, y].join()", "'3,2,1,2,7,k,5'"],
  ],
  destructuring: [
    [
      "const { a: p, ...rest } = { a: 1, b: 2 }; let [x, , y = 9] = [1, 2]; [p, rest, x, y]",
      "[ 1, { b: 2 }, 1, 9 ]",
    ],
  ],
  "top-level await and for await": [
    ["const got = await Promise.resolve(4); got", "4"],
    [
      "let total = 0; for await (const x of (async function* () { yield 1; yield 2 })()) total += x; total",
      "3",
    ],
    [
      "async function twice(x: number) { return 2 * (await Promise.resolve(x)) } const arrow = async (x: number) => (await twice(x)) + 1; class K { #h = 1; async m() { return this.#h + (await arrow(1)) } static async s(...args: number[]) { return arguments.length } } [await arrow(3), await new K().m(), await K.s(1, 2)]",
      "[ 7, 4, 2 ]",
    ],
  ],
  "enums, namespaces, decorators, accessors": [
    [
      "enum E { A, B } const enum CE { X = 5 } namespace N { export const q = 3 } [E.B, CE.X, N.q]",
      "[ 1, 5, 3 ]",
    ],
    ["E.B + N.q + CE.X", "9"],
    ["const old = [E, N]", undefined],
    [
      "export enum E { C } namespace N { export const r = 1 } namespace N { export namespace M { export const s = r } } [E, N, old]",
      "[\n  { '0': 'C', C: 0 },\n  { r: 1, M: { s: 1 } },\n  [ { '0': 'A', '1': 'B', A: 0, B: 1 }, { q: 3 } ]\n]",
    ],
    [
      "function N() { return N.t } namespace N { export const t = 2 } class E { static F = 3 } namespace E { export const G = 4 } [N(), N.t, E.F, E.G]",
      "[ 2, 2, 3, 4 ]",
    ],
    [
      "function log(v: Function, c: ClassMethodDecoratorContext) { return function (this: any, ...a: any[]): any { return [c.name, v.apply(this, a)] } } class D { @log m(x: number) { return x } accessor acc = 4 } [new D().m(3) as any, new D().acc]",
      "[ [ 'm', 3 ], 4 ]",
    ],
  ],
  "exports under other names, and from modules": [
    [
      "const a = 1; type T = number; export { a as b, a }; export type { T as U }; export { z as y }; let z = 2; z = 8; void 0",
      undefined,
    ],
    ["const u: U = 4; [a, b, y, u]", "[ 1, 1, 8, 4 ]"],
    [
      "export { readFileSync as read } from 'node:fs'; export * as os from 'node:os'; export { cube as process, base as default } from './both'",
      undefined,
    ],
    ["[typeof read, typeof os.cpus, process(2)]", "[ 'function', 'function', 8 ]"],
    ["const Event = 5; export { Event, Event as Happening }", undefined],
    ["Event + Happening", "10"],
  ],
  "a library that is there": [
    ["[[3, 1].toSorted()[0], 'a'.isWellFormed()]", "[ 1, true ]"],
    [
      "new Set([1, 2]).union(new Set([3])).size",
      "union" in Set.prototype ? "3" : /TS2550: .*It is a part of es2025, which Node [\d.]+ does not have/,
    ],
    ["const steps: Iterator<number> = [1].values(); steps.next().value", "1"],
    [
      "[1, 2].values().map((x) => 2 * x).toArray()",
      "Iterator" in globalThis ? "[ 2, 4 ]" : /TS2339: Property 'map' does not exist/,
    ],
  ],
  "using and await using": [
    [
      "const out: string[] = []; const res = (n: string) => ({ [Symbol.dispose]() { out.push(n) } }); { using a = res('a'); using b = res('b') } out",
      "[ 'b', 'a' ]",
    ],
    [
      "await (async () => { await using c = { async [Symbol.asyncDispose]() { out.push('c') } } })(); out.at(-1)",
      "'c'",
    ],
    ["using top = res('top'); out.at(-1)", "'c'"],
    ["out.at(-1)", "'top'"],
  ],
  "satisfies, generics, private members, overloads, labels": [
    [
      "const s = { a: 1 } satisfies Record<string, number>; abstract class Shape<T> { #p = 1; protected constructor(private readonly k: T) {} abstract area(): number; get p() { return this.#p } } class Sq extends Shape<string> { constructor() { super('k') } area(): number; area(x?: number) { return x ?? 4 } } outer: for (const i of [1, 2]) { for (const j of [1]) continue outer } s.a + new Sq().area() + new Sq().p",
      "6",
    ],
    ["/[\\p{L}--[a-z]]/v.test('A') && [3, 1].toSorted()", "[ 1, 3 ]"],
    ["#!/usr/bin/env node\nthis", undefined],
    ["// nothing but a comment", undefined],
    ["7 // trailing\n// more", "7"],
    ["2n ** 64n", "18446744073709551616n"],
  ],
  "completion values": [
    ["if (1 > 2) var left = 1; else var left = 2\nleft", "2"],
    ["if (1 < 2) { 'yes' } else { 'no' }", "'yes'"],
    ["for (const x of [1, 2, 3]) x * 10", "30"],
    ["{ 1; { null } }", "null"],
    ["3; var afterwards = 4", "3"],
    ["4; if (true) { const inner = 1 }", undefined],
    ["try { 'tried' } finally { 'finally' }", "'tried'"],
    ["'before'; function declared() {}", "'before'"],
    ["() => 1", "[Function (anonymous)]"],
    ["(class {})", "[class (anonymous)]"],
    ["export default (x: number) => x", "[Function (anonymous)]"],
    ["Promise.resolve(5)", "Promise { 5 }"],
    ["void 0", undefined],
  ],
  "names that a cell puts on globalThis": [
    ["globalThis.put = 12; put + 1", "13"],
    ["(globalThis as any).cast = { a: 1 }; Object.assign(globalThis, { copied: 3 })?.copied", "3"],
    ["put + cast.a + copied", "16"],
    ["const put = 'now declared'; put.length", "12"],
  ],
  JSX: [
    [
      "function h(tag: any, props: any, ...kids: any[]) { return [tag, props, ...kids] } const React = { createElement: h };",
      undefined,
    ],
    ["<b id='x'>t{1}</b>", "[ 'b', { id: 'x' }, 't', 1 ]"],
  ],
  "import type and export": [
    [
      "import type { Stats } from 'node:fs'; export const ex = 3; export function exf() { return 4 } export default 5",
      "5",
    ],
    ["const st = {} as Stats; ex + exf()", "7"],
  ],
  "ways to import": [
    [
      "import { join } from 'node:path'; import * as os from 'node:os'; import fs from 'node:fs'; [join('a', 'b'), typeof os.cpus, typeof fs.readFileSync]",
      "[ 'a/b', 'function', 'function' ]",
    ],
    ["join('c', 'd')", "'c/d'"],
    ["require('node:path').join('a', 'b')", "'a/b'"],
    ["(await import('node:url')).fileURLToPath.name", "'fileURLToPath'"],
    ["import named, { deep } from 'esm-only'; [named, deep]", "[ 'default', 'deep' ]"],
    ["import cjs, { late } from 'plain-cjs'; [cjs.late, late]", "[ 5, 5 ]"],
    ["import { typed } from 'types-in-exports'; const wrong: string = typed(1)", /TS2322/],
    ["import data from './data.json'; data.k", "5"],
    ["import { helper } from './helper'; helper(3)", "30"],
    ["import { helper as again } from './helper.ts'; again(4)", "40"],
    ["import.meta.filename.endsWith('notebook.ts') && import.meta.url.startsWith('file:')", "true"],
    ["import { place } from './place'; place", "[ 'place.ts', 'place.ts' ]"],
    [
      "import missing from 'not-there'",
      /TS2307: Cannot find module 'not-there'; install it with: npm install not-there/,
    ],
    [
      "await import('not-there-' + 1)",
      /cannot find package 'not-there-1'; install it with: npm install not-there-1/,
    ],
    ["import { nothing } from 'plain-cjs'", /has no export 'nothing'/],
    ["import deepDefault from 'plain-cjs/folder'; deepDefault.inFolder", "true"],
    ["import viaRequire = require('plain-cjs'); viaRequire.late", "5"],
    ["(await import('./data.json', { with: { type: 'json' } })).default.k", "5"],
    ["import withAttribute from './data.json' with { type: 'json' }; withAttribute.k", "5"],
    ["import whole, { two } from './common.cjs'; [whole.two, two]", "[ 2, 2 ]"],
    ["import { two as old } from './old-style'; old", "2"],
    ["import { doubled } from './uses-common'; doubled", "4"],
    [
      "[import.meta.resolve('fs'), import.meta.resolve('./helper').endsWith('/helper.ts')]",
      "[ 'node:fs', true ]",
    ],
    ["import 'not-there'", /TS2882: Cannot find module 'not-there'; install it with: npm install not-there/],
    [
      "require('@not/there/sub')",
      /cannot find package '@not\/there'; install it with: npm install @not\/there/,
    ],
    ["await import('./not-there' + 1)", /cannot find file '\.\/not-there1'; looked from /],
  ],
  "errors name the place": [
    ["1 + (", /^In\[\d+\]:1:6 - error TS1109: Expression expected\./],
    ["declare const later: { x: number }; declare function ambient(): void; 4", "4"],
    ["later.x", /^later is not defined$/],
    ["later.y", /TS2339/],
    ["import 'http://localhost/a.js'", /^In\[\d+\]:1:8 - error TS2882: Cannot find module [^;]*$/m],
    ["undefinedName", /Cannot find name 'undefinedName'/],
    ["({} as { x: number }).y", /TS2339: Property 'y' does not exist/],
  ],
  "derivatives of plain functions": [
    [
      "import { grad } from 'wengert'; const f = (x1: number, x2: number) => x1 * x2 + Math.sin(x1);",
      undefined,
    ],
    ["grad(f)(2, 3)", "[ 2.5838531634528574, 2 ]"],
    ["import { cube } from './helper'; grad(cube)(2)", "12"],
    ["const bad: string = grad(f)(1, 2)", /TS2322/],
  ],
};

describe("the language of cells", () => {
  let client: Client;
  before(async () => {
    client = new Client();
    const { folder } = client;
    const put = (path: string, text: string) => {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    put("data.json", '{ "k": 5 }');
    put(
      "helper.ts",
      'import { base } from "./base";\nexport const helper = (x: number): number => x * base;\nexport function cube(x: number) { return x ** 3 }',
    );
    put("base.ts", "export const base = 10;");
    put("both.ts", "export { base } from './base';\nexport const cube = (x: number) => x ** 3;");
    put(
      "place.ts",
      "export const place = [import.meta.url, import.meta.filename].map((name) => name.split('/').at(-1));",
    );
    put("common.cjs", "module.exports = { two: 2 };");
    put("old-style.js", "exports.two = require('./common.cjs').two;");
    put("uses-common.ts", "import { two } from './old-style';\nexport const doubled: number = 2 * two;");
    put("node_modules/plain-cjs/folder/package.json", '{ "main": "deep.js" }');
    put("node_modules/plain-cjs/folder/deep.js", "exports.inFolder = true;");
    put(
      "node_modules/esm-only/package.json",
      '{ "name": "esm-only", "type": "module", "exports": "./index.js" }',
    );
    put(
      "node_modules/esm-only/index.js",
      "export const deep = await Promise.resolve('deep'); export default 'default';",
    );
    put("node_modules/plain-cjs/package.json", '{ "name": "plain-cjs" }');
    put("node_modules/plain-cjs/index.js", "const made = {}; made['la' + 'te'] = 5; module.exports = made;");
    put(
      "node_modules/types-in-exports/package.json",
      '{ "name": "types-in-exports", "type": "module", "exports": { ".": { "types": "./t.d.ts", "default": "./i.js" } } }',
    );
    put("node_modules/types-in-exports/t.d.ts", "export declare function typed(x: number): number;");
    put("node_modules/types-in-exports/i.js", "export const typed = (x) => x;");
    await client.launch();
  });
  after(() => client.stop());

  for (const [name, cells] of Object.entries(sessions))
    it(name, async () => {
      for (const [code, expected] of cells) {
        const result = await client.run(code);
        const { status, evalue } = result.reply.content;
        if (expected instanceof RegExp) assert.match(evalue ?? "", expected, code);
        else {
          assert.equal(status, "ok", `${code}\n${evalue}`);
          assert.equal(resultOf(result), expected, code);
        }
        assert.equal(textOf(result.outputs, "stderr"), "", code);
      }
    });

  it("files are read anew after an edit, also those below", async () => {
    assert.equal(resultOf(await client.run("import { helper } from './helper'; helper(1)")), "10");
    writeFileSync(join(client.folder, "base.ts"), "export const base = 1000;");
    assert.equal(resultOf(await client.run("import { helper } from './helper'; helper(1)")), "1000");
    writeFileSync(
      join(client.folder, "helper.ts"),
      "export const helper = (x: number): string => `new ${x}`;",
    );
    assert.equal(resultOf(await client.run("import { helper } from './helper'; helper(1).length")), "5");
  });

  it("CommonJS files are read anew, too", async () => {
    assert.equal(resultOf(await client.run("import { two } from './old-style'; two")), "2");
    writeFileSync(join(client.folder, "common.cjs"), "module.exports = { two: 22 };");
    assert.equal(resultOf(await client.run("import { two } from './old-style'; two")), "22");
  });

  it("errors in imported files point into them", async () => {
    writeFileSync(join(client.folder, "wrong.ts"), "export const ok = 1;\nexport const bad: number = 'x';\n");
    const { reply } = await client.run("import { ok } from './wrong'; ok");
    assert.match(reply.content.evalue, /wrong\.ts:2:14 - error TS2322/);
    writeFileSync(
      join(client.folder, "throws.ts"),
      "export function fails(x: number): number {\n  const y: number = x;\n  throw new Error(`no ${y}`);\n}\n",
    );
    const thrown = await client.run("import { fails } from './throws'; fails(3)");
    assert.match(thrown.reply.content.traceback.join("\n"), /fails \(.*throws\.ts:3:9\)/);
  });
});

describe("a notebook's own tsconfig.json", () => {
  it("sets strictness, legacy decorators, paths and the JSX factory, and takes nothing that cells need", async () => {
    const client = new Client();
    const compilerOptions = {
      strict: true,
      experimentalDecorators: true,
      jsx: "react",
      jsxFactory: "make",
      paths: { "@own/*": ["./sources/*"] },
      types: [],
      module: "NodeNext",
      noEmit: true,
      composite: true,
    };
    mkdirSync(join(client.folder, "sources"));
    writeFileSync(join(client.folder, "sources", "seven.ts"), "export const seven = 7;");
    writeFileSync(
      join(client.folder, "sources", "eight.ts"),
      "import { seven } from '@own/seven';\nexport const eight: number = seven + 1;",
    );
    writeFileSync(join(client.folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    await client.launch();
    const mapped = await client.run("import { eight } from '@own/eight'; [eight, typeof Buffer]");
    assert.equal(resultOf(mapped), "[ 8, 'function' ]");
    assert.match((await client.run("const loose = (x) => x")).reply.content.evalue, /TS7006/);
    assert.equal(
      resultOf(
        await client.run(
          "const seen: string[] = []; function old(target: object, key: string) { seen.push(key) } class L { @old m() {} } seen",
        ),
      ),
      "[ 'm' ]",
    );
    assert.equal(
      resultOf(
        await client.run(
          "const make = (tag: string, ..._: unknown[]) => tag; declare global { namespace JSX { interface IntrinsicElements { b: object } } } <b/>",
        ),
      ),
      "'b'",
    );
    await client.stop();
  });
});
