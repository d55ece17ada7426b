/**
 * Activity: which values both depend on what is differentiated by and matter for the result.
 *
 * What: `Activity`, which finds it of numbers and of what memory holds under each key, forwards and backwards, until
 * nothing is added.
 * Reference: Griewank & Walther (2008), section 6.2; Hascoët & Pascual, The Tapenade automatic differentiation tool,
 * TOMS 39 (2013), section 4.
 */
import { type Lowered, resultValues, type Value } from "./ir.ts";
import type { Kind } from "./kinds.ts";
import { elements, holdsMemory, Memories, type Memory } from "./memory.ts";

export abstract class Activity extends Memories {
  private readonly varied = new Set<Value>();
  private readonly useful = new Set<Value>();

  constructor(
    lowered: Lowered,
    /** The inputs that are differentiated by; null where nobody asks what carries derivatives. */
    readonly isIndependent: ((input: Value) => boolean) | null,
  ) {
    super(lowered);
    if (isIndependent === null) return;
    this.findVaried(isIndependent);
    this.findUseful();
  }

  /** Whether a value depends on what is differentiated by. */
  isVaried(value: Value): boolean {
    return this.varied.has(value);
  }
  isActive(value: Value): boolean {
    return this.varied.has(value) && this.useful.has(value);
  }
  /** Whether numbers at a key may carry derivatives. */
  isActiveMember(pointer: Value, key: string | null): boolean {
    const memory = this.memoryOf(pointer);
    return memory.varied.has(key ?? elements) && memory.useful.has(key ?? elements);
  }
  /** Whether anything that can be reached from a pointer may carry derivatives. */
  hasShadow(pointer: Value): boolean {
    return this.reachesActive(this.memoryOf(pointer), new Set());
  }
  private reachesActive(memory: Memory, seen: Set<Memory>): boolean {
    if (seen.has(memory)) return false;
    seen.add(memory);
    for (const key of memory.varied) if (memory.useful.has(key)) return true;
    for (const member of memory.members.values()) if (this.reachesActive(member.find(), seen)) return true;
    return false;
  }

  private findVaried(isIndependent: (input: Value) => boolean): void {
    const { values } = this;
    for (const value of values) {
      if (value.op !== "input" || !isIndependent(value)) continue;
      if (value.type === "number") this.varied.add(value);
      if (value.type === "pointer") this.varyAll(this.memoryOf(value), value.kind as Kind);
    }
    for (let changed = true; changed; ) {
      changed = false;
      const vary = (value: Value, yes: boolean): void => {
        if (yes && value.type === "number" && !this.varied.has(value)) {
          this.varied.add(value);
          changed = true;
        }
      };
      const varyMember = (pointer: Value, key: string | null, yes: boolean): void => {
        const { varied } = this.memoryOf(pointer);
        if (yes && !varied.has(key ?? elements)) {
          varied.add(key ?? elements);
          changed = true;
        }
      };
      const is = (value: Value): boolean => this.varied.has(value);
      for (const value of values) {
        const { args } = value;
        switch (value.op) {
          case "rule":
            vary(value, value.rule.kind !== "step" && args.some(is));
            break;
          case "select":
            vary(value, args.slice(1).some(is));
            break;
          case "load":
            vary(value, this.memoryOf(args[0]).varied.has(value.key ?? elements));
            break;
          case "spread":
            vary(value, this.memoryOf(args[0]).varied.has(elements));
            break;
          case "store":
          case "push":
            varyMember(args[0], value.key, is(args.at(-1) as Value));
            break;
          case "allocate":
            if (value.allocation.type === "literal") {
              const { keys } = value.allocation;
              args.forEach((item, k) => void varyMember(value, keys ? keys[k] : null, is(item)));
            } else if (value.allocation.type === "copy")
              varyMember(value, null, this.memoryOf(args[0]).varied.has(elements));
            break;
          case "if":
            for (const m of value.branch.merges) vary(m.value, is(m.consequent) || is(m.alternate));
            break;
          case "loop":
            for (const c of value.loop.carried) {
              vary(c.phi, is(c.init) || is(c.next));
              vary(c.out, is(c.init) || is(c.next));
            }
            break;
          case "call":
            value.call.procedure.params.forEach((param, k) => void vary(param, is(args[k])));
            value.call.results.forEach((v, k) => void vary(v, is(value.call.procedure.results[k])));
        }
      }
    }
  }
  private varyAll(memory: Memory, kind: Kind): void {
    if (kind.type === "list") {
      if (kind.of.type === "number") memory.varied.add(elements);
      else if (holdsMemory(kind.of)) this.varyAll(memory.member(elements), kind.of);
    } else if (kind.type === "tuple" || kind.type === "record")
      kind.items.forEach((item, k) => {
        const key = kind.type === "record" ? kind.keys[k] : elements;
        if (item.type === "number") memory.varied.add(key);
        else if (item.type === "list" || "items" in item) this.varyAll(memory.member(key), item);
      });
  }

  private findUseful(): void {
    const { values } = this;
    const useful = (memory: Memory, seen = new Set<Memory>()): void => {
      if (seen.has(memory)) return;
      seen.add(memory);
      for (const key of memory.varied) memory.useful.add(key);
      for (const member of memory.members.values()) useful(member.find(), seen);
    };
    for (const value of resultValues(this.lowered.result)) {
      this.useful.add(value);
      if (value.type === "pointer") useful(this.memoryOf(value));
    }
    for (let changed = true; changed; ) {
      changed = false;
      const use = (value: Value): void => {
        if (this.useful.has(value)) return;
        this.useful.add(value);
        changed = true;
      };
      const useMember = (pointer: Value, key: string | null): void => {
        const memory = this.memoryOf(pointer);
        if (memory.useful.has(key ?? elements)) return;
        memory.useful.add(key ?? elements);
        changed = true;
      };
      const isUsed = (pointer: Value, key: string | null): boolean =>
        this.memoryOf(pointer).useful.has(key ?? elements);
      for (let k = values.length - 1; k >= 0; k--) {
        const value = values[k];
        const { args } = value;
        if (value.op === "store" || value.op === "push") {
          if (isUsed(args[0], value.key)) use(args.at(-1) as Value);
        } else if (value.op === "allocate" && value.allocation.type === "literal") {
          const { keys } = value.allocation;
          args.forEach((item, j) => {
            if (isUsed(value, keys ? keys[j] : null)) use(item);
          });
        } else if (value.op === "allocate" && value.allocation.type === "copy") {
          if (isUsed(value, null)) useMember(args[0], null);
        } else if (value.op === "if") {
          for (const m of value.branch.merges)
            if (this.useful.has(m.value)) {
              use(m.consequent);
              use(m.alternate);
            }
        } else if (value.op === "loop") {
          for (const c of value.loop.carried)
            if (this.useful.has(c.out) || this.useful.has(c.phi))
              for (const end of [c.phi, c.out, c.init, c.next]) use(end);
        } else if (value.op === "call") {
          const { procedure, results: given } = value.call;
          given.forEach((v, j) => {
            if (this.useful.has(v)) use(procedure.results[j]);
          });
          procedure.params.forEach((param, j) => {
            if (this.useful.has(param)) use(args[j]);
          });
        } else if (this.useful.has(value)) {
          if (value.op === "rule" && value.rule.kind !== "step") args.forEach(use);
          if (value.op === "select") args.slice(1).forEach(use);
          if (value.op === "load") useMember(args[0], value.key);
          if (value.op === "spread") useMember(args[0], null);
        }
      }
    }
  }
}
