/**
 * Which display shows what.
 *
 * What: puts a renderer into the slot of each class that can be shown. Why here and lazily: the classes live on the
 * floors below, and a script that never looks at a tape loads no line of display code.
 */
import { CheckReport, CostPlot, CostRange, CostReport, StepPlot, StepReport } from "../compare/index.ts";
import { Explanation } from "../derive/index.ts";
import { drawWith, showWith } from "../showable.ts";
import { EvaluationGraph, ForwardTrace, ReverseTrace, Tape } from "../tape/tape.ts";

/** Called once, from the contents page of the library. */
export function registerDisplays(): void {
  showWith(Tape, async (tape) => (await import("./trace.ts")).tapeBundle(tape));
  showWith(ForwardTrace, async (trace) => (await import("./trace.ts")).forwardBundle(trace));
  showWith(ReverseTrace, async (trace) => (await import("./adjoint.ts")).reverseBundle(trace));
  showWith(EvaluationGraph, async (graph) => (await import("./graph.ts")).graphBundle(graph));
  showWith(CostReport, async (report) => (await import("./costs.ts")).costBundle(report));
  showWith(CostRange, async (range) => (await import("./costs.ts")).costRangeBundle(range));
  showWith(CostPlot, async (plot) => (await import("./costs.ts")).costPlotBundle(plot));
  showWith(StepReport, async (report) => (await import("./costs.ts")).stepBundle(report));
  showWith(StepPlot, async (plot) => (await import("./costs.ts")).stepPlotBundle(plot));
  showWith(CheckReport, async (report) => (await import("./costs.ts")).checkBundle(report));
  showWith(Explanation, async (explanation) => (await import("./explain.ts")).explanationBundle(explanation));
  drawWith(EvaluationGraph, async (graph) => (await import("./graph.ts")).graphSvg(graph));
}
