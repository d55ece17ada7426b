/**
 * Products of adjoints and partials, as a reader would write them.
 */
import { codeAlgebra } from "../rules/index.ts";
import { binding, bindingOf, choice, partsOfChoice } from "../rules/syntax.ts";

/**
 * An adjoint or tangent times a partial: `bar / x` for a partial `1 / x`, minus signs in front. A selection with zeros
 * is a selection of products, so that what is not selected is zero where the adjoint is infinite.
 */
export function product(bar: string, partial: string): string {
  const selection = selectionOf(partial);
  if (selection) {
    const [test, then, otherwise] = selection;
    return choice(test, product(bar, then), product(bar, otherwise));
  }
  if (partial === "NaN") return partial;
  if (partial.startsWith("-") && bindingOf(partial) === binding.unary)
    return codeAlgebra.neg(product(bar, unwrapped(partial.slice(1))));
  if (bar.startsWith("-") && bindingOf(bar) === binding.unary && !/^-[\d.]/.test(bar))
    return codeAlgebra.neg(product(bar.slice(1), partial));
  // twice a number is exact, so this changes no digit
  if (/^-?[\d.]+$/.test(bar) && partial.startsWith("2 * ") && bindingOf(partial) === binding.product)
    return codeAlgebra.mul(codeAlgebra.constant(2 * Number(bar)), unwrapped(partial.slice(4)));
  const reciprocal = /^1 \/ (.*)$/s.exec(partial);
  if (reciprocal && bindingOf(partial) === binding.product && bindingOf(reciprocal[1]) > binding.product)
    return codeAlgebra.div(bar, reciprocal[1]);
  // the adjoint by the divisor is what the other operand gets, or another one of the same divisor
  const quotient = /^(.*[A-Za-z].*) \/ ([\w$.]+)$/s.exec(partial);
  if (quotient && bindingOf(partial) === binding.product && bindingOf(quotient[1]) >= binding.product)
    return codeAlgebra.mul(codeAlgebra.div(bar, quotient[2]), quotient[1]);
  return codeAlgebra.mul(bar, partial);
}

/** How often a product by a partial reads the adjoint. */
export function readsOf(partial: string): number {
  if (partial === "0" || partial === "NaN") return 0;
  const selection = selectionOf(partial);
  return selection ? readsOf(selection[1]) + readsOf(selection[2]) : 1;
}
/** The parts of a selection that may be zero. */
function selectionOf(partial: string): ReturnType<typeof partsOfChoice> {
  const parts = partial.includes("?") ? partsOfChoice(unwrapped(partial)) : null;
  return parts?.slice(1).some((part) => part === "0" || part === "NaN" || selectionOf(part)) ? parts : null;
}

/** `target += text`, or `-=` where the text is negative. */
export function addTo(target: string, text: string): string {
  if (text.startsWith("-") && bindingOf(text) === binding.unary)
    return `${target} -= ${unwrapped(text.slice(1))};`;
  return `${target} += ${text};`;
}

/** A text without the parentheses around the whole of it. */
export function unwrapped(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let k = 0; k < text.length - 1; k++) {
    if (text[k] === "(") depth++;
    else if (text[k] === ")" && --depth === 0) return text;
  }
  return text.slice(1, -1);
}

/** The partials `test ? 0 : factor / divisor` of several operands, if they differ in the factor alone. */
export function sharedQuotient(
  partials: readonly string[],
): { test: string; divisor: string; factors: string[] } | null {
  if (partials.length < 2) return null;
  const parts = partials.map((partial) => {
    const [test, then, otherwise] = partsOfChoice(partial) ?? [];
    const [, factor, divisor] = /^([\w$.]+) \/ ([\w$.]+)$/.exec(otherwise ?? "") ?? [];
    return then === "0" && factor !== undefined ? { test: test as string, factor, divisor } : null;
  });
  const [first] = parts;
  if (!first) return null;
  if (parts.some((part) => part?.test !== first.test || part.divisor !== first.divisor)) return null;
  return { ...first, factors: parts.map((part) => (part as { factor: string }).factor) };
}

/** Functions of the table that are not `Math`'s, or are quicker there, are found in `rows`. */
export function rowsText(text: string): string {
  return text
    .replaceAll("Math.hypot(", "rows.hypot(")
    .replace(
      /(?<![\w$.])(digamma|erf|erfc|lgamma|log1mexp|log1pexp|logistic|logit|logsumexp|polygamma|xlog1py|xlogy)\(/g,
      "rows.$1(",
    );
}
