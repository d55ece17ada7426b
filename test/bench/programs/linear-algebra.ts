/** Matrices and polynomials: a spline, a Gaussian process by Cholesky's method, a chain of products, complex numbers. */
import { flat, list, matrix, normal, objective, uniform, workspace } from "./objective.ts";

/** A natural cubic spline through values at knots 0, 1, 2, …: its squared distance from measured points. */
function spline(values: Float64Array, times: Float64Array, measured: Float64Array): number {
  const n = values.length;
  const curvature = new Float64Array(n);
  const upper = new Float64Array(n);
  // the tridiagonal system of the curvatures, by Thomas' elimination
  for (let i = 1; i < n - 1; i++) {
    const pivot = 4 - upper[i - 1];
    upper[i] = 1 / pivot;
    const right = 6 * (values[i - 1] - 2 * values[i] + values[i + 1]);
    curvature[i] = (right - curvature[i - 1]) / pivot;
  }
  for (let i = n - 2; i > 0; i--) curvature[i] -= upper[i] * curvature[i + 1];
  let loss = 0;
  for (let k = 0; k < times.length; k++) {
    const i = Math.min(Math.floor(times[k]), n - 2);
    const b = times[k] - i;
    const a = 1 - b;
    const bend = (a ** 3 - a) * curvature[i] + (b ** 3 - b) * curvature[i + 1];
    loss += (a * values[i] + b * values[i + 1] + bend / 6 - measured[k]) ** 2;
  }
  return loss;
}

const splineWork = workspace();
function splineByHand(values: Float64Array, times: Float64Array, measured: Float64Array): Float64Array {
  const n = values.length;
  const work = splineWork(3 * n);
  const curvature = work.subarray(0, n).fill(0);
  const upper = work.subarray(n, 2 * n);
  const bars = work.subarray(2 * n, 3 * n).fill(0);
  upper[0] = 0;
  for (let i = 1; i < n - 1; i++) {
    const scale = 1 / (4 - upper[i - 1]);
    upper[i] = scale;
    curvature[i] = (6 * (values[i - 1] - 2 * values[i] + values[i + 1]) - curvature[i - 1]) * scale;
  }
  for (let i = n - 2; i > 0; i--) curvature[i] -= upper[i] * curvature[i + 1];
  const g = new Float64Array(n);
  for (let k = 0; k < times.length; k++) {
    const i = Math.min(Math.floor(times[k]), n - 2);
    const b = times[k] - i;
    const a = 1 - b;
    const p = (a * (a * a - 1)) / 6;
    const q = (b * (b * b - 1)) / 6;
    const bar =
      2 * (a * values[i] + b * values[i + 1] + p * curvature[i] + q * curvature[i + 1] - measured[k]);
    g[i] += bar * a;
    g[i + 1] += bar * b;
    bars[i] += bar * p;
    bars[i + 1] += bar * q;
  }
  for (let i = 1; i < n - 1; i++) bars[i + 1] -= upper[i] * bars[i];
  let after = 0;
  for (let i = n - 2; i > 0; i--) {
    const right = (bars[i] - after) * upper[i];
    after = right;
    g[i - 1] += 6 * right;
    g[i] -= 12 * right;
    g[i + 1] += 6 * right;
  }
  return g;
}

interface Kernel {
  height: number;
  width: number;
  noise: number;
}

/** The negative log-likelihood of a Gaussian process (Rasmussen and Williams 2006, algorithm 2.1). */
function process({ height, width, noise }: Kernel, xs: number[], ys: number[]): number {
  const n = xs.length;
  const factor = xs.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const distance = (xs[i] - xs[j]) / width;
      factor[i][j] = height * Math.exp(-0.5 * distance * distance);
    }
    factor[i][i] += noise;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = factor[i][j];
      for (let k = 0; k < j; k++) sum -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(sum) : sum / factor[j][j];
    }
  }
  const solved = ys.slice();
  let loss = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) solved[i] -= factor[i][j] * solved[j];
    solved[i] /= factor[i][i];
    loss += 0.5 * solved[i] ** 2 + Math.log(factor[i][i]);
  }
  return loss;
}

const [factorWork, kernelWork, factorBarWork, solvedWork] = [1, 2, 3, 4].map(workspace);

function processByHand({ height, width, noise }: Kernel, xs: number[], ys: number[]): Kernel {
  const n = xs.length;
  // rows of the factor, and of the exponentials
  const [factor, kernel, bars] = [factorWork(n * n), kernelWork(n * n), factorBarWork(n * n)];
  const solved = solvedWork(2 * n);
  for (let i = 0, row = 0; i < n; i++, row += n) {
    for (let j = 0, other = 0; j <= i; j++, other += n) {
      const distance = (xs[i] - xs[j]) / width;
      const e = Math.exp(-0.5 * distance * distance);
      kernel[row + j] = e;
      let sum = height * e;
      if (i === j) sum += noise;
      for (let k = 0; k < j; k++) sum -= factor[row + k] * factor[other + k];
      factor[row + j] = i === j ? Math.sqrt(sum) : sum / factor[other + j];
    }
  }
  for (let i = 0, row = 0; i < n; i++, row += n) {
    let sum = ys[i];
    for (let j = 0; j < i; j++) sum -= factor[row + j] * solved[j];
    solved[i] = sum / factor[row + i];
    solved[n + i] = solved[i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const inverse = 1 / factor[row + i];
    const bar = solved[n + i] * inverse;
    for (let j = 0; j < i; j++) {
      bars[row + j] = -bar * solved[j];
      solved[n + j] -= bar * factor[row + j];
    }
    bars[row + i] = inverse - bar * solved[i];
  }
  let [heightBar, widthBar, noiseBar] = [0, 0, 0];
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    for (let j = i; j >= 0; j--) {
      const other = j * n;
      let bar = 0;
      if (i === j) {
        bar = (0.5 * bars[row + i]) / factor[row + i];
        for (let k = 0; k < i; k++) bars[row + k] -= 2 * bar * factor[row + k];
        noiseBar += bar;
      } else {
        bar = bars[row + j] / factor[other + j];
        bars[other + j] -= bar * factor[row + j];
        for (let k = 0; k < j; k++) {
          bars[row + k] -= bar * factor[other + k];
          bars[other + k] -= bar * factor[row + k];
        }
      }
      const e = kernel[row + j];
      const difference = xs[i] - xs[j];
      heightBar += bar * e;
      widthBar += bar * e * difference * difference;
    }
  }
  return { height: heightBar, width: (widthBar * height) / width ** 3, noise: noiseBar };
}

const times = (a: number[][], b: number[][]) =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));

/** The trace of a product of matrices. */
function matrixChain(factors: number[][][]): number {
  const product = factors.reduce((a, b) => times(a, b));
  return product.reduce((sum, row, i) => sum + row[i], 0);
}

const [flatFactors, prefixWork, chainBarWork, chainNextWork] = [1, 2, 3, 4].map(workspace);

function matrixChainByHand(factors: number[][][]): number[][][] {
  const [m, d] = [factors.length, factors[0].length];
  const size = d * d;
  const inputs = flatFactors(m * size);
  const products = prefixWork(m * size);
  for (let f = 0, at = 0; f < m; f++)
    for (let i = 0; i < d; i++) {
      const row = factors[f][i];
      for (let j = 0; j < d; j++) inputs[at++] = row[j];
    }
  for (let k = 0; k < size; k++) products[k] = inputs[k];
  for (let f = 1; f < m; f++) {
    const [left, right, to] = [(f - 1) * size, f * size, f * size];
    for (let i = 0; i < size; i += d) {
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let k = 0, at = right + j; k < d; k++, at += d) sum += products[left + i + k] * inputs[at];
        products[to + i + j] = sum;
      }
    }
  }
  let bar = chainBarWork(size).fill(0, 0, size);
  let before = chainNextWork(size);
  for (let i = 0; i < d; i++) bar[i * d + i] = 1;
  const factorsBar = factors.map((factor) => factor.map((row) => row.slice()));
  for (let f = m - 1; f > 0; f--) {
    const [left, right] = [(f - 1) * size, f * size];
    for (let k = 0; k < d; k++) {
      const rowBar = factorsBar[f][k].fill(0);
      for (let i = 0; i < d; i++) {
        const v = products[left + i * d + k];
        let sum = 0;
        for (let j = 0; j < d; j++) {
          const b = bar[i * d + j];
          sum += b * inputs[right + k * d + j];
          rowBar[j] += v * b;
        }
        before[i * d + k] = sum;
      }
    }
    [bar, before] = [before, bar];
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) factorsBar[0][i][j] = bar[i * d + j];
  return factorsBar;
}

interface Complex {
  re: number;
  im: number;
}
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const product = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

/** How large a complex polynomial is over points of the plane. */
function complexPolynomial(coefficients: Complex[], points: Complex[]): number {
  let sum = 0;
  for (const z of points) {
    let w: Complex = { re: 0, im: 0 };
    for (const c of coefficients) w = plus(product(w, z), c);
    sum += Math.log(1 + w.re ** 2 + w.im ** 2);
  }
  return sum;
}

function complexPolynomialByHand(coefficients: Complex[], points: Complex[]): Complex[] {
  const n = coefficients.length;
  const bars: Complex[] = [];
  for (let k = 0; k < n; k++) bars.push({ re: 0, im: 0 });
  for (let i = 0; i < points.length; i++) {
    const { re: x, im: y } = points[i];
    let [u, v] = [0, 0];
    for (let k = 0; k < n; k++) {
      const c = coefficients[k];
      const re = u * x - v * y + c.re;
      v = u * y + v * x + c.im;
      u = re;
    }
    const scale = 2 / (1 + u * u + v * v);
    let [uBar, vBar] = [u * scale, v * scale];
    for (let k = n - 1; k >= 0; k--) {
      const bar = bars[k];
      bar.re += uBar;
      bar.im += vBar;
      const re = uBar * x + vBar * y;
      vBar = vBar * x - uBar * y;
      uBar = re;
    }
  }
  return bars;
}

export const linearAlgebra = [
  objective({
    name: "spline",
    allocates: false,
    f: spline,
    hand: splineByHand,
    wrt: 0,
    make({ knots, points }: { knots: number; points: number }): Parameters<typeof spline> {
      const [next, noise] = [uniform(91), normal(92)];
      return [flat(knots, noise), flat(points, () => (knots - 1) * next()), flat(points, noise)];
    },
    small: { knots: 6, points: 9 },
    full: [{ knots: 500, points: 2000 }],
  }),
  objective({
    name: "Gaussian process",
    allocates: false,
    f: process,
    hand: processByHand,
    wrt: 0,
    make(n: number): Parameters<typeof process> {
      const noise = normal(93);
      const xs = list(n, (i) => 0.2 * i + 0.05 * noise());
      return [{ height: 1.3, width: 0.7, noise: 0.2 }, xs, xs.map((x) => Math.sin(x) + 0.3 * noise())];
    },
    small: 5,
    full: [60],
  }),
  objective({
    name: "matrix chain",
    allocates: true,
    f: matrixChain,
    hand: matrixChainByHand,
    wrt: 0,
    make({ m, d }: { m: number; d: number }): Parameters<typeof matrixChain> {
      const noise = normal(94);
      return [
        Array.from({ length: m }, () => matrix(d, d, (i, j) => (i === j ? 1 : 0) + (0.3 * noise()) / d)),
      ];
    },
    small: { m: 4, d: 3 },
    full: [{ m: 50, d: 8 }],
  }),
  objective({
    name: "complex polynomial",
    allocates: true,
    f: complexPolynomial,
    hand: complexPolynomialByHand,
    wrt: 0,
    make({ n, points }: { n: number; points: number }): Parameters<typeof complexPolynomial> {
      const noise = normal(95);
      const some = (count: number, size: number) =>
        Array.from({ length: count }, (): Complex => ({ re: size * noise(), im: size * noise() }));
      return [some(n, 1), some(points, 0.5)];
    },
    small: { n: 4, points: 5 },
    full: [{ n: 10, points: 1000 }],
  }),
];
