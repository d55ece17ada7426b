/**
 * One evaluation laid open: the Wengert list as its readers see it.
 *
 * What: `Tape`, the entries of one run of a function with operation, operands, value and local partials, and what a
 * forward or a reverse sweep over it yields. Why: it is what `trace` returns and what every display reads.
 * Reference: Wengert, A simple automatic derivative evaluation program, CACM 7 (1964); Griewank & Walther,
 * Evaluating Derivatives (2008), table 1.2 (evaluation trace) and section 3.2 (adjoint procedures).
 */
import { strongProduct } from "../rules/index.ts";
import { Drawing, Showable } from "../showable.ts";
import { WengertError } from "../source/positions.ts";

/** An operand of an entry: another entry, or a number that does not depend on the inputs. */
export type Operand = { readonly entry: number } | { readonly constant: number };

/** One line of the tape. Entry k is written w_{k+1}: w1 is the first input. */
export interface Entry {
  readonly index: number;
  /** The row of the rule table, by name (`"mul"`, `"sin"`), or `"input"`. */
  readonly operation: string;
  readonly value: number;
  readonly operands: readonly Operand[];
  /** ∂ value / ∂ operand, one for each operand (also for constants). */
  readonly partials: readonly number[];
}

/** What a tape is made from. Entries 0 … inputNames.length-1 are the inputs; the source is read lazily. */
export interface TapeSource {
  readonly name: string;
  readonly inputNames: readonly string[];
  readonly length: number;
  entry(index: number): Entry;
  /** For each scalar of the result: its entry, or the constant it is. */
  readonly outputs: readonly Operand[];
  /** Names of the outputs, "" for a scalar, "[0]" or ".x" otherwise. */
  readonly outputNames: readonly string[];
  /** Bytes that the list holds. */
  readonly bytes: number;
}

export class Tape extends Showable {
  constructor(readonly source: TapeSource) {
    super();
  }
  get name(): string {
    return this.source.name;
  }
  get length(): number {
    return this.source.length;
  }
  get inputNames(): readonly string[] {
    return this.source.inputNames;
  }
  get outputs(): readonly Operand[] {
    return this.source.outputs;
  }
  get bytes(): number {
    return this.source.bytes;
  }
  /** Entry `index`, from 0: the inputs first. */
  entry(index: number): Entry {
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new WengertError(
        `a tape of ${this.length} entries has no entry ${index}`,
        `entries are 0 to ${this.length - 1}`,
      );
    return this.source.entry(index);
  }
  *entries(): Generator<Entry> {
    for (let k = 0; k < this.length; k++) yield this.entry(k);
  }
  /** The tangent of every entry for one seed: a number for each input. */
  forward(seed: readonly number[]): ForwardTrace {
    const n = this.inputNames.length;
    if (!Array.isArray(seed) || seed.length !== n)
      throw new WengertError(
        `forward expects a seed of ${n} numbers, one for each input; got ${describe(seed)}`,
      );
    const tangents = new Float64Array(this.length);
    tangents.set(seed);
    for (let k = n; k < this.length; k++) {
      const { operands, partials } = this.entry(k);
      let sum = 0;
      for (let j = 0; j < operands.length; j++) {
        const operand = operands[j];
        if ("entry" in operand) sum += strongProduct(partials[j], tangents[operand.entry]);
      }
      tangents[k] = sum;
    }
    return new ForwardTrace(this, Float64Array.from(seed), tangents);
  }
  /** The adjoint of every entry: seed is a number for each output (1 for a scalar function by default). */
  reverse(seed?: readonly number[]): ReverseTrace {
    const p = this.outputs.length;
    if (seed === undefined && p !== 1)
      throw new WengertError(`reverse expects a seed of ${p} numbers, one for each output; got none`);
    const weights = seed ?? [1];
    if (!Array.isArray(weights) || weights.length !== p)
      throw new WengertError(
        `reverse expects a seed of ${p} numbers, one for each output; got ${describe(seed)}`,
      );
    const adjoints = new Float64Array(this.length);
    this.outputs.forEach((output, j) => {
      if ("entry" in output) adjoints[output.entry] += weights[j];
    });
    for (let k = this.length - 1; k >= this.inputNames.length; k--) {
      if (adjoints[k] === 0) continue;
      const { operands, partials } = this.entry(k);
      for (let j = 0; j < operands.length; j++) {
        const operand = operands[j];
        if ("entry" in operand) adjoints[operand.entry] += strongProduct(partials[j], adjoints[k]);
      }
    }
    return new ReverseTrace(this, Float64Array.from(weights), adjoints);
  }
  /** The evaluation graph, with values and, for a scalar function, adjoints at its nodes. */
  graph(): EvaluationGraph {
    return new EvaluationGraph(this, this.outputs.length === 1 ? this.reverse().adjoints : null);
  }
  override toString(): string {
    return `Tape of ${this.name || "f"}: ${this.length} entries, ${this.inputNames.length} inputs`;
  }
}

/** The forward sweep over a tape: value and tangent side by side (dual numbers). */
export class ForwardTrace extends Showable {
  constructor(
    readonly tape: Tape,
    readonly seed: Float64Array,
    readonly tangents: Float64Array,
  ) {
    super();
  }
}

/** The reverse sweep over a tape: the adjoint of every entry. */
export class ReverseTrace extends Showable {
  constructor(
    readonly tape: Tape,
    readonly seed: Float64Array,
    readonly adjoints: Float64Array,
  ) {
    super();
  }
}

/** The evaluation graph of a tape; adjoints are null for a function with several outputs. */
export class EvaluationGraph extends Drawing {
  constructor(
    readonly tape: Tape,
    readonly adjoints: Float64Array | null,
  ) {
    super();
  }
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `${value.length}` : typeof value;
}
