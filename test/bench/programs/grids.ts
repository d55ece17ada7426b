/** Grids that are stepped in place: heat in a bar, and a chain of springs. */
import { flat, list, normal, objective, uniform, workspace } from "./objective.ts";

/** The heat equation with a conductivity for each place: explicit steps, then the distance from a target. */
function heat(initial: number[], conductivity: number[], target: number[], steps: number): number {
  const n = initial.length;
  const now = initial.slice();
  const next = initial.slice();
  for (let t = 0; t < steps; t++) {
    for (let i = 1; i < n - 1; i++) {
      next[i] = now[i] + conductivity[i] * (now[i - 1] - 2 * now[i] + now[i + 1]);
    }
    for (let i = 1; i < n - 1; i++) now[i] = next[i];
  }
  let loss = 0;
  for (let i = 0; i < n; i++) loss += (now[i] - target[i]) ** 2;
  return loss;
}

const heatWork = workspace();
const heatBarWork = workspace();
const heatNextWork = workspace();

function heatByHand(initial: number[], conductivity: number[], target: number[], steps: number): number[][] {
  const n = initial.length;
  // the second differences of each step
  const tape = heatWork(steps * n);
  const now = heatNextWork(n);
  const bar = heatBarWork(n);
  for (let i = 0; i < n; i++) now[i] = initial[i];
  for (let t = 0; t < steps; t++) {
    const from = t * n;
    let left = now[0];
    let here = now[1];
    for (let i = 1; i < n - 1; i++) {
      const right = now[i + 1];
      const difference = left - 2 * here + right;
      tape[from + i] = difference;
      now[i] = here + conductivity[i] * difference;
      left = here;
      here = right;
    }
  }
  for (let i = 0; i < n; i++) bar[i] = 2 * (now[i] - target[i]);
  const conductivityBar = conductivity.slice().fill(0);
  for (let t = steps - 1; t >= 0; t--) {
    const from = t * n;
    // the ends are not stepped: they only collect
    let [left, before] = [0, bar[0]];
    for (let i = 1; i < n - 1; i++) {
      const here = bar[i];
      conductivityBar[i] += here * tape[from + i];
      const flow = here * conductivity[i];
      bar[i - 1] = before + flow;
      before = here - 2 * flow + left;
      left = flow;
    }
    bar[n - 2] = before;
    bar[n - 1] += left;
  }
  const initialBar = initial.slice();
  for (let i = 0; i < n; i++) initialBar[i] = bar[i];
  return [initialBar, conductivityBar];
}

/** A chain of masses and springs that stiffen (Fermi, Pasta, Ulam and Tsingou 1955), stepped in place. */
function chain(start: Float64Array, stiffness: Float64Array, steps: number, dt: number): number {
  const n = start.length;
  const place = start.slice();
  const speed = new Float64Array(n);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n - 1; i++) {
      const stretch = place[i + 1] - place[i];
      const force = stiffness[i] * (stretch + 0.5 * stretch ** 3);
      speed[i] += dt * force;
      speed[i + 1] -= dt * force;
    }
    for (let i = 0; i < n; i++) place[i] += dt * speed[i];
  }
  let energy = 0;
  for (let i = 0; i < n; i++) energy += 0.5 * speed[i] ** 2;
  return energy;
}

const stretchWork = workspace();
const chainWork = workspace();

function chainByHand(
  start: Float64Array,
  stiffness: Float64Array,
  steps: number,
  dt: number,
): Float64Array[] {
  const n = start.length;
  const stretches = stretchWork(n * steps);
  const work = chainWork(3 * n);
  const place = work.subarray(0, n);
  const speed = work.subarray(n, 2 * n);
  const speedBar = work.subarray(2 * n, 3 * n);
  place.set(start);
  speed.fill(0);
  for (let t = 0; t < steps; t++) {
    const from = t * n;
    let before = 0;
    let here = place[0];
    for (let i = 0; i < n - 1; i++) {
      const next = place[i + 1];
      const stretch = next - here;
      stretches[from + i] = stretch;
      const force = dt * stiffness[i] * stretch * (1 + 0.5 * stretch * stretch);
      const v = speed[i] + force - before;
      speed[i] = v;
      place[i] = here + dt * v;
      before = force;
      here = next;
    }
    speed[n - 1] -= before;
    place[n - 1] = here + dt * speed[n - 1];
  }
  const bar = new Float64Array(n);
  const stiffnessBar = new Float64Array(stiffness.length);
  speedBar.set(speed);
  for (let t = steps - 1; t >= 0; t--) {
    const from = t * n;
    let v = speedBar[0] + dt * bar[0];
    speedBar[0] = v;
    let carried = bar[0];
    for (let i = 0; i < n - 1; i++) {
      const next = speedBar[i + 1] + dt * bar[i + 1];
      speedBar[i + 1] = next;
      const stretch = stretches[from + i];
      const square = stretch * stretch;
      const forceBar = dt * (v - next);
      stiffnessBar[i] += forceBar * stretch * (1 + 0.5 * square);
      const stretchBar = forceBar * stiffness[i] * (1 + 1.5 * square);
      bar[i] = carried - stretchBar;
      carried = bar[i + 1] + stretchBar;
      v = next;
    }
    bar[n - 1] = carried;
  }
  return [bar, stiffnessBar];
}

export const grids = [
  objective({
    name: "heat equation",
    allocates: false,
    f: heat,
    hand: heatByHand,
    wrt: [0, 1],
    make({ n, steps }: { n: number; steps: number }): Parameters<typeof heat> {
      const noise = normal(72);
      return [list(n, noise), list(n, () => 0.2 + 0.05 * noise()), list(n, noise), steps];
    },
    small: { n: 6, steps: 4 },
    full: [{ n: 100, steps: 500 }],
  }),
  objective({
    name: "spring chain",
    allocates: false,
    f: chain,
    hand: chainByHand,
    wrt: [0, 1],
    make({ n, steps }: { n: number; steps: number }): Parameters<typeof chain> {
      const [next, noise] = [uniform(86), normal(87)];
      return [flat(n, (i) => i + 0.3 * noise()), flat(n - 1, () => 0.5 + next()), steps, 0.05];
    },
    small: { n: 4, steps: 5 },
    full: [{ n: 32, steps: 500 }],
  }),
];
