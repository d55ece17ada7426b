/**
 * The calls that differentiate: contents of this floor.
 *
 * They are marked as knowing boxed arguments, so that they can be called inside functions that are differentiated.
 */
import { installNatives } from "../tape/natives/index.ts";
import { recorder } from "../tape/recorder.ts";
import { explain } from "./explain.ts";
import { derivative, jvp } from "./forward.ts";
import { hessian, hvp } from "./hessian.ts";
import { jacobian } from "./jacobian.ts";
import { grad, valueAndGrad, vjp } from "./reverse.ts";
import { stopGradient } from "./stop-gradient.ts";
import { trace } from "./trace.ts";

installNatives(recorder);
for (const call of [derivative, explain, grad, hessian, hvp, jacobian, jvp, trace, valueAndGrad, vjp])
  recorder.aware(call);

export { type ExplainOptions, Explanation, type Obstacle, type SourceText } from "./explain.ts";
export type { JacobianOptions } from "./jacobian.ts";
export type { AnyFunction, Direction, Engine, Gradient, GradientBy, Options, Wrt } from "./types.ts";
export { derivative, explain, grad, hessian, hvp, jacobian, jvp, stopGradient, trace, valueAndGrad, vjp };
