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

/** What encloses the offset in a mark: characters that JSON escapes, and that need one byte as most programs do. */
const [markBegins, markEnds] = ["\x01", "\x02"];
/** Marks a place in inserted text: what follows the mark stems from the start of that node in the plain text. */
export const mark = (node: { start: number }): string => markBegins + node.start + markEnds;
/** A text as a string literal of inserted text, free of marks. */
export const literal = (text: string): string => JSON.stringify(text);

export function assemble(
  code: string,
  edits: readonly Edit[],
  tokens: readonly number[],
  file: string,
  input: SourceMapJson | null,
): { code: string; map: SourceMapJson } {
  const locate = positionsOf(code, input?.mappings ?? null);
  const lines: SourceMapMappings = [[]];
  let out = "";
  let column = 0;
  const map = (offset: number): void => {
    const at = locate(offset);
    if (at) lines[lines.length - 1].push([column, 0, at[0], at[1]]);
  };
  const insert = (text: string): void => {
    out += text;
    const broken = text.lastIndexOf("\n");
    if (broken >= 0) for (const c of text) if (c === "\n") lines.push([]);
    column = broken < 0 ? column + text.length : text.length - broken - 1;
  };
  const insertMarked = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf(markBegins); at >= 0; at = text.indexOf(markBegins, at + 1)) {
      let offset = 0;
      let end = at + 1;
      for (let c = text.charCodeAt(end); c >= 48 && c <= 57; c = text.charCodeAt(++end))
        offset = 10 * offset + c - 48;
      if (end === at + 1 || text[end] !== markEnds) continue; // the user's own character
      insert(text.slice(from, at));
      map(offset);
      from = end + 1;
    }
    insert(text.slice(from));
  };
  let position = 0;
  let token = 0;
  let lineEnd = code.indexOf("\n");
  const skip = (to: number): void => {
    for (; lineEnd >= 0 && lineEnd < to; lineEnd = code.indexOf("\n", lineEnd + 1)) {
      lines.push([]);
      column = 0;
      position = lineEnd + 1;
    }
    column += to - position;
    position = to;
  };
  const plain = (to: number): void => {
    out += code.slice(position, to);
    while (token < tokens.length && tokens[token] < position) token++;
    for (; token < tokens.length && tokens[token] < to; token++) {
      skip(tokens[token]);
      map(position);
    }
    skip(to);
  };
  for (const { at, text, remove } of [...edits].sort((a, b) => a.at - b.at)) {
    plain(at);
    insertMarked(text);
    if (remove) {
      position = at + remove;
      while (lineEnd >= 0 && lineEnd < position) lineEnd = code.indexOf("\n", lineEnd + 1);
    }
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
  const segments = mappings[line] ?? [];
  let low = 0; // the first segment behind the column
  for (let high = segments.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (segments[middle][0] > column) high = middle;
    else low = middle + 1;
  }
  for (let k = low - 1; k >= 0; k--) {
    const segment = segments[k];
    if (segment.length > 1) return [segment[2] as number, segment[3] as number];
  }
  return null;
}
