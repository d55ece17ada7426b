/**
 * Expressions of random programs: numbers, conditions, lists, lists of lists.
 */
import { isFree, type ListType, number, numbers, Scope, type Term, type Variable } from "./numeric-scope.ts";

export abstract class Expressions extends Scope {
  protected abstract statements(count: number, depth: number): string[];

  number(depth: number): string {
    if (depth <= 0 || this.room-- <= 0) return this.leaf();
    const n = () => this.number(depth - 1);
    switch (this.choose(27)) {
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
      case 25:
        return this.unusual();
      case 24:
        return `Math.pow(${n()}, ${this.oneOf(["2", "3"])})`;
      default:
        return `(${this.condition(depth - 1)} && ${this.condition(depth - 1)} ? ${n()} : ${n()})`;
    }
  }
  protected abstract unusual(): string;
  protected leaf(): string {
    // mostly what the function computes with; now and then what is outside of it
    const isNear = this.choose(6) < 5 ? (v: Variable) => !isFree(v) : () => true;
    const numbersAround = this.variables((v) => v.type.t === "number" && isNear(v));
    switch (this.choose(8)) {
      case 0:
      case 1:
        return numbersAround.length > 0 ? this.oneOf(numbersAround).name : "0.5";
      case 2:
      case 3:
      case 4:
        return this.inner("number", isNear, false)?.text ?? "1.25";
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
  protected condition(depth: number): string {
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
  protected reduced(depth: number): string {
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
  protected list(depth: number, mine = false): Term<ListType> {
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
  protected mapped(l: Term<ListType>, depth: number): string {
    return this.inside(() => {
      this.nest++;
      const [e, k] = [this.name("e"), this.name("k")];
      this.declare(e, number, true);
      this.declare(k, { t: "counter", below: l.type.least || 9 }, true);
      return `${l.text}.map((${e}, ${k}) => ${this.nest > 3 ? `${e} * 0.5` : this.number(depth - 1)})`;
    });
  }
}
