/**
 * The Wengert list with everything a reader wants: operation, value, operands and constants of each entry.
 *
 * What: a structure of typed arrays, 8 bytes of value and 6 of bookkeeping for an entry, and 12 for each operand,
 * grown by doubling. Why beside list.ts: a sweep needs partials only; displays and second derivatives need the rest.
 */
import { numberAlgebra, type PrimitiveName, type Rule, table } from "../rules/index.ts";
import type { Entry, Operand } from "./tape.ts";

const ruleNames = Object.keys(table) as PrimitiveName[];
const codes = new Map(ruleNames.map((name, k) => [name, k]));

export class TraceList {
  /** Entries 0 … inputs-1 are the inputs. */
  inputs = 0;
  length = 0;
  values: Float64Array = new Float64Array(64);
  private codes = new Uint16Array(64);
  /** Where the operands of entry k begin. */
  private starts = new Uint32Array(65);
  private operandEntries = new Int32Array(128);
  private operandValues = new Float64Array(128);

  addInput(value: number): number {
    this.room();
    this.values[this.length] = value;
    this.starts[this.length + 1] = this.starts[this.length];
    this.inputs++;
    return ++this.length;
  }

  /** Handles are entries counted from 1; 0 is a constant. */
  push(rule: Rule, xs: readonly number[], hs: readonly number[], y: number): number {
    this.room();
    let at = this.starts[this.length];
    if (at + xs.length > this.operandEntries.length) {
      const size = 2 * this.operandEntries.length + xs.length;
      this.operandEntries = grown(this.operandEntries, new Int32Array(size));
      this.operandValues = grown(this.operandValues, new Float64Array(size));
    }
    for (let k = 0; k < xs.length; k++) {
      this.operandEntries[at] = hs[k];
      this.operandValues[at++] = xs[k];
    }
    this.values[this.length] = y;
    this.codes[this.length] = codes.get(rule.name) as number;
    this.starts[this.length + 1] = at;
    return ++this.length;
  }

  private room(): void {
    if (this.length < this.values.length) return;
    const size = 2 * this.values.length;
    this.values = grown(this.values, new Float64Array(size));
    this.codes = grown(this.codes, new Uint16Array(size));
    this.starts = grown(this.starts, new Uint32Array(size + 1));
  }

  rule(k: number): Rule {
    return table[ruleNames[this.codes[k]]];
  }
  /** Entries (from 0, or -1 for a constant) and values of the operands of entry k. */
  operandsOf(k: number): { entries: number[]; values: number[] } {
    const entries: number[] = [];
    const values: number[] = [];
    for (let at = this.starts[k]; at < this.starts[k + 1]; at++) {
      entries.push(this.operandEntries[at] - 1);
      values.push(this.operandValues[at]);
    }
    return { entries, values };
  }

  entry(k: number): Entry {
    if (k < this.inputs)
      return { index: k, operation: "input", value: this.values[k], operands: [], partials: [] };
    const rule = this.rule(k);
    const { entries, values } = this.operandsOf(k);
    return {
      index: k,
      operation: rule.name,
      value: this.values[k],
      operands: entries.map((entry, j): Operand => (entry < 0 ? { constant: values[j] } : { entry })),
      partials: rule.partials(numberAlgebra, this.values[k], ...values),
    };
  }

  get bytes(): number {
    return this.length * 14 + this.starts[this.length] * 12;
  }
}

function grown<T extends Float64Array | Int32Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from as never);
  return to;
}
