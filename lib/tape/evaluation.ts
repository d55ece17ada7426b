/**
 * Evaluations: their modes and levels, and how an operation is recorded.
 *
 * What: the evaluation going on, which records each elementary operation that meets a traced number. The outermost
 * level has three modes: `tape` (numeric partials into the Wengert list), `dual` (handles are tangents), `trace` (every
 * operation with its row, operands and value, for displays and second derivatives); inner levels of nested derivatives
 * go through `record`, which recurses over the levels.
 * Reference: Griewank & Walther (2008), chapters 4 and 6; Pearlmutter & Siskind, Lazy multivariate higher-order
 * forward-mode AD, POPL 2007, for the tower of levels.
 */
import { numberAlgebra as numbers, type Rule, strongProduct } from "../rules/index.ts";
import { WengertError } from "../source/positions.ts";
import { Registry } from "../source/registry.ts";
import { Active, type Handle, type Level } from "./handle.ts";
import type { Heap } from "./heap.ts";
import { DualLevel, NestedTape, type Pair, pairAlgebra } from "./levels.ts";
import { WengertList } from "./list.ts";
import { converted, escaped, stale } from "./problems.ts";
import { TraceList } from "./trace-list.ts";

export const enum Mode {
  plain = 0,
  tape = 1,
  dual = 2,
  trace = 3,
  nested = 4,
}

export abstract class Evaluation extends Registry {
  mode: Mode = Mode.plain;
  /** The number of the evaluation going on on the outermost level; 0 when there is none. */
  session = 0;
  private sessions = 0;
  /** The handle of the value that the last helper returned. */
  h: Handle = 0;
  /** How many texts were made of traced values in this evaluation. */
  texts = 0;
  list = new WengertList();
  trace: TraceList | null = null;
  /** Inner levels, innermost last. */
  readonly levels: Level[] = [];
  rootMode: Mode = Mode.plain;
  abstract readonly heap: Heap;

  // ---- evaluations ----

  /** Runs an evaluation on a level of its own; what it leaves on the heap is plain again afterwards. */
  evaluate<T>(mode: Mode.tape | Mode.dual | Mode.trace, run: (level: NestedTape | DualLevel | null) => T): T {
    if (this.session !== 0) return this.evaluateInside(mode, run);
    this.session = ++this.sessions;
    this.on = true;
    this.mode = this.rootMode = mode;
    this.texts = 0;
    this.list.open = mode === Mode.tape;
    if (mode === Mode.trace) this.trace = new TraceList();
    try {
      return run(null);
    } finally {
      this.on = false;
      this.mode = this.rootMode = Mode.plain;
      try {
        this.heap.restore();
      } finally {
        this.session = 0;
        this.list.release();
        this.list = new WengertList();
        this.trace = null;
        this.h = 0;
      }
    }
  }
  private evaluateInside<T>(mode: Mode, run: (level: NestedTape | DualLevel) => T): T {
    const depth = this.levels.length + 2;
    const level = mode === Mode.dual ? new DualLevel(depth) : new NestedTape(depth);
    const before = this.mode;
    const { open } = this.list;
    this.levels.push(level);
    this.mode = Mode.nested;
    this.list.open = false;
    try {
      return run(level);
    } finally {
      level.alive = false;
      this.levels.pop();
      this.mode = before;
      this.list.open = open && this.texts === 0;
    }
  }

  // ---- operations ----

  /** Records an operation: the general way, for every mode and level. */
  record(rule: Rule, xs: readonly number[], hs: readonly Handle[], y: number): Handle {
    if (rule.kind === "step" || this.session === 0) return 0;
    let depth = 0;
    for (const h of hs) {
      if (h === 0) continue;
      if (typeof h === "number") depth = Math.max(depth, 1);
      else if (h instanceof Active) {
        if (!h.level.alive) throw escaped();
        depth = Math.max(depth, h.level.depth);
      } else throw stale();
    }
    if (depth === 0) return 0;
    return depth === 1
      ? this.recordRoot(rule, xs, hs as number[], y)
      : this.recordInner(rule, xs, hs, y, depth);
  }

  private recordRoot(rule: Rule, xs: readonly number[], hs: readonly number[], y: number): number {
    if (this.rootMode === Mode.trace) return this.trace!.push(rule, xs, hs, y);
    const partials = rule.partials(numbers, y, ...xs);
    if (this.rootMode === Mode.dual) {
      let tangent = 0;
      for (let k = 0; k < hs.length; k++) tangent += strongProduct(partials[k], hs[k]);
      return tangent;
    }
    let entry = this.list.push(
      partials[0],
      hs[0],
      hs.length > 1 ? partials[1] : 0,
      hs.length > 1 ? hs[1] : 0,
    );
    for (let k = 2; k < hs.length; k++) entry = this.list.push(1, entry, partials[k], hs[k]);
    return entry;
  }

  private recordInner(
    rule: Rule,
    xs: readonly number[],
    hs: readonly Handle[],
    y: number,
    depth: number,
  ): Handle {
    const level = this.levels[depth - 2] as NestedTape | DualLevel;
    const own = hs.map((h) => (h instanceof Active && h.level === level ? h : null));
    const outer = hs.map((h, k) => (own[k] ? own[k].outer : h));
    const yOuter = outer.every((h) => h === 0) ? 0 : this.record(rule, xs, outer, y);
    const operands = xs.map((v, k): Pair => ({ v, h: outer[k] }));
    const partials = rule.partials(this.pairs, { v: y, h: yOuter }, ...operands);
    if (level instanceof DualLevel) {
      let tangent: Pair = { v: 0, h: 0 };
      own.forEach((active, k) => {
        if (active)
          tangent = this.sum(tangent, this.product(partials[k], { v: active.own, h: active.ownOuter }));
      });
      return new Active(level, yOuter, tangent.v, tangent.h);
    }
    const index = level.push(
      own.map((active) => (active ? active.own : 0)),
      partials,
    );
    return new Active(level, yOuter, index, 0);
  }

  /** Arithmetic on pairs, recorded on the levels that their handles belong to. */
  readonly pairs = pairAlgebra((rule, xs, hs, y) => this.record(rule, xs, hs, y));
  sum(a: Pair, b: Pair): Pair {
    if (a.v === 0 && a.h === 0) return b;
    return b.v === 0 && b.h === 0 ? a : this.pairs.add(a, b);
  }
  /** A partial times a tangent or adjoint, with strong zeros. */
  product(partial: Pair, sensitivity: Pair): Pair {
    const zero = { v: 0, h: 0 };
    if ((partial.v === 0 && partial.h === 0) || (sensitivity.v === 0 && sensitivity.h === 0)) return zero;
    if (partial.v === 0 && !Number.isFinite(sensitivity.v)) return zero;
    if (sensitivity.v === 0 && !Number.isFinite(partial.v)) return zero;
    return this.pairs.mul(partial, sensitivity);
  }

  /** An operation by a program whose operands may be anything: text counts as the number it spells. */
  slow(rule: Rule, xs: readonly unknown[], hs: readonly Handle[], y: unknown): Handle {
    if (typeof y !== "number") {
      // text, by +
      if (typeof y === "string") this.told();
      return 0;
    }
    const values = xs.map((x, k) => {
      if (typeof x === "object" && hs[k] === 0 && this.heap.traced(x)) throw converted();
      if (typeof x !== "number" && hs[k] === 0 && (typeof x === "string" || typeof x === "object"))
        this.spelled();
      return Number(x);
    });
    return this.record(rule, values, hs, y);
  }

  /** After an operation on operands without handles: objects, or any once texts of traced values are about. */
  untraced(y: unknown, a: unknown, b: unknown): 0 {
    for (const x of [a, b]) {
      if (this.session === 0 || typeof x === "number") continue;
      const traced = typeof x === "object" && this.heap.traced(x);
      if (traced && typeof y === "string") this.told();
      else if (traced) throw converted();
      else if (typeof y === "number" && (typeof x === "string" || (typeof x === "object" && x !== null)))
        this.spelled();
    }
    return 0;
  }
  /** A text is made of a traced value: from now on, numbers made of text are looked at. */
  told(): void {
    this.texts++;
    this.list.open = false;
  }
  /** A number is made of text in an evaluation in which traced values became text. */
  spelled(): void {
    if (this.session === 0 || this.texts === 0) return;
    throw new WengertError(
      "a number is made of text after a traced value became text, which loses its derivative",
      "compute with the number itself, or write stopGradient(x) where the text is made",
    );
  }
}
