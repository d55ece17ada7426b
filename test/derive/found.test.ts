/**
 * What reviews found: each was once a wrong number, a refused program or a broken file.
 */
import assert from "node:assert/strict";
import { derivative, grad, hessian, hvp, logsumexp, valueAndGrad } from "wengert";

/** Much of this is what JavaScript allows and TypeScript does not. */
type Any = any;

describe("found by reviews: an error, never a wrong number", () => {
  const steps = [1, 2, 3];
  const refused: Record<string, () => unknown> = {
    "an index swallowed by a catch": () =>
      derivative((x: number) => {
        let r = x;
        try {
          r += steps[x] * x;
        } catch {}
        return r;
      })(1),
    "text swallowed by a fallback": () =>
      derivative((x: number) => {
        try {
          return JSON.parse(JSON.stringify(x)) * x;
        } catch {
          return 5;
        }
      })(2),
    "overlapping views": () => {
      const b = Float64Array.of(1, 2, 3);
      const f = (p: Float64Array, q: Float64Array) => {
        p[1] = p[0] * p[0] * 5;
        return q[0];
      };
      return grad(f)(b, b.subarray(1));
    },
    "a captured view of the argument": () => {
      const b = Float64Array.of(1, 2, 3);
      const q = b.subarray(1);
      return grad((p: Float64Array) => {
        p[1] = p[0] * 5;
        return q[0];
      })(b);
    },
    "an array in exp": () => grad((a: Any) => Math.exp(a))([2]),
    "an array times two": () => grad((a: Any) => a * 2)([2]),
    "an array negated": () => grad((a: Any) => -a)([2]),
    "an array counted up": () =>
      grad((a: Any) => {
        let b = a;
        b++;
        return b;
      })([2]),
    "a typed array times its element": () => grad((a: Any) => a[0] * a)(Float64Array.of(2)),
    "an array in a variadic function": () => grad((a: Any) => logsumexp(a))([1, 2]),
    "text stored into a typed array": () =>
      derivative((x: number) => {
        const f: Any = new Float64Array(1);
        f[0] = `${x}`;
        return f[0];
      })(2),
    "text counted up": () =>
      derivative((x: number) => {
        let s: Any = `${x}`;
        s++;
        return s;
      })(2),
    "bytes of a copied buffer": () =>
      derivative((x: number) => new Float64Array(Float64Array.of(x).buffer.slice(0))[0])(2),
    "hvp of a direction of another shape": () => hvp((x: number) => x * x)(2, [3] as Any),
    "hessian of a vector": () => hessian((x: number[]) => x as Any)([1]),
  };
  for (const [name, run] of Object.entries(refused))
    it(name, () => assert.throws(run, { name: "WengertError" }));
});

describe("found by reviews: the right number", () => {
  const of = (read: (f: Any) => number) => derivative((x: number) => read(Float64Array.of(x * x)))(3);
  const right: Record<string, [() => unknown, unknown]> = {
    "a typed array by pattern": [() => of(({ 0: a }) => a), 6],
    "a typed array by its values": [() => of((f) => Object.values(f)[0] as number), 6],
    "a typed array spread into a record": [() => of((f) => ({ ...f })[0]), 6],
    "slice of an array called on a typed one": [() => of((f) => Array.prototype.slice.call(f)[0]), 6],
    "values of an argument": [
      () =>
        valueAndGrad((a: Float64Array) => Object.values(a).reduce((s, v) => s + v * v, 0))(
          Float64Array.of(2, 3),
        ),
      { value: 13, gradient: Float64Array.of(4, 6) },
    ],
    "keys of a traced number": [() => derivative((x: number) => Object.keys(x).length * x)(1.5), 0],
    "a shared buffer": [
      () =>
        derivative((x: number) => {
          const a = new Float64Array(new SharedArrayBuffer(16));
          a[0] = x;
          return a[0] * x;
        })(3),
      6,
    ],
    "a proxy that answers everything": [
      () => derivative((x: number) => (new Proxy({}, { get: () => 2 }) as Any).foo * x)(3),
      2,
    ],
    "a frozen argument": [
      () => grad((a: readonly number[]) => (Object.isFrozen(a) ? a[0] * 10 : a[0]))(Object.freeze([1, 2])),
      [10, 0],
    ],
    "a setter of an argument": [
      () =>
        grad((r: { _v: number; v: number }) => {
          r.v = r._v * 3;
          return r._v;
        })({
          _v: 1,
          get v() {
            return this._v;
          },
          set v(w) {
            this._v = w * 2;
          },
        } as Any)._v,
      6,
    ],
    "bind on a function expression": [
      () =>
        derivative((x: number) =>
          [x, 2]
            .map(
              function (this: Any, v: number) {
                return v * this.k;
              }.bind({ k: x }),
            )
            .reduce((a, b) => a + b),
        )(3),
      8,
    ],
  };
  for (const [name, [run, expected]] of Object.entries(right))
    it(name, () => assert.deepEqual(run(), expected));

  it("takes from an argument what f deletes", () => {
    const o: { a: number; b?: number } = { a: 1, b: 2 };
    const f = (r: typeof o) => {
      delete r.b;
      return r.a * 2;
    };
    assert.deepEqual(grad(f)(o), { a: 2, b: 0 });
    assert.deepEqual(o, { a: 1 });
  });

  it("leaves a closure usable that a nested derivative made", () => {
    let kept = () => 0;
    hessian((x: number) => {
      kept = () => x * 2;
      return x * x * x;
    })(3);
    assert.equal(kept(), 6);
  });
});
