/**
 * Whether a store may touch what a load has read, as far as their indices tell.
 *
 * What: `Overlap` compares an access with one of a later iteration, or of the same one, as polynomials in the counters of
 * the loops around them and in what stays the same there: with `y[t] = f(y[t - 1])` no later store reaches what was read.
 * A difference of two indices that is positive throughout, when each counter stands at the end of its range that makes it
 * least, is never zero. So what a recurrence, a triangular solution or an elimination has read is still there in the
 * reverse sweep, and nothing is stored.
 * Reference: Allen & Kennedy, Optimizing Compilers for Modern Architectures (2002), chapter 3 (Banerjee's inequalities).
 */
import { table } from "../rules/index.ts";
import type { Loop, Value } from "./ir.ts";
import { Polynomial } from "./polynomial.ts";

/** What an index is made of: a counter, a value that both accesses see, or by how many iterations one is later. */
interface Quantity {
  readonly name: string;
  /** Of a counter: its loop, how deep that is, and whose it is. */
  readonly loop?: Value;
  readonly depth: number;
  readonly of: Access;
  readonly value?: Value;
}
type Access = "store" | "load";
type Form = Polynomial<Quantity>;

/** Whether each list or record that a pointer may be is put into one place only. */
export type PutOnce = (pointer: Value) => boolean;

export class Overlap {
  private readonly quantities = new Map<string, Quantity>();
  /** The loops whose iteration is the same for both. */
  private readonly shared: ReadonlySet<Value>;

  constructor(
    private readonly store: Value,
    private readonly load: Value,
    /** The innermost loop around both in whose iterations they differ, the store's being later; null for the same one. */
    private readonly later: Value | null,
    private readonly isPutOnce: PutOnce,
  ) {
    const outside = later ? loopsAround(later) : loopsAround(store);
    const mine = new Set(loopsAround(load));
    this.shared = new Set(outside.filter((loop) => mine.has(loop)));
  }

  /** For indices and numbers at one place. */
  static at(value: Value): Overlap {
    return new Overlap(value, value, null, () => false);
  }

  /** Whether it can't be ruled out. */
  get isPossible(): boolean {
    return !this.areApart(this.store, this.load);
  }
  /** Whether an index of the store is never more than another number there, or always less. */
  isAtMost(index: Value, most: Value, strictly = false): boolean {
    const [a, b] = [this.form(index, "store"), this.form(most, "store")];
    return a !== null && b !== null && this.isAtLeastZero(b.minus(a), strictly);
  }
  /** Whether an index of the store is one of a list of some length there. */
  isElementOf(index: Value, length: Value): boolean {
    const form = this.form(index, "store");
    return form !== null && this.isAtLeastZero(form, false) && this.isAtMost(index, length, true);
  }
  /** Whether two accesses go to other elements, or to members of other records. */
  private areApart(p: Value, q: Value): boolean {
    if (p.key !== q.key) return false;
    if (p.key === null && this.differ(p.args[1], q.args[1])) return true;
    const [a, b] = [p.args[0], q.args[0]];
    return a.op === "load" && b.op === "load" && this.isPutOnce(a) && this.areApart(a, b);
  }
  private differ(p: Value, q: Value): boolean {
    const [a, b] = [this.form(p, "store"), this.form(q, "load")];
    return a !== null && b !== null && (this.isPositive(a.minus(b)) || this.isPositive(b.minus(a)));
  }

  // ---- indices as polynomials ----

  private form(value: Value, of: Access): Form | null {
    if (value.op === "const")
      return Number.isInteger(value.constant) ? Polynomial.of(value.constant as number) : null;
    if (value.op === "index") return this.counter(value, of);
    if (value.op === "rule" && [table.add, table.sub, table.mul].includes(value.rule)) {
      const [a, b] = value.args.map((arg) => this.form(arg, of));
      if (!a || !b) return null;
      if (value.rule === table.mul) return a.times(b);
      return value.rule === table.add ? a.plus(b) : a.minus(b);
    }
    if (loopsAround(value).some((loop) => !this.shared.has(loop))) return null;
    return Polynomial.of(1, this.quantity(`value ${value.id}`, { value, depth: 0, of }));
  }
  private counter({ region }: Value, of: Access): Form | null {
    const loop = region.loop as Value;
    if (!loop.loop.counted) return null;
    const depth = loopsAround(loop).length + 1;
    const isShared = this.shared.has(loop) || loop === this.later;
    const name = isShared ? `counter ${loop.id}` : `counter ${loop.id} of ${of}`;
    const counter = Polynomial.of(1, this.quantity(name, { loop, depth, of }));
    if (loop !== this.later || of === "load") return counter;
    const { step } = loop.loop.counted;
    return counter
      .plus(Polynomial.of(step))
      .plus(Polynomial.of(step, this.quantity("later", { depth: 0, of })));
  }
  private quantity(name: string, rest: Omit<Quantity, "name">): Quantity {
    const known = this.quantities.get(name) ?? { name, ...rest };
    this.quantities.set(name, known);
    return known;
  }

  // ---- signs ----

  private isPositive(form: Form): boolean {
    return this.isAtLeastZero(form, true);
  }
  /** Whether a polynomial is never negative, or never zero either. */
  private isAtLeastZero(form: Form, strictly: boolean): boolean {
    const [counter] = form.quantities.filter(({ loop }) => loop).sort((a, b) => b.depth - a.depth);
    if (!counter) {
      const constant = form.terms.get("")?.coefficient ?? 0;
      return (
        (strictly ? constant > 0 : constant >= 0) &&
        [...form.terms.values()].every(
          ({ coefficient, factors }) => coefficient > 0 && factors.every((f) => this.isCount(f)),
        )
      );
    }
    const parts = form.by(counter);
    if (!parts) return false;
    const { factor, rest } = parts;
    const grows = this.isAtLeastZero(factor, false);
    if (!grows && !this.isAtLeastZero(negative(factor), false)) return false;
    const end = this.endOf(counter, grows ? "least" : "greatest");
    if (!end) return false;
    const isStrict = strictly && !(end.isBeyond && this.isPositive(grows ? factor : negative(factor)));
    return this.isAtLeastZero(factor.times(end.form).plus(rest), isStrict);
  }
  /** The end of a counter's range; `isBeyond` where it is not in it. */
  private endOf({ loop, of }: Quantity, end: "least" | "greatest"): { form: Form; isBeyond: boolean } | null {
    const { start, bound, step, comparison } = (loop as Value).loop.counted as NonNullable<Loop["counted"]>;
    const isStart = step > 0 === (end === "least");
    const form = this.form(isStart ? start : bound, of);
    return form && { form, isBeyond: !isStart && comparison !== "le" && comparison !== "ge" };
  }
  /** Whether a quantity is not negative: a length, or what a loop that runs counts up to. */
  private isCount({ value, name }: Quantity): boolean {
    if (!value || value.op === "length") return value !== undefined || name === "later";
    return [this.store, this.load].flatMap(loopsAround).some(({ loop: { counted } }) => {
      if (!counted || counted.bound !== value || counted.step < 0) return false;
      return counted.start.op === "const" && (counted.start.constant as number) >= 0;
    });
  }
}

function negative(form: Form): Form {
  return form.times(Polynomial.of(-1));
}
/** The loops that a value is in, the innermost first. */
function loopsAround(value: Value): Value[] {
  const loops: Value[] = [];
  for (let loop = value.region.loop; loop; loop = loop.region.loop) loops.push(loop);
  return loops;
}
