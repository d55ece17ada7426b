/**
 * What preparing costs: annotating a cell of a hundred lines, beside converting the same text from TypeScript: as the
 * kernel converts a cell (types checked, its names known to later cells), and with the types stripped alone.
 *
 * Run: node --import wengert/register test/bench/annotate.ts
 * Prints milliseconds (median and minimum of repeated runs) of the TypeScript conversion, of parsing alone, and of the
 * annotation with its source map; the size of the text before and after.
 */

import typescript from "typescript";
import { Cells } from "#kernel/compiler/cells.js";
import { rewrite } from "#kernel/compiler/rewrite.js";
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

const { code, map } = stripTypes(typescript, cell, "cell.ts", "module");
const prepared = prepareSource(code, { file: "cell.ts", kind: "module", map });
console.log(
  `${cell.trim().split("\n").length} lines; ${code.length} characters of JavaScript, ${prepared.code.length} prepared`,
);

const cells = new Cells(".");
let number = 0;
/** A cell's conversion, each time a little changed, as a user changes it. */
function convert(): { code: string; map: string } {
  const { code, map } = cells.convert(cell.replaceAll("0.01", `0.0${++number}`), number, `cell-${number}.ts`);
  return rewrite(code, map, `cell-${number}.ts`);
}
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
