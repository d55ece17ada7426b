/**
 * Functions whose programs would be long: what is called often becomes a function of the program, and what is too large
 * even so is left to the tape, in every call, with a reason.
 */
import assert from "node:assert/strict";
import vm from "node:vm";
import { checkGrads, explain, grad, hessian, jacobian } from "wengert";
import { prepareSource } from "#lib/prepare.js";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

const fade = (t: number) => t * t * t * (t * (t * 6 - 15) + 10);
const mix = (a: number, b: number, t: number) => a + (b - a) * t;
const corner = (x: number, y: number, z: number) => Math.sin(x * 1.9 + y * 7.2 + z * 3.7) * 0.5;
function noise(x: number, y: number, z: number): number {
  const [u, v, w] = [fade(x - Math.floor(x)), fade(y - Math.floor(y)), fade(z - Math.floor(z))];
  const face = (c: number) =>
    mix(
      mix(corner(x, y, c), corner(x + 1, y, c), u),
      mix(corner(x, y + 1, c), corner(x + 1, y + 1, c), u),
      v,
    );
  return mix(face(z), face(z + 1), w);
}
const octaves = (x: number, y: number, z: number) =>
  0.5 * noise(x, y, z) + 0.25 * noise(2 * x, 2 * y, 2 * z) + 0.125 * noise(4 * x, 4 * y, 4 * z);
const warp = (x: number, y: number, z: number) =>
  octaves(x + octaves(x, y, z), y + octaves(x + 5, y + 1, z), z + octaves(x + 2, y + 8, z));
const field = (x: number, y: number, z: number) => [
  warp(x, y, z),
  warp(x + 7, y, z),
  warp(x, y + 9, z),
  octaves(x, y, z),
];
const product = (x: number, y: number, z: number) => warp(x, y, z) * warp(y, z, x);
const point = [0.3, 0.4, 0.5] as const;

const twice = (a: number, n: number): number =>
  n <= 0 ? Math.sin(a) : twice(a * 0.5, n - 1) + twice(a * 0.7, n - 1);
function integral(a: number, b: number): number {
  const f = (t: number) => Math.exp(-a * t * t) * Math.sin(b * t);
  const simpson = (lo: number, hi: number) => ((hi - lo) / 6) * (f(lo) + 4 * f((lo + hi) / 2) + f(hi));
  const adapt = (lo: number, hi: number, depth: number): number => {
    const middle = (lo + hi) / 2;
    const [left, right] = [simpson(lo, middle), simpson(middle, hi)];
    if (depth <= 0 || Math.abs(left + right - simpson(lo, hi)) < 1e-4) return left + right;
    return adapt(lo, middle, depth - 1) + adapt(middle, hi, depth - 1);
  };
  return adapt(0, b, 6);
}

/** Straight on, `lines` of them. */
function straight(lines: number): (x: number[]) => number {
  const body = Array.from(
    { length: lines },
    (_, k) =>
      `const b${k + 1} = Math.sin(b${k} * x[${k % 8}] + ${k}) / (2 + b${k} * b${k}) + x[${(k + 3) % 8}];`,
  );
  const text = `return (x) => { const b0 = x[0];\n${body.join("\n")}\nreturn b${lines}; };`;
  const { code } = prepareSource(text, { file: `straight-${lines}.js`, kind: "commonjs" });
  return vm.compileFunction(code, [], { filename: `straight-${lines}.js` })();
}
const eight = [0.3, -0.2, 0.7, 1.1, -0.4, 0.5, 0.9, -1.3];

/** Lists cannot be given by a function of the program. */
const turned = (v: number[], t: number): number[] => [
  v[0] * Math.cos(t) - v[1] * Math.sin(t),
  v[0] * Math.sin(t) + v[1] * Math.cos(t),
  ...v.slice(2).map((e) => e * Math.exp(-t)),
];
function many(v: number[], t: number): number[] {
  let w = turned(v, t);
  w = turned(turned(turned(w, t * 0.5), t * 0.3), t * 0.2);
  return turned(turned(turned(turned(w, t), t / 3), t / 5), t / 7);
}
function more(v: number[], t: number): number[] {
  return many(many(many(many(many(many(many(many(v, t), 1), t), 2), t), 3), t), 4);
}
const most = (v: number[], t: number): number =>
  more(more(more(more(v, t), 1), t), 2).reduce((s, e) => s + e * e);

const lines = (f: (...args: any[]) => unknown, ...args: unknown[]): number =>
  explain(f)(...args).source?.split("\n").length ?? Infinity;

describe("functions that would be long when written out", () => {
  it("are functions of the program where they are called often", () => {
    const { source } = explain(warp)(...point);
    assert.match(source ?? "", /function octaves\(/);
    assert.ok(lines(warp, ...point) < 600);
    assert.ok(lines((a: number) => twice(a, 12), 1) < 60);
    assert.ok(lines(integral, 1.1, 2) < 200);
  });
  it("and short ones are not", () => {
    assert.doesNotMatch(explain(octaves)(...point).source ?? "", /function noise/);
    assert.doesNotMatch(explain((a: number) => twice(a, 4))(1).source ?? "", /function twice/);
  });
  it("have the tape's derivatives", () => {
    same(warp, [...point]);
    same(product, [...point]);
    same(field, [...point]);
    same((a: number) => twice(a, 9), [1.3]);
    same(integral, [1.1, 2]);
    checkGrads(integral)(1.1, 2);
  });
  it("have Jacobians in every mode, and second derivatives", () => {
    const right = jacobian(field, { engine: "tape" })(...point);
    for (const mode of ["auto", "forward", "reverse"] as const)
      for (const round of [1, 2]) agree(jacobian(field, { mode })(...point), right, `${mode}, ${round}`);
    for (const f of [warp, product])
      agree(hessian(f)(...point), hessian(f, { engine: "tape" })(...point), f.name, 1e6);
    agree(hessian(integral)(1.1, 2), hessian(integral, { engine: "tape" })(1.1, 2), "integral");
    agree(
      jacobian(integral, { mode: "forward" })(1.1, 2),
      [grad(integral, { engine: "tape" })(1.1, 2)],
      "row",
    );
  });
  it("are left to the tape where they give lists", () => {
    const v = [1, 2, 3, 4, 5, 6, 7, 8];
    assert.match(String(explain(most)(v, 0.1)), /too large when its calls are written out/);
    same(most, [v, 0.1]);
  });
});

describe("functions of many lines", () => {
  for (const count of [40, 300])
    it(`${count}: Jacobians and Hessians, by whatever serves them`, () => {
      const f = straight(count);
      assert.equal(explain(f)(eight).engine, "program");
      const right = grad(f, { engine: "tape" })(eight);
      agree(grad(f)(eight), right, "gradient");
      for (const mode of ["auto", "forward", "reverse"] as const)
        agree(jacobian(f, { mode })(eight), [right], mode);
      agree(hessian(f)(eight), hessian(f, { engine: "tape" })(eight), "hessian", 1e3);
    });
  it("the way out is named where the program has to serve", () => {
    assert.throws(
      () => hessian(straight(900), { engine: "program" })(eight),
      /hessian cannot serve this function by a derivative program: the function with its tangents is too large; leave it to the tape \(1:8\)/,
    );
  });
});
