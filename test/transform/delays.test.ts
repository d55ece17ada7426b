/**
 * Variables that hold what a list holds some iterations further back (delays.ts): they are read from the list, where it
 * still holds them in the reverse sweep; where it does not, the gradient is right all the same.
 */
import assert from "node:assert/strict";
import { hvp } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = (n: number): number[] => Array.from({ length: n }, (_, k) => Math.sin(1 + k) + 0.1);

/** Nothing is stored for an iteration. */
const read: Record<string, F> = {
  "the last element": (x: number[], a: number[]) => {
    let last = 0.5;
    let s = 0;
    for (const v of x) {
      s = s * 0.5 + a[0] * last * v;
      last = v;
    }
    return s;
  },
  "a delay line": (x: number[], a: number[]) => {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    const y = x.map((v) => {
      const w = v + a[0] * x1 + a[1] * x2 - a[2] * y1 - a[1] * y2;
      x2 = x1;
      x1 = v;
      y2 = y1;
      y1 = w;
      return w;
    });
    return y.reduce((s, v) => s + v * v, 0);
  },
  "other numbers first": (x: number[], a: number[]) => {
    let before = a[1];
    let last = a[2];
    let s = 0;
    for (let i = 0; i < x.length; i++) {
      s = s * 0.3 + a[0] * last * before * x[i];
      before = last;
      last = x[i];
    }
    return s;
  },
  "backwards, in steps of two": (x: number[], a: number[]) => {
    let before = 0.7;
    let last = 0.3;
    let s = 0;
    for (let i = x.length - 1; i >= 0; i -= 2) {
      s = s * 0.3 + a[0] * last * before * x[i];
      before = last;
      last = x[i];
    }
    return s;
  },
};
const others: Record<string, F> = {
  "a list that is written over behind": (x: number[], a: number[]) => {
    const y = x.slice();
    let last = 0.5;
    let s = 0;
    for (let i = 0; i < y.length; i++) {
      s = s * 0.5 + Math.sin(a[0] * last * y[i]);
      last = y[i];
    }
    for (let i = 0; i < y.length; i++) y[i] = Math.sin(y[i] * y[i] * s);
    return y.reduce((p, v) => p + v * v, s);
  },
  "an element that is written over at once": (x: number[], a: number[]) => {
    const y = x.slice();
    let last = 0.5;
    for (let t = 0; t < 3; t++)
      for (let i = 0; i < y.length; i++) {
        const v = y[i];
        y[i] = Math.sin(v * last * a[0]) + v * v;
        last = v;
      }
    return y.reduce((s, v) => s + v * v, 0);
  },
  "an element that is written over in the next iteration": (x: number[], a: number[]) => {
    const y = x.slice();
    let last = 0.5;
    for (let i = 1; i < y.length; i++) {
      y[i - 1] *= Math.sin(last * a[0] * y[i]);
      last = y[i];
    }
    return y.reduce((s, v) => s + v * v, 0);
  },
  "in an inner loop that begins elsewhere": (x: number[], a: number[]) => {
    let s = 0.5;
    for (let i = 0; i < x.length; i++) {
      let last = s;
      for (let j = i; j < x.length; j++) {
        s = Math.sin(s * last * x[j] + a[1]);
        last = x[j];
      }
    }
    return s;
  },
  "a list of each iteration": (x: number[], a: number[]) => {
    let s = 0.5;
    for (let i = 0; i < x.length; i++) {
      const row = x.map((v) => v * s + a[0]);
      let last = a[1];
      for (const v of row) {
        s = Math.sin(s * last * v);
        last = v;
      }
    }
    return s;
  },
  "lists in turn": (x: number[], a: number[]) => {
    let u = x;
    for (let t = 0; t < 3; t++) {
      let last = a[0];
      u = u.map((v) => {
        const w = Math.sin(v * last + a[1] * v * v);
        last = v;
        return w;
      });
    }
    return u.reduce((s, v) => s + v * v, 0);
  },
  "not in each iteration": (x: number[], a: number[]) => {
    let last = 0.5;
    let s = 0;
    for (const v of x) {
      s = s * 0.5 + Math.sin(a[0] * last * v);
      if (v > 0) last = v;
    }
    return s;
  },
  "undefined at first": (x: number[], a: number[]) => {
    let last: number | undefined;
    let s = 0;
    for (const v of x) {
      s = s * 0.5 + Math.sin(a[0] * (last ?? 0.2) * v);
      last = v;
    }
    return s;
  },
};

describe("variables that follow the elements of a list", () => {
  for (const [name, f] of Object.entries({ ...read, ...others }))
    it(name, () => {
      for (const n of [1, 2, 3, 8]) {
        same(f, [list(n), [0.4, 0.9, 0.3]]);
        const g = (x: number[]) => f(x, [0.4, 0.9, 0.3]);
        const by = (engine: "auto" | "tape") => hvp(g, { engine })(list(n), list(n).reverse());
        agree(by("auto"), by("tape"), `hvp of ${n}`);
      }
    });
  for (const [name, f] of Object.entries(read))
    it(`${name}: it is not stored`, () => {
      const args = [list(8), [0.4, 0.9, 0.3]];
      const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions: [0, 1] });
      assert.ok(program instanceof Program, String(program));
      assert.doesNotMatch(program.text.source, /tape/);
    });
});
