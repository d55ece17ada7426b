// Mocha's `spec` reporter, and after it, as the very last line, the counts alone: `N passed, M failed`.
// The counts are mocha's own; what is pending is neither, and is listed by `spec`.

import mocha from "mocha";

const { Spec } = mocha.reporters;

export default class Counting extends Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed\n`);
  }
}
