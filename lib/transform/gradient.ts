/**
 * Derivative programs as texts: head, sweeps, result.
 *
 * What: `writeGradient` and `writeTangent` lower a function for some kinds of arguments, plan, and write the program
 * until its text does not change any more. The phases: 1 lower/ · 2 analysis.ts · 3 fusion.ts · 4 adjoint.ts or
 * tangent.ts, over writer.ts · 5 assemble.ts.
 */
import type { PlainFunction } from "../source/sites.ts";
import { AdjointWriter } from "./adjoint.ts";
import { Analysis } from "./analysis.ts";
import {
  checkStores,
  copySpreads,
  Head,
  inputAt,
  isOwn,
  isSureIndex,
  isTakenApart,
  isWrittenTo,
  type Path,
  type ProgramText,
  pathText,
  resultText,
  writtenInputs,
} from "./assemble.ts";
import { compiled, type Dialect } from "./dialect.ts";
import { addTangents, type Seed } from "./directional.ts";
import { Fusion } from "./fusion.ts";
import { interchange } from "./interchange.ts";
import { detachShifts } from "./invariance.ts";
import { everyValue, type Result, resultValues, type Value } from "./ir.ts";
import { jamLoops } from "./jamming.ts";
import { type Kind, keyText } from "./kinds.ts";
import { type Lowering, type LoweringOptions, lower } from "./lower/index.ts";
import { countText, rowLines } from "./matrix.ts";
import { missing } from "./misses.ts";
import { isSameSet, Needs } from "./needs.ts";
import { Patterns } from "./patterns.ts";
import { functionLines } from "./procedures.ts";
import { quoter } from "./quotation.ts";
import { Refusal } from "./refusal.ts";
import { chooseRestored, loadOld, Restored } from "./restoring.ts";
import { reuseLists } from "./scratch.ts";
import { seedsOf } from "./seeds.ts";
import { arrangeLoops, simplify } from "./simplify.ts";
import { TangentWriter } from "./tangent.ts";
import { block, indent, type Lines } from "./writer.ts";

export type { ProgramText };

export interface ProgramOptions {
  /** Positions of the arguments to differentiate by. */
  readonly positions: readonly number[];
  readonly name: string;
  /** Whether the value is wanted beside the gradient. It comes all the same where it may be missing. */
  readonly withValue: boolean;
  /**
   * What is differentiated: the result, which is one number, or the first one of a list; by a cotangent of it, which is
   * the last parameter; or each of its numbers in turn.
   */
  readonly of: "number" | "cotangent" | "rows";
  readonly dialect?: Dialect;
}

/** So many times what is needed is what was needed last, then whatever was needed at any time. */
const [fewPasses, mostPasses] = [8, 24];

/** Writes until nothing changes: what a sweep needs is known when it has been written. */
function settle<N, W extends { needs: N }>(
  f: PlainFunction,
  first: N,
  { isSame, join }: { isSame(a: N, b: N): boolean; join(a: N, b: N): N },
  write: (needs: N) => W,
): W {
  let needs = first;
  for (let pass = 0; pass < mostPasses; pass++) {
    const written = write(needs);
    const next = pass < fewPasses ? written.needs : join(needs, written.needs);
    if (isSame(needs, next)) return written;
    needs = next;
  }
  throw new Refusal("what its program has to store is not found", "leave it to the tape", placeOf(f));
}
const ofSets = {
  isSame: isSameSet,
  join: <T>(a: ReadonlySet<T>, b: ReadonlySet<T>) => new Set([...a, ...b]),
};

export function lowered(
  f: PlainFunction,
  kinds: readonly Kind[],
  {
    dialect = compiled,
    isForward = false,
    ...options
  }: LoweringOptions & { readonly dialect?: Dialect; readonly isForward?: boolean },
): Lowering {
  const lowering = lower(f, kinds, { ...options, messages: dialect.alone });
  simplify(lowering, { positions: options.positions, mayGiveUp: !dialect.alone && !isForward });
  return lowering;
}
export function prepare(f: PlainFunction, lowering: Lowering, positions: readonly number[]) {
  const isIndependent = ({ input }: Value) =>
    input.root.type === "argument" && positions.includes(input.root.position);
  let analysis = new Analysis(lowering, isIndependent);
  if (copySpreads(analysis)) analysis = new Analysis(lowering, isIndependent);
  if (detachShifts(analysis)) analysis = new Analysis(lowering, isIndependent);
  checkStores(analysis, f);
  const written = writtenInputs(lowering, analysis);
  return {
    analysis,
    stores: written.flatMap((w) => w.stores),
    written: written.map(({ position }) => position),
    oddIndices: written.some((w) =>
      w.stores.some((store) => store.op === "store" && store.key === null && !isSureIndex(store.args[1])),
    ),
  };
}

/**
 * The program `(…args, …free, cotangent?) => { value, gradient }`: value and gradients, one for each position. Without
 * the value, it returns the gradients alone.
 */
export function writeGradient(
  f: PlainFunction,
  kinds: readonly Kind[],
  options: ProgramOptions,
): ProgramText {
  const lowering = lowered(f, kinds, options);
  if (options.of === "number") checkNumber(lowering, f);
  return adjoint(f, lowering, kinds, options);
}
const lastParameters = { number: [], cotangent: ["cotangent"], rows: ["mostOutputs"] };

function checkNumber({ result }: Lowering, f: PlainFunction): void {
  if (!(result.type === "value" && result.value.type === "number"))
    throw new Refusal("the function returns no number", "use jacobian or vjp", placeOf(f));
}
export const placeOf = ({ site }: PlainFunction) => site.place(site.node.start);

/**
 * The program `(…args, …directions, …free) => gradient`: the gradient of the derivative in a direction, which is the
 * Hessian times the direction, for each position.
 */
export function writeProduct(
  f: PlainFunction,
  kinds: readonly Kind[],
  { positions, name }: Pick<ProgramOptions, "positions" | "name">,
): ProgramText {
  const lowering = lowered(f, kinds, { positions, procedures: false });
  checkNumber(lowering, f);
  const seed: Seed = ({ input: { root } }) => ({
    position: kinds.length + positions.indexOf((root as { position: number }).position),
  });
  const [derivative] = addTangents(lowering, positions, 1, seed, placeOf(f), true);
  const names = lowering.parameterNames;
  // where f's result may be missing, it is looked at; its derivative does not tell
  const items = [derivative, lowering.result];
  const result: Result = mayBeMissing(lowering) ? { type: "list", items, floats: false } : derivative;
  const directional = {
    ...lowering,
    result,
    parameterNames: [
      ...kinds.map((_, k) => names[k]),
      ...positions.map((k) => `${names[k] ?? `x${k + 1}`}Dot`),
    ],
  };
  simplify(directional, { positions, mayGiveUp: true });
  return adjoint(f, directional, [...kinds, ...positions.map((k) => kinds[k])], {
    positions,
    name,
    withValue: false,
    of: "number",
  });
}

function adjoint(
  f: PlainFunction,
  lowering: Lowering,
  kinds: readonly Kind[],
  options: ProgramOptions,
): ProgramText {
  let prepared = prepare(f, lowering, options.positions);
  const { result } = lowering;
  const withValue = options.withValue || mayBeMissing(lowering);
  const differentiated = options.of === "number" && result.type === "list" ? result.items[0] : result;
  const { seeds, pointerSeeds } = seedsOf(differentiated, options.of);
  let freeInputs: readonly Value[] = [];
  const dialect = options.dialect ?? compiled;
  const quote = quoter(lowering.holders);
  const isDifferentiated = ({ type, input: { root } }: Value): boolean =>
    type === "pointer" && root.type === "argument" && options.positions.includes(root.position);
  const fusions = new Map<Analysis, Fusion>();
  const fusionOf = (analysis: Analysis): Fusion => {
    const fusion = fusions.get(analysis) ?? new Fusion(analysis, options.of === "rows" ? null : seeds);
    fusions.set(analysis, fusion);
    return fusion;
  };
  const jam: typeof interchange = (lowered, analysis, replaced) =>
    jamLoops(lowered, analysis, replaced, (loop) => fusionOf(analysis).isFused(loop));
  const reuse: typeof interchange = (lowered, analysis) =>
    reuseLists(lowered, analysis, () => fusionOf(analysis));
  for (const rewrite of [interchange, jam, reuse])
    if (arrangeLoops(lowering, prepared.analysis, rewrite))
      prepared = prepare(f, lowering, options.positions);
  const write = ({ analysis, stores }: ReturnType<typeof prepare>, old: ReadonlyMap<Value, Value>) => {
    const patterns = new Patterns(analysis);
    const fusion = fusionOf(analysis);
    const restored = new Restored(analysis, fusion.isFused, old);
    const settled = settle(f, new Needs(), Needs, (needs: Needs) => {
      const writer = new AdjointWriter(
        analysis,
        fusion,
        needs,
        {
          seeds,
          pointerSeeds,
          withValue,
          patterns,
          restored,
          repeated: options.of === "rows",
          quote,
        },
        options.of === "rows" ? { ...dialect, addInto: (shadow) => [`${shadow}[output] = 1;`] } : dialect,
      );
      writer.writtenStores = stores;
      const head = new Head(lowering, writer, kinds.length);
      freeInputs = head.freeInputs;
      const parameters = [...head.parameters, ...head.freeNames, ...lastParameters[options.of]];
      const { forward, reverse } = writer.write();
      const resets = options.of === "rows" ? writer.resets(forward) : [];
      if (!resets)
        throw new Refusal("lists of lists are made on the way to the result", "take its pullbacks", null);
      // the rest is put around the sweeps that are the last ones
      const text = () => {
        const shadows = lowering.inputs
          .filter((input) => input.type === "pointer" && analysis.hasShadow(input))
          .map(
            (input) =>
              `const ${writer.barName(input)} = ${dialect.zerosLike(head.source(input), input.kind as Kind)};`,
          );
        const gradient = (kind: Kind, position: number, path: Path): string => {
          const input = inputAt(lowering, position, path);
          if (input?.type === "number") return writer.inputBar(input);
          if (input?.type === "pointer" && analysis.hasShadow(input)) return writer.barName(input);
          if (kind.type === "number") return "0";
          if (kind.type === "list" && kind.length && isTakenApart(lowering, position, path)) {
            const items = Array.from({ length: kind.length }, (_, k) =>
              gradient(kind.of, position, [...path, k]),
            );
            return kind.floats ? `Float64Array.of(${items.join(", ")})` : `[${items.join(", ")}]`;
          }
          if (kind.type === "list" || input?.type === "pointer")
            return dialect.zerosLike(pathText(head.parameters[position], path), kind);
          if (kind.type === "tuple")
            return `[${kind.items.map((item, k) => gradient(item, position, [...path, k])).join(", ")}]`;
          if (kind.type !== "record") return "null";
          const items = kind.items.map(
            (item, k) => `${keyText(kind.keys[k])}: ${gradient(item, position, [...path, kind.keys[k]])}`,
          );
          return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
        };
        const gradients = options.positions.map((k) => gradient(kinds[k], k, []));
        const value = () =>
          resultText(result, (v) =>
            v.type === "pointer" && !(dialect.alone && isOwn(v, analysis))
              ? dialect.copy(writer.text(v), v.kind as Kind)
              : writer.text(v),
          );
        const trims = (): Lines =>
          lowering.inputs
            .filter((input) => isDifferentiated(input) && analysis.hasShadow(input))
            // where adjoints are added up, NaN tells of an element that is not there
            .filter((input) => dialect.alone || patterns.isSet(input))
            .flatMap((input) =>
              dialect.trim(
                writer.barName(input),
                head.source(input),
                input.kind as Kind,
                missing(input, analysis),
              ),
            );
        const giveTape = writer.usesTape ? ["rows.giveTape(tape);"] : [];
        const body = (): Lines => {
          if (options.of !== "rows")
            return [...head.lines(), ...shadows, ...forward, ...reverse, ...trims(), ...giveTape];
          return [
            ...head.lines(),
            ...forward,
            `const outputs = ${countText(result, (v) => writer.text(v))};`,
            ...block("if (outputs > mostOutputs)", [
              ...giveTape,
              withValue ? `return { value: ${value()}, gradient: null };` : "return null;",
            ]),
            ...rowLines(
              [...shadows, ...resets, ...reverse],
              options.positions.map((k, at) => ({ kind: kinds[k], text: gradients[at] })),
              writer.usesTape,
            ),
            ...giveTape,
          ];
        };
        const derivative = options.of === "rows" ? "jacobian" : `[${gradients.join(", ")}]`;
        const lines = [
          ...body(),
          withValue ? `return { value: ${value()}, gradient: ${derivative} };` : `return ${derivative};`,
        ];
        const { functions } = writer;
        const source = functionText(options.name, parameters, [...lines, ...functionLines(functions)]);
        return { source, parameters, lines, functions, variables: writer.variables() };
      };
      return { text, needs: writer.next };
    });
    return { ...settled, fusion };
  };
  const { analysis, written, oddIndices } = prepared;
  let sweeps = write(prepared, new Map());
  // rows are swept several times, from what memory holds in the end
  const undone = options.of === "rows" ? [] : chooseRestored(analysis, sweeps.fusion, sweeps.needs);
  if (undone.length > 0) {
    const old = loadOld(analysis, undone);
    sweeps = write(prepare(f, lowering, options.positions), old);
  }
  return { name: options.name, ...sweeps.text(), freeInputs, lowering, written, oddIndices, withValue };
}
/** Whether the result may be undefined or hold what is, of which the tape has to say what it means. */
function mayBeMissing(lowering: Lowering): boolean {
  const sources = new Map<Value, readonly Value[]>();
  for (const value of everyValue(lowering))
    if (value.op === "if")
      for (const m of value.branch.merges) sources.set(m.value, [m.consequent, m.alternate]);
    else if (value.op === "loop")
      for (const c of value.loop.carried) for (const at of [c.phi, c.out]) sources.set(at, [c.init, c.next]);
  const reached = new Set(resultValues(lowering.result));
  for (const value of reached) {
    if (value.maybe || value.type === "pointer" || ["load", "param", "result"].includes(value.op))
      return true;
    for (const source of sources.get(value) ?? (value.op === "select" ? value.args.slice(1) : []))
      reached.add(source);
  }
  return false;
}

/** The program `(…args, …tangents, …free) => { value, tangent }`, with a tangent for each position. */
export function writeTangent(
  f: PlainFunction,
  kinds: readonly Kind[],
  options: Pick<ProgramOptions, "positions" | "name" | "dialect">,
): ProgramText {
  const lowering = lowered(f, kinds, { ...options, isForward: true });
  const { analysis, stores, written, oddIndices } = prepare(f, lowering, options.positions);
  const { result } = lowering;
  let freeInputs: readonly Value[] = [];
  const dialect = options.dialect ?? compiled;
  const text = settle(f, new Set<Value>(), ofSets, (named: Set<Value>) => {
    const writer = new TangentWriter(analysis, named, dialect);
    writer.writtenStores = stores;
    const head = new Head(lowering, writer, kinds.length);
    freeInputs = head.freeInputs;
    const dots = options.positions.map((position) => {
      const whole = inputAt(lowering, position, []);
      return whole ? writer.dotName(whole) : writer.parameterName(`${head.parameters[position]}Dot`);
    });
    const parameters = [...head.parameters, ...dots, ...head.freeNames];
    const body = writer.write();
    const parts: Lines = [];
    const own = (input: Value, text: string): string =>
      isWrittenTo(input, analysis) ? dialect.ownTangent(text, input.kind as Kind) : text;
    for (const input of lowering.inputs) {
      const { root, path } = input.input;
      const at = root.type === "argument" ? options.positions.indexOf(root.position) : -1;
      if (
        at >= 0 &&
        path.length > 0 &&
        (input.type === "pointer" ? analysis.hasShadow(input) : analysis.isActive(input))
      )
        parts.push(`const ${writer.dotName(input)} = ${own(input, pathText(dots[at], path))};`);
      else if (at >= 0 && path.length === 0 && own(input, dots[at]) !== dots[at])
        parts.push(`${dots[at]} = ${own(input, dots[at])};`);
      // a passive argument that active values are written to
      if (at < 0 && input.type === "pointer" && analysis.hasShadow(input))
        parts.push(
          `const ${writer.dotName(input)} = ${dialect.zerosLike(head.source(input), input.kind as Kind)};`,
        );
    }
    const isNew = (v: Value): boolean => dialect.alone && isOwn(v, analysis);
    const value = resultText(result, (v) =>
      v.type === "pointer" && !isNew(v) ? dialect.copy(writer.text(v), v.kind as Kind) : writer.text(v),
    );
    const tangent = resultText(result, (v) => {
      if (v.type !== "pointer") return writer.dot(v);
      const kind = v.kind as Kind;
      if (analysis.hasShadow(v) && isNew(v)) return writer.dotName(v);
      return analysis.hasShadow(v)
        ? dialect.copy(writer.dotName(v), kind)
        : dialect.zerosLike(writer.text(v), kind);
    });
    const lines = [...head.lines(), ...parts, ...body, `return { value: ${value}, tangent: ${tangent} };`];
    const { functions } = writer;
    const source = functionText(options.name, parameters, [...lines, ...functionLines(functions)]);
    return { source, parameters, lines, functions, variables: writer.variables(), needs: writer.read };
  });
  return { name: options.name, ...text, freeInputs, lowering, written, oddIndices, withValue: true };
}

export function functionText(name: string, parameters: readonly string[], lines: Lines): string {
  return [`function ${name}(${parameters.join(", ")}) {`, ...indent(lines), "}"].join("\n");
}
