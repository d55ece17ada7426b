/**
 * What was run in this session, and the answers to `history_request`.
 *
 * Reference: "Messaging in Jupyter", History; IPython's meaning of ranges (session 0 is the current one) and globs.
 */

interface Entry {
  line: number;
  input: string;
  output: string | null;
}

const session = 1;

export class History {
  readonly #entries: Entry[] = [];

  add(line: number, input: string): Entry {
    const entry: Entry = { line, input, output: null };
    this.#entries.push(entry);
    return entry;
  }

  /** The rows that a request asks for: `[session, line, input]`, or with output `[session, line, [input, output]]`. */
  answer(request: Record<string, any>): unknown[] {
    const found = this.#find(request);
    return found.map(({ line, input, output }) => [session, line, request.output ? [input, output] : input]);
  }

  #find(request: Record<string, any>): Entry[] {
    const { hist_access_type: type, n } = request;
    if (type === "range") {
      const wanted = request.session ?? 0;
      if (wanted !== 0 && wanted !== session) return [];
      const start = request.start ?? 1;
      const stop = request.stop ?? Number.POSITIVE_INFINITY;
      return this.#entries.filter(({ line }) => line >= start && line < stop);
    }
    const last = (entries: Entry[]) =>
      n === undefined || n === null ? entries : n > 0 ? entries.slice(-n) : [];
    if (type === "search") {
      const pattern = globPattern(request.pattern ?? "*");
      let entries = this.#entries.filter(({ input }) => pattern.test(input));
      if (request.unique) {
        const latest = new Map(entries.map((entry) => [entry.input, entry]));
        entries = entries.filter((entry) => latest.get(entry.input) === entry);
      }
      return last(entries);
    }
    return last(this.#entries);
  }
}

/** A glob with `*`, `?` and `[…]`, which must match the whole input. */
export function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[[^\]]+\]|[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    if (part.length > 1) return `[${part.slice(1, -1).replace(/\\/g, "\\\\").replace(/^!/, "^")}]`;
    return part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
