/**
 * Shadows: what containers that hold plain numbers know of their handles.
 *
 * What: one class for each reason why a container cannot or need not hold boxes: an argument's copy whose elements
 * were not touched yet, an argument's original, a buffer of doubles, a container that an earlier evaluation wrote to,
 * a Map or Set with traced keys. Why: reading an element asks one question, whether there is a shadow at all.
 */
import { WengertError } from "../source/positions.ts";
import { Box, type Handle, Shadow, Stale } from "./handle.ts";
import type { Recorder } from "./recorder.ts";

/** A property key with indices as numbers. */
function placeOf(key: PropertyKey): PropertyKey {
  const k = indexOf(key);
  return k >= 0 ? k : key;
}
function isAccessor(object: object, key: PropertyKey): boolean {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor) return descriptor.get !== undefined;
  }
  return false;
}

export function indexOf(key: PropertyKey): number {
  if (typeof key === "number") return key;
  if (typeof key === "string" && /^(0|[1-9]\d*)$/.test(key)) return Number(key);
  return -1;
}

/** The copy of an argument that is differentiated by: the original gets what was written when f is done. */
export class Lifted extends Shadow {
  written = false;
  /** The elements' handles while none of them was touched otherwise: they lie in a row from the first. */
  readonly handles: { first: number; count: number } | { tangents: Float64Array } | null;
  plain: boolean;
  readonly session: number;
  constructor(
    private readonly recorder: Recorder,
    readonly copy: object,
    readonly original: object,
    handles: Lifted["handles"],
    /** For a typed array: where its handles are. */
    readonly buffer: BufferShadow | null = null,
  ) {
    super();
    this.handles = handles;
    this.plain = handles !== null;
    this.first = handles !== null && "first" in handles ? handles.first : 0;
    this.session = recorder.session;
    const compared = this.first > 0 || recorder.levels.length > 0;
    this.initial = compared ? null : this.members(true);
  }
  /** What the original held; flat lists are compared with the inputs, arguments of inner calls are f's own. */
  private readonly initial: ArrayLike<unknown> | null;
  private members(copy: boolean): ArrayLike<unknown> {
    const { original } = this;
    if (ArrayBuffer.isView(original))
      return copy ? (original as Float64Array).slice() : (original as Float64Array);
    if (this.handles !== null) return copy ? (original as unknown[]).slice() : (original as unknown[]);
    return Object.values(Object.getOwnPropertyDescriptors(original)).map((d) => d.value);
  }
  /** Whether the original still holds what it held. */
  untouched(): boolean {
    if (this.initial === null) return true;
    const now = this.members(false);
    if (now.length !== this.initial.length) return false;
    for (let k = 0; k < now.length; k++) if (!Object.is(now[k], this.initial[k])) return false;
    return true;
  }
  handle(container: object, key: PropertyKey, value: number): Handle {
    if (this.buffer) return this.buffer.handle(container, key, value);
    if (!this.plain) return 0;
    const h = this.at(typeof key === "number" ? key : indexOf(key));
    return h === 0 || this.session === this.recorder.session ? h : Stale.instance;
  }
  private at(k: number): number {
    const handles = this.handles as NonNullable<Lifted["handles"]>;
    if ("first" in handles) return k >= 0 && k < handles.count ? handles.first + k : 0;
    return handles.tangents[k] ?? 0;
  }
  /** Makes the elements boxes, for all that is more than reading an element. */
  materialize(): void {
    if (!this.plain) return;
    const copy = this.copy as unknown[];
    for (let k = 0; k < copy.length; k++) copy[k] = this.recorder.box(copy[k], this.at(k));
    this.plain = false;
    this.first = 0;
  }
  set(container: object, key: PropertyKey, v: unknown, h: Handle): void {
    this.touch();
    if (this.buffer) this.buffer.set(container, key, v, h);
    else (container as Record<PropertyKey, unknown>)[key] = this.recorder.box(v, h);
  }
  /** Before anything is written. */
  touch(): void {
    if (this.written || Object.isFrozen(this.copy)) return;
    this.materialize();
    this.written = true;
    this.recorder.heap.originalWritten(this);
  }
}

/** The original of an argument whose copy was written: it is out of date until f is done. */
export class OutOfDate extends Shadow {
  handle(): never {
    throw new WengertError(
      "an argument that f has written to is read through another name",
      "read it through the parameter, or pass a copy",
    );
  }
  set(): never {
    return this.handle();
  }
}

/** What an earlier evaluation left in a container, made plain again. */
export class LeftOver extends Shadow {
  private readonly values = new Map<PropertyKey, number>();
  constructor(protected readonly recorder: Recorder) {
    super();
  }
  get empty(): boolean {
    return this.values.size === 0;
  }
  leave(key: PropertyKey, value: number): void {
    this.values.set(placeOf(key), value);
  }
  handle(container: object, key: PropertyKey, value: number): Handle {
    if (this.recorder.session === 0 || this.values.size === 0) return 0;
    const left = this.values.get(placeOf(key));
    if (left !== undefined) return Object.is(left, value) ? Stale.instance : 0;
    // a getter that only hands on a member is not recorded: its value may be one of those
    if (Array.isArray(container) || container === globalThis || !isAccessor(container, key)) return 0;
    for (const other of this.values.values()) if (Object.is(other, value)) return Stale.instance;
    return 0;
  }
  set(container: object, key: PropertyKey, v: unknown, h: Handle): void {
    this.values.delete(placeOf(key));
    if (h !== 0) this.recorder.heap.note(container, key);
    (container as Record<PropertyKey, unknown>)[key] = this.recorder.box(v, h);
  }
}

type FloatArray = Float64Array | Float32Array;

/** The handles of the doubles in a buffer, whichever view they are read through. */
export class BufferShadow extends Shadow {
  private store: Int32Array | Handle[];
  private session: number;
  private snapshot: FloatArray | null = null;
  constructor(
    private readonly recorder: Recorder,
    private readonly type: Float64ArrayConstructor | Float32ArrayConstructor,
    private readonly buffer: ArrayBufferLike,
    handles: Int32Array | Handle[] | null,
    /** Made in this evaluation: nobody outside can have written to it since. */
    readonly fresh: boolean,
  ) {
    super();
    this.session = recorder.session;
    this.store = handles ?? new Int32Array(Math.floor(buffer.byteLength / type.BYTES_PER_ELEMENT));
  }
  /** Throws if the buffer is looked at through a view of another type. */
  check(view: object): void {
    if (view.constructor !== this.type && !(view instanceof this.type))
      throw new WengertError(
        "the bytes of a traced value are read or written through a view of another type",
        "use one Float64Array for the values",
      );
  }
  private slot(view: FloatArray, key: PropertyKey): number {
    this.check(view);
    const k = indexOf(key);
    return k < 0 || k >= view.length ? -1 : view.byteOffset / this.type.BYTES_PER_ELEMENT + k;
  }
  handle(view: object, key: PropertyKey, value: number): Handle {
    if (this.recorder.session === 0 || indexOf(key) < 0) return 0;
    const k = this.slot(view as FloatArray, key);
    if (k < 0) return 0;
    const h = this.store[k] ?? 0;
    if (h === 0) return 0;
    if (this.session !== this.recorder.session)
      return this.snapshot === null || Object.is(this.snapshot[k], value) ? Stale.instance : 0;
    return h === -1 && this.store instanceof Int32Array ? Stale.instance : h;
  }
  set(view: object, key: PropertyKey, v: unknown, h: Handle): void {
    const k = this.slot(view as FloatArray, key);
    (view as FloatArray)[key as number] = v as number;
    if (k < 0 || this.recorder.session === 0) return;
    if (this.session !== this.recorder.session) this.renew();
    if (
      this.store instanceof Int32Array &&
      (typeof h !== "number" || !Number.isInteger(h) || this.recorder.rootMode === 2)
    )
      this.store = Array.from(this.store, (x) => (x === -1 ? Stale.instance : x));
    this.store[k] = h as number;
  }
  /** What an earlier evaluation left stays marked when a new one begins to write. */
  private renew(): void {
    const now = new this.type(this.buffer as ArrayBuffer);
    const old = this.store;
    const left = new Int32Array(now.length);
    for (let k = 0; k < left.length; k++)
      if (old[k] && (this.snapshot === null || Object.is(this.snapshot[k], now[k]))) left[k] = -1;
    this.store = left;
    this.session = this.recorder.session;
    this.snapshot = null;
  }
  /** At the end of an evaluation: what the buffer holds now is what that evaluation left. */
  close(): void {
    if (!this.fresh) this.snapshot = new this.type(this.buffer as ArrayBuffer).slice();
  }
  /** Nothing of it is left over any more. */
  clear(): void {
    this.store = new Int32Array(this.store.length);
  }
}

export type Collection = Map<unknown, unknown> | Set<unknown> | WeakMap<object, unknown> | WeakSet<object>;
export function isCollection(x: object): x is Collection {
  return x instanceof Map || x instanceof Set || x instanceof WeakMap || x instanceof WeakSet;
}

/** The traced keys of a Map or elements of a Set, by value, and what earlier evaluations left under keys. */
export class CollectionShadow extends LeftOver {
  readonly boxes = new Map<unknown, Box>();
  readonly entries: Map<unknown, unknown> | WeakMap<object, unknown>;
  constructor(recorder: Recorder, collection: Collection) {
    super(recorder);
    this.entries = collection instanceof WeakMap ? new WeakMap() : new Map();
  }
  override get empty(): boolean {
    return super.empty && this.boxes.size === 0 && (this.entries as Map<unknown, unknown>).size === 0;
  }
  /** The value found under a key: boxed as stale where an earlier evaluation left it. */
  entry(key: unknown, value: unknown): unknown {
    return typeof value === "number" && Object.is(this.entries.get(key as object), value)
      ? new Box(value, Stale.instance, this.recorder.session)
      : value;
  }
  boxed(key: unknown): unknown {
    const box = this.boxes.get(key);
    if (!box) return key;
    const h = this.recorder.handleOf(box);
    return h instanceof Stale ? new Box(box.v, h, this.recorder.session) : this.recorder.box(box.v, h);
  }
}
