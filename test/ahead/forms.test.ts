/**
 * Modules for functions of many forms: in both modes they compile under the strictest rules, give the numbers of the
 * library, leave arguments and directions as a plain call does, call after call, and read like code by hand.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { jvp, valueAndGrad, vjp } from "wengert";
import { Refusal } from "#lib/ahead/index.js";
import { copy } from "../corpus/flat.ts";
import { agree } from "../transform/agree.ts";
import * as corners from "./corners.ts";
import * as forms from "./forms.ts";
import { Way } from "./forms-parts.ts";
import * as steppers from "./steppers.ts";
import { compilerFaults, type F, load, written } from "./written.ts";

interface Case {
  /** Positions that are no number to differentiate by: counts. */
  readonly passive?: readonly number[];
  /** Whether the types leave the kinds open. */
  readonly example?: boolean;
  readonly args: readonly unknown[];
}
const of = (...args: unknown[]): Case => ({ args });
const counting = (passive: number, ...args: unknown[]): Case => ({ args, passive: [passive] });
const like = (...args: unknown[]): Case => ({ args, example: true });
const floats = (...numbers: number[]) => Float64Array.of(...numbers);
const layers = [
  { w: [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], b: [0.1, 0.2, 0.3] },
  { w: [[0.3, -0.2, 0.7], [0.1, 0.9, -0.5]], b: [0.05, -0.1] },
]; // biome-ignore format: a table
const bodies = [
  { p: [1, 2], v: [0.1, 0.2], m: 2 },
  { p: [3, 1], v: [0.4, 0.2], m: 0.5 },
];
const grid = [[1, 2, 3, 4], [5, 6, 7, 8], [1, 0, 2, 1], [3, 2, 1, 0]]; // biome-ignore format: short
const vec = (x: number, y: number) => ({ x, y });

// biome-ignore format: a table
const cases: Record<string, Case> = {
  writtenTuple: of([[1, 2], 3]),
  mixedTuples: of({ q: [[1, 2, 3], 0.5], r: [[0.3, 0.4], [[1, 2], [3]]] }, 1.5),
  partsOfTuple: of([2, [1, 3], [0.5, 0.7]]),
  triples: of([[[1, 2], 3], [[4, 5], 6]]),
  inherited: of({ inner: { p: [0.5, 2], q: vec(3, 4) }, flag: true, name: "d", w: [1, 2] }),
  boxes: of({ value: [1, 2], weight: 0.5 }, { value: [3, 4], weight: 2 }),
  halved: counting(2, vec(1, 2), vec(0.5, 0.25), 3),
  optional: like({ x: 1, y: 2, z: 3 }),
  mappedTwice: of([[1, 2], [3, 4]], [0.5, 0.6]),
  matrixProduct: of([[1, 2], [3, 4]], [[0.5, 1, 2], [0.6, 3, 4]]),
  floatRows: of([floats(1, 2), floats(3, 4), floats(5, 6)], floats(0.5, 0.25)),
  weightedRows: of([[1, 2], [3]]),
  logDeterminant: of([[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]]),
  diffused: counting(2, floats(1, 2, 0.5, 3, 1), 0.2, 4),
  oscillated: counting(2, [1, 0.5], 2, 5),
  attracted: counting(4, [0, 1, 2.5], [0.1, 0, -0.2], [1, 2, 0.5], 0.1, 3),
  squareRoot: of(2, 1e-10),
  settled: of(1.2),
  powered: counting(1, 1.5, 1),
  enumerated: counting(1, [1, -2, 3, 11, 4], Way.Down),
  defaults: of(2),
  nullable: like(2, 3),
  series: counting(0, 3, 0.7),
  standardized: of([1, 2, 4]),
  longest: of([1, 5, 2], [1, 2, 2]),
  network: of(layers, [0.3, 0.5]),
  crossEntropy: of(layers, [0.3, 0.5], [0, 1]),
  likelihood: of({ mu: [0.1, 0.2], log: [0.3, -0.1] }, [[1, 2], [0.5, 0.1], [-1, 0]]),
  destructured: of({ a: 2, b: [3, 4] }, [5, 6, 7]),
  relaxed: of([1, 2, 3], { rate: 0.1, steps: 3 }),
  pairs: of([1, 2, 3]),
  smoothed: counting(1, grid, 2),
  floatsBeside: of(floats(1, 2), [3, 4]),
  crossed: counting(1, { a: [1, 2], b: [3, 4] }, 3),
  nearest: of([1, 2, 3], [1.5, 2.1, 7]),
  bump: of(0.5, 0.7),
  shoelace: like([vec(0, 0), vec(2, 1), vec(1, 3)]),
  recorded: of([1, 2, 3], 0.5),
  rotated: of([0.5, 0.1, 0.2, 0.3], [1, 2, 3]),

  arraysOfFloats: of([1, 2]),
  givenBack: of([1, 2], 3),
  recordGivenBack: of({ p: [1, 2], m: [3, 4] }, 2),
  partGivenBack: of({ p: [1, 2], m: [3, 4] }),
  tupleOfTuples: of(0.5),
  extremes: of([1, 3, 2]),
  power: of(2),
  overloaded: like(2, 3),
  constantTable: of([1, 2, 3]),
  picked: of({ a: 1, b: 2 }, { a: 3, b: [4] }),
  intersected: of({ a: 1, b: [2, 3] }),
  tagged: like({ kind: "circle", r: 2 }),
  defaultRecord: of(2),
  optionalMember: like(2, { scale: 3, list: [1] }),
  nullableMember: like({ v: 2, w: 3 }),
  labels: of([1, 2, 3], 2.5),
  counted: of(3),
  early: of([1, 3, 2]),
  reversed: of([1, 2, 3]),
  rest: of([1, 2, 3, 4]),
  filtered: of([[1, 2], [3]]),
  determinant: of([[1, 2, 0.5], [3, 4, 1], [0.2, 1, 5]]),
  stacked: counting(1, [1, 2, 3, 4], 4),
  closures: of(1.5),
  namesOfOurs: of([1, 2], 0.3, 0.4, 2, 3, [0.1, 0.2], 0.5),
  moreNames: of([1, 2], 0.5, 0.7, [0.1]),
  namedTape: of({ w: 2 }, { w: { w: 3 } }),
  oddNames: of(1, 2, 3),
  unread: counting(2, 2, 3, "a", [1]),
  numberedNames: of({ w1: 1, w2: 2 }, 3),
  keptNames: of([0.1, 0.2], [[1, 2], [3, 4]], { top: 0.5 }),
  generic: of({ x: 1, y: [2] }),
  genericPairs: of({ x: [1, 2], y: [[3, 4]] }),
  bounded: like({ a: 1 }),
  summed: of([vec(1, 2), vec(3, 4)]),
  readonlyPairs: of([vec(1, 2), vec(3, 4)], [[1, 2], [3, 4]]),
  nestedReadonly: like({ list: [{ p: [1, 2] }, { p: [3, 4] }] }),
  leapfrog: counting(2, bodies, 0.1, 3),
  replacedRecords: of([{ p: [1, 2], m: 1 }, { p: [3, 4], m: 2 }], 0.1),
  twoLists: counting(1, [[1, 2], [3, 4]], 3),
  listsWithNumbers: of([[[1, 2], 3], [[4], 5]], 2),
  floatsInTuple: of({ t: [floats(1, 2), [3, 4]] }),
  deepTuple: counting(1, [[1, 2], { a: 3, b: [4, [5]] }], 2),
  tuplesInTuples: of([[1, [2, [3]]], [4, [5, [6, 7]]]]),
  gathered: counting(1, [1, 2, 3], Int32Array.of(2, 0)),
  coupledGrids: counting(1, { u: [1, 2, 3, 1], v: [0.1, 0.2, 0.3, 0.4], dx: 0.5 }, 3),
  path: counting(2, { x: 1, v: 0.5 }, 2, 3),
  rungeKutta: counting(3, [1, 0.5], { a: 1, b: 0.7 }, 0.1, 3),
  activations: of([0.1, 0.2], [[1, 2], [3, 4]]),
  exchanged: of([1, 2], [3, 4]),
  closest: of([[1, 2], [3, 4]], [2.9, 3]),
  clipped: of([1, 2, 3], 1.5, 2.5),
  halfSquares: of([1, 2]),
  hornerPair: of([1, 2, 3], 0.5),
  chosenTuple: of([[1, [2]], [3, [4]]]),
};

/** What is refused, at which words, and the way out. */
const refused: readonly (readonly [name: string, says: RegExp, example?: readonly unknown[]])[] = [
  ["ofClass", /p\[0\] is an object of the class Particle; give it an interface/],
  ["centre", /ps\[0\] is an object of the class Particle/],
  ["withRest", /withRest has a rest parameter; give it a list/],
  ["optional", /p\.z may be missing; give arguments by --example/],
  ["labelled", /t\[0\] is looked at|of the type string, is looked at/],
  ["withBoolean", /a boolean is returned; return numbers/],
  ["tupleWithBoolean", /a boolean is returned; return numbers/],
  ["indexed", /the type Record<string, number> of v does not say of what kind it is/],
  ["called", /f holds no number to differentiate by; give it one that is or holds numbers/],
  ["asked", /name, of the type string, is looked at; give its value by --example, or a literal type \(/],
  ["tagged", /the type Shape of s does not say of what kind it is/],
];

const functions = { ...forms, ...corners, ...steppers } as unknown as Record<string, F>;
const fileOf = (name: string): string => {
  const [file] = Object.entries({ forms, corners, steppers }).find(([, all]) => name in all) as [
    string,
    object,
  ];
  return `test/ahead/${file}.ts`;
};

/** Lines that nobody would leave in a review. */
const unkempt: readonly RegExp[] = [
  // products of numbers, doubled brackets, what has an operator of its own
  /(?<![\w$.)\]])\d[\d.]* [*/] \d/,
  /(?<!\w)\(\([^()]*\)\)/,
  /^\s*([\w$.[\]]+) = \1 [-+*/] [\w$.[\]]+;$/,
  /\b([\w$]+): \1[,} ]/,
  /--|\+ -\w|- -\w|\* 1\b(?!\.)|\+ 0;/,
];

describe("functions of many forms ahead of time", function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "wengert-forms-"));
  const files: string[] = [];
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, { args, passive = [], example }] of Object.entries(cases)) {
    const f = functions[name];
    const given = () => copy(args) as any[];
    const wrt = args.flatMap((_, k) => (passive.includes(k) ? [] : [k]));
    const module = (mode: "reverse" | "forward") => {
      const text = written(fileOf(name), name, {
        mode,
        wrt: wrt.map(String),
        example: example ? given() : null,
      });
      const file = join(folder, `${name}-${mode}.ts`);
      writeFileSync(file, text);
      files.push(file);
      const own = text.split("\n").filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
      for (const line of own) {
        assert.ok(line.length <= 110, line);
        for (const pattern of unkempt) assert.doesNotMatch(line.replace(/\w+--/, ""), pattern);
      }
      return load(text);
    };

    it(`${name}: reverse`, async () => {
      const found = await module("reverse");
      const [ours, plain] = [given(), given()];
      let value: unknown;
      let gradient: unknown;
      let run: (...point: any[]) => { value: unknown; gradient: unknown };
      if (found[`${name}Gradient`]) {
        ({ value, gradient } = valueAndGrad(f, { wrt: wrt.length === 1 ? wrt[0] : wrt } as never)(
          ...plain,
        ) as any);
        run = found[`${name}Gradient`];
      } else {
        const { value: primal, pullback } = vjp(f)(...plain);
        const all = pullback(copy(primal) as never) as unknown[];
        value = primal;
        gradient = wrt.length === 1 ? all[wrt[0]] : wrt.map((k) => all[k]);
        run = (...point) => found[`${name}Pullback`](...point, copy(primal));
      }
      const first = run(...ours);
      agree(first.value, value, "value");
      agree(first.gradient, gradient, "gradient");
      assert.deepEqual(ours, plain, "the arguments afterwards");
      const kept = copy(first);
      assert.deepEqual(run(...given()), first, "a second call");
      assert.deepEqual(first, kept, "the first result after the second call");
    });

    it(`${name}: forward`, async () => {
      const tangent = (await module("forward"))[`${name}Tangent`];
      const [ours, plain] = [given(), given()];
      const directions = () => wrt.map((k) => given()[k]);
      const along = given().map((arg, k) => (wrt.includes(k) ? arg : zero(arg)));
      const expected = jvp(f)(plain as never, along as never);
      const mine = directions();
      const first = tangent(...ours, ...mine);
      agree(first.value, expected.value, "value");
      agree(first.tangent, expected.tangent, "tangent");
      assert.deepEqual([ours, mine], [plain, directions()], "arguments and directions afterwards");
      assert.deepEqual(tangent(...given(), ...directions()), first, "a second call");
    });
  }
  const zero = (arg: unknown): unknown => (typeof arg === "number" ? 0 : arg);

  it("all compile under the strictest rules", () => {
    assert.equal(files.length, 2 * Object.keys(cases).length);
    assert.deepEqual(
      compilerFaults(files, { noUnusedParameters: true, exactOptionalPropertyTypes: true }),
      [],
    );
  });

  for (const [name, says, example] of refused)
    it(`${name} is refused, with a way out`, () => {
      assert.throws(
        () => written(fileOf(name), name, { example: example ?? null }),
        (error) => {
          assert.ok(error instanceof Refusal, String(error));
          assert.match(error.message, says);
          assert.equal(error.place?.file, fileOf(name));
          return true;
        },
      );
    });
});

describe("types and names of modules", function () {
  this.timeout(600_000);
  const signature = (name: string, mode: "reverse" | "forward" = "reverse") =>
    written(fileOf(name), name, { mode }).replace(/\s+/g, " ");

  it("results, cotangents and tangents have the types that the function gives them", () => {
    assert.match(
      signature("rotated"),
      /cotangent: \[number, number, number\], \): \{ value: \[number, number, number\];/,
    );
    assert.match(signature("halved"), /\{ value: Vec; gradient: \[\{ x: number; y: number \}/);
    assert.match(signature("shoelaceOfPoints"), /\{ value: number; gradient: Plain\[\] \}/);
    assert.match(
      signature("moved", "forward"),
      /bsDot: Plain\[\], hDot: number, \): \{ value: Plain\[\]; tangent: Plain\[\] \}/,
    );
    assert.match(
      signature("namedTape"),
      /a: Tape, b: \{ w: Tape \}, cotangent: Tape, \): \{ value: Tape; gradient: \[Tape, \{ w: Tape \}\]/,
    );
  });
  it("a gradient is of the type of its argument, as a variable of that type takes it", () => {
    const text = written("test/ahead/found.ts", "energy");
    const use = `${text}\nexport const all: Body[] = energyGradient([]).gradient;\nexport const pos: [number, number] = all[0].pos;\n`;
    const { diagnostics = [] } = ts.transpileModule(use, { reportDiagnostics: true });
    assert.deepEqual(diagnostics, []);
    const faults = faultsOf(use);
    assert.deepEqual(faults, []);
  });
  it("constants meet, products have no brackets, and what is used once has no name", () => {
    assert.match(written(fileOf("halfSquares"), "halfSquares"), /^ {4}xBar\[k\] = v;$/m);
    assert.match(signature("halfSquares", "forward"), / sDot \+= xDot\[k\] \* v; /);
    assert.match(signature("relaxed"), / out\[i\] = w\d+ \+ rate \* w\d+; /);
    assert.match(signature("exchanged"), / a\[i\] = b\[i\] \* t; | a\[i\] = w\d \* t; /);
  });
  it("names that no other variable has in a block have no number", () => {
    const text = written(fileOf("standardized"), "standardized");
    assert.doesNotMatch(text, /\b(?:k|b)\d\b/);
    assert.match(text, /return \{ value: \{ mean, var: v, z \}, gradient: xBar \};/);
  });
});

function faultsOf(text: string): string[] {
  const name = "/use.ts";
  const options = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ["lib.es2022.d.ts"],
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) =>
    file === name ? ts.createSourceFile(file, text, version, true) : read(file, version);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
