/**
 * Lines that are too long, on several.
 *
 * What: `laidOut`: lists, records and arguments one item a line, sums one term a line, as formatters for TypeScript do it.
 */
import { indent, type Lines } from "../transform/writer.ts";

const width = 100;

export function laidOut(lines: Lines): Lines {
  return lines.flatMap((line) => (line.length <= width ? [line] : broken(line)));
}

function broken(line: string): Lines {
  const [, margin, text] = /^(\s*)(.*)$/s.exec(line) as unknown as [string, string, string];
  if (text.startsWith("//") || text.startsWith("*") || text.startsWith("for (")) return [line];
  const parts = guarded(text) ?? inItems(text) ?? inTerms(text);
  if (!parts) return [line];
  return laidOut(parts.map((part) => margin + part));
}

/** A statement behind a condition gets its block. */
function guarded(text: string): Lines | null {
  if (!text.startsWith("if (") || text.endsWith("{")) return null;
  const end = endOf(text, 3);
  return end < 0 ? null : [`${text.slice(0, end + 1)} {`, ...indent([text.slice(end + 1).trim()]), "}"];
}

/** The items of the outermost brackets that hold more than one, the longest of them first. */
function inItems(text: string): Lines | null {
  const groups = [...groupsIn(text)].filter(({ items }) => items.length > 1);
  if (groups.length === 0) return null;
  const outermost = Math.min(...groups.map(({ depth }) => depth));
  const { start, end, items, separator } = groups
    .filter(({ depth }) => depth === outermost)
    .reduce((longest, group) => (group.end - group.start > longest.end - longest.start ? group : longest));
  const last = text[start] === "(" && text[start - 1] === " " ? "" : separator;
  return [
    text.slice(0, start + 1),
    ...indent(items.map((item, k) => item + (k < items.length - 1 ? separator : last))),
    text.slice(end),
  ];
}

/** The items of the outermost brackets of a statement that returns a record. */
export function itemsOfReturn(line: string): string[] {
  const start = line.indexOf("{");
  for (const group of groupsIn(line)) if (group.start === start) return group.items;
  return [];
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly items: string[];
  readonly separator: string;
}
function* groupsIn(text: string): Generator<Group> {
  const open: { start: number; cuts: number[] }[] = [];
  for (let k = 0; k < text.length; k++) {
    k = behindQuotes(text, k);
    const c = text[k];
    if (c === undefined) return;
    if ("([{".includes(c)) open.push({ start: k, cuts: [] });
    else if (")]}".includes(c)) {
      const group = open.pop();
      if (!group) return;
      const { start, cuts } = group;
      const places = [start, ...cuts, k];
      const items = places.slice(1).map((place, j) => text.slice(places[j] + 1, place).trim());
      yield { start, end: k, depth: open.length, items, separator: text[cuts[0]] ?? "," };
    } else if ((c === "," || c === ";") && open.length > 0) open[open.length - 1].cuts.push(k);
  }
}
function behindQuotes(text: string, k: number): number {
  if (!"\"'`".includes(text[k] ?? " ")) return k;
  let end = k + 1;
  while (end < text.length && text[end] !== text[k]) end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}
/** Where the bracket ends that begins at a place. */
function endOf(text: string, start: number): number {
  for (const group of groupsIn(text)) if (group.start === start) return group.end;
  return -1;
}

/** The terms of a sum behind `=`, `:` or `return`, or of the sum in brackets there. */
function inTerms(text: string): Lines | null {
  const head = /^(?:return |.*?[^=!<>]=(?=\s)|[\w$]+:(?=\s))/.exec(text)?.[0];
  const rest = text.slice(head?.length).trimStart();
  const terms = head === undefined ? [] : termsOf(rest);
  if (terms.length > 1)
    return head === "return "
      ? ["return (", ...indent([...terms.slice(0, -1), terms[terms.length - 1].replace(/;$/, "")]), ");"]
      : [(head as string).trimEnd(), ...indent(hanging(terms))];
  const groups = [...groupsIn(text)].filter(
    ({ start, end }) => termsOf(text.slice(start + 1, end)).length > 1,
  );
  if (groups.length === 0) return null;
  const { start, end } = groups.reduce((outer, group) => (group.depth < outer.depth ? group : outer));
  const inner = hanging(termsOf(text.slice(start + 1, end)));
  return [text.slice(0, start + 1), ...indent(inner), text.slice(end)];
}
/** The sides of a choice stand further to the right than its condition. */
const hanging = (terms: Lines): Lines =>
  terms.map((term) => (/^[?:] /.test(term) ? indent([term])[0] : term));
function withoutBrackets(text: string): string {
  const inner = text.replace(/\([^()[\]]*\)|\[[^()[\]]*\]/g, "");
  return inner === text ? text : withoutBrackets(inner);
}
/** The terms of a sum or condition, each with the sign behind it; of a choice, its two sides. */
function termsOf(text: string): string[] {
  const isChoice = withoutBrackets(text).includes(" ? ");
  const terms: string[] = [];
  let [depth, from] = [0, 0];
  for (let k = 0; k < text.length; k++) {
    if ("([{".includes(text[k])) depth++;
    if (")]}".includes(text[k])) depth--;
    const rest = depth === 0 && k > from ? text.slice(k) : "";
    if (isChoice && /^ [?:] /.test(rest)) {
      terms.push(text.slice(from, k));
      from = k + 1;
    }
    const sign = isChoice ? null : /^ ([-+]|&&|\|\|) (?=\S)/.exec(rest);
    if (!sign) continue;
    terms.push(`${text.slice(from, k)} ${sign[1]}`);
    from = k + sign[0].length;
    k = from - 1;
  }
  return [...terms, text.slice(from)];
}
