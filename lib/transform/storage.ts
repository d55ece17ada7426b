/**
 * Adjoint programs, the forward sweep: what the reverse sweep finds there.
 *
 * What: `StorageWriter` writes the forward part (writer.ts) with what each iteration leaves on the tape, the shadows of
 * lists and records that are made on the way, and the reverse sweep of fused loops at the end of their iterations; and
 * it says by which name the reverse sweep reads a value or a shadow (`ref`, `shadow`), which notes the need.
 * Reference: Griewank & Walther (2008), chapters 4 and 6; Moses & Churavy, NeurIPS 2020, for shadows.
 */
import { codeAlgebra } from "../rules/index.ts";
import type { Node } from "../source/syntax.ts";
import { type Analysis, frameOf } from "./analysis.ts";
import type { Variable } from "./assemble.ts";
import { isCounter } from "./counters.ts";
import { type Delay, delayText } from "./delays.ts";
import type { Dialect } from "./dialect.ts";
import type { Fusion } from "./fusion.ts";
import { type Carried, type Procedure, Region, runBy, type Value } from "./ir.ts";
import { type Kind, keyText, memberText } from "./kinds.ts";
import { Costs, Needs } from "./needs.ts";
import { isWhole } from "./numbering.ts";
import type { Patterns } from "./patterns.ts";
import { ProcedureWriter } from "./procedures.ts";
import type { Restored } from "./restoring.ts";
import { constantText, expressionText, type Lines, type Move } from "./writer.ts";

/** The reverse code of a region while it is written. */
export interface Frame {
  readonly region: Region;
  /** That of the region around, which goes on behind it. */
  readonly outer: Frame | null;
  readonly parts: Map<Value, string[]>;
  readonly accumulators: Set<Value>;
  /** Shadows made at its start, and values and shadows computed again there. */
  readonly shadows: Set<Value>;
  readonly again: Set<Value>;
  readonly againShadows: Set<Value>;
  lines: Lines;
  /** The statement that the lines written last belong to. */
  quoted: Node | null;
}

export interface AdjointOptions {
  /** The text of the cotangent of a result at a path; "1" for a gradient. */
  readonly seeds: ReadonlyMap<Value, string>;
  /** Cotangents of lists and records that are returned. */
  readonly pointerSeeds: ReadonlyMap<Value, string>;
  readonly withValue: boolean;
  readonly patterns: Patterns;
  readonly restored: Restored;
  /** Whether there are several reverse sweeps. */
  readonly repeated: boolean;
  /** What a comment says of a statement. */
  readonly quote: (statement: Node) => string | null;
}

export abstract class StorageWriter extends ProcedureWriter {
  readonly next = new Needs();
  protected readonly costs: Costs;
  protected readonly patterns: Patterns;
  /** The innermost one that is being written; none while the forward sweep is. */
  protected innermost: Frame | null = null;
  protected readonly bars = new Map<Value, string>();
  protected readonly chainBars = new Map<Carried, string>();
  usesTape = false;
  usesObjects = false;

  constructor(
    analysis: Analysis,
    protected readonly fusion: Fusion,
    protected readonly needs: Needs,
    protected readonly options: AdjointOptions,
    dialect: Dialect,
  ) {
    super(analysis, dialect);
    this.patterns = options.patterns;
    this.costs = new Costs(
      analysis,
      fusion,
      new Set([...needs.cached, ...needs.again]),
      needs.sunk,
      options.restored,
    );
    fusion.nameOf = (value) => this.ref(value);
  }

  // ---- the forward part ----

  protected mustBeNamed(value: Value): boolean {
    return this.needs.direct.has(value) || this.needs.cached.has(value);
  }
  protected roots(): Iterable<Value> {
    return this.rootsFor(this.needs, this.needs.direct);
  }
  private *rootsFor(needs: Needs, direct: Iterable<Value>): Iterable<Value> {
    const { options } = this;
    yield* direct;
    // a list of adjoints is as long as the list has become
    for (const value of direct)
      if (value.op === "allocate" && this.grows(value)) yield* this.analysis.memoryOf(value).stores;
    yield* needs.cached;
    yield* needs.shadows;
    yield* needs.cachedShadows;
    // what is computed again is read from memory again
    for (const value of needs.again)
      if (value.op === "load" || value.op === "length") yield* this.analysis.memoryOf(value.args[0]).stores;
      else if (this.costs.readBack(value)) yield this.costs.readBack(value) as Value;
      else if (value.op === "phi") yield* this.storesOf(this.costs.delayOf(value)?.access);
    // what is put into a list or record, its shadow is put into the shadow
    for (const { args } of needs.readShadows)
      for (const store of this.analysis.memoryOf(args[0]).stores)
        if (store.args.at(-1)?.type === "pointer") yield store;
    yield* this.fusion.loops;
    if (options.withValue) yield* this.resultValues();
    yield* this.writtenStores;
    // what a call stores, its turn in the reverse sweep takes back
    for (const procedure of this.procedures)
      if (this.pushes(procedure)) yield* this.analysis.callsOf(procedure);
  }
  private storesOf(access: Value | undefined): readonly Value[] {
    return access ? this.analysis.memoryOf(access.args[0]).stores : [];
  }
  /** Values that reverse code reads where the forward sweep still is, in a fused loop. */
  private readonly readBefore = new Set<Value>();
  /** Finds the values of branches that nothing but the reverse sweep of the same branch asks for. */
  protected findSunk(): void {
    const { next } = this;
    const isBranch = ({ region, type }: Value): boolean =>
      region.owner?.op === "if" && type !== "pointer" && this.costs.isDirect(region);
    const found = [...next.direct, ...next.again].filter(
      (value) => isBranch(value) && !this.readBefore.has(value) && this.costs.canSink(value),
    );
    if (found.length === 0) return;
    const sunk = new Set(found);
    const others = this.reachable(
      this.rootsFor(
        next,
        [...next.direct].filter((value) => !sunk.has(value)),
      ),
    );
    for (const value of found) if (!others.has(value)) next.sunk.add(value);
  }
  /** Stores into arguments: a plain call leaves them. */
  writtenStores: Value[] = [];

  protected override outlives(value: Value): boolean {
    if (value.region.owner === null && value.op !== "out") return false;
    const frame = frameOf(value.region);
    if (this.storesItself(frame)) return false;
    const kept = this.needs.direct.has(value) || this.needs.cached.has(value);
    return kept && frame.owner?.op === "if";
  }

  /** Accumulators that fused loops add to are declared where their values are. */
  protected override forward(region: Region): Lines {
    const lines = super.forward(region);
    for (const value of this.needs.early) {
      if (frameOf(value.region) !== region || (value.region !== region && value.region.owner?.op !== "loop"))
        continue;
      const name = this.accumulator(value);
      if (region.owner?.op !== "if") lines.unshift(`let ${name} = 0;`);
      else {
        this.hoist(value, name);
        lines.unshift(`${name} = 0;`);
      }
    }
    return lines;
  }
  protected override after(value: Value): Lines {
    const { args } = value;
    const item = args.at(-1) as Value;
    if (
      (value.op === "store" || value.op === "push") &&
      item.type === "pointer" &&
      this.analysis.hasShadow(item)
    ) {
      const [list, shadow] = [this.forwardShadow(args[0]), this.forwardShadow(item)];
      if (value.op === "push") return [`${list}.push(${shadow});`];
      return [
        value.key === null
          ? `${list}[${this.text(args[1])}] = ${shadow};`
          : `${memberText(list, value.key)} = ${shadow};`,
      ];
    }
    if (
      (value.op === "store" || value.op === "push") &&
      this.hasForwardShadow(args[0]) &&
      value.key === null &&
      this.grows(args[0])
    ) {
      const list = this.forwardShadow(args[0]);
      return [value.op === "push" ? `${list}.push(0);` : `${list}[${this.text(args[1])}] = 0;`];
    }
    if (value.type === "pointer" && this.analysis.hasShadow(value)) {
      if (
        value.op === "allocate" &&
        value.allocation.type === "literal" &&
        args.some((a) => a.type === "pointer" && this.analysis.hasShadow(a))
      )
        this.next.shadows.add(value);
      if (
        this.needs.shadows.has(value) &&
        (value.op === "allocate" || value.op === "load" || value.op === "select")
      )
        return this.defineShadow(value);
    }
    return [];
  }
  protected hasForwardShadow(pointer: Value): boolean {
    return this.analysis.hasShadow(pointer) && (pointer.op === "input" || this.needs.shadows.has(pointer));
  }
  /** Lists that may become longer. */
  protected grows(pointer: Value): boolean {
    const memory = this.analysis.memoryOf(pointer);
    return memory.allocations.some((a) => a.allocation.type === "literal" && a.allocation.keys === null);
  }
  protected defineShadow(value: Value): Lines {
    const name = this.barName(value);
    let text: string;
    if (value.op === "load") {
      const list = this.forwardShadow(value.args[0]);
      text = value.key === null ? `${list}[${this.text(value.args[1])}]` : memberText(list, value.key);
    } else if (value.op === "select") {
      text = `${this.text(value.args[0])} ? ${this.forwardShadow(value.args[1])} : ${this.forwardShadow(value.args[2])}`;
    } else
      text = this.shadowText(
        value,
        (v) => this.text(v),
        (v) => this.forwardShadow(v),
      );
    if (!this.companionOutlives(value)) return [`const ${name} = ${text};`];
    this.hoist(value, name);
    return [`${name} = ${text};`];
  }
  protected override companionOutlives(value: Value): boolean {
    return frameOf(value.region).owner?.op === "if";
  }
  /** A new shadow of an allocation. */
  protected shadowText(value: Value, text: (v: Value) => string, shadow: (v: Value) => string): string {
    const { allocation, args, kind } = value;
    const numbers = kind?.type === "list" && kind.of.type === "number";
    if (allocation.type === "literal" && (args.length > 0 || allocation.keys)) {
      const items = args.map((item) =>
        item.type === "pointer"
          ? this.analysis.hasShadow(item)
            ? shadow(item)
            : this.dialect.noShadow(item.kind as Kind)
          : item.type === "number"
            ? "0"
            : "null",
      );
      if (allocation.keys)
        return `{ ${allocation.keys.map((key, k) => `${keyText(key)}: ${items[k]}`).join(", ")} }`;
      return `[${items.join(", ")}]`;
    }
    if (allocation.type === "literal") return "[]";
    const length = allocation.type === "filled" ? text(args[0]) : `${text(args[0])}.length`;
    if (!numbers) return `new Array(${length})`;
    return `rows.zeros(${length})`;
  }
  /** The shadow of a pointer as the forward part has it. */
  protected forwardShadow(pointer: Value): string {
    if (pointer.op !== "input") this.next.shadows.add(pointer.op === "out" ? this.phiOf(pointer) : pointer);
    return this.barName(pointer);
  }
  protected override companions(merge: Value): string[] {
    return this.needs.shadows.has(merge) ? [this.barName(merge)] : [];
  }
  protected override mergeCompanion(merge: Value, end: Value): Lines {
    return this.needs.shadows.has(merge) ? [`${this.barName(merge)} = ${this.forwardShadow(end)};`] : [];
  }
  protected override carriedCompanion(c: Carried): Lines {
    if (c.phi.type !== "pointer" || !this.needs.shadows.has(c.phi)) return [];
    const name = this.barName(c.phi);
    const text = this.forwardShadow(c.init);
    if (name === text) return [];
    if (!this.companionOutlives(c.out)) return [`let ${name} = ${text};`];
    this.hoist(c.out, name);
    return [`${name} = ${text};`];
  }
  protected override companionMove(c: Carried): Move | null {
    if (c.phi.type !== "pointer" || !this.needs.shadows.has(c.phi)) return null;
    return { name: this.barName(c.phi), text: this.forwardShadow(c.next), of: c.phi };
  }

  // ---- iterations: what is stored, and fused loops ----

  /**
   * Whether what is needed of a branch is stored at its own end, and not where the branch is not taken: in iterations and
   * procedures, but for the condition of a loop, which is asked once more than the body runs.
   */
  protected storesItself(region: Region): boolean {
    if (region.owner?.op !== "if" || this.costs.isDirect(region)) return false;
    let around = region;
    while (around.owner?.op === "if") around = around.owner.region;
    return around.owner?.op !== "loop" || around === around.owner.loop.body;
  }
  /** What is stored at the end of an iteration, of a procedure's body or of a branch. */
  protected cachedIn(around: Value | Region): {
    numbers: Value[];
    /** Numbers that are stored in the place of an adjoint. */
    placed: { value: Value; place: Value }[];
    objects: { value: Value; shadow: boolean }[];
  } {
    const here = this.storedIn(this.needs.cached, around);
    const numbers = here
      .filter((v) => !isObject(v))
      .sort((a, b) => this.analysis.placeOf(a) - this.analysis.placeOf(b));
    const pointers = here.filter(isObject).map((value) => ({ value, shadow: false }));
    const shadows = this.storedIn(this.needs.cachedShadows, around).map((value) => ({ value, shadow: true }));
    const places = around instanceof Region ? [] : this.placesIn(around);
    const placed = numbers
      .filter((v) => v.type === "number" && !v.maybe && frameOf(v.region).owner === around)
      .slice(0, places.length)
      .map((value, k) => ({ value, place: places[k] }));
    return {
      numbers: numbers.filter((v) => placed.every(({ value }) => v !== value)),
      placed,
      objects: [...pointers, ...shadows].sort(
        (a, b) =>
          this.analysis.placeOf(a.value) - this.analysis.placeOf(b.value) ||
          Number(a.shadow) - Number(b.shadow),
      ),
    };
  }
  /** Those of some values that are stored at the end of an iteration, of a procedure's body or of a branch. */
  private storedIn(values: ReadonlySet<Value>, around: Value | Region): readonly Value[] {
    let places = this.stored.get(values);
    if (!places) {
      places = new Map();
      for (const value of values) {
        const frame = frameOf(value.region);
        const place = this.storesItself(frame) ? frame : (frame.loop ?? frame);
        const others = places.get(place);
        if (others) others.push(value);
        else places.set(place, [value]);
      }
      this.stored.set(values, places);
    }
    return places.get(around) ?? [];
  }
  private readonly stored = new Map<ReadonlySet<Value>, Map<Value | Region, Value[]>>();
  /** Elements that each iteration reads for the only time: until their adjoint is set, its place is free. */
  private placesIn({ loop }: Value): Value[] {
    const { values } = loop.body;
    // behind a branch the reverse sweep may leave adjoints at zero
    if (this.options.repeated || !loop.counted || values.some(({ op }) => op === "if")) return [];
    return values.filter((value) => this.patterns.readOnce.has(value));
  }
  /** Whether a loop inside of a loop stores numbers, or a call in it does. */
  protected innerStores(loop: Value): boolean {
    if (this.storing.get(loop)?.inside) return true;
    return (
      this.procedures.length > 0 &&
      runBy(loop).some(({ op, call }) => op === "call" && this.pushes(call.procedure))
    );
  }
  /** How many numbers an iteration of a loop stores, without loops inside, and whether any of those does. */
  private get storing(): ReadonlyMap<Value, { numbers: number; inside: boolean }> {
    if (this.foundStoring) return this.foundStoring;
    const storing = new Map<Value, { numbers: number; inside: boolean }>();
    for (const value of this.needs.cached) {
      if (isObject(value)) continue;
      for (let { loop } = value.region; loop; loop = loop.region.loop) {
        const { numbers, inside } = storing.get(loop) ?? { numbers: 0, inside: false };
        const isHere = loop === value.region.loop;
        storing.set(loop, { numbers: numbers + (isHere ? 1 : 0), inside: inside || !isHere });
      }
    }
    this.foundStoring = storing;
    return storing;
  }
  private foundStoring: ReadonlyMap<Value, { numbers: number; inside: boolean }> | null = null;
  protected override beforeIterations(loop: Value): Lines {
    const lines: Lines = [];
    if (this.fusion.isFused(loop)) {
      for (const c of loop.loop.carried)
        if (this.fusion.chain.has(c.phi) && this.analysis.isActive(c.phi)) {
          const text = this.fusion.knownAdjoint(c.out, loop) ?? "0";
          lines.push(...this.nameChain(c, text));
        }
      return lines;
    }
    const most = this.mostStored(loop);
    if (most > 0 && loop.loop.counted && !this.innerStores(loop)) {
      this.usesTape = true;
      const room = codeAlgebra.mul(
        this.tripsText(loop, (v) => this.text(v)),
        String(most),
      );
      lines.push(`if (top + ${room} > tape.length) tape = rows.grow(tape, top + ${room});`);
    }
    return lines;
  }
  protected nameChain(c: Carried, text: string): Lines {
    if (/^-?[\w$.]+$/.test(text)) {
      this.chainBars.set(c, text);
      return [];
    }
    const name = this.barName(c.phi);
    this.chainBars.set(c, name);
    const declared = this.needs.early.has(c.out) || this.innermost?.accumulators.has(c.out);
    return [`${declared ? "" : "const "}${name} = ${text};`];
  }
  protected override endOfIteration(loop: Value): Lines {
    if (this.fusion.isFused(loop)) {
      return this.reverse(loop.loop.body, () => {});
    }
    return this.keep(loop, !loop.loop.counted || this.innerStores(loop));
  }
  /** How many numbers an iteration stores at most, without loops inside. */
  private mostStored(loop: Value): number {
    return (this.storing.get(loop)?.numbers ?? 0) - this.cachedIn(loop).placed.length;
  }
  /** Stores; `asks` whether there is room. */
  private keep(around: Value | Region, asks: boolean): Lines {
    const { numbers, placed, objects } = this.cachedIn(around);
    const lines: Lines = [];
    for (const { value, place } of placed) lines.push(`${this.adjointPlace(place)} = ${this.nameOf(value)};`);
    if (numbers.length > 0) {
      this.usesTape = true;
      if (asks)
        lines.push(
          `if (top + ${numbers.length} > tape.length) tape = rows.grow(tape, top + ${numbers.length});`,
        );
      numbers.forEach((value, k) => {
        const name = this.nameOf(value);
        lines.push(
          `tape[top${k > 0 ? ` + ${k}` : ""}] = ${value.type === "boolean" ? `${name} ? 1 : 0` : name};`,
        );
      });
      lines.push(numbers.length === 1 ? "top++;" : `top += ${numbers.length};`);
    }
    if (objects.length > 0) {
      this.usesObjects = true;
      lines.push(
        `objects.push(${objects.map(({ value, shadow }) => (shadow ? this.barName(value) : this.nameOf(value))).join(", ")});`,
      );
    }
    return lines;
  }
  private adjointPlace({ args: [list, index] }: Value): string {
    return `${this.barName(list)}[${this.text(index)}]`;
  }
  protected restore(around: Value | Region): Lines {
    const { numbers, placed, objects } = this.cachedIn(around);
    const lines: Lines = [];
    for (const { value, place } of placed)
      lines.push(`const ${this.storedName(value)} = ${this.adjointPlace(place)};`);
    if (numbers.length > 0) {
      lines.push(numbers.length === 1 ? "top--;" : `top -= ${numbers.length};`);
      numbers.forEach((value, k) => {
        const slot = `tape[top${k > 0 ? ` + ${k}` : ""}]`;
        // a place in a list is an integer, which V8 is not told by the tape
        const item = value.type === "boolean" ? `${slot} !== 0` : this.isPlace(value) ? `${slot} | 0` : slot;
        lines.push(`const ${this.storedName(value)} = ${item};`);
      });
    }
    for (const { value, shadow } of objects.slice().reverse())
      lines.push(`const ${shadow ? this.barName(value) : this.storedName(value)} = objects.pop();`);
    return lines;
  }

  /** Whether a whole number is a length, or is used for nothing but finding elements of lists. */
  private isPlace(value: Value, seen = new Set<Value>()): boolean {
    if (!isWhole(value)) return false;
    if (value.op === "length" || seen.has(value)) return true;
    seen.add(value);
    return this.analysis.usersOf(value).every((user) => {
      if (user.op === "load" || user.op === "store")
        return user.key === null && user.args.every((arg, k) => arg !== value || k === 1);
      if (user.op === "loop") {
        const { counted, carried } = user.loop;
        if (counted?.start === value || counted?.bound === value) return false;
        const after = carried.filter((c) => c.init === value || c.next === value);
        return after.every((c) => this.isPlace(c.phi, seen) && this.isPlace(c.out, seen));
      }
      return user.op === "rule" && this.isPlace(user, seen);
    });
  }

  // ---- procedures: what their bodies and branches store ----

  /** Whether a procedure, or one that it calls, stores anything. */
  protected pushes(procedure: Procedure): boolean {
    if (!this.pushing) {
      this.pushing = new Set();
      const { cached, cachedShadows } = this.needs;
      for (const { region } of [...cached, ...cachedShadows])
        if (region.procedure) this.pushing.add(region.procedure);
      // a procedure that calls one of them is one of them; new ones are visited, too
      for (const inner of this.pushing)
        for (const call of this.analysis.callsOf(inner))
          if (call.region.procedure) this.pushing.add(call.region.procedure);
    }
    return this.pushing.has(procedure);
  }
  private pushing: Set<Procedure> | null = null;
  protected override endOfBranch(_value: Value, region: Region): Lines {
    if (!this.storesItself(region)) return [];
    const { loop } = region;
    return this.keep(region, !loop?.loop.counted || this.innerStores(loop));
  }
  protected override endOfProcedure({ body }: Procedure): Lines {
    return this.keep(body, true);
  }
  /** Shadows go along only where the forward sweep puts them somewhere. */
  protected override passedWith(param: Value, arg: Value): string[] {
    return this.needs.shadows.has(param) ? [this.forwardShadow(arg)] : [];
  }

  // ---- the reverse sweep: values ----

  protected override *allVariables(): Iterable<[string, Variable]> {
    yield* super.allVariables();
    for (const bars of [this.bars, this.phiBars])
      for (const [value, name] of bars) yield [name, { value, shadow: true }];
    for (const [value, name] of this.phiNames) yield [name, { value, shadow: false }];
  }

  barName(value: Value): string {
    if (value.op === "out") return this.barName(this.phiOf(value));
    return this.names.of(this.bars, value, () => `${this.nameOf(value)}Bar`);
  }
  /** What adds up the adjoint of a value; a carried variable's is apart from the one that goes round. */
  protected accumulator(value: Value): string {
    if (value.op !== "phi") return this.barName(value);
    return this.names.of(this.phiBars, value, () => `${this.nameOf(value)}BarBefore`);
  }
  protected readonly phiBars = new Map<Value, string>();
  /** The name under which the reverse sweep has a stored value: a carried variable's is not the one behind the loop. */
  protected storedName(value: Value): string {
    if (value.op !== "phi") return this.nameOf(value);
    const { out } = value.loop.carried.find((c) => c.phi === value)!;
    if (isCounter(value)) return this.names.of(this.phiNames, value, () => this.nameOf(value));
    if (!this.needs.direct.has(out) && !this.needs.cached.has(out)) return this.nameOf(value);
    return this.names.of(this.phiNames, value, () => `${this.nameOf(value)}Before`);
  }
  protected readonly phiNames = new Map<Value, string>();
  protected get frame(): Frame {
    return this.innermost as Frame;
  }
  protected line(...lines: Lines): void {
    this.frame.lines.push(...lines);
  }
  protected frameOf(value: Value): Frame | null {
    const region = frameOf(value.region);
    let frame = this.innermost;
    while (frame && frame.region !== region) frame = frame.outer;
    return frame;
  }

  /** A value where the reverse sweep reads it. */
  protected ref(value: Value): string {
    if (value.op === "const") return constantText(value);
    if (value.detached) return this.ref(value.args[0]);
    if (value.op === "param") {
      this.next.params.add(value);
      return this.nameOf(value);
    }
    // the reverse sweep counts it back
    if (isCounter(value) && !this.costs.isDirect(value.region)) return this.storedName(value);
    if (!this.frameOf(value)) this.readBefore.add(value);
    const way = this.costs.way(value);
    if (way === "direct") {
      this.next.direct.add(value);
      return this.nameOf(value);
    }
    if (way === "cached") {
      this.next.cached.add(value);
      return this.storedName(value);
    }
    if (!this.dry) this.next.read(value);
    this.next.again.add(value);
    const home = this.frameOf(value);
    // what is read once goes into its place, unless that is in a loop further in
    const isHere = !home || home.region.loop === this.frame.region.loop;
    if (isHere && (this.needs.reads.get(value) ?? 2) === 1) return this.againText(value);
    home?.again.add(value);
    return this.storedName(value);
  }
  /** Whether text is only written to see what it needs. */
  protected dry = false;
  protected againText(value: Value): string {
    const kept = this.costs.readBack(value);
    if (kept) return `${this.ref(kept.args[0])}[${this.ref(kept.args[1])}]`;
    if (value.op === "phi") return this.delayed(value, this.costs.delayOf(value) as Delay);
    return expressionText(
      value,
      value.args.map((a) => this.ref(a)),
    );
  }

  private delayed({ loop }: Value, delay: Delay): string {
    const { start, step, index } = loop.counted!;
    const [list] = delay.access.args;
    const texts = { step, start: this.ref(start), i: this.ref(index), list: this.ref(list) };
    return delayText(
      delay,
      texts,
      delay.first.map((value) => this.ref(value)),
    );
  }

  /** The shadow of a pointer where the reverse sweep reads it. */
  protected shadow(pointer: Value): string {
    if (pointer.op === "input" || pointer.op === "param") return this.barName(pointer);
    const frame = this.frameOf(pointer);
    const made = this.needs.shadows.has(pointer) || !["allocate", "load"].includes(pointer.op);
    const again = !made && frame !== null && (pointer.op === "allocate" || this.costs.isStable(pointer));
    if (again) {
      if (pointer.op === "load") this.next.readShadows.add(pointer);
      (pointer.op === "allocate" ? frame.shadows : frame.againShadows).add(pointer);
      return this.barName(pointer);
    }
    this.forwardShadow(pointer);
    if (!this.costs.isDirect(pointer.region)) this.next.cachedShadows.add(pointer);
    return this.barName(pointer);
  }

  protected tripsText(loop: Value, text: (v: Value) => string): string {
    const { start, bound, step, comparison } = loop.loop.counted!;
    const [a, b] = step > 0 ? [text(start), text(bound)] : [text(bound), text(start)];
    const span = codeAlgebra.sub(b, a);
    const inclusive = comparison === "le" || comparison === "ge";
    const size = Math.abs(step);
    if (size === 1 && bound.whole) {
      const trips = inclusive ? codeAlgebra.add(span, "1") : span;
      const never =
        step > 0 && !inclusive && bound.op === "length" && start.op === "const" && start.constant === 0;
      return never ? trips : `Math.max(0, ${trips})`;
    }
    const ratio = codeAlgebra.div(span, String(size));
    return inclusive ? `Math.max(0, Math.floor(${ratio}) + 1)` : `Math.max(0, Math.ceil(${ratio}))`;
  }

  /** The reverse code of a region, begun by `start`. */
  protected abstract reverse(region: Region, start: () => void): Lines;
}

/** Whether a value is stored as an object: no number fits it. */
function isObject(value: Value): boolean {
  return value.type === "pointer" || value.type === "text";
}
