/** Rose (ECOOP 2024): a language inside JavaScript, traced and compiled to WebAssembly, in double precision. */
import { load, type Peer } from "./peer.ts";

async function gradient(
  n: number,
  x: number[],
  f: (rose: any, v: any) => any,
): Promise<{ run: () => any; numbers: () => number[] }> {
  const rose = await load("rose");
  const { Real, Vec, compile, fn, vjp } = rose;
  const list = Vec(n, Real);
  const value = fn([list], Real, (v: any) => f(rose, v));
  const differentiate = await compile(fn([list], list, (v: any) => vjp(value)(v).grad(1)));
  const run = () => differentiate(x);
  return { run, numbers: () => Array.from({ length: n }, (_, k) => run()[k]) };
}

export const rose: Peer = {
  packages: { rose: "0.4.10" },
  note: "wasm, float64; loops unrolled",
  gradients: {
    product: (x: number[]) =>
      gradient(x.length, x, ({ mul }, v) => {
        let p = v[0];
        for (let i = 1; i < x.length; i++) p = mul(p, v[i]);
        return p;
      }),
    Rosenbrock: (x: number[]) =>
      gradient(x.length, x, ({ add, mul, sub }, v) => {
        let sum: any = 0;
        for (let i = 0; i < x.length - 1; i++) {
          const curved = sub(v[i + 1], mul(v[i], v[i]));
          const rest = sub(1, v[i]);
          sum = add(sum, add(mul(100, mul(curved, curved)), mul(rest, rest)));
        }
        return sum;
      }),
  },
};
