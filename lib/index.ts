/**
 * Wengert's public face: everything that `import … from "wengert"` offers.
 */
import { registerDisplays } from "./display/index.ts";

export * from "./compare/index.ts";
export * from "./derive/index.ts";
export { type PlotSpec, plotBundle } from "./display/plot.ts";
export { type Cell, type Column, type TableData, tableBundle } from "./display/table.ts";
export {
  digamma,
  erf,
  erfc,
  lgamma,
  log1mexp,
  log1pexp,
  logistic,
  logit,
  logsumexp,
  polygamma,
  xlog1py,
  xlogy,
} from "./rules/index.ts";
export { Drawing, displaySymbol, type MimeBundle, Showable } from "./showable.ts";
export { WengertError } from "./source/positions.ts";
export { Box as TracedNumber } from "./tape/handle.ts";
export { type Entry, EvaluationGraph, ForwardTrace, type Operand, ReverseTrace, Tape } from "./tape/tape.ts";

registerDisplays();
