/**
 * Random numeric programs, for the comparison of the two engines: functions of numbers, lists, nested lists,
 * Float64Arrays and records, with the loops, jumps, writes in place, aliases, callbacks and closures that numerical
 * code is made of.
 *
 * A program is grown from a list of whole numbers, each of which decides one thing; where the list has ended, the
 * simplest form is taken. So every list is a program, and a shorter list of smaller numbers a simpler one: fast-check
 * shrinks programs by shrinking lists. Nothing in it knows the library: what a program means is what JavaScript says.
 */

type Type =
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
type ListType = Type & { t: "list" };

interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly constant: boolean;
}
interface Term<T extends Type = Type> {
  readonly text: string;
  readonly type: T;
}

export interface NumericProgram {
  readonly text: string;
  /** Arguments at two points, whose flat lists have different lengths. */
  readonly points: readonly (readonly unknown[])[];
  /** Positions to differentiate by, beside all of them. */
  readonly wrt: readonly number[];
}

const number: Type = { t: "number" };
const list = (of: Type, least: number, own = false, floats = false): ListType => ({
  t: "list",
  of,
  least,
  own,
  floats,
});
const numbers = (least: number, own = false, floats = false) => list(number, least, own, floats);
const record = (members: Record<string, Type>): Type => ({ t: "record", members });

const parameters: readonly Term[] = [
  { text: "x", type: number },
  { text: "v", type: numbers(3) },
  { text: "m", type: list(numbers(2), 2) },
  { text: "a", type: numbers(3, false, true) },
  { text: "r", type: record({ p: number, q: numbers(2), in: number }) },
  { text: "ps", type: list(record({ x: number, y: number }), 2) },
  { text: "y", type: number },
  { text: "c", type: list(list(numbers(2), 2), 2) },
];

export function grow(choices: readonly number[]): NumericProgram {
  return new Grower(choices).program();
}

class Grower {
  private at = 0;
  private scope: Variable[] = [];
  private readonly helpers: { name: string; takes: string; gives: "number" | "list" | "nothing" }[] = [];
  private named = 0;
  /** Loops and callbacks around. */
  private nest = 0;
  /** Jumps that are possible here. */
  private jumps: string[] = [];
  private result: ((depth: number) => string) | null = null;
  private room = 60;

  constructor(private readonly choices: readonly number[]) {}

  private choose(n: number): number {
    return (this.choices[this.at++] ?? 0) % n;
  }
  private oneOf<T>(items: readonly T[]): T {
    return items[this.choose(items.length)];
  }
  private chance(n: number): boolean {
    return this.choose(n) === n - 1;
  }
  private name(base: string): string {
    return `${base}${this.named++}`;
  }
  private declare(name: string, type: Type, constant = false): void {
    this.scope.push({ name, type, constant });
  }
  /** Runs with the names that are declared inside forgotten afterwards. */
  private inside<T>(run: () => T): T {
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

  program(): NumericProgram {
    const lines = ["const K = 0.7;", "const W = [0.3, -0.5, 0.9];", "const R = { u: 0.4, v: [1.5, -0.2] };"];
    const free: Variable[] = [
      { name: "K", type: number, constant: true },
      { name: "W", type: numbers(3), constant: true },
      { name: "R.v", type: numbers(2), constant: true },
      { name: "R.u", type: number, constant: true },
    ];
    for (let k = this.choose(4); k > 0; k--) lines.push(this.helper(free));
    const taken: Term[] = [];
    for (let k = 1 + this.choose(3); k > 0; k--) {
      const p = this.oneOf(parameters);
      if (!taken.includes(p)) taken.push(p);
    }
    this.room = 45;
    this.scope = [...free.map((v) => ({ ...v, type: readOnly(v.type) }))];
    const heads = taken.map((p) => this.parameter(p));
    const kind = this.choose(6);
    this.result = (depth) => {
      if (kind < 3) return this.number(depth);
      if (kind === 3) return this.list(depth).text;
      if (kind === 4) return `{ u: ${this.number(depth)}, w: ${this.list(depth).text} }`;
      return `[${this.number(depth)}, ${this.number(depth)}]`;
    };
    const body = [`let s = ${this.number(1)};`];
    this.declare("s", number);
    body.push(...this.statements(3 + this.choose(6), 3));
    body.push(`return ${this.result(3)};`);
    lines.push(`function f(${heads.join(", ")}) {`, ...body.map((l) => `  ${l}`), "}", "return f;");
    return {
      text: `${lines.join("\n")}\n`,
      points: [0, 1].map((more) => taken.map(({ type }) => this.value(type, more))),
      wrt: [this.choose(taken.length)],
    };
  }
  private parameter({ text, type }: Term): string {
    if (text === "r" && this.chance(3)) {
      this.declare("p", number);
      this.declare("q", numbers(2));
      return "{ p, q }";
    }
    if (text === "v" && this.chance(5)) {
      this.declare("v0", number);
      this.declare("vs", numbers(2, true));
      return "[v0, ...vs]";
    }
    this.declare(text, type);
    return text;
  }
  private value(type: Type, more: number): unknown {
    const number = () => (this.choose(33) - 16) / 8 + 0.03;
    switch (type.t) {
      case "list": {
        const n = type.least + (type.of.t === "number" ? more * (1 + this.choose(2)) : more * this.choose(2));
        const items = Array.from({ length: n }, () => this.value(type.of, type.of.t === "list" ? more : 0));
        return type.floats ? Float64Array.from(items as number[]) : items;
      }
      case "record":
        return Object.fromEntries(Object.entries(type.members).map(([key, t]) => [key, this.value(t, more)]));
      default:
        return number();
    }
  }
  private helper(free: Variable[]): string {
    const name = `h${this.helpers.length}`;
    const kind = this.choose(5);
    this.scope = free.map((v) => ({ ...v, type: readOnly(v.type) }));
    this.room = 8;
    let text: string;
    if (kind < 2) {
      this.declare("b", number);
      this.declare("d", number);
      text = `const ${name} = (b, d) => ${this.number(3)};`;
      this.helpers.push({ name, takes: "two", gives: "number" });
    } else {
      this.declare("l", numbers(1));
      this.declare("b", number);
      const gives = (["number", "list", "nothing"] as const)[kind - 2];
      this.result =
        gives === "number" ? (d) => this.number(d) : gives === "list" ? (d) => this.list(d).text : () => "";
      this.declare("s", number);
      const body = this.inside(() => [
        "let s = b;",
        ...this.statements(2 + this.choose(2), 2),
        `return ${this.result?.(2)};`,
      ]);
      text = `function ${name}(l, b) {\n${body.map((line) => `  ${line}`).join("\n")}\n}`;
      this.helpers.push({ name, takes: "list", gives });
    }
    return text;
  }

  // ---- places ----

  private variables(is: (v: Variable) => boolean): Variable[] {
    return this.scope.filter(is);
  }
  private index(text: string, { least }: ListType): string {
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
  private inner(want: Type["t"], is: (v: Variable) => boolean, writable: boolean): Term | null {
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
  private place(): string {
    const writes = (v: Variable) => !isReadOnly(v.type) && (v.type.t !== "number" || !v.constant);
    return this.inner("number", writes, true)?.text ?? "s";
  }
  /** A list of numbers that is there. */
  private known(own = false): Term<ListType> | null {
    const found = this.inner(
      "list",
      (v) => !own || (v.type.t === "list" && v.type.own),
      false,
    ) as Term<ListType> | null;
    return found && found.type.of.t === "number" && (!own || found.type.own) ? found : null;
  }

  // ---- expressions ----

  number(depth: number): string {
    if (depth <= 0 || this.room-- <= 0) return this.leaf();
    const n = () => this.number(depth - 1);
    switch (this.choose(26)) {
      case 0:
      case 1:
      case 2:
        return this.leaf();
      case 3:
      case 4:
        return `(${n()} + ${n()})`;
      case 5:
        return `(${n()} - ${n()})`;
      case 6:
      case 7:
        return `(${n()} * ${n()})`;
      case 8:
        return `(${n()} / (1.5 + ${n()} ** 2))`;
      case 9:
        return `Math.${this.oneOf(["sin", "cos", "tanh", "atan", "abs", "expm1", "floor", "sign"])}(${this.chance(3) ? n() : `0.5 * ${n()}`})`;
      case 10:
        return `Math.${this.oneOf(["sqrt", "log", "log1p", "cbrt"])}(0.6 + Math.abs(${n()}))`;
      case 11:
        return `Math.exp(-(${n()} ** 2))`;
      case 12:
        return `Math.${this.oneOf(["max", "min", "hypot", "atan2"])}(${n()}, ${n()})`;
      case 13:
        return `(${this.condition(depth - 1)} ? ${n()} : ${n()})`;
      case 14:
        return `(-${this.leaf()}) ** ${this.oneOf([2, 3, 4])}`.replace(/^/, "(").concat(")");
      case 15: {
        const h = this.helpers.filter((x) => x.gives === "number");
        if (h.length === 0 || this.nest > 1) return n();
        const { name, takes } = this.oneOf(h);
        if (takes === "two") return `${name}(${n()}, ${n()})`;
        return `${name}(${this.list(depth - 1, true).text}, ${n()})`;
      }
      case 16:
        return this.reduced(depth);
      case 17: {
        const l = this.list(depth - 1);
        if (l.type.least === 0) return n();
        return `Math.${this.oneOf(["max", "min", "hypot"])}(...${l.text})`;
      }
      case 18: {
        const l = this.list(depth - 1);
        return l.type.least > 0 ? `${l.text}[${this.choose(l.type.least)}]` : n();
      }
      case 19: {
        if (this.chance(2)) return n();
        return `(${this.place()} ${this.oneOf(["=", "+=", "*="])} ${n()})`;
      }
      case 20: {
        const l = this.known();
        if (!l) return n();
        return this.oneOf([
          `(${l.text}[${this.choose(6)}] ?? ${n()})`,
          `${l.text}.at(-1)`,
          `${l.text}.length`,
        ]);
      }
      case 21: {
        if (this.nest > 2) return n();
        return this.inside(() => {
          const { result } = this;
          this.result = (d) => this.number(d);
          this.jumps = [];
          const body = [...this.statements(1 + this.choose(2), 1), `return ${this.number(1)};`].join(" ");
          this.result = result;
          return `(() => { ${body} })()`;
        });
      }
      case 22:
        return `(${n()} ${this.oneOf(["+", "*"])} K)`;
      case 23: {
        const p = this.place();
        return `${p}${this.oneOf(["++", "--"])}`;
      }
      case 24:
        return `Math.pow(${n()}, ${this.oneOf(["2", "3"])})`;
      default:
        return `(${this.condition(depth - 1)} && ${this.condition(depth - 1)} ? ${n()} : ${n()})`;
    }
  }
  private leaf(): string {
    const numbersAround = this.variables((v) => v.type.t === "number");
    switch (this.choose(8)) {
      case 0:
      case 1:
        return numbersAround.length > 0 ? this.oneOf(numbersAround).name : "0.5";
      case 2:
      case 3:
      case 4:
        return this.inner("number", () => true, false)?.text ?? "1.25";
      case 5:
        return this.oneOf(["0.5", "2", "(-1.25)", "0.1", "3", "1", "0"]);
      case 6: {
        const counters = this.variables((v) => v.type.t === "counter");
        return counters.length > 0 ? this.oneOf(counters).name : "0.75";
      }
      default:
        return numbersAround.at(-1)?.name ?? "0.25";
    }
  }
  private condition(depth: number): string {
    const n = () => this.number(depth);
    switch (this.choose(10)) {
      case 0: {
        const l = this.known();
        if (l) return `${l.text}.${this.oneOf(["some", "every"])}((e) => e > ${this.leaf()})`;
        return `${n()} > ${n()}`;
      }
      case 1:
        return `!(${n()} > ${n()})`;
      case 2: {
        const counters = this.variables((v) => v.type.t === "counter");
        return counters.length > 0 ? `${this.oneOf(counters).name} % 2 === ${this.choose(2)}` : `${n()} < 1`;
      }
      case 3:
        return `(${n()} > 0 || ${n()} < ${n()})`;
      case 4:
        return `${n()} >= ${n()}`;
      default:
        return `${n()} > ${n()}`;
    }
  }
  private reduced(depth: number): string {
    const l = this.known();
    if (!l || this.nest > 2) return this.leaf();
    return this.inside(() => {
      this.nest++;
      const [sum, e, k] = [this.name("t"), this.name("e"), this.name("k")];
      const start = this.number(1);
      this.declare(sum, number, true);
      this.declare(e, number, true);
      this.declare(k, { t: "counter", below: 99 }, true);
      return `${l.text}.reduce((${sum}, ${e}, ${k}) => ${this.oneOf([`${sum} + `, "", `${sum} * 0.5 + `])}${this.number(depth - 1)}, ${start})`;
    });
  }
  /** A list of numbers; `mine` asks for one that may be written to. */
  private list(depth: number, mine = false): Term<ListType> {
    const n = () => this.number(Math.max(0, depth - 1));
    const literal = (): Term<ListType> => {
      const items = Array.from({ length: 2 + this.choose(2) }, n);
      return { text: `[${items.join(", ")}]`, type: numbers(items.length, true) };
    };
    const writes = (v: Term<ListType> | null) => (v && (!mine || !/^(W|R)/.test(v.text)) ? v : null);
    if (depth <= 0 || this.room-- <= 0) return writes(this.known()) ?? literal();
    const l = this.known();
    if (!l) return literal();
    const { floats, least } = l.type;
    switch (this.choose(16)) {
      case 0:
      case 1:
        return literal();
      case 2:
      case 3:
        return { text: this.mapped(l, depth), type: numbers(least, !floats, floats) };
      case 4:
        return { text: `${l.text}.slice()`, type: numbers(least, !floats, floats) };
      case 5:
        return { text: `[...${l.text}, ${n()}]`, type: numbers(least + 1, true) };
      case 6: {
        const count = this.oneOf(["2", "3", `${l.text}.length`]);
        const floor = count === "2" ? 2 : count === "3" ? 3 : least;
        return this.inside(() => {
          this.nest++;
          const k = this.name("k");
          this.declare(k, { t: "counter", below: floor || 9 }, true);
          return {
            text: `Array.from({ length: ${count} }, (_, ${k}) => ${this.number(depth - 1)})`,
            type: numbers(floor, true),
          };
        });
      }
      case 7: {
        const count = this.oneOf(["3", `${l.text}.length`]);
        return {
          text: this.oneOf([
            `new Array(${count}).fill(${this.oneOf(["0", "1", "0.5"])})`,
            `new Float64Array(${count})`,
            `new Array(${count}).fill(${n()})`,
          ]),
          type: numbers(count === "3" ? 3 : least),
        };
      }
      case 8:
        return this.inside(() => {
          const e = this.name("e");
          this.declare(e, number, true);
          return {
            text: `${l.text}.filter((${e}) => ${this.condition(0)})`,
            type: numbers(0, !floats, floats),
          };
        });
      case 9: {
        const h = this.helpers.filter((x) => x.gives === "list");
        if (h.length === 0 || this.nest > 1) return literal();
        const given = this.list(depth - 1, true);
        return { text: `${this.oneOf(h).name}(${given.text}, ${n()})`, type: numbers(0) };
      }
      case 10: {
        const other = this.list(depth - 1, mine);
        if (other.type.floats !== floats || !writes(l)) return literal();
        return {
          text: `(${this.condition(0)} ? ${l.text} : ${other.text})`,
          type: numbers(Math.min(least, other.type.least), false, floats),
        };
      }
      case 11:
        return {
          text: `${l.text}.slice(${this.choose(2)}${this.chance(2) ? `, ${2 + this.choose(2)}` : ""})`,
          type: numbers(0, !floats, floats),
        };
      case 12: {
        const other = this.known();
        return other && !floats && !other.type.floats
          ? { text: `${l.text}.concat(${other.text})`, type: numbers(least + other.type.least, true) }
          : literal();
      }
      case 13:
        return { text: `Float64Array.from(${l.text})`, type: numbers(least, false, true) };
      case 14:
        return { text: `${l.text}.slice().reverse()`, type: numbers(least, !floats, floats) };
      default:
        return writes(l) ?? literal();
    }
  }
  private mapped(l: Term<ListType>, depth: number): string {
    return this.inside(() => {
      this.nest++;
      const [e, k] = [this.name("e"), this.name("k")];
      this.declare(e, number, true);
      this.declare(k, { t: "counter", below: l.type.least || 9 }, true);
      return `${l.text}.map((${e}, ${k}) => ${this.nest > 3 ? `${e} * 0.5` : this.number(depth - 1)})`;
    });
  }
  /** A list of lists. */
  private matrix(): Term<ListType> {
    const m = this.inner(
      "list",
      (v) => v.type.t === "list" && v.type.of.t === "list" && v.type.of.of.t === "number",
      false,
    );
    const whole = m && m.type.t === "list" && m.type.of.t === "list" ? m : null;
    const type = (least: number, inner: number) => list(numbers(inner), least);
    switch (whole ? this.choose(7) : 6 + this.choose(2)) {
      case 0:
      case 1:
        return { text: `${whole?.text}.map((row) => row.slice())`, type: type(2, 2) };
      case 2: {
        const inner = this.inside(() => {
          this.declare("row", numbers(2), true);
          this.nest++;
          return this.mapped({ text: "row", type: numbers(2) }, 2);
        });
        return { text: `${whole?.text}.map((row) => ${inner})`, type: type(2, 2) };
      }
      case 3:
        return whole as Term<ListType>;
      case 4:
        return { text: `[...(${whole?.text})]`, type: type(2, 2) };
      case 7:
      case 5:
        return this.inside(() => {
          const k = this.name("k");
          this.declare(k, { t: "counter", below: 2 }, true);
          this.nest++;
          return {
            text: `Array.from({ length: 2 }, (_, ${k}) => [${this.number(1)}, ${this.number(1)}])`,
            type: type(2, 2),
          };
        });
      default: {
        const [a, b] = [this.list(1, true), this.list(1, true)];
        if (a.type.floats || b.type.floats) return { text: "[[0.5, 1], [s, 2]]", type: type(2, 2) };
        return { text: `[${a.text}, ${b.text}]`, type: type(2, Math.min(a.type.least, b.type.least)) };
      }
    }
  }

  // ---- statements ----

  private statements(count: number, depth: number): string[] {
    const lines: string[] = [];
    for (let k = 0; k < count && this.room > 0 && this.at < this.choices.length; k++)
      lines.push(...this.statement(depth));
    return lines;
  }
  private block(depth: number): string[] {
    return this.inside(() => this.statements(1 + this.choose(3), depth - 1).map((l) => `  ${l}`));
  }
  private statement(depth: number): string[] {
    this.room--;
    const n = () => this.number(2);
    const deep = depth > 0 && this.nest < 3;
    switch (this.choose(deep ? 30 : 17)) {
      case 0:
      case 1:
        return [`${this.place()} ${this.oneOf(["=", "+=", "-=", "*="])} ${n()};`];
      case 2:
      case 3: {
        const name = this.name("z");
        const line = `let ${name} = ${n()};`;
        this.declare(name, number);
        return [line];
      }
      case 4:
      case 5:
      case 6: {
        const name = this.name("l");
        const { text, type } = this.list(2, true);
        this.declare(name, type);
        return [`let ${name} = ${text};`];
      }
      case 7: {
        const name = this.name("g");
        const { text, type } = this.matrix();
        this.declare(name, type);
        return [`let ${name} = ${text};`];
      }
      case 8: {
        const name = this.name("o");
        const members = { p: number, q: numbers(2) };
        const q = this.list(1, true);
        const line = `const ${name} = { p: ${n()}, q: ${q.text} };`;
        this.declare(name, record({ ...members, q: { ...q.type, own: false } }), true);
        return [line];
      }
      case 9: {
        const own = this.known(true);
        if (!own || this.choose(3) === 2) return [`s += ${n()};`];
        return [`if (${own.text}.length < 8) ${own.text}.push(${n()});`];
      }
      case 10: {
        const [a, b] = [this.place(), this.place()];
        return [`[${a}, ${b}] = [${b}, ${this.oneOf([a, a, n()])}];`];
      }
      case 11: {
        const lists = this.variables(
          (v) => v.type.t === "list" && v.type.of.t === "number" && !v.constant && !isReadOnly(v.type),
        );
        if (lists.length === 0) return [`s *= ${n()};`];
        const v = this.oneOf(lists);
        const { least, floats } = v.type as ListType;
        const to = this.list(2, true);
        if (to.type.floats !== floats || to.type.least < least) {
          const other = this.oneOf(lists);
          const o = other.type as ListType;
          return o.floats === floats && o.least === least
            ? [`[${v.name}, ${other.name}] = [${other.name}, ${v.name}];`]
            : ["s += 1;"];
        }
        return [`${v.name} = ${to.text};`];
      }
      case 12: {
        const row = this.inner("list", () => true, false);
        if (!row) return [`s -= ${n()};`];
        const name = this.name("row");
        this.declare(name, row.type.t === "list" ? { ...row.type, own: false } : row.type, true);
        return [`const ${name} = ${row.text};`];
      }
      case 13: {
        const l = this.list(1, true);
        if (l.type.least < 2) return [`s += ${n()};`];
        const [p, q] = [this.name("p"), this.name("q")];
        this.declare(p, number);
        this.declare(q, number);
        return [`let [${p}, ${q}${this.chance(3) ? " = 2" : ""}] = ${l.text};`];
      }
      case 14: {
        const h = this.helpers.filter((x) => x.gives === "nothing");
        if (h.length === 0 || this.nest > 1) return [`${this.place()} = ${n()};`];
        return [`${this.oneOf(h).name}(${this.list(1, true).text}, ${n()});`];
      }
      case 15: {
        if (this.jumps.length > 0) return [`if (${this.condition(1)}) ${this.oneOf(this.jumps)};`];
        if (this.result && this.chance(3)) return [`if (${this.condition(1)}) return ${this.result(1)};`];
        return [`s = ${n()};`];
      }
      case 16: {
        const name = this.name("add");
        return this.inside(() => {
          const t = this.name("t");
          this.declare(t, number, true);
          this.jumps = [];
          const { result } = this;
          this.result = null;
          const body = this.statements(1 + this.choose(2), 0).join(" ");
          this.result = result;
          const value = this.number(1);
          return [`const ${name} = (${t}) => { ${body} return ${value}; };`];
        }).concat(`s += ${name}(${n()}) - ${name}(0.5);`);
      }
      case 17:
      case 18:
        return [
          `if (${this.condition(1)}) {`,
          ...this.block(depth),
          ...(this.chance(2) ? ["} else {", ...this.block(depth)] : []),
          "}",
        ];
      case 19: {
        const counters = this.variables((v) => v.type.t === "counter");
        const on =
          counters.length > 0 ? `${this.oneOf(counters).name} % 3` : `Math.floor(Math.abs(${n()})) % 3`;
        return this.inside(() => {
          const breaks = () => (this.chance(3) ? [] : ["    break;"]);
          const inner = () => {
            const before = this.jumps;
            this.jumps = this.jumps.filter((j) => j !== "break");
            const lines = this.block(depth).map((l) => `  ${l}`);
            this.jumps = before;
            return lines;
          };
          return [
            `switch (${on}) {`,
            "  case 0: {",
            ...inner(),
            "  }",
            ...breaks(),
            "  case 1: {",
            ...inner(),
            "  }",
            ...breaks(),
            "  default: {",
            ...inner(),
            "  }",
            "}",
          ];
        });
      }
      case 20:
      case 21:
        return this.counted(depth);
      case 22:
        return this.whileLoop(depth);
      case 23:
      case 24:
        return this.each(depth);
      case 25:
        return this.callback(depth);
      case 26:
        return [
          `if (${this.condition(1)}) {`,
          ...this.block(depth),
          `} else if (${this.condition(1)}) {`,
          ...this.block(depth),
          "}",
        ];
      case 27: {
        if (!this.result || !this.chance(2)) return this.counted(depth);
        return [`if (${this.condition(1)}) {`, ...this.block(depth), `  return ${this.result(1)};`, "}"];
      }
      case 28: {
        const m = this.matrix();
        return this.inside(() => {
          const row = this.name("row");
          this.declare(row, m.type.of, true);
          this.nest++;
          this.jumps = [...this.jumps.filter((j) => / /.test(j)), "break", "continue"];
          return [`for (const ${row} of ${m.text}) {`, ...this.block(depth), "}"];
        });
      }
      default:
        return this.counted(depth);
    }
  }
  private counted(depth: number): string[] {
    const i = this.name("i");
    const l = this.known();
    const limits: [text: string, below: number][] = [
      ["3", 3],
      ["2", 2],
      ["4", 4],
    ];
    if (l) limits.push([`${l.text}.length`, l.type.least || 9], [`${l.text}.length`, l.type.least || 9]);
    const [bound, below] = this.oneOf(limits);
    const head = this.oneOf([
      `let ${i} = 0; ${i} < ${bound}; ${i}++`,
      `let ${i} = 0; ${i} < ${bound}; ${i}++`,
      `let ${i} = ${bound} - 1; ${i} >= 0; ${i}--`,
      `let ${i} = 0; ${i} < ${bound}; ${i} += 2`,
      `let ${i} = 1; ${i} < ${bound}; ${i}++`,
      `let ${i} = 0; ${i} <= ${bound} - 1; ${i} += 1`,
      `let ${i} = 0; ${i} < Math.min(3, 1 + Math.abs(s)); ${i}++`,
    ]);
    return this.inside(() => {
      const label = this.chance(4) ? this.name("loop") : null;
      this.declare(i, { t: "counter", below }, true);
      this.nest++;
      this.jumps = [
        ...this.jumps.filter((j) => / /.test(j)),
        "break",
        "continue",
        ...(label ? [`break ${label}`, `continue ${label}`] : []),
      ];
      return [`${label ? `${label}: ` : ""}for (${head}) {`, ...this.block(depth), "}"];
    });
  }
  private whileLoop(depth: number): string[] {
    const i = this.name("n");
    return this.inside(() => {
      this.declare(i, { t: "counter", below: 4 }, true);
      this.nest++;
      this.jumps = [...this.jumps.filter((j) => / /.test(j)), "break", "continue"];
      const form = this.choose(3);
      const test = this.oneOf([
        `${i} < 3`,
        `${i} < 3 && s < ${this.number(1)}`,
        `s > ${this.number(0)} && ${i} < 4`,
      ]);
      const body = this.block(depth);
      if (form === 0) return [`let ${i} = 0;`, `while (${test}) {`, `  ${i}++;`, ...body, "}"];
      if (form === 1) return [`let ${i} = 0;`, "do {", `  ${i}++;`, ...body, `} while (${test});`];
      return [`let ${i} = 0;`, "for (;;) {", `  if (${i}++ >= 3) break;`, ...body, "}"];
    });
  }
  private each(depth: number): string[] {
    const l = this.list(1, true);
    return this.inside(() => {
      const e = this.name("e");
      const form = this.choose(3);
      const k = this.name("k");
      this.declare(e, number, form !== 0);
      if (form === 2) this.declare(k, { t: "counter", below: l.type.least || 9 }, true);
      this.nest++;
      this.jumps = [...this.jumps.filter((j) => / /.test(j)), "break", "continue"];
      const head =
        form === 0
          ? `let ${e} of ${l.text}`
          : form === 1
            ? `const ${e} of ${l.text}`
            : `const [${k}, ${e}] of ${l.text}.entries()`;
      return [`for (${head}) {`, ...this.block(depth), "}"];
    });
  }
  private callback(depth: number): string[] {
    const l = this.list(1, true);
    return this.inside(() => {
      const [e, k] = [this.name("e"), this.name("k")];
      this.declare(e, number, true);
      this.declare(k, { t: "counter", below: l.type.least || 9 }, true);
      this.nest++;
      this.jumps = ["return"];
      const { result } = this;
      this.result = null;
      const body = this.block(depth);
      this.result = result;
      return [`${l.text}.forEach((${e}, ${k}) => {`, ...body, "});"];
    });
  }
}

/** Lists outside of the function are not written to. */
function readOnly(type: Type): Type {
  return type.t === "list" ? Object.assign({ ...type }, { readOnly: true }) : type;
}
function isReadOnly(type: Type): boolean {
  return (type as { readOnly?: boolean }).readOnly === true;
}
