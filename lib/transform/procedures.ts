/**
 * Functions inside of programs: procedures (ir.ts) as text.
 *
 * What: `ProcedureWriter` writes a procedure as a function within the program, and its calls. A function returns the
 * first of what it gives; what else there is stands in variables of the program behind a call, from where the caller
 * takes it at once. Subclasses say what goes in and out beside values. Why variables: nothing is allocated at a call.
 * Reference: Hascoët & Pascual, The Tapenade automatic differentiation tool, TOMS 39 (2013), section 4.1.
 */
import type { Variable } from "./assemble.ts";
import type { Procedure, Value } from "./ir.ts";
import { Names } from "./names.ts";
import { block, type Lines, ProgramWriter } from "./writer.ts";

/** A function inside of a program. */
export interface FunctionText {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly lines: Lines;
  readonly returns: "number" | "boolean" | null;
  /** Parameters that functions do not write to. */
  readonly steady: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, Variable>;
}
/** The lines of functions, behind those of the program. */
export function functionLines(functions: readonly FunctionText[]): Lines {
  return functions.flatMap(({ name, parameters, lines }) => [
    "",
    ...block(`function ${name}(${parameters.join(", ")})`, lines),
  ]);
}

export abstract class ProcedureWriter extends ProgramWriter {
  private readonly words = new Map<string, string>();
  private readonly registers = new Map<string, string>();
  private readonly scopes = new Map<Procedure, Names>();

  protected get procedures(): readonly Procedure[] {
    return this.analysis.lowered.procedures;
  }
  /** The functions of the program, behind its own lines. */
  functions: readonly FunctionText[] = [];
  protected writeFunctions(): void {
    const outer = this.names;
    this.functions = this.procedures.flatMap((procedure) => {
      this.names = this.scopes.get(procedure) as Names;
      return this.functionsOf(procedure);
    });
    this.names = outer;
  }
  /** Declarations of what functions give beside what they return. */
  protected registerLines(): Lines {
    return [...this.registers].map(([name, first]) => `let ${name} = ${first};`);
  }
  protected functionsOf(procedure: Procedure): FunctionText[] {
    return this.isCalled(procedure) ? [this.valueFunction(procedure)] : [];
  }

  // ---- names ----

  /** Names what functions see of the program: inputs and their shadows, functions, and what these leave in variables. */
  protected nameOutside(nameShadow: (input: Value) => string): void {
    const { inputs } = this.analysis.lowered;
    for (const input of inputs) this.nameOf(input);
    if (this.procedures.length === 0) return;
    const free = inputs.filter(({ input }) => input.root.type === "free");
    const seen = free.map((input) => this.nameOf(input));
    for (const input of free)
      if (input.type === "pointer" && this.analysis.hasShadow(input)) seen.push(nameShadow(input));
    for (const procedure of this.procedures) {
      this.functionName(procedure);
      procedure.results.forEach((_, k) => {
        if (k > 0) this.resultRegister(procedure, k);
      });
      this.nameMore(procedure);
    }
    this.registers.clear();
    for (const procedure of this.procedures)
      this.scopes.set(procedure, new Names([...seen, ...this.words.values()]));
  }
  /** The same for what is beside values. */
  protected abstract nameMore(procedure: Procedure): void;

  /** The function that computes a procedure, or what belongs to it. */
  protected functionName(procedure: Procedure, suffix = ""): string {
    return this.word(procedure, suffix);
  }
  /** A variable of the program that a function leaves the kth of some things in. */
  protected register(procedure: Procedure, suffix: string, k: number, first = "0"): string {
    const name = this.word(procedure, suffix, k);
    this.registers.set(name, first);
    return name;
  }
  private word(procedure: Procedure, suffix: string, k = 0): string {
    const key = `${this.procedures.indexOf(procedure)} ${suffix} ${k}`;
    let word = this.words.get(key);
    if (word === undefined) {
      word = this.names.fresh(`${procedure.name}${suffix}`);
      this.words.set(key, word);
    }
    return word;
  }

  // ---- values ----

  private isCalled(procedure: Procedure): boolean {
    return this.callsOf(procedure).some((call) => this.live.has(call));
  }
  protected liveParams(procedure: Procedure): Value[] {
    return procedure.params.filter((param) => this.live.has(param));
  }
  /** What a procedure gives that any call asks for, by its places. */
  private liveResults(procedure: Procedure): number[] {
    const calls = this.callsOf(procedure);
    return procedure.results
      .map((_, k) => k)
      .filter((k) => calls.some(({ call }) => this.live.has(call.results[k])));
  }
  private resultRegister(procedure: Procedure, k: number): string {
    return this.register(procedure, `${k + 1}`, k, procedure.results[k].type === "boolean" ? "false" : "0");
  }
  protected override callStatement(value: Value): Lines {
    const { procedure, results } = value.call;
    const args = procedure.params.flatMap((param, k) =>
      this.live.has(param) ? [this.text(value.args[k]), ...this.passedWith(param, value.args[k])] : [],
    );
    const text = `${this.functionName(procedure)}(${args.join(", ")})`;
    const [first, ...others] = this.liveResults(procedure);
    const lines =
      first !== undefined && this.live.has(results[first]) ? this.define(results[first], text) : [`${text};`];
    for (const k of others)
      if (this.live.has(results[k]))
        lines.push(...this.define(results[k], this.resultRegister(procedure, k)));
    return lines;
  }
  protected valueFunction(procedure: Procedure): FunctionText {
    const name = this.functionName(procedure);
    const params = this.liveParams(procedure).flatMap((param) => [
      this.nameOf(param),
      ...this.passedWith(param, param),
    ]);
    const lines = [...this.forward(procedure.body), ...this.endOfProcedure(procedure)];
    const [first, ...others] = this.liveResults(procedure);
    for (const k of others)
      lines.push(`${this.resultRegister(procedure, k)} = ${this.text(procedure.results[k])};`);
    if (first === undefined) return this.functionText(name, procedure, params, lines, null);
    const result = procedure.results[first];
    lines.push(`return ${this.text(result)};`);
    return this.functionText(name, procedure, params, lines, result.type as "number" | "boolean");
  }
  protected functionText(
    name: string,
    procedure: Procedure,
    parameters: readonly string[],
    lines: Lines,
    returns: FunctionText["returns"],
  ): FunctionText {
    const steady = procedure.params.filter((param) => this.isOnlyRead(param));
    return {
      name,
      parameters,
      lines,
      returns,
      steady: new Set(steady.map((param) => this.nameOf(param))),
      variables: this.variables(procedure),
    };
  }
  /** Whether no procedure writes to what a parameter holds. */
  private isOnlyRead(param: Value): boolean {
    return !this.analysis.storesBehind(param).some((store) => store.region.procedure);
  }
  /** What a parameter has beside it, for an argument. */
  protected abstract passedWith(param: Value, arg: Value): string[];
  protected endOfProcedure(_procedure: Procedure): Lines {
    return [];
  }
}
