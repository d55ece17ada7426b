/**
 * Lines as somebody would leave them who reads them once more.
 *
 * What: `tidied`: an element that is set to zero and added to at once is set, bounds of loops are worked out, variables
 * that nobody reads are left out. Why here: a program that runs at once gains nothing by it.
 */
import { type Lines, mentions } from "../transform/writer.ts";

export function tidied(lines: Lines): Lines {
  return explained(withoutUnread(withoutSums(lines)));
}
/** Comments that say nothing are left out; what cuts gradients off says why. */
function explained(lines: Lines): Lines {
  const cut = /^(\s*)[\w$.[\]]+\.length = [\w$.[\]]+\.length;$/;
  const first = lines.findIndex((line) => cut.test(line));
  const isInLoop = first > 0 && lines[first - 1].trimStart().startsWith("for (");
  const at = isInLoop ? first - 1 : first;
  return lines.flatMap((line, k) => {
    if (/^\s*\/\/ [\w$.]+$/.test(line)) return [];
    if (k !== at || first < 0) return [line];
    return [`${/^\s*/.exec(line)?.[0]}// what is read behind the end of a list has no derivative`, line];
  });
}
function withoutSums(lines: Lines): Lines {
  const done: Lines = [];
  for (const line of lines) {
    const added = /^(\s*)([\w$.[\]+\- ]+) ([+-])= (.*);$/u.exec(line);
    if (added && done.at(-1) === `${added[1]}${added[2]} = 0;` && !mentions(added[4], rootOf(added[2]))) {
      done.pop();
      if (added[3] === "+") done.push(`${added[1]}${added[2]} = ${added[4]};`);
      else done.push(`${added[1]}${added[2]} = -(${added[4]});`.replace(/-\(([\w$.[\]]+)\)/, "-$1"));
    } else done.push(withBounds(line));
  }
  return done;
}
const rootOf = (slot: string): string => /^[\w$]+/.exec(slot)?.[0] ?? slot;

/** `n + 1 - 1` is `n` where whole numbers are counted, and what is not negative is no less than zero. */
function withBounds(line: string): string {
  const text = line.replace(/Math\.max\(0, (\d+)\)/g, "$1");
  return /^\s*for \(let /.test(text) ? text.replace(/ \+ (\d+) - \1(?=[;,)])/g, "") : text;
}

/** Without variables that nothing else mentions; what calls something is done nevertheless. */
function withoutUnread(lines: Lines): Lines {
  const counts = new Map<string, number>();
  const words = (line: string): string[] =>
    line.trimStart().startsWith("//") ? [] : (line.match(/[\w$]+/g) ?? []);
  for (const word of lines.flatMap(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kept = lines.flatMap((line) => {
    const found = /^(\s*)const ([\w$]+)(?:: [^=]*)? = (.*);$/u.exec(line);
    if (!found || counts.get(found[2]) !== 1) return [line];
    const [, indentation, , value] = found;
    const call = /^([\w$.]+\(.*\))(?: as [\w$[\]]+)?$/u.exec(value);
    if (call && !value.startsWith("Math.")) return [`${indentation}${call[1]};`];
    return /(?<!Math\.\w*)(?<=[\w$])\(/.test(value) ? [line] : [];
  });
  return kept.length < lines.length ? withoutUnread(kept) : kept;
}
