/**
 * The thread of the sockets and the session.
 *
 * What: opens the sockets, joins them with the session, and watches over the process: it ends the kernel when the
 * launcher has gone, and when it is told to, whatever the cells' thread is doing.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openSockets } from "../sockets/zeromq.ts";
import { Calls } from "../threads/calls.ts";
import { tellLauncher } from "../threads/launcher.ts";
import { pieceWeight, type Shared, slot } from "../threads/shared.ts";
import type { Connection } from "../wire/connection.ts";
import { Signer } from "../wire/signature.ts";
import { Session } from "./session.ts";

interface Given {
  connection: Connection;
  shared: Shared;
  cells: MessagePort;
  compiler: MessagePort;
  input: MessagePort;
}

const { connection, shared, cells, compiler, input } = workerData as Given;
const launcher = process.ppid;

function end(): void {
  process.kill(process.pid, "SIGKILL");
}

const fromCells = {
  stream: (execution: number, name: string, text: string) => {
    session.streams.left(pieceWeight);
    session.streams.write(execution, name, text);
  },
  forget: (execution: number) => session.forget(execution),
  publish: (
    execution: number,
    weight: number,
    type: string,
    content: string,
    metadata: string,
    buffers: Uint8Array[],
  ) => {
    session.streams.left(weight);
    if (type === "comm_open" || type === "comm_close") {
      const { comm_id, target_name } = JSON.parse(content);
      if (type === "comm_open") session.comms.set(comm_id, target_name);
      else session.comms.delete(comm_id);
    }
    session.publish(type, content, session.parentOf(execution), { metadata, buffers });
  },
  /** A question whose asker waits for `slot.input` to change; the answer is on the input port before. */
  ask: async (execution: number, prompt: string, password: boolean, question: number) => {
    input.postMessage({ question, text: await session.ask(execution, prompt, password) });
    Atomics.add(shared, slot.input, 1);
    Atomics.notify(shared, slot.input);
  },
  /** The same for an asker that does not wait. */
  askLater: (execution: number, prompt: string, password: boolean) =>
    session.ask(execution, prompt, password),
  interrupted: () => session.interrupted(),
  leftover: (script: number) => session.leftover(script),
};

const session = new Session({
  shared,
  signer: new Signer(connection.key, connection.signature_scheme),
  cells: new Calls(cells, fromCells),
  compiler: new Calls(compiler, {}),
  end,
});

const sockets = await openSockets(connection, {
  message: (channel, frames) => session.receive(channel, frames),
  greeting: (topic) => session.greeting(topic),
});
session.start(sockets);
parentPort?.postMessage("bound");
// a fault in the answer to one message should not take the session with it
process.on("uncaughtException", (error) => {
  tellLauncher(`internal: ${error.stack}`);
});

setInterval(() => {
  if (launcher !== 1 && process.ppid !== launcher) end();
}, 500);
