/**
 * Jacobians column by column: a function with several directions at once (directional.ts), in one sweep.
 *
 * Reference: Griewank & Walther (2008), section 3.1, for vector mode.
 */
import type { PlainFunction } from "../source/sites.ts";
import { Head, inputAt, isTakenApart, type Path, type ProgramText, resultText } from "./assemble.ts";
import { compiled } from "./dialect.ts";
import { addTangents, type Seed } from "./directional.ts";
import { functionText, lowered, type ProgramOptions, placeOf, prepare } from "./gradient.ts";
import { type Result, resultValues, type Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";
import type { Lowering } from "./lower/index.ts";
import { isFlat } from "./matrix.ts";
import { ProcedureWriter } from "./procedures.ts";
import { Refusal } from "./refusal.ts";
import { simplify } from "./simplify.ts";
import type { Lines, ProgramWriter } from "./writer.ts";

/** Writes a function with tangents that have become part of it. */
class PlainWriter extends ProcedureWriter {
  write(): Lines {
    this.nameOutside(() => "");
    this.findLive();
    return this.forward(this.analysis.lowered.body);
  }
  // functions that call themselves have no tangents here
  protected nameMore(): void {}
  protected passedWith(): string[] {
    return [];
  }
  protected mustBeNamed(): boolean {
    return false;
  }
  protected *roots(): Iterable<Value> {
    yield* this.resultValues();
    yield* this.writtenStores;
  }
  writtenStores: Value[] = [];
}

/** Up to so many numbers among the arguments, each is a direction that the program knows. */
export const mostKnown = 8;

/**
 * The program `(…args, …directions, …free) => { value, tangent }`: rows of the derivatives in each direction. Where the
 * arguments are at most `mostKnown` numbers, the directions are theirs, and not given.
 */
export function writeColumns(
  f: PlainFunction,
  kinds: readonly Kind[],
  { positions, name, directions }: Pick<ProgramOptions, "positions" | "name"> & { directions: number },
): ProgramText {
  const lowering = lowered(f, kinds, { positions, procedures: false, isForward: true });
  const all = positions.flatMap((k) => placesOf(lowering, k, kinds[k]));
  const known = all.length <= mostKnown && !all.includes(unknown);
  const count = known ? all.length : directions;
  const seed: Seed = ({ input: { root, path } }, k) => {
    const { position } = root as { position: number };
    if (known) return all[k] === keyOf(position, path) ? 1 : 0;
    return { position: kinds.length + k * positions.length + positions.indexOf(position) };
  };
  const dots = addTangents(lowering, positions, count, seed, placeOf(f), false);
  const given = known ? [] : Array.from({ length: directions }, () => positions).flat();
  const names = lowering.parameterNames;
  const vector = {
    ...lowering,
    result: { type: "list", items: [lowering.result, ...dots], floats: false } as Result & { type: "list" },
    parameterNames: [...kinds.map((_, k) => names[k]), ...given.map((k) => `${names[k] ?? `x${k + 1}`}Dot`)],
  };
  simplify(vector, { positions, mayGiveUp: false });
  const { analysis, stores, written, oddIndices } = prepare(f, vector, []);
  const writer = new PlainWriter(analysis, compiled);
  writer.writtenStores = stores;
  const head = new Head(vector, writer, kinds.length + given.length);
  const parameters = [...head.parameters, ...head.freeNames];
  const body = writer.write();
  const [value, ...tangents] = vector.result.items;
  const lines = [
    ...head.lines(),
    ...body,
    `return { value: ${resultText(value, (v) => copied(v, writer))}, tangent: ${columnsText(tangents, (v) => writer.text(v))} };`,
  ];
  return {
    name,
    source: functionText(name, parameters, lines),
    parameters,
    lines,
    functions: [],
    variables: writer.variables(),
    freeInputs: head.freeInputs,
    lowering: vector,
    written,
    oddIndices,
    withValue: true,
  };
}
function copied(value: Value, writer: ProgramWriter): string {
  const text = writer.text(value);
  return value.type === "pointer" ? compiled.copy(text, value.kind as Kind) : text;
}
/** Rows of a matrix that is given by columns. */
function columnsText(columns: readonly Result[], text: (value: Value) => string): string {
  if (columns.every(isFlat))
    return `rows.transposed([${columns.map(({ value }) => text(value)).join(", ")}])`;
  const lists = columns.map(resultValues);
  if (lists.flat().some((value) => value.type !== "number"))
    throw new Refusal("the result holds lists beside other things", "take its pushforwards", null);
  const rows = (lists[0] ?? []).map((_, j) => `[${lists.map((list) => text(list[j])).join(", ")}]`);
  return `[${rows.join(", ")}]`;
}
/** The numbers of an argument by the ways to them; `unknown` for a list or record that has not been taken apart. */
function placesOf(lowering: Lowering, position: number, kind: Kind, path: Path = []): string[] {
  if (inputAt(lowering, position, path)?.type === "pointer") return [unknown];
  if (kind.type === "number") return [keyOf(position, path)];
  if (kind.type === "list") {
    if (!kind.length || !isTakenApart(lowering, position, path)) return [unknown];
    return Array.from({ length: kind.length }, (_, k) =>
      placesOf(lowering, position, kind.of, [...path, k]),
    ).flat();
  }
  if (!("items" in kind)) return [];
  return kind.items.flatMap((item, k) =>
    placesOf(lowering, position, item, [...path, kind.type === "record" ? kind.keys[k] : k]),
  );
}
const unknown = "unknown";
const keyOf = (position: number, path: Path): string => JSON.stringify([position, ...path]);
