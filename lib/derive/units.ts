/**
 * Directions along single numbers, and structures as rows of numbers.
 *
 * What: what matrices of derivatives and directions need of numbers in lists and records, without taking the values
 * apart: the numbers stand in key order, as in tape/inputs.ts.
 */

/**
 * Sets the number at a place of some values, counted in key order. Returns the place without the numbers before it,
 * -1 when it has been found.
 */
export function setNumber(values: object, place: number, number: number): number {
  if (values instanceof Float64Array) {
    if (place >= values.length) return place - values.length;
    values[place] = number;
    return -1;
  }
  let left = place;
  const container = values as Record<string | number, unknown>;
  const look = (key: string | number): void => {
    const item = container[key];
    if (typeof item === "number") {
      if (left-- === 0) container[key] = number;
    } else if (typeof item === "object" && item !== null) left = setNumber(item, left, number);
  };
  if (Array.isArray(values)) for (let k = 0; k < values.length && left >= 0; k++) look(k);
  else for (const key of Object.keys(values)) if (left >= 0) look(key);
  return left;
}

/** How many numbers there are in a value. */
export function countNumbers(value: unknown): number {
  if (typeof value === "number") return 1;
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof Float64Array) return value.length;
  let count = 0;
  if (Array.isArray(value)) for (let k = 0; k < value.length; k++) count += countNumbers(value[k]);
  else for (const item of Object.values(value)) count += countNumbers(item);
  return count;
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
