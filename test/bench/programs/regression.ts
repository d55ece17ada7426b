/** Sums over data: regressions with a loop, a branch or a switch inside, and a correlation by array methods. */
import { flat, list, matrix, normal, objective, uniform, workspace, zerosLike } from "./objective.ts";

/** Logistic regression on a flat table, with a ridge. */
function logistic(w: Float64Array, table: Float64Array, labels: number[], ridge: number): number {
  const d = w.length;
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    let z = 0;
    for (let j = 0; j < d; j++) z += w[j] * table[i * d + j];
    // log(1 + exp z), without an exp that overflows
    loss += (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))) - labels[i] * z;
  }
  for (let j = 0; j < d; j++) loss += 0.5 * ridge * w[j] ** 2;
  return loss;
}

function logisticByHand(w: Float64Array, table: Float64Array, labels: number[], ridge: number): Float64Array {
  const d = w.length;
  const g = new Float64Array(d);
  for (let j = 0; j < d; j++) g[j] = ridge * w[j];
  for (let i = 0; i < labels.length; i++) {
    const from = i * d;
    let z = 0;
    for (let j = 0; j < d; j++) z += w[j] * table[from + j];
    const bar = 1 / (1 + Math.exp(-z)) - labels[i];
    for (let j = 0; j < d; j++) g[j] += bar * table[from + j];
  }
  return g;
}

/** Cross entropy of a softmax over linear scores. */
function softmaxRegression(weights: number[][], bias: number[], xs: number[][], classes: number[]): number {
  const count = bias.length;
  const scores = new Array<number>(count).fill(0);
  let loss = 0;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      let score = bias[k];
      for (let j = 0; j < x.length; j++) score += weights[k][j] * x[j];
      scores[k] = score;
      if (score > most) most = score;
    }
    let total = 0;
    for (let k = 0; k < count; k++) total += Math.exp(scores[k] - most);
    loss += most + Math.log(total) - scores[classes[i]];
  }
  return loss / xs.length;
}

const scoreWork = workspace();
function softmaxRegressionByHand(weights: number[][], bias: number[], xs: number[][], classes: number[]) {
  const count = bias.length;
  const scores = scoreWork(count);
  const weightsBar: number[][] = [];
  for (let k = 0; k < count; k++) weightsBar.push(zerosLike(weights[k]));
  const biasBar = zerosLike(bias);
  const scale = 1 / xs.length;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const row = weights[k];
      let score = bias[k];
      for (let j = 0; j < x.length; j++) score += row[j] * x[j];
      scores[k] = score;
      if (score > most) most = score;
    }
    let total = 0;
    for (let k = 0; k < count; k++) {
      const e = Math.exp(scores[k] - most);
      scores[k] = e;
      total += e;
    }
    for (let k = 0; k < count; k++) {
      const bar = scale * (scores[k] / total - (k === classes[i] ? 1 : 0));
      biasBar[k] += bar;
      const row = weightsBar[k];
      for (let j = 0; j < x.length; j++) row[j] += bar * x[j];
    }
  }
  return [weightsBar, biasBar];
}

type Kind = "square" | "huber" | "cauchy";
interface Measurement {
  x: number;
  y: number;
  kind: Kind;
}
interface Curve {
  height: number;
  rate: number;
  floor: number;
}

/** A decay is fitted; each measurement says how its error counts. */
function robust(curve: Curve, measurements: Measurement[]): number {
  let loss = 0;
  for (const { x, y, kind } of measurements) {
    const error = curve.height * Math.exp(-curve.rate * x) + curve.floor - y;
    switch (kind) {
      case "square":
        loss += 0.5 * error ** 2;
        break;
      case "huber":
        if (Math.abs(error) < 0.5) loss += 0.5 * error ** 2;
        else loss += 0.5 * (Math.abs(error) - 0.25);
        break;
      default:
        loss += Math.log(1 + error ** 2);
    }
  }
  return loss;
}

function robustByHand({ height, rate, floor }: Curve, measurements: Measurement[]): Curve {
  let [heightBar, rateBar, floorBar] = [0, 0, 0];
  for (let i = 0; i < measurements.length; i++) {
    const { x, y, kind } = measurements[i];
    const decay = Math.exp(-rate * x);
    const error = height * decay + floor - y;
    let bar = error;
    if (kind === "huber") bar = Math.abs(error) < 0.5 ? error : error > 0 ? 0.5 : -0.5;
    else if (kind === "cauchy") bar = (2 * error) / (1 + error * error);
    heightBar += bar * decay;
    rateBar -= bar * decay * x;
    floorBar += bar;
  }
  return { height: heightBar, rate: rateBar * height, floor: floorBar };
}

const mean = (x: number[]) => x.reduce((s, v) => s + v, 0) / x.length;
const standardise = (x: number[]) => {
  const centre = mean(x);
  const spread = Math.sqrt(mean(x.map((v) => (v - centre) ** 2)));
  return x.map((v) => (v - centre) / spread);
};

/** How far two columns are from going together. */
function correlation(x: number[], y: number[]): number {
  const other = standardise(y);
  const products = standardise(x).map((v, i) => v * other[i]);
  return 1 - mean(products) ** 2;
}

const [firstWork, secondWork] = [workspace(), workspace()];

/** Standardises into a work array, and returns the spread. */
function standardiseInto(x: number[], into: Float64Array): number {
  const n = x.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i];
  const centre = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const v = x[i] - centre;
    into[i] = v;
    squares += v * v;
  }
  const spread = Math.sqrt(squares / n);
  for (let i = 0; i < n; i++) into[i] /= spread;
  return spread;
}

/** The adjoint of standardising: x̄ = (ȳ - mean ȳ - y mean(y ȳ)) / spread, here for ȳ = scale · other. */
function standardiseBack(x: number[], y: Float64Array, other: Float64Array, spread: number, scale: number) {
  const n = x.length;
  const xBar = x.slice();
  let sum = 0;
  let along = 0;
  for (let i = 0; i < n; i++) {
    sum += other[i];
    along += other[i] * y[i];
  }
  const factor = scale / spread;
  const [centre, slope] = [sum / n, along / n];
  for (let i = 0; i < n; i++) xBar[i] = factor * (other[i] - centre - y[i] * slope);
  return xBar;
}

function correlationByHand(x: number[], y: number[]): number[][] {
  const n = x.length;
  const [u, v] = [firstWork(n), secondWork(n)];
  const [xSpread, ySpread] = [standardiseInto(x, u), standardiseInto(y, v)];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += u[i] * v[i];
  const scale = (-2 * sum) / (n * n);
  return [standardiseBack(x, u, v, xSpread, scale), standardiseBack(y, v, u, ySpread, scale)];
}

export const regression = [
  objective({
    name: "logistic regression",
    allocates: false,
    f: logistic,
    hand: logisticByHand,
    wrt: 0,
    make({ n, d }: { n: number; d: number }): Parameters<typeof logistic> {
      const noise = normal(41);
      return [flat(d, () => 0.5 * noise()), flat(n * d, noise), list(n, () => (noise() > 0 ? 1 : 0)), 0.1];
    },
    small: { n: 9, d: 3 },
    full: [{ n: 1000, d: 20 }],
  }),
  objective({
    name: "softmax regression",
    allocates: false,
    f: softmaxRegression,
    hand: softmaxRegressionByHand,
    wrt: [0, 1],
    make({ n, d, count }: { n: number; d: number; count: number }): Parameters<typeof softmaxRegression> {
      const [next, noise] = [uniform(42), normal(43)];
      const labels = list(n, () => Math.floor(count * next()));
      return [matrix(count, d, () => 0.3 * noise()), list(count, noise), matrix(n, d, noise), labels];
    },
    small: { n: 7, d: 3, count: 4 },
    full: [{ n: 500, d: 20, count: 10 }],
  }),
  objective({
    name: "robust regression",
    allocates: false,
    f: robust,
    hand: robustByHand,
    wrt: 0,
    make(n: number): Parameters<typeof robust> {
      const [next, noise] = [uniform(44), normal(45)];
      const kinds: Kind[] = ["square", "huber", "cauchy"];
      const measurements = Array.from({ length: n }, (_, i): Measurement => {
        return { x: 3 * next(), y: 2 * Math.exp(-i / n) + noise(), kind: kinds[i % 3] };
      });
      return [{ height: 1.8, rate: 0.7, floor: 0.1 }, measurements];
    },
    small: 12,
    full: [3000],
  }),
  objective({
    name: "correlation",
    allocates: true,
    f: correlation,
    hand: correlationByHand,
    wrt: [0, 1],
    make(n: number): Parameters<typeof correlation> {
      const noise = normal(46);
      const x = list(n, noise);
      return [x, x.map((v) => v + noise())];
    },
    small: 8,
    full: [2000],
  }),
];
