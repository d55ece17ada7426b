/**
 * The loops of recording programs: `for (const x of xs)` over values, with their handles beside.
 */
import type { Handle } from "./handle.ts";
import type { Recorder } from "./recorder.ts";

/** A loop over an iterable: values, with the handle of the last one beside. */
export class Walk implements IterableIterator<unknown> {
  h: Handle = 0;
  private readonly list: ArrayLike<unknown> | null;
  private readonly inner: Iterator<unknown> | null;
  private k = 0;
  private readonly result: { done: boolean; value: unknown } = { done: false, value: undefined };
  constructor(
    private readonly recorder: Recorder,
    iterable: unknown,
  ) {
    const direct = isWalkedByIndex(iterable);
    this.list = direct ? iterable : null;
    this.inner = direct ? null : (recorder.each(iterable) as Iterable<unknown>)[Symbol.iterator]();
  }
  [Symbol.iterator](): this {
    return this;
  }
  next(): IteratorResult<unknown> {
    const { result } = this;
    let raw: unknown;
    if (this.list !== null) {
      const k = this.k++;
      if (k >= this.list.length) {
        this.k--;
        result.done = true;
        result.value = undefined;
        return result as IteratorResult<unknown>;
      }
      raw = this.recorder.got(this.list, k, this.list[k]);
      this.h = this.recorder.h;
    } else {
      const step = (this.inner as Iterator<unknown>).next();
      if (step.done) return step;
      raw = this.recorder.open(step.value);
      this.h = this.recorder.h;
    }
    result.done = false;
    result.value = raw;
    return result as IteratorResult<unknown>;
  }
  return(value?: unknown): IteratorResult<unknown> {
    this.inner?.return?.(value);
    return { done: true, value };
  }
}

const arrayIterator = Array.prototype[Symbol.iterator];
const typedIterator = Float64Array.prototype[Symbol.iterator];
/** What a loop reads element by element, each when its turn comes: the body may write to those that follow. */
function isWalkedByIndex(x: unknown): x is unknown[] | Float64Array {
  if (Array.isArray(x)) return x[Symbol.iterator] === arrayIterator;
  return (x instanceof Float64Array || x instanceof Float32Array) && x[Symbol.iterator] === typedIterator;
}
