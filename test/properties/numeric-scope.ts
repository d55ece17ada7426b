/**
 * What the text of a random program is grown from: whole numbers that decide, and the names that can be seen.
 */

export type Type =
  | { readonly t: "number" }
  /** A counter, which is below some number. */
  | { readonly t: "counter"; readonly below: number }
  | {
      readonly t: "list";
      readonly of: Type;
      readonly least: number;
      readonly floats: boolean;
      readonly own: boolean;
    }
  | { readonly t: "record"; readonly members: Readonly<Record<string, Type>> };
export type ListType = Type & { t: "list" };

/** A function outside of f. */
export interface Helper {
  readonly name: string;
  readonly takes: "two" | "list";
  readonly gives: "number" | "list" | "nothing";
}
export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly constant: boolean;
}
export interface Term<T extends Type = Type> {
  readonly text: string;
  readonly type: T;
}
export const number: Type = { t: "number" };
export const list = (of: Type, least: number, own = false, floats = false): ListType => ({
  t: "list",
  of,
  least,
  own,
  floats,
});
export const numbers = (least: number, own = false, floats = false) => list(number, least, own, floats);
export const record = (members: Record<string, Type>): Type => ({ t: "record", members });

export abstract class Scope {
  protected at = 0;
  protected scope: Variable[] = [];
  protected readonly helpers: Helper[] = [];
  protected named = 0;
  /** Loops and callbacks around. */
  protected nest = 0;
  /** Jumps that are possible here. */
  protected jumps: string[] = [];
  protected result: ((depth: number) => string) | null = null;
  protected room = 60;

  constructor(protected readonly choices: readonly number[]) {}

  protected choose(n: number): number {
    return (this.choices[this.at++] ?? 0) % n;
  }
  protected oneOf<T>(items: readonly T[]): T {
    return items[this.choose(items.length)];
  }
  protected chance(n: number): boolean {
    return this.choose(n) === n - 1;
  }
  protected name(base: string): string {
    return `${base}${this.named++}`;
  }
  protected declare(name: string, type: Type, constant = false): void {
    this.scope.push({ name, type, constant });
  }
  /** Runs with the names that are declared inside forgotten afterwards. */
  protected inside<T>(run: () => T): T {
    const { scope, jumps, nest } = this;
    this.scope = [...scope];
    try {
      return run();
    } finally {
      this.scope = scope;
      this.jumps = jumps;
      this.nest = nest;
    }
  }

  /** A number, by an expression of at most some depth. */
  abstract number(depth: number): string;

  // ---- places ----

  protected variables(is: (v: Variable) => boolean): Variable[] {
    return this.scope.filter(is);
  }
  protected index(text: string, { least }: ListType): string {
    const counters = this.variables((v) => v.type.t === "counter");
    if (counters.length === 0 || this.chance(3)) {
      const form = this.choose(12);
      if (form === 10) return `${text}.length - 1`;
      if (form === 11) return `Math.floor(Math.abs(${this.number(1)})) % ${text}.length`;
      if (least > 0) return String(this.choose(40) === 39 ? least : this.choose(least));
      return `${this.choose(3)} % ${text}.length`;
    }
    const i = this.oneOf(counters);
    const { below } = i.type as Type & { t: "counter" };
    const form = this.choose(8);
    if (form < 4 && below <= least) return i.name;
    if (form === 4 && below < least) return `${i.name} + 1`;
    if (form === 5) return `${text}.length - 1 - (${i.name} % ${text}.length)`;
    if (form === 6) return `(${i.name} * 2 + ${this.choose(3)}) % ${text}.length`;
    return `(${i.name} + ${this.choose(4)}) % ${text}.length`;
  }
  /** Something of a kind inside of a variable. */
  protected inner(want: Type["t"], is: (v: Variable) => boolean, writable: boolean): Term | null {
    const reaches = (type: Type): boolean =>
      type.t === want ||
      (type.t === "list" && reaches(type.of)) ||
      (type.t === "record" && Object.values(type.members).some(reaches));
    const candidates = this.variables((v) => is(v) && reaches(v.type));
    if (candidates.length === 0) return null;
    const v = this.oneOf(candidates);
    let [text, type]: [string, Type] = [v.name, v.type];
    while (type.t !== want || (want === "list" && reaches((type as ListType).of) && this.chance(2))) {
      if (type.t === "list") [text, type] = [`${text}[${this.index(text, type)}]`, type.of];
      else if (type.t === "record") {
        const keys = Object.entries(type.members).filter(([, t]) => reaches(t));
        const [key, t] = this.oneOf(keys);
        [text, type] = [`${text}.${key}`, t];
      } else return null;
    }
    if (writable && text === v.name && v.constant) return null;
    return { text, type };
  }
  protected place(): string {
    const writes = (v: Variable) => !isReadOnly(v.type) && (v.type.t !== "number" || !v.constant);
    return this.inner("number", writes, true)?.text ?? "s";
  }
  /** A list of numbers that is there. */
  protected known(own = false): Term<ListType> | null {
    const found = this.inner(
      "list",
      (v) => !own || (v.type.t === "list" && v.type.own),
      false,
    ) as Term<ListType> | null;
    return found && found.type.of.t === "number" && (!own || found.type.own) ? found : null;
  }
}

/** Whether a variable is outside of the function: their names are capital. */
export function isFree({ name }: Variable): boolean {
  return /^[A-Z]/.test(name);
}
/** Lists outside of the function are not written to. */
export function readOnly(type: Type): Type {
  return type.t === "list" ? Object.assign({ ...type }, { readOnly: true }) : type;
}
export function isReadOnly(type: Type): boolean {
  return (type as { readOnly?: boolean }).readOnly === true;
}
