/**
 * Functions that write over what they have read: the reverse sweep sets memory back (restoring.ts), and the default
 * engine and the tape give the same.
 */
import assert from "node:assert/strict";
import { hvp, jacobian } from "wengert";
import { plainFunctionOf } from "#lib/source/sites.js";
import { Program, programFor } from "#lib/transform/program.js";
import { agree } from "./agree.ts";
import { same } from "./same.ts";

type F = (...args: any[]) => any;
const list = (n: number, shift = 0): number[] =>
  Array.from({ length: n }, (_, k) => Math.sin(1 + k + shift) + 0.1);
const matrix = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? n + 1 : 1 / (1 + Math.abs(i - j)))),
  );
/** Reads the whole list. */
const squares = (a: number[], i: number): number => {
  let s = 0;
  for (let j = 0; j < a.length; j++) s += a[j] * a[j] * a[i];
  return s;
};

/** Those of which a program stores what is overwritten. */
const restored: Record<string, [f: F, ...args: unknown[]]> = {
  "Gauss-Seidel": [
    (a: number[][], b: number[], sweeps: number) => {
      const n = b.length;
      const x = new Float64Array(n);
      for (let s = 0; s < sweeps; s++)
        for (let i = 0; i < n; i++) {
          let r = b[i];
          for (let j = 0; j < n; j++) if (j !== i) r -= a[i][j] * x[j];
          x[i] = r / a[i][i];
        }
      let e = 0;
      for (let i = 0; i < n; i++) e += x[i] * x[i];
      return e;
    },
    matrix(7),
    list(7),
    4,
  ],
  "Cholesky in place": [
    (a: number[][]) => {
      const l = a.map((row) => row.slice());
      let determinant = 0;
      for (let i = 0; i < l.length; i++)
        for (let j = 0; j <= i; j++) {
          let s = l[i][j];
          for (let k = 0; k < j; k++) s -= l[i][k] * l[j][k];
          l[i][j] = i === j ? Math.sqrt(s) : s / l[j][j];
          if (i === j) determinant += Math.log(l[i][i]);
        }
      return determinant;
    },
    matrix(6),
  ],
  "neighbours, in place": [
    (u: number[], k: number, steps: number) => {
      const a = u.slice();
      for (let t = 0; t < steps; t++)
        for (let i = 1; i < a.length - 1; i++) a[i] += k * a[i - 1] * a[i + 1] - Math.sin(a[i]);
      return a[2] * a[3];
    },
    list(8),
    0.1,
    4,
  ],
  "members of records": [
    (u: number[], steps: number) => {
      const bodies = u.map((x) => ({ x, v: 0.1 * x }));
      for (let t = 0; t < steps; t++) {
        for (const p of bodies) for (const q of bodies) p.v += 0.01 * (q.x - p.x) ** 3 * q.x;
        for (const p of bodies) p.x += 0.1 * p.v;
      }
      return bodies.reduce((s, { x, v }) => s + x * v, 0);
    },
    list(7),
    3,
  ],
};

/** Those where something is in the way of it, or only seems so. */
const others: Record<string, [f: F, ...args: unknown[]]> = {
  "two names of one list": [
    (u: number[], steps: number) => {
      let a = u.slice();
      let b = u.map((x) => 2 * x);
      for (let t = 0; t < steps; t++) {
        for (let i = 0; i < a.length; i++)
          for (let j = 0; j < a.length; j++) b[i] += 0.01 * a[i] * a[j] * b[j];
        if (t % 2 === 0) [a, b] = [b, a];
      }
      return a[0] * b[1] + a[3];
    },
    list(7),
    3,
  ],
  "a branch writes, another reads": [
    (u: number[], steps: number) => {
      const a = u.slice();
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < a.length; i++) {
          if (a[i] > 0.2) {
            a[i] = 0.1 * squares(a, i);
          } else for (let j = i; j < a.length; j++) a[i] += 0.1 * a[j] * a[j] * a[i];
        }
      return a.reduce((s, x) => s + x * x, 0);
    },
    list(8),
    3,
  ],
  "read before and after the write, in one iteration": [
    (u: number[], steps: number) => {
      const a = u.slice();
      let s = 0;
      for (let t = 0; t < steps; t++)
        for (let i = 1; i < a.length; i++) {
          const before = a[i] * a[i - 1];
          for (let j = 0; j < 3; j++) s += a[j] * a[i] * before;
          a[i] = Math.sin(s) * a[i];
          for (let j = 0; j < 3; j++) s += a[j] * a[i] * a[i] * before;
        }
      return s;
    },
    list(7),
    2,
  ],
  "written to twice in one iteration": [
    (u: number[], steps: number) => {
      const a = u.slice();
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < a.length; i++) {
          let s = 0;
          for (let j = 0; j < a.length; j++) s += a[j] * a[j];
          a[i] = s * 0.1;
          a[(i + 1) % a.length] *= s;
        }
      return a[0] * a[1];
    },
    list(7),
    2,
  ],
  "the place comes from the list": [
    (u: number[], steps: number) => {
      const a = u.slice();
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < a.length; i++) {
          const s = squares(a, i);
          a[Math.floor(Math.abs(a[i] * 5)) % a.length] = 0.1 * s;
        }
      return a[0] * a[1] + a[4];
    },
    list(7),
    2,
  ],
  "a loop that is left": [
    (u: number[], steps: number) => {
      const a = u.slice();
      for (let t = 0; t < steps; t++) {
        let i = 0;
        while (i < a.length) {
          const s = squares(a, i);
          a[i] = 0.1 * s;
          if (s > 1.5) break;
          i++;
        }
      }
      return a.reduce((s, x) => s + x * x, 0);
    },
    list(7),
    3,
  ],
  "the argument itself": [
    (a: number[], steps: number) => {
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < a.length; i++) {
          a[i] = 0.1 * squares(a, i);
        }
      return a[0] * a[1];
    },
    list(7),
    2,
  ],
  "a list that is returned": [
    (u: number[], steps: number) => {
      const a = u.slice();
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < a.length; i++) {
          a[i] = 0.1 * squares(a, i);
        }
      return a;
    },
    list(7),
    2,
  ],
  "a list of each iteration": [
    (u: number[], steps: number) => {
      let total = 0;
      for (let t = 0; t < steps; t++) {
        const a = u.map((x) => x + total);
        for (let i = 0; i < a.length; i++) {
          a[i] = 0.1 * squares(a, i);
        }
        total += a[3] * a[1];
      }
      return total;
    },
    list(7),
    3,
  ],
  "a list that becomes longer": [
    (u: number[], steps: number) => {
      const a = [u[0], u[1]];
      for (let t = 0; t < steps; t++) {
        a.push(a[t] * u[t]);
        for (let i = 0; i < a.length; i++) {
          a[i] = 0.1 * squares(a, i);
        }
      }
      return a.reduce((s, x) => s + x, 0) * a.length;
    },
    list(7),
    4,
  ],
  "a value that the list keeps": [
    (u: number[], steps: number) => {
      const a = u.slice();
      let s = 0;
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < a.length; i++) {
          a[i] = Math.exp(a[i] - 1);
          for (let j = 0; j <= i; j++) s += a[j] * a[i];
        }
      return s;
    },
    list(7),
    2,
  ],
};

const programOf = (f: F, args: unknown[]): Program => {
  const positions = args.flatMap((arg, k) => (typeof arg === "object" ? [k] : []));
  const program = programFor(plainFunctionOf(f)!, args, { mode: "gradient", positions });
  assert.ok(program instanceof Program, String(program));
  return program;
};

/** In how many loops a line is, by how far it and those before it are indented. */
function loopsAround(lines: readonly string[], at: number): number {
  const indentation = (line: string) => line.search(/\S|$/);
  let [loops, least] = [0, indentation(lines[at])];
  for (let k = at - 1; k >= 0; k--) {
    if (indentation(lines[k]) >= least || lines[k] === "") continue;
    least = indentation(lines[k]);
    if (/^ *(for|while) /.test(lines[k])) loops++;
  }
  return loops;
}

describe("memory that the reverse sweep sets back", () => {
  for (const [name, [f, ...args]] of Object.entries({ ...restored, ...others })) {
    it(name, () => same(f, args));
    it(`${name}: the Jacobian by rows`, () => {
      const by = (engine: "auto" | "tape") =>
        jacobian(f, { engine, mode: "reverse", wrt: 0 })(...(structuredClone(args) as never[]));
      agree(by("auto"), by("tape"), name);
    });
  }
  it("second derivatives", () => {
    const [f, u, ...rest] = others["written to twice in one iteration"] as [F, number[], number];
    const g = (x: number[]) => f(x, ...rest);
    const v = list(u.length, 5);
    agree(hvp(g)(u, v), hvp(g, { engine: "tape" })(u, v), "hvp");
  });
  for (const [name, [f, ...args]] of Object.entries(restored))
    it(`${name}: nothing is stored in the loop that reads`, () => {
      const { source } = programOf(f, args).text;
      assert.match(source, /^ +(\w+)(\[\w+\]|\.\w+) = (\w+);$/m);
      const lines = source.split("\n");
      const innermost = lines.filter((line, k) => /^ +tape\[top\] =/.test(line) && loopsAround(lines, k) > 2);
      assert.deepEqual(innermost, []);
    });
});
