/**
 * Tangent programs: a lowered function with the derivative in one direction beside each value.
 *
 * What: `TangentWriter` writes the function (writer.ts), and behind each active value its tangent, the sum of the
 * operands' tangents times the partials that the table gives. Lists and records have a shadow that holds tangents.
 * Reference: Griewank & Walther (2008), section 6.1.
 */
import { codeAlgebra, codeAlgebraWith, keptFor, table } from "../rules/index.ts";
import { choice, infix } from "../rules/syntax.ts";
import type { Analysis } from "./analysis.ts";
import type { Variable } from "./assemble.ts";
import type { Dialect } from "./dialect.ts";
import type { Carried, Procedure, Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";
import { keyText, memberText } from "./kinds.ts";
import { ProcedureWriter } from "./procedures.ts";
import { product, rowsText } from "./products.ts";
import { steepness } from "./steep.ts";
import { block, constantText, type Lines, type Move } from "./writer.ts";

export class TangentWriter extends ProcedureWriter {
  /** Values that partials read: they have names. */
  readonly read = new Set<Value>();
  private readonly dots = new Map<Value, string>();

  constructor(
    analysis: Analysis,
    private readonly named: ReadonlySet<Value>,
    dialect: Dialect,
  ) {
    super(analysis, dialect);
  }
  protected override *allVariables(): Iterable<[string, Variable]> {
    yield* super.allVariables();
    for (const [value, name] of this.dots) yield [name, { value, shadow: true }];
  }
  write(): Lines {
    this.nameOutside((input) => this.dotName(input));
    this.findLive();
    const lines = this.forward(this.analysis.lowered.body);
    this.writeFunctions();
    return [...this.registerLines(), ...lines];
  }
  protected mustBeNamed(value: Value): boolean {
    return this.named.has(value);
  }
  protected *roots(): Iterable<Value> {
    yield* this.resultValues();
    yield* this.named;
    yield* this.writtenStores;
  }
  writtenStores: Value[] = [];

  dotName(value: Value): string {
    if (value.op === "out") return this.dotName(this.phiOf(value));
    return this.names.of(this.dots, value, () => `${this.nameOf(value)}Dot`);
  }
  /** The tangent of a number. */
  dot(value: Value): string {
    return value.op !== "const" && this.analysis.isActive(value) ? this.dotName(value) : "0";
  }
  private ref(value: Value): string {
    if (value.op === "const") return constantText(value);
    if (value.detached) return this.ref(value.args[0]);
    this.read.add(value);
    return this.nameOf(value);
  }
  private hasShadow(pointer: Value): boolean {
    return this.analysis.hasShadow(pointer);
  }
  /** What stands in a shadow for an operand. */
  private shadowItem(item: Value): string {
    if (item.type === "number") return this.dot(item);
    if (item.type !== "pointer") return "null";
    return this.hasShadow(item) ? this.dotName(item) : this.dialect.noShadow(item.kind as Kind);
  }

  protected override after(value: Value): Lines {
    const { analysis } = this;
    const { args } = value;
    const item = args.at(-1) as Value;
    switch (value.op) {
      case "rule":
        return analysis.isActive(value) ? this.rule(value) : [];
      case "select":
        if (value.type === "pointer")
          return this.hasShadow(value)
            ? [
                this.tangent(
                  value,
                  `${this.ref(args[0])} ? ${this.dotName(args[1])} : ${this.dotName(args[2])}`,
                ),
              ]
            : [];
        return analysis.isActive(value)
          ? [this.tangent(value, `${this.ref(args[0])} ? ${this.dot(args[1])} : ${this.dot(args[2])}`)]
          : [];
      case "load":
        if (
          value.type === "number"
            ? !analysis.isActive(value)
            : value.type !== "pointer" || !this.hasShadow(value)
        )
          return [];
        return [
          this.tangent(
            value,
            analysis.isActiveMember(args[0], value.key) || value.type === "pointer" ? this.slot(value) : "0",
          ),
        ];
      case "store":
        if (item.type === "number" ? !analysis.isActiveMember(args[0], value.key) : !this.hasShadow(item))
          return [];
        return [`${this.slot(value)} = ${this.shadowItem(item)};`];
      case "push":
        if (!this.hasShadow(args[0])) return [];
        return [`${this.dotName(args[0])}.push(${this.shadowItem(item)});`];
      case "allocate":
        return this.hasShadow(value) ? [this.tangent(value, this.allocation(value))] : [];
      case "spread":
        return analysis.isActive(value) ? this.spread(value) : [];
      case "call":
        return this.takeTangents(value);
    }
    return [];
  }

  // ---- procedures ----

  /** Tangents of what a call gives, which stand in variables of the program. */
  private takeTangents({ call }: Value): Lines {
    return call.results.flatMap((result, k) =>
      this.live.has(result) && this.analysis.isActive(result)
        ? [this.tangent(result, this.dotRegister(call.procedure, k))]
        : [],
    );
  }
  protected override nameMore(procedure: Procedure): void {
    procedure.results.forEach((_, k) => void this.dotRegister(procedure, k));
  }
  private dotRegister(procedure: Procedure, k: number): string {
    return this.register(procedure, `${k > 0 ? k + 1 : ""}Dot`, k);
  }
  protected override passedWith(param: Value, arg: Value): string[] {
    return this.carries(param) ? [this.companionText(arg)] : [];
  }
  protected override endOfProcedure(procedure: Procedure): Lines {
    return procedure.results.flatMap((result, k) =>
      this.analysis.isActive(result) ? [`${this.dotRegister(procedure, k)} = ${this.dot(result)};`] : [],
    );
  }

  private tangent(value: Value, text: string): string {
    return `const ${this.dotName(value)} = ${text};`;
  }
  private slot(value: Value): string {
    const list = this.dotName(value.args[0]);
    return value.key === null ? `${list}[${this.ref(value.args[1])}]` : memberText(list, value.key);
  }
  private rule(value: Value): Lines {
    const { rule, args } = value;
    const lines: Lines = [];
    const active = args.map((a) => a.op !== "const" && this.analysis.isActive(a));
    const needed = new Set(args.flatMap((_, k) => (active[k] ? keptFor(rule, k, args.length) : [])));
    const operands = args.map((a, k) => (a.op === "const" || needed.has(k) ? this.ref(a) : "0"));
    const result = needed.has("result") ? this.ref(value) : "0";
    const algebra = codeAlgebraWith((text, name) => {
      if (/^-?[\w$.]+$/.test(text)) return text;
      const shared = this.names.fresh(name);
      lines.push(`const ${shared} = ${rowsText(text)};`);
      return shared;
    });
    if (rule === table.mul && args[0] === args[1])
      return [this.tangent(value, product(this.dot(args[0]), codeAlgebra.mul("2", operands[0])))];
    const partials = rule.partials(algebra, result, ...operands);
    const part = (a: Value, k: number): string => {
      const text = product(this.dot(a), rowsText(partials[k]));
      return steepness(value, k, this.analysis) ? choice(infix("===", this.dot(a), "0"), "0", text) : text;
    };
    const sum = args.reduce((text, a, k) => (active[k] ? codeAlgebra.add(text, part(a, k)) : text), "0");
    return [...lines, this.tangent(value, sum)];
  }
  private allocation(value: Value): string {
    const { allocation, args, kind } = value;
    if (allocation.type === "copy")
      return this.hasShadow(args[0])
        ? `${this.dotName(args[0])}.slice()`
        : this.dialect.zerosLike(this.ref(args[0]), kind as Kind);
    if (allocation.type === "filled") {
      if (!(kind?.type === "list" && kind.of.type === "number")) return `new Array(${this.text(args[0])})`;
      if (kind.floats) return `new Float64Array(${this.text(args[0])})`;
      return this.dialect.alone
        ? `rows.zeros(${this.text(args[0])})`
        : `new Array(${this.text(args[0])}).fill(0)`;
    }
    const items = args.map((a) => this.shadowItem(a));
    if (allocation.keys)
      return `{ ${allocation.keys.map((key, k) => `${keyText(key)}: ${items[k]}`).join(", ")} }`;
    const isFloats = kind?.type === "list" && kind.floats;
    return isFloats ? `Float64Array.of(${items.join(", ")})` : `[${items.join(", ")}]`;
  }
  private spread(value: Value): Lines {
    const [list] = value.args;
    const { rule } = value;
    const [xs, y, xsDot, k, dot] = [
      this.ref(list),
      this.ref(value),
      this.dotName(list),
      this.names.fresh("k"),
      this.dotName(value),
    ];
    const head = `for (let ${k} = 0; ${k} < ${xs}.length; ${k}++)`;
    if (rule === table.max || rule === table.min) {
      const ties = this.names.fresh("ties");
      return [
        `let ${dot} = 0;`,
        `let ${ties} = 0;`,
        ...block(head, [`if (${xs}[${k}] !== ${y}) continue;`, `${ties}++;`, `${dot} += ${xsDot}[${k}];`]),
        // NaN has no ties
        `if (${this.dialect.alone ? `${xs}.length` : ties} > 0) ${dot} /= ${ties};`,
      ];
    }
    const [partial] = rule.partials(codeAlgebra, y, `${xs}[${k}]`, "0", "0");
    return [
      `let ${dot} = 0;`,
      ...block(head, [`${dot} += ${product(`${xsDot}[${k}]`, rowsText(partial))};`]),
    ];
  }

  // ---- variables of branches and loops ----

  private carries(value: Value): boolean {
    return value.type === "pointer" ? this.hasShadow(value) : this.analysis.isActive(value);
  }
  private companionText(value: Value): string {
    return value.type === "pointer" ? this.dotName(value) : this.dot(value);
  }
  protected override companions(merge: Value): string[] {
    return this.carries(merge) ? [this.dotName(merge)] : [];
  }
  protected override mergeCompanion(merge: Value, end: Value): Lines {
    return this.carries(merge) ? [`${this.dotName(merge)} = ${this.companionText(end)};`] : [];
  }
  protected override carriedCompanion(c: Carried): Lines {
    return this.carries(c.phi) ? [`let ${this.dotName(c.phi)} = ${this.companionText(c.init)};`] : [];
  }
  protected override companionMove(c: Carried): Move | null {
    return this.carries(c.phi)
      ? { name: this.dotName(c.phi), text: this.companionText(c.next), of: c.phi }
      : null;
  }
}
