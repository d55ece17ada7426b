/**
 * What the running kernel offers to `wengert/notebook`.
 *
 * What: the interface, and the place where the kernel puts it. Why through a global symbol: a notebook may come to
 * the module by another path than the kernel did, and outside of a kernel there is none.
 */
export interface Bundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface CommHandlers {
  message?: (data: any, details: { metadata: Record<string, unknown>; buffers: Uint8Array[] }) => unknown;
  close?: (data: any) => unknown;
}

export interface Host {
  /** Publishes a message as output of the running cell. */
  publish(
    type: string,
    content: Record<string, unknown>,
    metadata?: Record<string, unknown>,
    buffers?: Uint8Array[],
  ): void;
  /** Shows a value as output of the running cell; what the cell says later comes after it. */
  show(value: unknown, send: (bundle: Bundle) => void): void;
  /** Handles of what cells have displayed, and the number of each one's execution, in which it needs no showing. */
  readonly handles: WeakMap<object, number>;
  /** The number of the execution under way. */
  execution(): number;
  /** Writes an error that stops nothing to the cell's stderr. */
  report(error: unknown): void;
  ask(prompt: string, password: boolean): Promise<string>;
  readonly comms: Map<string, CommHandlers>;
  readonly targets: Map<string, (comm: never, data: any) => unknown>;
}

const key = Symbol.for("wengert.kernel");

export const setHost = (host: Host): void => {
  Object.defineProperty(globalThis, key, { value: host });
};

export const theHost = (): Host | undefined =>
  (globalThis as Record<symbol, unknown>)[key] as Host | undefined;
