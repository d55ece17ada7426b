/**
 * Lists that get one more element in each iteration of a loop, made at their full length.
 *
 * What: `sizeLists` turns `path = [start]; for (…) path.push(next)` into a list of so many elements as there will be, and
 * the push into a store. Why: its length and the places of its elements are known then, for loops that are joined
 * (jamming.ts), and its adjoints are a list of that length, which is neither appended to nor taken from.
 * It takes that the loop's text tells how often it runs, and that nothing looks at an element that is not there yet.
 */
import { table } from "../rules/index.ts";
import { Analysis } from "./analysis.ts";
import { makeTrips, makeValue, Wholes } from "./insertion.ts";
import {
  type Counted,
  everyValue,
  isCounted,
  isInside,
  type Lowered,
  put,
  type Region,
  type Value,
} from "./ir.ts";
import { numbersKind } from "./kinds.ts";
import { isWhole } from "./numbering.ts";
import { Overlap } from "./overlap.ts";
import { exchange } from "./replace.ts";

/** Whether there were any such lists. */
export function sizeLists(lowered: Lowered): boolean {
  const lists = everyValue(lowered).filter(isCandidate);
  if (lists.length === 0) return false;
  const analysis = new Analysis(lowered, null);
  const replaced = new Map<Value, Value>();
  let sized = false;
  for (const list of lists) {
    const growing = growingOf(list, analysis);
    if (!growing) continue;
    size(growing, analysis, replaced);
    sized = true;
  }
  exchange(lowered, replaced);
  return sized;
}

/** A list of numbers with its elements one by one. */
function isCandidate({ op, allocation, kind }: Value): boolean {
  return (
    op === "allocate" &&
    allocation.type === "literal" &&
    allocation.keys === null &&
    kind?.type === "list" &&
    kind.of.type === "number" &&
    !kind.floats
  );
}
/** Such a list, and the push that adds one more in each iteration of a loop. */
interface Growing {
  readonly list: Value;
  /** How many elements it begins with. */
  readonly first: number;
  readonly push: Value;
  readonly loop: Counted;
}

function growingOf(list: Value, analysis: Analysis): Growing | null {
  const memory = analysis.memoryOf(list);
  if (memory.inputs.length > 0 || memory.allocations.length > 1 || analysis.isResult(list)) return null;
  const users = analysis.usersOf(list);
  const pushes = users.filter((user) => user.op === "push");
  const [push] = pushes;
  const loop = push?.region.owner;
  if (pushes.length !== 1 || push.args[1] === list || analysis.usersOf(push).length > 0) return null;
  if (!loop || !isCounted(loop) || loop.region !== list.region) return null;
  const { start, bound, step, comparison } = loop.loop.counted;
  if (step !== 1 || comparison !== "lt" || !isWhole(start) || !isWhole(bound)) return null;
  const growing = { list, first: list.args.length, push, loop };
  const isGood = (user: Value): boolean => {
    if (user === push) return true;
    if (user.key !== null || !["load", "length", "spread"].includes(user.op)) return false;
    if (!analysis.before(loop, user) || isInside(user.region, loop.loop.head)) return false;
    if (!isInside(user.region, loop.loop.body) || user.op === "length") return true;
    return user.op === "load" && isThere(user, growing, analysis);
  };
  return users.every(isGood) ? growing : null;
}
/** Whether an element that is read in the loop is there already. */
function isThere(load: Value, growing: Growing, analysis: Analysis): boolean {
  const [list, index] = load.args;
  if (index.op === "rule" && index.rule === table.sub) {
    const [length, back] = index.args;
    const isBack = back.op === "const" && (back.constant as number) >= 1;
    if (length.op === "length" && length.args[0] === list && isBack) return true;
  }
  const count = countAt(load, growing, analysis, new Wholes(load.region, null));
  return Overlap.at(load).isAtMost(index, count, true);
}
/** How many elements there are where something of an iteration runs. */
function countAt(value: Value, { first, push, loop }: Growing, analysis: Analysis, wholes: Wholes): Value {
  const { index, start } = loop.loop.counted;
  const count = wholes.constant(first + (analysis.before(push, value) ? 1 : 0));
  return wholes.sum(count, wholes.difference(index, start));
}

function size(growing: Growing, analysis: Analysis, replaced: Map<Value, Value>): void {
  const { list, push, loop } = growing;
  const { region, statement } = loop;
  const { start, bound } = loop.loop.counted;
  // right before the loop, as many as there are and will be
  const before = new Wholes(region, list.statement);
  const span = before.difference(bound, start);
  const trips = span.op === "length" ? span : makeTrips(span, region, statement);
  const made = [...before.made, ...(trips === span ? [] : [trips])];
  before.made.length = 0;
  const length = before.sum(before.constant(list.args.length), trips);
  const zero = before.constant(0);
  const stores = list.args.map((item, k) => storeOf(list, before.constant(k), item, region));
  region.values.splice(region.values.indexOf(list), 1);
  list.args = [length, zero];
  list.allocation = { type: "filled" };
  list.kind = numbersKind;
  put([...made, ...before.made, list, ...stores], region, region.values.indexOf(loop));

  for (const user of analysis.usersOf(list)) {
    const isHere = user === push || (user.op === "length" && isInside(user.region, loop.loop.body));
    if (!isHere) continue;
    const wholes = new Wholes(user.region, user.statement);
    const count = countAt(user, growing, analysis, wholes);
    const { values } = user.region;
    if (user === push) wholes.made.push(storeOf(list, count, push.args[1], push.region, push.statement));
    else replaced.set(user, count);
    values.splice(values.indexOf(user), user === push ? 1 : 0, ...wholes.made);
  }
}
function storeOf(list: Value, index: Value, item: Value, region: Region, statement = list.statement): Value {
  return makeValue("store", "number", [list, index, item], region, statement);
}
