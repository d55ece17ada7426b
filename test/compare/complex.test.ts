/**
 * Complex arithmetic of the rule table: every row, on its domain, has its slope in a tiny imaginary part, and is
 * analytic where it has a complex form.
 */
import assert from "node:assert/strict";
import { complexTable, replayer } from "#lib/compare/complex.js";
import { numberAlgebra, type PrimitiveName, table } from "#lib/rules/index.js";
import { lecture } from "../display/tapes.ts";

const tiny = 1e-20;

function samples(name: PrimitiveName): number[][] {
  const { domain, arity } = table[name];
  const count = arity === "variadic" ? 3 : arity;
  const range = (j: number) => domain.ranges[Math.min(j, domain.ranges.length - 1)];
  return [0.13, 0.37, 0.5, 0.71, 0.93].map((t) =>
    Array.from({ length: count }, (_, j) => {
      const [low, high] = range(j);
      const at = (t + 0.29 * j) % 1;
      return low + (high - low) * at;
    }),
  );
}

describe("the rule table on complex numbers", () => {
  for (const name of Object.keys(table) as PrimitiveName[]) {
    it(`${name}: value and slope`, () => {
      const rule = table[name];
      for (const x of samples(name)) {
        const y = rule.value(...x);
        const partials = rule.partials(numberAlgebra, y, ...x);
        x.forEach((_, j) => {
          if (name === "polygamma" && j === 0) return;
          const z = complexTable[name].value(...x.map((re, i) => ({ re, im: i === j ? tiny : 0 })));
          close(z.re, y, 1e-13, `${name}(${x}) value`);
          close(z.im / tiny, partials[j], 1e-12, `∂${name}(${x})/∂${j}`);
        });
      }
    });
  }

  it("is not only the slope: exp(1 + i), (1 + i)², inverse functions away from the real line", () => {
    const near = (z: { re: number; im: number }, re: number, im: number) => {
      close(z.re, re, 1e-14, "re");
      close(z.im, im, 1e-14, "im");
    };
    near(complexTable.exp.value({ re: 1, im: 1 }), 1.4686939399158851, 2.2873552871788423);
    near(complexTable.pow.value({ re: 1, im: 1 }, { re: 2, im: 0 }), 0, 2);
    near(complexTable.asin.value({ re: 0.5, im: 0.5 }), 0.4522784471511907, 0.5306375309525178);
    near(complexTable.asinh.value({ re: 0.5, im: 0.5 }), 0.5306375309525178, 0.4522784471511907);
    near(complexTable.acosh.value({ re: 2, im: 1 }), 1.4693517443681852, 0.5073563032171445);
    near(complexTable.tan.value({ re: 1, im: 0.5 }), 0.8068774121630852, 1.0428307283443612);
    near(complexTable.atanh.value({ re: 0.3, im: 0.2 }), 0.29574992023641433, 0.21547449370018829);
  });

  it("is NaN where the real function is", () => {
    for (const [name, x] of [
      ["log", -1],
      ["sqrt", -2],
      ["asin", 1.5],
      ["acosh", 0.5],
      ["atanh", -2],
      ["logit", 2],
    ] as const)
      assert.ok(Number.isNaN(complexTable[name].value({ re: x, im: tiny }).im), name);
    assert.ok(Number.isNaN(complexTable.pow.value({ re: -2, im: tiny }, { re: 0.5, im: 0 }).im));
  });

  it("replays a tape: the imaginary part of f(2 + ih, 3) is h ∂f/∂x1", () => {
    const [z] = replayer(lecture)([
      { re: 2, im: tiny },
      { re: 3, im: 0 },
    ]);
    assert.equal(z.re, 6.909297426825682);
    close(z.im / tiny, 2.5838531634528574, 1e-15, "slope");
  });
});

function close(got: number, expected: number, tolerance: number, what: string): void {
  if (Object.is(got, expected) || (Number.isNaN(got) && Number.isNaN(expected))) return;
  assert.ok(
    Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${got}, expected ${expected}`,
  );
}
