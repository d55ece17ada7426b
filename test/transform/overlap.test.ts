/**
 * Lists that are written to and read in one loop: what their indices tell (overlap.ts). Where no later store reaches what
 * was read, nothing is stored; where one does, or it can't be told, the gradient is right all the same.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import fc from "fast-check";
import { prepareSource } from "#lib/prepare.js";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = (n: number, shift = 0): number[] =>
  Array.from({ length: n }, (_, k) => Math.sin(1 + k + shift) + 0.1);
const matrix = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? n + 1 : Math.sin(i * 7 + j * 3))),
  );
const sum = (x: ArrayLike<number>): number => {
  let s = 0;
  for (let k = 0; k < x.length; k++) s += x[k] * x[k] * x[k];
  return s;
};

/** Nothing is stored but what is named. */
const clear: Record<string, [stored: number, f: F, ...args: unknown[]]> = {
  "a recurrence": [
    0,
    (x: number[]) => {
      const y = new Array(x.length).fill(0);
      y[0] = x[0];
      for (let t = 1; t < x.length; t++) y[t] = y[t - 1] * y[t - 1] * x[t];
      return sum(y);
    },
    list(9),
  ],
  "two steps back, in a Float64Array": [
    0,
    (x: Float64Array) => {
      const y = new Float64Array(x.length + 2);
      for (let t = 0; t < x.length; t++) y[t + 2] = y[t + 1] * y[t] - x[t] * y[t + 1] + x[t];
      return sum(y);
    },
    Float64Array.from(list(9)),
  ],
  "lags in an inner loop": [
    0,
    (x: number[], theta: number[]) => {
      const e = new Float64Array(x.length);
      for (let t = 0; t < x.length; t++) {
        let m = x[t];
        for (let j = 0; j < theta.length; j++)
          if (t - 1 - j >= 0) m -= theta[j] * e[t - 1 - j] * e[t - 1 - j];
        e[t] = m;
      }
      return sum(e);
    },
    list(9),
    list(3),
  ],
  "a tridiagonal system": [
    0,
    (a: number[], b: number[], c: number[], d: number[]) => {
      const n = d.length;
      const [p, q, x] = [new Array(n).fill(0), new Array(n).fill(0), new Array(n).fill(0)];
      p[0] = c[0] / b[0];
      q[0] = d[0] / b[0];
      for (let i = 1; i < n; i++) {
        const m = b[i] - a[i] * p[i - 1];
        p[i] = c[i] / m;
        q[i] = (d[i] - a[i] * q[i - 1]) / m;
      }
      x[n - 1] = q[n - 1];
      for (let i = n - 2; i >= 0; i--) x[i] = q[i] - p[i] * x[i + 1];
      return sum(x);
    },
    list(7),
    list(7).map((x) => x + 4),
    list(7, 1),
    list(7, 2),
  ],
  "elimination in rows": [
    1,
    (a: number[][], b: number[]) => {
      const n = b.length;
      const m = a.map((row, i) => [...row, b[i]]);
      for (let k = 0; k < n; k++)
        for (let i = k + 1; i < n; i++) {
          const f = m[i][k] / m[k][k];
          for (let j = k; j <= n; j++) m[i][j] -= f * m[k][j];
        }
      return m[n - 1][n] / m[n - 1][n - 1];
    },
    matrix(5),
    list(5),
  ],
  "elimination in one list": [
    2,
    (a: Float64Array, b: number[]) => {
      const m = a.slice();
      const n = b.length;
      let d = 1;
      for (let k = 0; k < n; k++) {
        d *= m[k * n + k];
        for (let i = k + 1; i < n; i++) {
          const f = m[i * n + k] / m[k * n + k];
          for (let j = k; j < n; j++) m[i * n + j] -= f * m[k * n + j];
        }
      }
      return d * b[0];
    },
    Float64Array.from(matrix(5).flat()),
    list(5),
  ],
  "rows after rows": [
    0,
    (x: number[][]) => {
      const d = x.map((row) => row.map(() => 0));
      for (let i = 1; i < x.length; i++)
        for (let j = 1; j < x.length; j++)
          d[i][j] = x[i][j] + 0.3 * d[i - 1][j] * d[i][j - 1] + d[i - 1][j - 1] * d[i - 1][j - 1];
      return d[x.length - 1][x.length - 1];
    },
    matrix(5),
  ],
  "members of records in turn": [
    0,
    (x: number[]) => {
      const states = x.map((v) => ({ v, s: 0 }));
      for (let t = 1; t < states.length; t++)
        states[t].s = states[t - 1].s * states[t - 1].s + states[t].v * states[t - 1].s + states[t].v;
      return states[x.length - 1].s;
    },
    list(6),
  ],
};

/** A later store reaches what was read, or may do so. */
const met: Record<string, [f: F, ...args: unknown[]]> = {
  "the element of the next iteration": [
    (x: number[]) => {
      const y = x.slice();
      for (let t = 0; t < x.length - 1; t++) y[t] = y[t + 1] * y[t + 1] * y[t];
      return sum(y);
    },
    list(7),
  ],
  "a recurrence, again and again": [
    (x: number[]) => {
      const y = x.slice();
      for (let s = 0; s < 3; s++) for (let t = 1; t < x.length; t++) y[t] = Math.sin(y[t - 1] * y[t]);
      return sum(y);
    },
    list(7),
  ],
  "a recurrence, written over behind the loop": [
    (x: number[]) => {
      const y = x.slice();
      for (let t = 1; t < x.length; t++) y[t] = y[t - 1] * y[t - 1] * x[t];
      y[2] = y[3] * y[3];
      for (let t = 0; t < x.length; t++) y[t] *= y[t];
      return sum(y);
    },
    list(7),
  ],
  "steps of two, and an odd distance that they meet": [
    (x: number[]) => {
      const y = x.slice();
      for (let t = 0; t + 4 < x.length; t += 2) y[t] = y[t + 4] * y[t + 4] + y[t + 1] * y[t];
      return sum(y);
    },
    list(12),
  ],
  "rows that are one": [
    (x: number[]) => {
      const row = x.slice();
      const m = [row, row, x.slice()];
      for (let i = 1; i < 3; i++) for (let j = 0; j < x.length; j++) m[i][j] *= m[i - 1][j] * m[i - 1][j];
      return sum(m[0]) + sum(m[2]);
    },
    list(4),
  ],
  "rows put into a second list": [
    (x: number[][]) => {
      const m = x.map((row) => row.slice());
      const turned = [m[1], m[0], m[2]];
      for (let i = 1; i < 3; i++)
        for (let j = 0; j < 3; j++) m[i][j] += turned[i - 1][j] * turned[i - 1][j] * m[i][j];
      return m.reduce((s, row) => s + sum(row), 0);
    },
    matrix(3),
  ],
  "rows that change places": [
    (a: number[][], b: number[]) => {
      const n = b.length;
      const m = a.map((row, i) => [...row, b[i]]);
      for (let k = 0; k < n; k++) {
        let p = k;
        for (let i = k + 1; i < n; i++) if (Math.abs(m[i][k]) > Math.abs(m[p][k])) p = i;
        if (p !== k) [m[k], m[p]] = [m[p], m[k]];
        for (let i = k + 1; i < n; i++) {
          const f = m[i][k] / m[k][k];
          for (let j = k; j <= n; j++) m[i][j] -= f * m[k][j];
        }
      }
      return m[n - 1][n] / m[n - 1][n - 1];
    },
    matrix(5).reverse(),
    list(5),
  ],
  "rows of an argument that may be one": [
    (x: number[][]) => {
      for (let i = 1; i < 3; i++) for (let j = 0; j < 2; j++) x[i][j] *= x[i - 1][j] * x[i - 1][j];
      return x.reduce((s, row) => s + sum(row), 0);
    },
    () => {
      const row = [0.5, 0.7];
      return [[row, row, [0.9, 1.1]]];
    },
  ],
  "a counter that is no whole number": [
    (x: number[], from: number) => {
      const y: Record<number, number> = { 0.5: 1, 1.5: 2, 2.5: 3 };
      let s = 0;
      for (let t = from; t < 2; t++) {
        y[t] = x[0] * y[t + 1];
        s += y[t] * y[t];
      }
      return s;
    },
    [0.7],
    0.5,
  ],
};

const storedBy = (f: F, args: unknown[]): number => {
  const positions = args.flatMap((arg, k) => (typeof arg === "object" ? [k] : []));
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions });
  assert.ok(program instanceof Program, String(program));
  return program.text.source.match(/^ *tape\[top.*\] = /gm)?.length ?? 0;
};

describe("indices that tell what is written over", () => {
  for (const [name, [stored, f, ...args]] of Object.entries(clear)) {
    it(name, () => {
      same(f, args);
      assert.equal(storedBy(f, args), stored);
    });
  }
  for (const [name, [f, ...args]] of Object.entries(met))
    it(name, () => same(f, typeof args[0] === "function" ? (args[0] as () => any[]) : args));

  it("random indices", function () {
    this.timeout(60_000);
    // loops of two counters over a list of 40, which read at one place and write to another
    const coefficient = fc.constantFrom(-2, -1, 0, 0, 1, 1, 1, 2);
    const index = fc.tuple(coefficient, coefficient, fc.integer({ min: -3, max: 3 }));
    const range = fc.tuple(
      fc.constantFrom("0", "1", "2", "i", "i + 1"),
      fc.constantFrom("3", "4", "i", "i + 2", "n"),
      fc.constantFrom("<", "<="),
      fc.constantFrom(1, 1, 2),
      fc.boolean(),
    );
    const text = ([a, b, c]: number[]) => `20 + ${a} * i + ${b} * j + ${c}`;
    const head = (name: string, [from, to, comparison, step, isDown]: any[]) =>
      isDown
        ? `for (let ${name} = ${to}; ${name} ${comparison === "<" ? ">" : ">="} ${from}; ${name} -= ${step})`
        : `for (let ${name} = ${from}; ${name} ${comparison} ${to}; ${name} += ${step})`;
    const outer = range.filter(([from, to]) => !/i/.test(from + to));
    const counts = { clear: 0, stored: 0 };
    const property = fc.property(
      outer,
      range,
      index,
      index,
      fc.option(index, { freq: 2 }),
      (loop, inner, write, read, other) => {
        const further = other
          ? `if (j === 2) y[${text(other)}] += y[${text(write)}] * y[${text(read)}];`
          : "";
        const source = `"use strict";
          return function f(x) {
            const y = x.slice();
            const n = x.length - 42;
            ${head("i", loop)}
              ${head("j", inner)} {
                ${further}
                y[${text(write)}] = y[${text(read)}] * y[${text(read)}] + x[j + 20];
              }
            let s = 0;
            for (let k = 0; k < y.length; k++) s += y[k];
            return s;
          }`;
        const code = prepareSource(source, { file: "indices.js", kind: "commonjs" }).code;
        const f = vm.compileFunction(code, [])() as F;
        const args = [list(45).map((x) => 0.5 * x)];
        same(f, args, ["grad"]);
        counts[storedBy(f, args) === 0 ? "clear" : "stored"]++;
      },
    );
    fc.assert(property, {
      seed: Number(process.env.WENGERT_SEED ?? 17),
      numRuns: Number(process.env.WENGERT_PROGRAMS ?? 150),
    });
    assert.ok(counts.clear > 20 && counts.stored > 20, JSON.stringify(counts));
  });
  const placed: Record<string, [f: F, ...args: unknown[]]> = {
    "a product": [(x: number[]) => x.reduce((p, v) => p * v, 1), list(9)],
    "a recursion in time": [
      (x: Float64Array, u: number[]) => {
        let h = 0.5;
        for (let t = 0; t < u.length; t++) h = Math.tanh(h * u[t]) * x[t] + h * h;
        return h;
      },
      Float64Array.from(list(9)),
      list(9),
    ],
    "a part of the list": [
      (x: number[], y: number[]) => {
        let p = 1;
        for (let i = 2; i < y.length; i++) p *= x[i];
        return p * y[0];
      },
      list(9),
      list(6),
    ],
    "in a record, from its end": [
      ({ x }: { x: number[] }) => {
        let p = 1;
        for (let i = x.length - 1; i >= 1; i--) p = Math.sin(p * x[i]) + p * p;
        return p;
      },
      { x: list(9) },
    ],
  };
  for (const [name, [f, ...args]] of Object.entries(placed))
    it(`${name}: stored in the places of adjoints`, () => {
      same(f, args);
      assert.equal(storedBy(f, args), 0);
    });
  it("a branch may leave adjoints at zero", () => {
    const f = (x: number[]): number => {
      let [p, q] = [1, 1];
      for (let i = 0; i < x.length; i++) {
        q = p * p;
        if (q > 0.5) p = p * x[i];
      }
      return p;
    };
    same(f, [list(9).map((v) => v + 1)]);
    same(f, [list(9).map((v) => 0.1 * v)]);
  });
});
