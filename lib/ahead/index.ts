/**
 * Derivative programs ahead of time: contents of this floor.
 *
 * What: `differentiate`, from a function in a file to the text of a module of plain, typed TypeScript that computes its
 * derivative and depends on nothing. The way: modules.ts reads the files, shapes.ts finds the kinds of the arguments,
 * transform/ writes the program, module.ts makes a module of it. Reference: ADIFOR and Tapenade, which work so.
 */
import { basename, relative, resolve } from "node:path";
import type { Place } from "../source/positions.ts";
import type { PlainFunction } from "../source/sites.ts";
import type { Node } from "../source/syntax.ts";
import type { ProgramText } from "../transform/assemble.ts";
import { writeGradient, writeTangent } from "../transform/gradient.ts";
import { hasNumbers, type Kind } from "../transform/kinds.ts";
import { Refusal } from "../transform/refusal.ts";
import { readable } from "./inline.ts";
import { type ModuleOptions, moduleText } from "./module.ts";
import { Modules } from "./modules.ts";
import { ownNames } from "./names.ts";
import { aloneDialect, type Reader } from "./phrases.ts";
import { type Parameter, Signatures, withShortLengths } from "./shapes.ts";

export interface DifferentiateOptions {
  readonly file: string;
  readonly function: string;
  readonly mode: "reverse" | "forward";
  /** Positions or names of the parameters to differentiate by; all of them when absent. */
  readonly wrt: readonly string[] | null;
  /** Arguments of the kinds that the program is for. */
  readonly example: readonly unknown[] | null;
  /** How the command was written, for the header. */
  readonly command: string;
}
export { Refusal };

/** The text of the module; throws a `Refusal` for what cannot be done. */
export function differentiate(options: DifferentiateOptions): string {
  const modules = new Modules();
  const module = modules.open(resolve(options.file));
  const f = module.function(options.function);
  const signatures = new Signatures(modules, module);
  const parameters = signatures.parameters(options.function, options.example);
  const place = f.site.place(f.site.node.start);
  const positions = positionsOf(parameters, options, place);
  const kinds = parameters.map(({ kind }) => withShortLengths(kind));
  const read: Reader = (statement: Node) => modules.statement(statement);
  const [mode, program] = placed(place, () => programOf(f, kinds, positions, options, read));
  const text = readable(program);
  const names = ownNames(
    text,
    parameters.map((parameter) => parameter.name),
  );
  const by = listed(positions.map((k) => names.get(text.parameters[k]) ?? text.parameters[k]));
  const name = options.function;
  const descriptions = {
    gradient: `The value of ${name}, and its gradient by ${by}.`,
    pullback: `The value of ${name}, and what a cotangent of it is by ${by}.`,
    tangent: `The value of ${name}, and its derivative in the direction of the tangents of ${by}.`,
  };
  const programs = { gradient: "gradient", pullback: "pullback", tangent: "pushforward" };
  return moduleText(text, {
    compiler: modules.compiler,
    mode,
    parameters,
    positions,
    names,
    result: signatures.result(options.function),
    declarations: signatures.declarations,
    place,
    header: [
      `The ${programs[mode]} of ${name} in ${relative(process.cwd(), resolve(options.file)).startsWith("..") ? basename(options.file) : module.name}, written by`,
      `  ${options.command}`,
      "Write it again when the function changes, instead of editing it here.",
    ],
    description: descriptions[mode],
  });
}

/** What is refused without a place is refused at the function's. */
function placed<T>(place: Place, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal) || error.place) throw error;
    throw new Refusal(error.construct, error.wayOut, place);
  }
}

function programOf(
  f: PlainFunction,
  kinds: readonly Kind[],
  positions: readonly number[],
  { function: name, mode }: DifferentiateOptions,
  read: Reader,
): [ModuleOptions["mode"], ProgramText] {
  const base = { positions, dialect: aloneDialect(name, read) };
  if (mode === "forward") return ["tangent", writeTangent(f, kinds, { ...base, name: `${name}Tangent` })];
  const gradient = (suffix: string, of: "number" | "cotangent") =>
    writeGradient(f, kinds, { ...base, name: `${name}${suffix}`, withValue: true, of });
  try {
    return ["gradient", gradient("Gradient", "number")];
  } catch (error) {
    if (!(error instanceof Refusal) || error.construct !== "the function returns no number") throw error;
    return ["pullback", gradient("Pullback", "cotangent")];
  }
}

function positionsOf(
  parameters: readonly Parameter[],
  { wrt, function: name }: DifferentiateOptions,
  place: Place,
): number[] {
  const positions = (wrt ?? parameters.map((_, k) => String(k))).map((text) => {
    const named = parameters.findIndex((parameter) => parameter.name === text);
    const position = named >= 0 ? named : /^\d+$/.test(text) ? Number(text) : -1;
    if (position >= 0 && position < parameters.length) return position;
    throw new Refusal(
      `--wrt ${text} names no parameter of ${name}`,
      `it has ${listed(parameters.map((parameter, k) => `${parameter.name} (${k})`)) || "none"}`,
      null,
    );
  });
  if (new Set(positions).size < positions.length)
    throw new Refusal(`--wrt ${wrt?.join(",")} names a parameter twice`, "name each once", null);
  const passive = positions.filter((k) => !hasNumbers(parameters[k].kind));
  if (wrt ? passive.length > 0 : passive.length === positions.length)
    throw new Refusal(
      passive.length > 0
        ? `${parameters[passive[0]].name} holds no number to differentiate by`
        : `${name} has no parameter to differentiate by`,
      wrt ? "name others by --wrt" : "give it one that is or holds numbers",
      wrt ? null : place,
    );
  return positions;
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? "")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
