/** One gradient by one peer in JavaScript, in a process of its own. */
import { measure } from "#lib/compare/timing.js";
import { flatten } from "../../../corpus/flat.ts";
import { answer, argumentsOf, bind, errorOf, jobOf, objectiveOf } from "../job.ts";
import { loadPlain } from "../plain.ts";
import { peers } from "./index.ts";

const job = jobOf();
const objective = objectiveOf(job);
const args = argumentsOf(objective, job);
const { run, numbers } = await peers[job.peer].gradients[job.objective](...args);
const error = errorOf(numbers(), flatten(objective.hand(...args)));
const plain = objectiveOf(job, await loadPlain());
const [seconds, f] = measure([run, bind(plain.f, args)], job.milliseconds);
answer({ seconds, error, f });
process.exit(0);
