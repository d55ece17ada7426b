/**
 * Map, Set and their weak kin: keys count by value, and remember what they were made from.
 */
import { Box } from "../handle.ts";
import type { NativeCall, Recorder } from "../recorder.ts";
import { type Collection, CollectionShadow } from "../shadows.ts";
import { installAll, method, moves } from "./kinds.ts";

/** The plain key of a possibly traced one, remembered with the collection. */
function keyOf(r: Recorder, collection: Collection, key: unknown): unknown {
  if (!(key instanceof Box)) return key;
  r.heap.collection(collection).boxes.set(key.v, key);
  return key.v;
}
const isObject = (x: unknown): x is object => typeof x === "object" && x !== null;

/** The key under which a collection knows an object: an argument's copy counts as the argument. */
function known(r: Recorder, collection: Collection, key: unknown): unknown {
  if (key instanceof Box) return key.v;
  if (!isObject(key) || collection.has(key)) return key;
  const original = r.heap.originalOf(key);
  return collection.has(original) ? original : key;
}

export function installCollections(recorder: Recorder): void {
  const { natives, constructors } = recorder;
  natives.set(Map.prototype.set, (r, self, [k, v], f) => {
    const map = self as Map<unknown, unknown>;
    const key = k instanceof Box && !map.has(k.v) ? keyOf(r, map, k) : known(r, map, k);
    const shadow = r.heap.shadowOf(map);
    if (shadow instanceof CollectionShadow) shadow.entries.delete(key as object);
    if (isObject(v) || isObject(key)) r.heap.note(map);
    return Reflect.apply(f, map, [key, r.heap.solid(v)]);
  });
  const getEntry: NativeCall = (r, self, [k], f) => {
    const map = self as Map<unknown, unknown>;
    const key = known(r, map, k);
    const raw = Reflect.apply(f, map, [key]);
    const shadow = r.heap.shadowOf(map);
    return shadow instanceof CollectionShadow ? shadow.entry(key, raw) : raw;
  };
  natives.set(Map.prototype.get, getEntry);
  const byKey: NativeCall = (r, self, [k], f) => Reflect.apply(f, self, [known(r, self as Set<unknown>, k)]);
  installAll(recorder, Map.prototype, "has delete", byKey);
  installAll(recorder, Set.prototype, "has delete", byKey);
  natives.set(Set.prototype.add, (r, self, [v], f) => {
    const set = self as Set<unknown>;
    if (isObject(v) && !(v instanceof Box)) r.heap.note(set);
    return Reflect.apply(f, set, [v instanceof Box && !set.has(v.v) ? keyOf(r, set, v) : known(r, set, v)]);
  });
  for (const type of [Map, Set] as const) {
    installAll(recorder, type.prototype, "clear", moves);
    natives.set(type.prototype.forEach, (r, self, [f, that]) => {
      for (const entry of r.each(self) as Iterable<unknown>) {
        const [k, v] = type === Map ? (entry as [unknown, unknown]) : [entry, entry];
        r.invoke(f, that, [v, k, self]);
      }
    });
    for (const name of ["entries", "keys", "values"] as const) {
      natives.set(method(type.prototype, name), (r, self, args, f) => {
        const entries = r.each(self);
        if (entries === self) return Reflect.apply(f, self, args);
        const pairs = [...(entries as Iterable<unknown>)].map((e) =>
          type === Map ? (e as [unknown, unknown]) : [e, e],
        );
        return pairs.map((p) => (name === "entries" ? p : name === "keys" ? p[0] : p[1])).values();
      });
    }
    constructors.set(type, (r, _self, args, f) => {
      const made = Reflect.construct(f, []) as Map<unknown, unknown> & Set<unknown>;
      if (args[0] === undefined || args[0] === null) return made;
      for (const entry of r.each(args[0]) as Iterable<unknown>) {
        if (type === Map) {
          const [k, v] = r.each(entry) as [unknown, unknown];
          r.invoke(Map.prototype.set, made, [k, v]);
        } else r.invoke(Set.prototype.add, made, [entry]);
      }
      return made;
    });
  }
  natives.set(WeakMap.prototype.get, getEntry);
  installAll(recorder, WeakMap.prototype, "has delete", byKey);
  natives.set(WeakMap.prototype.set, (r, self, [k, v], f) => {
    const map = self as WeakMap<object, unknown>;
    const key = known(r, map, k);
    const shadow = r.heap.shadowOf(map);
    if (shadow instanceof CollectionShadow) shadow.entries.delete(key as object);
    if (isObject(v) && !(v instanceof Box)) r.heap.note(v);
    if (isObject(key) && (isObject(v) || r.heap.originalOf(key) !== key)) r.heap.hideEntry(map, key);
    return Reflect.apply(f, self, [key, v]);
  });
  installAll(recorder, WeakSet.prototype, "has delete", byKey);
  natives.set(WeakSet.prototype.add, (r, self, [k], f) => {
    const set = self as WeakSet<object>;
    const key = known(r, set, k);
    if (isObject(key) && r.heap.originalOf(key) !== key)
      r.heap.atEnd(() => {
        if (set.delete(key)) set.add(r.heap.originalOf(key));
      });
    return Reflect.apply(f, self, [key]);
  });
  constructors.set(WeakMap, (r, _s, args, f) => {
    const map = Reflect.construct(f, []);
    for (const entry of r.each(args[0] ?? []) as Iterable<unknown>)
      r.invoke(WeakMap.prototype.set, map, [...(r.each(entry) as Iterable<unknown>)]);
    return map;
  });
  constructors.set(WeakSet, (r, _s, args, f) =>
    Reflect.construct(
      f,
      args.map((a) => r.each(a)),
    ),
  );
  for (const name of [
    "union",
    "intersection",
    "difference",
    "symmetricDifference",
    "isSubsetOf",
    "isSupersetOf",
    "isDisjointFrom",
  ]) {
    const f = method(Set.prototype, name);
    if (f)
      natives.set(f, (r, self, args, g) =>
        r.construct(Set, [[...(Reflect.apply(g, self, args) as Iterable<unknown>)]]),
      );
  }
}
