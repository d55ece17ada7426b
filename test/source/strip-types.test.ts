// Types stripped: what the compiler prints runs as it was written.

import assert from "node:assert/strict";
import vm from "node:vm";
import typescript from "typescript";
import { stripTypes } from "#lib/prepare-file.js";

describe("stripping types", () => {
  it("keeps optional chains to private members wherever a statement begins with one", () => {
    const source = `
class A {
  #v: { w: number } | undefined; // the comment stays
  constructor(w?: number) { this.#v = w === undefined ? undefined : { w }; }
  #m(): number { return 5; }
  static returned(o?: A): number | undefined { return o?.#v?.w; }
  static cast(o?: A): number { return (o?.#v?.w as number) + 1; }
  static thrown(o?: A): never { throw o?.#v; }
  static *yielded(o?: A): Generator<unknown> { yield o?.#v?.w; yield* [o?.#m()]; }
}
module.exports = A;`;
    const { code } = stripTypes(typescript, source, "a.cts", "commonjs");
    assert.match(code, /the comment stays/);
    const module = { exports: null as any };
    vm.compileFunction(code, ["module", "exports"])(module, {});
    const A = module.exports;
    assert.deepEqual([A.returned(new A(2)), A.returned(), A.cast(new A(2))], [2, undefined, 3]);
    assert.throws(
      () => A.thrown(new A(4)),
      (thrown: unknown) => (thrown as { w: number }).w === 4,
    );
    assert.deepEqual([...A.yielded(new A(7)), ...A.yielded()], [7, 5, undefined, undefined]);
  });
});
