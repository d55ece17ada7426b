/**
 * Short loops over flat lists: what an engine adds to a few operations an element shows here.
 *
 * The product of m factors is Speelpenning's function (1980), Rosenbrock's function is his of 1960.
 */
import { flat, list, normal, objective, uniform, workspace } from "./objective.ts";

function product(x: number[]): number {
  let p = 1;
  for (let i = 0; i < x.length; i++) p *= x[i];
  return p;
}

function productByHand(x: number[]): number[] {
  const g = x.slice();
  let p = 1;
  for (let i = 0; i < x.length; i++) {
    g[i] = p;
    p *= x[i];
  }
  let bar = 1;
  for (let i = x.length - 1; i >= 0; i--) {
    g[i] *= bar;
    bar *= x[i];
  }
  return g;
}

function rosenbrock(x: number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length - 1; i++) {
    sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  }
  return sum;
}

function rosenbrockByHand(x: number[]): number[] {
  const g = x.slice();
  let here = x[0];
  let carried = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const next = x[i + 1];
    const bar = 200 * (next - here * here);
    g[i] = carried - 2 * here * bar - 2 * (1 - here);
    carried = bar;
    here = next;
  }
  g[x.length - 1] = carried;
  return g;
}

/** The squared error of a polynomial over measured points. */
function polynomialFit(c: Float64Array, xs: Float64Array, ys: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    let y = 0;
    for (let k = c.length - 1; k >= 0; k--) y = y * xs[i] + c[k];
    const error = y - ys[i];
    sum += error * error;
  }
  return sum / xs.length;
}

function polynomialFitByHand(c: Float64Array, xs: Float64Array, ys: Float64Array): Float64Array {
  const g = new Float64Array(c.length);
  const degree = c.length - 1;
  const scale = 2 / xs.length;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    let y = 0;
    for (let k = degree; k >= 0; k--) y = y * x + c[k];
    let bar = scale * (y - ys[i]);
    for (let k = 0; k <= degree; k++) {
      g[k] += bar;
      bar *= x;
    }
  }
  return g;
}

/** A signal is convolved, squashed and compared with another. */
function convolution(kernel: Float64Array, signal: Float64Array, target: Float64Array): number {
  const width = kernel.length;
  let loss = 0;
  for (let i = 0; i + width <= signal.length; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += kernel[j] * signal[i + j];
    loss += (Math.tanh(sum) - target[i]) ** 2;
  }
  return loss;
}

function convolutionByHand(kernel: Float64Array, signal: Float64Array, target: Float64Array) {
  const width = kernel.length;
  const kernelBar = new Float64Array(width);
  const signalBar = new Float64Array(signal.length);
  for (let i = 0; i + width <= signal.length; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += kernel[j] * signal[i + j];
    const y = Math.tanh(sum);
    const bar = 2 * (y - target[i]) * (1 - y * y);
    for (let j = 0; j < width; j++) {
      kernelBar[j] += bar * signal[i + j];
      signalBar[i + j] += bar * kernel[j];
    }
  }
  return [kernelBar, signalBar];
}

/** Total variation of an image (Rudin, Osher and Fatemi 1992), smoothed, with the distance from a noisy one. */
function denoise(image: Float64Array, noisy: Float64Array, width: number, weight: number): number {
  const height = image.length / width;
  let loss = 0;
  for (let i = 0; i < image.length; i++) loss += 0.5 * (image[i] - noisy[i]) ** 2;
  for (let row = 0; row < height - 1; row++) {
    for (let column = 0; column < width - 1; column++) {
      const here = image[row * width + column];
      const dx = image[row * width + column + 1] - here;
      const dy = image[(row + 1) * width + column] - here;
      loss += weight * Math.sqrt(dx * dx + dy * dy + 1e-6);
    }
  }
  return loss;
}

function denoiseByHand(image: Float64Array, noisy: Float64Array, width: number, weight: number) {
  const g = new Float64Array(image.length);
  const height = image.length / width;
  for (let i = 0; i < image.length; i++) g[i] = image[i] - noisy[i];
  for (let row = 0; row < height - 1; row++) {
    const from = row * width;
    let here = image[from];
    let hereBar = g[from];
    for (let k = from; k < from + width - 1; k++) {
      const right = image[k + 1];
      const dx = right - here;
      const dy = image[k + width] - here;
      const bar = weight / Math.sqrt(dx * dx + dy * dy + 1e-6);
      g[k] = hereBar - bar * (dx + dy);
      g[k + width] += bar * dy;
      hereBar = g[k + 1] + bar * dx;
      here = right;
    }
    g[from + width - 1] = hereBar;
  }
  return g;
}

/** A polynomial by recursion, in the manner of Horner, at many points. */
function horner(c: number[], x: number, k: number): number {
  return k === c.length ? 0 : c[k] + x * horner(c, x, k + 1);
}
function recursion(c: number[], xs: number[]): number {
  let sum = 0;
  for (const x of xs) sum += Math.sin(horner(c, x, 0));
  return sum;
}

function recursionByHand(c: number[], xs: number[]): number[] {
  const g = c.slice().fill(0);
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    let y = 0;
    for (let k = c.length - 1; k >= 0; k--) y = c[k] + x * y;
    let bar = Math.cos(y);
    for (let k = 0; k < c.length; k++) {
      g[k] += bar;
      bar *= x;
    }
  }
  return g;
}

/** An American put by a binomial tree, backwards in place (Cox, Ross and Rubinstein 1979). */
function option(spot: number, strike: number, volatility: number, rate: number, steps: number): number {
  const dt = 1 / steps;
  const move = volatility * Math.sqrt(dt);
  const up = Math.exp(move);
  const discount = Math.exp(-rate * dt);
  const chance = (1 / discount - 1 / up) / (up - 1 / up);
  const value = new Array<number>(steps + 1).fill(0);
  for (let j = 0; j <= steps; j++) value[j] = Math.max(0, strike - spot * Math.exp(move * (2 * j - steps)));
  for (let i = steps - 1; i >= 0; i--) {
    for (let j = 0; j <= i; j++) {
      const held = discount * (chance * value[j + 1] + (1 - chance) * value[j]);
      const exercised = strike - spot * Math.exp(move * (2 * j - i));
      value[j] = Math.max(held, exercised);
    }
  }
  return value[0];
}

const optionTape = workspace();
const optionBars = workspace();
function optionByHand(spot: number, strike: number, volatility: number, rate: number, steps: number) {
  const dt = 1 / steps;
  const root = Math.sqrt(dt);
  const move = volatility * root;
  const up = Math.exp(move);
  const discount = Math.exp(-rate * dt);
  const chance = (1 / discount - 1 / up) / (up - 1 / up);
  // level i stands at i (i + 1) / 2; growth is negative where the option is held
  const size = ((steps + 1) * (steps + 2)) / 2;
  const tape = optionTape(2 * size);
  const last = (steps * (steps + 1)) / 2;
  for (let j = 0; j <= steps; j++) {
    const growth = Math.exp(move * (2 * j - steps));
    const exercised = strike - spot * growth;
    const held = !(exercised > 0);
    tape[2 * (last + j)] = held ? 0 : exercised;
    tape[2 * (last + j) + 1] = held ? -1 : growth;
  }
  for (let i = steps - 1, from = last; i >= 0; i--) {
    const next = from;
    from -= i + 1;
    for (let j = 0; j <= i; j++) {
      const held = discount * (chance * tape[2 * (next + j + 1)] + (1 - chance) * tape[2 * (next + j)]);
      const growth = Math.exp(move * (2 * j - i));
      const exercised = strike - spot * growth;
      const isHeld = held > exercised;
      tape[2 * (from + j)] = isHeld ? held : exercised;
      tape[2 * (from + j) + 1] = isHeld ? -1 : growth;
    }
  }
  const bars = optionBars(steps + 2).fill(0, 0, steps + 2);
  bars[0] = 1;
  let [spotBar, strikeBar, moveBar, chanceBar, discountBar] = [0, 0, 0, 0, 0];
  for (let i = 0, from = 0; i <= steps; i++) {
    const next = from + i + 1;
    // from above, so that an entry is read before its neighbour below adds to it
    for (let j = i; j >= 0; j--) {
      const bar = bars[j];
      bars[j] = 0;
      if (bar === 0) continue;
      const growth = tape[2 * (from + j) + 1];
      if (growth < 0) {
        if (i === steps) continue;
        const high = tape[2 * (next + j + 1)];
        const low = tape[2 * (next + j)];
        discountBar += bar * (chance * high + (1 - chance) * low);
        chanceBar += bar * discount * (high - low);
        bars[j + 1] += bar * discount * chance;
        bars[j] = bar * discount * (1 - chance);
      } else {
        strikeBar += bar;
        spotBar -= bar * growth;
        moveBar -= bar * spot * growth * (2 * j - i);
      }
    }
    from = next;
  }
  const spread = up - 1 / up;
  const upBar = (chanceBar / spread) * (1 / (up * up) - chance * (1 + 1 / (up * up)));
  discountBar -= chanceBar / (spread * discount * discount);
  moveBar += upBar * up;
  return [spotBar, strikeBar, moveBar * root, -discountBar * discount * dt];
}

export const classics = [
  objective({
    name: "product",
    allocates: false,
    f: product,
    hand: productByHand,
    wrt: 0,
    make(n: number): Parameters<typeof product> {
      const next = uniform(1);
      return [list(n, () => 1 + (next() - 0.5) / Math.sqrt(n))];
    },
    small: 17,
    full: [1e3, 1e4, 1e5, 1e6],
  }),
  objective({
    name: "Rosenbrock",
    allocates: false,
    f: rosenbrock,
    hand: rosenbrockByHand,
    wrt: 0,
    make(n: number): Parameters<typeof rosenbrock> {
      const next = uniform(2);
      return [list(n, () => 2 * next() - 0.5)];
    },
    small: 11,
    full: [1e3, 1e5],
  }),
  objective({
    name: "polynomial fit",
    allocates: false,
    f: polynomialFit,
    hand: polynomialFitByHand,
    wrt: 0,
    make({ degree, points }: { degree: number; points: number }): Parameters<typeof polynomialFit> {
      const [next, noise] = [uniform(3), normal(4)];
      const xs = flat(points, () => 2 * next() - 1);
      return [flat(degree + 1, noise), xs, xs.map((x) => Math.sin(3 * x) + 0.1 * noise())];
    },
    small: { degree: 4, points: 9 },
    full: [{ degree: 9, points: 2000 }],
  }),
  objective({
    name: "convolution",
    allocates: false,
    f: convolution,
    hand: convolutionByHand,
    wrt: [0, 1],
    make({ width, length }: { width: number; length: number }): Parameters<typeof convolution> {
      const next = normal(5);
      return [flat(width, () => 0.3 * next()), flat(length, next), flat(length - width + 1, next)];
    },
    small: { width: 3, length: 12 },
    full: [{ width: 9, length: 4000 }],
  }),
  objective({
    name: "denoising",
    allocates: false,
    f: denoise,
    hand: denoiseByHand,
    wrt: 0,
    make(width: number): Parameters<typeof denoise> {
      const next = normal(6);
      const image = flat(width * width, next);
      return [image, image.map((x) => x + 0.2 * next()), width, 0.3];
    },
    small: 5,
    full: [100],
  }),
  objective({
    name: "recursion",
    allocates: false,
    f: recursion,
    hand: recursionByHand,
    wrt: 0,
    make({ degree, points }: { degree: number; points: number }): Parameters<typeof recursion> {
      const next = normal(7);
      return [list(degree + 1, () => 0.3 * next()), list(points, () => 0.7 * next())];
    },
    small: { degree: 4, points: 6 },
    full: [{ degree: 12, points: 1000 }],
  }),
  objective({
    name: "American option",
    allocates: false,
    f: option,
    hand: optionByHand,
    wrt: [0, 1, 2, 3],
    make: (steps: number): Parameters<typeof option> => [36.3, 40, 0.2, 0.06, steps],
    small: 12,
    full: [200],
  }),
];
