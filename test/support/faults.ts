/**
 * Faults of derivative programs are errors here: for users the tape makes them good, and nobody would notice.
 *
 * Loaded before all tests (.mocharc.json).
 */
import { faults } from "#lib/transform/program.js";

faults.notice = (error, source) => {
  throw new Error(`${error.message}, in the program\n${source}`, { cause: error });
};
