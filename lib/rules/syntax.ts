/**
 * JavaScript expressions as text, with no parenthesis too few and hardly one too many.
 *
 * What: how tightly an expression binds, found by looking through its tokens, and the texts of an infix, a prefix, a
 * call and a choice made from the texts of their operands. Why: rows and the code algebra write programs for readers;
 * operands come from anywhere, as plain strings. What is not an arithmetic expression counts as binding loosely and
 * gets its parentheses. Reference: ECMA-262, section 13 (an operand left of `**` must not be unary).
 */

/** How tightly each kind of expression binds, loosest first. */
export const binding = {
  other: 0,
  choice: 1,
  or: 2,
  and: 3,
  equality: 4,
  relation: 5,
  sum: 6,
  product: 7,
  unary: 8,
  power: 9,
  atom: 10,
} as const;

/** Operators of several characters, longest first. */
const longSigns = [
  "===",
  "!==",
  ">>>",
  "=>",
  "?.",
  "??",
  "||",
  "&&",
  "==",
  "!=",
  "**",
  "<<",
  ">>",
  "<=",
  ">=",
  "++",
  "--",
];
const number = /(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy;
const quoted = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/y;

// biome-ignore format: a table
const infixBinding: Record<string, number> = {
  "?": binding.choice, ":": binding.choice, "??": binding.or, "||": binding.or, "&&": binding.and,
  "|": binding.and, "^": binding.and, "&": binding.and,
  "==": binding.equality, "!=": binding.equality, "===": binding.equality, "!==": binding.equality,
  "<": binding.relation, ">": binding.relation, "<=": binding.relation, ">=": binding.relation,
  "<<": binding.relation, ">>": binding.relation, ">>>": binding.relation,
  "+": binding.sum, "-": binding.sum, "*": binding.product, "/": binding.product, "%": binding.product,
  "**": binding.power, ".": binding.atom, "?.": binding.atom,
};

/** How tightly a text binds: the loosest operator outside its brackets. */
export function bindingOf(text: string): number {
  let found = known.get(text);
  if (found === undefined) {
    found = findBinding(text);
    bound(text, found);
  }
  return found;
}
/** Remembers how a text binds: what is composed here need not be looked through again in what it goes into. */
function bound(text: string, by: number): string {
  if (known.size === mostKnown) known.clear();
  known.set(text, by);
  return text;
}
const known = new Map<string, number>();
const mostKnown = 1 << 16;

function findBinding(text: string): number {
  if (/^[A-Za-z_$][\w$]*$/.test(text)) return binding.atom;
  let loosest: number = binding.atom;
  let depth = 0;
  let afterOperand = false;
  let afterDot = false;
  for (let k = 0; k < text.length; ) {
    const c = text[k];
    if (c === "(" || c === "[" || c === "{") {
      depth++;
      afterOperand = false;
      k++;
    } else if (c === ")" || c === "]" || c === "}") {
      depth--;
      afterOperand = true;
      k++;
    } else if (c === " " || c === "\n") k++;
    else {
      const operand = endOfOperand(text, k);
      const sign = operand ? "" : signAt(text, k);
      k = operand || k + sign.length;
      if (depth !== 0) continue;
      if (operand) {
        if (afterOperand && !afterDot) return binding.other;
        afterOperand = true;
        afterDot = false;
      } else {
        const unary = !afterOperand && "+-!~".includes(sign);
        loosest = Math.min(loosest, unary ? binding.unary : (infixBinding[sign] ?? binding.other));
        afterDot = sign === "." || sign === "?.";
        afterOperand = false;
      }
    }
  }
  return loosest;
}
/** Where a name, number or quoted text ends that begins at k; 0 where there is none. */
function endOfOperand(text: string, k: number): number {
  const c = text.charCodeAt(k);
  if (c > 127) return endOf(word, text, k);
  if (isWord(c) && !isDigit(c)) {
    let end = k + 1;
    while (end < text.length && isWord(text.charCodeAt(end))) end++;
    return text.charCodeAt(end) > 127 ? endOf(word, text, k) : end;
  }
  if (isDigit(c) || c === 46) return endOf(number, text, k);
  return "\"'`".includes(text[k]) ? endOf(quoted, text, k) : 0;
}
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
/** Of the characters of names that are ASCII. */
const isWord = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || isDigit(c) || c === 95 || c === 36 || c === 35;
function endOf(token: RegExp, text: string, k: number): number {
  token.lastIndex = k;
  return token.test(text) ? token.lastIndex : 0;
}
function signAt(text: string, k: number): string {
  const sign = longSigns.find((s) => text.startsWith(s, k)) ?? text[k];
  return sign === "?." && /\d/.test(text[k + 2] ?? "") ? "?" : sign;
}

/** The text, in parentheses when it binds less tightly than its place asks. */
export function tight(text: string, least: number): string {
  return bindingOf(text) < least ? bound(`(${text})`, binding.atom) : text;
}

// What the operands left and right of an operator have to bind like.
// biome-ignore format: a table
const places: Record<string, { readonly left: number; readonly right: number }> = {
  "+":   { left: binding.sum, right: binding.product },
  "-":   { left: binding.sum, right: binding.product },
  "*":   { left: binding.product, right: binding.unary },
  "/":   { left: binding.product, right: binding.unary },
  "%":   { left: binding.product, right: binding.unary },
  "**":  { left: binding.atom, right: binding.unary },
  "<":   { left: binding.sum, right: binding.sum },
  "<=":  { left: binding.sum, right: binding.sum },
  ">":   { left: binding.sum, right: binding.sum },
  ">=":  { left: binding.sum, right: binding.sum },
  "===": { left: binding.relation, right: binding.relation },
  "!==": { left: binding.relation, right: binding.relation },
  "&&":  { left: binding.and, right: binding.equality },
};

export function infix(operator: string, x: string, y: string): string {
  const { left, right } = places[operator];
  return bound(`${tight(x, left)} ${operator} ${tight(y, right)}`, infixBinding[operator]);
}

export function prefix(operator: string, x: string): string {
  return bound(`${operator}${tight(x, binding.atom)}`, binding.unary);
}

export function invoke(callee: string, operands: readonly string[]): string {
  const given = operands.map((operand) => tight(operand, binding.choice)).join(", ");
  return bound(`${callee}(${given})`, binding.atom);
}

export function choice(test: string, then: string, otherwise: string): string {
  const parts: Choice = [
    tight(test, binding.or),
    tight(then, binding.choice),
    tight(otherwise, binding.choice),
  ];
  const text = `${parts[0]} ? ${parts[1]} : ${parts[2]}`;
  if (choices.size === mostKnown) choices.clear();
  choices.set(text, parts);
  return bound(text, binding.choice);
}

type Choice = readonly [test: string, then: string, otherwise: string];
/** Those that have been composed here. */
const choices = new Map<string, Choice>();

/** The test and the two texts of a choice; null where a text is none. */
export function partsOfChoice(text: string): Choice | null {
  if (bindingOf(text) !== binding.choice) return null;
  const composed = choices.get(text);
  if (composed) return composed;
  let [depth, open, question] = [0, 0, 0];
  for (let k = 0; k < text.length; k++) {
    const c = text[k];
    if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    else if (depth > 0) continue;
    else if (c === "?" && open++ === 0) question = k;
    else if (c === ":" && --open === 0)
      return [text.slice(0, question).trim(), text.slice(question + 1, k).trim(), text.slice(k + 1).trim()];
  }
  return null;
}
