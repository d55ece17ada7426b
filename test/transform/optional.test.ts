/**
 * Variables that are null or undefined at first and numbers later: programs serve them, and the tape gives the same.
 */
import assert from "node:assert/strict";
import { explain, grad, hessian, stopGradient } from "wengert";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = [3, -1, 4, 1, -5, 9, 2, 6];

const served: Record<string, [f: F, ...args: unknown[]]> = {
  "the least, from null": [
    (v: number[]) => {
      let best: number | null = null;
      for (const e of v) if (best === null || e * e < best) best = e * e;
      return best! * 2;
    },
    list,
  ],
  "the least, from undefined": [
    (v: number[]) => {
      let best: number | undefined;
      for (let i = 0; i < v.length; i++) {
        const d = (v[i] - 2.2) ** 2;
        if (best === undefined || d < best) best = d;
      }
      return best as number;
    },
    list,
  ],
  "the length of a line": [
    (x: number[], y: number[]) => {
      let [px, py]: [number | null, number | null] = [null, null];
      let length = 0;
      for (let i = 0; i < x.length; i++) {
        if (px !== null && py !== null) length += Math.hypot(x[i] - px, y[i] - py);
        [px, py] = [x[i], y[i]];
      }
      return length;
    },
    list,
    [1, 2, 3, 5, 8, 13, 21, 34],
  ],
  "the one before, by ??": [
    (v: number[]) => {
      let before: number | undefined;
      let s = 0;
      for (const e of v) {
        s += e * (before ?? 7);
        before = e > 0 ? e : undefined;
      }
      return s;
    },
    list,
  ],
  "null counts as zero": [
    (v: number[], x: number) => {
      let last: number | null = null;
      let s = x;
      for (const e of v) {
        s = s * 0.5 + (last as unknown as number) * x + (last === 0 ? 100 : 0) + ((last as any) >= 0 ? 1 : 0);
        last = e > 3 ? null : e * x;
      }
      return s + (last as unknown as number);
    },
    list,
    0.7,
  ],
  "set back to null": [
    (v: number[]) => {
      let run: number | null = null;
      let s = 0;
      for (const e of v) {
        if (e < 0) {
          if (run !== null) s += run * run;
          run = null;
        } else run = (run ?? 1) * e;
      }
      return run === null ? s : s + run;
    },
    list,
  ],
  "by one branch, without a loop": [
    (x: number, y: number) => {
      let z: number | null = null;
      if (x > 1) z = x * y;
      const w = z === null ? y : z * 2;
      return w + (z ?? x) * (z || 3) * (z && z * y)!;
    },
    1.5,
    2,
  ],
  "the other one": [
    (x: number, y: number) => {
      let z: number | null = null;
      if (x > 1) z = x * y;
      z ??= y * y;
      return z * x;
    },
    0.5,
    2,
  ],
  "in a record of the function's own": [
    (v: number[]) => {
      const state: { best: number | null; at: number } = { best: null, at: -1 };
      for (let i = 0; i < v.length; i++)
        if (state.best === null || v[i] > state.best) {
          state.best = v[i];
          state.at = i;
        }
      return state.best! ** 2 + state.at;
    },
    list,
  ],
  "through a helper that gives null": [
    (v: number[], level: number) => {
      const above = (from: number): number | null => {
        for (let i = from; i < v.length; i++) if (v[i] > level) return v[i] * level;
        return null;
      };
      let s = 0;
      for (let k = 0; k < v.length; k++) {
        const a = above(k);
        if (a !== null) s += a * a;
        else s -= level;
      }
      return s;
    },
    list,
    4.5,
  ],
  "nested loops, with a jump": [
    (m: number[][]) => {
      let s = 0;
      for (const row of m) {
        let first: number | null = null;
        for (const e of row) {
          if (e < 0) {
            first = e;
            break;
          }
        }
        if (first != null) s += first ** 3;
      }
      return s;
    },
    [
      [1, -2, -3],
      [4, 5],
      [-6, 7],
    ],
  ],
  "its number as a constant": [
    (v: number[]) => {
      let best: number | null = null;
      for (const e of v) if (best === null || e < best) best = stopGradient<number>(best ?? 2) * 0.5 + e;
      return best! * v[0];
    },
    list,
  ],
};
/** What the tape has to say: its error, or what no program can follow. */
const others: Record<string, [f: F, ...args: unknown[]]> = {
  "null is returned": [
    (v: number[]) => {
      let best: number | null = null;
      for (const e of v) if (e > 100) best = e;
      return best;
    },
    list,
  ],
  "undefined is returned": [
    (v: number[]) => {
      let best: number | undefined;
      for (const e of v) if (best === undefined ? e > 100 : e > best) best = e;
      return best;
    },
    list,
  ],
  "its type is asked for": [
    (v: number[]) => {
      let best: number | null = null;
      for (const e of v) if (typeof best !== "number" || e > best) best = e;
      return best! * 2;
    },
    list,
  ],
  "it is an index": [
    (v: number[]) => {
      let at: number | null = null;
      for (let i = 0; i < v.length; i++) if (v[i] > 100) at = i;
      return (v[at as unknown as number] ?? 5) * v[0];
    },
    list,
  ],
  "it goes into a list": [
    (v: number[]) => {
      const all: (number | null)[] = [];
      let last: number | null = null;
      for (const e of v) {
        all.push(last);
        last = e > 0 ? e : null;
      }
      return all.reduce<number>((s, e) => s + (e === null ? 1 : e * e), 0);
    },
    list,
  ],
  "it is asked whether it is finite": [
    (v: number[]) => {
      let last: number | null = null;
      let s = 0;
      for (const e of v) {
        s += Number.isFinite(last) ? e : e * e;
        last = e > 0 ? e : null;
      }
      return s;
    },
    list,
  ],
  "it is a record": [
    (v: number[]) => {
      let best: { d: number; k: number } | null = null;
      v.forEach((e, k) => {
        if (!best || e < best.d) best = { d: e, k };
      });
      return best!.d * v[0];
    },
    list,
  ],
  "it is null and undefined": [
    (v: number[]) => {
      let last: number | null | undefined;
      let s = 0;
      for (const e of v) {
        s += last === undefined ? e : last === null ? e * e : last * e;
        last = e > 0 ? e : null;
      }
      return s;
    },
    list,
  ],
};

describe("variables that may be null or undefined", () => {
  for (const [name, [f, ...args]] of Object.entries(served))
    it(`are served: ${name}`, () => {
      assert.equal(explain(f)(...args).reason, "its text is supported for arguments of these kinds");
      same(f, args);
      agree(hessian(f)(...args), hessian(f, { engine: "tape" })(...args), "second derivatives", 100);
    });
  for (const [name, [f, ...args]] of Object.entries(others))
    it(`are left to the tape: ${name}`, () => {
      same(f, args);
    });
  it("of an empty list, whatever the function does then", () => {
    const f = (v: number[], x: number) => {
      let best: number | null = null;
      for (const e of v) if (best === null || e < best) best = e;
      return best === null ? x * x : best * x;
    };
    for (const v of [[1], [3, 2], []])
      agree(grad(f, { wrt: 1 })(v, 3), v.length === 0 ? 6 : Math.min(...v), "slope");
  });
});
