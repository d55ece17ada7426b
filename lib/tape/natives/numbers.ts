/**
 * Numbers and text: Math and the other rows of the table, Number, String, JSON, console.
 */
import { ruleOfFunction, table } from "../../rules/index.ts";
import { Box, type Handle } from "../handle.ts";
import { converted } from "../problems.ts";
import type { NativeCall, Recorder } from "../recorder.ts";
import { asks, bare, installAll, method, moves, noDerivative, refuses, spells, tells } from "./kinds.ts";

/** A function of Math, as its row says; what is no number counts as JavaScript converts it. */
const mathematics: NativeCall = (recorder, self, args, f) => {
  const rule = ruleOfFunction(f);
  const used = rule === undefined || rule.arity === "variadic" ? args : args.slice(0, rule.arity);
  if (used.some((a) => !(a instanceof Box) && recorder.heap.traced(a))) throw converted();
  const values = args.map(bare);
  const y = Reflect.apply(f, self, values) as number;
  if (!args.some((a) => a instanceof Box)) {
    for (const v of values) if (typeof v === "string") recorder.spelled();
    return y;
  }
  const handles = used.map((a): Handle => (a instanceof Box ? recorder.handleOf(a) : 0));
  if (!rule) throw noDerivative(f.name);
  return recorder.box(
    y,
    recorder.record(
      rule,
      used.map((a) => Number(bare(a))),
      handles,
      y,
    ),
  );
};

export function installNumbers(recorder: Recorder): void {
  const { natives, constructors } = recorder;
  for (const name of Object.getOwnPropertyNames(Math)) {
    const f = method(Math, name);
    if (typeof f === "function") natives.set(f, name === "random" ? moves : mathematics);
  }
  for (const rule of Object.values(table)) if (!natives.has(rule.value)) natives.set(rule.value, mathematics);
  installAll(recorder, Number, "isFinite isInteger isNaN isSafeInteger", asks);
  installAll(recorder, globalThis, "isNaN isFinite", asks);
  natives.set(parseFloat, spells("parseFloat"));
  natives.set(parseInt, spells("parseInt"));
  natives.set(Number, (r, _self, args) => {
    const [x] = args;
    if (x instanceof Box) return x;
    if (r.heap.traced(x)) throw noDerivative("Number of an object");
    if (typeof x === "string" || (typeof x === "object" && x !== null)) r.spelled();
    return Number(x);
  });
  const compiles: NativeCall = (r, self, args, f) => {
    r.spelled();
    return Reflect.apply(f, self, args);
  };
  // biome-ignore lint/security/noGlobalEval: named here so that its use on texts of traced values is noticed
  natives.set(globalThis.eval, compiles);
  natives.set(Function, compiles);
  constructors.set(Function, (r, _self, args, f) => {
    r.spelled();
    return Reflect.construct(f, args);
  });
  natives.set(Boolean, (_r, _self, args) => Boolean(bare(args[0])));
  natives.set(BigInt, refuses("BigInt"));
  natives.set(Symbol, tells);
  natives.set(String, (r, _self, args) =>
    args.length === 0 ? "" : `${r.text(...opened(r, args[0]), true)}`,
  );
  installAll(recorder, Number.prototype, "toFixed toPrecision toExponential toString toLocaleString", tells);
  natives.set(Number.prototype.valueOf, (_r, self) => self);
  for (const name of Object.getOwnPropertyNames(String.prototype)) {
    const f = method(String.prototype, name);
    if (typeof f !== "function") continue;
    // a replacement by a function becomes text
    natives.set(f, (r, self, args, g) =>
      Reflect.apply(
        g,
        self,
        args.map((a) =>
          typeof a === "function"
            ? (...inner: unknown[]) => r.heap.bare(r.invoke(a, undefined, inner), true)
            : r.heap.bare(a, true),
        ),
      ),
    );
  }
  for (const name of ["charCodeAt", "codePointAt"] as const)
    natives.set(String.prototype[name], spells(name));
  installAll(recorder, String, "raw fromCharCode fromCodePoint", tells);
  natives.set(JSON.stringify, (r, self, args, f) => {
    const [value, replacer, space] = args;
    const plain = r.heap.bare(value, true);
    const g =
      typeof replacer === "function"
        ? (k: string, v: unknown) => bare(r.invoke(replacer, self, [k, v]))
        : replacer;
    return Reflect.apply(f, self, [plain, g, space]);
  });
  natives.set(JSON.parse, (r, self, args, f) => {
    const result = Reflect.apply(
      f,
      self,
      args.map((a) => (typeof a === "function" ? (...i: unknown[]) => r.invoke(a, undefined, i) : a)),
    );
    if (holdsNumber(result)) r.spelled();
    return result;
  });
  for (const name of Object.keys(console)) {
    const f = (console as unknown as Record<string, unknown>)[name];
    if (typeof f === "function") natives.set(f, asks);
  }
  for (const f of [setTimeout, setInterval, setImmediate, queueMicrotask]) {
    natives.set(f, (r, self, args, g) => {
      const [callback, ...rest] = args;
      if (rest.some((a) => r.heap.traced(a))) throw noDerivative(g.name);
      return Reflect.apply(g, self, [
        typeof callback === "function" ? (...a: unknown[]) => r.invoke(callback, undefined, a) : callback,
        ...rest,
      ]);
    });
  }
  for (const type of [
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
    AggregateError,
  ])
    constructors.set(type, (r, _self, args, f) =>
      Reflect.construct(
        f,
        args.map((a) => (typeof a === "object" && !(a instanceof Box) ? a : r.heap.bare(a, true))),
      ),
    );
  constructors.set(Date, (r, _s, args, f) => {
    if (args.some((a) => a instanceof Box)) throw noDerivative("Date");
    if (args.some((a) => typeof a === "string")) r.spelled();
    return Reflect.construct(f, args);
  });
}

function opened(r: Recorder, raw: unknown): [unknown, Handle] {
  const v = r.open(raw);
  return [v, r.h];
}

function holdsNumber(value: unknown): boolean {
  if (typeof value === "number") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNumber);
}
