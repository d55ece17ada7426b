/** Recursions in time over data: volatility, a hidden Markov model, a Kalman filter, and orbits by Newton's method. */
import { list, matrix, normal, objective, uniform, workspace } from "./objective.ts";

interface Volatility {
  mean: number;
  base: number;
  shock: number;
  memory: number;
}

/** The negative log-likelihood of a GARCH(1, 1) series (Bollerslev 1986). */
function garch(p: Volatility, returns: number[]): number {
  let variance = p.base / (1 - p.shock - p.memory);
  let loss = 0;
  for (const r of returns) {
    const surprise = r - p.mean;
    loss += 0.5 * (Math.log(variance) + surprise ** 2 / variance);
    variance = p.base + p.shock * surprise ** 2 + p.memory * variance;
  }
  return loss;
}

const varianceWork = workspace();
function garchByHand(p: Volatility, returns: number[]): Volatility {
  const { mean, base, shock, memory } = p;
  const n = returns.length;
  const variances = varianceWork(n);
  const rest = 1 - shock - memory;
  let variance = base / rest;
  for (let i = 0; i < n; i++) {
    variances[i] = variance;
    const surprise = returns[i] - mean;
    variance = base + shock * surprise * surprise + memory * variance;
  }
  let [meanBar, baseBar, shockBar, memoryBar, bar] = [0, 0, 0, 0, 0];
  for (let i = n - 1; i >= 0; i--) {
    const v = variances[i];
    const surprise = returns[i] - mean;
    const square = surprise * surprise;
    const inverse = 1 / v;
    baseBar += bar;
    shockBar += bar * square;
    memoryBar += bar * v;
    meanBar -= surprise * (2 * bar * shock + inverse);
    bar = bar * memory + 0.5 * inverse * (1 - square * inverse);
  }
  const restBar = (bar * base) / (rest * rest);
  return {
    mean: meanBar,
    base: baseBar + bar / rest,
    shock: shockBar + restBar,
    memory: memoryBar + restBar,
  };
}

const normalised = (x: number[]) => {
  const total = x.reduce((s, v) => s + v, 0);
  return x.map((v) => v / total);
};

/** The forward recursion of a hidden Markov model (Rabiner 1989); rows of both tables are logits. */
function markov(transitions: number[][], emissions: number[][], seen: number[]): number {
  const [move, emit] = [transitions, emissions].map((rows) =>
    rows.map((row) => normalised(row.map((v) => Math.exp(v)))),
  );
  let belief = move.map(() => 1 / move.length);
  let loss = 0;
  for (const symbol of seen) {
    const joint = belief.map((_, j) => belief.reduce((s, b, i) => s + b * move[i][j], 0) * emit[j][symbol]);
    loss -= Math.log(joint.reduce((s, v) => s + v, 0));
    belief = normalised(joint);
  }
  return loss;
}

const [moveWork, emitWork, moveBarWork, emitBarWork, beliefWork, priorWork, oldWork, newWork] = [
  1, 2, 3, 4, 5, 6, 7, 8,
].map(workspace);

function softmaxInto(rows: number[][], into: Float64Array): void {
  const width = rows[0].length;
  for (let i = 0; i < rows.length; i++) {
    let total = 0;
    for (let j = 0; j < width; j++) {
      const e = Math.exp(rows[i][j]);
      into[i * width + j] = e;
      total += e;
    }
    for (let j = 0; j < width; j++) into[i * width + j] /= total;
  }
}
function softmaxBack(rows: number[][], shares: Float64Array, bars: Float64Array): number[][] {
  const width = rows[0].length;
  const back: number[][] = [];
  for (let i = 0; i < rows.length; i++) {
    let through = 0;
    for (let j = i * width; j < (i + 1) * width; j++) through += shares[j] * bars[j];
    const row = rows[i].slice();
    for (let j = 0; j < width; j++) row[j] = shares[i * width + j] * (bars[i * width + j] - through);
    back.push(row);
  }
  return back;
}

function markovByHand(transitions: number[][], emissions: number[][], seen: number[]): number[][][] {
  const [states, symbols, steps] = [transitions.length, emissions[0].length, seen.length];
  const [move, emit] = [moveWork(states * states), emitWork(states * symbols)];
  softmaxInto(transitions, move);
  softmaxInto(emissions, emit);
  const moveBar = moveBarWork(states * states).fill(0, 0, states * states);
  const emitBar = emitBarWork(states * symbols).fill(0, 0, states * symbols);
  // beliefs before each step, and the prediction and 1 / total of each step
  const beliefs = beliefWork((steps + 1) * states);
  const priors = priorWork(steps * (states + 1));
  beliefs.fill(1 / states, 0, states);
  for (let t = 0; t < steps; t++) {
    const from = t * states;
    const at = t * (states + 1);
    const symbol = seen[t];
    let total = 0;
    for (let j = 0; j < states; j++) {
      let prior = 0;
      for (let i = 0; i < states; i++) prior += beliefs[from + i] * move[i * states + j];
      const joint = prior * emit[j * symbols + symbol];
      priors[at + j] = prior;
      beliefs[from + states + j] = joint;
      total += joint;
    }
    const scale = 1 / total;
    for (let j = 0; j < states; j++) beliefs[from + states + j] *= scale;
    priors[at + states] = scale;
  }
  let bars = oldWork(states).fill(0, 0, states);
  let before = newWork(states);
  for (let t = steps - 1; t >= 0; t--) {
    const from = t * states;
    const at = t * (states + 1);
    const symbol = seen[t];
    const scale = priors[at + states];
    let through = 1;
    for (let j = 0; j < states; j++) through += bars[j] * beliefs[from + states + j];
    before.fill(0, 0, states);
    for (let j = 0; j < states; j++) {
      const jointBar = scale * (bars[j] - through);
      emitBar[j * symbols + symbol] += jointBar * priors[at + j];
      bars[j] = jointBar * emit[j * symbols + symbol];
    }
    for (let i = 0; i < states; i++) {
      const belief = beliefs[from + i];
      let sum = 0;
      for (let j = 0; j < states; j++) {
        sum += move[i * states + j] * bars[j];
        moveBar[i * states + j] += belief * bars[j];
      }
      before[i] = sum;
    }
    [bars, before] = [before, bars];
  }
  return [softmaxBack(transitions, move, moveBar), softmaxBack(emissions, emit, emitBar)];
}

const times = (a: number[][], b: number[][]) =>
  a.map((row) => b[0].map((_, j) => row.reduce((s, v, k) => s + v * b[k][j], 0)));
const plus = (a: number[][], b: number[][]) => a.map((row, i) => row.map((v, j) => v + b[i][j]));
const transpose = (a: number[][]) => a[0].map((_, j) => a.map((row) => row[j]));

interface Noise {
  process: number;
  measurement: number;
}

/** The innovations' likelihood of a Kalman filter (1960) for position and speed, of which the position is measured. */
function kalman(noise: Noise, start: number[], measured: number[], dt: number): number {
  const step = [
    [1, dt],
    [0, 1],
  ];
  const q = noise.process ** 2;
  const disturbance = [
    [(q * dt ** 3) / 3, (q * dt ** 2) / 2],
    [(q * dt ** 2) / 2, q * dt],
  ];
  let state = start.map((v) => [v]);
  let covariance = [
    [1, 0],
    [0, 1],
  ];
  let loss = 0;
  for (const z of measured) {
    state = times(step, state);
    covariance = plus(times(times(step, covariance), transpose(step)), disturbance);
    const spread = covariance[0][0] + noise.measurement ** 2;
    const surprise = z - state[0][0];
    loss += 0.5 * (Math.log(spread) + surprise ** 2 / spread);
    const gain = covariance.map((row) => row[0] / spread);
    state = state.map(([v], i) => [v + gain[i] * surprise]);
    const [first] = covariance;
    covariance = covariance.map((row, i) => row.map((v, j) => v - gain[i] * first[j]));
  }
  return loss;
}

/** Kept for each step: two numbers of the covariance, the surprise, 1 / spread. */
const filterWork = workspace();
function kalmanByHand(noise: Noise, start: number[], measured: number[], dt: number): [Noise, number[]] {
  const n = measured.length;
  const tape = filterWork(4 * n);
  const q = noise.process ** 2;
  const r = noise.measurement ** 2;
  const [q00, q01, q11] = [(q * dt ** 3) / 3, (q * dt ** 2) / 2, q * dt];
  let [x, v] = [start[0], start[1]];
  let [a, b, c] = [1, 0, 1];
  for (let i = 0; i < n; i++) {
    x += dt * v;
    a += 2 * dt * b + dt * dt * c + q00;
    b += dt * c + q01;
    c += q11;
    const inverse = 1 / (a + r);
    const surprise = measured[i] - x;
    const at = 4 * i;
    tape[at] = a;
    tape[at + 1] = b;
    tape[at + 2] = surprise;
    tape[at + 3] = inverse;
    const [g, h] = [a * inverse, b * inverse];
    x += g * surprise;
    v += h * surprise;
    c -= h * b;
    b -= g * b;
    a -= g * a;
  }
  let [xBar, vBar, aBar, bBar, cBar, qBar, rBar] = [0, 0, 0, 0, 0, 0, 0];
  const [k00, k01] = [dt ** 3 / 3, dt ** 2 / 2];
  for (let i = n - 1; i >= 0; i--) {
    const at = 4 * i;
    const a = tape[at];
    const b = tape[at + 1];
    const surprise = tape[at + 2];
    const inverse = tape[at + 3];
    const g = a * inverse;
    const h = b * inverse;
    const gBar = xBar * surprise - aBar * a - bBar * b;
    const hBar = vBar * surprise - cBar * b;
    const surpriseBar = xBar * g + vBar * h + surprise * inverse;
    const spreadBar = 0.5 * inverse * (1 - surprise * surprise * inverse) - inverse * (gBar * g + hBar * h);
    bBar = bBar * (1 - g) - cBar * h + hBar * inverse;
    aBar = aBar * (1 - g) + gBar * inverse + spreadBar;
    rBar += spreadBar;
    xBar -= surpriseBar;
    qBar += aBar * k00 + bBar * k01 + cBar * dt;
    cBar += dt * bBar + dt * dt * aBar;
    bBar += 2 * dt * aBar;
    vBar += dt * xBar;
  }
  return [{ process: 2 * noise.process * qBar, measurement: 2 * noise.measurement * rBar }, [xBar, vBar]];
}

interface Orbit {
  size: number;
  eccentricity: number;
  period: number;
  phase: number;
}

/** An orbit is fitted to where a body was seen; Kepler's equation is solved by Newton's method. */
function orbit(
  { size, eccentricity, period, phase }: Orbit,
  times: number[],
  seen: [number, number][],
): number {
  const flattening = Math.sqrt(1 - eccentricity * eccentricity);
  let loss = 0;
  times.forEach((t, i) => {
    const mean = (2 * Math.PI * t) / period + phase;
    let angle = mean;
    let change = 1;
    while (Math.abs(change) > 1e-12) {
      change = (angle - eccentricity * Math.sin(angle) - mean) / (1 - eccentricity * Math.cos(angle));
      angle -= change;
    }
    const x = size * (Math.cos(angle) - eccentricity);
    const y = size * flattening * Math.sin(angle);
    loss += (x - seen[i][0]) ** 2 + (y - seen[i][1]) ** 2;
  });
  return loss;
}

/** Kept for each iteration: sine, cosine, change. */
const newtonWork = workspace();
function orbitByHand(
  { size, eccentricity: e, period, phase }: Orbit,
  times: number[],
  seen: [number, number][],
) {
  const tape = newtonWork(3 * 200);
  const flattening = Math.sqrt(1 - e * e);
  let [sizeBar, eBar, periodBar, phaseBar, flatteningBar] = [0, 0, 0, 0, 0];
  for (let i = 0; i < times.length; i++) {
    const mean = (2 * Math.PI * times[i]) / period + phase;
    let angle = mean;
    let change = 1;
    let n = 0;
    while (Math.abs(change) > 1e-12) {
      const [s, c] = [Math.sin(angle), Math.cos(angle)];
      change = (angle - e * s - mean) / (1 - e * c);
      tape[n] = s;
      tape[n + 1] = c;
      tape[n + 2] = change;
      n += 3;
      angle -= change;
    }
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const xBar = 2 * (size * (cos - e) - seen[i][0]);
    const yBar = 2 * (size * flattening * sin - seen[i][1]);
    sizeBar += xBar * (cos - e) + yBar * flattening * sin;
    flatteningBar += yBar * size * sin;
    eBar -= xBar * size;
    let bar = size * (yBar * flattening * cos - xBar * sin);
    let meanBar = 0;
    for (n -= 3; n >= 0; n -= 3) {
      const [s, c, d] = [tape[n], tape[n + 1], tape[n + 2]];
      const numeratorBar = -bar / (1 - e * c);
      const denominatorBar = -numeratorBar * d;
      meanBar -= numeratorBar;
      eBar -= numeratorBar * s + denominatorBar * c;
      bar += numeratorBar * (1 - e * c) + denominatorBar * e * s;
    }
    meanBar += bar;
    phaseBar += meanBar;
    periodBar -= (meanBar * 2 * Math.PI * times[i]) / (period * period);
  }
  eBar -= (flatteningBar * e) / flattening;
  return { size: sizeBar, eccentricity: eBar, period: periodBar, phase: phaseBar };
}

export const recurrences = [
  objective({
    name: "GARCH",
    allocates: false,
    f: garch,
    hand: garchByHand,
    wrt: 0,
    make(n: number): Parameters<typeof garch> {
      const noise = normal(61);
      return [{ mean: 0.05, base: 0.1, shock: 0.15, memory: 0.7 }, list(n, noise)];
    },
    small: 9,
    full: [5000],
  }),
  objective({
    name: "hidden Markov model",
    allocates: true,
    f: markov,
    hand: markovByHand,
    wrt: [0, 1],
    make({
      states,
      symbols,
      steps,
    }: {
      states: number;
      symbols: number;
      steps: number;
    }): Parameters<typeof markov> {
      const [next, noise] = [uniform(62), normal(63)];
      const seen = list(steps, () => Math.floor(symbols * next()));
      return [matrix(states, states, noise), matrix(states, symbols, noise), seen];
    },
    small: { states: 3, symbols: 4, steps: 6 },
    full: [{ states: 8, symbols: 12, steps: 500 }],
  }),
  objective({
    name: "Kalman filter",
    allocates: true,
    f: kalman,
    hand: kalmanByHand,
    wrt: [0, 1],
    make(n: number): Parameters<typeof kalman> {
      const noise = normal(64);
      return [{ process: 0.4, measurement: 0.7 }, [0.1, 0.9], list(n, (i) => 0.1 * i + noise()), 0.1];
    },
    small: 6,
    full: [500],
  }),
  objective({
    name: "Kepler orbit",
    allocates: false,
    f: orbit,
    hand: orbitByHand,
    wrt: 0,
    make(n: number): Parameters<typeof orbit> {
      const [next, noise] = [uniform(65), normal(66)];
      const seen = Array.from({ length: n }, (): [number, number] => [noise(), noise()]);
      return [{ size: 1.1, eccentricity: 0.3, period: 2.2, phase: 0.4 }, list(n, () => 5 * next()), seen];
    },
    small: 5,
    full: [1000],
  }),
];
