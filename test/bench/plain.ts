/**
 * What preparing costs the plain functions: each runs as it is and prepared, in turns, in one process.
 *
 * Run: node test/bench/plain.ts (through `npm run bench plain`, or with --import wengert/register)
 * Prints, for each program, milliseconds (minimum of repeated runs) unprepared and prepared and their ratio; and the
 * ratio of the unprepared program to a second copy of itself, which is the noise.
 */
import vm from "node:vm";
import { prepareSource } from "#lib/prepare.js";

/** Each is a program that returns a function to time. */
const programs: Readonly<Record<string, string>> = {
  "nested loops": `
    const n = 120, a = Array.from({ length: n * n }, (_, k) => Math.sin(k));
    function product(a, b, n) { const c = new Array(n * n).fill(0); for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) { let s = 0; for (let k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j]; c[i * n + j] = s; } return c; }
    return () => product(a, a, n)[5];`,
  "small helpers": `
    const square = (x) => x * x; const add = (a, b) => a + b; function mix(a, b, t) { return add(a * (1 - t), b * t); }
    return () => { let s = 0; for (let k = 0; k < 300000; k++) s = mix(s, square(k % 7), 0.25); return s; };`,
  "map and reduce": `
    const x = Array.from({ length: 20000 }, (_, k) => Math.cos(k));
    const norm = (x) => Math.sqrt(x.map((v) => v * v).reduce((s, v) => s + v, 0));
    return () => { let s = 0; for (let k = 0; k < 10; k++) s += norm(x); return s; };`,
  "closures over the loop": `
    const x = Array.from({ length: 2000 }, (_, k) => Math.cos(k));
    return () => { let s = 0; for (let k = 0; k < 50; k++) { const scaled = (v) => v * k; s += x.map((v) => scaled(v) + s * 1e-9).filter((v) => v > 0).length; } return s; };`,
  "closures made and returned": `
    const adder = (a) => (b) => a + b; function twice(f) { return (x) => f(f(x)); }
    return () => { let s = 0; for (let k = 0; k < 100000; k++) s = twice(adder(k % 3))(s) * 0.5; return s; };`,
  "closures handed to own functions": `
    function sum(n, f) { let s = 0; for (let k = 0; k < n; k++) s += f(k); return s; }
    return () => { let s = 0; for (let k = 0; k < 2000; k++) s += sum(100, (i) => i * k * 0.5); return s; };`,
  classes: `
    class Vector { constructor(x, y) { this.x = x; this.y = y; } plus(o) { return new Vector(this.x + o.x, this.y + o.y); } scale(k) { return new Vector(this.x * k, this.y * k); } get length() { return Math.hypot(this.x, this.y); } }
    return () => { let v = new Vector(1, 2); for (let k = 0; k < 200000; k++) v = v.plus(new Vector(k, -k)).scale(0.5); return v.length; };`,
  "classes with work in the constructor": `
    class Complex { constructor(re, im) { this.re = re; this.im = im; this.size = re * re + im * im; } times(o) { return new Complex(this.re * o.re - this.im * o.im, this.re * o.im + this.im * o.re); } }
    return () => { let z = new Complex(1, 0); const w = new Complex(Math.cos(0.1), Math.sin(0.1)); for (let k = 0; k < 200000; k++) z = z.times(w); return z.size; };`,
  "accessors and private fields": `
    class Account { #sum = 0; get sum() { return this.#sum * 1; } set sum(v) { this.#sum = v * 1; } add(v) { this.#sum += v; return this; } }
    return () => { const a = new Account(); for (let k = 0; k < 300000; k++) { a.add(k); a.sum = a.sum - 1; } return a.sum; };`,
  "methods of object literals": `
    const make = (k) => ({ k, value(x) { return this.k * x; } });
    return () => { let s = 0; for (let k = 0; k < 100000; k++) s += make(k).value(0.5); return s; };`,
  recursion: `
    function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } return () => fib(24);`,
  "outer variables written": `
    let total = 0; const bump = (x) => { total += x * 0.5; }; return () => { total = 0; for (let k = 0; k < 500000; k++) bump(k); return total; };`,
};

const load = (text: string, file: string) =>
  vm.compileFunction(text, [], { filename: file })() as () => number;
function once(run: () => number): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

console.log("program                                 plain [ms]  prepared [ms]   ratio   noise");
for (const [name, text] of Object.entries(programs)) {
  const file = `${name}.js`;
  const runs = [
    load(text, file),
    load(prepareSource(text, { file, kind: "commonjs" }).code, file),
    load(text, `copy of ${file}`),
  ];
  if (runs[0]() !== runs[1]()) throw new Error(`${name}: prepared code gives another result`);
  const least = runs.map(() => Number.POSITIVE_INFINITY);
  const end = performance.now() + 1500;
  for (let k = 0; k < 15 || performance.now() < end; k++)
    runs.forEach((run, j) => {
      least[j] = Math.min(least[j], once(run));
    });
  const [plain, prepared, again] = least;
  console.log(
    `${name.padEnd(38)}${plain.toFixed(3).padStart(12)}${prepared.toFixed(3).padStart(15)}${(prepared / plain).toFixed(2).padStart(8)}${(again / plain).toFixed(2).padStart(8)}`,
  );
}
