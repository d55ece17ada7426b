/**
 * Variables and places, lowered.
 *
 * What: what a name means, what can be assigned to, patterns and their defaults; and the choice between two things.
 */
import type { Node } from "../../source/syntax.ts";
import { Value } from "../ir.ts";
import { Restart } from "./flow.ts";
import { type Cell, type Closure, Group, Host, nothing, Optional, type Thing } from "./things.ts";
import { Values } from "./values.ts";

export const globals = new Map<string, unknown>([
  ["Math", Math],
  ["Number", Number],
  ["Array", Array],
  ["Float64Array", Float64Array],
  ["Object", Object],
  ["Boolean", Boolean],
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["undefined", undefined],
  ["isNaN", Reflect.get(globalThis, "isNaN")],
  ["isFinite", Reflect.get(globalThis, "isFinite")],
]);

/** An assignable place: read it, write it. */
interface Place {
  read(): Thing;
  write(thing: Thing): void;
}

export abstract class Places extends Values {
  abstract expression(node: Node): Thing;
  protected abstract call(node: Node): Thing;

  numberOf(node: Node): Value {
    return this.number(this.expression(node), node);
  }
  conditionOf(node: Node): Value {
    return this.condition(this.expression(node), node);
  }

  // ---- variables ----

  protected identifier(node: Node): Thing {
    const { holder } = this.frame;
    const binding = holder.site.scopes.bindingOf.get(node);
    const cell = binding && this.frame.find(binding);
    if (cell) return this.get(cell);
    if (binding?.kind === "function" && binding.node !== node && this.isOwnName(binding.node))
      return this.ownClosure();
    if (holder.site.free.includes(node.name)) return this.free(holder, node.name, [], node);
    if (!globals.has(node.name))
      this.refuse(node, `the global ${node.name} is used`, "pass what is needed of it as an argument");
    const value = globals.get(node.name);
    const now = (globalThis as Record<string, unknown>)[node.name];
    if (!Object.is(value, now))
      this.refuse(node, `the global ${node.name} is not JavaScript's own`, "use another name");
    return typeof value === "number" ? this.constant(value) : new Host(value);
  }
  protected abstract isOwnName(name: Node): boolean;
  protected abstract ownClosure(): Closure;

  protected cellOf(node: Node): Cell {
    const binding = this.frame.holder.site.scopes.bindingOf.get(node);
    const cell = binding && this.frame.find(binding);
    if (!cell)
      this.refuse(
        node,
        `the variable ${node.name} outside of the function is assigned to`,
        "return the value instead, or leave it to the tape",
      );
    return cell;
  }
  protected declare(name: Node, thing: Thing): void {
    const binding = this.frame.holder.site.scopes.bindingOf.get(name);
    if (!binding)
      this.refuse(
        name,
        `the name ${name.name} is declared in a way that is not followed`,
        "use let and const",
      );
    this.frame.cells.set(binding, this.newCell(name.name, this.titled(this.definite(thing), name.name)));
  }
  /** Where a variable may be null or undefined, an element that is assigned to it is a number, or the program gives up. */
  private definite(thing: Thing): Thing {
    if (!this.facts.definite || !(thing instanceof Value) || thing.op !== "load" || !thing.maybe)
      return thing;
    this.branch(
      this.isUndefined(thing, this.statement as Node),
      () => void this.bail(),
      () => {},
    );
    thing.maybe = false;
    return thing;
  }
  /** Gives a value the name of its variable, if it has none yet. */
  protected titled(thing: Thing, name: string): Thing {
    if (thing instanceof Value && thing.name === null && thing.op !== "const") thing.name = name;
    if (thing instanceof Group)
      thing.cells.forEach((cell, k) => {
        const member = this.get(cell);
        // a number is no name for what it becomes
        if (/^\d/.test(cell.name)) cell.name = `${name}${k}`;
        if (member instanceof Value)
          this.titled(member, thing.keys ? `${name}_${thing.keys[k]}` : `${name}${k}`);
      });
    return thing;
  }

  // ---- places ----

  protected placeOf(node: Node): Place {
    if (node.type === "Identifier") {
      const cell = this.cellOf(node);
      return {
        read: () => this.get(cell),
        write: (thing) => this.set(cell, this.titled(this.definite(thing), node.name)),
      };
    }
    if (node.type === "MemberExpression") {
      const object = this.expression(node.object);
      const key = this.keyOf(node);
      return {
        read: () => this.read(object, key, node),
        write: (thing) =>
          this.write(object, key, object instanceof Group ? this.definite(thing) : thing, node),
      };
    }
    this.refuse(node, "an assignment to this form", "assign to variables, elements and members");
  }
  protected keyOf(node: Node): string | Value {
    if (node.property.type === "PrivateIdentifier")
      this.refuse(node, "a private member", "leave classes to the tape");
    if (!node.computed) return node.property.name;
    const key = this.expression(node.property);
    if (key instanceof Value) return key.type === "number" ? key : this.number(key, node.property);
    if (key instanceof Host && (typeof key.value === "string" || typeof key.value === "number"))
      return String(key.value);
    this.refuse(node.property, `${this.describe(key)} as a key`, "use numbers or texts that are known");
  }

  /** Assigns to a pattern; `declared` makes variables of its names. */
  protected pattern(target: Node, thing: Thing, declared: boolean): void {
    switch (target.type) {
      case "Identifier":
        if (declared) this.declare(target, thing);
        else this.placeOf(target).write(thing);
        return;
      case "MemberExpression":
        this.placeOf(target).write(thing);
        return;
      case "AssignmentPattern":
        this.pattern(target.left, this.orDefault(thing, target.right), declared);
        return;
      case "ArrayPattern": {
        if (!this.isList(thing))
          this.refuse(target, `${this.describe(thing)} is taken apart like a list`, "use lists");
        target.elements.forEach((element: Node | null, k: number) => {
          if (!element) return;
          if (element.type === "RestElement")
            this.pattern(element.argument, this.rest(thing, k, element), declared);
          else this.pattern(element, this.read(thing, String(k), element), declared);
        });
        return;
      }
      case "ObjectPattern": {
        const taken: string[] = [];
        for (const p of target.properties) {
          if (p.type === "RestElement") {
            if (!(thing instanceof Group) || !thing.keys)
              this.refuse(p, "the rest of a record that is not known", "name the members");
            const keys = thing.keys.filter((key) => !taken.includes(key));
            this.pattern(
              p.argument,
              this.recordOf(
                keys,
                keys.map((key) => this.read(thing, key, p)),
                p,
              ),
              declared,
            );
            return;
          }
          const key = p.computed
            ? this.keyOf({ ...p, property: p.key } as Node)
            : String(p.key.name ?? p.key.value);
          if (typeof key === "string") taken.push(key);
          this.pattern(p.value, this.read(thing, key, p), declared);
        }
        return;
      }
    }
    this.refuse(target, "a pattern of this form", "use simple names");
  }
  private rest(thing: Thing, from: number, node: Node): Thing {
    if (thing instanceof Group)
      return this.listOf(
        thing.cells.slice(from).map((cell) => this.get(cell)),
        node,
      );
    return this.copyOf(thing, this.constant(from), null, node, false);
  }
  /** A part of a list; whether it is a Float64Array is as with the list, where nothing is said. */
  protected abstract copyOf(
    list: Thing,
    from: Value | null,
    to: Value | null,
    node: Node,
    floats?: boolean,
  ): Thing;
  protected orDefault(thing: Thing, fallback: Node): Thing {
    if (thing instanceof Host && thing.value === undefined) return this.expression(fallback);
    if (thing instanceof Optional && thing.absent === undefined)
      return this.choose(
        thing.there,
        () => thing.value,
        () => this.expression(fallback),
      );
    if (thing instanceof Value && thing.maybe)
      return this.choose(
        this.isUndefined(thing, fallback),
        () => this.expression(fallback),
        () => thing,
      );
    return thing;
  }
  /** Whether any element is asked for undefined. */
  protected asks = false;
  protected isUndefined(thing: Thing, node: Node): Value {
    if (thing instanceof Host) return this.constant(thing.value === undefined || thing.value === null);
    if (thing instanceof Optional) return this.not(thing.there);
    if (!(thing instanceof Value) || !thing.maybe) return this.constant(false);
    if (thing.op === "const") return this.constant(true);
    if (thing.op !== "load" && !this.facts.optional) {
      this.facts.optional = true;
      throw new Restart();
    }
    if (thing.op !== "load")
      this.refuse(
        node,
        "whether a number is undefined depends on the path",
        "give the variable a number at first",
      );
    thing.asked = true;
    this.asks = true;
    return this.passive("boolean", [thing], (x) => `${x} === undefined`);
  }
  /** One thing or another, by a condition. */
  protected choose(test: Value, then: () => Thing, otherwise: () => Thing): Thing {
    if (test.op === "const") return test.constant ? then() : otherwise();
    const result = this.newCell("choice", nothing);
    const value = this.region.values.length;
    this.branch(
      test,
      () => this.set(result, this.definite(then())),
      () => this.set(result, this.definite(otherwise())),
    );
    const made = this.region.values[value];
    const chosen = this.get(result);
    this.state.delete(result);
    // two values at hand need no branch
    if (chosen instanceof Value && chosen.op === "merge" && made.op === "if") {
      chosen.name = null;
      const { consequent: a, alternate: b, merges } = made.branch;
      const atHand = [a, b].every((region) => region.values.every((v) => v.op === "const"));
      if (merges.length === 1 && atHand && chosen.type !== "pointer") {
        this.region.values.length = value;
        for (const v of [...a.values, ...b.values]) this.adopt(v);
        const selected = this.select(test, merges[0].consequent, merges[0].alternate);
        selected.maybe = chosen.maybe;
        return selected;
      }
    }
    return chosen;
  }
  private adopt(value: Value): void {
    value.region = this.region;
    this.region.values.push(value);
  }
}
