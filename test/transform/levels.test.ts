/**
 * Tail and linear recursion: programs have loops for them, in every mode and to second order, with the numbers of the
 * tape; other recursions stay procedures, and what a loop cannot do is left to the tape.
 */
import assert from "node:assert/strict";
import { explain, grad, hvp, jacobian } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor, type Request } from "#lib/transform/program.js";
import { Refusal } from "#lib/transform/refusal.js";
import { copy, flatten, replace } from "../corpus/flat.ts";
import { agree } from "./agree.ts";
import { type Case, type F, guarded, horner, linears, list, power, tails } from "./recursions.ts";
import { same } from "./same.ts";

function programOf(f: F, args: readonly unknown[], mode: Request["mode"]): Program | Refusal {
  const plain = plainFunctionOf(f);
  assert.ok(plain);
  return programFor(plain, copy(args) as unknown[], { positions: [0], mode });
}
/** Whether it answers, rather than the tape. */
function answers(f: F, args: readonly unknown[], mode: Request["mode"]): boolean {
  const program = programOf(f, args, mode);
  const plain = plainFunctionOf(f);
  assert.ok(plain && program instanceof Program);
  const value = () => f(...(copy(args) as unknown[]));
  const directions =
    mode === "pushforward" || mode === "product"
      ? [replace(args[0], () => 1)]
      : mode === "pullback"
        ? [replace(value(), () => 1)]
        : mode === "rows"
          ? [flatten(value()).length]
          : [];
  const free = program.freeOf(plain)?.values();
  return !!free && program.answer(copy(args) as unknown[], free, directions) !== null;
}

function served(f: F, args: readonly unknown[]): void {
  const value = f(...(copy(args) as unknown[]));
  const isNumber = typeof value === "number";
  const modes: Request["mode"][] = isNumber
    ? ["gradient", "pullback", "pushforward", "rows", "product"]
    : ["pullback", "pushforward", "rows"];
  for (const mode of modes) {
    const program = programOf(f, args, mode);
    // what a loop may not do in these modes, it may not do here
    if (program instanceof Refusal && /lists of lists are made|into another argument/.test(program.message))
      continue;
    assert.ok(program instanceof Program, `${mode}: ${program instanceof Refusal && program.message}`);
    const { source, lowering } = program.text;
    assert.equal(lowering.procedures.length, 0, `${mode}: functions that call themselves\n${source}`);
    if (mode === "pullback") assert.match(source, /^ *(?:for|while) \(/m);
    assert.equal(answers(f, args, mode), true, `${mode} gave up\n${source}`);
  }
  same(f, args);
  const first = (engine: "auto" | "tape") => {
    const rest = copy(args.slice(1)) as unknown[];
    const g = (x: unknown) => f(x, ...(copy(rest) as unknown[]));
    const x = copy(args[0]) as never;
    return jacobian(g, { engine })(x);
  };
  agree(first("auto"), first("tape"), "the Jacobian");
  if (!isNumber) return;
  const point = args.length === 1 ? args[0] : args;
  const second = (engine: "auto" | "tape") =>
    hvp(f as (x: unknown) => number, { engine })(copy(point), replace(point, () => 1) as never);
  agree(second("auto"), second("tape"), "the second derivative", 100);
}

/** A function that has no loop in place of its calls: a procedure, or why there is no program. */
const others: Record<string, Case> = {
  "two calls": [
    (x: number, n: number) => {
      const f = (k: number): number => (k < 2 ? x + k : f(k - 1) * 0.5 + Math.sin(f(k - 2) * x));
      return f(n);
    },
    0.4,
    17,
  ],
  "a call in a condition": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : f(k - 1) > 1 ? x / k : x + k);
      return f(n);
    },
    0.4,
    20,
  ],
  "an assignment in the condition": [
    (x: number, n: number) => {
      const f = (k: number): number => {
        let y = 0;
        if ((y = x * k) <= 0) return x - y;
        return Math.sin(f(k - 1)) * y;
      };
      return f(n);
    },
    0.4,
    20,
  ],
  "a call in an operand that may be left out": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : (k % 2 && f(k - 1)) + x);
      return f(n);
    },
    0.4,
    20,
  ],
  "calls in a loop": [
    (x: number, n: number) => {
      const f = (k: number): number => {
        let s = x;
        for (let i = 0; i < 1 && k > 0; i++) s += Math.sin(f(k - 1));
        return s;
      };
      return f(n);
    },
    0.4,
    20,
  ],
  "a return in a loop": [
    (xs: number[], n: number) => {
      const f = (k: number): number => {
        for (const x of xs) if (x > k) return x;
        return f(k - 1) * 0.9;
      };
      return f(n);
    },
    list,
    25,
  ],
  "calls of calls": [
    (x: number, n: number) => {
      const f = (y: number, k: number): number => (k <= 0 ? y + 0.1 : f(f(y, k - 2), k - 1));
      return f(x, n);
    },
    0.4,
    6,
  ],
  "a call in a callback": [
    (xs: number[], n: number) => {
      const f = (k: number): number =>
        k <= 0 ? xs[0] : xs.slice(1, 2).reduce((s, x) => s + x * f(k - 1), 1);
      return f(n);
    },
    list.map((x) => x / 3),
    20,
  ],
  "by each other": [
    (x: number, n: number) => {
      const ping = (k: number): number => (k <= 0 ? x : Math.sin(pong(k - 1)) + x);
      const pong = (k: number): number => (k <= 0 ? 1 : x * ping(k - 1));
      return ping(n);
    },
    0.4,
    20,
  ],
  "by each other and itself": [
    (x: number, n: number) => {
      const ping = (k: number): number => (k <= 0 ? x : Math.sin(ping(k - 1)) + pong(k - 1));
      const pong = (k: number): number => (k <= 12 ? 1 : x * ping(k - 5));
      return ping(n);
    },
    0.4,
    18,
  ],
  "a default value": [
    (x: number, n: number) => {
      const f = (k: number, y = x): number => (k <= 0 ? y : f(k - 1, y * 1.1) * x);
      return f(n);
    },
    0.4,
    20,
  ],
  "a parameter taken apart": [
    (x: number, n: number) => {
      const f = ([y, z]: number[], k: number): number => (k <= 0 ? y : f([z, y * x], k - 1));
      return f([x, 1], n);
    },
    0.9,
    20,
  ],
  "arguments left out": [
    (x: number, n: number) => {
      const f = (k: number, y?: number): number => (k <= 0 ? x : f(k - 1) * (y ?? 0.9));
      return f(n, x);
    },
    0.9,
    20,
  ],
  halves: [
    (x: number, n: number) => {
      const f = (k: number): number => (k < 1 ? x : Math.sin(f(k / 2)) + k * x);
      return f(n);
    },
    0.9,
    1e6,
  ],
  "steps that differ": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : k % 3 === 0 ? f(k - 2) * x : Math.sin(f(k - 1)));
      return f(n);
    },
    0.9,
    30,
  ],
  "a counter that is assigned to": [
    (x: number, n: number) => {
      const f = (k: number): number => {
        if (k <= 0) return x;
        k = Math.round(k);
        return Math.sin(f(k - 1)) * x;
      };
      return f(n);
    },
    0.9,
    20,
  ],
  "a parameter that changes in a way that is not counted": [
    (x: number, n: number) => {
      const f = (y: number, k: number): number => (k <= 0 ? y : f(y * 1.01, k - 1) * x + y);
      return f(x, n);
    },
    0.9,
    20,
  ],
  "a list written to by each level": [
    (xs: number[]) => {
      const f = (k: number): number => {
        if (k <= 0) return xs[0];
        const rest = f(k - 1);
        xs[k % xs.length] += rest;
        return rest * xs[0] + 0.1;
      };
      return f(20) + xs[2];
    },
    list.map((x) => x / 9),
  ],
  "a list written to in the condition": [
    (xs: number[], n: number) => {
      const f = (k: number, s: number): number => {
        xs[0] *= 0.9;
        if (k <= 0 || xs[0] < 0.1) return s;
        return f(k - 1, s + xs[0]);
      };
      return f(n, xs[1]);
    },
    list,
    30,
  ],
  "a variable outside, assigned to": [
    (x: number, n: number) => {
      let calls = 0;
      const f = (k: number): number => {
        calls += x;
        return k <= 0 ? x : f(k - 1) * x;
      };
      return f(n) + calls;
    },
    0.9,
    20,
  ],
  "by its value, too": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : k > 8 ? f(k - 1) * x : [k - 2].map(f)[0] + x);
      return f(n);
    },
    0.9,
    20,
  ],
  "texts that change": [
    (x: number, n: number) => {
      const f = (k: number, how: string): number =>
        k <= 0 ? x : how === "more" ? f(k - 1, "less") * x : f(k - 1, "more") + x;
      return f(n, "more");
    },
    0.9,
    20,
  ],
  "written out too often": [
    (x: number, n: number) => {
      const f = (y: number, k: number): number => {
        if (k <= 0) return y;
        const [a, b] = [Math.sin(y * k), Math.cos(y + k)];
        const c = a * b + Math.exp(-y);
        const d = c * c - a / (b + 3);
        const e = Math.tanh(d) + a * c - b * d;
        const g = Math.log(1 + e * e) + Math.sqrt(1 + a * a);
        return (g * e + d * c + Math.sin(g)) * 0.1 + f(y, k - 1) * 0.3;
      };
      const some = (y: number) => f(y, n) + f(y + 1, n) * f(y + 2, n) + f(y + 3, n) - f(y + 4, n);
      return [1, 2, 3, 4, 5, 6, 7].reduce((s, y) => s + some(x * y), 0) + some(x / 2) * some(x / 3);
    },
    0.9,
    20,
  ],
  "ever other functions": [
    (x: number, n: number) => {
      const f = (g: (y: number) => number, k: number): number =>
        k <= 0 ? g(x) : f((y) => g(y) * 1.1 + x, k - 1);
      return f((y) => y, n);
    },
    0.9,
    20,
  ],
};

/** Where a program gives up, or f itself throws. */
const guards: Record<string, Case> = {
  "a count that is no whole number, but has an end": [
    (x: number, n: number) => {
      const f = (k: number): number => (k <= 0 ? x : f(k - 1) * k * x);
      return f(n);
    },
    0.9,
    20.3,
  ],
  "a count that is no whole number, which has no end": [power, 0.9, 20.5],
  "a count that is no number": [power, 0.9, Number.NaN],
  "an infinite count": [power, 0.9, Number.POSITIVE_INFINITY],
  "a count that is too large to be whole": [power, 0.9, 2 ** 53],
  "a count away from the end": [power, 0.9, -1],
  "an end that is no whole number": [
    (x: number, n: number) => {
      const f = (k: number): number => (k === n ? x : x * f(k + 1));
      return f(0);
    },
    0.9,
    20.5,
  ],
  "an end that is no number": [
    (x: number, n: number) => {
      const f = (k: number): number => (k >= n ? x : x * f(k + 1));
      return f(0);
    },
    0.9,
    Number.NaN,
  ],
  "an end that never comes": [
    (xs: number[]) => {
      const f = (k: number): number => (xs[0] > 3 ? xs[1] : 0.5 * f(k + 1) + xs[2]);
      return f(0);
    },
    list,
  ],
  "an end that never comes, in tail recursion": [
    (x: number) => {
      const f = (y: number): number => (y > 3 ? y : f(Math.sin(y) * x));
      return f(x);
    },
    0.9,
  ],
  "a place behind the end": [(xs: number[]) => horner(xs, 0.9, 10), list],
  "too deep": [(x: number, n: number) => power(x, n), 1.0000001, 1_000_000],
  "an error of the function": [(xs: number[]) => guarded(xs, 0), [...list, 10]],
};

describe("recursion as loops", () => {
  it("functions of one text are not each other", () => {
    const family = (a: number) => {
      const f = (x: number, n: number): number => (n <= 0 ? a * x : a + Math.sin(x) * partner(x, n - 1));
      return f;
    };
    const partner: F = family(3);
    const first = family(2);
    assert.equal(first(0.7, 1), 2 + Math.sin(0.7) * 3 * 0.7);
    same(first, [0.7, 20]);
    same((x: number, n: number) => first(x, n) * partner(x, n), [0.7, 20]);
  });
  it("a count that is differentiated by is no index", () => {
    const f = (xs: number[], n: number) => {
      const at = (k: number): number => (k < 0 ? n : xs[k] + Math.sin(at(k - 1)));
      return at(n);
    };
    same(f, [list, 7]);
    assert.throws(() => grad(f)(list, 7), /used as a property key or index/);
    assert.equal(explain(f, { wrt: 0 })(list, 7).engine, "program");
  });
  for (const [kind, cases] of Object.entries({ tail: tails, linear: linears }))
    for (const [name, [f, ...args]] of Object.entries(cases)) it(`${kind}: ${name}`, () => served(f, args));
  for (const [name, [f, ...args]] of Object.entries(others))
    it(`not so: ${name}`, () => {
      const program = programOf(f, args, "gradient");
      if (program instanceof Program)
        assert.ok(program.text.lowering.procedures.length > 0, program.text.source);
      else
        assert.match(program.message, /is assigned to by a function that calls itself|ever other functions/);
      same(f, args);
    });
  for (const [name, [f, ...args]] of Object.entries(guards))
    it(`left to the tape: ${name}`, () => {
      for (const mode of ["gradient", "pushforward"] as const) {
        const program = programOf(f, args, mode);
        assert.ok(program instanceof Program && program.text.lowering.procedures.length === 0);
        assert.equal(answers(f, args, mode), false);
      }
      same(f, args);
    });
});
