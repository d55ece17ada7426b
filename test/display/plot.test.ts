/**
 * Plots: the bundle of a vega-lite specification, data inline, no address followed.
 */
import assert from "node:assert/strict";
import { plotBundle, plotSvg } from "#lib/display/plot.js";
import { metadataSymbol } from "#lib/showable.js";

const spec = {
  title: "Squares",
  data: {
    values: [
      { x: 1, y: 1 },
      { x: 2, y: 4 },
    ],
  },
  mark: "line",
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};

describe("plots", () => {
  it("send vega-lite 5, a PNG of the same and a line of text", async () => {
    const bundle = await plotBundle(spec);
    assert.deepEqual(Object.keys(bundle), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
    const sent = bundle["application/vnd.vegalite.v5+json"] as typeof spec & { $schema: string };
    assert.equal(sent.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
    assert.deepEqual(sent.data, spec.data);
    assert.equal(bundle["text/plain"], "Squares");
    const png = Buffer.from(bundle["image/png"] as string, "base64");
    const { width, height } = (bundle as never as Record<symbol, Record<string, unknown>>)[metadataSymbol][
      "image/png"
    ] as {
      width: number;
      height: number;
    };
    assert.equal(png.readUInt32BE(16), 2 * width);
    assert.ok(height > 200);
  });

  it("leave the specification that they are given as it is", async () => {
    const before = JSON.stringify(spec);
    await plotBundle(spec);
    assert.equal(JSON.stringify(spec), before);
  });

  it("draw the data", async () => {
    assert.match(await plotSvg(spec), /mark-line/);
  });

  it("refuse data that stands elsewhere", async () => {
    await assert.rejects(
      plotBundle({ ...spec, data: { url: "data.csv" } }),
      /must stand in the specification.*data\.csv/,
    );
    const layered = { layer: [{ data: { url: "x.json" }, mark: "point" }] };
    await assert.rejects(plotBundle(layered), /x\.json/);
    await assert.rejects(plotBundle(null as never), /expects a vega-lite specification/);
  });
});
