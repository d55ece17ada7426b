// The Wengert list and the trace list: entries, growth over chunks, reuse, both sweeps, strong zeros, memory.

import assert from "node:assert/strict";
import { grad, trace, valueAndGrad, vjp } from "wengert";
import { table } from "#lib/rules/index.js";
import { chunkEntries, WengertList } from "#lib/tape/list.js";
import { TraceList } from "#lib/tape/trace-list.js";

/** A list with n inputs, and a chain of `length` entries, each half of the one before plus a third of input 1. */
function chain(inputs: number, length: number): { list: WengertList; last: number } {
  const list = new WengertList();
  assert.equal(list.addInputs(inputs), 1);
  let last = 1;
  for (let k = 0; k < length; k++) last = list.push(0.5, last, 1 / 3, 1);
  return { list, last };
}
const slope = (length: number) => {
  let s = 1;
  for (let k = 0; k < length; k++) s = 0.5 * s + 1 / 3;
  return s;
};

describe("WengertList", () => {
  it("sweeps back and on over the entries of a hand-made expression", () => {
    // w3 = x1 · x2 at (2, 3); w4 = w3 · w3
    const list = new WengertList();
    list.addInputs(2);
    const w3 = list.push(3, 1, 2, 2);
    const w4 = list.push(6, w3, 6, w3);
    assert.deepEqual([w3, w4, list.length], [3, 4, 5]);
    const adjoints = new Float64Array(list.length);
    adjoints[w4] = 1;
    list.reverse(adjoints);
    assert.deepEqual([...adjoints.subarray(1)], [36, 24, 12, 1]);
    const tangents = new Float64Array(list.length);
    tangents.set([1, -1], 1);
    list.forward(tangents);
    assert.deepEqual([...tangents.subarray(1)], [1, -1, 1, 12]);
    assert.deepEqual(list.operandsOf(w3), [
      [1, 3],
      [2, 2],
    ]);
  });

  for (const length of [
    0,
    1,
    chunkEntries - 1,
    chunkEntries,
    chunkEntries + 1,
    2 * chunkEntries,
    3 * chunkEntries + 5,
  ])
    it(`holds ${length} entries over chunks`, () => {
      const { list, last } = chain(3, length);
      assert.equal(list.length, 4 + length);
      assert.equal(list.bytes, 24 * length);
      const adjoints = new Float64Array(list.length);
      adjoints[last] = 1;
      list.reverse(adjoints);
      assert.ok(Math.abs(adjoints[1] - slope(length)) < 1e-12);
      assert.deepEqual([...adjoints.subarray(2, 4)], [0, 0]);
      const tangents = new Float64Array(list.length);
      tangents[1] = 1;
      list.forward(tangents);
      assert.ok(Math.abs(tangents[last] - slope(length)) < 1e-12);
      if (length > 0)
        assert.deepEqual(list.operandsOf(last), [
          [length === 1 ? 1 : last - 1, 0.5],
          [1, 1 / 3],
        ]);
      list.release();
    });

  it("reuses chunks that were given back, and what they held does not show", () => {
    const first = chain(1, 2 * chunkEntries);
    first.list.release();
    const second = chain(2, 10);
    const adjoints = new Float64Array(second.list.length);
    adjoints[second.last] = 1;
    second.list.reverse(adjoints);
    assert.ok(Math.abs(adjoints[1] - slope(10)) < 1e-15);
    const third = chain(1, 1);
    assert.notEqual(third.list.partials.buffer, second.list.partials.buffer);
    second.list.release();
    third.list.release();
  });

  it("reserves an entry only while it is open, and for numbers alone", () => {
    const list = new WengertList();
    list.addInputs(1);
    assert.equal(list.reserve(1, 0), -1);
    list.open = true;
    assert.equal(list.reserve({}, 0), -1);
    const at = list.reserve(1, 0);
    list.partials[at] = 4;
    list.partials[at + 1] = 5;
    assert.deepEqual(list.operandsOf(list.last), [
      [1, 4],
      [0, 5],
    ]);
  });

  it("keeps strong zeros both ways: a zero partial beside an infinite adjoint, and the reverse", () => {
    const list = new WengertList();
    list.addInputs(2);
    const w = list.push(0, 1, 2, 2);
    const adjoints = new Float64Array(list.length);
    adjoints[w] = Number.POSITIVE_INFINITY;
    list.reverse(adjoints);
    assert.deepEqual([adjoints[1], adjoints[2]], [0, Number.POSITIVE_INFINITY]);
    const masked = new WengertList();
    masked.addInputs(2);
    const inner = masked.push(Number.POSITIVE_INFINITY, 1, Number.NaN, 2);
    const outer = masked.push(0, inner, 1, 1);
    const back = new Float64Array(masked.length);
    back[outer] = 1;
    masked.reverse(back);
    assert.deepEqual([back[1], back[2]], [1, 0]);
    const tangents = new Float64Array(masked.length);
    tangents[1] = 1;
    masked.forward(tangents);
    assert.deepEqual([tangents[inner], tangents[outer]], [Number.POSITIVE_INFINITY, 1]);
  });
});

describe("memory", function () {
  this.timeout(600_000);
  it("10^7 entries take 24 bytes each, and come back", () => {
    const n = 1e7;
    const before = process.memoryUsage().arrayBuffers;
    const list = new WengertList();
    list.addInputs(1);
    let last = 1;
    for (let k = 0; k < n; k++) last = list.push(1, last, 0, 0);
    assert.equal(list.bytes, 24 * n);
    const held = process.memoryUsage().arrayBuffers - before;
    assert.ok(held < 24 * n + 2 ** 22, `${held} bytes`);
    const adjoints = new Float64Array(list.length);
    adjoints[last] = 1;
    list.reverse(adjoints);
    assert.equal(adjoints[1], 1);
    list.release();
  });

  it("an evaluation of 10^6 operations through prepared code", () => {
    const f = (x: number) => {
      let y = x;
      for (let k = 0; k < 1e6; k++) y *= 1.0000001;
      return y;
    };
    const { value, gradient } = valueAndGrad(f)(2);
    assert.ok(Math.abs(gradient - value / 2) < 1e-12);
  });
});

describe("TraceList", () => {
  it("keeps operation, operands, constants, value and partials of an entry, grown from its first room", () => {
    const list = new TraceList();
    assert.equal(list.addInput(2), 1);
    assert.equal(list.addInput(5), 2);
    const { mul, sin } = table;
    for (let k = 0; k < 300; k++) list.push(mul, [list.values[0], 3], [1, 0], 6);
    const s = list.push(sin, [2], [1], Math.sin(2));
    assert.equal(s, list.length);
    assert.deepEqual(list.entry(0), { index: 0, operation: "input", value: 2, operands: [], partials: [] });
    assert.deepEqual(list.entry(2), {
      index: 2,
      operation: "mul",
      value: 6,
      operands: [{ entry: 0 }, { constant: 3 }],
      partials: [3, 2],
    });
    assert.deepEqual(list.entry(s - 1).partials, [Math.cos(2)]);
    assert.deepEqual(list.operandsOf(2), { entries: [0, -1], values: [2, 3] });
    assert.equal(list.bytes, 14 * 303 + 12 * 601);
  });

  it("has the numbers of the sweeps in the other list", () => {
    const f = (x: number[]) => x.reduce((s, v, k) => s + Math.sin(v) * Math.exp(-k * v), 0) ** 2;
    const x = Array.from({ length: 50 }, (_, k) => 0.1 + k / 40);
    const tape = trace(f)(x);
    const gradient = grad(f)(x);
    tape
      .reverse()
      .adjoints.subarray(0, 50)
      .forEach((a, k) => {
        assert.ok(Math.abs(a - gradient[k]) <= 1e-14 * Math.abs(gradient[k]) + 1e-16);
      });
    const seed = x.map((_, k) => Math.cos(k));
    const tangent = tape.forward(seed).tangents.at(-1) as number;
    const dot = gradient.reduce((s, g, k) => s + g * seed[k], 0);
    assert.ok(Math.abs(tangent - dot) < 1e-12 * Math.abs(dot));
    assert.throws(() => tape.forward([1]), /seed of 50 numbers.*got 1/);
    assert.throws(() => tape.reverse([1, 2]), /seed of 1 numbers.*got 2/);
  });
});

describe("pullbacks", () => {
  it("of several evaluations stand side by side, in any order", () => {
    const f = (x: number) => [x * x, Math.sin(x)];
    const pullbacks = [1, 2, 3].map((x) => vjp(f)(x).pullback);
    for (const k of [2, 0, 1, 2]) {
      const x = k + 1;
      assert.deepEqual(pullbacks[k]([1, 0]), [2 * x]);
      assert.deepEqual(pullbacks[k]([0, 1]), [Math.cos(x)]);
    }
  });
});
