/**
 * The few ways in which native functions treat traced values.
 */
import { WengertError } from "../../source/positions.ts";
import { Box } from "../handle.ts";
import type { NativeCall, Recorder } from "../recorder.ts";

export type Callback = (...args: unknown[]) => unknown;

/** The plain number of a boxed or plain value. */
export const bare = (x: unknown): unknown => (x instanceof Box ? x.v : x);

/** Moves values about without looking at them: boxes go through. */
export const moves: NativeCall = (recorder, self, args, f) =>
  Reflect.apply(
    f,
    recorder.heap.settled(self),
    args.map((a) => recorder.heap.settled(a)),
  );

/** Reads the properties of objects: boxes go through. */
export const reads: NativeCall = (recorder, self, args, f) =>
  Reflect.apply(
    f,
    recorder.heap.solid(self),
    args.map((a) => recorder.heap.solid(a)),
  );

/** Asks something of the plain values whose answer has no derivative. */
export const asks: NativeCall = (recorder, self, args, f) =>
  Reflect.apply(
    f,
    recorder.heap.bare(self, false),
    args.map((a) => recorder.heap.bare(a, false)),
  );

/** Makes text: of the plain values, and remembered if any was traced. */
export const tells: NativeCall = (recorder, self, args, f) =>
  Reflect.apply(
    f,
    recorder.heap.bare(self, true),
    args.map((a) => recorder.heap.bare(a, true)),
  );

/** Makes numbers of text. */
export const spells =
  (what: string): NativeCall =>
  (recorder, self, args, f) => {
    if (args.some((a) => recorder.heap.traced(a))) throw noDerivative(what);
    recorder.spelled();
    return Reflect.apply(f, self, args);
  };

export const refuses =
  (what: string, wayOut?: string): NativeCall =>
  (recorder, self, args, f) => {
    if (recorder.heap.traced(self) || args.some((a) => recorder.heap.traced(a)))
      throw noDerivative(what, wayOut);
    return Reflect.apply(f, self, args);
  };

export function noDerivative(
  what: string,
  wayOut = "compute with numbers, or pass stopGradient(x)",
): WengertError {
  return new WengertError(`a traced value meets ${what}, which has no derivative`, wayOut);
}

/** A plain number where native code wants an index or a length. */
export function index(x: unknown, recorder: Recorder): unknown {
  return x instanceof Box ? recorder.tracedKey() : x;
}

/** A callback as native code may call it; its results stay boxed. */
export function callback(recorder: Recorder, f: unknown): unknown {
  if (typeof f !== "function") return f;
  return function (this: unknown, ...args: unknown[]) {
    return recorder.invoke(f, this, args);
  };
}
/** A callback of whose result only the plain value counts. */
export function test(recorder: Recorder, f: unknown): unknown {
  if (typeof f !== "function") return f;
  return function (this: unknown, ...args: unknown[]) {
    return bare(recorder.invoke(f, this, args));
  };
}

export function method(holder: object, name: PropertyKey): Function | undefined {
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}
/** Installs one treatment for several methods of a holder; names that this engine lacks are passed over. */
export function installAll(recorder: Recorder, holder: object, names: string, call: NativeCall): void {
  for (const name of names.split(" ")) {
    const f = method(holder, name);
    if (f) recorder.natives.set(f, call);
  }
}
