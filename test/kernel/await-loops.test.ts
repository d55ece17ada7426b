/**
 * `for await` in cells runs as a plain loop, so that interrupts reach it: each of these does what Node does with it.
 */
import assert from "node:assert/strict";
import { Client, resultOf } from "./client.ts";

const AsyncFunction = (async () => {}).constructor as new (code: string) => () => Promise<unknown>;

/** A source that tells what is done with it. */
const source = `const log = [];
  const source = (count, { fails = false, failsToClose = false } = {}) => ({
    [Symbol.asyncIterator]() {
      let k = 0;
      return {
        async next() {
          log.push("next");
          await null;
          if (fails && k === 1) throw new Error("source");
          return k < count ? { done: false, value: k++ } : { done: true, value: "end" };
        },
        async return() {
          log.push("return");
          await null;
          if (failsToClose) throw new Error("close");
          return {};
        },
      };
    },
  });`;

const programs: Record<string, string> = {
  "to the end": "for await (const x of source(3)) log.push(x)",
  "a break": "for await (const x of source(3)) { if (x === 1) break; log.push(x) }",
  "a continue": "for await (const x of source(3)) { if (x === 1) continue; log.push(x) }",
  labels:
    "outer: for await (const x of source(3)) { for (const y of [0, 1]) { if (y === 1) continue outer; if (x === 2) break outer; log.push([x, y]) } }",
  "a return":
    "const f = async () => { for await (const x of source(3)) { if (x === 1) return x } }; log.push(await f())",
  "an error in the body":
    "try { for await (const x of source(3)) throw new Error('body') } catch (e) { log.push(e.message) }",
  "an error in the body and in closing":
    "try { for await (const x of source(3, { failsToClose: true })) throw new Error('body') } catch (e) { log.push(e.message) }",
  "an error in closing":
    "try { for await (const x of source(3, { failsToClose: true })) break } catch (e) { log.push(e.message) }",
  "an error of the source":
    "try { for await (const x of source(3, { fails: true })) log.push(x) } catch (e) { log.push(e.message) }",
  "a list of promises": "for await (const x of [1, Promise.resolve(2), (async () => 3)()]) log.push(x)",
  "a rejected promise in a list":
    "try { for await (const x of [1, Promise.reject(new Error('no'))]) log.push(x) } catch (e) { log.push(e.message) }",
  "patterns and closures":
    "const fs = []; for await (const { a, b: [c] = [4] } of [{ a: 1, b: [2] }, { a: 3 }]) fs.push(() => a + c); log.push(fs.map((f) => f()))",
  "a target of its own":
    "const o = {}; for await (o.x of source(2)) log.push(o.x); let y; for await ([y] of [[5]]) ; log.push(y)",
  "loops in loops, without blocks":
    "for await (const x of source(2)) for await (const y of [x, await x]) log.push(await y)",
  "a name again in the body": "for await (const x of source(2)) { let x = 9; log.push(x) }",
  "an await where the source stands": "for await (const x of await (async () => source(1))()) log.push(x)",
  "a generator":
    "async function* g() { try { yield 1; yield 2 } finally { log.push('closed') } } for await (const x of g()) { log.push(x); break }",
  "what has no steps": "try { for await (const x of 5) log.push(x) } catch (e) { log.push(e.name) }",
};

describe("for await in cells", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(() => client.stop());

  for (const [name, program] of Object.entries(programs))
    it(name, async () => {
      const body = `${source}\n${program};\nreturn JSON.stringify(log);`;
      const expected = await new AsyncFunction(body)();
      const typed = body.replaceAll(/const log = \[\]/g, "const log: any = []");
      // the types of these programs do not matter here
      const inFunction = await client.run(`// @ts-nocheck\nawait (async () => { ${typed} })()`);
      assert.equal(resultOf(inFunction), `'${expected}'`, inFunction.reply.content.evalue);
      const top = await client.run(`// @ts-nocheck\n{ ${typed.replace("return JSON", "JSON")} }`);
      assert.equal(resultOf(top), `'${expected}'`, top.reply.content.evalue);
    });
});
