/** jax-js on its WebAssembly device: traced operations on whole arrays, compiled by `jit`, in double precision. */
import { load, type Peer } from "./peer.ts";

async function start(): Promise<any> {
  // it asks data for this class, which Node has from version 24
  const world = globalThis as { Float16Array?: unknown };
  world.Float16Array ??= class {};
  const jax = await load("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return jax;
}

/** The compiled gradient of `f`; an array is used up by each use, so `ref` keeps it for another. */
function gradient({ numpy: np, grad, jit }: any, inputs: unknown[], f: (...arrays: any[]) => any) {
  const arrays = inputs.map((x) => np.array(x instanceof Float64Array ? [...x] : x, { dtype: np.float64 }));
  const differentiate = jit(grad(f, { argnums: inputs.map((_, k) => k) }));
  const numbers = () =>
    differentiate(...arrays.map((a) => a.ref)).flatMap((g: any) => [...g.dataSync()]) as number[];
  return { run: numbers, numbers };
}

export const jaxJs: Peer = {
  packages: { "@jax-js/jax": "0.1.25" },
  note: "wasm, float64, jit",
  gradients: {
    async product(x: number[]) {
      const jax = await start();
      return gradient(jax, [x], (v) => jax.numpy.prod(v));
    },
    async Rosenbrock(x: number[]) {
      const jax = await start();
      const np = jax.numpy;
      const n = x.length - 1;
      return gradient(jax, [x], (v) => {
        const head = v.ref.slice([0, n]);
        const tail = v.slice([1, n + 1]);
        const curved = np.square(tail.sub(np.square(head.ref))).mul(100);
        return np.sum(curved.add(np.square(head.mul(-1).add(1))));
      });
    },
    async GMM(alphas: number[], means: number[][], factors: number[][], xs: number[][], { gamma, m }: any) {
      const jax = await start();
      const np = jax.numpy;
      const [k, d, n] = [alphas.length, means[0].length, xs.length];
      const width = (d * (d - 1)) / 2;
      const double = { dtype: np.float64 };
      const data = np.array(xs, double);
      const rows: number[][] = [];
      for (let j = 0; j < d; j++)
        for (let i = j + 1; i < d; i++)
          rows.push(Array.from({ length: d * d }, (_, at) => (at === i * d + j ? 1 : 0)));
      const scatter = np.array(rows, double);
      return gradient(jax, [alphas, means, factors], (a, mu, factor) => {
        const q = factor.ref.slice([], [0, d]);
        const lower = factor.slice([], [d, d + width]);
        const diagonal = np.exp(q.ref);
        const matrices = np.matmul(lower.ref, scatter.ref).reshape([k, d, d]);
        const centred = data.ref.reshape([1, n, d]).sub(mu.reshape([k, 1, d]));
        const scaled = np
          .matmul(centred.ref, np.matrixTranspose(matrices))
          .add(centred.mul(diagonal.ref.reshape([k, 1, d])));
        const logs = np.sum(q, 1);
        const terms = a.ref
          .add(logs.ref)
          .reshape([k, 1])
          .sub(np.sum(np.square(scaled), 2).mul(0.5));
        const squares = np.sum(np.square(diagonal)).add(np.sum(np.square(lower)));
        return np
          .sum(jax.nn.logsumexp(terms, 0))
          .sub(jax.nn.logsumexp(a).mul(n))
          .add(squares.mul(0.5 * gamma * gamma))
          .sub(np.sum(logs).mul(m));
      });
    },
    async "logistic regression"(w: Float64Array, table: Float64Array, labels: number[], ridge: number) {
      const jax = await start();
      const np = jax.numpy;
      const double = { dtype: np.float64 };
      const x = np.array([...table], double).reshape([labels.length, w.length]);
      const y = np.array(labels, double);
      return gradient(jax, [w], (v) => {
        const z = np.dot(x.ref, v.ref);
        const softplus = np.maximum(z.ref, 0).add(np.log1p(np.exp(np.abs(z.ref).mul(-1))));
        return np.sum(softplus.sub(z.mul(y.ref))).add(np.sum(np.square(v)).mul(0.5 * ridge));
      });
    },
    async network(layers: any[], samples: any[]) {
      const jax = await start();
      const np = jax.numpy;
      const double = { dtype: np.float64 };
      const x = np.array(
        samples.map((s) => s.x),
        double,
      );
      const target = np.array(
        samples.map((s) => s.target),
        double,
      );
      const inputs = layers.flatMap(({ weights, bias }) => [weights, bias]);
      return gradient(jax, inputs, (...parts) => {
        let h = x.ref;
        for (let i = 0; i < parts.length; i += 2)
          h = np.tanh(np.matmul(h, np.matrixTranspose(parts[i])).add(parts[i + 1]));
        return np.sum(np.square(h.sub(target.ref)));
      });
    },
  },
};
