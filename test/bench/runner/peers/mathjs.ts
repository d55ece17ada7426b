/** mathjs, symbolic: an expression for each partial derivative, compiled. Expressions grow, so sizes are small. */
import * as math from "mathjs";
import type { Peer } from "./peer.ts";

function gradient(x: number[], text: string) {
  const expression = math.parse(text);
  const partials = x.map((_, i) => math.derivative(expression, `x${i}`).compile());
  const scope = Object.fromEntries(x.map((v, i) => [`x${i}`, v]));
  const run = () => partials.map((p) => p.evaluate(scope) as number);
  return { run, numbers: run };
}

export const mathjs: Peer = {
  packages: {},
  note: "symbolic, float64; small sizes",
  small: true,
  gradients: {
    product: (x: number[]) => gradient(x, x.map((_, i) => `x${i}`).join(" * ")),
    Rosenbrock: (x: number[]) =>
      gradient(
        x,
        x
          .slice(1)
          .map((_, i) => `100 * (x${i + 1} - x${i} ^ 2) ^ 2 + (1 - x${i}) ^ 2`)
          .join(" + "),
      ),
  },
};
