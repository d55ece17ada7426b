/**
 * Lists of lists, records and lists of records in random programs; and flags, bits and numbers that are none.
 */
import { Expressions } from "./numeric-expressions.ts";
import {
  isReadOnly,
  type ListType,
  list,
  number,
  numbers,
  record,
  type Term,
  type Type,
} from "./numeric-scope.ts";

const point = record({ x: number, y: number });
const pair = record({ p: number, q: numbers(2) });
const shapes = [point, point, pair] as const;
type RecordType = Type & { t: "record" };

export abstract class Structures extends Expressions {
  /** A list of lists. */
  protected matrix(depth = 2): Term<ListType> {
    const known = this.inner(
      "list",
      (v) => v.type.t === "list" && v.type.of.t === "list" && v.type.of.of.t === "number",
      false,
    );
    const whole = known?.type.t === "list" && known.type.of.t === "list" ? known : null;
    const type = (least: number, inner: number) => list(numbers(inner), least);
    const inLoop = (below: number, item: (k: string) => string) =>
      this.inside(() => {
        const k = this.name("k");
        this.declare(k, { t: "counter", below }, true);
        this.nest++;
        return item(k);
      });
    switch (whole ? this.choose(9) : 6 + this.choose(5)) {
      case 0:
      case 1:
        return { text: `${whole?.text}.map((row) => row.slice())`, type: type(2, 2) };
      case 2: {
        const inner = this.inside(() => {
          this.declare("row", numbers(2), true);
          this.nest++;
          return this.mapped({ text: "row", type: numbers(2) }, depth);
        });
        return { text: `${whole?.text}.map((row) => ${inner})`, type: type(2, 2) };
      }
      case 3:
        return whole as Term<ListType>;
      case 4:
        return { text: `[...(${whole?.text})]`, type: type(2, 2) };
      case 5:
        return { text: `${whole?.text}.slice(${this.oneOf(["", "0", "0, 2"])})`, type: type(2, 2) };
      case 7:
        return {
          text: inLoop(
            2,
            (k) => `Array.from({ length: 2 }, (_, ${k}) => [${this.number(1)}, ${this.number(1)}])`,
          ),
          type: type(2, 2),
        };
      case 8:
        return { text: `Array.from({ length: 3 }, () => new Array(2).fill(0))`, type: type(3, 2) };
      case 9:
        return {
          text: inLoop(2, () => {
            const row = this.list(1, true);
            return `Array.from({ length: 2 }, () => ${row.type.floats ? "[s, 1]" : row.text})`;
          }),
          type: type(2, 1),
        };
      default: {
        const [a, b] = [this.list(1, true), this.list(1, true)];
        if (a.type.floats || b.type.floats) return { text: "[[0.5, 1], [s, 2]]", type: type(2, 2) };
        return { text: `[${a.text}, ${b.text}]`, type: type(2, Math.min(a.type.least, b.type.least)) };
      }
    }
  }

  // ---- records ----

  /** A record of a kind that is there, with its kind. */
  protected knownRecord(): Term<RecordType> | null {
    return this.inner("record", () => true, false) as Term<RecordType> | null;
  }
  protected member(type: Type): string {
    if (type.t === "number") return this.number(1);
    if (type.t === "list" && type.of.t === "number") {
      const l = this.list(1, true);
      if (l.type.floats === type.floats && l.type.least >= type.least) return l.text;
      const items = Array.from({ length: Math.max(1, type.least) }, () => this.number(1));
      return type.floats ? `Float64Array.of(${items.join(", ")})` : `[${items.join(", ")}]`;
    }
    if (type.t === "record") return this.literal(type);
    return "[]";
  }
  protected literal(type: RecordType): string {
    const members = Object.entries(type.members).map(([key, t]) => `${key}: ${this.member(t)}`);
    return `{ ${members.join(", ")} }`;
  }
  protected record(): Term<RecordType> {
    const known = this.knownRecord();
    if (!known || this.chance(2)) {
      const type = this.oneOf(shapes) as RecordType;
      return { text: this.literal(type), type };
    }
    if (this.chance(2)) return known;
    const [key, type] = this.oneOf(Object.entries(known.type.members));
    return { text: `{ ...${known.text}, ${key}: ${this.member(type)} }`, type: known.type };
  }
  /** A list of points. */
  protected points(): Term<ListType> {
    const known = this.inner("list", (v) => v.type.t === "list" && v.type.of.t === "record", false);
    const whole = known?.type.t === "list" && known.type.of.t === "record" ? (known as Term<ListType>) : null;
    const made = (text: string, least: number, of: Type = point) => ({ text, type: list(of, least) });
    switch (whole ? this.choose(7) : 5 + this.choose(3)) {
      case 0:
        return whole as Term<ListType>;
      case 1:
      case 2:
        return this.inside(() => {
          this.nest++;
          const [p, k] = [this.name("p"), this.name("k")];
          this.declare(p, whole?.type.of as Type, true);
          this.declare(k, { t: "counter", below: whole?.type.least || 9 }, true);
          const of = whole?.type.of as RecordType;
          const [key, type] = this.oneOf(Object.entries(of.members));
          return this.chance(2)
            ? made(
                `${whole?.text}.map((${p}) => ({ ...${p}, ${key}: ${this.member(type)} }))`,
                whole?.type.least ?? 0,
                of,
              )
            : made(
                `${whole?.text}.map((${p}, ${k}) => (${this.literal(point as RecordType)}))`,
                whole?.type.least ?? 0,
              );
        });
      case 3:
        return made(`${whole?.text}.slice()`, whole?.type.least ?? 0, whole?.type.of);
      case 4:
        return made(
          `[...${whole?.text}, ${this.literal(whole?.type.of as RecordType)}]`,
          1 + (whole?.type.least ?? 0),
          whole?.type.of,
        );
      case 5:
        return this.inside(() => {
          this.nest++;
          const k = this.name("k");
          this.declare(k, { t: "counter", below: 3 }, true);
          const n = this.oneOf(["2", "3", "W.length"]);
          return made(
            `Array.from({ length: ${n} }, (_, ${k}) => (${this.literal(point as RecordType)}))`,
            n === "2" ? 2 : 3,
          );
        });
      default:
        return made(`[${this.literal(point as RecordType)}, ${this.literal(point as RecordType)}]`, 2);
    }
  }

  // ---- statements of structures ----

  protected structural(block: () => string[]): string[] {
    const n = () => this.number(2);
    const lines = (run: () => string[]) => this.inside(run);
    switch (this.choose(17)) {
      case 14:
      case 15:
        return this.stencil();
      case 16:
        return this.buffers();
      case 0: {
        const { text, type } = this.points();
        const name = this.name("ps");
        this.declare(name, type);
        return [`let ${name} = ${text};`];
      }
      case 1: {
        const { text, type } = this.record();
        const name = this.name("o");
        this.declare(name, type);
        return [`let ${name} = ${text};`];
      }
      case 2: {
        const records = this.variables((v) => v.type.t === "record" && !v.constant);
        if (records.length === 0) return [`s += ${n()};`];
        const v = this.oneOf(records);
        return [`${v.name} = ${this.literal(v.type as RecordType)};`];
      }
      case 3: {
        // a list inside of a record or list is replaced
        const l = this.inner("list", (v) => !isReadOnly(v.type), true);
        if (l?.type.t !== "list" || !/[.[]/.test(l.text) || l.type.of.t !== "number") return [`s -= ${n()};`];
        return [`${l.text} = ${this.member(l.type)};`];
      }
      case 4: {
        const r = this.knownRecord();
        if (!r) return [`s *= ${n()};`];
        const taken: [string, Type][] = [];
        const parts = Object.entries(r.type.members).map(([key, t]) => {
          const name = this.name(key);
          if (t.t === "list" && t.of.t === "number" && this.chance(2)) {
            const [a, b] = [this.name("a"), this.name("b")];
            taken.push([a, number], [b, number]);
            return `${key}: [${a} = 2, ${b} = 1]`;
          }
          taken.push([name, t.t === "list" ? { ...t, own: false } : t]);
          return `${key}: ${name}${t.t === "number" && this.chance(3) ? " = 3" : ""}`;
        });
        for (const [name, type] of taken) this.declare(name, type);
        return [`let { ${parts.join(", ")} } = ${r.text};`];
      }
      case 5:
        return lines(() => {
          const { text, type } = this.points();
          const of = type.of as RecordType;
          this.nest++;
          const whole = this.chance(2);
          const p = this.name("p");
          if (whole) this.declare(p, of, true);
          else for (const [key, t] of Object.entries(of.members)) this.declare(key, t, false);
          this.jumps = [...this.jumps.filter((j) => / /.test(j)), "break", "continue"];
          const head = whole ? `const ${p}` : `let { ${Object.keys(of.members).join(", ")} }`;
          return [`for (${head} of ${text}) {`, ...block(), "}"];
        });
      case 6:
        return lines(() => {
          const { text, type } = this.points();
          this.nest++;
          const [t, p] = [this.name("t"), this.name("p")];
          this.declare(t, number, true);
          this.declare(p, type.of, true);
          return [`s += ${text}.reduce((${t}, ${p}) => ${t} + ${this.number(2)}, 0);`];
        });
      case 7: {
        const g = this.inner(
          "list",
          (v) => v.type.t === "list" && v.type.of.t === "list" && !isReadOnly(v.type),
          false,
        );
        if (g?.type.t !== "list" || g.type.of.t !== "list") return [`s += ${n()};`];
        return lines(() => {
          const [i, j] = [this.name("i"), this.name("j")];
          this.nest += 2;
          this.declare(i, { t: "counter", below: (g.type as ListType).least }, true);
          this.declare(j, { t: "counter", below: ((g.type as ListType).of as ListType).least || 9 }, true);
          const place = `${g.text}[${i}][${j}]`;
          return [
            `for (let ${i} = 0; ${i} < ${g.text}.length; ${i}++)`,
            `  for (let ${j} = 0; ${j} < ${g.text}[${i}].length; ${j}++) ${place} ${this.oneOf(["=", "+=", "*="])} ${this.number(2)};`,
          ];
        });
      }
      case 8: {
        const g = this.inner(
          "list",
          (v) => v.type.t === "list" && v.type.of.t === "list" && !isReadOnly(v.type),
          false,
        );
        if (g?.type.t !== "list" || g.type.of.t !== "list") return [`s += ${n()};`];
        const [i, j] = [this.index(g.text, g.type), this.index(g.text, g.type)];
        const [a, b] = [`${g.text}[${i}]`, `${g.text}[${j}]`];
        return this.chance(2)
          ? [`[${a}, ${b}] = [${b}, ${a}];`]
          : [`if (${g.text}.length < 5) ${g.text}.push(${this.member(numbers(2))});`];
      }
      case 9: {
        const g = this.matrix();
        const name = this.name("l");
        const v = this.list(1);
        this.declare(name, numbers(g.type.least));
        const least = v.type.least > 0;
        return [
          `let ${name} = ${g.text}.map((row) => row.reduce((t, e, j) => t + e * ${least ? `${v.text}[j % ${v.type.least}]` : "s"}, 0));`,
        ];
      }
      case 10: {
        const name = this.name("d");
        const test = this.condition(1);
        const again = this.condition(1);
        const m = this.name("n");
        return [
          `let ${name} = ${test};`,
          `let ${m} = 0;`,
          `while (!${name} && ${m} < 4) {`,
          ...lines(() => {
            this.nest++;
            this.declare(m, { t: "counter", below: 4 }, true);
            this.jumps = ["break"];
            return block();
          }),
          `  ${m}++;`,
          `  if (${again}) ${name} = true;`,
          "}",
          `s *= ${name} ? 1.5 : 0.5;`,
        ];
      }
      case 11: {
        const name = this.name("n");
        return [
          `let ${name} = 0;`,
          `while (Math.abs(s) > ${this.oneOf(["0.1", "1", "3"])} && ${name} < 6) {`,
          ...lines(() => {
            this.nest++;
            this.declare(name, { t: "counter", below: 6 }, true);
            this.jumps = [];
            return block();
          }),
          "  s *= 0.5;",
          `  ${name} += ${this.oneOf(["1", "2"])};`,
          "}",
        ];
      }
      case 12: {
        const name = this.name("set");
        return this.inside(() => {
          this.jumps = [];
          const { result } = this;
          this.result = null;
          this.nest++;
          const body = [`${this.place()} = ${n()};`, `${this.place()} += ${n()};`];
          this.result = result;
          return [`const ${name} = () => { ${body.join(" ")} };`];
        }).concat(`${name}();`, `for (let i = 0; i < 2; i++) ${name}();`);
      }
      default: {
        const b = this.name("z");
        const operator = this.oneOf(["||", "&&", "??"]);
        const lines = [
          `let ${b} = ${this.number(1)} ${operator} ${this.number(1)};`,
          `${b} ${this.oneOf(["||=", "&&=", "??="])} ${this.number(1)};`,
        ];
        this.declare(b, number);
        return lines;
      }
    }
  }

  /** A loop over the inner elements of a list, with their neighbours. */
  private stencil(): string[] {
    const l = this.known();
    const to = this.known();
    if (!l || l.type.least < 3) return [`s += ${this.number(2)};`];
    return this.inside(() => {
      const i = this.name("i");
      this.nest++;
      this.declare(i, { t: "counter", below: 2 }, true);
      const near = [`${l.text}[${i} - 1]`, `${l.text}[${i}]`, `${l.text}[${i} + 1]`];
      const value = this.oneOf([
        `${near[0]} - 2 * ${near[1]} + ${near[2]}`,
        `${near[0]} * ${near[2]} + ${this.number(1)}`,
        `(${near[2]} - ${near[1]}) ** 2`,
        `${this.number(1)} * ${near[1]} - ${near[0]}`,
      ]);
      const writes = to && to.type.least >= 3 && !/^[WR]/.test(to.text) ? `${to.text}[${i}]` : "s";
      const back = this.chance(4);
      const head = back
        ? `let ${i} = ${l.type.least - 2}; ${i} > 0; ${i}--`
        : `let ${i} = 1; ${i} + 1 < ${this.oneOf([`${l.text}.length`, String(l.type.least)])}; ${i}++`;
      return [`for (${head}) ${writes} ${this.oneOf(["=", "+=", "-="])} ${value};`];
    });
  }
  /** Two lists that change places after each step. */
  private buffers(): string[] {
    const l = this.known();
    if (!l || l.type.least < 2) return [`s -= ${this.number(2)};`];
    const [a, b] = [this.name("u"), this.name("w")];
    const own = l.type.floats;
    const made = own
      ? `new Float64Array(${l.text}.length)`
      : this.oneOf([`${l.text}.map(() => 0)`, `[...${l.text}]`]);
    const lines = this.inside(() => {
      const [t, i] = [this.name("t"), this.name("i")];
      this.nest += 2;
      this.declare(a, { ...l.type, own: false });
      this.declare(t, { t: "counter", below: 3 }, true);
      this.declare(i, { t: "counter", below: l.type.least }, true);
      const n = this.number(1);
      return [
        `for (let ${t} = 0; ${t} < ${this.oneOf(["2", "3", `${l.text}.length`])}; ${t}++) {`,
        `  for (let ${i} = 0; ${i} < ${a}.length; ${i}++) ${b}[${i}] = ${a}[${i}] * 0.5 + ${n};`,
        `  [${a}, ${b}] = [${b}, ${a}];`,
        "}",
      ];
    });
    this.declare(a, { ...l.type, own: false });
    this.declare(b, { ...l.type, own: false });
    return [`let [${a}, ${b}] = [${l.text}.slice(), ${made}];`, ...lines];
  }

  /** Numbers that only the edges of arithmetic make. */
  protected unusual(): string {
    const n = () => this.number(1);
    const counters = this.variables((v) => v.type.t === "counter");
    const i = counters.length > 0 ? this.oneOf(counters).name : "2";
    switch (this.choose(14)) {
      case 0:
        return `((${i} << 1) & 3)`;
      case 1:
        return `(${i} ^ 2)`;
      case 2:
        return `Math.imul(${i}, 3)`;
      case 3:
        return `(${n()} | 0)`;
      case 4:
        return `(${n()} % ${this.oneOf(["2", "0.7", "(1.5 + s * s)"])})`;
      case 5:
        return `Math.sqrt(${n()})`;
      case 6:
        return `(${n()} / ${n()})`;
      case 7:
        return `Math.max(${n()}, ${n()}, ${n()})`;
      case 8:
        return `(-0 * ${n()})`;
      case 9:
        return `Math.hypot(${n()}, ${n()}, ${n()})`;
      case 10:
        return `+(${n()} > ${n()})`.replace(/^/, "(").concat(")");
      case 11:
        return `Math.round(${n()})`;
      case 12:
        return `(${i} >>> 1)`;
      default:
        return `(${n()}) ** ${this.oneOf(["2", "3", "-1", "(0.5)"])}`.replace(/^/, "(").concat(")");
    }
  }
}
