/**
 * Tables: three formats of one content, escapes, alignment, long tables by both ends.
 */
import assert from "node:assert/strict";
import { numberCell, numberMaths, shortNumber } from "#lib/display/numbers.js";
import { displayWidth, escapeHtml, escapeLatex, pad } from "#lib/display/rich.js";
import { tableBundle } from "#lib/display/table.js";
import { matchesSnapshot } from "./snapshots.ts";

describe("tables", () => {
  const bundle = tableBundle({
    caption: "Cost & <error> of 50% #1",
    columns: ["way", { header: "x_1", align: "right" }],
    rows: [
      ["<script>alert('&')</script>", 2 / 3],
      ["a\\b {c} ~d^ $5", -1.5e-9],
    ],
    note: '"quoted" _note_',
  });

  it("send HTML, a LaTeX tabular and plain text, nothing else", () => {
    assert.deepEqual(Object.keys(bundle), ["text/html", "text/latex", "text/plain"]);
  });

  it("hold what they held when last looked at", () => {
    matchesSnapshot("table.html", bundle["text/html"]);
    matchesSnapshot("table.tex", bundle["text/latex"]);
    matchesSnapshot("table.txt", bundle["text/plain"]);
  });

  it("escape what HTML and LaTeX read as their own", () => {
    const html = bundle["text/html"] as string;
    assert.doesNotMatch(html, /<script|<svg|<style|https?:/);
    assert.match(html, /&lt;script&gt;alert\(&#39;&amp;&#39;\)&lt;\/script&gt;/);
    assert.match(html, /<th scope="col"/);
    assert.match(html, /<th scope="row"/);
    assert.match(html, /<caption/);
    assert.equal(escapeHtml(`<&>"'`), "&lt;&amp;&gt;&quot;&#39;");
    assert.equal(
      escapeLatex("\\ {} $ & # _ % ~ ^ < >"),
      "\\textbackslash{} \\{\\} \\$ \\& \\# \\_ \\% \\textasciitilde{} \\textasciicircum{} \\textless{} \\textgreater{}",
    );
  });

  it("take only JupyterLab's variables with fallbacks for colours", () => {
    for (const [declaration] of (bundle["text/html"] as string).matchAll(/color: [^;"]+/g))
      assert.match(declaration, /var\(--jp-[\w-]+, (inherit|rgba\(128, 128, 128)/);
  });

  it("align letters with marks over them", () => {
    assert.equal(displayWidth("w̄1ᵃ"), 3);
    assert.equal(displayWidth("ẇ"), 1);
    assert.equal(displayWidth("漢字"), 4);
    assert.equal(pad("w̄", 3, "right"), "  w̄");
    const text = tableBundle({
      columns: ["a", "b"],
      rows: [
        ["w̄1", "x"],
        ["w12", "y"],
      ],
    })["text/plain"] as string;
    const [, , first, second] = text.split("\n");
    assert.equal(displayWidth(first.slice(0, first.indexOf("x"))), second.indexOf("y"));
  });

  it("ask for the rows they show, and count the others", () => {
    const asked: number[] = [];
    const text = tableBundle({
      columns: ["k"],
      rows: { length: 1e7, row: (k) => [asked.push(k) && `row ${k}`] },
      limit: 6,
      unit: "entries",
    })["text/plain"] as string;
    assert.deepEqual(asked, [0, 1, 2, 3, 9999998, 9999999]);
    assert.match(text, /… 9\u202f999\u202f994 more entries …/);
  });
});

describe("numbers", () => {
  it("have six digits in formulas and on pages", () => {
    assert.equal(shortNumber(6.909297426825682), "6.9093");
    assert.equal(shortNumber(-0.4161468365471424), "-0.416147");
    assert.equal(shortNumber(123456789), "123456789");
    assert.equal(shortNumber(1234567.891), "1234568");
    assert.equal(shortNumber(1.5e-9), "1.5e-9");
    assert.equal(shortNumber(1e22), "1e22");
    assert.equal(shortNumber(0), "0");
  });

  it("are full in plain text and rest full behind the page's", () => {
    const cell = numberCell(2.5838531634528574);
    assert.equal(cell.text, "2.5838531634528574");
    assert.equal(cell.html, '<span title="2.5838531634528574">2.58385</span>');
    assert.equal(cell.latex, "$2.58385$");
  });

  it("show powers of ten, infinities and NaN as mathematics does", () => {
    assert.deepEqual(numberMaths(-2.5e-7), {
      text: "-2.5e-7",
      html: "−2.5·10<sup>−7</sup>",
      math: "-2.5\\cdot 10^{-7}",
    });
    assert.deepEqual(numberMaths(1e-8), { text: "1e-8", html: "10<sup>−8</sup>", math: "10^{-8}" });
    assert.equal(numberMaths(-Infinity).math, "-\\infty");
    assert.equal(numberMaths(Number.NaN).text, "NaN");
  });
});
