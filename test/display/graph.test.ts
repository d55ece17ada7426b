/**
 * The evaluation graph: its SVG, its PNG with size and alternative text, letters without any font of the machine.
 */
import assert from "node:assert/strict";
import { Resvg } from "@resvg/resvg-js";
import { graphBundle, graphSvg } from "#lib/display/graph.js";
import { variable } from "#lib/display/names.js";
import { rasterize } from "#lib/display/picture.js";
import { widthOf } from "#lib/display/svg-text.js";
import { metadataSymbol } from "#lib/showable.js";
import { matchesSnapshot } from "./snapshots.ts";
import { lecture, tapeOf } from "./tapes.ts";

describe("the evaluation graph", () => {
  it("of the lecture's example is drawn as when last looked at", async () => {
    matchesSnapshot("graph.svg", await graphSvg(lecture.graph()));
  });

  it("has value and adjoint at each node and a partial on each edge", async () => {
    const svg = await graphSvg(lecture.graph());
    const words = svg.replace(/<tspan[^>]*>|<\/tspan>/g, "").match(/(?<=<text[^>]*>)[^<]+/g) ?? [];
    for (const word of [
      "w1 = x1",
      "w4 = sin w1",
      "f = w5 = w3 + w4",
      "6.9093",
      "w̄1 = 2.58385",
      "cos w1",
      "−0.416147",
    ])
      assert.ok((words as string[]).includes(word), `${word} is missing among ${words.join(" | ")}`);
    assert.equal(svg.match(/<path [^>]*fill="none"/g)?.length, 5);
  });

  it("sends a PNG at twice its size with that size and words beside it", async () => {
    const bundle = await graphBundle(lecture.graph());
    assert.deepEqual(Object.keys(bundle), ["image/png", "text/plain"]);
    const png = Buffer.from(bundle["image/png"] as string, "base64");
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const metadata = (bundle as never as Record<symbol, Record<string, unknown>>)[metadataSymbol][
      "image/png"
    ] as {
      width: number;
      height: number;
      alt: string;
    };
    assert.equal(png.readUInt32BE(16), 2 * metadata.width);
    assert.equal(png.readUInt32BE(20), 2 * metadata.height);
    assert.match(metadata.alt, /Evaluation graph of f at x1 = 2, x2 = 3/);
    assert.match(
      bundle["text/plain"] as string,
      /w4 = sin w1 = 0\.9092974268256817, w̄4 = 1; ∂w4\/∂w1 = -0\.416147/,
    );
  });

  it("draws both uses in a square", async () => {
    const svg = await graphSvg(tapeOf({ x: 3 }, [["mul", 0, 0]]).graph());
    assert.equal(svg.match(/<path [^>]*fill="none"/g)?.length, 2);
  });

  it("has no adjoints for several outputs", async () => {
    const tape = tapeOf(
      { x: 3 },
      [
        ["sin", 0],
        ["cos", 0],
      ],
      {
        outputs: [{ entry: 1 }, { entry: 2 }],
        outputNames: ["[0]", "[1]"],
      },
    );
    const svg = await graphSvg(tape.graph());
    assert.doesNotMatch(svg, /w̄/);
  });

  it("of a long tape shows both ends and counts the rest", async () => {
    const tape = tapeOf(
      { x: 2 },
      Array.from({ length: 300 }, (_, k) => (k % 2 ? (["sin", k] as const) : (["mul", k, 0] as const))),
    );
    const svg = await graphSvg(tape.graph());
    assert.match(svg, /… 285 more entries …/);
    assert.equal(svg.match(/<rect [^>]*rx="9"/g)?.length, 17);
  });
});

describe("pictures", () => {
  const label =
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30"><text x="5" y="20" font-family="FAMILY" font-size="16">w̄₁ᵃ ẇ ∂</text></svg>';
  const ink = (pixels: Uint8Array) => pixels.filter((value, k) => k % 4 === 0 && value < 128).length;

  for (const family of ["DejaVu Serif", "sans-serif", "No Such Font, serif", "monospace"])
    it(`have letters whatever fonts the machine has: ${family}`, async () => {
      const { png } = await rasterize(label.replace("FAMILY", family));
      const image = new Resvg(
        `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="240" height="60"><image width="240" height="60" xlink:href="data:image/png;base64,${png}"/></svg>`,
      ).render();
      assert.ok(ink(image.pixels) > 100, "no ink");
    });

  it("would have none without the fonts that come along", () => {
    const bare = new Resvg(label.replace("FAMILY", "DejaVu Serif"), {
      background: "white",
      font: { loadSystemFonts: false },
    });
    assert.equal(ink(bare.render().pixels), 0);
  });

  it("measure text about as wide as it is drawn", () => {
    const drawn = new Resvg(
      '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40"><text x="0" y="20" font-family="DejaVu Serif" font-size="20">Mathematics, 1234567890 = w</text></svg>',
      { font: { loadSystemFonts: false, fontFiles: ["node_modules/dejavu-fonts-ttf/ttf/DejaVuSerif.ttf"] } },
    ).getBBox()!;
    const text = "Mathematics, 1234567890 = w";
    const measured = widthOf({ text, html: text, math: text }, 20);
    assert.ok(
      Math.abs(measured - drawn.width) < 0.05 * drawn.width,
      `${measured} measured, ${drawn.width} drawn`,
    );
    assert.ok(widthOf(variable(2), 20) < 40);
  });
});
