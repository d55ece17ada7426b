/** Differential equations: in place on arrays, on scalars, and by small functions that return arrays. */
import { flat, normal, objective, workspace } from "./objective.ts";

/** Lorenz's model of 1996 into `slope`. */
function weather(x: Float64Array, slope: Float64Array, forcing: number): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    slope[i] = (x[(i + 1) % n] - x[(i + n - 2) % n]) * x[(i + n - 1) % n] - x[i] + forcing;
  }
}

/** Runge and Kutta's fourth-order steps, in place. */
function forecast(start: Float64Array, forcing: number, steps: number, dt: number): number {
  const n = start.length;
  const x = start.slice();
  const stage = new Float64Array(n);
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  for (let t = 0; t < steps; t++) {
    weather(x, k1, forcing);
    for (let i = 0; i < n; i++) stage[i] = x[i] + 0.5 * dt * k1[i];
    weather(stage, k2, forcing);
    for (let i = 0; i < n; i++) stage[i] = x[i] + 0.5 * dt * k2[i];
    weather(stage, k3, forcing);
    for (let i = 0; i < n; i++) stage[i] = x[i] + dt * k3[i];
    weather(stage, k4, forcing);
    for (let i = 0; i < n; i++) x[i] += (dt / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  let energy = 0;
  for (let i = 0; i < n; i++) energy += 0.5 * x[i] ** 2;
  return energy;
}

const stageWork = workspace();
const [slopeWork, sumWork, barWork, slopeBarWork, stageBarWork] = [1, 2, 3, 4, 5].map(workspace);

function weatherAt(x: Float64Array, at: number, n: number, slope: Float64Array, forcing: number): void {
  let [a, b, c] = [x[at + n - 2], x[at + n - 1], x[at]];
  for (let i = 0; i < n - 1; i++) {
    const d = x[at + i + 1];
    slope[i] = (d - a) * b - c + forcing;
    a = b;
    b = c;
    c = d;
  }
  slope[n - 1] = (x[at] - a) * b - c + forcing;
}

/** `bar` gets what the slope's adjoint gives the stage at `at`, and nothing else; returns the forcing's adjoint. */
function weatherBack(
  x: Float64Array,
  at: number,
  n: number,
  slopeBar: Float64Array,
  bar: Float64Array,
): number {
  let forcingBar = 0;
  // x[i] is the next of i - 1, the one before of i + 1, the second before of i + 2
  let before = slopeBar[n - 1];
  let here = slopeBar[0];
  let after = slopeBar[1];
  let [x2, x1, x0] = [x[at + n - 2], x[at + n - 1], x[at + 1]];
  for (let i = 0; i < n; i++) {
    const second = slopeBar[i + 2 < n ? i + 2 : i + 2 - n];
    const next = x[at + (i + 2 < n ? i + 2 : i + 2 - n)];
    // (x[i+2] - x[i-1]) x[i] in slope i + 1; -x[i] x[i+1] in slope i + 2; x[i] x[i-2] in slope i - 1
    bar[i] = before * x2 + after * (next - x1) - second * x0 - here;
    forcingBar += here;
    before = here;
    here = after;
    after = second;
    x2 = x1;
    x1 = x[at + i];
    x0 = next;
  }
  return forcingBar;
}

function forecastByHand(
  start: Float64Array,
  forcing: number,
  steps: number,
  dt: number,
): [Float64Array, number] {
  const n = start.length;
  const stages = stageWork((4 * steps + 1) * n);
  const [slope, sum, bar, slopeBar, stageBar] = [slopeWork, sumWork, barWork, slopeBarWork, stageBarWork].map(
    (work) => work(n),
  );
  stages.set(start);
  for (let t = 0, at = 0; t < steps; t++, at += 4 * n) {
    weatherAt(stages, at, n, slope, forcing);
    for (let i = 0; i < n; i++) {
      sum[i] = slope[i];
      stages[at + n + i] = stages[at + i] + 0.5 * dt * slope[i];
    }
    weatherAt(stages, at + n, n, slope, forcing);
    for (let i = 0; i < n; i++) {
      sum[i] += 2 * slope[i];
      stages[at + 2 * n + i] = stages[at + i] + 0.5 * dt * slope[i];
    }
    weatherAt(stages, at + 2 * n, n, slope, forcing);
    for (let i = 0; i < n; i++) {
      sum[i] += 2 * slope[i];
      stages[at + 3 * n + i] = stages[at + i] + dt * slope[i];
    }
    weatherAt(stages, at + 3 * n, n, slope, forcing);
    for (let i = 0; i < n; i++) stages[at + 4 * n + i] = stages[at + i] + (dt / 6) * (sum[i] + slope[i]);
  }
  for (let i = 0; i < n; i++) bar[i] = stages[4 * steps * n + i];
  let forcingBar = 0;
  for (let at = 4 * (steps - 1) * n; at >= 0; at -= 4 * n) {
    for (let i = 0; i < n; i++) slopeBar[i] = (dt / 6) * bar[i];
    forcingBar += weatherBack(stages, at + 3 * n, n, slopeBar, stageBar);
    for (let i = 0; i < n; i++) {
      slopeBar[i] = (dt / 3) * bar[i] + dt * stageBar[i];
      sum[i] = bar[i] + stageBar[i];
    }
    forcingBar += weatherBack(stages, at + 2 * n, n, slopeBar, stageBar);
    for (let i = 0; i < n; i++) {
      slopeBar[i] = (dt / 3) * bar[i] + 0.5 * dt * stageBar[i];
      sum[i] += stageBar[i];
    }
    forcingBar += weatherBack(stages, at + n, n, slopeBar, stageBar);
    for (let i = 0; i < n; i++) {
      slopeBar[i] = (dt / 6) * bar[i] + 0.5 * dt * stageBar[i];
      sum[i] += stageBar[i];
    }
    forcingBar += weatherBack(stages, at, n, slopeBar, stageBar);
    for (let i = 0; i < n; i++) bar[i] = sum[i] + stageBar[i];
  }
  return [bar.slice(0, n), forcingBar];
}

interface Convection {
  sigma: number;
  rho: number;
  beta: number;
}

/** Lorenz's equations of 1963 by the midpoint rule, on scalars: the mean of z² along the way. */
function lorenz({ sigma, rho, beta }: Convection, start: number[], steps: number, dt: number): number {
  let [x, y, z] = start;
  let sum = 0;
  for (let t = 0; t < steps; t++) {
    const mx = x + 0.5 * dt * sigma * (y - x);
    const my = y + 0.5 * dt * (x * (rho - z) - y);
    const mz = z + 0.5 * dt * (x * y - beta * z);
    x += dt * sigma * (my - mx);
    y += dt * (mx * (rho - mz) - my);
    z += dt * (mx * my - beta * mz);
    sum += z * z;
  }
  return sum / steps;
}

const lorenzWork = workspace();
function lorenzByHand({ sigma, rho, beta }: Convection, start: number[], steps: number, dt: number) {
  const tape = lorenzWork(3 * steps + 3);
  let [x, y, z] = [start[0], start[1], start[2]];
  const half = 0.5 * dt;
  for (let t = 0, at = 0; t < steps; t++, at += 3) {
    tape[at] = x;
    tape[at + 1] = y;
    tape[at + 2] = z;
    const mx = x + half * sigma * (y - x);
    const my = y + half * (x * (rho - z) - y);
    const mz = z + half * (x * y - beta * z);
    x += dt * sigma * (my - mx);
    y += dt * (mx * (rho - mz) - my);
    z += dt * (mx * my - beta * mz);
  }
  let [xBar, yBar, zBar, sigmaBar, rhoBar, betaBar] = [0, 0, 0, 0, 0, 0];
  const seed = 2 / steps;
  for (let at = 3 * steps - 3, after = z; at >= 0; at -= 3) {
    zBar += seed * after;
    const [x, y, z] = [tape[at], tape[at + 1], tape[at + 2]];
    after = z;
    const mx = x + half * sigma * (y - x);
    const my = y + half * (x * (rho - z) - y);
    const mz = z + half * (x * y - beta * z);
    const [a, b, c] = [dt * xBar, dt * yBar, dt * zBar];
    const mxBar = -sigma * a + (rho - mz) * b + my * c;
    const myBar = sigma * a - b + mx * c;
    const mzBar = -mx * b - beta * c;
    const [d, e, f] = [half * mxBar, half * myBar, half * mzBar];
    sigmaBar += a * (my - mx) + d * (y - x);
    rhoBar += b * mx + e * x;
    betaBar -= c * mz + f * z;
    xBar += mxBar - sigma * d + (rho - z) * e + y * f;
    yBar += myBar + sigma * d - e + x * f;
    zBar += mzBar - x * e - beta * f;
  }
  return [{ sigma: sigmaBar, rho: rhoBar, beta: betaBar }, [xBar, yBar, zBar]];
}

const add = (a: number[], b: number[]) => a.map((v, i) => v + b[i]);
const scale = (s: number, a: number[]) => a.map((v) => s * v);

function rungeKutta(slope: (x: number[]) => number[], x: number[], dt: number): number[] {
  const k1 = slope(x);
  const k2 = slope(add(x, scale(dt / 2, k1)));
  const k3 = slope(add(x, scale(dt / 2, k2)));
  const k4 = slope(add(x, scale(dt, k3)));
  return add(x, scale(dt / 6, add(add(k1, scale(2, k2)), add(scale(2, k3), k4))));
}

/** Predators and prey (Lotka 1925), seen with errors: by small functions of arrays. */
function population(rates: number[], start: number[], seen: number[][], dt: number): number {
  const [birth, hunt, gain, death] = rates;
  const slope = ([prey, hunters]: number[]) => [
    prey * (birth - hunt * hunters),
    hunters * (gain * prey - death),
  ];
  let state = start;
  let loss = 0;
  for (const [prey, hunters] of seen) {
    for (let k = 0; k < 10; k++) state = rungeKutta(slope, state, dt);
    loss += (state[0] - prey) ** 2 + (state[1] - hunters) ** 2;
  }
  return loss;
}

const populationWork = workspace();
function populationByHand(rates: number[], start: number[], seen: number[][], dt: number): number[][] {
  const [birth, hunt, gain, death] = [rates[0], rates[1], rates[2], rates[3]];
  const steps = 10 * seen.length;
  // the four stages of each step
  const tape = populationWork(8 * steps + 8);
  let [x, y] = [start[0], start[1]];
  const half = dt / 2;
  const sixth = dt / 6;
  for (let at = 0; at < 8 * steps; at += 8) {
    tape[at] = x;
    tape[at + 1] = y;
    const a1 = x * (birth - hunt * y);
    const b1 = y * (gain * x - death);
    const x2 = x + half * a1;
    const y2 = y + half * b1;
    tape[at + 2] = x2;
    tape[at + 3] = y2;
    const a2 = x2 * (birth - hunt * y2);
    const b2 = y2 * (gain * x2 - death);
    const x3 = x + half * a2;
    const y3 = y + half * b2;
    tape[at + 4] = x3;
    tape[at + 5] = y3;
    const a3 = x3 * (birth - hunt * y3);
    const b3 = y3 * (gain * x3 - death);
    const x4 = x + dt * a3;
    const y4 = y + dt * b3;
    tape[at + 6] = x4;
    tape[at + 7] = y4;
    x += sixth * (a1 + 2 * a2 + (2 * a3 + x4 * (birth - hunt * y4)));
    y += sixth * (b1 + 2 * b2 + (2 * b3 + y4 * (gain * x4 - death)));
  }
  tape[8 * steps] = x;
  tape[8 * steps + 1] = y;
  let [xBar, yBar, birthBar, huntBar, gainBar, deathBar] = [0, 0, 0, 0, 0, 0];
  for (let t = steps - 1; t >= 0; t--) {
    const at = 8 * t;
    if (t % 10 === 9) {
      const row = seen[(t - 9) / 10];
      xBar += 2 * (tape[at + 8] - row[0]);
      yBar += 2 * (tape[at + 9] - row[1]);
    }
    let sumX = xBar;
    let sumY = yBar;
    // adjoints of the stage that is gone through, and what the one after it gave
    let stageX = 0;
    let stageY = 0;
    for (let s = 3; s >= 0; s--) {
      const weight = s === 0 || s === 3 ? sixth : 2 * sixth;
      const reach = s === 3 ? 0 : s === 2 ? dt : half;
      const aBar = weight * xBar + reach * stageX;
      const bBar = weight * yBar + reach * stageY;
      const px = tape[at + 2 * s];
      const py = tape[at + 2 * s + 1];
      stageX = aBar * (birth - hunt * py) + bBar * gain * py;
      stageY = bBar * (gain * px - death) - aBar * hunt * px;
      const product = px * py;
      birthBar += aBar * px;
      huntBar -= aBar * product;
      gainBar += bBar * product;
      deathBar -= bBar * py;
      sumX += stageX;
      sumY += stageY;
    }
    xBar = sumX;
    yBar = sumY;
  }
  return [
    [birthBar, huntBar, gainBar, deathBar],
    [xBar, yBar],
  ];
}

export const steppers = [
  objective({
    name: "ODE stepper",
    allocates: false,
    f: forecast,
    hand: forecastByHand,
    wrt: [0, 1],
    make({ n, steps }: { n: number; steps: number }): Parameters<typeof forecast> {
      const noise = normal(71);
      return [flat(n, () => 2 + noise()), 8, steps, 0.01];
    },
    small: { n: 5, steps: 3 },
    full: [{ n: 40, steps: 200 }],
  }),
  objective({
    name: "Lorenz",
    allocates: false,
    f: lorenz,
    hand: lorenzByHand,
    wrt: [0, 1],
    make: (steps: number): Parameters<typeof lorenz> => [
      { sigma: 10, rho: 28, beta: 8 / 3 },
      [1.1, 1.3, 20.5],
      steps,
      0.001,
    ],
    small: 6,
    full: [2000],
  }),
  objective({
    name: "predators and prey",
    allocates: true,
    f: population,
    hand: populationByHand,
    wrt: [0, 1],
    make(n: number): Parameters<typeof population> {
      const noise = normal(73);
      const seen = Array.from({ length: n }, () => [1 + 0.2 * noise(), 1 + 0.2 * noise()]);
      return [[1.1, 0.9, 0.8, 1.2], [1.3, 0.7], seen, 0.02];
    },
    small: 2,
    full: [50],
  }),
];
