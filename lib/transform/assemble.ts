/**
 * Programs put together: parameters, the parts of arguments, the result.
 *
 * What: what gradient.ts and tangent programs have in common around the code of a writer.
 */

import { table } from "../rules/index.ts";
import type { PlainFunction } from "../source/sites.ts";
import type { Analysis } from "./analysis.ts";
import { type Result, Value } from "./ir.ts";
import { type Kind, keyText, memberText } from "./kinds.ts";
import type { Lowering } from "./lower/index.ts";
import type { FunctionText } from "./procedures.ts";
import { Refusal } from "./refusal.ts";
import type { Lines, ProgramWriter } from "./writer.ts";

export interface ProgramText {
  readonly name: string;
  /** The function as JavaScript: its parameters are f's, and after them the free variables that it reads. */
  readonly source: string;
  readonly parameters: readonly string[];
  /** The lines of its body, without the functions behind them. */
  readonly lines: Lines;
  readonly functions: readonly FunctionText[];
  /** What each variable of it is. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly lowering: Lowering;
  /** Inputs from free variables, in the order of their parameters. */
  readonly freeInputs: readonly Value[];
  /** Positions of the arguments that are written to. */
  readonly written: readonly number[];
  /** Whether they may be written to at a place that is no index. */
  readonly oddIndices: boolean;
  /** Whether it returns `{ value, gradient }` or `{ value, tangent }`; else it returns the gradient alone. */
  readonly withValue: boolean;
}

/** A variable of a program: a value of the function, or the adjoint or tangent that belongs to it. */
export interface Variable {
  readonly value: Value;
  readonly shadow: boolean;
}

export type Path = readonly (string | number)[];

/** The input at a path of an argument, if it is one. */
export function inputAt({ inputs }: Lowering, position: number, path: Path): Value | undefined {
  return inputs.find(
    ({ input }) =>
      input.root.type === "argument" &&
      input.root.position === position &&
      JSON.stringify(input.path) === JSON.stringify(path),
  );
}
/** Whether an argument, or a list in it, came in by its elements. */
export function isTakenApart({ inputs }: Lowering, position: number, path: Path): boolean {
  return inputs.some(
    ({ input }) =>
      input.root.type === "argument" &&
      input.root.position === position &&
      input.path.length > path.length &&
      path.every((key, k) => input.path[k] === key),
  );
}
export function pathText(root: string, path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : memberText(text, key)),
    root,
  );
}

/** Names of f's parameters, of the free variables, and the lines that take arguments apart. */
export class Head {
  readonly parameters: string[];
  readonly freeInputs: Value[];
  constructor(
    private readonly lowering: Lowering,
    private readonly writer: ProgramWriter,
    count: number,
  ) {
    this.parameters = Array.from({ length: count }, (_, position) => {
      const whole = inputAt(lowering, position, []);
      return whole
        ? writer.nameOf(whole)
        : writer.parameterName(lowering.parameterNames[position] ?? `x${position + 1}`);
    });
    this.freeInputs = lowering.inputs.filter(({ input }) => input.root.type === "free");
  }
  get freeNames(): string[] {
    return this.freeInputs.map((input) => this.writer.nameOf(input));
  }
  /** Where an input comes from, as text. */
  source(input: Value): string {
    const { root, path } = input.input;
    return root.type === "argument"
      ? pathText(this.parameters[root.position], path)
      : this.writer.nameOf(input);
  }
  /** Declarations of the parts of arguments that are used. */
  lines(): Lines {
    return this.lowering.inputs
      .filter(
        (input) =>
          input.input.root.type === "argument" && input.input.path.length > 0 && this.writer.isUsed(input),
      )
      .map((input) => `const ${this.writer.nameOf(input)} = ${this.source(input)};`);
  }
}

/** The text of a result from the texts of its numbers and lists. */
export function resultText(result: Result, leaf: (value: Value) => string): string {
  switch (result.type) {
    case "constant":
      return String(result.value);
    case "value":
      return leaf(result.value);
    case "list": {
      const items = result.items.map((item) => resultText(item, leaf)).join(", ");
      return result.floats ? `Float64Array.of(${items})` : `[${items}]`;
    }
    case "record":
      return result.items.length === 0
        ? "{}"
        : `{ ${result.items.map((item, k) => `${keyText(result.keys[k])}: ${resultText(item, leaf)}`).join(", ")} }`;
  }
}

/** Arguments whose lists or records are written to, with the stores. */
export function writtenInputs(
  { inputs }: Lowering,
  analysis: Analysis,
): { position: number; stores: Value[] }[] {
  const written = new Map<number, Value[]>();
  for (const input of inputs) {
    if (input.type !== "pointer" || input.input.root.type !== "argument") continue;
    const { position } = input.input.root;
    const visited = new Set<unknown>();
    const look = (memory: ReturnType<Analysis["memoryOf"]>): void => {
      if (visited.has(memory)) return;
      visited.add(memory);
      const stores = memory.stores.filter((store) => store.args[0].op !== "allocate");
      if (stores.length > 0) written.set(position, [...(written.get(position) ?? []), ...stores]);
      for (const member of memory.members.values()) look(member.find());
    };
    look(analysis.memoryOf(input));
  }
  return [...written].map(([position, stores]) => ({ position, stores }));
}

/** Whether an input's list or record, or anything in it, is written to. */
export function isWrittenTo(input: Value, analysis: Analysis): boolean {
  return (
    input.type === "pointer" &&
    analysis.hasShadow(input) &&
    analysis.storesBehind(input).some((store) => store.args[0].op !== "allocate")
  );
}

/** Whether nothing that can be reached from a pointer came in: then nobody else has it. */
export function isOwn(pointer: Value, analysis: Analysis): boolean {
  const seen = new Set<unknown>();
  const look = (memory: ReturnType<Analysis["memoryOf"]>): boolean => {
    if (seen.has(memory)) return true;
    seen.add(memory);
    return memory.inputs.length === 0 && [...memory.members.values()].every((member) => look(member.find()));
  };
  return look(analysis.memoryOf(pointer));
}

/** What is spread and written to afterwards is spread from a copy, which the reverse sweep can read. */
export function copySpreads(analysis: Analysis): boolean {
  let copied = false;
  for (const value of analysis.values) {
    if (value.op !== "spread" || !analysis.isActive(value)) continue;
    const [list] = value.args;
    if (!analysis.memoryOf(list).stores.some((store) => analysis.mayFollow(store, value, () => false)))
      continue;
    const copy = new Value("allocate", "pointer", [list]);
    copy.allocation = { type: "copy" };
    copy.kind = list.kind;
    copy.statement = value.statement;
    copy.region = value.region;
    value.region.values.splice(value.region.values.indexOf(value), 0, copy);
    value.args = [copy];
    copied = true;
  }
  return copied;
}

/** Whether a place in a list is surely a whole number that is not negative: of a store at an index. */
export function isSureIndex(value: Value): boolean {
  switch (value.op) {
    case "const":
      return value.whole && (value.constant as number) >= 0;
    case "length":
      return true;
    case "index": {
      const { start, bound, step } = value.loop.counted as NonNullable<Value["loop"]["counted"]>;
      return isSureIndex(step > 0 ? start : bound);
    }
    case "rule":
      return (value.rule === table.add || value.rule === table.mul) && value.args.every(isSureIndex);
  }
  return false;
}

/** Lists inside of arguments may be written to, but not replaced; lists of fixed length stay as long as they are. */
export function checkStores(analysis: Analysis, f: PlainFunction): void {
  for (const value of analysis.stores) {
    const { procedure } = value.region;
    const place = () => f.site.place(value.statement?.start ?? f.site.node.start);
    const [list] = value.args;
    const memory = analysis.memoryOf(list);
    if (value.op === "push" && procedure && analysis.isPassed(memory))
      throw new Refusal(
        "a list that goes into a function which calls itself is made longer there",
        "make it as long as it becomes, or leave it to the tape",
        place(),
      );
    if ((value.args.at(-1) as Value).type === "pointer" && list.op !== "allocate" && memory.inputs.length > 0)
      throw new Refusal(
        "a list or record inside of an argument is replaced",
        "write to its elements, or leave it to the tape",
        place(),
      );
    const isChosen = (v: Value): boolean =>
      ["phi", "out", "merge", "select"].includes(v.op) || (v.op === "load" && isChosen(v.args[0]));
    if (memory.inputs.length > 0 && isChosen(list))
      throw new Refusal(
        "a list or record that may be an argument or another one is written to",
        "write to a copy of the argument, or leave it to the tape",
        place(),
      );
    const made = list.op === "allocate" ? [list] : memory.allocations;
    if (
      value.op === "push" &&
      ((list.op !== "allocate" && memory.inputs.length > 0) ||
        made.some((a) => a.allocation.type !== "literal"))
    )
      throw new Refusal(
        "a list that came with its length is made longer",
        "append to a list that began as []",
        place(),
      );
  }
}

export type { Kind };
