/**
 * The recorder: what recording programs call.
 *
 * What: one object that knows the evaluation going on, its mode and levels, and records each elementary operation
 * that meets a traced number. The outermost level has three modes: `tape` (numeric partials into the Wengert list),
 * `dual` (handles are tangents), `trace` (every operation with its row, operands and value, for displays and second
 * derivatives); inner levels of nested derivatives go through `record`, which recurses over the levels.
 * Why one object: its methods are found by the same shape everywhere, and V8 inlines them into recording programs.
 * Reference: Griewank & Walther (2008), chapters 4 and 6; Pearlmutter & Siskind, Lazy multivariate higher-order
 * forward-mode AD, POPL 2007, for the tower of levels.
 */
import {
  numberAlgebra as numbers,
  type PrimitiveName,
  type Rule,
  strongProduct,
  table,
} from "../rules/index.ts";
import { WengertError } from "../source/positions.ts";
import { Registry, recordingOf } from "../source/registry.ts";
import { Active, Box, type Handle, type Level, Shadow, Stale } from "./handle.ts";
import { Heap } from "./heap.ts";
import { isRecord } from "./inputs.ts";
import { DualLevel, NestedTape, type Pair, pairAlgebra } from "./levels.ts";
import { WengertList } from "./list.ts";
import { converted, escaped, nameOf, stale } from "./problems.ts";
import { handlerOf, proxied } from "./proxies.ts";
import { addRowMethods } from "./row-methods.ts";
import { TraceList } from "./trace-list.ts";
import { Walk } from "./walk.ts";

export const enum Mode {
  plain = 0,
  tape = 1,
  dual = 2,
  trace = 3,
  nested = 4,
}

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

export class Recorder extends Registry {
  readonly Box = Box;
  /** The functions of Math as their rows know them. */
  readonly mathematics = Object.fromEntries(Object.values(table).map((rule) => [rule.name, rule.value]));
  /** The key under which a container of plain numbers has its `Shadow`. */
  readonly shadow: symbol = Symbol("wengert.shadow");
  /** The key under which a Proxy that prepared code made has its target. */
  readonly target: symbol = Symbol("wengert.target");
  mode: Mode = Mode.plain;
  /** The number of the evaluation going on on the outermost level; 0 when there is none. */
  session = 0;
  private sessions = 0;
  /** The handle of the value that the last helper returned. */
  h: Handle = 0;
  /** How often a traced value was written to the global scope: until then nobody asks for one there. */
  globals = 0;
  /** How many texts were made of traced values in this evaluation. */
  texts = 0;
  list = new WengertList();
  trace: TraceList | null = null;
  /** Inner levels, innermost last. */
  readonly levels: Level[] = [];
  rootMode: Mode = Mode.plain;
  readonly heap: Heap;
  readonly natives = new Map<unknown, NativeCall>();
  readonly constructors = new Map<unknown, NativeCall>();

  constructor() {
    super();
    this.heap = new Heap(this);
  }

  // ---- evaluations ----

  /** Runs an evaluation on a level of its own; what it leaves on the heap is plain again afterwards. */
  evaluate<T>(mode: Mode.tape | Mode.dual | Mode.trace, run: (level: NestedTape | DualLevel | null) => T): T {
    if (this.session !== 0) return this.evaluateInside(mode, run);
    this.session = ++this.sessions;
    this.on = true;
    this.mode = this.rootMode = mode;
    this.texts = 0;
    this.list.open = mode === Mode.tape;
    if (mode === Mode.trace) this.trace = new TraceList();
    try {
      return run(null);
    } finally {
      this.on = false;
      this.mode = this.rootMode = Mode.plain;
      try {
        this.heap.restore();
      } finally {
        this.session = 0;
        this.list.release();
        this.list = new WengertList();
        this.trace = null;
        this.h = 0;
      }
    }
  }
  private evaluateInside<T>(mode: Mode, run: (level: NestedTape | DualLevel) => T): T {
    const depth = this.levels.length + 2;
    const level = mode === Mode.dual ? new DualLevel(depth) : new NestedTape(depth);
    const before = this.mode;
    const { open } = this.list;
    this.levels.push(level);
    this.mode = Mode.nested;
    this.list.open = false;
    try {
      return run(level);
    } finally {
      level.alive = false;
      this.levels.pop();
      this.mode = before;
      this.list.open = open && this.texts === 0;
    }
  }

  // ---- operations ----

  /** Records an operation: the general way, for every mode and level. */
  record(rule: Rule, xs: readonly number[], hs: readonly Handle[], y: number): Handle {
    if (rule.kind === "step" || this.session === 0) return 0;
    let depth = 0;
    for (const h of hs) {
      if (h === 0) continue;
      if (typeof h === "number") depth = Math.max(depth, 1);
      else if (h instanceof Active) {
        if (!h.level.alive) throw escaped();
        depth = Math.max(depth, h.level.depth);
      } else throw stale();
    }
    if (depth === 0) return 0;
    return depth === 1
      ? this.recordRoot(rule, xs, hs as number[], y)
      : this.recordInner(rule, xs, hs, y, depth);
  }

  private recordRoot(rule: Rule, xs: readonly number[], hs: readonly number[], y: number): number {
    if (this.rootMode === Mode.trace) return this.trace!.push(rule, xs, hs, y);
    const partials = rule.partials(numbers, y, ...xs);
    if (this.rootMode === Mode.dual) {
      let tangent = 0;
      for (let k = 0; k < hs.length; k++) tangent += strongProduct(partials[k], hs[k]);
      return tangent;
    }
    let entry = this.list.push(
      partials[0],
      hs[0],
      hs.length > 1 ? partials[1] : 0,
      hs.length > 1 ? hs[1] : 0,
    );
    for (let k = 2; k < hs.length; k++) entry = this.list.push(1, entry, partials[k], hs[k]);
    return entry;
  }

  private recordInner(
    rule: Rule,
    xs: readonly number[],
    hs: readonly Handle[],
    y: number,
    depth: number,
  ): Handle {
    const level = this.levels[depth - 2] as NestedTape | DualLevel;
    const own = hs.map((h) => (h instanceof Active && h.level === level ? h : null));
    const outer = hs.map((h, k) => (own[k] ? own[k].outer : h));
    const yOuter = outer.every((h) => h === 0) ? 0 : this.record(rule, xs, outer, y);
    const operands = xs.map((v, k): Pair => ({ v, h: outer[k] }));
    const partials = rule.partials(this.pairs, { v: y, h: yOuter }, ...operands);
    if (level instanceof DualLevel) {
      let tangent: Pair = { v: 0, h: 0 };
      own.forEach((active, k) => {
        if (active)
          tangent = this.sum(tangent, this.product(partials[k], { v: active.own, h: active.ownOuter }));
      });
      return new Active(level, yOuter, tangent.v, tangent.h);
    }
    const index = level.push(
      own.map((active) => (active ? active.own : 0)),
      partials,
    );
    return new Active(level, yOuter, index, 0);
  }

  /** Arithmetic on pairs, recorded on the levels that their handles belong to. */
  readonly pairs = pairAlgebra((rule, xs, hs, y) => this.record(rule, xs, hs, y));
  sum(a: Pair, b: Pair): Pair {
    if (a.v === 0 && a.h === 0) return b;
    return b.v === 0 && b.h === 0 ? a : this.pairs.add(a, b);
  }
  /** A partial times a tangent or adjoint, with strong zeros. */
  product(partial: Pair, sensitivity: Pair): Pair {
    const zero = { v: 0, h: 0 };
    if ((partial.v === 0 && partial.h === 0) || (sensitivity.v === 0 && sensitivity.h === 0)) return zero;
    if (partial.v === 0 && !Number.isFinite(sensitivity.v)) return zero;
    if (sensitivity.v === 0 && !Number.isFinite(partial.v)) return zero;
    return this.pairs.mul(partial, sensitivity);
  }

  /** An operation by a program whose operands may be anything: text counts as the number it spells. */
  slow(rule: Rule, xs: readonly unknown[], hs: readonly Handle[], y: unknown): Handle {
    if (typeof y !== "number") {
      // text, by +
      if (typeof y === "string") this.told();
      return 0;
    }
    const values = xs.map((x, k) => {
      if (typeof x === "object" && hs[k] === 0 && this.heap.traced(x)) throw converted();
      if (typeof x !== "number" && hs[k] === 0 && (typeof x === "string" || typeof x === "object"))
        this.spelled();
      return Number(x);
    });
    return this.record(rule, values, hs, y);
  }

  /** After an operation on operands without handles: objects, or any once texts of traced values are about. */
  untraced(y: unknown, a: unknown, b: unknown): 0 {
    for (const x of [a, b]) {
      if (this.session === 0 || typeof x === "number") continue;
      const traced = typeof x === "object" && this.heap.traced(x);
      if (traced && typeof y === "string") this.told();
      else if (traced) throw converted();
      else if (typeof y === "number" && (typeof x === "string" || (typeof x === "object" && x !== null)))
        this.spelled();
    }
    return 0;
  }
  /** A text is made of a traced value: from now on, numbers made of text are looked at. */
  told(): void {
    this.texts++;
    this.list.open = false;
  }
  /** A number is made of text in an evaluation in which traced values became text. */
  spelled(): void {
    if (this.session === 0 || this.texts === 0) return;
    throw new WengertError(
      "a number is made of text after a traced value became text, which loses its derivative",
      "compute with the number itself, or write stopGradient(x) where the text is made",
    );
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
