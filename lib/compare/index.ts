/**
 * Ways to compare derivatives: contents of this floor.
 */
export { type Check, type CheckOptions, CheckReport, checkGrads } from "./check.ts";
export {
  type Cost,
  type CostOptions,
  CostPlot,
  CostRange,
  CostReport,
  compareCosts,
  compareOver,
  type Method,
} from "./costs.ts";
export { type DifferenceOptions, finiteDifference, type Scheme } from "./differences.ts";
export { errorAgainstStep, type StepError, type StepOptions, StepPlot, StepReport } from "./steps.ts";
