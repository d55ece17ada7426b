/**
 * Positions: the protocol counts code points, JavaScript UTF-16 units.
 */

/** The UTF-16 offset of the position after `points` code points. */
export function toUnits(text: string, points: number): number {
  let offset = 0;
  for (let k = 0; k < points && offset < text.length; k++)
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  return offset;
}

/** The number of code points before a UTF-16 offset. */
export function toPoints(text: string, offset: number): number {
  let points = 0;
  for (let k = 0; k < offset; points++) k += (text.codePointAt(k) as number) > 0xffff ? 2 : 1;
  return points;
}
