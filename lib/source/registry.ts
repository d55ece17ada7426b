/**
 * The register of prepared functions.
 *
 * What: which recording program stands beside which plain function, and whether an evaluation is being recorded now
 * (`on`, which constructors, accessors and conversions ask). Why private fields: a mark that no reflection sees,
 * found as quickly as a property, on frozen objects too, without the cost of a WeakMap for every closure.
 */

type AnyFunction = (...args: never[]) => unknown;

class Stampable {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: returning the object is how a private field gets onto it
    return object;
  }
}

/** The recording program of a function: made at the first call of `make`, or the function itself. */
class Stamp extends Stampable {
  #make: (() => AnyFunction) | null;
  #recording: AnyFunction | null;
  constructor(f: object, make: (() => AnyFunction) | null, recording: AnyFunction | null) {
    super(f);
    this.#make = make;
    this.#recording = recording;
  }
  static of(f: object): AnyFunction | undefined {
    if (!(#recording in f)) return undefined;
    const stamp = f as Stamp;
    if (stamp.#recording === null) {
      const recording = (stamp.#make as () => AnyFunction)();
      stamp.#recording = recording;
      stamp.#make = null;
      if (!(#recording in recording)) new Stamp(recording, null, recording);
    }
    return stamp.#recording as AnyFunction;
  }
  static has(f: object): boolean {
    return #recording in f;
  }
}

/** The recording program of a function value, or undefined for a function that is not prepared. */
export function recordingOf(f: unknown): AnyFunction | undefined {
  return typeof f === "function" ? Stamp.of(f) : undefined;
}

/** What prepared code calls to make itself known; the recorder (tape/) extends it. */
export class Registry {
  /** Whether an evaluation is being recorded. */
  on = false;

  /** A plain function with the maker of its recording program. */
  prepared(f: AnyFunction, make: () => AnyFunction): void {
    if (!Stamp.has(f)) new Stamp(f, make, null);
  }
  /** The same for a function expression, which keeps the name that its place would have given it. */
  named<F extends AnyFunction>(f: F, make: () => AnyFunction, name?: string): F {
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
    if (typeof f === "function" && typeof bound === "function" && Stamp.has(f) && !Stamp.has(bound))
      new Stamp(bound, () => (Stamp.of(f) as AnyFunction).bind(self as never, ...(first as never[])), null);
    return bound;
  }
  /** A function that does its own calculus with boxed arguments, such as what `grad` returns. */
  aware<F extends AnyFunction>(f: F): F {
    return this.own(f);
  }
  /** The methods of a plain class and, under symbols beside them, their recording programs. */
  methods(type: Function, pairs: (PropertyKey | boolean)[]): void {
    for (let k = 0; k < pairs.length; k += 3) {
      const holder = pairs[k + 2] ? type : type.prototype;
      const plain = Object.getOwnPropertyDescriptor(holder, pairs[k] as PropertyKey)?.value;
      const symbol = pairs[k + 1] as symbol;
      const recording = holder[symbol];
      Object.defineProperty(holder, symbol, { enumerable: false });
      this.own(recording);
      if (typeof plain === "function" && !Stamp.has(plain)) new Stamp(plain, null, recording);
    }
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
