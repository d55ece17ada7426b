/**
 * Objects and functions: Object, Reflect, Function.prototype, iterators, generators, regular expressions.
 */
import { recordingOf } from "../../source/registry.ts";
import { isBuffer } from "../contents.ts";
import { Box } from "../handle.ts";
import type { NativeCall, Recorder } from "../recorder.ts";
import {
  asks,
  bare,
  callback,
  index,
  installAll,
  method,
  moves,
  noDerivative,
  reads,
  refuses,
  spells,
  tells,
} from "./kinds.ts";
import { refuseBytes } from "./typed-arrays.ts";

/** Writes into its first argument. */
const writes: NativeCall = (recorder, self, args, f) => {
  if (typeof args[0] === "object" && args[0] !== null) recorder.heap.touch(args[0]);
  return moves(recorder, self, args, f);
};

/** Asks about its first argument as an object: a traced number is the number it is. */
const asksObject: NativeCall = (recorder, self, args, f) =>
  moves(recorder, self, [bare(args[0]), ...args.slice(1)].slice(0, args.length), f);
const readsObject: NativeCall = (recorder, self, args, f) =>
  reads(recorder, self, [bare(args[0]), ...args.slice(1)].slice(0, args.length), f);

export function installObjects(recorder: Recorder): void {
  const { natives, constructors } = recorder;
  installAll(
    recorder,
    Object,
    "keys freeze seal preventExtensions isFrozen isSealed isExtensible getOwnPropertyNames " +
      "getOwnPropertySymbols create getPrototypeOf setPrototypeOf hasOwn",
    asksObject,
  );
  installAll(
    recorder,
    Object,
    "values entries getOwnPropertyDescriptor getOwnPropertyDescriptors",
    readsObject,
  );
  natives.set(Object, refuses("Object(x)"));
  natives.set(Object.assign, (r, self, [target, ...sources], f) =>
    writes(r, self, [bare(target), ...sources.map((a) => r.heap.solid(bare(a)))], f),
  );
  natives.set(Object.defineProperty, writes);
  natives.set(Object.defineProperties, writes);
  natives.set(Object.is, asks);
  natives.set(Object.fromEntries, (r, self, args, f) => Reflect.apply(f, self, [r.each(args[0])]));
  if (method(Object, "groupBy"))
    natives.set(method(Object, "groupBy"), (r, self, args, f) =>
      Reflect.apply(f, self, [r.each(args[0]), (...a: unknown[]) => bare(r.invoke(args[1], undefined, a))]),
    );
  installAll(recorder, Object.prototype, "hasOwnProperty propertyIsEnumerable isPrototypeOf valueOf", moves);
  installAll(recorder, Object.prototype, "toString toLocaleString", tells);

  installAll(
    recorder,
    Reflect,
    "has ownKeys getPrototypeOf setPrototypeOf isExtensible preventExtensions getOwnPropertyDescriptor",
    moves,
  );
  natives.set(Reflect.get, (r, _self, args, f) =>
    args.length > 2 || typeof args[0] !== "object"
      ? Reflect.apply(f, Reflect, args)
      : r.heap.element(args[0] as object, index(args[1], r) as PropertyKey),
  );
  natives.set(Reflect.set, (r, _self, args, f) => {
    if (args.length > 3) return Reflect.apply(f, Reflect, args);
    const v = r.open(args[2]);
    const [target, key] = [args[0] as object, index(args[1], r) as PropertyKey];
    if (!accepts(target, key)) return false;
    r.set(target, key, v, r.h);
    return true;
  });
  natives.set(Reflect.defineProperty, writes);
  natives.set(Reflect.deleteProperty, writes);
  natives.set(Reflect.apply, (r, _self, [f, self, list]) =>
    r.invoke(f, self, [...(r.each(list) as unknown[])]),
  );
  natives.set(Reflect.construct, (r, _self, [type, list, target], f) =>
    target === undefined
      ? r.construct(type, [...(r.each(list) as unknown[])])
      : Reflect.apply(f, Reflect, [recordingOf(type) ?? type, list, target]),
  );

  natives.set(Function.prototype.call, (r, self, [that, ...args]) => r.invoke(self, that, args));
  natives.set(Function.prototype.apply, (r, self, [that, list]) =>
    r.invoke(
      self,
      that,
      list === undefined || list === null
        ? []
        : [...(r.each(Array.from(r.each(list) as ArrayLike<unknown>)) as unknown[])],
    ),
  );
  natives.set(Function.prototype.bind, (r, self, [that, ...first]) => {
    const f = self as Function;
    const bound = function (this: unknown, ...rest: unknown[]): unknown {
      return new.target ? r.construct(f, [...first, ...rest]) : r.invoke(f, that, [...first, ...rest]);
    };
    Object.defineProperty(bound, "name", { value: `bound ${f.name}` });
    Object.defineProperty(bound, "length", { value: Math.max(0, f.length - first.length) });
    return r.own(bound);
  });
  installAll(recorder, Function.prototype, "toString", moves);

  // generators and iterators hand boxes through
  const generator = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()));
  installAll(recorder, generator, "next return throw", moves);
  const iteratorMethod: NativeCall = (_r, self, args, f) => Reflect.apply(f, self, args);
  for (const iterator of [
    [].values(),
    new Map().values(),
    new Set().values(),
    ""[Symbol.iterator](),
    "".matchAll(/x/g),
  ]) {
    const prototype = Object.getPrototypeOf(iterator);
    installAll(recorder, prototype, "next", iteratorMethod);
  }
  natives.set(method(Object.getPrototypeOf(generator), Symbol.iterator), iteratorMethod);

  installAll(recorder, RegExp.prototype, "test exec toString", asks);
  installAll(recorder, Promise.prototype, "then catch finally", (r, self, args, f) =>
    Reflect.apply(
      f,
      self,
      args.map((a) => callback(r, a)),
    ),
  );
  installAll(recorder, Promise, "resolve all allSettled any race reject", refuses("a promise"));
  for (const name of ["now", "UTC"]) natives.set(method(Date, name), asks);
  natives.set(Date.parse, spells("Date.parse"));
  natives.set(performance.now, asks);
  installAll(recorder, Symbol, "for keyFor", asks);
  natives.set(structuredClone, (r, _self, args, f) => {
    if (!r.heap.traced(args[0])) return Reflect.apply(f, undefined, args);
    const { transfer } = (args[1] ?? {}) as { transfer?: unknown[] };
    if (transfer?.length) throw noDerivative("structuredClone with a transfer", "copy it instead");
    return deepCopy(r, args[0], new Map());
  });

  constructors.set(Object, (_r, _s, args, f) => {
    if (args[0] instanceof Box) throw noDerivative("new Object(x)");
    return Reflect.construct(f, args);
  });
  constructors.set(WeakRef, (_r, _s, args, f) => Reflect.construct(f, args.map(bare)));
  constructors.set(Proxy, (r, _s, [target, handler], f) =>
    r.proxied(Reflect.construct(f, [r.heap.solid(target), r.handler(handler)])),
  );
  natives.set(Proxy.revocable, (r, self, [target, handler], f) => {
    const made = Reflect.apply(f, self, [r.heap.solid(target), r.handler(handler)]);
    r.proxied(made.proxy);
    return made;
  });
  for (const type of [Promise, RegExp, FinalizationRegistry])
    constructors.set(type, (r, _s, args, f) =>
      Reflect.construct(
        f,
        args.map((a) => r.heap.solid(a)),
      ),
    );
}

/** Whether a member may be written to. */
function accepts(target: object, key: PropertyKey): boolean {
  for (let holder: object | null = target; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (!descriptor) continue;
    const writable = "value" in descriptor ? descriptor.writable : descriptor.set !== undefined;
    return writable === true && (holder === target || Boolean(descriptor.set) || Object.isExtensible(target));
  }
  return Object.isExtensible(target);
}

/** structuredClone with boxes kept: a copy has the derivatives of what it copies. */
function deepCopy(r: Recorder, value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null || value instanceof Box) return value;
  const known = copies.get(value);
  if (known) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (let k = 0; k < value.length; k++) list.push(deepCopy(r, r.heap.element(value, k), copies));
    return list;
  }
  if (isBuffer(value)) refuseBytes(r, value);
  if (value instanceof Float64Array || value instanceof Float32Array) {
    const copy = value.slice();
    for (let k = 0; k < copy.length; k++) {
      const v = r.got(value, k, value[k]);
      if (r.h !== 0) r.heap.set(copy, k, v, r.h);
    }
    return copy;
  }
  if (value instanceof Map)
    return new Map(
      [...(r.each(value) as Iterable<[unknown, unknown]>)].map(([k, v]) => [
        deepCopy(r, k, copies),
        deepCopy(r, v, copies),
      ]),
    );
  if (value instanceof Set)
    return new Set([...(r.each(value) as Iterable<unknown>)].map((v) => deepCopy(r, v, copies)));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (r.heap.traced(value)) throw noDerivative("structuredClone of an object of a class");
    return structuredClone(value);
  }
  const copy: Record<string, unknown> = {};
  copies.set(value, copy);
  for (const key of Object.keys(value)) copy[key] = deepCopy(r, r.heap.element(value, key), copies);
  return copy;
}
