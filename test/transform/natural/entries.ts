/** A function and its arguments, by what it computes. */
export type Entries = Record<string, [f: (...args: any[]) => unknown, ...args: unknown[]]>;
