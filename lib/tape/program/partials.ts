/**
 * The partials of an operation as text.
 *
 * What: what the rule table writes for operands that are names or literals, put together from templates. Why templates:
 * most operations of a program are of few forms, and the algebra of texts, which looks through each one that it makes,
 * would take as long as all the rest of writing a recording program.
 */
import { codeAlgebra, type PrimitiveName, table } from "../../rules/index.ts";

/** A partial cut at its operands: text, place of an operand, text, …; the place behind the last operand is the result. */
type Template = readonly string[];

const templates = new Map<string, { rule: unknown; pieces: readonly Template[] }>();
const MOST_TEMPLATES = 1000;

export function partialsOf(name: PrimitiveName, result: string, operands: readonly string[]): string[] {
  const texts = [...operands, result];
  return templateOf(name, operands).map((pieces) => {
    let text = pieces[0];
    for (let k = 1; k < pieces.length; k += 2) text += texts[Number(pieces[k])] + pieces[k + 1];
    return text;
  });
}

/** What a literal says may matter to the partials (`x ** 2`), which name it is does not. */
function templateOf(name: PrimitiveName, operands: readonly string[]): readonly Template[] {
  const shown = operands.map((text, k) => (/^[\d.]/.test(text) ? text : `$${k}$`));
  const key = `${name} ${shown}`;
  const { partials } = table[name];
  let template = templates.get(key);
  // of the rule as it is now
  if (template?.rule !== partials) {
    const texts = partials(codeAlgebra, `$${operands.length}$`, ...shown);
    template = { rule: partials, pieces: texts.map((text) => text.split(/\$(\d+)\$/)) };
    if (templates.size === MOST_TEMPLATES) templates.clear();
    templates.set(key, template);
  }
  return template.pieces;
}
