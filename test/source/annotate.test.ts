// The annotation leaves the plain program what it was: names, lengths, hoisting, directives, the reflection of classes
// and objects. Each program runs twice, as it is and prepared, and must tell the same about itself.

import assert from "node:assert/strict";
import vm from "node:vm";
import { decode } from "@jridgewell/sourcemap-codec";
import { tokenizer } from "acorn";
import { prepareSource } from "#lib/prepare.js";
import { activityOf } from "#lib/source/activity.js";
import { recordingOf } from "#lib/source/registry.js";
import { analyzeScopes } from "#lib/source/scope.js";
import { forEachChild, type Node, parse } from "#lib/source/syntax.js";

function both(code: string): [plain: unknown, prepared: unknown] {
  const run = (text: string) => {
    try {
      return vm.compileFunction(text, [], { filename: "program.js" })();
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };
  return [run(code), run(prepareSource(code, { file: "program.js", kind: "commonjs" }).code)];
}

/** Programs that return what they know of themselves. */
const programs: Readonly<Record<string, string>> = {
  "names of functions": `
    const a = () => 1, b = function () {}, c = function d() {};
    let e; e = (x) => x; const o = { f: () => 1, g() {}, ["h" + 1]: () => 1, get i() { return 1; }, async j() {}, *k() {}, 7() {}, "l m"() {} };
    const [n = () => 1] = []; const { p = function () {} } = {};
    function q(r = () => 1) { return r.name; }
    const list = [() => 1, function () {}];
    return [a.name, b.name, c.name, e.name, o.f.name, o.g.name, o.h1.name, o.j.name, o.k.name, o[7].name, o["l m"].name, n.name, p.name, q(),
      list.map((f) => f.name), (() => 1).name, Object.getOwnPropertyDescriptor(o, "i").get.name];`,
  "names from computed keys": `
    const s = Symbol("s"), calls = []; const key = { toString() { calls.push("key"); return "k"; } };
    const o = { ["a" + 1]: () => 1, [s]: (x) => x, [Symbol()]: () => 1, [key]: function () {}, [(0, "b")](x) { return x * 2; }, *["c"]() { yield 1; },
      [((f) => f("d"))((x) => x)](x) { return x; }, [2](x) { return x; }, ["e"]: async () => 1 };
    return [Reflect.ownKeys(o).map((k) => [String(k), o[k].name, o[k].length]), calls, o.b(3), [...o.c()], o.d(4), o[2](5)];`,
  "lengths of functions": `
    const f = (a, b = 1, c) => 1; function g(...a) {} const h = function ({ a }, [b]) {};
    class C { constructor(a, b = 2) { this.a = a * b; } m(a, b, ...c) { return a; } static s(a) { return a; } }
    const o = { m(a, b) { return a * b; }, set x(v) { this.y = v * 2; } };
    return [f.length, g.length, h.length, C.prototype.m.length, C.s.length, o.m.length, Object.getOwnPropertyDescriptor(o, "x").set.length];`,
  hoisting: `
    const before = [typeof f, f(2), typeof v];
    var v = 1; function f(x) { return g(x) + 1; function g(y) { return y * y; } }
    { function inner() { return 3; } before.push(inner()); }
    before.push(typeof inner); if (true) { function cond() { return 4; } } before.push(cond());
    function f2() { return early(); function early() { return 5; } } before.push(f2()); return before;`,
  "the last of functions with one name wins": `function f() { return 1; } const a = f(); function f() { return 2; } return [a, f()];`,
  "the dead zone": `try { return x; let x = (a) => a; } catch (e) { return e.message; }`,
  constants: `const f = (x) => x; try { f = 1; } catch (e) { return e.constructor.name + e.message; }`,
  directives: `
    function strict() { "use strict"; return this === undefined; }
    function sloppy() { return this === globalThis; }
    function assigns() { "use strict"; const f = (x) => x; try { undeclared = 1; } catch (e) { return e.name; } }
    return [strict(), sloppy(), assigns()];`,
  "a strict program": `"use strict"; 'another'; const f = function () { return this; }; return f() === undefined;`,
  "this, arguments and new.target": `
    function F() { return new.target === F; }
    function g() { return [arguments.length, (() => arguments[0])(), typeof arguments.callee]; }
    const o = { m() { return this === o; }, a: () => typeof this };
    return [new F() instanceof F, g(1, 2), o.m(), (0, o.m)(), o.a(), F.prototype.constructor === F];`,
  "arrows and methods construct nothing": `
    const f = (x) => x, o = { m() { return 1; } };
    return [f, o.m].map((g) => { try { new g(); return "made"; } catch (e) { return e.constructor.name; } }).concat("prototype" in f, "prototype" in o.m);`,
  "reflection of classes": `
    class C { #p = 1; x = 2; static s = 3; constructor(a) { this.a = a * 2; } m(b) { return this.#p * b; } get g() { return this.#p; }
      set g(v) { this.#p = v * 2; } static t(c) { return c * c; } #q(d) { return d * this.x; } r(d) { return this.#q(d); } ["k" + 1]() { return 1; } static { this.u = 1; } }
    class D extends C { constructor(...a) { super(...a); this.z = a.length * 2; } m(b) { return super.m(b) + 1; } }
    const keys = (o) => Object.getOwnPropertyNames(o).sort();
    const all = (o) => { const found = []; for (const k in o) found.push(k); return found; };
    const d = new D(5);
    return [keys(C), keys(C.prototype), keys(D), keys(D.prototype), keys(d), all(d), all(C), Object.keys(C), JSON.stringify(d), d.m(3), d.g, (d.g = 4, d.g), d.r(3), C.t(3), d.k1(),
      C.name, D.name, C.length, D.length, Object.assign({}, C), { ...C.prototype }];`,
  "reflection of objects": `
    const o = { a: 1, f(x) { return x * 2; }, g: (x) => x, get h() { return this.a * 2; }, set h(v) { this.a = v; }, [Symbol.for("s")]: 1 };
    const sorted = Reflect.ownKeys(o).map(String);
    return [sorted, Object.keys(o.f), Object.keys(o.g), Reflect.ownKeys(o.g).map(String).sort(), o.h, (o.h = 5, o.h), JSON.stringify(o), Object.entries(Object.getOwnPropertyDescriptors(o)).map(([k, d]) => [k, d.enumerable, d.writable, d.configurable])];`,
  "properties of functions": `
    function f(x) { return x; } f.own = 1; const g = (x) => x; g.own = 2;
    return [Object.keys(f), Object.keys(g), Reflect.ownKeys(f).map(String).sort(), JSON.stringify({ f }), Object.isExtensible(f), f == f.valueOf()];`,
  "frozen functions and objects": `
    const f = Object.freeze((x) => x * 2), o = Object.freeze({ m(x) { return x; } }); return [f(2), o.m(3), Object.isFrozen(f), Object.isFrozen(o)];`,
  "generators and async functions": `
    function* g(n) { for (let i = 0; i < n; i++) yield i * i; } const a = async (x) => x * 2; async function* b() { yield 1; }
    return [[...g(3)], g.constructor.name, a.constructor.name, b.constructor.name, Object.prototype.toString.call(g)];`,
  "labels, switches, commas, automatic semicolons": `
    let s = 0; outer: for (let i = 0; i < 3; i++) { for (const j of [1, 2]) { if (j === 2) continue outer; s += i * j; } }
    const f = (x) => x
    const g = function () { return 1 }
    ;[1, 2].forEach((x) => { s += x })
    switch (s) { case 6: { function h() { return 7; } s = h(); } default: s++ }
    return [s, f(1), (0, g)()]`,
  "closures in loops": `
    const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i++); const gs = []; for (var j = 0; j < 3; j++) gs.push(() => j);
    return [fs.map((f) => f() + f()), gs.map((g) => g())];`,
  "order of effects": `
    const log = []; const t = (x) => (log.push(x), x);
    class K { [t("a")] = t("field"); static [t("b")] = t("static"); [t("c")](x = t("default")) { return x; } }
    const o = { [t("d")]: t("e"), [t("f")]() { return 1; } }; new K(t("arg")).c(); t("g") + t("h") * t("i"); o[t("f")](t("last"));
    ((x = t("p"), { y = t("q") } = {}) => 1)(); return log;`,
  "tagged templates see one list":
    "const tag = (s, ...v) => [s, s.raw.join('|'), v]; const f = () => tag`a${1}\\n${2}b`; return [f()[0] === f()[0], f()[1], f()[2]];",
  "eval and with": `const x = 1; const f = function (c) { return eval(c); }; const g = new Function("a", "return a * 2"); with ({ y: 5 }) { return [f("x + 1"), g(4), y]; }`,
  "recursion through an inner name": `const f = function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }; return [f(5), f.name];`,
  "bind, call and apply": `
    function f(a, b) { return [this.k, a, b]; } const g = f.bind({ k: 1 }, 2); const o = { bind(x) { return x; } };
    return [g(3), g.name, g.length, o.bind(4), f.call({ k: 5 }, 6, 7), f.apply({ k: 8 }, [9, 0])];`,
  "private methods with the names of conversions": `
    class C { #valueOf(x) { return x * 2; } static #toString(x) { return x * 3; } m(x) { return this.#valueOf(x) + C.#toString(x); } } return new C().m(2);`,
  "accessors of classes": `
    class A { static get x() { return 2; } get [Symbol.toStringTag]() { return "Tag"; } set only(v) { this.v = v; } }
    const a = new A(); a.only = 3; return [A.x, String(a), a.v, a.only, Object.keys(a)];`,
  errors: `class E extends Error { constructor(m) { super(m); this.name = "E"; } } try { throw new E("x"); } catch (e) { return [String(e), e instanceof E, Object.keys(e)]; }`,
  "wrong calls": `const o = {}; try { o.f(1); } catch (e) { return e.message; }`,
  "a class called": `class C { constructor() { this.x = 1 * 2; } } try { C(); } catch (e) { return e.message; }`,
  "arrows behind comments": `
    const f = (a = ("=>", 1) /* => */, // =>
      c = /=>/ /* / => */) /* / */ => (b) => (a = a + b, [a, c.source]);
    return [f(1)(2), f()(3)];`,
  "names that look like ours": `const $_w = 5, $_ = 6, $_S = 7; const f = (x) => x * $_w + $_ + $_S; return f(2);`,
};

describe("annotation", () => {
  for (const [name, code] of Object.entries(programs))
    it(`keeps ${name}`, () => {
      const [plain, prepared] = both(code);
      assert.deepEqual(prepared, plain);
      assert.doesNotMatch(String(plain), /^SyntaxError/, "the program itself is sound");
    });

  it("keeps a first line for the shell, and the lines of the program", () => {
    const source = "#!/usr/bin/env node\n'use strict';\nconst f = (x) => x;\nmodule.exports = f;\n";
    const { code } = prepareSource(source, { file: "shebang.js", kind: "commonjs" });
    assert.equal(code.split("\n")[0], "#!/usr/bin/env node");
    assert.equal(code.split("\n").length, source.split("\n").length);
  });

  it("leaves a program without functions as it is", () => {
    const source = "const a = 1;\nconsole.log(`${a}`);\n";
    assert.equal(prepareSource(source, { file: "none.js", kind: "module" }).code, source);
  });

  it("keeps the text of a function that is asked for, up to its own braces", () => {
    const [plain, prepared] = both("const f = (x, y) => x * y + 1; return [String(f), f + ''];");
    assert.deepEqual(prepared, plain);
  });

  it("reports positions by its source map in the lines given", () => {
    const source = "const f = (x) => {\n  if (x > 1) throw new Error('here');\n  return x;\n};\nf(2);\n";
    const { map } = prepareSource(source, { file: "m.js", kind: "commonjs" });
    const { sources, mappings } = JSON.parse(map);
    assert.deepEqual(sources, ["m.js"]);
    assert.ok(mappings.length > 20);
  });

  it("maps every token of the plain text to where it stood", () => {
    const source = `"use strict";
const f = (x, { a } = { a: 1 }) => {
  let s = 0;   for (const [i, v] of x.entries()) { s += v * a
    + i; }
  return (() => s * \`1\${
s}2\`)();
}; /* between */ class C extends Object { #n = 1; constructor(y) { super(); this.y = y * 2; }
  get n() { return this.#n * this.y; } static make(y) { return new C(y); } }

function last(x) { return f.bind(null, x) } let kept; const set = (v) => { kept = v; }; new Proxy(C, { });`;
    const { code, map } = prepareSource(source, { file: "m.js", kind: "commonjs" });
    const lineStarts = (text: string) => [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
    const [plain, prepared] = [lineStarts(source), lineStarts(code)];
    const copies = new Map<number, number[]>();
    decode(JSON.parse(map).mappings).forEach((segments, row) => {
      for (const [column, , line, at] of segments as [number, number, number, number][]) {
        const offset = plain[line] + at;
        copies.set(offset, [...(copies.get(offset) ?? []), prepared[row] + column]);
      }
    });
    for (const { start, end } of tokenizer(source, { ecmaVersion: "latest" })) {
      const text = source.slice(start, end);
      const found = copies.get(start)?.some((at) => code.startsWith(text, at));
      // `.bind(` becomes a call of the recorder's
      assert.ok(found || /^\.|^bind|^\($/.test(text), `${text} at ${start}`);
    }
  });

  it("takes no character of the user's for a mark", () => {
    const text = "\x01 \x02 \x01a\x02 \uE0001\uE001 \x01";
    const code = `const f = (x) => x > 0 ? "${text}" : \`${text}${"${x}"}\`; return [f(1), f(0), f];`;
    const [plain, prepared] = both(code) as [[string, string], [string, string, unknown]];
    assert.deepEqual(prepared.slice(0, 2), plain.slice(0, 2));
    const recording = recordingOf(prepared[2]) as (x: number) => unknown;
    assert.deepEqual([recording(1), recording(0)], plain.slice(0, 2));
  });
});

describe("scopes", () => {
  /** The activity of each variable of a program, by name. */
  function activities(code: string): Record<string, string> {
    const program = parse(code, "script");
    const { bindingOf } = analyzeScopes(program);
    return Object.fromEntries([...bindingOf.values()].map((binding) => [binding.name, binding.activity]));
  }
  const expression = (code: string) => {
    const program = parse(code, "script");
    return activityOf(program.body.at(-1)!.expression as Node, analyzeScopes(program).bindingOf);
  };

  it("counters and sizes are numbers, texts are passive, what comes from outside is active", () => {
    const found = activities(`function f(x, n) {
      const size = 3, text = "a" + 1; let i = 0, sum = 0, flag = false;
      for (; i < size; i++) sum += x * i;
      flag = x > 2; return flag ? sum : text; }`);
    assert.deepEqual(
      Object.fromEntries(["size", "i", "flag", "x", "sum", "n"].map((name) => [name, found[name]])),
      { size: "number", i: "number", flag: found.flag, x: "active", sum: "active", n: "active" },
    );
    assert.notEqual(found.flag, "active");
    assert.notEqual(found.f, "active");
  });

  it("activity spreads through assignments until nothing changes", () => {
    const found = activities(
      "function f(x) { let a = 1, b = 2, c = 3; for (let k = 0; k < 3; k++) { c = b; b = a; a = x; } return c; }",
    );
    assert.deepEqual([found.a, found.b, found.c, found.k], ["active", "active", "active", "number"]);
  });

  it("expressions", () => {
    assert.equal(expression("1 + 2 * 3"), "number");
    assert.equal(expression("`a`"), "passive");
    assert.equal(expression("a < b"), "passive");
    assert.equal(expression("unknown"), "active");
    assert.equal(expression("[1]"), "passive");
    assert.equal(expression("f(1)"), "active");
    assert.equal(expression("NaN"), "number");
    assert.equal(expression("undefined"), "passive");
  });

  it("every name finds its own declaration", () => {
    const program = parse("let x = 1; function f(x) { { let x = 2; x; } return x; } x;", "script");
    const { bindingOf } = analyzeScopes(program);
    const places: [number, number][] = [];
    const look = (node: Node): void => {
      const binding = node.type === "Identifier" ? bindingOf.get(node) : undefined;
      if (binding?.name === "x") places.push([node.start, binding.node.start]);
      forEachChild(node, look);
    };
    look(program);
    assert.deepEqual(places, [
      [4, 4],
      [22, 22],
      [33, 33],
      [40, 33],
      [52, 22],
      [57, 4],
    ]);
  });

  it("eval is noticed in the functions around it", () => {
    const program = parse("function f(x) { return () => eval('x'); } function g(x) { return x; }", "script");
    const names = [...analyzeScopes(program).withEval].map((node) => node.id?.name ?? "arrow");
    assert.ok(names.includes("f") && !names.includes("g"), names.join());
  });
});
