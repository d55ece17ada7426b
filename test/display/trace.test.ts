/**
 * Evaluation trace, forward trace and adjoint table: the lecture's example to the letter, and what is not in the lecture:
 * many contributions, several outputs, inputs without use, tapes of ten million entries.
 */
import assert from "node:assert/strict";
import { reverseBundle } from "#lib/display/adjoint.js";
import { forwardBundle, tapeBundle } from "#lib/display/trace.js";
import { type Entry, ForwardTrace, ReverseTrace, Tape } from "#lib/tape/tape.js";
import { matchesSnapshot } from "./snapshots.ts";
import { lecture, tapeOf } from "./tapes.ts";

const text = (bundle: Record<string, unknown>) => bundle["text/plain"] as string;
/** The cells of a plain-text table, row by row. */
const cells = (bundle: Record<string, unknown>) =>
  text(bundle)
    .split("\n")
    .map((line) => line.split(/ {2,}/).map((cell) => cell.trim()));

// Division, functions, powers, ties and several operands: everything that formulas are made of.
const formulas = tapeOf(
  { a: 1.5, b: 0.5 },
  [
    ["div", 0, 1],
    ["sin", 2],
    ["exp", 1],
    ["add", 3, 2],
    ["sub", 5, 4],
    ["sub", 2, 4],
    ["mul", 6, 7],
    ["pow", 8, { constant: 2 }],
    ["neg", 9],
    ["hypot", 10, 8, { constant: 3 }],
    ["max", 0, 1],
    ["tanh", 12],
    ["sqrt", 12],
    ["mul", { constant: -2 }, 13],
    ["mul", 14, 15],
    ["add", 16, 11],
  ],
  { name: "g_1" },
);

describe("the evaluation trace", () => {
  it("shows the lecture's example", () => {
    const bundle = tapeBundle(lecture);
    matchesSnapshot("trace.txt", bundle["text/plain"]);
    matchesSnapshot("trace.html", bundle["text/html"]);
    matchesSnapshot("trace.tex", bundle["text/latex"]);
    assert.match(text(bundle), /f = w5 = 6\.909297426825682/);
  });

  it("writes each operation as its row of the table does", () => {
    matchesSnapshot("formulas.txt", text(tapeBundle(formulas)));
    matchesSnapshot("formulas.tex", tapeBundle(formulas)["text/latex"]);
  });

  it("names an operation that the table lacks", () => {
    const [first, second] = [lecture.entry(0), lecture.entry(1)];
    const custom: Entry = {
      index: 2,
      operation: "my rule",
      value: 7,
      operands: [{ entry: 0 }, { entry: 1 }],
      partials: [1, 2],
    };
    const tape = new Tape({
      ...{ name: "f", inputNames: ["x1", "x2"], length: 3, bytes: 0 },
      entry: (k) => [first, second, custom][k],
      outputs: [{ entry: 2 }],
      outputNames: [""],
    });
    assert.match(text(tapeBundle(tape)), /w3 +my rule\(w1, w2\) +7/);
    assert.match(text(reverseBundle(tape.reverse())), /w̄3 · ∂w3\/∂w2/);
  });

  it("escapes names of functions and inputs", () => {
    const tape = tapeOf({ "a<b>": 1, "p.max_w[0]": 2 }, [["add", 0, 1]], { name: "f_&" });
    const bundle = tapeBundle(tape);
    assert.match(bundle["text/html"] as string, /a&lt;b&gt;/);
    assert.match(bundle["text/latex"] as string, /\\mathit\{f\\_\\&\}/);
    assert.match(bundle["text/latex"] as string, /\\mathit\{p\.max\\_w\[0\]\}/);
  });
});

describe("the forward trace", () => {
  it("has tangent, formula and looked-up numbers for the seed (1, 0) and for (0, 1)", () => {
    const first = forwardBundle(lecture.forward([1, 0]));
    matchesSnapshot("forward.txt", first["text/plain"]);
    matchesSnapshot("forward.html", first["text/html"]);
    matchesSnapshot("forward.tex", first["text/latex"]);
    assert.match(text(first), /∂f\/∂x1 = ẇ5 = 2\.5838531634528574/);
    assert.match(text(forwardBundle(lecture.forward([0, 1]))), /∂f\/∂x2 = ẇ5 = 2$/);
  });

  it("says what another seed gives", () => {
    assert.match(
      text(forwardBundle(lecture.forward([0.5, -1]))),
      /derivative of f along the seed: ẇ5 = -0\.708/,
    );
  });

  it("writes partials by formula", () => {
    matchesSnapshot("formulas-forward.txt", text(forwardBundle(formulas.forward([1, 0]))));
  });
});

describe("the adjoint table", () => {
  it("has the lecture's lines in the lecture's order", () => {
    const bundle = reverseBundle(lecture.reverse());
    const lines = cells(bundle).slice(4, 11);
    assert.deepEqual(
      lines.map(([adjoint, , contribution]) => [adjoint, contribution.split(" = ")[0]]),
      [
        ["w̄5", "seed"],
        ["w̄4", "w̄5 · 1"],
        ["w̄3", "w̄5 · 1"],
        ["w̄1ᵃ", "w̄4 · cos w1"],
        ["w̄1ᵇ", "w̄3 · w2"],
        ["w̄2", "w̄3 · w1"],
        ["w̄1", "w̄1ᵃ + w̄1ᵇ"],
      ],
    );
    assert.deepEqual(
      lines.map((line) => Number(line.at(-1))),
      [1, 1, 1, -0.4161468365471424, 3, 2, 2.5838531634528574],
    );
    matchesSnapshot("adjoints.txt", bundle["text/plain"]);
    matchesSnapshot("adjoints.html", bundle["text/html"]);
    matchesSnapshot("adjoints.tex", bundle["text/latex"]);
  });

  it("says which stored values each line looked up", () => {
    const lines = cells(reverseBundle(lecture.reverse()));
    assert.deepEqual(lines.find(([name]) => name === "w̄1ᵇ")?.at(-2), "w2 = 3");
    assert.deepEqual(lines.find(([name]) => name === "w̄2")?.at(-2), "w1 = 2");
  });

  it("sums an inner entry's contributions when the sweep reaches it", () => {
    matchesSnapshot("formulas-adjoints.txt", text(reverseBundle(formulas.reverse())));
  });

  it("tells the two uses in a square apart", () => {
    const lines = cells(reverseBundle(tapeOf({ x: 3 }, [["mul", 0, 0]]).reverse())).map(([name]) => name);
    assert.deepEqual(lines.slice(4, 8), ["w̄2", "w̄1ᵃ", "w̄1ᵇ", "w̄1"]);
  });

  it("has marks for more contributions than letters", () => {
    const shown = (count: number) => {
      const tape = tapeOf(
        { x: 1 },
        Array.from({ length: count }, () => ["sin", 0] as const),
        {
          outputs: Array.from({ length: count }, (_, k) => ({ entry: k + 1 })),
          outputNames: Array.from({ length: count }, (_, k) => `[${k}]`),
        },
      );
      return text(reverseBundle(tape.reverse(new Array(count).fill(1))));
    };
    assert.match(shown(20), /w̄1 .*w̄1ᵃ \+ w̄1ᵇ \+ … \+ w̄1ᵘ/);
    assert.match(shown(30), /w̄1⁽³⁰⁾/);
  });

  it("shows seeds of several outputs, an output that is also used, and inputs without use", () => {
    const tape = tapeOf(
      { x: 2, y: 5, z: 1 },
      [
        ["mul", 0, 1],
        ["sin", 3],
      ],
      {
        outputs: [{ entry: 3 }, { entry: 4 }, { constant: 4 }],
        outputNames: ["[0]", "[1]", "[2]"],
      },
    );
    const shown = text(reverseBundle(tape.reverse([1, 10, 0])));
    assert.match(shown, /w̄4ᵃ +f\[0\] = w4 +seed/);
    assert.match(shown, /w̄4ᵇ +w5 = sin w4/);
    assert.match(shown, /w̄4 +w̄4ᵃ \+ w̄4ᵇ/);
    assert.match(shown, /w̄3 +w3 = z +f does not depend on it +0/);
    assert.match(text(tapeBundle(tape)), /f\[2\] = 4, whatever the inputs/);
  });
});

describe("a tape of ten million entries", () => {
  const length = 1e7;
  let read = 0;
  const tape = new Tape({
    name: "long",
    inputNames: ["x"],
    length,
    entry: (index) => {
      read++;
      return index === 0
        ? { index, operation: "input", value: 1, operands: [], partials: [] }
        : { index, operation: "sin", value: 1 / index, operands: [{ entry: index - 1 }], partials: [0.5] };
    },
    outputs: [{ entry: length - 1 }],
    outputNames: [""],
    bytes: 0,
  });
  const ones = new Float64Array(length).fill(1);
  const shown = {
    trace: () => tapeBundle(tape),
    forward: () => forwardBundle(new ForwardTrace(tape, Float64Array.of(1), ones)),
    adjoints: () => reverseBundle(new ReverseTrace(tape, Float64Array.of(1), ones)),
  };
  for (const [name, show] of Object.entries(shown))
    it(`is shown from both ends, reading a few entries: ${name}`, () => {
      read = 0;
      const bundle = show();
      assert.ok(read < 1000, `${read} entries read`);
      assert.match(text(bundle), /… 9\u202f999\u202f9\d\d more entries …/);
    });

  it("writes contributions as additions where their companions are not shown", () => {
    const bundle = shown.adjoints();
    assert.match(text(bundle), /w̄9999999 \+=/);
    assert.match(text(bundle), /\+= adds one of several contributions/);
  });
});
