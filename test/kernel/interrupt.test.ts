import assert from "node:assert/strict";
import { Client, resultOf } from "./client.ts";

/** Ways to keep a kernel busy, each of which an interrupt must end. */
const cells: Record<string, string> = {
  "while (true) {}": "while (true) {}",
  "a pending await": "await new Promise(() => {})",
  "a loop in a function called after an await": "await null; spin()",
  "a loop in an async function after an await": "await later()",
  "a loop of awaited resolved promises": "for (;;) await null",
  "a flood of console.log": "for (;;) console.log('x'.repeat(60))",
  "a loop that catches everything": "while (true) { try { await new Promise(() => {}) } catch {} }",
  "for await over an endless source": "for await (const x of endless()) x",
  "a loop in a timer": "setTimeout(() => { while (true) {} }, 5); await new Promise(() => {})",
  "waiting for input": "prompt('never answered')",
};

const times = 10;

describe("interrupts", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    client.answer = () => null;
    await client.run(
      "let kept = 7; function spin() { while (true) {} } async function later() { await null; spin() } " +
        "async function* endless() { for (;;) { await new Promise((done) => setTimeout(done, 5)); yield 1 } }",
    );
  });
  after(() => client.stop());

  const ways = {
    message: () => client.request("interrupt_request", {}, { channel: "control" }),
    signal: async () => client.process.kill("SIGINT"),
  };
  /** While nothing runs, an interrupt does nothing: so wait until the cell has been begun. */
  const begun = (code: string, count: number): Promise<void> =>
    client.until(
      () =>
        client.published.filter((m) => m.header.msg_type === "execute_input" && m.content.code === code)
          .length >= count,
    );
  for (const [way, interrupt] of Object.entries(ways))
    for (const [name, code] of Object.entries(cells))
      it(`end ${name} by ${way}, ${times} times, and the state stays`, async () => {
        client.published.length = 0;
        for (let k = 0; k < times; k++) {
          const running = client.run(code);
          await begun(code, k + 1);
          await new Promise((done) => setTimeout(done, 40 + 5 * k));
          const start = performance.now();
          await interrupt();
          const { reply } = await running;
          const took = performance.now() - start;
          assert.equal(reply.content.ename, "KeyboardInterrupt");
          assert.ok(took < 500, `${took} ms`);
          assert.equal(resultOf(await client.run("kept")), "7");
        }
      });

  it("abort what is queued, and hit nothing later", async () => {
    client.published.length = 0;
    const running = client.run("while (true) {}");
    const queued = client.run("'queued'");
    await begun("while (true) {}", 1);
    await new Promise((done) => setTimeout(done, 50));
    await ways.message();
    assert.equal((await running).reply.content.status, "error");
    assert.equal((await queued).reply.content.status, "aborted");
    for (let k = 0; k < 20; k++) {
      // an interrupt that comes as the cell ends may stop it or come too late, but never hits the next one
      const short = client.run("1");
      await new Promise((done) => setTimeout(done, k % 7));
      await ways.message();
      await short;
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });

  it("do nothing while the kernel is idle", async () => {
    for (let k = 0; k < 5; k++) {
      client.process.kill("SIGINT");
      await new Promise((done) => setTimeout(done, 20));
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });
});
