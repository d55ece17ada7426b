/**
 * What the first gradient costs: finding the derivative program of a function, and compiling it.
 *
 * Run: npm run bench first
 * Prints milliseconds of the first call of `grad` for functions of some number of lines (loops, branches, lists, small
 * helper functions): in a fresh process, where the engine itself is cold, and in one that has served others before; and
 * of the second call. Medians of several processes.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { grad } from "wengert";
import { prepareSource } from "#lib/prepare.js";

/** Eight lines each; `k` makes them differ. */
const part = (k: number): string => `
  let a${k} = ${k + 1} * total;
  for (let i = 0; i < xs.length; i++) {
    const shifted = xs[i] - 0.1 * ${k};
    if (shifted > 0) a${k} += Math.exp(-shifted * shifted);
    else a${k} -= scale(shifted, ${k});
  }
  total += Math.tanh(a${k}) / (1 + a${k} * a${k});
  const squares${k} = xs.map((x) => x * x + total); total += squares${k}.reduce((s, x) => s + x, 0);`;
const textOf = (lines: number, seed: number): string => `
const scale = (x, k) => x * Math.sin(k + x);
function f(xs) {
  let total = ${seed};${Array.from({ length: Math.round((lines - 4) / 8) }, (_, k) => part(k + seed)).join("")}
  return total;
}
return f;`;

function load(lines: number, seed: number): (xs: number[]) => number {
  const file = `first-${lines}-${seed}.js`;
  const { code } = prepareSource(textOf(lines, seed), { file, kind: "commonjs" });
  return vm.compileFunction(code, [], { filename: file })();
}
const point = [0.3, -0.2, 0.7, 1.1, -0.4, 0.5, 0.9, -1.3];
function once(f: (xs: number[]) => number): [first: number, second: number] {
  const slope = grad(f, { engine: "program" });
  const times = [0, 1].map(() => {
    const start = performance.now();
    slope(point);
    return performance.now() - start;
  });
  return [times[0], times[1]];
}
const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1];

const sizes = [12, 100, 200];
if (process.argv[2] === "--child") {
  const lines = Number(process.argv[3]);
  const [cold, second] = once(load(lines, 1));
  for (let k = 2; k < 8; k++) once(load(lines, k));
  const warm = Array.from({ length: 7 }, (_, k) => once(load(lines, 8 + k))[0]);
  process.stdout.write(JSON.stringify({ cold, second, warm: median(warm) }));
} else {
  console.log("lines of f  first call, cold process [ms]  warm process [ms]  second call [ms]");
  for (const lines of sizes) {
    const runs = Array.from({ length: 7 }, () => {
      const child = spawnSync(
        process.execPath,
        ["--import", "wengert/register", fileURLToPath(import.meta.url), "--child", String(lines)],
        { encoding: "utf8" },
      );
      if (child.status !== 0) throw new Error(child.stderr);
      return JSON.parse(child.stdout) as { cold: number; second: number; warm: number };
    });
    const of = (key: "cold" | "second" | "warm") => median(runs.map((run) => run[key])).toFixed(2);
    console.log(
      String(lines).padStart(10) +
        of("cold").padStart(31) +
        of("warm").padStart(19) +
        of("second").padStart(18),
    );
  }
}
