/**
 * One objective at one size, in a process of its own: f, the derivative program and the adjoint by hand in turns; or,
 * so that its garbage is not theirs, f, the tape and central differences.
 */
import { finiteDifference } from "wengert";
import { measure } from "#lib/compare/timing.js";
import { flatten } from "../../corpus/flat.ts";
import { derivativeOf } from "../programs/derivative.ts";
import { answer, argumentsOf, bind, errorOf, jobOf, objectiveOf } from "./job.ts";
import { loadPlain } from "./plain.ts";

const repeats = 4;
/** Differences that would take longer are left out, in seconds. */
const longest = 2;

const job = jobOf();
const prepared = objectiveOf(job);
const plain = objectiveOf(job, await loadPlain());
const args = argumentsOf(prepared, job);
const right = flatten(plain.hand(...args));

/** Least seconds for a call of each, in turns, several times over. */
function timesOf<K extends string>(functions: Record<K, () => unknown>): Record<K, number> {
  const names = Object.keys(functions) as K[];
  const least = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<
    K,
    number
  >;
  for (let k = 0; k < repeats; k++)
    measure(Object.values(functions), job.milliseconds / repeats).forEach((seconds, i) => {
      least[names[i]] = Math.min(least[names[i]], seconds);
    });
  return least;
}

function checked(derivative: (...args: any[]) => unknown): () => unknown {
  const error = errorOf(flatten(derivative(...args)), right);
  if (!(error < 1e-9)) throw new Error(`${job.objective}: the derivatives differ by ${error}`);
  return bind(derivative, args);
}

const f = bind(plain.f, args);

if (job.way === "program") {
  const functions = { f, prepared: bind(prepared.f, args), hand: bind(plain.hand, args) };
  let program: (() => unknown) | string;
  try {
    program = checked(derivativeOf(prepared, args, "program"));
  } catch (error) {
    program = (error as Error).message;
  }
  const times = typeof program === "string" ? timesOf(functions) : timesOf({ ...functions, program });
  answer({ inputs: right.length, program, ...times });
} else {
  const times = timesOf({ f, tape: checked(derivativeOf(prepared, args, "tape")) });
  const { wrt } = prepared;
  const differences =
    2 * right.length * times.f > longest
      ? undefined
      : typeof prepared.f(...args) === "number"
        ? finiteDifference.gradient(prepared.f as (...args: any[]) => number, { wrt })
        : finiteDifference.jacobian(prepared.f, { wrt } as object);
  answer({
    inputs: right.length,
    ...times,
    ...(differences && { differences: measure([bind(differences, args)], job.milliseconds / repeats)[0] }),
  });
}
