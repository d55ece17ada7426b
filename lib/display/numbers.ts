/**
 * Numbers for readers.
 *
 * What: a number with a sensible count of digits, as plain text, HTML and LaTeX. Why: a table of seventeen-digit
 * numbers hides what it shows; so pages and print carry six significant digits (the full number rests behind them as a
 * hint), and plain text carries the full number where it stands in a column of its own.
 */
import { hinted, inline, type Maths, type Rich } from "./rich.ts";

/** Significant digits on pages and in print. */
const digitsShown = 6;

/** A number in short: at most `digits` significant ones, no trailing zeros, a power of ten when far from one. */
export function shortNumber(x: number, digits = digitsShown): string {
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e9) return String(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
    return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`;
  }
  return trimZeros(x.toPrecision(digits).includes("e") ? x.toFixed(0) : x.toPrecision(digits));
}

/** A number inside a formula: short in all three formats. */
export function numberMaths(x: number, digits = digitsShown): Maths {
  const text = shortNumber(x, digits);
  if (Number.isNaN(x)) return { text, html: "NaN", math: "\\mathrm{NaN}" };
  if (!Number.isFinite(x)) {
    const sign = x < 0 ? "-" : "";
    return {
      text: `${sign}∞`,
      html: `${sign ? "−" : ""}∞`,
      math: `${sign}\\infty`,
    };
  }
  const [mantissa, exponent] = text.split("e");
  const html = mantissa.replace("-", "−");
  if (exponent === undefined) return { text, html, math: mantissa };
  const power = { html: `10<sup>${exponent.replace("-", "−")}</sup>`, math: `10^{${exponent}}` };
  if (/^-?1$/.test(mantissa)) {
    const sign = mantissa.slice(0, -1);
    return { text, html: `${sign && "−"}${power.html}`, math: `${sign}${power.math}` };
  }
  return {
    text,
    html: `${html}·${power.html}`,
    math: `${mantissa}\\cdot ${power.math}`,
  };
}

/** A number as a result: full in plain text, short elsewhere with the full number as its hint. */
export function fullNumber(x: number, digits = digitsShown): Maths {
  const short = numberMaths(x, digits);
  const text = String(x);
  return short.text === text ? short : { ...short, text, html: hinted(short.html, text) };
}

/** A number that fills a table cell. */
export function numberCell(x: number, digits = digitsShown): Rich {
  return inline(fullNumber(x, digits));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A count with its thousands set apart: 9 999 960. */
export function countText(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
