/**
 * Directions along single numbers, and structures as rows of numbers.
 *
 * What: what matrices of derivatives need of numbers in lists and records, without taking the values apart: the numbers
 * stand in key order, as in tape/inputs.ts.
 */

type Container = Record<string | number, unknown>;

/**
 * Calls `visit` for each number of some values in turn, with directions (zeros in the shape of the values) in which that
 * number alone is 1; the same structure each time. Ends early, with false, where `visit` says false.
 */
export function eachUnit(directions: unknown[], visit: () => boolean): boolean {
  const go = (container: Container, key: string | number): boolean => {
    const item = container[key];
    if (typeof item === "number") {
      container[key] = 1;
      const goesOn = visit();
      container[key] = 0;
      return goesOn;
    }
    if (typeof item !== "object" || item === null) return true;
    if (Array.isArray(item) || item instanceof Float64Array) {
      for (let k = 0; k < item.length; k++) if (!go(item as unknown as Container, k)) return false;
      return true;
    }
    return Object.keys(item).every((inner) => go(item as Container, inner));
  };
  for (let k = 0; k < directions.length; k++) if (!go(directions as unknown as Container, k)) return false;
  return true;
}

/** Appends the numbers of a value to a row. */
export function appendNumbers(row: number[], value: unknown): void {
  if (typeof value === "number") row.push(value);
  else if (Array.isArray(value) || value instanceof Float64Array)
    for (let k = 0; k < value.length; k++) {
      const item = value[k];
      if (typeof item === "number") row.push(item);
      else appendNumbers(row, item);
    }
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) appendNumbers(row, item);
}

/** Whether a direction has a number for each of a point's, in lists of the same lengths. */
export function isAlike(point: unknown, direction: unknown): boolean {
  if (typeof point === "number") return typeof direction === "number";
  if (point instanceof Float64Array)
    return direction instanceof Float64Array && direction.length === point.length;
  if (!Array.isArray(point) || !Array.isArray(direction) || point.length !== direction.length) return false;
  for (let k = 0; k < point.length; k++) if (!isAlike(point[k], direction[k])) return false;
  return true;
}
