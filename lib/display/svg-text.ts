/**
 * Mathematics in drawings.
 *
 * What: a formula as SVG text, set in a serif face with slanted letters, lowered indices and raised marks, and how wide
 * it comes out. Why: a drawing has to know the size of its labels before it lays them out, on machines without any
 * font engine; the widths are those of DejaVu Serif, which pictures bring along.
 */
import { families } from "./picture.ts";
import type { Maths } from "./rich.ts";

/** The face of all text in drawings; where the SVG itself is shown, the reader's serif may stand in. */
const serif = `'${families.serif}', 'STIX Two Text', Georgia, serif`;

/** A stretch of text in one style. */
interface Run {
  readonly text: string;
  readonly slanted: boolean;
  readonly place: "line" | "index" | "mark";
}

const smallSize = 0.72;
const lowering = 0.28;
const raising = 0.38;

/** A formula as an SVG text element. */
export function svgText(
  maths: Maths,
  at: { x: number; y: number; size: number; fill: string; anchor?: "start" | "middle"; bold?: boolean },
): string {
  let level = 0;
  const spans = runsOf(maths).map(({ text, slanted, place }) => {
    const target = place === "index" ? lowering : place === "mark" ? -raising : 0;
    const shift = round((target - level) * at.size);
    level = target;
    const attributes = [
      ...(shift === 0 ? [] : [`dy="${shift}"`]),
      ...(slanted ? ['font-style="italic"'] : []),
      ...(place === "line" ? [] : [`font-size="${round(at.size * smallSize)}"`]),
    ];
    return attributes.length ? `<tspan ${attributes.join(" ")}>${text}</tspan>` : text;
  });
  return (
    `<text x="${round(at.x)}" y="${round(at.y)}" font-family="${serif}" font-size="${at.size}" fill="${at.fill}"` +
    `${at.anchor === "start" ? "" : ' text-anchor="middle"'}${at.bold ? ' font-weight="bold"' : ""}>${spans.join("")}</text>`
  );
}

/** The width of a formula set at a size. */
export function widthOf(maths: Maths, size: number): number {
  return runsOf(maths).reduce(
    (width, { text, place }) =>
      width + textWidth(unescaped(text)) * size * (place === "line" ? 1 : smallSize),
    0,
  );
}

/** A coordinate with two decimals, so that drawings are the same on every machine. */
export function round(x: number): number {
  return Math.round(x * 100) / 100 + 0;
}

/** A formula's HTML knows no other tags than i, sub, sup and the span of a hint; its text is escaped already. */
function runsOf({ html }: Maths): Run[] {
  const runs: Run[] = [];
  const open: string[] = [];
  for (const [piece, closing, tag] of html.matchAll(/<(\/?)(i|sub|sup|span)(?: [^>]*)?>|[^<]+/g)) {
    if (tag === undefined)
      runs.push({
        text: piece,
        slanted: open.includes("i"),
        place: open.includes("sub") ? "index" : open.includes("sup") ? "mark" : "line",
      });
    else if (closing) open.pop();
    else open.push(tag);
  }
  return runs;
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, "&");
}

// Widths in em of DejaVu Serif: letters that share one stand together. Marks over letters take no room.
const widths = new Map(
  (
    [
      [0.32, " ,.il·'j"],
      [0.37, "-/:;\\|f()[]"],
      [0.42, '!IJt"'],
      [0.5, "rs*_`∂z?"],
      [0.59, "cvxyeaok"],
      [0.73, "LYPTFSZXAVBEKR"],
      [0.84, "CDGOQ#+<=>U^~−wẇHN&"],
      [1, "%mMW@…"],
    ] as const
  ).flatMap(([width, letters]) => [...letters].map((letter) => [letter, width] as const)),
);

function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) if (!/\p{Mn}/u.test(letter)) width += widths.get(letter) ?? 0.64;
  return width;
}
