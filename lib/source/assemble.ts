/**
 * Putting annotated code together, with the way back to what the user wrote.
 *
 * What: insertions into a text, and the source map of the result: the mappings of the plain text go along with its
 * parts, and every mark in inserted text is mapped. Reference: the source map specification (ECMA-426).
 */
import { decode, encode, type SourceMapMappings, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

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

/** `input` is the map of the code to what it was made from. */
export function assemble(
  code: string,
  edits: readonly Edit[],
  file: string,
  input: SourceMapJson | null,
): { code: string; map: SourceMapJson } {
  if (input && edits.length === 0) return { code, map: input };
  const assembly = new Assembly(code, input ? decode(input.mappings) : identity(code));
  for (const { at, text, remove } of [...edits].sort((a, b) => a.at - b.at)) {
    assembly.copy(at);
    assembly.insert(text);
    if (remove) assembly.leaveOut(at + remove);
  }
  assembly.copy(code.length);
  return {
    code: assembly.text,
    map: {
      version: 3,
      sources: input?.sources.length ? input.sources : [file],
      sourcesContent: input?.sourcesContent ?? [code],
      names: [],
      mappings: encode(assembly.lines),
    },
  };
}

/** The mappings of a text to itself: of every number, every word, and every other character that is no space. */
const identity = (code: string): SourceMapMappings =>
  code
    .split("\n")
    .map((text, line) =>
      Array.from(text.matchAll(/\d[\w.]*|(?:\p{ID_Continue}|\$(?!\{))+|\S/gu), ({ index }) => [
        index,
        0,
        line,
        index,
      ]),
    );

/** A text that is put together from parts of a plain one, in their order, and what is inserted. */
class Assembly {
  text = "";
  readonly lines: SourceMapMappings = [[]];
  /** Where the next character goes in its line. */
  #column = 0;
  /** Where the next part of the plain text begins; its line, and which of the line's mappings come next. */
  #position = 0;
  #line = { number: 0, start: 0, end: 0, mappings: [] as SourceMapSegment[], next: 0 };
  /** Whether the part before does not go on here. */
  #parted = false;
  #locate: ReturnType<typeof locator> | null = null;

  constructor(
    private readonly code: string,
    private readonly mappings: SourceMapMappings,
  ) {
    this.#goTo(0, 0);
  }

  /** Goes on with the plain text, up to an offset. */
  copy(to: number): void {
    if (to <= this.#position) return;
    this.text += this.code.slice(this.#position, to);
    const { mappings, next, start } = this.#line;
    // what the mapping before stands for goes on behind what was inserted
    if (this.#parted && mappings[next]?.[0] !== this.#position - start) this.#map(mappings[next - 1]);
    this.#parted = false;
    while (to > this.#line.end) {
      this.#copyMappings(Infinity);
      this.#goTo(this.#line.number + 1, this.#line.end + 1);
      this.#break();
    }
    this.#copyMappings(to - this.#line.start);
    this.#column += to - this.#position;
    this.#position = to;
  }
  #copyMappings(end: number): void {
    const { mappings, start } = this.#line;
    const shift = this.#column - (this.#position - start);
    for (; this.#line.next < mappings.length; this.#line.next++) {
      const segment = mappings[this.#line.next];
      if (segment[0] >= end) return;
      this.#map(segment, segment[0] + shift);
    }
  }
  #map(segment: SourceMapSegment | undefined, column = this.#column): void {
    if (segment && segment.length > 1)
      this.lines[this.lines.length - 1].push([column, 0, segment[2] as number, segment[3] as number]);
  }
  #break(): void {
    this.lines.push([]);
    this.#column = 0;
  }

  /** Leaves the plain text out, up to an offset. */
  leaveOut(to: number): void {
    while (to > this.#line.end) this.#goTo(this.#line.number + 1, this.#line.end + 1);
    this.#position = to;
    const line = this.#line;
    while (line.next < line.mappings.length && line.mappings[line.next][0] < to - line.start) line.next++;
  }
  #goTo(number: number, start: number): void {
    const found = this.code.indexOf("\n", start);
    const end = found < 0 ? this.code.length : found;
    this.#line = { number, start, end, mappings: this.mappings[number] ?? [], next: 0 };
    this.#position = start;
  }

  insert(text: string): void {
    this.#parted = true;
    let from = 0;
    for (let at = text.indexOf(markBegins); at >= 0; at = text.indexOf(markBegins, at + 1)) {
      let offset = 0;
      let end = at + 1;
      for (let c = text.charCodeAt(end); c >= 48 && c <= 57; c = text.charCodeAt(++end))
        offset = 10 * offset + c - 48;
      if (end === at + 1 || text[end] !== markEnds) continue; // the user's own character
      this.#write(text.slice(from, at));
      this.#locate ??= locator(this.code, this.mappings);
      const place = this.#locate(offset);
      if (place) this.lines[this.lines.length - 1].push([this.#column, 0, ...place]);
      from = end + 1;
    }
    this.#write(text.slice(from));
  }
  #write(text: string): void {
    this.text += text;
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.#break();
      from = at + 1;
    }
    this.#column += text.length - from;
  }
}

/** From an offset of `code` to line and column (from 0) of the text that it was made from, by the mappings given. */
export const positionsOf = (code: string, encoded: string | null) =>
  locator(code, encoded === null ? null : decode(encoded));

function locator(
  code: string,
  mappings: SourceMapMappings | null,
): (offset: number) => [number, number] | null {
  const starts = [0];
  for (let k = code.indexOf("\n"); k >= 0; k = code.indexOf("\n", k + 1)) starts.push(k + 1);
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
