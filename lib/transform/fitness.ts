/**
 * The question whether values are of some kinds, as a function of its own that V8 knows the types of.
 *
 * Why it is worth a file: it is asked at each call, of every number of every argument, and lists of a thousand records
 * are usual. So what an object keeps for as long as it lives (to be a list, to have no accessors) is asked once for each
 * element of a list: the elements met last are remembered beside the list.
 */
import { types } from "node:util";
import { type Kind, memberText } from "./kinds.ts";

/**
 * Whether values are of some kinds. Where one need not be exact, records in its lists may have further members: the
 * program asks for none.
 */
export function fitness(
  kinds: readonly Kind[],
  isExact: (k: number) => boolean = () => true,
): (values: readonly unknown[]) => boolean {
  return compiled(kinds, isExact, () => "");
}

/**
 * Whether arguments are of some kinds, as many as those, and such that a program serves them: no proxies, whose traps
 * run as often as the function asks, and some number to differentiate by: of none, the tape words the error.
 */
export function readiness(
  kinds: readonly Kind[],
  positions: readonly number[],
  isExact: (k: number) => boolean,
): (args: readonly unknown[]) => boolean {
  return compiled(kinds, isExact, (kind, k) => {
    if (kind.type === "number" || kind.type === "boolean" || kind.type === "text") return "";
    const filled = positions.includes(k) ? "!holdsNumber(value) || " : "";
    return `if (${filled}isProxy(value)) return false;\n`;
  });
}

function compiled(
  kinds: readonly Kind[],
  isExact: (k: number) => boolean,
  further: (kind: Kind, k: number) => string,
): (values: readonly unknown[]) => boolean {
  const constants: unknown[] = [];
  const constant = (value: unknown): string => `constants[${constants.push(value) - 1}]`;
  const lines = kinds
    .map((kind, k) => {
      const questions = new Questions(constant, isExact(k));
      return `{ const value = values[${k}];\n${questions.all(kind, "value", 0)}${further(kind, k)} }`;
    })
    .join("\n");
  const text = `return (values) => {\nif (values.length !== ${kinds.length}) return false;\n${lines}\nreturn true;\n};`;
  return new Function("constants", "isRecordOf", "metBefore", "isProxy", "holdsNumber", text)(
    constants,
    isRecordOf,
    metBefore,
    types.isProxy,
    holdsNumber,
  );
}

/** Whether there is a number in a value. */
export function holdsNumber(value: unknown): boolean {
  if (typeof value === "number") return true;
  if (Array.isArray(value)) return value.some(holdsNumber);
  if (value instanceof Float64Array) return value.length > 0;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNumber);
}

/**
 * Statements, as text, that return false unless a value is of a kind. Loops are written out, so that V8 knows each list
 * by itself.
 */
class Questions {
  constructor(
    /** Names a value that is not text. */
    private readonly constant: (value: unknown) => string,
    /** Whether the elements of a list may have no other keys. */
    private readonly exact: boolean,
  ) {}

  all(kind: Kind, value: string, depth: number): string {
    return this.once(kind, value) + this.always(kind, value, depth);
  }
  /** What stays true of an object. */
  private once(kind: Kind, value: string): string {
    switch (kind.type) {
      case "list":
      case "tuple":
        return "floats" in kind && kind.floats
          ? `if (!(${value} instanceof Float64Array)) return false;\n`
          : `if (!Array.isArray(${value}) || Object.getPrototypeOf(${value}) !== Array.prototype) return false;\n`;
      case "integers":
        return `if (!(${value} instanceof ${kind.of}) || Object.getPrototypeOf(${value}) !== ${kind.of}.prototype) return false;\n`;
      case "record":
        return `if (!isRecordOf(${value}, ${this.constant(kind.keys)})) return false;\n`;
    }
    return "";
  }
  private always(kind: Kind, value: string, depth: number): string {
    switch (kind.type) {
      case "number":
      case "boolean":
      case "text":
        return `if (${isNot(kind.type, value)}) return false;\n`;
      case "constant":
        return `if (!Object.is(${value}, ${this.constant(kind.value)})) return false;\n`;
      case "integers":
        return "";
      case "list": {
        const length =
          kind.length === undefined ? "" : `if (${value}.length !== ${kind.length}) return false;\n`;
        return length + (kind.floats ? "" : this.elements(kind.of, value, depth));
      }
      case "tuple": {
        const items = kind.items.map((item, k) => this.all(item, `${value}[${k}]`, depth));
        return `if (${value}.length !== ${kind.items.length}) return false;\n${items.join("")}`;
      }
      case "record": {
        const items = kind.keys.map((key, k) => {
          const member = `member${depth}_${k}`;
          return `const ${member} = ${memberText(value, key)};\n${this.all(kind.items[k], member, depth + 1)}`;
        });
        return `{ ${items.join("")} }\n`;
      }
    }
  }
  private elements(kind: Kind, value: string, depth: number): string {
    const [k, list, item] = [`k${depth}`, `list${depth}`, `item${depth}`];
    if (kind.type === "number" || kind.type === "boolean" || kind.type === "text") {
      const one = (at: string) => isNot(kind.type, `${list}[${at}]`);
      const eight = Array.from({ length: 8 }, (_, j) => one(`${k} + ${j}`)).join(" || ");
      return (
        `{ const ${list} = ${value};\nlet ${k} = 0;\n` +
        `for (const last = ${list}.length - 7; ${k} < last; ${k} += 8) if (${eight}) return false;\n` +
        `for (; ${k} < ${list}.length; ${k}++) if (${one(k)}) return false;\n}\n`
      );
    }
    const inner = this.always(kind, item, depth + 1);
    const loop = (body: string) =>
      `for (let ${k} = 0; ${k} < ${list}.length; ${k}++) {\nconst ${item} = ${list}[${k}];\n${body}${inner}}\n`;
    const once = this.once(kind, item);
    if (once === "") return `{ const ${list} = ${value};\n${loop("")}}\n`;
    const met = `met${depth}`;
    const otherwise =
      this.exact && kind.type === "record" ? ` else { ${keysText(item, this.constant(kind.keys))} }` : "";
    return (
      `{ const ${list} = ${value};\nconst ${met} = metBefore(${list}, ${this.constant(new WeakMap())});\n` +
      `${loop(`if (${item} !== ${met}[${k}]) {\n${once}if (${met}.length > 0) ${met}[${k}] = ${item};\n}${otherwise}\n`)}}\n`
    );
  }
}
const isNot = (type: "number" | "boolean" | "text", value: string) =>
  `typeof ${value} !== "${type === "text" ? "string" : type}"`;
const keysText = (value: string, keys: string) =>
  `let at = 0; for (const key in ${value}) if (key !== ${keys}[at++]) return false; if (at !== ${keys}.length) return false;`;

/** Lists of fewer elements than this are asked anew each time. */
const few = 8;
const none: unknown[] = [];
/** The elements of a list that were met at the last call; empty for short lists. */
function metBefore(list: readonly unknown[], lists: WeakMap<object, unknown[]>): unknown[] {
  if (list.length < few) return none;
  let met = lists.get(list);
  if (!met || met.length < list.length) {
    met = new Array(list.length).fill(none);
    lists.set(list, met);
  }
  return met;
}
/** Whether a value is a record of those keys, without accessors or hidden members. */
function isRecordOf(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let k = 0;
  for (const key in value) if (key !== keys[k++]) return false;
  return k === keys.length && (known.has(value) || hasDataOnly(value, keys));
}
/** Records without accessors or hidden members. Looking for these takes longer than all else, so it is done once for each record. */
const known = new WeakSet<object>();
function hasDataOnly(record: object, keys: readonly string[]): boolean {
  if (Object.getOwnPropertyNames(record).length !== keys.length) return false;
  for (const key of keys) {
    const descriptor = Object.getOwnPropertyDescriptor(record, key);
    if (!descriptor || !("value" in descriptor)) return false;
  }
  known.add(record);
  return true;
}
