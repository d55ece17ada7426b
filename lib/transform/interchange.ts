/**
 * Sums over the columns of a matrix, taken row by row.
 *
 * What: `interchange` turns `for j { s = 0; for k s += a[k] * m[k][j]; … }` into a loop over the rows, inside of which
 * all columns' sums go on, and the loop over the columns, which finds each sum in a list. Each sum adds up the same numbers
 * in the same order. Why: a row is looked up once instead of once for each column, also for its adjoints in the reverse
 * sweep, and what lies side by side is read one after the other.
 * Reference: Allen & Kennedy, Optimizing Compilers for Modern Architectures (2002), section 5.2, loop interchange, and 5.3,
 * scalar expansion.
 */
import { table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { makeTrips, makeValue } from "./insertion.ts";
import {
  type Carried,
  type Counted,
  everyValue,
  isCounted,
  isFromZero,
  isInside,
  type Lowered,
  put,
  Region,
  type Value,
} from "./ir.ts";
import { numbersKind } from "./kinds.ts";

const pure: ReadonlySet<Value["op"]> = new Set([
  "const",
  "load",
  "rule",
  "select",
  "compare",
  "not",
  "and",
  "or",
]);

/** Interchanges loops; `replaced` is told what is to be replaced by what. Whether there were any. */
export function interchange(lowered: Lowered, analysis: Analysis, replaced: Map<Value, Value>): boolean {
  const nests: Nest[] = [];
  for (const outer of everyValue(lowered)) {
    if (!isCounted(outer) || !isFromZero(outer) || !outer.loop.counted.bound.whole) continue;
    const inner = outer.loop.body.values.filter(isCounted);
    nests.push(...inner.map((loop) => new Nest(outer, loop, analysis)).filter((nest) => nest.isByColumns));
  }
  if (nests.length === 0) return false;
  for (const nest of nests) nest.interchange(replaced);
  return true;
}

/** A loop over columns, and one inside of it which sums over the rows. */
class Nest {
  private readonly column: Value;
  private readonly row: Value;
  /** The inner loop's values that differ from column to column. */
  private readonly ofColumns = new Set<Value>();
  constructor(
    private readonly outer: Counted,
    private readonly inner: Counted,
    private readonly analysis: Analysis,
  ) {
    this.column = outer.loop.counted.index;
    this.row = inner.loop.counted.index;
    for (const { phi } of inner.loop.carried) this.ofColumns.add(phi);
    for (const value of inner.loop.body.values)
      if (value.args.some((a) => a === this.column || this.ofColumns.has(a))) this.ofColumns.add(value);
  }

  /** Whether the loops can be interchanged, and elements of rows are read column by column. */
  get isByColumns(): boolean {
    const { inner } = this;
    const { carried, body, counted, head } = inner.loop;
    if (carried.length === 0 || head.values.length !== carried.length + 1) return false;
    if (![counted.start, counted.bound].every((end) => this.isOutside(end))) return false;
    if (!carried.every((c) => this.isSum(c))) return false;
    const reads = body.values.filter(({ op }) => op === "load");
    const isWritten = (load: Value): boolean =>
      this.analysis
        .memoryOf(load.args[0])
        .stores.some(
          (store) => isInside(store.region, this.outer.loop.body) && !this.analysis.areApart(store, load),
        );
    if (reads.some(isWritten)) return false;
    const isReachable = (a: Value): boolean =>
      a === this.column || a.region === body || a.region === head || this.isOutside(a);
    return (
      body.values.every((v) => pure.has(v.op) && v.args.every(isReachable)) &&
      reads.some(
        ({ args: [list, index] }) => index === this.column && list.op === "load" && list.args[1] === this.row,
      )
    );
  }
  private isOutside({ op, region }: Value): boolean {
    return (
      op === "const" || !(isInside(region, this.outer.loop.body) || isInside(region, this.outer.loop.head))
    );
  }
  /** Whether something is added to it in each iteration, and nothing else is done with it there. */
  private isSum({ phi, init, next }: Carried): boolean {
    return (
      init.op === "const" &&
      phi.type === "number" &&
      next.op === "rule" &&
      next.rule === table.add &&
      next.args.filter((a) => a === phi).length === 1 &&
      this.analysis.usersOf(phi).length === 1 &&
      this.analysis.usersOf(next).length === 1
    );
  }

  interchange(replaced: Map<Value, Value>): void {
    const { inner, outer } = this;
    const { region, loop } = outer;
    const { body, head, carried } = inner.loop;
    const columns = this.loopOverColumns(body);
    const rows = body.values.filter((v) => !this.ofColumns.has(v));
    const own = body.values.filter((v) => this.ofColumns.has(v));
    body.values.length = 0;
    put([...rows, columns], body);
    put(own, columns.loop.body);
    const { index } = columns.loop.counted;
    for (const value of own) value.args = value.args.map((a) => (a === this.column ? index : a));

    const make = (op: Value["op"], args: Value[], at: Region): Value =>
      makeValue(op, op === "allocate" ? "pointer" : "number", args, at, inner.statement);
    const before: Value[] = [];
    const { bound } = loop.counted;
    const size = bound.op === "length" ? bound : makeTrips(bound, region, inner.statement);
    for (const { phi, init, next, out } of carried) {
      const target = this.targetOf(out, init);
      const list = target?.args[0] ?? make("allocate", [size, init], region);
      const known = make("load", [list, index], columns.loop.body);
      next.args = next.args.map((a) => (a === phi ? known : a));
      const store = make("store", [list, index, next], columns.loop.body);
      const { values } = columns.loop.body;
      values.splice(values.indexOf(next), 1, known, next, store);
      const sum = target ? [] : [make("load", [list, this.column], out.region)];
      out.region.values.splice(out.region.values.indexOf(out), 1, ...sum);
      if (target) loop.body.values.splice(loop.body.values.indexOf(target), 1);
      else {
        Object.assign(list, { allocation: { type: "filled" }, kind: numbersKind });
        if (phi.name) list.name = `${phi.name}s`;
        before.push(list);
        sum[0].name = out.name;
        replaced.set(out, sum[0]);
      }
    }
    if (before.length > 0 && size !== bound) before.unshift(size);
    carried.length = 0;
    head.values.splice(0, head.values.length, this.row);
    loop.body.values.splice(loop.body.values.indexOf(inner), 1);
    put([...before, inner], region, region.values.indexOf(outer));
  }
  private loopOverColumns(around: Region): Counted {
    const { inner, column, outer } = this;
    const columns = makeValue("loop", "number", [], around, inner.statement);
    const head = new Region(around, columns);
    const index = makeValue("index", "number", [], head, inner.statement);
    Object.assign(index, { name: column.name, whole: true });
    put([index], head);
    const counted = { ...outer.loop.counted, index };
    columns.loop = { counted, head, test: null, body: new Region(around, columns), carried: [], trips: null };
    index.loop = columns.loop;
    return columns as Counted;
  }
  /** The store that puts a sum, and does nothing else with it, into a new list for the sums of all columns. */
  private targetOf(sum: Value, init: Value): Value | null {
    const { outer, analysis } = this;
    const [store, ...others] = analysis.usersOf(sum);
    if (store?.op !== "store" || store.key !== null || others.length > 0) return null;
    const [list, index] = store.args;
    if (index !== this.column || store.region !== outer.loop.body || list.region !== outer.region)
      return null;
    if (list.op !== "allocate" || list.allocation.type !== "filled") return null;
    const [size, filling] = list.args;
    const isNew = analysis
      .usersOf(list)
      .every((u) => u === store || (analysis.before(outer, u) && !isInside(u.region, outer.loop.body)));
    const fits = size === outer.loop.counted.bound && Object.is(filling.constant, init.constant);
    return isNew && fits && filling.op === "const" ? store : null;
  }
}
