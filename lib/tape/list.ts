/**
 * The Wengert list of the outermost level: a structure of typed arrays.
 *
 * What: entries of two operands and two partials each, 24 bytes an entry, interleaved in chunks of 2^14 entries
 * (reused from one evaluation to the next), and the two sweeps over them. Why interleaved: a sweep reads operand and
 * partial together; why chunks: growth copies nothing. An operation of n operands is a chain of n-1 entries.
 * Inputs are the entries 1 … n and take no space; entry 0 stands for every passive operand.
 * Reference: Griewank & Walther (2008), section 4.2; measured in test/bench/tape.ts.
 */

export const chunkEntries = 1 << 14;

interface Chunk {
  readonly partials: Float64Array;
  readonly operands: Int32Array;
}

const pool: Chunk[] = [];
/** Chunks kept for the next evaluation: 2^20 entries, 24 MiB. */
const pooled = 64;

export class WengertList {
  /** The chunk that is written now: partials at 3k, 3k+1, operands at 6k+4, 6k+5 of the same bytes. */
  partials!: Float64Array;
  operands!: Int32Array;
  /** Entries in this chunk. */
  fill = chunkEntries;
  /** The index of this chunk's first entry. */
  base = 1;
  inputs = 0;
  private chunks: Chunk[] = [];

  /** The entries so far, entry 0 included. */
  get length(): number {
    return this.chunks.length === 0 ? this.inputs + 1 : this.base + this.fill;
  }
  /** Bytes of the entries (inputs take none). */
  get bytes(): number {
    return (this.length - 1 - this.inputs) * 24;
  }

  /** Makes room for inputs, before the first operation. Returns the index of the first. */
  addInputs(count: number): number {
    const first = this.inputs + 1;
    this.inputs += count;
    return first;
  }

  grow(): void {
    const chunk = pool.pop() ?? makeChunk();
    this.base = this.chunks.length === 0 ? this.inputs + 1 : this.base + chunkEntries;
    this.chunks.push(chunk);
    this.partials = chunk.partials;
    this.operands = chunk.operands;
    this.fill = 0;
  }

  /** Whether recording programs write entries themselves: on the outermost level, in tape mode. */
  open = false;
  /** The entry made last. */
  last = 0;

  /**
   * Makes an entry of two operands (0: passive) and returns where its partials go, or -1 where the recorder has to be
   * asked. Why in two steps: the partials are written in the recording program, so that no number crosses a call.
   */
  reserve(i0: unknown, i1: unknown): number {
    if (!this.open || typeof i0 !== "number" || typeof i1 !== "number") return -1;
    if (this.fill === chunkEntries) this.grow();
    const k = this.fill++;
    this.operands[6 * k + 4] = i0;
    this.operands[6 * k + 5] = i1;
    this.last = this.base + k;
    return 3 * k;
  }

  push(p0: number, i0: number, p1: number, i1: number): number {
    if (this.fill === chunkEntries) this.grow();
    const k = this.fill++;
    this.partials[3 * k] = p0;
    this.partials[3 * k + 1] = p1;
    this.operands[6 * k + 4] = i0;
    this.operands[6 * k + 5] = i1;
    return this.base + k;
  }

  /** Propagates adjoints from the last entry to the inputs. Strong zeros: see rules/numbers.ts. */
  reverse(adjoints: Float64Array): void {
    let base = this.base;
    for (let c = this.chunks.length - 1; c >= 0; c--) {
      const count = c === this.chunks.length - 1 ? this.fill : chunkEntries;
      sweepBack(this.chunks[c], count, base, adjoints);
      base -= chunkEntries;
    }
  }

  /** Propagates tangents from the inputs to the last entry. */
  forward(tangents: Float64Array): void {
    let base = this.inputs + 1;
    for (let c = 0; c < this.chunks.length; c++) {
      const count = c === this.chunks.length - 1 ? this.fill : chunkEntries;
      sweepOn(this.chunks[c], count, base, tangents);
      base += chunkEntries;
    }
  }

  /** Operands and partials of one entry (not an input). */
  operandsOf(entry: number): [operand: number, partial: number][] {
    const at = entry - 1 - this.inputs;
    const { partials, operands } = this.chunks[Math.floor(at / chunkEntries)];
    const k = at % chunkEntries;
    return [
      [operands[6 * k + 4], partials[3 * k]],
      [operands[6 * k + 5], partials[3 * k + 1]],
    ];
  }

  /** Gives the chunks back. */
  release(): void {
    for (const chunk of this.chunks) if (pool.length < pooled) pool.push(chunk);
    this.chunks = [];
  }
}

function makeChunk(): Chunk {
  const buffer = new ArrayBuffer(chunkEntries * 24);
  return { partials: new Float64Array(buffer), operands: new Int32Array(buffer) };
}

function sweepBack({ partials, operands }: Chunk, count: number, base: number, adjoints: Float64Array): void {
  for (let k = count - 1; k >= 0; k--) {
    const a = adjoints[base + k];
    if (a === 0) continue;
    const p0 = partials[3 * k];
    const p1 = partials[3 * k + 1];
    if (a - a === 0) {
      adjoints[operands[6 * k + 4]] += a * p0;
      adjoints[operands[6 * k + 5]] += a * p1;
    } else {
      if (p0 !== 0) adjoints[operands[6 * k + 4]] += a * p0;
      if (p1 !== 0) adjoints[operands[6 * k + 5]] += a * p1;
    }
  }
}

function sweepOn({ partials, operands }: Chunk, count: number, base: number, tangents: Float64Array): void {
  for (let k = 0; k < count; k++) {
    const t0 = tangents[operands[6 * k + 4]];
    const t1 = tangents[operands[6 * k + 5]];
    const p0 = partials[3 * k];
    const p1 = partials[3 * k + 1];
    tangents[base + k] = (t0 === 0 || p0 === 0 ? 0 : t0 * p0) + (t1 === 0 || p1 === 0 ? 0 : t1 * p1);
  }
}
