/**
 * Counters of loops that were not lowered as counted ones.
 *
 * What: a variable that each iteration adds the same whole number to (`i--` from `n - 1` on, `j < q && j < t`, the counter
 * of a loop that is left by a jump). Where nothing but the counter is asked, the loop becomes a counted one; else it is
 * noted beside the loop (`Loop.counter`). Why: the reverse sweep counts back from where the loop ended, and nothing is
 * stored for each iteration; and what is known of counted loops (fusion.ts, overlap.ts, sizes of tapes) holds here, too.
 * A start of which the text doesn't tell that it is whole is asked once, before the loop, if it counts elements of lists:
 * adding one again and again gives what adding so many at once gives for whole numbers only.
 * Reference: Aho, Lam, Sethi & Ullman, Compilers (2006), section 9.1.8, induction variables.
 */
import { type ComparisonName, table } from "../rules/index.ts";
import { Analysis } from "./analysis.ts";
import { makeBail, makeValue } from "./insertion.ts";
import { type Carried, everyValue, isInside, type Lowered, type Region, type Value } from "./ir.ts";
import { isWhole, keepWhole } from "./numbering.ts";
import { withOffset } from "./offsets.ts";

/** Steps up to here stay exact for longer than a program runs. */
const longestStep = 1024;

/** What a counter is compared with, and what is added to it there. */
interface Bound {
  readonly bound: Value;
  readonly offset: number;
  readonly comparison: ComparisonName;
}

interface Candidate {
  readonly owner: Value;
  readonly carried: Carried;
  readonly step: number;
}

/**
 * Finds counters, given which inputs are differentiated by; `mayAsk` says whether the program may give up where a start
 * is not whole. Returns what is replaced by what; that is still to be done.
 */
export function countLoops(
  lowered: Lowered,
  isIndependent: (input: Value) => boolean,
  mayAsk: boolean,
): Map<Value, Value> {
  const open = everyValue(lowered).filter(({ op, loop }) => op === "loop" && !loop.counted && !loop.counter);
  const replaced = new Map<Value, Value>();
  if (open.length === 0) return replaced;
  const counting = new Counting(lowered, new Analysis(lowered, isIndependent));
  const candidates = open.flatMap((owner) => counting.candidatesOf(owner));
  if (mayAsk) counting.askInputs(candidates);
  const done = new Set<Value>();
  for (const candidate of candidates) {
    const { owner, carried } = candidate;
    if (done.has(owner) || !counting.makeWhole(candidate, mayAsk)) continue;
    done.add(owner);
    // later ones may start from it
    for (const value of [carried.phi, carried.next, carried.out]) value.whole = true;
    const counted = counting.countedBy(candidate);
    if (counted) for (const [value, by] of counted) replaced.set(value, by);
    else owner.loop.counter = { carried, step: candidate.step };
  }
  return replaced;
}

class Counting {
  constructor(
    private readonly lowered: Lowered,
    private readonly analysis: Analysis,
  ) {}

  candidatesOf(owner: Value): Candidate[] {
    return owner.loop.carried.flatMap((carried) => {
      const { phi, next, out } = carried;
      const step = phi.type === "number" ? stepOf(next, phi) : null;
      if (step === null || [phi, next, out].some((value) => this.analysis.isActive(value))) return [];
      return [{ owner, carried, step }];
    });
  }

  // ---- whole starts ----

  /** Asks arguments that counters of elements start from, at the beginning: then they are whole throughout. */
  askInputs(candidates: readonly Candidate[]): void {
    const asked = new Set<Value>();
    for (const { carried } of candidates) {
      const parts = this.isOfElements(carried.phi) ? this.partsOf(carried.init) : null;
      for (const part of parts ?? []) if (part.op === "input") asked.add(part);
    }
    const { body, inputs } = this.lowered;
    const at = Math.max(0, ...inputs.map((input) => body.values.indexOf(input) + 1));
    for (const input of asked) {
      this.ask(input, body, at);
      input.whole = true;
    }
  }
  /** Whether a counter starts at a whole number; asks where that has to be. */
  makeWhole({ owner, carried }: Candidate, mayAsk: boolean): boolean {
    if (carried.phi.whole) return true;
    const parts = this.partsOf(carried.init);
    if (!parts) return false;
    // one that may be undefined is asked
    if (parts.length === 0) return !carried.phi.maybe;
    if (!mayAsk || !this.isOfElements(carried.phi)) return false;
    for (const part of parts) this.ask(part, owner.region, owner.region.values.indexOf(owner));
    return true;
  }
  /** What has to be whole so that a sum or product is; null where it is a fraction. */
  private partsOf(value: Value): Value[] | null {
    if (isWhole(value)) return [];
    if (value.op === "const") return null;
    if (value.op !== "rule" || !keepWhole.has(value.rule)) return [value];
    const parts = value.args.map((arg) => this.partsOf(arg));
    return parts.includes(null) ? null : [...new Set((parts as Value[][]).flat())];
  }
  /** Whether elements of lists are counted, or numbers of something that is whole anyway. */
  private isOfElements(phi: Value): boolean {
    const found = new Set([phi]);
    for (const value of found)
      for (const user of this.analysis.usersOf(value)) {
        if ((user.op === "load" || user.op === "store") && user.key === null && user.args[1] === value)
          return true;
        if (user.op === "rule" && (keepWhole.has(user.rule) || user.rule === table.floor)) found.add(user);
      }
    return false;
  }
  private ask(value: Value, region: Region, at: number): void {
    const isOther = this.make("passive", "boolean", [value], region);
    isOther.write = (text) => `!Number.isSafeInteger(${text})`;
    region.values.splice(at, 0, isOther, makeBail(isOther, true).branch);
  }

  // ---- counted loops ----

  /** Makes a loop a counted one, if it asks nothing but its counter; returns what is replaced then. */
  countedBy({ owner, carried, step }: Candidate): Map<Value, Value> | null {
    const { loop, region } = owner;
    const { phi, init, out } = carried;
    const found = this.boundsOf(owner, phi, step);
    if (!found) return null;
    const { bounds, asked } = found;
    const [{ comparison }] = bounds;
    const isSteady = bounds.every((b) => isWhole(b.bound));
    const isLast = this.analysis.usersOf(out).length === 0 && !this.analysis.isResult(out);
    if (
      comparison === "ne" ? !isSteady || Math.abs(step) !== 1 : !isLast && !(isSteady && Math.abs(step) === 1)
    )
      return null;
    const before: Value[] = [];
    const rule = (rule: Value["rule"], args: Value[], name: string | null = null): Value => {
      const value = this.make("rule", "number", args, region);
      value.rule = rule;
      value.whole = args.every((arg) => isWhole(arg));
      value.name = name;
      before.push(value);
      return value;
    };
    const nearest = step > 0 ? table.min : table.max;
    const constant = (value: number): Value => {
      const made = this.make("const", "number", [], region);
      made.constant = value;
      made.whole = true;
      before.push(made);
      return made;
    };
    const without = ({ bound, offset }: Bound): Value =>
      offset === 0 ? bound : rule(table.sub, [bound, constant(offset)]);
    const bound = bounds.map(without).reduce((a, b) => rule(nearest, [a, b]));
    bound.whole ||= isSteady;
    const replaced = new Map<Value, Value>();
    if (!isLast) {
      // behind the loop the counter has reached its end, or is where it started
      let end = bound;
      if (comparison === "le" || comparison === "ge") end = rule(table.add, [bound, constant(step)]);
      replaced.set(
        out,
        comparison === "ne" ? end : rule(step > 0 ? table.max : table.min, [init, end], out.name),
      );
    }
    const { values } = region;
    values.splice(values.indexOf(owner), 0, ...before);
    const index = this.make("index", "number", [], loop.head);
    Object.assign(index, { name: phi.name, whole: true, loop });
    replaced.set(phi, index);
    const rest = loop.head.values.filter((value) => value !== phi && !asked.has(value));
    loop.head.values.splice(0, loop.head.values.length, index, ...rest);
    if (loop.trips) values.splice(values.indexOf(loop.trips), 1);
    values.splice(values.indexOf(out), 1);
    loop.carried.splice(loop.carried.indexOf(carried), 1);
    Object.assign(loop, {
      counted: { start: init, bound, step, comparison, index },
      test: null,
      trips: null,
    });
    return replaced;
  }
  /** What a counter is compared with, by all that a loop asks; null where it asks anything else. */
  private boundsOf(
    { loop, region }: Value,
    phi: Value,
    step: number,
  ): { bounds: Bound[]; asked: Set<Value> } | null {
    const asked = new Set<Value>();
    const bounds: Bound[] = [];
    const look = (value: Value): boolean => {
      asked.add(value);
      if (value.region !== loop.head || this.analysis.usersOf(value).length !== 1) return false;
      if (value.op === "and") return value.args.every(look);
      if (value.op !== "compare") return false;
      const [a, b] = value.args;
      const [[p, ahead], [q, behind]] = [withOffset(a), withOffset(b)];
      const [bound, offset, comparison] =
        p === phi ? [b, ahead, value.comparison] : [a, behind, turned[value.comparison] as ComparisonName];
      if ((p === phi) === (q === phi) || !isThere(bound, region)) return false;
      // i + 1 < n is i < n - 1 where both are whole
      if (offset !== 0 && !(Number.isInteger(offset) && isWhole(bound))) return false;
      bounds.push({ bound, offset, comparison });
      return true;
    };
    if (!loop.test || !look(loop.test)) return null;
    const [{ comparison }] = bounds;
    const fits = step > 0 ? ["lt", "le", "ne"] : ["gt", "ge", "ne"];
    const isOne =
      bounds.length === 1 || (comparison !== "ne" && bounds.every((b) => b.comparison === comparison));
    return isOne && fits.includes(comparison) ? { bounds, asked } : null;
  }

  private make(op: Value["op"], type: Value["type"], args: Value[], region: Region): Value {
    return makeValue(op, type, args, region, region.owner?.statement ?? null);
  }
}

const turned: Partial<Record<ComparisonName, ComparisonName>> = {
  lt: "gt",
  le: "ge",
  gt: "lt",
  ge: "le",
  ne: "ne",
};
function stepOf(next: Value, phi: Value): number | null {
  if (next.op !== "rule" || (next.rule !== table.add && next.rule !== table.sub)) return null;
  const [a, b] = next.args;
  const by = a === phi ? b : next.rule === table.add && b === phi ? a : null;
  if (by?.op !== "const" || !by.whole || by.constant === 0) return null;
  const step = (by.constant as number) * (next.rule === table.add ? 1 : -1);
  return Math.abs(step) <= longestStep ? step : null;
}

/** Whether a value is there where a loop of some region begins. */
function isThere({ region }: Value, at: Region): boolean {
  const { owner } = region;
  return (
    isInside(at, region) ||
    (owner?.op === "loop" && owner.loop.head === region && isInside(at, owner.loop.body))
  );
}

/** Whether a variable is the counter of a loop that does not count by itself. */
export function isCounter(value: Value): boolean {
  return value.op === "phi" && value.loop.counter?.carried.phi === value;
}
