/**
 * Arguments that a function writes to.
 *
 * What: whether a program may work on copies of them, and whether what it left in the copies can be written back: lists
 * that share nothing with others, and that keep their length and their keys.
 */

/** Whether arguments that are written to share no list or record with each other or anything else. */
export function areSeparate(
  args: readonly unknown[],
  free: readonly unknown[],
  written: readonly number[],
): boolean {
  const seen = new Set<unknown>();
  let shared = false;
  const look = (value: unknown, mine: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    if (seen.has(value) || (mine && Object.isFrozen(value))) shared = true;
    if (mine) seen.add(value);
    if (ArrayBuffer.isView(value)) {
      // views of one buffer overlap
      if (seen.has(value.buffer)) shared = true;
      if (mine) seen.add(value.buffer);
      return;
    }
    if (Array.isArray(value) && typeof value[0] === "number") return;
    for (const item of Object.values(value)) look(item, mine);
  };
  for (const k of written) look(args[k], true);
  args.forEach((arg, k) => {
    if (!written.includes(k)) look(arg, false);
  });
  for (const value of free) look(value, false);
  return !shared;
}

/** Whether lists are as long as before; `odd` asks for keys that are no indices, too: -1, NaN. */
export function sameKeys(a: unknown, b: unknown, odd: boolean): boolean {
  if (typeof a !== "object" || a === null || ArrayBuffer.isView(a)) return true;
  if (Array.isArray(a)) {
    const { length } = b as unknown[];
    if (a.length !== length || (odd && Object.keys(b as unknown[]).length !== length)) return false;
    if (typeof a[0] === "number") return true;
  }
  return Object.entries(a).every(([key, item]) => sameKeys(item, (b as Record<string, unknown>)[key], odd));
}
