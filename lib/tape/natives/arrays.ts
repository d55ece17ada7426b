/**
 * Arrays: methods that move elements pass boxes on; those that look at them see the plain values.
 */
import { Box } from "../handle.ts";
import type { NativeCall, Recorder } from "../recorder.ts";
import { bare, callback, index, installAll, method, moves, tells, test } from "./kinds.ts";

/** Indices and counts among the arguments of a method; -1 says that all arguments are values. */
const indexArguments: Record<string, number> = {
  at: 1,
  slice: 2,
  splice: 2,
  with: 1,
  toSpliced: 2,
  copyWithin: 3,
  flat: 1,
};

/** Calls an array method on its own elements, boxed; typed arrays come here as lists. */
export function onList(
  recorder: Recorder,
  name: string,
  list: unknown[],
  args: unknown[],
  self: unknown = list,
  after?: (k: number) => void,
): unknown {
  const f = (Array.prototype as unknown as Record<string, Function>)[name];
  // an argument's copy counts as the argument
  const plain = (x: unknown): unknown =>
    typeof x === "object" && x !== null && !(x instanceof Box) ? recorder.heap.originalOf(x) : bare(x);
  switch (name) {
    case "map":
    case "flatMap":
    case "forEach":
      return Reflect.apply(f, list, [swapSelf(callback(recorder, args[0]), list, self, after), args[1]]);
    case "reduce":
    case "reduceRight":
      return Reflect.apply(f, list, [
        swapSelf(callback(recorder, args[0]), list, self, after),
        ...args.slice(1),
      ]);
    case "filter":
    case "some":
    case "every":
    case "find":
    case "findIndex":
    case "findLast":
    case "findLastIndex":
      return Reflect.apply(f, list, [swapSelf(test(recorder, args[0]), list, self, after), args[1]]);
    case "sort":
    case "toSorted": {
      const compare = args[0] === undefined ? byText(recorder) : test(recorder, args[0]);
      return Reflect.apply(f, list, [compare]);
    }
    case "indexOf":
    case "lastIndexOf":
    case "includes":
      return Reflect.apply(f, list.map(plain), args.map(plain));
  }
  const indices = indexArguments[name] ?? 0;
  const given = args.map((a, k) =>
    k < indices ? index(a, recorder) : name === "concat" ? recorder.heap.settled(a) : a,
  );
  if (name === "fill") for (const k of [1, 2]) if (k in given) given[k] = index(given[k], recorder);
  return Reflect.apply(f, list, given);
}

/** Without a comparator, elements are ordered by their text. */
function byText(recorder: Recorder) {
  return (a: unknown, b: unknown): number => {
    const [x, y] = [a, b].map((v) => String(recorder.heap.bare(v, false)));
    return x < y ? -1 : x > y ? 1 : 0;
  };
}
/** The callback sees the array that the method was called on; `after` it, something is told its index. */
function swapSelf(f: unknown, list: unknown[], self: unknown, after?: (k: number) => void): unknown {
  if (list === self || typeof f !== "function") return f;
  return function (this: unknown, ...args: unknown[]) {
    const result = Reflect.apply(
      f,
      this,
      args.map((a) => (a === list ? self : a)),
    );
    after?.(args.at(-2) as number);
    return result;
  };
}

const mutators = new Set("push pop shift unshift splice reverse sort fill copyWithin".split(" "));

export function installArrays(recorder: Recorder): void {
  const { natives, constructors } = recorder;
  const names =
    "at concat slice push pop shift unshift splice reverse fill copyWithin flat entries values keys with toReversed " +
    "toSpliced map flatMap forEach reduce reduceRight filter some every find findIndex findLast findLastIndex sort " +
    "toSorted indexOf lastIndexOf includes";
  for (const name of names.split(" ")) {
    const f = method(Array.prototype, name);
    if (!f) continue;
    const call: NativeCall = (r, self, args, g) => {
      if (!Array.isArray(self))
        return Reflect.apply(
          g,
          r.heap.solid(self),
          args.map((a) => callback(r, a)),
        );
      if (mutators.has(name)) r.heap.touch(self);
      // an iterator may outlive the evaluation
      else if (name === "values" || name === "entries") r.heap.touch(self);
      const quick = walkLifted(r, name, self, args);
      if (quick) return quick.result;
      if (name === "flat")
        return onList(r, name, r.heap.deep(self, 1 + Number(bare(args[0] ?? 1))) as unknown[], args);
      return onList(r, name, r.heap.solid(self), args);
    };
    natives.set(f, call);
  }
  installAll(recorder, Array.prototype, "join toString toLocaleString", tells);
  natives.set(Array.isArray, (_r, _s, [a]) => Array.isArray(a));
  natives.set(Array.of, moves);
  natives.set(Array.from, (r, self, [source, f, that], g) => {
    if (
      typeof source === "object" &&
      source !== null &&
      (source as { length?: unknown }).length instanceof Box
    )
      return r.tracedKey("the length of an array");
    return Reflect.apply(g, self, [r.each(source), ...(f === undefined ? [] : [callback(r, f), that])]);
  });
  const make: NativeCall = (r, _self, args, f) => {
    if (args.length === 1 && args[0] instanceof Box) r.tracedKey("the length of an array");
    return Reflect.construct(f, args);
  };
  natives.set(Array, make);
  constructors.set(Array, make);
}

/** The commonest loops over an argument whose elements were not touched: without making a box of every element first. */
function walkLifted(r: Recorder, name: string, self: unknown[], args: unknown[]): { result: unknown } | null {
  if (r.heap.shadowOf(self) === undefined || typeof args[0] !== "function") return null;
  const [f, second] = args;
  const element = (k: number): unknown => r.heap.element(self, k);
  switch (name) {
    case "map": {
      const result: unknown[] = new Array(self.length);
      for (let k = 0; k < self.length; k++)
        if (k in self) result[k] = r.invoke(f, second, [element(k), k, self]);
      return { result };
    }
    case "forEach":
      for (let k = 0; k < self.length; k++) if (k in self) r.invoke(f, second, [element(k), k, self]);
      return { result: undefined };
    case "reduce": {
      if (args.length < 2) return null;
      let sum = second;
      for (let k = 0; k < self.length; k++)
        if (k in self) sum = r.invoke(f, undefined, [sum, element(k), k, self]);
      return { result: sum };
    }
  }
  return null;
}
