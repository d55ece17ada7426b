/** More functions of many forms: results, constants, names and tuples in each other. */
import { add, type Vec } from "./forms-parts.ts";

type Pair = [number, number];
export function arraysOfFloats(x: number[]): Float64Array[] {
  return [Float64Array.from(x.map((v) => v * v)), Float64Array.of(x[0], 2)];
}
export function withBoolean(
  x: number,
  y: number,
): { ok: boolean; label: string; at: null; v: { w: number; list: [number, number[]] } } {
  return { ok: x > y, label: "abc", at: null, v: { w: x * y, list: [x, [y, y * y]] } };
}
export function givenBack(x: number[], k: number): number[] {
  for (let i = 0; i < x.length; i++) x[i] *= k;
  return x;
}
export function recordGivenBack(s: { p: Pair; m: number[] }, k: number): { p: Pair; m: number[] } {
  s.p[0] *= k;
  s.m[0] = s.p[0] * s.m[1];
  return s;
}
export function partGivenBack(s: { p: Pair; m: number[] }): number[] {
  return s.m;
}
export function tupleOfTuples(x: number): [[number, number], [number, number]] {
  return [
    [x, x * x],
    [Math.sin(x), 1],
  ];
}
export const extremes = (x: readonly number[]): { lo: number; hi: number } => ({
  lo: Math.min(...x),
  hi: Math.max(...x),
});
export function power(x: number, y = 3) {
  return x ** y;
}
export function overloaded(x: number): number;
export function overloaded(x: number, y: number): number;
export function overloaded(x: number, y?: number): number {
  return x * (y ?? 2);
}
const table = {
  coef: [1, 2, 3],
  grid: [
    [1, 2],
    [3, 4],
  ],
  f: Float64Array.of(0.5, 0.25),
  name: "t",
} as const;
const weights = [0.1, 0.2, 0.3] as const;
export function constantTable(x: number[]): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * table.coef[i] * weights[i] + table.grid[1][0] * table.f[0];
  return s;
}
export function picked(
  v: Pick<{ a: number; b: number; c: string }, "a" | "b">,
  w: Omit<{ a: number; b: number[]; c: string }, "c">,
): number {
  return v.a * w.b[0] + v.b * w.a;
}
export function intersected(v: { a: number } & { b: number[] }): number {
  return v.a * v.b[1];
}
export function indexed(v: Record<string, number>): number {
  return v.a;
}
export type Shape = { kind: "circle"; r: number } | { kind: "rect"; w: number; h: number };
export function tagged(s: Shape): number {
  return s.kind === "circle" ? Math.PI * s.r ** 2 : s.w * s.h;
}
export function defaultRecord(x: number, { a = 1, b = 2 } = {}): number {
  return x * a + b;
}
export function optionalMember(x: number, opts: { scale?: number; list: number[] }): number {
  return x * (opts.scale ?? 1) * opts.list[0];
}
export function nullableMember(p: { v: number | null; w: number }): number {
  return (p.v ?? 0) * p.w;
}
export function labels(x: number[], y: number): number {
  let s = 0;
  outer: for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      if (x[j] > y) continue outer;
      if (x[i] < 0) break outer;
      s += x[i] * x[j];
    }
  }
  return s;
}
export function counted(x: number): number {
  let i = 0;
  while (true) {
    x = x * 0.5 + 1;
    if (++i > 5) break;
  }
  return x;
}
export function early(x: number[]): number {
  for (const v of x) if (v > 2) return v * v;
  return 0;
}
export function reversed(x: number[]): number {
  const t = Array.from({ length: x.length }, (_, i) => x[i] * i);
  return t.reduceRight((s, v) => s * 0.5 + v, 0);
}
export function rest(x: number[]): number {
  const [a, b, ...c] = x;
  return a * b + c.reduce((s, v) => s + v, 0);
}
export function filtered(x: number[][]): number {
  return x
    .flat()
    .filter((v) => v > 1)
    .reduce((s, v) => s + v * v, 0);
}
export function determinant(m: number[][]): number {
  const a = m.map((r) => r.slice());
  let det = 1;
  for (let i = 0; i < a.length; i++) {
    let p = i;
    for (let r = i + 1; r < a.length; r++) if (Math.abs(a[r][i]) > Math.abs(a[p][i])) p = r;
    if (p !== i) {
      [a[i], a[p]] = [a[p], a[i]];
      det = -det;
    }
    det *= a[i][i];
    for (let r = i + 1; r < a.length; r++) {
      const f = a[r][i] / a[i][i];
      for (let c = i; c < a.length; c++) a[r][c] -= f * a[i][c];
    }
  }
  return det;
}
export function stacked(xs: number[], n: number): number[] {
  const stack: number[] = [];
  for (let i = 0; i < n; i++) {
    stack.push(xs[i] * 2);
    if (i > 1) stack.push(xs[i] * xs[0]);
  }
  return stack;
}
export function closures(x: number): number {
  const f = (a: number) => a * x;
  function g(b: number): number {
    return f(b) + b;
  }
  return g(g(x));
}
export function namesOfOurs(
  tape: number[],
  value: number,
  gradient: number,
  k: number,
  w1: number,
  item: number[],
  at: number,
): number {
  let s = 0;
  for (let i = 0; i < tape.length; i++) s += Math.sin(s * tape[i]) * value + gradient * k * w1 * item[i] * at;
  return s;
}
export function moreNames(x: number[], xBar: number, zeros: number, grow: number[]): number {
  let u = x.slice();
  for (let i = 0; i < 3; i++) u = u.map((v) => v * xBar * zeros + grow[0]);
  return u[0];
}
export interface Tape {
  w: number;
}
export function namedTape(a: Tape, b: { w: Tape }): Tape {
  return { w: a.w * b.w.w };
}
export function oddNames($x: number, é: number, _y: number): number {
  return $x * é + _y;
}
export function unread(x: number, _unused: number, _label: string, _list: number[]): number {
  return x * x;
}
export function numberedNames(w: { w1: number; w2: number }, w3: number): { w1: number; w3: number } {
  const w1 = w.w1 * w3;
  const w2 = Math.sin(w1) * w.w2;
  return { w1: w1 * w2, w3: w2 };
}
export function keptNames(top: number[], objects: number[][], rows: { top: number }): number {
  let s = 0;
  for (const row of objects) {
    let t = rows.top;
    for (let k = 0; k < row.length; k++) t = Math.tanh(t * row[k]) + top[k];
    s += t;
  }
  return s;
}
export interface Opt<T> {
  x: T;
  y: readonly T[];
}
export function generic(o: Opt<number>): number {
  return o.x * o.y[0];
}
export function genericPairs(o: Opt<Pair>): Pair {
  return [o.x[0] * o.y[0][1], o.x[1]];
}
export function bounded<T extends { a: number }>(o: T): number {
  return o.a * 2;
}
export function summed(v: readonly Vec[]): Vec {
  return v.reduce((s, x) => add(s, x), { x: 0, y: 0 });
}
export function readonlyPairs(v: Vec[], m: ReadonlyArray<Readonly<Pair>>): Pair[] {
  return v.map((p, i): Pair => [p.x * m[i][0], p.y * m[i][1]]);
}
export function nestedReadonly(s: { readonly list: readonly { readonly p: Pair; q?: number }[] }): number {
  let t = 0;
  for (const e of s.list) t += e.p[0] * e.p[1];
  return t;
}
export function leapfrog(
  bs: { p: Pair; v: Pair; m: number }[],
  h: number,
  n: number,
): { p: Pair; v: Pair; m: number }[] {
  for (let t = 0; t < n; t++) {
    for (const b of bs)
      for (let d = 0; d < 2; d++) {
        b.v[d] -= h * b.p[d] * b.m;
        b.p[d] += h * b.v[d];
      }
  }
  return bs;
}
export function replacedRecords(bs: { p: Pair; m: number }[], h: number): number {
  let cur = bs;
  for (let t = 0; t < 3; t++)
    cur = cur.map((b) => ({ p: [b.p[0] + h * b.p[1], b.p[1] - h * b.p[0]], m: b.m * 0.9 }));
  return cur.reduce((s, b) => s + b.m * b.p[0], 0);
}
export function twoLists(q: [number[], number[]], n: number): [number[], number[]] {
  let [a, b] = q;
  for (let t = 0; t < n; t++) {
    const c = a.map((v, i) => v * b[i]);
    b = a;
    a = c;
  }
  return [a, b];
}
export function listsWithNumbers(q: [number[], number][], k: number): number {
  for (const e of q) {
    e[1] *= k;
    for (let i = 0; i < e[0].length; i++) e[0][i] += e[1];
  }
  return q.reduce((s, [l, w]) => s + l[0] * w, 0);
}
export function floatsInTuple(q: { t: [Float64Array, Pair] }): number {
  q.t[1][0] *= q.t[0][0];
  q.t[0][1] = q.t[1][0] ** 2;
  return q.t[0][1] * q.t[1][1];
}
export function deepTuple(q: [Pair, { a: number; b: [number, number[]] }], n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) {
    q[1].b[0] += q[0][0] * q[1].a;
    q[1].b[1][0] *= q[0][1];
    s += q[1].b[0] * q[1].b[1][0];
  }
  return s;
}
export function tuplesInTuples(x: [number, [number, number[]]][]): [number, [number, number[]]][] {
  return x.map(([a, [b, c]]): [number, [number, number[]]] => [a * b, [b * 2, c.map((v) => v * a)]]);
}
export function chosenTuple(x: (readonly [number, readonly number[]])[]): number {
  let best: readonly [number, readonly number[]] = x[0];
  for (const e of x) if (e[0] > best[0]) best = e;
  return best[0] * best[1][0];
}
export function tupleWithBoolean(x: number[], flag: boolean): [number, boolean, number[]] {
  const y = flag ? x.map((v) => v * 2) : x.map((v) => v * v);
  return [y[0], flag, y];
}
export interface Plain {
  pos: Pair;
  m: number;
}
export function shoelaceOfPoints(ps: Plain[]): number {
  let s = 0;
  for (let i = 0; i + 1 < ps.length; i++) s += ps[i].pos[0] * ps[i + 1].pos[1] * ps[i].m;
  return s;
}
export function moved(bs: Plain[], h: number): Plain[] {
  return bs.map((b) => ({ pos: [b.pos[0] + h, b.pos[1] * h], m: b.m }));
}
export function gathered(x: number[], at: Int32Array): number {
  let s = 0;
  for (let i = 0; i < at.length; i++) s += x[at[i]] ** 2;
  return s;
}
export const called = (f: (x: number) => number): number => f(1);
export const asked = (x: number, name: string): number => x * name.length;
