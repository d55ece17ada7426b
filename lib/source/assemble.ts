/**
 * Putting annotated code together, with the way back to what the user wrote.
 *
 * What: insertions into a text, and the source map of the result: every token of the plain text and every mark in
 * inserted text is mapped. Reference: the source map specification (ECMA-426).
 */
import { decode, encode, type SourceMapMappings } from "@jridgewell/sourcemap-codec";

export interface Edit {
  at: number;
  text: string;
  /** How many characters of the plain text it takes the place of. */
  remove?: number;
}

export interface SourceMapJson {
  version: 3;
  file?: string;
  sources: string[];
  sourcesContent?: (string | null)[];
  names: string[];
  mappings: string;
}

/** A text as a string literal of inserted text, free of marks. */
export const literal = (text: string): string => JSON.stringify(text).replaceAll("\uE000", "\\ue000");
/** Marks a place of the plain program in inserted text. */
export const mark = (node: { start: number }): string => `\uE000${node.start}\uE001`;

/** A mark in inserted text, `\uE000<offset>\uE001`: what follows stems from that offset of the plain text. */
const markPattern = /\uE000(\d+)\uE001/g;

export function assemble(
  code: string,
  edits: Edit[],
  tokens: number[],
  file: string,
  input: SourceMapJson | null,
): { code: string; map: SourceMapJson } {
  const ordered = edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const locate = positionsOf(code, input?.mappings ?? null);
  const lines: SourceMapMappings = [[]];
  let out = "";
  let column = 0;
  const advance = (text: string): void => {
    out += text;
    for (let k = text.indexOf("\n"), from = 0; ; k = text.indexOf("\n", from)) {
      if (k < 0) {
        column += text.length - from;
        return;
      }
      lines.push([]);
      column = 0;
      from = k + 1;
    }
  };
  const map = (offset: number): void => {
    const at = locate(offset);
    if (at) lines[lines.length - 1].push([column, 0, at[0], at[1]]);
  };
  let position = 0;
  let token = 0;
  const plain = (to: number): void => {
    while (token < tokens.length && tokens[token] < position) token++;
    while (token < tokens.length && tokens[token] < to) {
      advance(code.slice(position, tokens[token]));
      position = tokens[token++];
      map(position);
    }
    advance(code.slice(position, to));
    position = to;
  };
  for (const { at, text, remove } of ordered) {
    plain(at);
    let from = 0;
    for (const mark of text.matchAll(markPattern)) {
      advance(text.slice(from, mark.index));
      map(Number(mark[1]));
      from = mark.index + mark[0].length;
    }
    advance(text.slice(from));
    if (remove) position = at + remove;
  }
  plain(code.length);
  return {
    code: out,
    map: {
      version: 3,
      sources: input?.sources.length ? input.sources : [file],
      sourcesContent: input?.sourcesContent ?? [code],
      names: [],
      mappings: encode(lines),
    },
  };
}

/** From an offset of `code` to line and column (from 0) of the text that it was made from, by the mappings given. */
export function positionsOf(
  code: string,
  encoded: string | null,
): (offset: number) => [number, number] | null {
  const starts = [0];
  for (let k = code.indexOf("\n"); k >= 0; k = code.indexOf("\n", k + 1)) starts.push(k + 1);
  const mappings = encoded === null ? null : decode(encoded);
  return (offset) => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    const column = offset - starts[low];
    return mappings ? lookUp(mappings, low, column) : [low, column];
  };
}

/** The original line and column (from 0) of a generated one, or null. */
export function lookUp(mappings: SourceMapMappings, line: number, column: number): [number, number] | null {
  const segments = mappings[line];
  if (!segments) return null;
  let found: [number, number] | null = null;
  for (const segment of segments) {
    if (segment[0] > column) break;
    if (segment.length > 1) found = [segment[2] as number, segment[3] as number];
  }
  return found;
}
