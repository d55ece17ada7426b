/** Natural numerical functions: lists, matrices, series and roots, as they are written in courses. */
import type { Entries } from "./entries.ts";

export const linearAlgebra: Entries = {
  "solving by elimination": [
    (A: number[][], b: number[]) => {
      const n = b.length;
      const L = A.map((r) => [...r]);
      const x = b.slice();
      for (let k = 0; k < n; k++) {
        for (let i = k + 1; i < n; i++) {
          const m = L[i][k] / L[k][k];
          L[i][k] = m;
          for (let j = k + 1; j < n; j++) L[i][j] -= m * L[k][j];
          x[i] -= m * x[k];
        }
      }
      for (let i = n - 1; i >= 0; i--) {
        for (let j = i + 1; j < n; j++) x[i] -= L[i][j] * x[j];
        x[i] /= L[i][i];
      }
      return x;
    },
    [
      [4, 1, 2],
      [1, 5, 3],
      [2, 3, 6],
    ],
    [1, 2, 3],
  ],
  "log-determinant by Cholesky": [
    (A: number[][]) => {
      const n = A.length;
      const L = Array.from({ length: n }, () => Array(n).fill(0));
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) {
          let s = A[i][j];
          for (let k = 0; k < j; k++) s -= L[i][k] * L[j][k];
          L[i][j] = i === j ? Math.sqrt(s) : s / L[j][j];
        }
      let ld = 0;
      for (let i = 0; i < n; i++) ld += 2 * Math.log(L[i][i]);
      return ld;
    },
    [
      [4, 1, 2],
      [1, 5, 3],
      [2, 3, 6],
    ],
  ],
  "heat with a new list for each step": [
    (u0: number[], k: number) => {
      let u = [...u0];
      for (let t = 0; t < 6; t++) {
        const v = [...u];
        for (let i = 1; i < u.length - 1; i++) v[i] = u[i] + k * (u[i - 1] - 2 * u[i] + u[i + 1]);
        u = v;
      }
      return u.reduce((s, x) => s + x * x, 0);
    },
    [0, 1, 2, 1, 0],
    0.2,
  ],
  "heat with two buffers": [
    (u0: Float64Array, k: number) => {
      let u = u0.slice(),
        v = new Float64Array(u.length);
      for (let t = 0; t < 6; t++) {
        for (let i = 1; i < u.length - 1; i++) v[i] = u[i] + k * (u[i - 1] - 2 * u[i] + u[i + 1]);
        [u, v] = [v, u];
      }
      let s = 0;
      for (let i = 0; i < u.length; i++) s += u[i] * u[i];
      return s;
    },
    Float64Array.of(0, 1, 2, 1, 0),
    0.2,
  ],
  "the fast Fourier transform": [
    (re: number[], im: number[]) => {
      const n = re.length;
      const R = re.slice(),
        I = im.slice();
      for (let i = 1, j = 0; i < n; i++) {
        let bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) {
          [R[i], R[j]] = [R[j], R[i]];
          [I[i], I[j]] = [I[j], I[i]];
        }
      }
      for (let len = 2; len <= n; len <<= 1) {
        const ang = (-2 * Math.PI) / len;
        for (let i = 0; i < n; i += len)
          for (let k = 0; k < len / 2; k++) {
            const wr = Math.cos(ang * k),
              wi = Math.sin(ang * k);
            const a = i + k,
              b = a + len / 2;
            const tr = R[b] * wr - I[b] * wi,
              ti = R[b] * wi + I[b] * wr;
            R[b] = R[a] - tr;
            I[b] = I[a] - ti;
            R[a] += tr;
            I[a] += ti;
          }
      }
      let s = 0;
      for (let k = 0; k < n; k++) s += (R[k] ** 2 + I[k] ** 2) * (k + 1);
      return s;
    },
    [1, 2, 3, 4],
    [0, 1, 0, -1],
  ],
  "the largest eigenvalue": [
    (A: number[][]) => {
      let v = A.map(() => 1);
      let lam = 0;
      for (let k = 0; k < 20; k++) {
        const w = A.map((row) => row.reduce((s, a, j) => s + a * v[j], 0));
        lam = Math.sqrt(w.reduce((s, x) => s + x * x, 0));
        v = w.map((x) => x / lam);
      }
      return lam;
    },
    [
      [2, 1],
      [1, 3],
    ],
  ],
  "Jacobi's iteration": [
    (A: number[][], b: number[]) => {
      let x = b.map(() => 0);
      for (let it = 0; it < 10; it++) {
        x = b.map((bi, i) => {
          let s = bi;
          for (let j = 0; j < b.length; j++) if (j !== i) s -= A[i][j] * x[j];
          return s / A[i][i];
        });
      }
      return x[0] + x[1];
    },
    [
      [4, 1],
      [1, 3],
    ],
    [1, 2],
  ],
  "a tridiagonal system": [
    (a: number[], b: number[], c: number[], d: number[]) => {
      const n = d.length;
      const cp = new Array(n),
        dp = new Array(n);
      cp[0] = c[0] / b[0];
      dp[0] = d[0] / b[0];
      for (let i = 1; i < n; i++) {
        const m = b[i] - a[i] * cp[i - 1];
        cp[i] = c[i] / m;
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m;
      }
      const x = new Array(n);
      x[n - 1] = dp[n - 1];
      for (let i = n - 2; i >= 0; i--) x[i] = dp[i] - cp[i] * x[i + 1];
      return x;
    },
    [0, 1, 1],
    [4, 4, 4],
    [1, 1, 0],
    [1, 2, 3],
  ],
  "powers of a matrix by squaring": [
    (A: number[][]) => {
      const mul = (P: number[][], Q: number[][]) =>
        P.map((r) => Q[0].map((_, j) => r.reduce((s, x, k) => s + x * Q[k][j], 0)));
      let R: number[][] = A.map((r, i) => r.map((_, j) => (i === j ? 1 : 0)));
      let B = A;
      let e = 5;
      while (e > 0) {
        if (e & 1) R = mul(R, B);
        B = mul(B, B);
        e >>= 1;
      }
      return R[0][1];
    },
    [
      [1, 0.5],
      [0.2, 0.9],
    ],
  ],
  trapezes: [
    (xs: number[], ys: number[]) => {
      let s = 0;
      for (let i = 1; i < xs.length; i++) s += ((ys[i] + ys[i - 1]) * (xs[i] - xs[i - 1])) / 2;
      return s;
    },
    [0, 1, 3],
    [1, 2, 5],
  ],
  "sums so far": [
    (v: number[]) => {
      const c = [...v];
      for (let i = 1; i < c.length; i++) c[i] += c[i - 1];
      return c;
    },
    [1, 2, 3],
  ],
  "a variance": [
    (v: number[]) => {
      const m = v.reduce((a, b) => a + b, 0) / v.length;
      return v.reduce((a, b) => a + (b - m) ** 2, 0) / (v.length - 1);
    },
    [1, 2, 4],
  ],
  "Welford's variance": [
    (v: number[]) => {
      let n = 0,
        m = 0,
        M2 = 0;
      for (const x of v) {
        n++;
        const d = x - m;
        m += d / n;
        M2 += d * (x - m);
      }
      return n > 1 ? M2 / (n - 1) : 0;
    },
    [1, 2, 4],
  ],
  "an exponential mean": [
    (v: number[], a: number) => v.reduce((s, x) => a * x + (1 - a) * s),
    [1, 2, 4],
    0.3,
  ],
  "Horner from the right": [
    (c: number[], x: number) => c.reduceRight((acc, a) => acc * x + a, 0),
    [1, 2, 3],
    1.5,
  ],
  "Clenshaw's recurrence": [
    (c: number[], x: number) => {
      let b1 = 0,
        b2 = 0;
      for (let k = c.length - 1; k > 0; k--) [b1, b2] = [2 * x * b1 - b2 + c[k], b1];
      return x * b1 - b2 + c[0];
    },
    [1, 2, 3, 4],
    0.3,
  ],
  "linear interpolation with a search": [
    (xs: number[], ys: number[], x: number) => {
      let i = 0;
      while (i < xs.length - 2 && x > xs[i + 1]) i++;
      const t = (x - xs[i]) / (xs[i + 1] - xs[i]);
      return ys[i] * (1 - t) + ys[i + 1] * t;
    },
    [0, 1, 2, 3],
    [1, 3, 2, 5],
    1.4,
  ],
  "the rule of Simpson": [
    (a: number, b: number) => {
      const f = (x: number) => Math.exp(-x * x) * a;
      const n = 10,
        h = (b - 0) / n;
      let s = f(0) + f(b);
      for (let i = 1; i < n; i++) s += f(i * h) * (i % 2 === 1 ? 4 : 2);
      return (s * h) / 3;
    },
    1.3,
    0.8,
  ],
  "the secant method": [
    (c: number) => {
      const f = (x: number) => x * x * x - c;
      let [a, b] = [1, 2];
      for (let k = 0; k < 30 && Math.abs(b - a) > 1e-14; k++) {
        const slope = (f(b) - f(a)) / (b - a);
        [a, b] = [b, b - f(b) / slope];
      }
      return b * c;
    },
    5,
  ],
  "Newton's method with a break": [
    (c: number) => {
      let x = 1;
      let n = 0;
      do {
        const dx = (x * x * x - c) / (3 * x * x);
        x -= dx;
        n++;
        if (Math.abs(dx) < 1e-14) break;
      } while (n < 100);
      return x;
    },
    5,
  ],
  "a rotation by a quaternion": [
    (q: number[], v: number[]) => {
      const [w, x, y, z] = q;
      const n = Math.hypot(w, x, y, z);
      const [a, b, c, d] = [w / n, x / n, y / n, z / n];
      const [vx, vy, vz] = v;
      return [(1 - 2 * (c * c + d * d)) * vx + 2 * (b * c - a * d) * vy + 2 * (b * d + a * c) * vz, vy, vz];
    },
    [1, 0.2, 0.3, 0.1],
    [1, 2, 3],
  ],
  "a normal density": [
    (x: number[], mu: number[], S: number[][]) => {
      const det = S[0][0] * S[1][1] - S[0][1] * S[1][0];
      const d = x.map((v, i) => v - mu[i]);
      const inv = [
        [S[1][1] / det, -S[0][1] / det],
        [-S[1][0] / det, S[0][0] / det],
      ];
      let q = 0;
      for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) q += d[i] * inv[i][j] * d[j];
      return -0.5 * (q + Math.log(det) + 2 * Math.log(2 * Math.PI));
    },
    [1, 2],
    [0.5, 1],
    [
      [2, 0.3],
      [0.3, 1],
    ],
  ],
  "neighbours on a torus": [
    (g: number[][]) => {
      const n = g.length;
      const nx = g.map((row, i) =>
        row.map((c, j) => {
          let s = 0;
          for (let di = -1; di <= 1; di++)
            for (let dj = -1; dj <= 1; dj++) if (di || dj) s += g[(i + di + n) % n][(j + dj + n) % n];
          return c * Math.exp(-((s - 2.5) ** 2));
        }),
      );
      return nx.flat().reduce((a, b) => a + b, 0);
    },
    [
      [1, 0.2, 0.3],
      [0.5, 0.9, 0.1],
      [0.4, 0.6, 0.8],
    ],
  ],
  "a median": [
    (v: number[]) => {
      const s = v.slice().sort((a, b) => a - b);
      const m = s.length >> 1;
      return s.length % 2 ? s[m] : (s[m - 1] + s[m]) / 2;
    },
    [3, 1, 2, 5],
  ],
  "the largest by sorting": [
    (v: number[]) => {
      const k = 2;
      const s = [...v].sort((a, b) => b - a);
      let t = 0;
      for (let i = 0; i < k; i++) t += s[i];
      return t;
    },
    [3, 1, 2],
  ],
};
