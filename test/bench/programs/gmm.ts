/**
 * GMM of the ADBench suite: the log-likelihood of a Gaussian mixture, once as one writes it with array methods, once
 * with work arrays made ahead.
 *
 * Definition: Šrajer, Kukelova and Fitzgibbon (2018), "A benchmark of selected algorithmic differentiation tools on some
 * problems in computer vision and machine learning". A component has its weight (before softmax), its mean, and the
 * inverse covariance factor Q = diag(exp q) + L, given as q followed by L's columns; the prior is Wishart's.
 */
import { matrix, normal, objective, uniform, workspace, zerosLike } from "./objective.ts";

interface Wishart {
  gamma: number;
  m: number;
}

const sum = (x: number[]) => x.reduce((s, v) => s + v, 0);
const logSumExp = (x: number[]) => {
  const most = Math.max(...x);
  return most + Math.log(sum(x.map((v) => Math.exp(v - most))));
};

/** Q times a vector. */
function timesFactor(diagonal: number[], factor: number[], x: number[]): number[] {
  const result = x.map((v, i) => diagonal[i] * v);
  let at = x.length;
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) result[j] += factor[at++] * x[i];
  }
  return result;
}

function mixture(alphas: number[], means: number[][], factors: number[][], xs: number[][], wishart: Wishart) {
  const d = xs[0].length;
  const diagonals = factors.map((factor) => factor.slice(0, d).map((q) => Math.exp(q)));
  const logDeterminants = factors.map((factor) => sum(factor.slice(0, d)));
  let likelihood = 0;
  for (const x of xs) {
    const terms = alphas.map((alpha, k) => {
      const centred = x.map((v, j) => v - means[k][j]);
      const scaled = timesFactor(diagonals[k], factors[k], centred);
      return alpha + logDeterminants[k] - 0.5 * sum(scaled.map((v) => v ** 2));
    });
    likelihood += logSumExp(terms);
  }
  const prior = factors.map((factor, k) => {
    const squares = sum(diagonals[k].map((v) => v ** 2)) + sum(factor.slice(d).map((v) => v ** 2));
    return 0.5 * wishart.gamma ** 2 * squares - wishart.m * logDeterminants[k];
  });
  return likelihood - xs.length * logSumExp(alphas) + sum(prior);
}

/** The same with loops over work arrays. */
function mixtureInLoops(
  alphas: number[],
  means: number[][],
  factors: number[][],
  xs: number[][],
  wishart: Wishart,
): number {
  const count = alphas.length;
  const d = xs[0].length;
  const diagonals = new Float64Array(count * d);
  const logDeterminants = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < d; j++) {
      diagonals[k * d + j] = Math.exp(factors[k][j]);
      logDeterminants[k] += factors[k][j];
    }
  }
  const centred = new Float64Array(d);
  const scaled = new Float64Array(d);
  const terms = new Float64Array(count);
  let likelihood = 0;
  for (let n = 0; n < xs.length; n++) {
    for (let k = 0; k < count; k++) {
      for (let j = 0; j < d; j++) {
        centred[j] = xs[n][j] - means[k][j];
        scaled[j] = diagonals[k * d + j] * centred[j];
      }
      let at = d;
      for (let i = 0; i < d; i++) {
        for (let j = i + 1; j < d; j++) scaled[j] += factors[k][at++] * centred[i];
      }
      let squares = 0;
      for (let j = 0; j < d; j++) squares += scaled[j] * scaled[j];
      terms[k] = alphas[k] + logDeterminants[k] - 0.5 * squares;
    }
    let most = terms[0];
    for (let k = 1; k < count; k++) if (terms[k] > most) most = terms[k];
    let total = 0;
    for (let k = 0; k < count; k++) total += Math.exp(terms[k] - most);
    likelihood += most + Math.log(total);
  }
  let weights = 0;
  for (let k = 0; k < count; k++) weights += Math.exp(alphas[k]);
  let prior = 0;
  for (let k = 0; k < count; k++) {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += diagonals[k * d + j] ** 2;
    for (let at = d; at < factors[k].length; at++) squares += factors[k][at] ** 2;
    prior += 0.5 * wishart.gamma ** 2 * squares - wishart.m * logDeterminants[k];
  }
  return likelihood - xs.length * Math.log(weights) + prior;
}

const [flatFactors, flatMeans, flatDiagonals] = [workspace(), workspace(), workspace()];
const [factorWork, meanWork, diagonalWork] = [workspace(), workspace(), workspace()];
const [centredWork, scaledWork, termWork, weightWork, barWork] = [1, 2, 3, 4, 5].map(workspace);

function byHand(alphas: number[], means: number[][], factors: number[][], xs: number[][], wishart: Wishart) {
  const count = alphas.length;
  const d = xs[0].length;
  const width = (d * (d - 1)) / 2;
  const [lower, mean, diagonal] = [
    flatFactors(count * width),
    flatMeans(count * d),
    flatDiagonals(count * d),
  ];
  const lowerBar = factorWork(count * width).fill(0, 0, count * width);
  const meanBar = meanWork(count * d).fill(0, 0, count * d);
  const diagonalBar = diagonalWork(count * d).fill(0, 0, count * d);
  const weightBar = weightWork(count).fill(0, 0, count);
  const [centred, scaled, terms, bars] = [
    centredWork(count * d),
    scaledWork(count * d),
    termWork(2 * count),
    barWork(d),
  ];
  for (let k = 0; k < count; k++) {
    let logDeterminant = 0;
    const factor = factors[k];
    for (let j = 0; j < d; j++) {
      mean[k * d + j] = means[k][j];
      diagonal[k * d + j] = Math.exp(factor[j]);
      logDeterminant += factor[j];
    }
    for (let at = 0; at < width; at++) lower[k * width + at] = factor[d + at];
    terms[count + k] = alphas[k] + logDeterminant;
  }
  for (let n = 0; n < xs.length; n++) {
    const x = xs[n];
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const from = k * d;
      for (let j = 0; j < d; j++) {
        const c = x[j] - mean[from + j];
        centred[from + j] = c;
        scaled[from + j] = diagonal[from + j] * c;
      }
      let at = k * width;
      for (let i = 0; i < d; i++) {
        const c = centred[from + i];
        for (let j = from + i + 1; j < from + d; j++) scaled[j] += lower[at++] * c;
      }
      let squares = 0;
      for (let j = from; j < from + d; j++) squares += scaled[j] * scaled[j];
      const term = terms[count + k] - 0.5 * squares;
      terms[k] = term;
      if (term > most) most = term;
    }
    let total = 0;
    for (let k = 0; k < count; k++) {
      const e = Math.exp(terms[k] - most);
      terms[k] = e;
      total += e;
    }
    const scale = 1 / total;
    for (let k = 0; k < count; k++) {
      const bar = terms[k] * scale;
      weightBar[k] += bar;
      const from = k * d;
      for (let j = 0; j < d; j++) bars[j] = -bar * scaled[from + j];
      let at = k * width;
      for (let i = 0; i < d; i++) {
        const c = centred[from + i];
        diagonalBar[from + i] += bars[i] * c;
        let s = diagonal[from + i] * bars[i];
        for (let j = i + 1; j < d; j++) {
          const b = bars[j];
          lowerBar[at] += b * c;
          s += lower[at++] * b;
        }
        meanBar[from + i] -= s;
      }
    }
  }
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) most = Math.max(most, alphas[k]);
  let total = 0;
  for (let k = 0; k < count; k++) total += Math.exp(alphas[k] - most);
  const square = wishart.gamma ** 2;
  const alphasBar = zerosLike(alphas);
  const meansBar: number[][] = [];
  const factorsBar: number[][] = [];
  for (let k = 0; k < count; k++) {
    alphasBar[k] = weightBar[k] - (xs.length * Math.exp(alphas[k] - most)) / total;
    const meanRow = means[k].slice();
    const factorRow = factors[k].slice();
    const from = k * d;
    for (let j = 0; j < d; j++) {
      meanRow[j] = meanBar[from + j];
      const q = diagonal[from + j];
      factorRow[j] = (diagonalBar[from + j] + square * q) * q + weightBar[k] - wishart.m;
    }
    for (let at = 0; at < width; at++)
      factorRow[d + at] = lowerBar[k * width + at] + square * lower[k * width + at];
    meansBar.push(meanRow);
    factorsBar.push(factorRow);
  }
  return [alphasBar, meansBar, factorsBar];
}

interface Size {
  d: number;
  count: number;
  points: number;
}
export function makeMixture({
  d,
  count,
  points,
}: Size): [number[], number[][], number[][], number[][], Wishart] {
  const [next, noise] = [uniform(11), normal(12)];
  return [
    Array.from({ length: count }, () => noise()),
    matrix(count, d, next),
    matrix(count, d + (d * (d - 1)) / 2, () => 0.5 * noise()),
    matrix(points, d, () => noise()),
    { gamma: 1, m: 0.5 },
  ];
}

const common = {
  hand: byHand,
  wrt: [0, 1, 2],
  make: makeMixture,
  small: { d: 3, count: 4, points: 5 },
  full: [{ d: 10, count: 25, points: 1000 }],
} as const;

export const gmm = [
  objective({ ...common, name: "GMM", allocates: false, f: mixtureInLoops }),
  objective({ ...common, name: "GMM by map and reduce", allocates: true, f: mixture }),
];
