/**
 * Plots as MIME bundles.
 *
 * What: `plotBundle`, a vega-lite specification as itself (for front ends that draw it) and as a PNG drawn by vega (for
 * those that don't). Why: JupyterLab draws vega-lite up to version 5, classic Notebook and printed pages draw none.
 * Data must stand in the specification: a notebook shows the same without any network.
 * Reference: https://vega.github.io/vega-lite/docs/spec.html
 */
import { type MimeBundle, metadataSymbol } from "../showable.ts";
import { type Picture, rasterize } from "./picture.ts";

/** A vega-lite specification: a plain JSON object. */
export type PlotSpec = Readonly<Record<string, unknown>>;

const schema = "https://vega.github.io/schema/vega-lite/v5.json";

/**
 * The bundle of a vega-lite plot: the specification under the v5 type, a PNG of it, and a line of text.
 * @param alt what the plot shows, for those who can't see it; its description or title by default.
 */
export async function plotBundle(spec: PlotSpec, alt?: string): Promise<MimeBundle> {
  const complete = completeSpec(spec);
  const { png, width, height } = await plotPicture(spec);
  const words = alt ?? describePlot(spec);
  return {
    "application/vnd.vegalite.v5+json": complete,
    "image/png": png,
    "text/plain": words,
    [metadataSymbol]: { "image/png": { width, height, alt: words } },
  };
}

/** The same plot as a picture alone. */
export async function plotPicture(spec: PlotSpec): Promise<Picture> {
  return rasterize(await plotSvg(spec));
}

/** The plot's SVG, drawn by vega. */
export async function plotSvg(spec: PlotSpec): Promise<string> {
  const vegaLite = await import("vega-lite");
  const vega = await import("vega");
  const refuse = async (uri: string): Promise<never> => {
    throw new Error(
      `plot data must stand in the specification, got the address ${uri}; use data: { values: [...] }`,
    );
  };
  const { $schema: _version, ...body } = completeSpec(spec);
  const compiled = vegaLite.compile(body as never);
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: "none",
    loader: {
      load: refuse,
      sanitize: refuse,
      http: refuse,
      file: refuse,
    } as never,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function completeSpec(spec: PlotSpec): PlotSpec {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec))
    throw new Error("a plot expects a vega-lite specification, an object; got something else");
  for (const uri of dataAddresses(spec))
    throw new Error(
      `plot data must stand in the specification, got the address ${uri}; use data: { values: [...] }`,
    );
  return JSON.parse(JSON.stringify({ ...spec, $schema: schema }));
}

function* dataAddresses(node: unknown): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "values") continue;
    if (key === "data" && typeof value?.url === "string") yield value.url;
    yield* dataAddresses(value);
  }
}

/** What a plot shows: its description, or else its title. */
export function describePlot(spec: PlotSpec): string {
  const title =
    typeof spec.title === "string" ? spec.title : (spec.title as { text?: string } | undefined)?.text;
  return String(spec.description ?? title ?? "plot");
}
