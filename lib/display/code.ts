/**
 * Program texts for readers: JavaScript and TypeScript, highlighted.
 *
 * What: `highlighted`, the HTML of a text by a small tokenizer of our own, in the colours of JupyterLab's editor. Why
 * small: keywords, numbers, texts and comments are what a reader looks for; nothing here understands the program. The
 * HTML holds no script and no style sheet; fallback colours have contrast on white and on black.
 * Reference: ECMA-262, section 12 (lexical grammar).
 */
import { escapeHtml } from "./rich.ts";

const keywords =
  "as async await break case catch class const continue debugger default delete do else enum export extends finally for from " +
  "function if implements import in instanceof interface let new of return satisfies static super switch this throw try " +
  "type typeof var void while with yield";
const constants = "true false null undefined NaN Infinity";
const builtins = "Math Array Float64Array Number Object Boolean number boolean string readonly";

const tokens = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/u,
    /(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)/u,
    /(?<number>(?<![\p{ID_Continue}$.])(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?))/u,
    /(?<word>(?<![.\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*)/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gsu",
);

/** What a stretch of a text is. */
type Token = "comment" | "string" | "number" | "keyword" | "constant" | "builtin";

const kindOfWord = new Map<string, Token>([
  ...keywords.split(" ").map((word): [string, Token] => [word, "keyword"]),
  ...constants.split(" ").map((word): [string, Token] => [word, "constant"]),
  ...builtins.split(" ").map((word): [string, Token] => [word, "builtin"]),
]);

const editor = (name: string, fallback: string): string =>
  `color: var(--jp-mirror-editor-${name}-color, ${fallback})`;
const styles: Readonly<Record<Token, string>> = {
  comment: `${editor("comment", "#5f8787")}; font-style: italic`,
  string: editor("string", "#c4544d"),
  number: editor("number", "#2a8a5a"),
  keyword: `${editor("keyword", "#1f8a3c")}; font-weight: bold`,
  constant: editor("atom", "#8a6fc0"),
  builtin: editor("builtin", "#3f7fbf"),
};

/** The stretches of a text that have a colour, and those between. */
export function* tokenized(text: string): Generator<{ readonly text: string; readonly token: Token | null }> {
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    const groups = match.groups as Record<string, string | undefined>;
    const token = groups.comment
      ? "comment"
      : groups.string
        ? "string"
        : groups.number
          ? "number"
          : (kindOfWord.get(match[0]) ?? null);
    if (token === null) continue;
    if (match.index > at) yield { text: text.slice(at, match.index), token: null };
    yield { text: match[0], token };
    at = match.index + match[0].length;
  }
  if (at < text.length) yield { text: text.slice(at), token: null };
}

/** A text as HTML; `mark` is the line, from 0, that stands out. */
export function highlighted(text: string, mark: number | null = null): string {
  let html = "";
  for (const { text: piece, token } of tokenized(text)) {
    // a colour ends with its line, so that lines can be told apart
    html += piece
      .split("\n")
      .map((line) =>
        token === null || line === ""
          ? escapeHtml(line)
          : `<span style="${styles[token]}">${escapeHtml(line)}</span>`,
      )
      .join("\n");
  }
  if (mark === null) return html;
  return html
    .split("\n")
    .map((line, k) =>
      k === mark
        ? `<mark style="color: inherit; background: var(--jp-warn-color3, rgba(255, 152, 0, 0.28))">${line}</mark>`
        : line,
    )
    .join("\n");
}
