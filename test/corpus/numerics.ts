/** Numerical methods as one writes them by hand: linear algebra, differential equations, iterations, transforms. */
import type { Entry } from "./entry.ts";

type Matrix = number[][];

function gauss(a: Matrix, b: number[]) {
  const n = b.length;
  const m = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) pivot = r;
    [m[c], m[pivot]] = [m[pivot], m[c]];
    for (let r = c + 1; r < n; r++) {
      const k = m[r][c] / m[c][c];
      for (let j = c; j <= n; j++) m[r][j] -= k * m[c][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let s = m[i][n];
    for (let j = i + 1; j < n; j++) s -= m[i][j] * x[j];
    x[i] = s / m[i][i];
  }
  return x;
}

function determinant(a: Matrix): number {
  const lu = a.map((row) => row.slice());
  let det = 1;
  for (let k = 0; k < lu.length; k++) {
    det *= lu[k][k];
    for (let i = k + 1; i < lu.length; i++) {
      lu[i][k] /= lu[k][k];
      for (let j = k + 1; j < lu.length; j++) lu[i][j] -= lu[i][k] * lu[k][j];
    }
  }
  return det;
}

function laplace(a: Matrix): number {
  if (a.length === 1) return a[0][0];
  return a[0].reduce(
    (s, x, j) => s + (j % 2 ? -1 : 1) * x * laplace(a.slice(1).map((row) => row.filter((_, k) => k !== j))),
    0,
  );
}

function cholesky(a: Matrix) {
  const n = a.length;
  const l: Matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let s = a[i][j];
      for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
      l[i][j] = i === j ? Math.sqrt(s) : s / l[j][j];
    }
  return l;
}

const matmul = (a: Matrix, b: Matrix) =>
  a.map((row) => b[0].map((_, j) => row.reduce((s, x, k) => s + x * b[k][j], 0)));
const dot = (a: number[], b: number[]) => a.reduce((s, x, i) => s + x * b[i], 0);

function gramSchmidt(vs: Matrix) {
  const q: Matrix = [];
  for (const v of vs) {
    let w = [...v];
    for (const u of q) {
      const c = dot(u, v);
      w = w.map((x, i) => x - c * u[i]);
    }
    const norm = Math.hypot(...w);
    q.push(w.map((x) => x / norm));
  }
  return q;
}

function conjugateGradients(a: Matrix, b: number[], steps: number) {
  let x = b.map(() => 0);
  let r = [...b];
  let p = [...r];
  for (let k = 0; k < steps; k++) {
    const ap = a.map((row) => dot(row, p));
    const rr = dot(r, r);
    const alpha = rr / dot(p, ap);
    x = x.map((v, i) => v + alpha * p[i]);
    r = r.map((v, i) => v - alpha * ap[i]);
    const beta = dot(r, r) / rr;
    p = r.map((v, i) => v + beta * p[i]);
  }
  return x;
}

function power(a: Matrix, steps: number) {
  let v = a.map((_, i) => 1 + i);
  let lambda = 0;
  for (let k = 0; k < steps; k++) {
    const w = a.map((row) => dot(row, v));
    lambda = Math.sqrt(dot(w, w));
    v = w.map((x) => x / lambda);
  }
  return lambda;
}

function rungeKutta(f: (t: number, y: number[]) => number[], y: number[], t: number, h: number, n: number) {
  const add = (a: number[], b: number[], k: number) => a.map((x, i) => x + k * b[i]);
  for (let i = 0; i < n; i++) {
    const k1 = f(t, y);
    const k2 = f(t + h / 2, add(y, k1, h / 2));
    const k3 = f(t + h / 2, add(y, k2, h / 2));
    const k4 = f(t + h, add(y, k3, h));
    y = y.map((x, j) => x + (h / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]));
    t += h;
  }
  return y;
}

function eulerInPlace(y: Float64Array, k: number, h: number) {
  const d = new Float64Array(y.length);
  for (let step = 0; step < 12; step++) {
    for (let i = 0; i < y.length; i++) d[i] = -k * y[i] + (i > 0 ? y[i - 1] : 1);
    for (let i = 0; i < y.length; i++) y[i] += h * d[i];
  }
  return y;
}

function verlet(x: number, v: number, steps: number) {
  const force = (q: number) => -Math.sin(q);
  const h = 0.1;
  let a = force(x);
  for (let i = 0; i < steps; i++) {
    x += h * v + 0.5 * h * h * a;
    const next = force(x);
    v += 0.5 * h * (a + next);
    a = next;
  }
  return [x, v];
}

function fft(re: number[], im: number[]): [number[], number[]] {
  const n = re.length;
  if (n === 1) return [re, im];
  const pick = (xs: number[], odd: number) => xs.filter((_, i) => i % 2 === odd);
  const [er, ei] = fft(pick(re, 0), pick(im, 0));
  const [or, oi] = fft(pick(re, 1), pick(im, 1));
  const r = new Array<number>(n);
  const j = new Array<number>(n);
  for (let k = 0; k < n / 2; k++) {
    const c = Math.cos((-2 * Math.PI * k) / n);
    const s = Math.sin((-2 * Math.PI * k) / n);
    const tr = c * or[k] - s * oi[k];
    const ti = c * oi[k] + s * or[k];
    r[k] = er[k] + tr;
    j[k] = ei[k] + ti;
    r[k + n / 2] = er[k] - tr;
    j[k + n / 2] = ei[k] - ti;
  }
  return [r, j];
}

function fftInPlace(re: Float64Array, im: Float64Array) {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let len = 2; len <= n; len <<= 1) {
    const angle = (-2 * Math.PI) / len;
    for (let i = 0; i < n; i += len)
      for (let k = 0; k < len / 2; k++) {
        const [c, s] = [Math.cos(angle * k), Math.sin(angle * k)];
        const [a, b] = [i + k, i + k + len / 2];
        const tr = re[b] * c - im[b] * s;
        const ti = re[b] * s + im[b] * c;
        re[b] = re[a] - tr;
        im[b] = im[a] - ti;
        re[a] += tr;
        im[a] += ti;
      }
  }
}

function continuedFraction(x: number, depth: number): number {
  return depth === 0 ? 1 : depth + x / continuedFraction(x, depth - 1);
}

function besselJ0(x: number) {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 30; k++) {
    term *= -(x * x) / (4 * k * k);
    sum += term;
  }
  return sum;
}

function gammaLanczos(x: number): number {
  const g = 7;
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gammaLanczos(1 - x));
  x -= 1;
  let a = c[0];
  const t = x + g + 0.5;
  for (let i = 1; i < g + 2; i++) a += c[i] / (x + i);
  return Math.sqrt(2 * Math.PI) * t ** (x + 0.5) * Math.exp(-t) * a;
}

function agm(a: number, b: number) {
  for (let i = 0; i < 8; i++) [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  return a;
}

function spline(xs: number[], ys: number[], x: number) {
  const n = xs.length;
  const h = xs.slice(1).map((v, i) => v - xs[i]);
  const d = ys.slice(1).map((v, i) => (v - ys[i]) / h[i]);
  const m = new Array<number>(n).fill(0);
  const c = new Array<number>(n).fill(0);
  const r = new Array<number>(n).fill(0);
  for (let i = 1; i < n - 1; i++) {
    const w = 2 * (h[i - 1] + h[i]) - h[i - 1] * c[i - 1];
    c[i] = h[i] / w;
    r[i] = (6 * (d[i] - d[i - 1]) - h[i - 1] * r[i - 1]) / w;
  }
  for (let i = n - 2; i > 0; i--) m[i] = r[i] - c[i] * m[i + 1];
  let i = xs.findLastIndex((v) => v <= x);
  i = Math.min(Math.max(i, 0), n - 2);
  const t = x - xs[i];
  return (
    ys[i] +
    t * (d[i] - (h[i] * (2 * m[i] + m[i + 1])) / 6 + t * (m[i] / 2 + (t * (m[i + 1] - m[i])) / (6 * h[i])))
  );
}

const spd = [
  [4, 1, 0.5],
  [1, 3, 0.2],
  [0.5, 0.2, 2],
];

export const numerics: Entry[] = [
  {
    name: "Gauss elimination with pivots",
    f: gauss,
    args: [
      [
        [0.1, 2, 1],
        [3, 1, 0.5],
        [1, 0.3, 2],
      ],
      [1, 2, 3],
    ],
  },
  { name: "determinant by elimination", f: determinant, args: [spd], second: true },
  { name: "determinant by Laplace", f: laplace, args: [spd], second: true },
  { name: "Cholesky", f: cholesky, args: [spd] },
  {
    name: "log-determinant by Cholesky",
    f: (a: Matrix) => 2 * cholesky(a).reduce((s, row, i) => s + Math.log(row[i]), 0),
    args: [spd],
    second: true,
  },
  {
    name: "products of matrices",
    f: (a: Matrix, b: Matrix) => matmul(matmul(a, b), a)[0][1],
    args: [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0.5, -1],
        [2, 0.3],
      ],
    ],
    second: true,
  },
  {
    name: "Gram-Schmidt",
    f: gramSchmidt,
    args: [
      [
        [1, 2, 0.5],
        [0.3, -1, 2],
      ],
    ],
  },
  { name: "conjugate gradients", f: (b: number[]) => conjugateGradients(spd, b, 2), args: [[1, 2, 3]] },
  {
    name: "conjugate gradients by the matrix",
    f: (a: Matrix) => conjugateGradients(a, [1, 2, 3], 2)[0],
    args: [spd],
  },
  { name: "power iteration", f: (a: Matrix) => power(a, 8), args: [spd] },
  {
    name: "matrix power by squaring",
    f: (x: number) => {
      let r = [
        [1, 0],
        [0, 1],
      ];
      let b = [
        [x, 1],
        [1, 0],
      ];
      for (let n = 13; n > 0; n = Math.floor(n / 2)) {
        if (n % 2) r = matmul(r, b);
        b = matmul(b, b);
      }
      return r[0][0];
    },
    args: [0.9],
    second: true,
  },
  {
    name: "Jacobi iteration",
    f: (b: number[]) => {
      let x = b.map(() => 0);
      for (let k = 0; k < 10; k++)
        x = x.map((_, i) => (b[i] - spd[i].reduce((s, a, j) => (j === i ? s : s + a * x[j]), 0)) / spd[i][i]);
      return x;
    },
    args: [[1, 2, 3]],
  },
  {
    name: "Runge-Kutta, Lotka-Volterra",
    f: (p: number[]) =>
      rungeKutta((_t, [x, y]) => [p[0] * x - p[1] * x * y, p[2] * x * y - p[3] * y], [1, 0.5], 0, 0.1, 10),
    args: [[1.1, 0.4, 0.1, 0.4]],
  },
  {
    name: "Runge-Kutta, pendulum to second order",
    f: (q: number, w: number) =>
      rungeKutta((t, [a, b]) => [b, -Math.sin(a) + 0.1 * Math.cos(t)], [q, w], 0, 0.2, 5)[0],
    args: [0.8, 0.1],
    second: true,
  },
  { name: "Euler in place", f: eulerInPlace, args: [Float64Array.of(1, 0.5, 2), 0.7, 0.05] },
  { name: "Verlet", f: (x: number, v: number) => verlet(x, v, 20), args: [0.5, 0.3] },
  {
    name: "Lorenz",
    f: (s: number, r: number, b: number) => {
      let [x, y, z] = [1, 1, 1];
      for (let i = 0; i < 60; i++) {
        const [dx, dy, dz] = [s * (y - x), x * (r - z) - y, x * y - b * z];
        x += 0.01 * dx;
        y += 0.01 * dy;
        z += 0.01 * dz;
      }
      return x + y * z;
    },
    args: [10, 28, 8 / 3],
    second: true,
  },
  {
    name: "recursive FFT",
    f: (re: number[]) =>
      fft(
        re,
        re.map(() => 0),
      ).map((xs) => xs.slice(0, 2)),
    args: [[1, 2, -1, 0.5]],
  },
  {
    name: "spectrum by recursive FFT",
    f: (re: number[]) => {
      const [r, i] = fft(
        re,
        re.map((x) => x * 0.5),
      );
      return r.reduce((s, x, k) => s + (k + 1) * (x * x + i[k] * i[k]), 0);
    },
    args: [[1, 2, -1, 0.5, 0.2, 0.1, -0.7, 3]],
    second: true,
  },
  {
    name: "FFT in place",
    f: (re: Float64Array) => {
      const im = new Float64Array(re.length);
      fftInPlace(re, im);
      let s = 0;
      for (let k = 0; k < re.length; k++) s += Math.hypot(re[k], im[k]) * (k + 1);
      return s;
    },
    args: [Float64Array.of(1, 2, -1, 0.5, 0.2, 0.1, -0.7, 3)],
  },
  {
    name: "discrete cosine transform",
    f: (xs: number[]) =>
      xs.map((_, k) => xs.reduce((s, x, i) => s + x * Math.cos(((Math.PI * k) / xs.length) * (i + 0.5)), 0)),
    args: [[1, 2, -1]],
  },
  { name: "continued fraction", f: (x: number) => continuedFraction(x, 12), args: [0.9], second: true },
  { name: "Bessel series", f: besselJ0, args: [1.7], second: true },
  { name: "Lanczos gamma", f: gammaLanczos, args: [2.7], second: true },
  { name: "Lanczos gamma, reflected", f: gammaLanczos, args: [0.3], second: true },
  { name: "arithmetic-geometric mean", f: agm, args: [1, 0.3], second: true },
  {
    name: "natural spline",
    f: (ys: number[], x: number) => spline([0, 1, 2.5, 3, 4], ys, x),
    args: [[1, 3, 2, 0.5, 1], 1.7],
  },
  {
    name: "spline by the knots",
    f: (xs: number[]) => spline(xs, [1, 3, 2, 0.5, 1], 1.7),
    args: [[0, 1, 2.5, 3, 4]],
  },
  {
    name: "Lagrange interpolation",
    f: (xs: number[], ys: number[], t: number) =>
      ys.reduce(
        (s, y, i) => s + y * xs.reduce((p, x, j) => (j === i ? p : (p * (t - x)) / (xs[i] - x)), 1),
        0,
      ),
    args: [[0, 1, 2.5], [1, 3, 2], 1.7],
  },
  {
    name: "de Casteljau",
    f: (points: Matrix, t: number) => {
      let p = points;
      while (p.length > 1) p = p.slice(1).map((q, i) => q.map((x, d) => (1 - t) * p[i][d] + t * x));
      return p[0];
    },
    args: [
      [
        [0, 0],
        [1, 2],
        [3, 1],
        [4, 3],
      ],
      0.4,
    ],
  },
  {
    name: "Newton for a system",
    f: (c: number[]) => {
      let [x, y] = [1, 1];
      for (let i = 0; i < 12; i++) {
        const [f, g] = [x * x + y * y - c[0], x * y - c[1]];
        const det = 2 * x * x - 2 * y * y;
        [x, y] = [x - (x * f - 2 * y * g) / (det + 1e-3), y - (-y * f + 2 * x * g) / (det + 1e-3)];
      }
      return x - y;
    },
    args: [[4, 1]],
  },
  {
    name: "secant method",
    f: (c: number) => {
      let [a, b] = [1, 2];
      for (let i = 0; i < 12 && Math.abs(b - a) > 1e-13; i++) {
        const [fa, fb] = [a ** 3 - c, b ** 3 - c];
        [a, b] = [b, b - (fb * (b - a)) / (fb - fa)];
      }
      return b;
    },
    args: [4],
  },
  {
    name: "fixed point of cos",
    f: (k: number) => {
      let x = 0.5;
      for (let i = 0; i < 60; i++) x = Math.cos(k * x);
      return x;
    },
    args: [0.8],
    second: true,
  },
  {
    name: "gradient descent by hand",
    f: (rate: number, x: number) => {
      for (let i = 0; i < 10; i++) x -= rate * (4 * x ** 3 - 6 * x + 1);
      return x;
    },
    args: [0.05, 1.5],
    second: true,
  },
  {
    name: "trapezoidal rule",
    f: (a: number, b: number) => {
      const n = 20;
      const h = (b - a) / n;
      let s = 0;
      for (let i = 0; i <= n; i++) {
        const x = a + i * h;
        s += (i === 0 || i === n ? 0.5 : 1) * Math.exp(-x) * Math.sin(x);
      }
      return s * h;
    },
    args: [0.1, 2.3],
    second: true,
  },
  {
    name: "Clenshaw",
    f: (c: number[], x: number) => {
      let [b1, b2] = [0, 0];
      for (let k = c.length - 1; k > 0; k--) [b1, b2] = [c[k] + 2 * x * b1 - b2, b1];
      return c[0] + x * b1 - b2;
    },
    args: [[1, 0.5, -2, 0.3], 0.4],
    second: true,
  },
  {
    name: "compensated sum",
    f: (xs: number[]) => {
      let s = 0;
      let c = 0;
      for (const x of xs) {
        const y = x * x - c;
        const t = s + y;
        c = t - s - y;
        s = t;
      }
      return s;
    },
    args: [[1.5, 2, 3.25]],
  },
  {
    name: "Levenshtein-free alignment score by soft minimum",
    f: (d: Matrix) => {
      const soft = (...v: number[]) => -Math.log(v.reduce((s, x) => s + Math.exp(-x), 0));
      const r: Matrix = [[0]];
      for (let i = 0; i < d.length; i++)
        for (let j = 0; j < d[0].length; j++) {
          if (i === 0 && j === 0) {
            r[0][0] = d[0][0];
            continue;
          }
          r[i] ??= [];
          const from: number[] = [];
          if (i > 0) from.push(r[i - 1][j]);
          if (j > 0) from.push(r[i][j - 1]);
          if (i > 0 && j > 0) from.push(r[i - 1][j - 1]);
          r[i][j] = d[i][j] + soft(...from);
        }
      return r[d.length - 1][d[0].length - 1];
    },
    args: [
      [
        [1, 2, 0.5],
        [0.3, 1, 2],
      ],
    ],
    second: true,
  },
];
