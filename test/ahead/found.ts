/** Functions whose modules were wrong once. */

// numbers

/** Written in place: the directions are the caller's. */
export function inPlace(x: number[], k: number): number {
  for (let i = 1; i < x.length; i++) x[i] *= k * x[i - 1];
  return x[x.length - 1];
}
export interface Mass {
  at: number[];
  readonly of: { m: number; path: [number, number] };
}
export function moved(bodies: Mass[], h: number): number {
  for (const body of bodies) {
    body.of.m *= h;
    for (let k = 0; k < body.at.length; k++) body.at[k] += h * body.of.m;
    body.of.path[0] += body.at[0] ** 2;
  }
  return bodies[0].of.path[0] * bodies[1].at[1];
}
/** A root whose slope is infinite where nothing is selected. */
export function clipped(x: number[], c: number): number {
  let s = 0;
  for (const e of x) s += c * Math.sqrt(Math.min(Math.max(e, 0), 2));
  return s;
}
/** Read behind the end. */
export function behind(x: number[], n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += x[i] ** 2;
  return s;
}
export function behindRows(x: number[][], n: number): number {
  let s = 0;
  for (const row of x) for (let i = 0; i < n; i++) s += row[i] ** 2;
  return s;
}
export const largest = (x: number[]): number => Math.max(...x);
export const least = (x: number[]): number => Math.min(...x);
/** Infinite slopes. */
export const norm = (x: number[]): number => Math.sqrt(x.reduce((a, b) => a + b * b, 0));
export const rms = (x: number[]): number => {
  let sum = 0;
  for (const v of x) sum += 2 * v ** 2;
  return Math.sqrt(sum / x.length);
};
export const distance = (p: [number, number], q: [number, number]): number =>
  ((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) ** 0.5 + Math.cbrt(Math.abs(p[0]));
export function lengths(rows: number[][]): number {
  let sum = 0;
  for (const row of rows) {
    let inner = 0;
    for (let k = 0; k < row.length; k++) inner += row[k] * row[k];
    sum += Math.sqrt(inner);
  }
  return sum;
}
export const cube = (x: number, y: number): number => Math.sqrt(x) ** 3 * y;
export const arcs = (x: number, y: number): number => Math.asin(x) ** 2 * y + Math.acos(x) ** 2;
/** A slope that is infinite indeed. */
export const root = (x: number, y: number): number => Math.sqrt(x) + y * Math.sqrt(x * x + y ** 2 + 1);
/** Divided by: infinite itself at zero. */
export const potential = (x: number, y: number): number => x / Math.sqrt(x * x + y * y);

/** Errors with numbers in them. */
export function checked(x: number, xs: number[]): number {
  if (x < 0) throw new RangeError(`neg ${x} of \`${xs.length}\` \${}`);
  // biome-ignore lint/style/useTemplate: the sum is what is tried
  for (let k = 0; k < xs.length; k++) if (xs[k] > 9) throw new TypeError("item " + k + " is " + 2 * xs[k]);
  return x * xs[0];
}
/** A record that is not there. */
export function pastStates(x: number, n: number): number {
  const states = [{ x, v: 1 }];
  for (let t = 0; t < 2; t++) states.push({ x: states[t].x * x, v: states[t].v + x });
  let sum = 0;
  for (let k = 0; k < n; k++) sum += states[k].v * states[k].x;
  return sum;
}

// types

/** Swaps. */
export function swapped(u: number[], k: number): number {
  let a = u.slice();
  let b = u.slice();
  for (let t = 0; t < 3; t++) {
    for (let i = 0; i < a.length; i++) b[i] = a[i] * a[i] * k;
    [a, b] = [b, a];
  }
  return a[0];
}
export function swappedFloats(u: Float64Array, k: number): number {
  let a = u.slice();
  let b = new Float64Array(u.length);
  for (let t = 0; t < 3; t++) {
    for (let i = 0; i < a.length; i++) b[i] = a[i] * a[i] * k;
    const c = a;
    a = b;
    b = c;
  }
  return a[0];
}
/** Tuples, alone and in a state that is replaced. */
export function tuple(q: [number, number], n: number): number {
  let s: [number, number] = q;
  for (let i = 0; i < n; i++) s = [s[1] * s[0], s[0] * 0.5];
  return s[0] * s[1];
}
interface State {
  readonly pos: [number, number];
  vel: readonly [number, number];
  m: number;
}
export function orbit(start: State, n: number): number {
  let s = start;
  for (let i = 0; i < n; i++) {
    const r = Math.hypot(...s.pos);
    s = {
      pos: [s.pos[0] + s.vel[0] * 0.1, s.pos[1] + s.vel[1] * 0.1],
      vel: [s.vel[0] - s.pos[0] / r, s.vel[1] - s.pos[1] / r],
      m: s.m,
    };
  }
  return s.pos[0] * s.m;
}
export interface Body {
  readonly pos: [number, number];
  vel: [number, number];
  m: number;
}
export function energy(bodies: Body[]): number {
  let e = 0;
  bodies.forEach(({ pos, vel, m }, i) => {
    e += 0.5 * m * (vel[0] ** 2 + vel[1] ** 2);
    for (let j = 0; j < i; j++) {
      const other = bodies[j];
      e -= (m * other.m) / Math.sqrt((pos[0] - other.pos[0]) ** 2 + (pos[1] - other.pos[1]) ** 2);
    }
  });
  return e;
}
/** Tuples that are longer than those which are taken apart, and written to. */
export function turned(
  a: [number, number, number, number, number, number, number],
  p: [number, number],
): number {
  p[0] *= a[6];
  let q: readonly number[] = p;
  for (let k = 0; k < 2; k++) q = [q[1] * a[k], q[0] + a[0]];
  return q[0] * q[1];
}
/** Tuples that the function does not look at. */
export const idle = (x: number, q: [number, number, number, number, number, number, number]): number =>
  x * x + q[0];
/** A record whose list carries no derivative; a list of arrays. */
export function mixture(x: number[], w: readonly number[]): number {
  const parts = x.map((v, k) => ({ v, w: [w[k], 1], all: Float64Array.of(v * v, 2) }));
  let s = parts[0].all;
  for (let k = 0; k < 3; k++) s = Float64Array.of(s[1], s[0] * parts[1].v * parts[2].w[1]);
  return s[0] + s[1];
}
export const unread = (x: number, _q: [number, number][], _p: readonly [[number, number], number]): number =>
  x * x;
/** A constant that is spread, and one of the name of a member. */
const bounds = [0.1, 0.9];
const at = 2;
export const spread = (mass: { at: number }): number => mass.at * Math.max(...bounds) * at;
/** A name that the module uses itself. */
export interface Numbers {
  a: number[];
}
export function named({ a }: Numbers, x: Numbers): number {
  let s = a.slice();
  for (let k = 0; k < 3; k++) s = s.map((v) => v * x.a[k]);
  return s[0];
}
// names

/** Names that programs have for themselves. */
export function kept(rows: number[][], tape: number[], objects: number, output: { rows: number }): number {
  const sums = rows.map((row) => row.reduce((a, b) => a + b, 0));
  let top = 1;
  for (let i = 0; i < tape.length; i++) top = Math.sin(top * tape[i]) * objects + sums[i];
  return top * output.rows;
}
export function keptToo(rows: number[], tape: number, cotangent: number): number[] {
  let objects = rows.slice();
  let other = rows.slice();
  for (let t = 0; t < 3; t++) {
    for (let i = 0; i < objects.length; i++) other[i] = Math.sin(objects[i] * tape);
    [objects, other] = [other, objects];
  }
  return objects.map((v) => v * cotangent);
}
/** Names of counters and items. */
export function counters(at: number[][], item: number[][], k: number): number {
  let s = 0;
  for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) s += at[i][j] * item[j][i] * k;
  return s;
}
