/**
 * Variables that begin as a short list or record of an argument and become ones of f's own: the elements are read once
 * and are numbers from there on, unless a name of the same memory is written to or compared.
 */
import assert from "node:assert/strict";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
type V = [number, number, number];
interface Particle {
  p: V;
  v: V;
  m: number;
}
const cross = (a: V, b: V): V => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const add = (a: V, b: V): V => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const scaled = (a: V, s: number): V => [a[0] * s, a[1] * s, a[2] * s];
const dot = (a: V, b: V): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const vector = (k: number): V => [Math.sin(k), Math.cos(2 * k), 0.3 + Math.sin(3 * k)];
const particles = (): Particle[] => [1, 2, 3].map((k) => ({ p: vector(k), v: vector(k + 7), m: k }));

/** Those whose programs make no list or record in their loops. */
const apart: Record<string, [f: F, ...args: unknown[]]> = {
  "a list in a record": [
    (ps: Particle[], b: V, n: number) => {
      let s = 0;
      for (const q of ps) {
        let v = q.v;
        for (let t = 0; t < n; t++) v = add(v, cross(v, scaled(b, 0.1)));
        s += dot(v, v) * q.m;
      }
      return s;
    },
    particles(),
    vector(4),
    3,
  ],
  "a loop around, which carries it": [
    (ps: Particle[], n: number) => {
      let v = ps[0].v;
      for (let t = 0; t < n; t++) for (const q of ps) v = add(scaled(v, 0.5), cross(v, q.p));
      return dot(v, v);
    },
    particles(),
    2,
  ],
  "a record": [
    (ps: { x: number; v: number }[], n: number) => {
      let e = 0;
      for (let k = 0; k < ps.length; k++) {
        let s = ps[k];
        for (let t = 0; t < n; t++) s = { x: s.x + 0.1 * s.v, v: s.v - 0.1 * Math.sin(s.x) };
        e += s.x * s.v;
      }
      return e;
    },
    [
      { x: 1, v: 0.5 },
      { x: -0.3, v: 2 },
    ],
    3,
  ],
  "lists in a record": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let s = q;
        for (let t = 0; t < n; t++) s = { p: add(s.p, scaled(s.v, 0.1)), v: cross(s.v, s.p), m: s.m };
        e += dot(s.p, s.v) * s.m;
      }
      return e;
    },
    particles(),
    3,
  ],
  "names that change places": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let a = q.p;
        let b = q.v;
        for (let t = 0; t < n; t++) {
          [a, b] = [b, add(a, scaled(b, 0.3))];
        }
        e += dot(a, cross(b, q.p));
      }
      return e;
    },
    particles(),
    4,
  ],
  "one path of two": [
    (ps: Particle[]) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        if (q.m > 1.5) v = add(v, q.p);
        const w = q.m > 2.5 ? q.p : scaled(q.p, 2);
        e += dot(v, v) * w[1];
      }
      return e;
    },
    particles(),
  ],
  "a group that becomes an element": [
    (ps: Particle[]) => {
      let before: V = [1, 2, 3];
      let e = 0;
      for (const q of ps) {
        e += dot(before, q.v);
        before = q.p;
      }
      return e * before[1];
    },
    particles(),
  ],
  "a while loop that is left": [
    (ps: Particle[]) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        let k = 0;
        while (k < 6) {
          if (dot(v, v) > 4) break;
          v = scaled(v, 1.4);
          k++;
        }
        e += v[0] * v[2];
      }
      return e;
    },
    particles(),
  ],
};

const others: Record<string, [f: F, ...args: unknown[]]> = {
  "the memory is written to by another name": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        q.v[0] = 3 * q.m;
        for (let t = 0; t < n; t++) {
          e += v[0] * v[1];
          v = add(v, q.p);
          q.v[1] *= 2;
        }
        e += dot(v, q.v);
      }
      return e;
    },
    particles(),
    3,
  ],
  "it is written to by its own name": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        for (let t = 0; t < n; t++) {
          v[0] = v[1] * v[2];
          v = add(v, q.p);
        }
        e += dot(v, q.v);
      }
      return e;
    },
    particles(),
    3,
  ],
  "a row of a matrix that is written to afterwards": [
    (a: number[][], n: number) => {
      const m = a.map((row) => row.slice());
      let e = 0;
      for (let i = 0; i < m.length; i++) {
        let row = m[i];
        for (let t = 0; t < n; t++) row = [row[1] * row[2], row[0], row[2] + row[1]];
        m[(i + 1) % m.length][1] = e + row[0];
        e += row[0] * row[1];
      }
      return e + m[0][1];
    },
    [vector(1), vector(2), vector(3)],
    2,
  ],
  "rows of which two are the same": [
    (a: number[][], n: number) => {
      const rows = [a[0], a[1], a[0]];
      let e = 0;
      for (const r of rows) {
        let row = r;
        for (let t = 0; t < n; t++) row = [row[1] * row[2], row[0], row[2] + row[1]];
        e += row[0] * row[1] * r[2];
      }
      return e;
    },
    [vector(1), vector(2)],
    3,
  ],
  "one list is compared with another": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        for (let t = 0; t < n; t++) {
          if (v === q.v) e += v[0];
          v = t === 1 ? q.v : add(v, q.p);
        }
      }
      return e;
    },
    particles(),
    4,
  ],
  "a closure sees it": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        const energy = () => dot(v, v);
        for (let t = 0; t < n; t++) {
          e += energy();
          v = add(v, scaled(q.p, 0.3));
        }
        e *= energy();
      }
      return e;
    },
    particles(),
    3,
  ],
  "it is returned": [
    (ps: Particle[], n: number) => {
      let v = ps[1].v;
      for (let t = 0; t < n; t++) v = add(v, cross(v, ps[0].p));
      return v;
    },
    particles(),
    3,
  ],
  "all of them are returned": [
    (ps: Particle[], n: number) =>
      ps.map((q) => {
        let v = q.v;
        for (let t = 0; t < n; t++) v = add(v, cross(v, q.p));
        return v;
      }),
    particles(),
    2,
  ],
  "it is put into a list, and written to there": [
    (ps: Particle[], n: number) => {
      const kept: number[][] = [];
      let e = 0;
      for (const q of ps) {
        let v: number[] = q.v;
        for (let t = 0; t < n; t++) {
          kept.push(v);
          v = add(v as V, q.p);
        }
        kept[0][1] += v[0];
        e += v[1] * q.v[1];
      }
      return e + kept.reduce((s, x) => s + x[1], 0);
    },
    particles(),
    2,
  ],
  "it is made longer": [
    (a: number[][]) => {
      const m = a.map((row) => row.slice());
      let e = 0;
      for (const r of m) {
        let row = r;
        r.push(e);
        for (let t = 0; t < 3; t++) {
          e += row.length * row[row.length - 1];
          row = [row[1], row[0], row[2]];
        }
      }
      return e;
    },
    [vector(1), vector(2)],
  ],
  "elements are chosen by an index": [
    (ps: Particle[], n: number) => {
      let e = 0;
      for (const q of ps) {
        let v = q.v;
        for (let t = 0; t < n; t++) {
          e += v[t % 3] * v[0];
          v = add(v, q.p);
        }
      }
      return e;
    },
    particles(),
    4,
  ],
  "lists of other lengths": [
    (a: number[][], n: number) => {
      let e = 0;
      for (const r of a) {
        let row = r;
        for (let t = 0; t < n; t++) row = [row[0] * row[1], row.length];
        e += row[0] * row[1];
      }
      return e;
    },
    [vector(1), [1, 2]],
    2,
  ],
  "an element that there may not be": [
    (ps: Particle[], n: number) => {
      let v = ps[ps.length].v;
      for (let t = 0; t < n; t++) v = add(v, v);
      return v[0];
    },
    particles(),
    2,
  ],
};

const textOf = (f: F, args: unknown[]): string => {
  const positions = args.flatMap((arg, k) => (typeof arg === "object" ? [k] : []));
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions });
  assert.ok(program instanceof Program, String(program));
  return program.text.source.replace(/\/\/.*/g, "");
};

describe("lists and records of an argument that are only read", () => {
  for (const [name, [f, ...args]] of Object.entries({ ...apart, ...others })) it(name, () => same(f, args));
  for (const [name, [f, ...args]] of Object.entries(apart))
    it(`${name}: numbers`, () => assert.doesNotMatch(textOf(f, args), /objects|= \[[^\]]|= \{/));
  it("in memory where a name of it is written to (negative control)", () => {
    const [f, ...args] = others["a row of a matrix that is written to afterwards"];
    assert.match(textOf(f, args), /objects/);
  });
});
