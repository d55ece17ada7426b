/**
 * Executions: which cell the code that runs now belongs to.
 *
 * What: one object for each request that runs user code, found through all that the code starts (timers, promises,
 * callbacks) by AsyncLocalStorage, so that late output goes to its own cell.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { Outlet } from "../output/outlet.ts";

/** Something that waits, and that an interrupt ends. */
export interface Waiting {
  interrupt(): void;
}

let forget: (id: number) => void = () => undefined;
const forgotten = new FinalizationRegistry<number>((id) => forget(id));

/** Says what to do when nothing is left that belongs to an execution, so that nothing can be published for it. */
export function onForgotten(act: (id: number) => void): void {
  forget = act;
}

export class Execution {
  readonly id: number;
  /** How many interrupts there had been when it began. */
  readonly interruptsBefore: number;
  readonly allowInput: boolean;
  /** What an interrupt must end. */
  readonly waiting = new Set<Waiting>();
  readonly outlet = new Outlet();
  done = false;
  /** Whether an interrupt ended it. */
  interrupted = false;

  constructor(id: number, interruptsBefore: number, allowInput: boolean) {
    this.id = id;
    this.interruptsBefore = interruptsBefore;
    this.allowInput = allowInput;
    forgotten.register(this, id);
  }
}

const storage = new AsyncLocalStorage<Execution>();
const none = new Execution(0, 0, false);
none.done = true;
let latest = none;

/** Executions under way. */
export const running = new Set<Execution>();

/** The execution that the running code belongs to; code of unknown origin belongs to the latest. */
export const currentExecution = (): Execution => storage.getStore() ?? latest;

export async function during<T>(execution: Execution, run: () => Promise<T>): Promise<T> {
  latest = execution;
  running.add(execution);
  try {
    return await storage.run(execution, run);
  } finally {
    execution.done = true;
    running.delete(execution);
  }
}
