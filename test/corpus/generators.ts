/** Generators and iterators written by hand. */
import type { Entry } from "./entry.ts";

function* range(a: number, b: number, step = 1) {
  for (let i = a; i < b; i += step) yield i;
}

function* map<A, B>(xs: Iterable<A>, g: (x: A) => B) {
  for (const x of xs) yield g(x);
}

function* take<A>(xs: Iterable<A>, n: number) {
  let i = 0;
  for (const x of xs) {
    if (i++ >= n) return;
    yield x;
  }
}

function* newtonSteps(c: number) {
  let x = c;
  while (true) {
    yield x;
    x = (x + c / x) / 2;
  }
}

const sum = (xs: Iterable<number>) => {
  let s = 0;
  for (const x of xs) s += x;
  return s;
};

function* inorder(t: Tree | null): Generator<number> {
  if (t === null) return;
  yield* inorder(t.l);
  yield t.v;
  yield* inorder(t.r);
}
type Tree = { v: number; l: Tree | null; r: Tree | null };

function* averager() {
  let total = 0;
  let n = 0;
  let x: number = yield 0;
  while (true) {
    total += x;
    n++;
    x = yield total / n;
  }
}

function* withCleanup(x: number, log: number[]) {
  try {
    yield x;
    yield x * 2;
    yield x * 3;
  } finally {
    log.push(x * 10);
  }
}

function countdown(from: number) {
  return {
    from,
    [Symbol.iterator]() {
      let value = this.from;
      return {
        next: () =>
          value > 0.1
            ? { value: (value /= 2), done: false as const }
            : { value: undefined, done: true as const },
        return: () => ({ value: undefined, done: true as const }),
      };
    },
  };
}

export const generators: Entry[] = [
  { name: "a generator of actives", f: (x: number) => sum(range(x, 5, x)), args: [1.1] },
  { name: "mapped", f: (xs: number[]) => sum(map(xs, (x) => x ** 3)), args: [[1.1, 2, -0.5]], second: true },
  { name: "endless, taken from", f: (c: number) => sum(take(newtonSteps(c), 5)), args: [3], second: true },
  {
    name: "delegation and recursion",
    f: (t: Tree) => {
      let s = 0;
      let i = 1;
      for (const v of inorder(t)) s += v ** 2 * i++;
      return s;
    },
    args: [{ v: 2, l: { v: 1, l: null, r: null }, r: { v: 3, l: null, r: null } }],
  },
  {
    name: "values sent in",
    f: (xs: number[]) => {
      const g = averager();
      g.next();
      let last = 0;
      for (const x of xs) last = last * 0.5 + (g.next(x).value as number);
      return last;
    },
    args: [[1, 4, 2.5]],
  },
  {
    name: "return ends it, finally runs",
    f: (x: number) => {
      const log: number[] = [];
      let s = 0;
      for (const y of withCleanup(x, log)) {
        s += y;
        if (y > x) break;
      }
      return s * log[0];
    },
    args: [1.1],
  },
  {
    name: "return by hand",
    f: (x: number) => {
      const log: number[] = [];
      const g = withCleanup(x, log);
      const a = g.next().value as number;
      const r = g.return();
      return a * log[0] + (r.done ? 1 : 0) + ((g.next().value ?? 2) as number);
    },
    args: [1.1],
  },
  {
    name: "throw into it",
    f: (x: number) => {
      function* g(): Generator<number, number> {
        try {
          yield x;
          return 1;
        } catch (e) {
          yield (e as number) * x;
          return x ** 3;
        }
      }
      const it = g();
      const a = it.next().value;
      const b = it.throw(x * 2).value;
      return a + b + it.next().value;
    },
    args: [1.1],
  },
  {
    name: "the value returned by a delegate",
    f: (x: number) => {
      function* inner() {
        yield x;
        return x * 10;
      }
      function* outer() {
        const r: number = yield* inner();
        yield r * 2;
      }
      return [...outer()].reduce((a, b) => a * b);
    },
    args: [1.1],
  },
  {
    name: "delegation to a list",
    f: (xs: number[]) => {
      function* g() {
        yield 1;
        yield* xs;
        yield* new Set([2, 3]);
      }
      return [...g()].reduce((s, x, i) => s + x * i, 0);
    },
    args: [[1.1, 5]],
  },
  {
    name: "spread of a generator",
    f: (x: number) => Math.max(...range(x, x + 3)) * [...range(0, 4)].length,
    args: [1.1],
  },
  { name: "an iterator by hand", f: (x: number) => sum(countdown(x)), args: [3] },
  {
    name: "next by hand",
    f: (x: number) => {
      const it = newtonSteps(x);
      let y = 0;
      for (let i = 0; i < 4; i++) y += it.next().value!;
      return y;
    },
    args: [3],
  },
  {
    name: "two generators in step",
    f: (a: number[], b: number[]) => {
      function* zip(p: Iterable<number>, q: Iterable<number>) {
        const i = p[Symbol.iterator]();
        const j = q[Symbol.iterator]();
        for (;;) {
          const x = i.next();
          const y = j.next();
          if (x.done || y.done) return;
          yield [x.value, y.value] as const;
        }
      }
      let s = 0;
      for (const [x, y] of zip(a, b)) s += x * y;
      return s;
    },
    args: [
      [1, 2, 3],
      [4, 5],
    ],
  },
  {
    name: "generator method",
    f: (x: number) => {
      const o = {
        k: x,
        *items() {
          yield this.k;
          this.k *= 2;
          yield this.k;
        },
      };
      let s = 1;
      for (const y of o.items()) s *= y;
      return s + o.k;
    },
    args: [1.1],
  },
  {
    name: "list from a generator",
    f: (x: number) => Array.from(range(0, 4), (i) => x ** i).reduce((a, b) => a + b),
    args: [1.1],
    second: true,
  },
  {
    name: "fibonacci generator",
    f: (a: number, b: number) => {
      function* fib() {
        let [p, q] = [a, b];
        for (;;) {
          yield p;
          [p, q] = [q, p + q];
        }
      }
      let last = 0;
      for (const v of take(fib(), 8)) last = v;
      return last * a;
    },
    args: [0.5, 0.7],
  },
  {
    name: "try and finally around yield",
    f: (x: number) => {
      let after = 0;
      function* g() {
        try {
          yield x;
        } finally {
          after += x * x;
          yield after;
        }
      }
      const values = [...g()];
      return values[0] * values[1] + after;
    },
    args: [1.1],
  },
  {
    name: "a generator kept in a closure",
    f: (x: number) => {
      const g = (function* (): Generator<number, void, number> {
        let s = x;
        for (;;) s += yield s * 2;
      })();
      g.next();
      const f = (y: number) => g.next(y).value as number;
      return f(1) * f(x) * f(x * x);
    },
    args: [1.1],
  },
  {
    name: "Object.entries of an iterator's result",
    f: (x: number) => {
      const r = range(x, 9).next();
      return "value" in r && !r.done ? (r.value as number) * 3 : 0;
    },
    args: [1.1],
  },
];
