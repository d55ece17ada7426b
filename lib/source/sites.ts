/**
 * Plain functions as texts to be transformed.
 *
 * What: from a function value to its syntax tree, the current values of its free variables, and the user's own place
 * of each part of it. Why: a derivative program is written from the tree (once for each place in the text) and run
 * with the variables of one closure.
 */
import { Site } from "./plain-text.ts";
import { type Maker, makerOf } from "./registry.ts";

export type { Site } from "./plain-text.ts";

/** A prepared plain function as a text to be transformed. */
export class PlainFunction {
  /** The one record of this place in the text: the same object for every closure made there (a key for caches). */
  readonly site: Site;
  readonly #make: Maker;

  constructor(site: Site, make: Maker) {
    this.site = site;
    this.#make = make;
  }

  /** Whether it is the same function: the same text with the same variables around it. */
  isSame(other: PlainFunction): boolean {
    return this.#make === other.#make;
  }

  /** The current value of a free variable; throws ReferenceError where it is still in its dead zone. */
  read(name: string): unknown {
    const number = this.site.numberOf(name);
    if (number !== undefined) return this.#make(number + 2);
    if (name in globalThis) return globalThis[name as keyof typeof globalThis];
    throw new ReferenceError(`${name} is not defined`);
  }
}

/** Undefined for functions that are not prepared, natives and bound functions. */
export function plainFunctionOf(f: unknown): PlainFunction | undefined {
  const make = makerOf(f);
  const site = make?.(1);
  return make && site instanceof Site ? new PlainFunction(site, make) : undefined;
}
