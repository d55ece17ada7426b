import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, resultOf, textOf } from "./client.ts";

describe("output", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run(
      "import { display, html, md, latex, svg, table, plot, clearOutput, progress } from 'wengert/notebook'",
    );
  });
  after(() => client.stop());

  it("of a busy loop appears while it runs", async () => {
    const running = client.run(
      "import { existsSync } from 'node:fs'; console.log('begun'); while (!existsSync('seen')); 'over'",
    );
    await client.until(() => textOf(client.published).includes("begun"));
    writeFileSync(join(client.folder, "seen"), "");
    assert.equal(resultOf(await running), "'over'");
  });

  it("is complete: 10 MB in one write, 10^5 lines in order, in few messages", async () => {
    const big = await client.run("process.stdout.write('ü'.repeat(5_000_000) + 'end')", { silent: false });
    assert.equal(textOf(big.outputs).length, 5_000_003);
    const many = await client.run("for (let k = 0; k < 100_000; k++) console.log(k)", {}, { seconds: 60 });
    const lines = textOf(many.outputs).trimEnd().split("\n");
    assert.equal(lines.length, 100_000);
    assert.ok(lines.every((line, k) => line === String(k)));
    assert.ok(many.outputs.length < 500, String(many.outputs.length));
  });

  it("keeps partial lines and the two streams in order", async () => {
    const { outputs } = await client.run(
      "process.stdout.write('a'); process.stdout.write('b\\n'); console.error('E'); console.warn('W'); console.log('c')",
    );
    // what is written in one go may come in two messages
    const parts: [name: string, text: string][] = [];
    for (const { content } of outputs)
      if (parts.at(-1)?.[0] === content.name) (parts.at(-1) as string[])[1] += content.text;
      else parts.push([content.name, content.text]);
    assert.deepEqual(parts, [
      ["stdout", "ab\n"],
      ["stderr", "E\nW\n"],
      ["stdout", "c\n"],
    ]);
  });

  it("that comes late goes to the cell that made it", async () => {
    const late = (name: string) =>
      `setTimeout(() => console.log('timer ${name}'), 60); new Promise<void>((done) => setTimeout(done, 30)).then(() => console.log('promise ${name}')); (async () => { await null; await new Promise((done) => setTimeout(done, 40)); console.log('async ${name}') })(); undefined`;
    const ids: string[] = [];
    for (const name of ["one", "two"]) ids.push((await client.run(late(name))).reply.parent_header.msg_id);
    for (const [k, name] of ["one", "two"].entries()) {
      const text = () =>
        textOf(client.published.filter(({ parent_header }) => parent_header.msg_id === ids[k]));
      await client.until(() => text().split("\n").length > 3);
      const mine = text();
      // which of two timers comes first, a busy machine may decide
      assert.deepEqual(mine.trim().split("\n").sort(), [`async ${name}`, `promise ${name}`, `timer ${name}`]);
    }
  });

  it("of child processes, descriptors and worker threads is shown", async () => {
    const { outputs } = await client.run(`
      import fs, { writeSync } from "node:fs";
      import { execFileSync, execSync, spawn, spawnSync } from "node:child_process";
      import { Worker } from "node:worker_threads";
      writeSync(1, "fd1\\n"); fs.writeSync(2, Buffer.from("fd2\\n"));
      spawnSync("echo", ["spawnSync"], { stdio: "inherit" });
      execSync("echo execSync", { stdio: "inherit" });
      execFileSync("echo", ["execFileSync"], { stdio: [0, 1, 2] });
      await new Promise((done) => spawn("sh", ["-c", "echo spawn; echo oops >&2"], { stdio: "inherit" }).on("close", done));
      await new Promise((done) => new Worker("console.log('worker')", { eval: true }).on("exit", done));
      undefined`);
    const found = textOf(outputs);
    for (const word of ["fd1", "spawnSync", "execSync", "execFileSync", "spawn\n", "worker"])
      assert.ok(found.includes(word), `${word} in ${found}`);
    assert.match(textOf(outputs, "stderr"), /fd2[\s\S]*oops/);
  });

  it("of streams that end in stdout, of forks and of every way to write a descriptor", async () => {
    const { outputs, reply } = await client.run(`
      import { pipeline } from "node:stream/promises"; import { Readable } from "node:stream";
      import { writeFile } from "node:fs/promises"; import { fork } from "node:child_process";
      await pipeline(Readable.from(["one\\n", "two\\n"]), process.stdout);
      await new Promise<void>((done) => {
        const stream = fs.createWriteStream("", { fd: 1, autoClose: false });
        stream.write("three\\n"); stream.write("four\\n"); stream.end("five\\n", () => done());
      });
      fs.writevSync(1, [Buffer.from("si"), Buffer.from("x\\n")]);
      await writeFile("/dev/stdout", "seven\\n");
      fs.writeFileSync("fork.js", "console.log('eight'); console.error('nine'); process.send(10)");
      const heard: unknown[] = [];
      await new Promise((done) => fork("./fork.js").on("message", (m) => heard.push(m)).on("close", done));
      heard`);
    assert.equal(textOf(outputs), "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n", reply.content.evalue);
    assert.equal(textOf(outputs, "stderr"), "nine\n");
    assert.equal(resultOf({ reply, outputs }), "[ 10 ]");
  });

  it("of children and workers goes to the cell that started them, also while another runs", async () => {
    const { reply } = await client.run(
      "spawn('sh', ['-c', 'sleep 0.1; echo late child'], { stdio: 'inherit' }); new Worker(\"setTimeout(() => console.log('late worker'), 100)\", { eval: true }); 0",
    );
    const text = () =>
      textOf(client.published.filter((m) => m.parent_header.msg_id === reply.parent_header.msg_id));
    const other = client.run("await new Promise((done) => setTimeout(done, 400))");
    await client.until(() => text().includes("late child") && text().includes("late worker"));
    assert.equal(textOf((await other).outputs), "");
  });

  it("that changes between the streams without end stays few messages", async () => {
    const { outputs } = await client.run(
      "for (let k = 0; k < 20_000; k++) { console.log(`o${k}`); console.error(`e${k}`) }",
      {},
      { seconds: 60 },
    );
    const lines = (letter: string) => Array.from({ length: 20_000 }, (_, k) => `${letter}${k}\n`).join("");
    assert.equal(textOf(outputs), lines("o"));
    assert.equal(textOf(outputs, "stderr"), lines("e"));
    assert.ok(outputs.length < 10_000, String(outputs.length));
  });

  it("that no message can hold is an error of the cell, or text", async () => {
    const displayed = await client.run("display({ 'application/json': { a: 1n } } as never, { raw: true })");
    assert.match(displayed.reply.content.evalue, /BigInt/);
    const shown = await client.run(
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': { a: 1n } }) })",
    );
    assert.equal(shown.reply.content.status, "ok");
    assert.match(textOf(shown.outputs, "stderr"), /BigInt/);
    assert.ok(resultOf(shown) !== undefined);
  });

  it("of the whole console", async () => {
    const { outputs } = await client.run(
      "console.group('g'); console.log('in'); console.groupEnd(); console.table([{ a: 1 }]); console.dir({ a: { b: { c: {} } } }, { depth: 0 }); console.count(); console.assert(false, 'claim'); console.time('t'); console.timeEnd('t'); console.trace('here')",
    );
    assert.match(
      textOf(outputs),
      /^g\n {2}in\n┌[\s\S]*│ 0 {7}│ 1 │[\s\S]*\{ a: \[Object\] \}\ndefault: 1\nt: [\d.]+ms\n$/,
    );
    assert.match(textOf(outputs, "stderr"), /^Assertion failed: claim\nTrace: here\n {4}at In\[/);
  });

  const data = async (code: string) => {
    const { outputs } = await client.run(code);
    const { header, content } = outputs.find(({ header }) => header.msg_type !== "stream") as never as {
      header: { msg_type: string };
      content: Record<string, any>;
    };
    return { type: header.msg_type, ...content } as Record<string, any>;
  };

  it("of the helpers is what front ends understand", async () => {
    assert.equal((await data("html`<b>${1}</b>`")).data["text/html"], "<b>1</b>");
    assert.equal((await data("md('# title')")).data["text/markdown"], "# title");
    assert.equal((await data("latex('x^2')")).data["text/latex"], "$$x^2$$");
    assert.equal((await data("svg('<svg/>')")).data["image/svg+xml"], "<svg/>");
    const shown = await data("table([{ a: 1, b: '<' }, { a: 22 }], { caption: 'two' })");
    assert.match(
      shown.data["text/html"],
      /<caption[^>]*>two<\/caption>.*<th scope="col"[^>]*>a<\/th>.*<td[^>]*>&#60;<\/td>/,
    );
    assert.equal(shown.data["text/plain"], "two\n a  b\n 1  <\n22");
    const drawn = await data(
      "plot({ mark: 'point', data: { values: [{ a: 1 }] }, encoding: { x: { field: 'a' } } })",
    );
    assert.equal(drawn.data["application/vnd.vegalite.v5+json"].mark, "point");
    assert.match(drawn.data["image/png"], /^iVBOR/);
  });

  it("of a display at the end of a cell comes once", async () => {
    const types = async (code: string) =>
      (await client.run(code)).outputs.map(({ header }) => header.msg_type);
    assert.deepEqual(await types("display('x')"), ["display_data"]);
    assert.deepEqual(await types("const lasting = display('x'); lasting"), ["display_data"]);
    assert.deepEqual(await types("lasting.update('y')"), ["update_display_data"]);
    assert.deepEqual(await types("lasting"), ["execute_result"]);
    assert.deepEqual(await types("[display('z')]"), ["display_data", "execute_result"]);
  });

  it("of raw bundles, odd options and lists that hold themselves is what the protocol takes", async () => {
    const { outputs } = await client.run(
      "display({ 'text/plain': 5, 'image/png': new Uint8Array([1, 2]), 'text/x': undefined }, { raw: true, id: 7 as any }); clearOutput({ wait: 'yes' as any })",
    );
    assert.deepEqual(outputs[0].content.data, { "text/plain": "5", "image/png": "AQI=" });
    assert.equal(outputs[0].content.transient.display_id, "7");
    assert.deepEqual(outputs[1].content, { wait: true });
    assert.match((await client.run("table(5 as any)")).reply.content.evalue, /^a table takes a list/);
    const ring = "const ring: any[] = [1]; ring.push(ring);";
    const plain = await client.run(`${ring} ring`);
    assert.equal(resultOf(plain), "<ref *1> [ 1, [Circular *1] ]");
    assert.equal(textOf(plain.outputs, "stderr"), "");
    const rich = await client.run(`${ring} ring[0] = html('<i>in</i>'); ring`);
    assert.match(rich.outputs[0].content.data["text/html"], /<i>in<\/i>.*<i>in<\/i>/);
    const nested = await client.run(
      "let list: any[] = []; for (let k = 0; k < 1e5; k++) list = [list]; list",
    );
    assert.equal(nested.reply.content.status, "ok");
    assert.equal(textOf(nested.outputs, "stderr"), "");
  });

  it("by a display method, also inside of lists and late", async () => {
    const value =
      "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'T', 'image/png': new Uint8Array([1, 2]), [Symbol.for('Jupyter.display.metadata')]: { 'image/png': { width: 2 } } }) })";
    const shown = await data(value);
    assert.deepEqual(shown.data, { "text/plain": "T", "image/png": "AQI=" });
    assert.deepEqual(shown.metadata, { "image/png": { width: 2 } });
    const inList = await data(`[1, ${value}]`);
    assert.match(inList.data["text/html"], /<pre>1<\/pre>.*<img alt="T" src="data:image\/png;base64,AQI=">/);
    assert.equal(inList.data["text/plain"], "[\n  1,\n  T\n]");
    const { outputs } = await client.run(`display(${value}); console.log('after')`);
    assert.deepEqual(
      outputs.map(({ header }) => header.msg_type),
      ["display_data", "stream"],
    );
    const broken = await client.run(
      "({ [Symbol.for('Jupyter.display')]() { throw new Error('no picture') } })",
    );
    assert.equal(broken.reply.content.status, "ok");
    assert.match(textOf(broken.outputs, "stderr"), /no picture/);
    assert.ok(resultOf(broken));
  });

  it("can be replaced and cleared", async () => {
    const { outputs } = await client.run(
      "const shown = display('one', { id: 'here' }); shown.update('two'); display({ 'text/x': 'raw' }, { raw: true }); clearOutput({ wait: true })",
    );
    assert.deepEqual(
      outputs.map(({ header }) => header.msg_type),
      ["display_data", "update_display_data", "display_data", "clear_output"],
    );
    assert.deepEqual(outputs[1].content, {
      data: { "text/plain": "'two'" },
      metadata: {},
      transient: { display_id: "here" },
    });
    assert.deepEqual(outputs[2].content.data, { "text/x": "raw" });
    const other = await client.run("shown.update('three')");
    assert.equal(other.outputs[0].content.transient.display_id, "here");
  });

  it("of progress moves in place and leaves a finished line", async () => {
    const { outputs } = await client.run(
      "let sum = 0; for (const k of progress([1, 2, 3], { label: 'adding' })) sum += k; sum",
    );
    assert.match(
      textOf(outputs),
      /^\radding \[·{24}\] 0\/3[\s\S]*\radding \[█{24}\] 3\/3 100 %, [\d.]+ s *\n$/,
    );
  });

  it("of values of every kind", async () => {
    const values: Record<string, string> = {
      "2n ** 70n": "1180591620717411303424n",
      "Symbol('q')": "Symbol(q)",
      "new Map([[1, { a: 2 }]])": "Map(1) { 1 => { a: 2 } }",
      "new Set([1])": "Set(1) { 1 }",
      "new Proxy({}, { get() { throw new Error('trap') }, ownKeys() { throw new Error('trap') } })": "{}",
      "({ get bad() { throw new Error('no') } })": "{ bad: [Getter] }",
      "const c: any = { a: 1 }; c.self = c; c": "<ref *1> { a: 1, self: [Circular *1] }",
      "Promise.resolve(3)": "Promise { 3 }",
      null: "null",
      "''": "''",
      "if (true) { 4 }": "4",
      "try { 5 } finally { 6 }": "5",
      "for (const k of [1, 2]) k * 10": "20",
      "for (let k = 0; k < 3; k++) { k; if (k === 1) { k + 5; break } k * 10 }": "6",
      "switch (Number(2)) { case 1: 1; case 2: 2; case 3: 3; break; default: 9 }": "3",
      "l: { 1; if (Math.random() < 2) { 4; break l } 2 }": "4",
      "{ { 5 } }": "5",
      "try { 1; throw 0 } catch { 2 }": "2",
    };
    for (const [code, expected] of Object.entries(values))
      assert.equal(resultOf(await client.run(code)), expected, code);
    const none = [
      "undefined",
      "for (const k of [1, 2]) { if (k === 1) 5 }",
      "for (const k of [1, 2]) { for (const j of k === 1 ? [9] : []) j }",
      "try { 1; throw 0 } catch {}",
      "for (let k = 0; k < 3; k++) { k; if (k === 1) break; k * 10 }",
    ];
    for (const code of none) assert.equal(resultOf(await client.run(code)), undefined, code);
    assert.match(resultOf(await client.run("new Array(1e6).fill(1)")) ?? "", /999900 more items/);
    assert.match(resultOf(await client.run("new Error('as value')")) ?? "", /^Error: as value\n {4}at In\[/);
  });
});

describe("survival", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run("let kept = 7");
  });
  afterEach(async () => assert.equal(resultOf(await client.run("kept")), "7"));
  after(() => client.stop());

  it("of a throw in a timer and an unhandled rejection, reported in their cell", async () => {
    const { reply } = await client.run(
      "setTimeout(() => { throw new Error('in timer') }, 10); Promise.reject(new Error('unhandled')); undefined",
    );
    const { msg_id } = reply.parent_header;
    const text = () =>
      textOf(
        client.published.filter(({ parent_header }) => parent_header.msg_id === msg_id),
        "stderr",
      );
    await client.until(() => text().includes("in timer"));
    assert.match(text(), /unhandled[\s\S]*in timer/);
  });
  it("of process.exit", async () => {
    const { reply } = await client.run("process.exit(3)");
    assert.match(reply.content.evalue, /process\.exit\(\) was called; the kernel goes on/);
  });
  it("of every way out", async () => {
    const ways = [
      "await null; process.exit()",
      "process.abort()",
      "import { exit } from 'node:process'; exit(5)",
      "setTimeout(() => process.exit(2), 10); await new Promise((done) => setTimeout(done, 60))",
      "Promise.resolve().then(() => process.exit(3)); await new Promise((done) => setTimeout(done, 30))",
    ];
    for (const code of ways) {
      const { reply, outputs } = await client.run(code);
      assert.match(`${reply.content.evalue}${textOf(outputs, "stderr")}`, /the kernel goes on/, code);
    }
  });
  it("of a cell that takes the process's listeners away", async () => {
    const { outputs } = await client.run(
      "process.removeAllListeners('uncaughtException'); process.removeAllListeners(); setTimeout(() => { throw new Error('still told') }, 10); await new Promise((done) => setTimeout(done, 60))",
    );
    assert.match(textOf(outputs, "stderr"), /still told/);
  });
  it("of whatever is thrown", async () => {
    const thrown = [
      "throw null",
      "throw undefined",
      "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
      "const e: any = new Error('x'); e.cause = e; throw e",
      "throw Object.assign(new Error('m'), { name: 5, stack: {} })",
      "const g: any = new AggregateError([], 's'); g.errors.push(g); throw g",
      "class X extends Error { get message(): string { throw 5 } } throw new X()",
    ];
    for (const code of thrown) assert.equal((await client.run(code)).reply.content.status, "error", code);
  });
  it("of deep recursion", async () => {
    const { reply } = await client.run("function deep(): number { return 1 + deep() } deep()");
    assert.equal(reply.content.ename, "RangeError");
    assert.ok(reply.content.traceback.length < 12);
  });
  it("of names that Node has already", async () => {
    const { reply } = await client.run(
      "const process = 5; class Event { n = 3 }; function setTimeout() { return 'mine' } const { URL = 4 } = {} as any;",
    );
    assert.equal(reply.content.status, "ok", reply.content.evalue);
    assert.equal(
      resultOf(await client.run("[process, new Event().n, setTimeout(), URL]")),
      "[ 5, 3, 'mine', 4 ]",
    );
    assert.equal(
      resultOf(await client.run("await import('node:url').then((m) => new m.URL('http://a/b').pathname)")),
      "'/b'",
    );
  });
});
