/**
 * What the compiler does when it rests.
 *
 * What: collects garbage, at the latest after a number of pieces of work; and before that, once, what makes later pieces
 * quicker. Why: V8, which sees much memory free, lets 250 MB of what the pieces leave gather where 80 are in use.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const mostPieces = 200;
const rest = 1000;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** What is to be done at the first rest, one after the other; a request that comes in between goes first. */
const once: (() => void)[] = [];
export const atFirstRest = (...acts: (() => void)[]): void => void once.push(...acts);

let pieces = 0;
let timer: NodeJS.Timeout | null = null;

/** To be called after each piece of work. */
export function tidy(): void {
  if (timer) clearTimeout(timer);
  timer = null;
  if (++pieces >= mostPieces) setImmediate(collectNow);
  else timer = setTimeout(resting, rest);
}

function resting(): void {
  const act = once.shift();
  act?.();
  timer = act ? setTimeout(resting, 0) : null;
  if (!act) collectNow();
}

function collectNow(): void {
  pieces = 0;
  collect();
}
