/** Networks on nested arrays, by array methods and small functions that return arrays. */
import { list, matrix, normal, objective, workspace, zerosLike } from "./objective.ts";

interface Layer {
  weights: number[][];
  bias: number[];
}
interface Sample {
  x: number[];
  target: number[];
}

function predict(layers: Layer[], x: number[]): number[] {
  return layers.reduce(
    (h, { weights, bias }) =>
      weights.map((row, i) => Math.tanh(row.reduce((sum, w, j) => sum + w * h[j], bias[i]))),
    x,
  );
}

/** Squared error of a network of tanh layers. */
function network(layers: Layer[], samples: Sample[]): number {
  return samples.reduce((loss, { x, target }) => {
    const y = predict(layers, x);
    return loss + y.reduce((sum, v, i) => sum + (v - target[i]) ** 2, 0);
  }, 0);
}

const [valueWork, barWork] = [workspace(), workspace()];

function networkByHand(layers: Layer[], samples: Sample[]): Layer[] {
  const depth = layers.length;
  const bars: Layer[] = [];
  let size = samples[0].x.length;
  for (let k = 0; k < depth; k++) {
    const { weights, bias } = layers[k];
    const rows: number[][] = [];
    for (let i = 0; i < weights.length; i++) rows.push(zerosLike(weights[i]));
    bars.push({ weights: rows, bias: zerosLike(bias) });
    size += bias.length;
  }
  const values = valueWork(size);
  const valueBars = barWork(size);
  for (let n = 0; n < samples.length; n++) {
    const { x, target } = samples[n];
    for (let j = 0; j < x.length; j++) values[j] = x[j];
    let from = 0;
    let width = x.length;
    for (let k = 0; k < depth; k++) {
      const { weights, bias } = layers[k];
      const to = from + width;
      for (let i = 0; i < bias.length; i++) {
        const row = weights[i];
        let sum = bias[i];
        for (let j = 0; j < width; j++) sum += row[j] * values[from + j];
        values[to + i] = Math.tanh(sum);
      }
      from = to;
      width = bias.length;
    }
    valueBars.fill(0, 0, from);
    for (let i = 0; i < width; i++) valueBars[from + i] = 2 * (values[from + i] - target[i]);
    for (let k = depth - 1; k >= 0; k--) {
      const { weights } = layers[k];
      const { weights: weightsBar, bias: biasBar } = bars[k];
      const before = weights[0].length;
      const to = from;
      from -= before;
      for (let i = 0; i < weights.length; i++) {
        const y = values[to + i];
        const bar = valueBars[to + i] * (1 - y * y);
        biasBar[i] += bar;
        const rowBar = weightsBar[i];
        const row = weights[i];
        if (k === 0) {
          for (let j = 0; j < before; j++) rowBar[j] += bar * values[j];
          continue;
        }
        for (let j = 0; j < before; j++) {
          rowBar[j] += bar * values[from + j];
          valueBars[from + j] += bar * row[j];
        }
      }
    }
  }
  return bars;
}

const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
function softmax(scores: number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((s) => Math.exp(s - most));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / total);
}

/** One head of attention (Vaswani et al. 2017): the squared distance of what it returns from a target. */
function attention(queries: number[][], keys: number[][], values: number[][], targets: number[][]): number {
  const scale = 1 / Math.sqrt(keys[0].length);
  let loss = 0;
  queries.forEach((query, t) => {
    const shares = softmax(keys.map((key) => scale * dot(query, key)));
    const mixed = targets[t].map((_, j) =>
      dot(
        shares,
        values.map((value) => value[j]),
      ),
    );
    loss += mixed.reduce((sum, v, j) => sum + (v - targets[t][j]) ** 2, 0);
  });
  return loss;
}

const shareWork = workspace();
const mixedWork = workspace();
const shareBarWork = workspace();

function attentionByHand(queries: number[][], keys: number[][], values: number[][], targets: number[][]) {
  const [count, d, width] = [keys.length, keys[0].length, values[0].length];
  const scale = 1 / Math.sqrt(d);
  const zeros = (rows: number[][]) => {
    const made: number[][] = [];
    for (let i = 0; i < rows.length; i++) made.push(zerosLike(rows[i]));
    return made;
  };
  const [queriesBar, keysBar, valuesBar] = [zeros(queries), zeros(keys), zeros(values)];
  const shares = shareWork(count);
  const shareBars = shareBarWork(count);
  const mixed = mixedWork(width);
  for (let t = 0; t < queries.length; t++) {
    const query = queries[t];
    const target = targets[t];
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const key = keys[k];
      let s = 0;
      for (let j = 0; j < d; j++) s += query[j] * key[j];
      s *= scale;
      shares[k] = s;
      if (s > most) most = s;
    }
    let total = 0;
    for (let k = 0; k < count; k++) {
      const e = Math.exp(shares[k] - most);
      shares[k] = e;
      total += e;
    }
    mixed.fill(0, 0, width);
    for (let k = 0; k < count; k++) {
      const share = shares[k] / total;
      shares[k] = share;
      const value = values[k];
      for (let j = 0; j < width; j++) mixed[j] += share * value[j];
    }
    for (let j = 0; j < width; j++) mixed[j] = 2 * (mixed[j] - target[j]);
    let through = 0;
    for (let k = 0; k < count; k++) {
      const value = values[k];
      const valueBar = valuesBar[k];
      const share = shares[k];
      let bar = 0;
      for (let j = 0; j < width; j++) {
        bar += mixed[j] * value[j];
        valueBar[j] += mixed[j] * share;
      }
      shareBars[k] = bar;
      through += bar * share;
    }
    const queryBar = queriesBar[t];
    for (let k = 0; k < count; k++) {
      const bar = scale * shares[k] * (shareBars[k] - through);
      const key = keys[k];
      const keyBar = keysBar[k];
      for (let j = 0; j < d; j++) {
        queryBar[j] += bar * key[j];
        keyBar[j] += bar * query[j];
      }
    }
  }
  return [queriesBar, keysBar, valuesBar];
}

export const networks = [
  objective({
    name: "network",
    allocates: true,
    f: network,
    hand: networkByHand,
    wrt: 0,
    make({ widths, n }: { widths: number[]; n: number }): Parameters<typeof network> {
      const noise = normal(51);
      const layers = widths.slice(1).map((width, k): Layer => {
        const size = 1 / Math.sqrt(widths[k]);
        return { weights: matrix(width, widths[k], () => size * noise()), bias: list(width, noise) };
      });
      const [first, last] = [widths[0], widths[widths.length - 1]];
      return [
        layers,
        Array.from({ length: n }, () => ({ x: list(first, noise), target: list(last, noise) })),
      ];
    },
    small: { widths: [3, 4, 2], n: 3 },
    full: [{ widths: [10, 20, 20, 3], n: 100 }],
  }),
  objective({
    name: "attention",
    allocates: true,
    f: attention,
    hand: attentionByHand,
    wrt: [0, 1, 2],
    make({ length, d }: { length: number; d: number }): Parameters<typeof attention> {
      const noise = normal(52);
      const rows = () => matrix(length, d, noise);
      return [rows(), rows(), rows(), rows()];
    },
    small: { length: 4, d: 3 },
    full: [{ length: 50, d: 16 }],
  }),
];
