/**
 * What a derivative program cannot do.
 *
 * What: `Refusal`, thrown while a program is made: the construct, where it stands, and the way out. The tape serves
 * the function then, and `explain` tells the reader.
 */
import type { Place } from "../source/positions.ts";

export class Refusal extends Error {
  constructor(
    readonly construct: string,
    readonly wayOut: string,
    readonly place: Place | null,
  ) {
    super(`${construct}; ${wayOut}${place ? ` (${place.line}:${place.column})` : ""}`);
  }
}
