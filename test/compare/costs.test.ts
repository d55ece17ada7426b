/**
 * Costs: counts by hand, the bound of reverse mode, growth with n, what the reports show; and the V of the step's error.
 */
import assert from "node:assert/strict";
import {
  type Cost,
  compareCosts,
  compareOver,
  displaySymbol,
  errorAgainstStep,
  type Showable,
  trace,
} from "wengert";
import { countOperations } from "#lib/compare/operations.js";
import { numberAlgebra, type PrimitiveName, table } from "#lib/rules/index.js";
import { tapeOf } from "../display/tapes.ts";

const f = (x1: number, x2: number) => x1 * x2 + Math.sin(x1);
const product = (x: number[]) => {
  let p = 1;
  for (const factor of x) p *= factor;
  return p;
};
const factors = (n: number) => Array.from({ length: n }, (_, i) => 1 + 0.01 * Math.sin(i));
const untimed = { milliseconds: 0 };
const by = (costs: readonly Cost[]) => Object.fromEntries(costs.map((cost) => [cost.method, cost]));
const shown = (value: Showable) => value[displaySymbol]();

describe("operation counts", () => {
  it("of the lecture's example are those by hand", () => {
    // f: · 1, sin 8, + 1. Partials: cos 8. Reverse: + two additions, sin product and addition, · two of each.
    const counts = countOperations(trace(f)(2, 3));
    assert.deepEqual(counts, { primal: 10, partials: 8, reverseSweep: 8, forwardSweep: 5, complex: 42 });
  });

  it("leave out what the sweep does not need: the slope in a constant exponent", () => {
    const constant = countOperations(tapeOf({ x: 2 }, [["pow", 0, { constant: 3 }]]));
    const both = countOperations(tapeOf({ x: 2, y: 3 }, [["pow", 0, 1]]));
    assert.ok(constant.partials < both.partials);
  });

  for (const name of Object.keys(table) as PrimitiveName[])
    it(`reverse mode takes at most five times the operations of ${name}`, () => {
      const { arity, domain, value, partials } = table[name];
      const count = arity === "variadic" ? 3 : arity;
      const x = Array.from({ length: count }, (_, j) => {
        const [low, high] = domain.ranges[Math.min(j, domain.ranges.length - 1)];
        return low + (high - low) * (0.3 + 0.17 * j);
      });
      assert.equal(partials(numberAlgebra, value(...x), ...x).length, count);
      const inputs = Object.fromEntries(x.map((number, j) => [`x${j + 1}`, number]));
      const counts = countOperations(tapeOf(inputs, [[name, ...x.keys()]]));
      const ratio = (counts.primal + counts.partials + counts.reverseSweep) / counts.primal;
      assert.ok(ratio <= 5, `${ratio}`);
    });
});

describe("compareCosts", () => {
  const report = compareCosts(f, [2, 3], untimed);
  const costs = by(report.costs);

  it("has five ways, each with its count", () => {
    assert.equal(report.operations, 10);
    assert.deepEqual(
      report.costs.map(({ method, operations }) => [method, operations]),
      [
        ["reverse", 26],
        ["forward", 46],
        ["forwardDifference", 42],
        ["centralDifference", 54],
        ["complexStep", 92],
      ],
    );
    assert.equal(costs.reverse.operationRatio, 2.6);
  });

  it("has errors as large as the ways' own", () => {
    assert.equal(costs.forward.error, 0);
    assert.equal(costs.complexStep.error, 0);
    assert.ok(costs.forwardDifference.error > 1e-12 && costs.forwardDifference.error < 1e-6);
    assert.ok(costs.centralDifference.error < costs.forwardDifference.error);
  });

  it("tells the bytes of the real tape", () => {
    assert.equal(costs.reverse.bytes, trace(f)(2, 3).bytes);
  });

  it("measures time where asked to", () => {
    const timed = compareCosts(f, [2, 3], { milliseconds: 2, methods: ["reverse", "forwardDifference"] });
    assert.equal(timed.costs.length, 2);
    assert.ok(timed.seconds > 0 && timed.seconds < 1e-4);
    for (const { seconds, timeRatio } of timed.costs) {
      assert.ok(seconds > timed.seconds);
      assert.equal(timeRatio, seconds / timed.seconds);
    }
    assert.ok(Number.isNaN(report.seconds));
  });

  it("differentiates by what wrt names, in structures too", () => {
    const g = (p: { w: number[] }, name: string, s: number) => s * p.w[0] * p.w[1] + name.length;
    assert.equal(compareCosts(g, [{ w: [2, 3] }, "x", 4], untimed).inputs, 3);
    const only = compareCosts(g, [{ w: [2, 3] }, "x", 4], { ...untimed, wrt: 2 });
    assert.equal(only.inputs, 1);
    assert.ok(only.costs.every(({ error }) => error < 1e-6));
  });

  it("shows table, bound and picture", async () => {
    const bundle = await shown(report);
    assert.match(bundle["text/plain"] as string, /operations of reverse AD by those of f: 2\.6 ≤ 5/);
    assert.match(bundle["text/latex"] as string, /^\\begin\{tabular\}/);
    assert.match(
      bundle["text/html"] as string,
      /<img src="data:image\/png;base64,[^"]+" width="\d+" height="\d+" alt="Cost of the gradient of f/,
    );
    assert.doesNotMatch((bundle["text/html"] as string).replace(/base64,[^"]+/, ""), /<script|<svg|NaN/);
    const plot = await shown(report.plot());
    assert.ok("application/vnd.vegalite.v5+json" in plot && "image/png" in plot);
  });

  it("has dashes where a function does nothing to compare with", async () => {
    const text = (await shown(compareCosts((_: number) => 3, [1], untimed)))["text/plain"] as string;
    assert.match(text, /reverse AD +0 +– +0/);
    assert.doesNotMatch(text, /NaN|≤/);
  });

  it("says what it expected", () => {
    assert.throws(() => compareCosts(3 as never, []), /compareCosts expects a function/);
    assert.throws(() => compareCosts(f, 2 as never), /expects a list of arguments; .*|got 2/);
    assert.throws(() => compareCosts(f, [2, 3], { methods: ["symbolic" as never] }), /no method "symbolic"/);
    assert.throws(() => compareCosts(f, [2, 3], { budget: 1 } as never), /no option "budget"/);
  });
});

describe("compareOver", () => {
  const range = compareOver([2, 100, 1000], (n) => ({ f: product, args: [factors(n)] }), untimed);
  const ratio = (method: string) =>
    range.reports.map(({ report }) => by(report.costs)[method].operationRatio);

  it("finds reverse mode bounded by five, everything else growing with n", () => {
    for (const value of ratio("reverse")) assert.ok(value <= 5, `${value}`);
    for (const method of ["forward", "forwardDifference", "centralDifference", "complexStep"]) {
      const [, middle, large] = ratio(method);
      assert.ok(large / middle > 9 && large / middle < 11, `${method}: ${large / middle}`);
    }
  });

  it("counts differences as evaluations: n + 1 and 2n times f, and the quotients", () => {
    assert.equal(ratio("forwardDifference")[2], 1001 + 6);
    assert.equal(ratio("centralDifference")[2], 2000 + 7);
  });

  it("shows a table and a plot on log-log axes, counts solid and times dashed", async () => {
    const bundle = await shown(range);
    assert.match(bundle["text/plain"] as string, /at most \d(\.\d+)? ≤ 5/);
    const timed = compareOver([2, 4], (n) => ({ f: product, args: [factors(n)] }), { milliseconds: 1 });
    const plot = (await shown(timed.plot()))["application/vnd.vegalite.v5+json"] as {
      layer: {
        data: { values: object[] };
        encoding: Record<string, { scale: { type?: string; range?: number[][] } }>;
      }[];
    };
    const [lines] = plot.layer;
    assert.equal(lines.encoding.x.scale.type, "log");
    assert.equal(lines.encoding.y.scale.type, "log");
    assert.deepEqual(lines.encoding.strokeDash.scale.range, [
      [1, 0],
      [5, 4],
    ]);
    assert.equal(lines.data.values.length, 2 * 5 * 2);
  });

  it("says what it expected", () => {
    assert.throws(() => compareOver([], () => ({ f, args: [1, 2] })), /list of sizes/);
    assert.throws(() => compareOver([1], 3 as never), /function of the size/);
  });
});

describe("errorAgainstStep", () => {
  const report = errorAgainstStep((x: number) => Math.exp(x) / (Math.sin(x) ** 3 + Math.cos(x) ** 3), [1.5]);
  const errors = (scheme: string) => report.errors.filter((entry) => entry.scheme === scheme);

  it("is a V for differences and none for the complex step", () => {
    const [forward, central, complexStep] = ["forward", "central", "complex"].map(
      (scheme) => report.best().find((entry) => entry.scheme === scheme)!,
    );
    assert.ok(forward.step > 1e-10 && forward.step < 1e-6 && forward.error > 1e-10);
    assert.ok(central.step > 1e-7 && central.step < 1e-4 && central.error < 1e-9);
    assert.ok(complexStep.error < 1e-15);
    assert.ok(errors("complex").at(-1)!.error < 1e-15);
    assert.equal(errors("forward").at(-1)!.error, 1);
    assert.ok(errors("central")[0].error > 0.1);
  });

  it("falls with the order of the scheme: 1, 2 and 2", () => {
    const at = (scheme: string, step: number) =>
      errors(scheme).find((entry) => Math.abs(entry.step / step - 1) < 1e-9)!.error;
    const order = (scheme: string) => Math.log10(at(scheme, 1e-2) / at(scheme, 1e-3));
    assert.ok(Math.abs(order("forward") - 1) < 0.05);
    assert.ok(Math.abs(order("central") - 2) < 0.05);
    assert.ok(Math.abs(order("complex") - 2) < 0.05);
  });

  it("shows table and plot", async () => {
    const bundle = await shown(report);
    assert.match(bundle["text/plain"] as string, /least error: forward: .* at h = /);
    assert.match(bundle["text/plain"] as string, /… 17 more steps …/);
    const plot = await shown(report.plot());
    assert.match(plot["text/plain"] as string, /against the step h/);
  });
});
