/** What the evaluator's thread does before the first cell: all of it works, by programs, and the first cell ends it. */
import assert from "node:assert/strict";
import { grad } from "wengert";
import { rehearse } from "#kernel/evaluator/rehearsal.js";
import { prepareSource } from "#lib/prepare.js";

type F = (xs: number[]) => number;

describe("the rehearsal before the first cell", () => {
  it("annotates, and writes derivative programs of functions that run", async () => {
    const prepared: string[] = [];
    const gradients: number[][] = [];
    await rehearse(
      {
        prepareSource: (code, options) => {
          prepared.push(options.file);
          return prepareSource(code, options);
        },
        grad: (f: F) => (xs: number[]) => gradients.push(grad(f, { engine: "program" })(xs)),
      },
      () => true,
    );
    assert.equal(new Set(prepared).size, 13);
    assert.equal(gradients.length, 8);
    for (const gradient of gradients) assert.ok(gradient.length === 8 && gradient.every(Number.isFinite));
  });
  it("ends when a cell comes", async () => {
    let steps = 0;
    const tools = {
      prepareSource: (...args: Parameters<typeof prepareSource>) => {
        steps++;
        return prepareSource(...args);
      },
      grad,
    };
    await rehearse(tools, () => steps < 3);
    assert.equal(steps, 3);
  });
});
