/** Objectives as they are minimised: regressions, networks, mixtures, physics. */
import type { Entry } from "./entry.ts";

type Layer = { w: number[][]; b: number[] };

const forward = (layers: Layer[], x: number[]) =>
  layers.reduce(
    (h, { w, b }, k) =>
      w.map((row, i) => {
        const z = row.reduce((s, v, j) => s + v * h[j], b[i]);
        return k < layers.length - 1 ? Math.tanh(z) : z;
      }),
    x,
  );

const network: Layer[] = [
  {
    w: [
      [0.5, -0.3],
      [0.8, 0.2],
    ],
    b: [0.1, -0.1],
  },
  { w: [[1.2, -0.7]], b: [0.05] },
];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const data = [
  [0.5, 1.2],
  [1.5, 1.9],
  [2.5, 3.1],
];

function lstm(w: number[], xs: number[]) {
  let h = 0;
  let c = 0;
  for (const x of xs) {
    const [f, i, o] = [0, 3, 6].map((k) => sigmoid(w[k] * x + w[k + 1] * h + w[k + 2]));
    c = f * c + i * Math.tanh(w[9] * x + w[10] * h + w[11]);
    h = o * Math.tanh(c);
  }
  return h;
}

function mixture(p: { logits: number[]; means: number[]; logScales: number[] }, xs: number[]) {
  const lse = (v: number[]) => {
    const m = Math.max(...v);
    return m + Math.log(v.reduce((s, x) => s + Math.exp(x - m), 0));
  };
  const norm = lse(p.logits);
  return xs.reduce(
    (s, x) =>
      s +
      lse(
        p.means.map(
          (mean, k) =>
            p.logits[k] - norm - p.logScales[k] - 0.5 * ((x - mean) / Math.exp(p.logScales[k])) ** 2,
        ),
      ),
    0,
  );
}

function rosenbrock(x: number[]) {
  let s = 0;
  for (let i = 0; i + 1 < x.length; i++) s += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return s;
}

function rotate(axis: number[], v: number[]) {
  const angle = Math.hypot(...axis);
  const [x, y, z] = axis.map((a) => a / angle);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const d = (x * v[0] + y * v[1] + z * v[2]) * (1 - c);
  return [
    v[0] * c + (y * v[2] - z * v[1]) * s + x * d,
    v[1] * c + (z * v[0] - x * v[2]) * s + y * d,
    v[2] * c + (x * v[1] - y * v[0]) * s + z * d,
  ];
}

export const models: Entry[] = [
  {
    name: "least squares",
    f: (a: number, b: number) => data.reduce((s, [x, y]) => s + (a * x + b - y) ** 2, 0),
    args: [1, 0.5],
    second: true,
  },
  {
    name: "residuals",
    f: (p: { a: number; k: number }) => data.map(([x, y]) => p.a * Math.exp(-p.k * x) - y),
    args: [{ a: 2, k: 0.3 }],
  },
  {
    name: "a network, by its weights",
    f: (layers: Layer[]) => data.reduce((s, x) => s + (forward(layers, x)[0] - 1) ** 2, 0),
    args: [network],
    second: true,
  },
  { name: "a network, by its input", f: (x: number[]) => forward(network, x), args: [[0.4, -0.2]] },
  {
    name: "logistic regression",
    f: (w: number[]) =>
      -data.reduce((s, [x, y], i) => {
        const p = sigmoid(w[0] * x + w[1] * y + w[2]);
        return s + (i % 2 ? Math.log(p) : Math.log(1 - p));
      }, 0),
    args: [[0.4, -0.2, 0.1]],
    second: true,
  },
  {
    name: "LSTM",
    f: lstm,
    args: [
      [0.5, 0.1, 0.2, -0.3, 0.4, 0.1, 0.6, -0.2, 0.3, 0.7, 0.2, -0.1],
      [0.5, -1, 0.8],
    ],
  },
  {
    name: "Gaussian mixture",
    f: mixture,
    args: [{ logits: [0.1, -0.4], means: [0.5, 2], logScales: [0.1, -0.3] }, [0.2, 1.8, 2.4]],
  },
  { name: "Rosenbrock", f: rosenbrock, args: [[0.5, 0.3, 1.2, -0.4]], second: true },
  {
    name: "Himmelblau",
    f: (x: number, y: number) => (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2,
    args: [1.3, 0.4],
    second: true,
  },
  {
    name: "Ackley",
    f: (v: number[]) =>
      -20 * Math.exp(-0.2 * Math.sqrt(v.reduce((s, x) => s + x * x, 0) / v.length)) -
      Math.exp(v.reduce((s, x) => s + Math.cos(2 * Math.PI * x), 0) / v.length) +
      20 +
      Math.E,
    args: [[0.5, -0.8]],
    second: true,
  },
  {
    name: "Helmholtz energy",
    f: (x: number[]) => {
      const b = x.map((_, i) => 0.1 * (i + 1));
      const bx = x.reduce((s, v, i) => s + v * b[i], 0);
      let q = 0;
      for (let i = 0; i < x.length; i++) for (let j = 0; j < x.length; j++) q += (x[i] * x[j]) / (1 + i + j);
      return (
        x.reduce((s, v) => s + v * Math.log(v / (1 - bx)), 0) -
        (q / (Math.sqrt(8) * bx)) * Math.log((1 + (1 + Math.SQRT2) * bx) / (1 + (1 - Math.SQRT2) * bx))
      );
    },
    args: [[0.3, 0.4, 0.2]],
    second: true,
  },
  {
    name: "bundle adjustment",
    f: (camera: { r: number[]; t: number[]; f: number; k: number[] }, point: number[]) => {
      const p = rotate(camera.r, point).map((x, i) => x + camera.t[i]);
      const [x, y] = [p[0] / p[2], p[1] / p[2]];
      const r2 = x * x + y * y;
      const d = 1 + r2 * (camera.k[0] + camera.k[1] * r2);
      return [camera.f * d * x, camera.f * d * y];
    },
    args: [{ r: [0.1, 0.2, -0.1], t: [0.1, 0.3, 5], f: 1.5, k: [0.1, -0.05] }, [1, 0.5, 2]],
  },
  {
    name: "robot arm",
    f: (angles: number[]) => {
      let [x, y, a] = [0, 0, 0];
      for (const [i, angle] of angles.entries()) {
        a += angle;
        x += Math.cos(a) / (i + 1);
        y += Math.sin(a) / (i + 1);
      }
      return [x, y];
    },
    args: [[0.3, 0.5, -0.2]],
  },
  {
    name: "three bodies",
    f: (q: number[][]) => {
      const m = [1, 2, 0.5];
      let e = 0;
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < i; j++) e -= (m[i] * m[j]) / Math.hypot(...q[i].map((x, d) => x - q[j][d]));
      return e;
    },
    args: [
      [
        [0, 0],
        [1, 0.5],
        [-0.5, 2],
      ],
    ],
    second: true,
  },
  {
    name: "Black-Scholes with an own error function",
    f: (s: number, v: number, r: number) => {
      const erf = (x: number) => {
        let [t, sum] = [x, x];
        for (let n = 1; n < 60; n++) {
          t *= (-x * x) / n;
          sum += t / (2 * n + 1);
        }
        return (2 / Math.sqrt(Math.PI)) * sum;
      };
      const cdf = (x: number) => 0.5 * (1 + erf(x / Math.SQRT2));
      const d1 = (Math.log(s / 100) + (r + 0.5 * v * v)) / v;
      return s * cdf(d1) - 100 * Math.exp(-r) * cdf(d1 - v);
    },
    args: [105, 0.2, 0.05],
    second: true,
  },
  {
    name: "hidden Markov model",
    f: (t: number[]) => {
      const a = t.map((x) => sigmoid(x));
      let alpha = [0.6, 0.4];
      let log = 0;
      for (const o of [0, 1, 1, 0]) {
        const e = o ? [0.2, 0.7] : [0.8, 0.3];
        const next = [alpha[0] * (1 - a[0]) + alpha[1] * a[1], alpha[0] * a[0] + alpha[1] * (1 - a[1])].map(
          (x, i) => x * e[i],
        );
        const z = next[0] + next[1];
        log += Math.log(z);
        alpha = next.map((x) => x / z);
      }
      return log;
    },
    args: [[0.2, -0.4]],
    second: true,
  },
  {
    name: "Kalman filter",
    f: (q: number, r: number) => {
      let [x, p, cost] = [0, 1, 0];
      for (const z of [0.9, 1.1, 1.3, 0.8]) {
        p += q * q;
        const s = p + r * r;
        const k = p / s;
        const e = z - x;
        cost += Math.log(s) + (e * e) / s;
        x += k * e;
        p *= 1 - k;
      }
      return cost;
    },
    args: [0.3, 0.5],
    second: true,
  },
  {
    name: "attention",
    f: (q: number[], ks: number[][], vs: number[]) => {
      const scores = ks.map((k) => k.reduce((s, x, i) => s + x * q[i], 0) / Math.sqrt(q.length));
      const m = Math.max(...scores);
      const e = scores.map((s) => Math.exp(s - m));
      const z = e.reduce((a, b) => a + b);
      return e.reduce((s, x, i) => s + (x / z) * vs[i], 0);
    },
    args: [
      [0.3, 0.5],
      [
        [1, 0.2],
        [0.1, -0.4],
        [0.7, 0.7],
      ],
      [1, 2, 3],
    ],
  },
  {
    name: "a ray and a sphere",
    f: (o: number[], d: number[], r: number) => {
      const b = o.reduce((s, x, i) => s + x * d[i], 0);
      const c = o.reduce((s, x) => s + x * x, -r * r);
      const disc = b * b - c;
      return disc < 0 ? Infinity : -b - Math.sqrt(disc);
    },
    args: [[0.1, 0.2, -3], [0, 0, 1], 1.2],
  },
  {
    name: "rotation product",
    f: (a: number[], b: number[], v: number[]) => rotate(a, rotate(b, v)),
    args: [
      [0.1, 0.2, 0.3],
      [-0.4, 0.1, 0.2],
      [1, 2, 3],
    ],
  },
];
