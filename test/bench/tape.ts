/**
 * The tape engine against a hand-written structure-of-arrays tape doing the same operations, in one run.
 *
 * Run: node --import ./dist/lib/register.js --expose-gc test/bench/tape.ts
 * Prints, for the product of m factors and for Rosenbrock's function: milliseconds (minimum of repeated runs) of the
 * plain function, the hand-written tape (record and reverse sweep), and `grad`; the ratio of the latter two; and
 * nanoseconds an operation.
 */
import { grad } from "wengert";

/**
 * A tape as one would write it by hand: operands and partials of two-operand operations, doubled when full, and kept
 * from one evaluation to the next.
 */
class HandTape {
  length = 0;
  capacity = 1024;
  operands = new Int32Array(2 * this.capacity);
  partials = new Float64Array(2 * this.capacity);
  input(): number {
    return this.push(0, 0, 0, 0);
  }
  push(i: number, p: number, j: number, q: number): number {
    if (this.length === this.capacity) this.grow();
    const k = this.length++;
    this.operands[2 * k] = i;
    this.operands[2 * k + 1] = j;
    this.partials[2 * k] = p;
    this.partials[2 * k + 1] = q;
    return k;
  }
  grow(): void {
    this.capacity *= 2;
    const operands = new Int32Array(2 * this.capacity);
    operands.set(this.operands);
    this.operands = operands;
    const partials = new Float64Array(2 * this.capacity);
    partials.set(this.partials);
    this.partials = partials;
  }
  adjoints = new Float64Array(0);
  reverse(output: number): Float64Array {
    if (this.adjoints.length < this.length) this.adjoints = new Float64Array(this.capacity);
    const { operands, partials, adjoints } = this;
    adjoints.fill(0, 0, this.length);
    adjoints[output] = 1;
    for (let k = this.length - 1; k >= 0; k--) {
      const a = adjoints[k];
      if (a === 0) continue;
      adjoints[operands[2 * k]] += a * partials[2 * k];
      adjoints[operands[2 * k + 1]] += a * partials[2 * k + 1];
    }
    return adjoints;
  }
}

const tape = new HandTape();

const product = (x: number[]): number => {
  let p = 1;
  for (let i = 0; i < x.length; i++) p *= x[i];
  return p;
};
function productByHand(x: number[]): Float64Array {
  tape.length = 0;
  tape.push(0, 0, 0, 0);
  for (let i = 0; i < x.length; i++) tape.input();
  let p = 1;
  let pi = 0;
  for (let i = 0; i < x.length; i++) {
    pi = tape.push(pi, x[i], i + 1, p);
    p *= x[i];
  }
  return tape.reverse(pi).slice(1, x.length + 1);
}

const rosenbrock = (x: number[]): number => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1] - x[i] * x[i];
    const b = 1 - x[i];
    sum += 100 * (a * a) + b * b;
  }
  return sum;
};
function rosenbrockByHand(x: number[]): Float64Array {
  tape.length = 0;
  tape.push(0, 0, 0, 0);
  for (let i = 0; i < x.length; i++) tape.input();
  let sum = 0;
  let si = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const u = x[i];
    const square = u * u;
    const squareI = tape.push(i + 1, u, i + 1, u);
    const a = x[i + 1] - square;
    const aI = tape.push(i + 2, 1, squareI, -1);
    const b = 1 - u;
    const bI = tape.push(0, 0, i + 1, -1);
    const aa = a * a;
    const aaI = tape.push(aI, a, aI, a);
    const scaled = 100 * aa;
    const scaledI = tape.push(0, 0, aaI, 100);
    const bb = b * b;
    const bbI = tape.push(bI, b, bI, b);
    const term = scaled + bb;
    const termI = tape.push(scaledI, 1, bbI, 1);
    si = tape.push(si, 1, termI, 1);
    sum += term;
  }
  void sum;
  return tape.reverse(si).slice(1, x.length + 1);
}

function best(run: () => unknown, budget = 1500): number {
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + budget;
  for (let k = 0; k < 5 || (performance.now() < end && k < 5000); k++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

console.log(
  "function            n        f [ms]   by hand [ms]   grad [ms]   grad/by hand   grad/f   ns/operation",
);
for (const [name, f, byHand, sizes, operations] of [
  ["product", product, productByHand, [1e3, 1e5, 1e7], (n: number) => n],
  ["Rosenbrock", rosenbrock, rosenbrockByHand, [1e3, 1e5, 1e6], (n: number) => 8 * (n - 1)],
] as const)
  for (const n of sizes) {
    const x = Array.from({ length: n }, (_, k) => 1 + (0.5 * Math.sin(k)) / n);
    const [g, h] = [grad(f, { engine: "tape" })(x), byHand(x)];
    if (g.some((v, k) => Math.abs(v - h[k]) > 1e-9 * Math.abs(h[k]) + 1e-12))
      throw new Error("the two tapes disagree");
    const [plain, hand, ours] = [
      best(() => f(x)),
      best(() => byHand(x)),
      best(() => grad(f, { engine: "tape" })(x)),
    ];
    const text = [plain, hand, ours].map((t) => t.toPrecision(3).padStart(11)).join("");
    console.log(
      `${name.padEnd(14)}${String(n).padStart(9)} ${text}${(ours / hand).toFixed(2).padStart(14)}${(ours / plain).toFixed(1).padStart(12)}${((ours * 1e6) / operations(n)).toFixed(1).padStart(12)}`,
    );
  }
