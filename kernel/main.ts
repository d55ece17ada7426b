/**
 * The kernel: `node main.js <connection file>`.
 *
 * What: starts the three threads. 1 The sockets and the session (session/thread.ts) first, so that the kernel answers
 * at once · 2 the compiler (compiler/thread.ts) behind it · 3 the user's cells here, in the main thread, with a
 * fourth thread that watches for SIGINT (evaluator/watch.ts). Why threads: heartbeat, control and output must go on
 * while a cell computes, and an interrupt must reach `while (true)`.
 */
import { MessageChannel, Worker } from "node:worker_threads";
import { silent, tellLauncher } from "./threads/launcher.ts";
import { makeShared } from "./threads/shared.ts";
import { type Connection, readConnection } from "./wire/connection.ts";

function start(): void {
  const path = process.argv[2];
  let connection: Connection;
  try {
    if (!path) throw new Error("usage: node main.js <connection file>");
    connection = readConnection(path);
  } catch (error) {
    tellLauncher((error as Error).message);
    process.exitCode = 1;
    return;
  }
  const shared = makeShared();
  // until the watch is there
  process.on("SIGINT", () => undefined);
  const cells = new MessageChannel();
  const completion = new MessageChannel();
  const conversion = new MessageChannel();
  const input = new MessageChannel();
  const session = new Worker(new URL("./session/thread.js", import.meta.url), {
    ...silent,
    workerData: { connection, shared, cells: cells.port1, compiler: completion.port1, input: input.port1 },
    transferList: [cells.port1, completion.port1, input.port1],
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  session.on("error", (error) => {
    tellLauncher(error.message);
    process.kill(process.pid, "SIGKILL");
  });
  session.once("message", async () => {
    const { setUpCells } = await import("./evaluator/thread.ts");
    setUpCells({ shared, session: cells.port2, compiler: conversion.port2, input: input.port2 });
    const compiler = new Worker(new URL("./compiler/thread.js", import.meta.url), {
      ...silent,
      workerData: { ports: [completion.port2, conversion.port1], folder: process.cwd() },
      transferList: [completion.port2, conversion.port1],
      // room for the largest libraries' types, and a collector that does not put its work off
      resourceLimits: { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 8 },
    });
    compiler.on("error", (error) => {
      tellLauncher(`internal: the compiler's thread has ended: ${error.stack}`);
      process.kill(process.pid, "SIGKILL");
    });
  });
}

start();
