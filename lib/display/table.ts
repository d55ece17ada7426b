/**
 * Tables as MIME bundles.
 *
 * What: `tableBundle`, one table as HTML, as a LaTeX tabular and as aligned plain text. Why: every front end takes the
 * richest of the three that it can show, and nbconvert prints the tabular. The HTML holds no script, no drawing and no
 * style sheet: what it wears are inline styles on JupyterLab's own CSS variables, with fallbacks that inherit, so a
 * dark page stays dark. Long tables are shown by head and tail; rows between are never asked for.
 */
import type { MimeBundle } from "../showable.ts";
import { countText, numberCell } from "./numbers.ts";
import { displayWidth, escapeHtml, escapeLatex, pad, plain, type Rich, rich } from "./rich.ts";

export type Cell = Rich | string | number | null;

export interface Column {
  readonly header: Rich | string;
  /** Left by default; numbers want `"right"`. */
  readonly align?: "left" | "right" | "center";
}

/** A line across the table in place of rows left out. */
export interface Gap {
  readonly gap: string;
}

/** Rows on demand: only those shown are asked for. */
export interface RowSource {
  readonly length: number;
  row(index: number): readonly Cell[];
}

export interface TableData {
  readonly columns: readonly (Column | string)[];
  readonly rows: readonly (readonly Cell[] | Gap)[] | RowSource;
  readonly caption?: Rich | string;
  /** A line under the table. */
  readonly note?: Rich | string;
  /** What the rows are, for the line that counts those left out; "rows" by default. */
  readonly unit?: string;
  /** The most rows shown; longer tables show two thirds of it from the head, the rest from the tail. */
  readonly limit?: number;
  /** Whether each row's first cell is its header; true by default. */
  readonly rowHeaders?: boolean;
}

/** Rows shown of a long table unless its maker says otherwise. */
const rowLimit = 60;

interface Laid {
  readonly columns: readonly {
    header: Rich;
    align: "left" | "right" | "center";
  }[];
  readonly lines: readonly (readonly Rich[] | Gap)[];
  readonly caption: Rich | null;
  readonly note: Rich | null;
  readonly rowHeaders: boolean;
}

/** The bundle of a table: `text/html`, `text/latex` and `text/plain`. */
export function tableBundle(data: TableData): MimeBundle {
  const laid = layOut(data);
  return {
    "text/html": toHtml(laid),
    "text/latex": toLatex(laid),
    "text/plain": toText(laid),
  };
}

/** Which rows of `length` are shown under a limit: the first `head` and the last `tail`. */
function headAndTail(length: number, limit = rowLimit): { head: number; tail: number } {
  if (length <= limit) return { head: length, tail: 0 };
  const head = Math.ceil((limit * 2) / 3);
  return { head, tail: limit - head };
}

function layOut(data: TableData): Laid {
  const columns = data.columns.map((column) =>
    typeof column === "string"
      ? { header: plain(column), align: "left" as const }
      : { header: rich(column.header), align: column.align ?? "left" },
  );
  const fill = (row: readonly Cell[]) =>
    columns.map((_, j) => {
      const cell = row[j] ?? "";
      return typeof cell === "number" ? numberCell(cell) : rich(cell);
    });
  const row = (index: number) => {
    const line = "row" in data.rows ? data.rows.row(index) : data.rows[index];
    return isGap(line) ? line : fill(line);
  };
  const { length } = data.rows;
  const { head, tail } = headAndTail(length, data.limit);
  const hidden = length - head - tail;
  return {
    columns,
    lines: [
      ...Array.from({ length: head }, (_, i) => row(i)),
      ...(hidden > 0 ? [gapOf(hidden, data.unit ?? "rows")] : []),
      ...Array.from({ length: tail }, (_, i) => row(length - tail + i)),
    ],
    caption: data.caption === undefined ? null : rich(data.caption),
    note: data.note === undefined ? null : rich(data.note),
    rowHeaders: data.rowHeaders ?? true,
  };
}

/** The line that counts what is left out: "… 9 999 960 more entries …". */
export function gapOf(count: number, unit: string): Gap {
  return { gap: `… ${countText(count)} more ${unit} …` };
}

function isGap(line: readonly unknown[] | Gap): line is Gap {
  return "gap" in line;
}

const thinLine = "1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.45))";
const strongLine = "1px solid var(--jp-border-color0, rgba(128, 128, 128, 0.9))";
const secondary = "var(--jp-content-font-color2, inherit)";
const styles = {
  table:
    "border-collapse: collapse; border: none; margin: 0.4em 0; table-layout: auto; width: auto; " +
    "font-size: var(--jp-content-font-size1, inherit); color: var(--jp-content-font-color1, inherit); " +
    "font-variant-numeric: tabular-nums",
  caption: `caption-side: top; text-align: left; padding: 0.2em 0.6em 0.5em; white-space: nowrap; color: ${secondary}`,
  note: `text-align: left; padding: 0.5em 0.6em 0.2em; border: none; border-top: ${thinLine}; color: ${secondary}`,
  gap: `text-align: center; padding: 0.3em 0.6em; border: none; color: ${secondary}`,
};

function toHtml({ columns, lines, caption, note, rowHeaders }: Laid): string {
  const style = (j: number, extra: string) =>
    `style="text-align: ${columns[j].align}; padding: 0.25em 0.6em; border: none; white-space: nowrap; ${extra}"`;
  const row = (cells: readonly Rich[]) =>
    `<tr>${cells
      .map((cell, j) =>
        j === 0 && rowHeaders
          ? `<th scope="row" ${style(j, "font-weight: normal")}>${cell.html}</th>`
          : `<td ${style(j, "")}>${cell.html}</td>`,
      )
      .join("")}</tr>`;
  const wide = (tag: string, css: string, html: string) =>
    `<tr><${tag} colspan="${columns.length}" style="${css}">${html}</${tag}></tr>`;
  return [
    `<table class="wengert-table" style="${styles.table}">`,
    ...(caption ? [`<caption style="${styles.caption}">${caption.html}</caption>`] : []),
    `<thead><tr>${columns
      .map(
        ({ header }, j) =>
          `<th scope="col" ${style(j, `font-weight: bold; vertical-align: bottom; border-bottom: ${strongLine}`)}>${header.html}</th>`,
      )
      .join("")}</tr></thead>`,
    "<tbody>",
    ...lines.map((line) => (isGap(line) ? wide("td", styles.gap, escapeHtml(line.gap)) : row(line))),
    "</tbody>",
    ...(note ? [`<tfoot>${wide("td", styles.note, note.html)}</tfoot>`] : []),
    "</table>",
  ].join("\n");
}

function toLatex({ columns, lines, caption, note }: Laid): string {
  const row = (cells: readonly Rich[]) => `${cells.map((cell) => cell.latex).join(" & ")} \\\\`;
  const wide = (place: string, latex: string) => `\\multicolumn{${columns.length}}{${place}}{${latex}} \\\\`;
  return [
    `\\begin{tabular}{${columns.map(({ align }) => align[0]).join("")}}`,
    ...(caption ? [wide("l", `\\textit{${caption.latex}}`)] : []),
    "\\hline",
    row(columns.map(({ header }) => header)),
    "\\hline",
    ...lines.map((line) => (isGap(line) ? wide("c", escapeLatex(line.gap)) : row(line))),
    "\\hline",
    ...(note ? [wide("l", note.latex)] : []),
    "\\end{tabular}",
  ].join("\n");
}

function toText({ columns, lines, caption, note }: Laid): string {
  const widths = columns.map(({ header }, j) =>
    lines.reduce(
      (width, line) => (isGap(line) ? width : Math.max(width, displayWidth(line[j].text))),
      displayWidth(header.text),
    ),
  );
  const row = (cells: readonly Rich[]) =>
    cells
      .map((cell, j) => pad(cell.text, widths[j], columns[j].align))
      .join("  ")
      .trimEnd();
  return [
    ...(caption ? [caption.text, ""] : []),
    row(columns.map(({ header }) => header)),
    widths.map((width) => "─".repeat(width)).join("──"),
    ...lines.map((line) => (isGap(line) ? line.gap : row(line))),
    ...(note ? ["", note.text] : []),
  ].join("\n");
}
