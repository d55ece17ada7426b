/**
 * What lies inside a value: whether anything in it is traced, and copies of it without.
 */
import { Box, type Shadow } from "./handle.ts";
import { BufferShadow, LeftOver, Lifted } from "./shadows.ts";

export function isBuffer(x: unknown): x is ArrayBufferLike {
  return (
    x instanceof ArrayBuffer || (typeof SharedArrayBuffer !== "undefined" && x instanceof SharedArrayBuffer)
  );
}

type ShadowOf = (container: object) => Shadow | undefined;

export function containsTraced(value: unknown, shadowOf: ShadowOf, seen = new Set<object>()): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Box) return true;
  if (seen.has(value)) return false;
  seen.add(value);
  const shadow = shadowOf(value);
  if (shadow instanceof BufferShadow) return true;
  if (shadow instanceof Lifted && (shadow.plain || shadow.buffer)) return true;
  if (shadow instanceof LeftOver && !shadow.empty) return true;
  if (ArrayBuffer.isView(value)) return false;
  if (isBuffer(value)) return shadowOf(new Uint8Array(value, 0, 0)) instanceof BufferShadow;
  const inside = (v: unknown): boolean => containsTraced(v, shadowOf, seen);
  if (Array.isArray(value)) return value.some(inside);
  if (value instanceof Map) return [...value.values()].some(inside) || [...value.keys()].some(inside);
  if (value instanceof Set) return [...value].some(inside);
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor && "value" in descriptor && inside(descriptor.value)) return true;
  }
  return false;
}

/** The same structure with numbers in the place of boxes. */
export function bareCopy(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (value instanceof Box) return value.v;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy = (v: unknown): unknown => bareCopy(v, copies);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copy(item));
    return list;
  }
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [copy(k), copy(v)]));
  if (value instanceof Set) return new Set([...value].map(copy));
  const object = Object.create(Object.getPrototypeOf(value));
  copies.set(value, object);
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    if ("value" in descriptor) descriptor.value = copy(descriptor.value);
    Object.defineProperty(object, key, descriptor);
  }
  return object;
}
