/**
 * Counters of loops: where the reverse sweep can count them back (counters.ts), they are not stored for each iteration;
 * where it can't (starts that are no whole numbers, steps that change), the gradient is right all the same.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import fc from "fast-check";
import { grad, valueAndGrad } from "wengert";
import { prepareSource } from "#lib/prepare.js";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { copy } from "../corpus/flat.ts";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = (n: number): number[] => Array.from({ length: n }, (_, k) => Math.sin(1 + k) + 0.1);

/** Only so many numbers are stored for each iteration. */
const counted: Record<string, [stored: number, f: F, ...args: unknown[]]> = {
  "down from a number": [
    1,
    (x: number[], n: number) => {
      let s = 0.5;
      for (let i = n - 1; i >= 0; i--) s = s * 0.9 + Math.sin(s * x[i]);
      return s;
    },
    list(9),
    9,
  ],
  "two bounds": [
    1,
    (x: number[], q: number, t: number) => {
      let s = 0.5;
      for (let j = 0; j < q && j < t; j++) s = s * x[j] + Math.sin(s);
      return s;
    },
    list(9),
    7,
    5,
  ],
  "two bounds on the way down": [
    1,
    (x: number[], q: number, t: number) => {
      let s = 0.5;
      for (let j = x.length - 1; q < j && j > t; j -= 2) s = s * x[j] + Math.sin(s);
      return s;
    },
    list(9),
    -2,
    3,
  ],
  "from -i to i": [
    1,
    (x: number[], n: number) => {
      let s = 0.5;
      for (let i = n - 1; i >= 0; i--) for (let j = -i; j <= i; j++) s = s * x[j + n] * 0.3 + Math.sin(s) * j;
      return s;
    },
    list(9),
    4,
  ],
  "the places of rows in one list": [
    1,
    (x: number[], begins: number[]) => {
      let s = 0.5;
      for (let i = 0; i + 1 < begins.length; i++)
        for (let k = begins[i]; k < begins[i + 1]; k++) s = s * x[k] + Math.sin(s) * i;
      return s;
    },
    list(9),
    [0, 2, 2, 7, 9],
  ],
  break: [
    1,
    (x: number[], n: number) => {
      let s = 0.5;
      for (let i = 0; i < n; i++) {
        if (x[i] < -0.8) break;
        s = s * x[i] + Math.sin(s) * i;
      }
      return s;
    },
    list(9),
    9,
  ],
  "break and continue in steps of two": [
    1,
    (x: number[]) => {
      let s = 0.5;
      for (let i = x.length - 1; i >= 0; i -= 2) {
        if (x[i] < 0) continue;
        s = s * x[i] + Math.sin(s) * i;
        if (s > 2) break;
      }
      return s;
    },
    list(9),
  ],
  "return in a loop in a loop": [
    2,
    (x: number[], n: number) => {
      let s = 0.5;
      for (let i = 0; i < n; i++)
        for (let j = i; j < n; j++) {
          s = s * x[j] + Math.sin(s) * i;
          if (s < -0.9) return s * s * j;
        }
      return s;
    },
    list(9),
    9,
  ],
  "break of an outer loop": [
    1,
    (x: number[], n: number) => {
      let s = 0.5;
      outer: for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          if (x[i] * x[j] < -0.5) break outer;
          if (x[j] < -0.5) continue outer;
          s = s * x[j] + Math.sin(s) * i;
        }
      return s;
    },
    list(9),
    9,
  ],
  "break in a for-of": [
    1,
    (x: number[]) => {
      let s = 0.5;
      for (const v of x) {
        if (v < -0.8) break;
        s = s * v + Math.sin(s);
      }
      return s;
    },
    list(9),
  ],
  "while, and the counter behind it": [
    1,
    (x: number[], n: number) => {
      let s = 0.5;
      let i = n;
      while (i > 0) {
        i--;
        s = s * x[i] + Math.sin(s);
      }
      return s * (i + 2);
    },
    list(9),
    9,
  ],
  "do while": [
    1,
    (x: number[], n: number) => {
      let s = 0.5;
      let i = 0;
      do {
        s = s * x[i] + Math.sin(s);
        i += 2;
      } while (i < n);
      return s * i;
    },
    list(9),
    9,
  ],
};

/** Functions, and arguments that are tried beside the first. */
const odd: Record<string, [f: F, ...calls: unknown[][]]> = {
  "starts that are no whole numbers": [
    (x: number[], from: number, to: number) => {
      let s = x[0];
      for (let t = from; t < to; t++) s = s * x[1] + Math.sin(s) * t;
      return s;
    },
    [[0.3, 0.7], 0.1, 5],
    [[0.3, 0.7], 0.5, 5.25],
    [[0.3, 0.7], 1, 5],
    [[0.3, 0.7], Number.NaN, 5],
    [[0.3, 0.7], 1, Number.NaN],
    [[0.3, 0.7], -Infinity, -Infinity],
    [[0.3, 0.7], 5, 1],
  ],
  "starts of elements that are no whole numbers": [
    (x: number[], n: number) => {
      let s = 1;
      for (let i = n - 1; i >= 0; i--) s = s * 0.9 + Math.sin(s * (x[i] ?? 0.3));
      return s;
    },
    [[0.3, 0.7, 0.2], 3],
    [[0.3, 0.7, 0.2], 2.5],
    [[0.3, 0.7, 0.2], 0],
    [[0.3, 0.7, 0.2], -4],
    [[0.3, 0.7, 0.2], Number.NaN],
    [[0.3, 0.7, 0.2], 5],
  ],
  "numbers so large that one is not noticed": [
    (x: number[], from: number) => {
      let s = x[0];
      for (let t = from; t > 9007199254740988; t--) s = s * x[1] + t / from;
      return s;
    },
    [[0.3, 0.7], 9007199254740991],
    [[0.3, 0.7], 9007199254740990],
  ],
  "steps over where it is exact": [
    (x: number[], from: number) => {
      let s = x[0];
      for (let t = from; t < 9007199254741000; t += 3) s = s * x[(t % 2) + 0] + t / from;
      return s;
    },
    [[0.3, 0.7], 9007199254740980],
    [[0.3, 0.7], 9007199254740990],
  ],
  "a bound that changes": [
    (x: number[], n: number) => {
      let s = x[0];
      let m = n;
      for (let i = m - 1; i >= m - n; i--) {
        s = s * x[i] + Math.sin(s);
        if (s > 0.5) m++;
      }
      return s;
    },
    [list(9), 6],
    [list(9), 3],
  ],
  "a counter that is changed": [
    (x: number[], n: number) => {
      let s = x[0];
      for (let i = 0; i < n; i++) {
        s = s * x[i] + Math.sin(s) * i;
        if (s > 0.3) i++;
        if (x[i] < -0.8) break;
      }
      return s;
    },
    [list(9), 9],
    [list(9), 2],
  ],
  "a counter that is differentiated by": [
    (a: number, n: number) => {
      let s = a;
      for (let t = a; t < n; t++) s = s * 0.9 + Math.sin(s * t);
      for (let t = n; t > a; t -= 2) {
        s += t * t;
        if (s > 50) break;
      }
      return s;
    },
    [0.3, 5],
    [1, 7],
    [7, 1],
  ],
  "a counter that jumps and is asked behind": [
    (x: number[], n: number) => {
      let s = 0.5;
      let i = 0;
      for (i = 0; i < n; i++) {
        s = s * x[i] + Math.sin(s);
        if (s < 0) break;
      }
      return s * (i + 1);
    },
    [list(9), 9],
    [list(9), 1],
  ],
  "i !== n": [
    (x: number[], n: number) => {
      let s = 0.5;
      for (let i = n - 1; i !== -1; i--) s = s * x[i] + Math.sin(s);
      return s;
    },
    [list(9), 9],
    [list(9), 0],
  ],
  "begins that are not there": [
    (x: number[], begins: number[]) => {
      let s = x[0];
      for (let i = 0; i < 3; i++) for (let k = begins[i]; k < begins[i + 1]; k++) s = s * x[k] + Math.sin(s);
      return s;
    },
    [list(5), [0, 2, 4, 5]],
    [list(5), [0, 2, 4]],
    [list(5), [0.5, 2, 4, 1]],
    [list(5), []],
  ],
};

/** By the first argument, the others being what is counted. */
function sameByFirst(f: F, args: readonly unknown[]): void {
  for (const call of [valueAndGrad, grad])
    for (const round of [1, 2]) {
      const [a, b] = (["auto", "tape"] as const).map((engine) => {
        try {
          return { result: call(f, { engine, wrt: 0 })(...(copy(args) as any[])) };
        } catch (error) {
          if (error instanceof ReferenceError) throw error;
          return { error: String(error) };
        }
      });
      assert.equal(a.error, b.error, `${round}: the error`);
      agree(a.result, b.result, `${round}, at ${JSON.stringify(args)}`);
    }
}

const storedBy = (f: F, args: unknown[]): number => {
  const positions = args.flatMap((arg, k) => (k === 0 && typeof arg === "object" ? [k] : []));
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions });
  assert.ok(program instanceof Program, String(program));
  return program.text.source.match(/^ *tape\[top.*\] = /gm)?.length ?? 0;
};

describe("counters of loops", () => {
  for (const [name, [stored, f, ...args]] of Object.entries(counted))
    it(name, () => {
      sameByFirst(f, args);
      // and where a loop inside ended
      assert.ok(storedBy(f, args) <= stored + 1);
      const source = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions: [0] });
      assert.ok(source instanceof Program && !/\+ 1\] = [ijkt]\d*;/.test(source.text.source));
    });
  for (const [name, [f, ...calls]] of Object.entries(odd))
    it(name, () => {
      for (const args of calls)
        if (name.includes("differentiated by")) same(f, args);
        else sameByFirst(f, args);
    });

  it("random loops", function () {
    this.timeout(0);
    const number = fc.constantFrom(
      "n",
      "n - 1",
      "m",
      "-m",
      "2 * m",
      "0",
      "1",
      "-2",
      "n - m",
      "m / 2",
      "k[1]",
    );
    const step = fc.constantFrom(1, 1, 1, 2, 3);
    const head = fc.record({
      from: number,
      to: number,
      second: fc.option(number, { freq: 2 }),
      equal: fc.boolean(),
      step,
      isDown: fc.boolean(),
      offset: fc.constantFrom("", "", " + 1", " - 2"),
    });
    const jump = fc.constantFrom(
      "",
      "",
      "if (s > 1) break;",
      "if (s < 0) continue;",
      "if (s < -0.5) return s * s;",
      "if (s > 2) break outer;",
      "if (s < -0.2) continue outer;",
    );
    const text = (name: string, h: any, label: string): string => {
      const comparison = (h.isDown ? ">" : "<") + (h.equal ? "=" : "");
      const second = h.second === null ? "" : ` && ${name} ${comparison} ${h.second}`;
      const test = `${name}${h.offset} ${comparison} ${h.to}${second}`;
      return `${label}for (let ${name} = ${h.from}; ${test}; ${name} ${h.isDown ? "-" : "+"}= ${h.step})`;
    };
    const use = fc.constantFrom(
      "x[i & 3]",
      "x[(i + 8) % 4 | 0]",
      "Math.sin(i)",
      "y[i + 9]",
      "y[j + 9]",
      "j",
      "x[1]",
    );
    const start = fc.constantFrom(0, 1, 2, 3, 4, 5, -1, -3, 2.5, 0.1, Number.NaN);
    const property = fc.property(
      head,
      head,
      jump,
      jump,
      jump,
      use,
      use,
      fc.array(fc.tuple(start, start), { minLength: 2, maxLength: 2 }),
      (outer, inner, first, second, third, a, b, points) => {
        const source = `"use strict";
          return function f(x, y, n, m, k) {
            let s = x[0];
            ${text("i", outer, "outer: ")} {
              ${/j/.test(a) ? "" : `s = Math.sin(s * x[1] + ${a});`}
              ${first}
              ${text("j", { ...inner, from: inner.from === "2 * m" ? "i" : inner.from }, "")} {
                s = s * 0.7 + Math.cos(s + ${b}) * x[2];
                ${second}
              }
              ${third}
            }
            return s;
          }`;
        const code = prepareSource(source, { file: "counters.js", kind: "commonjs" }).code;
        const f = vm.compileFunction(code, [])() as F;
        for (const [n, m] of points) sameByFirst(f, [list(4), list(30), n, m, [1, 3]]);
      },
    );
    fc.assert(property, {
      seed: Number(process.env.WENGERT_SEED ?? 23),
      numRuns: Number(process.env.WENGERT_PROGRAMS ?? 100),
    });
  });
});
