/**
 * The way back from an evaluation: everything that f touched becomes plain again.
 *
 * What: boxes become numbers, with a mark where they lay; arguments get what was written to their copies, and take the
 * places of these wherever f put them.
 */
import { Box } from "./handle.ts";
import type { Heap } from "./heap.ts";
import type { Recorder } from "./recorder.ts";
import { Lifted } from "./shadows.ts";

type Keyed = Record<PropertyKey, unknown>;
const { forEach: mapEach, set: mapSet } = Map.prototype;
const { forEach: setEach } = Set.prototype;

export class WayBack {
  private readonly seen = new Set<object>();
  constructor(
    private readonly heap: Heap,
    private readonly recorder: Recorder,
  ) {}

  /** A container, under some keys or as a whole. */
  container(container: object, keys: Set<PropertyKey> | null): void {
    if (keys === null) {
      const target = (container as Keyed)[this.recorder.target];
      if (target !== undefined) {
        this.value(target);
        return;
      }
      if (this.seen.has(container)) return;
      this.seen.add(container);
    }
    if (container instanceof Map || container instanceof Set) {
      if (keys === null) this.collection(container);
    }
    if (ArrayBuffer.isView(container)) return;
    if (Array.isArray(container) && keys === null) {
      for (let k = 0; k < container.length; k++) {
        const v = container[k];
        if (typeof v === "number") continue;
        if (v instanceof Box) this.plain(container, k, v);
        else if (this.heap.shadowOf(v) instanceof Lifted) container[k] = this.heap.originalOf(v);
        else this.value(v);
      }
      return;
    }
    const prototype = Object.getPrototypeOf(container);
    if (keys === null && prototype !== null && !Object.hasOwn(prototype, "constructor"))
      this.value(prototype);
    for (const k of keys ?? Reflect.ownKeys(container)) {
      const descriptor = Object.getOwnPropertyDescriptor(container, k);
      if (!descriptor || !("value" in descriptor)) {
        if (keys) this.container(container, null);
        continue;
      }
      if (descriptor.value instanceof Box) this.plain(container, k, descriptor.value);
      else if (this.heap.shadowOf(descriptor.value) instanceof Lifted)
        Reflect.set(container, k, this.heap.originalOf(descriptor.value));
      else if (k !== this.recorder.shadow) this.value(descriptor.value);
    }
  }
  private collection(collection: Map<unknown, unknown> | Set<unknown>): void {
    const settled = (v: unknown): unknown => {
      if (this.heap.shadowOf(v) instanceof Lifted) return this.heap.originalOf(v as object);
      this.value(v);
      return v;
    };
    let moved = false;
    // the methods of Map and Set themselves: a class may have others
    if (collection instanceof Map)
      mapEach.call(collection, (v, k) => {
        const key = settled(k);
        moved ||= key !== k;
        if (v instanceof Box) this.heap.collection(collection).entries.set(key as object, v.v);
        const plain = v instanceof Box ? v.v : settled(v);
        if (plain !== v) mapSet.call(collection, k, plain);
      });
    else
      setEach.call(collection, (v) => {
        moved ||= settled(v) !== v;
      });
    if (!moved) return;
    // an argument takes the place of its copy, in the same order
    if (collection instanceof Map) {
      const entries: [unknown, unknown][] = [];
      mapEach.call(collection, (v, k) => void entries.push([settled(k), v]));
      Map.prototype.clear.call(collection);
      for (const [k, v] of entries) mapSet.call(collection, k, v);
    } else {
      const elements: unknown[] = [];
      setEach.call(collection, (v) => void elements.push(settled(v)));
      Set.prototype.clear.call(collection);
      for (const v of elements) Set.prototype.add.call(collection, v);
    }
  }
  private plain(container: object, key: PropertyKey, box: Box): void {
    const shadow = this.heap.shadowOf(container);
    // a constant property is defined anew; what is frozen keeps its box, whose use is an error
    const put =
      Reflect.set(container, key, box.v) || Reflect.defineProperty(container, key, { value: box.v });
    if (!put) return;
    if (!(shadow instanceof Lifted)) this.heap.leftOver(container).leave(key, box.v);
  }
  private value(value: unknown): void {
    if (typeof value === "object" && value !== null && !(value instanceof Box)) this.container(value, null);
  }

  /** Gives an argument back what was written to its copy. */
  argument(lifted: Lifted): void {
    const { copy, original, written, plain } = lifted;
    if (ArrayBuffer.isView(copy)) {
      const [from, to] = [copy, original] as Float64Array[];
      if (from.some((v, k) => !Object.is(v, to[k]))) to.set(from);
      return;
    }
    if (!written) {
      if (!plain) this.container(copy, null);
      return;
    }
    const target = original as Keyed & unknown[];
    delete target[this.recorder.shadow as never];
    this.container(copy, null);
    const source = copy as Keyed & unknown[];
    const ours = (v: unknown): unknown => (typeof v === "object" && v !== null ? this.heap.originalOf(v) : v);
    if (Array.isArray(copy)) target.length = source.length;
    else for (const k of Reflect.ownKeys(target)) if (!(k in source)) delete target[k as never];
    for (const k of Reflect.ownKeys(source)) {
      const { value, get } = Object.getOwnPropertyDescriptor(source, k) as PropertyDescriptor;
      if (get || k === this.recorder.shadow || (k === "length" && Array.isArray(copy))) continue;
      const v = ours(value);
      if (!Object.is(v, (target as Keyed)[k])) Reflect.set(target, k, v);
    }
  }
}
