/**
 * Cost reports, step reports and gradient checks as tables and plots.
 *
 * What: what a gradient costs by each way to it, at one point and over sizes; the error of differences against their
 * step; what a gradient check compared. Why: the table holds the numbers, and a picture of the plot stands below it in
 * the same output, since a front end shows only one of the two; the plot itself is `report.plot()`.
 */
import type { CheckReport } from "../compare/check.ts";
import type { Cost, CostPlot, CostRange, CostReport } from "../compare/costs.ts";
import type { StepPlot, StepReport } from "../compare/steps.ts";
import type { MimeBundle } from "../showable.ts";
import { numberMaths, shortNumber } from "./numbers.ts";
import { describePlot, type PlotSpec, plotBundle, plotPicture } from "./plot.ts";
import { concat, escapeHtml, inline, plain, type Rich } from "./rich.ts";
import { type Cell, type TableData, tableBundle } from "./table.ts";

/** What the operations of a gradient by reverse mode are bounded by, in operations of f. */
const bound = 5;

const right = (header: string) => ({ header, align: "right" as const });

/** The table of costs at one point, with its plot below. */
export async function costBundle(report: CostReport): Promise<MimeBundle> {
  const measured = Number.isFinite(report.seconds);
  const name = report.name || "f";
  return withPicture(
    {
      caption: `Cost of the gradient of ${name}, ${report.inputs} input${report.inputs === 1 ? "" : "s"}`,
      columns: [
        "way",
        right("operations"),
        right("by those of f"),
        ...(measured ? [right("measured time"), right("by that of f")] : []),
        right("largest relative error"),
        right("tape"),
      ],
      rows: [
        ["f itself", report.operations, "1", ...(measured ? [duration(report.seconds), "1"] : []), "", ""],
        ...report.costs.map((cost) => costCells(cost, measured)),
      ],
      note: claim(report.costs.find(({ method }) => method === "reverse")),
    },
    costSpec(report),
  );
}

function costCells(cost: Cost, measured: boolean): Cell[] {
  return [
    cost.label,
    cost.operations,
    short(cost.operationRatio, 3),
    ...(measured ? [duration(cost.seconds), short(cost.timeRatio, 3)] : []),
    cost.error === 0 ? "0" : short(cost.error, 2),
    cost.bytes === null ? "" : memory(cost.bytes),
  ];
}

/** The table of costs over sizes: ratios for each way, operations counted and time measured. */
export async function costRangeBundle(range: CostRange): Promise<MimeBundle> {
  const labels = range.reports[0].report.costs.map(({ label }) => label);
  const measured = range.reports.some(({ report }) => Number.isFinite(report.seconds));
  const worst = Math.max(...range.reports.map(({ report }) => reverseRatio(report)));
  return withPicture(
    {
      caption: `Cost of the gradient of ${range.name || "f"} by the cost of f: operations counted${measured ? " | time measured" : ""}`,
      columns: [right("size"), right("inputs"), ...labels.map(right), right("tape")],
      rows: range.reports.map(({ size, report }) => [
        size,
        report.inputs,
        ...report.costs.map(({ operationRatio, timeRatio }) => {
          const counted = short(operationRatio, 3);
          return measured ? concat(counted, " | ", short(timeRatio, 3)) : counted;
        }),
        memory(report.costs.find(({ bytes }) => bytes !== null)?.bytes ?? 0),
      ]),
      note: Number.isFinite(worst) ? claimText(worst, "at most ") : undefined,
    },
    rangeSpec(range),
  );
}

/** The plot of a cost report, as a vega-lite bundle. */
export async function costPlotBundle({ of }: CostPlot): Promise<MimeBundle> {
  return plotBundle("reports" in of ? rangeSpec(of) : costSpec(of));
}

/** The table of errors against steps, with its plot below. */
export async function stepBundle(report: StepReport): Promise<MimeBundle> {
  const schemes = [...new Set(report.errors.map(({ scheme }) => scheme))];
  const steps = [...new Set(report.errors.map(({ step }) => step))];
  const errors = new Map(report.errors.map(({ scheme, step, error }) => [`${scheme} ${step}`, error]));
  const best = report
    .best()
    .map(({ scheme, step, error }) => concat(`${scheme}: `, short(error, 2), " at h = ", short(step, 2)));
  return withPicture(
    {
      caption: `Relative error of the gradient of ${report.name || "f"} against the step h`,
      columns: [right("h"), ...schemes.map(right)],
      rows: steps.map((step) => [
        short(step, 2),
        ...schemes.map((scheme) => short(errors.get(`${scheme} ${step}`)!, 2)),
      ]),
      unit: "steps",
      limit: 24,
      note: concat("least error: ", ...best.flatMap((piece, j) => (j ? ["; ", piece] : [piece]))),
    },
    stepSpec(report),
  );
}

/** The plot of a step report, as a vega-lite bundle. */
export async function stepPlotBundle({ of }: StepPlot): Promise<MimeBundle> {
  return plotBundle(stepSpec(of));
}

/** The table of what a gradient check compared. */
export function checkBundle(report: CheckReport): MimeBundle {
  return tableBundle({
    caption: String(report),
    columns: [right("order"), "comparison", right("numbers"), right("largest relative difference")],
    rows: report.checks.map(({ order, what, count, worst }) => [order, what, count, short(worst, 2)]),
    rowHeaders: false,
  });
}

/** A table's bundle, with a picture of a plot below its HTML. */
async function withPicture(table: TableData, spec: PlotSpec): Promise<MimeBundle> {
  const bundle = tableBundle(table);
  const { png, width, height } = await plotPicture(spec);
  const alt = escapeHtml(describePlot(spec));
  const image = `<img src="data:image/png;base64,${png}" width="${width}" height="${height}" alt="${alt}" style="max-width: 100%; margin: 0.6em 0">`;
  return { ...bundle, "text/html": `${bundle["text/html"]}\n<div>${image}</div>` };
}

// ---- plots ----

const dashes = {
  name: "what",
  domain: ["operations counted", "time measured"],
  range: [
    [1, 0],
    [5, 4],
  ],
} as const;

/** Which of the two measures a plot has anything of. */
function kindsIn(values: readonly { readonly what: string }[]): string[] {
  return dashes.domain.filter((kind) => values.some(({ what }) => what === kind));
}

function rangeSpec(range: CostRange): PlotSpec {
  const values = range.reports.flatMap(({ size, report }) =>
    report.costs.flatMap(({ label, operationRatio, timeRatio }) => [
      { size, way: label, what: dashes.domain[0], ratio: operationRatio },
      ...(timeRatio > 0 ? [{ size, way: label, what: dashes.domain[1], ratio: timeRatio }] : []),
    ]),
  );
  const ways = range.reports[0].report.costs.map(({ label }) => label);
  const shown = kindsIn(values);
  const place = {
    x: { field: "size", type: "quantitative", scale: { type: "log", nice: false }, title: "size n" },
    y: { field: "ratio", type: "quantitative", scale: { type: "log" }, title: "times the cost of f" },
  };
  const colour = {
    field: "way",
    type: "nominal",
    sort: ways,
    scale: { domain: ways },
    title: null,
    legend: { symbolType: "stroke" },
  };
  return {
    description: `Cost of the gradient of ${range.name || "f"} by the cost of f, against the size, on log-log axes`,
    title: `Cost of the gradient of ${range.name || "f"} by the cost of f`,
    width: 460,
    height: 340,
    layer: [
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          ...place,
          color: colour,
          strokeDash: {
            field: "what",
            type: "nominal",
            sort: shown,
            scale: { domain: shown, range: dashes.range.slice(0, shown.length) },
            title: null,
            legend: { symbolType: "stroke" },
          },
        },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 36, opacity: 1 },
        encoding: { ...place, color: colour },
      },
      ...boundLayers("y"),
    ],
    config: quietGrid,
  };
}

function costSpec(report: CostReport): PlotSpec {
  const ways = report.costs.map(({ label }) => label);
  const values = report.costs.flatMap(({ label, operationRatio, timeRatio }) => [
    { way: label, what: dashes.domain[0], ratio: operationRatio },
    ...(timeRatio > 0 ? [{ way: label, what: dashes.domain[1], ratio: timeRatio }] : []),
  ]);
  const shown = kindsIn(values);
  return {
    description: `Cost of the gradient of ${report.name || "f"} by the cost of f, ${report.inputs} inputs`,
    title: `Cost of the gradient of ${report.name || "f"} by the cost of f`,
    width: 460,
    height: 34 * ways.length,
    layer: [
      {
        data: { values },
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: {
          x: {
            field: "ratio",
            type: "quantitative",
            scale: { type: "log", domainMin: 1 },
            title: "times the cost of f",
          },
          y: { field: "way", type: "nominal", sort: ways, title: null, axis: { grid: true } },
          color: {
            field: "what",
            type: "nominal",
            sort: shown,
            scale: { domain: shown },
            title: null,
          },
          shape: {
            field: "what",
            type: "nominal",
            sort: shown,
            scale: { domain: shown },
            title: null,
          },
        },
      },
      ...boundLayers("x"),
    ],
    config: quietGrid,
  };
}

/** A line at the bound for reverse mode, and its number. */
function boundLayers(axis: "x" | "y"): PlotSpec[] {
  const place = { [axis]: { datum: bound, type: "quantitative" } };
  const edge = axis === "y" ? { x: { value: 4 } } : { y: { value: 8 } };
  const text = {
    type: "text",
    align: "left",
    dx: axis === "x" ? 4 : 0,
    dy: axis === "y" ? -7 : 0,
    color: "#777",
  };
  return [
    { data: { values: [{}] }, mark: { type: "rule", color: "#999", strokeDash: [2, 3] }, encoding: place },
    { data: { values: [{}] }, mark: { ...text, text: `${bound} f` }, encoding: { ...place, ...edge } },
  ];
}

/** Errors of 0 have no place on a log axis: they are drawn here. */
const leastDrawn = 1e-17;

function stepSpec(report: StepReport): PlotSpec {
  const values = report.errors
    .filter(({ error }) => Number.isFinite(error))
    .map(({ scheme, step, error }) => ({ scheme, step, error: Math.max(error, leastDrawn) }));
  const order = [...new Set(report.errors.map(({ scheme }) => scheme))];
  const powers = { format: "~e", grid: true, labelOverlap: true };
  return {
    description: `Relative error of the gradient of ${report.name || "f"} against the step h, for ${order.join(", ")}, on log-log axes`,
    title: {
      text: `Relative error of the gradient of ${report.name || "f"} against the step`,
      subtitle: `errors under ${shortNumber(leastDrawn)} are drawn there`,
    },
    width: 460,
    height: 340,
    data: { values },
    mark: { type: "line", point: { size: 30 }, strokeWidth: 2 },
    encoding: {
      x: {
        field: "step",
        type: "quantitative",
        scale: { type: "log" },
        title: "step h",
        axis: { ...powers, tickCount: 10 },
      },
      y: {
        field: "error",
        type: "quantitative",
        scale: { type: "log" },
        title: "relative error",
        axis: { ...powers, tickCount: 9 },
      },
      color: { field: "scheme", type: "nominal", sort: order, scale: { domain: order }, title: null },
    },
    config: quietGrid,
  };
}

const quietGrid = {
  view: { stroke: null },
  axis: {
    gridColor: "#e8e8e8",
    domainColor: "#888",
    tickColor: "#888",
    titleFontWeight: "normal",
    labelFontSize: 11,
  },
  legend: { labelFontSize: 11, labelLimit: 220, symbolStrokeWidth: 2 },
  title: { fontSize: 13, anchor: "start", offset: 12, subtitleColor: "#666" },
};

// ---- words ----

function reverseRatio(report: CostReport): number {
  return report.costs.find(({ method }) => method === "reverse")?.operationRatio ?? Number.NaN;
}

function claim(cost: Cost | undefined): Rich | undefined {
  return cost && Number.isFinite(cost.operationRatio) ? claimText(cost.operationRatio, "") : undefined;
}

function claimText(ratio: number, lead: string): Rich {
  const sign = ratio <= bound ? "≤" : ">";
  return concat("operations of reverse AD by those of f: ", lead, short(ratio, 3), ` ${sign} ${bound}`);
}

/** A number of a few digits as a table cell; a dash where there is none. */
function short(x: number, digits: number): Rich {
  if (Number.isNaN(x)) return plain("–");
  return inline(numberMaths(x, digits));
}

function duration(seconds: number): Rich {
  const units = [
    [1, "s"],
    [1e-3, "ms"],
    [1e-6, "µs"],
    [1e-9, "ns"],
  ] as const;
  const [unit, name] = units.find(([unit]) => seconds >= unit) ?? units[3];
  return plain(`${shortNumber(seconds / unit, 3)} ${name}`);
}

function memory(bytes: number): Rich {
  const units = [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "kB"],
    [1, "B"],
  ] as const;
  const [unit, name] = units.find(([unit]) => bytes >= unit) ?? units[3];
  return plain(`${shortNumber(bytes / unit, 3)} ${name}`);
}
