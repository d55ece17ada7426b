/**
 * Programs for short lists of any length, whose loops are not written out: what long lists have.
 */
import { short } from "#lib/transform/kinds.js";

export function withoutLengths<T>(run: () => T): T {
  const { numbers } = short;
  short.numbers = 0;
  try {
    return run();
  } finally {
    short.numbers = numbers;
  }
}
