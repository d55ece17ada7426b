/**
 * Polynomials in named quantities, as far as comparing indices needs them.
 *
 * What: sums and products; what a quantity is multiplied by. Why our own: the few indices of a program have two or three
 * terms, and mathjs would take longer to parse them than all else takes together.
 */
export interface Term<S> {
  readonly factors: readonly S[];
  readonly coefficient: number;
}

export class Polynomial<S extends { readonly name: string }> {
  /** By the names of the factors. */
  readonly terms: ReadonlyMap<string, Term<S>>;
  private constructor(terms: Iterable<Term<S>>) {
    const byFactors = new Map<string, Term<S>>();
    for (const { factors, coefficient } of terms) {
      const sorted = factors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const key = sorted.map(({ name }) => name).join(" ");
      const sum = coefficient + (byFactors.get(key)?.coefficient ?? 0);
      if (sum === 0) byFactors.delete(key);
      else byFactors.set(key, { factors: sorted, coefficient: sum });
    }
    this.terms = byFactors;
  }
  static of<S extends { readonly name: string }>(coefficient: number, ...factors: S[]): Polynomial<S> {
    return new Polynomial([{ factors, coefficient }]);
  }

  plus(other: Polynomial<S>): Polynomial<S> {
    return new Polynomial([...this.terms.values(), ...other.terms.values()]);
  }
  minus(other: Polynomial<S>): Polynomial<S> {
    return this.plus(other.times(Polynomial.of(-1)));
  }
  times(other: Polynomial<S>): Polynomial<S> {
    const products = [...this.terms.values()].flatMap((a) =>
      [...other.terms.values()].map((b) => ({
        factors: [...a.factors, ...b.factors],
        coefficient: a.coefficient * b.coefficient,
      })),
    );
    return new Polynomial(products);
  }
  get quantities(): S[] {
    return [...new Set([...this.terms.values()].flatMap(({ factors }) => factors))];
  }
  /** What a quantity is multiplied by, and the rest; null where it stands in a power. */
  by(quantity: S): { factor: Polynomial<S>; rest: Polynomial<S> } | null {
    const [factor, rest]: Term<S>[][] = [[], []];
    for (const term of this.terms.values()) {
      const others = term.factors.filter((f) => f !== quantity);
      if (others.length === term.factors.length) rest.push(term);
      else if (others.length < term.factors.length - 1) return null;
      else factor.push({ factors: others, coefficient: term.coefficient });
    }
    return { factor: new Polynomial(factor), rest: new Polynomial(rest) };
  }
}
