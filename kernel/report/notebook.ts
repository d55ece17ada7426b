// What a report says about a notebook, read from its cells: title, summary, and a picture to know it by.

/** A notebook file of format 4, as far as reports read it. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly {
    readonly data?: Readonly<Record<string, string | readonly string[]>>;
  }[];
}

/** A notebook's face in the index. */
export interface Face {
  readonly title: string;
  /** The first paragraph of prose, without its markup; empty when there is none. */
  readonly summary: string;
  /** The first picture among the outputs, as base64 PNG. */
  readonly picture?: string;
  /** Number of code cells with something in them. */
  readonly cells: number;
}

const joined = (text: string | readonly string[]) => (typeof text === "string" ? text : text.join(""));

/** Markdown as plain words; mathematics keeps its dollars, for the page's typesetting. */
function plainWords(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|`)(.+?)\1/g, "$2")
    .replace(/(?<![\w\\])[*_](\S.*?)[*_](?!\w)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** The first PNG that a piece of HTML holds, as base64. */
function pictureIn(html: string): string | undefined {
  return /<img[^>]*\ssrc="data:image\/png;base64,([^"]+)"/.exec(html)?.[1];
}

/** Reads the face of `notebook`; one without a heading is called by `name`. */
export function faceOf(notebook: Notebook, name: string): Face {
  const blocks = notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .flatMap((cell) => joined(cell.source).split(/\n\s*\n/));
  const heading = blocks
    .map((block) => /^#{1,2}\s+(.+?)\s*#*\s*$/m.exec(block)?.[1])
    .find((found) => found !== undefined);
  const prose = blocks
    .map((block) => block.replace(/^#{1,6}\s.*$/gm, "").trim())
    .find((block) => block !== "" && !/^(```|[|>\-*]|\d+\.|\$\$)/.test(block));
  const picture = notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .map(({ data }) => data?.["image/png"] ?? pictureIn(joined(data?.["text/html"] ?? "")))
    .find((found) => found !== undefined);
  return {
    title: plainWords(heading ?? name),
    summary: plainWords(prose ?? ""),
    cells: notebook.cells.filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "")
      .length,
    ...(picture === undefined ? {} : { picture: joined(picture).replace(/\s/g, "") }),
  };
}
