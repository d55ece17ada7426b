/**
 * Names in derivative programs: the user's own where there is one, else `w1`, `w2` …, each once, in a fixed order.
 */

const reserved = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static " +
    "super switch this throw true try typeof var void while with yield arguments undefined NaN Infinity Math Number Array " +
    "Float64Array Object Boolean rows tape top objects cotangent output outputs mostOutputs jacobian entries endOfTape"
  ).split(" "),
);

export class Names {
  private readonly taken: Set<string>;
  private numbered = 0;
  /** `outside` are names that are seen from where these are. */
  constructor(outside: Iterable<string> = []) {
    this.taken = new Set([...reserved, ...outside]);
  }

  /** A name that nothing else has, as near to the wished one as can be. */
  fresh(wish: string | null): string {
    if (wish === null) {
      for (;;) {
        const name = `w${++this.numbered}`;
        if (!this.taken.has(name)) return this.take(name);
      }
    }
    const clean = wish.replace(/[^\p{ID_Continue}$]/gu, "_").replace(/^(?=\d)/, "_");
    if (!this.taken.has(clean)) return this.take(clean);
    for (let k = 2; ; k++) {
      // a number that ends a name is set off from ours
      const name = /\d$/.test(clean) ? `${clean}_${k}` : `${clean}${k}`;
      if (!this.taken.has(name)) return this.take(name);
    }
  }
  /** The name of something, found when it is first asked for. */
  of<T>(known: Map<T, string>, thing: T, wish: () => string | null): string {
    let name = known.get(thing);
    if (name === undefined) {
      name = this.fresh(wish());
      known.set(thing, name);
    }
    return name;
  }
  private take(name: string): string {
    this.taken.add(name);
    return name;
  }
}
