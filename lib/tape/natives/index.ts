/**
 * Native functions under a recording: the contents of this folder.
 *
 * What: which built-in functions may meet traced values and what they do then. Any other function that is not
 * prepared refuses them. Why a table by identity: `const { sin } = Math` and `xs.map(Math.sqrt)` work, and a function
 * that a program replaced by its own does not pass for the built-in one.
 */
import type { Recorder } from "../recorder.ts";
import { installArrays } from "./arrays.ts";
import { installCollections } from "./collections.ts";
import { installNumbers } from "./numbers.ts";
import { installObjects } from "./objects.ts";
import { installTypedArrays } from "./typed-arrays.ts";

export function installNatives(recorder: Recorder): void {
  installNumbers(recorder);
  installObjects(recorder);
  installArrays(recorder);
  installTypedArrays(recorder);
  installCollections(recorder);
}
