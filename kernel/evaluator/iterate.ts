/**
 * `for await` and `yield*` in code that runs as a generator.
 *
 * What: the steps of such a loop, which lower.ts writes as a plain one: `next` and `close` give what is to be awaited,
 * `take` says whether the body runs; and the generator that hands on what another yields. Reference: ECMA-262,
 * ForIn/OfBodyEvaluation, CreateAsyncFromSyncIterator, and the evaluation of `yield*`.
 */

interface Steppable {
  next(value?: unknown): unknown;
  throw?(error: unknown): unknown;
  return?(value?: unknown): unknown;
}

export class Steps {
  /** What the body gets. */
  value: unknown;
  /** Whether the source must be told when the loop ends now. */
  open = false;
  readonly #source: Steppable;
  readonly #isAsync: boolean;
  #failed = false;

  constructor(source: any) {
    const begin = source[Symbol.asyncIterator];
    this.#isAsync = begin !== undefined && begin !== null;
    if (!this.#isAsync && typeof source[Symbol.iterator] !== "function")
      throw new TypeError(
        `${typeof source === "object" ? "the object" : String(source)} is not async iterable`,
      );
    this.#source = this.#isAsync ? Reflect.apply(begin, source, []) : source[Symbol.iterator]();
  }

  next(value?: unknown): unknown {
    this.open = false;
    return this.#settled(this.#source.next(value));
  }

  /** Tells the source of an error; one that takes none is closed. */
  async throw(error: unknown): Promise<unknown> {
    this.open = false;
    if (this.#source.throw) return this.#settled(this.#source.throw(error));
    await this.close();
    throw new TypeError("The iterator does not provide a 'throw' method");
  }

  #settled(result: unknown): unknown {
    return this.#isAsync ? result : settled(result as IteratorResult<unknown>);
  }

  take(result: IteratorResult<unknown>): boolean {
    if (Object(result) !== result) throw new TypeError(`Iterator result ${String(result)} is not an object`);
    if (result.done) return false;
    this.value = result.value;
    this.open = true;
    return true;
  }

  /** The loop ends by an error, which no other may hide. */
  failed(error: unknown): unknown {
    this.#failed = true;
    return error;
  }

  async close(): Promise<void> {
    try {
      await this.#source.return?.();
    } catch (error) {
      if (!this.#failed) throw error;
    }
  }
}

/** `yield*` of an async generator: yields `[0, awaited]` and `[1, yielded]` as that does (tasks.ts). */
export function* delegate(source: unknown): Generator<readonly [0 | 1, unknown?], unknown> {
  const steps = new Steps(source);
  let step = (): unknown => steps.next();
  try {
    for (;;) {
      const result = (yield [0, step()]) as IteratorResult<unknown>;
      if (!steps.take(result)) return result.value;
      try {
        const received = yield [1, steps.value];
        step = () => steps.next(received);
      } catch (error) {
        step = () => steps.throw(error);
      }
    }
  } finally {
    // whoever took the steps wants no more
    if (steps.open) yield [0, steps.close()];
  }
}

/** A plain iterator's result, when its value has come. */
async function settled({ done, value }: IteratorResult<unknown>): Promise<IteratorResult<unknown>> {
  return { done: done === true, value: await value } as IteratorResult<unknown>;
}
