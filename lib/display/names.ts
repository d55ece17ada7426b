/**
 * The letters of the calculus.
 *
 * What: w3, its tangent ẇ3 and its adjoint w̄3, one contribution w̄1ᵃ to an adjoint, and ∂w3/∂w1. Why: every display
 * names an entry the same way. Entry k of the tape is written w(k+1), as the lecture counts.
 * Reference: Griewank & Walther, Evaluating Derivatives (2008), section 2.2 and 3.2 for dot and bar.
 */
import type { Operand, Tape } from "../tape/tape.ts";
import { escapeHtml, formula, type Maths } from "./rich.ts";

/** The entry: w3. */
export function variable(index: number): Maths {
  return letter("w", "w", index);
}

/** Its tangent: ẇ3. */
export function tangentName(index: number): Maths {
  return letter("ẇ", "\\dot{w}", index);
}

/** Its adjoint: w̄3; or one contribution to it: w̄3ᵃ. */
export function adjointName(index: number, contribution?: number): Maths {
  const name = letter("w̄", "\\bar{w}", index);
  if (contribution === undefined) return name;
  const mark = contributionMark(contribution);
  return {
    text: `${name.text}${raised(mark)}`,
    html: `${name.html}<sup>${mark}</sup>`,
    math: `${name.math}^{${mark}}`,
  };
}

/** A local partial: ∂w3/∂w1. */
export function partialName(of: number, by: number): Maths {
  return formula("∂", variable(of), "/∂", variable(by));
}

/** An input as its function calls it: x1, x[0], p.mass. */
export function inputName(tape: Tape, index: number): Maths {
  return identifier(tape.inputNames[index] || `x${index + 1}`);
}

/** The function, as formulas call it: f unless it has a name. */
export function functionName(tape: Tape): Maths {
  return identifier(tape.name || "f");
}

/** The function, followed by the name of one of its outputs when it has several: f, f[0], f.x. */
export function outputName(tape: Tape, index: number): Maths {
  return identifier(`${tape.name || "f"}${tape.source.outputNames[index] ?? ""}`);
}

/** A name out of the user's program. A letter with digits is set with an index where type can be set: x1, x₁. */
function identifier(name: string): Maths {
  const parts = /^(\p{L})(\d+)$/u.exec(name);
  if (parts)
    return {
      text: name,
      html: `<i>${parts[1]}</i><sub>${parts[2]}</sub>`,
      math: `${parts[1]}_{${parts[2]}}`,
    };
  const math = name.replace(/[\\&%$#_{}~^]/g, (character) =>
    character === "\\" ? "\\backslash " : "~^".includes(character) ? `\\${character}{}` : `\\${character}`,
  );
  return {
    text: name,
    html: `<i>${escapeHtml(name)}</i>`,
    math: /^\p{L}$/u.test(name) ? name : `\\mathit{${math}}`,
  };
}

/** How an operand is written: its entry's name, or the number that it is. */
export function isEntry(operand: Operand): operand is { readonly entry: number } {
  return "entry" in operand;
}

function letter(sign: string, command: string, index: number): Maths {
  return {
    text: `${sign}${index + 1}`,
    html: `<i>${sign}</i><sub>${index + 1}</sub>`,
    math: `${command}_{${index + 1}}`,
  };
}

// Unicode lacks a raised q that fonts have, so the marks go without it; past z they are counted.
const marks = "abcdefghijklmnoprstuvwxyz";
const raisedMarks: Record<string, string> = Object.fromEntries(
  [..."abcdefghijklmnoprstuvwxyz()0123456789"].map((mark, j) => [
    mark,
    [..."ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹"][j],
  ]),
);

function contributionMark(contribution: number): string {
  return marks[contribution] ?? `(${contribution + 1})`;
}

function raised(mark: string): string {
  return [...mark].map((character) => raisedMarks[character]).join("");
}
