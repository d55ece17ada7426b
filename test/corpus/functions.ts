/** Closures, recursion, parameters of every form, functions as values. */
import type { Entry } from "./entry.ts";

const scale = 2.5;
let offset = 0.5;
offset += 0.25;

function square(x: number) {
  return x * x;
}

function factorialLike(x: number, n: number): number {
  return n <= 1 ? x : x * n * factorialLike(x + 1, n - 1);
}

function fibonacci(a: number, b: number, n: number): number {
  return n === 0 ? a : fibonacci(b, a + b, n - 1);
}

function evenPart(x: number, n: number): number {
  return n === 0 ? 1 : x * oddPart(x, n - 1);
}

function oddPart(x: number, n: number): number {
  return n === 0 ? x : Math.sin(evenPart(x, n - 1)) + x;
}

function ackermannLike(x: number): number {
  if (x > 50) return x;
  return ackermannLike(x * 1.5) + ackermannLike(x * 2) / x;
}

type Tree = { value: number; left?: Tree; right?: Tree };

function fold(tree: Tree | undefined, g: (a: number, b: number) => number): number {
  return tree === undefined ? 1 : g(tree.value, fold(tree.left, g) + fold(tree.right, g));
}

function counter(start: number) {
  let count = start;
  return {
    add(x: number) {
      count += x;
      return this;
    },
    times(x: number) {
      count *= x;
      return this;
    },
    get: () => count,
  };
}

const compose =
  (...fs: ((x: number) => number)[]) =>
  (x: number) =>
    fs.reduceRight((y, f) => f(y), x);

const curry = (a: number) => (b: number) => (c: number) => a * b ** 2 + c;

function withDefaults(x: number, y = x * 2, z = x + y) {
  return x * y * z;
}

function withRest(first: number, ...rest: number[]) {
  return rest.reduce((sum, x, i) => sum + first * x ** (i + 1), 0);
}

function usingArguments(_x: number, _y: number) {
  let sum = 0;
  // biome-ignore lint/complexity/noArguments: this is what is tried
  for (let i = 0; i < arguments.length; i++) sum += arguments[i] * (i + 1);
  // biome-ignore lint/complexity/noArguments: this is what is tried
  return sum * arguments[0];
}

function memoized() {
  const known: Record<number, number> = {};
  return function power(x: number, n: number): number {
    if (n === 0) return 1;
    known[n] ??= x * power(x, n - 1);
    return known[n];
  };
}

function hoisted(x: number) {
  return later(x) + 1;
  function later(y: number) {
    return y * y * scale;
  }
}

function simpson(f: (x: number) => number, a: number, b: number, n: number) {
  const h = (b - a) / n;
  let sum = f(a) + f(b);
  for (let i = 1; i < n; i++) sum += f(a + i * h) * (i % 2 === 0 ? 2 : 4);
  return (sum * h) / 3;
}

function newton(f: (x: number) => number, df: (x: number) => number, x: number) {
  for (let i = 0; i < 50; i++) {
    const dx = f(x) / df(x);
    x -= dx;
    if (Math.abs(dx) < 1e-14) break;
  }
  return x;
}

function trampoline(x: number) {
  type Step = number | (() => Step);
  const go = (y: number, n: number): Step => (n === 0 ? y : () => go(y * 1.1 + Math.cos(y), n - 1));
  let step: Step = go(x, 6);
  while (typeof step === "function") step = step();
  return step;
}

export const functions: Entry[] = [
  {
    name: "calls another function",
    f: (x: number) => square(x) + square(square(x)),
    args: [1.2],
    second: true,
  },
  {
    name: "outer constants and variables",
    f: (x: number) => scale * x ** 2 + offset * x,
    args: [1.2],
    second: true,
  },
  { name: "recursion", f: (x: number) => factorialLike(x, 5), args: [0.5], second: true },
  {
    name: "recursion with two values",
    f: (a: number, b: number) => fibonacci(a, b, 10) ** 2,
    args: [0.5, 0.7],
    second: true,
  },
  { name: "mutual recursion", f: (x: number) => evenPart(x, 5), args: [0.8], second: true },
  { name: "recursion that ends by the value", f: ackermannLike, args: [3] },
  {
    name: "recursion over a tree",
    f: (t: Tree) => fold(t, (a, b) => a * b + a),
    args: [{ value: 2, left: { value: 3 }, right: { value: 0.5, left: { value: 1.5 } } }],
  },
  {
    name: "a named function expression calls itself",
    f: function down(x: number): number {
      return x < 1 ? x : x * down(x / 2);
    },
    args: [5],
  },
  {
    name: "closure over an argument",
    f: (x: number) => {
      const g = (y: number) => x * y + x;
      return g(g(2));
    },
    args: [1.5],
    second: true,
  },
  {
    name: "closure that writes",
    f: (x: number) => {
      let s = 1;
      const add = (y: number) => {
        s += y * s;
      };
      add(x);
      add(x * 2);
      return s;
    },
    args: [1.5],
  },
  {
    name: "chained methods of a closure's object",
    f: (x: number) => counter(x).add(2).times(x).add(x).get(),
    args: [1.5],
    second: true,
  },
  {
    name: "compose",
    f: (x: number) => compose(Math.exp, (y) => y / 2, Math.sin)(x),
    args: [0.7],
    second: true,
  },
  { name: "curried", f: (x: number, y: number) => curry(x)(y)(x * y), args: [0.7, 2], second: true },
  {
    name: "defaults that use earlier parameters",
    f: (x: number) => withDefaults(x),
    args: [1.3],
    second: true,
  },
  {
    name: "defaults, some given",
    f: (x: number, y: number) => withDefaults(x, y) + withDefaults(x, undefined, y),
    args: [1.3, 0.4],
    second: true,
  },
  { name: "a default of the differentiated function", f: (x: number, k = 3) => x ** 2 * k, args: [1.3] },
  {
    name: "rest parameters",
    f: (x: number, y: number) => withRest(x, y, 2, x),
    args: [1.3, 0.4],
    second: true,
  },
  {
    name: "the differentiated function has a rest",
    f: (...xs: number[]) => xs.reduce((s, x) => s * x + 1, 1),
    args: [1.3, 0.4, 2],
  },
  { name: "the arguments object", f: (x: number, y: number) => usingArguments(x, y), args: [1.3, 0.4] },
  {
    name: "immediately called",
    f: (x: number) =>
      (() => {
        const y = x * 2;
        return y * y;
      })() + (() => x)(),
    args: [1.3],
  },
  {
    name: "memoized within the call",
    f: (x: number) => {
      const power = memoized();
      return power(x, 5) + power(x, 3);
    },
    args: [1.3],
    second: true,
  },
  { name: "hoisted", f: hoisted, args: [1.3] },
  { name: "call", f: (x: number) => square.call(undefined, x) + Math.max.call(null, x, 1), args: [1.3] },
  {
    name: "apply",
    f: (xs: number[]) => Math.max.apply(null, xs) * Math.hypot.apply(Math, xs),
    args: [[1.3, 2.2, 0.1]],
  },
  {
    name: "bind",
    f: (x: number) => {
      const twice = withRest.bind(null, 2);
      const both = withRest.bind(null, x, 3);
      return twice(x) * both(x);
    },
    args: [1.3],
  },
  { name: "bind of Math", f: (x: number) => Math.pow.bind(Math, 2)(x) + Math.sin.bind(null)(x), args: [1.3] },
  {
    name: "this by call",
    f: (x: number) => {
      function scaled(this: { k: number }, y: number) {
        return this.k * y;
      }
      return scaled.call({ k: x }, x + 1);
    },
    args: [1.3],
  },
  {
    name: "Simpson's rule, by the limits",
    f: (a: number, b: number) => simpson((t) => Math.exp(-t * t), a, b, 16),
    args: [0.2, 1.7],
    second: true,
  },
  {
    name: "Simpson's rule, by a captured parameter",
    f: (w: number) => simpson((t) => Math.sin(w * t), 0, 1, 12),
    args: [2.2],
    second: true,
  },
  {
    name: "Newton's method",
    f: (c: number) =>
      newton(
        (x) => x ** 3 - c,
        (x) => 3 * x ** 2,
        c,
      ),
    args: [5],
  },
  {
    name: "function as an argument of the differentiated function",
    f: (g: (x: number) => number, x: number) => g(g(x)),
    args: [(x: number) => x * x + 1, 0.6],
  },
  {
    name: "functions in a record",
    f: (x: number) => {
      const ops = { inc: (y: number) => y + x, sq: (y: number) => y ** 2 };
      return ops.sq(ops.inc(ops["sq"](x)));
    },
    args: [0.6],
    second: true,
  },
  { name: "trampoline", f: trampoline, args: [0.6] },
  {
    name: "Y combinator",
    f: (x: number) => {
      type F = (n: number) => number;
      const fix = (g: (h: F) => F): F => g((n) => fix(g)(n));
      return fix((self) => (n) => (n === 0 ? 1 : x * self(n - 1) + n))(4);
    },
    args: [1.1],
    second: true,
  },
  {
    name: "church numerals",
    f: (x: number) => {
      type N = (f: (y: number) => number) => (y: number) => number;
      const two: N = (f) => (y) => f(f(y));
      const times =
        (a: N, b: N): N =>
        (f) =>
          a(b(f));
      return times(two, times(two, two))((y) => y * 0.5 + x)(x);
    },
    args: [1.1],
  },
  {
    name: "function with properties",
    f: (x: number) => {
      const g = (y: number) => y * g.k;
      g.k = x;
      return g(x + 1);
    },
    args: [1.1],
  },
  {
    name: "nested functions, three deep",
    f: (x: number) => {
      const a = (y: number) => {
        const b = (z: number) => {
          const c = (w: number) => w * x + y * z;
          return c(z);
        };
        return b(y + 1);
      };
      return a(x * 2);
    },
    args: [1.1],
    second: true,
  },
  {
    name: "shadowed names",
    f: (x: number) => {
      const y = x;
      {
        const x = y * 2;
        {
          const y = x * 3;
          return y * x;
        }
      }
    },
    args: [1.1],
  },
  {
    name: "a parameter assigned",
    f: (x: number, y: number) => {
      x = x * y;
      y = x + y;
      x += y;
      return x * y;
    },
    args: [1.1, 0.3],
  },
  {
    name: "returns a function that is called",
    f: (x: number) => {
      const make = (k: number) => ({ run: (y: number) => k * y });
      return make(x).run(x);
    },
    args: [1.1],
  },
  {
    name: "predicates passed around",
    f: (xs: number[]) => {
      const positive = (x: number) => x > 0;
      const not = (p: (x: number) => boolean) => (x: number) => !p(x);
      return xs.filter(positive).length * xs[0] + xs.filter(not(positive)).reduce((a, b) => a + b * b, 0);
    },
    args: [[1.5, -2, -0.5]],
  },
  {
    name: "pipeline of partial applications",
    f: (x: number) => {
      const add = (a: number) => (b: number) => a + b;
      const mul = (a: number) => (b: number) => a * b;
      return [add(1), mul(x), add(x), mul(2)].reduce((v, g) => g(v), x);
    },
    args: [1.5],
    second: true,
  },
  {
    name: "optional call",
    f: (x: number, o: { g?: (y: number) => number; h?: (y: number) => number }) =>
      (o.g?.(x) ?? 0) + (o.h?.(x) ?? x),
    args: [1.5, { g: (y: number) => y ** 3 }],
  },
  {
    name: "new.target",
    f: (x: number) => {
      function Box(this: { v: number }, v: number) {
        this.v = new.target ? v * 2 : v;
      }
      const Made = Box as unknown as new (v: number) => { v: number };
      return new Made(x).v * x;
    },
    args: [1.5],
  },
  {
    name: "constructor function with a prototype",
    f: (x: number) => {
      function P(this: { v: number }, v: number) {
        this.v = v;
      }
      P.prototype.square = function (this: { v: number }) {
        return this.v * this.v;
      };
      const Made = P as unknown as new (v: number) => { square(): number };
      return new Made(x + 1).square();
    },
    args: [1.5],
  },
];
