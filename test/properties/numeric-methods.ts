/**
 * Statements of random programs that have no derivative program, or only some: methods that order, cut and search,
 * views of Float64Arrays, exceptions, maps, classes, generators.
 */
import { isFree, isReadOnly, type ListType, number, numbers, type Term } from "./numeric-scope.ts";
import { Structures } from "./numeric-structures.ts";

/** What stands before a program that uses it. */
export function prelude(lines: readonly string[]): string[] {
  const declared = {
    "new P(":
      "class P { constructor(x, y) { this.x = x; this.y = y; } dot(o) { return this.x * o.x + this.y * o.y; } get sum() { return this.x + this.y; } }",
    "walk(": "function* walk(l) { let t = 0; for (const e of l) yield (t += e); }",
  };
  return Object.entries(declared)
    .filter(([use]) => lines.some((line) => line.includes(use)))
    .map(([, text]) => text);
}

export abstract class Methods extends Structures {
  /** Something to write to, of at least so many elements. */
  private writable(least: number, floats: boolean | null, own = false): Term<ListType> | null {
    const l = this.known(own);
    const free = l === null || /^[WR]/.test(l.text);
    return free || isReadOnly(l.type) || l.type.least < least || (floats !== null && l.type.floats !== floats)
      ? null
      : l;
  }
  protected special(block: () => string[]): string[] {
    const n = () => this.number(1);
    const otherwise = () => [`s += ${n()};`];
    switch (this.choose(18)) {
      case 0: {
        const l = this.writable(1, null);
        if (!l) return otherwise();
        return [`${l.text}.${this.oneOf(["reverse()", "sort((a, b) => a - b)", "sort((a, b) => b - a)"])};`];
      }
      case 1: {
        const l = this.list(1);
        const name = this.name("l");
        this.declare(name, numbers(l.type.least, false, l.type.floats));
        return [`let ${name} = ${l.text}.slice().sort((a, b) => ${this.oneOf(["a - b", "b - a"])});`];
      }
      case 2: {
        const l = this.list(1, true);
        const name = this.name("st");
        return [
          `const ${name} = [...${l.text}];`,
          `while (${name}.length > 1) ${name}.push(${name}.pop() * ${this.oneOf(["0.5", "K"])} + ${name}.${this.oneOf(["pop()", "shift()"])});`,
          `s += ${name}[0] ?? 1;`,
        ];
      }
      case 3: {
        const l = this.writable(0, false, true);
        if (!l) return otherwise();
        return this.oneOf([
          [`if (${l.text}.length > ${Math.max(1, l.type.least)}) s += ${l.text}.shift();`],
          [`if (${l.text}.length < 8) ${l.text}.unshift(${n()});`],
          [`if (${l.text}.length < 8) ${l.text}.splice(1, 1, ${n()}, ${n()});`],
        ]);
      }
      case 4: {
        const l = this.list(1);
        return [
          `s += ${l.text}.${this.oneOf(["indexOf(0.5)", "findIndex((e) => e > 0)", "includes(s)"])} ? ${n()} : 2;`,
        ];
      }
      case 5: {
        const l = this.list(1);
        return [
          `s += ${l.text}.${this.oneOf(["find", "findLast"])}((e) => e > ${this.number(0)}) ?? ${n()};`,
        ];
      }
      case 6: {
        const g = this.matrix();
        const name = this.name("l");
        this.declare(name, numbers(0));
        return [`let ${name} = ${g.text}.${this.oneOf(["flat()", "flatMap((row) => row.slice(0, 1))"])};`];
      }
      case 7: {
        const a = this.writable(3, true);
        if (!a) return otherwise();
        const name = this.name("view");
        this.declare(name, numbers(2, false, true));
        return [
          `const ${name} = ${a.text}.subarray(${this.choose(2)}, 3);`,
          `${name}[${this.choose(2)}] += ${n()};`,
        ];
      }
      case 8: {
        const a = this.writable(3, true);
        if (!a) return otherwise();
        return this.oneOf([
          [`${a.text}.copyWithin(0, 1);`],
          [`${a.text}.set([${n()}, ${n()}], 1);`],
          [`${a.text}.fill(${n()}, 1);`],
          [`${a.text}.set(${a.text}.subarray(0, 2), 1);`],
        ]);
      }
      case 9:
      case 10: {
        // what a callback writes is read by those that follow
        const l = this.writable(2, null);
        if (!l) return otherwise();
        return this.inside(() => {
          const [e, k, t] = [this.name("e"), this.name("k"), this.name("t")];
          this.nest++;
          this.declare(e, number, true);
          this.declare(k, { t: "counter", below: l.type.least }, true);
          const write = `${l.text}[(${k} + ${1 + this.choose(2)}) % ${l.text}.length] ${this.oneOf(["=", "+="])} ${n()};`;
          return this.oneOf([
            [`${l.text}.forEach((${e}, ${k}) => { ${write} s += ${e}; });`],
            [`s += ${l.text}.reduce((${t}, ${e}, ${k}) => { ${write} return ${t} + ${e}; }, 0);`],
            [`s += ${l.text}.map((${e}, ${k}) => { ${write} return ${e} * 2; })[1];`],
            [`for (const [${k}, ${e}] of ${l.text}.entries()) { ${write} s += ${e}; }`],
            [`${l.text}.some((${e}, ${k}) => { ${write} return (s += ${e}) > 3; });`],
          ]);
        });
      }
      case 11:
        return [
          "try {",
          ...this.inside(() => {
            this.jumps = [];
            return block();
          }),
          `  if (${this.condition(1)}) throw new Error("over");`,
          `  s += ${n()};`,
          "} catch {",
          `  s *= ${n()};`,
          `}${this.chance(3) ? " finally { s += 0.5; }" : ""}`,
        ];
      case 12: {
        const l = this.list(1);
        const name = this.name("map");
        return [
          `const ${name} = new Map();`,
          `${l.text}.forEach((e, k) => { ${name}.set(k % 2, (${name}.get(k % 2) ?? 0.5) * e); });`,
          `s += ${name}.get(0) ?? ${n()};`,
        ];
      }
      case 13:
        return [
          `s += new P(${n()}, ${n()}).dot(new P(s, ${n()})) * ${this.oneOf(["1", "new P(s, 2).sum"])};`,
        ];
      case 14: {
        const l = this.list(1);
        return this.oneOf([
          [`for (const e of walk(${l.text})) s += e * 0.5;`],
          [`s += [...walk(${l.text})].length > 1 ? ${n()} : 2;`],
        ]);
      }
      case 15: {
        const r = this.knownRecord();
        if (!r || isFree({ name: r.text, type: r.type, constant: true })) return otherwise();
        return Object.values(r.type.members).every((t) => t.t === "number")
          ? this.oneOf([
              [`for (const key in ${r.text}) s += ${r.text}[key] * 0.5;`],
              [`for (const [key, e] of Object.entries(${r.text})) s += e * key.length;`],
              [`s += Object.values(${r.text}).reduce((t, e) => t * e, 1);`],
            ])
          : otherwise();
      }
      case 16: {
        const name = this.name("o");
        return [
          `const ${name} = { v: ${n()}, get twice() { return 2 * this.v; }, set half(x) { this.v = x / 2; } };`,
          `${name}.half = ${n()};`,
          `s += ${name}.twice;`,
        ];
      }
      default: {
        const name = this.name("next");
        return [
          `const ${name} = (() => { let t = ${n()}; return () => (t = t * 0.5 + s); })();`,
          `s += ${name}() * ${name}();`,
        ];
      }
    }
  }
}
