/**
 * What preparing costs: annotating a cell of a hundred lines, beside converting the same text from TypeScript: as the
 * kernel converts a cell (types checked, its names known to later cells), and with the types stripped alone.
 *
 * Run: node --import wengert/register test/bench/annotate.ts
 * Prints milliseconds (median and minimum of repeated runs) of the TypeScript conversion, of parsing alone, and of the
 * annotation with its source map; the size of the text before and after. Then annotation by conversion for cells of
 * other kinds: the first ones of a new kernel, and the same when they have come often.
 */

import typescript from "typescript";
import { Cells } from "#kernel/compiler/cells.js";
import { rewrite } from "#kernel/compiler/rewrite.js";
import { rehearseMeanwhile } from "#kernel/evaluator/prepare.js";
import { prepareSource } from "#lib/prepare.js";
import { stripTypes } from "#lib/prepare-file.js";
import { parse } from "#lib/source/syntax.js";

/** Twenty lines of the kind that a lecture's cell holds. */
const part = (k: number) => `
interface Layer${k} { weights: number[][]; bias: number[] }
const activate${k} = (x: number): number => Math.tanh(x) + 0.1 * x;
function apply${k}({ weights, bias }: Layer${k}, x: number[]): number[] {
  return weights.map((row, i) => activate${k}(row.reduce((s, w, j) => s + w * x[j], bias[i])));
}
class Model${k} {
  constructor(private readonly layers: Layer${k}[], readonly rate = 0.01) {}
  run(x: number[]): number[] {
    let y = x;
    for (const layer of this.layers) y = apply${k}(layer, y);
    return y;
  }
  loss(x: number[], t: number[]): number {
    let sum = 0;
    this.run(x).forEach((v, i) => { sum += (v - t[i]) ** 2; });
    return sum / t.length;
  }
}
const step${k} = (p: number[], g: number[], r = 0.1): number[] => p.map((v, i) => v - r * g[i]);
`;
const cell = [1, 2, 3, 4, 5].map(part).join("");

/** Milliseconds of several ways, run in turns, so that other work on the machine meets all of them alike. */
function times<Name extends string>(ways: Record<Name, () => unknown>) {
  const all = Object.entries<() => unknown>(ways).map(([name, run]) => ({ name, run, took: [] as number[] }));
  for (let k = 0; k < 200; k++)
    for (const { run, took } of all) {
      const start = performance.now();
      run();
      took.push(performance.now() - start);
    }
  return Object.fromEntries(
    all.map(({ name, took }) => {
      const sorted = took.slice(20).sort((a, b) => a - b);
      return [name, { median: sorted[sorted.length >> 1], least: sorted[0] }];
    }),
  ) as Record<Name, { median: number; least: number }>;
}

/** Other cells, of a few lines each. */
const kinds: Readonly<Record<string, (k: number) => string>> = {
  expression: (k) => `Math.round(100 * Math.sin(${k})) / 100`,
  function: (k) => `const f${k} = (x1: number, x2: number) => x1 * x2 + Math.sin(x1);\nf${k}(2, 3)`,
  use: (k) => `
const data${k} = Array.from({ length: 20 }, (_, i) => [i / 10, Math.sin(i / 10)] as const);
let w${k} = [0.1, 0.2, 0.3];
const loss${k} = (w: number[]) => data${k}.reduce((s, [x, y]) => s + (w[0] + w[1] * x + w[2] * x * x - y) ** 2, 0);
for (let i = 0; i < 10; i++) w${k} = w${k}.map((v) => v - 0.01 * loss${k}(w${k}));
loss${k}(w${k})`,
  lecture: part,
  arithmetic: (k) => `
function energy${k}(m1: number, m2: number, l1: number, l2: number, t1: number, t2: number, w1: number, w2: number) {
  const y1 = -l1 * Math.cos(t1), y2 = y1 - l2 * Math.cos(t2);
  const potential = m1 * 9.81 * y1 + m2 * 9.81 * y2, v1 = (l1 * w1) ** 2, v2 = (l2 * w2) ** 2;
  const kinetic = 0.5 * m1 * v1 + 0.5 * m2 * (v1 + v2 + 2 * l1 * l2 * w1 * w2 * Math.cos(t1 - t2));
  const a = Math.exp(-(y1 * y1)) / (1 + Math.sqrt(y2 * y2 + 1e-9)), b = Math.log(1 + a * a) - 3 * a + 2;
  return kinetic + potential + a * b - (a + b) * (a - b) / (1 + a * b);
}`,
  loops: (k) => `
function solve${k}(lower: number[], diagonal: number[], upper: number[], right: number[]): number[] {
  const n = diagonal.length;
  const c = new Array<number>(n).fill(0), d = new Array<number>(n).fill(0);
  for (let i = 0; i < n; i++) {
    const m = diagonal[i] - (i > 0 ? lower[i] * c[i - 1] : 0);
    if (i < n - 1) c[i] = upper[i] / m;
    d[i] = (right[i] - (i > 0 ? lower[i] * d[i - 1] : 0)) / m;
  }
  const x = d.slice();
  for (let i = n - 2; i >= 0; i--) x[i] -= c[i] * x[i + 1];
  return x;
}`,
  classes: (k) => `
class Vector${k} {
  constructor(readonly x: number, readonly y: number, readonly z: number) {}
  plus(o: Vector${k}): Vector${k} { return new Vector${k}(this.x + o.x, this.y + o.y, this.z + o.z); }
  times(s: number): Vector${k} { return new Vector${k}(this.x * s, this.y * s, this.z * s); }
  dot(o: Vector${k}): number { return this.x * o.x + this.y * o.y + this.z * o.z; }
  get length(): number { return Math.sqrt(this.dot(this)); }
}
class Body${k} {
  #mass: number;
  constructor(mass: number, public at: Vector${k}, public velocity: Vector${k}) { this.#mass = mass; }
  get energy(): number { return 0.5 * this.#mass * this.velocity.dot(this.velocity); }
  step(dt: number): void { this.at = this.at.plus(this.velocity.times(dt)); }
}`,
};

// as the threads of a new kernel do
const cells = new Cells(".");
cells.convert("export {}", 0, "");
await rehearseMeanwhile();

let number = 0;
/** The kernel's conversion of a text. */
function toScript(text: string): { code: string; map: string } {
  const file = `cell-${++number}.ts`;
  const { code, map } = cells.convert(text, number, file);
  return rewrite(code, map, file);
}
/** Milliseconds of the conversion and the annotation of a cell of each kind. */
function once(): [convert: number, annotate: number][] {
  return Object.values(kinds).map((text) => {
    const start = performance.now();
    const { code, map } = toScript(text(number + 1));
    const between = performance.now();
    prepareSource(code, { file: `cell-${number}.ts`, kind: "script", map });
    return [between - start, performance.now() - between];
  });
}
const first = once();

const { code, map } = stripTypes(typescript, cell, "cell.ts", "module");
const prepared = prepareSource(code, { file: "cell.ts", kind: "module", map });
console.log(
  `${cell.trim().split("\n").length} lines; ${code.length} characters of JavaScript, ${prepared.code.length} prepared`,
);

/** A cell's conversion, each time a little changed, as a user changes it. */
const convert = () => toScript(cell.replaceAll("0.01", `0.0${number + 1}`));
const converted = convert();
const measured = times({
  "conversion by the kernel": convert,
  "annotation of that": () =>
    prepareSource(converted.code, { file: "cell.ts", kind: "script", map: converted.map }),
  "types stripped alone": () => stripTypes(typescript, cell, "cell.ts", "module"),
  parsing: () => parse(code, "module"),
  annotation: () => prepareSource(code, { file: "cell.ts", kind: "module", map }),
});
for (const [name, { median, least }] of Object.entries(measured))
  console.log(`${name.padEnd(26)} median ${median.toFixed(2)} ms, least ${least.toFixed(2)} ms`);
const share = (which: "median" | "least"): string => {
  const part = measured["annotation of that"][which] / measured["conversion by the kernel"][which];
  return `${(100 * part).toFixed(1)} % (${which} times)`;
};
console.log(`annotation / conversion by the kernel: ${share("least")}, ${share("median")}`);

const often = Array.from({ length: 60 }, once).slice(20);
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1).padStart(5)} %`;
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
for (const [k, name] of Object.keys(kinds).entries()) {
  const [least, median] = [0, often.length >> 1].map((at) =>
    [0, 1].map((part) => often.map((cells) => cells[k][part]).sort((a, b) => a - b)[at]),
  );
  console.log(
    `${name.padEnd(10)} ${percent(least[1], least[0])} (least times), ${percent(median[1], median[0])} (median times)`,
  );
}
console.log(
  `all ${first.length}, first: ${percent(sum(first.map(([, a]) => a)), sum(first.map(([c]) => c)))}`,
);
