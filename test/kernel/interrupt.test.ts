import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeShared, slot } from "#kernel/threads/shared.js";
import { takeOwn } from "#kernel/threads/signals.js";
import { Client, resultOf, textOf } from "./client.ts";

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
  "a loop in a timer":
    "setTimeout(() => { console.log('begun'); while (true) {} }, 5); await new Promise(() => {})",
  "waiting for input": "prompt('never answered')",
};

const imports =
  "import { AsyncResource } from 'node:async_hooks'; import { execSync, spawnSync } from 'node:child_process'; " +
  "import { readFile } from 'node:fs'; import { createServer } from 'node:http';";

/** Code that Node calls, not the cell: each of these ends by an interrupt too. */
const callbacks: Record<string, string> = {
  "a loop in a promise's handler": "await Promise.resolve().then(() => spin())",
  "an endless chain of promises": "const f = (): Promise<unknown> => Promise.resolve().then(f); await f()",
  "a loop in a microtask": "queueMicrotask(spin); await new Promise(() => {})",
  "endless microtasks": "const q = () => queueMicrotask(q); q(); await new Promise(() => {})",
  "endless microtasks from a timer":
    "const t = () => queueMicrotask(t); setTimeout(t, 5); await new Promise(() => {})",
  "a loop in a tick": "process.nextTick(spin); await new Promise(() => {})",
  "endless ticks": "const g = () => process.nextTick(g); g(); await new Promise(() => {})",
  "a loop in a file's callback": "readFile('/dev/null', () => spin()); await new Promise(() => {})",
  "a loop in a server's handler":
    "const s = createServer(() => { console.log('begun'); spin() }).listen(0); await fetch(`http://127.0.0.1:${(s.address() as any).port}`)",
  "a loop in an asynchronous scope": "new AsyncResource('x').runInAsyncScope(() => spin())",
  "a loop in the body of for await": "for await (const x of [1, 2]) spin()",
  "for await over a source that never waits":
    "async function* ones() { for (;;) yield 1 } for await (const x of ones()) x",
  "a loop in a display method": "({ [Symbol.for('Jupyter.display')]() { spin() } })",
  "a loop in a late display": "({ async [Symbol.for('Jupyter.display')]() { await null; spin() } })",
  "a loop in an inspect method": "({ [Symbol.for('nodejs.util.inspect.custom')]() { spin() } })",
};

/** Children that the cell waits for; a signal that reaches the kernel alone must end them too. */
const children: Record<string, string> = {
  "a synchronous child process": "execSync('sleep 60')",
  "child after child": "for (;;) spawnSync('sleep', ['60'], { stdio: 'inherit' })",
};

/** Children that go on after a SIGINT. */
const stubborn: Record<string, string> = {
  "that ignores it": "execSync(`sh -c 'trap \"\" INT; sleep 60'`)",
  "that ignores SIGTERM, too, with one of its own":
    "spawnSync('sh', ['-c', 'trap \"\" INT TERM; sleep 60 & sleep 60'], { stdio: 'inherit' })",
  "that leaves one behind, which holds the pipe": "execSync('sleep 60 &')",
  "again and again": "for (;;) { try { execSync(`sh -c 'trap \"\" INT; sleep 60'`) } catch {} }",
};

const times = 10;

const subshell = async (client: Client): Promise<string> =>
  (await client.request("create_subshell_request", {}, { channel: "control" })).content.subshell_id;

describe("interrupts", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    client.answer = () => null;
    await client.run(
      imports +
        "let kept = 7; function spin() { while (true) {} } async function later() { await null; spin() } " +
        "async function* endless() { for (;;) { await new Promise((done) => setTimeout(done, 5)); yield 1 } }",
    );
  });
  after(() => client.stop());

  const ways = {
    message: () => client.request("interrupt_request", {}, { channel: "control" }),
    signal: async () => client.process.kill("SIGINT"),
  };
  /** Time for a signal or a message of which nothing is heard to get there, also on a busy machine. */
  const arrived = () => new Promise((done) => setTimeout(done, 400));
  const runsThere: [string, keyof typeof ways, string, number][] = [
    ...Object.entries({ ...cells, ...children }).flatMap(([name, code]) =>
      (["message", "signal"] as const).map((way) => [name, way, code, times] as never),
    ),
    ...Object.entries(callbacks).map(([name, code]) => [name, "message", code, 2] as never),
  ];
  /** Runs a cell that never ends, and waits until it is there: while nothing runs, an interrupt does nothing. */
  const begin = async (code: string) => {
    client.published.length = 0;
    const running = client.run(code.includes("'begun'") ? code : `console.log('begun'); ${code}`);
    await client.until(() => textOf(client.published).includes("begun"));
    return { running };
  };
  for (const [name, way, code, count] of runsThere)
    it(`end ${name} by ${way}, ${count} times, and the state stays`, async () => {
      const took: number[] = [];
      for (let k = 0; k < count; k++) {
        const { running } = await begin(code);
        await new Promise((done) => setTimeout(done, 40 + 5 * k));
        const start = performance.now();
        await ways[way]();
        const { reply } = await running;
        took.push(performance.now() - start);
        assert.equal(reply.content.ename, "KeyboardInterrupt", reply.content.traceback?.join("\n"));
        assert.equal(resultOf(await client.run("kept")), "7");
      }
      // within half a second, but for moments in which the machine has other things to do
      assert.ok(Math.min(...took) < 500, `${took} ms`);
    });

  it("end what cells have left behind", async () => {
    const left = [
      "setTimeout(() => { say(); spin() }, 20)",
      "new Promise((done) => setTimeout(done, 20)).then(() => { say(); spin() })",
      "(async () => { await new Promise((done) => setTimeout(done, 20)); say(); spin() })()",
      "(async () => { await new Promise((done) => setTimeout(done, 20)); say(); for (;;) await null })()",
    ];
    await client.run("const say = () => console.log('begun')");
    for (const code of left) {
      client.published.length = 0;
      await client.run(`${code}; 0`);
      await client.until(() => textOf(client.published).includes("begun"));
      await ways.message();
      await new Promise((done) => setTimeout(done, 50));
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });

  it("end what comes a moment too late to end with its cell", async () => {
    const late = [
      "setTimeout(() => { while (true) {} }, 40); await new Promise(() => {})",
      "const g = (k: number): void => void readFile('/dev/null', () => (k > 0 ? g(k - 1) : spin())); g(300); await new Promise(() => {})",
    ];
    for (const code of late)
      for (let k = 0; k < 10; k++) {
        const { running } = await begin(code);
        await new Promise((done) => setTimeout(done, 3 * k));
        await ways[k % 2 ? "message" : "signal"]();
        assert.equal((await running).reply.content.ename, "KeyboardInterrupt");
        await new Promise((done) => setTimeout(done, 50));
        assert.equal(resultOf(await client.run("kept")), "7");
      }
  });

  it("leave modules whole that they stop the loading of", async () => {
    const one = join(client.folder, "one.cjs");
    writeFileSync(one, "exports.two = require('./two.cjs').two;");
    writeFileSync(
      join(client.folder, "two.cjs"),
      "exports.two = 1; console.log('begun'); while (!globalThis.goesOn); exports.two = 2;",
    );
    const load = `console.log(require(${JSON.stringify(one)}).two); 'begun'`;
    const { running } = await begin(load);
    await ways.message();
    assert.equal((await running).reply.content.ename, "KeyboardInterrupt");
    assert.match(textOf((await client.run(`(globalThis as any).goesOn = true; ${load}`)).outputs), /^2$/m);
  });

  it("end what imported files compute, which can be imported again", async () => {
    const tops = [
      "export const one = spin();",
      "let before = 1\nspin()\nlet after = before",
      "for (let k = 0; !(globalThis as any).mayGo; k++) k;",
      "export default spin(1)",
      "const { a = 1 } = (await null, spin())",
      "for await (const x of [1]) spin();",
      "label: { await new Promise(() => {}); break label }",
      "export const one = await later();",
      "import './spinning.ts'; export const two = 2;",
      "for (var k = 0; !(globalThis as any).mayGo; k++) k;",
      "export class A { static x = spin() }",
      "export class A { static { spin() } }",
      "const A = class extends Object { static [`b`] = 1; static { for (var k = 0; k < 1; k++) spin() } }",
      "export default class extends (spin(), Object) {}",
    ];
    const head =
      "const spin = (x?: number): any => { console.log('begun'); while (!(globalThis as any).mayGo); return { a: x } }; const later = async () => { await null; spin() };";
    for (const [k, top] of tops.entries())
      for (const way of ["message", "signal"] as const) {
        const name = `top${k}${way}.ts`;
        writeFileSync(join(client.folder, "spinning.ts"), `${head} spin(); // ${way}`);
        writeFileSync(
          join(client.folder, name),
          `console.log('begun'); ${head} ${top}\n;export const end = 5;`,
        );
        const { running } = await begin(`await import('./${name}'); 'begun'`);
        await new Promise((done) => setTimeout(done, 100));
        await ways[way]();
        const { reply } = await running;
        assert.equal(reply.content.ename, "KeyboardInterrupt", top);
        if (top.includes("new Promise")) continue;
        const again = await client.run(
          `(globalThis as any).mayGo = true; const { end } = await import('./${name}'); (globalThis as any).mayGo = false; end`,
        );
        assert.equal(resultOf(again), "5", `${top}: ${again.reply.content.evalue}`);
      }
  });

  it("reach a child process that begins as they come", async () => {
    for (let k = 0; k < 20; k++) {
      const { reply } = await client.run(
        `const until = performance.now() + ${k * 0.02}; process.kill(process.pid, 'SIGINT'); while (performance.now() < until); execSync('sleep 60')`,
      );
      assert.equal(reply.content.ename, "KeyboardInterrupt");
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });

  for (const [name, code] of Object.entries(stubborn))
    it(`end a child process ${name}, and no other`, async () => {
      const beside = "const beside = spawn('sh', ['-c', 'trap \"\" INT; echo ready; exec sleep 60']);";
      await client.run(
        `import { spawn } from 'node:child_process'; ${beside} await new Promise((done) => beside.stdout.once('data', done))`,
      );
      for (const way of ["message", "signal"] as const) {
        const { running } = await begin(code);
        await new Promise((done) => setTimeout(done, 100));
        const start = performance.now();
        await ways[way]();
        assert.equal((await running).reply.content.ename, "KeyboardInterrupt");
        // within about a second, but for a machine that has other things to do
        assert.ok(performance.now() - start < 10_000);
        assert.equal(
          resultOf(await client.run("[kept, beside.exitCode, beside.signalCode]")),
          "[ 7, null, null ]",
        );
      }
      assert.equal(resultOf(await client.run("beside.kill('SIGKILL')")), "true");
    });

  it("end an import that never ends; other cells do not wait for Node's loader", async () => {
    const fresh = await Client.start();
    const hooks = "data:text/javascript,export const resolve = () => new Promise(() => {})";
    await fresh.run("await null");
    await fresh.run(`require('node:module').register(${JSON.stringify(hooks)})`);
    const running = fresh.run("await null; console.log('begun'); await import('node:fs')");
    await fresh.until(() => textOf(fresh.published).includes("begun"));
    assert.equal(resultOf(await fresh.run("0", {}, { header: { subshell_id: await subshell(fresh) } })), "0");
    await fresh.request("interrupt_request", {}, { channel: "control" });
    assert.equal((await running).reply.content.ename, "KeyboardInterrupt");
    assert.equal(resultOf(await fresh.run("await null; (async () => 2)()")), "Promise { 2 }");
    await fresh.stop();
  });

  it("leave Node's loader whole, whenever they come", async () => {
    for (let k = 0; k < 2; k++) {
      const fresh = new Client();
      writeFileSync(join(fresh.folder, "local.ts"), "export const local: number = 5;");
      await fresh.launch();
      await fresh.run("0");
      for (let j = 0; j < 3; j++) {
        const running = fresh.run("import { local } from './local'; for (;;) await import('./local')");
        await fresh.until(() =>
          fresh.published.some(({ content }) => content.execution_count === j + 2 && content.code),
        );
        await new Promise((done) => setTimeout(done, 10 * j + 3 * k));
        await fresh.request("interrupt_request", {}, { channel: "control" });
        assert.equal((await running).reply.content.status, "error");
      }
      const whole = await fresh.run("import { local } from './local'; local");
      assert.equal(resultOf(whole), "5", whole.reply.content.evalue);
      await fresh.stop();
    }
  });

  it("may come in a burst", async () => {
    for (const code of ["while (true) {}", "for (;;) await null", "0"]) {
      // signals before its beginning do not concern a cell
      const { running } = await begin(code);
      for (let k = 0; k < 100; k++) client.process.kill("SIGINT");
      await running;
      await arrived();
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });

  it("leave the questions of later cells their answers", async () => {
    for (const way of ["message", "signal", "message"] as const) {
      client.answer = () => null;
      const { running } = await begin("prompt('never answered')");
      await new Promise((done) => setTimeout(done, 50));
      await ways[way]();
      assert.equal((await running).reply.content.ename, "KeyboardInterrupt");
      client.answer = ({ prompt }) => `to ${prompt}`;
      assert.equal(resultOf(await client.run("[prompt('a'), prompt('b')]")), "[ 'to a', 'to b' ]");
    }
    client.answer = () => null;
  });

  it("end a cell whatever listens for the signal", async () => {
    await client.run("const heard = () => console.log('heard'); process.on('SIGINT', heard)");
    for (const way of ["message", "signal"] as const) {
      const { running } = await begin("spin()");
      await ways[way]();
      assert.equal((await running).reply.content.ename, "KeyboardInterrupt");
    }
    await client.run("process.off('SIGINT', heard)");
  });

  it("abort what is queued, and hit nothing later", async () => {
    const { running } = await begin("while (true) {}");
    const queued = client.run("'queued'");
    // answered at once, and sent behind the other on the same socket: that is there
    await client.request("kernel_info_request");
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

  it("are told from the kernel's own signals, each of which counts for one", () => {
    const shared = makeShared();
    assert.equal(takeOwn(shared), false);
    Atomics.add(shared, slot.signalsSent, 2);
    assert.deepEqual([takeOwn(shared), takeOwn(shared), takeOwn(shared)], [true, true, false]);
  });

  it("do nothing while the kernel is idle", async () => {
    for (let k = 0; k < 5; k++) {
      client.process.kill("SIGINT");
      await arrived();
      assert.equal(resultOf(await client.run("kept")), "7");
    }
  });
});
