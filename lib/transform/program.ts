/**
 * Derivative programs, compiled and kept.
 *
 * What: `Program`, a derivative program that runs, with the question whether it fits some arguments; and
 * `programFor`, which finds or makes the one for a function, its arguments and what is asked. Why pure: a program
 * changes nothing until it is done (it works on copies of arguments that f writes to), so it may give up at any time, at
 * an index out of bounds, a thrown error or a NaN, and the tape says what happens.
 */
import { type PlainFunction, plainFunctionOf, type Site } from "../source/sites.ts";
import { type ProgramText, writeGradient, writeTangent } from "./gradient.ts";
import { fitsText, hasNumbers, type Kind, kindOf, sumText } from "./kinds.ts";
import type { Assumption } from "./lower/index.ts";
import { Refusal } from "./refusal.ts";
import { commit, copy, hasNaN, rows } from "./rows.ts";

/** What a program computes: the gradient of a number, the pullback of a cotangent, or the pushforward of tangents. */
export interface Request {
  readonly positions: readonly number[];
  readonly mode: "gradient" | "pullback" | "pushforward";
}

/** The value, and a gradient for each position or the tangent of the result. */
export interface Answer {
  readonly value: unknown;
  readonly gradient: unknown[];
  tangent: unknown;
}

type Compiled = (...args: unknown[]) => Answer | undefined;

export class Program {
  private readonly run: Compiled;
  private readonly fitsFree: ((free: unknown[]) => boolean) | null;
  constructor(
    readonly text: ProgramText,
    private readonly mode: Request["mode"],
    kinds: readonly Kind[],
  ) {
    const sums = kinds.map((kind, k) => sumText(kind, `gradient[${k}]`)).join("");
    this.sum = new Function("gradient", `let sum = 0;\n${sums}return Number.isNaN(sum);`) as Program["sum"];
    this.run = new Function("rows", `"use strict";\n${text.source}\nreturn ${text.name};`)(rows);
    const { freeInputs } = text;
    this.fitsFree = freeInputs.length === 0 ? null : fitness(freeInputs.map((input) => input.input.kind));
  }

  /** Whether a number of the derivative is NaN. */
  private isSpoilt(answer: Answer): boolean {
    if (this.mode === "pushforward") return hasNaN(answer.tangent) || hasNaN(answer.value);
    return this.sum(answer.gradient) || hasNaN(answer.value);
  }
  private readonly sum: (gradient: unknown[]) => boolean;
  /** The program at a point: later changes of arguments and free variables do not reach it. Null where it does not fit. */
  bind(
    f: PlainFunction,
    args: readonly unknown[],
  ): ((directions: readonly unknown[]) => Answer | null) | null {
    const free = this.resolve(f)?.map(copy);
    if (!free || (this.fitsFree && !this.fitsFree(free))) return null;
    const { written, oddIndices } = this.text;
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
      answer =
        this.mode === "pushforward"
          ? this.run(...args, ...directions, ...free)
          : this.run(...args, ...free, ...directions);
    } catch (error) {
      // a name that is not there is ours
      if (error instanceof ReferenceError) throw error;
      // an element that is not there, too many calls: the tape says what happens
      return null;
    }
    if (answer === undefined || this.isSpoilt(answer)) return null;
    // the derivative of cos at 0 is 0, not -0
    for (const list of [answer.gradient, answer.tangent]) if (Array.isArray(list)) withoutNegativeZeros(list);
    if (answer.tangent === 0) answer.tangent = 0;
    return answer;
  }
  /** Runs it for a function of its place; null where it does not fit what the function sees, or gives up. */
  answer(f: PlainFunction, args: readonly unknown[], directions: readonly unknown[]): Answer | null {
    const free = this.resolve(f);
    if (!free || (this.fitsFree && !this.fitsFree(free))) return null;
    const { written, oddIndices } = this.text;
    const given = args.slice();
    if (written.length > 0) {
      if (!areSeparate(args, free, written)) return null;
      for (const k of written) given[k] = copy(args[k]);
    }
    const answer = this.checked(given, free, directions);
    if (!answer) return null;
    if (!written.every((k) => sameKeys(args[k], given[k], oddIndices) && !hasNaN(given[k]))) return null;
    for (const k of written) commit(args[k], given[k]);
    return answer;
  }

  /** Whether what the program takes for granted of the free variables still holds. */
  holds(f: PlainFunction): boolean {
    const free = this.resolve(f);
    return free !== null && (!this.fitsFree || this.fitsFree(free));
  }
  /** The current values of the free variables; null where an assumption does not hold any more. */
  private resolve(f: PlainFunction): unknown[] | null {
    const { lowering, freeInputs } = this.text;
    if (lowering.assumptions.length === 0 && freeInputs.length === 0) return [];
    const functions: (PlainFunction | undefined)[] = [f];
    const read = ({ holder, name, path }: Pick<Assumption, "holder" | "name" | "path">): unknown => {
      let value = (functions[holder] as PlainFunction).read(name);
      for (const key of path) value = (value as Record<string, unknown>)[key];
      return value;
    };
    for (const assumption of lowering.assumptions) {
      const value = read(assumption);
      const { functionHolder } = assumption;
      if (functionHolder) {
        const g = value === assumption.value ? functionHolder.f : plainFunctionOf(value);
        if (g?.site !== functionHolder.site) return null;
        functions[functionHolder.index] ??= g;
      } else if (!Object.is(value, assumption.value)) return null;
    }
    return freeInputs.map(({ input }) => {
      const { root, path } = input;
      if (root.type !== "free") throw new Error("internal: a free input that is none");
      return read({ holder: root.holder, name: root.name, path: path as string[] });
    });
  }
}

/** Of the numbers at the top, which a product may have made; sums begin at 0. */
function withoutNegativeZeros(list: unknown[]): void {
  if (list.length > 16) return;
  for (let k = 0; k < list.length; k++) if (list[k] === 0) list[k] = 0;
}

/** Whether arguments that are written to share no list or record with each other or anything else. */
function areSeparate(
  args: readonly unknown[],
  free: readonly unknown[],
  written: readonly number[],
): boolean {
  const seen = new Set<unknown>();
  let shared = false;
  const look = (value: unknown, mine: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    if (seen.has(value) || (mine && Object.isFrozen(value))) shared = true;
    if (mine) seen.add(value);
    if (value instanceof Float64Array) {
      // views of one buffer overlap
      if (seen.has(value.buffer)) shared = true;
      if (mine) seen.add(value.buffer);
      return;
    }
    if (Array.isArray(value) && typeof value[0] === "number") return;
    for (const item of Object.values(value)) look(item, mine);
  };
  for (const k of written) look(args[k], true);
  args.forEach((arg, k) => {
    if (!written.includes(k)) look(arg, false);
  });
  for (const value of free) look(value, false);
  return !shared;
}

/** Whether lists are as long as before; `odd` asks for keys that are no indices, too: -1, NaN. */
function sameKeys(a: unknown, b: unknown, odd: boolean): boolean {
  if (typeof a !== "object" || a === null || a instanceof Float64Array) return true;
  if (Array.isArray(a)) {
    const { length } = b as unknown[];
    if (a.length !== length || (odd && Object.keys(b as unknown[]).length !== length)) return false;
    if (typeof a[0] === "number") return true;
  }
  return Object.entries(a).every(([key, item]) => sameKeys(item, (b as Record<string, unknown>)[key], odd));
}

/** The question whether values are of some kinds, as a function of its own that V8 knows the types of. */
function fitness(kinds: readonly Kind[]): (values: readonly unknown[]) => boolean {
  const constants: unknown[] = [];
  const constant = (value: unknown): string => `constants[${constants.push(value) - 1}]`;
  const lines = kinds
    .map((kind, k) => `{ const value = values[${k}];\n${fitsText(kind, "value", constant)} }`)
    .join("\n");
  const text = `return (values) => {\nif (values.length < ${kinds.length}) return false;\n${lines}\nreturn true;\n};`;
  return new Function("constants", "isRecordOf", "dataMember", text)(constants, isRecordOf, dataMember);
}
function isRecordOf(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  let k = 0;
  for (const key in value) if (key !== keys[k++]) return false;
  return k === keys.length;
}
function dataMember(record: Record<string, unknown>, key: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(record, key);
  return descriptor && "value" in descriptor ? descriptor.value : undefined;
}

// ---- the programs of each place ----

interface Entry {
  readonly count: number;
  readonly fits: (args: readonly unknown[]) => boolean;
  readonly outcome: Program | Refusal;
}

/** A place whose arguments are of more kinds than this is left to the tape. */
const mostKinds = 12;
const kept = new WeakMap<Site, Map<string, Entry[]>>();

/** The program for a function at some arguments, or why there is none. */
export function programFor(f: PlainFunction, args: readonly unknown[], request: Request): Program | Refusal {
  const { site } = f;
  let byRequest = kept.get(site);
  if (!byRequest) {
    byRequest = new Map();
    kept.set(site, byRequest);
  }
  const key = `${request.mode} ${request.positions.join()}`;
  let entries = byRequest.get(key);
  if (!entries) {
    entries = [];
    byRequest.set(key, entries);
  }
  for (const entry of entries) if (entry.count === args.length && entry.fits(args)) return entry.outcome;
  const kinds: Kind[] = [];
  for (const [k, arg] of args.entries()) {
    const kind = kindOf(arg);
    if (typeof kind === "string")
      return new Refusal(
        `argument ${k} is or holds ${kind}`,
        "pass numbers, lists and records of numbers",
        null,
      );
    kinds.push(kind);
  }
  if (entries.length >= mostKinds)
    return new Refusal("the function is called with arguments of many kinds", "leave it to the tape", null);
  const entry: Entry = { count: args.length, fits: fitness(kinds), outcome: make(f, kinds, request) };
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

function make(f: PlainFunction, kinds: readonly Kind[], request: Request): Program | Refusal {
  try {
    if (request.positions.some((k) => !hasNumbers(kinds[k])))
      return new Refusal("an argument holds no number to differentiate by", "choose others by wrt", null);
    const name = nameOf(f);
    const { positions, mode } = request;
    const text =
      mode === "pushforward"
        ? writeTangent(f, kinds, { positions, name: `${name}Tangent` })
        : writeGradient(f, kinds, {
            positions,
            name: `${name}${mode === "gradient" ? "Gradient" : "Pullback"}`,
            withValue: true,
            withCotangent: mode === "pullback",
          });
    return new Program(
      text,
      mode,
      positions.map((k) => kinds[k]),
    );
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
