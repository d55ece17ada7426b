/**
 * The free variables of functions.
 *
 * What: for each function of a text the names that it, or a function inside it, uses and does not declare: variables
 * of the functions around and of the file, and what the file itself gets from outside (a cell's variables, `require`,
 * `exports`, `console`), but for ECMAScript's own globals. Why: who transforms a function must be able to read them.
 * Reference: ECMA-262, section 19 (the global object).
 */
import type { Binding, Scopes } from "./scope.ts";
import type { Node } from "./syntax.ts";

/** Names that mean the same everywhere, and `arguments`, which no other function can read. */
const common = new Set(
  (
    "arguments undefined NaN Infinity globalThis eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI " +
    "encodeURIComponent escape unescape Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error " +
    "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError FinalizationRegistry Float32Array " +
    "Float64Array Function Int8Array Int16Array Int32Array Iterator Map Number Object Promise Proxy RegExp Set " +
    "SharedArrayBuffer String Symbol Uint8Array Uint8ClampedArray Uint16Array Uint32Array WeakMap WeakRef WeakSet Atomics " +
    "Intl JSON Math Reflect WebAssembly"
  ).split(" "),
);

/** The free variables of each function, by name, and of each whether its value may change. */
export type FreeVariables = ReadonlyMap<Node, ReadonlyMap<string, boolean>>;

/** The names of each function, in an order that the text alone decides; and of each, whether its value may change. */
export function freeVariables({ bindingOf, scopeOf, unbound, withEval }: Scopes): FreeVariables {
  const found = new Map<Node, Map<string, boolean>>();
  const outer = new Map<Node, Node | null>();
  /** The function, or program, around one. */
  const around = (owner: Node): Node | null => {
    let next = outer.get(owner);
    if (next === undefined) {
      let scope = scopeOf.get(owner) ?? null;
      while (scope?.owner === owner) scope = scope.parent;
      next = scope ? scope.owner : null;
      outer.set(owner, next);
    }
    return next;
  };
  const note = (name: string, changes: boolean, user: Node, declarer: Node | null): void => {
    for (let f: Node | null = user; f && f !== declarer; f = around(f)) {
      let names = found.get(f);
      if (!names) {
        names = new Map();
        found.set(f, names);
      } else if (names.has(name)) return;
      names.set(name, changes);
    }
  };
  for (const binding of new Set(bindingOf.values())) {
    const { name, scope } = binding;
    const changes = mayChange(binding) || withEval.has(scope.owner);
    for (const { owner } of binding.reads) note(name, changes, owner, scope.owner);
    for (const owner of binding.writers) note(name, changes, owner, scope.owner);
  }
  for (const { name, owner } of unbound) if (!common.has(name)) note(name, true, owner, null);
  return found;
}

/** Whether a variable, once it has its first value, may get another. */
function mayChange({ kind, reassigned, writers }: Binding): boolean {
  // another module assigns to what is imported from it; a `var` has a value before its declaration, and may run twice
  return reassigned || kind === "import" || (kind === "var" && writers.size > 0);
}
