/**
 * Typed arrays: methods see their elements as a list of boxes where any is traced, and write back what changed.
 *
 * Float64Array and Float32Array keep derivatives (a store into the latter has slope 1); integer arrays are steps.
 */
import { isBuffer } from "../contents.ts";
import { Box, type Handle } from "../handle.ts";
import { converted } from "../problems.ts";
import type { NativeCall, Recorder } from "../recorder.ts";
import { BufferShadow } from "../shadows.ts";
import { onList } from "./arrays.ts";
import { bare, callback, index, method, noDerivative, tells, test } from "./kinds.ts";

type FloatArray = Float64Array | Float32Array;
const TypedArray = Object.getPrototypeOf(Float64Array);
const isFloat = (x: unknown): x is FloatArray => x instanceof Float64Array || x instanceof Float32Array;

/** Fills a new typed array with boxed or plain elements. */
function filled(
  r: Recorder,
  type: new (length: number) => FloatArray,
  elements: ArrayLike<unknown>,
): FloatArray {
  const result = new type(elements.length);
  store(r, result, elements, 0);
  return result;
}
function store(r: Recorder, target: FloatArray, elements: ArrayLike<unknown>, offset: number): void {
  for (let k = 0; k < elements.length; k++) {
    const e = elements[k];
    if (typeof e === "string") r.spelled();
    if (typeof e === "object" && !(e instanceof Box) && r.heap.traced(e)) throw converted();
    if (e instanceof Box) r.heap.set(target, k + offset, e.v, r.handleOf(e));
    else if (r.heap.shadowOf(target)) r.heap.set(target, k + offset, e, 0);
    else target[k + offset] = e as number;
  }
}

export function installTypedArrays(recorder: Recorder): void {
  const { natives, constructors } = recorder;
  const reading =
    "at entries every find findIndex findLast findLastIndex forEach includes indexOf keys lastIndexOf reduce reduceRight some values";
  const making = [...isMaking].join(" ");
  const changing = "copyWithin fill reverse sort";
  for (const name of `${reading} ${making} ${changing}`.split(" ")) {
    const f = method(TypedArray.prototype, name);
    if (!f) continue;
    natives.set(f, (r, self, args, g) => {
      checkView(r, self);
      if (!isFloat(self)) return plainly(r, name, self, args, g);
      if (name === "values" || name === "entries") return inTurn(r, self, name);
      // a callback may write traced values to elements that are read after it
      const walks = typeof args[0] === "function" && !changing.includes(name) && name !== "toSorted";
      if (walks) return walked(r, name, self, args);
      if (!r.heap.traced(self) && !args.some((a) => a instanceof Box)) return plainly(r, name, self, args, g);
      const list = elements(r, self);
      if (changing.includes(name)) {
        if (r.heap.shadowOf(self)) r.set(self, 0, self[0], firstHandle(r, list));
        const ordered =
          name === "sort" && args[0] === undefined ? list.sort(ascending) : onList(r, name, list, args, self);
        store(r, self, ordered as unknown[], 0);
        return self;
      }
      if (name === "toSorted" && args[0] === undefined) {
        list.sort(ascending);
        return filled(r, self.constructor as never, list);
      }
      const result = onList(r, name, list, args, self);
      return isMaking.has(name) ? filled(r, self.constructor as never, result as unknown[]) : result;
    });
  }
  const plain: NativeCall = (_r, self, args, f) =>
    // another window on the same numbers
    Reflect.apply(
      f,
      self,
      args.map((a) => index(a, _r)),
    );
  natives.set(method(TypedArray.prototype, "subarray"), plain);
  for (const name of ["join", "toString", "toLocaleString"])
    natives.set(method(TypedArray.prototype, name), (r, self, args, f) => {
      checkView(r, self);
      if (r.heap.traced(self)) r.told();
      return tells(r, self, args, f);
    });
  natives.set(method(TypedArray.prototype, "set"), (r, self, [source, offset], f) => {
    checkView(r, self);
    checkView(r, source);
    if (isFloat(self)) {
      const items = [...(r.each(source) as Iterable<unknown>)];
      const at = Math.trunc(Number(index(offset ?? 0, r))) || 0;
      if (at < 0 || at + items.length > (self as Float64Array).length)
        throw new RangeError("offset is out of bounds");
      store(r, self, items, at);
    } else Reflect.apply(f, self, [r.heap.bare(source, false), index(offset ?? 0, r)]);
  });
  for (const type of [Float64Array, Float32Array] as const) {
    natives.set(type.from, from);
    constructors.set(type, (r, _self, args, f) => {
      const [source] = args;
      if (args.length <= 1 && typeof source === "object" && source !== null && !isBuffer(source)) {
        if (source instanceof Box) return r.tracedKey();
        const iterable =
          Symbol.iterator in source
            ? [...(r.each(source) as Iterable<unknown>)]
            : Array.from(source as ArrayLike<unknown>);
        return filled(r, f as never, iterable);
      }
      return Reflect.construct(
        f,
        args.map((a) => index(a, r)),
      );
    });
  }
  natives.set(TypedArray.of, (r, self, args) => filled(r, self as never, args));
  for (const type of [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
  ])
    constructors.set(type, (r, _s, args, f) => {
      const [source] = args;
      if (isBuffer(source)) refuseBytes(r, source);
      checkView(r, source);
      return Reflect.construct(
        f,
        args.map((a) =>
          a instanceof Box ? r.tracedKey() : ArrayBuffer.isView(a) ? a : r.heap.bare(a, false),
        ),
      );
    });
  for (const name of Object.getOwnPropertyNames(DataView.prototype)) {
    const f = method(DataView.prototype, name);
    if (typeof f !== "function" || name === "constructor") continue;
    natives.set(f, (r, self, args, g) => {
      if (args.some((a) => a instanceof Box)) throw noDerivative("a DataView");
      refuseBytes(r, (self as DataView).buffer);
      return Reflect.apply(g, self, args);
    });
  }
  natives.set(ArrayBuffer.prototype.slice, (r, self, args, f) => {
    refuseBytes(r, self as ArrayBuffer);
    return Reflect.apply(
      f,
      self,
      args.map((a) => index(a, r)),
    );
  });
  constructors.set(DataView, (r, _s, args, f) =>
    Reflect.construct(
      f,
      args.map((a) => index(a, r)),
    ),
  );
  constructors.set(ArrayBuffer, (r, _s, args, f) =>
    Reflect.construct(
      f,
      args.map((a) => index(a, r)),
    ),
  );

  function from(r: Recorder, self: unknown, [source, f, that]: unknown[], _g: Function): unknown {
    const list = Array.from(
      r.each(source) as Iterable<unknown>,
      f === undefined ? (x) => x : (x, k) => r.invoke(f, that, [x, k]),
    );
    return filled(r, self as never, list);
  }
}

/** The order of typed arrays: -0 before 0, NaN last. */
function ascending(a: unknown, b: unknown): number {
  const [x, y] = [bare(a), bare(b)] as number[];
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return x !== 0 ? 0 : Number(Object.is(y, -0)) - Number(Object.is(x, -0));
  return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
}

const isMaking = new Set("filter map slice toReversed toSorted with".split(" "));

/** A method with a callback: each element is read when its turn comes, as the callback may write to it before. */
function walked(r: Recorder, name: string, self: FloatArray, args: unknown[]): unknown {
  const last = self.length - 1;
  const read = (k: number) => {
    if (k >= 0 && k <= last) list[k] = r.heap.element(self, k);
  };
  const list: unknown[] = new Array(self.length).fill(0);
  const backwards = name === "reduceRight" || name.startsWith("findLast");
  // reduce without a first value reads two elements before it calls
  for (const k of backwards ? [last, last - 1] : [0, 1]) read(k);
  const result = onList(r, name, list, args, self, (k) => read(backwards ? k - 1 : k + 1));
  return isMaking.has(name) ? filled(r, self.constructor as never, result as unknown[]) : result;
}
/** The iterators of a view, which read an element when its turn comes. */
function* inTurn(r: Recorder, self: FloatArray, name: "values" | "entries"): Generator<unknown> {
  for (let k = 0; k < self.length; k++) {
    const element = r.heap.element(self, k);
    yield name === "values" ? element : [k, element];
  }
}

function elements(r: Recorder, view: FloatArray): unknown[] {
  return Array.from({ length: view.length }, (_, k) => r.heap.element(view, k));
}
function firstHandle(r: Recorder, list: unknown[]): Handle {
  return list[0] instanceof Box ? r.handleOf(list[0]) : 0;
}
/** A typed array without anything traced; its callback may still bring something. */
function plainly(r: Recorder, name: string, self: unknown, args: unknown[], f: Function): unknown {
  if (args.some((a) => typeof a === "string")) r.spelled();
  if (/^(?:filter|some|every|find|sort|toSorted)/.test(name))
    return Reflect.apply(
      f,
      self,
      args.map((a) => test(r, a)),
    );
  if (name === "map")
    return Reflect.apply(
      f,
      self,
      args.map((a) => test(r, a)),
    );
  if (name === "fill")
    return Reflect.apply(
      f,
      self,
      args.map((a, k) => (k === 0 ? bare(a) : index(a, r))),
    );
  return Reflect.apply(
    f,
    self,
    args.map((a) => (typeof a === "function" ? callback(r, a) : bare(a))),
  );
}
/** A view of another type on a buffer with traced values is no list of numbers. */
function checkView(r: Recorder, view: unknown): void {
  const shadow = ArrayBuffer.isView(view) ? r.heap.shadowOf(view) : undefined;
  if (shadow instanceof BufferShadow) shadow.check(view as ArrayBufferView);
}
/** Bytes of doubles with derivatives are no numbers to compute with. */
export function refuseBytes(r: Recorder, buffer: ArrayBufferLike): void {
  if (r.heap.shadowOf(new Float64Array(buffer as ArrayBuffer, 0, 0)) !== undefined)
    throw noDerivative("the bytes of a buffer", "use Float64Array throughout");
}
