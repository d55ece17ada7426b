/**
 * Functions as lecturers and engineers write them: both engines, forward and reverse, and differences give the same; and
 * which of them have a derivative program.
 */
import assert from "node:assert/strict";
import { checkGrads, explain } from "wengert";
import { copy } from "../corpus/flat.ts";
import { dynamics } from "./natural/dynamics.ts";
import { linearAlgebra } from "./natural/linear-algebra.ts";
import { models } from "./natural/models.ts";
import { same } from "./same.ts";

/** What is left to the tape, and by which construct. */
const onTape: Record<string, RegExp> = {
  "a median": /the method sort/,
  "the largest by sorting": /the method sort/,
  "a stack machine": /the method pop/,
  "Object.assign": /the function Object.assign/,
  "a Map": /the global Map/,
  "a class": /the function \w+ is constructed/,
  "a generator": /is a generator/,
};

describe("natural functions", () => {
  for (const [name, [f, ...args]] of Object.entries({ ...linearAlgebra, ...models, ...dynamics }))
    it(name, () => {
      const { engine, reason } = explain(f)(...(copy(args) as any[])) as { engine: string; reason?: string };
      assert.equal(engine, name in onTape ? "tape" : "program", reason ?? "");
      if (name in onTape) assert.match(String(reason), onTape[name]);
      same(f, args);
      checkGrads(f)(...(copy(args) as any[]));
    });
});
