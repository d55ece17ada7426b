/** Operators and the functions of Math, under every name by which they can be called. */
import type { Entry } from "./entry.ts";

const { sin, cos, exp: exponential } = Math;
const M = Math;
const half = 0.5;

function horner(x: number) {
  const c = [2, -3, 0.5, 4, -1.25];
  let p = 0;
  for (const ci of c) p = p * x + ci;
  return p;
}

function logistic(x: number) {
  return 1 / (1 + Math.exp(-x));
}

export const arithmetic: Entry[] = [
  {
    name: "the lecture's example",
    f: (x1: number, x2: number) => x1 * x2 + Math.sin(x1),
    args: [2, 3],
    second: true,
  },
  {
    name: "four operations",
    f: (x: number, y: number) => ((x + y) * (x - y)) / (x * y + 2),
    args: [1.7, 0.6],
    second: true,
  },
  {
    name: "constants on both sides",
    f: (x: number) => 3 - x + 2 * x - 5 / x + x / 7 + (x - 1),
    args: [1.3],
    second: true,
  },
  { name: "unary signs", f: (x: number) => -x * +x - -(-x), args: [0.8], second: true },
  {
    name: "powers with whole exponents",
    f: (x: number) => x ** 2 + x ** 3 - x ** 5 + x ** 0 + x ** 1,
    args: [-1.2],
    second: true,
  },
  {
    name: "negative whole exponents",
    f: (x: number) => x ** -1 + x ** -2 - 3 * x ** -3,
    args: [-0.7],
    second: true,
  },
  { name: "exponent chain", f: (x: number) => x ** (2 ** 1.5) + 2 ** (x ** 2), args: [1.1], second: true },
  {
    name: "right associative powers",
    f: (x: number, y: number) => x ** (y ** 2),
    args: [1.3, 0.9],
    second: true,
  },
  {
    name: "power of power",
    f: (x: number, y: number) => (x ** y) ** 2 + (-x) ** 2,
    args: [1.4, 0.7],
    second: true,
  },
  { name: "variable base and exponent", f: (x: number) => x ** x, args: [0.9], second: true },
  { name: "remainder", f: (x: number, y: number) => (x % y) * x + (-x % y), args: [7.3, 2.1], second: true },
  { name: "remainder of a constant", f: (x: number) => (x % 1) ** 2 + (10 % x), args: [2.7] },
  { name: "Math.pow", f: (x: number, y: number) => x ** y + x ** 3 + 2 ** y, args: [1.9, 0.4], second: true },
  {
    name: "exp and log",
    f: (x: number) => Math.exp(-x) * Math.log(x) + Math.log2(x) - Math.log10(x),
    args: [1.6],
    second: true,
  },
  { name: "expm1 and log1p", f: (x: number) => Math.expm1(x) / Math.log1p(x), args: [0.03], second: true },
  {
    name: "trigonometric",
    f: (x: number) => Math.sin(x) * Math.cos(2 * x) + Math.tan(x / 2),
    args: [0.9],
    second: true,
  },
  {
    name: "inverse trigonometric",
    f: (x: number) => Math.asin(x) + Math.acos(x / 2) * Math.atan(x),
    args: [0.4],
    second: true,
  },
  {
    name: "hyperbolic",
    f: (x: number) => Math.sinh(x) / Math.cosh(x / 2) - Math.tanh(x),
    args: [0.7],
    second: true,
  },
  {
    name: "inverse hyperbolic",
    f: (x: number) => Math.asinh(x) + Math.acosh(x + 1) + Math.atanh(x / 3),
    args: [0.8],
    second: true,
  },
  {
    name: "roots",
    f: (x: number) => Math.sqrt(x) + Math.cbrt(x) - Math.cbrt(-x) * Math.sqrt(2 * x),
    args: [2.3],
    second: true,
  },
  {
    name: "atan2 and hypot",
    f: (x: number, y: number) => Math.atan2(y, x) * Math.hypot(x, y),
    args: [-1.2, 0.5],
    second: true,
  },
  {
    name: "hypot of one, three, four",
    f: (x: number, y: number, z: number) => Math.hypot(x) + Math.hypot(x, y, z) + Math.hypot(x, 2, y, z),
    args: [-0.3, 1.1, 0.4],
    second: true,
  },
  { name: "abs away from zero", f: (x: number) => Math.abs(x) * Math.abs(x - 3), args: [1.2], second: true },
  {
    name: "max and min of several",
    f: (x: number, y: number, z: number) => Math.max(x, y, z) * Math.min(x, y, z, 4),
    args: [0.5, 2.5, 1.5],
    second: true,
  },
  {
    name: "steps",
    f: (x: number) => Math.floor(x) + Math.ceil(x) * x + Math.round(x) * 2 + Math.trunc(x) + Math.sign(x) * x,
    args: [2.3],
  },
  {
    name: "destructured Math",
    f: (x: number) => sin(x) * cos(x) + exponential(half * x),
    args: [0.6],
    second: true,
  },
  {
    name: "Math under another name",
    f: (x: number) => M.sin(x) + M.PI * M.sqrt(x) * M.E,
    args: [0.6],
    second: true,
  },
  {
    name: "Math destructured inside",
    f: (x: number) => {
      const { tanh, atan2: angle } = Math;
      return tanh(x) + angle(x, 2);
    },
    args: [0.6],
    second: true,
  },
  {
    name: "Math by computed key",
    f: (x: number, how: "sin" | "cos") => Math[how](x) + Math["exp"](x),
    args: [0.4, "cos"],
  },
  {
    name: "Math function in a variable",
    f: (x: number) => {
      let g = Math.sin;
      const first = g(x);
      g = Math.log;
      return first * g(x);
    },
    args: [1.4],
  },
  {
    name: "Math function from a list",
    f: (x: number) => [Math.sin, Math.cos, Math.exp, Math.atan].reduce((value, g) => g(value), x),
    args: [0.3],
    second: true,
  },
  {
    name: "constants of Math",
    f: (x: number) => Math.PI * x + Math.E ** x + Math.SQRT2 * Math.LN2 * x ** 2 + Math.LOG10E / x,
    args: [1.2],
    second: true,
  },
  {
    name: "comma operator",
    f: (x: number) => {
      let y = x;
      return ((y *= 2), (y += x), y * y);
    },
    args: [0.7],
  },
  {
    name: "void",
    f: (x: number) => {
      const nothing = void (x * 2);
      return nothing === undefined ? x * 3 : 0;
    },
    args: [0.7],
  },
  {
    name: "deeply nested parentheses",
    f: (x: number) => ((((x + 1) * x + 2) * x + 3) * x + 4) / (1 + (1 + (1 + x * x) ** 0.5) ** 0.5),
    args: [0.8],
    second: true,
  },
  { name: "Horner", f: horner, args: [1.3], second: true },
  { name: "logistic", f: logistic, args: [0.3], second: true },
  {
    name: "softplus without overflow",
    f: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    args: [1.7],
    second: true,
  },
  {
    name: "a value used many times",
    f: (x: number) => {
      const y = x * x;
      return y + y * y + y / x + y;
    },
    args: [1.1],
    second: true,
  },
  {
    name: "a value never used",
    f: (x: number, y: number) => {
      const unused = y * y;
      void unused;
      return x * 2;
    },
    args: [1.1, 5],
  },
  { name: "identity", f: (x: number) => x, args: [3] },
  { name: "a constant", f: (_x: number) => 4, args: [3] },
  { name: "x minus x, x over x", f: (x: number) => x - x + x / x + x * 0, args: [3] },
  {
    name: "small and large numbers",
    f: (x: number, y: number) => (x * 1e150) / (y * 1e-150),
    args: [1e-150, 1e150],
  },
  {
    name: "hexadecimal, separators and exponents",
    f: (x: number) => 0x10 * x + 1_000 * x ** 2 + 1e-3 / x + 0b11 * x + 0o17,
    args: [0.4],
  },
  {
    name: "number methods that compute nothing",
    f: (x: number) => (Number.isFinite(x) && !Number.isNaN(x) && !isNaN(x) ? x * x : 0),
    args: [0.4],
  },
  { name: "Number of a number", f: (x: number) => Number(x) * x + +x, args: [1.4] },
  { name: "typeof", f: (x: number | string) => (typeof x === "number" ? x ** 2 : 0), args: [1.4] },
  {
    name: "Math.fround keeps its slope",
    f: (x: number) => Math.fround(x) * 3,
    args: [0.5],
    expect: { value: [1.5], jacobian: [[3]] },
  },
];
