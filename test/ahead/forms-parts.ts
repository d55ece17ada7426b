/** What forms.ts and corners.ts import. */
export interface Vec {
  readonly x: number;
  readonly y: number;
}
export const add = (a: Vec, b: Vec): Vec => ({ x: a.x + b.x, y: a.y + b.y });
export const scale = (a: Vec, s: number): Vec => ({ x: a.x * s, y: a.y * s });
export function dot(a: readonly number[], b: readonly number[]): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}
export function matVec(m: number[][], v: number[]): number[] {
  return m.map((row) => dot(row, v));
}
export const softplus = (x: number) => Math.log1p(Math.exp(x));
export enum Way {
  Up,
  Down,
}
