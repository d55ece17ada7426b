/**
 * What a program's text says where plain JavaScript has no word for it.
 *
 * What: `Dialect`, the few phrases that differ between a program that is compiled here, which calls the functions of
 * rows.ts and gives up by returning undefined (by an exception in a procedure), and one that is written ahead of time,
 * which stands alone.
 */

import type { Value } from "./ir.ts";
import { type Kind, zerosText } from "./kinds.ts";
import type { Missing } from "./misses.ts";

export interface Dialect {
  /** Zeros in the shape of a value. */
  zerosLike(text: string, kind: Kind): string;
  /** What stands in a shadow for a list or record that carries no derivative: nobody reads it. */
  noShadow(kind: Kind): string;
  /** A copy of what the program returns. */
  copy(text: string, kind: Kind): string;
  /** A tangent that came in and is written to. */
  ownTangent(text: string, kind: Kind): string;
  /** The statement that adds the numbers of a cotangent to a shadow. */
  addInto(shadow: string, text: string, kind: Kind): string[];
  /** The statement at the place of an error; of a `throw`, with the texts of what its message is made of. */
  giveUp(value: Value, parts: readonly string[]): string;
  /** Whether programs stand alone: no tape says what happens at an infinite slope, an index out of range or an error. */
  readonly alone: boolean;
  /** What is done about lists of a shadow that may have become longer than those of the value. */
  trim(shadow: string, text: string, kind: Kind, missing: Missing): string[];
}

export const compiled: Dialect = {
  zerosLike: (text, kind) => zerosText(kind, text),
  noShadow: () => "null",
  copy: (text) => `rows.copy(${text})`,
  // whoever calls it gives it copies
  ownTangent: (text) => text,
  addInto: (shadow, text) => [`rows.addInto(${shadow}, ${text});`],
  giveUp: ({ region }) => (region.procedure ? "throw rows.givenUp;" : "return undefined;"),
  alone: false,
  // an adjoint that is set, and not added to, is no NaN where there is no element
  trim: (shadow, text, kind, missing) =>
    kind.type === "list" && kind.of.type === "number" && !kind.floats && missing.here
      ? [`if (${shadow}.length > ${text}.length) return undefined;`]
      : [],
};
