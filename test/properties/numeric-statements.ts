/**
 * Statements of random programs: assignments, declarations, branches, loops, jumps, callbacks.
 */
import { Methods } from "./numeric-methods.ts";
import { isReadOnly, type ListType, number, numbers, record } from "./numeric-scope.ts";

export abstract class Statements extends Methods {
  protected statements(count: number, depth: number): string[] {
    const lines: string[] = [];
    for (let k = 0; k < count && this.room > 0 && this.at < this.choices.length; k++)
      lines.push(...this.statement(depth));
    return lines;
  }
  protected block(depth: number): string[] {
    return this.inside(() => this.statements(1 + this.choose(3), depth - 1).map((l) => `  ${l}`));
  }
  protected statement(depth: number): string[] {
    this.room--;
    const n = () => this.number(2);
    const deep = depth > 0 && this.nest < 3;
    switch (this.choose(deep ? 40 : 17)) {
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
        // a list that grows in a loop that goes over it would never end
        const grows = /\.concat\(|\[\.\.\.|\bh\d/.test(to.text);
        return [`${grows ? `if (${v.name}.length < 8) ` : ""}${v.name} = ${to.text};`];
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
      case 29:
      case 30:
        return this.counted(depth);
      case 38:
        return this.special(() => this.block(depth));
      default:
        return this.structural(() => this.block(depth));
    }
  }
  protected counted(depth: number): string[] {
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
  protected whileLoop(depth: number): string[] {
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
  protected each(depth: number): string[] {
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
  protected callback(depth: number): string[] {
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
