/** Text made beside the numbers, and templates that compute. */
import type { Entry } from "./entry.ts";

function evaluated(strings: TemplateStringsArray, ...values: number[]) {
  return values.reduce((s, x, i) => s + x * strings[i].length, strings[strings.length - 1].length);
}

export const text: Entry[] = [
  {
    name: "a tagged template",
    f: (x: number, y: number) => evaluated`a${x}bcd${x * y}${y}z`,
    args: [1.3, 0.4],
  },
  {
    name: "a tagged template with raw text",
    f: (x: number) => ((s: TemplateStringsArray, v: number) => s.raw[0].length * v)`\n\t${x}`,
    args: [1.3],
  },
  {
    name: "a method as a tag",
    f: (x: number) =>
      ({
        k: x,
        tag(_s: TemplateStringsArray, v: number) {
          return this.k * v;
        },
      }).tag`v ${x + 1}`,
    args: [1.3],
  },
  {
    name: "text of values goes nowhere",
    f: (x: number) => {
      const line = `x = ${x}, twice ${x * 2}`;
      return line.startsWith("x = ") ? x * x : 0;
    },
    args: [1.3],
  },
  {
    name: "messages of errors not thrown",
    f: (x: number) => {
      if (x > 100) throw new Error(`${x} is too large`);
      return x ** 2;
    },
    args: [1.3],
  },
  {
    name: "a parser of passive text",
    f: (x: number) => {
      const tokens = "x 2 * x x * + 3 -".split(" ");
      const s: number[] = [];
      for (const t of tokens) {
        if (t === "x") s.push(x);
        else if (/^\d+$/.test(t)) s.push(Number(t));
        else {
          const b = s.pop()!;
          const a = s.pop()!;
          s.push(t === "+" ? a + b : t === "-" ? a - b : a * b);
        }
      }
      return s[0];
    },
    args: [1.3],
    second: true,
  },
  {
    name: "keys made of passive text",
    f: (o: Record<string, number>) => {
      let s = 0;
      for (let i = 1; i <= 2; i++) s += o[`x${i}`] * o["y" + i];
      return s;
    },
    args: [{ x1: 1, y1: 2, x2: 3, y2: 4 }],
  },
  {
    name: "coefficients from passive JSON",
    f: (x: number) => {
      const { c } = JSON.parse('{"c":[1,2,3]}') as { c: number[] };
      return c.reduce((p, k) => p * x + k, 0);
    },
    args: [1.3],
  },
  {
    name: "passive conversions",
    f: (x: number) => parseFloat("1.5") * x + 0b11 * x ** 2 + Number("0x10") / x + Number((2.5).toFixed(1)),
    args: [1.3],
  },
  {
    name: "letters counted",
    f: (x: number) => {
      const n: Record<string, number> = {};
      for (const c of "banana") n[c] = (n[c] ?? 0) + x;
      return n.a * n.n * n.b;
    },
    args: [1.3],
  },
  {
    name: "a log of lines",
    f: (xs: number[]) => {
      const log: string[] = [];
      let s = 0;
      xs.forEach((x, i) => {
        s += x * x;
        log.push(`${i}: ${s.toFixed(3)}`);
      });
      return s * log.length;
    },
    args: [[1, 2, 3]],
  },
];
