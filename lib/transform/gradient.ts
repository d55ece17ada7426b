/**
 * Gradient programs, put together: head, forward sweep, reverse sweep, result.
 *
 * What: `writeGradient` lowers a function for some kinds of arguments, plans, and writes the adjoint program until its
 * text does not change any more. The phases: 1 lower/ · 2 analysis.ts · 3 fusion.ts · 4 adjoint.ts over writer.ts.
 */
import type { PlainFunction } from "../source/sites.ts";
import { AdjointWriter } from "./adjoint.ts";
import { Analysis } from "./analysis.ts";
import { Fusion } from "./fusion.ts";
import { type Result, type Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";
import { type Lowering, lower } from "./lower/index.ts";
import { Needs } from "./needs.ts";
import { indent, keyText, type Lines, memberText } from "./writer.ts";

export interface ProgramText {
  readonly name: string;
  /** The function as JavaScript: its parameters are f's, and after them the free variables that it reads. */
  readonly source: string;
  readonly lowering: Lowering;
  /** Inputs from free variables, in the order of their parameters. */
  readonly freeInputs: readonly Value[];
  /** Positions of the arguments that are written to. */
  readonly written: readonly number[];
}

export interface GradientOptions {
  /** Positions of the arguments to differentiate by. */
  readonly positions: readonly number[];
  readonly name: string;
  /** Whether the value is wanted beside the gradient. */
  readonly withValue: boolean;
  /** Whether a cotangent of the result is given, as the last parameter; else the result is one number. */
  readonly withCotangent: boolean;
}

const mostPasses = 12;

export function writeGradient(f: PlainFunction, kinds: readonly Kind[], options: GradientOptions): ProgramText {
  const lowering = lower(f, kinds);
  const analysis = new Analysis(lowering, ({ input }) => input.root.type === "argument" && options.positions.includes(input.root.position));
  const seeds = new Map<Value, string>();
  const pointerSeeds = new Map<Value, string>();
  if (options.withCotangent) seedsOf(lowering.result, "cotangent", seeds, pointerSeeds);
  else if (lowering.result.type === "value") seeds.set(lowering.result.value, "1");
  const written = writtenInputs(lowering, analysis);
  let needs = new Needs();
  let before = "";
  for (let pass = 0; pass < mostPasses; pass++) {
    const fusion = new Fusion(analysis, seeds);
    const writer = new AdjointWriter(analysis, fusion, needs, { seeds, pointerSeeds, withValue: options.withValue });
    writer.writtenInputs = written.map(({ stores }) => stores);
    const text = program(writer, lowering, analysis, kinds, options);
    if (text.source === before) return { ...text, lowering, written: written.map(({ position }) => position) };
    before = text.source;
    needs = writer.next;
  }
  throw new Error(`internal: the adjoint program of ${options.name} does not settle`);
}

function seedsOf(result: Result, text: string, seeds: Map<Value, string>, pointerSeeds: Map<Value, string>): void {
  if (result.type === "constant") return;
  if (result.type === "value") {
    const { value } = result;
    if (value.type === "pointer") pointerSeeds.set(value, text);
    else seeds.set(value, seeds.has(value) ? `${seeds.get(value)} + ${text}` : text);
    return;
  }
  result.items.forEach((item, k) => void seedsOf(item, result.type === "record" ? memberText(text, result.keys[k]) : `${text}[${k}]`, seeds, pointerSeeds));
}

/** Arguments whose lists or records are written to, with the stores. */
function writtenInputs({ inputs }: Lowering, analysis: Analysis): { position: number; stores: Value[] }[] {
  const written = new Map<number, Value[]>();
  const visited = new Set<unknown>();
  for (const input of inputs) {
    if (input.type !== "pointer" || input.input.root.type !== "argument") continue;
    const { position } = input.input.root;
    const look = (memory: ReturnType<Analysis["memoryOf"]>): void => {
      if (visited.has(memory)) return;
      visited.add(memory);
      if (memory.stores.length > 0) written.set(position, [...(written.get(position) ?? []), ...memory.stores]);
      for (const member of memory.members.values()) look(member.find());
    };
    visited.clear();
    look(analysis.memoryOf(input));
  }
  return [...written].map(([position, stores]) => ({ position, stores }));
}

function program(writer: AdjointWriter, lowering: Lowering, analysis: Analysis, kinds: readonly Kind[], options: GradientOptions) {
  const { inputs } = lowering;
  const parameters: string[] = [];
  const head: Lines = [];
  const at = (position: number, path: readonly (string | number)[]): Value | undefined =>
    inputs.find(({ input }) => input.root.type === "argument" && input.root.position === position && JSON.stringify(input.path) === JSON.stringify(path));
  kinds.forEach((_, position) => {
    const whole = at(position, []);
    parameters.push(whole ? writer.nameOf(whole) : writer.parameterName(lowering.parameterNames[position] ?? `x${position + 1}`));
  });
  const freeInputs = inputs.filter(({ input }) => input.root.type === "free");
  for (const input of freeInputs) parameters.push(writer.nameOf(input));
  if (options.withCotangent) parameters.push("cotangent");
  const body = writer.write();
  for (const input of inputs) {
    const { root, path } = input.input;
    if (root.type === "argument" && path.length > 0 && writer.isUsed(input)) head.push(`const ${writer.nameOf(input)} = ${pathText(parameters[root.position], path)};`);
    if (input.type === "pointer" && analysis.hasShadow(input)) head.push(`const ${writer.barName(input)} = rows.zerosLike(${root.type === "argument" ? pathText(parameters[root.position], path) : writer.nameOf(input)});`);
  }
  const gradientText = (kind: Kind, position: number, path: readonly (string | number)[]): string => {
    const input = at(position, path);
    if (input) {
      if (input.type === "number") return writer.inputBar(input);
      if (input.type === "boolean") return "null";
      return analysis.hasShadow(input) ? writer.barName(input) : `rows.zerosLike(${pathText(parameters[position], path)})`;
    }
    if (kind.type === "number") return "0";
    if (kind.type === "list") return `rows.zerosLike(${pathText(parameters[position], path)})`;
    if (kind.type === "tuple") return `[${kind.items.map((item, k) => gradientText(item, position, [...path, k])).join(", ")}]`;
    if (kind.type !== "record") return "null";
    const items = kind.items.map((item, k) => `${keyText(kind.keys[k])}: ${gradientText(item, position, [...path, kind.keys[k]])}`);
    return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
  };
  const gradients = options.positions.map((k) => gradientText(kinds[k], k, []));
  const tail: Lines = writer.usesTape ? ["rows.giveTape(tape);"] : [];
  const gradient = `[${gradients.join(", ")}]`;
  if (options.withValue) tail.push(`return { value: ${valueText(lowering.result, writer)}, gradient: ${gradient} };`);
  else tail.push(`return ${gradient};`);
  const source = [`function ${options.name}(${parameters.join(", ")}) {`, ...indent([...head, ...body, ...tail]), "}"].join("\n");
  return { name: options.name, source, freeInputs };
}

function pathText(root: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : memberText(text, key)), root);
}
function valueText(result: Result, writer: AdjointWriter): string {
  switch (result.type) {
    case "constant":
      return String(result.value);
    case "value":
      return result.value.type === "pointer" ? `rows.copy(${writer.text(result.value)})` : writer.text(result.value);
    case "list": {
      const items = result.items.map((item) => valueText(item, writer)).join(", ");
      return result.floats ? `Float64Array.of(${items})` : `[${items}]`;
    }
    case "record":
      return `{ ${result.items.map((item, k) => `${keyText(result.keys[k])}: ${valueText(item, writer)}`).join(", ")} }`;
  }
}
