/**
 * Adjoint programs: the gradient of a lowered function as JavaScript, forward sweep and reverse sweep.
 *
 * What: `AdjointWriter` writes, behind the forward part with what it stores (storage.ts), the reverse
 * sweep, value by value from the last to the first: the adjoint of a value goes to its operands, times the partials that
 * the table gives. Loops stay loops and run backwards; a fused loop (fusion.ts) has the reverse sweep of each iteration
 * at its end. A list or record has a shadow, in which the adjoints of its numbers are.
 * Why whole texts again and again: what the reverse sweep needs is known when it has been written; so it is written
 * until the needs do not change any more. Reference: Griewank & Walther (2008), chapter 6; Hascoët & Pascual, The
 * Tapenade automatic differentiation tool, TOMS 39 (2013), sections 3 and 4; Moses & Churavy, NeurIPS 2020, for shadows.
 */
import { codeAlgebra, codeAlgebraWith, keptFor, type Rule, table } from "../rules/index.ts";
import { choice, infix } from "../rules/syntax.ts";
import type { Node } from "../source/syntax.ts";
import { frameOf } from "./analysis.ts";
import { type Carried, isInside, type Loop, type Region, type Value } from "./ir.ts";
import { type Kind, memberText } from "./kinds.ts";
import { isWithin } from "./misses.ts";
import { ProcedureSweeps } from "./procedure-sweeps.ts";
import { addTo, product, readsOf, rowsText, sharedQuotient } from "./products.ts";
import { steepness } from "./steep.ts";
import type { Frame } from "./storage.ts";
import type { Window } from "./windows.ts";
import { assignment, block, indent, type Lines, mentions, negation } from "./writer.ts";

/** Some values and all that they are computed from. */
function operandsOf(values: readonly Value[]): Set<Value> {
  const operands = new Set(values);
  for (const value of operands) for (const arg of value.args) operands.add(arg);
  return operands;
}

/** An element of a list, or a member of a record. */
const readsMemory = /\[|\b(?!(?:Math|rows)\b)[\p{ID_Start}$_][\p{ID_Continue}$]*\.[\p{ID_Start}$_]/u;

const twins: ReadonlyMap<Rule, Rule> = new Map([
  [table.sin, table.cos],
  [table.cos, table.sin],
  [table.sinh, table.cosh],
  [table.cosh, table.sinh],
]);

/** What does something by itself in the reverse sweep, or has a part of it inside. */
/** What does something by itself in the reverse sweep, or has a part of it inside. */
const effects: ReadonlySet<Value["op"]> = new Set(["store", "push", "allocate", "if", "loop", "call"]);

export class AdjointWriter extends ProcedureSweeps {
  /** Forward and reverse sweep; the adjoints of the inputs are in variables named by `barName` then. */
  write(): { forward: Lines; reverse: Lines } {
    this.nameOutside((input) => this.barName(input));
    this.findLive();
    const { body } = this.analysis.lowered;
    const forward = this.forward(body);
    const reverse = this.reverse(body, () => {
      for (const [value, seed] of this.options.seeds) this.add(value, seed);
      for (const [value, seed] of this.options.pointerSeeds)
        if (this.analysis.hasShadow(value))
          this.line(...this.dialect.addInto(this.shadow(value), seed, value.kind as Kind));
    });
    this.writeFunctions();
    if (!this.options.repeated) this.findSunk();
    const tape = this.usesTape ? ["let tape = rows.takeTape();", "let top = 0;"] : [];
    const objects = this.usesObjects ? ["const objects = [];"] : [];
    return { forward: [...tape, ...objects, ...this.registerLines(), ...forward], reverse };
  }
  /**
   * What has to be done before the reverse sweep runs again: shadows that the forward sweep made are zero again. Null
   * where it cannot run again, since it uses up what it finds, or the forward sweep knows the arguments' shadows.
   */
  resets(forward: Lines): Lines | null {
    if (this.procedures.length > 0) return null;
    const inputs = this.analysis.lowered.inputs.filter((input) => this.bars.has(input));
    const names = new Set(forward.join("\n").match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    if (inputs.some((input) => names.has(this.barName(input)))) return null;
    const both = [this.needs, this.next];
    if (this.usesObjects || both.some((n) => n.early.size + n.cachedShadows.size > 0)) return null;
    const lines: Lines = [];
    for (const value of new Set(both.flatMap((n) => [...n.shadows]))) {
      const { inputs: outer, stores } = this.analysis.memoryOf(value);
      if (outer.length > 0 || stores.some((store) => store.op === "push")) return null;
      if (value.op !== "allocate") continue;
      const isList = value.kind?.type === "list" && value.kind.of.type === "number";
      if (!isList || value.region.loop) return null;
      lines.push(`${this.barName(value)}${value.region.owner ? "?." : "."}fill(0);`);
    }
    return lines;
  }

  // ---- the reverse sweep: adjoints ----

  /** Adds to the adjoint of a value. */
  protected add(value: Value, text: string): void {
    if (
      text === "0" ||
      value.op === "const" ||
      !this.analysis.isActive(value) ||
      this.fusion.chain.has(value)
    )
      return;
    const region = frameOf(value.region);
    if (this.frame.region === region) {
      const parts = this.frame.parts.get(value);
      if (parts) parts.push(text);
      else this.frame.parts.set(value, [text]);
      return;
    }
    const frame = this.frameOf(value);
    if (frame && !this.needs.early.has(value)) frame.accumulators.add(value);
    else this.next.early.add(value);
    this.line(addTo(this.accumulator(value), text));
  }
  /** The adjoint of a value, all of whose users have been swept. */
  protected total(value: Value): string {
    const c = this.fusion.chain.get(value);
    if (c && value !== c.out) return this.chainBars.get(c) ?? "0";
    const parts = this.frame.parts.get(value) ?? [];
    const has = this.frame.accumulators.has(value) || this.needs.early.has(value);
    return [...(has ? [this.accumulator(value)] : []), ...parts].reduce(
      (sum, part) => codeAlgebra.add(sum, part),
      "0",
    );
  }
  /** The same under a name, if it is more than a word and read more than once. */
  private named(value: Value, text: string, reads: number): string {
    if (reads < 2 || /^-?[\w$.]+$/.test(text)) return text;
    const name = this.barName(value);
    if (this.frame.accumulators.has(value) || this.needs.early.has(value)) {
      this.line(assignment(name, text));
      return name;
    }
    this.line(`const ${name} = ${text};`);
    return name;
  }

  protected reverse(region: Region, start: () => void): Lines {
    const outer = this.innermost;
    const frame: Frame = {
      region,
      outer,
      parts: new Map(),
      accumulators: new Set(),
      shadows: new Set(),
      again: new Set(),
      againShadows: new Set(),
      lines: [],
      quoted: null,
    };
    this.innermost = frame;
    start();
    const { owner } = region;
    const values = owner?.op === "loop" ? [...owner.loop.head.values, ...region.values] : region.values;
    const sweepBefore = (end: number): void => {
      for (let k = end - 1; k >= 0; k--) {
        const value = values[k];
        const from = frame.lines.length;
        if (value.op === "if" && this.isOnlySource(values.slice(0, k), frame)) {
          this.sweepIf(value, () => sweepBefore(k));
          return;
        }
        this.sweep(value);
        this.quote(value, frame, from);
      }
    };
    sweepBefore(values.length);
    if (owner?.op === "loop") this.endOfReverse(owner);
    if (owner === null)
      for (const input of region.procedure?.params ?? this.analysis.lowered.inputs)
        this.finished.set(input, this.total(input));
    const { lines } = frame;
    frame.lines = [];
    const top = this.topOf(frame);
    this.innermost = outer;
    return [...top, ...lines];
  }
  /** The statement that lines come from, above the first of them. Loops and branches speak for themselves. */
  private quote({ op, statement }: Value, frame: Frame, from: number): void {
    if (frame.lines.length === from) return;
    if (op === "loop" || op === "if") frame.quoted = null;
    else if (statement && !isQuoted(statement, frame)) {
      const text = this.options.quote(statement);
      if (text !== null) frame.lines.splice(from, 0, `// ${text}`);
      frame.quoted = statement;
    }
  }
  /** What the reverse code of a region begins with. */
  private topOf(frame: Frame): Lines {
    const lines: Lines = [];
    const [done, doneShadows] = [new Set<Value>(), new Set<Value>()];
    const undone = this.options.restored.earlyIn(frame.region);
    const undoing = undone.map((store) => this.undoing(store));
    this.dry = true;
    // values computed again, and shadows, may ask for more of them
    for (;;) {
      const values = [...frame.again].filter((v) => !done.has(v));
      const shadows = [...frame.againShadows, ...frame.shadows].filter((v) => !doneShadows.has(v));
      if (values.length + shadows.length === 0) break;
      for (const value of values) {
        done.add(value);
        this.againText(value);
      }
      for (const pointer of shadows) {
        doneShadows.add(pointer);
        this.askForShadow(pointer);
      }
    }
    this.dry = false;
    const entries = [
      ...[...frame.again].map((value) => ({ value, shadow: false })),
      ...[...frame.againShadows, ...frame.shadows].map((value) => ({ value, shadow: true })),
    ].sort(
      (a, b) =>
        this.analysis.placeOf(a.value) - this.analysis.placeOf(b.value) ||
        Number(a.shadow) - Number(b.shadow),
    );
    for (const value of frame.accumulators) lines.push(`let ${this.accumulator(value)} = 0;`);
    const places = operandsOf(undone.flatMap((store) => store.args.slice(0, -1)));
    const isPlace = ({ value, shadow }: (typeof entries)[number]) => !shadow && places.has(value);
    const define = ({ value, shadow }: (typeof entries)[number]): void => {
      if (!shadow) lines.push(`const ${this.storedName(value)} = ${this.againText(value)};`);
      else if (value.op === "load") {
        const list = this.shadow(value.args[0]);
        lines.push(
          `const ${this.barName(value)} = ${value.key === null ? `${list}[${this.ref(value.args[1])}]` : memberText(list, value.key)};`,
        );
      } else lines.push(`const ${this.barName(value)} = ${this.localShadowText(value)};`);
    };
    entries.filter(isPlace).forEach(define);
    lines.push(...undoing);
    entries.filter((entry) => !isPlace(entry)).forEach(define);
    return lines;
  }
  /** What a shadow is read from, or made of. */
  private askForShadow({ op, args, allocation }: Value): void {
    if (op === "load") {
      this.shadow(args[0]);
      if (args[1]) this.ref(args[1]);
      return;
    }
    for (const arg of args)
      if (allocation.type !== "literal") {
        if (arg.op !== "const") this.ref(arg);
      } else if (arg.type === "pointer" && this.analysis.hasShadow(arg)) this.shadow(arg);
  }
  /** Sets back what a store has overwritten. */
  private undoing(store: Value): string {
    const list = this.ref(store.args[0]);
    const place = store.key === null ? `${list}[${this.ref(store.args[1])}]` : memberText(list, store.key);
    return `${place} = ${this.ref(this.options.restored.old.get(store) as Value)};`;
  }
  /** Adjoints that are still to be added and read memory are computed before a store is undone. */
  private readPending(store: Value): void {
    for (let frame: Frame | null = this.frame; frame; frame = frame.outer)
      for (const [value, texts] of frame.parts)
        if (this.analysis.before(value, store))
          for (const [k, text] of texts.entries()) {
            if (!readsMemory.test(text)) continue;
            texts[k] = this.names.fresh(`${value.name ?? "part"}Bar`);
            frame.lines.push(`const ${texts[k]} = ${text};`);
          }
  }
  private localShadowText(value: Value): string {
    if (value.allocation.type === "literal" && value.allocation.keys === null && this.grows(value)) {
      const memory = this.analysis.memoryOf(value);
      if (memory.stores.length > 0) return `rows.zeros(${this.ref(value)}.length)`;
    }
    return this.shadowText(
      value,
      (v) => this.ref(v),
      (v) => this.shadow(v),
    );
  }

  private sweep(value: Value): void {
    const { analysis } = this;
    const { args } = value;
    switch (value.op) {
      case "rule":
        if (analysis.isActive(value)) this.sweepRule(value);
        return;
      case "select": {
        if (!analysis.isActive(value)) return;
        const bar = this.total(value);
        if (bar === "0") return;
        const [test, then, otherwise] = args;
        const name = this.named(value, bar, 2);
        if (analysis.isActive(then)) this.add(then, `(${this.ref(test)} ? ${name} : 0)`);
        if (analysis.isActive(otherwise)) this.add(otherwise, `(${this.ref(test)} ? 0 : ${name})`);
        return;
      }
      case "load": {
        if (
          value.type !== "number" ||
          !analysis.isActive(value) ||
          !analysis.isActiveMember(args[0], value.key)
        )
          return;
        if (this.patterns.increments.has(value)) return;
        const bar = this.total(value);
        const window = this.patterns.windows.get(value);
        if (window) {
          this.slide(window, window.offsets.get(value) as number, bar);
          return;
        }
        const isSet =
          this.patterns.readOnce.has(value) && (!this.options.repeated || isWithin(args[0], args[1]));
        if (isSet) this.line(`${this.slot(value)} = ${bar};`);
        else if (bar !== "0") {
          const line = addTo(this.slot(value), bar);
          // an element that is not there has no adjoint
          const there = value.asked ? `if (${this.ref(args[1])} in ${this.shadow(args[0])}) ` : "";
          this.line(`${there}${line}`);
        }
        return;
      }
      case "store": {
        const { restored } = this.options;
        if (restored.old.has(value) && !restored.isEarly(value)) {
          this.readPending(value);
          this.line(this.undoing(value));
        }
        if (args.at(-1)?.type !== "number" || !analysis.isActiveMember(args[0], value.key)) return;
        const item = args.at(-1) as Value;
        const slot = this.slot(value);
        if (analysis.isActive(item)) {
          const name = this.names.fresh(item.name ? `${item.name}Bar` : "itemBar");
          this.line(`const ${name} = ${slot};`);
          if (!this.patterns.increments.has(value) && !this.patterns.storedOnce.has(value))
            this.line(`${slot} = 0;`);
          this.add(item, name);
        } else this.line(`${slot} = 0;`);
        return;
      }
      case "push": {
        if (args[1].type !== "number" || !analysis.isActiveMember(args[0], null)) return;
        const name = this.names.fresh(args[1].name ? `${args[1].name}Bar` : "itemBar");
        this.line(`const ${name} = ${this.shadow(args[0])}.pop();`);
        this.add(args[1], name);
        return;
      }
      case "allocate":
        this.sweepAllocation(value);
        return;
      case "spread":
        if (analysis.isActive(value)) this.sweepSpread(value);
        return;
      case "if":
        this.sweepIf(value);
        return;
      case "loop":
        this.sweepLoop(value);
        return;
      case "call":
        this.sweepCall(value);
    }
  }
  // ---- windows ----

  private readonly parts = new Map<Window, Map<number, string>>();
  private slide(window: Window, offset: number, bar: string): void {
    if (bar === "0") return;
    const parts = this.parts.get(window) ?? new Map<number, string>();
    this.parts.set(window, parts);
    parts.set(offset, codeAlgebra.add(parts.get(offset) ?? "0", bar));
  }
  /** The end of an iteration's reverse sweep: one element is done, the parts of its neighbours are carried on. */
  private endOfWindows(loop: Value): void {
    const { before, after } = { before: [] as Lines, after: [] as Lines };
    const forwards = this.fusion.isFused(loop);
    const { start, bound } = loop.loop.counted ?? {};
    for (const [window, parts] of this.parts) {
      if (window.loop !== loop) continue;
      const { list, base, offsets } = window;
      const all = [...offsets.values()];
      const ends = [Math.min(...all), Math.max(...all)];
      const width = ends[1] - ends[0];
      // from the element that is done to the one that comes first
      const order = Array.from({ length: width + 1 }, (_, k) => (forwards ? ends[0] + k : ends[1] - k));
      const [load] = [...offsets].find(([, offset]) => offset === order[0])!;
      const shadow = this.shadow(list);
      const carried = order.slice(1).map(() => this.names.fresh(`${this.barName(list)}Next`));
      const part = (k: number): string => parts.get(order[k]) ?? "0";
      this.line(addTo(`${shadow}[${this.ref(load.args[1])}]`, codeAlgebra.add(carried[0], part(0))));
      carried.forEach((name, k) => {
        this.line(`${name} = ${codeAlgebra.add(carried[k + 1] ?? "0", part(k + 1))};`);
      });
      before.push(`let ${carried.map((name) => `${name} = 0`).join(", ")};`);
      const end = forwards ? this.ref(bound as Value) : this.ref(start as Value);
      const from = forwards && !(bound as Value).whole ? `Math.ceil(${end})` : end;
      carried.forEach((name, k) => {
        const offset = forwards ? order[0] + k : order[0] - 1 - k;
        const index = [...base.map((b) => this.ref(b)), from, String(offset)].reduce((a, b) =>
          b.startsWith("-") ? codeAlgebra.sub(a, b.slice(1)) : codeAlgebra.add(a, b),
        );
        after.push(`if (${name} !== 0) ${shadow}[${index}] += ${name};`);
      });
      this.parts.delete(window);
    }
    this.around.set(loop, { before, after });
  }
  private readonly around = new Map<Value, { before: Lines; after: Lines }>();
  protected override aroundIterations(loop: Value): { before: Lines; after: Lines } {
    return this.around.get(loop) ?? { before: [], after: [] };
  }

  private slot(value: Value): string {
    const list = this.shadow(value.args[0]);
    return value.key === null ? `${list}[${this.ref(value.args[1])}]` : memberText(list, value.key);
  }

  private sweepRule(value: Value): void {
    const { rule, args } = value;
    let bar = this.total(value);
    if (bar === "0") return;
    const taken = args.flatMap((a, k) => (this.analysis.isActive(a) && !this.fusion.chain.has(a) ? [k] : []));
    if (taken.length === 0) return;
    const twin = this.twinOf(value);
    if (twin) {
      const slope = this.ref(twin);
      this.add(args[0], product(bar, rule === table.cos ? codeAlgebra.neg(slope) : slope));
      return;
    }
    const needed = new Set(taken.flatMap((k) => keptFor(rule, k, args.length)));
    const operands = args.map((a, k) => (a.op === "const" || needed.has(k) ? this.ref(a) : "0"));
    const result = needed.has("result") ? this.ref(value) : "0";
    const algebra = codeAlgebraWith((text, name) => {
      if (/^-?[\w$.]+$/.test(text)) return text;
      const shared = this.names.fresh(name);
      this.line(`const ${shared} = ${rowsText(text)};`);
      return shared;
    });
    const partials = rule.partials(algebra, result, ...operands);
    // the square of a value comes twice
    if (rule === table.mul && args[0] === args[1]) {
      this.add(args[0], product(bar, codeAlgebra.mul("2", operands[0])));
      return;
    }
    const quotient = sharedQuotient(taken.map((k) => partials[k]));
    if (quotient) {
      const { test, divisor, factors } = quotient;
      const ratio = this.names.fresh("ratio");
      this.line(`const ${ratio} = ${choice(test, "0", codeAlgebra.div(bar, divisor))};`);
      taken.forEach((k, at) => void this.add(args[k], codeAlgebra.mul(ratio, factors[at])));
      return;
    }
    const steep = taken.map((k) => steepness(value, k, this.analysis));
    const asks = steep.filter((s) => s === "adjoint").length;
    bar = this.named(
      value,
      bar,
      taken.reduce((sum, k) => sum + readsOf(partials[k]), asks),
    );
    taken.forEach((k, at) => {
      const text = product(bar, rowsText(partials[k]));
      const asked = steep[at] === "result" ? this.ref(value) : bar;
      const isAsked = steep[at] !== null && !isNumeral(asked);
      this.add(args[k], isAsked ? choice(infix("===", asked, "0"), "0", text) : text);
    });
  }
  /** The cosine that is there beside a sine, which is its slope; likewise the others. */
  private twinOf(value: Value): Value | undefined {
    const rule = twins.get(value.rule);
    return rule
      ? this.analysis
          .usersOf(value.args[0])
          .find(
            (user) =>
              user.op === "rule" &&
              user.rule === rule &&
              (user.region === value.region ||
                (isInside(value.region, user.region) && this.analysis.before(user, value))),
          )
      : undefined;
  }
  private sweepAllocation(value: Value): void {
    const { analysis } = this;
    const { allocation, args } = value;
    if (allocation.type === "copy") {
      if (!analysis.isActiveMember(value, null) || !analysis.isActiveMember(args[0], null)) return;
      const k = this.names.fresh("k");
      const [from, to] = [this.shadow(value), this.shadow(args[0])];
      this.line(
        ...block(`for (let ${k} = 0; ${k} < ${from}.length; ${k}++)`, [`${to}[${k}] += ${from}[${k}];`]),
      );
      return;
    }
    if (allocation.type !== "literal") return;
    args.forEach((item, k) => {
      const key = allocation.keys ? allocation.keys[k] : null;
      if (item.type !== "number" || !analysis.isActive(item) || !analysis.isActiveMember(value, key)) return;
      const list = this.shadow(value);
      this.add(item, key === null ? `${list}[${k}]` : memberText(list, key));
    });
  }

  private sweepSpread(value: Value): void {
    const [list] = value.args;
    const bar = this.total(value);
    if (bar === "0" || !this.analysis.isActiveMember(list, null)) return;
    const { rule } = value;
    const name = this.named(value, bar, 2);
    const [xs, y, xsBar, k] = [this.ref(list), this.ref(value), this.shadow(list), this.names.fresh("k")];
    const head = `for (let ${k} = 0; ${k} < ${xs}.length; ${k}++)`;
    if (rule === table.max || rule === table.min) {
      const [ties, last, share] = ["ties", "last", "share"].map((word) => this.names.fresh(word));
      const isTied = `${xs}[${k}] === ${y}`;
      this.line(`let ${ties} = 0;`, `let ${last} = 0;`);
      this.line(...block(head, block(`if (${isTied})`, [`${ties}++;`, `${last} = ${k};`])));
      const shared = block(head, [`if (${isTied} || ${ties} === 0) ${xsBar}[${k}] += ${share};`]);
      // NaN has no ties, and is everybody's
      const each = [`const ${share} = ${ties} > 0 ? ${name} / ${ties} : NaN;`, ...shared];
      this.line(`if (${ties} === 1) ${xsBar}[${last}] += ${name};`, "else {", ...indent(each), "}");
      return;
    }
    const [partial] = rule.partials(codeAlgebra, y, `${xs}[${k}]`, "0", "0");
    this.line(...block(head, [addTo(`${xsBar}[${k}]`, product(name, rowsText(partial)))]));
  }

  /**
   * Whether the values before a branch in an iteration get adjoints from it alone: then, where the branch is not taken,
   * nothing is left to be done (particles beyond the cutoff).
   */
  private isOnlySource(rest: readonly Value[], frame: Frame): boolean {
    const { owner } = frame.region;
    if (owner?.op !== "loop" || (this.moving.get(owner) ?? []).length > 0) return false;
    return rest.every(
      (v) =>
        !effects.has(v.op) &&
        !frame.parts.has(v) &&
        !frame.accumulators.has(v) &&
        !this.needs.early.has(v) &&
        !(v.op === "rule" && this.fusion.chain.has(v)) &&
        !this.patterns.windows.has(v),
    );
  }

  /** With the sweep of what stands before it, if that has adjoints from here alone. */
  private sweepIf(value: Value, before: (() => void) | null = null): void {
    const { branch } = value;
    const ends = branch.merges
      .filter(
        (m) =>
          m.value.type === "number" && this.analysis.isActive(m.value) && !this.fusion.chain.has(m.value),
      )
      .map((m) => ({ m, bar: this.total(m.value) }))
      .filter(({ bar }) => bar !== "0")
      .map(({ m, bar }) => ({ m, bar: this.named(m.value, bar, 2) }));
    const side = (region: Region, which: "consequent" | "alternate"): Lines => {
      const lines = this.reverse(region, () => {
        for (const { m, bar } of ends) this.add(m[which], bar);
      });
      return this.storesItself(region) ? [...this.restore(region), ...lines] : lines;
    };
    const [then, otherwise] = [side(branch.consequent, "consequent"), side(branch.alternate, "alternate")];
    if (then.length === 0 && otherwise.length === 0) return;
    const test = this.ref(value.args[0]);
    if (then.length > 0 && otherwise.length > 0) {
      this.line(...block(`if (${test})`, then).slice(0, -1), "} else {", ...indent(otherwise), "}");
      before?.();
      return;
    }
    const [condition, lines] = then.length > 0 ? [test, then] : [negation(test), otherwise];
    const outer = this.frame.lines;
    this.frame.lines = [];
    before?.();
    const inner = this.frame.lines;
    this.frame.lines = outer;
    this.line(...block(`if (${condition})`, [...lines, ...inner]));
  }

  private sweepLoop(value: Value): void {
    const { loop } = value;
    const active = loop.carried.filter((c) => c.phi.type === "number" && this.analysis.isActive(c.phi));
    if (this.fusion.isFused(value)) {
      for (const c of active) this.addInit(c, this.total(c.out));
      return;
    }
    const moving: Carried[] = [];
    for (const c of active) {
      const text = this.total(c.out);
      if (this.fusion.chain.has(c.phi)) this.line(...this.nameChain(c, text));
      else {
        const name = this.barName(c.phi);
        const declared = this.frame.accumulators.has(c.out) || this.needs.early.has(c.out);
        if (!declared) this.line(`let ${name} = ${text};`);
        else if (text !== name) this.line(`${name} = ${text};`);
        moving.push(c);
      }
    }
    this.moving.set(value, moving);
    const inner = this.reverse(loop.body, () => {
      for (const c of moving) this.add(c.next, this.barName(c.phi));
    });
    const restored = this.restore(value);
    if (inner.length > 0 || restored.length > 0) {
      if (loop.counted) {
        const { before, after } = this.aroundIterations(value);
        this.line(...before, ...this.backwards(value, [...restored, ...inner]), ...after);
      } else this.line(...block(this.countingBack(loop), [...restored, ...inner]));
    }
    for (const c of active)
      this.addInit(c, this.fusion.chain.has(c.phi) ? (this.chainBars.get(c) ?? "0") : this.barName(c.phi));
  }
  private readonly moving = new Map<Value, Carried[]>();
  private addInit(c: Carried, text: string): void {
    this.add(c.init, text);
  }
  /** The end of an iteration backwards: adjoints go to the iteration before. */
  private endOfReverse(loop: Value): void {
    this.endOfWindows(loop);
    const moves = (this.moving.get(loop) ?? [])
      .map((c) => ({ name: this.barName(c.phi), text: this.total(c.phi) }))
      .filter(({ name, text }) => name !== text);
    const clash = moves.some((m, k) => moves.some((n, j) => j < k && mentions(m.text, n.name)));
    for (const m of moves) {
      if (!clash) continue;
      const name = this.names.fresh(`${m.name}Next`);
      this.line(`const ${name} = ${m.text};`);
      m.text = name;
    }
    for (const m of moves)
      this.line(
        m.text.startsWith(`${m.name} * `) && !/[-+?]/.test(m.text)
          ? `${m.name} *= ${m.text.slice(m.name.length + 3)};`
          : `${m.name} = ${m.text};`,
      );
  }

  // ---- counting backwards ----

  private backwards(loop: Value, lines: Lines): Lines {
    const { start, bound, step, comparison, index } = loop.loop.counted!;
    const i = this.nameOf(index);
    const [a, b] = [this.ref(start), this.ref(bound)];
    if (Math.abs(step) === 1 && bound.whole) {
      const inclusive = comparison === "le" || comparison === "ge";
      const last = inclusive ? b : step > 0 ? before(b) : codeAlgebra.add(b, "1");
      return step > 0
        ? block(`for (let ${i} = ${last}; ${infix(">=", i, a)}; ${i}--)`, lines)
        : block(`for (let ${i} = ${last}; ${infix("<=", i, a)}; ${i}++)`, lines);
    }
    const k = this.names.fresh("k");
    const trips = this.tripsText(loop, (v) => this.ref(v));
    return block(`for (let ${k} = ${codeAlgebra.sub(trips, "1")}; ${k} >= 0; ${k}--)`, [
      ...(lines.some((line) => mentions(line, i))
        ? [`const ${i} = ${codeAlgebra.add(a, codeAlgebra.mul(k, String(step)))};`]
        : []),
      ...lines,
    ]);
  }

  /** The same for a loop that does not count by itself: from where its counter ended, or as often as it went round. */
  private countingBack({ counter, trips }: Loop): string {
    if (!counter) {
      const k = this.names.fresh("k");
      return `for (let ${k} = ${this.ref(trips as Value)}; ${k} > 0; ${k}--)`;
    }
    const { carried, step } = counter;
    const [first, behind, i] = [this.ref(carried.init), this.ref(carried.out), this.storedName(carried.phi)];
    const size = Math.abs(step);
    const [last, comparison, change] =
      step > 0
        ? [codeAlgebra.sub(behind, String(size)), ">=", size === 1 ? `${i}--` : `${i} -= ${size}`]
        : [codeAlgebra.add(behind, String(size)), "<=", size === 1 ? `${i}++` : `${i} += ${size}`];
    return `for (let ${i} = ${last}; ${infix(comparison, i, first)}; ${change})`;
  }

  /** The adjoint of a number that came in, when the reverse sweep is done. */
  inputBar(input: Value): string {
    return this.finished.get(input) ?? "0";
  }
  private readonly finished = new Map<Value, string>();
}
/** The whole number before one: `n - 2` before `n - 1`. */
function before(text: string): string {
  const [, of, by] = /^([\w$.]+) - (\d+)$/.exec(text) ?? [];
  return of === undefined ? codeAlgebra.sub(text, "1") : `${of} - ${Number(by) + 1}`;
}
/** Whether reverse code that a frame is in says which statement it belongs to. */
function isQuoted(statement: Node, frame: Frame | null): boolean {
  return frame !== null && (frame.quoted === statement || isQuoted(statement, frame.outer));
}
const isNumeral = (text: string): boolean => /^-?[\d.]/.test(text);
