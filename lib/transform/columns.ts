/**
 * Jacobians column by column: a function with several directions at once (directional.ts), in one sweep.
 *
 * Reference: Griewank & Walther (2008), section 3.1, for vector mode.
 */
import type { PlainFunction } from "../source/sites.ts";
import { Head, type Path, type ProgramText, resultText } from "./assemble.ts";
import { compiled } from "./dialect.ts";
import { addTangents } from "./directional.ts";
import { functionText, lowered, type ProgramOptions, prepare } from "./gradient.ts";
import { type Result, resultValues, type Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";
import { isFlat } from "./matrix.ts";
import { Refusal } from "./refusal.ts";
import { simplify } from "./simplify.ts";
import { type Lines, ProgramWriter } from "./writer.ts";

/** Writes a function with tangents that have become part of it. */
class PlainWriter extends ProgramWriter {
  write(): Lines {
    for (const input of this.analysis.lowered.inputs) this.nameOf(input);
    this.findLive();
    return this.forward(this.analysis.lowered.body);
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
  const lowering = lowered(f, kinds);
  const places = positions.map((k) => placesOf(kinds[k]));
  const total = places.reduce((sum, list) => sum + (list?.length ?? Infinity), 0);
  const known = total <= mostKnown;
  const all = known
    ? places.flatMap((list, at) => (list as Path[]).map((path) => keyOf(positions[at], path)))
    : [];
  const count = known ? all.length : directions;
  const dots = addTangents(lowering, positions, count, ({ input: { root, path } }, k) => {
    const { position } = root as { position: number };
    if (known) return all[k] === keyOf(position, path) ? 1 : 0;
    return { position: kinds.length + k * positions.length + positions.indexOf(position) };
  });
  const given = known ? [] : Array.from({ length: directions }, () => positions).flat();
  const names = lowering.parameterNames;
  const vector = {
    ...lowering,
    result: { type: "list", items: [lowering.result, ...dots], floats: false } as Result & { type: "list" },
    parameterNames: [...kinds.map((_, k) => names[k]), ...given.map((k) => `${names[k] ?? `x${k + 1}`}Dot`)],
  };
  simplify(vector);
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
    variables: writer.variables(),
    freeInputs: head.freeInputs,
    lowering: vector,
    written,
    oddIndices,
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
/** The ways to the numbers of a kind; null where there is a list of a length that is not known, or too many of them. */
function placesOf(kind: Kind, path: Path = []): Path[] | null {
  if (kind.type === "number") return [path];
  if (kind.type === "list") return null;
  if (!("items" in kind)) return [];
  const items = kind.items.map((item, k) =>
    placesOf(item, [...path, kind.type === "record" ? kind.keys[k] : k]),
  );
  const all = items.includes(null) ? null : (items as Path[][]).flat();
  return all && all.length > mostKnown ? null : all;
}
const keyOf = (position: number, path: Path): string => JSON.stringify([position, ...path]);
