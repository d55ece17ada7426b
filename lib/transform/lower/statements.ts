/**
 * Statements, lowered.
 *
 * What: blocks, declarations, branches and jumps (loops.ts has the loops). A jump becomes a flag, and what follows in the block is done
 * only where the flag is down; where one side of an `if` always jumps, the rest of the block goes to the other side.
 */
import { forEachChild, isFunction, type Node } from "../../source/syntax.ts";
import { Value } from "../ir.ts";
import { messageOf } from "../messages.ts";
import { Refusal } from "../refusal.ts";
import { alwaysJumps, isThrow } from "./bodies.ts";
import type { Target } from "./flow.ts";
import { Loops } from "./loops.ts";
import { Closure, nothing, type Thing } from "./things.ts";

export abstract class Statements extends Loops {
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

  protected block(statements: readonly Node[]): void {
    for (const s of statements)
      if (s.type === "FunctionDeclaration") this.declare(s.id, new Closure(s, this.frame, s.id.name));
    this.list(statements, 0);
  }
  private list(statements: readonly Node[], from: number): void {
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
  protected guardedRest(rest: () => void): void {
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
    const test = this.testOf(node);
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
  protected throwStatement({ argument }: Node): void {
    this.bail(
      this.facts.messages && argument.type === "NewExpression" ? this.said(argument.arguments[0]) : [],
    );
    this.dead = true;
  }
  /** What stands in the message of an error; nothing where that is no number. */
  private said(message: Node | undefined): Value[] {
    try {
      const parts = (messageOf(message) ?? []).filter((piece) => typeof piece !== "string");
      const values = parts.map((piece) => this.expression(piece));
      return values.every((value) => value instanceof Value && value.type !== "pointer")
        ? (values as Value[])
        : [];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
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
    const fallback = cases.findIndex((c: Node) => !c.test);
    const isEarly = fallback >= 0 && fallback !== cases.length - 1;
    if (isEarly && cases.some((c: Node) => c.test && c.test.type !== "Literal"))
      this.refuse(
        cases[fallback],
        "a default before cases that are computed",
        "put it last, or compare with numbers and texts",
      );
    const matchesOf = (c: Node): Value =>
      this.condition(this.operation("===", on, this.expression(c.test), c.test), c.test);
    /** Whether no other case is meant. */
    const isMeant = (): Value =>
      cases.reduce(
        (none: Value, c: Node) => (c.test ? this.both("and", none, this.not(matchesOf(c))) : none),
        this.constant(true),
      );
    const entered = this.newCell("entered", this.constant(false));
    this.withTargets([target], () => {
      const from = (k: number): void => {
        if (k === cases.length || this.dead) return;
        const c = cases[k];
        const before = this.get(entered) as Value;
        let enter: Value;
        if (!c.test) enter = isEarly ? this.both("or", before, isMeant()) : this.constant(true);
        else enter = this.both("or", before, matchesOf(c));
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
