/**
 * The gradient check: agreement to several orders, and mismatches by their place.
 */
import assert from "node:assert/strict";
import { checkGrads, displaySymbol } from "wengert";

describe("checkGrads", () => {
  it("compares modes and differences, to the order asked for", () => {
    const report = checkGrads((x1: number, x2: number) => x1 * x2 + Math.sin(x1), { order: 3 })(2, 3);
    assert.deepEqual([...new Set(report.checks.map(({ order }) => order))], [1, 2, 3]);
    assert.equal(report.checks.filter(({ what }) => what.startsWith("⟨u, Jv⟩")).length, 3);
    for (const { worst } of report.checks) assert.ok(worst < 1e-9);
    assert.match(String(report), /agree to order 3: 23 numbers compared/);
  });

  it("serves structures, several results and passive arguments", () => {
    const g = (p: { w: number[][]; b: Float64Array; name: string }, s: number) => {
      let total = s;
      for (const row of p.w) for (const value of row) total += Math.exp(value * s);
      for (const value of p.b) total *= value;
      return { total, square: [total * total] };
    };
    const report = checkGrads(g)({ w: [[1, 2], [0.3]], b: Float64Array.of(1.5, 2), name: "m" }, 0.5);
    assert.equal(report.checks[0].count, 12);
    assert.equal(
      checkGrads(g, { wrt: 1, order: 1 })({ w: [[1]], b: Float64Array.of(2), name: "m" }, 0.5).checks[0]
        .count,
      2,
    );
  });

  it("names the place of a mismatch, and both numbers", () => {
    const stepped = (n: number, p: { w: number[][] }) => n * Math.floor(3 * p.w[2][0]);
    assert.throws(
      () => checkGrads(stepped)(1, { w: [[1], [1], [1]] }),
      /derivatives of stepped of order 1 disagree, reverse mode against central differences, at argument 1 → \.w\[2\]\[0\]: expected \d.*, got 0/,
    );
    assert.throws(
      () => checkGrads((x: number[]) => ({ y: [x[0], Math.round(x[1] * 2)] }))([1, 0.25]),
      /at argument 0 → \[1\], result \.y\[1\]/,
    );
  });

  it("finds a kink in the second order", () => {
    assert.throws(() => checkGrads((x: number) => x * Math.abs(x), { order: 2 })(1e-6), /order 2/);
    assert.equal(checkGrads((x: number) => x * Math.abs(x), { order: 1 })(1e-6).checks.length, 3);
  });

  it("takes a gradient of zero for what it is", () => {
    const rosenbrock = (x: number, y: number) => 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;
    assert.ok(checkGrads(rosenbrock)(1, 1));
    assert.ok(checkGrads((x: number) => x ** 3, { order: 3 })(0));
  });

  it("shows what it compared", async () => {
    const bundle = await checkGrads((x: number) => Math.exp(x))(1)[displaySymbol]();
    assert.match(bundle["text/plain"] as string, /reverse mode against forward mode/);
    assert.match(bundle["text/html"] as string, /<caption/);
  });

  it("says what it expected", () => {
    assert.throws(() => checkGrads(1 as never), /checkGrads expects a function/);
    assert.throws(() => checkGrads((x: number) => x, { order: 0 })(1), /whole order of 1 or more; .*|got 0/);
    assert.throws(() => checkGrads((x: number) => x, { orders: 2 } as never), /no option "orders"/);
  });
});
