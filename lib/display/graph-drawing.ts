/**
 * The drawing of a laid-out graph, as SVG.
 *
 * What: `drawGraph`, boxes with their texts, curves with arrows and local partials beside them, and a line that says what
 * the colours mean. Why ours and not Graphviz's: letters of mathematics, labels close to their curves, and the same
 * SVG on every machine.
 */
import { type Edge, type Layout, labelLine, type Node, type Point, size } from "./graph-layout.ts";
import { escapeHtml, type Maths } from "./rich.ts";
import { round, svgText, widthOf } from "./svg-text.ts";

/** Dark on white, so that a picture looks the same on a light page and on a dark one. */
export const colours = {
  ink: "#1b1f24",
  quiet: "#5b6470",
  line: "#8a93a0",
  adjoint: "#b3261e",
  input: { fill: "#e9f1fb", stroke: "#3f78b5" },
  inner: { fill: "#ffffff", stroke: "#6b7480" },
  output: { fill: "#eaf6ed", stroke: "#3a8a55" },
} as const;

const margin = 18;
const captionHeight = 26;

/** A word of the line below the drawing, in the colour that it explains. */
export interface CaptionPiece {
  readonly maths: Maths;
  readonly fill: string;
}

/** The SVG of a graph. */
export function drawGraph(
  title: string,
  nodes: readonly Node[],
  edges: readonly Edge[],
  layout: Layout,
  caption: readonly CaptionPiece[],
): string {
  const captionWidth = caption.reduce((sum, { maths }) => sum + widthOf(maths, size.caption) + 18, 0);
  const width = Math.ceil(Math.max(layout.width, captionWidth) + 2 * margin);
  const height = Math.ceil(layout.height + 2 * margin + captionHeight);
  const left = round((width - layout.width) / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeHtml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<g transform="translate(${left} ${margin})">`,
    ...edges.map((edge, j) => edgeSvg(edge, layout.edges[j])),
    ...nodes.map((node) => nodeSvg(node, layout.nodes.get(node.id)!)),
    "</g>",
    ...captionSvg(caption, (width - captionWidth) / 2, height - 14),
    "</svg>",
  ].join("\n");
}

function nodeSvg(
  node: Node,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): string {
  const { fill, stroke } = node.style;
  const top = y - (node.lines.length * size.line) / 2;
  const dash = node.dashed ? ' stroke-dasharray="5 4"' : "";
  return [
    `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="9" ` +
      `fill="${fill}" stroke="${stroke}" stroke-width="1.4"${dash}/>`,
    ...node.lines.map((line, j) =>
      svgText(line.maths, {
        x,
        y: top + size.line * (j + 0.5) + line.size * 0.35,
        size: line.size,
        fill: line.fill,
      }),
    ),
  ].join("\n");
}

function edgeSvg({ label }: Edge, { points, tip, label: middle }: Layout["edges"][number]): string {
  const place = ([x, y]: Point) => `${round(x)} ${round(y)}`;
  const [start, ...rest] = points;
  const end = points[points.length - 1];
  const [dx, dy] = [tip[0] - end[0], tip[1] - end[1]];
  const length = Math.hypot(dx, dy) || 1;
  const side: Point = [(-dy / length) * 3.6, (dx / length) * 3.6];
  const at = middle && besideCurve(middle, label, points);
  const first = at ? at[1] - ((label.length - 1) * labelLine) / 2 + size.edge * 0.35 : 0;
  return [
    `<path d="M${place(start)}C${rest.map(place).join(" ")}" fill="none" stroke="${colours.line}" stroke-width="1.3"/>`,
    `<path d="M${place(tip)}L${place([end[0] + side[0], end[1] + side[1]])}L${place([end[0] - side[0], end[1] - side[1]])}Z" fill="${colours.line}"/>`,
    ...(at
      ? label.map((maths, j) =>
          svgText(maths, { x: at[0], y: first + j * labelLine, size: size.edge, fill: colours.quiet }),
        )
      : []),
  ].join("\n");
}

/** Graphviz leaves a label some way off its curve: this moves it there until it nearly touches. */
function besideCurve(middle: Point, label: readonly Maths[], points: readonly Point[]): Point {
  const [x, y] = middle;
  let nearest = middle;
  let least = Number.POSITIVE_INFINITY;
  for (const [px, py] of curvePoints(points)) {
    const distance = Math.hypot(px - x, py - y);
    if (distance < least) {
      least = distance;
      nearest = [px, py];
    }
  }
  if (least === 0) return middle;
  const [ux, uy] = [(x - nearest[0]) / least, (y - nearest[1]) / least];
  const half = [
    Math.max(...label.map((line) => widthOf(line, size.edge))) / 2,
    (label.length * labelLine) / 2,
  ];
  const distance = Math.min(least, Math.abs(ux) * half[0] + Math.abs(uy) * half[1] + 3);
  return [nearest[0] + ux * distance, nearest[1] + uy * distance];
}

/** Points along a chain of cubic Bézier curves, about a unit apart. */
function* curvePoints(points: readonly Point[]): Generator<Point> {
  for (let i = 0; i + 3 < points.length; i += 3) {
    const steps = Math.ceil(Math.hypot(points[i + 3][0] - points[i][0], points[i + 3][1] - points[i][1])) + 1;
    for (let k = 0; k <= steps; k++) {
      const t = k / steps;
      const weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
      const along = (axis: 0 | 1) =>
        weights.reduce((sum, weight, j) => sum + weight * points[i + j][axis], 0);
      yield [along(0), along(1)];
    }
  }
}

function captionSvg(pieces: readonly CaptionPiece[], left: number, y: number): string[] {
  let x = left;
  return pieces.map(({ maths, fill }) => {
    const text = svgText(maths, { x, y, size: size.caption, fill, anchor: "start" });
    x += widthOf(maths, size.caption) + 18;
    return text;
  });
}
