/**
 * Random loops and nests: one after the other over the same lists, sums of columns, lists that grow and lists that each
 * iteration makes anew. What becomes of them (jamming.ts, interchange.ts, sizes.ts, scratch.ts, sums.ts) has the tape's
 * gradient, also where elements are read before, behind and beside the counter.
 */
import vm from "node:vm";
import fc from "fast-check";
import { prepareSource } from "#lib/prepare.js";
import { same } from "../transform/same.ts";

const list = (n: number, shift = 0): number[] => Array.from({ length: n }, (_, k) => Math.sin(1 + k + shift));
const runs = (usual: number) => ({
  numRuns: Number(process.env.WENGERT_PROGRAMS ?? usual),
  seed: Number(process.env.WENGERT_SEED ?? 7),
});
function check(source: string, args: () => unknown[]): void {
  const { code } = prepareSource(source, { file: "loops.js", kind: "commonjs" });
  same(vm.compileFunction(code, [], { filename: "loops.js" })(), args, ["grad"]);
}

// ---- loops one after the other ----

const rows = (() => {
  const name = fc.constantFrom("a", "b", "c", "x");
  const at = fc.constantFrom("i", "i", "i", "(i + 1) % n", "n - 1 - i", "0");
  const term = fc.oneof(
    fc.tuple(name, at).map(([l, i]) => `${l}[${i}]`),
    fc.constantFrom("s", "t", "0.5"),
  );
  const statement = fc.oneof(
    fc
      .tuple(name, at, fc.constantFrom("=", "+="), term, term)
      .map(([l, i, op, p, q]) => `${l}[${i}] ${op} Math.sin(${p}) * ${q};`),
    fc.tuple(fc.constantFrom("s", "t"), term, term).map(([s, p, q]) => `${s} += ${p} * Math.cos(${q});`),
  );
  const loop = fc
    .array(statement, { minLength: 1, maxLength: 3 })
    .map((lines) => `for (let i = 0; i < n; i++) { ${lines.join(" ")} }`);
  const alone = statement.map((line) => `{ const i = 2; ${line} }`);
  return fc
    .tuple(fc.array(fc.oneof(loop, loop, loop, alone), { minLength: 2, maxLength: 5 }), fc.boolean())
    .map(
      ([parts, floats]) => `return function f(x) {
  const n = x.length;
  const [a, b, c] = [1, 2, 3].map((k) => ${floats ? "Float64Array.from(x, (v) => v * k)" : "x.map((v) => v * k)"});
  let s = 0.1;
  let t = x[0];
  ${parts.join("\n  ")}
  return s + t * a[0] + b[1] * c[2] + x[n - 1] + a.reduce((p, v) => p + v * v, 0);
};`,
    );
})();

// ---- nests, matrices, lists that grow, and lists for an iteration ----

const nests = (() => {
  const at = fc.constantFrom("i", "i", "j", "(i + 1) % n", "n - 1 - i", "0", "(i + j) % n");
  const vector = fc.constantFrom("a", "b", "x", "d", "e", "p", "z");
  const matrix = fc.constantFrom("m", "w");
  const term = fc.oneof(
    fc.tuple(vector, at).map(([l, i]) => `${l}[${i}]`),
    fc.tuple(matrix, at, at).map(([l, i, j]) => `${l}[${i}][${j}]`),
    fc.constantFrom("s", "t", "q", "0.5"),
  );
  const simple = fc.oneof(
    fc
      .tuple(fc.constantFrom("a", "b", "d", "e"), at, fc.constantFrom("=", "+="), term, term)
      .map(([l, i, op, p, q]) => `${l}[${i}] ${op} Math.sin(${p}) * ${q};`),
    fc
      .tuple(fc.constantFrom("s", "t", "q"), fc.constantFrom("+=", "+=", "="), term, term)
      .map(([s, op, p, q]) => `${s} ${op} ${p} * Math.cos(${q});`),
    fc
      .tuple(matrix, at, at, term, term)
      .map(([l, i, j, p, q]) => `${l}[${i}][${j}] = Math.sin(${p}) + ${q};`),
    fc.tuple(term, term).map(([p, q]) => `p.push(Math.sin(${p}) * ${q});`),
    term.map((p) => `z.push(${p} * 0.7);`),
  );
  const column = fc
    .tuple(fc.constantFrom("q", "s", "r"), matrix, term, fc.boolean())
    .map(
      ([s, m, p, byColumns]) =>
        `${s === "r" ? "let r = 0.25;" : `${s} = 0;`} for (let k = 0; k < n; k++) ${s} += ${m}${byColumns ? "[k][i]" : "[i][k]"} * ${p.replaceAll("j", "k")};${s === "r" ? " a[i] = r * q;" : ""}`,
    );
  const fresh = fc.constantFrom(
    "d = x.map((v) => v * s);",
    "e = d.map((v, k) => v * x[k] + q);",
    "const u = x.map((v) => v * q); s += u.reduce((y, v) => y + v * v);",
    "const u = x.map((v) => Math.exp(v - x[i])); const g = u.reduce((y, v) => y + v); q += u.reduce((y, v, k) => y + (v / g) * x[k], 0);",
    "const u = m[0].map((_, c) => x.reduce((y, v, k) => y + v * m[k][c], 0)); t += u.reduce((y, v, k) => y + v * v * k, 0);",
    "const u = new Array(n).fill(0); for (let k = 0; k < n; k++) u[k] = x[k] * t; for (let k = 1; k < n; k++) q += u[k - 1] * u[k];",
  );
  const inner = fc
    .array(simple, { minLength: 1, maxLength: 2 })
    .map((lines) => `for (let j = 0; j < n; j++) { ${lines.join(" ")} }`);
  const line = fc.oneof(simple, simple, column, fresh, inner).map((text) => `{ ${text} }`);
  const lines = fc.array(line, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(" "));
  const part = fc.oneof(
    lines.map((text) => `for (let i = 0; i < n; i++) { const j = 2; ${text} }`),
    lines.map((text) => `for (let i = 0; i < n; i++) { const j = 2; ${text} }`),
    lines.map((text) => `{ const [i, j] = [1, 2]; ${text} }`),
  );
  return fc.tuple(fc.array(part, { minLength: 2, maxLength: 4 }), fc.boolean(), fc.boolean()).map(
    ([parts, own, empty]) => `return function f(x, start) {
  const n = x.length;
  const m = start.map((r) => r.map((v) => v * ${own ? "x[0]" : "1"}));
  const w = start.map((r, k) => r.map((v) => v + x[k]));
  let [a, b, d, e] = [1, 2, 3, 4].map((k) => x.map((v) => v * k));
  const p = ${empty ? "[]" : "[x[0], x[1], x[2], x[3], x[4], 0.1]"};
  const z = [x[1], 0.2, x[2], 1, 1, 1, 1];
  let s = 0.1, t = x[0], q = 0.3;
  ${parts.join("\n  ")}
  const total = (list) => list.reduce((y, v) => y + v, 0);
  return s + t * a[0] + q * b[1] + d[1] * e[2] + x[n - 1] + a.reduce((y, v) => y + v * v, 0) + m[1][2] * w[2][1] +
    0.3 * total(p) + z[z.length - 1] * p.length + total(w[n - 1]);
};`,
  );
})();

describe("random loops", () => {
  it("one after the other", () => {
    fc.assert(
      fc.property(rows, (source) => check(source, () => [list(7)])),
      runs(150),
    );
  });
  it("nests, matrices, lists that grow, and lists for an iteration", () => {
    const args = () => [list(5), [0, 1, 2, 3, 4].map((k) => list(5, 3 * k))];
    fc.assert(
      fc.property(nests, (source) => check(source, args)),
      runs(150),
    );
  });
});
