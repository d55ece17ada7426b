/**
 * Which of the user's types the lists and records inside of a program have.
 *
 * What: `declaredShapes` follows the shapes of the arguments and of the result through the intermediate form: to what is
 * read from them, written to them, chosen between them or carried round a loop. Why: kinds know neither names nor the
 * lengths of tuples, and a reader expects `Body[]` where the function says so.
 */
import { everyValue, type Lowered, type Procedure, type Result, type Value } from "../transform/ir.ts";
import { type Kind, loose, sameKind } from "../transform/kinds.ts";
import type { Shape } from "./shapes.ts";

export type Shapes = (value: Value) => Shape | null;

/** Whether a shape is of a kind, but for lengths. */
export function isOfKind(shape: Shape, kind: Kind): boolean {
  return sameKind(loose(tupleless(shape.kind)), loose(tupleless(kind)));
}
/** A tuple of equal kinds is a list wherever it comes from. */
function tupleless(kind: Kind): Kind {
  if (kind.type === "list") return { ...kind, of: tupleless(kind.of) };
  if (!("items" in kind)) return kind;
  const items = kind.items.map(tupleless);
  const isList = kind.type === "tuple" && items.length > 0 && items.every((item) => sameKind(item, items[0]));
  return isList ? { type: "list", of: items[0], floats: false } : { ...kind, items };
}

/** Whether a result is of a shape: the same lists, tuples and members. */
export function isOfShape(result: Result, shape: Shape): boolean {
  const { kind, parts } = shape;
  switch (result.type) {
    case "value":
      return result.value.type === "pointer"
        ? isOfKind(shape, result.value.kind as Kind)
        : result.value.type === kind.type;
    case "list":
      if (kind.type === "tuple" || (kind.type === "list" && kind.length !== undefined))
        return (
          result.items.length === parts.length && result.items.every((item, k) => isOfShape(item, parts[k]))
        );
      return (
        kind.type === "list" &&
        kind.floats === result.floats &&
        result.items.every((item) => isOfShape(item, parts[0]))
      );
    case "record":
      return (
        kind.type === "record" &&
        kind.keys.length === result.keys.length &&
        result.keys.every((key, k) => {
          const at = kind.keys.indexOf(key);
          return at >= 0 && isOfShape(result.items[k], parts[at]);
        })
      );
    case "constant":
      return kind.type === "constant" && Object.is(kind.value, result.value);
  }
}

export function declaredShapes(
  lowered: Lowered,
  parameters: readonly Shape[],
  resultShape: Shape | null,
): Shapes {
  const found = new Map<Value, Shape>();
  let changed = true;
  const give = (value: Value | undefined, shape: Shape | null | undefined): void => {
    if (!value || !shape || value.type !== "pointer" || found.has(value)) return;
    if (!isOfKind(shape, value.kind as Kind)) return;
    found.set(value, shape);
    changed = true;
  };
  const share = (...values: Value[]): void => {
    const known = values.find((value) => found.has(value));
    if (known) for (const value of values) give(value, found.get(known));
  };
  const inResult = (result: Result, shape: Shape): void => {
    if (result.type === "value") give(result.value, shape);
    else if (result.type !== "constant")
      result.items.forEach((item, k) => {
        const part = partOf(shape, result.type === "record" ? result.keys[k] : k);
        if (part) inResult(item, part);
      });
  };
  const calls = callsIn(lowered);
  for (const input of lowered.inputs) {
    const { root, path } = input.input;
    if (root.type === "argument")
      give(input, path.reduce<Shape | null>((shape, key) => shape && partOf(shape, key), parameters[root.position] ?? null)); // biome-ignore format: short
  }
  if (resultShape && isOfShape(lowered.result, resultShape)) inResult(lowered.result, resultShape);
  const values = everyValue(lowered);
  while (changed) {
    changed = false;
    for (const value of values) {
      const { args } = value;
      const shape = found.get(value);
      switch (value.op) {
        case "load": {
          const list = found.get(args[0]);
          if (list) give(value, memberOf(list, value.key, args[1]));
          break;
        }
        case "store":
        case "push": {
          const list = found.get(args[0]);
          if (list) give(args.at(-1), memberOf(list, value.key, value.op === "store" ? args[1] : undefined));
          break;
        }
        case "allocate":
          if (value.allocation.type === "copy") share(value, args[0]);
          if (shape && value.allocation.type === "literal") {
            const { keys } = value.allocation;
            args.forEach((item, k) => void give(item, partOf(shape, keys ? keys[k] : k)));
          }
          break;
        case "select":
          share(value, args[1], args[2]);
          break;
        case "if":
          for (const m of value.branch.merges) share(m.value, m.consequent, m.alternate);
          break;
        case "loop":
          for (const c of value.loop.carried) share(c.phi, c.init, c.next, c.out);
      }
    }
    for (const [procedure, call] of calls) {
      procedure.params.forEach((param, k) => void share(param, call.args[k]));
      procedure.results.forEach((result, k) => void share(result, call.call.results[k]));
    }
  }
  return (value) => found.get(value) ?? null;
}

function callsIn(lowered: Lowered): [Procedure, Value][] {
  return everyValue(lowered).flatMap((value): [Procedure, Value][] =>
    value.op === "call" ? [[value.call.procedure, value]] : [],
  );
}
function partOf({ kind, parts }: Shape, key: string | number): Shape | null {
  if (kind.type === "record") return parts[kind.keys.indexOf(String(key))] ?? null;
  return parts.length === 1 ? parts[0] : (parts[Number(key)] ?? null);
}
/** What an access finds: of a tuple of different shapes only where the index is known. */
function memberOf(shape: Shape, key: string | null, index: Value | undefined): Shape | null {
  if (key !== null) return partOf(shape, key);
  if (index?.op === "const") return partOf(shape, Number(index.constant));
  const [first, ...others] = shape.parts;
  return first && others.every((other) => other.own === first.own) ? first : null;
}
