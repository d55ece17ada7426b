/** Functions that modules are written for ahead of time. */
import { erf, logsumexp } from "wengert";
import * as parts from "./parts.ts";
import softplus, { dot, scale, smooth as smoothed } from "./parts.ts";

const rate = 0.1;
const half = rate * 5;
const [first, second] = [Math.sqrt(2), -1];
const weights = [1, half, ...[first, second]];

export interface Model {
  readonly weights: number[];
  bias: number;
  name: string;
}
type Pair = readonly [number, number];

/** Records, tuples, a leaf that holds no number, a global constant. */
export function loss(model: Model, data: readonly Pair[]): number {
  let sum = rate * model.bias ** 2;
  for (const [x, y] of data) {
    let prediction = model.bias;
    for (let k = 0; k < model.weights.length; k++) prediction += model.weights[k] * x ** (k + 1);
    sum += (prediction - y) ** 2;
  }
  return sum / data.length;
}

/** Functions and constants of this file and another. */
export const mixed = (x: readonly number[], k: number) =>
  dot(x, weights) * erf(k) + softplus(x[0]) + smoothed(x[1]) + parts.scale.height * scale.widths[1] * half;

/** A helper that needs others, and a variable of its name. */
export function special(x: number[]): number {
  const far = logsumexp(...x);
  return far * erf(x[0]) + logsumexp(x[0], 2 * x[1]);
}

/** A default, a choice by a literal, an error. */
export function chosen(x: number, way: "square" | "cube", shift = 1): number {
  if (x > 100) throw new RangeError("too far");
  if (x < -100) throw new Error(`${x} is too far`);
  if (x === 77) throw new TypeError(`never ${x.toFixed(1)}`);
  return (way === "square" ? x ** 2 : x ** 3) + shift;
}
export const square = (x: number, way: "square") => chosen(x, way as "square" | "cube");

/** Written in place, list in list, typed array. */
export function relax(grid: Float64Array, rows: number[][]): number {
  for (let k = 1; k + 1 < grid.length; k++) grid[k] = (grid[k - 1] + grid[k] ** 2 + grid[k + 1]) / 3;
  let sum = 0;
  for (const row of rows) sum += row.map((v, k) => v * grid[k]).reduce((s, v) => s + v, 0);
  return sum;
}

/** More than one number. */
export const polar = (r: number, t: number) => ({ x: r * Math.cos(t), y: [r * Math.sin(t), r] });
export const stretched = (x: number[], by: { factor: number }) => x.map((v) => v * by.factor);
/** Types that are made of others. */
export const ratios = (x: Readonly<Record<"a" | "b", number>>, y: Required<Partial<{ c: number[] }>>) =>
  x.a / x.b + y.c[0];
/** A default before a parameter that is needed. */
export function scaled(x: number, factor: number = 2, y: number): number {
  return x * factor * y;
}
export const untyped = (x: any, y: any) => x * y[1].a;

// what is refused
export const counted = (x: number) => {
  const all = new Map([["x", x]]);
  return all.size * x;
};
export const union = (x: number | number[]) => (typeof x === "number" ? x : x[0]);
export const named = (x: number, name: string) => (name === "a" ? x : 2 * x);
let calls = 0;
export const counting = (x: number) => {
  calls++;
  return x;
};
const started = Date.now();
export const late = (x: number) => x * started;
export const called = () => calls;
export async function later(x: number) {
  return x;
}
export const twice = (x: number[]) => {
  const list = x.map((v) => 2 * v);
  return [list, list];
};
export const weighed = (x: number[], y: number) => x[0] * y;
