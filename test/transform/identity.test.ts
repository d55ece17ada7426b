/**
 * Lists and records that are reached in several ways: what is written by one name is read by every other, whether the
 * list is taken apart into variables or stands in memory. The default engine and the tape give the same.
 */
import { withoutLengths } from "./lengths.ts";
import { same } from "./same.ts";

const x3 = [0.5, -1.2, 0.8];
const x8 = [0.5, -1.2, 0.8, 1.1, -0.3, 0.9, 0.2, -0.7];

const entries: Record<string, [f: (...args: any[]) => unknown, ...args: unknown[]]> = {
  "one row in all places": [
    (x: number[]) => {
      const p = [x[0], x[1]];
      const rows = x.map(() => p);
      let s = 0;
      for (const row of rows) {
        row[0] = row[0] * 1.1;
        s += row[0];
      }
      return s;
    },
    x8,
  ],
  "one record in two lists": [
    (x: number[]) => {
      const p = { a: x[0], b: x[1] };
      const [some, others] = [[p], [p]];
      for (const q of some) q.a *= 2;
      for (const q of others) q.a *= q.b;
      return p.a + some[0].a * others[0].b;
    },
    x3,
  ],
  "kept, pushed and written to": [
    (x: number[]) => {
      const p = { a: x[0] };
      const all: { a: number }[] = [];
      for (const v of x) {
        all.push(p);
        p.a += v;
      }
      return all.reduce((s, q) => s + q.a ** 2, 0);
    },
    x8,
  ],
  "written to by a helper": [
    (x: number[]) => {
      const p = { a: x[0], n: [x[1], x[2]] };
      const write = (q: typeof p) => {
        q.n[0] *= q.a;
        q.a = q.n[1];
      };
      write(p);
      write(p);
      return p.a * p.n[0];
    },
    x3,
  ],
  "chosen and written to": [
    (x: number[]) => {
      const [p, q] = [{ a: x[0] }, { a: x[1] }];
      const chosen = x[2] > 0 ? p : q;
      chosen.a *= 3;
      return p.a * q.a * chosen.a;
    },
    x3,
  ],
  "chosen in turns": [
    (x: number[]) => {
      const [p, q] = [{ a: x[0] }, { a: x[1] }];
      let chosen = p;
      for (const v of x) {
        chosen.a += v;
        chosen = chosen === p ? q : p;
      }
      return p.a * q.a;
    },
    x8,
  ],
  "rows that change places": [
    (x: number[]) => {
      const [a, b] = [
        [x[0], 1],
        [x[1], 2],
      ];
      let [t, u] = [a, b];
      for (const v of x) {
        t[0] = u[0] * v;
        [t, u] = [u, t];
      }
      return a[0] * b[0] + t[1];
    },
    x8,
  ],
  "seen by a closure": [
    (x: number[]) => {
      const p = [x[0], x[1]];
      const f = () => p[0] * p[1];
      let s = f();
      p[0] = 2;
      s += f();
      const all = [p, p];
      all[1][1] = x[2];
      return s * f();
    },
    x3,
  ],
  "a matrix of one row": [
    (x: number[]) => {
      const row = [x[0], x[1]];
      const m = [row, row];
      m[0][0] = 5 * x[2];
      return m[1][0] * m[1][1];
    },
    x3,
  ],
  "an argument in a list": [
    (p: number[]) => {
      const all = [p, [1, 2, 3]];
      all[0][0] = p[1] * p[2];
      return all[0][0] * p[0];
    },
    x3,
  ],
  "a state and its history": [
    (x: number[]) => {
      const s = [x[0], x[1]];
      const history: number[][] = [];
      for (let t = 0; t < 4; t++) {
        s[0] += 0.1 * s[1];
        s[1] -= 0.1 * s[0];
        history.push(s);
      }
      return history.reduce((sum, [p, q]) => sum + p * q, 0);
    },
    x3,
  ],
  "states and one of them changed": [
    (x: number[]) => {
      let s = [x[0], x[1]];
      const history = [s];
      for (let t = 0; t < 4; t++) {
        s = [s[0] + 0.1 * s[1], s[1] - 0.1 * s[0]];
        history.push(s);
      }
      history[2][0] *= 2;
      return history.reduce((sum, [p, q]) => sum + p * q, 0) + s[0];
    },
    x3,
  ],
  "written to in a recursion": [
    (x: number[]) => {
      const p = { a: x[0] };
      const go = (k: number): number => {
        if (k === 0) return p.a;
        p.a *= x[1];
        return go(k - 1) + p.a;
      };
      return go(4);
    },
    x3,
  ],
};

describe("lists and records reached in several ways", () => {
  for (const [name, [f, ...args]] of Object.entries(entries))
    it(name, () => {
      same(f, args);
      withoutLengths(() => same(f, args));
    });
});
