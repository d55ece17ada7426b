/** TensorFlow.js, its WebAssembly backend: operations on whole arrays, in single precision. */
import { load, type Peer } from "./peer.ts";

async function start(): Promise<any> {
  const tf = await load("@tensorflow/tfjs");
  const { setThreadsCount } = await load("@tensorflow/tfjs-backend-wasm");
  setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}

/** `f` of tensors made of `inputs`; the tensors of each call are disposed of. */
function gradient(tf: any, inputs: unknown[], f: (...tensors: any[]) => any) {
  const tensors = inputs.map((x) => tf.tensor(x instanceof Float64Array ? [...x] : x));
  const differentiate = tf.grads(f);
  const numbers = () =>
    tf.tidy(() => differentiate(tensors).flatMap((g: any) => [...g.dataSync()])) as number[];
  return { run: numbers, numbers };
}

export const tfjs: Peer = {
  packages: { "@tensorflow/tfjs": "4.22.0", "@tensorflow/tfjs-backend-wasm": "4.22.0" },
  note: "wasm, float32",
  gradients: {
    async product(x: number[]) {
      const tf = await start();
      return gradient(tf, [x], (v) => tf.prod(v));
    },
    async Rosenbrock(x: number[]) {
      const tf = await start();
      const n = x.length - 1;
      return gradient(tf, [x], (v) => {
        const [head, tail] = [v.slice(0, n), v.slice(1, n)];
        const curved = tail.sub(head.square()).square().mul(100);
        return curved.add(tf.sub(1, head).square()).sum();
      });
    },
    async GMM(alphas: number[], means: number[][], factors: number[][], xs: number[][], { gamma, m }: any) {
      const tf = await start();
      const [k, d, n] = [alphas.length, means[0].length, xs.length];
      const data = tf.tensor2d(xs);
      // where an entry of a flattened d by d matrix stands in the list of the strictly lower triangle, by columns
      const place: number[][] = [];
      for (let j = 0, at = 0; j < d; j++) for (let i = j + 1; i < d; i++, at++) place.push([at, i * d + j]);
      const spread = tf.buffer([place.length, d * d]);
      for (const [at, to] of place) spread.set(1, at, to);
      const scatter = spread.toTensor();
      return gradient(tf, [alphas, means, factors], (a, mu, factor) => {
        const q = factor.slice([0, 0], [k, d]);
        const lower = factor.slice([0, d], [k, place.length]);
        const diagonal = q.exp();
        const matrices = tf.matMul(lower, scatter).reshape([k, d, d]);
        const centred = data.expandDims(0).sub(mu.expandDims(1));
        const scaled = tf.matMul(centred, matrices, false, true).add(centred.mul(diagonal.expandDims(1)));
        const logs = q.sum(1);
        const terms = a.add(logs).expandDims(1).sub(scaled.square().sum(2).mul(0.5));
        const squares = diagonal.square().sum().add(lower.square().sum());
        return tf
          .logSumExp(terms, 0)
          .sum()
          .sub(tf.logSumExp(a).mul(n))
          .add(squares.mul(0.5 * gamma * gamma))
          .sub(logs.sum().mul(m));
      });
    },
    async "logistic regression"(w: Float64Array, table: Float64Array, labels: number[], ridge: number) {
      const tf = await start();
      const x = tf.tensor2d([...table], [labels.length, w.length]);
      const y = tf.tensor1d(labels);
      return gradient(tf, [w], (v) => {
        const z = x.matMul(v.expandDims(1)).squeeze([1]);
        return tf
          .softplus(z)
          .sub(z.mul(y))
          .sum()
          .add(
            v
              .square()
              .sum()
              .mul(0.5 * ridge),
          );
      });
    },
    async network(layers: any[], samples: any[]) {
      const tf = await start();
      const x = tf.tensor2d(samples.map((s) => s.x));
      const target = tf.tensor2d(samples.map((s) => s.target));
      const inputs = layers.flatMap(({ weights, bias }) => [weights, bias]);
      return gradient(tf, inputs, (...parts) => {
        let h = x;
        for (let i = 0; i < parts.length; i += 2)
          h = tf
            .matMul(h, parts[i], false, true)
            .add(parts[i + 1])
            .tanh();
        return h.sub(target).square().sum();
      });
    },
  },
};
