/**
 * Which engine serves a function at some arguments, and why: `explain`.
 *
 * What: `Explanation`, with the derivative program's text beside the function's own, or the construct that keeps it
 * from one, its place and the way out. The function itself is not run; the program is, which changes nothing, to see
 * whether it gives up at these arguments. Why the user's own text: what runs has its types stripped, and the source map
 * leads back to what was written.
 */

import { Showable } from "../showable.ts";
import { type Place, textOf, WengertError } from "../source/positions.ts";
import { type PlainFunction, plainFunctionOf } from "../source/sites.ts";
import { describeKind, kindOf } from "../transform/kinds.ts";
import { Program, type Request } from "../transform/program.ts";
import { Refusal } from "../transform/refusal.ts";
import { rows } from "../transform/rows.ts";
import { checkFunction, checkOptions, positionsOf } from "./arguments.ts";
import { servingProgram } from "./engine.ts";
import type { AnyFunction, Options } from "./types.ts";

/** A text with its place. */
export interface SourceText {
  readonly text: string;
  readonly file: string;
  /** The line, from 1, that it begins in. */
  readonly line: number;
}

/** Why there is no derivative program. */
export interface Obstacle {
  readonly construct: string;
  readonly wayOut: string | null;
  readonly place: Place | null;
  /** The line at that place, as the user wrote it. */
  readonly line: string | null;
}

/** Which engine serves a function at some arguments, and why. Shows the derivative program beside the function. */
export class Explanation extends Showable {
  constructor(
    readonly name: string,
    readonly engine: "program" | "tape",
    /** What is computed: a gradient, a pullback or a pushforward. */
    readonly mode: Request["mode"],
    /** One sentence: why this engine. */
    readonly reason: string,
    /** The kinds of the arguments: `number[]`, `{ x: number }`. */
    readonly kinds: readonly string[],
    /** The function as it is written. */
    readonly primal: SourceText | null,
    /** The derivative program; null where the tape serves. */
    readonly source: string | null,
    /** What keeps the function from a derivative program. */
    readonly obstacle: Obstacle | null,
  ) {
    super();
  }
  override toString(): string {
    const name = this.name || "the function";
    const engine = this.engine === "program" ? "a derivative program" : "the tape";
    return `${name} is served by ${engine}: ${this.reason}`;
  }
}

export interface ExplainOptions extends Options {
  /** `"reverse"` (default): gradients and pullbacks; `"forward"`: the pushforward. */
  readonly mode?: "reverse" | "forward";
}

/**
 * Says which engine serves f at these arguments, and why, with the text of the derivative program.
 *
 * @example
 * const why = explain((x: number) => x * Math.sin(x))(3);
 * why.engine // "program"
 * why.kinds // ["number"]
 * explain((x: number) => { try { return x * x; } finally { } })(3).engine // "tape"
 */
export function explain<P extends unknown[]>(
  f: (...args: P) => unknown,
  options?: ExplainOptions,
): (...args: P) => Explanation {
  checkFunction(f, "explain");
  checkOptions(options, "explain", ["wrt", "engine", "mode"]);
  const mode = options?.mode ?? "reverse";
  if (mode !== "reverse" && mode !== "forward")
    throw new WengertError(`explain has no mode ${JSON.stringify(mode)}`, 'choose "reverse" or "forward"');
  return (...args: P) => explained(f as AnyFunction, args, options, mode);
}

function explained(
  f: AnyFunction,
  args: readonly unknown[],
  options: ExplainOptions | undefined,
  mode: "reverse" | "forward",
): Explanation {
  const positions = positionsOf(options, args, f, "explain");
  const plain = plainFunctionOf(f);
  const kinds = args.map((arg) => {
    const kind = kindOf(arg);
    return typeof kind === "string" ? kind : describeKind(kind);
  });
  const primal = plain ? primalOf(plain) : null;
  const program = (request: Request["mode"]) =>
    servingProgram({
      f,
      args,
      engine: options?.engine,
      name: "explain",
      request: { positions, mode: request },
    });
  let asked: Request["mode"] = mode === "forward" ? "pushforward" : "gradient";
  let outcome = program(asked);
  // a function that returns no number has a pullback
  if (asked === "gradient" && outcome instanceof Refusal) {
    const pullback = program("pullback");
    if (pullback instanceof Program) [asked, outcome] = ["pullback", pullback];
  }
  const explanation = (
    engine: "program" | "tape",
    reason: string,
    source: string | null,
    obstacle?: Obstacle,
  ) => new Explanation(f.name, engine, asked, reason, kinds, primal, source, obstacle ?? null);
  // a pushforward is tried along zero, a pullback on ones in the shape of the result
  const zeros = () => positions.map((k) => rows.zerosLike(args[k]));
  const directions = (): unknown[] | null => {
    if (asked === "gradient") return [];
    if (asked === "pushforward") return zeros();
    const pushforward = program("pushforward");
    if (!plain || !(pushforward instanceof Program)) return null;
    const answer = pushforward.bind(plain, args)?.(zeros());
    return answer ? [onesLike(answer.value)] : null;
  };
  if (typeof outcome === "string")
    return explanation("tape", outcome, null, { construct: outcome, wayOut: null, place: null, line: null });
  if (outcome instanceof Refusal) {
    const { construct, wayOut, place } = outcome;
    const line = place ? (textOf(place.file)?.split("\n")[place.line - 1] ?? null) : null;
    return explanation("tape", outcome.message, null, { construct, wayOut, place, line });
  }
  const { source } = outcome.text;
  if (plain && givesUp(outcome, plain, args, directions()))
    return explanation(
      "tape",
      "its derivative program gives up at these arguments (an error, an index outside of a list, or a NaN)",
      source,
    );
  return explanation("program", `its text is supported for arguments of these kinds`, source);
}

/** Ones in the shape of a value. */
function onesLike(value: unknown): unknown {
  if (typeof value === "number") return 1;
  if (Array.isArray(value) || value instanceof Float64Array) return (value as unknown[]).map(onesLike);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onesLike(item)]));
}
/** Whether a program has no answer here: it meets an error or a NaN. */
function givesUp(
  program: Program,
  f: PlainFunction,
  args: readonly unknown[],
  directions: readonly unknown[] | null,
): boolean {
  return directions !== null && !program.bind(f, args)?.(directions);
}

/** A function as the user wrote it; the plain JavaScript where the way back is not known. */
function primalOf({ site }: PlainFunction): SourceText {
  const { node, code } = site;
  const [start, stop] = [site.place(node.start), site.place(lastToken(code, node.start, node.end))];
  const plain = code.slice(node.start, node.end);
  const lines = textOf(start.file)?.split("\n");
  const tail = plain.slice(lastToken(plain, 0, plain.length));
  const last = lines?.[stop.line - 1]?.slice(stop.column - 1);
  if (!lines || !last?.startsWith(tail)) return { text: plain, file: start.file, line: start.line };
  const written = lines.slice(start.line - 1, stop.line);
  written[written.length - 1] = written[written.length - 1].slice(0, stop.column - 1 + tail.length);
  const before = written[0].slice(0, start.column - 1);
  // what stands before it, if it is its declaration
  const declares = /^\s*(?:export\s+)?(?:default\s+|(?:const|let)\s+[\w$]+\s*(?::.*)?=\s*)?$/.test(before);
  if (!declares) written[0] = written[0].slice(start.column - 1);
  return { text: outdented(written), file: start.file, line: start.line };
}
function lastToken(code: string, start: number, end: number): number {
  const word = /[\w$]+$/.exec(code.slice(start, end));
  return word ? end - word[0].length : end - 1;
}
/** Lines without the indentation that the last one has. */
function outdented(lines: readonly string[]): string {
  const [indentation] = /^\s*/.exec(lines[lines.length - 1]) as RegExpExecArray;
  return lines
    .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line.trimStart()))
    .join("\n");
}
