/**
 * Which engine serves a call: the derivative program where there is one, else the tape.
 *
 * What: `Serving`, the calls of one derivative, each answered by a program or by null (then the tape does it), and
 * `boundProgram`, a program at a point for several directions. Inside of another derivative the tape serves always,
 * since what goes through there are traced values.
 */
import { types } from "node:util";
import { WengertError } from "../source/positions.ts";
import { type PlainFunction, plainFunctionOf } from "../source/sites.ts";
import { type Parts, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { holdsNumber } from "../transform/fitness.ts";
import type { FreeVariables } from "../transform/free-variables.ts";
import { type Answer, forget, Program, programFor, type Request } from "../transform/program.ts";
import type { Refusal } from "../transform/refusal.ts";
import { appendNumbers, commit, copy, rows as functions } from "../transform/rows.ts";
import type { AnyFunction, Engine } from "./types.ts";
import { countNumbers, isAlike, setNumber } from "./units.ts";

/** A call that a program may serve. */
export interface Call {
  readonly f: AnyFunction;
  readonly args: readonly unknown[];
  readonly engine: Engine | undefined;
  /** The name of the call, for errors. */
  readonly name: string;
  readonly request: Request;
}

/**
 * The calls of one derivative. Why the program that served the last call is asked first: a short function takes less
 * time than finding its program.
 */
export class Serving {
  private last: Served | null = null;
  constructor(
    private readonly call: Omit<Call, "args" | "request">,
    private readonly mode: Request["mode"],
    /** Which of some arguments to differentiate by; an error where the call is wrong. */
    private readonly positionsOf: (args: readonly unknown[]) => readonly number[],
    /** How many at once, of columns. */
    private readonly directions?: number,
  ) {}

  /** Answers by a program, for directions that are made when they are needed. */
  answer(args: readonly unknown[], directions: () => readonly unknown[] = none): Answer | null {
    const free = this.find(args);
    return free && (this.last as Served).program.answer(args, free, directions());
  }
  /** The gradients for each direction along one number of the arguments, as rows. */
  rows(args: readonly unknown[]): number[][] | null {
    const run = this.at(args);
    if (!run) return null;
    const directions = this.zeros(args);
    const count = countNumbers(directions);
    const rows: number[][] = [];
    for (let k = 0; k < count; k++) {
      setNumber(directions, k, 1);
      const answer = run(directions);
      if (!answer) return null;
      setNumber(directions, k, 0);
      const row: number[] = [];
      for (const gradient of answer.gradient) appendNumbers(row, gradient);
      rows.push(row);
    }
    return rows;
  }
  /** The tangents for each direction along one number of the arguments, as columns, so many of them at once. */
  columns(args: readonly unknown[], atOnce: number): number[][] | null {
    const run = this.at(args);
    if (!run) return null;
    const { program } = this.last as Served;
    if (program.directions === 0) return (run([])?.tangent as number[][] | undefined) ?? null;
    const positions = this.positionsOf(args);
    const units = this.units;
    if (units && !program.writes && positions.every((k, j) => isAlike(args[k], units[j])))
      return (run(units)?.tangent as number[][] | undefined) ?? null;
    const matrix: number[][] = [];
    for (let from = 0, count = 1; from < count; from += atOnce) {
      const sets = Array.from({ length: atOnce }, () => this.zeros(args));
      count = countNumbers(sets[0]);
      const width = Math.min(atOnce, count - from);
      for (let k = 0; k < width; k++) setNumber(sets[k], from + k, 1);
      const directions = sets.flat();
      const some = run(directions)?.tangent as number[][] | undefined;
      if (!some) return null;
      if (count === atOnce) {
        this.units = directions;
        return some;
      }
      if (from === 0) matrix.push(...some);
      else for (let j = 0; j < some.length; j++) for (let k = 0; k < width; k++) matrix[j].push(some[j][k]);
    }
    return matrix;
  }
  /** The directions of all columns, where one sweep makes them all. */
  private units: readonly unknown[] | null = null;
  private zeros(args: readonly unknown[]): unknown[] {
    return this.positionsOf(args).map((k) => functions.zerosLike(args[k]));
  }
  /** The program at some arguments, for several directions: what it writes is written once. */
  private at(args: readonly unknown[]): ((directions: readonly unknown[]) => Answer | null) | null {
    const free = this.find(args);
    if (!free) return null;
    const { program } = this.last as Served;
    if (!program.writes) return (directions) => program.answer(args, free, directions);
    const before = args.map(copy);
    let runs = 0;
    return (directions) => {
      const answer = program.answer(runs++ === 0 ? args : before.map(copy), free, directions);
      if (!answer && runs > 1) args.forEach((arg, k) => void commit(arg, before[k]));
      return answer;
    };
  }

  /** The values of the free variables for the program that serves (`last`); null where none does. */
  private find(args: readonly unknown[]): readonly unknown[] | null {
    const { last } = this;
    if (last && recorder.session === 0 && last.program.isReady(args)) {
      const free = last.free.values();
      if (free && (recorder.heap.leftOvers === 0 || isClean(last, free))) return free;
    }
    this.last = null;
    const { f, engine, name } = this.call;
    const { mode, directions } = this;
    const call = { f, engine, name, args, request: { mode, positions: this.positionsOf(args), directions } };
    const plain = served(call);
    if (!plain) return null;
    for (let tries = 0; tries < 2; tries++) {
      const program = programFor(plain, args, call.request);
      if (!(program instanceof Program)) return refuse(call, program);
      const free = program.freeOf(plain);
      const values = free?.values();
      if (free && values) {
        this.last = { program, free, values, leftOvers: recorder.heap.leftOvers };
        return values;
      }
      // a free variable holds something of another kind now
      forget(plain, program);
    }
    return null;
  }
}
interface Served {
  readonly program: Program;
  readonly free: FreeVariables;
  /** What the free variables held when it was found that no evaluation had left anything in them, and so many had. */
  readonly values: readonly unknown[];
  readonly leftOvers: number;
}
/** Whether free variables hold what was looked at, and nothing was left anywhere since then. */
function isClean(last: Served, free: readonly unknown[]): boolean {
  if (last.leftOvers !== recorder.heap.leftOvers) return false;
  return free.every((value, k) => typeof value !== "object" || value === last.values[k]);
}
const none = (): readonly unknown[] => [];

/** A program at a point, to be run for several directions; f itself gives the value, and its effects. */
export interface Bound {
  readonly output: Parts;
  run(direction: unknown): Answer | null;
  /** The arguments as they were. */
  readonly args: readonly unknown[];
}
export function boundProgram(call: Call): Bound | null {
  const plain = served(call);
  if (!plain) return null;
  const outcome = programFor(plain, call.args, call.request);
  if (!(outcome instanceof Program)) return refuse(call, outcome);
  const run = outcome.bind(plain, call.args);
  if (!run) return null;
  const args = call.args.map(copy);
  const output = takeApart(recorder, copy(call.f(...call.args)), "the result", true);
  return { output, run: (direction) => run([direction]), args };
}

/** The function as a text, unless the tape has to serve the call. */
function served(call: Call): PlainFunction | null {
  if (call.engine === "tape" || recorder.session !== 0) return null;
  const plain = plainFunctionOf(call.f);
  if (!plain) return refuse(call, null);
  return reasonForTape(plain, call) === null ? plain : null;
}
/** Why the tape serves a call, whatever the text of the function. */
function reasonForTape(plain: PlainFunction, { args, request }: Call): string | null {
  if (args.some((arg) => types.isProxy(arg)))
    return "an argument is a proxy, whose traps run as often as the function asks";
  if (request.positions.some((k) => !holdsNumber(args[k])))
    return "an argument holds no number to differentiate by";
  return recorder.heap.leftOvers > 0 && readsLeftOver(plain)
    ? "it reads a value that an earlier evaluation left traced"
    : null;
}

/** The program that serves a call, or why there is none: for explanations. */
export function servingProgram(call: Call): Program | Refusal | string {
  const { f, args, engine, request } = call;
  if (engine === "tape") return 'the options say engine: "tape"';
  const plain = plainFunctionOf(f);
  if (!plain) return "it has no text of its own: it is native, bound, or made by another function";
  const reason = reasonForTape(plain, call);
  if (reason !== null) return reason;
  const outcome = programFor(plain, args, request);
  if (!(outcome instanceof Program) || outcome.freeOf(plain)) return outcome;
  forget(plain, outcome);
  return programFor(plain, args, request);
}

/** Whether a function, or one that it may call, reads something that an evaluation left traced values in. */
function readsLeftOver(f: PlainFunction, seen = new Set<unknown>()): boolean {
  return f.site.free.some((name) => {
    let value: unknown;
    try {
      value = f.read(name);
    } catch {
      return false; // still in its dead zone
    }
    if (seen.has(value)) return false;
    seen.add(value);
    if (recorder.heap.isLeftOver(value, name)) return true;
    const callee = plainFunctionOf(value);
    return callee !== undefined && readsLeftOver(callee, seen);
  });
}

function refuse({ engine, name }: Call, refusal: Refusal | null): null {
  if (engine !== "program") return null;
  throw new WengertError(
    `${name} cannot serve this function by a derivative program: ${refusal ? refusal.construct : "it is not prepared"}`,
    refusal ? refusal.wayOut : 'use engine "auto" or "tape"',
    refusal?.place ?? null,
  );
}
