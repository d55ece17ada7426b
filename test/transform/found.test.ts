/**
 * What random programs have found, each as small as it could be made: the default engine and the tape give the same.
 */
import assert from "node:assert/strict";
import { hessian, hvp } from "wengert";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

const k = 0.7;
const w = [0.3, -0.5, 0.9];

const replaced = {
  m: [[0.5, 2]],
  g: [
    { u: 1.5, w: [2] },
    { u: 2.5, w: [3] },
  ],
};

const entries: Record<string, [f: (...args: any[]) => unknown, ...args: unknown[]]> = {
  "what is still to be added reads an element before its store is undone": [
    (x: number[]) => {
      const a = x.map((v) => v * 1);
      let s = 0.1;
      for (let i = 0; i < x.length; i++) s += a[i] * Math.cos(a[0]);
      for (let i = 0; i < x.length; i++) s += s * Math.cos(s);
      for (let i = 0; i < x.length; i++) {
        a[0] = Math.sin(a[i]) * a[i];
        s += a[i] * Math.cos(s);
        s += 0.5 * Math.cos(a[(i + 1) % x.length]);
      }
      return s + x[0] * a[0] + a.reduce((p, v) => p + v * v, 0);
    },
    [0.84, 0.91, 0.14, -0.76, -0.96, -0.28, 0.66],
  ],
  "an element that is appended later, read before: the result is NaN": [
    (x: number[]) => {
      const p: number[] = [];
      let s = 0;
      for (let j = 0; j < x.length; j++) {
        s += p[0] * Math.cos(x[j]);
        p.push(Math.sin(x[j]));
      }
      return s;
    },
    [1, 2, 3, 0.4, 0.5],
  ],
  "the same by several loops": [
    (x: number[]) => {
      const p: number[] = [];
      let s = 0;
      for (let j = 0; j < x.length; j++) s += p[j] * Math.cos(x[j]);
      for (let j = 0; j < x.length; j++) {
        p.push(x[j]);
        p.push(x[j]);
      }
      return s + p[2] + p.reduce((a, b) => a + b, 0);
    },
    [1, 2, 3, 0.4, 0.5],
  ],
  "both sides of a branch give one value": [
    (ps: { x: number }[], x: number) => {
      ps[0].x = w.some((e) => e > k) ? x : x;
      return ps[0].x * x;
    },
    [{ x: 1 }],
    2,
  ],
  "a free variable met inside of a condition": [
    (r: { p: number }, x: number) => {
      r.p = k > x && w.some((e) => e > k) ? x - k : x * k;
      return r.p * x;
    },
    { p: 1 },
    0.2,
  ],
  "an old value is returned when memory holds the new one": [
    (r: { p: number }, m: number[][]) => m[0][0]++ * r.p++,
    { p: 2 },
    [[3]],
  ],
  "an old value is returned alone": [(m: number[][]) => m[0][0]++, [[3]]],
  "what is spread is written to afterwards": [
    (v: number[]) => {
      let s = 0;
      for (let i = 0; i < v.length; i++) {
        s += Math.hypot(...v) + Math.max(...v);
        v[i] = s * v[1];
      }
      return s;
    },
    [1, 2, 3],
  ],
  "a condition of a loop with effects": [
    (ps: { y: number }[], x: number) => {
      let s = x;
      for (let i = 0; i < 2; i++) {
        let n = 0;
        while (n < 3 && s < ps[(n + 1) % ps.length].y++) {
          s += x * ps[0].y;
          n++;
        }
      }
      return s;
    },
    [{ y: 2 }, { y: 3 }],
    0.5,
  ],
  "lists that a branch chooses in a loop": [
    (p: number, q: number[]) => {
      for (let n = 0; n < 3; n++)
        if (n % 2 === 1) {
          if (n % 3 === 1) q = w.map((e, j) => e + q[(n + j) % q.length] * k);
          q[n % q.length] = p++;
        }
      return [...q, p];
    },
    2,
    [1, 2],
  ],
  "what is stored came from elsewhere": [
    (c: number[], x: number) => {
      const s = w[0];
      c[0] = s;
      for (let i = 0; i < 3; i++) c[0] = c[0] * x + 1;
      return c[0];
    },
    [1, 2],
    1.5,
  ],
  "continue in a loop that is written out": [
    (x: number) => {
      const list = [x, x * x, 1];
      let s = 0;
      for (let n = 0; n < 2; n++)
        for (let i = 0; i < 3; i++) {
          list[i] = list[i] * k + s;
          s += list[i];
          if (s > 1) continue;
          s += x;
        }
      return s;
    },
    0.4,
  ],
  "a bound that moves in a loop that is written out": [
    (x: number) => {
      const list = [x, x * x, 1];
      let s = 0.3;
      for (let i = 0; i < Math.min(3, 1 + Math.abs(s)); i++) s += list[i % list.length] + 1;
      return s;
    },
    0.4,
  ],
  "fill with a constant from further out": [
    (x: number) => {
      let s = x;
      [x, 2, 3].forEach((e, j) => {
        if (e > 0) s += Math.hypot(...new Array(w.length).fill(j)) * e;
      });
      return s;
    },
    1.5,
  ],
  "the first argument may be written back, the second not": [
    (a: number[], c: number[][], x: number) => {
      [c[0][2], a[0]] = [a[0], x];
      return a[0] * c[0][2];
    },
    [1, 2],
    [[1, 2]],
    3,
  ],
  "an element of undefined is written to": [
    (v: number[], x: number) => {
      v[1] = w[5];
      return v[0] * x;
    },
    [1, 2],
    3,
  ],
  "an undefined result": [(v: number[]) => v[7], [1, 2]],
  "a tangent of a copy of a passive list": [
    (x: number) => {
      const l = w.slice();
      l[1] = x * x;
      return l[0] * l[1];
    },
    2,
  ],
  "elements returned on several paths": [
    (v: number[], x: number) => {
      if (x > 0) return v[0] * x;
      return v[1];
    },
    [1, 2],
    -3,
  ],
  "what is spread is written to by the next element": [
    (v: number[]) => {
      const w = [v[0], 2];
      return [v[0], ...v, v[1]++, ...v, ...w, w[1]++, ...w];
    },
    [1, 2],
  ],
  "a Float64Array spread, or made a list": [
    (a: Float64Array) => {
      const [, ...rest] = a;
      return [[...a], Array.from(a), rest, [...a.slice(1)]];
    },
    Float64Array.of(1, 2),
  ],
  "a small Float64Array spread, or made a list": [
    (x: number) => {
      const a = Float64Array.of(x, x * x);
      const [, ...rest] = a;
      return [[...a], Array.from(a), rest, a.slice(1)];
    },
    3,
  ],
  "filter of a Float64Array": [
    (a: Float64Array, x: number) => a.filter((e) => e > x),
    Float64Array.of(1, 2, 3),
    1.5,
  ],
  "concat of a Float64Array is no function": [(a: any) => a.concat([1]), Float64Array.of(1, 2)],
  "set beyond the end": [
    (a: Float64Array, x: number[]) => {
      a.set(x, 1);
      return a[0] + a[1];
    },
    Float64Array.of(1, 2),
    [1, 2],
  ],
  "two buffers that change places": [
    (u0: Float64Array, k: number) => {
      let u = u0.slice();
      let v = new Float64Array(u.length);
      for (let t = 0; t < 3; t++) {
        for (let i = 1; i < u.length - 1; i++) v[i] = u[i] + k * (u[i - 1] - 2 * u[i] + u[i + 1]);
        [u, v] = [v, u];
      }
      return u;
    },
    Float64Array.of(0, 1, 2, 1, 0.5),
    0.2,
  ],
  "three lists that change places": [
    (a: number[], n: number) => {
      let [u, v, w] = [a.map((x) => x * x), a.map((x) => x + 1), a.map((x) => 1 / x)];
      for (let t = 0; t < n; t++) {
        u[0] += v[1] * w[0];
        [u, v, w] = [w, u, v];
      }
      return [u[0] * v[1], w[0] + v[0]];
    },
    [2, 3],
    4,
  ],
  "the length of a list that goes from one loop to the next": [
    (m: number[][]) => {
      const sums = m.slice().map((row) => row.reduce((t, e) => t + e * m[0][0], 0));
      m[0][0] = sums[0];
      return m[0][0];
    },
    [
      [1, 2],
      [3, 4],
    ],
  ],
  "a list that is read once is returned, too": [
    (v: number[]) => {
      const [p, q] = v.concat(w);
      return { u: q * p, w: v };
    },
    [1, 2, 3],
  ],
  "a list that is read once is returned under another name": [
    (v: number[], x: number) => {
      const held = [[x, x], v];
      let s = 0;
      for (let i = 0; i < v.length; i++) s += v[i] * v.length;
      held[0][0] = s;
      return held;
    },
    [1, 2, 3],
    2,
  ],
  "a list that grows by its index while it is walked": [
    (x: number) => {
      const list = [x, x * 2];
      let s = 0;
      for (const e of list) {
        s += e * x;
        if (list.length < 5) list[list.length] = e * 0.5;
      }
      return s;
    },
    1.5,
  ],
  "a list that a helper makes longer under a counted loop": [
    (x: number) => {
      const list: number[] = [];
      const add = (e: number) => {
        if (list.length < 5) list[list.length] = e * x;
      };
      add(x);
      let s = 0;
      for (let i = 0; i < list.length; i++) {
        s += list[i];
        add(list[i] + 1);
      }
      return s;
    },
    0.5,
  ],
  "a list that is appended to by another name while it is walked": [
    (x: number) => {
      const list: number[] = [];
      const same = [list];
      const add = (e: number) => {
        if (same[0].length < 5) same[0].push(e * x);
      };
      add(x);
      let s = 0;
      for (const e of list) {
        s += e;
        add(e + 1);
      }
      return s;
    },
    0.5,
  ],
  "the length of a list that has grown since": [
    (p: number) => {
      const list = [p, p * p];
      const floats = Float64Array.from(list);
      for (let i = 0; i < 2; i++) list[2] = p;
      return floats.reduce((t) => t + p, 1) + list[2];
    },
    2,
  ],
  "a copy that grows by its index under a loop to its length": [
    (v: number[]) => {
      const list = v.slice();
      let s = list.length;
      for (let i = 0; i < list.length; i++) {
        s += list[0] ** 2;
        if (i < 4) list[i + 1] = s * 0.1;
      }
      return s * list.length;
    },
    [1.5, 2],
  ],
  "a filled list that grows by its index under a loop to its length": [
    (x: number, v: number[]) => {
      const list = new Array(v.length).fill(x);
      let s = list.length;
      for (let i = 0; i < list.length; i++) {
        s += list[0] ** 2;
        if (i < 4) list[i + 1] = s * 0.1;
      }
      return s * list.length;
    },
    1.5,
    [2, 3],
  ],
  "a function that calls itself and only overwrites": [
    (a: number[]) => {
      const list = a.map((x) => x * 2);
      const put = (k: number): number => {
        list[k] = 0.5;
        return k <= 0 ? 1 : put(k - 1);
      };
      put(a.length - 2);
      return list[0] * 3 + list[a.length - 1];
    },
    [1, 2, 3, 4, 5, 6, 7, 8],
  ],
  "null in a list is no zero": [
    (x: number) => {
      const list: (number | null)[] = new Array(20).fill(null);
      let s = 0;
      for (let i = 0; i < 20; i++) if (i % 3 === 0) list[i] = x * i;
      for (const e of list) s += e === null ? x : e * x;
      return s;
    },
    1.3,
  ],
  "null is appended to a list": [
    (x: number, v: number[]) => {
      const list: (number | null)[] = [];
      let s = 0;
      for (const e of v)
        if (e > 2) list.push(e * x);
        else list.push(null);
      for (const e of list) s += e ?? x * x;
      return s;
    },
    1.3,
    [1, 2, 3, 4, 5, 6, 7, 8],
  ],
  "null in a Float64Array is zero": [
    (x: number) => {
      const list = new Float64Array(20).fill(x);
      list[3] = null as unknown as number;
      list.fill(null as unknown as number, 15);
      return list.reduce((s, e) => s + e * x, 0);
    },
    1.3,
  ],
  "results are remembered in a list of null": [
    (x: number) => {
      const known: (number | null)[] = new Array(10).fill(null);
      const f = (k: number): number => {
        const found = known[k];
        if (found !== null) return found;
        const result = k < 2 ? x + k : f(k - 1) * x + f(k - 2);
        known[k] = result;
        return result;
      };
      return f(5);
    },
    1.3,
  ],
  ...Object.fromEntries(
    [5, 10, 20].map((n): [string, [f: (x: number, m: number) => number, x: number, m: number]] => [
      `results are remembered in a list of ${n} that are undefined`,
      [
        (x, m) => {
          const known: (number | undefined)[] = n === 5 ? new Array(5) : new Array(Math.round(m));
          const f = (k: number): number => {
            const found = known[k];
            if (found !== undefined) return found;
            const result = k < 2 ? x + k : f(k - 1) * x + f(k - 2);
            known[k] = result;
            return result;
          };
          return f(4);
        },
        1.3,
        n,
      ],
    ]),
  ),
  "undefined is asked for in a list that it is put into": [
    (x: number, n: number) => {
      const list: (number | undefined)[] = new Array(Math.round(n));
      let s = 0;
      for (let i = 0; i < list.length; i++) {
        if (i % 2) list[i] = x;
        if (list[i] === undefined) s += x * x;
        else s += list[i] as number;
      }
      return s;
    },
    1.3,
    7,
  ],
  "undefined stands among the elements that are gone over": [
    (x: number, n: number) => {
      const list: (number | undefined)[] = new Array(Math.round(n)).fill(x);
      list[3] = undefined;
      let s = 0;
      for (const e of list) s += e ?? x * x;
      for (let i = 0; i < list.length; i++) s += list[i] === undefined ? 2 * x : (list[i] as number);
      return s;
    },
    1.3,
    7,
  ],
  "the largest element by a loop": [
    (v: number[]) => {
      let best = v[0];
      for (let i = 1; i < v.length; i++) if (v[i] > best) best = v[i];
      return best;
    },
    [1, 4, 2],
  ],
  "a loop's condition with effects, and another one before it": [
    (b: number[]) => {
      const u = b.map(() => 0);
      const relax = () => {
        let m = 0;
        for (let i = 0; i < u.length; i++) {
          const v = 0.3 * (u[i - 1] ?? 0) + 0.3 * (u[i + 1] ?? 0) + b[i];
          m = Math.max(m, Math.abs(v - u[i]));
          u[i] = v;
        }
        return m;
      };
      let n = 0;
      while (n < 50 && relax() > 0.1) n++;
      return u.reduce((s, v) => s + v * v, 0);
    },
    [1, 2, 3],
  ],
  "a condition that is asked once, and fails": [
    (x: number[]) => {
      const y = x.slice();
      const h = () => {
        y[0] = Math.sin(x[1]);
        return y[1];
      };
      let n = 0;
      while (n < 4 && h() > 100) n++;
      return y[0] * y[1];
    },
    [0.3, 0.7],
  ],
  "a condition that appends": [
    (a: number) => {
      const y = [a];
      while (y.push(y[y.length - 1] * a) < 4);
      return y.reduce((s, v) => s + v, 0);
    },
    1.5,
  ],
  "a condition with effects in a loop that is left by a jump": [
    (b: number[]) => {
      const u = b.slice();
      const next = () => {
        u[0] = u[0] * u[1] + u[2];
        return u[0];
      };
      let n = 0;
      while (n < 50 && next() < 40) {
        n++;
        if (u[1] > 4) break;
        if (n % 2) continue;
        u[1] *= 1.5;
      }
      return u.reduce((s, v) => s + v * v, 0);
    },
    [1, 2, 3],
  ],
  "an element that is not there yet": [
    (xs: number[], w: number) => {
      const seen: number[] = [];
      let s = 0;
      for (const x of xs) {
        s += (x - (seen[0] ?? w)) ** 2;
        seen.push(x);
      }
      return s;
    },
    [1, 2, 4],
    3,
  ],
  "an element that is not there yet, in an inner loop": [
    (x: number, w: number) => {
      const y: number[] = [];
      let s = 0;
      for (let n = 0; n < 4; n++) {
        for (let k = 0; k < 3; k++) s += (y[2] ?? w) * k;
        y.push(x * n);
      }
      return s;
    },
    2,
    3,
  ],
  "an element that is not there yet, taken out": [
    (x: number, w: number) => {
      const y: number[] = [];
      let s = 0;
      for (let n = 0; n < 4; n++) {
        const [a, b = w] = y;
        s += b * x + (a ?? 0);
        y.push(x * n);
      }
      return s;
    },
    2,
    3,
  ],
  "an element that is not there yet, compared": [
    (x: number, w: number) => {
      const y: number[] = [];
      let s = 0;
      let last = 0;
      for (let n = 0; n < 4; n++) {
        s += y[2] > 0 ? x : w * n;
        s += Math.floor(y[1] * 2) > 0 ? x * x : w;
        s += last > 0 ? 3 * x : w * w;
        last = y[1];
        y.push(n + 1);
      }
      return s;
    },
    2,
    3,
  ],
  "a list in a record is replaced by another one": [
    ({ m, g: given }: { m: number[][]; g: { u: number; w: number[] }[] }) => {
      const g = given.map((q) => ({ u: q.u, w: [...q.w] }));
      g[1].w = m[0];
      return g.reduce((a, q) => a + q.u * q.w[0], 0);
    },
    replaced,
  ],
  "records that nobody reads get lists that somebody reads": [
    (g: { u: number; w: number[] }[]) => {
      const p = g[1];
      const h = g.map((r) => ({ u: r.u, w: r.w }));
      let n = 0;
      while (n < 4 && h[0].u > 5) {
        if (h.length < 5) h.push(p);
        n++;
      }
      p.w[0] = Math.sin(p.w[0]);
      return g.reduce((a, q) => a + q.u * q.w[0], 0);
    },
    replaced.g,
  ],
  "a list of records that nobody reads, of parts that somebody reads": [
    ({ x, g: given }: { x: number[]; g: { u: number; w: number[] }[] }) => {
      const g = given.map((q) => ({ u: q.u, w: [...q.w] }));
      const h = [g[0], g[1]];
      h[1] = { ...g[0], u: x[0] };
      for (let i = 0; i < 3; i++) if (h.length < 5) h.push({ u: i, w: g[1].w });
      return g.reduce((a, q) => a + q.u * q.w[0], 0);
    },
    { x: [1.5, 2, 3], g: replaced.g },
  ],
  "appended to, then written to at its end": [
    (x: number[]) => {
      const y: number[] = [];
      for (const e of x) y.push(e * e);
      y[y.length] = 5;
      return y[0] + y[1];
    },
    [1, 2],
  ],
  "appended to once, then filled by index": [
    (x: number[]) => {
      const y: number[] = [];
      y.push(x[0] * x[1]);
      for (let i = 1; i < x.length; i++) y[i] = y[i - 1] * x[i];
      let s = 0;
      for (const q of y) s += q * q;
      return s;
    },
    [1, 2, 3, 4],
  ],
  "appended to in two ways": [
    (x: number[]) => {
      const y: number[] = [];
      for (let i = 0; i < x.length; i++) {
        if (i % 2) y[y.length] = x[i] * 2;
        else y.push(x[i] * x[i]);
      }
      let s = 0;
      for (const q of y) s += q * q;
      return s;
    },
    [1, 2, 3, 4],
  ],
  "a list that is spread, and lengthened": [
    (m: number[][]) => {
      const l = [...m[0], 0.35];
      const s = -(l[2] ** 3) * m[1][0];
      l[3] *= 0.5;
      return s * m[0][1];
    },
    [
      [1.4, 1.8],
      [-1.3, 0.1],
    ],
  ],
  "elements written to behind the end leave holes": [
    (x: number[]) => {
      const y = x.slice();
      y[x.length + 2] = 7;
      let s = 0;
      y.forEach((q, i) => {
        s += q > 0.1 ? q * q : i;
      });
      s += y.filter((q) => !(q > 1)).length * x[0] + (y.some((q) => !(q > 0)) ? x[1] : 0);
      return s + y.reduce((p, q) => p + (q > 0 ? q : 2), 0);
    },
    [1, 2],
  ],
  "a list filled from its end": [
    (x: number[]) => {
      const y: number[] = [];
      for (let i = x.length; i >= 1; i--) y[i] = x[i - 1];
      let c = 0;
      y.forEach((q) => {
        c += q > 0 ? q : 1;
      });
      return c * x[0];
    },
    [1, 2],
  ],
  "records in a list with holes": [
    (x: number[]) => {
      const h = [{ u: x[0], v: x[1] }];
      h[x.length + 1] = { u: x[0] * 2, v: 1 };
      let s = 0;
      for (let i = 0; i < h.length; i++) s += h[i].v > 0.1 ? h[i].u : 1;
      return s;
    },
    [2, 3],
  ],
  "an argument read once, beyond both of its ends": [
    (x: number[]) => {
      let p = 1;
      for (let i = -1; i < 4; i++) {
        const v = x[i];
        p = v > 0 ? p * v : p;
      }
      return p;
    },
    [1.5, 2],
  ],
  "several elements are appended at once": [
    (x: number[], m: number[][]) => {
      const y = [1];
      for (let i = 0; i < 3; i++) y.push(...x.map((v) => v * i), x[0]);
      y.push(...y);
      const all = y.concat(...m, [x[1]]);
      return all.reduce((s, v, k) => s + v * v * k, 0) * y.push(2, ...m[1]);
    },
    [2, 3, 4, 5, 6, 7, 8],
    [
      [2, 3],
      [4, 5],
    ],
  ],
};

describe("what random programs have found", () => {
  for (const [name, [f, ...args]] of Object.entries(entries)) it(name, () => same(f, args));

  it("second derivatives of a result that is missing are an error, of one that is there are not", () => {
    const missing: ((x: number[]) => any)[] = [
      (x) => {
        if (x[0] > 1) return x[0] * x[1];
      },
      (x) => (x[0] > 1 ? x[0] * x[1] : w[5]),
      (x) => {
        let b: unknown;
        for (const v of x) if (v > 1) b = v * x[1];
        return b;
      },
    ];
    for (const f of missing) {
      assert.throws(() => hessian(f)([0.3, 0.2]), /the result is undefined/);
      assert.throws(() => hvp(f)([0.3, 0.2], [1, 1]), /the result is undefined/);
      assert.deepEqual(hessian(f)([1.3, 0.2]), hessian(f, { engine: "tape" })([1.3, 0.2]));
    }
  });

  it("second derivatives where the reverse sweep alone makes a list of lists of adjoints", () => {
    const f = (y: number): number => {
      let s = y;
      const g = [
        [0.5, 1],
        [s, 2],
      ];
      for (let t = 0; t < 2; t++) {
        const l = [1.5, -0.2].filter((e) => e > 0.75);
        for (let k = 0; k < l.length; k++) [g[k][0], s] = [s, g[k][0]];
        s += Math.tanh(y);
      }
      return s;
    };
    agree(hvp(f)(-0.97, 1), hvp(f, { engine: "tape" })(-0.97, 1), "hvp");
  });

  it("second derivatives of a list in a record that is replaced", () => {
    const [f] = entries["a list in a record is replaced by another one"] as [(x: typeof replaced) => number];
    const by = (engine: "auto" | "tape") => hvp(f, { engine })(replaced, replaced);
    agree(by("auto"), by("tape"), "hvp");
  });

  it("second derivatives of what a branch computes for a loop in it", () => {
    const f = (a: number[]): number => {
      let s = 0.75;
      if (a[2] <= 100) for (let i = 1; i < 2; i++) s += Math.log(a[1] * a[1]) * a[i];
      return s;
    };
    const x = [0.9, -0.4, 0.7];
    agree(hvp(f)(x, [1, 2, 3]), hvp(f, { engine: "tape" })(x, [1, 2, 3]), "hvp");
  });
});
