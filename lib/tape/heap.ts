/**
 * The heap of an evaluation: traced values in containers, and how everything is plain again afterwards.
 *
 * What: writes of traced values, a note of the containers written to, and at the end the way back: boxes become
 * numbers, arguments get what was written to their copies, and what is left outside is marked, so that its later use
 * under a derivative is an error rather than a silent constant. See shadows.ts and handle.ts.
 */
import { WengertError } from "../source/positions.ts";
import { bareCopy, containsTraced } from "./contents.ts";
import { Box, type Handle, Shadow } from "./handle.ts";
import { converted, nameOf } from "./problems.ts";
import type { Read, Recorder, Write } from "./recorder.ts";
import {
  BufferShadow,
  type Collection,
  CollectionShadow,
  indexOf,
  isCollection,
  LeftOver,
  Lifted,
  OutOfDate,
} from "./shadows.ts";
import { WayBack } from "./way-back.ts";

type Keyed = Record<PropertyKey, unknown>;
const TypedArray = Object.getPrototypeOf(Float64Array);

export class Heap {
  /** Containers written to: the keys, or null for all of them. */
  private readonly noted = new Map<object, Set<PropertyKey> | null>();
  /** What else is to be done so that everything is plain again. */
  private readonly endings: (() => void)[] = [];
  private readonly lifted: Lifted[] = [];
  private readonly originals = new Map<object, Lifted[]>();
  private readonly buffers = new WeakMap<ArrayBufferLike, Shadow>();
  private readonly outOfDateBuffers: ArrayBufferLike[] = [];
  private touched: BufferShadow[] = [];
  private bufferCount = 0;
  /** Counts what is left over: as long as that stays the same, nobody has to look at the same values again. */
  leftOvers = 0;

  constructor(private readonly recorder: Recorder) {
    const heap = this;
    // views of a buffer are found by the buffer: a view made elsewhere sees the same handles
    Object.defineProperty(TypedArray.prototype, recorder.shadow, {
      configurable: true,
      get(this: ArrayBufferView) {
        if (heap.bufferCount === 0 || recorder.session === 0) return undefined;
        if (ArrayBuffer.isView(this)) return heap.buffers.get(this.buffer);
        throw new WengertError(
          "an object that stands for a typed array, such as a Proxy of one, is used",
          "use the typed array itself",
        );
      },
    });
  }

  shadowOf(container: unknown): Shadow | undefined {
    if (typeof container !== "object" || container === null) return undefined;
    const shadow = (container as Keyed)[this.recorder.shadow as never];
    return shadow instanceof Shadow ? shadow : undefined;
  }
  putShadow(container: object, shadow: Shadow): void {
    Object.defineProperty(container, this.recorder.shadow, {
      value: shadow,
      configurable: true,
      writable: true,
    });
  }

  // ---- writing ----

  set(container: object, key: PropertyKey, v: unknown, h: Handle): void {
    const shadow = this.shadowOf(container);
    if (shadow && this.recorder.session !== 0) {
      shadow.set(container, key, v, h);
      return;
    }
    if (h !== 0 && this.recorder.session !== 0) {
      if (ArrayBuffer.isView(container)) {
        if (container instanceof Float64Array || container instanceof Float32Array)
          this.shadowBuffer(container, null, false).set(container, key, v, h);
        else (container as unknown as Keyed)[key] = v;
        return;
      }
      if (key === "length" && Array.isArray(container)) this.recorder.tracedKey("the length of an array");
      this.note(container, key);
      if (!Object.isExtensible(container) && !Object.isFrozen(container))
        throw new WengertError(
          "a traced value is written to a sealed object",
          "write to an object that is not sealed",
        );
      (container as Keyed)[key] = this.recorder.box(v, h);
      return;
    }
    if (typeof v === "object" && v !== null && this.recorder.session !== 0) this.note(container, key);
    if (ArrayBuffer.isView(container)) {
      if (typeof v === "string") this.recorder.spelled();
      else if (typeof v === "object" && this.traced(v)) throw converted();
    }
    (container as Keyed)[key] = v;
  }

  /** Remembers that traced values may lie in a container (under a key). */
  note(container: unknown, key?: PropertyKey): void {
    if (typeof container !== "object" && typeof container !== "function") return;
    if (container === null) return;
    if (this.originals.has(container))
      throw new WengertError(
        "an argument is written to through another name",
        "write to it through the parameter",
      );
    const keys = this.noted.get(container);
    if (keys === null) return;
    const target = (container as Keyed)[this.recorder.target];
    if (target !== undefined) {
      this.note(target);
      return;
    }
    if (key !== undefined && key !== "length" && Array.isArray(container) && indexOf(key) < 0) {
      // a name on a list
      this.endings.push(() => new WayBack(this, this.recorder).container(container, new Set([key])));
    } else if (key === undefined || Array.isArray(container)) this.noted.set(container, null);
    else if (keys) keys.add(key);
    else this.noted.set(container, new Set([key]));
  }
  /** Before a method changes a container as a whole. */
  touch(container: object): void {
    const shadow = this.shadowOf(container);
    if (shadow instanceof Lifted) shadow.touch();
    else if (shadow instanceof OutOfDate) shadow.set();
    else this.note(container);
  }
  /** What an argument's copy stands for. */
  originalOf(object: object): object {
    const shadow = this.shadowOf(object);
    return shadow instanceof Lifted ? shadow.original : object;
  }
  private readonly variables: { copy: unknown; replace: (copy: unknown, original: unknown) => void }[] = [];
  /** Remembers what a variable outside was given; an argument's copy becomes the argument in the end. */
  left(value: unknown, replace?: (copy: unknown, original: unknown) => void): void {
    if (replace && this.shadowOf(value) instanceof Lifted) this.variables.push({ copy: value, replace });
    else this.note(value);
  }
  /** Remembers that a private field may hold a traced value, or an argument's copy. */
  hide(object: object, key: string, read: Read, write: Write): void {
    this.endings.push(() => {
      const raw = read(object);
      if (raw instanceof Box) {
        // what nobody can mark keeps its box, whose use is an error
        if (!Object.isExtensible(object)) return;
        write(object, raw.v);
        this.leftOver(object).leave(key, raw.v);
      } else if (this.shadowOf(raw) instanceof Lifted) write(object, this.originalOf(raw as object));
    });
  }
  /** The same for an entry of a WeakMap, which cannot be walked. */
  hideEntry(map: WeakMap<object, unknown>, key: object): void {
    this.endings.push(() => {
      const original = this.originalOf(key);
      let value = map.get(key);
      if (original !== key && map.delete(key)) map.set(original, value);
      if (value instanceof Box) {
        map.set(original, (value = value.v));
        this.collection(map).entries.set(original, value);
      } else if (this.shadowOf(value) instanceof Lifted) map.set(original, this.originalOf(value as object));
    });
  }
  atEnd(ending: () => void): void {
    this.endings.push(ending);
  }
  /** A member that an argument's copy does not have: a long list is copied without its names. */
  beside(container: object, key: PropertyKey): unknown {
    const shadow = this.shadowOf(container);
    return shadow instanceof Lifted && Array.isArray(container) && indexOf(key) < 0 && key !== "length"
      ? (shadow.original as unknown as Keyed)[key]
      : undefined;
  }

  // ---- arguments ----

  addLifted(lifted: Lifted): void {
    this.lifted.push(lifted);
    const same = this.originals.get(lifted.original);
    if (same) same.push(lifted);
    else this.originals.set(lifted.original, [lifted]);
    this.putShadow(lifted.copy, lifted);
  }
  /** The copy of an argument is about to be written: nobody may look at the original until f is done. */
  originalWritten({ original }: Lifted): void {
    const view = ArrayBuffer.isView(original) ? original : null;
    const places = this.lifted.filter(
      (l) =>
        l.original === original ||
        (view && ArrayBuffer.isView(l.original) && l.original.buffer === view.buffer),
    );
    if (places.length > 1)
      throw new WengertError(
        "an object that stands in two places of the arguments is written to",
        "pass copies",
      );
    if (view) {
      // every view of its memory
      this.buffers.set(view.buffer, new OutOfDate());
      this.outOfDateBuffers.push(view.buffer);
      this.bufferCount++;
    } else if (Object.isExtensible(original)) this.putShadow(original, new OutOfDate());
  }
  /** After f: an argument that f changed behind its parameter's back gave wrong values. */
  verifyArguments(initial: (lifted: Lifted) => boolean): void {
    for (const lifted of this.lifted)
      if (!initial(lifted) || !lifted.untouched())
        throw new WengertError(
          "an argument is written to through another name",
          "write to it through the parameter",
        );
  }
  /** An argument that is not differentiated by is a point of the caller's: nothing in it is left over. */
  forget(value: unknown, seen = new Set<object>()): void {
    if (this.leftOvers === 0 || typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    const shadow = this.shadowOf(value);
    if (shadow instanceof LeftOver) delete (value as Keyed)[this.recorder.shadow as never];
    if (shadow instanceof BufferShadow) shadow.clear();
    if (ArrayBuffer.isView(value)) return;
    if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
      for (const item of Object.values(value)) if (typeof item === "object") this.forget(item, seen);
  }

  // ---- buffers ----

  shadowBuffer(
    view: Float64Array | Float32Array,
    handles: Int32Array | Handle[] | null,
    fresh: boolean,
  ): BufferShadow {
    const known = this.buffers.get(view.buffer);
    if (known instanceof OutOfDate) known.handle();
    let shadow = known as BufferShadow | undefined;
    if (!shadow) {
      const type = view instanceof Float64Array ? Float64Array : Float32Array;
      shadow = new BufferShadow(this.recorder, type, view.buffer, handles, fresh);
      this.buffers.set(view.buffer, shadow);
      this.bufferCount++;
      this.putShadow(view, shadow);
    }
    if (!shadow.fresh && !this.touched.includes(shadow)) this.touched.push(shadow);
    return shadow;
  }

  // ---- for native code ----

  /** Elements for native code: boxed where they are traced. */
  each(iterable: unknown): unknown {
    const shadow = this.shadowOf(iterable);
    if (shadow === undefined) return iterable;
    if (Array.isArray(iterable) && !(shadow instanceof LeftOver)) return this.solid(iterable);
    if (Array.isArray(iterable) || ArrayBuffer.isView(iterable)) {
      const list = iterable as unknown[];
      return Array.from({ length: list.length }, (_, k) => this.element(list, k));
    }
    if (!(shadow instanceof CollectionShadow)) return iterable;
    if (iterable instanceof Map)
      return Array.from(iterable, ([k, v]) => [shadow.boxed(k), shadow.entry(k, v)]);
    if (iterable instanceof Set) return Array.from(iterable, (k) => shadow.boxed(k));
    return iterable;
  }
  /** An element, boxed if it is traced. */
  element(list: object, key: PropertyKey): unknown {
    const raw = (list as Keyed)[key];
    const v = this.recorder.got(list, key, raw);
    return this.boxStale(v, this.recorder.h);
  }
  boxStale(v: unknown, h: Handle): unknown {
    return h === 0 ? v : new Box(v as number, h, this.recorder.session);
  }
  /** An object itself, its elements boxed if they were not touched before. */
  settled<T>(object: T): T {
    const shadow = this.shadowOf(object);
    if (shadow instanceof Lifted) shadow.materialize();
    return object;
  }
  /** An object whose properties native code may read. */
  solid<T>(object: T): T {
    const shadow = this.shadowOf(object);
    if (shadow instanceof Lifted && shadow.buffer === null) shadow.materialize();
    else if (shadow instanceof OutOfDate) shadow.handle();
    else if (shadow instanceof LeftOver || shadow instanceof BufferShadow || shadow instanceof Lifted)
      return new Proxy(object as object, { get: (target, key) => this.element(target, key) }) as T;
    return object;
  }
  /** A structure that native code takes apart, down to a depth: boxed where it is traced. */
  deep(value: unknown, depth: number): unknown {
    if (depth === 0 || typeof value !== "object" || value === null || value instanceof Box) return value;
    const inner = (v: unknown): unknown => this.deep(v, depth - 1);
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = this.each(value) as unknown[];
      return depth > 1 && Array.isArray(list) ? list.map(inner) : list;
    }
    const object = this.solid(value);
    if (depth === 1) return Symbol.iterator in object ? this.each(object) : object;
    if (Symbol.iterator in object) {
      const iterable = this.each(object) as Iterable<unknown>;
      return (function* () {
        for (const v of iterable) yield inner(v);
      })();
    }
    return new Proxy(object, { get: (target, key) => inner(Reflect.get(target, key)) });
  }
  /** A plain copy for text, or the value itself where nothing in it is traced. */
  bare(value: unknown, taint: boolean): unknown {
    if (!this.traced(value)) return value;
    if (taint) this.recorder.told();
    return bareCopy(value);
  }
  /** The same value with nothing traced in it. */
  constant(value: unknown): unknown {
    if (ArrayBuffer.isView(value) && this.traced(value)) return (value as Float64Array).slice();
    return this.traced(value) ? bareCopy(value) : value;
  }
  /** Whether an earlier evaluation may have left traced values in the value of a variable, or in the variable. */
  isLeftOver(value: unknown, name: string): boolean {
    if (ArrayBuffer.isView(value)) return this.buffers.has(value.buffer);
    if (typeof value === "number") return this.recorder.globals > 0 && name in globalThis;
    return this.traced(value);
  }
  traced(value: unknown): boolean {
    return containsTraced(value, (container) => this.shadowOf(container));
  }
  /** Code that is not prepared gets no traced value. */
  refuse(f: Function, self: unknown, args: unknown[]): void {
    if (!this.traced(self) && !args.some((a) => this.traced(a))) return;
    throw new WengertError(
      `${nameOf(f)} is not prepared for differentiation and got a traced value`,
      "write it in a cell or in a file that a cell imports, give it a derivative, or pass stopGradient(x)",
    );
  }

  // ---- the end ----

  /** Makes everything that f touched plain again. */
  restore(): void {
    try {
      this.restoreAll();
    } finally {
      this.forgetAll();
    }
  }
  private restoreAll(): void {
    const back = new WayBack(this, this.recorder);
    // from the innermost evaluation outwards: what is written to an argument there may be an argument further out
    const byCopy = new Map<object, Lifted>(this.lifted.map((lifted) => [lifted.copy, lifted]));
    for (const lifted of this.lifted.reverse()) {
      lifted.first = 0;
      if (lifted.written) {
        const outer = byCopy.get(lifted.original);
        if (outer) outer.written = true;
      }
      back.argument(lifted);
    }
    for (const [container, keys] of this.noted) back.container(container, keys);
    for (const { copy, replace } of this.variables) replace(copy, this.originalOf(copy as object));
    for (const ending of this.endings) ending();
    for (const shadow of this.touched) {
      shadow.close();
      this.leftOvers++;
    }
  }
  private forgetAll(): void {
    for (const buffer of this.outOfDateBuffers) this.buffers.delete(buffer);
    this.bufferCount -= this.outOfDateBuffers.length;
    this.outOfDateBuffers.length = 0;
    this.touched = [];
    this.noted.clear();
    this.endings.length = 0;
    this.variables.length = 0;
    this.lifted.length = 0;
    this.originals.clear();
  }
  /** What an evaluation leaves in a container. */
  leftOver(container: object): LeftOver {
    if (isCollection(container)) return this.collection(container);
    let shadow = (container as Keyed)[this.recorder.shadow as never] as unknown;
    if (!(shadow instanceof LeftOver)) {
      shadow = new LeftOver(this.recorder);
      if (Object.isExtensible(container)) this.putShadow(container, shadow as Shadow);
    }
    this.leftOvers++;
    return shadow as LeftOver;
  }
  /** What is known of the entries of a collection. */
  collection(container: Collection): CollectionShadow {
    let shadow = this.shadowOf(container);
    if (!(shadow instanceof CollectionShadow)) {
      shadow = new CollectionShadow(this.recorder, container);
      if (Object.isExtensible(container)) this.putShadow(container, shadow);
    }
    this.leftOvers++;
    return shadow as CollectionShadow;
  }
}
