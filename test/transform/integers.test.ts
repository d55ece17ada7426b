/**
 * Arrays of integers (indices, counts, flags): programs read them, and leave what else is done with them to the tape.
 */
import assert from "node:assert/strict";
import { explain, grad, hessian, jacobian, jvp } from "wengert";
import { agree } from "./agree.ts";

type F = (...args: any[]) => any;
const values = [0.3, -1.2, 0.8, 2.5, -0.4, 1.1, 0.9, -2];

/** A sparse matrix times a vector, by compressed rows. */
function sparse(x: number[], m: { values: Float64Array; columns: Int32Array; rows: Uint16Array }): number {
  let s = 0;
  for (let i = 0; i + 1 < m.rows.length; i++) {
    let y = 0;
    for (let k = m.rows[i]; k < m.rows[i + 1]; k++) y += m.values[k] * x[m.columns[k]];
    s += Math.sin(y) * x[i];
  }
  return s;
}
const matrix = {
  values: Float64Array.of(1, 2, -3, 0.5, 4),
  columns: Int32Array.of(0, 3, 1, 2, 7),
  rows: Uint16Array.of(0, 2, 3, 3, 5),
};
const chosen = Int32Array.of(3, 1, 1, 6);

const served: Record<string, [f: F, x: unknown, ...others: unknown[]]> = {
  "a sparse matrix": [sparse, values, matrix],
  "indices that are gone over": [
    (x: number[], at: Int32Array) => {
      let s = 1;
      for (const k of at) s = s * x[k] + Math.cos(s) * k;
      return s;
    },
    values,
    chosen,
  ],
  flags: [
    (x: number[], on: Uint8Array) =>
      x.reduce((s, e, i) => (on[i] ? s + e * e : on[i] === 0 ? s - e : s), 0) * on.length,
    values,
    Uint8Array.of(1, 0, 0, 1, 1, 0, 1),
  ],
  "places that are not there": [
    (x: number[], at: Int8Array) => x[at[7] ?? 2] * (at[9] === undefined ? x[0] : x[1]),
    values,
    Int8Array.of(1, 2),
  ],
  "numbers of the function's own": [(x: number[]) => chosen.reduce((s, k) => s + x[k] ** k, 0), values],
  "a list of their own": [
    (x: number[], at: Int32Array) => Array.from(at, (k) => x[k] * k).reduce((s, e) => s * e, 1),
    values,
    chosen,
  ],
  "what is asked of them": [
    (x: number[], at: Int32Array) =>
      x[at.indexOf(6)] *
      (at.includes(1) ? 2 : 3) *
      (at.every((k) => k > 0) ? x[5] : 1) *
      (at.find((k) => k < 3) ?? 0),
    values,
    chosen,
  ],
};
const others: Record<string, [f: F, x: unknown, ...others: unknown[]]> = {
  "they are mapped, to integers": [
    (x: number[], at: Int32Array) => at.map((k) => k * 1.5).reduce((s, k) => s + x[k] * k, 0),
    values,
    Int32Array.of(1, 2, 3),
  ],
  "they are copied and written to": [
    (x: number[], at: Int32Array) => {
      const to = at.slice();
      to[0] = 2.7;
      return x[to[0]] * to[0];
    },
    values,
    chosen,
  ],
  "they are written to": [
    (x: number[], at: Int32Array) => {
      at[0] += 1.5;
      return x[at[0]] ** 2;
    },
    values,
    chosen,
  ],
  "they go into a list as one element": [
    (x: number[], at: Int32Array) => x.concat(at as never).length * x[0] * x[1],
    values,
    chosen,
  ],
  "they are spread": [(x: number[], at: Int32Array) => x[Math.max(...at)] * [...at].length, values, chosen],
  Float32: [(x: number[], w: Float32Array) => x[0] * w[0], values, Float32Array.of(0.1)],
};

function same(f: F, args: readonly unknown[]): void {
  const make = () => structuredClone(args) as unknown[];
  for (const round of [1, 2]) {
    const [a, b] = [make(), make()];
    agree(grad(f, { wrt: 0 })(...a), grad(f, { wrt: 0, engine: "tape" })(...b), `gradient, ${round}`);
    assert.deepEqual(a, b);
  }
  agree(
    jacobian(f, { wrt: 0, mode: "forward" })(...make()),
    jacobian(f, { wrt: 0, engine: "tape" })(...make()),
    "columns",
  );
  agree(
    hessian(f, { wrt: 0 })(...make()),
    hessian(f, { wrt: 0, engine: "tape" })(...make()),
    "second derivatives",
    100,
  );
  const ones = (args[0] as number[]).map(() => 1) as never;
  agree(
    jvp(f, { wrt: 0 })(make() as never, [ones] as never),
    jvp(f, { wrt: 0, engine: "tape" })(make() as never, [ones] as never),
    "pushforward",
  );
}

describe("arrays of integers", () => {
  for (const [name, [f, ...args]] of Object.entries(served))
    it(`are read by programs: ${name}`, () => {
      assert.equal(
        explain(f, { wrt: 0 })(...args).reason,
        "its text is supported for arguments of these kinds",
      );
      same(f, args);
    });
  for (const [name, [f, ...args]] of Object.entries(others))
    it(`are left to the tape where ${name}`, () => same(f, args));
  it("a program for one type is not taken for another", () => {
    const f = (x: number[], at: ArrayLike<number>) => x[0] * at[0] + x[1] * at.length;
    for (const at of [Int32Array.of(5), Uint8Array.of(5, 6), [5.5], Float64Array.of(2.5), Int16Array.of(-3)])
      same(f, [[1, 2], at]);
    assert.deepEqual(explain(f, { wrt: 0 })([1, 2], Int32Array.of(1)).kinds, ["number[]", "Int32Array"]);
  });
  it("what they hold is read at each call", () => {
    const at = Int32Array.of(1);
    const slope = grad((x: number[], k: Int32Array) => x[k[0]] ** 2, { wrt: 0 });
    assert.deepEqual(slope([1, 2, 3], at), [0, 4, 0]);
    at[0] = 2;
    assert.deepEqual(slope([1, 2, 3], at), [0, 0, 6]);
    const { pullback } = { pullback: grad((x: number[]) => x[at[0]] * 2) };
    assert.deepEqual(pullback([1, 2, 3]), [0, 0, 2]);
    at[0] = 0;
    assert.deepEqual(pullback([1, 2, 3]), [2, 0, 0]);
  });
});
