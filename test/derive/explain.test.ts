/**
 * explain: which engine serves a function, its program, or the place that keeps it from one; and the display.
 */
import assert from "node:assert/strict";
import { Explanation, explain, grad, WengertError } from "wengert";
import { highlighted, tokenized } from "#lib/display/code.js";
import { explanationBundle } from "#lib/display/explain.js";
import { matchesSnapshot } from "../display/snapshots.ts";

const rate = 0.1;

function rosenbrock(x: readonly number[], a: number): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const d: number = x[i + 1] - x[i] ** 2;
    sum += a * d * d + rate * (1 - x[i]) ** 2;
  }
  return sum;
}
const step = (s: number, x: number) => Math.tanh(s + x);
const chain = (xs: number[]) => {
  let s = 0;
  for (const x of xs) s = step(s, x);
  return s;
};
const viaMap = (x: number) => {
  const slopes = new Map([["a", x]]);
  return (slopes.get("a") as number) * x;
};
const outer = (x: number) => viaMap(x) + 1;

describe("explain", () => {
  it("gives the program beside the function as it was written", () => {
    const why = explain(rosenbrock)([1, 2, 3], 100);
    assert.equal(why.engine, "program");
    assert.equal(why.mode, "gradient");
    assert.deepEqual(why.kinds, ["number[]", "number"]);
    assert.match(
      why.primal?.text ?? "",
      /^function rosenbrock\(x: readonly number\[\], a: number\): number \{\n {2}let/,
    );
    assert.match(why.primal?.text ?? "", /return sum;\n\}$/);
    assert.match(why.source ?? "", /^function rosenbrockGradient\(x, a, rate\) \{/);
    assert.equal(why.obstacle, null);
    assert.match(String(why), /^rosenbrock is served by a derivative program: /);
  });

  it("quotes the line of the function above what comes of it backwards", () => {
    const { source } = explain(chain)([1, 2]);
    assert.match(source ?? "", /^ {4}\/\/ s = step\(s, x\)\n {4}const w2Bar/m);
    assert.match(explain(rosenbrock)([1], 1).source ?? "", /\/\/ d = x\[i \+ 1\] - x\[i\] \*\* 2\n/);
    assert.match(explain(chain)([1, 2]).source ?? "", /^function chainGradient/);
  });

  it("writes the same text for the same kinds", () => {
    assert.equal(explain(rosenbrock)([1, 2, 3], 100).source, explain(rosenbrock)([4, 5], 6).source);
  });

  it("shows pullbacks of lists, and pushforwards", () => {
    const lists = explain((x: number) => [x, x * x])(3);
    assert.deepEqual([lists.engine, lists.mode], ["program", "pullback"]);
    const forward = explain(chain, { mode: "forward" })([1, 2]);
    assert.equal(forward.mode, "pushforward");
    assert.match(forward.source ?? "", /^function chainTangent\(xs, xsDot\)/);
    assert.throws(() => explain(chain, { mode: "sideways" as never }), /explain has no mode "sideways"/);
  });

  it("names the construct, the place in the user's lines and the way out", () => {
    const why = explain(viaMap)(3);
    assert.equal(why.engine, "tape");
    assert.equal(why.source, null);
    const { obstacle } = why;
    assert.match(obstacle?.construct ?? "", /Map/);
    assert.ok(obstacle?.wayOut && obstacle.place && obstacle.line);
    assert.equal(obstacle.line.slice(obstacle.place.column - 1).startsWith("Map("), true, obstacle.line);
    assert.match(why.reason, new RegExp(`\\(${obstacle.place.line}:${obstacle.place.column}\\)$`));
    // the place of a function that is called
    assert.deepEqual(explain(outer)(3).obstacle?.place, obstacle.place);
    assert.throws(
      () => grad(viaMap, { engine: "program" })(3),
      (error: unknown) => error instanceof WengertError && error.message.includes(`${obstacle.place?.line}:`),
    );
  });

  it("says so when a program gives up, and the tape is asked for", () => {
    const third = explain((x: number[]) => x[3] * 2)([1]);
    assert.equal(third.engine, "tape");
    assert.match(third.reason, /gives up/);
    const log = explain((x: number) => {
      if (x < 0) throw new RangeError("negative");
      return Math.log(x);
    });
    assert.equal(log(2).engine, "program");
    assert.equal(log(-2).engine, "tape");
    assert.match(explain(chain, { engine: "tape" })([1]).reason, /engine: "tape"/);
    assert.match(explain(chain)([]).reason, /holds no number/);
  });

  it("leaves the function unrun", () => {
    let runs = 0;
    explain((x: number) => {
      runs++;
      return x;
    })(1);
    assert.equal(runs, 0);
  });

  it("reports an error of the function at the user's own line", () => {
    const checked = (x: number) => {
      if (x < 0) throw new RangeError("negative");
      return Math.log(x);
    };
    assert.equal(grad(checked)(2), 0.5);
    assert.throws(
      () => grad(checked)(-2),
      (error: Error) => error instanceof RangeError && /explain\.test\.ts:\d+:\d+/.test(error.stack ?? ""),
    );
    const line = /explain\.test\.ts:(\d+)/.exec(stackOf(() => grad(checked)(-2)))?.[1];
    assert.equal(line, /explain\.test\.ts:(\d+)/.exec(stackOf(() => checked(-2)))?.[1]);
  });
});

function stackOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).stack ?? "";
  }
  return "";
}

describe("the display of an explanation", () => {
  const bundles = {
    program: explanationBundle(explain(rosenbrock)([1, 2, 3], 100)),
    refusal: explanationBundle(explain(viaMap)(3)),
  };

  it("is HTML, LaTeX and text, without script or style sheet", () => {
    for (const bundle of Object.values(bundles)) {
      assert.deepEqual(Object.keys(bundle), ["text/html", "text/latex", "text/plain"]);
      assert.doesNotMatch(bundle["text/html"] as string, /<script|<svg|<style|https?:|on\w+=/);
    }
  });

  it("holds what it held when last looked at", () => {
    // texts that stay as they are, whatever programs look like
    const primal = { text: "const half = (x: number) => x / 2; // < 1", file: "half.ts", line: 7 };
    const program = "function halfGradient(x) {\n  return { value: x / 2, gradient: [0.5] };\n}";
    const fixed = explanationBundle(
      new Explanation("half", "program", "gradient", "it can", ["number"], primal, program, null),
    );
    matchesSnapshot("explain.html", fixed["text/html"]);
    matchesSnapshot("explain.tex", fixed["text/latex"]);
    matchesSnapshot("explain.txt", fixed["text/plain"]);
  });

  it("holds the program that it held when last looked at", () => {
    matchesSnapshot("explain-program.txt", bundles.program["text/plain"]);
  });

  it("marks the place of a refusal", () => {
    assert.match(bundles.refusal["text/html"] as string, /<mark [^>]+> {2}<span[^>]*>const<\/span> slopes/);
    const lines = (bundles.refusal["text/plain"] as string).split("\n");
    const at = lines.findIndex((line) => /^ *\^$/.test(line));
    assert.equal(lines[at - 1].slice(lines[at].length - 1).startsWith("Map("), true);
  });

  it("takes its colours from JupyterLab's variables, with fallbacks", () => {
    for (const [declaration] of (bundles.program["text/html"] as string).matchAll(
      /(?:color|background): [^;"]+/g,
    ))
      assert.match(declaration, /var\(--jp-[\w-]+, [^)]+\)|inherit|transparent/);
  });

  it("tells words, numbers, texts and comments apart, and escapes them", () => {
    const found = [...tokenized('const a1 = x.of + 1.5e-3; // if "b"\n`<${c}>` < 2')].filter(
      ({ token }) => token,
    );
    assert.deepEqual(
      found.map(({ text, token }) => [text, token]),
      [
        ["const", "keyword"],
        ["1.5e-3", "number"],
        ['// if "b"', "comment"],
        ["`<${c}>`", "string"],
        ["2", "number"],
      ],
    );
    assert.doesNotMatch(highlighted("a < b && '<script>'"), /<script|a < b/);
    assert.match(highlighted("a\nb\nc", 1), /^a\n<mark[^>]*>b<\/mark>\nc$/);
  });
});
