/**
 * Procedures in adjoint programs: for each a function that computes it, storing what its reverse sweep reads, and one
 * that is its reverse sweep.
 *
 * What: `ProcedureSweeps` writes the second one, which is given the adjoints of what the procedure gives, and again the
 * arguments that it reads; it adds to the adjoints of lists and records, and gives those of numbers. Each call that the
 * forward sweep has made is swept once, the last one first, so that what it stored is on top of the tape.
 * Reference: Hascoët & Pascual, The Tapenade automatic differentiation tool, TOMS 39 (2013), section 4.1.
 */
import type { Variable } from "./assemble.ts";
import { type Procedure, runBy, type Value } from "./ir.ts";
import type { FunctionText } from "./procedures.ts";
import { StorageWriter } from "./storage.ts";

export abstract class ProcedureSweeps extends StorageWriter {
  protected abstract add(value: Value, text: string): void;
  protected abstract total(value: Value): string;
  abstract inputBar(input: Value): string;

  protected override functionsOf(procedure: Procedure): FunctionText[] {
    const functions = super.functionsOf(procedure);
    return this.sweeps(procedure) ? [...functions, this.reverseFunction(procedure)] : functions;
  }
  protected override nameMore(procedure: Procedure): void {
    this.functionName(procedure, "Reverse");
    for (const param of this.givenBack(procedure).slice(1)) this.barRegister(procedure, param);
  }
  /** Whether a procedure has a reverse sweep: something in it, or in one that it calls, is active, or overwrites what is. */
  private sweeps(procedure: Procedure): boolean {
    const [call] = this.callsOf(procedure);
    const { analysis } = this;
    const overwrites = ({ op, args, key }: Value) => op === "store" && analysis.isActiveMember(args[0], key);
    return this.pushes(procedure) || runBy(call).some((v) => analysis.isActive(v) || overwrites(v));
  }
  /** Parameters whose adjoints the reverse sweep of a procedure gives. */
  private givenBack({ params }: Procedure): Value[] {
    return params.filter((param) => param.type === "number" && this.analysis.isActive(param));
  }
  private barRegister(procedure: Procedure, param: Value): string {
    const { name } = param;
    return this.register(
      procedure,
      name ? `${name[0].toUpperCase()}${name.slice(1)}Bar` : "ArgBar",
      procedure.params.indexOf(param),
    );
  }
  private reverseFunction(procedure: Procedure): FunctionText {
    const { params, results, body } = procedure;
    const bars = results.map((result, k) =>
      this.analysis.isActive(result) ? this.resultBar(procedure, result, k) : null,
    );
    const lines = this.reverse(body, () =>
      results.forEach((result, k) => {
        if (bars[k] !== null) this.add(result, bars[k]);
      }),
    );
    const name = this.functionName(procedure, "Reverse");
    const [first, ...others] = this.givenBack(procedure);
    for (const param of others)
      lines.push(`${this.barRegister(procedure, param)} = ${this.inputBar(param)};`);
    if (first) lines.push(`return ${this.inputBar(first)};`);
    const given = params.flatMap((param) => [
      ...(this.needs.params.has(param) ? [this.nameOf(param)] : []),
      ...(this.hasShadow(param) ? [this.barName(param)] : []),
    ]);
    const all = [...given, ...bars.filter((bar) => bar !== null)];
    return this.functionText(
      name,
      procedure,
      all,
      [...this.restore(body), ...lines],
      first ? "number" : null,
    );
  }
  private resultBar({ name }: Procedure, result: Value, k: number): string {
    const bar = this.names.fresh(`${name}${k > 0 ? k + 1 : ""}Bar`);
    this.resultBars.set(bar, result);
    return bar;
  }
  private readonly resultBars = new Map<string, Value>();
  protected override *allVariables(): Iterable<[string, Variable]> {
    yield* super.allVariables();
    for (const [name, value] of this.resultBars) yield [name, { value, shadow: true }];
  }
  private hasShadow(value: Value): boolean {
    return value.type === "pointer" && this.analysis.hasShadow(value);
  }
  protected sweepCall(value: Value): void {
    const { args, call } = value;
    const { procedure, results } = call;
    if (!this.sweeps(procedure)) return;
    const bars = results
      .filter((_, k) => this.analysis.isActive(procedure.results[k]))
      .map((result) => this.total(result));
    const isIdle = bars.every((bar) => bar === "0") && !this.pushes(procedure);
    if (isIdle && !runBy(value).some(({ op }) => op === "store" || op === "push")) return;
    const given = procedure.params.flatMap((param, k) => [
      ...(this.needs.params.has(param) ? [this.ref(args[k])] : []),
      ...(this.hasShadow(param) ? [this.shadow(args[k])] : []),
    ]);
    const text = `${this.functionName(procedure, "Reverse")}(${[...given, ...bars].join(", ")})`;
    const [first, ...others] = this.givenBack(procedure);
    const take = (param: Value, from: string): [Value, string] | null => {
      const arg = args[procedure.params.indexOf(param)];
      if (arg.op === "const" || !this.analysis.isActive(arg)) return null;
      const name = this.names.fresh(`${arg.name ?? param.name ?? "arg"}Bar`);
      this.line(`const ${name} = ${from};`);
      return [arg, name];
    };
    const taken = [first ? take(first, text) : null];
    if (taken[0] === null) this.line(`${text};`);
    for (const param of others) taken.push(take(param, this.barRegister(procedure, param)));
    for (const part of taken) if (part) this.add(...part);
  }
}
