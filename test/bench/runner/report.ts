/** What the benchmark found: a table on the terminal, the figures that the goals speak of, and a plot. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plotBundle } from "wengert";
import type { Memory, PeerTime, Times } from "./job.ts";

export interface Row {
  readonly name: string;
  readonly allocates: boolean;
  readonly times: Times;
  /** By the way that the gradient came, `undefined` where it was not measured. */
  readonly memory: Readonly<Record<"program" | "tape" | "hand", Memory | undefined>>;
}

export interface PeerRow {
  readonly peer: string;
  readonly note: string;
  readonly name: string;
  readonly inputs: number;
  /** Seconds for a gradient, ours at the same size. */
  readonly ours: number;
  readonly theirs: PeerTime;
}

/** Seconds for a gradient: the derivative program's, or where there is none the tape's, which then serves f. */
export const oursOf = ({ program, tape }: Times): number => (typeof program === "number" ? program : tape!);

const digits = (x: number): string => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
const ratio = (x: number | undefined, y: number | undefined): string =>
  typeof x === "number" && typeof y === "number" ? digits(x / y) : "-";
const milliseconds = (seconds: number | undefined): string =>
  seconds === undefined ? "-" : (1e3 * seconds).toPrecision(3);
function bytes(x: number | undefined): string {
  if (x === undefined) return "-";
  return x < 1e4 ? `${x} B` : x < 1e7 ? `${(x / 1e3).toFixed(0)} kB` : `${(x / 1e6).toFixed(0)} MB`;
}

/** A table in columns; the first is text, the others numbers. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((h, k) => Math.max(h.length, ...rows.map((row) => row[k].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join("  ");
  return [line(head), widths.map((w) => "-".repeat(w)).join("  "), ...rows.map(line)].join("\n");
}

const number = (x: number | string | undefined): number | undefined =>
  typeof x === "number" ? x : undefined;

export function objectiveTable(rows: readonly Row[]): string {
  const head = [
    "objective (* allocates)",
    "inputs",
    "f, ms",
    "program/f",
    "tape/f",
    "by hand/f",
    "differences/f",
    "program/hand",
    "prepared f/f",
    "kept",
    "a call",
    "kept by hand",
    "a call by hand",
  ];
  return table(
    head,
    rows.map(({ name, allocates, times: t, memory }) => [
      `${name}${allocates ? " *" : ""}`,
      String(t.inputs),
      milliseconds(t.f),
      ratio(number(t.program), t.f),
      ratio(t.tape, t.f),
      ratio(t.hand, t.f),
      t.differences === undefined ? `~${digits(2 * t.inputs)}` : ratio(t.differences, t.f),
      ratio(number(t.program), t.hand),
      ratio(t.prepared, t.f),
      bytes((memory.program ?? memory.tape)?.kept),
      bytes((memory.program ?? memory.tape)?.call),
      bytes(memory.hand?.kept),
      bytes(memory.hand?.call),
    ]),
  );
}

/** The geometric mean over objectives, each of which counts once, and the largest ratio with its name. */
function summary(rows: readonly Row[], ratioOf: (row: Row) => number | undefined): string {
  const known = rows.flatMap((row) => {
    const value = ratioOf(row);
    return value === undefined ? [] : [{ name: row.name, value }];
  });
  if (known.length === 0) return "-";
  const names = [...new Set(known.map(({ name }) => name))];
  const mean = (values: number[]) => values.reduce((s, v) => s + v, 0) / values.length;
  const logs = names.map((name) =>
    mean(known.filter((k) => k.name === name).map(({ value }) => Math.log(value))),
  );
  const worst = known.reduce((a, b) => (b.value > a.value ? b : a));
  return `geometric mean ${digits(Math.exp(mean(logs)))}, worst ${digits(worst.value)} (${worst.name}), over ${names.length}`;
}

export function summaries(rows: readonly Row[]): string {
  const against = (t: number | string | undefined, other: number | undefined) =>
    typeof t === "number" && other !== undefined ? t / other : undefined;
  const allocating = rows.filter(({ allocates }) => allocates);
  const lean = rows.filter(({ allocates }) => !allocates);
  const gradient = ({ times }: Row) => against(oursOf(times), times.f);
  const lines = [
    ["gradient / f", summary(rows, gradient)],
    ["  where f allocates in its loops", summary(allocating, gradient)],
    ["  where f is lean", summary(lean, gradient)],
    ["derivative program / by hand", summary(rows, ({ times }) => against(times.program, times.hand))],
    ["by hand / f", summary(rows, ({ times }) => against(times.hand, times.f))],
    ["tape / f", summary(rows, ({ times }) => against(times.tape, times.f))],
    ["prepared f / f", summary(rows, ({ times }) => against(times.prepared, times.f))],
  ];
  for (const { name, times, memory } of rows) {
    if (name !== "product" || times.inputs < 1e6) continue;
    for (const way of ["program", "tape", "hand"] as const) {
      const used = memory[way];
      if (used === undefined) continue;
      const each = (x: number) => digits(x / times.inputs);
      const text = `${each(used.kept + used.call - used.result)} bytes an iteration, beside the gradient's own ${each(used.result)}`;
      lines.push([`memory, product of ${times.inputs} (${way})`, text]);
    }
  }
  const refused = new Map(
    rows.flatMap(({ name, times }) => (typeof times.program === "string" ? [[name, times.program]] : [])),
  );
  const width = Math.max(...lines.map(([what]) => what.length));
  return [
    ...lines.map(([what, text]) => `${what.padEnd(width)}  ${text}`),
    ...(refused.size > 0 ? ["", "without a derivative program, so by the tape:"] : []),
    ...[...refused].map(([name, why]) => `  ${name}: ${why}`),
  ].join("\n");
}

export function peerTable(rows: readonly PeerRow[]): string {
  const head = ["gradient of", "inputs", "peer", "ours, ms", "theirs, ms", "theirs/ours", "error", "remark"];
  return table(
    head,
    rows.map(({ peer, note, name, inputs, ours, theirs }) => {
      const missing = "missing" in theirs;
      return [
        name,
        String(inputs),
        peer,
        milliseconds(ours),
        missing ? "missing" : milliseconds(theirs.seconds),
        missing ? "-" : digits(theirs.seconds / ours),
        missing ? "-" : theirs.error.toExponential(0),
        missing ? theirs.missing.split("\n")[0] : note,
      ];
    }),
  );
}

/** All ratios to f as one plot: an objective a line. */
export async function writePlot(
  rows: readonly Row[],
  peerRows: readonly PeerRow[],
  folder: string,
): Promise<string> {
  const label = ({ name, times }: Row) => `${name}, ${times.inputs}`;
  const values = rows.flatMap((row) => {
    const { f, program, tape, hand, differences } = row.times;
    const ways = { program: number(program), tape, "by hand": hand, differences };
    const theirs = peerRows
      .filter((peer) => peer.name === row.name && peer.inputs === row.times.inputs)
      .map(({ peer, theirs }) => [peer, "seconds" in theirs ? theirs.seconds : undefined] as const);
    return [...Object.entries(ways), ...theirs].flatMap(([way, seconds]) =>
      seconds === undefined ? [] : [{ objective: label(row), way, ratio: seconds / f }],
    );
  });
  const spec = {
    title: "The time of a gradient, as a multiple of the plain function's",
    width: 520,
    data: { values },
    mark: { type: "point", filled: true, size: 60 },
    encoding: {
      y: {
        field: "objective",
        type: "nominal",
        sort: rows.map(label),
        title: null,
        axis: { grid: true, labelLimit: 300 },
      },
      x: {
        field: "ratio",
        type: "quantitative",
        scale: { type: "log" },
        title: "gradient / f",
        axis: { tickCount: 8 },
      },
      color: { field: "way", type: "nominal", title: null },
      shape: { field: "way", type: "nominal", title: null },
    },
  };
  const bundle = await plotBundle(spec);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "programs");
  writeFileSync(`${path}.json`, `${JSON.stringify(bundle["application/vnd.vegalite.v5+json"], null, 2)}\n`);
  writeFileSync(`${path}.png`, Buffer.from(bundle["image/png"] as string, "base64"));
  return `${path}.png`;
}
