/**
 * Asynchronous functions of cells.
 *
 * What: an async function of a cell runs as a generator (lower.ts); a task resumes it. Why: a resumption happens
 * inside the guard, so an interrupt stops a loop after an `await`, and a pending `await` is ended by throwing into
 * the generator. A second `await` after the interrupt gives up: a cell may not outlive it by catching.
 */
import { currentExecution, type Execution, type Waiting } from "./executions.ts";
import { guarded, Interrupted, isInterrupted, isStopped } from "./guard.ts";

type Resume = () => IteratorResult<unknown>;

/** Node's own, which do not guard the kernel's functions. */
const { then } = Promise.prototype;

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
    this.#resume(() => {
      // looked at under the guard's mark: whoever interrupts counts first and then looks at the mark
      if (!isStopped(this.#execution)) return this.#generator.next(value);
      this.#interrupted = true;
      return this.#generator.throw(new Interrupted());
    });
  }

  throw(error: unknown): void {
    this.#resume(() => this.#generator.throw(error));
  }

  interrupt(): void {
    this.#turn++;
    this.#execution.waiting.delete(this);
    this.#interrupted = true;
    this.throw(new Interrupted());
  }

  #resume(resume: Resume): void {
    try {
      const { done, value } = guarded(() => awaited(resume()));
      if (done) this.#resolve(value);
      else this.#wait(value as Promise<unknown>);
    } catch (error) {
      this.#reject(error);
    }
  }

  #wait(promise: Promise<unknown>): void {
    if (this.#interrupted && isStopped(this.#execution)) throw new Interrupted();
    const turn = ++this.#turn;
    this.#execution.waiting.add(this);
    const settled =
      (use: (value: unknown) => void) =>
      (outcome: unknown): void => {
        if (this.#turn !== turn) return;
        this.#execution.waiting.delete(this);
        use.call(this, outcome);
      };
    Reflect.apply(then, promise, [settled(this.next), settled(this.throw)]);
  }
}

/** What is awaited, as `await` makes it: a promise of the real kind. */
function awaited({ done, value }: IteratorResult<unknown>): IteratorResult<unknown> {
  return { done, value: done ? value : promised(value) };
}

function promised(value: unknown): Promise<unknown> {
  try {
    return Promise.resolve(value);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Runs a generator as an async function's body. */
export function runTask(generator: Generator): Promise<unknown> {
  return new Promise((resolve, reject) =>
    new Task(generator, currentExecution(), resolve, reject).next(undefined),
  );
}

type Step = readonly [yields: 0 | 1, operand?: unknown];

/**
 * Runs a generator as an async generator's body; what it yields is to be awaited or is a step. The generator around
 * it does what Node's does: queues requests, awaits what is yielded, closes.
 */
export async function* runSteps(
  generator: Generator<Step>,
  resume = (): IteratorResult<Step> => generator.next(),
): AsyncGenerator {
  let interrupted = false;
  let open = false;
  try {
    for (;;) {
      const execution = currentExecution();
      const { done, value } = guarded(() => {
        const stopped = !interrupted && isStopped(execution);
        const result = stopped ? generator.throw(new Interrupted()) : resume();
        return result.done ? result : { done: false, value: [result.value[0], promised(result.value[1])] };
      });
      if (done) return value;
      const [yields, operand] = value as [0 | 1, Promise<unknown>];
      if (interrupted && isStopped(execution)) throw new Interrupted();
      try {
        open = yields === 1;
        const got = open ? yield operand : await interruptible(execution, operand);
        resume = () => generator.next(got as never);
      } catch (error) {
        interrupted ||= error instanceof Interrupted;
        resume = () => generator.throw(error);
      }
      open = false;
    }
  } finally {
    // whoever took the steps wants no more
    if (open) yield* runSteps(generator, () => generator.return(undefined));
  }
}

/** A promise that an interrupt of the execution rejects. */
export function interruptible<T>(execution: Execution, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const waiting = { interrupt: () => reject(new Interrupted()) };
    execution.waiting.add(waiting);
    const settled =
      <V>(use: (value: V) => void) =>
      (value: V): void => {
        execution.waiting.delete(waiting);
        use(value);
      };
    Reflect.apply(then, promise, [settled(resolve), settled(reject)]);
    if (isInterrupted(execution)) waiting.interrupt();
  });
}
