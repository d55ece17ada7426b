import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { constants, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Subscriber } from "zeromq";
import { Client, kernelEntry, resultOf, textOf } from "./client.ts";
import { checkMessage } from "./schema.ts";

const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

describe("the protocol", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run("1");
  });
  after(() => client.stop());

  const types = (outputs: { header: Record<string, any> }[]) => outputs.map(({ header }) => header.msg_type);

  it("is checked by a table that finds faults", async () => {
    const good = await client.request("kernel_info_request");
    checkMessage(good);
    const without = (name: string) => ({ ...good, content: { ...good.content, [name]: undefined } });
    for (const name of ["status", "banner", "language_info", "help_links"])
      assert.throws(() => checkMessage(without(name)), new RegExp(name));
    assert.throws(
      () => checkMessage({ ...good, header: { ...good.header, msg_type: "no_such_reply" } }),
      /no message/,
    );
  });

  it("leaves the package's own frames out of tracebacks", async () => {
    const { reply } = await client.run("import { grad } from 'wengert'; grad(((x: number) => [x]) as never)");
    const called = await client.run("(grad(((x: number) => [x, x]) as never) as Function)(1)");
    assert.equal(called.reply.content.status, "error");
    assert.doesNotMatch(called.reply.content.traceback.join("\n"), /dist\//);
    assert.ok(reply.content.status);
  });

  it("shows the cell's own lines where a function fails while it is recorded", async () => {
    await client.run("import { trace } from 'wengert';");
    const fails = `(x: number): number {
  const y = x * x;
  if (y > limit) throw new Error('too far');
  return y;
}`;
    for (const [line, code] of [
      [6, `var limit = 1; function fails${fails}\ntrace(fails)(2)`],
      [
        7,
        `class C { #limit = 1; fails${fails.replace("limit", "this.#limit")}\n}\ntrace((x: number) => new C().fails(x))(2)`,
      ],
    ] as const) {
      const { outputs } = await client.run(code);
      const text = outputs[0].content.traceback.join("\n").replaceAll(colour, "");
      assert.match(text, /> 3 \| {3}if \(y > /);
      const frames = [...text.matchAll(/ {4}at .*?In\[\d+\]:(\d+):\d+/g)].map((found) => Number(found[1]));
      assert.deepEqual([frames[0], frames.at(-1)], [3, line], text);
    }
  });

  it("says what it is, on shell and control", async () => {
    for (const channel of ["shell", "control"] as const) {
      const { content } = await client.request("kernel_info_request", {}, { channel });
      assert.equal(content.status, "ok");
      assert.equal(content.language_info.name, "typescript");
      assert.equal(content.language_info.version, "6.0.3");
      assert.ok(content.banner.includes(process.version.slice(1)));
      assert.deepEqual(content.supported_features, ["kernel subshells"]);
    }
  });

  it("publishes busy, input, result, idle, in this order", async () => {
    const { reply } = await client.run("6 * 7");
    const mine = client.published.filter(
      ({ parent_header }) => parent_header.msg_id === reply.parent_header.msg_id,
    );
    assert.deepEqual(types(mine), ["status", "execute_input", "execute_result", "status"]);
    assert.equal(mine[1].content.code, "6 * 7");
    assert.equal(mine[2].content.execution_count, reply.content.execution_count);
    const ids = client.published.map(({ header }) => header.msg_id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("greets each subscriber first", () => {
    assert.equal(client.published[0].header.msg_type, "iopub_welcome");
    assert.equal(client.published[0].content.subscription, "");
  });

  it("goes on publishing when subscribers come and go, at rest and while much is sent", async () => {
    const come = async (read: number): Promise<string[]> => {
      const subscriber = new Subscriber();
      subscriber.subscribe();
      subscriber.connect(client.address("iopub_port"));
      const seen: string[] = [];
      while (seen.length < read) {
        const frames = await subscriber.receive();
        const at = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
        seen.push(JSON.parse(frames[at + 2].toString()).msg_type);
      }
      subscriber.close();
      return seen;
    };
    for (let k = 0; k < 5; k++) {
      assert.deepEqual(await come(1), ["iopub_welcome"]);
      await new Promise((done) => setTimeout(done, 30));
      assert.equal((await client.run(`${k} + 1`)).outputs.length, 1);
    }
    const flood = client.run(
      "for (let k = 0; k < 400; k++) { console.log(k); await new Promise((done) => setTimeout(done, 5)) }",
    );
    const asking = setInterval(() => void client.request("kernel_info_request"), 50);
    for (let k = 0; k < 10; k++) {
      const [welcome, ...rest] = await Promise.all([come(3), come(1)]).then(([seen]) => seen);
      assert.equal(welcome, "iopub_welcome");
      assert.equal(rest.length, 2);
    }
    clearInterval(asking);
    assert.equal(textOf((await flood).outputs), Array.from({ length: 400 }, (_, k) => `${k}\n`).join(""));
  });

  it("counts what is stored alone, and keeps silent cells silent", async () => {
    const count = async (content: object) => {
      const { reply, outputs } = await client.run("1", content);
      return [reply.content.execution_count, types(outputs)];
    };
    const [before] = await count({});
    assert.deepEqual(await count({ silent: true }), [before, []]);
    assert.deepEqual(await count({ store_history: false }), [before, ["execute_result"]]);
    assert.deepEqual(await count({}), [(before as number) + 1, ["execute_result"]]);
  });

  it("reports errors in the cell's own lines", async () => {
    const { reply, outputs } = await client.run(
      "function outer() {\n  const fine = 1;\n  throw new RangeError('too far' + fine);\n}\nouter();",
    );
    assert.equal(reply.content.status, "error");
    assert.equal(reply.content.ename, "RangeError");
    assert.equal(reply.content.evalue, "too far1");
    assert.deepEqual(types(outputs), ["error"]);
    const plain = outputs[0].content.traceback.join("\n").replaceAll(colour, "");
    assert.match(plain, /> 3 \| {3}throw new RangeError/);
    assert.match(plain, /at outer \(In\[\d+\]:3:9\)\n {4}at In\[\d+\]:5:1$/);
    assert.doesNotMatch(plain, /node_modules|dist\/kernel|node:/);
  });

  it("shows what was thrown if it is no error", async () => {
    const { reply } = await client.run("throw { code: 3 }");
    assert.equal(reply.content.evalue, "{ code: 3 }");
  });

  it("lists every type error with its place and does not run the cell", async () => {
    const { reply } = await client.run(
      "(globalThis as any).ran = true;\nconst a: number = 'x';\nlet b: string = 4;",
    );
    const text = reply.content.evalue;
    assert.match(
      text,
      /In\[\d+\]:2:7 - error TS2322: Type 'string' is not assignable to type 'number'\.\n2 \| const a: number = 'x';\n {10}~/,
    );
    assert.match(text, /:3:5 - error TS2322/);
    assert.equal(resultOf(await client.run("(globalThis as any).ran")), undefined);
  });

  it("evaluates user_expressions", async () => {
    const { reply } = await client.run("const ue = 4", {
      user_expressions: { good: "ue * 2", bad: "null.x" },
    });
    const { good, bad } = reply.content.user_expressions;
    assert.deepEqual(good, { status: "ok", data: { "text/plain": "8" }, metadata: {} });
    assert.equal(bad.status, "error");
  });

  it("aborts what is queued behind an error, and is ready again at once", async () => {
    const first = client.run("await new Promise((done) => setTimeout(done, 1000)); throw new Error('stop')");
    const queued = [client.run("1"), client.run("2")];
    assert.equal((await first).reply.content.status, "error");
    const next = client.run("3");
    for (const one of queued) assert.equal((await one).reply.content.status, "aborted");
    assert.equal((await next).reply.content.status, "ok");
  });

  it("keeps the queue with stop_on_error false", async () => {
    const first = client.run("await null; throw new Error('go on')", { stop_on_error: false });
    assert.equal(resultOf(await client.run("2")), "2");
    await first;
  });

  it("runs cells one after another", async () => {
    const slow = client.run("await new Promise((done) => setTimeout(done, 60)); console.log('first')");
    const quick = client.run("console.log('second')");
    await Promise.all([slow, quick]);
    const text = textOf(client.published.slice(-12));
    assert.ok(text.indexOf("first") < text.indexOf("second"));
  });

  it("asks for input, and for passwords without showing them", async () => {
    const asked: object[] = [];
    client.answer = (content) => {
      asked.push(content);
      return "Ada ü 😀";
    };
    assert.equal(resultOf(await client.run("prompt('name? ')")), "'Ada ü 😀'");
    assert.equal(resultOf(await client.run("password('secret? ').length")), "8");
    assert.equal(
      resultOf(await client.run("import { ask } from 'wengert/notebook'; await ask('later? ')")),
      "'Ada ü 😀'",
    );
    assert.deepEqual(asked, [
      { prompt: "name? ", password: false },
      { prompt: "secret? ", password: true },
      { prompt: "later? ", password: false },
    ]);
    const refused = await client.run("prompt('no')", { allow_stdin: false });
    assert.match(refused.reply.content.evalue, /^input is not possible here; /);
  });

  it("remembers history: tail, range, search", async () => {
    for (const code of ["'h1'", "'h2'", "'h2'"]) await client.run(code);
    const history = async (content: object) =>
      (await client.request("history_request", { raw: true, output: false, ...content })).content.history;
    const tail = await history({ hist_access_type: "tail", n: 2 });
    assert.deepEqual(
      tail.map((row: unknown[]) => row[2]),
      ["'h2'", "'h2'"],
    );
    const [, line] = tail[0];
    assert.deepEqual(await history({ hist_access_type: "range", session: 0, start: line, stop: line + 1 }), [
      tail[0],
    ]);
    assert.equal((await history({ hist_access_type: "search", pattern: "'h?'", unique: true })).length, 2);
    assert.equal((await history({ hist_access_type: "search", pattern: "'h?'", n: 1 })).length, 1);
    const [[, , both]] = await history({ hist_access_type: "tail", n: 1, output: true });
    assert.deepEqual(both, ["'h2'", "'h2'"]);
  });

  it("talks through comms, both ways, with buffers", async () => {
    const opened = await client.run(
      "import { comms } from 'wengert/notebook'; const comm = comms.open('there', { a: 1 }, { buffers: [new Uint8Array([1, 2, 255])] }); comm.onMessage((data, { buffers }) => comm.send({ got: data, bytes: buffers[0].length })); comm.id",
    );
    const [open] = opened.outputs;
    assert.equal(open.header.msg_type, "comm_open");
    assert.deepEqual([...open.buffers[0]], [1, 2, 255]);
    const { comm_id } = open.content;
    const info = async () => (await client.request("comm_info_request", {})).content.comms;
    assert.deepEqual((await info())[comm_id], { target_name: "there" });
    const id = await client.send(
      "shell",
      "comm_msg",
      { comm_id, data: { b: 2 } },
      { buffers: [Buffer.from("abcd")] },
    );
    const [answer] = await client.outputsOf(id);
    assert.deepEqual(answer.content, { comm_id, data: { got: { b: 2 }, bytes: 4 } });
    const closed = await client.run("comm.close({ bye: true })");
    assert.deepEqual(types(closed.outputs), ["comm_close"]);
    assert.equal((await info())[comm_id], undefined);
  });

  it("opens comms that cells wait for, and closes those that nobody knows", async () => {
    await client.run(
      "import { comms } from 'wengert/notebook'; comms.register('here', (c, data) => c.send({ hello: data }))",
    );
    const known = await client.send("shell", "comm_open", {
      comm_id: "k1",
      target_name: "here",
      data: { n: 1 },
    });
    assert.deepEqual((await client.outputsOf(known))[0].content, {
      comm_id: "k1",
      data: { hello: { n: 1 } },
    });
    const unknown = await client.send("shell", "comm_open", {
      comm_id: "k2",
      target_name: "nowhere",
      data: {},
    });
    const [close] = await client.outputsOf(unknown);
    assert.equal(close.header.msg_type, "comm_close");
    assert.equal(close.content.comm_id, "k2");
    const { comms } = (await client.request("comm_info_request", { target_name: "here" })).content;
    assert.deepEqual(comms, { k1: { target_name: "here" } });
  });

  it("runs subshells while the main cell awaits, with its variables", async () => {
    await client.run("let gate: () => void; const sharedList: number[] = []");
    const create = () => client.request("create_subshell_request", {}, { channel: "control" });
    const ids = [(await create()).content.subshell_id, (await create()).content.subshell_id];
    const listed = (await client.request("list_subshell_request", {}, { channel: "control" })).content
      .subshell_id;
    assert.deepEqual(listed, ids);
    const main = client.run("await new Promise<void>((done) => { gate = done }); sharedList.length");
    for (const [k, subshell_id] of ids.entries())
      assert.equal(
        resultOf(await client.run(`sharedList.push(${k})`, {}, { header: { subshell_id } })),
        String(k + 1),
      );
    await client.run("gate()", {}, { header: { subshell_id: ids[0] } });
    assert.equal(resultOf(await main), "2");
    for (const subshell_id of ids)
      assert.equal(
        (await client.request("delete_subshell_request", { subshell_id }, { channel: "control" })).content
          .status,
        "ok",
      );
    const gone = await client.request(
      "delete_subshell_request",
      { subshell_id: ids[0] },
      { channel: "control" },
    );
    assert.equal(gone.content.status, "error");
    const lost = await client.request("execute_request", { code: "1" }, { header: { subshell_id: ids[0] } });
    assert.equal(lost.content.status, "error");
  });

  it("answers debug requests", async () => {
    const { content } = await client.request(
      "debug_request",
      { type: "request", seq: 3, command: "initialize", arguments: {} },
      { channel: "control" },
    );
    assert.deepEqual([content.success, content.request_seq], [true, 3]);
    const other = await client.request(
      "debug_request",
      { type: "request", seq: 4, command: "attach", arguments: {} },
      { channel: "control" },
    );
    assert.equal(other.content.success, false);
  });

  it("answers heartbeat, control and completion while a cell computes", async () => {
    const busy = client.run("console.log('computing'); while (true) {}");
    await client.until(() => textOf(client.published).includes("computing"));
    assert.equal(Buffer.from((await client.heartbeat())[0]).toString(), "ping");
    assert.equal(
      (await client.request("kernel_info_request", {}, { channel: "control" })).content.status,
      "ok",
    );
    const { content } = await client.request("complete_request", { code: "Math.ab", cursor_pos: 7 });
    assert.deepEqual(content.matches, ["abs"]);
    await client.request("interrupt_request", {}, { channel: "control" });
    assert.equal((await busy).reply.content.ename, "KeyboardInterrupt");
  });

  describe("hostile messages", () => {
    const send = async (change: (frames: Uint8Array[]) => Uint8Array[]) => {
      const content = {
        code: "(globalThis as any).hostile = ((globalThis as any).hostile ?? 0) + 1",
        silent: false,
      };
      await client.sendFrames("shell", change(client.frames(client.header("execute_request"), content)));
    };
    const runs = async () => {
      await client.request("kernel_info_request");
      return resultOf(await client.run("(globalThis as any).hostile ?? 0"));
    };
    it("have no effect with a wrong signature, without one, or damaged", async () => {
      await send((frames) => frames.with(1, Buffer.from("0".repeat(64))));
      await send((frames) => frames.with(1, Buffer.from("")));
      await send((frames) => frames.with(5, Buffer.from('{"code":"1"}')));
      await send((frames) => frames.slice(1));
      await send((frames) => frames.slice(0, 3));
      await send(() => [Buffer.from("<IDS|MSG>")]);
      await send(() => [Buffer.from("")]);
      const broken = [Buffer.from("{"), Buffer.from("{}"), Buffer.from("{}"), Buffer.from("{}")];
      await send(([delimiter]) => [delimiter, Buffer.from(client.signature(broken)), ...broken]);
      const odd = [Buffer.from("[]"), Buffer.from("3"), Buffer.from("null"), Buffer.from("{}")];
      await send(([delimiter]) => [delimiter, Buffer.from(client.signature(odd)), ...odd]);
      await client.send("shell", "no_such_request", {});
      assert.equal(await runs(), "0");
    });
    it("take effect once when they are repeated", async () => {
      const frames = client.frames(client.header("execute_request"), {
        code: "(globalThis as any).hostile = ((globalThis as any).hostile ?? 0) + 1",
      });
      await client.sendFrames("shell", frames);
      await client.sendFrames("shell", frames);
      assert.equal(await runs(), "1");
    });
  });
});

describe("the kernel's process", () => {
  it("speaks over ipc", async () => {
    const client = await Client.start({ transport: "ipc" });
    assert.equal(resultOf(await client.run("1 + 1")), "2");
    await client.stop();
  });

  it("ends when it is told to, whatever runs", async () => {
    const client = await Client.start();
    const busy = client.run("console.log('computing'); while (true) {}").catch(() => undefined);
    await client.until(() => textOf(client.published).includes("computing"));
    const gone = new Promise((done) => client.process.once("exit", done));
    const reply = await client.request("shutdown_request", { restart: true }, { channel: "control" });
    assert.deepEqual(reply.content, { status: "ok", restart: true });
    await gone;
    void busy;
    await client.stop();
  });

  it("ends when its launcher is killed, also during while (true)", async () => {
    const launcher = `const { spawn } = require("node:child_process"); const child = spawn(process.execPath, process.argv.slice(1), { stdio: "ignore" }); console.error("pid", child.pid); setInterval(() => {}, 1000)`;
    const client = await Client.start({ command: [process.execPath, "-e", launcher, kernelEntry] });
    await client.until(() => /pid \d+/.test(client.stderr));
    const pid = Number(/pid (\d+)/.exec(client.stderr)?.[1]);
    void client.run("console.log('computing'); while (true) {}").catch(() => undefined);
    await client.until(() => textOf(client.published).includes("computing"));
    client.process.kill("SIGKILL");
    const alive = () => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    for (let k = 0; k < 300 && alive(); k++) await new Promise((done) => setTimeout(done, 100));
    assert.equal(alive(), false);
    await client.stop();
  });

  it("leaves the launcher's stderr as it was: writes to it wait", async function () {
    if (process.platform !== "linux") this.skip();
    const client = await Client.start();
    await client.run("console.error('to the cell'); process.stderr.write('too')");
    const flags = /flags:\s+(\d+)/.exec(readFileSync(`/proc/${client.process.pid}/fdinfo/2`, "utf8"));
    assert.equal(Number.parseInt(flags?.[1] ?? "", 8) & constants.O_NONBLOCK, 0);
    await client.stop();
  });

  it("names what is wrong with a connection file", () => {
    const client = new Client();
    const path = join(client.folder, "bad.json");
    const attempt = (text: string | null) => {
      if (text !== null) writeFileSync(path, text);
      return spawnSync(
        process.execPath,
        [kernelEntry, text === null ? join(client.folder, "none.json") : path],
        { encoding: "utf8", timeout: 50_000 },
      );
    };
    for (const [text, expected] of [
      [null, /cannot read the connection file .*none\.json/],
      ["{ not", /is not JSON/],
      ["{}", /gives no valid shell_port/],
    ] as const) {
      const { status, stderr } = attempt(text);
      assert.equal(status, 1);
      assert.match(stderr, expected);
    }
  });

  it("answers the first request quickly", async () => {
    const times: number[] = [];
    for (let k = 0; k < 3; k++) {
      const client = new Client();
      const begun = performance.now();
      const started = await Client.start();
      times.push(performance.now() - begun);
      await started.stop();
      await client.stop().catch(() => undefined);
    }
    // generous: the benchmark measures; here only a kernel that waits for its compiler is caught
    assert.ok(Math.min(...times) < 5000, String(times));
  });
});
