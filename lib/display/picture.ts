/**
 * Drawings as MIME bundles.
 *
 * What: an SVG text turned into a PNG at twice the size, with its own fonts. Why: notebooks not yet trusted drop SVG
 * and nbconvert's LaTeX export fails on it, while a PNG shows everywhere; and a machine without any font must draw the
 * same letters as one with many, so the DejaVu family travels along. Reference: resvg, https://github.com/linebender/resvg.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type MimeBundle, metadataSymbol } from "../showable.ts";

/** Pixels per unit of the SVG: pictures stay sharp on dense screens. */
const zoom = 2;

/** A base64 PNG, with the size at which it is to be shown. */
export interface Picture {
  readonly png: string;
  readonly width: number;
  readonly height: number;
}

/** The families that pictures may name; each has its files in the package of the DejaVu fonts. */
export const families = {
  sans: "DejaVu Sans",
  serif: "DejaVu Serif",
  mono: "DejaVu Sans Mono",
} as const;

const fontFiles = [
  "DejaVuSans.ttf",
  "DejaVuSans-Bold.ttf",
  "DejaVuSans-Oblique.ttf",
  "DejaVuSerif.ttf",
  "DejaVuSerif-Italic.ttf",
  "DejaVuSansMono.ttf",
];

/** Draws an SVG. Fonts of the machine are looked at only for scripts that DejaVu lacks (CJK and beyond). */
export async function rasterize(svg: string): Promise<Picture> {
  const { Resvg } = await import("@resvg/resvg-js");
  const fonts = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
  const resvg = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: zoom },
    font: {
      loadSystemFonts: /[\u2e80-\ud7ff\uf900-\ufaff\u{20000}-\u{3ffff}]/u.test(svg),
      fontFiles: fontFiles.map((file) => join(fonts, file)),
      defaultFontFamily: families.sans,
      sansSerifFamily: families.sans,
      serifFamily: families.serif,
      monospaceFamily: families.mono,
    },
  });
  const image = resvg.render();
  return {
    png: image.asPng().toString("base64"),
    width: Math.round(image.width / zoom),
    height: Math.round(image.height / zoom),
  };
}

/** The bundle of a drawing: `image/png` with its size and alternative text as metadata, and `text/plain`, the alternative text unless there is more to say. */
export async function drawingBundle(svg: string, alt: string, text = alt): Promise<MimeBundle> {
  const { png, width, height } = await rasterize(svg);
  return {
    "image/png": png,
    "text/plain": text,
    [metadataSymbol]: { "image/png": { width, height, alt } },
  };
}
