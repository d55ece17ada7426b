/**
 * Statements, lowered.
 *
 * What: blocks, declarations, branches, loops and jumps. A jump becomes a flag, and what follows in the block is done
 * only where the flag is down; where one side of an `if` always jumps, the rest of the block goes to the other side.
 */
import { type ComparisonName, comparisonOfOperator, table } from "../../rules/index.ts";
import type { Node } from "../../source/syntax.ts";
import { forEachChild, isFunction } from "../../source/syntax.ts";
import { Value } from "../ir.ts";
import type { CountedLoop, Target } from "./flow.ts";
import { Restart } from "./flow.ts";
import { Methods } from "./methods.ts";
import { type Cell, Closure, Group, Host, nothing, type Thing } from "./things.ts";
import { mostUnrolled } from "./values.ts";

export abstract class Statements extends Methods {
  abstract statement_(node: Node, labels: readonly string[]): void;

  protected body(node: Node): void {
    this.hoistVars(node.body);
    this.block(node.body.body);
  }
  private hoistVars(node: Node): void {
    if (isFunction(node)) return;
    if (node.type === "VariableDeclaration" && node.kind === "var")
      for (const d of node.declarations) {
        if (d.id.type !== "Identifier") this.refuse(d.id, "a pattern declared by var", "use let or const");
        const binding = this.frame.holder.site.scopes.bindingOf.get(d.id);
        if (binding && !this.frame.cells.has(binding)) this.declare(d.id, nothing);
      }
    forEachChild(node, (child) => this.hoistVars(child));
  }

  protected block(statements: Node[]): void {
    for (const s of statements)
      if (s.type === "FunctionDeclaration") this.declare(s.id, new Closure(s, this.frame, s.id.name));
    this.list(statements, 0);
  }
  private list(statements: Node[], from: number): void {
    for (let k = from; k < statements.length; k++) {
      if (this.dead) return;
      const s = statements[k];
      if (s.type === "FunctionDeclaration") continue;
      const rest = () => this.list(statements, k + 1);
      if (s.type === "IfStatement") {
        this.ifStatement(s, rest);
        return;
      }
      this.statement_(s, []);
      if (k + 1 < statements.length && !this.dead && this.pending()) {
        this.guardedRest(rest);
        return;
      }
    }
  }
  /** Does the rest of a block only where no jump has happened. */
  private guardedRest(rest: () => void): void {
    const open = this.targets
      .map((target) => ({ target, flag: this.get(target.flag) as Value }))
      .filter(({ flag }) => flag.op !== "const" || flag.constant);
    const pending = this.pending();
    if (!pending) {
      rest();
      return;
    }
    let raised = false;
    this.branch(
      this.not(pending),
      () => {
        const down = open.map(({ target }) => {
          const value = this.constant(false);
          this.set(target.flag, value);
          return value;
        });
        rest();
        open.forEach(({ target, flag }, k) => {
          const now = this.get(target.flag);
          if (now === down[k]) this.set(target.flag, flag);
          else if (open.length === 1 && now instanceof Value && now.op === "const" && now.constant) {
            raised = true;
            this.set(target.flag, flag);
          }
        });
      },
      () => {},
    );
    // with one flag alone: it is up where the rest was skipped, and the rest puts it up
    if (raised) this.set(open[0].target.flag, this.constant(true));
  }

  protected ifStatement(node: Node, rest: () => void): void {
    this.statement = node.test;
    const test = this.conditionOf(node.test);
    if (test.op === "const") {
      const taken = test.constant ? node.consequent : node.alternate;
      if (taken) this.statement_(taken, []);
      if (!this.dead) this.guardedRest(rest);
      return;
    }
    // where one side only gives up, the other one goes on as if nothing were
    if (isThrow(node.consequent)) {
      this.branch(
        test,
        () => this.statement_(node.consequent, []),
        () => {},
      );
      if (node.alternate) this.statement_(node.alternate, []);
      if (!this.dead) this.guardedRest(rest);
      return;
    }
    const [jumpsA, jumpsB] = [
      alwaysJumps(node.consequent),
      node.alternate ? alwaysJumps(node.alternate) : false,
    ];
    const side = (body: Node | null, goesOn: boolean) => () => {
      if (body) this.statement_(body, []);
      if (goesOn && !this.dead) this.guardedRest(rest);
    };
    this.branch(test, side(node.consequent, jumpsB && !jumpsA), side(node.alternate, jumpsA && !jumpsB));
    if (jumpsA || jumpsB || this.dead) return;
    this.guardedRest(rest);
  }

  // ---- loops ----

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
      this.watch(place, listsIn(loop.bound), from);
      return;
    }
    this.whileLoop(node, labels, node.test, () => {
      if (node.update) this.expression(node.update);
    });
  }

  /** Loops that ask for the length of a list once: what their bodies do to it is known when everything is. */
  protected readonly watched: { place: string; loop: Value; lists: Value[] }[] = [];
  private watch(place: string, lists: Value[], from: number): void {
    const loop = this.region.values.slice(from).find((v) => v.op === "loop");
    if (loop && lists.length > 0) this.watched.push({ place, loop, lists });
  }

  /** A loop that counts: `for (let i = a; i < b; i += c)` with whole a, c and an i that nothing else changes. */
  private countedLoop(node: Node): { loop: CountedLoop; cell: Cell; reads: Set<Cell> } | null {
    const { init, test, update, body } = node;
    if (init?.type !== "VariableDeclaration" || init.kind === "var" || !test || !update) return null;
    if (this.facts.asWhile.has(this.place(node)) || jumpsOut(body, true)) return null;
    if (test.type !== "BinaryExpression" || test.left.type !== "Identifier") return null;
    const step = stepOf(update, test.left.name);
    const { bindingOf } = this.frame.holder.site.scopes;
    const binding = bindingOf.get(test.left);
    if (step === null || !binding || binding.assigned.length !== 2 || binding.assignedInside) return null;
    if (!init.declarations.some((d: Node) => d.id.type === "Identifier" && bindingOf.get(d.id) === binding))
      return null;
    const comparison = comparisonOfOperator(test.operator) as ComparisonName | undefined;
    const fits = step > 0 ? ["lt", "le", "ne"] : ["gt", "ge", "ne"];
    if (!comparison || !fits.includes(comparison)) return null;
    const cell = this.frame.find(binding) as Cell;
    const start = this.get(cell);
    if (!(start instanceof Value) || !start.whole) return null;
    if (!this.isSteady(test.right, body)) return null;
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
    const bound = this.numberOf(test.right);
    if (comparison === "ne" && !(bound.whole && Math.abs(step) === 1)) return null;
    return { loop: { start, bound, step, comparison, name: test.left.name }, cell, reads };
  }
  /** Whether a bound can be computed once: names, numbers, lengths of lists (`watched` sees to those that grow). */
  private isSteady(bound: Node, body: Node): boolean {
    switch (bound.type) {
      case "Literal":
      case "Identifier":
        return true;
      case "BinaryExpression":
        return this.isSteady(bound.left, body) && this.isSteady(bound.right, body);
      case "UnaryExpression":
        return this.isSteady(bound.argument, body);
      case "CallExpression":
        return (
          bound.callee.type === "MemberExpression" &&
          bound.callee.object.name === "Math" &&
          bound.arguments.every((a: Node) => this.isSteady(a, body))
        );
      case "MemberExpression":
        if (bound.computed)
          return this.isSteady(bound.object, body) && this.isSteady(bound.property, body) && !writes(body);
        if (bound.property.name !== "length") return this.isSteady(bound.object, body) && !writes(body);
        return this.isSteady(bound.object, body);
    }
    return false;
  }

  protected whileLoop(node: Node, labels: readonly string[], test: Node | null, update: () => void): void {
    const breaks = this.newTarget("break", labels);
    // a condition that assigns is part of the body, and jumps out of it
    const inBody = test && assigns(test) ? test : null;
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
        () => this.goesOn(inBody ? null : test, node),
        () => {
          this.lowerFlags();
          const target = this.newTarget("continue", labels);
          this.withTargets([target], () => {
            this.loops.push({ place: this.place(node), index: null, trips: null });
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
          if (this.anyUp()) this.guardedRest(update);
          else update();
          this.state.delete(target.flag);
        },
      ),
    );
    this.state.delete(breaks.flag);
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
  private goesOn(test: Node | null, node: Node): Value {
    this.statement = test ?? node;
    const pending = this.pending();
    if (!pending) return test ? this.conditionOf(test) : this.constant(true);
    if (!test) return this.not(pending);
    const answer = this.newCell("test", this.constant(false));
    const length = this.region.values.length;
    const condition = this.conditionOf(test);
    const pure = this.region.values
      .slice(length)
      .every((v) => !["store", "push", "allocate", "bail", "if", "loop"].includes(v.op));
    if (pure && !assigns(test)) {
      this.state.delete(answer);
      return this.both("and", this.not(pending), condition);
    }
    return this.refuse(
      test,
      "a condition with effects in a loop that is left by a jump",
      "compute it in the body",
    );
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
      if (list instanceof Value) this.watch(place, [list], from);
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

  // ---- jumps ----

  protected breakTo(node: Node, type: "break" | "continue"): void {
    const label = node.label?.name;
    for (let k = this.targets.length - 1; k >= 0; k--) {
      const target = this.targets[k];
      if (
        label !== undefined ? target.labels.includes(label) && target.type === type : target.type === type
      ) {
        this.jump(target);
        return;
      }
    }
    this.refuse(node, `a ${type} out of this place`, "use a loop");
  }
  protected returnStatement(node: Node): void {
    const { target, result } = this.returning!;
    this.statement = node;
    this.set(result, node.argument ? this.expression(node.argument) : nothing);
    this.jump(target);
  }
  protected throwStatement(): void {
    this.bail();
    this.dead = true;
  }

  protected switchStatement(node: Node, labels: readonly string[]): void {
    this.statement = node.discriminant;
    const on = this.expression(node.discriminant);
    const target = this.newTarget("break", labels);
    const { cases } = node;
    for (const c of cases)
      for (const s of c.consequent)
        if (s.type === "FunctionDeclaration")
          this.refuse(s, "a function inside of switch", "declare it before");
    const lastDefault = cases.findIndex((c: Node) => !c.test);
    if (lastDefault >= 0 && lastDefault !== cases.length - 1)
      this.refuse(cases[lastDefault], "a default that is not the last case", "put it last");
    const entered = this.newCell("entered", this.constant(false));
    this.withTargets([target], () => {
      const from = (k: number): void => {
        if (k === cases.length || this.dead) return;
        const c = cases[k];
        const before = this.get(entered) as Value;
        let enter: Value;
        if (!c.test) enter = this.constant(true);
        else {
          const matches = this.condition(this.operation("===", on, this.expression(c.test), c.test), c.test);
          enter = this.both("or", before, matches);
        }
        const ends =
          c.consequent.length > 0 &&
          alwaysJumps({ type: "BlockStatement", body: c.consequent } as unknown as Node);
        const run = () => {
          this.set(entered, this.constant(true));
          this.block(c.consequent);
        };
        if (enter.op === "const") {
          if (enter.constant) run();
          if (!this.dead) this.guardedRest(() => from(k + 1));
          return;
        }
        if (ends) {
          this.branch(enter, run, () => from(k + 1));
          return;
        }
        this.branch(enter, run, () => {});
        this.guardedRest(() => from(k + 1));
      };
      from(0);
    });
    this.dead = this.dead && this.surelyJumped(target);
    this.state.delete(target.flag);
    this.state.delete(entered);
  }
  /** Whether a path that is dead behind a switch jumped further than the switch. */
  private surelyJumped(target: Target): boolean {
    const flag = this.get(target.flag) as Value;
    return flag.op === "const" && !flag.constant;
  }
  protected labeled(node: Node, labels: readonly string[]): void {
    const all = [...labels, node.label.name];
    if (/^(For|While|DoWhile|Switch)/.test(node.body.type)) {
      this.statement_(node.body, all);
      return;
    }
    const target = this.newTarget("break", all);
    this.withTargets([target], () => this.statement_(node.body, []));
    this.dead = this.dead && this.surelyJumped(target);
    this.state.delete(target.flag);
  }

  protected declaration(node: Node): void {
    for (const d of node.declarations) {
      this.statement = d;
      if (node.kind === "var") {
        if (d.init) this.placeOf(d.id).write(this.expression(d.init));
        continue;
      }
      let thing: Thing = d.init ? this.expression(d.init) : nothing;
      if (thing instanceof Closure && d.id.type === "Identifier" && !thing.name)
        thing = new Closure(thing.node, thing.frame, d.id.name);
      this.pattern(d.id, thing, true);
    }
  }
}

function isThrow(node: Node): boolean {
  if (node.type === "ThrowStatement") return true;
  return (
    node.type === "BlockStatement" &&
    node.body.length > 0 &&
    node.body.every((s: Node) => s.type === "ThrowStatement")
  );
}

/** Whether control never comes out at the end of a statement. */
function alwaysJumps(node: Node): boolean {
  switch (node.type) {
    case "ReturnStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "ThrowStatement":
      return true;
    case "BlockStatement":
      return node.body.some(alwaysJumps);
    case "IfStatement":
      return node.alternate !== null && alwaysJumps(node.consequent) && alwaysJumps(node.alternate);
  }
  return false;
}

/** Whether a loop's body jumps out of the loop (`out`), or goes on early. */
function jumpsOut(body: Node, out: boolean): boolean {
  let found = false;
  const look = (n: Node, inLoop: boolean, inSwitch: boolean): void => {
    if (found || isFunction(n)) return;
    if (n.type === "ReturnStatement") found = true;
    if (n.type === "BreakStatement" && (n.label || !(inLoop || inSwitch))) found = true;
    if (n.type === "ContinueStatement" && (n.label ? true : !out && !inLoop)) found = true;
    const loop = /^(For|While|DoWhile)/.test(n.type);
    forEachChild(n, (child) => look(child, inLoop || loop, inSwitch || n.type === "SwitchStatement"));
  };
  look(body, false, false);
  return found;
}
function writes(body: Node): boolean {
  return some(
    body,
    (n) =>
      (n.type === "AssignmentExpression" && n.left.type !== "Identifier") ||
      (n.type === "UpdateExpression" && n.argument.type !== "Identifier") ||
      n.type === "CallExpression",
  );
}
function assigns(node: Node): boolean {
  return some(node, (n) => n.type === "AssignmentExpression" || n.type === "UpdateExpression");
}
function some(node: Node, is: (n: Node) => boolean): boolean {
  let found = is(node);
  forEachChild(node, (child) => {
    found ||= some(child, is);
  });
  return found;
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
/** The lists whose lengths a number is made of. */
function listsIn(bound: Value): Value[] {
  return bound.op === "length" ? [bound.args[0]] : bound.args.flatMap(listsIn);
}
function tripsOf({ start, bound, step, comparison }: CountedLoop): number | null {
  if (start.op !== "const" || bound.op !== "const") return null;
  const [a, b] = [start.constant as number, bound.constant as number];
  const span = (b - a) / step;
  const trips = comparison === "le" || comparison === "ge" ? Math.floor(span) + 1 : Math.ceil(span);
  return Math.max(0, trips);
}
