/** Natural numerical functions: networks, filters, sequences and prices, as they are written at work. */
import type { Entries } from "./entries.ts";

const label = 1;
const obs = [0, 1, 1];

export const models: Entries = {
  "softmax and cross entropy": [
    (W: number[][], x: number[]) => {
      const z = W.map((row) => row.reduce((s, w, j) => s + w * x[j], 0));
      const m = Math.max(...z);
      const lse = m + Math.log(z.map((v) => Math.exp(v - m)).reduce((a, b) => a + b));
      return lse - z[label];
    },
    [
      [0.1, 0.2],
      [0.3, -0.1],
      [0.5, 0.4],
    ],
    [1, 2],
  ],
  "a network of layers": [
    (layers: { W: number[][]; b: number[] }[], x: number[]) => {
      let a = x;
      for (const { W, b } of layers)
        a = W.map((row, i) => Math.tanh(row.reduce((s, w, j) => s + w * a[j], b[i])));
      return a.reduce((s, v) => s + v * v, 0);
    },
    [
      {
        W: [
          [0.1, 0.2],
          [0.3, -0.1],
        ],
        b: [0.1, 0.2],
      },
      {
        W: [
          [0.4, 0.5],
          [0.2, 0.2],
        ],
        b: [0, 0.1],
      },
    ],
    [1, 2],
  ],
  "a convolution": [
    (x: number[], k: number[]) => {
      const out: number[] = [];
      for (let i = 0; i + k.length <= x.length; i++) {
        let s = 0;
        for (let j = 0; j < k.length; j++) s += x[i + j] * k[j];
        out.push(Math.max(0, s));
      }
      return out.reduce((a, b) => a + b, 0);
    },
    [1, 2, 3, 4, -5],
    [0.5, -0.3],
  ],
  pooling: [
    (x: number[]) => {
      const out = [];
      for (let i = 0; i < x.length; i += 2) out.push(Math.max(x[i], x[i + 1]));
      return out.map((v, i) => v * (i + 1)).reduce((a, b) => a + b);
    },
    [1, 2, 4, 3],
  ],
  attention: [
    (Q: number[][], K: number[][], V: number[][]) => {
      const d = Math.sqrt(Q[0].length);
      return Q.map((q) => {
        const s = K.map((k) => k.reduce((t, x, i) => t + x * q[i], 0) / d);
        const m = Math.max(...s);
        const e = s.map((x) => Math.exp(x - m));
        const z = e.reduce((a, b) => a + b, 0);
        return V[0].map((_, j) => e.reduce((t, w, i) => t + (w / z) * V[i][j], 0));
      });
    },
    [
      [1, 0.5],
      [0.3, 0.2],
    ],
    [
      [0.1, 1],
      [0.5, -0.2],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  "a gated cell": [
    (w: { z: number[]; r: number[]; h: number[] }, xs: number[]) => {
      const sg = (x: number) => 1 / (1 + Math.exp(-x));
      let h = 0;
      for (const x of xs) {
        const z = sg(w.z[0] * x + w.z[1] * h);
        const r = sg(w.r[0] * x + w.r[1] * h);
        const c = Math.tanh(w.h[0] * x + w.h[1] * (r * h));
        h = (1 - z) * h + z * c;
      }
      return h;
    },
    { z: [0.1, 0.2], r: [0.3, 0.4], h: [0.5, 0.6] },
    [1, 2, -1],
  ],
  "logistic regression": [
    (w: number[], X: number[][], y: number[]) => {
      let L = 0;
      for (let i = 0; i < X.length; i++) {
        const z = X[i].reduce((s, x, j) => s + x * w[j], 0);
        L += Math.log(1 + Math.exp(-(2 * y[i] - 1) * z));
      }
      return L / X.length + 0.01 * w.reduce((s, x) => s + x * x, 0);
    },
    [0.1, 0.2],
    [
      [1, 2],
      [3, -1],
    ],
    [1, 0],
  ],
  "a hidden Markov model": [
    (A: number[][], B: number[][], pi: number[]) => {
      let al = pi.map((p, i) => p * B[i][obs[0]]);
      for (let t = 1; t < obs.length; t++) {
        const nx = new Array(al.length).fill(0);
        for (let j = 0; j < al.length; j++) {
          for (let i = 0; i < al.length; i++) nx[j] += al[i] * A[i][j];
          nx[j] *= B[j][obs[t]];
        }
        al = nx;
      }
      return Math.log(al.reduce((s, x) => s + x, 0));
    },
    [
      [0.7, 0.3],
      [0.4, 0.6],
    ],
    [
      [0.5, 0.5],
      [0.1, 0.9],
    ],
    [0.6, 0.4],
  ],
  "the best path": [
    (p: number[][], e: number[][]) => {
      let d = e[0].slice();
      for (let t = 1; t < e.length; t++) {
        d = e[t].map((o, j) => {
          let best = -Infinity;
          for (let i = 0; i < d.length; i++) best = Math.max(best, d[i] + p[i][j]);
          return best + o;
        });
      }
      return Math.max(...d);
    },
    [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
    [
      [1, 2],
      [0.5, 0.1],
      [0.3, 0.9],
    ],
  ],
  "dynamic time warping": [
    (a: number[], b: number[]) => {
      const n = a.length,
        m = b.length;
      const D = Array.from({ length: n + 1 }, () => new Array(m + 1).fill(Infinity));
      D[0][0] = 0;
      for (let i = 1; i <= n; i++)
        for (let j = 1; j <= m; j++)
          D[i][j] = Math.abs(a[i - 1] - b[j - 1]) + Math.min(D[i - 1][j], D[i][j - 1], D[i - 1][j - 1]);
      return D[n][m];
    },
    [1, 3, 4],
    [1.5, 2, 5],
  ],
  "a Kalman filter": [
    (xs: number[], q: number, r: number) => {
      let m = 0,
        P = 1,
        ll = 0;
      for (const z of xs) {
        P += q;
        const S = P + r;
        const K = P / S;
        const e = z - m;
        ll -= 0.5 * (Math.log(2 * Math.PI * S) + (e * e) / S);
        m += K * e;
        P *= 1 - K;
      }
      return ll;
    },
    [1, 1.2, 0.7],
    0.1,
    0.5,
  ],
  "Black and Scholes": [
    (S: number, K: number, T: number, r: number, v: number) => {
      const N = (x: number) => {
        const t = 1 / (1 + 0.2316419 * Math.abs(x));
        const d = 0.3989423 * Math.exp((-x * x) / 2);
        const p = d * t * (0.3193815 + t * (-0.3565638 + t * (1.781478 + t * (-1.821256 + t * 1.330274))));
        return x > 0 ? 1 - p : p;
      };
      const d1 = (Math.log(S / K) + (r + (v * v) / 2) * T) / (v * Math.sqrt(T));
      const d2 = d1 - v * Math.sqrt(T);
      return S * N(d1) - K * Math.exp(-r * T) * N(d2);
    },
    100,
    105,
    1,
    0.02,
    0.3,
  ],
  "an American put by a binomial tree": [
    (S: number, K: number, v: number) => {
      const n = 10,
        dt = 0.1;
      const u = Math.exp(v * Math.sqrt(dt)),
        d = 1 / u,
        p = (Math.exp(0.02 * dt) - d) / (u - d);
      const val = Array.from({ length: n + 1 }, (_, i) => Math.max(0, K - S * u ** (2 * i - n)));
      for (let s = n - 1; s >= 0; s--)
        for (let i = 0; i <= s; i++)
          val[i] = Math.max(
            K - S * u ** (2 * i - s),
            Math.exp(-0.02 * dt) * (p * val[i + 1] + (1 - p) * val[i]),
          );
      return val[0];
    },
    100,
    105,
    0.3,
  ],
  "a generator of random numbers": [
    (s: number) => {
      const n = 10;
      let seed = 42,
        acc = 0;
      const rnd = () => {
        seed = (seed * 1664525 + 1013904223) % 4294967296;
        return seed / 4294967296;
      };
      for (let i = 0; i < n; i++) {
        const u = rnd(),
          v = rnd();
        const z = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
        acc += Math.exp(s * z);
      }
      return acc / n;
    },
    0.3,
  ],
  "steps of gradient descent": [
    (w0: number[], lr: number) => {
      let w = [...w0];
      const X = [
          [1, 2],
          [3, 4],
        ],
        y = [1, 2];
      for (let e = 0; e < 5; e++) {
        const g = [0, 0];
        X.forEach((x, i) => {
          const err = x[0] * w[0] + x[1] * w[1] - y[i];
          g[0] += err * x[0];
          g[1] += err * x[1];
        });
        w = w.map((wi, j) => wi - lr * g[j]);
      }
      return w[0] * w[1];
    },
    [0.1, 0.2],
    0.01,
  ],
  Ackley: [
    (x: number[]) => {
      const n = x.length;
      const a = x.reduce((s, v) => s + v * v, 0) / n;
      const b = x.reduce((s, v) => s + Math.cos(2 * Math.PI * v), 0) / n;
      return -20 * Math.exp(-0.2 * Math.sqrt(a)) - Math.exp(b) + 20 + Math.E;
    },
    [0.5, -0.3],
  ],
  Rosenbrock: [
    (x: Float64Array) => {
      let s = 0;
      for (let i = 0; i < x.length - 1; i++) {
        const t1 = x[i + 1] - x[i] * x[i],
          t2 = 1 - x[i];
        s += 100 * t1 * t1 + t2 * t2;
      }
      return s;
    },
    Float64Array.of(1, 2, 3),
  ],
  "weights in bins": [
    (v: number[]) => {
      const bins = [0, 0, 0];
      for (const x of v) bins[Math.min(2, Math.floor(x))] += x * x;
      return bins;
    },
    [0.5, 1.2, 2.7, 1.9],
  ],
  "a distance on the globe": [
    (a: number[], b: number[]) => {
      const R = 6371,
        r = Math.PI / 180;
      const h =
        Math.sin(((b[0] - a[0]) * r) / 2) ** 2 +
        Math.cos(a[0] * r) * Math.cos(b[0] * r) * Math.sin(((b[1] - a[1]) * r) / 2) ** 2;
      return 2 * R * Math.asin(Math.sqrt(h));
    },
    [50, 8],
    [52, 13],
  ],
};
