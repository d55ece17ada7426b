/**
 * Arithmetic in 70 decimal digits behind the names that rewrite.ts puts in place of operators and natives.
 *
 * A number that depends on an argument is a Decimal; everything else (counters, indices, constants) stays a double, as it
 * is in the function that is differentiated. Nothing of Wengert is used here.
 */
import { Decimal as Base } from "decimal.js";

export const Decimal = Base.clone({ precision: 70, toExpNeg: -7, toExpPos: 21 });
export type Number70 = InstanceType<typeof Decimal>;
type Value = any;

const is = (x: Value): x is Number70 => x instanceof Decimal;
const D = (x: Value): Number70 => (is(x) ? x : new Decimal(x));

function binary(whole: (a: Number70, b: Number70) => Value, plain: (a: Value, b: Value) => Value) {
  return (a: Value, b: Value) =>
    (is(a) && (is(b) || typeof b === "number")) || (is(b) && typeof a === "number")
      ? whole(D(a), D(b))
      : plain(a, b);
}

const power = (a: Number70, b: Number70) => (b.isZero() ? new Decimal(1) : a.pow(b));

/** What the operators become. */
export const operators: Record<string, (...xs: Value[]) => Value> = {
  add: binary(
    (a, b) => a.plus(b),
    (a, b) => a + b,
  ),
  sub: binary(
    (a, b) => a.minus(b),
    (a, b) => a - b,
  ),
  mul: binary(
    (a, b) => a.times(b),
    (a, b) => a * b,
  ),
  div: binary(
    (a, b) => a.div(b),
    (a, b) => a / b,
  ),
  rem: binary(
    (a, b) => a.minus(b.times(a.div(b).trunc())),
    (a, b) => a % b,
  ),
  pow: binary(power, (a, b) => a ** b),
  lt: binary(
    (a, b) => a.lt(b),
    (a, b) => a < b,
  ),
  le: binary(
    (a, b) => a.lte(b),
    (a, b) => a <= b,
  ),
  gt: binary(
    (a, b) => a.gt(b),
    (a, b) => a > b,
  ),
  ge: binary(
    (a, b) => a.gte(b),
    (a, b) => a >= b,
  ),
  same: binary(
    (a, b) => a.eq(b),
    (a, b) => a === b,
  ),
  equal: binary(
    (a, b) => a.eq(b),
    // biome-ignore lint/suspicious/noDoubleEquals: this stands for ==
    (a, b) => a == b,
  ),
  negative: (a) => (is(a) ? a.neg() : -a),
  positive: (a) => (is(a) ? a : +a),
  truth: (a) => (is(a) ? !a.isZero() && !a.isNaN() : !!a),
  kind: (a) => (is(a) ? "number" : typeof a),
  key: (a) => (is(a) ? a.toNumber() : a),
};

const one = (g: (x: Number70) => Value, plain: (x: number) => number) => (x: Value) =>
  is(x) ? g(x) : plain(x);
const step = (g: (x: Number70) => Number70, plain: (x: number) => number) =>
  one((x) => g(x).toNumber(), plain);

function extreme(pick: "max" | "min") {
  return (...xs: Value[]) => (xs.some(is) ? Decimal[pick](...xs.map(D)) : Math[pick](...xs));
}

const names = [
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "exp",
  "sqrt",
  "cbrt",
  "abs",
  "log2",
  "log10",
] as const;

const math: Record<string, Value> = {};
for (const name of Object.getOwnPropertyNames(Math)) math[name] = (Math as any)[name];
for (const name of names) math[name] = one((x) => (Decimal as any)[name](x), Math[name]);
Object.assign(math, {
  log: one((x) => Decimal.ln(x), Math.log),
  log1p: one((x) => Decimal.ln(x.plus(1)), Math.log1p),
  expm1: one((x) => Decimal.exp(x).minus(1), Math.expm1),
  floor: step((x) => x.floor(), Math.floor),
  ceil: step((x) => x.ceil(), Math.ceil),
  round: step((x) => x.plus(0.5).floor(), Math.round),
  trunc: step((x) => x.trunc(), Math.trunc),
  sign: step((x) => new Decimal(Decimal.sign(x)), Math.sign),
  max: extreme("max"),
  min: extreme("min"),
  pow: operators.pow,
  atan2: binary((y, x) => Decimal.atan2(y, x), Math.atan2),
  hypot: (...xs: Value[]) => (xs.some(is) ? Decimal.hypot(...xs.map(D)) : Math.hypot(...xs)),
});

function number(x: Value) {
  return is(x) ? x : Number(x);
}
Object.assign(number, {
  isFinite: (x: Value) => (is(x) ? x.isFinite() : Number.isFinite(x)),
  isNaN: (x: Value) => (is(x) ? x.isNaN() : Number.isNaN(x)),
  isInteger: (x: Value) => (is(x) ? x.isInteger() : Number.isInteger(x)),
  EPSILON: Number.EPSILON,
  MAX_VALUE: Number.MAX_VALUE,
  MIN_VALUE: Number.MIN_VALUE,
  MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
  POSITIVE_INFINITY: Infinity,
  NEGATIVE_INFINITY: -Infinity,
});

/** Stands for Float64Array: a list of a fixed length that starts with zeros; a subarray is a view of its owner. */
class Doubles extends (Array as any)<Value> {
  static from(xs: ArrayLike<Value> | Iterable<Value>, g: (x: Value, i: number) => Value = (x) => x): Doubles {
    return new Doubles(Array.from(xs as Iterable<Value>, g));
  }
  static of(...xs: Value[]) {
    return new Doubles(xs);
  }
  static get [Symbol.species]() {
    return Doubles;
  }
  constructor(from: number | Iterable<Value>) {
    super();
    if (typeof from === "number") for (let i = 0; i < from; i++) this.push(0);
    else for (const x of from) this.push(x);
  }
  map(g: any): any {
    return new Doubles(Array.from({ length: this.length }, (_, k) => g(this[k], k, this)));
  }
  filter(g: any): any {
    const kept: Value[] = [];
    this.forEach((x: Value, k: number) => {
      if (g(x, k, this)) kept.push(x);
    });
    return new Doubles(kept);
  }
  slice(a?: number, b?: number): any {
    return new Doubles((Array.from(this as any) as any[]).slice(a, b));
  }
  toSorted(g: any = (a: Value, b: Value) => Number(a) - Number(b)): any {
    return new Doubles((Array.from(this as any) as any[]).toSorted(g));
  }
  toReversed(): any {
    return new Doubles((Array.from(this as any) as any[]).toReversed());
  }
  sort(g: any = (a: Value, b: Value) => Number(a) - Number(b)): this {
    this.set((Array.from(this as any) as any[]).sort(g));
    return this;
  }
  set(xs: ArrayLike<Value>, at = 0) {
    const copy = Array.from(xs);
    for (let i = 0; i < copy.length; i++) this[at + i] = copy[i];
  }
  subarray(a = 0, b = this.length): Doubles {
    const view = new Doubles(b - a);
    return new Proxy(view, {
      get: (t, k) => (typeof k === "string" && /^\d+$/.test(k) ? this[a + Number(k)] : Reflect.get(t, k)),
      set: (t, k, v) => {
        if (typeof k === "string" && /^\d+$/.test(k)) this[a + Number(k)] = v;
        else Reflect.set(t, k, v);
        return true;
      },
    });
  }
}

/** The natives that the rewritten module sees instead of JavaScript's. */
export const natives: Record<string, Value> = {
  Math: math,
  Number: number,
  isNaN: (x: Value) => (is(x) ? x.isNaN() : Number.isNaN(Number(x))),
  isFinite: (x: Value) => (is(x) ? x.isFinite() : Number.isFinite(Number(x))),
  Float64Array: Doubles,
};
