/**
 * Explanations: the derivative program beside the function, or the place that keeps the function from one.
 *
 * What: `explanationBundle`, as HTML (two panes that stand below each other where the page is narrow), as verbatim LaTeX
 * and as plain text. The same text for the same program, always.
 */
import type { Explanation, Obstacle, SourceText } from "../derive/index.ts";
import type { MimeBundle } from "../showable.ts";
import { highlighted } from "./code.ts";
import { escapeHtml, escapeLatex } from "./rich.ts";

/** A text with its caption; `mark` is a line of it, from 0, with the column of what is marked. */
interface Pane {
  readonly caption: string;
  readonly text: string;
  readonly mark: { readonly line: number; readonly column: number } | null;
}

export function explanationBundle(explanation: Explanation): MimeBundle {
  const heading = headingOf(explanation);
  const panes = panesOf(explanation);
  return {
    "text/html": toHtml(heading, panes),
    "text/latex": toLatex(heading, panes),
    "text/plain": toText(heading, panes),
  };
}

function headingOf(explanation: Explanation): string {
  const { kinds } = explanation;
  const given = kinds.length === 0 ? "no arguments" : `arguments: ${kinds.join(", ")}`;
  return `${explanation} (${given})`;
}

function panesOf({ name, mode, primal, source, obstacle }: Explanation): Pane[] {
  const panes: Pane[] = [];
  const place = obstacle?.place ?? null;
  if (primal) {
    const line = place && place.file === primal.file ? place.line - primal.line : -1;
    const inside = place !== null && line >= 0 && line < primal.text.split("\n").length;
    panes.push({
      caption: `${name || "the function"}, ${lineText(primal)}`,
      text: primal.text,
      mark: inside ? { line, column: columnIn(primal, line, place.column, obstacle as Obstacle) } : null,
    });
    if (!inside && place && obstacle?.line != null)
      panes.push({
        caption: `${place.file}, line ${place.line}`,
        text: obstacle.line.trimStart(),
        mark: {
          line: 0,
          column: place.column - 1 - (obstacle.line.length - obstacle.line.trimStart().length),
        },
      });
  }
  if (source !== null) panes.push({ caption: captions[mode], text: source, mark: null });
  return panes;
}
const captions: Readonly<Record<Explanation["mode"], string>> = {
  gradient: "its gradient: the adjoint program",
  valueAndGradient: "its value and gradient: the adjoint program",
  pullback: "its pullback: the adjoint program",
  pushforward: "its pushforward: the tangent program",
  product: "its Hessian-vector product: the adjoint of the tangent program",
  rows: "its Jacobian: the adjoint program, row by row",
  columns: "its Jacobian: the tangent program, several columns at once",
};

const lineText = ({ line }: SourceText): string => `line ${line}`;
/** Where a column of the file is in a line of the text, whose indentation may be another one. */
function columnIn({ text }: SourceText, line: number, column: number, { line: written }: Obstacle): number {
  const shown = text.split("\n")[line];
  const cut = written === null ? 0 : written.indexOf(shown);
  return Math.max(0, column - 1 - Math.max(0, cut));
}

// ---- HTML ----

const border = "1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.45))";
const css = {
  whole: "color: var(--jp-content-font-color1, inherit); font-size: var(--jp-content-font-size1, inherit)",
  heading: "margin: 0.4em 0",
  panes: "display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start",
  pane: "flex: 1 1 24em; min-width: 0; margin: 0",
  caption: "padding: 0.2em 0; color: var(--jp-content-font-color2, inherit)",
  code:
    `margin: 0; padding: 0.5em 0.7em; overflow-x: auto; white-space: pre; border: ${border}; ` +
    "background: var(--jp-cell-editor-background, transparent); color: inherit; line-height: 1.35; tab-size: 2; " +
    "font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 0.9em)",
};

function toHtml(heading: string, panes: readonly Pane[]): string {
  const pane = ({ caption, text, mark }: Pane): string =>
    [
      `<figure style="${css.pane}">`,
      `<figcaption style="${css.caption}">${escapeHtml(caption)}</figcaption>`,
      `<pre style="${css.code}"><code>${highlighted(text, mark?.line ?? null)}</code></pre>`,
      "</figure>",
    ].join("\n");
  return [
    `<div class="wengert-explanation" style="${css.whole}">`,
    `<p style="${css.heading}">${escapeHtml(heading)}</p>`,
    `<div style="${css.panes}">`,
    ...panes.map(pane),
    "</div>",
    "</div>",
  ].join("\n");
}

// ---- LaTeX and text ----

/** The text, with a caret under what is marked. */
function marked({ text, mark }: Pane): string {
  if (!mark) return text;
  const lines = text.split("\n");
  lines.splice(mark.line + 1, 0, `${" ".repeat(mark.column)}^`);
  return lines.join("\n");
}
function toLatex(heading: string, panes: readonly Pane[]): string {
  // nothing can end a verbatim but its own end
  const verbatim = (text: string): string => text.replaceAll("\\end{verbatim}", "\\end {verbatim}");
  return [
    `\\noindent ${escapeLatex(heading)}`,
    ...panes.flatMap((pane) => [
      "",
      `\\noindent\\textit{${escapeLatex(pane.caption)}}`,
      "\\begin{verbatim}",
      verbatim(marked(pane)),
      "\\end{verbatim}",
    ]),
  ].join("\n");
}
function toText(heading: string, panes: readonly Pane[]): string {
  return [heading, ...panes.flatMap((pane) => ["", `${pane.caption}:`, marked(pane)])].join("\n");
}
