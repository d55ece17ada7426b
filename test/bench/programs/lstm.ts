/**
 * LSTM of the ADBench suite: the negative log-likelihood of a sequence under a stack of memory cells.
 *
 * Definition: Šrajer, Kukelova and Fitzgibbon (2018). The gates are elementwise: forget and output gate see the input,
 * input gate and change see the hidden state.
 */
import { list, matrix, normal, objective, workspace } from "./objective.ts";

interface Gates {
  forget: number[];
  input: number[];
  output: number[];
  change: number[];
}
interface Layer {
  weight: Gates;
  bias: Gates;
}
interface Ends {
  scale: number[];
  weight: number[];
  bias: number[];
}
interface State {
  hidden: number[];
  cell: number[];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function advance({ weight, bias }: Layer, { hidden, cell }: State, x: number[]): State {
  const forget = x.map((v, i) => sigmoid(v * weight.forget[i] + bias.forget[i]));
  const input = hidden.map((v, i) => sigmoid(v * weight.input[i] + bias.input[i]));
  const output = x.map((v, i) => sigmoid(v * weight.output[i] + bias.output[i]));
  const change = hidden.map((v, i) => Math.tanh(v * weight.change[i] + bias.change[i]));
  const next = cell.map((c, i) => c * forget[i] + input[i] * change[i]);
  return { hidden: next.map((c, i) => output[i] * Math.tanh(c)), cell: next };
}

function sequenceLoss(layers: Layer[], ends: Ends, start: State[], sequence: number[][]): number {
  const state = [...start];
  let total = 0;
  for (let t = 0; t + 1 < sequence.length; t++) {
    let x = sequence[t].map((v, i) => v * ends.scale[i]);
    layers.forEach((layer, k) => {
      state[k] = advance(layer, state[k], x);
      x = state[k].hidden;
    });
    const prediction = x.map((v, i) => v * ends.weight[i] + ends.bias[i]);
    const norm = Math.log(2 + prediction.reduce((s, v) => s + Math.exp(v), 0));
    total += sequence[t + 1].reduce((s, v, i) => s + v * (prediction[i] - norm), 0);
  }
  return -total / ((sequence.length - 1) * sequence[0].length);
}

/** Kept for each element of each layer and time: input, hidden before, cell before, the four gates, tanh of the cell. */
const KEPT = 8;
const GATES = ["forget", "input", "output", "change"] as const;
const [tapeWork, endWork, packedWork, packedBarWork, currentWork, barWork] = [1, 2, 3, 4, 5, 6].map(
  workspace,
);

function sequenceLossByHand(layers: Layer[], ends: Ends, start: State[], sequence: number[][]) {
  const [steps, width, depth] = [sequence.length - 1, sequence[0].length, layers.length];
  const tape = tapeWork(steps * depth * width * KEPT);
  const softmax = endWork(steps * (width + 1));
  // for each element of each layer: four weights, four biases
  const packed = packedWork(depth * width * 8);
  const packedBar = packedBarWork(depth * width * 8).fill(0, 0, depth * width * 8);
  // for each element of each layer: hidden, cell
  const current = currentWork(depth * width * 2);
  const bars = barWork(depth * width * 2 + width).fill(0, 0, depth * width * 2 + width);
  for (let k = 0; k < depth; k++) {
    const { weight, bias } = layers[k];
    for (let i = 0; i < width; i++) {
      const at = (k * width + i) * 8;
      packed[at] = weight.forget[i];
      packed[at + 1] = weight.input[i];
      packed[at + 2] = weight.output[i];
      packed[at + 3] = weight.change[i];
      packed[at + 4] = bias.forget[i];
      packed[at + 5] = bias.input[i];
      packed[at + 6] = bias.output[i];
      packed[at + 7] = bias.change[i];
      current[2 * (k * width + i)] = start[k].hidden[i];
      current[2 * (k * width + i) + 1] = start[k].cell[i];
    }
  }
  const { scale, weight: endWeight, bias: endBias } = ends;
  for (let t = 0, at = 0; t < steps; t++) {
    const now = sequence[t];
    let sum = 2;
    // elementwise, so each element goes through all layers
    for (let i = 0; i < width; i++) {
      let x = now[i] * scale[i];
      for (let k = 0; k < depth; k++) {
        const p = (k * width + i) * 8;
        const s = 2 * (k * width + i);
        const hidden = current[s];
        const cell = current[s + 1];
        const forget = 1 / (1 + Math.exp(-(x * packed[p] + packed[p + 4])));
        const input = 1 / (1 + Math.exp(-(hidden * packed[p + 1] + packed[p + 5])));
        const output = 1 / (1 + Math.exp(-(x * packed[p + 2] + packed[p + 6])));
        const change = Math.tanh(hidden * packed[p + 3] + packed[p + 7]);
        const next = cell * forget + input * change;
        const squashed = Math.tanh(next);
        tape[at] = x;
        tape[at + 1] = hidden;
        tape[at + 2] = cell;
        tape[at + 3] = forget;
        tape[at + 4] = input;
        tape[at + 5] = output;
        tape[at + 6] = change;
        tape[at + 7] = squashed;
        at += KEPT;
        x = output * squashed;
        current[s] = x;
        current[s + 1] = next;
      }
      const e = Math.exp(x * endWeight[i] + endBias[i]);
      softmax[t * (width + 1) + i] = e;
      sum += e;
    }
    softmax[t * (width + 1) + width] = sum;
  }
  const scaleBar = scale.slice().fill(0);
  const endWeightBar = scale.slice().fill(0);
  const endBiasBar = scale.slice().fill(0);
  const seed = -1 / (steps * width);
  for (let t = steps - 1; t >= 0; t--) {
    const gold = sequence[t + 1];
    let all = 0;
    for (let i = 0; i < width; i++) all += gold[i];
    const share = all / softmax[t * (width + 1) + width];
    for (let i = width - 1; i >= 0; i--) {
      const last = (t * width + i) * depth + depth - 1;
      const predictionBar = seed * (gold[i] - share * softmax[t * (width + 1) + i]);
      const top = tape[last * KEPT + 5] * tape[last * KEPT + 7];
      endWeightBar[i] += predictionBar * top;
      endBiasBar[i] += predictionBar;
      let xBar = predictionBar * endWeight[i];
      for (let k = depth - 1; k >= 0; k--) {
        const at = ((t * width + i) * depth + k) * KEPT;
        const p = (k * width + i) * 8;
        const s = 2 * (k * width + i);
        const squashed = tape[at + 7];
        const change = tape[at + 6];
        const output = tape[at + 5];
        const input = tape[at + 4];
        const forget = tape[at + 3];
        const hidden = tape[at + 1];
        const x = tape[at];
        const hiddenBar = xBar + bars[s];
        const nextBar = bars[s + 1] + hiddenBar * output * (1 - squashed * squashed);
        const outputBar = hiddenBar * squashed * output * (1 - output);
        const forgetBar = nextBar * tape[at + 2] * forget * (1 - forget);
        const inputBar = nextBar * change * input * (1 - input);
        const changeBar = nextBar * input * (1 - change * change);
        bars[s + 1] = nextBar * forget;
        bars[s] = inputBar * packed[p + 1] + changeBar * packed[p + 3];
        xBar = forgetBar * packed[p] + outputBar * packed[p + 2];
        packedBar[p] += forgetBar * x;
        packedBar[p + 1] += inputBar * hidden;
        packedBar[p + 2] += outputBar * x;
        packedBar[p + 3] += changeBar * hidden;
        packedBar[p + 4] += forgetBar;
        packedBar[p + 5] += inputBar;
        packedBar[p + 6] += outputBar;
        packedBar[p + 7] += changeBar;
      }
      scaleBar[i] += xBar * sequence[t][i];
    }
  }
  const gates = (k: number, offset: number): Gates => {
    const part = (gate: number) => {
      const row = scale.slice();
      for (let i = 0; i < width; i++) row[i] = packedBar[(k * width + i) * 8 + offset + gate];
      return row;
    };
    const [forget, input, output, change] = GATES.map((_, gate) => part(gate));
    return { forget, input, output, change };
  };
  return [
    layers.map((_, k) => ({ weight: gates(k, 0), bias: gates(k, 4) })),
    { scale: scaleBar, weight: endWeightBar, bias: endBiasBar },
  ];
}

interface Size {
  depth: number;
  width: number;
  length: number;
}
function make({ depth, width, length }: Size): [Layer[], Ends, State[], number[][]] {
  const noise = normal(21);
  const part = () => list(width, () => 0.5 * noise());
  const gates = (): Gates => ({ forget: part(), input: part(), output: part(), change: part() });
  return [
    Array.from({ length: depth }, () => ({ weight: gates(), bias: gates() })),
    { scale: part(), weight: part(), bias: part() },
    Array.from({ length: depth }, () => ({ hidden: part(), cell: part() })),
    matrix(length, width, (t, i) => ((t * 7 + i * i) % 5 === 0 ? 1 : 0.1 * Math.abs(noise()))),
  ];
}

export const lstm = [
  objective({
    name: "LSTM",
    allocates: true,
    f: sequenceLoss,
    hand: sequenceLossByHand,
    wrt: [0, 1],
    make,
    small: { depth: 2, width: 3, length: 5 },
    full: [{ depth: 2, width: 14, length: 1024 }],
  }),
];
