/**
 * The types of the calls: `grad(f)` has f's parameters, and results the shape of what they are derivatives of. The type
 * check of the tests is the test; running it shows that the values have these types too.
 */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import ts from "typescript";
import { derivative, grad, hessian, hvp, jacobian, jvp, valueAndGrad, vjp } from "wengert";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the expression has exactly the type. */
const is =
  <Expected>() =>
  <Actual>(value: Actual, ..._same: Same<Actual, Expected> extends true ? [] : [wrong: never]) =>
    value;

const two = (x: number, y: number) => x * y;
const sum = (v: number[]) => v.reduce((a, b) => a + b, 0);
const typed = (v: Float64Array) => v[0] ** 2;
const record = (o: { x: number; name: string; w: number[] }) => o.x * o.w[0] + o.name.length;
const mixed = (x: number, label: string, v: readonly number[]) => x * v[0] + label.length;
const pair = (p: [number, number]) => p[0] * p[1];
const vector = (x: number) => [x, x * x];
const shaped = (t: number) => ({ p: [t], q: t * t });

describe("types of the calls", () => {
  it("grad has f's parameters and their shapes", () => {
    is<number>()(grad((x: number) => x * x)(3));
    assert.deepEqual(is<[number, number]>()(grad(two)(2, 3)), [3, 2]);
    assert.deepEqual(is<number[]>()(grad(sum)([1, 2])), [1, 1]);
    assert.ok(is<Float64Array>()(grad(typed)(Float64Array.of(3))) instanceof Float64Array);
    const g = is<{ x: number; name: null; w: number[] }>()(grad(record)({ x: 1, name: "a", w: [2] }));
    assert.deepEqual(g, { x: 2, name: null, w: [1] });
    assert.deepEqual(is<[number, null, number[]]>()(grad(mixed)(2, "a", [3])), [3, null, [2]]);
    assert.deepEqual(is<[number, number]>()(grad(pair)([2, 3])), [3, 2]);
    const of2 = grad(two);
    is<[x: number, y: number]>()(null as unknown as Parameters<typeof of2>);
  });

  it("wrt chooses", () => {
    assert.equal(is<number>()(grad(two, { wrt: 1 })(2, 3)), 2);
    assert.deepEqual(is<number[]>()(grad(mixed, { wrt: 2 })(2, "a", [3])), [2]);
    assert.deepEqual(is<[number[], number]>()(grad(mixed, { wrt: [2, 0] })(2, "a", [3])), [[2], 3]);
  });

  it("the other calls", () => {
    const { value, gradient } = valueAndGrad(two)(2, 3);
    assert.equal(is<number>()(value), 6);
    assert.deepEqual(is<[number, number]>()(gradient), [3, 2]);
    const push = jvp(vector)([2], [1]);
    assert.deepEqual(is<number[]>()(push.value), [2, 4]);
    assert.deepEqual(is<number[]>()(push.tangent), [1, 4]);
    const back = vjp(mixed)(2, "a", [3]);
    assert.equal(is<number>()(back.value), 7);
    assert.deepEqual(is<[number, null, number[]]>()(back.pullback(1)), [3, null, [2]]);
    assert.deepEqual(is<number[][]>()(jacobian(vector)(3)), [[1], [6]]);
    assert.deepEqual(is<number[][]>()(hessian(two)(2, 3)), [
      [0, 1],
      [1, 0],
    ]);
    assert.deepEqual(is<number[]>()(hvp(sum)([1, 2], [1, 1])), [0, 0]);
    assert.equal(is<number>()(derivative(Math.abs)(2)), 1);
    assert.deepEqual(is<{ p: number[]; q: number }>()(derivative(shaped)(2)), { p: [1], q: 4 });
  });

  it("are the same without strict null checks, as in a notebook's cell", function () {
    this.timeout(600_000);
    const file = resolve("test/loose.ts");
    const text = `import { grad } from "wengert";
      const two = (x: number, y: number) => x * y;
      const [a, b] = grad(two)(2, 3);
      const slope: number = grad((x: number) => x * x)(3);
      const second: number = grad(two, { wrt: 1 })(2, 3);
      const both: [number, number] = grad(two, { wrt: [1, 0] })(2, 3);
      const wrong: string = a;`;
    const options: ts.CompilerOptions = {
      strict: false,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.NodeNext,
      types: [],
    };
    const host = ts.createCompilerHost(options);
    const { fileExists, getSourceFile } = host;
    host.fileExists = (name) => name === file || fileExists(name);
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, text, rest[0]) : getSourceFile(name, ...rest);
    const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
    assert.deepEqual(
      found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      ["Type 'number' is not assignable to type 'string'."],
    );
  });

  it("misuse does not compile", () => {
    const never = () => {
      // @ts-expect-error: two arguments are needed
      grad(two)(1);
      // @ts-expect-error: a text is no number
      grad(two)(1, "2");
      // @ts-expect-error: the result is no number
      grad(vector)(1);
      // @ts-expect-error: not a function
      grad(3);
      // @ts-expect-error: no such option
      grad(two, { wtr: 1 });
      // @ts-expect-error: no such engine
      grad(two, { engine: "fast" });
      // @ts-expect-error: no such mode
      jacobian(two, { mode: "backward" });
      // @ts-expect-error: the tangent has another shape
      jvp(sum)([[1, 2]], [1]);
      // @ts-expect-error: the cotangent has another shape
      vjp(vector)(1).pullback(1);
      // @ts-expect-error: one number is the argument of a derivative
      derivative(sum)([1, 2]);
      // @ts-expect-error: the Hessian is of a number
      hessian(vector)(1);
    };
    assert.equal(typeof never, "function");
  });
});
