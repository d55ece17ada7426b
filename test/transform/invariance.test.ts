/**
 * Shifts that cancel out (invariance.ts), and others that only look so: the default engine and the tape give the same.
 */
import assert from "node:assert/strict";
import { grad, hessian, jacobian } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const x = [0.3, 1.7, -0.4, 1.1, 0.2, 1.65, -2, 0.9];
const rows = [x, x.map((v) => 1 - v), x.map((v) => v * v)];
const greatest = (v: number[]) => Math.max(...v);

/** What does not depend on the shift. */
const cancelling: Record<string, [f: F, ...args: unknown[]]> = {
  "log-sum-exp by array methods": [
    (v: number[]) => {
      const m = greatest(v);
      return m + Math.log(v.map((e) => Math.exp(e - m)).reduce((s, e) => s + e, 0));
    },
    x,
  ],
  "log-sum-exp by loops, several times": [
    (table: number[][]) => {
      let loss = 0;
      for (const v of table) {
        let m = v[0];
        for (let k = 1; k < v.length; k++) if (v[k] > m) m = v[k];
        let total = 0;
        for (let k = 0; k < v.length; k++) total += Math.exp(v[k] - m);
        loss += m + Math.log(total) - v[2];
      }
      return loss;
    },
    rows,
  ],
  "softmax in a list": [
    (v: number[], w: number[]) => {
      const m = greatest(v);
      const powers = v.map((e) => Math.exp(e - m));
      const total = powers.reduce((s, e) => s + e, 0);
      return powers.map((p) => p / total).reduce((s, p, k) => s + p * p * w[k], 0);
    },
    x,
    rows[2],
  ],
  "with a temperature, and sums that begin with the first element": [
    (v: number[], t: number) => {
      const m = greatest(v);
      const powers = v.map((e) => Math.exp((e - m) / t));
      const total = powers.reduce((s, e) => s + e);
      return powers.reduce((s, p, k) => s + (p / total) * v[k], 0);
    },
    x,
    0.7,
  ],
  "twice as cold": [
    (v: number[]) => {
      const m = greatest(v);
      const total = v.reduce((s, e) => s + Math.exp(2 * (e - m)), 0);
      return 2 * m + Math.log(total);
    },
    x,
  ],
  "the logarithm of a share": [
    (v: number[]) => {
      const m = greatest(v);
      let total = 0;
      for (const e of v) total += Math.exp(e - m);
      return Math.log(Math.exp(v[3] - m) / total) * Math.exp(v[1] - m + Math.log(1 / total));
    },
    x,
  ],
  "a shift that is an argument": [
    (v: number[], m: number) => m - -Math.log(v.reduce((s, e) => s + Math.exp(e - m), 0)),
    x,
    0.5,
  ],
};

/** What depends on it. */
const others: Record<string, [f: F, ...args: unknown[]]> = {
  "each with a temperature of its own": [
    (v: number[], t: number[]) => {
      const m = greatest(v);
      const powers = v.map((e, k) => Math.exp((e - m) / t[k]));
      const total = powers.reduce((s, e) => s + e);
      return powers.reduce((s, p, k) => s + (p / total) * v[k], 0);
    },
    x,
    rows[2].map((e) => e + 0.5),
  ],
  "two temperatures": [
    (v: number[], t: number, u: number) => {
      const m = greatest(v);
      const a = v.reduce((s, e) => s + Math.exp((e - m) * t), 0);
      const b = v.reduce((s, e) => s + Math.exp((e - m) * u), 0);
      return a / b;
    },
    x,
    0.7,
    0.4,
  ],
  "without the shift in the end": [
    (v: number[]) => {
      const m = greatest(v);
      return Math.log(v.reduce((s, e) => s + Math.exp(e - m), 0));
    },
    x,
  ],
  "twice the shift": [
    (v: number[]) => {
      const m = greatest(v);
      return 2 * m + Math.log(v.reduce((s, e) => s + Math.exp(e - m), 0));
    },
    x,
  ],
  "a sum that begins with one": [
    (v: number[]) => {
      const m = greatest(v);
      return m + Math.log(v.reduce((s, e) => s + Math.exp(e - m), 1));
    },
    x,
  ],
  "something else in the sum": [
    (v: number[]) => {
      const m = greatest(v);
      let total = 0;
      for (const e of v) {
        total += Math.exp(e - m);
        total += 0.1;
      }
      return m + Math.log(total);
    },
    x,
  ],
  "a sum of sums": [
    (v: number[]) => {
      const m = greatest(v);
      let total = 0;
      for (const e of v) {
        total += Math.exp(e - m);
        total += total;
      }
      return m + Math.log(total);
    },
    x,
  ],
  "the square of a sum": [
    (v: number[]) => {
      const m = greatest(v);
      const total = v.reduce((s, e) => s + Math.exp(e - m), 0);
      return m + Math.log(total * total);
    },
    x,
  ],
  "shares of another shift": [
    (v: number[]) => {
      const m = greatest(v);
      const n = v[0];
      const total = v.reduce((s, e) => s + Math.exp(e - n), 0);
      return v.reduce((s, e, k) => s + (k * Math.exp(e - m)) / total, 0);
    },
    x,
  ],
  "a list from one iteration to the next": [
    (table: number[][]) => {
      const powers = new Array(8).fill(0);
      let s = 0;
      for (const v of table) {
        const m = greatest(v);
        s += m + Math.log(powers[0] + Math.exp(v[0] - m));
        for (let k = 0; k < 8; k++) powers[k] = Math.exp(v[k] - m);
      }
      return s;
    },
    rows,
  ],
  "a list stored to twice": [
    (v: number[]) => {
      const m = greatest(v);
      const powers = v.map((e) => Math.exp(e - m));
      powers[2] = 0.3;
      const total = powers.reduce((s, e) => s + e, 0);
      return powers.reduce((s, p, k) => s + (k * p) / total, 0);
    },
    x,
  ],
  "a branch by the sum": [
    (v: number[]) => {
      const m = greatest(v);
      const total = v.reduce((s, e) => s + Math.exp(e - m), 0);
      return total > 2 ? m + Math.log(total) : total;
    },
    x,
  ],
  "the shift of a scaled argument": [
    (v: number[]) => {
      const m = greatest(v);
      return m + Math.log(v.reduce((s, e) => s + Math.exp(2 * (e - m)), 0));
    },
    x,
  ],
  "returned beside the result": [
    (v: number[]) => {
      const m = greatest(v);
      return [m, m + Math.log(v.reduce((s, e) => s + Math.exp(e - m), 0))];
    },
    x,
  ],
};

describe("shifts that cancel out", () => {
  for (const [name, [f, ...args]] of Object.entries({ ...cancelling, ...others }))
    it(name, () => same(f, args));

  for (const [name, [f, ...args]] of Object.entries(cancelling))
    it(`${name}: nothing is swept back for it`, () => {
      const positions = args.flatMap((arg, k) =>
        name.includes("argument") || typeof arg === "object" ? [k] : [],
      );
      const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions });
      assert.ok(program instanceof Program, String(program));
      assert.doesNotMatch(program.text.source, /\bmBar\b|\bm\dBar\b|ties/);
    });
  it("a shift that is an argument has no slope at all", () => {
    const [f, v, m] = cancelling["a shift that is an argument"] as [F, number[], number];
    assert.equal(grad(f)(v, m)[1], 0);
  });
  it("second derivatives and Jacobians", () => {
    const [f] = cancelling["log-sum-exp by array methods"];
    agree(hessian(f)(x), hessian(f, { engine: "tape" })(x), "hessian");
    const softmax = (v: number[]) => {
      const m = greatest(v);
      const powers = v.map((e) => Math.exp(e - m));
      const total = powers.reduce((s, e) => s + e, 0);
      return powers.map((p) => p / total);
    };
    for (const mode of ["forward", "reverse"] as const)
      agree(jacobian(softmax, { mode })(x), jacobian(softmax, { mode, engine: "tape" })(x), mode);
  });
});
