/**
 * Branches and loops: where the variables of several paths meet.
 *
 * What: the state (what each variable holds), `branch` and `loop`, which put merges and phis where a variable differs
 * from path to path, and jumps, which become flags that guard the rest of a block. A small group of members (see
 * things.ts) is merged member by member. What the lowering finds out too late (a group has to be real memory, a loop
 * has to be unrolled) is noted in `Facts`, and the lowering begins again.
 * Reference: Brandis & Mössenböck, Single-pass generation of static single-assignment form for structured languages,
 * TOPLAS 16 (1994).
 */
import type { ComparisonName } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { type Branch, type Loop, Region, Value } from "../ir.ts";
import { common, type Kind, loose, sameKind } from "../kinds.ts";
import { Builder, kindOfValue } from "./builder.ts";
import { Cell, Closure, Group, Host, Optional, type Thing, Unknown } from "./things.ts";

export type State = Map<Cell, Thing>;

/**
 * How many values may be made by writing functions out again, after the first time: up to `short`, programs are fastest
 * so; beyond that the functions become procedures, which V8 compiles once. Where they can't, up to `long`: what
 * comes to more takes so long to make that the tape is better.
 */
export const writing = { short: 1500, long: 4000 };

/** Lists and records of more members than this are not read at once. */
const mostApart = 12;

/** What an earlier try has found out. */
export class Facts {
  /** Places where a list or record is made that has to be real memory. */
  readonly real = new Set<string>();
  /** Loops to be written out, and loops whose bound changes. */
  readonly unroll = new Set<string>();
  readonly asWhile = new Set<string>();
  /** Loops whose condition has effects. */
  readonly effects = new Set<string>();
  /** Copies that are appended to: made by appending, too. */
  readonly grown = new Set<string>();
  /** Kinds of the elements of lists that are filled later than read. */
  readonly elements = new Map<string, Kind>();
  /** Places where memory that is only read becomes a group, its members read once. */
  readonly apart = new Set<string>();
  /** Whether variables that are undefined on some paths say so. */
  optional = false;
  /** Whether elements are asked if they are there when they are assigned to variables. */
  definite = false;
  /** Whether the lengths of short lists are made use of; not where they contradict each other. */
  lengths = true;
  /** How many values may be made by writing functions out again, after the first time. */
  mostAgain = writing.short;
  /** Whether functions are procedures because writing them out takes too many values. */
  saves = false;
  /** Functions that are not written out, by the node; parameters of them that are no whole numbers, or may be undefined. */
  readonly procedures = new Set<Node>();
  /** Those of them that call themselves in another way than loops go. */
  readonly noLoops = new Set<Node>();
  readonly fractional = new Set<string>();
  readonly maybe = new Set<string>();
  /** What procedures give, where that is not what their text looks like. */
  readonly results = new Map<string, unknown>();
  /** Whether lists and records are compared by identity: none of them is a copy then. */
  identity = false;
  /** `messages`: whether what errors say is wanted. */
  constructor(readonly messages = false) {}
}

/** The lowering begins again, with a fact more. */
export class Restart extends Error {}

/** Where a jump goes. */
export interface Target {
  readonly flag: Cell;
  readonly type: "break" | "continue" | "return";
  readonly labels: readonly string[];
}

export interface CountedLoop {
  start: Value;
  bound: Value;
  step: number;
  comparison: ComparisonName;
  name: string | null;
}

export abstract class Flow extends Builder {
  state: State = new Map();
  /** Whether the path that is being lowered has jumped away. */
  dead = false;
  protected targets: Target[] = [];
  constructor(readonly facts: Facts) {
    super();
  }

  protected abstract refuse(node: Node | null, construct: string, wayOut: string): never;
  protected abstract place(node: Node): string;
  /** Memory as a group of what it holds now. */
  protected abstract takenApart(pointer: Value, origin: string): Group;

  // ---- what is written out again ----

  /** Functions that have been written out, with the values made by doing so again. */
  protected again = new Map<Node, number>();
  private isAgain = false;
  private mostAround = 0;
  /** Values that were made and taken back. */
  private wasted = 0;
  /** Writes a function out, which is counted where it is not the first time. */
  protected counted<T>(node: Node, write: () => T): T {
    const before = this.again.get(node);
    if (before === undefined) this.again.set(node, 0);
    if (before === undefined || this.isAgain) return write();
    const { most } = this;
    const from = this.made - this.wasted;
    let sum = 0;
    for (const values of this.again.values()) sum += values;
    this.most = Math.min(most, this.made + Math.max(0, this.facts.mostAgain - sum));
    this.mostAround = most;
    this.isAgain = true;
    try {
      return write();
    } finally {
      this.isAgain = false;
      this.most = most;
      this.again.set(node, before + this.made - this.wasted - from);
    }
  }
  /** What is written from here on may be taken back. */
  protected mark(): () => void {
    const { values } = this.region;
    const { length } = values;
    const [again, kept] = [new Map(this.again), this.made - this.wasted];
    return () => {
      values.length = length;
      this.again = again;
      if (this.isAgain) this.most = Math.min(this.mostAround, this.most + this.made - this.wasted - kept);
      this.wasted = this.made - kept;
    };
  }

  get(cell: Cell): Thing {
    return this.state.get(cell) ?? new Unknown(`${cell.name} is read before it is assigned`);
  }
  set(cell: Cell, thing: Thing): void {
    this.state.set(cell, thing);
  }
  newCell(name: string, thing: Thing): Cell {
    const cell = new Cell(name);
    this.state.set(cell, thing);
    return cell;
  }

  /** A group has to be memory: begin again. */
  protected makeReal(origins: readonly string[]): never {
    for (const origin of origins) this.facts.real.add(origin);
    throw new Restart();
  }

  protected needsIdentity(): void {
    if (this.facts.identity) return;
    this.facts.identity = true;
    throw new Restart();
  }

  // ---- jumps ----

  protected newTarget(type: Target["type"], labels: readonly string[] = []): Target {
    return { flag: this.newCell(type, this.constant(false)), type, labels };
  }
  protected jump(target: Target): void {
    this.set(target.flag, this.constant(true));
    this.dead = true;
  }
  /** Whether any jump may have happened: null for surely not. */
  protected pending(): Value | null {
    let pending: Value | null = null;
    for (const { flag } of this.targets) {
      const value = this.get(flag) as Value;
      if (value.op === "const" && !value.constant) continue;
      pending = pending ? this.both("or", pending, value) : value;
    }
    return pending;
  }
  // ---- branches ----

  branch(test: Value, then: () => void, otherwise: () => void): void {
    if (test.op === "const") {
      (test.constant ? then : otherwise)();
      return;
    }
    const value = this.make("if", "number", []);
    const branch: Branch = {
      consequent: new Region(this.region, value),
      alternate: new Region(this.region, value),
      merges: [],
    };
    value.args = [test];
    value.branch = branch;
    const before = this.state;
    const deadBefore = this.dead;
    const side = (region: Region, write: () => void) => {
      this.state = new Map(before);
      this.dead = deadBefore;
      this.inside(region, write);
      return { state: this.state, dead: this.dead };
    };
    const a = side(branch.consequent, then);
    const b = side(branch.alternate, otherwise);
    this.state = new Map(before);
    for (const cell of before.keys()) {
      const [p, q] = [a.state.get(cell) as Thing, b.state.get(cell) as Thing];
      this.state.set(cell, p === q ? p : this.merge(cell, test, branch, p, q, a.state, b.state));
    }
    this.dead = a.dead && b.dead;
  }
  private merge(cell: Cell, test: Value, branch: Branch, p: Thing, q: Thing, a: State, b: State): Thing {
    const optional = this.optionals(p, q);
    if (optional) {
      const [x, y] = optional;
      const part = (name: string, s: Value, t: Value): Value =>
        s === t ? s : (this.merge(new Cell(name), test, branch, s, t, a, b) as Value);
      const there = part(`${cell.name}There`, x.there, y.there);
      return new Optional(there, part(cell.name, x.value, y.value), x.absent);
    }
    if (p instanceof Value && q instanceof Value) {
      if (p.op === "const" && q.op === "const" && p.type === "boolean" && q.type === "boolean") {
        if (p.constant === q.constant) return p;
        return p.constant ? test : this.not(test);
      }
      if (p.op === "const" && q.op === "const" && p.type === q.type && Object.is(p.constant, q.constant))
        return p;
      if (p.type !== q.type)
        return new Unknown(
          `${cell.name} is ${p.type === "number" ? "a number" : `a ${p.type}`} on one path and another thing on the other`,
        );
      if (p.type === "pointer" && !sameKind(p.kind as Kind, q.kind as Kind))
        return new Unknown(`${cell.name} is of different kinds on different paths`);
      const value = this.placeholder("merge", p, cell.name);
      if (p.type === "pointer") value.kind = common(p.kind as Kind, q.kind as Kind);
      value.whole = p.whole && q.whole;
      value.maybe = p.maybe || q.maybe;
      value.args = [];
      branch.merges.push({ value, consequent: p, alternate: q });
      return value;
    }
    const [left, right] = [this.absent(p, q), this.absent(q, p)];
    if (left && right) {
      const merged = this.merge(cell, test, branch, left, right, a, b) as Value;
      merged.maybe = true;
      return merged;
    }
    if (p instanceof Host && q instanceof Host && Object.is(p.value, q.value)) return p;
    if (p instanceof Closure && q instanceof Closure && p.node === q.node && p.frame === q.frame) return p;
    if (p instanceof Group && q instanceof Group && sameShape(p, q)) {
      p.frozen = q.frozen = true;
      const cells = p.cells.map((cp, k) => {
        const [x, y] = [a.get(cp) as Thing, b.get(q.cells[k]) as Thing];
        const member = x === y ? x : this.merge(new Cell(`${cell.name}${k}`), test, branch, x, y, a, b);
        return this.newCell(cp.name, member);
      });
      const group = new Group([...new Set([...p.origins, ...q.origins])], p.keys, cells, p.floats);
      group.frozen = true;
      return group;
    }
    if ((p instanceof Group && canBeReal(q)) || (q instanceof Group && canBeReal(p))) {
      const origin = this.originOf(cell);
      const [x, y] = [
        this.alike(p, q, origin, branch.consequent, a),
        this.alike(q, p, origin, branch.alternate, b),
      ];
      if (x && y && (x !== p || y !== q)) return this.merge(cell, test, branch, x, y, a, b);
      this.makeReal([p, q].flatMap((z) => (z instanceof Group ? z.origins : [])));
    }
    return new Unknown(`${cell.name} is one thing on one path and another on the other`);
  }
  // ---- memory that is only read, where it meets a group ----

  private originOf(cell: Cell): string {
    return `${this.statement ? this.place(this.statement) : ""} ${cell.name}`;
  }
  private canBeApart(kind: Kind | null, like: Group | null, origin: string): boolean {
    if (this.facts.identity || this.facts.real.has(origin) || !kind) return false;
    const keys = kind.type === "record" ? kind.keys : null;
    const count = "items" in kind ? kind.items.length : kind.type === "list" ? kind.length : undefined;
    if (count === undefined || count > mostApart) return false;
    const floats = kind.type === "list" && kind.floats;
    return !like || (count === like.cells.length && floats === like.floats && sameKeys(keys, like.keys));
  }
  /** A thing at the end of a region as a group like another one; null where it can't be. */
  private alike(thing: Thing, like: Thing, origin: string, region: Region, state: State): Group | null {
    if (thing instanceof Group) return thing;
    if (!(thing instanceof Value && like instanceof Group)) return null;
    if (!this.canBeApart(thing.kind, like, origin)) {
      if (this.carriedFrom.has(thing)) this.meets(thing, like);
      return null;
    }
    const before = this.state;
    this.state = state;
    const group = this.inside(region, () => this.takenApart(thing, origin));
    this.state = before;
    return group;
  }
  /** Where the pointers that loops carry come from, and what it is called there. */
  private readonly carriedFrom = new Map<Value, { init: Value; origin: string }>();
  /** A group has become of what a loop carries as a pointer: from the start it is one, or the group is memory. */
  private meets(phi: Value, next: Group): never {
    const origins: string[] = [];
    let start = phi;
    for (let from = this.carriedFrom.get(start); from; from = this.carriedFrom.get(start)) {
      origins.push(from.origin);
      start = from.init;
    }
    if (
      !origins.every((origin) => this.canBeApart(start.kind, next, origin) && !this.facts.apart.has(origin))
    )
      this.makeReal(next.origins);
    for (const origin of origins) this.facts.apart.add(origin);
    throw new Restart();
  }

  /** Two things of which one may be null, or undefined where that is asked for, and the other a number. */
  private optionals(p: Thing, q: Thing): [Optional, Optional] | null {
    const absent = [p, q].map((x) => this.absence(x)).find((x) => x !== false);
    if (absent === undefined && !this.facts.optional) return null;
    if (absent === undefined && ![p, q].some((x) => this.absence(x) === undefined)) return null;
    // null or undefined on both sides is what it is
    if (p instanceof Host && q instanceof Host) return null;
    const [x, y] = [this.optional(p, absent as null), this.optional(q, absent as null)];
    return x && y ? [x, y] : null;
  }
  /** Which of null and undefined a thing is or may be. */
  private absence(thing: Thing): null | undefined | false {
    if (thing instanceof Optional) return thing.absent;
    return thing instanceof Host &&
      (thing.value === null || (thing.value === undefined && this.facts.optional))
      ? (thing.value as null | undefined)
      : false;
  }
  private optional(thing: Thing, absent: null | undefined): Optional | null {
    if (thing instanceof Optional) return thing.absent === absent ? thing : null;
    if (thing instanceof Value) {
      if (thing.type !== "number") return null;
      if (thing.maybe && thing.op === "load" && !this.facts.definite) {
        this.facts.definite = true;
        throw new Restart();
      }
      return thing.maybe ? null : new Optional(this.constant(true), thing, absent);
    }
    if (!(thing instanceof Host) || thing.value !== absent) return null;
    return new Optional(this.constant(false), this.constant(Number(absent)), absent);
  }
  /** What stands for undefined beside a number. */
  private absent(p: Thing, beside: Thing): Value | null {
    if (p instanceof Value) return p.type === "number" ? p : null;
    if (!(p instanceof Host && p.value === undefined)) return null;
    if (!(beside instanceof Value && beside.type === "number")) return null;
    const value = this.constant(Number.NaN);
    value.maybe = true;
    return value;
  }

  // ---- loops ----

  /**
   * A loop. `head` gives the question whether an iteration follows (null for a counted one, which counts by itself);
   * `guess` are variables that the body surely assigns to.
   */
  loop(
    counted: CountedLoop | null,
    guess: Iterable<Cell>,
    head: () => Value | null,
    body: (index: Value | null) => void,
  ): void {
    const before = this.state;
    const carried = new Set<Cell>();
    const unknown = new Set<Cell>();
    for (const cell of guess) if (before.has(cell)) carried.add(cell);
    for (;;) {
      const takeBack = this.mark();
      const missed = this.tryLoop(counted, before, carried, unknown, head, body);
      if (missed.length === 0) return;
      takeBack();
      this.state = before;
      for (const { cell, lost } of missed) {
        if (!lost) carried.add(cell);
        else {
          carried.delete(cell);
          unknown.add(cell);
        }
      }
    }
  }

  private tryLoop(
    counted: CountedLoop | null,
    before: State,
    carriedCells: ReadonlySet<Cell>,
    unknown: ReadonlySet<Cell>,
    writeHead: () => Value | null,
    writeBody: (index: Value | null) => void,
  ): { cell: Cell; lost: boolean }[] {
    const value = this.make("loop", "number", []);
    const loop: Loop = {
      counted: null,
      head: new Region(this.region, value),
      test: null,
      body: new Region(this.region, value),
      carried: [],
      trips: null,
    };
    value.loop = loop;
    if (!counted) {
      loop.trips = this.make("trips", "number", []);
      loop.trips.whole = true;
      loop.trips.loop = loop;
    }
    this.state = new Map(before);
    const outer = this.region;
    const entries: { cell: Cell; finish: (next: Thing) => Thing | null }[] = [];
    const lost: Cell[] = [];
    let index: Value | null = null;
    this.inside(loop.head, () => {
      if (counted) {
        index = this.placeholder("index", counted.start, counted.name);
        index.whole = true;
        index.loop = loop;
        (loop as { counted: Loop["counted"] }).counted = { ...counted, index };
      }
      for (const cell of carriedCells) {
        const entry = this.carry(cell, before.get(cell) as Thing, loop, outer);
        if (!entry) lost.push(cell);
        else {
          entries.push({ cell, finish: entry.finish });
          this.state.set(cell, entry.start);
        }
      }
      for (const cell of unknown)
        this.state.set(
          cell,
          new Unknown(`${cell.name} changes from iteration to iteration in a way that is not followed`),
        );
      if (counted || lost.length > 0) return;
      const atHead = new Map(this.state);
      loop.test = writeHead();
      for (const [cell, thing] of atHead)
        if (this.state.get(cell) !== thing)
          this.refuse(this.statement, "a condition of a loop assigns to a variable", "assign in the body");
    });
    if (lost.length > 0) return lost.map((cell) => ({ cell, lost: true }));
    const atStart = this.state;
    this.state = new Map(atStart);
    this.inside(loop.body, () => writeBody(index));
    this.dead = false;
    const end = this.state;
    const changed = [...before.keys()].filter((cell) => end.get(cell) !== atStart.get(cell));
    const missed = changed.filter((cell) => !carriedCells.has(cell) && !unknown.has(cell));
    if (missed.length > 0) return missed.map((cell) => ({ cell, lost: false }));
    const after = new Map(before);
    for (const cell of unknown) after.set(cell, atStart.get(cell) as Thing);
    this.outs = [];
    for (const { cell, finish } of entries) {
      const out = finish(end.get(cell) as Thing);
      if (out === null) return [{ cell, lost: true }];
      after.set(cell, out);
    }
    for (const [cell, thing] of this.outs) after.set(cell, thing);
    this.state = after;
    return [];
  }
  /** Members of groups behind the loop that is being finished. */
  private outs: [Cell, Thing][] = [];

  /** What is made before a loop that has been begun. */
  private before<T>(loop: Loop, outer: Region, make: () => T): T {
    const { values } = outer;
    const { length } = values;
    const thing = this.inside(outer, make);
    const made = values.splice(length);
    values.splice(
      values.findIndex((v) => v.op === "loop" && v.loop === loop),
      0,
      ...made,
    );
    return thing;
  }
  /** How a variable goes from one iteration to the next; null where it cannot. */
  private carry(
    cell: Cell,
    init: Thing,
    loop: Loop,
    outer: Region,
  ): { start: Thing; finish: (next: Thing) => Thing | null } | null {
    if (init instanceof Optional || (init instanceof Host && this.absence(init) !== false)) {
      const { there, value, absent } = this.before(loop, outer, () =>
        this.optional(init, this.absence(init) as null),
      ) as Optional;
      const [isThere, number] = [
        this.carry(new Cell(`${cell.name}There`), there, loop, outer),
        this.carry(cell, value, loop, outer),
      ];
      return {
        start: new Optional(isThere!.start as Value, number!.start as Value, absent),
        finish: (next) => {
          const end = this.optional(next, absent);
          if (!end) return null;
          const [a, b] = [isThere!.finish(end.there), number!.finish(end.value)];
          return a && b ? new Optional(a as Value, b as Value, absent) : null;
        },
      };
    }
    if (init instanceof Host && init.value === undefined) {
      const value = this.before(loop, outer, () => this.constant(Number.NaN));
      value.maybe = true;
      init = value;
    }
    const origin = this.originOf(cell);
    if (init instanceof Value && this.facts.apart.has(origin) && this.canBeApart(init.kind, null, origin)) {
      const pointer = init;
      init = this.before(loop, outer, () => this.takenApart(pointer, origin));
    }
    if (init instanceof Value) {
      const phi = this.placeholder("phi", init, cell.name);
      // later lists may be of other lengths
      if (init.kind) phi.kind = loose(init.kind);
      phi.loop = loop;
      phi.maybe = init.maybe;
      const initial = init;
      if (phi.type === "pointer") this.carriedFrom.set(phi, { init, origin });
      return {
        start: phi,
        finish: (next) => {
          if (!(next instanceof Value)) {
            if (next instanceof Group) this.meets(phi, next);
            return null;
          }
          if (next.type !== phi.type) return null;
          if (phi.type === "pointer" && !sameKind(kindOfValue(next), kindOfValue(phi))) return null;
          const out = this.inside(outer, () => this.placeholder("out", phi, cell.name));
          out.loop = loop;
          out.maybe = phi.maybe || next.maybe;
          loop.carried.push({ phi, init: initial, next, out });
          return out;
        },
      };
    }
    if (init instanceof Group) {
      init.frozen = true;
      const members = init.cells.map((c, k) =>
        this.carry(new Cell(`${cell.name}${k}`), this.get(c), loop, outer),
      );
      if (members.includes(null)) return null;
      const cells = members.map((m, k) => this.newCell(init.cells[k].name, m!.start));
      const start = new Group(init.origins, init.keys, cells, init.floats);
      start.frozen = true;
      return {
        start,
        finish: (end) => {
          const next = this.alike(end, start, origin, loop.body, this.state);
          if (end instanceof Value && !next) this.makeReal(init.origins);
          if (!next) return null;
          if (!sameShape(next, start)) this.makeReal([...init.origins, ...next.origins]);
          next.frozen = true;
          const finished = next.cells.map((c, k) => members[k]!.finish(this.get(c)));
          if (finished.includes(null)) return null;
          const outCells = finished.map((out, k) => {
            const c = new Cell(init.cells[k].name);
            this.outs.push([c, out as Thing]);
            return c;
          });
          const group = new Group(
            [...new Set([...init.origins, ...next.origins])],
            init.keys,
            outCells,
            init.floats,
          );
          group.frozen = true;
          return group;
        },
      };
    }
    if (init instanceof Closure || init instanceof Host)
      return { start: init, finish: (next) => (next === init ? init : null) };
    return { start: init, finish: () => init };
  }
}

function sameShape(p: Group, q: Group): boolean {
  return p.cells.length === q.cells.length && p.floats === q.floats && sameKeys(p.keys, q.keys);
}
function sameKeys(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return a === b || (a !== null && b !== null && a.every((key, k) => b[k] === key));
}
function canBeReal(thing: Thing): boolean {
  return thing instanceof Group || (thing instanceof Value && thing.type === "pointer");
}
