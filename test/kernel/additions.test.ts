/**
 * Cells that are added to the program that is there give what they give in a program of their own.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cells, type Emitted } from "#kernel/compiler/cells.js";
import { complete } from "#kernel/compiler/complete.js";
import { inspect } from "#kernel/compiler/inspect.js";

/** A session of every kind of declaration, use and mistake. */
const session = [
  "1 + 1",
  "const point = { north: 1, south: [2, 3] }; let count = 0; var old = 'a'",
  "point.north + count + old.length",
  "point.west",
  "count = 'text'",
  "point = null",
  "function scale(x: number, by = 2) { return { ...point, x: x * by } }\n/** Doubles. */ function twice(f: (x: number) => number): typeof f;\nfunction twice(f) { return (x) => f(f(x)) }",
  "scale(3).south.map((v) => v.toFixed())",
  "twice((x) => x + 1)(3).toUpperCase()",
  "interface Shape { area(): number }\ntype Named<T> = T & { name: string }\nclass Disc implements Shape { #r = 1; static unit = new Disc(); constructor(readonly r = 1) {} area() { return this.r ** 2 } }",
  "const discs = [1, 2].map((r) => new Disc(r)); const named: Named<Shape> = { ...discs[0], area: () => 1, name: 'd' }",
  "discs[0].area() + named.name.length; discs.push(1)",
  "abstract class Base<T> { abstract get(): T; protected cache?: T }\nclass Text2 extends Base<string> { get() { return this.cache ?? 'x' } }",
  "const made = (() => new Text2())(); const both = { made, discs, twice }",
  "both.made.get().length; both.made.cache",
  "enum Colour { Red, Green = 5 }\nconst enum Fast { One = 1 }\nnamespace Tools { export const size = 3; export type Id = string; export namespace Inner { export const deep = 1 } }",
  "let c: Colour = Colour.Green; let id: Tools.Id = 'a'; Fast.One + Tools.size + Tools.Inner.deep",
  "c = 'Red'; id = 3",
  "import { readFileSync as read } from 'node:fs'; import * as path from 'path'; import type { Readable } from 'node:stream'",
  "path.join('a', read('x', 'utf8')); let r: Readable | null = null",
  "read(1, 2, 3); path.nothing",
  "import { derivative } from 'mathjs'; import magic from 'acorn'",
  "const parsed = derivative('x^2', 'x')",
  "parsed.toString().length; parsed.nothing",
  "import { grad } from 'wengert'; const slope = grad((x: number, v: number[]) => x * v[0])",
  "slope(1, [2])[1].length + slope('a')",
  "import { nothing } from 'no-such-package'; nothing",
  "import { half } from './half.ts'; half(4).toFixed()",
  "half('a')",
  "import { broken } from './broken.ts'; broken",
  "1 + 2",
  "export const shown = 1; const hidden = 2; export { hidden as seen }; export default class {}",
  "shown + seen + hidden",
  "declare global { interface Array<T> { firstOne(): T } var everywhere: number }",
  "[1].firstOne().toFixed() + everywhere",
  "[1].firstOne().nothing",
  "async function* count3() { yield 1; yield 'a' }\nfor await (const x of count3()) x.length\nawait Promise.all([1, 'a'])",
  "await using later = { async [Symbol.asyncDispose]() {} }; using now = { [Symbol.dispose]() {} }",
  "const { a, b: [d = 4, ...rest], ...others } = { a: 1, b: [2, 3], e: 'x', f: null }",
  "a + d + rest.length + others.e.length; others.a",
  "const point = new Map([['k', 1]])",
  "point.get('k') + point.north",
  "@((value: unknown, { name }: ClassDecoratorContext) => void name) class Decorated { accessor x = 1; @bad m() {} }",
  "function React(): void {} const div = <b title={1}>x</b>",
  "const wrong = (; 1",
  "let unfinished = `a",
  "// @ts-expect-error\n1 + {}.x\n// @ts-expect-error\n1",
  "globalThis.loose = 1; loose + 1",
  "loose.anything",
  "type Rec<T> = T extends [infer H, ...infer R] ? [H, ...Rec<R>] : []; const tuple = [1, 'a'] as const; let same: Rec<typeof tuple>",
  "same[0].toFixed(); same[2]",
  "const sym: unique symbol = Symbol(); const keyed = { [sym]: 1 }; function isText(x: unknown): x is string { return typeof x === 'string' }",
  "keyed[sym].toFixed(); if (isText(keyed)) keyed.length",
  "import json from './data.json'; json.list[0].toFixed(); json.none",
  "import fs = require('node:fs'); const { EOL } = require('node:os'); fs.nothing",
  "const loaded = await import('node:os'); loaded.cpus().length; const other: import('node:fs').Stats = null",
  "loaded.nothing; other.nothing",
  "label: for (const k of [1]) continue label; with (point) {}",
  "import { type Disc as Wrong } from 'node:fs'; new Disc().area()",
];

const shown = ({ problems, code, map }: Emitted) => ({ problems, code, map });

describe("cells in one program", () => {
  const folder = mkdtempSync(join(tmpdir(), "wengert-cells-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  const install = (name: string, types: string): void => {
    const place = join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    const about = { name, version: "1.0.0", types: "index.d.ts", main: "index.js" };
    writeFileSync(join(place, "package.json"), JSON.stringify(about));
    writeFileSync(join(place, "index.d.ts"), types);
  };

  before(() => {
    write("half.ts", "export const half = (x: number): number => x / 2;\n");
    write("broken.ts", "export const broken: number = 'a';\n");
    write("data.json", '{ "list": [1] }');
    install("mathjs", "export function derivative(a: string, b: string): { toString(): string }");
    install("acorn", "declare const all: string; export default all");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("give the problems, the code and the types that they give in programs of their own", () => {
    const joined = new Cells(folder);
    const apart = new Cells(folder);
    let added = 0;
    for (const [k, code] of session.entries()) {
      apart.service.renew();
      assert.deepEqual(
        shown(joined.convert(code, k + 1, "In")),
        shown(apart.convert(code, k + 1, "In")),
        code,
      );
      if (joined.service.isAdded) added++;
    }
    assert.ok(added > session.length / 2, `${added} of ${session.length}`);
  });

  it("complete and explain the same", async () => {
    const joined = new Cells(folder);
    const apart = new Cells(folder);
    for (const [k, code] of session.slice(0, 23).entries())
      for (const cells of [joined, apart]) cells.convert(code, k + 1, "In");
    for (const marked of [
      "point.no|",
      "discs[0].ar|",
      "both.made.|",
      "Tools.Inn|",
      "scale(|",
      "path.jo|",
      "Col|",
      "if (named.na|",
    ]) {
      const at = marked.indexOf("|");
      const code = marked.replace("|", "");
      apart.service.renew();
      assert.deepEqual(complete(joined, code, at), complete(apart, code, at), marked);
      apart.service.renew();
      assert.deepEqual(await inspect(joined, code, at, 1), await inspect(apart, code, at, 1), marked);
    }
  });

  it("see local files as they are now, and only those that they import", () => {
    const cells = new Cells(folder);
    let count = 0;
    const messages = (code: string) =>
      cells.convert(code, ++count, "In").problems.map(({ message }) => message);
    write("later.ts", "export const later = 1;\n");
    assert.deepEqual(messages("import { later } from './later.ts'"), []);
    assert.match(messages("later.length")[0], /'length' does not exist/);
    write("later.ts", "export const later = 'now a text';\n");
    assert.deepEqual(messages("later.length"), []);
    assert.match(messages("import { broken } from './broken.ts'")[0], /not assignable/);
    assert.deepEqual(messages("later.length + 1"), []);
    write("above.ts", "export { below } from './below.ts';\n");
    for (let k = 0; k < 2; k++)
      assert.match(
        messages("import { below } from './above.ts'; below")[0],
        /Cannot find module '.\/below.ts'/,
      );
    write("below.ts", "export const below = 1;\n");
    assert.deepEqual(messages("import { below } from './above.ts'; below"), []);
  });

  it("find a package that was installed after a first try", () => {
    const cells = new Cells(folder);
    const code = "import { soon } from 'soon-there'; soon.toFixed()";
    assert.match(cells.convert(code, 1, "In").problems[0].message, /Cannot find module/);
    assert.match(cells.convert(code, 2, "In").problems[0].message, /Cannot find module/);
    install("soon-there", "export const soon: number");
    assert.deepEqual(cells.convert(code, 3, "In").problems, []);
    assert.deepEqual(cells.convert("soon.toFixed(2)", 4, "In").problems, []);
  });

  it("know types of earlier cells that no cell in between has named", () => {
    const cells = new Cells(folder);
    let count = 0;
    const messages = (code: string) =>
      cells.convert(code, ++count, "In").problems.map(({ message }) => message);
    for (const code of [
      "interface Box { val: number } enum Kind { A, B } class Body<T> { constructor(readonly m: T) {} }",
      "const box: Box = { val: 1 }; const kind = Kind.A as Kind; function make() { return new Body(box) }",
      "const list = [box]; const kinds = [kind]; const made = make()",
      "const first = list[0]; const body = made.m",
    ])
      assert.deepEqual(messages(code), []);
    assert.match(messages("first.foo")[0], /'foo' does not exist on type 'Box'/);
    assert.match(messages("body.foo")[0], /'foo' does not exist on type 'Box'/);
    assert.match(messages("made.mass")[0], /'mass' does not exist on type 'Body<Box>'/);
    assert.match(messages("const text: string = kinds[0]")[0], /not assignable to type 'string'/);
    assert.ok(complete(cells, "first.", 6).entries.some(({ text }) => text.endsWith("val")));
  });

  it("see what a cell adds to the global scope or to a module once it has gone well, and not before", async () => {
    const cells = new Cells(folder);
    let count = 0;
    const messages = (code: string) =>
      cells.convert(code, ++count, "In").problems.map(({ message }) => message);
    const array = "declare global { interface Array<T> { nope(): void } }\n[].no";
    const module = "import 'acorn'; declare module 'acorn' { export function zip(): number }";
    messages("1");
    complete(cells, array, array.length);
    messages("2");
    await inspect(cells, "declare global { var loud: number }\nloud", 37, 0);
    assert.match(messages(`${array}pe()\nconst bad: number = 'x'`)[0], /not assignable/);
    assert.match(messages(`${module}\nconst bad: number = 'x'`)[0], /not assignable/);
    assert.match(messages("[1].nope()")[0], /'nope' does not exist/);
    assert.match(messages("loud")[0], /Cannot find name 'loud'/);
    assert.match(messages("import { zip } from 'acorn'; zip()")[0], /zip/);
    assert.deepEqual(messages("declare global { interface Array<T> { nope(): void } }"), []);
    assert.deepEqual(messages(module), []);
    assert.deepEqual(messages("[1].nope()"), []);
    for (let k = 0; k < 2; k++) {
      cells.service.renew();
      assert.deepEqual(messages("import { zip } from 'acorn'; zip().toFixed()"), []);
    }
  });

  it("begin a new program before too much has gathered", () => {
    const cells = new Cells(folder);
    cells.convert("const first = 'a'", 1, "In");
    const begun: number[] = [];
    for (let k = 2; k < 1200; k++) {
      assert.deepEqual(cells.convert(`first.length + ${k}`, k, "In").problems, []);
      if (!cells.service.isAdded) begun.push(k);
    }
    assert.ok(begun.length >= 1 && begun.length <= 4, String(begun));
  });
});
