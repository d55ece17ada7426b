/**
 * Async functions of every form, which the kernel writes anew so that interrupts reach them: each does in a cell what
 * it does in Node.
 */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Client, resultOf } from "./client.ts";

const AsyncFunction = (async () => {}).constructor as new (code: string) => () => Promise<unknown>;

const forms = [
  "const f = async (x) => await add(x); return await f(1)",
  "const f = async x => await add(x); return f(1)",
  "const f = async (x) => (await add(x)); return await f(await f(1))",
  "const f = async (x) => await add(await add(x)); return await f(1)",
  "const f = async (x) => async (y) => await add(await add(x) + y); return await (await f(1))(2)",
  "const f = async (x) => ({ a: await add(x) }); return (await f(1)).a",
  "const f = async (x) => [await add(x), await add(2)]; return String(await f(1))",
  "const o = { f: async (x) => await add(x), async h(x) { return await add(x) }, async *k() { yield await add(1) } }; let r = ''; for await (const v of o.k()) r += v; return r + await o.f(1) + await o.h(2)",
  "return await Promise.all([1,2].map(async (x) => await add(x))).then(String)",
  "const f = async () => await add(1), h = async () => await add(5); return await f() + await h()",
  "const f = async () => { return await (async () => await 5)() }; return await f()",
  "const f = async (a, { b } = { b: 2 }, ...c) => await (a + b + c.length); return await f(1, undefined, 3)",
  "class A { async m(x) { return 'A' + x } get v() { return 7 } } class B extends A { async m(x) { await null; const k = async () => await super.m(x); return await super.m(x) + super['m'].name + super.v + await k() + (() => super.v)() } static async s() { await null; return 1 } } return await new B().m(2)",
  "class A { static async s(x) { return x } } class B extends A { static async s(x) { await null; return await super.s(x) + 1 } } return await B.s(4)",
  "class A { x() { return this.q } } class B extends A { q = 3; x = 0; async y() { await null; return super.x() } } return await new B().y()",
  "class A { set z(v) { this.zz = v } } class B extends A { async y() { await null; super.z = 5; return this.zz } } return await new B().y()",
  "const o = { __proto__: { m() { return 'p' } }, async m() { await null; return super.m() } }; return await o.m()",
  "class A { async *m() { yield 1; yield 2 } } class B extends A { async *m() { for await (const x of super.m()) yield x * 2 } } let r = ''; for await (const x of new B().m()) r += x; return r",
  "async function* g() { const got = []; try { got.push(yield 1); got.push(yield 2); } finally { got.push('f'); log.push(got.join()) } } const log = []; const i = g(); await i.next('a'); await i.next('b'); const e = await i.return(9); return log.join() + JSON.stringify(e)",
  "async function* g() { try { yield 1 } catch (e) { yield 'caught ' + e.message } } const i = g(); await i.next(); return (await i.throw(new Error('x'))).value + (await i.next()).done",
  "async function* g() { return await 5 } return JSON.stringify(await g().next())",
  "async function* g() { yield Promise.resolve(3); yield; yield* [4, 5]; } let r = []; for await (const x of g()) r.push(x); return String(r)",
  "async function* g() { yield Promise.reject(new Error('no')) } try { for await (const x of g()); return 'none' } catch (e) { return e.message }",
  "async function* g() { try { yield 1; yield 2 } finally { await null; yield 'last' } } const r = []; const i = g(); r.push((await i.next()).value); r.push(JSON.stringify(await i.return(8))); r.push(JSON.stringify(await i.next())); return r.join()",
  "async function* g(n) { for (let k = 0; k < n; k++) yield k } const i = g(3); const all = await Promise.all([i.next(), i.next(), i.next(), i.next()]); return JSON.stringify(all)",
  "async function* g() { const x = yield* h(); yield x } async function* h() { yield 1; return 2 } const r = []; for await (const v of g()) r.push(v); return String(r)",
  "async function* g() { yield* [1, Promise.resolve(2)]; yield /* a */ * /* b */ (0, h()); return yield* [] } async function* h() { yield 3 } const r = []; for await (const v of g()) r.push(v); return String(r)",
  "async function* g() { try { return yield* h() } finally { log.push('g') } } async function* h() { try { log.push(yield 1); log.push(yield 2) } finally { await null; log.push('h') } } const log = []; const i = g(); await i.next('lost'); await i.next('a'); log.push(JSON.stringify(await i.return(9))); return log.join()",
  "async function* g() { try { yield* h() } catch (e) { yield 'g ' + e.message } } async function* h() { try { yield 1 } catch (e) { yield 'h ' + e.message } throw new Error('out') } const i = g(); await i.next(); return (await i.throw(new Error('in'))).value + (await i.next()).value",
  "async function* g() { yield* { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return: async () => { log.push('closed'); return {} } } } } } const log = []; const i = g(); await i.next(); try { await i.throw(new Error('x')) } catch (e) { log.push(e.name) } return log.join()",
  "async function* g() { yield* { [Symbol.asyncIterator]: () => ({ next: () => 5 }) } } try { await g().next() } catch (e) { return e.name + e.message }",
  "async function* g() { yield* 5 } try { await g().next() } catch (e) { return e.name }",
  "async function* g(n) { if (n > 0) { yield n; yield* g(n - 1); yield -n } } const r = []; for await (const v of g(4)) { r.push(v); if (v === -2) break } return String(r)",
  "const g = async function* named(a, b = a) { yield arguments.length + a + b }; return (await g(1).next()).value",
  "const g = async function* () { throw new TypeError('t') }; try { await g().next() } catch (e) { return e.name }",
  "async function* g() { for await (const x of [1, Promise.resolve(2)]) { const r = yield x; if (r) return r } } const i = g(); await i.next(); return JSON.stringify([await i.next(), await i.next('stop'), await i.next()])",
  "const x = async () => await 1; const y = async () => (await 1, await 2); return await x() + await y()",
  "const x = async () => { for (const k of await Promise.resolve([1,2])) await k; return await 3 }; return await x()",
  "const t = async () => await (await (async () => ({ z: async () => await 4 }))()).z(); return t()",
  "const t = async () => `${await 1}${await 2}`; return t()",
  "const t = async (f = async () => await 6) => await f(); return t()",
  "const t = async () => await 1 ? await 2 : await 3; return t()",
  "const t = async () => !await false; return t()",
  "const t = async () => typeof await 'x'; return t()",
  "const t = async () => await new Promise((r) => setTimeout(r, 1, 'late')); return t()",
  "async function f() { return arguments.length } const g = async (...a) => await f(...a); return g(1, 2, 3)",
  "const o = { async: async () => await 1, await: 2 }; return await o.async() + o.await",
  "const o = { async *[Symbol.asyncIterator]() { yield 1; yield 2 } }; let s = 0; for await (const x of o) s += x; return s",
  "class C { static async *#p() { yield 5 } static async run() { for await (const x of C.#p()) return x } } return C.run()",
];

describe("async functions in cells", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
    await client.run("const add = async (x: any) => x + 1");
  });
  after(() => client.stop());

  for (const form of forms)
    it(form, async () => {
      const expected = await new AsyncFunction(`const add = async (x) => x + 1; ${form}`)();
      // the types of these programs do not matter here
      const got = await client.run(`// @ts-nocheck\nawait (async () => { ${form} })()`);
      assert.equal(resultOf(got), inspect(expected), got.reply.content.evalue);
    });

  it("end by an interrupt wherever they are", async () => {
    const spinning = [
      "async function* g() { yield 1; await null; spin() } for await (const x of g()) x",
      "async function* g() { await null; spin(); yield 1 } await g().next()",
      "async function* g() { await new Promise(() => {}); yield 1 } await g().next()",
      "async function* g() { for (;;) { try { await new Promise(() => {}) } catch {} } yield 1 } await g().next()",
      "async function* g() { yield* h() } async function* h() { yield 1; spin() } for await (const x of g()) x",
      "async function* g() { spin(); yield* [1] } for await (const x of g()) x",
      "async function* g() { yield* h() } async function* h() { yield 1; await new Promise(() => {}) } for await (const x of g()) x",
      "class A { async m() {} } class B extends A { async m() { await super.m(); spin() } } await new B().m()",
    ];
    await client.run("function spin() { console.log('spinning'); while (true) {} }");
    for (const code of spinning)
      for (let k = 0; k < 3; k++) {
        client.published.length = 0;
        const running = client.run(`console.log('spinning'); ${code}`);
        await client.until(() => client.published.some(({ header }) => header.msg_type === "stream"));
        await new Promise((done) => setTimeout(done, 50));
        await client.request("interrupt_request", {}, { channel: "control" });
        assert.equal((await running).reply.content.ename, "KeyboardInterrupt", code);
        assert.equal(resultOf(await client.run("await add(6)")), "7");
      }
  });
});
