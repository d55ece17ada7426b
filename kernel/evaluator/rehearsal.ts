/**
 * What the evaluator's thread does while it has nothing to do yet: gradients of a few functions.
 *
 * What: `rehearse`, which prepares functions like a notebook's and finds their gradients, one after the other, until a
 * cell comes. Why: the first derivative program takes four times as long to be written as the tenth, since V8 has to read
 * and compile what writes it; while the compiler's thread reads TypeScript's library, this one has the time.
 */
import vm from "node:vm";

/** How many functions; after them a program is written about as fast as ever. */
const rounds = 8;

/** `isIdle` says whether to go on. */
export async function rehearse(isIdle: () => boolean): Promise<void> {
  const { prepareSource } = await import("../../lib/prepare.ts");
  const { grad } = await import("wengert");
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isIdle()) return;
    const file = `rehearsal-${round}`;
    const { code } = prepareSource(scene(round), { file, kind: "commonjs" });
    grad(vm.compileFunction(code, [], { filename: file })())([0.3, -0.2, 0.7, 1.1, -0.4, 0.5, 0.9, -1.3]);
  }
}

/** Some of all that functions are made of: loops, branches, lists and records, helpers, array methods. */
const scene = (round: number): string => `
const scale = (x, k) => (k > ${round} ? x * Math.sin(k + x) : Math.exp(-x * x));
const dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);
return function (xs) {
  let total = ${round};
  const squares = xs.map((x) => x * x);
  for (let i = 0; i < xs.length; i++) {
    const shifted = xs[i] - 0.1 * ${round};
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
