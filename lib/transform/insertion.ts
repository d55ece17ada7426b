/**
 * Values that are put into a function after it has been lowered.
 *
 * What: `makeValue`, and the branch in which the program gives up. Why beside lower/builder.ts: that one appends where
 * the lowering stands; here the place is known to whoever rewrites.
 */
import { type Rule, table } from "../rules/index.ts";
import type { Node } from "../source/syntax.ts";
import { Region, Value } from "./ir.ts";

/** A value for a region, which it is not put into yet. */
export function makeValue(
  op: Value["op"],
  type: Value["type"],
  args: Value[],
  region: Region,
  statement: Node | null,
): Value {
  const value = new Value(op, type, args);
  value.region = region;
  value.statement = statement;
  return value;
}
/** The branch in which the program gives up, where a test gives some answer. */
export function makeBail(test: Value, answer: boolean): { branch: Value; bail: Value } {
  const branch = makeValue("if", "number", [test], test.region, test.statement);
  const [consequent, alternate] = [new Region(test.region, branch), new Region(test.region, branch)];
  branch.branch = { consequent, alternate, merges: [] };
  const side = answer ? consequent : alternate;
  const bail = makeValue("bail", "number", [], side, test.statement);
  side.values.push(bail);
  return { branch, bail };
}
/** How often a loop from 0 to below a whole number runs. */
export function makeTrips(bound: Value, region: Region, statement: Node | null): Value {
  const trips = makeValue("passive", "number", [bound], region, statement);
  trips.write = (n) => `Math.max(0, ${n})`;
  trips.whole = true;
  return trips;
}

/** Sums and differences of whole numbers, which whoever asks for them puts into the region. */
export class Wholes {
  readonly made: Value[] = [];
  constructor(
    private readonly region: Region,
    private readonly statement: Node | null,
  ) {}
  constant(constant: number): Value {
    const value = this.make("const", []);
    value.constant = constant;
    return value;
  }
  sum(a: Value, b: Value): Value {
    if (isZero(b)) return a;
    return isZero(a) ? b : this.rule(table.add, a, b);
  }
  difference(a: Value, b: Value): Value {
    return isZero(b) ? a : this.rule(table.sub, a, b);
  }
  private rule(rule: Rule, ...args: Value[]): Value {
    const value = this.make("rule", args);
    value.rule = rule;
    return value;
  }
  private make(op: Value["op"], args: Value[]): Value {
    const value = makeValue(op, "number", args, this.region, this.statement);
    value.whole = true;
    this.made.push(value);
    return value;
  }
}
const isZero = ({ op, constant }: Value): boolean => op === "const" && constant === 0;
