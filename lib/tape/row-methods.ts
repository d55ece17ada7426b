/**
 * The rows of the rule table as methods of the recorder: `recorder.sin(x, xHandle, y)`.
 *
 * What: JavaScript text for each row, its partials written inline by the table's code algebra, compiled when the row
 * is first used. In tape mode an entry of the Wengert list is made, in dual mode the tangent; all else goes the
 * general way, `Recorder.slow`.
 */
import { codeAlgebra, type Rule, strongProduct, table } from "../rules/index.ts";
import { WengertError } from "../source/positions.ts";
import { chunkEntries } from "./list.ts";

/** Writes the method that records a row on the Wengert list, partials inline; all else goes the general way. */
function rowMethod(rule: Rule, arity: 1 | 2): Function {
  const names = ["a", "b"].slice(0, arity);
  const partials = rule.partials(codeAlgebra, "y", ...names);
  const operands = names.map((n) => `${n}h`);
  const numeric = names.map((n) => `typeof ${n} !== "number" || typeof ${n}h !== "number"`).join(" || ");
  const guard =
    rule.mathName && !rule.operator ? `if (Math.${rule.mathName} !== native) throw replaced();` : "";
  const tangent = names.map((n, k) => `(${n}h === 0 ? 0 : product(${partials[k]}, ${n}h))`).join(" + ");
  const body = `return function ${rule.name}(${names.flatMap((n) => [n, `${n}h`]).join(", ")}, y) {
    ${guard}
    if (${numeric} || typeof y !== "number") return this.slow(rule, [${names}], [${operands}], y);
    if (this.mode === 2) return ${tangent};
    if (this.mode !== 1) return this.slow(rule, [${names}], [${operands}], y);
    const list = this.list;
    if (list.fill === ${chunkEntries}) list.grow();
    const k = list.fill++;
    list.partials[3 * k] = ${partials[0]};
    list.partials[3 * k + 1] = ${partials[1] ?? 0};
    list.operands[6 * k + 4] = ah;
    list.operands[6 * k + 5] = ${arity === 2 ? "bh" : 0};
    return list.base + k;
  }`;
  const replaced = () =>
    new WengertError(
      `Math.${rule.name} was replaced; its derivative is not known`,
      "call the replacement by its own name",
    );
  return new Function("rule", "native", "replaced", "product", body)(
    rule,
    rule.value,
    replaced,
    strongProduct,
  );
}

/** Gives a prototype a method for each row. */
export function addRowMethods(prototype: object): void {
  for (const rule of Object.values(table)) {
    if (rule.kind === "step") {
      Object.defineProperty(prototype, rule.name, { value: () => 0, configurable: true });
      continue;
    }
    // made at the first call: nothing is compiled for rows that nobody uses
    Object.defineProperty(prototype, rule.name, {
      configurable: true,
      get() {
        const method = rowMethod(rule, rule.arity === 1 ? 1 : 2);
        Object.defineProperty(prototype, rule.name, { value: method, configurable: true });
        return method;
      },
    });
  }
}
