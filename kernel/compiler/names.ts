/** Names that the compiler and the running cells agree on. */

/** Earlier cells are imported by this name and a number. */
export const cellModule = "wengert:cell/";

/** The place of a cell among the others, as declarations lend its names to later ones: `$$3.Point`. */
export const lender = (cell: number): string => `$$${cell}`;

const lenders = /(?<![\p{ID_Continue}$])\$\$\d+\./gu;
const files = /\bimport\("[^"]*?__wengert_(?:now_\d+|cell(?:_(\d+))?)(?:\.tsx?)?"\)\./g;

/**
 * A text of the compiler's as its reader should see it: types of cells by their names. Only where two of one name are
 * told apart, the compiler gives the file too; then the earlier cell is named, as `labelOf` says.
 */
export const readable = (text: string, labelOf?: (cell: number) => string | undefined): string =>
  text.replace(lenders, "").replace(files, (_, cell) => {
    const label = cell === undefined ? undefined : labelOf?.(Number(cell));
    return label ? `${label}.` : "";
  });

/** The global through which cells reach the kernel. */
export const kernelName = "$$kernel";
