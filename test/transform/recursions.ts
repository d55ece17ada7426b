/** Functions that call themselves and go as loops in derivative programs: tail recursion, and linear recursion. */
export type F = (...args: any[]) => any;
export type Case = [f: F, ...args: unknown[]];

export const list = [1, -2, 0.5, 3, 0.25, -1, 2, 0.75];
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

export function horner(c: readonly number[], x: number, k: number): number {
  return k === c.length ? 0 : c[k] + x * horner(c, x, k + 1);
}
export const power = (x: number, n: number): number => (n === 0 ? 1 : x * power(x, n - 1));
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
export function guarded(xs: number[], k: number): number {
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

export const tails: Record<string, Case> = {
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

export const linears: Record<string, Case> = {
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
