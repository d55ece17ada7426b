/**
 * Tail and linear recursion, lowered as loops.
 *
 * What: `callRecursive`, which makes loops of a call of a function that calls itself, where its text (recursion.ts) and
 * what it does allow that: a loop goes down from level to level, whose condition is that the function calls itself
 * again; the last level is written out behind it; and where results are used (linear recursion), another loop goes up
 * again, with the parameters of each level counted back. Each level is the function's body, with a call of itself
 * standing for what comes of it. Why: nothing is called and nothing is stored for the parameters, and what is known of
 * loops holds. Everything else becomes a procedure (procedures.ts). A recursion that is deeper than any stack gives up.
 * Reference: Bird, Notes on recursion elimination, CACM 20 (1977).
 */
import type { ComparisonName } from "../../rules/index.ts";
import { table } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { runBy, Value } from "../ir.ts";
import { Refusal } from "../refusal.ts";
import { Restart } from "./flow.ts";
import { Procedures } from "./procedures.ts";
import { type Reach, type Recursion, recursionOf } from "./recursion.ts";
import { type Cell, Closure, nothing, type Thing } from "./things.ts";

/** Calls: no stack of V8's usual size holds so many, not even that of a worker. */
const deepest = 100_000;
/** What JavaScript says then. */
const tooDeep = "Maximum call stack size exceeded";

/** A function that calls itself, with the arguments of the level that is being written out. */
interface Run {
  readonly closure: Closure;
  readonly recursion: Recursion;
  readonly cells: readonly Cell[];
  readonly path: string;
}
/** One of its calls, as it is being written out. */
interface Level {
  readonly run: Run;
  /** Whether it surely calls itself, or surely does not. */
  readonly calls: boolean;
  /** What stands for its call of itself. */
  call(args: Thing[]): Thing;
}
/** What counts levels. */
interface Counter {
  readonly cell: Cell;
  readonly step: number;
  readonly start: Value;
  /** Where it is after as many levels as there may be. */
  readonly limit: Value;
}

export abstract class Levels extends Procedures {
  private readonly levels: Level[] = [];

  protected abstract block(statements: readonly Node[]): void;

  /** Calls a function that calls itself: loops, or a procedure. */
  protected callRecursive(closure: Closure, args: Thing[], at: Node | null): Thing {
    const { node, frame } = closure;
    const level = this.levels.at(-1);
    if (at && level?.run.recursion.calls.has(at)) return level.call(args);
    if (this.levels.some(({ run }) => run.closure.node === node)) this.keepCalls(node);
    const recursion = this.facts.noLoops.has(node) ? null : this.recursionOf(closure);
    if (!recursion) return this.callProcedure(closure, args, at);
    const path = at ? `${this.frame.path}${this.frame.holder.index}:${at.start}/` : frame.path;
    const cells = node.params.map((param: Node, k: number) => this.newCell(param.name, args[k] ?? nothing));
    try {
      return this.counted(node, () => this.asLoops({ closure, recursion, cells, path }));
    } catch (error) {
      if (error instanceof Refusal) this.keepCalls(node);
      throw error;
    }
  }
  /** The function does not go as loops do: begin again. */
  private keepCalls(node: Node): never {
    this.facts.noLoops.add(node);
    throw new Restart();
  }
  private recursionOf(closure: Closure): Recursion | null {
    const { node, frame } = closure;
    const { bindingOf } = frame.holder.site.scopes;
    const before = this.frame;
    const isItself = (callee: Node): boolean => {
      const binding = bindingOf.get(callee);
      const isAround = !binding || frame.find(binding) !== undefined || this.isOwnName(binding.node);
      const thing = isAround ? this.identifier(callee) : null;
      if (!(thing instanceof Closure) || thing.node !== node) return false;
      const isRoot = [thing, closure].every(
        (c) => c.frame.parent === null && c.node === c.frame.holder.site.node,
      );
      return thing.frame === frame || (isRoot && thing.frame.holder === frame.holder);
    };
    this.frame = frame;
    try {
      return recursionOf(node, isItself, bindingOf);
    } finally {
      this.frame = before;
    }
  }

  private asLoops(run: Run): Thing {
    const { closure, recursion, cells } = run;
    const { isTail, steps } = recursion;
    const before = new Map(this.state);
    const from = this.region.values.length;
    const counts = cells.flatMap((cell, k) => (steps[k] ? [{ cell, step: steps[k] }] : []));
    if (!isTail) for (const { cell } of counts) this.askWhole(this.get(cell), closure.node);
    const count = (times: number) => {
      for (const { cell, step } of counts) this.set(cell, this.ahead(this.get(cell) as Value, step * times));
    };
    const counter = this.counterOf(counts, isTail);
    const changing = cells.filter((_, k) => steps[k] !== 0);
    this.down(run, counter, changing, () => {
      if (!isTail) count(1);
      else
        this.level(run, ">", true, (args) => {
          cells.forEach((cell, k) => void (changing.includes(cell) && this.set(cell, args[k])));
          return nothing;
        });
    });
    let result = this.level(run, "|", false, () => this.keepCalls(closure.node));
    if (!isTail) {
      count(-1);
      result = this.up(run, counter, changing, result, () => count(-1));
    }
    for (const cell of cells) this.state.delete(cell);
    if (!isTail && this.hasEffects(before, cells, from)) this.keepCalls(closure.node);
    return result;
  }
  /** Goes down as long as the function calls itself; `next` gives the parameters of the next level. */
  private down(run: Run, counter: Counter, changing: readonly Cell[], next: () => void): void {
    const { cell, step, limit } = counter;
    const { isTail } = run.recursion;
    const isOwn = !run.cells.includes(cell);
    const place = `${run.path}>/`;
    let isCounted = false;
    this.loop(
      null,
      isOwn ? [...changing, cell] : changing,
      () => {
        const k = this.get(cell) as Value;
        this.areWhole(isTail ? [cell] : changing);
        const { length } = this.region.values;
        const goesOn = this.callsItself(run);
        for (const value of this.region.values.slice(length))
          for (const { op } of [value, ...runBy(value)])
            if (op === "store" || op === "push" || op === "call") this.keepCalls(run.closure.node);
        const ahead = toward(goesOn, k, step);
        isCounted = ahead !== null;
        const isNear = this.compare(step > 0 ? "lt" : "gt", k, limit);
        return this.both("and", ahead ? this.compare(...ahead) : goesOn, isNear);
      },
      () => {
        this.loops.push({ place, index: null, trips: null });
        next();
        this.loops.pop();
        if (isOwn) this.set(cell, this.ahead(this.get(cell) as Value, 1));
      },
    );
    const k = this.get(cell) as Value;
    // a counter that has gone past its end would go on for ever
    const isDeeper = isCounted ? this.callsItself(run) : this.compare(step > 0 ? "ge" : "le", k, limit);
    this.branch(
      isDeeper,
      () => void (this.bail().name = tooDeep),
      () => {},
    );
    if (isOwn) this.state.delete(cell);
  }
  /** Goes up from what the last level gives; `previous` counts the parameters back. */
  private up(
    run: Run,
    { cell, step, start }: Counter,
    changing: readonly Cell[],
    last: Thing,
    previous: () => void,
  ): Thing {
    const place = `${run.path}</`;
    const result = this.newCell(run.closure.name || "result", last);
    this.loop(
      null,
      [result, ...changing],
      () => {
        this.areWhole(changing);
        return this.compare(step > 0 ? "ge" : "le", this.get(cell) as Value, start);
      },
      () => {
        this.loops.push({ place, index: null, trips: null });
        this.set(
          result,
          this.level(run, "<", true, () => this.get(result)),
        );
        this.loops.pop();
        previous();
      },
    );
    const thing = this.get(result);
    this.state.delete(result);
    return thing;
  }

  // ---- levels ----

  /** Writes a level out, or what `write` writes with its variables. */
  private level(run: Run, mark: string, calls: boolean, call: Level["call"], write?: () => Thing): Thing {
    const { statement } = this;
    const args = run.cells.map((cell) => this.get(cell));
    this.levels.push({ run, calls, call });
    try {
      return this.enter(run.closure, args, null, `${run.path}${mark}/`, write);
    } finally {
      this.levels.pop();
      this.statement = statement;
    }
  }
  /** Whether a level calls itself. */
  private callsItself(run: Run): Value {
    const { recursion, closure } = run;
    return this.level(
      run,
      "?",
      false,
      () => this.keepCalls(closure.node),
      () => this.reached(recursion.reach),
    ) as Value;
  }
  private reached(reach: Reach): Value {
    if (typeof reach === "string") return this.constant(reach === "calls");
    const { before, test, then, otherwise } = reach;
    this.block(before);
    this.statement = test;
    const is = this.conditionOf(test);
    if (is.op === "const") return this.reached(is.constant ? then : otherwise);
    const { length } = this.region.values;
    const takeBack = this.mark();
    const state = new Map(this.state);
    const [a, b] = [this.reached(then), this.reached(otherwise)];
    // a member of a list that is not there would be an error
    const isSafe = this.region.values
      .slice(length)
      .every(({ op, type }) => op !== "load" || type === "number");
    if (isSafe && this.isPureSince(this.region, length, state)) {
      if (a.op === "const")
        return a.constant ? this.both("or", is, b) : this.both("and", this.opposite(is), b);
      if (b.op === "const")
        return b.constant ? this.both("or", this.opposite(is), a) : this.both("and", is, a);
      return this.both("or", this.both("and", is, a), this.both("and", this.opposite(is), b));
    }
    takeBack();
    this.state = state;
    const answer = this.newCell("calls", this.constant(false));
    this.branch(
      is,
      () => this.set(answer, this.reached(then)),
      () => this.set(answer, this.reached(otherwise)),
    );
    return this.get(answer) as Value;
  }
  /** Where a level is known to call itself, or not to, it is not asked what says so. */
  protected override testOf(node: Node): Value {
    const level = this.levels.at(-1);
    const sides = level?.run.recursion.sides.get(node);
    if (!level || !sides) return super.testOf(node);
    const other: Reach = level.calls ? "ends" : "calls";
    if (sides.then === other) return this.constant(false);
    return sides.otherwise === other ? this.constant(true) : super.testOf(node);
  }

  // ---- counting ----

  private counterOf(counts: readonly { cell: Cell; step: number }[], isTail: boolean): Counter {
    const isWhole = ({ cell }: { cell: Cell }): boolean => {
      const thing = this.get(cell);
      return thing instanceof Value && thing.whole && !thing.maybe;
    };
    const { cell, step } = (isTail ? counts.find(isWhole) : counts[0]) ?? {
      cell: this.newCell("depth", this.constant(0)),
      step: 1,
    };
    const start = this.get(cell) as Value;
    const limit = this.ahead(start, step * deepest);
    limit.whole = true;
    return { cell, step, start, limit };
  }
  /** Whole numbers are, at the start of an iteration, since they count from whole ones. */
  private areWhole(cells: readonly Cell[]): void {
    for (const cell of cells) (this.get(cell) as Value).whole = true;
  }
  private ahead(value: Value, by: number): Value {
    return this.ruleValue(by > 0 ? table.add : table.sub, [value, this.constant(Math.abs(by))]);
  }
  /** Gives up where a number is not whole: only what is whole is again what it was when it is counted back. */
  private askWhole(thing: Thing, node: Node): void {
    if (!(thing instanceof Value) || thing.type !== "number") this.keepCalls(node);
    if (thing.whole && !thing.maybe) return;
    // a module has nothing else that could take over
    if (thing.op === "const" || this.facts.messages) this.keepCalls(node);
    if (thing.op !== "input") {
      this.giveUpUnlessWhole(thing);
      return;
    }
    thing.whole = true;
    this.wholeInputs.add(thing);
  }
  private giveUpUnlessWhole(value: Value): void {
    this.branch(
      this.passive("boolean", [value], (k) => `!Number.isSafeInteger(${k})`),
      () => void this.bail(),
      () => {},
    );
  }
  private readonly wholeInputs = new Set<Value>();
  /** Inputs that levels are counted from are asked at the beginning: then they are whole throughout. */
  protected askInputs(): void {
    const { values } = this.main;
    const { length } = values;
    this.statement = null;
    this.inside(this.main, () => this.wholeInputs.forEach((input) => void this.giveUpUnlessWhole(input)));
    values.unshift(...values.splice(length));
  }
  /** The other answer; that of an order only where neither side can be NaN. */
  private opposite(is: Value): Value {
    if (is.op === "or" || is.op === "and") {
      const [a, b] = is.args.map((arg) => this.opposite(arg));
      return this.both(is.op === "or" ? "and" : "or", a, b);
    }
    if (is.op !== "compare") return this.not(is);
    const { comparison, args } = is;
    if (comparison !== "eq" && comparison !== "ne" && !args.every(({ whole }) => whole)) return this.not(is);
    return this.compare(opposites[comparison], args[0], args[1]);
  }

  /** Whether linear recursion does anything but give a result: then its order is not that of loops. */
  private hasEffects(before: ReadonlyMap<Cell, Thing>, own: readonly Cell[], from: number): boolean {
    for (const [cell, thing] of before)
      if (this.state.get(cell) !== thing && !own.includes(cell)) return true;
    const made = this.region.values.slice(from).flatMap((value) => [value, ...runBy(value)]);
    const lists = new Set(made.filter(({ op }) => op === "allocate"));
    return made.some(({ op, args }) => (op === "store" || op === "push") && !lists.has(args[0]));
  }
}

/** A counter that goes on until it is equal to something goes on until it is there. */
function toward(
  { op, comparison, args }: Value,
  k: Value,
  step: number,
): [ComparisonName, Value, Value] | null {
  if (op !== "compare" || comparison !== "ne" || Math.abs(step) !== 1 || !args.includes(k)) return null;
  return [step > 0 ? "lt" : "gt", k, args[0] === k ? args[1] : args[0]];
}

const opposites: Readonly<Record<ComparisonName, ComparisonName>> = {
  eq: "ne",
  ne: "eq",
  lt: "ge",
  ge: "lt",
  le: "gt",
  gt: "le",
};
