/**
 * The free variables of a derivative program, as one closure of its function sees them.
 *
 * What: `FreeVariables` asks whether what the program takes for granted of them still holds, and reads the values that
 * it gets. Why for one closure: most names (functions, constants) keep their first value for as long as the closure
 * lives, so they are asked for once; the others at each call.
 */
import { type PlainFunction, plainFunctionOf } from "../source/sites.ts";
import type { ProgramText } from "./assemble.ts";
import type { Assumption } from "./lower/index.ts";

type Reference = Pick<Assumption, "holder" | "name" | "path">;

/** A reference whose value may change, with the value that it had. */
interface Watched {
  readonly reference: Reference;
  readonly value: unknown;
}

export class FreeVariables {
  /** The functions whose text is in the program, f first. */
  private readonly functions: (PlainFunction | undefined)[];
  private readonly watched: Watched[] = [];
  private readonly inputs: readonly Reference[];

  private constructor(
    f: PlainFunction,
    text: ProgramText,
    /** The question whether the values are of the kinds that the program is made for. */
    private readonly fits: ((values: readonly unknown[]) => boolean) | null,
  ) {
    this.functions = [f];
    this.inputs = text.freeInputs.map(({ input: { root, path } }) => {
      if (root.type !== "free") throw new Error("internal: a free input that is none");
      return { holder: root.holder, name: root.name, path: path as string[] };
    });
  }

  /** What a closure sees; null where an assumption of the program does not hold for it. */
  static of(
    f: PlainFunction,
    text: ProgramText,
    fits: ((values: readonly unknown[]) => boolean) | null,
  ): FreeVariables | null {
    const free = new FreeVariables(f, text, fits);
    for (const assumption of text.lowering.assumptions) if (!free.assume(assumption)) return null;
    return free.values() ? free : null;
  }
  private assume(assumption: Assumption): boolean {
    const value = this.read(assumption);
    const { functionHolder, holder, name, path } = assumption;
    if (functionHolder) {
      const g = value === assumption.value ? functionHolder.f : plainFunctionOf(value);
      if (g?.site !== functionHolder.site) return false;
      this.functions[functionHolder.index] ??= g;
      // a function that the program meets by two names is one
      if (!this.functions[functionHolder.index]?.isSame(g)) return false;
    } else if (!Object.is(value, assumption.value)) return false;
    const { site } = this.functions[holder] as PlainFunction;
    const keeps = path.length === 0 && site.numberOf(name) !== undefined && !site.mutable.includes(name);
    if (!keeps) this.watched.push({ reference: assumption, value });
    return true;
  }
  private read({ holder, name, path }: Reference): unknown {
    let value = (this.functions[holder] as PlainFunction).read(name);
    for (const key of path) value = (value as Record<string, unknown>)[key];
    return value;
  }

  /** The current values; null where they are others than the program is made for. */
  values(): unknown[] | null {
    for (const { reference, value } of this.watched) if (!Object.is(this.read(reference), value)) return null;
    if (this.inputs.length === 0) return none;
    const values = this.inputs.map((input) => this.read(input));
    return this.fits === null || this.fits(values) ? values : null;
  }
}
const none: unknown[] = [];
