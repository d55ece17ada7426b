/**
 * Functions that call themselves: programs serve them, with the numbers of the tape; what they do not serve is left to
 * it, and names the construct. Which of them become loops, levels.test.ts asks.
 */
import assert from "node:assert/strict";
import { grad, vjp } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { butterflies } from "../ahead/recursions.ts";
import { copy } from "../corpus/flat.ts";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;

const power = (x: number, n: number): number =>
  n === 0 ? 1 : n % 2 === 0 ? power(x, n / 2) ** 2 : x * power(x, n - 1);
function mix(n: number, x: number): number {
  if (n < 2) return x + n;
  return mix(n - 1, x) * 0.5 + Math.sin(mix(n - 2, x) * x);
}
function chebyshev(n: number, x: number): number {
  if (n === 0) return 1;
  if (n === 1) return x;
  return 2 * x * chebyshev(n - 1, x) - chebyshev(n - 2, x);
}
function horner(c: readonly number[], x: number, k: number): number {
  return k === c.length ? 0 : c[k] + x * horner(c, x, k + 1);
}
function split(xs: ArrayLike<number>, lo: number, hi: number): number {
  if (hi - lo <= 3) {
    let s = 0;
    for (let i = lo; i < hi; i++) s += xs[i] * Math.exp(-xs[i]);
    return s;
  }
  const mid = Math.floor((lo + hi) / 2);
  return split(xs, lo, mid) + split(xs, mid, hi);
}
function fraction(a: number[], k: number): number {
  return k === a.length - 1 ? a[k] : a[k] + 1 / fraction(a, k + 1);
}
function simpson(f: (x: number) => number, a: number, b: number, eps: number, whole: number): number {
  const m = (a + b) / 2;
  const rule = (p: number, q: number) => ((q - p) / 6) * (f(p) + 4 * f((p + q) / 2) + f(q));
  const left = rule(a, m);
  const right = rule(m, b);
  if (Math.abs(left + right - whole) <= 15 * eps) return left + right + (left + right - whole) / 15;
  return simpson(f, a, m, eps / 2, left) + simpson(f, m, b, eps / 2, right);
}
const ackermann = (m: number, n: number): number =>
  m === 0 ? n + 1 : n === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
function halves(x: number): number {
  return x < 1 ? x : x * halves(x / 2);
}
function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1);
}
function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1);
}
function ping(x: number, n: number): number {
  return n <= 0 ? x : Math.sin(pong(x, n - 1)) + x;
}
function pong(x: number, n: number): number {
  return n <= 0 ? 1 : x * ping(x, n - 2) * pong(x, n - 3);
}
function sumAndProduct(x: number, n: number): { sum: number; product: number } {
  if (n <= 0) return { sum: 0, product: 1 };
  const { sum, product } = sumAndProduct(x * 1.1, n - 1);
  return { sum: sum + x * product, product: product * x };
}
const turned = (x: number, y: number, n: number): [number, number] => {
  if (n <= 0) return [x, y];
  const [a, b] = turned(x, y, n - 1);
  return [a * Math.cos(x) - b, a + b * y];
};
function judged(x: number, n: number): number {
  if (n <= 0) return x;
  if (judged(x / 2, n - 1) > 1 && n % 2 === 1) return judged(x / 3, n - 1) * x;
  return x * x + judged(x, n - 2);
}
function inward(x: number, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s = s * x + Math.sin(inward(x * (i + 1), n - 1 - i));
  return s + x;
}
function wander(x: number, n: number): number {
  let y = x;
  while (y < 3 * n) {
    y *= 1.5;
    if (y > 7 && n > 0) y += wander(y / 9, n - 1);
    else y += 0.1 * x;
  }
  return y;
}
function scratch(x: number, n: number): number {
  if (n <= 0) return x;
  const list = new Array<number>(n).fill(0);
  for (let i = 0; i < n; i++) list[i] = x * (i + 1) + (i > 0 ? list[i - 1] ** 2 : 0);
  let s = scratch(list[n - 1] / 40, n - 1);
  for (const e of list) s += Math.sin(e) * s;
  return s;
}
function counted(x: number, n: number, by = 2, ...more: number[]): number {
  return n <= 0 ? x * by + more.length : counted(x, n - 1, by + x, ...more) * x;
}
function guarded(xs: number[], k: number): number {
  if (k > 40) throw new RangeError(`too far: ${k}`);
  return xs[k] === 0 ? 1 : xs[k % xs.length] * guarded(xs, k + 1);
}
function thirds(xs: number[], k: number): number | undefined {
  if (k < xs.length) return xs[k] * (thirds(xs, k + 3) ?? 2) + (thirds(xs, k + 4) ?? 1);
}
const weights = [0.3, 0.5, 0.7];
const rate = 0.25;
function damped(xs: number[], k: number): number {
  return k >= xs.length ? rate : weights[k % weights.length] * xs[k] + rate * damped(xs, k + 1);
}

/** More than the lists whose lengths programs are made for. */
const coefficients = [1, -2, 0.5, 3, 0.25, -1, 2, 0.75];

const served: Record<string, [f: F, ...args: unknown[]]> = {
  "a power by squares": [(x: number, n: number) => power(x, n), 1.1, 23],
  "a power, called itself": [power, 1.1, 6],
  "two calls in one expression": [mix, 9, 0.4],
  "Chebyshev polynomials": [chebyshev, 8, 0.3],
  "Horner's rule": [(c: number[], x: number) => horner(c, x, 0), coefficients, 0.7],
  "Horner's rule at many points": [
    (c: number[], xs: number[]) => xs.reduce((s, x) => s + horner(c, x, 0) ** 2, 0),
    coefficients,
    [0.7, -0.2, 1.1],
  ],
  "binary splitting": [
    (xs: number[]) => split(xs, 0, xs.length),
    Array.from({ length: 17 }, (_, k) => k / 9),
  ],
  "binary splitting of a typed array": [
    (xs: Float64Array) => split(xs, 0, xs.length),
    Float64Array.from(coefficients),
  ],
  "a continued fraction": [(a: number[]) => fraction(a, 0), [3, 7, 15, 1, 2.5, 4, 2, 1]],
  "adaptive quadrature": [
    (w: number, b: number) => simpson((x) => Math.exp(-w * x * x) * Math.cos(3 * x), 0, b, 1e-7, 0.3),
    1.7,
    2.2,
  ],
  "adaptive quadrature of two functions": [
    (w: number) =>
      simpson((x) => Math.sin(w * x), 0, 1, 1e-6, 0) * simpson((x) => w / (1 + x), 0, 2, 1e-6, w),
    1.7,
  ],
  "a depth of whole numbers alone": [
    (x: number, n: number) => {
      let y = x;
      for (let i = ackermann(2, Math.round(n)); i > 0; i--) y = Math.sin(y * x) + 0.1 * i;
      return y;
    },
    0.8,
    2,
  ],
  "a depth that depends on the value": [halves, 13.7],
  "truths by each other": [(x: number, n: number) => (isEven(n) ? x * x : -x), 1.3, 37],
  "two functions that call each other": [ping, 0.7, 6],
  "a record of results": [
    (x: number, n: number) => {
      const { sum, product } = sumAndProduct(x, n);
      return sum * Math.log(product);
    },
    1.2,
    5,
  ],
  "a record, returned": [sumAndProduct, 1.2, 5],
  "a record in a variable": [
    (x: number, n: number) => {
      const walk = (k: number): { at: number; far: boolean } => {
        const here = { at: x, far: false };
        if (k <= 0) return here;
        const before = walk(k - 1);
        here.at = Math.sin(before.at * k) + x;
        here.far = before.far || here.at > 1.5;
        return here;
      };
      const { at, far } = walk(n);
      return far ? at * at : x * at;
    },
    1.3,
    5,
  ],
  "a pair of results": [
    (x: number, y: number, n: number) => {
      const [a, b] = turned(x, y, n);
      return a / b;
    },
    0.4,
    0.6,
    4,
  ],
  "a call in a condition": [judged, 5.5, 6],
  "loops in recursion": [inward, 0.6, 4],
  "loops that are left by values in recursion": [wander, 1.3, 3],
  "recursion in loops that are left by values": [
    (x: number) => {
      let y = x;
      while (y < 50) y = y * 1.2 + halves(y + x) / 9;
      return y;
    },
    1.4,
  ],
  "lists written through parameters": [
    (xs: number[]) => {
      const re = Float64Array.from(xs);
      const im = xs.map((x) => x * x);
      butterflies(re, im, 0, xs.length);
      return re.reduce((s, e, k) => s + e * e * (k + 1) - im[k], 0);
    },
    [1, 2, -1, 0.5, 3, 0.1, -2, 0.7],
  ],
  "arguments written by recursion": [
    (re: Float64Array, im: number[]) => {
      butterflies(re, im, 0, re.length);
      return re[1] ** 2 + im[2];
    },
    Float64Array.of(1, 2, -1, 0.5, 3, 0.1, -2, 0.7),
    [0, 1, 0.3, 2, 0.2, -1, 0.6, 1],
  ],
  "lists of each call": [(x: number) => scratch(x, 4), 0.3],
  "defaults and rests": [(x: number, n: number) => counted(x, n) + counted(x, n, 3, x, x), 0.9, 4],
  "variables outside": [(xs: number[]) => damped(xs, 0), coefficients],
  "a closure over a number": [
    (x: number, n: number) => {
      const s = x * x;
      const go = (k: number): number => (k <= 0 ? s : Math.sin(go(k - 1)) * s + x);
      return go(n) * go(n - 2);
    },
    0.7,
    5,
  ],
  "a closure over a list and a record": [
    (xs: number[], p: { a: number; b: number }) => {
      const at = (k: number): number => (k >= xs.length ? p.a : xs[k] * p.b + at(k + 1) * at(k + 2));
      return at(0);
    },
    coefficients.map((c) => c / 9),
    { a: 1.5, b: -0.5 },
  ],
  "a closure over a variable that changes": [
    (x: number, n: number) => {
      let scale = 1;
      const go = (k: number): number => (k <= 0 ? scale : x * go(k - 1));
      let s = 0;
      for (let i = 0; i < n; i++) {
        s += go(i);
        scale *= 1 + x;
      }
      return s;
    },
    0.7,
    5,
  ],
  "a closure inside of a recursion": [
    (x: number, n: number) => {
      const go = (y: number, k: number): number => {
        const square = (z: number) => z * z * y;
        return k <= 0 ? square(x) : square(go(y * 0.9, k - 1)) + 0.1;
      };
      return go(x, n);
    },
    0.8,
    4,
  ],
  "a recursion inside of a recursion": [
    (x: number, n: number) => {
      const outer = (y: number, k: number): number => {
        const inner = (j: number): number => (j <= 0 ? y : x * inner(j - 1) + outer(y / 2, k - 1 - j));
        return k <= 0 ? y : inner(k) + y;
      };
      return outer(x, n);
    },
    0.8,
    3,
  ],
  "what is not differentiated by": [(x: number, n: number) => power(2, Math.round(n)) * x, 1.5, 9],
  "the last value alone": [
    (x: number, n: number) => {
      power(x, n);
      return power(x, n + 1) > 2 ? x : -x;
    },
    1.5,
    9,
  ],
  "a call in the condition of a loop": [
    (x: number) => {
      let y = x;
      while (halves(y) < 50) y *= 1.3;
      return y + halves(y);
    },
    1.4,
  ],
};

/** Whether a program answers, rather than the tape. */
function answers(
  f: F,
  args: readonly unknown[],
  mode: "gradient" | "pullback" | "pushforward",
): string | true {
  const plain = plainFunctionOf(f);
  assert.ok(plain);
  const given = copy(args) as unknown[];
  const positions = given.flatMap((_, k) => (k === 0 ? [k] : []));
  const program = programFor(plain, given, { positions, mode });
  if (!(program instanceof Program)) return program.message;
  const directions =
    mode === "pushforward" ? [copy(args[0])] : mode === "pullback" ? [copy(f(...given))] : [];
  const free = program.freeOf(plain)?.values();
  return (!!free && program.answer(copy(args) as unknown[], free, directions) !== null) || "gave up";
}

/** What is left to the tape, and what is said of it. */
const left: Record<string, [f: F, said: RegExp, ...args: unknown[]]> = {
  "results that may be missing": [
    (xs: number[]) => (thirds(xs, 0) as number) + (thirds(xs, 7) ?? xs[0]),
    /whether a number is undefined depends on the path; .* \(\d+:\d+\)/,
    [2, 3, 5, 7, 11, 13, 17, 19],
  ],
  "a variable outside that is assigned to": [
    (x: number, n: number) => {
      let calls = 0;
      const go = (k: number): number => {
        calls += x;
        return k <= 0 ? x : go(k - 1) * x;
      };
      return go(n) + calls;
    },
    /the variable calls is assigned to by a function that calls itself; .* \(\d+:\d+\)/,
    1.2,
    4,
  ],
  "lists as results": [
    (x: number, n: number) => {
      const all = (k: number): number[] => (k <= 0 ? [x] : [...all(k - 1), ...all(k - 3), x * k]);
      return all(n).reduce((s, e) => s + e * e, 0);
    },
    /the function all, which calls itself, returns number\[\]; .* \(\d+:\d+\)/,
    1.2,
    4,
  ],
  "a list that becomes longer": [
    (x: number, n: number) => {
      const list: number[] = [];
      const fill = (k: number): void => {
        if (k <= 0) return;
        list.push(x * k);
        fill(k - 1);
      };
      fill(n);
      return list.reduce((s, e) => s + e * e, 0);
    },
    /a list that goes into a function which calls itself is made longer there; .* \(\d+:\d+\)/,
    1.2,
    4,
  ],
  "ever other functions": [
    (x: number, n: number) => {
      const go = (f: (y: number) => number, k: number): number =>
        k <= 0 ? f(x) : go((y) => f(y) * 1.1 + x, k - 1);
      return go((y) => y, n);
    },
    /calls itself with ever other functions, lists or records; .* \(\d+:\d+\)/,
    1.2,
    4,
  ],
};

describe("recursion", () => {
  for (const [name, [f, ...args]] of Object.entries(served))
    it(name, () => {
      const number = typeof f(...(copy(args) as unknown[])) === "number";
      for (const mode of [number ? "gradient" : "pullback", "pushforward"] as const)
        assert.equal(answers(f, args, mode), true, mode);
      same(f, args);
    });
  for (const [name, [f, said, ...args]] of Object.entries(left))
    it(`${name}: left to the tape`, () => {
      assert.match(String(answers(f, args, "gradient")), said);
      same(f, args);
    });

  it("errors are the function's own", () => {
    const f = (xs: number[]) => guarded(xs, 0);
    same(f, [[...coefficients, 0]]);
    same(f, [coefficients]);
    // after an error everything is as before
    same(f, [[...coefficients, 0]]);
  });
  it("what is too deep for a call is too deep for its derivative", () => {
    const down = (x: number, n: number): number => (n <= 0 ? x : down(x * 0.999, n - 1) + x);
    const f = (x: number) => down(x, 1e6);
    assert.throws(() => f(1), RangeError);
    assert.throws(() => grad(f)(1), RangeError);
    same((x: number) => down(x, 1000), [1]);
  });
  it("is called in a recursion", () => {
    const f = (x: number, n: number): number =>
      n <= 0 ? x * x : x + f(x / 2, n - 1) * grad(f, { wrt: 0 })(x, n - 1);
    same((x: number) => f(x, 3), [1.5]);
  });
  it("a pullback any number of times, beside another one", () => {
    const f = (x: number, n: number) => mix(Math.round(n), x);
    const [a, b] = [vjp(f)(0.4, 9), vjp(f)(0.7, 6)];
    const right = [vjp(f, { engine: "tape" })(0.4, 9), vjp(f, { engine: "tape" })(0.7, 6)];
    for (const c of [1, 2]) {
      agree(a.pullback(c), right[0].pullback(c), "the first");
      agree(b.pullback(c), right[1].pullback(c), "the second");
    }
  });
  it("a function that is not the same any more", () => {
    let step = (x: number, n: number): number => (n <= 0 ? x : Math.sin(step(x, n - 1)));
    const f = (x: number) => step(x, 4) * x;
    same(f, [0.7]);
    step = (x, n) => (n <= 0 ? x * x : 2 * step(x, n - 1));
    same(f, [0.7]);
  });
  it("functions of one text that call each other's", () => {
    const family = (a: number, next: () => F) => {
      const g = (x: number, n: number): number => (n <= 0 ? a * x : a + x * next()(x / 2, n - 1));
      return g;
    };
    const first: F = family(2, () => second);
    const second: F = family(3, () => first);
    same((x: number) => first(x, 5), [1.2]);
    same(first, [1.2, 4]);
    same(second, [1.2, 4]);
  });
});
