/**
 * Walks the table: every partial of every row, and every row differentiated by itself, held against numbers from
 * elsewhere; and shows that the walker finds a wrong row.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type PrimitiveName, type Rule, table } from "#lib/rules/index.js";
import { derivativesAt } from "./dual.ts";
import { findings, gradientOf, hessianOf, keepsOf, readsOf, references, relativeError } from "./walk.ts";

const rules: readonly Rule[] = Object.values(table);

/** Operands inside a row's domain: two to four of them where their number is free. */
function operandsOf({ arity, domain }: Rule): fc.Arbitrary<number[]> {
  const within = ([min, max]: readonly [number, number]) => fc.double({ min, max, noNaN: true });
  return arity === "variadic"
    ? fc.array(within(domain.ranges[0]), { minLength: 2, maxLength: 4 })
    : fc.tuple(...domain.ranges.map(within));
}

describe("partials of the rows", () => {
  for (const rule of rules) {
    if (rule.kind === "step") {
      it(`${rule.name} is a step: its partials are zero everywhere`, () => {
        fc.assert(
          fc.property(operandsOf(rule), (x) => {
            assert.deepEqual(
              gradientOf(rule, x),
              x.map(() => 0),
            );
          }),
        );
      });
    } else if (rule.name !== "fround") {
      it(`${rule.name} agrees with its references to second order`, () => {
        assert.ok(references[rule.name].length >= 8);
        assert.deepEqual(findings(rule, references[rule.name]), []);
      });
    }
  }
});

describe("partials at random points", () => {
  // Five-point differences: an error of about h⁴, and of rounding over h.
  const slope = (f: (t: number) => number, h: number) =>
    (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

  for (const rule of rules.filter(({ kind, name }) => kind !== "step" && name !== "fround")) {
    it(`${rule.name} agrees with differences`, () => {
      fc.assert(
        fc.property(operandsOf(rule), (x) => {
          const gradient = gradientOf(rule, x);
          x.forEach((at, k) => {
            if (Number.isNaN(gradient[k])) return;
            const h = 1e-3 * Math.min(1, Math.abs(at));
            const along = (t: number) =>
              rule.value(...x.map((operand, j) => (j === k ? operand + t : operand)));
            // Where the row jumps or bends between the points, differences say nothing.
            const [wide, coarse, fine] = [2 * h, h, h / 2].map((width) => slope(along, width));
            const spread = Math.max(Math.abs(wide - fine), Math.abs(coarse - fine));
            const bends = (f: (t: number) => number) => Math.abs(f(h) - 2 * f(0) + f(-h)) > h / 10;
            if (h < 1e-6 || spread > 1e-6 * Math.max(1, Math.abs(fine)) || bends(along)) return;
            const size = Math.max(1, Math.abs(fine), Math.abs(rule.value(...x)));
            assert.ok(
              Math.abs(gradient[k] - fine) <= 2e-6 * size,
              `${rule.name}(${x}): ${gradient[k]}, not ${fine}`,
            );
          });
        }),
      );
    });

    if (rule.arity !== 1 && rule.name !== "polygamma")
      it(`${rule.name} has a symmetric Hessian matrix`, () => {
        fc.assert(
          fc.property(operandsOf(rule), (x) => {
            const H = hessianOf(rule, x);
            const size = Math.max(1, ...H.flat().map(Math.abs));
            if (!Number.isFinite(size)) return;
            const asymmetry = H.flatMap((line, i) => line.map((entry, j) => Math.abs(entry - H[j][i])));
            assert.ok(Math.max(...asymmetry) <= 1e-9 * size, `${rule.name}(${x}): ${H}`);
          }),
        );
      });
  }
});

describe("rows differentiate themselves as often as one likes", () => {
  const closed: [PrimitiveName, number, number[]][] = [
    ["exp", 0.5, [1, 1, 1, 1, 1].map((c) => c * Math.exp(0.5))],
    ["sin", 0.5, [Math.sin(0.5), Math.cos(0.5), -Math.sin(0.5), -Math.cos(0.5), Math.sin(0.5)]],
    ["log", 2, [Math.LN2, 1 / 2, -1 / 4, 1 / 4, -3 / 8]],
    ["sqrt", 4, [2, 1 / 4, -1 / 32, 3 / 256, -15 / 2048]],
    ["atan", 1, [Math.PI / 4, 1 / 2, -1 / 2, 1 / 2, 0]],
    ["tanh", 0, [0, 1, 0, -2, 0]],
    ["cbrt", 8, [2, 1 / 12, -1 / 144, 5 / 3456, -5 / 10368]],
    ["log1pexp", 0, [Math.LN2, 1 / 2, 1 / 4, 0, -1 / 8]],
    ["erf", 0, [0, 1, 0, -2, 0].map((c) => (c * 2) / Math.sqrt(Math.PI))],
    ["floor", 0.5, [0, 0, 0, 0, 0]],
  ];
  for (const [name, x, expected] of closed)
    it(`${name}, four times`, () => {
      const got = derivativesAt((A, at) => A.call(name, at), x, 4);
      for (const [order, want] of expected.entries())
        assert.ok(
          Math.abs(got[order] - want) <= 1e-14 * Math.max(1, Math.abs(want)),
          `${got}, not ${expected}`,
        );
    });
});

describe("what the partials keep", () => {
  for (const rule of rules)
    it(`${rule.name} reads what it declares, and nothing else`, () => {
      const count = rule.arity === "variadic" ? 3 : rule.arity;
      for (let k = 0; k < count; k++) assert.deepEqual(readsOf(rule, count, k), keepsOf(rule, count, k));
      if (rule.arity !== "variadic") return;
      for (const few of [1, 2])
        for (let k = 0; k < few; k++)
          for (const read of readsOf(rule, few, k)) assert.ok(keepsOf(rule, few, k).has(read));
    });
});

describe("the walker, held against wrong rows", () => {
  const wrong = (row: Rule, partials: Rule["partials"]): Rule => ({ ...row, partials });

  for (const rule of rules.filter(({ kind, name }) => kind !== "step" && name !== "fround"))
    it(`finds ${rule.name} when one of its partials is a thousandth too large`, () => {
      const count = rule.arity === "variadic" ? 2 : rule.arity;
      for (let off = 0; off < count; off++) {
        if (rule.name === "polygamma" && off === 0) continue;
        const swollen = wrong(rule, (A, y, ...x) =>
          rule
            .partials(A, y, ...x)
            .map((partial, k) => (k === off ? A.mul(partial, A.constant(1.001)) : partial)),
        );
        const found = findings(swollen, references[rule.name]);
        assert.ok(found.some((line) => line.includes(`gradient[${off}]`)));
      }
    });

  it("finds a wrong sign", () => {
    const cos = wrong(table.cos, (A, _y, x) => [A.sin(x)]);
    assert.ok(findings(cos, references.cos).some((line) => line.includes("gradient[0]")));
  });

  it("finds a partial that is right in value and does not differentiate again", () => {
    // Rounded to a multiple of 2⁻⁶⁰, the number is the same to all digits, and flat.
    const grain = 2 ** 60;
    const exp = wrong(table.exp, (A, y) => [A.div(A.round(A.mul(y, A.constant(grain))), A.constant(grain))]);
    const near = references.exp.filter(({ x }) => Math.abs(x[0]) < 10);
    assert.ok(near.length > 0 && findings(exp, near).every((line) => line.includes("hessian")));
    assert.equal(findings(exp, near).length, near.length);
  });

  it("finds a partial that overflows", () => {
    const div = wrong(table.div, (A, _r, x, y) => [A.div(A.constant(1), y), A.neg(A.div(x, A.mul(y, y)))]);
    assert.ok(findings(div, references.div).some((line) => line.includes("1e+200")));
  });

  it("finds cancellation", () => {
    const expm1 = wrong(table.expm1, (A, y) => [A.add(y, A.constant(1))]);
    assert.ok(findings(expm1, references.expm1).some((line) => line.includes("(-40)")));
  });

  it("finds a value that is slightly off", () => {
    assert.ok(
      findings({ ...table.erf, value: (x) => table.erf.value(x) * (1 + 1e-13) }, references.erf).length > 0,
    );
  });

  it("finds a partial that reads more than it declares", () => {
    const tan = wrong(table.tan, (A, _y, x) => [A.div(A.constant(1), A.mul(A.cos(x), A.cos(x)))]);
    assert.notDeepEqual(readsOf(tan, 1, 0), keepsOf(tan, 1, 0));
  });

  it("tells relative errors as it should", () => {
    assert.equal(relativeError(0, -0), 0);
    assert.equal(relativeError(Number.NaN, Number.NaN), 0);
    assert.equal(relativeError(Infinity, Infinity), 0);
    assert.ok(Number.isNaN(relativeError(Number.NaN, 1)));
    assert.equal(relativeError(1e-300, 0), Infinity);
  });
});
