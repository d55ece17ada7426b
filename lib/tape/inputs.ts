/**
 * Values taken apart into their numbers, and put together again.
 *
 * What: `takeApart` lists the numbers of a value with their handles and remembers its shape; `Inputs` copies arguments
 * to differentiate by, with a handle for every number in them. Which values count: number, nested arrays of numbers,
 * Float64Array, and plain objects of those, in key order; strings, booleans, functions and other leaves are passive.
 * Why shapes of runs: a flat array of numbers is one node, so that millions of numbers cost no object each.
 */
import { WengertError } from "../source/positions.ts";
import { Box, type Handle } from "./handle.ts";
import type { Recorder } from "./recorder.ts";
import { Lifted } from "./shadows.ts";

/** Numbers with their handles; null where all of them are passive. */
export interface Numbers {
  readonly values: Float64Array;
  readonly handles: readonly Handle[] | Int32Array | null;
}

export function handleAt({ handles }: Numbers, k: number): Handle {
  return handles === null ? 0 : handles[k];
}

type Shape =
  | { type: "number" }
  | { type: "run"; count: number; model: number[] | Float64Array }
  | { type: "list"; items: Shape[] }
  | { type: "record"; keys: string[]; items: Shape[]; prototype: object | null }
  | { type: "passive"; value: unknown };

export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function isFlat(list: readonly unknown[]): list is number[] {
  for (let k = 0; k < list.length; k++) if (typeof list[k] !== "number") return false;
  return true;
}

/** A value taken apart. */
export class Parts implements Numbers {
  constructor(
    readonly values: Float64Array,
    readonly handles: readonly Handle[] | Int32Array | null,
    private readonly shape: Shape,
  ) {}
  get length(): number {
    return this.values.length;
  }
  /** The same with other handles. */
  with(handles: readonly Handle[] | null): Parts {
    return new Parts(this.values, handles, this.shape);
  }
  /** Whether it is one number. */
  get scalar(): boolean {
    return this.shape.type === "number";
  }
  /** Whether it is a number or a flat list of numbers. */
  get flat(): boolean {
    return this.shape.type === "number" || this.shape.type === "run";
  }
  /** Where each number stands: "", "[0]", ".x[2]". */
  get paths(): string[] {
    const paths: string[] = [];
    walk(this.shape, "", paths);
    return paths;
  }
  /** Whether another value has its numbers at the same places. */
  matches(other: Parts): boolean {
    return (
      this.length === other.length &&
      (same(this.shape, other.shape) || this.paths.join("\n") === other.paths.join("\n"))
    );
  }
  /** The same structure with other numbers; `passive` says what stands at leaves that are none. */
  rebuild(recorder: Recorder, numbers: Numbers, passive: (value: unknown) => unknown, from = 0): unknown {
    let at = from;
    const build = (shape: Shape): unknown => {
      switch (shape.type) {
        case "number":
          return recorder.box(numbers.values[at], handleAt(numbers, at++));
        case "run": {
          const first = at;
          at += shape.count;
          if (shape.model instanceof Float64Array && numbers.handles === null)
            return numbers.values.slice(first, at);
          if (numbers.handles !== null) {
            if (shape.model instanceof Float64Array) return boxedFloats(recorder, numbers, first, at);
            return Array.from({ length: shape.count }, (_, k) =>
              recorder.box(numbers.values[first + k], handleAt(numbers, first + k)),
            );
          }
          // a copy of an array of doubles is the quickest array of doubles there is
          const list =
            shape.model.length === shape.count
              ? (shape.model.slice() as number[])
              : new Array<number>(shape.count);
          for (let k = 0; k < shape.count; k++) list[k] = numbers.values[first + k];
          return list;
        }
        case "list":
          return shape.items.map(build);
        case "record": {
          const record = Object.create(shape.prototype);
          shape.keys.forEach((key, k) => {
            record[key] = build(shape.items[k]);
          });
          return record;
        }
        case "passive":
          return passive(shape.value);
      }
    };
    return build(this.shape);
  }
}

function boxedFloats(recorder: Recorder, numbers: Numbers, first: number, end: number): Float64Array {
  const view = numbers.values.slice(first, end);
  recorder.heap.shadowBuffer(
    view,
    Array.from(view, (_, k) => handleAt(numbers, first + k)),
    true,
  );
  return view;
}

function walk(shape: Shape, path: string, paths: string[]): void {
  if (shape.type === "number") paths.push(path);
  else if (shape.type === "run") for (let k = 0; k < shape.count; k++) paths.push(`${path}[${k}]`);
  else if (shape.type === "list") shape.items.forEach((item, k) => void walk(item, `${path}[${k}]`, paths));
  else if (shape.type === "record")
    shape.items.forEach((item, k) => void walk(item, `${path}.${shape.keys[k]}`, paths));
}
function same(a: Shape, b: Shape): boolean {
  if (a.type === "run" && b.type === "run") return a.count === b.count;
  return a.type === "number" && b.type === "number";
}

/** Takes a value apart. `refuse` names the value where leaves that are no numbers are an error. */
export function takeApart(recorder: Recorder, value: unknown, what: string, refuse: boolean): Parts {
  const values: number[] = [];
  const handles: Handle[] = [];
  let run: Float64Array | null = null;
  let traced = false;
  const around: object[] = [];
  const inside = recorder.session !== 0;
  const add = (v: number, h: Handle): void => {
    if (h !== 0) traced = true;
    handles.push(h);
    values.push(v);
  };
  function take(x: unknown, path: string): Shape {
    if (typeof x === "number") {
      add(x, 0);
      return { type: "number" };
    }
    if (typeof x === "object" && x !== null) {
      if (x instanceof Box) {
        add(x.v, recorder.handleOf(x));
        return { type: "number" };
      }
      if (around.includes(x))
        throw new WengertError(`${what} contains itself`, "use a structure without cycles", null);
      const shadow = inside ? recorder.heap.shadowOf(x) : undefined;
      if (
        x instanceof Float64Array ||
        (Array.isArray(x) && x.length > 0 && shadow === undefined && isFlat(x))
      ) {
        const list = x as number[];
        if (shadow === undefined && path === "") run = new Float64Array(list);
        else
          for (let k = 0; k < list.length; k++) {
            const v = shadow === undefined ? list[k] : recorder.got(list, k, list[k]);
            add(v as number, shadow === undefined ? 0 : recorder.h);
          }
        return { type: "run", count: list.length, model: list };
      }
      const read = (key: PropertyKey): unknown =>
        shadow === undefined ? (x as Record<PropertyKey, unknown>)[key] : recorder.heap.element(x, key);
      if (Array.isArray(x)) {
        around.push(x);
        const items = Array.from(x, (_, k) => take(read(k), `${path}[${k}]`));
        around.pop();
        return { type: "list", items };
      }
      if (isRecord(x)) {
        around.push(x);
        const keys = dataKeys(x);
        const items = keys.map((key) => take(read(key), `${path}.${key}`));
        around.pop();
        return { type: "record", keys, items, prototype: Object.getPrototypeOf(x) };
      }
    }
    if (refuse)
      throw new WengertError(
        `${what} ${path ? `holds ${describe(x)} at ${path}` : `is ${describe(x)}`}, which is no number`,
        "return numbers, nested arrays of numbers, Float64Arrays or plain objects of those",
      );
    return { type: "passive", value: x };
  }
  const shape = take(value, "");
  return new Parts(run ?? Float64Array.from(values), traced ? handles : null, shape);
}

/** The arguments of one evaluation, lifted: copies whose numbers have handles. */
export class Inputs {
  private next = 0;
  constructor(
    private readonly recorder: Recorder,
    private readonly numbers: Numbers,
    /** The handle of input k. */
    private readonly handleOf: (k: number) => Handle,
    /** Handles of flat arrays, where they need no box for each element. */
    private readonly run: ((first: number, count: number) => Lifted["handles"]) | null,
  ) {}

  /** A copy with handles; `flat` says that the value is known to be a number or a flat list. */
  lift(value: unknown, flat = false): unknown {
    const { recorder } = this;
    if (typeof value === "number" || value instanceof Box) {
      const k = this.next++;
      return recorder.heap.boxStale(this.numbers.values[k], this.handleOf(k));
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const first = this.next;
      if (
        this.run &&
        value.length > 0 &&
        !Object.isFrozen(value) &&
        recorder.heap.shadowOf(value) === undefined &&
        (flat || isFlat(value))
      ) {
        this.next += value.length;
        const copy = value.slice();
        copyOthers(value, copy);
        recorder.heap.addLifted(new Lifted(recorder, copy, value, this.run(first, value.length)));
        return copy;
      }
      const copy: unknown[] = value.slice();
      for (let k = 0; k < value.length; k++)
        if (k in value) copy[k] = this.lift(recorder.heap.element(value, k));
      copyOthers(value, copy);
      recorder.heap.addLifted(new Lifted(recorder, copy, value, null));
      return closedLike(value, copy);
    }
    if (value instanceof Float64Array) {
      const copy = value.slice();
      const first = this.next;
      this.next += copy.length;
      const run = this.run?.(first, copy.length);
      const handles =
        run && "first" in run
          ? Int32Array.from(copy, (_, k) => run.first + k)
          : Array.from(copy, (_, k): Handle => this.handleOf(first + k));
      const shadow = recorder.heap.shadowBuffer(copy, handles, true);
      recorder.heap.addLifted(new Lifted(recorder, copy, value, null, shadow));
      return copy;
    }
    if (isRecord(value)) {
      const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value));
      for (const key of dataKeys(value)) copy[key] = this.lift(recorder.heap.element(value, key));
      copyOthers(value, copy);
      recorder.heap.addLifted(new Lifted(recorder, copy, value, null));
      return closedLike(value, copy);
    }
    return value;
  }

  /** Whether the original of a lifted argument still holds what it held. */
  unchanged({ original, handles }: Lifted): boolean {
    if (!handles || !("first" in handles)) return true;
    const list = original as number[];
    const { values } = this.numbers;
    const from = handles.first - 1;
    if (list.length !== handles.count) return false;
    for (let k = 0; k < handles.count; k++)
      if (list[k] !== values[from + k] && !Object.is(list[k], values[from + k])) return false;
    return true;
  }
}

/** The members of a record that are values: accessors compute theirs. */
function dataKeys(record: object): string[] {
  return Object.keys(record).filter((key) => !Object.getOwnPropertyDescriptor(record, key)?.get);
}
/** Frozen and sealed like the original. */
function closedLike<T extends object>(original: object, copy: T): T {
  if (Object.isFrozen(original)) return Object.freeze(copy) as T;
  return Object.isSealed(original) ? Object.seal(copy) : copy;
}

/** A list up to this length is asked for its names; a longer one when a name is read (`Heap.beside`). */
const asked = 32;

/** Members that are not differentiated by (under symbols, hidden, names of a list) are the copy's too. */
function copyOthers(from: object, to: object): void {
  if (Array.isArray(from) && from.length > asked) return;
  for (const key of Reflect.ownKeys(from)) {
    if (Object.hasOwn(to, key)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(from, key) as PropertyDescriptor;
    if (descriptor.value !== undefined || descriptor.get) Object.defineProperty(to, key, descriptor);
  }
}

export function describe(x: unknown): string {
  if (x === null) return "null";
  if (Array.isArray(x)) return `an array of ${x.length}`;
  if (typeof x === "object") {
    const name = x.constructor?.name ?? "object";
    return `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
  }
  if (typeof x === "string") return `the text ${JSON.stringify(x.length > 20 ? `${x.slice(0, 20)}…` : x)}`;
  if (typeof x === "bigint") return `the bigint ${x}n`;
  if (typeof x === "function") return x.name ? `the function ${x.name}` : "a function";
  return String(x);
}
