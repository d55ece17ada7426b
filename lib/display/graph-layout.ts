/**
 * The places of a graph's nodes and edges.
 *
 * What: `layOut`, from nodes and edges with their texts to boxes, curves and label places. Why apart: Graphviz is asked
 * for places only; it gets boxes measured here, knows no font and draws nothing. It is loaded when first needed.
 * Reference: Gansner et al., A technique for drawing directed graphs, IEEE TSE 19 (1993).
 */
import type { Maths } from "./rich.ts";
import { round, widthOf } from "./svg-text.ts";

/** Graphs up to this many nodes run from left to right; longer ones from top to bottom. */
const wideGraph = 14;

/** Sizes of text, and the height of a line in a node and beside an edge. */
export const size = { name: 15, number: 13, edge: 12, caption: 12, line: 20 } as const;
export const labelLine = size.edge + 4;

export interface Node {
  readonly id: string;
  readonly lines: readonly { maths: Maths; size: number; fill: string; bold?: boolean }[];
  readonly style: { readonly fill: string; readonly stroke: string };
  readonly dashed?: boolean;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: readonly Maths[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, { x: number; y: number; width: number; height: number }>;
  /** For each edge, in order: its curve, the point of its arrow, and the middle of its label. */
  readonly edges: readonly { points: readonly Point[]; tip: Point; label: Point | null }[];
}

export type Point = readonly [x: number, y: number];

/** Up to this many inputs stand in a row in their own order; more of them stand where Graphviz finds it best. */
const inputRow = 6;

/** Places: Graphviz gets boxes, ours by measure, and gives back centres and curves. */
export async function layOut(
  nodes: readonly Node[],
  edges: readonly Edge[],
  inputs: number,
): Promise<Layout> {
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const row = inputs > inputRow ? [] : nodes.slice(0, inputs).map(({ id }) => id);
  const inches = (points: number) => round(points) / 72;
  const result = viz.renderJSON(
    {
      directed: true,
      graphAttributes: {
        rankdir: nodes.length <= wideGraph ? "LR" : "TB",
        nodesep: 0.35,
        ranksep: 0.45,
      },
      nodeAttributes: { shape: "box", fixedsize: true, label: "" },
      nodes: nodes.map((node) => {
        const box = boxOf(node);
        return { name: node.id, attributes: { width: inches(box.width), height: inches(box.height) } };
      }),
      edges: edges.map(({ from, to, label }, j) => {
        const width = Math.ceil(Math.max(0, ...label.map((line) => widthOf(line, size.edge)))) + 10;
        const height = label.length * labelLine + 4;
        const html = `<table border="0" fixedsize="true" width="${width}" height="${height}"><tr><td></td></tr></table>`;
        return { tail: from, head: to, attributes: { id: j, label: label.length ? { html } : "" } };
      }),
      subgraphs: [
        {
          graphAttributes: { rank: "same" },
          nodes: row.map((name) => ({ name })),
          edges: row.slice(1).map((id, j) => ({ tail: row[j], head: id, attributes: { style: "invis" } })),
        },
      ],
    },
    { yInvert: true },
  ) as GraphvizJson;
  const [x0, y0, x1, y1] = result.bb.split(",").map(Number);
  const curves = new Map((result.edges ?? []).map((edge) => [edge.id, edge]));
  const placed = new Map(
    (result.objects ?? []).filter(isPlaced).map(({ name, pos, width, height }) => {
      const [x, y] = pointOf(pos);
      return [name, { x, y, width: Number(width) * 72, height: Number(height) * 72 }] as const;
    }),
  );
  return {
    width: Math.abs(x1 - x0),
    height: Math.abs(y1 - y0),
    nodes: placed,
    edges: edges.map((_, j) => {
      const { pos, lp } = curves.get(String(j))!;
      const [tip, ...points] = pos.split(" ").map((text) => pointOf(text.replace(/^[es],/, "")));
      return { points, tip, label: lp ? pointOf(lp) : null };
    }),
  };
}

/** The part of Graphviz's answer that is read: placed nodes, the set that holds the inputs, and edges. */
interface GraphvizJson {
  readonly bb: string;
  readonly objects?: readonly (PlacedNode | { readonly name: string; readonly pos?: undefined })[];
  readonly edges?: readonly { id?: string; pos: string; lp?: string }[];
}

interface PlacedNode {
  readonly name: string;
  readonly pos: string;
  readonly width: string;
  readonly height: string;
}

function isPlaced(object: { readonly pos?: string }): object is PlacedNode {
  return object.pos !== undefined;
}

function pointOf(text: string): Point {
  const [x, y] = text.split(",").map(Number);
  return [x, y];
}

function boxOf({ lines }: Node): { width: number; height: number } {
  return {
    width: Math.max(70, Math.max(...lines.map(({ maths, size }) => widthOf(maths, size))) + 28),
    height: lines.length * size.line + 14,
  };
}
