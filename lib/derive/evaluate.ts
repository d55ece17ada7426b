/**
 * One evaluation of a function under a derivative.
 *
 * What: `evaluateReverse` runs f once on a tape and gives its result with the sweeps both ways; `evaluateForward` runs
 * it once on dual numbers. Both work at the outermost level, where tapes hold numbers, and inside another derivative,
 * where they hold pairs that the outer one records. Reference: tape/recorder.ts.
 */
import { WengertError } from "../source/positions.ts";
import { Mode } from "../tape/evaluation.ts";
import { Active, type Handle } from "../tape/handle.ts";
import {
  describe,
  handleAt,
  Inputs,
  isFlat,
  isRecord,
  type Numbers,
  type Parts,
  takeApart,
} from "../tape/inputs.ts";
import { DualLevel, NestedTape, type Pair, type SweepArithmetic } from "../tape/levels.ts";
import { WengertList } from "../tape/list.ts";
import { recorder } from "../tape/recorder.ts";
import type { AnyFunction } from "./types.ts";

/** The arguments of a call and which of them to differentiate by. */
export interface Point {
  readonly args: readonly unknown[];
  readonly positions: readonly number[];
  /** The arguments differentiated by, taken apart, and all their numbers in a row. */
  readonly parts: readonly Parts[];
  readonly inputs: Numbers;
}

/** Takes the arguments apart; an error where one to differentiate by has no number (`explicit`) or another kind. */
export function pointOf(args: readonly unknown[], positions: readonly number[], explicit: boolean): Point {
  const parts = positions.map((k) => {
    const part = takeApart(recorder, args[k], `argument ${k}`, false);
    const refused = part.flat ? null : refusedKind(args[k]);
    if (refused)
      throw new WengertError(`argument ${k} ${refused}, which cannot be differentiated by`, wayOut);
    if (part.length === 0 && explicit)
      throw new WengertError(
        `argument ${k} is ${describe(args[k])}, which holds no number to differentiate by`,
        wayOut,
      );
    return part;
  });
  return { args, positions, parts, inputs: parts.length === 1 ? parts[0] : joined(parts) };
}
const wayOut =
  "choose other arguments by wrt, or pass numbers, arrays of numbers, Float64Arrays or plain objects of those";

/** Several lists of numbers in a row. */
export function joined(parts: readonly Numbers[]): Numbers {
  const values = new Float64Array(parts.reduce((n, p) => n + p.values.length, 0));
  let at = 0;
  for (const p of parts) {
    values.set(p.values, at);
    at += p.values.length;
  }
  if (parts.every((p) => p.handles === null)) return { values, handles: null };
  return { values, handles: parts.flatMap((p) => Array.from(p.values, (_, k) => handleAt(p, k))) };
}

/** Class instances, collections and arrays of other numbers cannot be differentiated by, at any depth. */
function refusedKind(arg: unknown, around: object[] = []): string | null {
  if (typeof arg !== "object" || arg === null || around.includes(arg)) return null;
  if (arg instanceof Float64Array || arg instanceof recorder.Box) return null;
  const inside = (item: unknown): string | null => {
    const found = refusedKind(item, [...around, arg]);
    return found?.replace(/^is/, "holds") ?? null;
  };
  if (Array.isArray(arg)) return isFlat(arg) ? null : first(arg, inside);
  return isRecord(arg) ? first(Object.values(arg), inside) : `is ${describe(arg)}`;
}
function first<T, R>(list: readonly T[], ask: (item: T) => R | null): R | null {
  for (const item of list) {
    const answer = ask(item);
    if (answer !== null) return answer;
  }
  return null;
}

/** Calls f with lifted arguments. */
export function callLifted(f: AnyFunction, { args, positions, parts }: Point, inputs: Inputs): unknown {
  const lifted = args.slice();
  positions.forEach((k, j) => {
    lifted[k] = inputs.lift(args[k], parts[j].flat);
  });
  args.forEach((arg, k) => {
    if (!positions.includes(k)) recorder.heap.forget(arg);
  });
  let result: unknown;
  const before = WengertError.raised;
  WengertError.raised = null;
  try {
    result = recorder.invoke(f, undefined, lifted);
  } catch (error) {
    // what is thrown out of the outermost derivative is plain
    recorder.left(error);
    throw error instanceof recorder.Box && recorder.levels.length === 0 ? error.v : error;
  }
  // an error that f caught all the same made a wrong number of what follows
  if (WengertError.raised) throw WengertError.raised;
  WengertError.raised = before;
  if (recorder.levels.length === 0) recorder.heap.verifyArguments((l) => inputs.unchanged(l));
  return result;
}

export interface Reverse {
  readonly output: Parts;
  /** Gradients by the inputs, from a number (or pair) for each leaf of the output. */
  pull(seeds: Numbers): Numbers;
  /** Tangents of the output's leaves, from a number (or pair) for each input. */
  push(tangents: Numbers): Numbers;
  /** Bytes that the tape holds. */
  readonly bytes: number;
  /** Gives the tape's memory back; no sweep after that. */
  release(): void;
}

export function evaluateReverse(f: AnyFunction, point: Point): Reverse {
  return recorder.evaluate(Mode.tape, (level) => {
    if (level instanceof NestedTape) return reverseInside(level, f, point);
    const { list } = recorder;
    const n = point.inputs.values.length;
    list.addInputs(n);
    const inputs = new Inputs(
      recorder,
      point.inputs,
      (k) => k + 1,
      (from, count) => ({ first: from + 1, count }),
    );
    const output = takeApart(recorder, callLifted(f, point, inputs), "the result", true);
    // the tape is this evaluation's own from here on
    recorder.list = new WengertList();
    const entries = Int32Array.from({ length: output.length }, (_, k) => entryOf(handleAt(output, k)));
    return {
      output,
      bytes: list.bytes,
      release: () => list.release(),
      pull: (seeds) => {
        if (seeds.handles !== null) return pullPairs(list, entries, seeds, n);
        const adjoints = new Float64Array(list.length);
        for (let k = 0; k < entries.length; k++)
          if (entries[k] !== 0) adjoints[entries[k]] += seeds.values[k];
        list.reverse(adjoints);
        return { values: adjoints.subarray(1, n + 1), handles: null };
      },
      push: (seeds) => {
        if (seeds.handles !== null) return pushPairs(list, entries, seeds);
        const tangents = new Float64Array(list.length);
        tangents.set(seeds.values, 1);
        list.forward(tangents);
        return {
          values: Float64Array.from(entries, (entry) => (entry === 0 ? 0 : tangents[entry])),
          handles: null,
        };
      },
    };
  });
}
function entryOf(h: Handle): number {
  if (typeof h !== "number")
    throw new WengertError(
      "the result holds a value that an earlier derivative evaluation left behind",
      "compute it anew in the function",
    );
  return h;
}

const arithmetic: SweepArithmetic = {
  sum: (a, b) => recorder.sum(a, b),
  product: (partial, sensitivity) => recorder.product(partial, sensitivity),
};
const pairsOf = (numbers: Numbers): Pair[] =>
  Array.from(numbers.values, (v, k) => ({ v, h: handleAt(numbers, k) }));
const numbersOf = (pairs: readonly Pair[]): Numbers => ({
  values: Float64Array.from(pairs, (p) => p.v),
  handles: pairs.map((p) => p.h),
});
const zero: Pair = { v: 0, h: 0 };

/** The sweeps of a pullback that another derivative calls: its cotangents are traced, the partials are not. */
function pullPairs(list: WengertList, entries: Int32Array, seeds: Numbers, inputs: number): Numbers {
  const adjoints = new Array<Pair>(list.length).fill(zero);
  pairsOf(seeds).forEach((seed, k) => {
    if (entries[k] !== 0) adjoints[entries[k]] = recorder.sum(adjoints[entries[k]], seed);
  });
  for (let k = list.length - 1; k > inputs; k--)
    for (const [operand, partial] of list.operandsOf(k))
      if (operand !== 0)
        adjoints[operand] = recorder.sum(
          adjoints[operand],
          recorder.product({ v: partial, h: 0 }, adjoints[k]),
        );
  return numbersOf(adjoints.slice(1, inputs + 1));
}
function pushPairs(list: WengertList, entries: Int32Array, seeds: Numbers): Numbers {
  const tangents = [zero, ...pairsOf(seeds)];
  for (let k = tangents.length; k < list.length; k++) {
    let tangent = zero;
    for (const [operand, partial] of list.operandsOf(k))
      if (operand !== 0)
        tangent = recorder.sum(tangent, recorder.product({ v: partial, h: 0 }, tangents[operand]));
    tangents.push(tangent);
  }
  return numbersOf(Array.from(entries, (entry) => tangents[entry]));
}

function reverseInside(level: NestedTape, f: AnyFunction, point: Point): Reverse {
  const outerOf = (k: number): Handle => handleAt(point.inputs, k);
  point.inputs.values.forEach(() => void level.addInput());
  const inputs = new Inputs(recorder, point.inputs, (k) => new Active(level, outerOf(k), k + 1, 0), null);
  const output = takeApart(recorder, callLifted(f, point, inputs), "the result", true);
  const own = Array.from(output.values, (_, k) => ownOf(handleAt(output, k), level));
  return {
    output: output.with(own.map((h, k) => (h ? h.outer : handleAt(output, k)))),
    bytes: 0,
    release: () => {},
    pull: (seeds) => {
      const from = new Map<number, Pair>();
      pairsOf(seeds).forEach((seed, k) => {
        const h = own[k];
        if (h) from.set(h.own, recorder.sum(from.get(h.own) ?? zero, seed));
      });
      return numbersOf(level.reverse(from, arithmetic));
    },
    push: (seeds) => {
      const tangents = level.forward(pairsOf(seeds), arithmetic);
      return numbersOf(own.map((h) => (h ? tangents[h.own] : zero)));
    },
  };
}
function ownOf(h: Handle, level: NestedTape | DualLevel): Active | null {
  return h instanceof Active && h.level === level ? h : null;
}

/** One run on dual numbers; a tangent for each input. */
export function evaluateForward(
  f: AnyFunction,
  point: Point,
  tangents: Numbers,
): { output: Parts; tangents: Numbers } {
  return recorder.evaluate(Mode.dual, (level) => {
    if (level instanceof DualLevel) {
      const inputs = new Inputs(
        recorder,
        point.inputs,
        (k) => new Active(level, handleAt(point.inputs, k), tangents.values[k], handleAt(tangents, k)),
        null,
      );
      const output = takeApart(recorder, callLifted(f, point, inputs), "the result", true);
      const own = Array.from(output.values, (_, k) => ownOf(handleAt(output, k), level));
      return {
        output: output.with(own.map((h, k) => (h ? h.outer : handleAt(output, k)))),
        tangents: numbersOf(own.map((h) => (h ? { v: h.own, h: h.ownOuter } : zero))),
      };
    }
    const { values } = tangents;
    const inputs = new Inputs(
      recorder,
      point.inputs,
      (k) => values[k],
      (from, count) => ({ tangents: values.subarray(from, from + count) }),
    );
    const output = takeApart(recorder, callLifted(f, point, inputs), "the result", true);
    const result = Float64Array.from(output.values, (_, k) => entryOf(handleAt(output, k)));
    return { output: output.with(null), tangents: { values: result, handles: null } };
  });
}

/** The value of a result in its own shape (boxed inside another derivative). */
export function valueOf(output: Parts): unknown {
  return output.rebuild(recorder, output, (value) => value);
}
