/**
 * The names that are added to a text.
 *
 * What: a beginning that no name of the text has, and the declaration of what all added text refers to. Why here: the
 * annotation writes them, and recording programs that are compiled later (late.ts) need the same.
 */

/** What all of them begin with, and no name of the text. */
export function unusedPrefix(code: string): string {
  let prefix = "$_";
  while (code.includes(prefix)) prefix += "_";
  return prefix;
}

/** The beginning of a declaration of what all added text refers to: the recorder, the shadow symbol, the box class. */
export const recorderNames = (prefix: string): string =>
  `const ${prefix}w = globalThis[Symbol.for("wengert.recorder")], ${prefix}S = ${prefix}w.shadow, ${prefix}B = ${prefix}w.Box`;
