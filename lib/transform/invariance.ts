/**
 * Shifts that cancel out: the greatest score in a log-sum-exp or softmax.
 *
 * What: `detachShifts` finds numbers m that f subtracts before an exponential and that its result does not depend on,
 * as in m + log Σ exp(x - m) or exp(x - m) / Σ exp(x - m), and takes their derivative for zero, which it is. Why: what
 * finds the greatest score needs no reverse sweep then, and no rounding error stands where nothing should be.
 *
 * How: what is computed from m is either moved by a multiple of it, v + s·m, or scaled by its exponential, v·exp(k·m),
 * where s and k may have a factor that is known before m (a temperature); both are followed through sums, products, quotients, logarithms and sums in loops, until s or k is zero. Reference:
 * Blanchard, Higham & Higham, Accurately computing the log-sum-exp and softmax functions, IMA J. Numer. Anal. 41 (2021).
 */
import { type Rule, table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { isInside, Value } from "./ir.ts";

/** How a number depends on m: moved by so many m, or scaled by the exponential of so many; times or by a factor. */
interface Dependence {
  readonly type: "moved" | "scaled";
  readonly by: number;
  readonly factor?: { readonly of: Value; readonly rule: Rule };
}

/** Whether anything has been changed: users of such a number read a passive copy of it. */
export function detachShifts(analysis: Analysis): boolean {
  let detached = false;
  for (const value of analysis.values) {
    if (value.op !== "rule" || value.rule !== table.sub) continue;
    const isExponent = (user: Value): boolean => user.op === "rule" && user.rule === table.exp;
    const isScaled = (user: Value): boolean =>
      user.op === "rule" &&
      analysis.usersOf(user).some(isExponent) &&
      [table.mul, table.div].includes(user.rule);
    if (!analysis.usersOf(value).some((user) => isExponent(user) || isScaled(user))) continue;
    for (const shift of value.args) {
      if (shift.type !== "number" || shift.op === "const" || !analysis.isActive(shift)) continue;
      if (!cancels(shift, analysis)) continue;
      detach(shift, analysis);
      detached = true;
    }
  }
  return detached;
}

function detach(shift: Value, analysis: Analysis): void {
  const copy = new Value("passive", "number", [shift]);
  copy.write = (text) => text;
  copy.detached = true;
  copy.statement = shift.statement;
  copy.region = shift.region;
  const { values } = shift.region;
  values.splice(values.indexOf(shift) + 1, 0, copy);
  for (const user of new Set(analysis.usersOf(shift)))
    user.args = user.args.map((a) => (a === shift ? copy : a));
}

/** Whether the result does not depend on a number beyond what that is computed from. */
function cancels(shift: Value, analysis: Analysis): boolean {
  const found = new Map<Value, Dependence>();
  const users = new Set<Value>();
  const depends = (value: Value, dependence: Dependence): boolean => {
    if (analysis.isResult(value) || !isInside(value.region, shift.region)) return false;
    found.set(value, dependence);
    for (const user of analysis.usersOf(value)) users.add(user);
    return true;
  };
  const isFollowed = (user: Value): boolean => {
    if (user.op === "store" || user.op === "push") {
      const dependence = found.get(user.args.at(-1) as Value);
      const loads = dependence?.type === "scaled" ? readsOf(user, shift, analysis) : null;
      return !!loads?.every((load) => depends(load, dependence as Dependence));
    }
    if (user.op !== "rule") return false;
    const sum = sumOf(user, found, analysis);
    if (sum) return depends(user, sum.dependence) && depends(sum.out, sum.dependence);
    const dependence = ofRule(user, found, shift);
    return dependence !== null && (dependence.by === 0 || depends(user, dependence));
  };
  if (!depends(shift, { type: "moved", by: 1 })) return false;
  // in the order in which they run, so that all operands are known
  while (users.size > 0) {
    const [first] = [...users].sort((a, b) => analysis.placeOf(a) - analysis.placeOf(b));
    users.delete(first);
    // loops know their sums by what stands in them
    if (first.op === "loop" ? !carriesSums(first, found) : !isFollowed(first)) return false;
  }
  return true;
}
/** Whether what a loop carries of all this are sums, which are known as they are found. */
function carriesSums({ loop }: Value, found: ReadonlyMap<Value, Dependence>): boolean {
  const { counted, test, carried } = loop;
  const bounds = [counted?.start, counted?.bound, test];
  return (
    !bounds.some((bound) => bound && found.has(bound)) &&
    carried.every((c) => !found.has(c.init) && (!found.has(c.next) || found.has(c.out)))
  );
}

/** What a row of the table makes of such operands; by zero where nothing is left of m, null where it is nothing known. */
function ofRule(
  { rule, args }: Value,
  found: ReadonlyMap<Value, Dependence>,
  shift: Value,
): Dependence | null {
  const [a, b] = args.map((arg) => found.get(arg));
  // what was detached from m before does not depend on it any more
  if (!a && !b) return { type: "moved", by: 0 };
  if (a && b && !isSameFactor(a, b)) return null;
  const { factor } = (a ?? b) as Dependence;
  const isZero = (arg: Value) => arg.op === "const" && arg.constant === 0;
  const by = (type: Dependence["type"], amount: number): Dependence => ({ type, by: amount, factor });
  switch (rule) {
    case table.add:
    case table.sub: {
      const sign = rule === table.add ? 1 : -1;
      if (a?.type !== "scaled" && b?.type !== "scaled")
        return by("moved", (a?.by ?? 0) + sign * (b?.by ?? 0));
      if (a && b) return a.type === b.type && a.by === b.by ? a : null;
      return isZero(args[a ? 1 : 0]) ? (a ?? b ?? null) : null;
    }
    case table.neg:
      return a ? by(a.type, a.type === "moved" ? -a.by : a.by) : null;
    case table.mul:
    case table.div: {
      if (a?.type === "moved" || b?.type === "moved") {
        // by a number that is there before m is
        const of = args[a ? 1 : 0];
        if (of.op === "const" && !(rule === table.div && b)) {
          const [c] = [of.constant as number];
          return by("moved", rule === table.mul ? (a ?? (b as Dependence)).by * c : (a as Dependence).by / c);
        }
        if ((a && b) || factor || (rule === table.div && b) || !isInside(shift.region, of.region))
          return null;
        return { ...(a ?? b), factor: { of, rule } } as Dependence;
      }
      return by("scaled", (a?.by ?? 0) + (rule === table.mul ? 1 : -1) * (b?.by ?? 0));
    }
    case table.exp:
      return a?.type === "moved" ? by("scaled", a.by) : null;
    case table.log:
      return a?.type === "scaled" ? by("moved", a.by) : null;
  }
  return null;
}
function isSameFactor({ factor: a }: Dependence, { factor: b }: Dependence): boolean {
  return a?.of === b?.of && a?.rule === b?.rule;
}

/** The variable behind a loop to which a number is added in each iteration, from zero: it is scaled as what is added. */
function sumOf(
  user: Value,
  found: ReadonlyMap<Value, Dependence>,
  analysis: Analysis,
): { out: Value; dependence: Dependence } | null {
  const [a, b] = user.args;
  if (user.rule !== table.add || (a.op === "phi") === (b.op === "phi")) return null;
  const [phi, term] = a.op === "phi" ? [a, b] : [b, a];
  const c = phi.loop.carried.find((x) => x.phi === phi);
  const dependence = found.get(term);
  const isSum =
    c?.next === user &&
    c.init.op === "const" &&
    c.init.constant === 0 &&
    analysis.usersOf(phi).every((other) => other === user) &&
    analysis.usersOf(user).every((other) => other.op === "loop" && other.loop === phi.loop);
  return c && isSum && dependence?.type === "scaled" ? { out: c.out, dependence } : null;
}

/** The loads of a list of m's own region that is stored to in one place; null where others may see it. */
function readsOf(store: Value, shift: Value, analysis: Analysis): Value[] | null {
  const [list] = store.args;
  const { inputs, allocations, stores, loads } = analysis.memoryOf(list);
  const [made] = allocations;
  const isOwn =
    inputs.length === 0 &&
    allocations.length === 1 &&
    made.op === "allocate" &&
    isInside(made.region, shift.region) &&
    !analysis.isResult(made) &&
    (made.allocation.type === "filled"
      ? made.args[1].op === "const" && made.args[1].constant === 0
      : made.allocation.type === "literal" && made.args.length === 0) &&
    stores.every((other) => other === store || other === made);
  const plain = (user: Value): boolean =>
    user === store || user.op === "length" || (user.op === "load" && user.type === "number");
  if (!isOwn || store.key !== null || list !== made || !analysis.usersOf(made).every(plain)) return null;
  const reading = loads.filter((value) => value.op === "load" && value.type === "number");
  return loads.every(plain) ? reading : null;
}
