/**
 * The evaluation trace and the forward trace.
 *
 * What: a tape as a table of variable, operation and value; with a seed, the tangent of each variable, its formula and
 * the numbers that the formula looks up. Why: the reader sees each node do "operation and calculus" at once.
 * Reference: Griewank & Walther, Evaluating Derivatives (2008), tables 1.2 and 3.2.
 */
import type { MimeBundle } from "../showable.ts";
import type { Entry, ForwardTrace, Tape } from "../tape/tape.ts";
import { operationOf, partialsOf, productMaths, sumMaths } from "./formula.ts";
import { functionName, inputName, isEntry, outputName, tangentName, variable } from "./names.ts";
import { fullNumber, numberMaths } from "./numbers.ts";
import { concat, formula, inline, type Maths, type Rich } from "./rich.ts";
import { type Cell, tableBundle } from "./table.ts";

/** The table of a tape. */
export function tapeBundle(tape: Tape): MimeBundle {
  return tableBundle({
    caption: concat("Evaluation trace of ", inline(functionName(tape)), atPoint(tape)),
    columns: ["variable", "operation", { header: "value", align: "right" }],
    rows: { length: tape.length, row: (k) => evaluationCells(tape, tape.entry(k)) },
    unit: "entries",
    note: outputsNote(tape),
  });
}

/** The table of a forward sweep: the tape's, and tangents. */
export function forwardBundle(trace: ForwardTrace): MimeBundle {
  const { tape, tangents } = trace;
  return tableBundle({
    caption: concat("Forward trace of ", inline(functionName(tape)), atPoint(tape), ", ", seedText(trace)),
    columns: [
      "variable",
      "operation",
      { header: "value", align: "right" },
      "tangent",
      "numbers looked up",
      { header: "value of the tangent", align: "right" },
    ],
    rows: {
      length: tape.length,
      row: (k) => {
        const entry = tape.entry(k);
        const { rule, numbers } = tangentRule(trace, entry);
        return [
          ...evaluationCells(tape, entry),
          inline(formula(tangentName(k), " = ", rule)),
          numbers === null ? "seed" : inline(numbers),
          tangents[k],
        ];
      },
    },
    unit: "entries",
    note: derivativeNote(trace),
  });
}

// The most inputs and outputs that captions and notes spell out.
const spelledOut = 4;

/** " at x1 = 2, x2 = 3", or how many inputs there are. */
export function atPoint(tape: Tape): Rich {
  const n = tape.inputNames.length;
  if (n > spelledOut) return concat(` at ${n} inputs`);
  const points = tape.inputNames.map((_, k) =>
    inline(formula(inputName(tape, k), " = ", numberMaths(tape.entry(k).value))),
  );
  return points.length ? concat(" at ", listed(points)) : concat("");
}

/** "a, b, c". */
export function listed(pieces: readonly Rich[]): Rich {
  return concat(...pieces.flatMap((piece, j) => (j ? [", ", piece] : [piece])));
}

/** Pieces one after another, and how many are left out past a handful. */
export function listedInPart(count: number, piece: (index: number) => Rich): Rich {
  const shown = Array.from({ length: Math.min(count, spelledOut) }, (_, j) => piece(j));
  return count > spelledOut ? concat(listed(shown), `, … (${count} in all)`) : listed(shown);
}

function evaluationCells(tape: Tape, entry: Entry): Cell[] {
  return [inline(variable(entry.index)), inline(operationOf(tape, entry)), entry.value];
}

function outputsNote(tape: Tape): Rich {
  return listedInPart(tape.outputs.length, (j) => {
    const output = tape.outputs[j];
    const left = outputName(tape, j);
    if (!isEntry(output))
      return concat(inline(formula(left, " = ", fullNumber(output.constant))), ", whatever the inputs");
    const value = fullNumber(tape.entry(output.entry).value);
    return inline(formula(left, " = ", variable(output.entry), " = ", value));
  });
}

function seedText({ tape, seed }: ForwardTrace): Rich {
  if (seed.length > spelledOut) {
    const ones = seed.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0);
    if (ones === 1) {
      const k = seed.findIndex((weight) => weight !== 0);
      return concat("seed ", inline(formula(tangentName(k), " = ", numberMaths(seed[k]))), ", the others 0");
    }
    return concat(`a seed of ${seed.length} numbers`);
  }
  return concat(
    "seed ",
    listed(tape.inputNames.map((_, k) => inline(formula(tangentName(k), " = ", numberMaths(seed[k]))))),
  );
}

/** The tangent of an entry: its formula, and the same with numbers (null for an input, whose tangent is the seed). */
function tangentRule(
  { tape, seed, tangents }: ForwardTrace,
  entry: Entry,
): { rule: Maths; numbers: Maths | null } {
  if (entry.index < tape.inputNames.length) return { rule: numberMaths(seed[entry.index]), numbers: null };
  const partials = partialsOf(tape, entry);
  const active = entry.operands.flatMap((operand, j) =>
    isEntry(operand) && partials[j].text !== "0" ? [{ operand, j }] : [],
  );
  if (active.length === 0) return { rule: numberMaths(0), numbers: numberMaths(0) };
  return {
    rule: sumMaths(active.map(({ operand, j }) => productMaths(tangentName(operand.entry), partials[j]))),
    numbers: sumMaths(
      active.map(({ operand, j }) =>
        productMaths(
          numberMaths(tangents[operand.entry]),
          numberMaths(entry.partials[j]),
          !/^-?1$/.test(partials[j].text),
        ),
      ),
    ),
  };
}

function derivativeNote({ tape, seed, tangents }: ForwardTrace): Rich {
  const first = seed.findIndex((weight) => weight !== 0);
  const unit = seed[first] === 1 && seed.every((weight, k) => weight === 0 || k === first) ? first : null;
  return listedInPart(tape.outputs.length, (j) => {
    const output = tape.outputs[j];
    const name = outputName(tape, j);
    const tangent = isEntry(output) ? [tangentName(output.entry), " = "] : [];
    const value = fullNumber(isEntry(output) ? tangents[output.entry] : 0);
    if (unit !== null)
      return inline(formula("∂", name, "/∂", inputName(tape, unit), " = ", ...tangent, value));
    return concat("derivative of ", inline(name), " along the seed: ", inline(formula(...tangent, value)));
  });
}
