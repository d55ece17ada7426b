/**
 * Derivative programs, compiled and kept.
 *
 * What: `Program`, a derivative program that runs, with the question whether it fits some arguments; and
 * `programFor`, which finds or makes the one for a function, its arguments and what is asked. Why pure: a program
 * changes nothing until it is done (it works on copies of arguments that f writes to), so it may give up at any time, at
 * an index out of bounds, a thrown error or a NaN, and the tape says what happens.
 */
import type { PlainFunction, Site } from "../source/sites.ts";
import { writeColumns } from "./columns.ts";
import { fitness, readiness } from "./fitness.ts";
import { FreeVariables } from "./free-variables.ts";
import { type ProgramText, writeGradient, writeProduct, writeTangent } from "./gradient.ts";
import { hasNumbers, type Kind, kindOf, loose, short, sumText } from "./kinds.ts";
import { Refusal } from "./refusal.ts";
import { commit, copy, hasNaN, rows } from "./rows.ts";
import { areSeparate, sameKeys } from "./written.ts";

/** What a program computes. */
export interface Request {
  readonly positions: readonly number[];
  readonly mode:
    | "gradient"
    /** The value beside it. */
    | "valueAndGradient"
    /** The gradients by a cotangent of the result. */
    | "pullback"
    /** The tangent of the result by those of the arguments. */
    | "pushforward"
    /** The Hessian times a direction, as the gradient of the derivative in that direction. */
    | "product"
    /** The rows of the Jacobian, one for each number of the result; none where they are more than a direction says. */
    | "rows"
    /** Columns of the Jacobian, for several directions at once. */
    | "columns";
  /** How many, of columns. */
  readonly directions?: number;
}

/** The value, if it was asked for, and a gradient for each position or the tangent of the result. */
export interface Answer {
  readonly value: unknown;
  /** Of rows: null where there are more than were asked for. */
  readonly gradient: unknown[];
  tangent: unknown;
}

/** The arguments, the free variables and the directions, for a program that takes them one by one. */
type Run = (
  args: readonly unknown[],
  free: readonly unknown[],
  directions: readonly unknown[],
) => Answer | undefined;

/** What tests make of faults of programs, which the tape makes good for users. */
export const faults = { notice(_error: ReferenceError, _source: string): void {} };

export class Program {
  private readonly run: Run;
  private readonly written: readonly number[];
  /** How many directions it takes. */
  readonly directions: number;
  private readonly fitsFree: ((free: readonly unknown[]) => boolean) | null;
  private readonly isSum: (gradient: readonly unknown[]) => boolean;
  /** Whether it serves some arguments, as far as they alone tell: compiled for the second call. */
  isReady: (args: readonly unknown[]) => boolean;

  constructor(
    readonly text: ProgramText,
    private readonly mode: Request["mode"],
    kinds: readonly Kind[],
    positions: readonly number[],
  ) {
    this.run = compile(text, mode, kinds.length);
    this.directions = text.parameters.length - kinds.length - text.freeInputs.length;
    // directions are the program's own
    this.written = text.written.filter((k) => k < kinds.length);
    const sums = positions.map((k, at) => sumText(kinds[k], `gradient[${at}]`)).join("");
    this.isSum = new Function(
      "gradient",
      `let sum = 0;\n${sums}return !Number.isNaN(sum);`,
    ) as Program["isSum"];
    const { freeInputs, lowering } = text;
    const isExact = (k: number) => lowering.usesKeys || positions.includes(k) || text.written.includes(k);
    this.isReady = (args) => {
      this.isReady = readiness(kinds, positions, isExact);
      return this.isReady(args);
    };
    const freeKinds = freeInputs.map((input) => input.input.kind);
    this.fitsFree = freeInputs.length === 0 ? null : fitness(freeKinds, () => lowering.usesKeys);
  }

  /** Whether it writes to arguments. */
  get writes(): boolean {
    return this.written.length > 0;
  }
  /** The free variables as a function sees them; null where the program does not fit them. */
  freeOf(f: PlainFunction): FreeVariables | null {
    return FreeVariables.of(f, this.text, this.fitsFree);
  }
  /** The program at a point: later changes of arguments and free variables do not reach it. Null where it does not fit. */
  bind(
    f: PlainFunction,
    args: readonly unknown[],
  ): ((directions: readonly unknown[]) => Answer | null) | null {
    const free = this.freeOf(f)?.values()?.map(copy);
    if (!free) return null;
    const { written } = this;
    const { oddIndices } = this.text;
    if (written.length > 0 && !areSeparate(args, free, written)) return null;
    const kept = args.map(copy);
    return (directions) => {
      const given = kept.map((arg, k) => (written.includes(k) ? copy(arg) : arg));
      const answer = this.checked(given, free, directions);
      return written.every((k) => sameKeys(kept[k], given[k], oddIndices) && !hasNaN(given[k]))
        ? answer
        : null;
    };
  }
  private checked(
    args: readonly unknown[],
    free: readonly unknown[],
    directions: readonly unknown[],
  ): Answer | null {
    let answer: Answer | undefined;
    try {
      answer = this.run(args, free, directions);
    } catch (error) {
      // a name that is not there is a fault of the program's writer, whatever the tape says
      if (error instanceof ReferenceError) faults.notice(error, this.text.source);
      // an element that is not there, too many calls: the tape says what happens
      return null;
    }
    if (answer === undefined || hasNaN(answer.value)) return null;
    switch (this.mode) {
      case "pushforward":
        if (hasNaN(answer.tangent)) return null;
        if (answer.tangent === 0) answer.tangent = 0;
        else if (Array.isArray(answer.tangent)) withoutNegativeZeros(answer.tangent);
        break;
      case "rows":
      case "columns": {
        const matrix = (answer.gradient ?? answer.tangent) as number[][] | null;
        if (matrix && !isSettled(matrix)) return null;
        break;
      }
      default:
        if (!this.isSum(answer.gradient)) return null;
        withoutNegativeZeros(answer.gradient);
    }
    return answer;
  }
  /** How often it has given up in a row, and how many calls it leaves to the tape at once before it is tried again. */
  private misses = 0;
  private pause = 0;
  /** Runs it with the values of the free variables; null where it gives up, or has done so again and again. */
  answer(args: readonly unknown[], free: readonly unknown[], directions: readonly unknown[]): Answer | null {
    if (this.pause > 0) {
      this.pause--;
      return null;
    }
    const answer = this.attempt(args, free, directions);
    if (answer) this.misses = 0;
    else if (++this.misses >= mostMisses) this.pause = longPause;
    return answer;
  }
  private attempt(
    args: readonly unknown[],
    free: readonly unknown[],
    directions: readonly unknown[],
  ): Answer | null {
    const { written } = this;
    const { oddIndices } = this.text;
    if (written.length === 0) return this.checked(args, free, directions);
    if (!areSeparate(args, free, written)) return null;
    const given = args.slice();
    for (const k of written) given[k] = copy(args[k]);
    // a product's directions are the caller's, and written to as the arguments are
    const own = this.mode === "product" ? directions.map(copy) : directions;
    const answer = this.checked(given, free, own);
    // more rows than were asked for: nothing has been done
    if (!answer || answer.gradient === null) return answer;
    if (!written.every((k) => sameKeys(args[k], given[k], oddIndices) && !hasNaN(given[k]))) return null;
    for (const k of written) commit(args[k], given[k]);
    return answer;
  }
}

/** A program that gives up so often in a row is tried at one call of so many: running both costs more than the tape. */
const [mostMisses, longPause] = [4, 15];

const directionsFirst: ReadonlySet<Request["mode"]> = new Set(["pushforward", "product", "columns"]);

/** Compiles a program, called without a spread: that costs more than a short program. */
function compile(text: ProgramText, mode: Request["mode"], count: number): Run {
  const list = (name: string, length: number) => Array.from({ length }, (_, k) => `${name}[${k}]`);
  const free = list("free", text.freeInputs.length);
  const directions = list("directions", text.parameters.length - count - free.length);
  const given = [
    ...list("args", count),
    ...(directionsFirst.has(mode) ? [...directions, ...free] : [...free, ...directions]),
  ];
  const call = `${text.name}(${given.join(", ")})`;
  const answer = text.withValue
    ? call
    : `{ const gradient = ${call};\nif (gradient !== undefined) return { value: null, gradient }; }`;
  const body = `"use strict";\n${text.source}\nreturn (args, free, directions) => ${answer};`;
  return new Function("rows", body)(rows);
}

/** Whether no number of a matrix is NaN; zeros that a product made are positive. */
function isSettled(matrix: readonly number[][]): boolean {
  let sum = 0;
  for (const row of matrix)
    for (let k = 0; k < row.length; k++) {
      const item = row[k];
      if (item === 0) row[k] = 0;
      sum += item;
    }
  return !Number.isNaN(sum);
}
/** Of the numbers at the top, which a product may have made (the derivative of cos at 0 is 0); sums begin at 0. */
function withoutNegativeZeros(list: unknown[]): void {
  if (list.length > 16) return;
  for (let k = 0; k < list.length; k++) if (list[k] === 0) list[k] = 0;
}

// ---- the programs of each place ----

interface Entry {
  /** Whether it is for lists of some lengths only. */
  readonly forLengths: boolean;
  /** Compiled when it is asked. */
  fits: (args: readonly unknown[]) => boolean;
  readonly outcome: Program | Refusal;
}

/** A place whose arguments are of more kinds than this is left to the tape. */
const mostKinds = 12;
/** And lists of more lengths than this have a program for any length. */
const mostLengths = 4;
const kept = new WeakMap<Site, Map<string, Entry[]>>();

/** The program for a function at some arguments, or why there is none. */
export function programFor(f: PlainFunction, args: readonly unknown[], request: Request): Program | Refusal {
  const { site } = f;
  let byRequest = kept.get(site);
  if (!byRequest) {
    byRequest = new Map();
    kept.set(site, byRequest);
  }
  const key = `${request.mode} ${request.positions.join()} ${request.directions ?? ""} ${short.numbers}`;
  let entries = byRequest.get(key);
  if (!entries) {
    entries = [];
    byRequest.set(key, entries);
  }
  for (const entry of entries) if (entry.fits(args)) return entry.outcome;
  const kinds: Kind[] = [];
  const anyLength = entries.filter((entry) => entry.forLengths).length >= mostLengths;
  for (const [k, arg] of args.entries()) {
    const kind = kindOf(arg);
    if (typeof kind === "string")
      return new Refusal(
        `argument ${k} is or holds ${kind}`,
        "pass numbers, lists and records of numbers",
        null,
      );
    kinds.push(anyLength ? loose(kind) : kind);
  }
  if (entries.length >= mostKinds)
    return new Refusal("the function is called with arguments of many kinds", "leave it to the tape", null);
  const outcome = make(f, kinds, request);
  const forLengths = outcome instanceof Program && outcome.text.lowering.usesLengths;
  const entry: Entry = {
    forLengths,
    fits: (given) => {
      entry.fits = fitness(forLengths ? kinds : kinds.map(loose));
      return entry.fits(given);
    },
    outcome,
  };
  entries.unshift(entry);
  return entry.outcome;
}
/** Forgets a program whose assumptions do not hold any more. */
export function forget(f: PlainFunction, program: Program): void {
  for (const entries of kept.get(f.site)?.values() ?? []) {
    const k = entries.findIndex((entry) => entry.outcome === program);
    if (k >= 0) entries.splice(k, 1);
  }
}

/** What a function is called where it is written. */
function nameOf({ site }: PlainFunction): string {
  const { node, code } = site;
  if (node.id) return node.id.name;
  const [, name] = /([\p{ID_Start}_][\p{ID_Continue}]*)\s*[=:]\s*$/u.exec(code.slice(0, node.start)) ?? [];
  return name ?? "f";
}

function write(
  f: PlainFunction,
  kinds: readonly Kind[],
  { positions, mode, directions = 1 }: Request,
): ProgramText {
  const name = nameOf(f);
  switch (mode) {
    case "pushforward":
      return writeTangent(f, kinds, { positions, name: `${name}Tangent` });
    case "product":
      return writeProduct(f, kinds, { positions, name: `${name}Product` });
    case "rows":
      return writeGradient(f, kinds, { positions, name: `${name}Jacobian`, withValue: false, of: "rows" });
    case "columns":
      return writeColumns(f, kinds, { positions, name: `${name}Jacobian`, directions });
    case "gradient":
    case "valueAndGradient":
    case "pullback":
      return writeGradient(f, kinds, {
        positions,
        name: `${name}${mode === "pullback" ? "Pullback" : "Gradient"}`,
        withValue: mode === "valueAndGradient",
        of: mode === "pullback" ? "cotangent" : "number",
      });
  }
}

function make(f: PlainFunction, kinds: readonly Kind[], request: Request): Program | Refusal {
  try {
    if (request.positions.some((k) => !hasNumbers(kinds[k])))
      return new Refusal("an argument holds no number to differentiate by", "choose others by wrt", null);
    const { positions, mode } = request;
    const text = write(f, kinds, request);
    return new Program(text, mode, text.lowering.usesLengths ? kinds : kinds.map(loose), positions);
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (error instanceof EvalError)
      return new Refusal(
        "code may not be made at run time here",
        "write the program ahead of time (npx wengert differentiate)",
        null,
      );
    throw error;
  }
}
