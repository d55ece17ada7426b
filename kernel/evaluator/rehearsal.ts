/**
 * What the evaluator's thread does while it has nothing to do yet: it annotates a cell, and finds gradients.
 *
 * What: `rehearse`, which goes on, step by step, until the first cell comes. Why: what has run a few times does its first
 * cell in a fraction of the time, and the first derivative program takes four times as long to be written as the tenth,
 * since V8 has to read and compile what writes it. While the compiler's thread reads TypeScript's library, this one has
 * the time.
 */
import vm from "node:vm";
import type { prepareSource } from "../../lib/prepare.ts";

interface Tools {
  readonly prepareSource: typeof prepareSource;
  readonly grad: (f: (xs: number[]) => number) => (xs: number[]) => unknown;
}

/** How often each is done; after that it is about as fast as ever. */
const [annotations, gradients] = [5, 8];

/** `isIdle` says whether to go on. */
export async function rehearse({ prepareSource, grad }: Tools, isIdle: () => boolean): Promise<void> {
  for (let step = 0; step < annotations + gradients; step++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isIdle()) return;
    const file = `rehearsal-${step}`;
    if (step < annotations) prepareSource(cell, { file, kind: "script" });
    else {
      const { code } = prepareSource(maker(step), { file, kind: "commonjs" });
      grad(vm.compileFunction(code, [], { filename: file })())([0.3, -0.2, 0.7, 1.1, -0.4, 0.5, 0.9, -1.3]);
    }
  }
}

/** Some of all that cells are made of. */
const cell = `
  class A extends Object { #a = 1; constructor(x) { super(); this.x = x; } get y() { return this.#a * this.x; } }
  class B { constructor(x = 1) { this.x = x; } m({ a, b = 2 }, ...xs) { return [a, ...xs].map((v, i) => v ** b / i); } }
  f = (x) => { let s = 0; for (let i = 0; i < x.length; i++) s += Math.sin(x[i]) * i; for (const v of x) if (v) s -= v; };
  o = { m(x) { return \`\${x}\`; }, n: 1 };
  function $$g(x) { return (y) => x * y + f([x, y]); }`;

/** Some of all that functions are made of: loops, branches, lists and records, helpers, array methods. */
const maker = (step: number): string => `
const scale = (x, k) => (k > ${step} ? x * Math.sin(k + x) : Math.exp(-x * x));
const dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);
return function (xs) {
  let total = ${step};
  const squares = xs.map((x) => x * x);
  for (let i = 0; i < xs.length; i++) {
    const shifted = xs[i] - 0.1 * ${step};
    if (shifted > 0) total += Math.exp(-shifted * shifted);
    else total -= scale(shifted, i);
  }
  const state = { place: xs[0], speed: xs[1] };
  const path = [state.place];
  for (let t = 0; t < 4 && total < 100; t++) {
    state.speed -= 0.1 * Math.tanh(state.place);
    state.place += 0.1 * state.speed;
    path.push(state.place);
  }
  const rows = [xs, squares].map((row) => row.map((v) => v / (1 + v * v)));
  const most = Math.max(...squares);
  const powers = squares.map((v) => Math.exp(v - most));
  const sum = powers.reduce((a, b) => a + b);
  return total + dot(rows[0], squares) * path[2] + powers.reduce((s, p, k) => s + (p / sum) * rows[1][k], 0);
};`;
