// Recording programs that are written when they are asked for: the corpus as cells, what they mean and where they stand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import vm from "node:vm";
import typescript from "typescript";
import { grad, hessian, jacobian, jvp, trace, vjp } from "wengert";
import { rewrite } from "#kernel/compiler/rewrite.js";
import { prepareSource } from "#lib/prepare.js";
import { stripTypes } from "#lib/prepare-file.js";
import { WengertError } from "#lib/source/positions.js";
import { recordingOf } from "#lib/source/registry.js";
import { plainFunctionOf } from "#lib/source/sites.js";
import { type Entry, takeNotes } from "../corpus/entry.ts";
import { copy, flatten } from "../corpus/flat.ts";
import { modules } from "../corpus/index.ts";

const scope = globalThis as unknown as Record<string, any>;
const declared = new Set<string>();

/** Runs a text as the kernel runs a cell: its names become global. */
async function cell(source: string, file = "cell.ts"): Promise<string> {
  const stripped = stripTypes(typescript, source, file, "module");
  const { code, map, names } = rewrite(stripped.code, stripped.map as string, file);
  for (const name of names) {
    assert.ok(declared.has(name) || !(name in scope), `${name} is nobody else's`);
    declared.add(name);
    scope[name] = undefined;
  }
  const prepared = prepareSource(code, { file, kind: "script", map }).code;
  const frame = `(async function () { "use strict"; let $$value;\n${prepared}\n})`;
  await vm.runInThisContext(frame, { filename: file, lineOffset: -1 })();
  return prepared;
}

function forget(): void {
  for (const name of declared) delete scope[name];
  declared.clear();
}

/** What the tape says of an entry; its effects, and what it leaves in its arguments. */
function outcome({ f, args }: Entry): unknown {
  const actual = copy(args) as any[];
  takeNotes();
  const g = f as (...args: any[]) => any;
  const result = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return String(error).replace(/\(\d+:\d+\)/, "");
    }
  };
  const rows = ["forward", "reverse"].map((mode) =>
    result(() => jacobian(g, { mode: mode as "forward", engine: "tape" })(...actual)),
  );
  return [rows, flatten(actual), takeNotes()];
}

describe("late recording programs", () => {
  before(() => {
    scope.$$kernel = {
      load: (name: string) => import(name.startsWith("./") ? `../corpus/${name.slice(2)}` : name),
      named: (f: Function, name: string) => Object.defineProperty(f, "name", { value: name }),
    };
  });
  after(() => {
    delete scope.$$kernel;
  });
  afterEach(forget);

  for (const [file, group] of modules)
    it(`are those of the corpus: ${file}`, async () => {
      const name = file.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
      const path = new URL(`../corpus/${file}.ts`, import.meta.url);
      await cell(readFileSync(path, "utf8"), `${file}.ts`);
      const entries = scope[name] as Entry[];
      assert.equal(entries.length, group.length);
      entries.forEach((entry, k) => {
        assert.deepEqual(outcome(entry), outcome(group[k]), entry.name);
      });
    });

  it("leave no text of theirs in the cell", async () => {
    const prepared = await cell(`
      const square = (x: number) => x * x;
      function sum(...xs: number[]) { let s = 0; xs.forEach((x) => { s += x; }); return s; }
      class Point {
        constructor(readonly x: number, readonly y = 2 * x) {}
        static of(x: number) { return new Point(x); }
        get length() { return Math.hypot(this.x, this.y); }
        scaled(k: number) { return new Point(k * this.x, k * this.y); }
      }
      const o = { cube(x: number) { return x * square(x); } };`);
    assert.doesNotMatch(prepared, /reserve/);
    assert.equal(grad((x: number) => scope.Point.of(x).scaled(scope.o.cube(x)).length)(2), 32 * Math.sqrt(5));
    assert.equal(grad(scope.square)(3), 6);
    assert.deepEqual(grad(scope.sum)(1, 2), [1, 1]);
  });

  it("stand beside their functions where they need what is around", async () => {
    const prepared = await cell(`
      const times = (k: number) => (x: number) => k * x;
      const fs: ((x: number) => number)[] = [];
      for (const k of [1, 2, 3]) fs.push((x) => k * x * x);
      class Base { value(x: number) { return x * x; } }
      class Kept extends Base {
        #scale = 3;
        value(x: number) { return this.#scale * super.value(x); }
        field = (x: number) => x * this.value(1);
        lazily() { return (x: number) => x * this.value(x); }
      }
      const kept = new Kept();`);
    assert.match(prepared, /reserve/);
    assert.equal(grad(scope.times(5))(2), 5);
    assert.deepEqual(
      scope.fs.map((f: (x: number) => number) => grad(f)(2)),
      [4, 8, 12],
    );
    const { kept } = scope;
    assert.equal(grad((x: number) => kept.value(x))(2), 12);
    assert.equal(grad(kept.field)(2), 3);
    assert.equal(grad(kept.lazily())(2), 36);
  });

  it("mean the class they stand in, also when its name has another", async () => {
    await cell(`
      class Scale {
        static k = 2;
        static of(x: number) { return Scale.k * x; }
        twice(x: number) { return new Scale().times(x) + Scale.of(x); }
        times(x: number) { return Scale.k * x * x; }
        get own() { return Scale.k * 1; }
      }
      const first = Scale;`);
    await cell(`class Scale { static k = 1000; static of(x: number) { return x; } }`);
    const { first } = scope;
    assert.equal(grad(first.of, { engine: "tape" })(3), 2);
    assert.equal(grad((x: number) => new first().twice(x), { engine: "tape" })(3), 14);
    assert.equal(grad((x: number) => x * new first().own, { engine: "tape" })(3), 2);
    assert.equal(plainFunctionOf(first.of)?.read("Scale"), first);
  });

  it("reach private members of the class they stand in, once for each class", async () => {
    const prepared = await cell(`
      const made: any[] = [];
      for (const k of [1, 2]) made.push(class Body {
        static #made = 0;
        #mass: number;
        #at = { x: 0 };
        constructor(mass: number, x = mass) { this.#mass = mass * 1; this.#at.x = x; Body.#made++; }
        static get made() { return Body.#made + 0 * k; }
        get mass() { return this.#mass * 1; }
        set mass(m: number) { this.#mass = m * 1; }
        #energy(v: number) { return 0.5 * this.#mass * v * v; }
        energy(v: number) { return #mass in this ? this.#energy(v) + this.#at.x : 0; }
        moved(x: number) { const next = new Body(this.#mass); next.#at.x += x; next.mass *= x; return next; }
      });`);
    const [A, B] = scope.made;
    for (const C of [A, B]) Object.freeze(Object.freeze(C).prototype);
    assert.match(prepared, /\["moved", null/);
    for (const C of [A, B]) {
      const f = (m: number, v: number) => new C(m).moved(v).energy(v) as number;
      // ½ m v³ + m + v
      assert.deepEqual(grad(f, { engine: "tape" })(2, 3), [0.5 * 27 + 1, 0.5 * 2 * 27 + 1]);
      assert.deepEqual(grad(f)(2, 3), [0.5 * 27 + 1, 0.5 * 2 * 27 + 1]);
      assert.equal(C.made, 4);
      assert.equal(plainFunctionOf(C.prototype.moved)?.read("Body"), C);
    }
  });

  it("and free variables are those of now", async () => {
    await cell("let a = 2; const f = (x: number) => a * x * x; const g = (x: number) => f(x) + missing * 0;");
    const f = (x: number) => scope.f(x);
    assert.equal(grad(f, { engine: "tape" })(3), 12);
    await cell("a = 5;");
    assert.equal(grad(f, { engine: "tape" })(3), 30);
    await cell("f = (x) => x;");
    assert.equal(grad(f, { engine: "tape" })(3), 1);
    assert.equal(plainFunctionOf(scope.f)?.read("Math"), Math);
    const g = plainFunctionOf(scope.g);
    assert.equal(g?.read("f"), scope.f);
    assert.throws(() => g?.read("missing"), ReferenceError);
    assert.throws(() => grad(scope.g, { engine: "tape" } as never)(3), /missing is not defined/);
  });

  it("are made once for each function, and are functions and methods as these are", async () => {
    await cell(`
      function Old(this: any, x: number) { this.x = x * x; }
      const make = () => (x: number) => x * x;
      const o = { m(x: number) { return x; }, ["a" + "b"](x: number) { return x; } };
      function* steps(x: number) { yield x; yield x * x; }
      const total = (x: number) => { let s = 0; for (const y of steps(x)) s += y; return s; };`);
    const { Old, o, make, total } = scope;
    assert.equal(recordingOf(Old), recordingOf(Old));
    assert.equal(grad((x: number) => new Old(x).x as number)(3), 6);
    assert.throws(() => new (recordingOf(o.m) as any)(1), TypeError);
    assert.equal(recordingOf(o.ab)?.(3 as never), 3);
    assert.ok(plainFunctionOf(make())?.isSame(plainFunctionOf(make()) as never));
    assert.equal(grad(total)(3), 7);
    assert.equal(grad((x: number) => jvp(total as typeof Math.sin)([x], [1]).tangent)(3), 2);
    assert.deepEqual(hessian((x: number) => vjp(total as typeof Math.sin)(x).value * x)(1), [[8]]);
    assert.equal(trace(total)(2).length > 0, true);
  });

  it("speak of the cell's own lines", async () => {
    await cell(
      `interface Unused { a: number }\nconst index = (\n  xs: number[],\n  x: number,\n) =>\n  xs[x];`,
      "In[7]",
    );
    const found = (run: () => unknown): WengertError => {
      try {
        run();
      } catch (error) {
        return error as WengertError;
      }
      return assert.fail("no error");
    };
    const error = found(() => grad((x: number) => scope.index([1, 2], x), { engine: "tape" })(1));
    assert.ok(error instanceof WengertError);
    assert.deepEqual(error.place, { file: "In[7]", line: 6, column: 6 });
  });
});
