/** What samples.ts imports. */
export const scale = { height: 2, widths: [0.5, 1, 1.5] };
export default function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}
export const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, k) => sum + v * b[k], 0);
export { softplus as smooth };
