/**
 * What derivative programs call beside `Math`: the table's functions that JavaScript lacks, tapes, shadows.
 *
 * Tapes are kept from call to call. A program that is left by an exception does not give its tape back; a program that
 * is entered again while it runs gets another one.
 */
import {
  digamma,
  erf,
  erfc,
  lgamma,
  log1mexp,
  log1pexp,
  logistic,
  logit,
  logsumexp,
  polygamma,
  xlog1py,
  xlogy,
} from "../rules/index.ts";

/** Tapes of up to so many numbers (32 MiB) are kept. */
const mostKept = 2 ** 22;
const tapes: Float64Array[] = [];

function takeTape(): Float64Array {
  return tapes.pop() ?? new Float64Array(1024);
}
function giveTape(tape: Float64Array): void {
  if (tape.length <= mostKept && tapes.length < 8) tapes.push(tape);
}
/** A tape of at least that length with the same beginning. */
function grow(tape: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(Math.max(length, Math.min(2 * tape.length, tape.length + mostKept)));
  larger.set(tape);
  return larger;
}

/** Doubles, of which copies are the quickest lists of doubles there are. */
let template: number[] = doubles(256);
/** Longer ones are not kept. */
const mostTemplate = 1 << 16;
/** The longest list that copies of it are joined to. */
const mostJoined = 1 << 25;
function doubles(length: number): number[] {
  const list: number[] = [];
  for (let k = 0; k < length; k++) list.push(0.5);
  return list.fill(0);
}
/** A new list of zeros. */
function zeros(length: number): number[] {
  if ((length | 0) === length && length >= 0 && length <= template.length) return template.slice(0, length);
  if (!(length >= 0) || length % 1 !== 0) throw new RangeError("Invalid array length");
  if (length > mostJoined) return doubles(length);
  const kept = Math.min(length, mostTemplate);
  if (kept > template.length) template = doubles(Math.min(mostTemplate, Math.max(kept, 2 * template.length)));
  if (length <= template.length) return template.slice(0, length);
  const copies = new Array<number[]>(Math.floor(length / template.length)).fill(template);
  return template.slice(0, length % template.length).concat(...copies);
}

/**
 * What is made of each item, as a list without holes: a list that `map` makes may have some as far as V8 knows, and takes
 * a tenth to a third more time wherever its rows are used.
 */
function each<T, U>(list: readonly T[], make: (item: T) => U): U[] {
  const made: U[] = [];
  for (let k = 0; k < list.length; k++) made.push(make(list[k]));
  return made;
}

type Structure = number | Float64Array | Structure[] | { [key: string]: Structure } | null;

/** Zeros in the shape of a value; null for what is no number. */
function zerosLike(value: unknown): Structure {
  if (typeof value === "number") return 0;
  if (value instanceof Float64Array) return new Float64Array(value.length);
  if (Array.isArray(value))
    return typeof value[0] === "number" && isFlat(value) ? zeros(value.length) : each(value, zerosLike);
  if (typeof value !== "object" || value === null) return null;
  const record: { [key: string]: Structure } = Object.create(Object.getPrototypeOf(value));
  for (const key of Object.keys(value)) record[key] = zerosLike((value as Record<string, unknown>)[key]);
  return record;
}
function isFlat(list: readonly unknown[]): boolean {
  for (let k = 1; k < list.length; k++) if (typeof list[k] !== "number") return false;
  return true;
}

/** Adds the numbers of a structure to those of another one of the same shape. */
function addInto(target: Structure, source: Structure): void {
  if (target instanceof Float64Array || Array.isArray(target)) {
    const [list, items] = [target as Structure[], source as Structure[]];
    for (let k = 0; k < list.length; k++)
      if (typeof list[k] === "number") list[k] = (list[k] as number) + (items[k] as number);
      else addInto(list[k], items[k]);
  } else if (typeof target === "object" && target !== null) {
    const [record, items] = [target, source as { [key: string]: Structure }];
    for (const key of Object.keys(record))
      if (typeof record[key] === "number") record[key] = (record[key] as number) + (items[key] as number);
      else addInto(record[key], items[key]);
  }
}

/** A copy of a structure, all the way down. */
export function copy<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return (value as unknown as Float64Array).slice() as T;
  if (Array.isArray(value)) return (typeof value[0] === "number" ? value.slice() : value.map(copy)) as T;
  if (typeof value !== "object" || value === null) return value;
  const record = Object.create(Object.getPrototypeOf(value));
  for (const key of Object.keys(value)) record[key] = copy((value as Record<string, unknown>)[key]);
  return record;
}
/** Writes the numbers of a copy back. */
export function commit(target: unknown, source: unknown): void {
  if (target instanceof Float64Array) target.set(source as Float64Array);
  else if (Array.isArray(target)) {
    const items = source as unknown[];
    for (let k = 0; k < items.length; k++)
      if (typeof items[k] === "object" && items[k] !== null) commit(target[k], items[k]);
      else target[k] = items[k];
  } else if (typeof target === "object" && target !== null)
    for (const [key, item] of Object.entries(source as object))
      if (typeof item === "object" && item !== null) commit((target as Record<string, unknown>)[key], item);
      else (target as Record<string, unknown>)[key] = item;
}

/** Whether any number of a structure is NaN, or undefined: an element that is not there. */
export function hasNaN(value: unknown): boolean {
  if (typeof value === "number") return Number.isNaN(value);
  if (value === undefined) return true;
  if (value instanceof Float64Array || Array.isArray(value)) {
    if (typeof value[0] === "number") {
      // a sum of numbers is NaN where one of them is; four sums, so that none waits for the other
      const list = value as number[];
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let k = 0;
      for (; k + 3 < list.length; k += 4) {
        a += list[k];
        b += list[k + 1];
        c += list[k + 2];
        d += list[k + 3];
      }
      for (; k < list.length; k++) a += list[k];
      return Number.isNaN(a + b + c + d);
    }
    for (const item of value) if (hasNaN(item)) return true;
    return false;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(hasNaN);
}

/**
 * The length of a vector of two to four numbers: a root where the sum of squares is far from overflow and underflow, which
 * takes a tenth of the time of Math.hypot and may differ from it in the last digit.
 */
function hypot(x: number, y: number, z = 0, w = 0): number {
  const sum = x * x + y * y + z * z + w * w;
  return sum > 1e-280 && sum < 1e280 ? Math.sqrt(sum) : Math.hypot(x, y, z, w);
}

/** What a function inside of a program throws where it gives up: programs are left by any exception. */
const givenUp = new Error("the program gives up");

/** Appends the numbers of a value to a row. */
export function appendNumbers(row: number[], value: unknown): void {
  if (typeof value === "number") row.push(value);
  else if (Array.isArray(value) || value instanceof Float64Array)
    for (let k = 0; k < value.length; k++) {
      const item = value[k];
      if (typeof item === "number") row.push(item);
      else appendNumbers(row, item);
    }
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) appendNumbers(row, item);
}

/** The rows of a matrix given by columns. */
function transposed(columns: readonly ArrayLike<number>[]): number[][] {
  const list: number[][] = [];
  const { length } = columns[0];
  for (let j = 0; j < length; j++) {
    const row: number[] = [];
    for (let k = 0; k < columns.length; k++) row.push(columns[k][j]);
    list.push(row);
  }
  return list;
}

export const rows = {
  addInto,
  append: appendNumbers,
  copy,
  givenUp,
  giveTape,
  grow,
  each,
  hypot,
  takeTape,
  transposed,
  zeros,
  zerosLike,
  digamma,
  erf,
  erfc,
  lgamma,
  log1mexp,
  log1pexp,
  logistic,
  logit,
  logsumexp,
  polygamma,
  xlog1py,
  xlogy,
};
