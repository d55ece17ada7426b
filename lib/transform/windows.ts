/**
 * Lists that a loop reads at neighbouring elements: `x[i]` and `x[i + 1]` for i = 0, 1, …
 *
 * What: `findWindows`, the reads of each such window with their offsets. Why: an element gets parts of its adjoint from
 * several iterations in a row. What the next iterations add to is carried in variables, and each element is written to
 * once, where adding in memory would wait for the iteration before.
 * Reference: Callahan, Carr & Kennedy, Improving register allocation for subscripted variables, PLDI 1990.
 */
import { table } from "../rules/index.ts";
import type { Analysis } from "./analysis.ts";
import { isInside, regionsOf, runBy, type Value } from "./ir.ts";

export interface Window {
  readonly loop: Value;
  readonly list: Value;
  /** The index is their sum, the loop's counter and the offset. */
  readonly base: readonly Value[];
  readonly offsets: Map<Value, number>;
}

/** Variables carried for one list. */
const widest = 3;

/** The window of each read that belongs to one. */
export function findWindows(analysis: Analysis): Map<Value, Window> {
  const windows = new Map<Value, Window>();
  for (const loop of analysis.values) {
    if (loop.op !== "loop" || !isForward(loop)) continue;
    for (const window of windowsOf(loop, analysis))
      for (const load of window.offsets.keys()) windows.set(load, window);
  }
  return windows;
}

function isForward({ loop }: Value): boolean {
  const { counted } = loop;
  return counted?.step === 1 && counted.comparison === "lt" && counted.start.whole;
}

function windowsOf(loop: Value, analysis: Analysis): Window[] {
  const found = new Map<string, Window>();
  for (const value of loop.loop.body.values) {
    if (value.op !== "load" || value.type !== "number" || value.key !== null || value.asked) continue;
    const [list, index] = value.args;
    if (isWithin(list, loop) || !analysis.isActive(value) || !analysis.isActiveMember(list, null)) continue;
    const place = placeOf(index, loop);
    if (!place) continue;
    const key = `${list.id} ${place.base.map((b) => b.id).join()}`;
    let window = found.get(key);
    if (!window) {
      window = { loop, list, base: place.base, offsets: new Map() };
      found.set(key, window);
    }
    window.offsets.set(value, place.offset);
  }
  return [...found.values()].filter(({ list, offsets }) => {
    const all = [...offsets.values()];
    const width = Math.max(...all) - Math.min(...all);
    return width > 0 && width <= widest && !isWrittenIn(loop, list, analysis);
  });
}
function isWithin(value: Value, loop: Value): boolean {
  return regionsOf(loop).some((region) => isInside(value.region, region));
}
function isWrittenIn(loop: Value, list: Value, analysis: Analysis): boolean {
  const { stores } = analysis.memoryOf(list);
  return stores.length > 0 && runBy(loop).some((value) => stores.includes(value));
}

/** An index as the loop's counter, an offset and what stays the same in the loop. */
function placeOf(index: Value, loop: Value): { base: Value[]; offset: number } | null {
  const base: Value[] = [];
  let offset = 0;
  let counts = 0;
  const add = (value: Value): boolean => {
    if (value === loop.loop.counted?.index) counts++;
    else if (value.op === "const") offset += value.constant as number;
    else if (!isWithin(value, loop)) base.push(value);
    else if (value.op === "rule" && value.rule === table.add) return value.args.every(add);
    else if (value.op === "rule" && value.rule === table.sub && value.args[1].op === "const") {
      offset -= value.args[1].constant as number;
      return add(value.args[0]);
    } else return false;
    return true;
  };
  if (!add(index) || counts !== 1 || !Number.isInteger(offset)) return null;
  return { base: base.sort((a, b) => a.id - b.id), offset };
}
