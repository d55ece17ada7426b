/**
 * A prepared text as its reader sees it: the places of its functions.
 *
 * What: the plain JavaScript of one file or cell, kept once, and the record of each function of it that somebody has
 * asked about. Why lazily: prepared code brings the text along wherever it runs, also from the loader's thread, but
 * nothing is parsed before a derivative asks.
 */
import { positionsOf } from "./assemble.ts";
import type { FreeVariables } from "./free.ts";
import { type Evaluate, lateMaker } from "./late.ts";
import type { Maker } from "./maker.ts";
import type { Place } from "./positions.ts";
import { readAgain } from "./read.ts";
import { analyzeScopes, type Scopes } from "./scope.ts";
import { isFunction, type Node, type SourceKind } from "./syntax.ts";

interface Tree {
  /** The functions by where they start. */
  readonly functions: ReadonlyMap<number, Node>;
  readonly scopes: Scopes;
  readonly free: FreeVariables;
}

export class PlainText {
  readonly #sites = new Map<number, Site>();
  readonly #late = new Map<number, Maker>();
  #tree: Tree | null = null;
  #locate: ((offset: number) => [line: number, column: number] | null) | null = null;

  /** `mappings`: of the source map back to what the user wrote; null where `code` is that. */
  constructor(
    readonly file: string,
    readonly code: string,
    private readonly kind: SourceKind,
    readonly mappings: string | null,
  ) {}

  /** The function that starts at an offset. */
  site(offset: number): Site {
    let site = this.#sites.get(offset);
    if (!site) {
      site = new Site(this, offset);
      this.#sites.set(offset, site);
    }
    return site;
  }

  /** The maker of a function whose recording program is not written yet; `evaluate` compiles it within a class. */
  late(offset: number, evaluate?: Evaluate): Maker {
    if (evaluate) return lateMaker(this.site(offset), evaluate);
    // without variables of its own, all closures that are made there are the same function
    let make = this.#late.get(offset);
    if (!make) {
      make = lateMaker(this.site(offset));
      this.#late.set(offset, make);
    }
    return make;
  }

  tree(): Tree {
    if (this.#tree) return this.#tree;
    const { scopes, free } = readAgain(this.code, this.kind);
    const functions = new Map<number, Node>();
    for (const node of scopes.scopeOf.keys()) if (isFunction(node)) functions.set(node.start, node);
    this.#tree = { functions, scopes, free };
    return this.#tree;
  }

  /** The user's place of an offset; where no mapping is, that of the nearest code before. */
  place(offset: number): Place {
    this.#locate ??= positionsOf(this.code, this.mappings);
    for (let at = offset; at >= 0; at = at > 0 ? this.code.lastIndexOf("\n", at - 1) : -1) {
      const found = this.#locate(at);
      if (found) return { file: this.file, line: found[0] + 1, column: found[1] + 1 };
    }
    return { file: this.file, line: 1, column: 1 };
  }
}

/** One function of a text: the same object for every closure that is made there. */
export class Site {
  readonly #offset: number;
  #free: ReadonlyMap<string, number> | null = null;
  #scopes: Scopes | null = null;

  constructor(
    readonly text: PlainText,
    offset: number,
  ) {
    this.#offset = offset;
  }

  get file(): string {
    return this.text.file;
  }
  /** The whole plain JavaScript text that the positions of `node` refer to. */
  get code(): string {
    return this.text.code;
  }
  /** A FunctionDeclaration, FunctionExpression (also of a method) or ArrowFunctionExpression. */
  get node(): Node {
    return this.text.tree().functions.get(this.#offset) as Node;
  }
  /** The scopes of this function alone: names without a binding are free, or globals of the language. */
  get scopes(): Scopes {
    if (!this.#scopes) {
      // as an expression, so that a declared function's own name is as free as it is for a caller
      const { node } = this;
      const { start, end } = node;
      const statement = { type: "ExpressionStatement", start, end, expression: node };
      this.#scopes = analyzeScopes({ type: "Program", start, end, body: [statement] });
    }
    return this.#scopes;
  }
  /** Names used in the function and declared outside of it, or outside of the file; not ECMAScript's own globals. */
  get free(): readonly string[] {
    return [...this.#names.keys()];
  }
  /** Names declared outside, or nowhere, that this function or one inside it assigns to. */
  get writes(): readonly string[] {
    return [...new Set(this.scopes.unbound.filter((use) => use.written).map((use) => use.name))];
  }
  /** Free variables whose value may change after their declaration: a reader must read them at each call. */
  get mutable(): readonly string[] {
    return [...this.#names].filter(([, changes]) => changes).map(([name]) => name);
  }
  get #names(): ReadonlyMap<string, boolean> {
    return this.text.tree().free.get(this.node) ?? new Map();
  }
  /** The number of a free variable, from 0. */
  numberOf(name: string): number | undefined {
    this.#free ??= new Map(this.free.map((free, k) => [free, k]));
    return this.#free.get(name);
  }
  /** The user's own place of an offset in `code`. */
  place(offset: number): Place {
    return this.text.place(offset);
  }
}
