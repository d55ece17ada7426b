/**
 * The corpus crossed with every mode: each function's value, gradient and Jacobian against references of 40 digits, the
 * agreement of pushforward and pullback, the Hessians of a part, and what a call leaves behind.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { grad, hessian, hvp, jacobian, jvp, trace, valueAndGrad, vjp } from "wengert";
import { type Entry, type Expected, takeNotes } from "./corpus/entry.ts";
import { copy, flatten, replace } from "./corpus/flat.ts";
import { modules } from "./corpus/index.ts";

type Reference = Expected & { readonly hessian?: number[][] };
const file = new URL("corpus/reference/references.json", import.meta.url);
const references = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, Reference>>;

/** Compares numbers to 1e-11 of their own size; what cancels to nearly zero, to 1e-14 of the largest beside it. */
function close(actual: unknown, expected: readonly number[], what: string) {
  const numbers = flatten(actual);
  assert.equal(
    numbers.length,
    expected.length,
    `${what}: ${numbers.length} numbers instead of ${expected.length}`,
  );
  const largest = Math.max(0, ...expected.map(Math.abs).filter(Number.isFinite));
  expected.forEach((y, k) => {
    const good =
      Object.is(numbers[k], y) || Math.abs(numbers[k] - y) <= 1e-11 * Math.abs(y) + 1e-14 * largest;
    assert.ok(good, `${what}, entry ${k}: ${numbers[k]} instead of ${y}`);
  });
}

const product = (x: number, y: number) => x * y;

/** Nothing that went before may be left open: another derivative and a trace are as ever. */
function usable() {
  assert.deepEqual(grad(product)(2, 3), [3, 2]);
  trace(product)(2, 3);
}

/** Directions that are the same in every run. */
function direction(like: unknown, seed: number) {
  let k = seed;
  return replace(like, () => Math.cos(1 + 1.7 * k++));
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, x, i) => s + x * b[i], 0);

function check(entry: Entry, reference: Reference) {
  const args = () => copy(entry.args) as any[];
  const f = entry.f as (...args: any[]) => any;
  const plainArgs = args();
  takeNotes();
  const plain = f(...plainArgs);
  const notes = takeNotes();
  const scalar = typeof plain === "number";
  const columns = reference.jacobian[0]?.map((_, i) => reference.jacobian.map((row) => row[i])) ?? [];

  /** One evaluation: its arguments and effects must be those of the plain call. */
  function once<R>(what: string, run: (...actual: any[]) => R): R {
    const actual = args();
    takeNotes();
    const result = run(...actual);
    assert.deepEqual(takeNotes(), notes, `${what}: effects`);
    assert.deepEqual(actual, plainArgs, `${what}: arguments afterwards`);
    usable();
    return result;
  }

  it("value and pullbacks", () => {
    const { value, pullback } = once("vjp", vjp(f)) as { value: unknown; pullback: (y: any) => unknown };
    close(value, reference.value, "value");
    assert.deepEqual(value, plain, "value: shape");
    if (reference.value.length === 0) return;
    reference.jacobian.forEach((row, k) => {
      let i = 0;
      const unit = replace(plain, () => (i++ === k ? 1 : 0));
      close(pullback(unit), row, `pullback ${k}`);
    });
  });

  it("pushforwards", () => {
    columns.forEach((column, i) => {
      let k = 0;
      const unit = entry.args.map((arg) => replace(arg, () => (k++ === i ? 1 : 0)));
      const { value, tangent } = once("jvp", (...actual) => jvp(f)(actual as never, unit as never)) as any;
      close(value, reference.value, "value");
      close(tangent, column, `pushforward ${i}`);
    });
  });

  it("pushforward and pullback are transposes", () => {
    const tangents = entry.args.map((arg, i) => direction(arg, 3 * i));
    const cotangent = direction(plain, 7);
    const { tangent } = jvp(f)(args() as never, tangents as never) as any;
    const back = (vjp(f)(...args()) as any).pullback(cotangent);
    const [left, right] = [dot(flatten(cotangent), flatten(tangent)), dot(flatten(back), flatten(tangents))];
    const size = Math.max(Math.abs(left), Math.abs(right), ...reference.jacobian.flat().map(Math.abs));
    if (Number.isFinite(size))
      assert.ok(Math.abs(left - right) <= 1e-12 * size + 1e-15, `${left} against ${right}`);
  });

  it("jacobian, every mode", () => {
    for (const mode of ["forward", "reverse", "auto"] as const) {
      const rows = jacobian(f, { mode })(...args());
      assert.equal(rows.length, reference.jacobian.length, `${mode}: rows`);
      rows.forEach((row, k) => {
        close(row, reference.jacobian[k], `${mode}, row ${k}`);
      });
    }
  });

  if (scalar)
    it("gradient", () => {
      const gradient = once("grad", grad(f));
      close(gradient, reference.jacobian[0], "grad");
      const both = once("valueAndGrad", valueAndGrad(f)) as { value: unknown; gradient: unknown };
      close(both.value, [plain], "value");
      assert.deepEqual(both.gradient, gradient);
      entry.args.forEach((arg, i) => {
        if (flatten(arg).length === 0 || entry.args.length === 1) return;
        close(grad(f, { wrt: i })(...args()), flatten((gradient as unknown[])[i]), `wrt ${i}`);
      });
    });

  if (reference.hessian)
    it("second order", () => {
      const flat = reference.hessian!.flat();
      close(hessian(f)(...args()), flat, "hessian");
      close(
        jacobian((...xs: any[]) => flattenActive(grad(f)(...xs)), { mode: "reverse" })(...args()),
        flat,
        "reverse over reverse",
      );
      close(
        jacobian((...xs: any[]) => flattenActive(grad(f)(...xs)), { mode: "forward" })(...args()),
        flat,
        "forward over reverse",
      );
      if (entry.args.length === 1) {
        const v = direction(entry.args[0], 2);
        const product = reference.hessian!.map((row) => dot(row, flatten(v)));
        close(hvp(f as (x: any) => number)(args()[0], v as never), product, "hvp");
      }
    });
}

/** The numbers of a gradient, in key order, from inside a function that is differentiated. */
function flattenActive(value: any): any[] {
  if (typeof value === "number") return [value];
  if (value === null) return [];
  return (Array.isArray(value) || value instanceof Float64Array ? [...value] : Object.values(value)).flatMap(
    flattenActive,
  );
}

describe("corpus", () => {
  for (const [group, entries] of modules)
    describe(group, () => {
      for (const entry of entries)
        describe(entry.name, () => {
          const reference = entry.expect ?? references[group]?.[entry.name];
          if (reference) check(entry, reference);
          else it("has a reference", () => assert.fail("run test/corpus/reference/generate.ts"));
        });
    });
});
