/**
 * What several messages mean together: clients beside each other, questions at the same time, comms in order, and
 * queues behind an error.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, resultOf, textOf } from "./client.ts";

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describe("a conversation", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run("let kept = 7; import { ask, comms } from 'wengert/notebook'");
  });
  after(() => client.stop());

  it("with two clients: replies and questions go to the sender, output to both", async () => {
    const other = await client.another();
    const asked: string[] = [];
    const answer = (name: string) => () => {
      asked.push(name);
      return name;
    };
    client.answer = answer("first");
    other.answer = answer("second");
    const { reply, outputs } = await client.run("console.log(prompt('?'))");
    assert.equal(textOf(outputs), "first\n");
    assert.equal(textOf(await other.outputsOf(reply.parent_header.msg_id)), "first\n");
    assert.equal(resultOf(await other.run("kept + 1")), "8");
    assert.deepEqual(asked, ["first"]);
    await other.stop();
  });

  it("goes on when another client has left", async () => {
    for (let k = 0; k < 3; k++) {
      const other = await client.another();
      await other.run("1");
      await other.stop();
      await pause(50);
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });

  it("with several questions at once: each gets its own answer", async () => {
    client.answer = ({ prompt }) => prompt.toUpperCase();
    assert.equal(
      resultOf(await client.run("await Promise.all([ask('a'), ask('b'), ask('c')])")),
      "[ 'A', 'B', 'C' ]",
    );
    // a question that its cell did not wait for takes no later one's answer
    client.answer = () => null;
    await client.run("void ask('never answered').catch(() => undefined); 0");
    client.answer = () => "mine";
    assert.equal(resultOf(await client.run("prompt('?')")), "'mine'");
  });

  it("through a comm keeps its order, also while a cell runs", async () => {
    await client.run(
      "const got: unknown[] = []; comms.register('ordered', (comm, data) => { got.push(data); comm.onMessage((m) => got.push(m)); comm.onClose((m) => got.push(m)) })",
    );
    const running = client.run("await new Promise((done) => setTimeout(done, 150))");
    const open = { comm_id: "o1", target_name: "ordered", data: { n: 0 } };
    await client.send("shell", "comm_open", open);
    for (const n of [1, 2]) await client.send("shell", "comm_msg", { comm_id: "o1", data: { n } });
    const last = await client.send("shell", "comm_close", { comm_id: "o1", data: { n: 3 } });
    await running;
    await client.outputsOf(last);
    assert.equal(resultOf(await client.run("got")), "[ { n: 0 }, { n: 1 }, { n: 2 }, { n: 3 } ]");
  });

  it("through a comm whose handler fails or never ends", async () => {
    await client.run(
      "comms.register('bad', (comm) => comm.onMessage((m) => { if (m.spin) { console.log('spinning'); while (true) {} } throw new Error('in handler') }))",
    );
    await client.send("shell", "comm_open", { comm_id: "b1", target_name: "bad", data: {} });
    const failing = await client.send("shell", "comm_msg", { comm_id: "b1", data: {} });
    assert.match(textOf(await client.outputsOf(failing), "stderr"), /in handler/);
    const spinning = await client.send("shell", "comm_msg", { comm_id: "b1", data: { spin: true } });
    await client.until(() => textOf(client.published).includes("spinning"));
    await client.request("interrupt_request", {}, { channel: "control" });
    await client.outputsOf(spinning);
    assert.equal(resultOf(await client.run("kept")), "7");
  });

  it("aborts all that was there when an error came, and is ready again at once", async () => {
    for (let k = 0; k < 5; k++) {
      const gate = join(client.folder, `gate${k}`);
      const first = client.run(
        `import { existsSync } from 'node:fs'; while (!existsSync('gate${k}')) await new Promise((done) => setTimeout(done, 1)); throw new Error('stop')`,
      );
      const queued = Array.from({ length: 30 }, (_, n) => client.run(String(n)));
      // answered at once, and sent behind the others on the same socket: they are there
      await client.request("kernel_info_request");
      writeFileSync(gate, "");
      assert.equal((await first).reply.content.status, "error");
      const next = client.run("kept");
      for (const one of queued) assert.equal((await one).reply.content.status, "aborted");
      assert.equal(resultOf(await next), "7");
    }
  });

  it("aborts what was sent behind a quick error; what comes too late for that runs", async () => {
    const first = client.run("throw new Error('stop')");
    const queued = Array.from({ length: 30 }, (_, n) => client.run(String(n)));
    assert.equal((await first).reply.content.status, "error");
    const statuses: string[] = [];
    for (const one of queued) statuses.push((await one).reply.content.status);
    assert.deepEqual(statuses, [...statuses].sort());
    assert.equal(resultOf(await client.run("kept")), "7");
  });

  it("outlives requests of any content", async () => {
    const requests: [string, object][] = [
      ["execute_request", {}],
      ["execute_request", { code: 5 }],
      ["execute_request", { code: "1", user_expressions: { a: 7 } }],
      ["complete_request", { code: "ab", cursor_pos: -5 }],
      ["complete_request", {}],
      ["inspect_request", { code: [] }],
      ["is_complete_request", {}],
      ["history_request", { hist_access_type: "search", pattern: "[" }],
      ["comm_info_request", { target_name: 7 }],
    ];
    for (const [type, content] of requests) await client.request(type, content);
    for (const type of ["constructor", "__proto__", "toString", "comm_open", "comm_msg", "comm_close"])
      await client.send("shell", type, {});
    const { content } = await client.request(
      "debug_request",
      { type: "request", seq: 1, command: "constructor" },
      { channel: "control" },
    );
    assert.equal(content.success, false);
    assert.equal(resultOf(await client.run("kept")), "7");
  });
});
