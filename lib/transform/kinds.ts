/**
 * Kinds: what a derivative program knows of its arguments before it is made.
 *
 * What: `kindOf` finds the kind of a value; whether another value is of the same kind is asked by fitness.ts.
 * Why: a program is specialised to kinds, so that it holds no question about types. Lists whose elements are of one
 * kind are memory, reached by pointers; tuples and records at the top are taken apart into their members.
 */
import { types } from "node:util";

export type Kind =
  | { readonly type: "number" }
  | { readonly type: "boolean" }
  /** A string in a list, which may be asked what it is. */
  | { readonly type: "text" }
  /** A string, null, undefined or another value that the program is made for. */
  | { readonly type: "constant"; readonly value: unknown }
  /** An array of integers: passive, and only read. */
  | { readonly type: "integers"; readonly of: string }
  /** Short ones with their length, which the program may be made for. */
  | { readonly type: "list"; readonly of: Kind; readonly floats: boolean; readonly length?: number }
  | { readonly type: "tuple"; readonly items: readonly Kind[] }
  | { readonly type: "record"; readonly keys: readonly string[]; readonly items: readonly Kind[] };

export const numberKind: Kind = { type: "number" };
export const booleanKind: Kind = { type: "boolean" };
export const numbersKind: Kind = { type: "list", of: numberKind, floats: false };
export const floatsKind: Kind = { type: "list", of: numberKind, floats: true };

/** Records and tuples of more members than this are left to the tape. */
const mostMembers = 64;
/** Lists of at most so many numbers are known with their lengths: points, states, rotations. */
export const short = { numbers: 6 };
const shortKinds = new Map<string, Kind>();
/** One object for each length: whoever compares kinds of many lists is done soon. */
function numbersOf(length: number, floats: boolean): Kind {
  if (length === 0 || length > short.numbers) return floats ? floatsKind : numbersKind;
  const key = `${floats} ${length}`;
  let kind = shortKinds.get(key);
  if (!kind) {
    kind = { type: "list", of: numberKind, floats, length };
    shortKinds.set(key, kind);
  }
  return kind;
}

/** Arrays whose elements are whole numbers, and no bigints. */
const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];

/** The kind of a value, or what about it has no kind. */
export function kindOf(value: unknown, around: readonly object[] = []): Kind | string {
  if (typeof value === "number") return numberKind;
  if (typeof value === "boolean") return booleanKind;
  if (typeof value === "string" && around.some(Array.isArray)) return { type: "text" };
  if (typeof value !== "object" || value === null) return { type: "constant", value };
  if (types.isProxy(value)) return "a proxy";
  if (around.includes(value)) return "a structure that contains itself";
  if (value instanceof Float64Array)
    return Object.getPrototypeOf(value) === Float64Array.prototype
      ? numbersOf(value.length, true)
      : "a subclass of Float64Array";
  if (ArrayBuffer.isView(value) && around.every((outer) => !Array.isArray(outer))) {
    const of = integers.find((type) => Object.getPrototypeOf(value) === type.prototype)?.name;
    if (of !== undefined) return { type: "integers", of };
  }
  const inside = [...around, value];
  if (Array.isArray(value)) {
    if (Object.getPrototypeOf(value) !== Array.prototype) return "a subclass of Array";
    const { length } = value;
    if (length === 0) return numbersKind;
    if (typeof value[0] === "number") {
      let k = 1;
      while (k < length && typeof value[k] === "number") k++;
      if (k === length) return numbersOf(length, false);
    }
    let first = kindOf(value[0], inside);
    if (typeof first === "string") return first;
    if (first.type === "constant") return tupleOf(value, inside);
    for (let k = 1; k < length; k++) {
      const kind = kindOf(value[k], inside);
      if (typeof kind === "string") return kind;
      if (kind === first) continue;
      if (!sameKind(kind, first)) return tupleOf(value, inside);
      first = common(first, kind);
    }
    return { type: "list", of: first, floats: false };
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return "a record without a prototype";
  if (prototype !== Object.prototype) {
    // records of other realms have a prototype without one of its own
    if (Object.getPrototypeOf(prototype) !== null || !Object.hasOwn(prototype, "hasOwnProperty"))
      return `an object of the class ${value.constructor?.name || "unknown"}`;
  }
  const keys = Object.keys(value);
  if (Object.getOwnPropertyNames(value).length > keys.length)
    return "a record with members that are not enumerable";
  if (keys.length > mostMembers) return `a record of more than ${mostMembers} members`;
  const items: Kind[] = [];
  for (const key of keys) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    if (descriptor.get || descriptor.set) return "a record with accessors";
    const kind = kindOf(descriptor.value, inside);
    if (typeof kind === "string") return kind;
    items.push(kind);
  }
  return { type: "record", keys, items };
}

function tupleOf(list: readonly unknown[], around: readonly object[]): Kind | string {
  if (list.length > mostMembers) return `a list of more than ${mostMembers} elements of different kinds`;
  const items: Kind[] = [];
  for (let k = 0; k < list.length; k++) {
    if (!(k in list)) return "a list with holes";
    const kind = kindOf(list[k], around);
    if (typeof kind === "string") return kind;
    items.push(kind);
  }
  return { type: "tuple", items };
}

/** The same without lengths. */
export function loose(kind: Kind): Kind {
  if (kind.type === "list") {
    const of = loose(kind.of);
    if (of === kind.of && kind.length === undefined) return kind;
    // what else goes with the kind of a list stays
    const { length: _, ...rest } = kind;
    return { ...rest, of };
  }
  if (!("items" in kind)) return kind;
  const items = kind.items.map(loose);
  return items.every((item, k) => item === kind.items[k]) ? kind : { ...kind, items };
}
/** Two kinds that are the same but for lengths, as one. */
export function common(a: Kind, b: Kind): Kind {
  return a === b || hasLengthsOf(a, b) ? b : hasLengthsOf(b, a) ? a : loose(a);
}
/** Whether a value of kind `a` has all the lengths that kind `b` says. */
export function hasLengthsOf(a: Kind, b: Kind): boolean {
  if (a === b) return true;
  if (a.type === "list" && b.type === "list")
    return (b.length === undefined || a.length === b.length) && hasLengthsOf(a.of, b.of);
  if ("items" in a && "items" in b) return a.items.every((item, k) => hasLengthsOf(item, b.items[k]));
  return true;
}

/** Whether two kinds are the same but for lengths. */
export function sameKind(a: Kind, b: Kind): boolean {
  if (a === b) return true;
  switch (a.type) {
    case "constant":
      return b.type === "constant" && Object.is(a.value, b.value);
    case "integers":
      return b.type === "integers" && a.of === b.of;
    case "list":
      return b.type === "list" && a.floats === b.floats && sameKind(a.of, b.of);
    case "tuple":
      return b.type === "tuple" && a.items.length === b.items.length && everyItem(a.items, b.items);
    case "record":
      return (
        b.type === "record" &&
        a.keys.length === b.keys.length &&
        a.keys.every((key, k) => key === b.keys[k]) &&
        everyItem(a.items, b.items)
      );
  }
  return a.type === b.type;
}
function everyItem(a: readonly Kind[], b: readonly Kind[]): boolean {
  return a.every((kind, k) => sameKind(kind, b[k]));
}

/** Whether anything in it can be differentiated by. */
export function hasNumbers(kind: Kind): boolean {
  if (kind.type === "number") return true;
  if (kind.type === "list") return hasNumbers(kind.of);
  return "items" in kind && kind.items.some(hasNumbers);
}

/** JavaScript text: zeros in the shape of a value of the kind; null for what is no number. */
export function zerosText(kind: Kind, value: string): string {
  switch (kind.type) {
    case "number":
      return "0";
    case "list":
      if (kind.floats) return `new Float64Array(${value}.length)`;
      if (kind.of.type === "number") return `rows.zeros(${value}.length)`;
      return `rows.each(${value}, (item) => ${bracketed(zerosText(kind.of, "item"))})`;
    case "tuple":
      return `[${kind.items.map((item, k) => zerosText(item, `${value}[${k}]`)).join(", ")}]`;
    case "record":
      return `{ ${kind.keys.map((key, k) => `${keyText(key)}: ${zerosText(kind.items[k], memberText(value, key))}`).join(", ")} }`;
  }
  return "null";
}
function bracketed(text: string): string {
  return text.startsWith("{") ? `(${text})` : text;
}
/** JavaScript text: a sum of all numbers of a value of the kind, which is NaN where one of them is (or two infinities meet). */
export function sumText(kind: Kind, value: string, depth = 0): string {
  switch (kind.type) {
    case "number":
      return `sum += ${value};\n`;
    case "list": {
      const [k, list] = [`k${depth}`, `list${depth}`];
      if (kind.of.type === "number")
        // eight at once: each addition would wait for the one before
        return (
          `{ const ${list} = ${value};\nconst last = ${list}.length - 7;\nlet ${k} = 0;\n` +
          `for (; ${k} < last; ${k} += 8) sum += ${eightAt(list, k)};\n` +
          `for (; ${k} < ${list}.length; ${k}++) sum += ${list}[${k}];\n}\n`
        );
      const item = `item${depth}`;
      return (
        `{ const ${list} = ${value};\nfor (let ${k} = 0; ${k} < ${list}.length; ${k}++) ` +
        `{ const ${item} = ${list}[${k}]; ${sumText(kind.of, item, depth + 1)} }\n}\n`
      );
    }
    case "tuple":
      return kind.items.map((item, k) => sumText(item, `${value}[${k}]`, depth)).join("");
    case "record":
      return kind.keys.map((key, k) => sumText(kind.items[k], memberText(value, key), depth)).join("");
  }
  return "";
}

/** A tree of sums. */
function eightAt(list: string, k: string): string {
  const pairs = [0, 1, 2, 3].map((j) => `(${list}[${k} + ${j}] + ${list}[${k} + ${j + 4}])`);
  return `((${pairs[0]} + ${pairs[1]}) + (${pairs[2]} + ${pairs[3]}))`;
}

export function keyText(key: string): string {
  return isName(key) ? key : JSON.stringify(key);
}
export function memberText(object: string, key: string): string {
  return isName(key) ? `${object}.${key}` : `${object}[${JSON.stringify(key)}]`;
}
function isName(key: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key);
}

/** A kind in words, for explanations: `number[]`, `{ x: number }`. */
export function describeKind(kind: Kind): string {
  switch (kind.type) {
    case "constant":
      return typeof kind.value === "string"
        ? JSON.stringify(kind.value)
        : typeof kind.value === "function"
          ? "function"
          : String(kind.value);
    case "integers":
      return kind.of;
    case "list":
      return kind.floats ? "Float64Array" : `${describeKind(kind.of)}[]`;
    case "tuple":
      return `[${kind.items.map(describeKind).join(", ")}]`;
    case "record":
      return `{ ${kind.keys.map((key, k) => `${key}: ${describeKind(kind.items[k])}`).join("; ")} }`;
  }
  return kind.type === "text" ? "string" : kind.type;
}
