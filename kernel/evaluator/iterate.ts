/**
 * `for await` in code that runs as a generator.
 *
 * What: the steps of such a loop, which lower.ts writes as a plain one: `next` and `close` give what is to be awaited,
 * `take` says whether the body runs. Reference: ECMA-262, ForIn/OfBodyEvaluation, CreateAsyncFromSyncIterator.
 */

interface Steppable {
  next(): unknown;
  return?(): unknown;
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
    this.#source = this.#isAsync ? Reflect.apply(begin, source, []) : source[Symbol.iterator]();
  }

  next(): unknown {
    this.open = false;
    const result = this.#source.next() as IteratorResult<unknown>;
    return this.#isAsync ? result : settled(result);
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

/** A plain iterator's result, when its value has come. */
async function settled({ done, value }: IteratorResult<unknown>): Promise<IteratorResult<unknown>> {
  return { done: done === true, value: await value } as IteratorResult<unknown>;
}
