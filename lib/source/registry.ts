/**
 * The register of prepared functions.
 *
 * What: which recording program stands beside which plain function, and whether an evaluation is being recorded now
 * (`on`, which constructors, accessors and conversions ask). Why private fields: a mark that no reflection sees,
 * found as quickly as a property, on frozen objects too, without the cost of a WeakMap for every closure.
 */

import type { AnyFunction, Maker } from "./maker.ts";
import { PlainText } from "./plain-text.ts";
import type { SourceKind } from "./syntax.ts";

export type { Maker } from "./maker.ts";

class Stampable {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: returning the object is how a private field gets onto it
    return object;
  }
}

/** The recording program of a function: made when it is first asked for, or the function itself. */
class Stamp extends Stampable {
  #make: Maker | null;
  #recording: AnyFunction | null;
  constructor(f: object, make: Maker | null, recording: AnyFunction | null) {
    super(f);
    this.#make = make;
    this.#recording = recording;
  }
  static of(f: object): AnyFunction | undefined {
    if (!(#recording in f)) return undefined;
    const stamp = f as Stamp;
    if (stamp.#recording === null) {
      const recording = (stamp.#make as Maker)(0, f as never) as AnyFunction;
      stamp.#recording = recording;
      if (!(#recording in recording)) new Stamp(recording, null, recording);
    }
    return stamp.#recording as AnyFunction;
  }
  static maker(f: object): Maker | null {
    return #make in f ? (f as Stamp).#make : null;
  }
  static has(f: object): boolean {
    return #recording in f;
  }
}

/** The recording program of a function value, or undefined for a function that is not prepared. */
export function recordingOf(f: unknown): AnyFunction | undefined {
  return typeof f === "function" ? Stamp.of(f) : undefined;
}

/** Whether a function has a recording program, without making it. */
export function isPrepared(f: unknown): boolean {
  return typeof f === "function" && Stamp.has(f);
}

/** What prepared code gave with a plain function value, or null. */
export function makerOf(f: unknown): Maker | null {
  return typeof f === "function" ? Stamp.maker(f) : null;
}

/** What prepared code calls to make itself known; the recorder (tape/) extends it. */
export class Registry {
  /** Whether an evaluation is being recorded. */
  on = false;

  /** A prepared text, which the places of its functions belong to. */
  plainText(file: string, code: string, kind: SourceKind, mappings: string | null): PlainText {
    return new PlainText(file, code, kind, mappings);
  }
  /** A plain function with its maker. */
  prepared(f: AnyFunction, make: Maker): void {
    if (!Stamp.has(f)) new Stamp(f, make, null);
  }
  /** The same for a function expression, which keeps the name that its place would have given it. */
  named<F extends AnyFunction>(f: F, make: Maker, name?: string): F {
    if (name !== undefined && f.name === "")
      Object.defineProperty(f, "name", { value: name, configurable: true });
    if (!Stamp.has(f)) new Stamp(f, make, null);
    return f;
  }
  /** A computed key as the property key that it is. */
  key(key: unknown): PropertyKey {
    return typeof key === "string" || typeof key === "symbol"
      ? key
      : Reflect.ownKeys({ [key as string]: 0 })[0];
  }
  /** The name that a function gets from a property key. */
  nameOf(key: PropertyKey): string {
    if (typeof key !== "symbol") return String(key);
    return key.description === undefined ? "" : `[${key.description}]`;
  }
  /** A recording program is its own recording program. */
  own<F extends AnyFunction>(f: F): F {
    if (!Stamp.has(f)) new Stamp(f, null, f);
    return f;
  }
  /** `f.bind(self, …first)`: the bound function's recording program binds f's. */
  bind(f: unknown, self: unknown, ...first: unknown[]): unknown {
    const bound = (f as AnyFunction).bind(self as never, ...(first as never[]));
    if (typeof f === "function" && typeof bound === "function" && Stamp.has(f) && !Stamp.has(bound)) {
      // a bound function has no text of its own: it gives its recording program alone
      const make: Maker = (what) =>
        what === 0 ? (Stamp.of(f) as AnyFunction).bind(self as never, ...(first as never[])) : undefined;
      new Stamp(bound, make, null);
    }
    return bound;
  }
  /** A function that does its own calculus with boxed arguments, such as what `grad` returns. */
  aware<F extends AnyFunction>(f: F): F {
    return this.own(f);
  }
  /** The methods of a plain class and, under symbols beside them, those of their recording programs that are there. */
  methods(
    type: Function,
    known: [key: PropertyKey, recording: symbol | null, isStatic: boolean, make: Maker][],
  ): void {
    for (const [key, symbol, isStatic, make] of known) {
      const holder = isStatic ? type : type.prototype;
      const plain = Object.getOwnPropertyDescriptor(holder, key)?.value;
      let recording: AnyFunction | null = null;
      if (symbol) {
        recording = this.own(holder[symbol]);
        Object.defineProperty(holder, symbol, { enumerable: false });
      }
      if (typeof plain === "function" && !Stamp.has(plain)) new Stamp(plain, make, recording);
    }
  }
  /** The recording programs of constructors and accessors, under symbols; each is made when it is first asked for. */
  twins(type: Function, known: [symbol: symbol, isStatic: boolean, make: Maker][]): void {
    for (const [symbol, isStatic, make] of known)
      Object.defineProperty(isStatic ? type : type.prototype, symbol, { get: () => make(0) });
  }
  /** Methods that are their own recording programs, and accessors, which choose when they are called. */
  private ownMember(holder: object, key: PropertyKey): void {
    const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
    for (const f of [value, get, set]) if (typeof f === "function") this.own(f);
  }
  /** The accessors of a plain class. */
  accessors(type: Function): void {
    for (const holder of [type, type.prototype])
      for (const key of Reflect.ownKeys(holder)) {
        const { get, set } = Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
        for (const f of [get, set]) if (f) this.own(f as AnyFunction);
      }
  }
  /** The methods of an object literal in a recording program. */
  ownMethods<T extends object>(literal: T): T {
    for (const key of Reflect.ownKeys(literal)) {
      this.ownMember(literal, key);
    }
    return literal;
  }
  /** A class in a recording program. */
  ownClass<C extends Function>(type: C): C {
    for (const holder of [type, type.prototype])
      for (const key of Reflect.ownKeys(holder)) {
        if (key !== "prototype" && key !== "constructor") this.ownMember(holder, key);
      }
    new Stamp(type, null, type as never);
    return type;
  }
}
