/** Conditions, switches, logical operators. */
import type { Entry } from "./entry.ts";

function piecewise(x: number) {
  if (x < 0) return x ** 2;
  else if (x < 1) return x;
  else {
    const y = x - 1;
    return 1 + y - y ** 2;
  }
}

function huber(residuals: number[], delta: number) {
  let sum = 0;
  for (const r of residuals) sum += Math.abs(r) <= delta ? 0.5 * r * r : delta * (Math.abs(r) - 0.5 * delta);
  return sum;
}

function fallthrough(kind: number, x: number) {
  let y = 1;
  switch (kind) {
    // @ts-expect-error: the case falls through, on purpose
    case 3:
      y *= x;
    // @ts-expect-error: the case falls through, on purpose
    case 2:
      y += x ** 2;
    case 1:
      y *= 3;
      break;
    default:
      y = -x;
  }
  return y;
}

function byName(shape: string, a: number, b: number) {
  switch (shape) {
    case "circle":
      return Math.PI * a ** 2;
    case "ellipse": {
      const area = Math.PI * a * b;
      return area;
    }
    case "square":
    case "rectangle":
      return a * b;
    default:
      throw new Error(`no area for ${shape}`);
  }
}

function onCondition(x: number) {
  switch (true) {
    case x > 2:
      return x ** 2;
    case x > 1:
      return x ** 3;
    default:
      return x;
  }
}

function defaultFirst(n: number, x: number) {
  let y = 0;
  switch (n) {
    // @ts-expect-error: the case falls through, on purpose
    default:
      y += x;
    case 1:
      y += x * x;
      break;
    case 2:
      y = 7;
  }
  return y;
}

function onStep(x: number) {
  switch (Math.floor(x)) {
    case 1:
      return x * 10;
    case 2:
      return x * 100;
    default:
      return 0;
  }
}

export const branches: Entry[] = [
  { name: "piecewise, left", f: piecewise, args: [-0.5], second: true },
  { name: "piecewise, middle", f: piecewise, args: [0.5] },
  { name: "piecewise, right", f: piecewise, args: [1.5], second: true },
  { name: "Huber", f: huber, args: [[0.3, -2, 1.5], 1.1], second: true },
  { name: "switch from the top", f: fallthrough, args: [3, 1.3], choices: [0] },
  { name: "switch from the middle", f: fallthrough, args: [2, 1.3], choices: [0] },
  { name: "switch default", f: fallthrough, args: [9, 1.3], choices: [0] },
  { name: "switch on text", f: byName, args: ["ellipse", 2, 3] },
  { name: "switch on text, shared case", f: byName, args: ["square", 2, 3] },
  { name: "switch on a condition", f: onCondition, args: [1.4] },
  { name: "switch, default first and falling through", f: defaultFirst, args: [5, 1.4], choices: [0] },
  { name: "switch on a step", f: onStep, args: [2.4] },
  {
    name: "conditional chain",
    f: (x: number) => (x > 3 ? x : x > 2 ? x * 2 : x > 1 ? x ** 3 : 0),
    args: [1.5],
  },
  {
    name: "and, or",
    f: (x: number, y: number) => (x > 0 && y > 0 ? x * y : x < 0 || y < 0 ? -x * y ** 2 : 0),
    args: [1.5, -2],
  },
  {
    name: "or gives the first that is not zero",
    f: (x: number, y: number) => (x || y) * 3 + (0 || x),
    args: [1.5, -2],
  },
  { name: "and gives the last", f: (x: number, y: number) => (x && y) * 3, args: [1.5, -2] },
  {
    name: "a number as a condition",
    f: (x: number) => {
      let y = 0;
      if (x) y = x * x;
      if (!x) y = 100;
      return y;
    },
    args: [1.5],
  },
  { name: "not not", f: (x: number) => (x ? x * 5 : 1), args: [1.5] },
  { name: "nullish", f: (x: number, o: { a?: number }) => (o.a ?? x) * x, args: [1.5, {}] },
  { name: "equality", f: (x: number, y: number) => (x === y ? x * y : x !== 3 ? x / y : 0), args: [1.5, -2] },
  {
    name: "equality of equals",
    f: (x: number, y: number) => (x === y ? x * y ** 2 : x),
    args: [1.5, 1.5],
    expect: { value: [3.375], jacobian: [[2.25, 4.5]] },
  },
  { name: "loose equality with null", f: (x: number | null) => (x == null ? 0 : x * x), args: [1.5] },
  {
    name: "clamp by comparisons",
    f: (xs: number[]) => xs.map((x) => (x < 0 ? 0 : x > 1 ? 1 : x)).reduce((s, x) => s + x ** 2, 0),
    args: [[-0.5, 0.3, 2]],
  },
  {
    name: "early return from nested loops",
    f: (m: number[][], limit: number) => {
      let s = 0;
      for (const row of m)
        for (const x of row) {
          s += x * x;
          if (s > limit) return s * x;
        }
      return -1;
    },
    args: [
      [
        [1, 2],
        [3, 4],
      ],
      10,
    ],
  },
  {
    name: "branch on what was computed before",
    f: (x: number) => {
      const y = Math.sin(x);
      let z = y > 0 ? y : -y;
      if (z > 0.5) z = z * z;
      return z * x;
    },
    args: [4.2],
  },
  {
    name: "logarithm only where it is defined",
    f: (x: number) => (x > 0 ? Math.log(x) : 0) + (x < 0 ? Math.log(-x) : 1),
    args: [-2],
  },
  {
    name: "comparisons of every kind",
    f: (x: number, y: number) =>
      (x < y ? x : 0) + (x <= y ? 2 * x : 0) + (x > y ? y : 0) + (x >= y ? 3 * y : 1) * x,
    args: [1, 2],
  },
  {
    name: "conditional as a statement",
    f: (x: number) => {
      let y = x;
      y > 1 ? (y *= 2) : (y += 2);
      y > 100 && (y = 0);
      y < 100 || (y = 0);
      return y * x;
    },
    args: [1.2],
  },
  {
    name: "dispatch by table",
    f: (op: "add" | "mul" | "div", a: number, b: number) =>
      ({
        add: (x: number, y: number) => x + y,
        mul: (x: number, y: number) => x * y,
        div: (x: number, y: number) => x / y,
      })[op](a, b),
    args: ["div", 3, 4],
  },
];
