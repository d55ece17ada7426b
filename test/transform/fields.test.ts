/**
 * Lists of states that grow: the last element is known without the list, and records of numbers that are only read are
 * lists of their members; unless they are written to, compared, returned or carried along.
 */
import assert from "node:assert/strict";
import { hvp, jacobian } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
interface State {
  x: number;
  v: number;
}
const list = (n: number, shift = 0): number[] =>
  Array.from({ length: n }, (_, k) => Math.sin(1 + k + shift) + 0.1);
const step = (s: State, u: number): State => ({ x: s.x + 0.1 * s.v, v: s.v - 0.1 * u * Math.sin(s.x) });

/** Those whose programs make no record. */
const apart: Record<string, [f: F, ...args: unknown[]]> = {
  "a trajectory": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0 }];
      for (const a of u) {
        const s = states[states.length - 1];
        states.push({ x: s.x + 0.1 * s.v, v: s.v - 0.1 * a * s.x });
      }
      let cost = 0;
      for (const s of states) cost += s.x * s.x;
      return cost;
    },
    list(6),
  ],
  "a trajectory without its start": [
    (u: number[], start: State) => {
      const states = [start];
      for (const a of u) states.push(step(states.at(-1)!, a));
      let cost = 0;
      states.slice(1).forEach((s, t) => {
        cost += (s.x - u[t]) ** 2 + s.v;
      });
      return cost;
    },
    list(6),
    { x: 0.5, v: 0.2 },
  ],
  "a list that is empty at first": [
    (u: number[]) => {
      const states: State[] = [];
      states.push({ x: u[0], v: u[1] });
      for (let t = 0; t < u.length; t++) states.push(step(states[states.length - 1], u[t]));
      return states.reduce((s, { x, v }) => s + x * v, 0);
    },
    list(5),
  ],
  "elements that are further back": [
    (u: number[]) => {
      const states: State[] = [
        { x: 1, v: u[0] },
        { x: u[1], v: 2 },
      ];
      for (let t = 0; t < u.length; t++) {
        const [a, b] = [states[t], states[t + 1]];
        states.push({ x: a.x * b.v, v: b.x + a.v * u[t] });
      }
      return states[u.length].x * states[u.length - 1].v;
    },
    list(5),
  ],
  "branches that append": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.3 }];
      for (const a of u) {
        const s = states[states.length - 1];
        if (a > 0) states.push(step(s, a));
        else if (a < -0.5) {
          states.push({ x: s.v, v: s.x });
          states.push(step(states[states.length - 1], a * a));
        }
      }
      let e = 0;
      for (const s of states) e += s.x * Math.cos(s.v);
      return e;
    },
    list(9),
  ],
  "records that are written over by others": [
    (u: number[]) => {
      const cells: State[] = u.map((x, k) => ({ x, v: k * x }));
      for (let t = 0; t < 3; t++)
        for (let k = 1; k < cells.length; k++) {
          const { x, v } = cells[k - 1];
          cells[k] = { x: x * cells[k].v, v: v + cells[k].x };
        }
      return cells.reduce((s, c) => s + c.x * c.v, 0);
    },
    list(5),
  ],
  "elements that change places": [
    (u: number[]) => {
      const cells = u.map((x, k) => ({ x, v: Math.cos(k * x) }));
      for (let k = 0; k < cells.length - 1; k++) {
        const a = cells[k];
        if (a.x > cells[k + 1].x) {
          cells[k] = cells[k + 1];
          cells[k + 1] = a;
        }
      }
      return cells.reduce((s, c, k) => s + k * c.x * c.v, 0);
    },
    list(6),
  ],
  "a record that is in two lists": [
    (u: number[]) => {
      const all: State[] = [{ x: 1, v: 2 }];
      const some: State[] = [];
      for (const a of u) {
        const s = step(all[all.length - 1], a);
        all.push(s);
        if (a > 0) some.push(s);
      }
      let e = all.length * some.length;
      for (const s of some) e += s.x * s.x;
      for (const s of all) e += s.v * s.x;
      return e;
    },
    list(8),
  ],
  "lists of each iteration": [
    (u: number[]) => {
      let e = 0;
      for (let t = 0; t < 3; t++) {
        const states = [{ x: e, v: t }];
        for (const a of u) states.push(step(states[states.length - 1], a));
        for (const s of states) e += s.x * s.v;
      }
      return e;
    },
    list(4),
  ],
};

const others: Record<string, [f: F, ...args: unknown[]]> = {
  numbers: [
    (u: number[]) => {
      const xs = [u[0]];
      while (xs.length < 9) xs.push(Math.sin(xs[xs.length - 1]) + u[xs.length % u.length]);
      return xs.reduce((s, x) => s + x * x, 0);
    },
    list(4),
  ],
  "hidden states": [
    (w: number[][], xs: number[]) => {
      const h: number[][] = [[0.1, 0.2]];
      for (const x of xs) {
        const last = h[h.length - 1];
        h.push(w.map((row) => Math.tanh(row[0] * last[0] + row[1] * last[1] + x)));
      }
      return h.reduce((s, [a, b]) => s + a * b, 0);
    },
    [list(2), list(2, 3)],
    list(4),
  ],
  "the last element is written to": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0 }];
      for (const a of u) {
        states[states.length - 1].v += a;
        states.push(step(states[states.length - 1], a));
      }
      return states.reduce((s, { x, v }) => s + x * v, 0);
    },
    list(5),
  ],
  "an element is replaced": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0 }];
      for (const a of u) {
        states[states.length - 1] = { x: a, v: states.length };
        states.push(step(states[states.length - 1], a));
      }
      return states.reduce((s, { x, v }) => s + x * v, 0);
    },
    list(5),
  ],
  "another name appends": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      const spare: State[] = [{ x: u[0], v: 0.4 }];
      for (const a of u) {
        const chosen = a > 0 ? states : spare;
        chosen.push(step(states[states.length - 1], a));
      }
      return states.reduce((s, { x, v }) => s + x * v, 0) * spare[spare.length - 1].x;
    },
    list(7),
  ],
  "a closure appends": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      const append = (s: State) => void states.push(s);
      for (const a of u) {
        const s = states[states.length - 1];
        append(step(s, a));
        append({ x: states[states.length - 1].v, v: s.x });
      }
      return states.reduce((s, { x, v }) => s + x * v, 0);
    },
    list(4),
  ],
  "a length of before": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      let e = 0;
      for (const a of u) {
        const n = states.length;
        states.push(step(states[n - 1], a));
        e += states[n - 1].x * states[n].v;
      }
      return e;
    },
    list(4),
  ],
  "the list is returned": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      for (const a of u) states.push(step(states[states.length - 1], a));
      return states;
    },
    list(4),
  ],
  "an element is returned": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      for (const a of u) states.push(step(states[states.length - 1], a));
      return states[2];
    },
    list(4),
  ],
  "records are compared": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      for (const a of u) {
        const s = states[states.length - 1];
        states.push(a > 0 ? s : step(s, a));
      }
      let e = 0;
      for (let k = 1; k < states.length; k++) if (states[k] !== states[k - 1]) e += states[k].x * states[k].v;
      return e;
    },
    list(7),
  ],
  "a record that is carried along": [
    (u: number[]) => {
      const states = u.map((x) => ({ x, v: x * x }));
      let best = states[0];
      for (const s of states) if (s.x > best.x) best = s;
      return best.v * states[1].v;
    },
    list(6),
  ],
  "records in records": [
    (u: number[]) => {
      const states = [{ s: { x: 1, v: 0.4 }, t: 0 }];
      for (const a of u) {
        const { s, t } = states[states.length - 1];
        states.push({ s: step(s, a), t: t + 0.1 });
      }
      return states.reduce((e, { s, t }) => e + s.x * s.v * t, 0);
    },
    list(4),
  ],
  "an element that is not there": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      for (const a of u) states.push(step(states[states.length - 1], a));
      let e = 0;
      for (let k = 0; k <= states.length; k++) if (states[k].x > 100) e += states[k].v;
      return e;
    },
    list(4),
  ],
  "the last of a list that is empty": [
    (u: number[]) => {
      const states: State[] = [];
      for (const a of u) states.push(step(states[states.length - 1], a));
      return states.length;
    },
    list(4),
  ],
  "a list that a recursion appends to": [
    (u: number[]) => {
      const states: State[] = [{ x: 1, v: 0.4 }];
      const go = (k: number): number => {
        if (k === u.length) return 0;
        states.push(step(states[states.length - 1], u[k]));
        return states[states.length - 1].x + go(k + 1);
      };
      return go(0) * states[states.length - 1].v;
    },
    list(4),
  ],
};

const textOf = (f: F, args: unknown[]): string => {
  const positions = args.flatMap((arg, k) => (typeof arg === "object" ? [k] : []));
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions });
  assert.ok(program instanceof Program, String(program));
  return program.text.source.replace(/\/\/.*/g, "");
};

describe("lists of states", () => {
  for (const [name, [f, ...args]] of Object.entries({ ...apart, ...others })) {
    it(name, () => same(f, args));
    it(`${name}: further derivatives`, () => {
      const outcome = (run: () => unknown) => {
        try {
          return { result: run() };
        } catch (error) {
          return { error: String(error) };
        }
      };
      const by = (engine: "auto" | "tape") =>
        outcome(() => [
          jacobian(f, { engine, mode: "reverse", wrt: 0 })(...(structuredClone(args) as never[])),
          typeof f(...structuredClone(args)) === "number" && Array.isArray((args[0] as number[])[0]) === false
            ? hvp(f, { engine, wrt: 0 })(
                structuredClone(args) as never,
                (args[0] as number[]).map((_, k) => k - 1) as never,
              )
            : 0,
        ]);
      const [a, b] = [by("auto"), by("tape")];
      assert.equal(a.error, b.error);
      agree(a.result, b.result, name);
    });
  }
  for (const [name, [f, ...args]] of Object.entries(apart))
    it(`${name}: numbers`, () => assert.doesNotMatch(textOf(f, args).split("return [")[0], /\{ x|x: /));
  it("of records where they are written to (negative control)", () => {
    const [f, ...args] = others["the last element is written to"];
    assert.match(textOf(f, args), /x: /);
  });
});
