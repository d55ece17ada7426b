/**
 * Indices and bounds as a value and a number: `i - 1`, `x.length - 2 + 1`.
 *
 * What: `withOffset` takes them apart. Why: whether an index stays inside of a list is told by comparing what is counted
 * to with what the list's length is, and what is added to each.
 */
import { table } from "../rules/index.ts";
import type { Value } from "./ir.ts";

export function withOffset(value: Value): [of: Value, offset: number] {
  const { op, rule, args } = value;
  if (op !== "rule" || (rule !== table.add && rule !== table.sub) || args[1].op !== "const")
    return [value, 0];
  const [of, offset] = withOffset(args[0]);
  const by = Number(args[1].constant);
  return [of, offset + (rule === table.add ? by : -by)];
}
