/**
 * The evaluation graph as a drawing.
 *
 * What: a node for each entry with its operation, value and adjoint; an edge for each use of one entry by another, with
 * the local partial on it. Why: the lecture's picture of a function, with the numbers of one point. Graphviz lays it
 * out, from sizes measured here; the drawing is ours. Of a long tape both ends are drawn, and between them a node that
 * counts the rest. Reference: Gansner et al., A technique for drawing directed graphs, IEEE TSE 19 (1993).
 */
import type { MimeBundle } from "../showable.ts";
import type { EvaluationGraph, Tape } from "../tape/tape.ts";
import { operationOf, partialsOf } from "./formula.ts";
import { type CaptionPiece, colours, drawGraph } from "./graph-drawing.ts";
import { type Edge, layOut, type Node, size } from "./graph-layout.ts";
import { adjointName, functionName, isEntry, outputName, partialName, variable } from "./names.ts";
import { countText, fullNumber, numberMaths } from "./numbers.ts";
import { drawingBundle } from "./picture.ts";
import { concat, formula, inline, type Maths, plain } from "./rich.ts";

import { atPoint } from "./trace.ts";

/** Graphs up to this many nodes are drawn whole; of larger ones, this many from both ends. */
const wholeGraph = 40;
const headNodes = 6;
const tailNodes = 10;

/** The bundle of a graph: PNG and a list of its nodes. */
export async function graphBundle(graph: EvaluationGraph): Promise<MimeBundle> {
  const { tape } = graph;
  const alt = titleOf(tape);
  return drawingBundle(await graphSvg(graph), `${alt}: ${tape.length} nodes`, listing(graph, alt));
}

/** The drawing as SVG text. */
export async function graphSvg(graph: EvaluationGraph): Promise<string> {
  const { nodes, edges } = contentOf(graph);
  const layout = await layOut(nodes, edges, graph.tape.inputNames.length);
  return drawGraph(titleOf(graph.tape), nodes, edges, layout, captionOf(graph));
}

function titleOf(tape: Tape): string {
  return concat("Evaluation graph of ", inline(functionName(tape)), atPoint(tape)).text;
}

/** What is drawn: all entries, or both ends of them. */
function shownEntries(tape: Tape): { shown: number[]; hidden: number } {
  const { length } = tape;
  if (length <= wholeGraph) return { shown: Array.from({ length }, (_, k) => k), hidden: 0 };
  const ends = [
    ...Array.from({ length: headNodes }, (_, k) => k),
    ...Array.from({ length: tailNodes }, (_, k) => length - tailNodes + k),
  ];
  return { shown: ends, hidden: length - ends.length };
}

/** Nodes and edges with their texts. */
function contentOf({ tape, adjoints }: EvaluationGraph): { nodes: Node[]; edges: Edge[] } {
  const { shown, hidden } = shownEntries(tape);
  const visible = new Set(shown);
  const names = new Map<number, Maths>();
  tape.outputs.slice(0, wholeGraph).forEach((output, j) => {
    if (isEntry(output)) names.set(output.entry, outputName(tape, j));
  });
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  const used = new Set<number>();
  const fromHidden = new Set<number>();
  for (const k of shown) {
    const entry = tape.entry(k);
    const output = names.get(k);
    const isInput = k < tape.inputNames.length;
    const name = formula(variable(k), " = ", operationOf(tape, entry));
    nodes.push({
      id: `w${k}`,
      lines: [
        {
          maths: output ? formula(output, " = ", name) : name,
          size: size.name,
          fill: colours.ink,
        },
        { maths: numberMaths(entry.value), size: size.number, fill: colours.ink },
        ...(adjoints
          ? [
              {
                maths: formula(adjointName(k), " = ", numberMaths(adjoints[k])),
                size: size.number,
                fill: colours.adjoint,
              },
            ]
          : []),
      ],
      style: isInput ? colours.input : output ? colours.output : colours.inner,
    });
    const partials = isInput ? [] : partialsOf(tape, entry);
    entry.operands.forEach((operand, j) => {
      if (!isEntry(operand)) return;
      if (!visible.has(operand.entry)) {
        fromHidden.add(k);
        return;
      }
      used.add(operand.entry);
      const number = numberMaths(entry.partials[j]);
      const label = partials[j].text === number.text ? [number] : [partials[j], number];
      edges.push({ from: `w${operand.entry}`, to: `w${k}`, label });
    });
  }
  if (hidden > 0) {
    const maths = formula(`… ${countText(hidden)} more entries …`);
    nodes.push({
      id: "rest",
      lines: [{ maths, size: size.number, fill: colours.quiet }],
      style: colours.inner,
      dashed: true,
    });
    for (const k of shown.slice(0, headNodes))
      if (!used.has(k)) edges.push({ from: `w${k}`, to: "rest", label: [] });
    for (const k of fromHidden) edges.push({ from: "rest", to: `w${k}`, label: [] });
  }
  return { nodes, edges };
}

/** What the colours and places mean. */
function captionOf({ adjoints }: EvaluationGraph): CaptionPiece[] {
  const bar: Maths = { text: "w̄", html: "<i>w̄</i>", math: "\\bar{w}" };
  return [
    { maths: formula("node: operation, value"), fill: colours.ink },
    ...(adjoints ? [{ maths: formula("adjoint ", bar), fill: colours.adjoint }] : []),
    { maths: formula("edge: local partial"), fill: colours.quiet },
  ];
}

/** The graph in words: its nodes with value and adjoint, and its edges with their partials. */
function listing({ tape, adjoints }: EvaluationGraph, title: string): string {
  const { shown, hidden } = shownEntries(tape);
  const lines = shown.flatMap((k, i) => {
    const entry = tape.entry(k);
    const node = formula(variable(k), " = ", operationOf(tape, entry), " = ", fullNumber(entry.value)).text;
    const adjoint = adjoints ? `, ${formula(adjointName(k), " = ", fullNumber(adjoints[k])).text}` : "";
    const partials = entry.operands.flatMap((operand, j) =>
      isEntry(operand)
        ? [formula(partialName(k, operand.entry), " = ", numberMaths(entry.partials[j])).text]
        : [],
    );
    const line = `${node}${adjoint}${partials.length ? `; ${partials.join(", ")}` : ""}`;
    return hidden > 0 && i === headNodes
      ? [plain(`… ${countText(hidden)} more entries …`).text, line]
      : [line];
  });
  return [title, "", ...lines].join("\n");
}
