/**
 * Tail and linear recursion: programs have loops for them, in every mode and to second order, with the numbers of the
 * tape; other recursions stay procedures, and what a loop cannot do is left to the tape.
 */
import assert from "node:assert/strict";
import { explain, grad, hvp, jacobian } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor, type Request } from "#lib/transform/program.js";
import { Refusal } from "#lib/transform/refusal.js";
import { copy, flatten, replace } from "../corpus/flat.ts";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
type Case = [f: F, ...args: unknown[]];

const list = [1, -2, 0.5, 3, 0.25, -1, 2, 0.75];
const rows = [
  [1, 2],
  [2, 3],
  [1, 2],
  [5, 2],
  [1, 1],
];

function product(xs: number[], k: number, sum: number): number {
  return k >= xs.length ? sum : product(xs, k + 1, sum * xs[k]);
}
function newton(a: number, x: number): number {
  const f = x * x - a;
  if (Math.abs(f) < 1e-9) return x;
  return newton(a, x - f / (2 * x));
}
function walk(x: number, n: number, sum: number): number {
  if (n <= 0) return sum;
  if (sum > 2) return walk(x, n - 1, sum / x);
  else if (sum < 0) return sum * sum;
  const next = Math.sin(sum) + x;
  return n % 3 === 0 ? walk(x, n - 2, next * x) : walk(x * 1.1, n - 1, next);
}
function flip(x: number, n: number, isUp: boolean, sum: number): number {
  if (n === 0) return isUp ? sum : -sum;
  return flip(x, n - 1, !isUp, isUp ? sum * x : sum + x);
}
function swapped(a: number[], b: number[], n: number, sum: number): number {
  return n <= 0 ? sum : swapped(b, a, n - 1, sum * 0.5 + a[n % a.length] * b[0]);
}
function orbit(at: { p: number; q: number }, h: number, n: number): number {
  if (n === 0) return at.p * at.p + at.q;
  const q = at.q - h * Math.sin(at.p);
  return orbit({ p: at.p + h * q, q }, h, n - 1);
}
function halved(x: number, n: number): [number, number] {
  x /= 2;
  if (x < 0.01) return [x, n];
  n += x;
  return halved(x * 1.1, n);
}
function inward(xs: number[], k: number, sum: number): number {
  let s = sum;
  for (let i = 0; i <= k; i++) {
    if (xs[i] < -1.5) continue;
    s += xs[i] * Math.cos(s);
  }
  if (k + 1 === xs.length) return s;
  const scale = (y: number) => y * s;
  return inward(xs, k + 1, scale(0.5));
}
function fill(xs: number[], k: number, x: number): number {
  if (k < 0) return xs[0] * xs[1];
  xs[k] = k + 1 < xs.length ? xs[k + 1] * x + xs[k] : x;
  return fill(xs, k - 1, x);
}

function horner(c: readonly number[], x: number, k: number): number {
  return k === c.length ? 0 : c[k] + x * horner(c, x, k + 1);
}
const power = (x: number, n: number): number => (n === 0 ? 1 : x * power(x, n - 1));
function fraction(a: number[], k: number): number {
  return k === a.length - 1 ? a[k] : a[k] + 1 / fraction(a, k + 1);
}
function pairs(xs: number[], i: number, j: number): number {
  return i >= j ? 1 : xs[i] * xs[j] + Math.sin(pairs(xs, i + 1, j - 1));
}
function judged(xs: number[], k: number): number {
  if (k >= xs.length) return 0.5;
  const rest = judged(xs, k + 1);
  if (rest > 1) return Math.sin(rest) * xs[k];
  return rest + xs[k] ** 2;
}
function eithers(xs: number[], k: number): number {
  if (k < 0) return 1;
  if (xs[k] < 0) return Math.cos(eithers(xs, k - 1)) * xs[k];
  const scaled = xs[k] * 2;
  return scaled + eithers(xs, k - 1) / 3;
}
function assigned(x: number, k: number): number {
  let r: number;
  if (k <= 0) r = x;
  else r = assigned(x, k - 2) * x + k;
  return Math.sin(r) + x;
}
function until(xs: number[], k: number): number {
  const x = xs[k];
  if (x > 2.5 || k + 1 >= xs.length) return x * x;
  return x * 0.5 + Math.sin(until(xs, k + 1));
}
function first(x: number, n: number): number {
  if (n === 0) return 1;
  if (n === 1) return x;
  return first(x, n - 2) * x + 1 / n;
}
function sums(xs: number[], k: number): { sum: number; product: number } {
  if (k === xs.length) return { sum: 0, product: 1 };
  const { sum, product: all } = sums(xs, k + 1);
  return { sum: sum + xs[k] * all, product: all * (xs[k] + 0.1) };
}
function turned(x: number, y: number, n: number): [number, number] {
  if (n <= 0) return [x, y];
  const [a, b] = turned(x, y, n - 1);
  return [a * Math.cos(x) - b, a + b * y];
}
function all(x: number, k: number): number[] {
  return k <= 0 ? [x] : [...all(x, k - 1), x * k];
}
function thirds(xs: number[], k: number): number | undefined {
  if (k < xs.length) return xs[k] * (thirds(xs, k + 3) ?? 2);
}
function guarded(xs: number[], k: number): number {
  if (xs[k] > 9) throw new RangeError(`too large: ${k}`);
  return k >= xs.length ? 0.25 : xs[k] + 0.5 * guarded(xs, k + 1) ** 2;
}
function table(m: number[][], x: number, k: number): number {
  if (k >= m.length) return x;
  const r = m[k];
  if (r[0] > 3 && r[1] < r[0]) return r[0];
  return r[1] * Math.sin(table(m, x, k + 1));
}
function scratch(x: number, n: number): number {
  if (n <= 0) return x;
  const squares = new Array<number>(n).fill(0);
  for (let i = 0; i < n; i++) squares[i] = x * (i + 1) + (i > 0 ? squares[i - 1] ** 2 : 0);
  let s = scratch(x, n - 1);
  for (const e of squares) s += Math.sin(e) * s;
  return s / 9;
}
function shadowed(x: number, k: number): number {
  if (k <= 0) return x;
  let y = x;
  {
    const shadowed = (a: number, b: number) => a * b;
    y = shadowed(y, k);
  }
  return Math.sin(y) + shadowed(x, k - 1);
}

const tails: Record<string, Case> = {
  "a product": [(xs: number[]) => product(xs, 0, 1), list],
  "Newton's method": [(a: number) => newton(a, 1), 2.5],
  "several calls": [walk, 1.2, 11, 0.3],
  "a truth": [(x: number, n: number) => flip(x, n, true, x * x), 1.2, 21],
  "lists that change places": [(xs: number[], ys: number[]) => swapped(xs, ys, 19, 1), list, [0.3, -0.7]],
  "a record": [(p: number, q: number, h: number) => orbit({ p, q }, h, 25), 0.3, 0.9, 0.1],
  "a pair of results, parameters assigned to": [halved, 1.3, 0.2],
  "a loop, a function and a jump": [(xs: number[]) => inward(xs, 0, 0.3), list],
  "a list that is written to": [(xs: number[], x: number) => fill(xs, xs.length - 1, x), list, 0.7],
  "variables outside": [
    (xs: number[], h: number) => {
      const go = (k: number, s: number): number =>
        k === xs.length ? s * h : go(k + 1, s + Math.sin(xs[k] * h));
      return go(0, h) * go(3, xs[0]);
    },
    list,
    0.4,
  ],
  "a list that becomes longer": [
    (x: number, n: number) => {
      const made: number[] = [x];
      const go = (k: number): number => {
        if (k <= 0) return made.length;
        made.push(x * k + made[made.length - 1] / 2);
        return go(k - 1);
      };
      return go(n) * made[3];
    },
    0.7,
    20,
  ],
  "a function that is passed on": [
    (x: number, n: number) => {
      const go = (f: (y: number) => number, k: number, y: number): number =>
        k <= 0 ? y : go(f, k - 1, f(y));
      return go((y) => Math.sin(y) * x, n, x);
    },
    0.7,
    20,
  ],
  "lists that become shorter": [
    (xs: number[]) => {
      const go = (rest: number[], s: number): number =>
        rest.length === 0 ? s : go(rest.slice(1), s * 0.5 + rest[0] ** 2);
      return go(xs, 0);
    },
    list,
  ],
  "nothing to do": [(xs: number[]) => product(xs, xs.length, xs[0]) * product(xs, 99, xs[1]), list],
};

const linears: Record<string, Case> = {
  "Horner's rule": [(c: number[], x: number) => horner(c, x, 0), list, 0.7],
  "Horner's rule at many points": [
    (c: number[], xs: number[]) => xs.reduce((s, x) => s + horner(c, x, 2) ** 2, 0),
    list,
    [0.7, -0.2, 1.1],
  ],
  "a power": [(x: number, n: number) => power(x, n), 1.1, 23],
  "a power, called itself": [power, 1.1, 23],
  "a power without factors": [power, 1.1, 0],
  "powers in a loop": [
    (x: number, ns: number[]) => ns.reduce((s, n) => s + power(x, n) / (n + 1), 0),
    0.9,
    [1, 0, 3, 7, 2, 4, 9],
  ],
  "a power in a branch": [(x: number, n: number) => (x > 1 ? power(x, n + 1) : x), 1.1, 23],
  "a continued fraction": [(a: number[]) => fraction(a, 0), [3, 7, 15, 1, 2.5, 4, 2, 1]],
  "two counters": [(xs: number[]) => pairs(xs, 0, xs.length - 1), list],
  "a branch behind the call": [(xs: number[]) => judged(xs, 0), list],
  "a call on each of two paths": [(xs: number[]) => eithers(xs, xs.length - 1), list],
  "a call in an assignment, steps of two": [assigned, 0.6, 19],
  "an end that depends on numbers": [(xs: number[]) => until(xs, 1), list],
  "two ends": [(x: number, n: number) => first(x, n) * first(x, n + 3), 0.7, 18],
  "the counter as a number": [
    (x: number, n: number) => {
      const go = (k: number): number => (k <= 0 ? x : Math.sin(go(k - 1)) * k + n);
      return go(n);
    },
    0.4,
    20,
  ],
  "a record of results": [
    (xs: number[]) => {
      const { sum, product: all } = sums(xs, 0);
      return sum * Math.sin(all);
    },
    list,
  ],
  "a pair of results": [(x: number, y: number) => turned(x, y, 18), 0.4, 0.6],
  "a list of results": [(x: number) => all(x, 18).reduce((s, e) => s + e * e, 0), 1.2],
  "what may be missing": [(xs: number[], x: number) => (thirds(xs, 0) as number) * x, list, 0.7],
  "an error that does not come": [(xs: number[]) => guarded(xs, 0), list],
  "members of lists in the condition": [(x: number, m: number[][]) => table(m, x, 0), 0.4, rows],
  "and an end there": [(m: number[][], x: number) => table(m, x, 0), rows.slice(0, 3), 0.4],
  "lists of each level": [(x: number) => scratch(x, 20), 0.05],
  "functions that are declared behind": [
    (x: number, n: number) => {
      function go(k: number): number {
        if (isEnd(k)) return x;
        return next(go(k - 1));
        function isEnd(j: number) {
          return j <= 0;
        }
        function next(y: number) {
          return y * x + 1;
        }
      }
      return go(n);
    },
    0.7,
    20,
  ],
  "a loop in the condition": [
    (xs: number[], x: number) => {
      const go = (k: number): number => {
        let s = 0;
        for (let i = 0; i < k; i++) s += xs[i % xs.length];
        return s > 20 ? s : go(k + 1) * x + s;
      };
      return go(0);
    },
    list,
    0.5,
  ],
  "null at the end": [
    (x: number, n: number) => {
      const go = (k: number): number | null => (k <= 0 ? null : (go(k - 1) ?? x) * x);
      return go(n) as number;
    },
    0.7,
    20,
  ],
  "a name that means something else": [shadowed, 0.3, 20],
  "a variable outside that changes between calls": [
    (x: number, n: number) => {
      let scale = 1;
      const go = (k: number): number => (k <= 0 ? scale : x * go(k - 1) + 0.1);
      let s = 0;
      for (let i = 0; i < n; i++) {
        s += go(i);
        scale *= 1 + x;
      }
      return s;
    },
    0.7,
    20,
  ],
  "a recursion inside of a recursion": [
    (xs: number[], n: number) => {
      const inner = (j: number, y: number): number => (j === xs.length ? y : inner(j + 1, y * 0.9 + xs[j]));
      const outer = (k: number): number => (k <= 0 ? xs[0] : inner(0, xs[1] / k) + 0.3 * outer(k - 1));
      return outer(n);
    },
    list,
    20,
  ],
};

/** A program for the first argument. */
function programOf(f: F, args: readonly unknown[], mode: Request["mode"]): Program | Refusal {
  const plain = plainFunctionOf(f);
  assert.ok(plain);
  return programFor(plain, copy(args) as unknown[], { positions: [0], mode });
}
/** Whether it answers, rather than the tape. */
function answers(f: F, args: readonly unknown[], mode: Request["mode"]): boolean {
  const program = programOf(f, args, mode);
  const plain = plainFunctionOf(f);
  assert.ok(plain && program instanceof Program);
  const value = () => f(...(copy(args) as unknown[]));
  const directions =
    mode === "pushforward" || mode === "product"
      ? [replace(args[0], () => 1)]
      : mode === "pullback"
        ? [replace(value(), () => 1)]
        : mode === "rows"
          ? [flatten(value()).length]
          : [];
  const free = program.freeOf(plain)?.values();
  return !!free && program.answer(copy(args) as unknown[], free, directions) !== null;
}

function served(f: F, args: readonly unknown[]): void {
  const value = f(...(copy(args) as unknown[]));
  const isNumber = typeof value === "number";
  const modes: Request["mode"][] = isNumber
    ? ["gradient", "pullback", "pushforward", "rows", "product"]
    : ["pullback", "pushforward", "rows"];
  for (const mode of modes) {
    const program = programOf(f, args, mode);
    // what a loop may not do in these modes, it may not do here
    if (program instanceof Refusal && /lists of lists are made|into another argument/.test(program.message))
      continue;
    assert.ok(program instanceof Program, `${mode}: ${program instanceof Refusal && program.message}`);
    const { source, lowering } = program.text;
    assert.equal(lowering.procedures.length, 0, `${mode}: functions that call themselves\n${source}`);
    if (mode === "pullback") assert.match(source, /^ *(?:for|while) \(/m);
    assert.equal(answers(f, args, mode), true, `${mode} gave up\n${source}`);
  }
  same(f, args);
  const first = (engine: "auto" | "tape") => {
    const rest = copy(args.slice(1)) as unknown[];
    const g = (x: unknown) => f(x, ...(copy(rest) as unknown[]));
    const x = copy(args[0]) as never;
    return jacobian(g, { engine })(x);
  };
  agree(first("auto"), first("tape"), "the Jacobian");
  if (!isNumber) return;
  const point = args.length === 1 ? args[0] : args;
  const second = (engine: "auto" | "tape") =>
    hvp(f as (x: unknown) => number, { engine })(copy(point), replace(point, () => 1) as never);
  agree(second("auto"), second("tape"), "the second derivative", 100);
}

/** A function that has no loop in place of its calls: a procedure, or why there is no program. */
const others: Record<string, Case> = {
  "two calls": [
    (x: number, n: number) => {
      const f = (k: number): number => (k < 2 ? x + k : f(k - 1) * 0.5 + Math.sin(f(k - 2) * x));
      return f(n);
    },
    0.4,
    17,
  ],
  "a call in a condition": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : f(k - 1) > 1 ? x / k : x + k);
      return f(n);
    },
    0.4,
    20,
  ],
  "an assignment in the condition": [
    (x: number, n: number) => {
      const f = (k: number): number => {
        let y = 0;
        if ((y = x * k) <= 0) return x - y;
        return Math.sin(f(k - 1)) * y;
      };
      return f(n);
    },
    0.4,
    20,
  ],
  "a call in an operand that may be left out": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : (k % 2 && f(k - 1)) + x);
      return f(n);
    },
    0.4,
    20,
  ],
  "calls in a loop": [
    (x: number, n: number) => {
      const f = (k: number): number => {
        let s = x;
        for (let i = 0; i < 1 && k > 0; i++) s += Math.sin(f(k - 1));
        return s;
      };
      return f(n);
    },
    0.4,
    20,
  ],
  "a return in a loop": [
    (xs: number[], n: number) => {
      const f = (k: number): number => {
        for (const x of xs) if (x > k) return x;
        return f(k - 1) * 0.9;
      };
      return f(n);
    },
    list,
    25,
  ],
  "calls of calls": [
    (x: number, n: number) => {
      const f = (y: number, k: number): number => (k <= 0 ? y + 0.1 : f(f(y, k - 2), k - 1));
      return f(x, n);
    },
    0.4,
    6,
  ],
  "a call in a callback": [
    (xs: number[], n: number) => {
      const f = (k: number): number =>
        k <= 0 ? xs[0] : xs.slice(1, 2).reduce((s, x) => s + x * f(k - 1), 1);
      return f(n);
    },
    list.map((x) => x / 3),
    20,
  ],
  "by each other": [
    (x: number, n: number) => {
      const ping = (k: number): number => (k <= 0 ? x : Math.sin(pong(k - 1)) + x);
      const pong = (k: number): number => (k <= 0 ? 1 : x * ping(k - 1));
      return ping(n);
    },
    0.4,
    20,
  ],
  "by each other and itself": [
    (x: number, n: number) => {
      const ping = (k: number): number => (k <= 0 ? x : Math.sin(ping(k - 1)) + pong(k - 1));
      const pong = (k: number): number => (k <= 12 ? 1 : x * ping(k - 5));
      return ping(n);
    },
    0.4,
    18,
  ],
  "a default value": [
    (x: number, n: number) => {
      const f = (k: number, y = x): number => (k <= 0 ? y : f(k - 1, y * 1.1) * x);
      return f(n);
    },
    0.4,
    20,
  ],
  "a parameter taken apart": [
    (x: number, n: number) => {
      const f = ([y, z]: number[], k: number): number => (k <= 0 ? y : f([z, y * x], k - 1));
      return f([x, 1], n);
    },
    0.9,
    20,
  ],
  "arguments left out": [
    (x: number, n: number) => {
      const f = (k: number, y?: number): number => (k <= 0 ? x : f(k - 1) * (y ?? 0.9));
      return f(n, x);
    },
    0.9,
    20,
  ],
  halves: [
    (x: number, n: number) => {
      const f = (k: number): number => (k < 1 ? x : Math.sin(f(k / 2)) + k * x);
      return f(n);
    },
    0.9,
    1e6,
  ],
  "steps that differ": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : k % 3 === 0 ? f(k - 2) * x : Math.sin(f(k - 1)));
      return f(n);
    },
    0.9,
    30,
  ],
  "a counter that is assigned to": [
    (x: number, n: number) => {
      const f = (k: number): number => {
        if (k <= 0) return x;
        k = Math.round(k);
        return Math.sin(f(k - 1)) * x;
      };
      return f(n);
    },
    0.9,
    20,
  ],
  "a parameter that changes in a way that is not counted": [
    (x: number, n: number) => {
      const f = (y: number, k: number): number => (k <= 0 ? y : f(y * 1.01, k - 1) * x + y);
      return f(x, n);
    },
    0.9,
    20,
  ],
  "a list written to by each level": [
    (xs: number[]) => {
      const f = (k: number): number => {
        if (k <= 0) return xs[0];
        const rest = f(k - 1);
        xs[k % xs.length] += rest;
        return rest * xs[0] + 0.1;
      };
      return f(20) + xs[2];
    },
    list.map((x) => x / 9),
  ],
  "a list written to in the condition": [
    (xs: number[], n: number) => {
      const f = (k: number, s: number): number => {
        xs[0] *= 0.9;
        if (k <= 0 || xs[0] < 0.1) return s;
        return f(k - 1, s + xs[0]);
      };
      return f(n, xs[1]);
    },
    list,
    30,
  ],
  "a variable outside, assigned to": [
    (x: number, n: number) => {
      let calls = 0;
      const f = (k: number): number => {
        calls += x;
        return k <= 0 ? x : f(k - 1) * x;
      };
      return f(n) + calls;
    },
    0.9,
    20,
  ],
  "by its value, too": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : k > 8 ? f(k - 1) * x : [k - 2].map(f)[0] + x);
      return f(n);
    },
    0.9,
    20,
  ],
  "texts that change": [
    (x: number, n: number) => {
      const f = (k: number, how: string): number =>
        k <= 0 ? x : how === "more" ? f(k - 1, "less") * x : f(k - 1, "more") + x;
      return f(n, "more");
    },
    0.9,
    20,
  ],
  "written out too often": [
    (x: number, n: number) => {
      const f = (y: number, k: number): number => {
        if (k <= 0) return y;
        const [a, b] = [Math.sin(y * k), Math.cos(y + k)];
        const c = a * b + Math.exp(-y);
        const d = c * c - a / (b + 3);
        const e = Math.tanh(d) + a * c - b * d;
        const g = Math.log(1 + e * e) + Math.sqrt(1 + a * a);
        return (g * e + d * c + Math.sin(g)) * 0.1 + f(y, k - 1) * 0.3;
      };
      const some = (y: number) => f(y, n) + f(y + 1, n) * f(y + 2, n) + f(y + 3, n) - f(y + 4, n);
      return [1, 2, 3, 4, 5, 6, 7].reduce((s, y) => s + some(x * y), 0) + some(x / 2) * some(x / 3);
    },
    0.9,
    20,
  ],
  "ever other functions": [
    (x: number, n: number) => {
      const f = (g: (y: number) => number, k: number): number =>
        k <= 0 ? g(x) : f((y) => g(y) * 1.1 + x, k - 1);
      return f((y) => y, n);
    },
    0.9,
    20,
  ],
};

/** Where a program gives up, or f itself throws. */
const guards: Record<string, Case> = {
  "a count that is no whole number, but has an end": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : f(k - 1) * k * x);
      return f(n);
    },
    0.9,
    20.3,
  ],
  "a count that is no whole number, which has no end": [power, 0.9, 20.5],
  "a count that is no number": [power, 0.9, Number.NaN],
  "an infinite count": [power, 0.9, Number.POSITIVE_INFINITY],
  "a count that is too large to be whole": [power, 0.9, 2 ** 53],
  "a count away from the end": [power, 0.9, -1],
  "an end that is no whole number": [
    (x: number, n: number) => {
      const f = (k: number): number => (k === n ? x : x * f(k + 1));
      return f(0);
    },
    0.9,
    20.5,
  ],
  "an end that is no number": [
    (x: number, n: number) => {
      const f = (k: number): number => (k >= n ? x : x * f(k + 1));
      return f(0);
    },
    0.9,
    Number.NaN,
  ],
  "an end that never comes": [
    (xs: number[]) => {
      const f = (k: number): number => (xs[0] > 3 ? xs[1] : 0.5 * f(k + 1) + xs[2]);
      return f(0);
    },
    list,
  ],
  "an end that never comes, in tail recursion": [
    (x: number) => {
      const f = (y: number): number => (y > 3 ? y : f(Math.sin(y) * x));
      return f(x);
    },
    0.9,
  ],
  "a place behind the end": [(xs: number[]) => horner(xs, 0.9, 10), list],
  "too deep": [(x: number, n: number) => power(x, n), 1.0000001, 1_000_000],
  "an error of the function": [(xs: number[]) => guarded(xs, 0), [...list, 10]],
};

describe("recursion as loops", () => {
  it("functions of one text are not each other", () => {
    const family = (a: number) => {
      const f = (x: number, n: number): number => (n <= 0 ? a * x : a + Math.sin(x) * partner(x, n - 1));
      return f;
    };
    const partner: F = family(3);
    const first = family(2);
    assert.equal(first(0.7, 1), 2 + Math.sin(0.7) * 3 * 0.7);
    same(first, [0.7, 20]);
    same((x: number, n: number) => first(x, n) * partner(x, n), [0.7, 20]);
  });
  it("a count that is differentiated by is no index", () => {
    const f = (xs: number[], n: number) => {
      const at = (k: number): number => (k < 0 ? n : xs[k] + Math.sin(at(k - 1)));
      return at(n);
    };
    same(f, [list, 7]);
    assert.throws(() => grad(f)(list, 7), /used as a property key or index/);
    assert.equal(explain(f, { wrt: 0 })(list, 7).engine, "program");
  });
  for (const [kind, cases] of Object.entries({ tail: tails, linear: linears }))
    for (const [name, [f, ...args]] of Object.entries(cases)) it(`${kind}: ${name}`, () => served(f, args));
  for (const [name, [f, ...args]] of Object.entries(others))
    it(`not so: ${name}`, () => {
      const program = programOf(f, args, "gradient");
      if (program instanceof Program)
        assert.ok(program.text.lowering.procedures.length > 0, program.text.source);
      else
        assert.match(program.message, /is assigned to by a function that calls itself|ever other functions/);
      same(f, args);
    });
  for (const [name, [f, ...args]] of Object.entries(guards))
    it(`left to the tape: ${name}`, () => {
      for (const mode of ["gradient", "pushforward"] as const) {
        const program = programOf(f, args, mode);
        assert.ok(program instanceof Program && program.text.lowering.procedures.length === 0);
        assert.equal(answers(f, args, mode), false);
      }
      same(f, args);
    });
});
