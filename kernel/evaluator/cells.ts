/**
 * Running cells.
 *
 * What: one request after the compiler has had its say: names declared, code prepared and run, the value shown, the
 * expressions of the request evaluated. What was wrong becomes an `error` message.
 */
import type { Problem } from "../compiler/problems.ts";
import type { Bundle, Host } from "../host.ts";
import { bundleOf, textOf } from "../output/show.ts";
import type { Outcome } from "../session/execute.ts";
import type { Calls } from "../threads/calls.ts";
import { during, Execution } from "./executions.ts";
import { beginWith, endsByInterrupt, guarded, guardedFor, Interrupted, settleSignals } from "./guard.ts";
import { type Compiled, runnable } from "./prepare.ts";
import { interruptible, runTask } from "./tasks.ts";
import { type Failure, failureOf, forgetCallers } from "./traces.ts";
import { problemsError } from "./type-errors.ts";

export interface Cell {
  execution: number;
  /** How many interrupts there had been when it was sent. */
  interrupts: number;
  code: string;
  count: number;
  silent: boolean;
  allowInput: boolean;
  expressions: Record<string, string>;
}

type Converted = { problems: Problem[] } & Compiled;

export class Evaluator {
  readonly #host: () => Host;
  readonly #compiler: Calls;
  readonly #files = new Map<number, number>();
  #runs = 0;

  constructor(host: () => Host, compiler: Calls) {
    this.#host = host;
    this.#compiler = compiler;
  }

  execute({
    execution: id,
    interrupts,
    code,
    count,
    silent,
    allowInput,
    expressions,
  }: Cell): Promise<Outcome> {
    settleSignals();
    forgetCallers();
    const execution = new Execution(id, interrupts, allowInput);
    beginWith(interrupts);
    return during(execution, async () => {
      let outcome: Outcome;
      try {
        const { value } = await this.#run(code, count, execution);
        outcome = { status: "ok" };
        // what display(…) returns at the end of a cell has been shown by it
        const isShown = this.#host().handles.get(value as object) === id;
        if (value !== undefined && !silent && !isShown) {
          const bundle = await interruptible(execution, bundleOrText(value, this.#host));
          outcome.text = String(bundle.data["text/plain"] ?? "");
          this.#result(count, bundle, outcome.text);
        }
        await interruptible(execution, execution.outlet.settled());
        outcome.user_expressions = await this.#expressions(expressions, count, execution);
      } catch (error) {
        endsByInterrupt(execution);
        await untilSettled(execution);
        const failure = this.#failure(error);
        if (!silent) this.#host().publish("error", { ...failure });
        outcome = { status: "error", ...failure };
      }
      return outcome;
    });
  }

  #result(count: number, { data, metadata }: Bundle, text: string): void {
    const send = (data: unknown, metadata: unknown) =>
      guarded(() => this.#host().publish("execute_result", { execution_count: count, data, metadata }));
    try {
      send(data, metadata);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      this.#host().report(error);
      send({ "text/plain": text }, {});
    }
  }

  async #run(code: string, count: number, execution: Execution): Promise<{ value: unknown }> {
    const run = ++this.#runs;
    const file = this.#fileOf(count);
    const converted = await interruptible(
      execution,
      this.#compiler.call<Converted>("convert", code, run, file),
    );
    if (converted.problems.length > 0) throw problemsError(converted.problems, file);
    for (const name of converted.names)
      if (!Object.hasOwn(globalThis, name))
        Object.defineProperty(globalThis, name, {
          value: undefined,
          writable: true,
          configurable: true,
          enumerable: true,
        });
    const { run: start, kind } = await runnable(converted, file, code);
    if (kind === "plain") return guardedFor(execution, start as () => { value: unknown });
    if (kind === "generator") return (await runTask((start as () => Generator)())) as { value: unknown };
    return await interruptible(execution, guardedFor(execution, start as () => Promise<{ value: unknown }>));
  }

  /** `In[3]`; for further texts under the same number `In[3.2]` and so on, since maps go by the name. */
  #fileOf(count: number): string {
    const times = (this.#files.get(count) ?? 0) + 1;
    this.#files.set(count, times);
    return times === 1 ? `In[${count}]` : `In[${count}.${times}]`;
  }

  async #expressions(
    expressions: Record<string, string>,
    count: number,
    execution: Execution,
  ): Promise<Record<string, unknown>> {
    const results: Record<string, unknown> = {};
    for (const [key, code] of Object.entries(expressions ?? {})) {
      try {
        const { value } = await this.#run(String(code), count, execution);
        results[key] = { status: "ok", ...(await interruptible(execution, bundleOrText(value, this.#host))) };
      } catch (error) {
        results[key] = { status: "error", ...this.#failure(error) };
      }
    }
    return results;
  }

  #failure(error: unknown): Failure {
    try {
      return guarded(() => failureOf(error, textOf));
    } catch (worse) {
      return failureOf(worse, String);
    }
  }
}

/** Waits for what is still to be shown; an interrupt ends that wait. (A `catch` method's handler could be stopped, too.) */
async function untilSettled(execution: Execution): Promise<void> {
  try {
    await interruptible(execution, execution.outlet.settled());
  } catch {
    // what was held back is not waited for
  }
}

/** The value's bundle; where its display method fails, why on stderr and its text. */
async function bundleOrText(value: unknown, host: () => Host): Promise<Bundle> {
  try {
    return await guarded(() => bundleOf(value));
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    host().report(error);
    return { data: { "text/plain": guarded(() => textOf(value)) }, metadata: {} };
  }
}
