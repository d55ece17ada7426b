/**
 * Text in three dresses: plain, HTML and LaTeX.
 *
 * What: `Rich`, a piece of text or mathematics written for each of the three table formats at once, its escapes, and
 * the width of plain text in a monospaced front end. Why: a table is built once from such pieces, and no format can
 * show something that the others lack. Reference: Unicode TR 11 (east asian width), LaTeX's ten special characters.
 */

/** The same content as plain text, as HTML and as LaTeX (text mode; mathematics brings its own dollar signs). */
export interface Rich {
  readonly text: string;
  readonly html: string;
  readonly latex: string;
}

const htmlEntities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => htmlEntities[character]);
}

const latexNames: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "…": "\\ldots{}",
  "·": "$\\cdot$",
  "×": "$\\times$",
  "≤": "$\\le$",
  "≥": "$\\ge$",
  "∂": "$\\partial$",
  "→": "$\\to$",
  "∞": "$\\infty$",
  "−": "$-$",
  "\u202f": "\\,",
  "⟨": "$\\langle$",
  "⟩": "$\\rangle$",
  ᵀ: "$^T$",
  µ: "$\\mu$",
};

export function escapeLatex(text: string): string {
  return text.replace(
    /[\\~^<>|…·×≤≥∂→∞−\u202f⟨⟩ᵀµ]|[&%$#_{}]/g,
    (character) => latexNames[character] ?? `\\${character}`,
  );
}

/** Ordinary text, escaped for each format. */
export function plain(text: string): Rich {
  return { text, html: escapeHtml(text), latex: escapeLatex(text) };
}

export function rich(value: Rich | string): Rich {
  return typeof value === "string" ? plain(value) : value;
}

/** Pieces side by side. */
export function concat(...parts: readonly (Rich | string)[]): Rich {
  const pieces = parts.map(rich);
  return {
    text: pieces.map((piece) => piece.text).join(""),
    html: pieces.map((piece) => piece.html).join(""),
    latex: pieces.map((piece) => piece.latex).join(""),
  };
}

/** HTML with a hint that a pointer resting on it shows. */
export function hinted(html: string, hint: string): string {
  return `<span title="${escapeHtml(hint)}">${html}</span>`;
}

/** Columns that a text takes in a monospaced front end: marks over a letter take none, CJK letters two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Text filled with blanks up to a width, at its right, left or both ends. */
export function pad(text: string, width: number, align: "left" | "right" | "center"): string {
  const room = Math.max(0, width - displayWidth(text));
  const before = align === "left" ? 0 : align === "right" ? room : room >> 1;
  return " ".repeat(before) + text + " ".repeat(room - before);
}

/** Mathematics in three dresses; `math` is LaTeX for math mode, without dollar signs. */
export interface Maths {
  readonly text: string;
  readonly html: string;
  readonly math: string;
}

/** Mathematics within text. */
export function inline({ text, html, math }: Maths): Rich {
  return { text, html, latex: `$${math}$` };
}

/** Pieces of mathematics side by side; strings are signs (`" = "`, `"("`) that look the same everywhere. */
export function formula(...parts: readonly (Maths | string)[]): Maths {
  const pieces = parts.map((part) => (typeof part === "string" ? sign(part) : part));
  return {
    text: pieces.map((piece) => piece.text).join(""),
    html: pieces.map((piece) => piece.html).join(""),
    math: pieces.map((piece) => piece.math).join(""),
  };
}

const mathSigns: Record<string, string> = { "·": "\\cdot ", "∂": "\\partial ", "−": "-", "…": "\\dots " };

function sign(text: string): Maths {
  return {
    text,
    html: escapeHtml(text),
    math: text.replace(/([·∂…]) ?|−/g, (match, character) => mathSigns[character ?? match]),
  };
}
