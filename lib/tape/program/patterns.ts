/**
 * Patterns of a recording program: destructuring in declarations, assignments, parameters and loop heads.
 *
 * What: JavaScript's own destructuring takes the value apart into raw temporaries, in its own order and with its own
 * iterators and defaults; then each target gets its value and handle. Why: what arrives may be boxed, and targets
 * are pairs or members.
 */
import { patternNames } from "../../source/scope.ts";
import type { Node } from "../../source/syntax.ts";
import { AssignmentWriter } from "./assignments.ts";
import { series } from "./writer.ts";

export abstract class PatternWriter extends AssignmentWriter {
  /** An assignment to a pattern, as an expression without a value of its own. */
  protected assignPattern(pattern: Node, value: string): string {
    if (isOrdered(pattern)) return this.taken(pattern, value, (target) => this.slot(target));
    const targets: { target: Node; raw: string }[] = [];
    const text = this.taken(pattern, value, (target) => {
      const raw = this.frame.temp();
      targets.push({ target, raw });
      return raw;
    });
    return [text, ...targets.map(({ target, raw }) => this.storeOpened(target, raw))].join(", ");
  }
  private storeOpened(target: Node, raw: string, begins = false): string {
    const { code, t, h } = this.opened(raw);
    return `${code}, ${this.store(target, t as string, h, begins)}`;
  }
  /** A target that takes its value at once, so that a default behind it sees it. */
  private slot(target: Node, begins = false): string {
    const raw = `${this.context.prefix}r`;
    return `${this.w}.slot((${raw}) => (${this.storeOpened(target, raw, begins)}))._`;
  }

  /** Declares the names of a pattern from a value: statements. */
  protected declarePattern(kind: string, pattern: Node, value: string): string {
    if (isOrdered(pattern)) {
      const names = kind === "var" ? "" : series(patternNames(pattern), "", (n) => this.declareEmpty(n));
      return `${names}${this.taken(pattern, value, (target) => this.slot(target, kind !== "var"))};`;
    }
    const raws: { name: Node; raw: string }[] = [];
    const text = this.taken(pattern, value, (name) => {
      const raw = this.frame.temp();
      raws.push({ name, raw });
      return raw;
    });
    return `${text};${raws.map(({ name, raw }) => this.declareOpened(kind, name, raw)).join("")}`;
  }
  private declareEmpty(name: Node): string {
    const binding = this.binding(name);
    return binding && this.hasHandle(binding)
      ? `let ${name.name}, ${this.companion(binding)} = 0;`
      : `let ${name.name};`;
  }

  /** JavaScript's own destructuring of a value that native code may read. */
  private taken(pattern: Node, value: string, target: (node: Node) => string): string {
    const depth = depthOf(pattern);
    const text = this.rawPattern(pattern, target);
    if (depth > 1) return `(${text} = ${this.w}.deep(${value}, ${depth}))`;
    return `(${text} = ${this.w}.${pattern.type === "ObjectPattern" ? "solid" : "each"}(${value}))`;
  }

  /** Declares one name from a raw (perhaps boxed) value. */
  protected declareOpened(kind: string, name: Node, raw: string): string {
    const { code, t, h } = this.opened(raw);
    return `${code};${this.declareName(kind, name, t as string, h)}`;
  }

  /** Declares one name from a value and its handle, both stable names. */
  protected declareName(kind: string, name: Node, v: string, h: string): string {
    const binding = this.binding(name);
    if (binding && this.hasHandle(binding)) {
      const companion = this.companion(binding);
      return kind === "var"
        ? `var ${name.name} = ${v}; ${companion} = ${h};`
        : `let ${name.name} = ${v}, ${companion} = ${h};`;
    }
    const check = h === "0" ? "" : `${h} === 0 || ${this.w}.lost(${JSON.stringify(name.name)});`;
    return `${check}${kind} ${name.name} = ${v};`;
  }

  /** The pattern as JavaScript's own assignment pattern over raw targets. */
  private rawPattern(pattern: Node, target: (node: Node) => string): string {
    switch (pattern.type) {
      case "ArrayPattern":
        return `[${pattern.elements.map((e: Node | null) => (e ? this.rawPattern(e, target) : "")).join(", ")}${
          pattern.elements.length > 0 && pattern.elements.at(-1) === null ? "," : ""
        }]`;
      case "ObjectPattern":
        return `{${pattern.properties
          .map((p: Node) => {
            if (p.type === "RestElement") return `...${target(p.argument)}`;
            const key = p.computed ? `[${this.keyValue(p.key)}]` : this.source(p.key);
            return `${key}: ${this.rawPattern(p.value, target)}`;
          })
          .join(", ")}}`;
      case "RestElement":
        return `...${this.rawPattern(pattern.argument, target)}`;
      case "AssignmentPattern": {
        const name = pattern.left.type === "Identifier" ? pattern.left.name : undefined;
        return `${this.rawPattern(pattern.left, target)} = ${this.box(this.named(pattern.right, name))}`;
      }
    }
    return target(pattern);
  }
}

/** How many patterns lie inside each other. */
function depthOf(pattern: Node | null): number {
  switch (pattern?.type) {
    case "ArrayPattern":
      return 1 + Math.max(0, ...pattern.elements.map(depthOf));
    case "ObjectPattern":
      return 1 + Math.max(0, ...pattern.properties.map((p: Node) => depthOf(p.value ?? p.argument)));
    case "AssignmentPattern":
      return depthOf(pattern.left);
    case "RestElement":
      return depthOf(pattern.argument);
  }
  return 0;
}

/** Whether a part of the pattern may read what another part was given: a default or computed key. */
function isOrdered(pattern: Node | null): boolean {
  switch (pattern?.type) {
    case "ArrayPattern":
      return pattern.elements.some(isOrdered);
    case "ObjectPattern":
      return pattern.properties.some(
        (p: Node) => (p.computed && p.key.type !== "Literal") || isOrdered(p.value ?? p.argument),
      );
    case "AssignmentPattern":
      return pattern.right.type !== "Literal" || isOrdered(pattern.left);
    case "RestElement":
      return isOrdered(pattern.argument);
  }
  return false;
}
