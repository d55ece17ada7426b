/**
 * The recorder: what recording programs call.
 *
 * What: one object with a method for each elementary operation (row-methods.ts), and for all that recording programs do
 * with traced numbers besides: boxes, members, variables outside, text, calls, iteration. What an evaluation is, and how
 * an operation is recorded, evaluation.ts says. Why one object: its methods are found by the same shape everywhere, and
 * V8 inlines them into recording programs.
 */
import { type PrimitiveName, table } from "../rules/index.ts";
import { WengertError } from "../source/positions.ts";
import { recordingOf } from "../source/registry.ts";
import { Evaluation } from "./evaluation.ts";
import { Box, type Handle, Shadow, Stale } from "./handle.ts";
import { Heap } from "./heap.ts";
import { isRecord } from "./inputs.ts";
import { nameOf } from "./problems.ts";
import { handlerOf, proxied } from "./proxies.ts";
import { addRowMethods } from "./row-methods.ts";
import { Walk } from "./walk.ts";

/** Records a binary or unary operation: operands with their handles, and the value. */
type Binary = (a: number, ah: Handle, b: number, bh: Handle, y: number) => Handle;
type Unary = (a: number, ah: Handle, y: number) => Handle;

export interface Recorder
  extends Record<Exclude<PrimitiveName, BinaryName>, Unary>,
    Record<BinaryName, Binary> {}
type BinaryName = "add" | "sub" | "mul" | "div" | "rem" | "pow" | "atan2" | "hypot" | "max" | "min" | "imul";

/** How a private field is read and written from outside of its class. */
export type Read = (o: object) => unknown;
export type Write = (o: object, v: unknown) => void;

/** Calls that native functions answer: installed by natives/. */
export type NativeCall = (recorder: Recorder, self: unknown, args: unknown[], f: Function) => unknown;

export class Recorder extends Evaluation {
  readonly Box = Box;
  /** The functions of Math as their rows know them. */
  readonly mathematics = Object.fromEntries(Object.values(table).map((rule) => [rule.name, rule.value]));
  /** The key under which a container of plain numbers has its `Shadow`. */
  readonly shadow: symbol = Symbol("wengert.shadow");
  /** The key under which a Proxy that prepared code made has its target. */
  readonly target: symbol = Symbol("wengert.target");
  /** How often a traced value was written to the global scope: until then nobody asks for one there. */
  globals = 0;
  readonly heap: Heap;
  readonly natives = new Map<unknown, NativeCall>();
  readonly constructors = new Map<unknown, NativeCall>();

  constructor() {
    super();
    this.heap = new Heap(this);
  }

  // ---- boxes ----

  box(v: unknown, h: Handle): unknown {
    return h === 0 || this.session === 0 ? v : new Box(v as number, h, this.session);
  }
  /** The value of something that may be boxed; its handle is in `h` then. */
  open(raw: unknown): unknown {
    if (typeof raw === "object" && raw instanceof Box) {
      this.h = this.handleOf(raw);
      return raw.v;
    }
    this.h = 0;
    return raw;
  }
  handleOf(box: Box): Handle {
    if (box.session === this.session) return box.h;
    return this.session === 0 ? 0 : Stale.instance;
  }
  /** The value that an element or property turned out to be; a plain number may have a shadow. */
  got(container: object, key: PropertyKey, raw: unknown): unknown {
    if (typeof raw === "object" && raw instanceof Box) {
      this.h = this.handleOf(raw);
      return raw.v;
    }
    if (typeof raw === "number" && this.session !== 0) {
      const shadow = (container as Record<symbol, unknown>)[this.shadow];
      this.h = shadow instanceof Shadow ? shadow.handle(container, key, raw) : 0;
    } else {
      this.h = 0;
      if (raw === undefined && this.session !== 0) return this.heap.beside(container, key);
    }
    return raw;
  }
  /** A member of a traced number. */
  ofNumber(v: number, h: Handle, key: PropertyKey): unknown {
    const getter = Object.getOwnPropertyDescriptor(Number.prototype, key)?.get;
    if (getter) return this.open(this.invoke(getter, this.box(v, h), []));
    this.h = 0;
    return (v as unknown as Record<PropertyKey, unknown>)[key];
  }
  /** A method that an object does not have: an argument's copy may have left it behind. */
  method(object: unknown, key: PropertyKey): unknown {
    return this.session !== 0 && typeof object === "object" && object !== null
      ? this.heap.beside(object, key)
      : undefined;
  }
  set(container: object, key: PropertyKey, v: unknown, h: Handle): void {
    this.heap.set(container, key, v, h);
  }
  /** A variable of the global scope is given a value; `assign` writes one that is no member of `globalThis`. */
  setGlobal(name: string, v: unknown, h: Handle, assign: (v: unknown) => void): void {
    if (!(name in globalThis) || this.session === 0) {
      if (h !== 0 && this.session !== 0) this.lost(name);
      assign(v);
      return;
    }
    this.globals++;
    this.set(globalThis, name, v, h);
  }
  noteWrite(container: unknown): void {
    if (this.session !== 0 && typeof container === "object" && container !== null) this.heap.touch(container);
  }
  /** A traced value or an object goes into a private field: it is made plain again through the accessors given. */
  hide(object: object, key: string, v: unknown, h: Handle, read: Read, write: Write): unknown {
    if (this.session === 0 || v === null) return v;
    this.heap.hide(object, key, read, write);
    if (h === 0) this.heap.note(v);
    return this.box(v, h);
  }
  /** The same for what a private field begins with. */
  hidden(object: object, key: string, raw: unknown, read: Read, write: Write): unknown {
    if (typeof raw !== "object") return raw;
    const v = this.open(raw);
    return this.hide(object, key, v, this.h, read, write);
  }
  /** The handle of a variable outside, which `kept` was the last traced value of. */
  outer(kept: Box, value: unknown): Handle {
    return Object.is(kept.v, value) ? this.handleOf(kept) : 0;
  }
  /** The value of a variable outside: the traced one if that is what it holds. */
  asLeft(value: unknown, kept: Box | undefined): unknown {
    return kept !== undefined && Object.is(kept.v, value) ? kept : value;
  }
  /** A value that a variable outside is given: what is traced inside becomes plain again in the end. */
  left<T>(value: T, replace?: (copy: unknown, original: unknown) => void): T {
    if (this.session !== 0 && typeof value === "object") this.heap.left(value, replace);
    return value;
  }
  /** Whether two objects that are not identical stand for the same argument. */
  same(a: object | null, b: object | null): boolean {
    return (
      this.session !== 0 && a !== null && b !== null && this.heap.originalOf(a) === this.heap.originalOf(b)
    );
  }
  /** A traced value meets a variable that cannot keep it. */
  lost(name: string): never {
    throw new WengertError(
      `a traced value is assigned to ${name}, where its derivative would be lost`,
      "assign it to a variable of the function's own, or to a member of an object",
    );
  }
  /** A call of a function whose names may mean anything. */
  unread(f: Function, self: unknown, args: unknown[]): unknown {
    if (this.session === 0 || ![self, ...args].some((a) => this.heap.traced(a)))
      return Reflect.apply(f, self, args);
    throw new WengertError(
      "a function that holds a direct eval or a with statement cannot be differentiated",
      "write the code out, or keep eval in a function of its own that gets no traced value",
    );
  }
  /** A constant is assigned to. */
  constant(): never {
    throw new TypeError("Assignment to constant variable.");
  }
  tracedKey(use = "a property key or index"): never {
    throw new WengertError(
      `a traced value is used as ${use}, which has no derivative`,
      "use Math.round, Math.floor or stopGradient on it, or leave it out of the arguments to differentiate by (wrt)",
    );
  }
  foreignClosure(handles: () => Handle[]): void {
    if (this.session === 0) return;
    if (handles().some((h) => h !== 0))
      throw new WengertError(
        "a function made in an earlier derivative evaluation uses traced values of that evaluation",
        "make the function anew inside the function that is differentiated",
      );
  }

  // ---- text ----

  /** The text of a value in a template. */
  text(v: unknown, h: Handle, taint: boolean): unknown {
    if (h !== 0 && taint) this.told();
    return typeof v === "object" && v !== null && this.session !== 0 ? this.heap.bare(v, taint) : v;
  }
  /** A method by which JavaScript converts an object to a primitive value. */
  converted(run: () => unknown): unknown {
    const v = this.open(run());
    if (this.h === 0) return v;
    if (typeof v === "string") return v;
    throw new WengertError(
      "an object whose valueOf, toPrimitive or toJSON gives a traced value is converted by JavaScript itself",
      "call the method by name",
    );
  }

  /** A conversion method that is a value of its own. */
  conversion(f: unknown): unknown {
    if (typeof f !== "function") return f;
    const recorder = this;
    return function (this: unknown, ...args: unknown[]) {
      return recorder.converted(() => recorder.invoke(f, this, args));
    };
  }
  /** What a generator is given when it goes on; it may not go on in another evaluation. */
  resumed(raw: unknown, begun: number): unknown {
    if (begun !== 0 && this.session !== 0 && begun !== this.session)
      throw new WengertError(
        "a generator that an earlier derivative evaluation began goes on in another one",
        "begin it inside the function that is differentiated",
      );
    return this.open(raw);
  }

  // ---- calls ----

  call0(f: unknown, self: unknown): unknown {
    const recording = recordingOf(f);
    return this.open(recording ? recording.call(self as never) : this.native(f, self, []));
  }
  call1(f: unknown, self: unknown, a: unknown): unknown {
    const recording = recordingOf(f);
    return this.open(recording ? recording.call(self as never, a as never) : this.native(f, self, [a]));
  }
  call2(f: unknown, self: unknown, a: unknown, b: unknown): unknown {
    const recording = recordingOf(f);
    return this.open(
      recording ? recording.call(self as never, a as never, b as never) : this.native(f, self, [a, b]),
    );
  }
  call3(f: unknown, self: unknown, a: unknown, b: unknown, c: unknown): unknown {
    const recording = recordingOf(f);
    return this.open(
      recording
        ? recording.call(self as never, a as never, b as never, c as never)
        : this.native(f, self, [a, b, c]),
    );
  }
  call(f: unknown, self: unknown, args: unknown[]): unknown {
    return this.open(this.invoke(f, self, args));
  }
  /** A call whose result may be boxed. */
  invoke(f: unknown, self: unknown, args: unknown[]): unknown {
    const recording = recordingOf(f);
    return recording ? recording.apply(self as never, args as never) : this.native(f, self, args);
  }
  private native(f: unknown, self: unknown, args: unknown[]): unknown {
    const known = this.natives.get(f);
    if (known && this.session !== 0) return known(this, self, args, f as Function);
    if (typeof f !== "function") throw new TypeError("what is called here is not a function");
    if (this.session !== 0) this.heap.refuse(f, self, args);
    const y = Reflect.apply(f, self, this.session === 0 ? args : args.map((a) => this.guarded(a, f)));
    if (this.texts > 0 && (typeof y === "number" || ArrayBuffer.isView(y)))
      for (const x of [self, ...args]) if (typeof x === "string") this.spelled();
    return y;
  }
  make(type: unknown, args: unknown[]): unknown {
    const made = this.construct(type, args);
    // the stack of an error begins in the user's lines
    if (made instanceof Error && this.constructors.has(type)) Error.captureStackTrace(made, this.make);
    return this.open(made);
  }
  construct(type: unknown, args: unknown[]): unknown {
    if (typeof type !== "function") throw new TypeError("what is constructed here is not a constructor");
    const known = this.constructors.get(type);
    if (known && this.session !== 0) return known(this, undefined, args, type);
    const recording = recordingOf(type);
    if (recording) {
      if (recording === type || isClass(type)) return Reflect.construct(type, args);
      return Reflect.construct(recording, args, type);
    }
    if (this.session !== 0 && !isClass(type)) this.heap.refuse(type, undefined, args);
    return Reflect.construct(type, args);
  }
  /** A callback for code that is not prepared: it may not return traced values. */
  private guarded(callback: unknown, to: Function): unknown {
    const recorder = this;
    if (isRecord(callback) && holdsFunctions(callback))
      return new Proxy(callback, {
        get: (target, key) => {
          const member = Reflect.get(target, key);
          if (member instanceof Box) this.heap.refuse(to, undefined, [member]);
          return recorder.guarded(member, to);
        },
      });
    if (typeof callback !== "function" || isClass(callback)) return callback;
    return function (this: unknown, ...args: unknown[]) {
      const y = recorder.invoke(callback, this, args);
      if (y instanceof Box && recorder.session !== 0)
        throw new WengertError(
          `a callback returned a traced value to ${nameOf(to)}, which is not prepared`,
          "write the loop in prepared code",
        );
      return y;
    };
  }

  /** `value instanceof type`, by a prepared method of the type's own if it has one. */
  instance(value: unknown, type: any): boolean {
    const ask = type?.[Symbol.hasInstance];
    if (recordingOf(ask) === undefined) return value instanceof type;
    return Boolean(this.open(this.invoke(ask, type, [value])));
  }

  /** What prepared code writes around the handler of a Proxy that it makes, and around the Proxy. */
  handler(handler: unknown): unknown {
    return typeof handler === "object" && handler !== null ? handlerOf(this, handler) : handler;
  }
  proxied<T>(proxy: T): T {
    return proxied(this, proxy);
  }

  // ---- iteration ----

  /** Something iterable for native code: boxed elements. */
  each(iterable: unknown): unknown {
    return this.session === 0 ? iterable : this.heap.each(iterable);
  }
  /** An object for native code that copies its properties. */
  solid<T>(object: T): T {
    return this.session === 0 ? object : this.heap.solid(object);
  }
  /** A structure for native code that takes it apart, down to a depth. */
  deep(value: unknown, depth: number): unknown {
    return this.session === 0 ? value : this.heap.deep(value, depth);
  }
  /** The target of a pattern that hands on its value at once. */
  slot(take: (raw: unknown) => void): { _: unknown } {
    return {
      set _(raw: unknown) {
        take(raw);
      },
    };
  }
  walk(iterable: unknown): Walk {
    return new Walk(this, iterable);
  }
}

/** Whether code that gets a record can call back through it. */
function holdsFunctions(record: object): boolean {
  return Object.values(Object.getOwnPropertyDescriptors(record)).some(
    (d) => d.get || typeof d.value === "function",
  );
}

/** Classes cannot be called; a prepared plain function can be constructed through its recording program. */
function isClass(f: Function): boolean {
  return Function.prototype.toString.call(f).startsWith("class");
}

addRowMethods(Recorder.prototype);

/** The one recorder of this process: prepared code finds it under a symbol that all copies of the package share. */
const key = Symbol.for("wengert.recorder");
const shared = globalThis as unknown as Record<symbol, Recorder | undefined>;
export const recorder: Recorder = (shared[key] ??= new Recorder());
export { recordingOf };
