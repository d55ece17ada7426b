/** Functions that call themselves, for modules ahead of time. */

const weights = [0.3, 0.5, 0.7];

function horner(c: readonly number[], x: number, k: number): number {
  return k === c.length ? 0 : c[k] + x * horner(c, x, k + 1);
}
/** A list and a number go through, the depth depends on the list: a loop. */
export const polynomial = (c: readonly number[], x: number) => horner(c, x, 0);

function between(c: readonly number[], from: number, to: number): number {
  if (to - from < 2) return Math.sin(c[from]) * to;
  const middle = Math.floor((from + to) / 2);
  return between(c, from, middle) + between(c, middle, to) ** 2;
}
/** Two calls in each call, which stay calls. */
export const splitting = (c: readonly number[]) => between(c, 0, c.length);

function ascending(x: number, k: number, n: number, sum: number): number {
  return k > n ? sum : ascending(x, k + 1, n, sum * x + 1 / k);
}
/** A number goes from call to call. */
export const accumulated = (x: number, n: number) => ascending(x, 1, n, x);

function down(x: number, n: number): number {
  return n <= 0 ? x : Math.sin(down(x, n - 1)) * n;
}
/** A count that is perhaps no whole number. */
export const descending = (x: number, n: number) => down(x, n);

/** A constant of the module, an error in the recursion. */
function damped(xs: number[], k: number): number {
  if (xs[k % xs.length] > 9) throw new RangeError("too large");
  return k >= xs.length ? 0.25 : weights[k % weights.length] * xs[k] + 0.5 * damped(xs, k + 1) ** 2;
}
export const mean = (xs: number[]) => damped(xs, 0);

interface Both {
  readonly sum: number;
  readonly isLarge: boolean;
}
function walk(x: number, n: number): Both {
  if (n <= 0) return { sum: x, isLarge: false };
  const { sum, isLarge } = walk(x * 1.1, n - 1);
  return { sum: sum * x + Math.sin(sum), isLarge: isLarge || sum > 2 };
}
/** Several results, one of them a truth. */
export function walked(x: number, n: number): number {
  const { sum, isLarge } = walk(x, n);
  return isLarge ? sum * sum : -sum;
}

function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1);
}
function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1);
}
/** Functions that call each other, without a derivative. */
export const signed = (x: number, n: number) => (isEven(n) ? x * x : -x);

/** A function that is passed on, and sees what is around it. */
export function area(w: number, b: number): number {
  const f = (x: number) => Math.exp(-w * x * x) * Math.cos(3 * x);
  const simpson = (from: number, to: number, whole: number, eps: number): number => {
    const middle = (from + to) / 2;
    const rule = (p: number, q: number) => ((q - p) / 6) * (f(p) + 4 * f((p + q) / 2) + f(q));
    const left = rule(from, middle);
    const right = rule(middle, to);
    if (Math.abs(left + right - whole) < eps) return left + right;
    return simpson(from, middle, left, eps / 2) + simpson(middle, to, right, eps / 2);
  };
  return simpson(0, b, 0, 1e-6);
}

/** The Fourier transform in place, by decimation in frequency. */
export function butterflies(re: Float64Array, im: number[], from: number, n: number): void {
  if (n < 2) return;
  const half = n / 2;
  for (let k = 0; k < half; k++) {
    const [p, q] = [from + k, from + k + half];
    const [a, b] = [re[p] - re[q], im[p] - im[q]];
    re[p] += re[q];
    im[p] += im[q];
    const [c, s] = [Math.cos((-2 * Math.PI * k) / n), Math.sin((-2 * Math.PI * k) / n)];
    re[q] = a * c - b * s;
    im[q] = a * s + b * c;
  }
  butterflies(re, im, from, half);
  butterflies(re, im, from + half, half);
}
/** Lists that are written through parameters. */
export function spectrum(re: Float64Array, im: number[]): number {
  butterflies(re, im, 0, re.length);
  let sum = 0;
  for (let k = 0; k < re.length; k++) sum += (k + 1) * (re[k] ** 2 + im[k] ** 2);
  return sum;
}

/** A list of each call; another one of lists. */
export function nested(rows: number[][], x: number): number {
  const go = (k: number): number => {
    if (k >= rows.length) return x;
    const list = new Array<number>(rows[k].length).fill(0);
    for (let i = 0; i < list.length; i++) list[i] = rows[k][i] * x + (i > 0 ? list[i - 1] ** 2 : 0);
    let s = go(k + 1);
    for (const e of list) s += Math.sin(e) * s;
    return s;
  };
  return go(0);
}

/** What is refused: lists as results. */
export function listed(x: number, n: number): number {
  const all = (k: number): number[] => (k <= 0 ? [x] : [...all(k - 1), x * k]);
  return all(n).reduce((s, e) => s + e, 0);
}
