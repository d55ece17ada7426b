/**
 * Derivative programs as texts: what a reader sees of a dozen typical functions, as it was when somebody last looked.
 *
 * Run with `UPDATE_SNAPSHOTS=1` to write them anew, and look at what changed.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor, type Request } from "#lib/transform/program.js";

const rosenbrock = (x: number[]) => {
  let s = 0;
  for (let i = 0; i + 1 < x.length; i++) s += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return s;
};
const product = (v: number[]) => {
  let p = 1;
  for (const x of v) p *= x;
  return p;
};
const lecture = (x1: number, x2: number) => Math.log(x1) + x1 * x2 - Math.sin(x2);
const logSumExp = (v: number[]) => {
  const m = Math.max(...v);
  return m + Math.log(v.map((x) => Math.exp(x - m)).reduce((s, e) => s + e, 0));
};
const oscillator = (y: Float64Array, k: number, steps: number) => {
  for (let n = 0; n < steps; n++) {
    y[1] -= 0.01 * k * y[0];
    y[0] += 0.01 * y[1];
  }
  return y[0] ** 2 + y[1] ** 2;
};
const newton = (a: number) => {
  let x = a;
  while (Math.abs(x * x - a) > 1e-10) x = 0.5 * (x + a / x);
  return x;
};
const affine = (w: number[][], x: number[], b: number[]) =>
  w.map((row, i) => Math.tanh(row.reduce((s, e, j) => s + e * x[j], b[i])));
const huber = (r: number[], delta: number) => {
  let s = 0;
  for (const e of r) {
    const a = Math.abs(e);
    if (a <= delta) s += 0.5 * e * e;
    else s += delta * (a - 0.5 * delta);
  }
  return s;
};
const cross = (a: number[], b: number[]) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: number[], b: number[]) => a.reduce((s, x, i) => s + x * b[i], 0);
const volume = (a: number[], b: number[], c: number[]) => dot(a, cross(b, c));
const energy = ({ x, y, mass }: { x: number; y: number; mass: number }) => 0.5 * mass * (x ** 2 + y ** 2);
const firstLarge = (v: number[], limit: number) => {
  for (let i = 0; i < v.length; i++) {
    if (v[i] < 0) continue;
    if (v[i] > limit) return v[i] * i;
  }
  return limit;
};
const running = (v: number[]) => {
  const sums: number[] = [];
  let s = 0;
  for (const x of v) {
    s += x;
    sums.push(s);
  }
  return sums;
};
const horner = (c: number[], x: number, k: number): number =>
  k === c.length ? 0 : c[k] + x * horner(c, x, k + 1);
const polynomial = (c: number[], x: number) => horner(c, x, 0);
const tail = (v: number[], k: number, p: number): number =>
  k === v.length ? p : tail(v, k + 1, p * Math.sin(v[k]));
const accumulated = (v: number[]) => tail(v, 0, 1);
const continued = (a: number[], k: number): number =>
  k === a.length - 1 ? a[k] : a[k] + 1 / continued(a, k + 1);
const fraction = (a: number[]) => continued(a, 0);
const split = (xs: number[], lo: number, hi: number): number => {
  if (hi - lo < 2) return Math.sin(xs[lo]) * hi;
  const middle = Math.floor((lo + hi) / 2);
  return split(xs, lo, middle) * split(xs, middle, hi);
};
const splitting = (xs: number[]) => split(xs, 0, xs.length);

const entries: [f: (...args: any[]) => unknown, args: unknown[], modes: Request["mode"][]][] = [
  [lecture, [2, 5], ["gradient", "pushforward"]],
  [rosenbrock, [[1, 2, 3]], ["gradient", "pushforward"]],
  [product, [[1, 2, 3]], ["gradient"]],
  [logSumExp, [[1, 2, 3, 4, 5, 6, 7]], ["gradient", "pushforward"]],
  [oscillator, [Float64Array.of(1, 0), 2, 10], ["gradient"]],
  [newton, [2], ["gradient", "pushforward"]],
  [affine, [[[1, 2]], [3, 4], [5]], ["pullback"]],
  [huber, [[1, 2], 0.5], ["gradient"]],
  [
    volume,
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 10],
    ],
    ["gradient"],
  ],
  [energy, [{ x: 1, y: 2, mass: 3 }], ["gradient"]],
  [firstLarge, [[1, 2, 3], 2], ["gradient"]],
  [running, [[1, 2, 3]], ["pullback", "pushforward"]],
  [fraction, [[1, 2, 3, 4, 5, 6, 7, 8]], ["gradient", "pushforward"]],
  [polynomial, [[1, 2, 3, 4, 5, 6, 7, 8], 0.5], ["gradient", "pushforward"]],
  [accumulated, [[1, 2, 3, 4, 5, 6, 7, 8]], ["gradient"]],
  [splitting, [[1, 2, 3, 4, 5, 6, 7, 8]], ["gradient", "pushforward"]],
];

describe("derivative programs as texts", () => {
  const folder = new URL("snapshots/", import.meta.url);
  for (const [f, args, modes] of entries)
    for (const mode of modes)
      it(`${f.name}, ${mode}`, () => {
        const plain = plainFunctionOf(f);
        assert.ok(plain);
        const program = programFor(plain, args, { positions: args.map((_, k) => k), mode });
        assert.ok(program instanceof Program, String(program));
        const file = new URL(`${f.name}-${mode}.js.txt`, folder);
        const text = `${program.text.source}\n`;
        if (process.env.UPDATE_SNAPSHOTS) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(file, text);
        }
        assert.ok(existsSync(file), "there is no snapshot; write it with UPDATE_SNAPSHOTS=1");
        assert.equal(text, readFileSync(file, "utf8"), "the program is not what it was");
      });
});
