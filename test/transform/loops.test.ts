/**
 * Loops that become one, and nests that change places (jamming.ts, interchange.ts): how many loops are left, and that the
 * gradient is the tape's, above all where loops have to stay as they are.
 */
import assert from "node:assert/strict";
import { grad, valueAndGrad } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = (n: number, shift = 0): number[] => Array.from({ length: n }, (_, k) => Math.sin(1 + k + shift));
const matrix = (n: number, m: number): number[][] => Array.from({ length: n }, (_, k) => list(m, 3 * k));

function textOf(f: F, args: readonly unknown[]): string {
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions: [0], directions: 1 });
  if (!(program instanceof Program)) throw program;
  return program.text.source.replaceAll(/\/\/ .*/g, "");
}

/** By how many loops of the program there are, forwards and backwards. */
const become: Record<string, [loops: number, f: F, ...args: unknown[]]> = {
  "softmax, and a sum of its shares": [
    4,
    (x: number[], w: number[]) => {
      const most = Math.max(...x);
      const powers = x.map((v) => Math.exp(v - most));
      const total = powers.reduce((s, v) => s + v, 0);
      const shares = powers.map((v) => v / total);
      const mean = shares.reduce((s, v, i) => s + v * w[i], 0);
      return mean * shares[0] * mean;
    },
    list(9),
    list(9, 2),
  ],
  "two sums of one list": [
    2,
    (x: number[]) => {
      const y = x.map((v) => Math.sin(v));
      const a = y.reduce((s, v) => s + v, 0);
      const b = y.reduce((s, v) => s + v * v, 0);
      return a * b * y[2];
    },
    list(11),
  ],
  "what stands between goes before or behind": [
    2,
    (x: number[], w: number[]) => {
      const y = new Float64Array(x.length);
      let a = 0;
      for (let i = 0; i < x.length; i++) {
        y[i] = x[i] * x[i];
        a += y[i];
      }
      const before = w[0] * w[1];
      const behind = Math.exp(a) * before;
      let b = 0;
      for (let i = 0; i < x.length; i++) b += y[i] * before;
      return b * behind * y[1] * y[2];
    },
    list(10),
    list(2, 4),
  ],
  "nested loops": [
    6,
    (x: number[][]) => {
      const y = new Float64Array(x.length * x[0].length);
      const rows = new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) rows[i] = x[i][0] * x[i][1];
      for (let i = 0; i < x.length; i++)
        for (let j = 0; j < x[i].length; j++) y[i * x[0].length + j] = x[i][j] * rows[i];
      let s = 0;
      for (let k = 0; k < y.length; k++) s += y[k] ** 3;
      return s * s;
    },
    matrix(7, 8),
  ],
  "a vector times a matrix": [
    6,
    (x: number[], m: number[][]) => {
      const y = m[0].map((_, j) => x.reduce((s, v, i) => s + v * m[i][j], 0));
      return y.reduce((s, v) => s + v * v, 0) * y[0];
    },
    list(8),
    matrix(8, 9),
  ],
};
/** Loops that have to stay apart. */
const stay: Record<string, [f: F, ...args: unknown[]]> = {
  "an element that comes later": [
    (x: number[]) => {
      const y = new Float64Array(x.length + 1);
      for (let i = 0; i < x.length; i++) y[i] = x[i] * x[i];
      let s = 0;
      for (let i = 0; i < x.length; i++) s += y[i + 1] * x[i];
      return s * y[0];
    },
    list(9),
  ],
  "the sum of the first loop": [
    (x: number[]) => {
      const y = new Float64Array(x.length);
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        y[i] = x[i] * x[i];
        s += y[i];
      }
      let t = 0;
      for (let i = 0; i < x.length; i++) t += Math.sin(y[i] * s);
      return t * y[0];
    },
    list(9),
  ],
  "the sum of the first loop, by way of memory": [
    (x: number[]) => {
      const y = new Float64Array(x.length);
      const total = [0, 0];
      for (let i = 0; i < x.length; i++) {
        y[i] = x[i] * x[i];
        total[i % 2] += y[i];
      }
      let t = 0;
      for (let i = 0; i < x.length; i++) t += Math.sin(y[i] * total[0]);
      return t * y[0];
    },
    list(9),
  ],
  "what the second writes, the first reads later": [
    (x: number[]) => {
      const [y, z] = [new Float64Array(x.length), Float64Array.from(x)];
      for (let i = 0; i < x.length; i++) y[i] = z[i] * z[x.length - 1 - i];
      for (let i = 0; i < x.length; i++) z[i] = y[i] * y[i];
      return z[0] * z[3] * y[1] + z[2];
    },
    list(9),
  ],
  "one list by two names": [
    (x: number[], flag: boolean) => {
      const [a, b] = [Float64Array.from(x), Float64Array.from(x)];
      const c = flag ? a : b;
      const y = new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) y[i] = a[i] * c[(i + 1) % x.length];
      for (let i = 0; i < x.length; i++) a[i] = y[i] * 2;
      return a[0] * c[1] * y[2];
    },
    list(9),
    true,
  ],
  "a store before the beginning of a typed array": [
    (x: number[]) => {
      const y = new Float64Array(x.length);
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        y[i - 1] = x[i] * x[i];
        s += (y[i - 1] ?? 2) * x[0];
      }
      return s * y[0];
    },
    list(9),
  ],
  "a list that grows": [
    (x: number[]) => {
      const y = new Float64Array(x.length);
      const z: number[] = [];
      for (let i = 0; i < x.length; i++) {
        y[i] = x[i] * x[i];
        z.push(y[i] * 3);
      }
      let s = 0;
      for (let i = 0; i < x.length; i++) s += y[i] * z[z.length - 1];
      return s * y[0];
    },
    list(9),
  ],
  "rows that are written to while columns are summed": [
    (x: number[], m: number[][]) => {
      const rows = m.map((row) => row.map((v) => v * x[0]));
      const [n, columns] = [x.length, m[0].length];
      let total = 0;
      for (let j = 0; j < columns; j++) {
        let s = 0;
        for (let i = 0; i < n; i++) s += rows[i][j] * x[i];
        rows[0][(j + 1) % columns] += s;
        total += s * s;
      }
      return total;
    },
    list(7),
    matrix(7, 8),
  ],
  "columns of which each starts with something else": [
    (x: number[], m: number[][]) => {
      const [n, columns] = [x.length, m[0].length];
      let total = 0;
      for (let j = 0; j < columns; j++) {
        let s = x[j % n];
        for (let i = 0; i < n; i++) s += m[i][j] * x[i];
        total += s * s;
      }
      return total;
    },
    list(7),
    matrix(7, 8),
  ],
  "what is no sum of a column": [
    (x: number[], m: number[][]) => {
      const [n, columns] = [x.length, m[0].length];
      let total = 0;
      for (let j = 0; j < columns; j++) {
        let s = 0;
        for (let i = 0; i < n; i++) s = 0.5 * s + m[i][j] * x[i];
        total += s * s;
      }
      return total;
    },
    list(7),
    matrix(7, 8),
  ],
  "columns of a triangle": [
    (x: number[], m: number[][]) => {
      const columns = m[0].length;
      let total = 0;
      for (let j = 0; j < columns; j++) {
        let s = 0;
        for (let i = 0; i < j; i++) s += m[i][j] * x[i];
        total += s * s;
      }
      return total;
    },
    list(8),
    matrix(8, 8),
  ],
  "columns that use the sum so far": [
    (x: number[], m: number[][]) => {
      const [n, columns] = [x.length, m[0].length];
      let total = 1;
      for (let j = 0; j < columns; j++) {
        let s = 0;
        for (let i = 0; i < n; i++) s += m[i][j] * x[i] * total;
        total += Math.sin(s);
      }
      return total;
    },
    list(7),
    matrix(7, 8),
  ],
};

describe("loops that become one", () => {
  for (const [name, [loops, f, ...args]] of Object.entries(become))
    it(name, () => {
      const text = textOf(f, args);
      assert.equal(text.match(/\bfor \(/g)?.length, loops, text);
      same(f, args);
    });
  it("the rows of a matrix are looked up once for all columns", () => {
    const [, f, ...args] = become["a vector times a matrix"];
    assert.doesNotMatch(textOf(f, args), /\]\[/);
  });
  it("sums that are the same are one", () => {
    const twice = (x: number[]) => {
      let [a, b] = [0, 0];
      for (let i = 0; i < x.length; i++) {
        a += Math.exp(x[i]);
        b += Math.exp(x[i]);
      }
      return a * Math.sin(b);
    };
    assert.equal(textOf(twice, [list(9)]).match(/Math\.exp|\+=/g)?.length, 2);
    same(twice, [list(9)]);
  });
  for (const [name, [f, ...args]] of Object.entries(stay))
    it(`stay apart: ${name}`, () => {
      same(f, args);
      if (typeof args[1] === "boolean") same(f, [args[0], false]);
    });
});

/** Lists that are made at their full length: nothing is pushed in the program. */
const sized: Record<string, [f: F, ...args: unknown[]]> = {
  "a path from a start": [
    (x: number[]) => {
      const path = [x[0]];
      for (let i = 1; i < x.length; i++) path.push(path[i - 1] * x[i] + Math.sin(path[path.length - 1]));
      return path.reduce((s, v, i) => s + v * v * i, 0) * path[2];
    },
    list(9),
  ],
  "records, by their members": [
    (x: number[], dt: number) => {
      const states = [{ p: x[0], v: x[1] }];
      for (const a of x) {
        const s = states[states.length - 1];
        states.push({ p: s.p + dt * s.v, v: s.v + dt * a * s.p });
      }
      let cost = 0;
      for (const s of states.slice(1)) cost += s.p * s.v;
      return cost * states[3].p;
    },
    list(9),
    0.3,
  ],
  "its length while it grows": [
    (x: number[]) => {
      const y: number[] = [];
      let s = 0;
      for (let i = 2; i < x.length; i++) {
        s += y.length * x[i];
        y.push(x[i] * x[i]);
        s += y.length * x[i - 1];
      }
      return s * y[0] * y.length * y[y.length - 1];
    },
    list(9),
  ],
  "in a loop that does not run": [
    (x: number[], from: number) => {
      const y = [x[0], x[1]];
      for (let i = from; i < 4; i++) y.push(x[i] * x[0]);
      return y.reduce((s, v) => s * v, 1) + y.length * x[1];
    },
    list(9),
    7,
  ],
};
/** Lists that have to grow. */
const growing: Record<string, [f: F, ...args: unknown[]]> = {
  "in some iterations only": [
    (x: number[]) => {
      const y = [1];
      for (let i = 0; i < x.length; i++) if (x[i] > 0) y.push(x[i] * y[y.length - 1]);
      return y[y.length - 1] * y[1];
    },
    list(9),
  ],
  "an element that may not be there yet": [
    (x: number[]) => {
      const y = [x[0]];
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        s += (y[i + 1] ?? 2) * x[i];
        y.push(x[i] * x[i]);
      }
      return s * y[3];
    },
    list(9),
  ],
  "twice in an iteration": [
    (x: number[]) => {
      const y: number[] = [];
      for (let i = 0; i < x.length; i++) {
        y.push(x[i] * x[i]);
        y.push(x[i] * y[y.length - 1]);
      }
      return y.reduce((s, v, k) => s + v * k, 0) * y[1];
    },
    list(9),
  ],
  "until something is met": [
    (x: number[]) => {
      const y: number[] = [];
      for (let i = 0; i < x.length; i++) {
        if (x[i] < -0.5) break;
        y.push(Math.exp(x[i]));
      }
      return y.reduce((s, v) => s + v * v, 0) * y[0];
    },
    list(9),
  ],
};
describe("lists that get one more element in each iteration", () => {
  for (const [name, [f, ...args]] of Object.entries(sized))
    it(`are made at once: ${name}`, () => {
      assert.doesNotMatch(textOf(f, args), /\.push\(/);
      same(f, args);
    });
  for (const [name, [f, ...args]] of Object.entries(growing))
    it(`grow: ${name}`, () => {
      assert.match(textOf(f, args), /\.push\(/);
      same(f, args);
    });
});

/** Lists that each iteration makes anew. */
const reused: Record<string, [inLoop: boolean, f: F, ...args: unknown[]]> = {
  "made once": [
    false,
    (centres: number[], data: number[]) => {
      let loss = 0;
      for (const p of data) {
        const d = centres.map((c) => (p - c) ** 2);
        const nearest = Math.min(...d);
        const w = d.map((v) => Math.exp(nearest - v));
        const total = w.reduce((a, b) => a + b);
        loss += w.reduce((s, v, k) => s + (v / total) * d[k], 0);
      }
      return loss;
    },
    list(7),
    list(9, 3),
  ],
  "what an earlier iteration has left": [
    true,
    (x: number[], data: number[]) => {
      let loss = 0;
      for (const p of data) {
        const d = new Array(x.length).fill(0);
        for (let k = 1; k < x.length; k += 2) d[k] = x[k] * p;
        for (let k = 0; k < x.length; k++) loss += (d[k] + x[k]) ** 3;
      }
      return loss;
    },
    list(7),
    list(9, 3),
  ],
  "a list for each": [
    true,
    (x: number[], data: number[]) => {
      const all: number[][] = [];
      for (const p of data) all.push(x.map((v) => v * p));
      return all.reduce((s, row, k) => s + row[k % x.length] ** 2, 0);
    },
    list(7),
    list(9, 3),
  ],
};
describe("lists that each iteration makes anew", () => {
  for (const [name, [inLoop, f, ...args]] of Object.entries(reused))
    it(name, () => {
      assert.equal(/^ {4}.*= rows\.zeros\(/m.test(textOf(f, args)), inLoop, textOf(f, args));
      same(f, args);
    });
});

describe("sums that begin with the first element", () => {
  it("begin with -0", () => {
    const f = (x: number[]) => x.map((v) => v * v).reduce((a, b) => a + b) * x[1];
    assert.match(textOf(f, [list(9)]), /= -0;/);
    same(f, [list(9)]);
    const { gradient, value } = valueAndGrad((x: number[]) => x.reduce((a, b) => a + b))([-0, -0, -0]);
    assert.ok(Object.is(value, -0));
    assert.deepEqual(gradient, [1, 1, 1]);
  });
  const others: F[] = [
    (x: number[]) => x.map((v) => v * v).reduce((a, b) => a - b) * x[1],
    (x: number[]) => x.map((v) => v * v).reduce((a, b) => a + 2 * b) * x[1],
    (x: number[]) => x.map((v) => v * v).reduce((a, b) => a * b) * x[1],
    (x: number[]) => x.map((v) => v * v).reduce((a, b, k) => a + b * k) * x[1],
    (x: number[]) => {
      const y = x.map((v) => v * v);
      let total = 0;
      for (let j = 0; j < y.length; j++) {
        let s = y[0];
        for (let k = 1; k < y.length; k++) s += y[j];
        total += s * s;
      }
      return total * y[1];
    },
  ];
  for (const f of others)
    it(`others do not: ${String(f).match(/reduce.*?\) \*|s \+=.*;/)}`, () => {
      assert.doesNotMatch(textOf(f, [list(9)]), /= -0;/);
      same(f, [list(9)]);
    });
  it("of no element there is none", () => {
    const f = (x: number[], y: number[]) => x[0] * y.reduce((a, b) => a + b);
    assert.throws(() => grad(f, { wrt: 0 })([1], []), TypeError);
  });
});
