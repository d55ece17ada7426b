/**
 * The question whether values are of some kinds, as a function of its own that V8 knows the types of.
 */
import { types } from "node:util";
import { fitsText, type Kind } from "./kinds.ts";

/** Whether values are of some kinds. */
export function fitness(kinds: readonly Kind[]): (values: readonly unknown[]) => boolean {
  return compiled(kinds, () => "");
}

/**
 * Whether arguments are of some kinds, as many as those, and such that a program serves them: no proxies, whose traps
 * run as often as the function asks, and no empty lists to differentiate by, of which the tape words the error.
 */
export function readiness(
  kinds: readonly Kind[],
  positions: readonly number[],
): (args: readonly unknown[]) => boolean {
  return compiled(kinds, (kind, k) => {
    if (kind.type === "number" || kind.type === "boolean" || kind.type === "text") return "";
    const filled = positions.includes(k) && kind.type === "list";
    return `if (${filled ? "value.length === 0 || " : ""}isProxy(value)) return false;\n`;
  });
}

function compiled(
  kinds: readonly Kind[],
  further: (kind: Kind, k: number) => string,
): (values: readonly unknown[]) => boolean {
  const constants: unknown[] = [];
  const constant = (value: unknown): string => `constants[${constants.push(value) - 1}]`;
  const lines = kinds
    .map(
      (kind, k) => `{ const value = values[${k}];\n${fitsText(kind, "value", constant)}${further(kind, k)} }`,
    )
    .join("\n");
  const text = `return (values) => {\nif (values.length !== ${kinds.length}) return false;\n${lines}\nreturn true;\n};`;
  return new Function("constants", "isRecordOf", "isProxy", text)(constants, isRecordOf, types.isProxy);
}
/** Whether a value is a record of those keys, without accessors. */
function isRecordOf(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  let k = 0;
  for (const key in value) if (key !== keys[k++]) return false;
  return k === keys.length && (known.has(value) || hasDataOnly(value, keys));
}
/** Records without accessors. Looking for these takes longer than all else, so it is done once for each record. */
const known = new WeakSet<object>();
function hasDataOnly(record: object, keys: readonly string[]): boolean {
  for (const key of keys) {
    const descriptor = Object.getOwnPropertyDescriptor(record, key);
    if (!descriptor || !("value" in descriptor)) return false;
  }
  known.add(record);
  return true;
}
