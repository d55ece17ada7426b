/**
 * The adjoint table: the reverse sweep, one line for each contribution.
 *
 * What: the seed, then for each entry, from the last to the first, what it passes on to each operand: w̄1ᵃ = w̄4 · cos w1,
 * the values looked up from the forward pass, and where several contributions meet, their sum. Why: the sweep is seen
 * as the lecture writes it down. Of one entry's operands, computed ones come first, in the order in which the sweep
 * will reach them; inputs, which it ends at, in their own order. A long tape is shown from both ends: contributions
 * whose companions lie in lines not shown are then written as additions, w̄1 +=.
 * Reference: Griewank & Walther, Evaluating Derivatives (2008), section 3.2.
 */

import { strongProduct } from "../rules/index.ts";
import type { MimeBundle } from "../showable.ts";
import type { Entry, ReverseTrace, Tape } from "../tape/tape.ts";
import { asFactor, operationOf, partialsOf, productMaths, residualsOf, sumMaths } from "./formula.ts";
import { adjointName, functionName, inputName, isEntry, outputName, partialName, variable } from "./names.ts";
import { fullNumber, numberMaths } from "./numbers.ts";
import { concat, formula, inline, type Maths, type Rich } from "./rich.ts";
import { type Cell, type Gap, gapOf, tableBundle } from "./table.ts";
import { atPoint, listed, listedInPart } from "./trace.ts";

/** Tapes up to this length are shown whole; of longer ones this many entries from both ends together. */
const wholeLength = 48;
const headLength = 24;
const tailLength = 12;
/** The most inputs, and the most outputs, whose lines are shown of a long tape. */
const endsShown = 12;

/** The table of a reverse sweep. */
export function reverseBundle(trace: ReverseTrace): MimeBundle {
  const { tape } = trace;
  const long = tape.length > wholeLength;
  return tableBundle({
    caption: concat(
      "Adjoints of ",
      inline(functionName(tape)),
      atPoint(tape),
      ", in the order of the reverse sweep",
    ),
    columns: [
      "adjoint",
      "from",
      "contribution",
      "local partial",
      "looked up",
      { header: "value", align: "right" },
    ],
    rows: long ? linesOfLong(trace) : linesOfWhole(trace),
    limit: Number.POSITIVE_INFINITY,
    note: concat(
      gradientNote(trace),
      long ? concat("; ", inline(adjointSign), " += adds one of several contributions") : "",
    ),
  });
}

const adjointSign: Maths = { text: "w̄", html: "<i>w̄</i>", math: "\\bar{w}" };

type Line = readonly Cell[] | Gap;

/** One contribution on its way to an adjoint. */
interface Contribution {
  readonly target: number;
  readonly line: (name: Maths) => Line;
}

function linesOfWhole(trace: ReverseTrace): Line[] {
  const { tape } = trace;
  const reached = reachedFromOutputs(tape);
  const groups: Contribution[][] = [seeds(trace, 0, tape.outputs.length)];
  for (let k = tape.length - 1; k >= tape.inputNames.length; k--)
    if (reached[k]) groups.push(contributionsOf(trace, tape.entry(k)));
  const totals = new Map<number, number>();
  for (const { target } of groups.flat()) totals.set(target, (totals.get(target) ?? 0) + 1);
  const seen = new Map<number, number>();
  const name = (target: number) => {
    const count = seen.get(target) ?? 0;
    seen.set(target, count + 1);
    return totals.get(target) === 1 ? adjointName(target) : adjointName(target, count);
  };
  const lines: Line[] = [];
  const flush = (target: number) => {
    const total = totals.get(target) ?? 0;
    if (total > 1) lines.push(sumLine(trace, target, total));
  };
  // Group 0 holds the seeds; the others follow the entries from the last to the first.
  lines.push(...groups[0].map(({ target, line }) => line(name(target))));
  let g = 1;
  for (let k = tape.length - 1; k >= tape.inputNames.length; k--) {
    if (!reached[k]) continue;
    flush(k);
    lines.push(...groups[g++].map(({ target, line }) => line(name(target))));
  }
  for (let k = 0; k < tape.inputNames.length; k++) {
    if (totals.has(k)) flush(k);
    else lines.push(unusedLine(tape, k));
  }
  return lines;
}

function linesOfLong(trace: ReverseTrace): Line[] {
  const { tape, adjoints } = trace;
  const n = tape.inputNames.length;
  const p = tape.outputs.length;
  const headStart = Math.max(n, tape.length - headLength);
  const tailEnd = Math.min(headStart, n + tailLength);
  const plus = ({ target, line }: Contribution) => line(formula(adjointName(target), " +="));
  const sweep = (from: number, to: number) => {
    const lines: Line[] = [];
    for (let k = from - 1; k >= to; k--)
      if (adjoints[k] !== 0) lines.push(...contributionsOf(trace, tape.entry(k)).map(plus));
    return lines;
  };
  const shownSeeds = Math.min(p, endsShown);
  const shownInputs = Math.min(n, endsShown);
  return [
    ...seeds(trace, 0, shownSeeds).map(plus),
    ...(p > shownSeeds ? [gapOf(p - shownSeeds, "outputs")] : []),
    ...sweep(tape.length, headStart),
    ...(headStart > tailEnd ? [gapOf(headStart - tailEnd, "entries")] : []),
    ...sweep(tailEnd, n),
    ...Array.from({ length: shownInputs }, (_, k) => sumLine(trace, k)),
    ...(n > shownInputs ? [gapOf(n - shownInputs, "inputs")] : []),
  ];
}

/** Which entries some output depends on. */
function reachedFromOutputs(tape: Tape): boolean[] {
  const reached = new Array<boolean>(tape.length).fill(false);
  for (const output of tape.outputs) if (isEntry(output)) reached[output.entry] = true;
  for (let k = tape.length - 1; k >= tape.inputNames.length; k--)
    if (reached[k])
      for (const operand of tape.entry(k).operands) if (isEntry(operand)) reached[operand.entry] = true;
  return reached;
}

function seeds({ tape, seed }: ReverseTrace, from: number, to: number): Contribution[] {
  return tape.outputs.slice(from, to).flatMap((output, i) => {
    if (!isEntry(output)) return [];
    const j = from + i;
    const left = formula(outputName(tape, j), " = ", variable(output.entry));
    return [{ target: output.entry, line: (name) => [inline(name), inline(left), "seed", "", "", seed[j]] }];
  });
}

function contributionsOf({ tape, adjoints }: ReverseTrace, entry: Entry): Contribution[] {
  const n = tape.inputNames.length;
  const partials = partialsOf(tape, entry);
  const active = entry.operands.flatMap((operand, j) =>
    isEntry(operand) ? [{ target: operand.entry, j }] : [],
  );
  const computed = active.filter(({ target }) => target >= n).sort((a, b) => b.target - a.target);
  const inputs = active.filter(({ target }) => target < n).sort((a, b) => a.target - b.target);
  const bar = adjointName(entry.index);
  return [...computed, ...inputs].map(({ target, j }) => {
    const symbolic = partials[j];
    const number = numberMaths(entry.partials[j]);
    const local = formula(partialName(entry.index, target), " = ", symbolic);
    return {
      target,
      line: (name) => [
        inline(name),
        inline(formula(variable(entry.index), " = ", operationOf(tape, entry))),
        inline(
          formula(
            productMaths(bar, symbolic, true),
            " = ",
            numberMaths(adjoints[entry.index]),
            " · ",
            asFactor(number),
          ),
        ),
        inline(symbolic.text === number.text ? local : formula(local, " = ", number)),
        lookedUp(tape, entry, j),
        strongProduct(entry.partials[j], adjoints[entry.index]),
      ],
    };
  });
}

/** The values that a local partial reads from the forward pass. */
function lookedUp(tape: Tape, entry: Entry, j: number): Rich {
  const indices = new Set<number>();
  for (const residual of residualsOf(entry, j)) {
    const operand = residual === "result" ? { entry: entry.index } : entry.operands[residual];
    if (isEntry(operand)) indices.add(operand.entry);
  }
  return listed(
    [...indices].map((k) => inline(formula(variable(k), " = ", numberMaths(tape.entry(k).value)))),
  );
}

/** The adjoint as the sum of its contributions; how many, when they are all known. */
function sumLine({ tape, adjoints }: ReverseTrace, target: number, total?: number): Line {
  const left =
    target < tape.inputNames.length ? inline(formula(variable(target), " = ", inputName(tape, target))) : "";
  const parts =
    total === undefined
      ? "sum of its contributions"
      : total <= 8
        ? inline(sumMaths(Array.from({ length: total }, (_, c) => adjointName(target, c))))
        : inline(
            formula(
              adjointName(target, 0),
              " + ",
              adjointName(target, 1),
              " + … + ",
              adjointName(target, total - 1),
            ),
          );
  return [inline(adjointName(target)), left, parts, "", "", adjoints[target]];
}

function unusedLine(tape: Tape, k: number): Line {
  return [
    inline(adjointName(k)),
    inline(formula(variable(k), " = ", inputName(tape, k))),
    concat(inline(functionName(tape)), " does not depend on it"),
    "",
    "",
    0,
  ];
}

function gradientNote({ tape, seed, adjoints }: ReverseTrace): Rich {
  const scalar = tape.outputs.length === 1 && seed[0] === 1;
  return listedInPart(tape.inputNames.length, (k) => {
    const bar = adjointName(k);
    const left = scalar ? formula("∂", functionName(tape), "/∂", inputName(tape, k), " = ", bar) : bar;
    return inline(formula(left, " = ", fullNumber(adjoints[k])));
  });
}
