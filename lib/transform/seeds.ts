/**
 * The adjoints that a reverse sweep begins with: the text of the cotangent at each number of a result.
 */
import { type Result, resultValues, type Value } from "./ir.ts";
import { memberText } from "./kinds.ts";
import { isFlat } from "./matrix.ts";
import { Refusal } from "./refusal.ts";

/** Of numbers, and of lists and records that are memory. */
export interface Seeds {
  readonly seeds: Map<Value, string>;
  readonly pointerSeeds: Map<Value, string>;
}

/** Of one number, 1; of a cotangent, its parts; of rows, 1 for the number whose turn it is (`output`). */
export function seedsOf(result: Result, of: "number" | "cotangent" | "rows"): Seeds {
  const found: Seeds = { seeds: new Map(), pointerSeeds: new Map() };
  if (of === "cotangent") cotangents(result, "cotangent", found);
  else if (of === "rows") unitSeeds(result, found);
  else if (result.type === "value") found.seeds.set(result.value, "1");
  return found;
}

function cotangents(result: Result, text: string, found: Seeds): void {
  if (result.type === "constant") return;
  if (result.type === "value") {
    const { value } = result;
    const map = value.type === "pointer" ? found.pointerSeeds : found.seeds;
    if (map === found.pointerSeeds && map.has(value))
      throw new Refusal("one list is returned in two places", "return a copy", null);
    map.set(value, map.has(value) ? `${map.get(value)} + ${text}` : text);
    return;
  }
  result.items.forEach(
    (item, k) =>
      void cotangents(
        item,
        result.type === "record" ? memberText(text, result.keys[k]) : `${text}[${k}]`,
        found,
      ),
  );
}

function unitSeeds(result: Result, { seeds, pointerSeeds }: Seeds): void {
  if (isFlat(result)) {
    pointerSeeds.set(result.value, "output");
    return;
  }
  const values = resultValues(result);
  const places = new Map<Value, number[]>();
  values.forEach((value, k) => void places.set(value, [...(places.get(value) ?? []), k]));
  for (const [value, at] of places) {
    if (value.type !== "number")
      throw new Refusal("the result holds lists beside other things", "take its pullbacks", null);
    const turn = at.map((k) => `output === ${k}`).join(" || ");
    seeds.set(value, values.length === 1 ? "1" : `(${turn} ? 1 : 0)`);
  }
}
