/**
 * Asynchronous functions of cells.
 *
 * What: an async function of a cell runs as a generator (lower.ts); a task resumes it. Why: a resumption happens
 * inside the guard, so an interrupt stops a loop after an `await`, and a pending `await` is ended by throwing into
 * the generator. A second `await` after the interrupt gives up: a cell may not outlive it by catching.
 */
import { currentExecution, type Execution, type Waiting } from "./executions.ts";
import { guarded, Interrupted, isInterrupted } from "./guard.ts";

class Task implements Waiting {
  readonly #generator: Generator<unknown, unknown, unknown>;
  readonly #execution: Execution;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #turn = 0;
  #interrupted = false;

  constructor(
    generator: Generator,
    execution: Execution,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.#generator = generator;
    this.#execution = execution;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  next(value: unknown): void {
    let result: IteratorResult<unknown>;
    try {
      result = guarded(this.#execution, () => this.#generator.next(value));
    } catch (error) {
      this.#reject(error);
      return;
    }
    this.#continue(result);
  }

  throw(error: unknown): void {
    let result: IteratorResult<unknown>;
    try {
      result = guarded(this.#execution, () => this.#generator.throw(error), error instanceof Interrupted);
    } catch (thrown) {
      this.#reject(thrown);
      return;
    }
    this.#continue(result);
  }

  #continue({ done, value }: IteratorResult<unknown>): void {
    if (done) {
      this.#resolve(value);
      return;
    }
    const execution = this.#execution;
    if (this.#interrupted && isInterrupted(execution)) {
      this.#reject(new Interrupted());
      return;
    }
    const turn = ++this.#turn;
    execution.waiting.add(this);
    const settled = (use: () => void) => {
      if (this.#turn !== turn) return;
      execution.waiting.delete(this);
      use();
    };
    let promise: Promise<unknown>;
    try {
      promise = Promise.resolve(value);
    } catch (error) {
      promise = Promise.reject(error);
    }
    promise.then(
      (result) => settled(() => this.next(result)),
      (error) => settled(() => this.throw(error)),
    );
  }

  interrupt(): void {
    this.#turn++;
    this.#execution.waiting.delete(this);
    this.#interrupted = true;
    this.throw(new Interrupted());
  }
}

/** Runs a generator as an async function's body. */
export function runTask(generator: Generator): Promise<unknown> {
  return new Promise((resolve, reject) =>
    new Task(generator, currentExecution(), resolve, reject).next(undefined),
  );
}

/** A promise that an interrupt of the execution rejects. */
export function interruptible<T>(execution: Execution, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const waiting = { interrupt: () => reject(new Interrupted()) };
    execution.waiting.add(waiting);
    promise.then(resolve, reject).finally(() => execution.waiting.delete(waiting));
  });
}
