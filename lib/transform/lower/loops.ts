/**
 * Loops, lowered.
 *
 * What: for, for-of, for-in, while and do-while, kept as loops: counted where the text shows what the counter does, and
 * written out where lists and records of f's own change from one iteration to the next.
 */
import { type ComparisonName, comparisonOfOperator, table } from "../../rules/index.ts";
import { forEachChild, type Node } from "../../source/syntax.ts";
import { runBy, Value } from "../ir.ts";
import { assigns, jumpsOut } from "./bodies.ts";
import type { CountedLoop, Target } from "./flow.ts";
import { Restart } from "./flow.ts";
import { Methods } from "./methods.ts";
import { type Cell, Group, Host, type Thing } from "./things.ts";
import { mostUnrolled } from "./values.ts";

export abstract class Loops extends Methods {
  abstract statement_(node: Node, labels: readonly string[]): void;
  protected abstract declaration(node: Node): void;
  /** Does the rest of a block only where no jump has happened. */
  protected abstract guardedRest(rest: () => void): void;

  /** The variables that a loop surely assigns to, by its text. */
  private assigned(node: Node): Cell[] {
    const cells = new Set<Cell>();
    const note = (target: Node): void => {
      if (target.type !== "Identifier") return;
      const binding = this.frame.holder.site.scopes.bindingOf.get(target);
      const cell = binding && this.frame.find(binding);
      const thing = cell && this.state.get(cell);
      if (cell && (thing instanceof Value || thing instanceof Group)) cells.add(cell);
    };
    const look = (n: Node): void => {
      if (n.type === "AssignmentExpression") note(n.left);
      if (n.type === "UpdateExpression") note(n.argument);
      forEachChild(n, look);
    };
    look(node);
    return [...cells];
  }

  protected forStatement(node: Node, labels: readonly string[]): void {
    if (node.init?.type === "VariableDeclaration") this.declaration(node.init);
    else if (node.init) this.expression(node.init);
    this.statement = node.test ?? node;
    const counted = this.countedLoop(node);
    if (counted) {
      const { loop, cell, reads } = counted;
      const place = this.place(node);
      const trips = tripsOf(loop);
      const before = new Map([...reads].map((c) => [c, this.get(c)]));
      // a bound that changes while the loop runs is asked for again each time
      const checkBound = () => {
        for (const [c, thing] of before)
          if (this.get(c) !== thing) {
            this.facts.asWhile.add(place);
            throw new Restart();
          }
      };
      if (trips !== null && trips <= mostUnrolled && this.facts.unroll.has(place)) {
        for (let k = 0; k < trips; k++) {
          this.set(cell, this.constant((loop.start.constant as number) + k * loop.step));
          const target = this.newTarget("continue", labels);
          this.withTargets([target], () => this.statement_(node.body, []));
          this.state.delete(target.flag);
          checkBound();
        }
        return;
      }
      const from = this.region.values.length;
      this.loop(
        loop,
        this.assigned(node.body),
        () => null,
        (index) => {
          this.set(cell, index as Value);
          const target = this.newTarget("continue", labels);
          this.withTargets([target], () => {
            this.loops.push({ place, index, trips });
            this.statement_(node.body, []);
            this.loops.pop();
          });
          checkBound();
          this.state.set(cell, loop.start);
        },
      );
      this.watch(place, counted.memory, from);
      return;
    }
    this.whileLoop(node, labels, node.test, () => {
      if (node.update) this.expression(node.update);
    });
  }

  /** Loops that read memory once, for their bound: what their bodies do to it is known when everything is. */
  protected readonly watched: { place: string; loop: Value; reads: Value[] }[] = [];
  private watch(place: string, memory: Value[] | null, from: number): void {
    const loop = this.region.values.slice(from).find((v) => v.op === "loop");
    const bound = loop?.loop.counted?.bound;
    if (!loop || !bound) return;
    const reads = memory ?? (bound.op === "length" ? [bound] : []);
    if (reads.length > 0) this.watched.push({ place, loop, reads });
  }

  /**
   * A loop that counts: `for (let i = a; i < b; i += c)` with whole a, c and an i that nothing else changes. Where it asks
   * for `i + 1`, b has to be whole, too.
   */
  private countedLoop(
    node: Node,
  ): { loop: CountedLoop; cell: Cell; reads: Set<Cell>; memory: Value[] } | null {
    const { init, test, update, body } = node;
    if (init?.type !== "VariableDeclaration" || init.kind === "var" || !test || !update) return null;
    if (this.facts.asWhile.has(this.place(node)) || jumpsOut(body, true)) return null;
    if (test.type !== "BinaryExpression") return null;
    const [counter, ahead] = counterOf(test.left);
    if (!counter) return null;
    const step = stepOf(update, counter.name);
    const { bindingOf } = this.frame.holder.site.scopes;
    const binding = bindingOf.get(counter);
    if (step === null || !binding || binding.assigned.length !== 2 || binding.assignedInside) return null;
    if (!init.declarations.some((d: Node) => d.id.type === "Identifier" && bindingOf.get(d.id) === binding))
      return null;
    const comparison = comparisonOfOperator(test.operator) as ComparisonName | undefined;
    const fits = step > 0 ? ["lt", "le", "ne"] : ["gt", "ge", "ne"];
    if (!comparison || !fits.includes(comparison)) return null;
    const cell = this.frame.find(binding) as Cell;
    const start = this.get(cell);
    if (!(start instanceof Value) || !start.whole) return null;
    if (!isSteady(test.right)) return null;
    const reads = new Set<Cell>();
    const look = (n: Node): void => {
      const b = n.type === "Identifier" ? bindingOf.get(n) : undefined;
      const c = b && this.frame.find(b);
      if (c && b !== binding) reads.add(c);
      if (b === binding) reads.add(cell);
      forEachChild(n, look);
    };
    look(test.right);
    if (reads.has(cell)) return null;
    const { length } = this.region.values;
    // members of records that are taken apart are variables, too
    this.cellsRead = reads;
    const asked = this.numberOf(test.right);
    this.cellsRead = null;
    if (comparison === "ne" && !(asked.whole && Math.abs(step) === 1)) return null;
    if (ahead !== 0 && !asked.whole) return null;
    const bound =
      ahead === 0
        ? asked
        : this.ruleValue(ahead > 0 ? table.sub : table.add, [asked, this.constant(Math.abs(ahead))]);
    const memory = this.region.values.slice(length).filter(({ op }) => op === "load" || op === "length");
    return { loop: { start, bound, step, comparison, name: counter.name }, cell, reads, memory };
  }
  protected whileLoop(node: Node, labels: readonly string[], test: Node | null, update: () => void): void {
    const breaks = this.newTarget("break", labels);
    // a condition that has effects is part of the body, and jumps out of it
    const place = this.place(node);
    const inBody = test && (assigns(test) || this.facts.effects.has(place)) ? test : null;
    const continues = inBody !== null || jumpsOut(node.body, false);
    const guess = [
      ...this.assigned(node.body),
      ...(node.update ? this.assigned(node.update) : []),
      ...(test ? this.assigned(test) : []),
    ];
    if (continues) guess.push(breaks.flag);
    this.withTargets([breaks], () =>
      this.loop(
        null,
        guess,
        () => this.goesOn(inBody ? null : test, node, place),
        () => {
          this.lowerFlags();
          const target = this.newTarget("continue", labels);
          this.withTargets([target], () => {
            this.loops.push({ place, index: null, trips: null });
            if (inBody) {
              this.statement = inBody;
              this.branch(
                this.conditionOf(inBody),
                () => {},
                () => this.jump(breaks),
              );
              if (!this.dead) this.guardedRest(() => this.statement_(node.body, []));
            } else this.statement_(node.body, []);
            this.loops.pop();
          });
          if (!this.anyUp() || this.isOwnCounter(node)) update();
          else this.guardedRest(update);
          this.state.delete(target.flag);
        },
      ),
    );
    this.state.delete(breaks.flag);
  }
  /** Whether all that a loop's update does is counting a variable that is gone behind the loop: a jump may do it, too. */
  private isOwnCounter({ init, update }: Node): boolean {
    if (init?.type !== "VariableDeclaration" || init.kind === "var" || !update) return false;
    const target = update.type === "UpdateExpression" ? update.argument : update.left;
    if (target?.type !== "Identifier" || stepOf(update, target.name) === null) return false;
    const { bindingOf } = this.frame.holder.site.scopes;
    const binding = bindingOf.get(target);
    return init.declarations.some((d: Node) => d.id.type === "Identifier" && bindingOf.get(d.id) === binding);
  }
  /** At the start of an iteration no jump has happened: else there were none. */
  private lowerFlags(): void {
    for (const { flag } of this.targets) {
      const value = this.get(flag) as Value;
      if (value.op !== "const" || value.constant) this.set(flag, this.constant(false));
    }
  }
  /** Whether a jump out of this iteration's loop may have happened. */
  private anyUp(): boolean {
    this.dead = false;
    return this.pending() !== null;
  }
  private goesOn(test: Node | null, node: Node, place: string): Value {
    this.statement = test ?? node;
    const pending = this.pending();
    if (!test) return pending ? this.not(pending) : this.constant(true);
    const { length } = this.region.values;
    const condition = this.conditionOf(test);
    const values = this.region.values.slice(length);
    const hasEffects = values.some((value) =>
      [value, ...runBy(value)].some(({ op }) => op === "store" || op === "push" || op === "call"),
    );
    const isPure = values.every(({ op }) => !["allocate", "bail", "if", "loop"].includes(op));
    // what is asked after the last iteration is swept back, too; and nothing is asked after a jump
    if (hasEffects || (pending && !isPure)) {
      this.facts.effects.add(place);
      throw new Restart();
    }
    return pending ? this.both("and", this.not(pending), condition) : condition;
  }
  protected doWhile(node: Node, labels: readonly string[]): void {
    const breaks = this.newTarget("break", labels);
    const again = this.newCell("again", this.constant(true));
    this.withTargets([breaks], () =>
      this.loop(
        null,
        [
          again,
          ...this.assigned(node.body),
          ...this.assigned(node.test),
          ...(jumpsOut(node.body, false) ? [breaks.flag] : []),
        ],
        () => {
          const pending = this.pending();
          const on = this.get(again) as Value;
          return pending ? this.both("and", this.not(pending), on) : on;
        },
        () => {
          this.lowerFlags();
          const target = this.newTarget("continue", labels);
          this.withTargets([target], () => this.statement_(node.body, []));
          this.state.delete(target.flag);
          this.dead = false;
          this.guardedRest(() => {
            this.statement = node.test;
            this.set(again, this.conditionOf(node.test));
          });
        },
      ),
    );
    this.state.delete(breaks.flag);
    this.state.delete(again);
  }
  protected forOf(node: Node, labels: readonly string[]): void {
    if (node.await) this.refuse(node, "for await", "await before");
    this.statement = node.right;
    const { right } = node;
    const pairs =
      right.type === "CallExpression" &&
      right.callee.type === "MemberExpression" &&
      !right.callee.computed &&
      right.callee.property.name === "entries" &&
      right.arguments.length === 0;
    const list = this.expression(pairs ? right.callee.object : right);
    const itemOf = (item: Thing, index: Value): Thing => (pairs ? this.listOf([index, item], right) : item);
    if (list instanceof Group && list.whole) this.makeReal(list.origins);
    if (!this.isList(list)) this.refuse(node.right, `a loop over ${this.describe(list)}`, "loop over lists");
    const assign = (item: Thing) => {
      if (node.left.type === "VariableDeclaration") this.pattern(node.left.declarations[0].id, item, true);
      else this.pattern(node.left, item, false);
    };
    const jumps = jumpsOut(node.body, true);
    const place = this.place(node);
    if (!jumps && !this.facts.asWhile.has(place)) {
      const from = this.region.values.length;
      this.eachOf(list, node, (element, index) => {
        const item = itemOf(element, index);
        const target = this.newTarget("continue", labels);
        this.withTargets([target], () => {
          assign(item);
          this.statement_(node.body, []);
        });
        this.state.delete(target.flag);
        this.dead = false;
      });
      // which list it is, is asked once
      if (list instanceof Value) this.watch(place, null, from);
      return;
    }
    if (list instanceof Group) this.makeReal(list.origins);
    const k = this.newCell("k", this.constant(0));
    const breaks = this.newTarget("break", labels);
    this.withTargets([breaks], () =>
      this.loop(
        null,
        [k, breaks.flag, ...this.assigned(node.body)],
        () => {
          const more = this.compare("lt", this.get(k) as Value, this.lengthOf(list, node));
          const pending = this.pending();
          return pending ? this.both("and", this.not(pending), more) : more;
        },
        () => {
          this.lowerFlags();
          const target = this.newTarget("continue", labels);
          const index = this.get(k) as Value;
          this.withTargets([target], () => {
            assign(itemOf(this.read(list, index, node), index));
            this.statement_(node.body, []);
          });
          this.state.delete(target.flag);
          this.dead = false;
          this.set(k, this.ruleValue(table.add, [index, this.constant(1)]));
        },
      ),
    );
    this.state.delete(breaks.flag);
    this.state.delete(k);
  }
  protected forIn(node: Node): void {
    const thing = this.expression(node.right);
    if (!(thing instanceof Group) || !thing.keys || jumpsOut(node.body, true) || jumpsOut(node.body, false))
      this.refuse(node, "for in", "loop over Object.keys of a record, or over indices");
    for (const key of thing.keys) {
      if (node.left.type === "VariableDeclaration")
        this.pattern(node.left.declarations[0].id, new Host(key), true);
      else this.pattern(node.left, new Host(key), false);
      this.statement_(node.body, []);
    }
  }

  protected withTargets(targets: Target[], run: () => void): void {
    const before = this.targets;
    this.targets = [...before, ...targets];
    run();
    this.targets = before;
    if (targets[0].type === "continue") this.dead = false;
  }
}

/** The counter that a condition asks for, and how far ahead: `i`, `i + 1`, `i - 2`. */
function counterOf(node: Node): [counter: Node | null, ahead: number] {
  if (node.type === "Identifier") return [node, 0];
  if (
    node.type !== "BinaryExpression" ||
    node.left.type !== "Identifier" ||
    !Number.isSafeInteger(node.right.value)
  )
    return [null, 0];
  if (node.operator === "+") return [node.left, node.right.value];
  return node.operator === "-" ? [node.left, -node.right.value] : [null, 0];
}
function stepOf(update: Node, name: string): number | null {
  if (update.type === "UpdateExpression" && update.argument.name === name)
    return update.operator === "++" ? 1 : -1;
  if (update.type !== "AssignmentExpression" || update.left.name !== name || update.right.type !== "Literal")
    return null;
  const { value } = update.right;
  if (!Number.isInteger(value) || value <= 0) return null;
  return update.operator === "+=" ? value : update.operator === "-=" ? -value : null;
}
/** Whether a bound can be computed once: names, numbers, members and lengths (`watched` sees to those that change). */
function isSteady(bound: Node): boolean {
  switch (bound.type) {
    case "Literal":
    case "Identifier":
      return true;
    case "BinaryExpression":
      return isSteady(bound.left) && isSteady(bound.right);
    case "UnaryExpression":
      return isSteady(bound.argument);
    case "CallExpression":
      return (
        bound.callee.type === "MemberExpression" &&
        bound.callee.object.name === "Math" &&
        bound.arguments.every(isSteady)
      );
    case "MemberExpression":
      return isSteady(bound.object) && (!bound.computed || isSteady(bound.property));
  }
  return false;
}
function tripsOf({ start, bound, step, comparison }: CountedLoop): number | null {
  if (start.op !== "const" || bound.op !== "const") return null;
  const [a, b] = [start.constant as number, bound.constant as number];
  const span = (b - a) / step;
  const trips = comparison === "le" || comparison === "ge" ? Math.floor(span) + 1 : Math.ceil(span);
  return Math.max(0, trips);
}
