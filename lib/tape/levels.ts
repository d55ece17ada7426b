/**
 * The inner levels of nested derivatives.
 *
 * What: pairs (value, handle on the levels around) with their arithmetic, a level that carries tangents, and a level
 * with a tape of its own, whose partials and adjoints are pairs. Why: what an inner derivative computes is itself
 * recorded on the levels around, so that everything nests; each level knows its own values and no others, so that
 * perturbations are never confused. Reference: see recorder.ts.
 */
import { type Algebra, algebraOf, type Rule, table } from "../rules/index.ts";
import type { Handle, Level } from "./handle.ts";

/** A number with its handle on the levels outside of the one at hand. */
export interface Pair {
  readonly v: number;
  readonly h: Handle;
}

export function pairAlgebra(
  record: (rule: Rule, xs: number[], hs: Handle[], y: number) => Handle,
): Algebra<Pair> {
  return algebraOf<Pair>({
    constant: (v) => ({ v, h: 0 }),
    primal: (x) => x.v,
    call: (name, ...operands) => {
      const rule: Rule = table[name];
      const xs = operands.map((x) => x.v);
      const v = rule.value(...xs);
      const hs = operands.map((x) => x.h);
      return { v, h: hs.every((h) => h === 0) ? 0 : record(rule, xs, hs, v) };
    },
  });
}

export class DualLevel implements Level {
  alive = true;
  constructor(readonly depth: number) {}
}

/** A tape whose partials are pairs. Entry 0 stands for operands that are passive on this level. */
export class NestedTape implements Level {
  alive = true;
  private inputs = 0;
  private readonly operands: number[][] = [];
  private readonly partials: Pair[][] = [];
  constructor(readonly depth: number) {}

  addInput(): number {
    return ++this.inputs;
  }
  push(operands: number[], partials: Pair[]): number {
    this.operands.push(operands);
    this.partials.push(partials);
    return this.inputs + this.operands.length;
  }
  get length(): number {
    return this.inputs + this.operands.length + 1;
  }

  /** The adjoints of the inputs 1 … n, from those of the outputs. */
  reverse(seeds: ReadonlyMap<number, Pair>, { sum, product }: SweepArithmetic): Pair[] {
    const adjoints = new Array<Pair>(this.length).fill(zero);
    for (const [entry, seed] of seeds) adjoints[entry] = sum(adjoints[entry], seed);
    for (let k = this.operands.length - 1; k >= 0; k--) {
      const adjoint = adjoints[this.inputs + 1 + k];
      if (adjoint.v === 0 && adjoint.h === 0) continue;
      this.operands[k].forEach((entry, j) => {
        if (entry !== 0) adjoints[entry] = sum(adjoints[entry], product(this.partials[k][j], adjoint));
      });
    }
    return adjoints.slice(1, this.inputs + 1);
  }

  /** The tangents of all entries, from those of the inputs. */
  forward(seeds: readonly Pair[], { sum, product }: SweepArithmetic): Pair[] {
    const tangents = [zero, ...seeds];
    this.operands.forEach((operands, k) => {
      tangents.push(
        operands.reduce(
          (t, entry, j) => (entry === 0 ? t : sum(t, product(this.partials[k][j], tangents[entry]))),
          zero,
        ),
      );
    });
    return tangents;
  }
}

const zero: Pair = { v: 0, h: 0 };

/** How the sweeps add and multiply pairs: recorded on the levels around. */
export interface SweepArithmetic {
  sum(a: Pair, b: Pair): Pair;
  product(partial: Pair, sensitivity: Pair): Pair;
}
