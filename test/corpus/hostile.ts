/**
 * Inputs that could give a silently wrong number: values on their way out of the calculus, effects on the outside,
 * aliases, nesting, misuse. Each says what is allowed: the right numbers, an error that matches, or either.
 */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import util from "node:util";
import vm from "node:vm";
import * as wengert from "wengert";
import {
  derivative,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  stopGradient,
  trace,
  valueAndGrad,
  vjp,
} from "wengert";

export interface Hostile {
  readonly name: string;
  readonly run: () => unknown;
  /** The numbers (flattened) that are right; when absent only an error is allowed. */
  readonly right?: readonly number[];
  /** What an error's message must match; when absent only the right numbers are allowed. */
  readonly error?: RegExp;
  /** The error is about code: it must give line:column and a way out. */
  readonly code?: boolean;
}

/** f at x, where leaving the calculus is refused or done right. */
const leaves = (
  name: string,
  f: (x: number) => unknown,
  x: number,
  error: RegExp,
  ...right: number[]
): Hostile => ({
  name,
  run: () => grad(f as (x: number) => number)(x),
  error,
  code: true,
  right: right.length > 0 ? right : undefined,
});

/** f at x, where JavaScript's meaning has a derivative. */
const stays = (name: string, f: (x: number) => unknown, x: number, ...right: number[]): Hostile => ({
  name,
  run: () => grad(f as (x: number) => number)(x),
  right,
});

const misuse = (name: string, error: RegExp, run: () => unknown): Hostile => ({ name, error, run });

const any = (x: unknown) => x as any;
/** Stands for what a package offers: code that nobody prepared. */
const package_ = vm.runInThisContext("({ add(a, b) { return a + b } })");
const unprepared = new Function("x", "return x * x") as (x: number) => number;
const { isDeepStrictEqual } = createRequire(import.meta.url)("node:util") as typeof util;

class Point {
  constructor(public x: number) {}
}

const bits: Hostile[] = [
  leaves("or zero", (x) => (x | 0) * x, 2.7, /\|/, 2),
  leaves("not not", (x) => ~~x * x, 2.7, /~/, 2),
  leaves("shift right", (x) => (x >> 1) * x, 5.5, />>/, 2),
  leaves("unsigned shift", (x) => (x >>> 0) * x, 5.5, />>>/, 5),
  leaves("shift left", (x) => (x << 2) + x, 5.5, /<</, 1),
  leaves("and", (x) => (x & 3) * x, 5.5, /&/, 1),
  leaves("exclusive or", (x) => (x ^ 1) * x, 5.5, /\^/, 4),
  leaves("shift by an active count", (x) => (1 << x) * x, 3, /<</, 8),
  leaves(
    "or-assignment",
    (x) => {
      let y = x * 2;
      y |= 0;
      return y * x;
    },
    2.7,
    /\|/,
    5,
  ),
  leaves("clz32 and imul", (x) => Math.clz32(x) * x + Math.imul(x, 3), 5, /clz32|imul/, 29),
  leaves("parity by a bit", (x) => (Math.floor(x) & 1 ? x * x : x), 3.5, /&/, 7),
];

const text: Hostile[] = [
  leaves("Number of toFixed", (x) => Number(x.toFixed(3)) * x, 1.5, /Number|toFixed|text/),
  leaves("parseFloat of text", (x) => parseFloat(`${x}`) * x, 1.5, /parseFloat|text/),
  leaves("Number.parseFloat", (x) => Number.parseFloat(String(x)) * x, 1.5, /parseFloat|text/),
  leaves("unary plus of text", (x) => +`${x}` * x, 1.5, /text|\+/),
  leaves("text times one", (x) => any(`${x}`) * x, 1.5, /text|\*/),
  leaves("text minus zero", (x) => any(x + "") - 0, 1.5, /text|-/),
  leaves("JSON there and back", (x) => JSON.parse(JSON.stringify(x)) * x, 1.5, /JSON|text/),
  leaves("JSON of a record", (x) => JSON.parse(JSON.stringify({ a: [x * 2] })).a[0], 1.5, /JSON|text/),
  leaves("parseInt of text", (x) => parseInt(String(x), 10) * x, 2.5, /parseInt|text/),
  leaves("toPrecision", (x) => Number(x.toPrecision(5)) * x, 1.5, /Number|toPrecision|text/),
  leaves("toExponential", (x) => Number(x.toExponential()) * x, 1.5, /Number|toExponential|text/),
  leaves("toString", (x) => Number(x.toString()) * x, 1.5, /Number|toString|text/),
  leaves("toString in base 2", (x) => parseInt(x.toString(2), 2) * x, 5, /parseInt|toString|text/),
  leaves("toLocaleString", (x) => Number(x.toLocaleString("en")) * x, 1.5, /Number|toLocaleString|text/),
  leaves("joined list", (x) => Number([x].join()) * x, 1.5, /Number|join|text/),
  leaves("list as a number", (x) => any([x]) * x, 1.5, /list|array|text|traced/i, 3),
  leaves("Number of a list", (x) => Number([x]) * x, 1.5, /Number|list|array|text/i, 3),
  leaves("split text", (x) => Number(`${x},2`.split(",")[0]) * x, 1.5, /Number|split|text/),
  leaves("replaced text", (x) => Number(`a${x}`.replace("a", "")) * x, 1.5, /Number|replace|text/),
  leaves("sliced and trimmed text", (x) => Number(`  ${x} `.trim().slice(0, 3)) * x, 1.5, /Number|text/),
  leaves("text in a list, mapped", (x) => [`${x}`].map(Number)[0] * x, 1.5, /Number|text/),
  leaves(
    "text in a record",
    (x) => {
      const o = { t: String(x) };
      return parseFloat(o.t) * x;
    },
    1.5,
    /parseFloat|text/,
  ),
  leaves(
    "text through a map",
    (x) => {
      const m = new Map([["a", x.toFixed(4)]]);
      return Number(m.get("a")) * x;
    },
    1.5,
    /Number|text/,
  ),
  leaves(
    "text kept outside",
    (() => {
      let kept = "";
      return (x: number) => {
        kept = `${x}`;
        return Number(kept) * x;
      };
    })(),
    1.5,
    /Number|text/,
  ),
  leaves("Math of text", (x) => Math.sin(any(`${x}`)), 1.5, /text|sin/),
  leaves("concatenated texts", (x) => Number(`1${"2"}` + x) + x, 1.5, /Number|text/),
  leaves("util.inspect and back", (x) => Number(util.inspect(x)) * x, 1.5, /inspect|Number|text|util/),
  leaves("util.format and back", (x) => Number(util.format("%d", x)) * x, 1.5, /format|Number|text|util/),
  leaves(
    "Intl and back",
    (x) => Number(new Intl.NumberFormat("en").format(x)) * x,
    1.5,
    /Intl|format|Number|text|prepared/,
  ),
  leaves(
    "regular expression and back",
    (x) => Number(/[\d.]+/.exec(`x = ${x}`)![0]) * x,
    1.5,
    /Number|exec|RegExp|text/,
  ),
  leaves("eval of text", (x) => (0, eval)(`${x} * 2`), 1.5, /eval|text/),
  leaves(
    "direct eval",
    (x) => {
      void x;
      return eval("x * 2");
    },
    1.5,
    /eval|prepared/,
    2,
  ),
  leaves("new Function from text", (x) => new Function(`return ${x} * 2`)(), 1.5, /Function|text/),
  leaves("text compared as a number", (x) => (any(`${x}`) < 2 ? x * x : x), 1.5, /text|</, 3),
  stays(
    "text of passives",
    (x) =>
      Number((0.5).toFixed(1)) * x + Number("3") * x + parseFloat("1.5e1") * x + JSON.parse("[2]")[0] * x,
    1.5,
    20.5,
  ),
  stays("mapping texts to numbers", (x) => ["1", "2.5"].map(Number).reduce((s, y) => s + y * x, 0), 1.5, 3.5),
  stays("length of the text", (x) => `${x}`.length * x, 1.5, 3),
  stays(
    "implicit conversions of passives",
    (x) => x * any("3") - any("1") + any(null) + x * any(true) + x ** any("2"),
    1.5,
    7,
  ),
  stays("text and number concatenate", (x) => ("a" + x === "a1.5" ? x * 3 : 0), 1.5, 3),
];

const storage: Hostile[] = [
  leaves(
    "Float32Array",
    (x) => {
      const a = new Float32Array(1);
      a[0] = x * x;
      return a[0] * 2;
    },
    1.5,
    /Float32Array/,
    6,
  ),
  leaves("Float32Array.from", (x) => Float32Array.from([x, x * x])[1], 1.5, /Float32Array/, 3),
  leaves("Float32Array by new", (x) => new Float32Array([x, x * 3])[1], 1.5, /Float32Array/, 3),
  leaves("Int32Array", (x) => Int32Array.of(x)[0] * x, 2.5, /Int32Array/, 2),
  leaves(
    "Int32Array written",
    (x) => {
      const a = new Int32Array(2);
      a[1] = x * 2;
      a[1] += x;
      return a[1] * x;
    },
    2.5,
    /Int32Array/,
    7,
  ),
  leaves("Uint8ClampedArray", (x) => new Uint8ClampedArray([x])[0] * x, 2.4, /Uint8ClampedArray/, 2),
  leaves("BigInt64Array", (x) => Number(BigInt64Array.of(BigInt(Math.round(x)))[0]) * x, 2.4, /BigInt/, 2),
  leaves("BigInt", (x) => Number(BigInt(Math.floor(x))) * x, 2.4, /BigInt/, 2),
  leaves(
    "DataView",
    (x) => {
      const d = new DataView(new ArrayBuffer(8));
      d.setFloat64(0, x * x);
      return d.getFloat64(0);
    },
    1.5,
    /DataView|setFloat64/,
    3,
  ),
  leaves(
    "DataView of single precision",
    (x) => {
      const d = new DataView(new ArrayBuffer(8));
      d.setFloat32(0, x);
      return d.getFloat32(0) * x;
    },
    1.5,
    /DataView|setFloat32/,
    3,
  ),
  leaves(
    "bits of a double",
    (x) => {
      const a = new Float64Array([x]);
      const b = new Uint32Array(a.buffer);
      return b[1] * x;
    },
    1,
    /Uint32Array|buffer/,
    1072693248,
  ),
  leaves(
    "fast inverse square root",
    (x) => {
      const b = new ArrayBuffer(4);
      const f = new Float32Array(b);
      const i = new Int32Array(b);
      f[0] = x;
      i[0] = 0x5f3759df - (i[0] >> 1);
      const y = f[0];
      return y * (1.5 - 0.5 * x * y * y);
    },
    4,
    /Float32Array|Int32Array|buffer|view/,
  ),
  leaves(
    "two views of one buffer",
    (x) => {
      const b = new ArrayBuffer(16);
      const p = new Float64Array(b);
      const q = new Float64Array(b, 8);
      p[1] = x * x;
      return q[0] * 2;
    },
    1.5,
    /Float64Array|buffer/,
    6,
  ),
  leaves(
    "bytes of a buffer copied",
    (x) => {
      const a = new Float64Array([x * x]);
      return new Float64Array(a.buffer.slice(0))[0];
    },
    1.5,
    /buffer|ArrayBuffer/,
    3,
  ),
  leaves(
    "Buffer",
    (x) => {
      const b = Buffer.alloc(8);
      b.writeDoubleLE(x * x);
      return b.readDoubleLE();
    },
    1.5,
    /Buffer|writeDouble/,
    3,
  ),
  leaves("structuredClone", (x) => structuredClone([x * x])[0], 1.5, /structuredClone/, 3),
  leaves("structuredClone of a number", (x) => structuredClone(x) * x, 1.5, /structuredClone/, 3),
  leaves("Date", (x) => new Date(x * 1000).getTime() * x, 2, /Date/, 2000),
  leaves("Date.UTC", (x) => Date.UTC(2000, x) * 0 + x, 2, /Date|UTC/, 1),
  leaves("vm", (x) => vm.runInNewContext("y * 2", { y: x }), 2, /vm|runInNewContext/),
  leaves("new Number", (x) => any(new Number(x)) * x, 1.5, /Number/, 3),
  leaves("Object of a number", (x) => any(Object(x)) * x, 1.5, /Object/, 3),
  leaves("a symbol's description", (x) => Number(Symbol(x).description) * x, 1.5, /Symbol|Number|text/),
  leaves(
    "a URL",
    (x) => Number(new URLSearchParams({ x: String(x) }).get("x")) * x,
    1.5,
    /URLSearchParams|Number|text/,
  ),
  leaves("an error's message", (x) => Number(new Error(String(x)).message) * x, 1.5, /Error|Number|text/),
  leaves("Math.fround", (x) => Math.fround(x * x), 1.5, /fround/, 3),
  stays(
    "Float64Array views",
    (x) => {
      const a = new Float64Array(4);
      const v = a.subarray(1, 3);
      v[0] = x;
      a[2] = x * v[0];
      v.set([a[2] * 2], 1);
      return a[1] * a[2];
    },
    1.5,
    13.5,
  ),
];

const natives: Hostile[] = [
  leaves("an unprepared function", (x) => unprepared(x), 1.5, /unprepared|anonymous|function/i, 3),
  leaves(
    "an unprepared callback's caller",
    (x) => (new Function("g", "x", "return g(x) + 1") as any)((y: number) => y * y, x),
    1.5,
    /function|anonymous/i,
    3,
  ),
  leaves(
    "an unprepared function in map",
    (x) => [x].map(unprepared)[0],
    1.5,
    /unprepared|anonymous|function/i,
    3,
  ),
  leaves(
    "an unprepared comparator",
    (x) => [x, 1, 2].sort(new Function("a", "b", "return a - b") as any)[1],
    1.5,
    /function|anonymous/i,
    1,
  ),
  leaves(
    "an unprepared object's method",
    (x) => {
      const Box = new Function(
        "return class { constructor(v) { this.v = v } twice() { return this.v * 2 } }",
      )();
      return new Box(x).twice();
    },
    1.5,
    /function|class|constructor|anonymous|twice/i,
    2,
  ),
  leaves(
    "an unprepared getter",
    (x) => {
      const o = new Function("return { set v(y) { this.w = y * y }, get v() { return this.w } }")();
      o.v = x;
      return o.v;
    },
    1.5,
    /.../,
    3,
  ),
  leaves(
    "isDeepStrictEqual",
    (x) => (isDeepStrictEqual([x], [1.5]) ? x * x : x),
    1.5,
    /isDeepStrictEqual/,
    3,
  ),
  leaves(
    "toSorted by localeCompare",
    (x) => [x, 0.5].toSorted((a, b) => String(a).localeCompare(String(b)))[1] * x,
    1.5,
    /localeCompare/,
    3,
  ),
  leaves(
    "parseFloat as a callback",
    (x) => [x].map(parseFloat as (y: unknown) => number)[0] * x,
    1.5,
    /parseFloat/,
    3,
  ),
  leaves("parseFloat of a number", (x) => parseFloat(any(x)) * x, 1.5, /parseFloat/, 3),
  leaves("parseInt of a number", (x) => parseInt(any(x), 10) * x, 2.5, /parseInt/, 2),
  stays("Number as a callback", (x) => [x].map(Number)[0] * x, 1.5, 3),
  stays("Boolean as a filter", (x) => [x, 0, x * x].filter(Boolean).length * x, 1.5, 2),
  stays("isFinite as a filter", (x) => [x, Infinity].filter(Number.isFinite)[0] * x, 1.5, 3),
  stays("String as a callback", (x) => [x].map(String)[0].length * x, 1.5, 3),
  stays(
    "callbacks of replace",
    (x) => {
      let s = 0;
      "abca".replace(/a/g, () => {
        s += x * x;
        return "";
      });
      return s;
    },
    1.5,
    6,
  ),
  stays(
    "Reflect.apply and construct",
    (x) => {
      class P {
        constructor(public v: number) {}
      }
      return Reflect.apply(Math.sin, null, [x]) + Reflect.construct(P, [x * x]).v;
    },
    1.5,
    Math.cos(1.5) + 3,
  ),
  stays(
    "Reflect.get and set",
    (x) => {
      const o = {
        a: 0,
        get b() {
          return this.a * 2;
        },
      };
      Reflect.set(o, "a", x);
      return Reflect.get(o, "b") * (Reflect.has(o, "a") ? x : 0);
    },
    1.5,
    6,
  ),
  stays("call of call", (x) => Function.prototype.call.call(Math.sin, null, x), 1.5, Math.cos(1.5)),
  stays(
    "Math from the global object",
    (x) => globalThis.Math.exp(x) + any(globalThis)["Math"]["cos"](x),
    1.5,
    Math.exp(1.5) - Math.sin(1.5),
  ),
  leaves(
    "a proxy",
    (x) => {
      const p = new Proxy({ v: x }, { get: (t, k) => any(t)[k] * 2 });
      return any(p).v * x;
    },
    1.5,
    /Proxy/i,
    6,
  ),
  leaves(
    "a proxy of a function",
    (x) => new Proxy((y: number) => y * y, { apply: (t, _this, [y]) => t(y) + y })(x),
    1.5,
    /Proxy|prepared/i,
    4,
  ),
  stays(
    "a defined getter",
    (x) => {
      const o: any = {};
      Object.defineProperty(o, "y", {
        get() {
          return x * x;
        },
      });
      return o.y;
    },
    1.5,
    3,
  ),
  stays(
    "a frozen list and record",
    (x) => {
      const a = Object.freeze([x, x * x]);
      const o = Object.freeze({ a });
      return o.a[1];
    },
    1.5,
    3,
  ),
  stays(
    "a prototype's getter",
    (x) => {
      const proto = {
        get y(): number {
          return any(this).v * 2;
        },
      };
      const o = Object.create(proto);
      o.v = x;
      return o.y * x;
    },
    1.5,
    6,
  ),
  leaves(
    "valueOf",
    (x) => {
      const o = { valueOf: () => x * x };
      return any(o) + 1;
    },
    1.5,
    /valueOf|object/i,
    3,
  ),
  leaves(
    "valueOf, multiplied by an active",
    (x) => {
      const o = { valueOf: () => x * x };
      return any(o) * x;
    },
    2,
    /valueOf|object/i,
    12,
  ),
  leaves(
    "Symbol.toPrimitive",
    (x) => {
      const o = { [Symbol.toPrimitive]: (hint: string) => (hint === "number" ? x * 2 : x) };
      return +any(o) * x;
    },
    1.5,
    /toPrimitive|object/i,
    6,
  ),
  leaves(
    "valueOf compared",
    (x) => {
      const o = { valueOf: () => x };
      return any(o) > 1 ? x * x : x;
    },
    1.5,
    /valueOf|object/i,
    3,
  ),
  leaves(
    "valueOf in Math",
    (x) => {
      const o = { valueOf: () => x * x };
      return Math.sqrt(any(o));
    },
    1.5,
    /valueOf|object/i,
    1,
  ),
  leaves(
    "a class with valueOf",
    (x) => {
      class Money {
        constructor(private v: number) {}
        valueOf() {
          return this.v;
        }
      }
      return any(new Money(x)) * any(new Money(x * 2));
    },
    1.5,
    /valueOf|object/i,
    6,
  ),
  leaves(
    "toString as an object's number",
    (x) => {
      const o = { toString: () => `${x}` };
      return any(o) * x;
    },
    1.5,
    /toString|text|object/i,
  ),
  leaves(
    "Array of an active length",
    (x) => new Array(x).fill(2).reduce((a, b) => a + b) * x,
    3,
    /Array|length|index/,
    6,
  ),
  leaves(
    "Array.from an active length",
    (x) => Array.from({ length: x }, (_, i) => i).length * x,
    3,
    /Array|length|index/,
    3,
  ),
  leaves(
    "an active length assigned",
    (x) => {
      const a = [1, 2, 3];
      a.length = x;
      return a.length * x;
    },
    2,
    /length|index/,
    2,
  ),
  leaves("repeat an active count", (x) => "ab".repeat(x).length * x, 2, /repeat/, 4),
  leaves("an active index", (x) => [5, 6, 7][x] * x, 2, /index|key/i, 7),
  leaves(
    "an active index written",
    (x) => {
      const a = [1, 1, 1];
      a[x] = x * x;
      return a[2];
    },
    2,
    /index|key/i,
    4,
  ),
  leaves("an active key of a record", (x) => ({ 1.5: 4 })[x as 1.5] * x, 1.5, /key/i, 4),
  leaves(
    "an active key computed",
    (x) => {
      const o: any = { [x]: x * x };
      return Object.keys(o).length * o["1.5"];
    },
    1.5,
    /key/i,
    3,
  ),
  leaves("in", (x) => (x in { 2: 1 } ? x * x : x), 2, /\bin\b|key/i, 4),
  leaves(
    "keys made of actives and back",
    (x) => {
      const o: any = {};
      o[x] = 1;
      return Number(Object.keys(o)[0]) * x;
    },
    1.5,
    /key|Number|text/i,
  ),
  leaves(
    "for in over active keys",
    (x) => {
      const o: any = { [x]: 1 };
      let s = 0;
      for (const k in o) s += Number(k) * x;
      return s;
    },
    1.5,
    /key|Number|text/i,
  ),
  leaves(
    "a counted histogram",
    (x) => {
      const h: any = {};
      for (const v of [x, x * 1, 2]) h[v] = (h[v] ?? 0) + 1;
      return h[x] * x;
    },
    1.5,
    /key/i,
    2,
  ),
  leaves(
    "map by active keys",
    (x) => {
      const m = new Map([[x, 5]]);
      return m.get(x * 1)! * x;
    },
    1.5,
    /Map|key/i,
    5,
  ),
  leaves("set of equals", (x) => new Set([x, x * 1, 1.5]).size * x, 1.5, /Set/i, 1),
  stays(
    "includes, indexOf of equals",
    (x) => ([x].includes(x * 1) ? x * x : 0) + [0, x].indexOf(x + 0) * x + [1.5].lastIndexOf(x) * x,
    1.5,
    4,
  ),
  stays(
    "equality of values",
    (x) => (x === x * 1 && Object.is(x, x + 0) && any(x) == "1.5" ? x * x : 0),
    1.5,
    3,
  ),
  stays(
    "a switch on equals",
    (x) => {
      switch (x * 1) {
        case x:
          return x * x;
        default:
          return 0;
      }
    },
    1.5,
    3,
  ),
  stays(
    "type questions",
    (x) =>
      typeof x === "number" &&
      !(any(x) instanceof Number) &&
      !Array.isArray(x) &&
      Number.isInteger(x) &&
      Object(1) !== any(x)
        ? x * x
        : 0,
    2,
    4,
  ),
  stays(
    "the number's own members",
    (x) => x.valueOf() * x * (x.constructor === Number ? 2 : 1) + (any(x).foo === undefined ? x : 0),
    1.5,
    7,
  ),
  leaves(
    "WeakMap by an active",
    (x) => {
      new WeakMap().set(any(x), 1);
      return x;
    },
    1.5,
    /WeakMap|key/i,
  ),
  leaves(
    "WeakSet and WeakRef",
    (x) => {
      new WeakRef(any(x));
      return x;
    },
    1.5,
    /WeakRef|target|object/i,
  ),
  stays(
    "a subclass of Array with species",
    (x) => {
      class L extends Array<number> {
        total() {
          return this.reduce((a, b) => a + b, 0);
        }
      }
      const l = L.from([x, x * x]) as L;
      return (l.map((y) => y * 2) as L).total();
    },
    1.5,
    8,
  ),
  stays(
    "species of another class",
    (x) => {
      class L extends Array<number> {
        static override get [Symbol.species]() {
          return Array;
        }
      }
      const l = new L();
      l.push(x, x * x);
      const m = l.filter((y) => y > 0);
      return m[1] * (m instanceof L ? 100 : 1);
    },
    1.5,
    3,
  ),
  stays(
    "an overridden iterator",
    (x) => {
      const a: any = [1, 2];
      a[Symbol.iterator] = function* () {
        yield x;
        yield x * x;
      };
      const [p, q] = a;
      return p * q;
    },
    1.5,
    6.75,
  ),
  leaves("bigint arithmetic", (x) => any(x) + 1n, 1.5, /BigInt|bigint/i),
  leaves(
    "Atomics and shared memory",
    (x) => {
      const a = new Int32Array(new SharedArrayBuffer(4));
      Atomics.store(a, 0, x);
      return Atomics.load(a, 0) * x;
    },
    3,
    /Atomics|SharedArrayBuffer|Int32Array|store/,
    3,
  ),
  leaves(
    "a list's own toString",
    (x) => any([x, 2].toString().split(",")[0]) * x,
    1.5,
    /text|toString|\*|split/,
  ),
  stays(
    "the arguments object written",
    function (this: void) {
      arguments[0] = arguments[0] * 2;
      return arguments[0] * arguments.length;
    },
    1.5,
    2,
  ),
  stays(
    "assigning a parameter leaves arguments alone",
    function (x: number) {
      x = x * 2;
      return arguments[0] * x;
    },
    1.5,
    6,
  ),
  stays(
    "setters that write elsewhere",
    (x) => {
      let kept = 0;
      const o = {
        set v(y: number) {
          kept = y * y;
        },
      };
      o.v = x;
      return kept;
    },
    1.5,
    3,
  ),
  stays(
    "logical assignment calls a setter only when needed",
    (x) => {
      let n = 0;
      const o = {
        get v() {
          return x;
        },
        set v(_y: number) {
          n++;
        },
      };
      o.v ||= 5;
      o.v ??= 6;
      o.v &&= 7;
      return n * x;
    },
    1.5,
    1,
  ),
  stays(
    "thrown and caught far away",
    (x) => {
      const deep = (n: number): number => {
        if (n === 0) throw { got: x * x };
        return deep(n - 1);
      };
      try {
        return deep(5);
      } catch (e: any) {
        return e.got;
      }
    },
    1.5,
    3,
  ),
  stays(
    "finally overrides",
    (x) => {
      const g = () => {
        try {
          return x;
        } finally {
          return x * x;
        }
      };
      return g();
    },
    1.5,
    3,
  ),
  stays(
    "a throwing comparator is caught",
    (x) => {
      try {
        [x, 2, 3].sort(() => {
          throw x * 2;
        });
      } catch (e) {
        return (e as number) * x;
      }
      return 0;
    },
    1.5,
    6,
  ),
];

const outside: Hostile[] = [
  {
    name: "an outer variable holds a number afterwards",
    run: () => {
      let last = 0;
      const f = (x: number) => {
        last = x * x;
        return x;
      };
      grad(f)(3);
      return typeof last === "number" ? [last, JSON.parse(JSON.stringify({ last })).last, last + 1] : NaN;
    },
    right: [9, 9, 10],
  },
  {
    name: "an outer list holds numbers afterwards",
    run: () => {
      const seen: number[] = [];
      const f = (x: number) => {
        seen.push(x, x * 2);
        return x;
      };
      grad(f)(3);
      jvp(f)([3], [1]);
      return seen.map((x) => (typeof x === "number" ? x + 0 : NaN));
    },
    right: [3, 6, 3, 6],
  },
  {
    name: "an outer record and its nested list",
    run: () => {
      const o = { a: { b: [0] } };
      const f = (x: number) => {
        o.a.b[0] = x * x;
        return x;
      };
      grad(f)(3);
      return typeof o.a.b[0] === "number" ? o.a.b : NaN;
    },
    right: [9],
  },
  {
    name: "an outer list replaced",
    run: () => {
      let o = [[0]];
      const f = (x: number) => {
        o = [[x, x * x]];
        return x;
      };
      grad(f)(3);
      return typeof o[0][1] === "number" ? o : NaN;
    },
    right: [3, 9],
  },
  {
    name: "an outer typed array",
    run: () => {
      const a = new Float64Array(2);
      const f = (x: number) => {
        a[1] = x * x;
        return a[1] * x;
      };
      const g = grad(f)(3);
      return [g, a[1]];
    },
    right: [27, 9],
  },
  {
    name: "an outer map and set",
    run: () => {
      const m = new Map<string, number>();
      const s = new Set<number>();
      const f = (x: number) => {
        m.set("k", x * x);
        s.add(x * 2);
        return m.get("k")! * x;
      };
      const g = grad(f)(3);
      return [g, typeof m.get("k") === "number" ? m.get("k") : NaN, ...s].map((x) =>
        typeof x === "number" ? x : NaN,
      );
    },
    right: [27, 9, 6],
  },
  {
    name: "a cache used in a second derivative",
    run: () => {
      const cache = new Map<string, number>();
      const f = (x: number) => {
        if (!cache.has("k")) cache.set("k", x * x);
        return cache.get("k")! * x;
      };
      return [grad(f)(3), grad(f)(3), f(3)];
    },
    right: [27, 9, 27],
    error: /derivative|another|earlier|outside|cache/i,
  },
  {
    name: "a memo by text of the argument",
    run: () => {
      const cache: Record<string, number> = {};
      const f = (x: number) => (cache[`${x}`] ??= x * x) * x;
      return [grad(f)(3), grad(f)(3), f(3)];
    },
    right: [27, 9, 27],
    error: /derivative|another|earlier|outside|cache|text|key/i,
  },
  {
    name: "a total that grows",
    run: () => {
      let total = 0;
      const f = (x: number) => {
        total += x;
        return total * x;
      };
      return [grad(f)(3), grad(f)(2), total];
    },
    right: [6, 7, 5],
    error: /derivative|another|earlier|outside/i,
  },
  {
    name: "an outer object's member in a second derivative",
    run: () => {
      const o = { v: 1 };
      const f = (x: number) => {
        const y = o.v * x;
        o.v = x * x;
        return y;
      };
      return [grad(f)(3), grad(f)(2), o.v];
    },
    right: [1, 9, 4],
    error: /derivative|another|earlier|outside/i,
  },
  {
    name: "a closure that escapes",
    run: () => {
      let g = () => 0;
      const f = (x: number) => {
        g = () => x * 2;
        return x;
      };
      grad(f)(3);
      return [g() + 0, typeof g() === "number" ? 1 : 0];
    },
    right: [6, 1],
    error: /derivative|another|earlier|escape/i,
  },
  {
    name: "an escaped closure in another derivative",
    run: () => {
      let g = () => 0;
      const f = (x: number) => {
        g = () => x * 2;
        return x;
      };
      grad(f)(3);
      return grad((y: number) => y * g())(2);
    },
    right: [6],
    error: /derivative|another|earlier|escape/i,
  },
  {
    name: "an object returned into the outside",
    run: () => {
      class P {
        constructor(public v: number) {}
        get twice() {
          return this.v * 2;
        }
      }
      let p = new P(0);
      const f = (x: number) => {
        p = new P(x * x);
        return p.v;
      };
      grad(f)(3);
      return [p.v, p.twice].map((x) => (typeof x === "number" ? x : NaN));
    },
    right: [9, 18],
    error: /derivative|another|earlier/i,
  },
  {
    name: "a private field kept outside",
    run: () => {
      class C {
        #v = 0;
        add(x: number) {
          this.#v += x * x;
          return this.#v;
        }
        get v() {
          return this.#v;
        }
      }
      const c = new C();
      const f = (x: number) => c.add(x) * x;
      const g = [grad(f)(3), grad(f)(2)];
      return [...g, typeof c.v === "number" ? c.v : NaN];
    },
    right: [27, 21, 13],
    error: /derivative|another|earlier|outside/i,
  },
  {
    name: "a static field kept outside",
    run: () => {
      class C {
        static v = 1;
      }
      const f = (x: number) => {
        C.v = C.v * x;
        return C.v;
      };
      return [grad(f)(3), grad(f)(2), typeof C.v === "number" ? C.v : NaN];
    },
    right: [1, 3, 6],
    error: /derivative|another|earlier|outside/i,
  },
  {
    name: "a generator resumed in another derivative",
    run: () => {
      let it: Generator<number>;
      const f = (x: number) => {
        it = (function* () {
          yield x;
          yield x * x;
        })();
        return it.next().value;
      };
      const first = grad(f)(3);
      return [first, grad((y: number) => y * it.next().value)(2)];
    },
    right: [1, 9],
    error: /derivative|another|earlier/i,
  },
  {
    name: "a microtask after the derivative",
    run: async () => {
      let later: unknown;
      const f = (x: number) => {
        queueMicrotask(() => {
          later = x * 2;
        });
        return x;
      };
      grad(f)(3);
      await null;
      return typeof later === "number" ? later : NaN;
    },
    right: [6],
    error: /derivative|queueMicrotask/i,
  },
  {
    name: "an inner derivative's variable leaks",
    run: () => {
      let leak = 0;
      return grad(
        (x: number) =>
          grad((y: number) => {
            leak = x * y;
            return y * y;
          })(x) + leak,
      )(3);
    },
    right: [8],
    error: /derivative|inner|earlier|another/i,
  },
  {
    name: "a leak from the inner is used after both",
    run: () => {
      let leak = 0;
      grad((x: number) =>
        grad((y: number) => {
          leak = x * y;
          return y * y;
        })(x),
      )(3);
      return typeof leak === "number" ? leak : NaN;
    },
    right: [9],
  },
  {
    name: "reuse after an exception",
    run: () => {
      const f = (x: number): number => {
        if (x > 1) throw new Error("no");
        return x * x;
      };
      try {
        grad(f)(3);
      } catch {}
      return [grad(f)(0.5), grad((x: number) => x ** 3)(2)];
    },
    right: [1, 12],
  },
  {
    name: "an exception in an inner derivative is caught by the outer",
    run: () => {
      const bad = (_y: number): number => {
        throw new Error("no");
      };
      return grad((x: number) => {
        try {
          grad(bad)(x);
        } catch {}
        return x * x;
      })(3);
    },
    right: [6],
  },
  {
    name: "an exception in the middle of writes",
    run: () => {
      const v = [1, 2];
      const f = (a: number[]): number => {
        a[0] = a[1] * 5;
        throw new Error("no");
      };
      try {
        grad(f)(v);
      } catch {}
      return v.map((x) => (typeof x === "number" ? x : NaN));
    },
    right: [10, 2],
  },
  {
    name: "an exception after writing outside",
    run: () => {
      let o = 0;
      const f = (x: number): number => {
        o = x * x;
        throw new Error("no");
      };
      try {
        grad(f)(3);
      } catch {}
      return [typeof o === "number" ? o : NaN, grad((y: number) => y * o)(2)];
    },
    right: [9, 9],
    error: /earlier/,
  },
  {
    name: "a thrown active value",
    run: () => {
      try {
        return grad((x: number): number => {
          throw x * 2;
        })(3);
      } catch (e) {
        return typeof e === "number" ? e : NaN;
      }
    },
    right: [6],
  },
  {
    name: "a thrown record of actives",
    run: () => {
      try {
        return grad((x: number): number => {
          throw { v: [x * 2] };
        })(3);
      } catch (e: any) {
        return typeof e.v[0] === "number" ? e.v : NaN;
      }
    },
    right: [6],
  },
  {
    name: "logs are texts of values",
    run: () => {
      const lines: string[] = [];
      const f = (x: number) => {
        lines.push(`${x} ${x.toFixed(2)} ${String(x * 2)} ${JSON.stringify({ x })} ${[x, 1]}`);
        return x * x;
      };
      f(1.5);
      grad(f)(1.5);
      jvp(f)([1.5], [1]);
      hessian(f)(1.5);
      return lines.map((l) => Number(l === lines[0])).reduce((a: number, b) => a * b);
    },
    right: [1],
  },
  {
    name: "console.log shows the value",
    run: () => {
      const write = process.stdout.write;
      const lines: string[] = [];
      process.stdout.write = (line) => lines.push(String(line)) > 0;
      try {
        const f = (x: number) => {
          console.log(x, [x * 2], { y: x });
          return x * x;
        };
        f(1.5);
        grad(f)(1.5);
      } finally {
        process.stdout.write = write;
      }
      return lines[0] === lines[1] && lines.length === 2 ? 1 : 0;
    },
    right: [1],
  },
  {
    name: "f is called once",
    run: () => {
      let n = 0;
      const f = (x: number) => {
        n++;
        return x * x;
      };
      grad(f)(1);
      valueAndGrad(f)(1);
      jvp(f)([1], [1]);
      const { pullback } = vjp(f)(1);
      pullback(1);
      pullback(2);
      return n;
    },
    right: [4],
  },
  {
    name: "an outer variable read anew",
    run: () => {
      let k = 2;
      const f = (x: number) => k * x;
      const g = grad(f);
      const a = g(1);
      k = 5;
      return [a, g(1)];
    },
    right: [2, 5],
  },
];

const aliases: Hostile[] = [
  {
    name: "one list in two arguments, read",
    run: () => {
      const v = [3];
      return grad((a: number[], b: number[]) => a[0] * b[0] ** 2)(v, v);
    },
    right: [9, 18],
  },
  {
    name: "one list in two arguments, written",
    run: () => {
      const v = [3];
      return vjp((a: number[], b: number[]) => {
        a[0] = a[0] * 2;
        return b[0];
      })(v, v).value;
    },
    right: [6],
    error: /same|twice|alias|two/i,
  },
  {
    name: "one row twice in a matrix, read",
    run: () => {
      const r = [3];
      return grad((m: number[][]) => m[0][0] * m[1][0] ** 2)([r, r]);
    },
    right: [9, 18],
  },
  {
    name: "one row twice in a matrix, written",
    run: () => {
      const r = [3];
      return vjp((m: number[][]) => {
        m[0][0] = m[0][0] * 2;
        return m[1][0];
      })([r, r]).value;
    },
    right: [6],
    error: /same|twice|alias|two/i,
  },
  {
    name: "an argument that is captured too, written",
    run: () => {
      const v = [3, 1];
      return grad((a: number[]) => {
        a[0] = a[0] * 2;
        return v[0] * a[1];
      })(v);
    },
    right: [2, 6],
    error: /captured|same|alias|outside|another name/i,
  },
  {
    name: "a captured list that is an argument, written through the capture",
    run: () => {
      const v = [3, 1];
      return vjp((a: number[]) => {
        v[0] = 10;
        return a[0] * a[1];
      })(v).value;
    },
    right: [10],
    error: /captured|same|alias|outside|another name/i,
  },
  {
    name: "a record holds the list that is also an argument",
    run: () => {
      const v = [3];
      return vjp((o: { v: number[] }, a: number[]) => {
        o.v[0] *= 2;
        return a[0];
      })({ v }, v).value;
    },
    right: [6],
    error: /same|twice|alias|two/i,
  },
  {
    name: "identity of one argument in two places",
    run: () => {
      const v = [3];
      return vjp((a: number[], b: number[]) => (a === b ? a[0] * 2 : a[0]))(v, v).value;
    },
    right: [6],
    error: /same|twice|alias|two/i,
  },
  {
    name: "the argument is returned",
    run: () => {
      const v = [3, 4];
      const { value, pullback } = vjp((a: number[]) => a)(v);
      (value as number[])[0] = 100;
      return [v, pullback([1, 2])];
    },
    right: [3, 4, 1, 2],
  },
  {
    name: "the gradient is the caller's",
    run: () => {
      const v = [3, 4];
      const g = grad((a: number[]) => a[0] * a[1]);
      const first = g(v);
      first[0] = 99;
      return [g(v), v];
    },
    right: [4, 3, 3, 4],
  },
  {
    name: "arguments changed after vjp, before the pullback",
    run: () => {
      const v = [3, 4];
      const { pullback } = vjp((a: number[]) => a[0] * a[1])(v);
      v[0] = 100;
      v.length = 1;
      return pullback(1);
    },
    right: [4, 3],
  },
  {
    name: "a Float64Array changed after vjp",
    run: () => {
      const v = Float64Array.of(3, 4);
      const { pullback } = vjp((a: Float64Array) => a[0] * a[1] ** 2)(v);
      v.fill(0);
      return pullback(1);
    },
    right: [16, 24],
  },
  {
    name: "a pullback called twice",
    run: () => {
      const { pullback } = vjp((a: number[]) => [a[0] * a[1], a[0]])([3, 4]);
      const one = pullback([1, 0]);
      any(one)[0][0] = 55;
      return [pullback([1, 0]), pullback([0, 1]), pullback([1, 0])];
    },
    right: [4, 3, 1, 0, 4, 3],
  },
  {
    name: "two pullbacks in turn",
    run: () => {
      const f = (x: number) => x ** 3;
      const p = vjp(f)(2);
      const q = vjp(f)(3);
      return [p.pullback(1), q.pullback(1), p.pullback(2)];
    },
    right: [12, 27, 24],
  },
  {
    name: "a cotangent changed afterwards",
    run: () => {
      const { pullback } = vjp((a: number[]) => [a[0] * a[1], a[0]])([3, 4]);
      const c = [1, 0];
      const first = pullback(c);
      c[0] = 7;
      return [first, c];
    },
    right: [4, 3, 7, 0],
  },
  {
    name: "a pullback inside another derivative",
    run: () => {
      const { pullback } = vjp((x: number) => x ** 3)(2);
      return grad((c: number) => pullback(c * c)[0] as number)(3);
    },
    right: [72],
  },
  {
    name: "a captured outer list changed after vjp",
    run: () => {
      const w = [5];
      const { pullback } = vjp((x: number) => x * w[0])(2);
      w[0] = 0;
      return pullback(1);
    },
    right: [5],
  },
  {
    name: "frozen arguments",
    run: () =>
      grad((a: readonly number[], o: { readonly x: number }) => a[0] * o.x)(
        Object.freeze([3]),
        Object.freeze({ x: 4 }),
      ),
    right: [4, 3],
  },
];

const D = derivative;
const nesting: Hostile[] = [
  {
    name: "x times d/dy of x plus y",
    run: () => grad((x: number) => x * grad((y: number) => x + y)(1))(1),
    right: [1],
  },
  {
    name: "the same, forward over forward",
    run: () => D((x: number) => x * (D((y: number) => x + y)(1) as number))(1),
    right: [1],
  },
  {
    name: "the same, forward over reverse",
    run: () => D((x: number) => x * grad((y: number) => x + y)(1))(1),
    right: [1],
  },
  {
    name: "the same, reverse over forward",
    run: () => grad((x: number) => x * (D((y: number) => x + y)(1) as number))(1),
    right: [1],
  },
  {
    name: "x times d/dy of x times y",
    run: () => grad((x: number) => x * grad((y: number) => x * y)(2))(3),
    right: [6],
  },
  {
    name: "inner derivative at the outer's variable",
    run: () => grad((x: number) => grad((y: number) => x * y * y)(x))(3),
    right: [12],
  },
  {
    name: "inner derivative of the outer's variable alone",
    run: () => grad((x: number) => x + grad((_y: number) => x * x)(5))(3),
    right: [1],
  },
  {
    name: "three levels",
    run: () => grad((x: number) => grad((y: number) => grad((z: number) => x * y * z * z)(y))(x))(2),
    right: [16],
  },
  {
    name: "five levels of one function",
    run: () => {
      let f: (x: number) => number = (x) => x ** 6;
      const at = [D, grad, D, grad, D] as any[];
      for (const d of at) {
        const g = f;
        f = (x) => d(g)(x);
      }
      return f(2);
    },
    right: [1440],
  },
  {
    name: "grad inside with a captured list that changes",
    run: () =>
      grad((x: number) => {
        const w = [x, x * x];
        const g = grad((v: number[]) => v[0] * w[0] + v[1] * w[1])([1, 1]);
        w[0] = 0;
        return g[0] * g[1];
      })(2),
    right: [12],
  },
  {
    name: "jvp inside grad",
    run: () => grad((x: number) => jvp((y: number) => x * y ** 3)([x], [x]).tangent as number)(2),
    right: [96],
  },
  {
    name: "tangents that are outer variables",
    run: () => D((x: number) => jvp((y: number) => y * y)([3], [x]).tangent as number)(5),
    right: [6],
  },
  {
    name: "vjp inside jvp",
    run: () =>
      jvp((x: number) => vjp((y: number) => Math.sin(x * y))(x).pullback(x)[0] as number)([0.5], [1]).tangent,
    right: [Math.cos(0.25) - 0.25 * Math.sin(0.25)],
  },
  {
    name: "hessian inside grad",
    run: () => grad((x: number) => hessian((y: number) => x * y ** 3)(x)[0][0])(2),
    right: [24],
  },
  {
    name: "jacobian inside jacobian",
    run: () =>
      jacobian((a: number[]) => jacobian((b: number[]) => [b[0] * b[1] * a[0], b[1] ** 2])(a).flat())([2, 3]),
    right: [0 + 3, 2, 4, 0, 0, 0, 0, 2],
  },
  {
    name: "grad in a loop of Newton steps",
    run: () =>
      grad((c: number) => {
        let x = c;
        for (let i = 0; i < 20; i++) {
          const g = (y: number) => y * y - c;
          x = x - g(x) / grad(g)(x);
        }
        return x;
      })(2),
    right: [1 / (2 * Math.SQRT2)],
  },
  {
    name: "hvp inside grad",
    run: () => grad((x: number) => (hvp((v: number[]) => v[0] ** 3 * x)([x], [1]) as number[])[0])(2),
    right: [24],
  },
  {
    name: "valueAndGrad inside",
    run: () =>
      grad((x: number) => {
        const { value, gradient } = valueAndGrad((y: number) => y * y * x)(x);
        return value + gradient;
      })(2),
    right: [20],
  },
  {
    name: "a derivative that is passed as a function",
    run: () => {
      const apply = (g: (y: number) => number, list: number[]) => list.map((y) => g(y));
      return grad((x: number) =>
        apply(
          grad((y: number) => y ** 3),
          [1, x, x * x],
        ).reduce((a, b) => a + b),
      )(2);
    },
    right: [6 * 2 + 12 * 8],
  },
  {
    name: "inner wrt an argument that carries the outer",
    run: () => grad((x: number) => grad((a: number, b: number) => a * b * b, { wrt: 1 })(x, 3))(2),
    right: [6],
  },
  { name: "stopGradient", run: () => grad((x: number) => x * stopGradient(x * x))(3), right: [9] },
  {
    name: "stopGradient of the inner only",
    run: () => grad((x: number) => grad((y: number) => y * stopGradient(y) * x)(3))(2),
    right: [3],
  },
  {
    name: "the amazing bug: a derivative whose value is a function",
    run: () => {
      const s = any(D)((u: number) => (g: (x: number) => number) => (x: number) => g(x + u))(0);
      return s(s((x: number) => Math.exp(x)))(0);
    },
    right: [1],
    error: /number|function|result|output/i,
  },
  {
    name: "an inner function that returns the outer's closure",
    run: () =>
      grad((x: number) => {
        const make = (y: number) => () => x * y;
        const h = make(x);
        return grad((z: number) => z * h())(2);
      })(3),
    right: [6],
  },
  {
    name: "a second derivative of a recursive function",
    run: () => {
      const p = (x: number, n: number): number => (n === 0 ? 1 : x * p(x, n - 1));
      return (
        grad((x: number) => grad((y: number) => p(y, 5))(x))(2),
        grad((x: number) => grad((y: number) => p(y, 5))(x))(2)
      );
    },
    right: [160],
  },
];

async function asynchronous(x: number) {
  return x * x;
}
async function* asynchronousGenerator(x: number) {
  yield x;
}
function* generator(x: number) {
  yield x;
}
const square = (x: number) => x * x;
const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
const two = (x: number, y: number) => x * y;
class Tagged {
  constructor(public tag: string) {}
}

const coercions: Hostile[] = [
  stays("booleans in arithmetic", (x) => any(x > 1) * x + any(x > 2) + +any(x > 0) * x, 1.5, 2),
  stays("texts in arithmetic", (x) => any("3") * x + x / any("2") - any(" 1 ") + x ** any("2"), 1.5, 6.5),
  stays(
    "null and lists of passives in arithmetic",
    (x) => x * any([2]) + any(null) + x * any([]) + x + any(true),
    1.5,
    3,
  ),
  stays(
    "comparisons with texts, null and lists",
    (x) =>
      (x < any("3") ? x * x : 0) +
      (any(x) == "1.5" ? x : 0) +
      (any(null) >= x ? 100 : x) +
      (any([1]) < x ? x : 0),
    1.5,
    6,
  ),
  stays("undefined makes NaN, as in the plain call", (x) => x * any(undefined), 1.5, Number.NaN),
  stays(
    "too few arguments for Math",
    (x) =>
      Number.isNaN(any(Math.pow)(x)) &&
      Number.isNaN(any(Math.sin)()) &&
      Math.hypot() === 0 &&
      Math.max() === -Infinity
        ? x * x
        : 0,
    1.5,
    3,
  ),
  stays(
    "too many arguments for Math",
    (x) => any(Math.sin)(x, 7) + any(Math.pow)(x, 2, 9) + any(Math.abs)(x, x),
    1.5,
    Math.cos(1.5) + 4,
  ),
  stays(
    "Math on texts and null",
    (x) => Math.max(any("1"), x) + Math.min(any(null), x) + Math.sqrt(any("4")) * x,
    1.5,
    3,
  ),
  stays("Math of a list of one", (x) => Math.max(any([1]), x) * x, 1.5, 3),
  leaves(
    "Math of a list of one active",
    (x) => Math.sin(any([x])),
    1.5,
    /list|array|text|traced/i,
    Math.cos(1.5),
  ),
  stays(
    "a number has no keys",
    (x) =>
      Object.keys(any(x)).length +
      Object.entries(x).length +
      Object.keys({ ...any(x) }).length +
      Object.keys(Object.assign({}, x)).length +
      x * x,
    1.5,
    3,
  ),
  stays(
    "a number has no elements",
    (x) =>
      any(x).length === undefined &&
      any(x)[0] === undefined &&
      Array.from(any(x)).length === 0 &&
      !Object.hasOwn(any(x), "value")
        ? x * x
        : 0,
    1.5,
    3,
  ),
  stays(
    "for in over a number",
    (x) => {
      let n = 0;
      for (const _ in any(x)) n++;
      return n * 100 + x * x;
    },
    1.5,
    3,
  ),
  stays(
    "a number is not iterable",
    (x) => {
      try {
        return [...any(x)].length;
      } catch (e) {
        return e instanceof TypeError ? x * x : 0;
      }
    },
    1.5,
    3,
  ),
  stays(
    "a number is not callable",
    (x) => {
      try {
        return any(x)();
      } catch (e) {
        return e instanceof TypeError ? x * x : 0;
      }
    },
    1.5,
    3,
  ),
  stays(
    "in on a number throws",
    (x) => {
      try {
        return "value" in any(x) ? 100 : 50;
      } catch (e) {
        return e instanceof TypeError ? x * x : 0;
      }
    },
    1.5,
    3,
  ),
  stays(
    "a member of a number cannot be set",
    (x) => {
      try {
        any(x).v = 5;
      } catch {}
      return any(x).v === undefined ? x * x : 0;
    },
    1.5,
    3,
  ),
  stays(
    "what a number is called",
    (x) =>
      Object.prototype.toString.call(x) === "[object Number]" &&
      x.constructor.name === "Number" &&
      !(any(x) instanceof Object) &&
      typeof x === "number"
        ? x * x
        : 0,
    1.5,
    3,
  ),
  stays("toFixed by call", (x) => (Number.prototype.toFixed.call(x, 1) === "1.5" ? x * x : 0), 1.5, 3),
  stays(
    "Number.isInteger, isSafeInteger of actives",
    (x) => (!Number.isInteger(x) && Number.isSafeInteger(x * 2) ? x * x : 0),
    1.5,
    3,
  ),
  stays(
    "logged, then a passive text is read",
    (x) => {
      const line = `${x}`;
      return Number("3") * x + line.length * 0;
    },
    1.5,
    3,
  ),
  leaves("base64 and back", (x) => Number(atob(btoa(`${x}`))) * x, 1.5, /text|Number|atob|btoa/),
  leaves(
    "character codes and back",
    (x) => Number([...String(x)].map((c) => String.fromCharCode(c.charCodeAt(0))).join("")) * x,
    1.5,
    /text|Number|char/,
  ),
  leaves(
    "digits summed",
    (x) => [...String(x)].filter((c) => c !== ".").reduce((s, c) => s + Number(c), 0) * x,
    1.5,
    /text|Number/,
  ),
  leaves("digits by char codes", (x) => (String(x).charCodeAt(0) - 48) * x, 1.5, /text|char/, 1),
  leaves(
    "text in a switch",
    (x) => {
      switch (`${x}`) {
        case "1.5":
          return x * x;
        default:
          return 0;
      }
    },
    1.5,
    /text/,
    3,
  ),
  leaves("text as a key", (x) => ({ "1.5": 4 })[String(x) as "1.5"] * x, 1.5, /text|key/, 4),
  leaves("text as a map's key", (x) => new Map([["1.50", 4]]).get(x.toFixed(2))! * x, 1.5, /text|key/, 4),
  stays(
    "a method put on Number's prototype",
    (x) => {
      any(Number.prototype).twice = function (this: number) {
        return this * 2;
      };
      try {
        return any(x).twice() * x;
      } finally {
        delete any(Number.prototype).twice;
      }
    },
    1.5,
    6,
  ),
  stays(
    "a method put on Array's prototype",
    (x) => {
      any(Array.prototype).total = function (this: number[]) {
        return this.reduce((a, b) => a + b, 0);
      };
      try {
        return any([x, x * x]).total();
      } finally {
        delete any(Array.prototype).total;
      }
    },
    1.5,
    4,
  ),
  stays(
    "a function put on Math",
    (x) => {
      any(Math).square = (y: number) => y * y;
      try {
        return any(Math).square(x);
      } finally {
        delete any(Math).square;
      }
    },
    1.5,
    3,
  ),
  {
    name: "Math.sin replaced",
    run: () => {
      const old = Math.sin;
      Math.sin = (y) => y * y;
      try {
        return grad((x: number) => Math.sin(x))(1.5);
      } finally {
        Math.sin = old;
      }
    },
    right: [3],
    error: /replaced/,
  },
];

const identity: Hostile[] = [
  {
    name: "the argument is the captured list",
    run: () => {
      const v = [3];
      return grad((a: number[]) => (a === v ? a[0] * 2 : a[0]))(v);
    },
    right: [2],
    error: /same|captured|alias|identity|compar|another name/i,
  },
  {
    name: "the argument is a key of a weak map",
    run: () => {
      const v = [3];
      const w = new WeakMap([[v, 5]]);
      return grad((a: number[]) => a[0] * w.get(a)!)(v);
    },
    right: [5],
    error: /WeakMap|argument|key/i,
  },
  {
    name: "the argument is in a set and a list",
    run: () => {
      const v = [3];
      const s = new Set([v]);
      const l = [v];
      return grad((a: number[]) => a[0] * (s.has(a) ? 2 : 1) * (l.includes(a) ? 3 : 1) * (l.indexOf(a) + 1))(
        v,
      );
    },
    right: [6],
    error: /argument|Set|same/i,
  },
  {
    name: "a row of the argument is the captured row",
    run: () => {
      const r = [3];
      const m = [r, [4]];
      return grad((a: number[][]) => a[0][0] * (a[0] === r ? 2 : 1))(m);
    },
    right: [2, 0],
    error: /same|captured|alias|identity|compar|another name/i,
  },
  {
    name: "the argument is kept outside",
    run: () => {
      const v = [3];
      let kept: number[] = [];
      grad((a: number[]) => {
        kept = a;
        a[0] *= 2;
        return a[0];
      })(v);
      return [kept === v ? 1 : 0, kept[0], v[0]];
    },
    right: [1, 6, 6],
  },
  {
    name: "the argument is kept outside, then f throws",
    run: () => {
      const v = [3];
      let kept: number[] = [];
      try {
        grad((a: number[]): number => {
          kept = a;
          a[0] *= 2;
          throw new Error("no");
        })(v);
      } catch {}
      return [kept === v ? 1 : 0, kept[0] + 0, v[0]];
    },
    right: [1, 6, 6],
  },
  {
    name: "a part of the argument is moved outside",
    run: () => {
      const o = { p: { x: 3 } };
      const kept: { x: number }[] = [];
      grad((a: any) => {
        kept.push(a.p);
        a.p = { x: a.p.x * 5 };
        return a.p.x;
      })(o);
      return [kept[0].x, o.p.x];
    },
    right: [3, 15],
  },
  {
    name: "an outer list is put into the argument",
    run: () => {
      const w = [7];
      const o: any = { x: 3 };
      const g: any = grad((a: any) => {
        a.w = w;
        w[0] = a.x * 2;
        return a.w[0] * a.x;
      })(o);
      return [g.x, o.w === w ? 1 : 0, w[0]];
    },
    right: [12, 1, 6],
  },
  {
    name: "a captured instance that is also in an argument beside",
    run: () => {
      const p = new Point(4);
      return [
        grad(
          (x: number, q: Point) => {
            q.x = x * 2;
            return p.x * x;
          },
          { wrt: 0 },
        )(3, p),
        p.x,
      ];
    },
    right: [12, 6],
    error: /same|captured|alias|argument/i,
  },
  {
    name: "instances in passive places keep class and identity",
    run: () => {
      const t = new Tagged("a");
      return grad((x: number, o: Tagged) => (o === t && o instanceof Tagged ? x * 2 : x), { wrt: 0 })(3, t);
    },
    right: [2],
  },
  {
    name: "functions in arguments keep identity",
    run: () => {
      const g = (y: number) => y * y;
      return grad((x: number, h: (y: number) => number) => (h === g ? h(x) : 0), { wrt: 0 })(3, g);
    },
    right: [6],
  },
  {
    name: "classes keep instanceof and names",
    run: () => {
      class Local {}
      const l = new Local();
      return grad((x: number) =>
        l instanceof Local && Local.name === "Local" && l.constructor === Local ? x * x : 0,
      )(3);
    },
    right: [6],
  },
  {
    name: "an object made under a derivative has its class",
    run: () => {
      let made: unknown;
      grad((x: number) => {
        made = new Point(x);
        return (made as Point).x;
      })(3);
      return [
        made instanceof Point ? 1 : 0,
        (made as Point).x,
        Object.keys(made as object).join() === "x" ? 1 : 0,
      ];
    },
    right: [1, 3, 1],
  },
  {
    name: "an async function started inside",
    run: async () => {
      let total = 0;
      const later = async (x: number) => {
        total += x;
        await null;
        total += x;
      };
      const g = grad((x: number) => {
        later(x);
        return x * x;
      })(3);
      await new Promise((r) => setTimeout(r, 5));
      return [g, typeof total === "number" ? total : NaN];
    },
    right: [6, 6],
    error: /async|derivative/i,
  },
  {
    name: "a promise resolved with an active",
    run: async () => {
      let p: Promise<unknown> = Promise.resolve(0);
      const g = grad((x: number) => {
        p = Promise.resolve(x * 2);
        return x * x;
      })(3);
      const v = await p;
      return [g, typeof v === "number" ? v : NaN];
    },
    right: [6, 6],
    error: /Promise|derivative|resolve/i,
  },
  {
    name: "a timer with an active argument",
    run: async () => {
      let seen: unknown;
      const g = grad((x: number) => {
        setTimeout(
          (y: number) => {
            seen = y;
          },
          1,
          x * 2,
        );
        return x * x;
      })(3);
      await new Promise((r) => setTimeout(r, 10));
      return [g, typeof seen === "number" ? seen : NaN];
    },
    right: [6, 6],
    error: /setTimeout|derivative/i,
  },
  {
    name: "an emitter of events",
    run: () => {
      let s = 0;
      const e = new EventEmitter();
      return grad((x: number) => {
        s = 0;
        e.removeAllListeners();
        e.on("a", (y: number) => {
          s += y * y;
        });
        e.emit("a", x);
        return s;
      })(3);
    },
    right: [6],
    error: /emit|prepared/i,
  },
  {
    name: "assertions inside",
    run: () =>
      grad((x: number) => {
        assert.ok(x > 0);
        assert.equal(x, 3);
        return x * x;
      })(3),
    right: [6],
    error: /equal|prepared/i,
  },
  {
    name: "a package's functions",
    run: () => grad((x: number) => any(package_.add)(x, 1) * x)(3),
    right: [7],
    error: /add|prepared|function/i,
  },
  {
    name: "clocks and random numbers are passive",
    run: () => {
      const seen: number[] = [];
      const g = grad((x: number) => {
        const r = Math.random() + performance.now() * 0 + Date.now() * 0;
        seen.push(r);
        return r * x;
      })(3);
      return Math.abs(g - seen[0]) < 1e-15 ? 1 : 0;
    },
    right: [1],
  },
];

const cyclic: any = { x: 1 };
cyclic.self = cyclic;

const calls: Hostile[] = [
  misuse("grad of a vector names jacobian", /jacobian/, () => grad(any((x: number) => [x, x]))(1)),
  misuse("grad of a record", /jacobian|number/, () => grad(any((x: number) => ({ x })))(1)),
  misuse("hessian of a vector", /number|scalar/i, () => hessian(any((x: number) => [x, x]))(1)),
  misuse("derivative of a function of a list", /jvp|grad|jacobian|number/, () => any(D)(sum)([1, 2])),
  misuse("no function", /function/, () => any(grad)(3)),
  misuse("nothing", /function/, () => any(grad)()),
  misuse("an async function", /async/i, () => any(grad)(asynchronous)(1)),
  misuse("an async generator", /async|generator/i, () => any(grad)(asynchronousGenerator)(1)),
  misuse("a generator", /generator/i, () => any(grad)(generator)(1)),
  misuse("a class", /class|constructor|new/i, () => any(grad)(Point)(1)),
  misuse("a promise as the result", /promise|async|number/i, () =>
    any(grad)((x: number) => asynchronous(x))(1),
  ),
  misuse("an unprepared function", /prepared/i, () => grad(unprepared)(1)),
  {
    name: "a native function",
    run: () => [grad(Math.sin)(1)],
    right: [Math.cos(1)],
    error: /prepared|native|sin/i,
  },
  misuse("wrt out of range", /wrt/, () => grad(two, { wrt: 2 })(1, 2)),
  misuse("negative wrt", /wrt/, () => grad(two, { wrt: -1 })(1, 2)),
  misuse("wrt not whole", /wrt/, () => grad(two, { wrt: 0.5 })(1, 2)),
  misuse("wrt a name", /wrt/, () => grad(two, { wrt: any("x") })(1, 2)),
  misuse("wrt a list with one out of range", /wrt/, () => grad(two, { wrt: [0, 7] })(1, 2)),
  misuse("wrt a text", /wrt|active|number/, () =>
    grad((x: number, s: string) => x * s.length, { wrt: 1 })(1, "a"),
  ),
  misuse("wrt a function", /wrt|active|number/, () =>
    grad((x: number, g: (y: number) => number) => g(x), { wrt: 1 })(1, square),
  ),
  misuse("wrt an empty list", /wrt|active|number/, () =>
    grad((x: number, v: number[]) => x * v.length, { wrt: 1 })(1, []),
  ),
  misuse("an unknown option", /option|wtr/, () => grad(two, any({ wtr: 0 }))(1, 2)),
  misuse("an unknown engine", /engine/, () => grad(two, any({ engine: "fast" }))(1, 2)),
  misuse("an unknown mode", /mode/, () => jacobian(two, any({ mode: "backward" }))(1, 2)),
  misuse("options that are no record", /option/, () => grad(two, any(3))(1, 2)),
  {
    name: "undefined options are absent",
    run: () => [
      grad(two, { wrt: undefined, engine: undefined })(2, 3),
      jacobian(two, { mode: undefined })(2, 3),
      grad(two, undefined)(2, 3),
    ],
    right: [3, 2, 3, 2, 3, 2],
  },
  misuse("too few arguments", /argument/, () => any(grad(two))(1)),
  misuse("no arguments", /argument/, () => any(grad(two))()),
  { name: "a default needs no argument", run: () => grad(any((x: number, k = 3) => x * k))(2), right: [3] },
  { name: "more arguments get a zero", run: () => any(grad(square))(3, 7), right: [6, 0] },
  misuse("an argument undefined", /argument|undefined/, () => any(grad(square))(undefined)),
  misuse("a text for a number", /number|active|argument/, () => any(grad(square))("3")),
  misuse("null for a number", /number|active|argument|null/, () => any(grad(square))(null)),
  misuse("a class instance", /class|Point|instance/, () => grad((p: Point) => p.x ** 2)(new Point(1))),
  misuse("a class instance in a list", /class|Point|instance/, () =>
    grad((p: Point[]) => p[0].x ** 2)([new Point(1)]),
  ),
  misuse("a Map", /Map/, () => grad((m: Map<string, number>) => m.get("a")!)(new Map([["a", 1]]))),
  misuse("a Set", /Set/, () => grad((s: Set<number>) => s.size)(new Set([1]))),
  misuse("an Int32Array", /Int32Array/, () => grad((a: Int32Array) => a[0] ** 2)(Int32Array.of(1))),
  misuse("a Float32Array", /Float32Array/, () => grad((a: Float32Array) => a[0] ** 2)(Float32Array.of(1))),
  misuse("a Date", /Date/, () => grad((d: Date) => d.getTime())(new Date(5))),
  {
    name: "an instance beside an active argument",
    run: () => grad((x: number, p: Point) => x * p.x, { wrt: 0 })(3, new Point(4)),
    right: [4],
  },
  {
    name: "a Map and a typed array beside an active argument",
    run: () =>
      grad((x: number, m: Map<string, number>, a: Int32Array) => x * m.get("a")! * a[0], { wrt: 0 })(
        3,
        new Map([["a", 2]]),
        Int32Array.of(5),
      ),
    right: [10],
  },
  misuse("a cyclic argument", /cycl|circular|itself/i, () => any(grad)((o: any) => o.x ** 2)(cyclic)),
  misuse("a text result", /number|string|text/, () => any(grad)((x: number) => `${x}`)(1)),
  misuse("no result", /number|undefined/, () =>
    any(grad)((x: number) => {
      void x;
    })(1),
  ),
  misuse("a boolean result", /number|boolean/, () => any(grad)((x: number) => x > 0)(1)),
  misuse("a null result", /number|null/, () => any(grad)((x: number) => (x > 0 ? null : x))(1)),
  misuse("a function result", /number|function/, () => any(grad)((x: number) => () => x)(1)),
  misuse("a bigint result", /number|bigint/i, () =>
    any(grad)((x: number) => BigInt(Math.round(x) > 0 ? 1 : 0))(1),
  ),
  misuse("a text among the results", /number|string|text/, () => jacobian(any((x: number) => [x, "a"]))(1)),
  misuse("a tangent of another length", /tangent/, () => jvp(sum)([[1, 2]], [[1]])),
  misuse("a tangent of another kind", /tangent/, () => jvp(sum)([[1, 2]], any([3]))),
  misuse("a tangent that is no number", /tangent/, () => jvp(square)([1], any(["1"]))),
  misuse("too few tangents", /tangent/, () => jvp(two)([1, 2], any([1]))),
  misuse("a tangent without a key", /tangent/, () =>
    jvp((o: { a: number; b: number }) => o.a * o.b)([{ a: 1, b: 2 }], any([{ a: 1 }])),
  ),
  misuse("a tangent's list for a number", /tangent/, () => jvp(square)([1], any([[1]]))),
  misuse("no tangents", /tangent/, () => any(jvp(square))([1])),
  misuse("arguments that are no list", /argument/, () => any(jvp(square))(1, 1)),
  misuse("a cotangent of another length", /cotangent/, () =>
    vjp((x: number) => [x, x])(1).pullback(any([1])),
  ),
  misuse("a cotangent of another kind", /cotangent/, () => vjp((x: number) => [x, x])(1).pullback(any(1))),
  misuse("a cotangent that is no number", /cotangent/, () => vjp(square)(1).pullback(any("1"))),
  misuse("no cotangent", /cotangent/, () => any(vjp(square)(1)).pullback()),
  misuse("hvp with a vector of another shape", /tangent|vector|direction|shape/, () => hvp(sum)([1, 2], [1])),
  {
    name: "a gradient by what f ignores is zero of its shape",
    run: () => {
      const g = grad(
        (x: number, v: number[], o: { a: number; b: number[] }) => x * x + v.length + Object.keys(o).length,
      )(3, [1, 2], { a: 1, b: [2] });
      return [g, (g as any)[2].b.length];
    },
    right: [6, 0, 0, 0, 0, 1],
  },
  {
    name: "passive leaves are null",
    run: () => {
      const g: any = grad((o: { x: number; s: string; f: () => void; n: null; t: boolean }) => o.x ** 2)({
        x: 3,
        s: "a",
        f: () => {},
        n: null,
        t: true,
      });
      return [
        g.x,
        g.s === null && g.f === null && g.n === null && g.t === null ? 1 : 0,
        Object.keys(g).join() === "x,s,f,n,t" ? 1 : 0,
      ];
    },
    right: [6, 1, 1],
  },
  {
    name: "results keep the kind",
    run: () => {
      const g: any = grad((a: Float64Array, o: { v: Float64Array }) => a[0] * o.v[1])(Float64Array.of(1, 2), {
        v: Float64Array.of(3, 4),
      });
      return [
        g[0] instanceof Float64Array && g[1].v instanceof Float64Array && Array.isArray(g) ? 1 : 0,
        ...g[0],
        ...g[1].v,
      ];
    },
    right: [1, 4, 0, 0, 1],
  },
  {
    name: "wrt alone and in a list",
    run: () => [
      grad(two, { wrt: 1 })(2, 3),
      grad(two, { wrt: [1] })(2, 3),
      grad(two, { wrt: [1, 0] })(2, 3),
      Array.isArray(grad(two, { wrt: [1] })(2, 3)) ? 1 : 0,
    ],
    right: [2, 2, 2, 3, 1],
  },
  {
    name: "negative zero, NaN and infinite arguments",
    run: () => [grad((x: number) => 1 / x)(-0), grad(square)(Infinity), grad(square)(Number.NaN)],
    right: [-Infinity, Infinity, Number.NaN],
  },
  {
    name: "a sparse Jacobian gives toDense, or says that it is not there",
    run: () => any(jacobian((v: number[]) => v.map((x) => x * x), any({ mode: "sparse" }))([1, 2])).toDense(),
    right: [2, 0, 0, 4],
    error: /sparse/,
  },
  {
    name: "jacobian of several arguments",
    run: () =>
      jacobian((x: number, v: number[], s: string) => ({ p: x * v[1], q: [v[0] + s.length] }))(
        2,
        [3, 4],
        "a",
      ),
    right: [4, 0, 2, 0, 1, 0],
  },
  {
    name: "jacobian rows of a scalar",
    run: () => {
      const j = jacobian(two)(2, 3);
      return [j.length, ...j[0]];
    },
    right: [1, 3, 2],
  },
  {
    name: "engine program refuses or agrees",
    run: () => grad(two, { engine: "program" })(2, 3),
    right: [3, 2],
    error: /program/,
  },
  { name: "engine tape", run: () => grad(two, { engine: "tape" })(2, 3), right: [3, 2] },
  {
    name: "a traced function is still itself",
    run: () => [
      square(3),
      square.length,
      square.name === "square" ? 1 : 0,
      two.toString().includes("x * y") ? 1 : 0,
    ],
    right: [9, 1, 1, 1],
  },
  {
    name: "trace gives the numbers",
    run: () => {
      const t: any = trace(two)(2, 3);
      return t.reverse() && t.forward([1, 0]) ? 1 : 0;
    },
    right: [1],
  },
  {
    name: "an output that does not depend on the input",
    run: () => [
      grad((_x: number) => 7)(1),
      jacobian((_x: number) => [7, 8])(1),
      D((_x: number) => [1, 2])(3),
    ],
    right: [0, 0, 0, 0, 0],
  },
  {
    name: "derivative in the output's shape",
    run: () => {
      const d: any = D((t: number) => ({ p: [Math.sin(t), t], q: t * t }))(0.5);
      return [d.p[0], d.p[1], d.q];
    },
    right: [Math.cos(0.5), 1, 1],
  },
  {
    name: "checkGrads agrees",
    run: () => {
      any(wengert).checkGrads?.((x: number, y: number) => Math.sin(x) * y)(1, 2);
      return 1;
    },
    right: [1],
  },
  {
    name: "a list of a hundred thousand",
    run: () => {
      const v = Array.from({ length: 1e5 }, (_, i) => i / 1e5);
      const g = grad((xs: number[]) => {
        let s = 0;
        for (const x of xs) s += x * x;
        return s;
      })(v);
      return [g.length, g[50000]];
    },
    right: [1e5, 1],
  },
  {
    name: "deep recursion ends as in the plain call or serves",
    run: () => {
      const deep = (x: number, n: number): number => (n === 0 ? x : deep(x, n - 1) + 1e-3);
      return grad((x: number) => deep(x, 1500))(2);
    },
    right: [1],
  },
  {
    name: "empty list",
    run: () => [(grad((v: number[], x: number) => x * x + v.length)([], 3) as any)[1]],
    right: [6],
  },
  {
    name: "a record without prototype",
    run: () => {
      const o = Object.assign(Object.create(null), { x: 3 });
      return grad((r: { x: number }) => r.x ** 2)(o);
    },
    right: [6],
  },
  {
    name: "symbols and accessors in an argument",
    run: () => {
      const s = Symbol("s");
      const o = { x: 3, [s]: 5 };
      return (grad((r: any) => r.x * r[s]) as any)(o).x;
    },
    right: [5],
    error: /symbol/i,
  },
];

export const hostile: Record<string, readonly Hostile[]> = {
  bits,
  text,
  storage,
  natives,
  outside,
  aliases,
  identity,
  coercions,
  nesting,
  calls,
};
