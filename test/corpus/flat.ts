/** Arguments and outputs as flat lists of numbers, in key order. */

type Leaf = (x: number) => unknown;

/** The numbers in a value, in key order; other leaves are passed over. */
export function flatten(value: unknown, into: number[] = []): number[] {
  if (typeof value === "number") into.push(value);
  else if (typeof value === "object" && value !== null) {
    const items = Array.isArray(value) || value instanceof Float64Array ? value : Object.values(value);
    for (const item of items) flatten(item, into);
  }
  return into;
}

/** The same value with each number replaced, in key order. */
export function replace(value: unknown, leaf: Leaf): unknown {
  if (typeof value === "number") return leaf(value);
  if (value instanceof Float64Array) return Float64Array.from(value, leaf as (x: number) => number);
  if (Array.isArray(value)) return Array.from(value, (item) => replace(item, leaf));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, leaf)]));
  return value;
}

/** A copy that shares no list or record with the original. */
export function copy<T>(value: T): T {
  return replace(value, (x) => x) as T;
}
