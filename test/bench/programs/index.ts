/** The objectives, by group. */
import { bundle } from "./bundle.ts";
import { classics } from "./classics.ts";
import { gmm } from "./gmm.ts";
import { grids } from "./grids.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { lstm } from "./lstm.ts";
import { networks } from "./networks.ts";
import type { Objective } from "./objective.ts";
import { particles } from "./particles.ts";
import { recurrences } from "./recurrences.ts";
import { regression } from "./regression.ts";
import { steppers } from "./steppers.ts";

export const objectives: readonly Objective[] = [
  ...classics,
  ...gmm,
  ...lstm,
  ...bundle,
  ...regression,
  ...networks,
  ...recurrences,
  ...steppers,
  ...grids,
  ...particles,
  ...linearAlgebra,
];
