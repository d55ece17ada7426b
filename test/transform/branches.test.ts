/**
 * Branches in loops: what the reverse sweep needs of a branch is stored where the branch is taken, and nowhere else.
 */
import assert from "node:assert/strict";
import { hvp, jacobian } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = (n: number): number[] => Array.from({ length: n }, (_, k) => 1.3 * Math.sin(1 + k) + 0.1);

const functions: Record<string, F> = {
  "one side": (x: number[]) => {
    let s = 0.5;
    for (const v of x) if (v > 0) s = Math.exp(s * v - 1) * Math.tanh(s);
    return s;
  },
  "both sides": (x: number[]) => {
    let s = 0.5;
    for (const v of x)
      if (v > 0) s = Math.exp(s * v - 1) * Math.tanh(s);
      else if (v > -0.5) s = Math.sin(s * Math.atan(s + v));
      else s = Math.log1p(s * s * Math.cosh(v * s));
    return s;
  },
  "branches in branches, before and behind loops": (x: number[]) => {
    let s = 0.5;
    for (let i = 0; i < x.length; i++) {
      const e = Math.exp(x[i] - s);
      if (e > 0.7) {
        const t = Math.tanh(e * s);
        for (let j = 0; j < i; j++) if (x[j] > 0) s = s * 0.3 + Math.sin(t * s * x[j]);
        if (s > 0.1) s *= Math.atan(t + s);
        s += Math.cosh(t) * e;
      }
      if (s > 2) s = Math.log(s) * Math.sqrt(s + e);
    }
    return s;
  },
  "loops that end by themselves": (x: number[]) => {
    let s = 0.5;
    let i = 0;
    while (s < 3 && i < x.length) {
      if (x[i] > 0.2) {
        let t = Math.exp(s * 0.3);
        while (t > 0.4) t *= Math.tanh(t) * 0.8;
        s += t * x[i] * x[i];
      } else if (x[i] < -1) {
        i++;
        continue;
      }
      if (s > 2.5) break;
      i++;
      s *= 1.1;
    }
    return s;
  },
  "a branch in the condition of a loop": (x: number[]) => {
    let s = 0.5;
    let i = 0;
    while (i < x.length && (x[i] > 0 ? Math.exp(s) * x[i] < 5 : s * x[i] * Math.tanh(s) > -4)) {
      s = Math.sin(s * x[i]) + (x[i] > 0 ? Math.exp(-s) * x[i] : 0.3);
      i++;
    }
    return s * s;
  },
  "lists made in branches": (x: number[]) => {
    let s = 0.5;
    for (let i = 0; i < x.length; i++) {
      if (x[i] > 0) {
        const y = x.map((v) => Math.sin(v * s));
        if (y[i] > 0.1) y[i] = Math.exp(y[i] * s);
        s = 0.2 * y.reduce((p, v) => p + v * v, s);
      } else if (i % 2 === 1) {
        const y = x.slice();
        y[i] = Math.sin(y[i] * y[i] * s);
        s += 0.1 * y[i] * Math.tanh(y[i]);
      }
    }
    return s;
  },
  "what is overwritten in a branch": (x: number[]) => {
    const y = x.slice();
    for (let t = 0; t < 3; t++)
      for (let i = 1; i < y.length; i++) {
        if (y[i] > y[i - 1]) {
          y[i - 1] = Math.sin(y[i] * y[i - 1]);
          y[i] *= y[i - 1];
        } else if (y[i] < -0.5) y[i] = Math.exp(y[i]) * y[i - 1];
      }
    return y.reduce((s, v) => s + v * v, 0);
  },
  "a recursion in a branch": (x: number[]) => {
    const power = (a: number, n: number): number =>
      n <= 0 ? Math.exp(a * 0.1) : n % 2 === 1 ? Math.sin(a) * power(a, n - 1) : power(a * a * 0.5, n / 2);
    let s = 0.5;
    for (let i = 0; i < x.length; i++) {
      if (x[i] > 0) {
        const e = Math.exp(s * x[i]);
        s = power(e * 0.3, i) + e * Math.tanh(s);
      }
    }
    return s;
  },
};

const linesOf = (f: F, ...args: unknown[]): string[] => {
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions: [0] });
  assert.ok(program instanceof Program, String(program));
  return program.text.source.split("\n");
};

describe("branches in loops", () => {
  for (const [name, f] of Object.entries(functions))
    it(name, () => {
      for (const x of [list(9), list(4), [0.3], [-0.7, -0.2, 0.4]]) {
        same(f, [x]);
        const by = (engine: "auto" | "tape") => [
          hvp(f, { engine })(x as never, x as never),
          jacobian(f, { engine, mode: "reverse" })(x as never),
        ];
        agree(by("auto"), by("tape"), name);
      }
    });
  it("store nothing where they are not taken", () => {
    const lines = linesOf(functions["one side"], list(3));
    const inIteration = lines.filter((line) => /^ {4}tape\[top/.test(line));
    const inBranch = lines.filter((line) => /^ {6}tape\[top/.test(line));
    assert.deepEqual([inIteration.length, inBranch.length > 0], [1, true], lines.join("\n"));
  });
  it("leave the tape as they found it", () => {
    // a second call on another branch would read what the first has left
    const f = functions["branches in branches, before and behind loops"];
    for (const x of [list(9), list(9).reverse(), list(9).map((v) => -v), list(9)]) same(f, [x], ["grad"]);
  });
});
