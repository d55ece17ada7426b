/** The objectives, by group. */
import { bundle } from "./bundle.ts";
import { classics } from "./classics.ts";
import { gmm } from "./gmm.ts";
import { lstm } from "./lstm.ts";
import type { Objective } from "./objective.ts";

export const objectives: readonly Objective[] = [...classics, ...gmm, ...lstm, ...bundle];
