/** A variable that another module sees as a live binding. */
export let total = 0;

export function add(v: number): void {
  total += v;
}
