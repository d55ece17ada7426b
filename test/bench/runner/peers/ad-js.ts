/** ad.js: operators replaced by calls on boxed numbers (its macros write these calls), a tape in reverse. */
import { load, type Peer } from "./peer.ts";

async function gradient(x: number[], f: (ad: any, v: any[]) => any) {
  const ad = (await load("ad.js")).default({ mode: "r", noHigher: true });
  const differentiate = ad.gradientR((v: any[]) => f(ad, v));
  const run = () => differentiate(x) as number[];
  return { run, numbers: run };
}

export const adJs: Peer = {
  packages: { "ad.js": "1.4.1" },
  note: "boxed numbers, float64",
  gradients: {
    product: (x: number[]) =>
      gradient(x, (ad, v) => {
        let p = 1;
        for (let i = 0; i < v.length; i++) p = ad.mul(p, v[i]);
        return p;
      }),
    Rosenbrock: (x: number[]) =>
      gradient(x, (ad, v) => {
        let sum = 0;
        for (let i = 0; i < v.length - 1; i++) {
          const curved = ad.sub(v[i + 1], ad.mul(v[i], v[i]));
          const rest = ad.sub(1, v[i]);
          sum = ad.add(sum, ad.add(ad.mul(100, ad.mul(curved, curved)), ad.mul(rest, rest)));
        }
        return sum;
      }),
  },
};
