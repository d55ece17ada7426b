/**
 * The thread of the cells, which is the process's main thread.
 *
 * What: joins the evaluator with the session's thread, the compiler's and the watch, and makes Node's own ways of
 * speaking (stdout, timers, errors that nobody caught) those of a notebook.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { type Bundle, type CommHandlers, type Host, setHost } from "../host.ts";
import { Modules } from "../modules/load.ts";
import { captureOutput } from "../output/capture.ts";
import { bundleOf, textOf, tidyPromises } from "../output/show.ts";
import { Calls } from "../threads/calls.ts";
import { type Others, uptime } from "../threads/children.ts";
import { silent } from "../threads/launcher.ts";
import { pieceWeight, type Shared, slot } from "../threads/shared.ts";
import { guardCallbacks, openChildren } from "./callbacks.ts";
import { type Cell, Evaluator } from "./cells.ts";
import { receiveComm } from "./comms.ts";
import { currentExecution, during, Execution, onForgotten } from "./executions.ts";
import { keepInterrupts, setUpGlobals } from "./globals.ts";
import { guarded, guardedFor, Interrupted, interruptWaiting, setUpGuard } from "./guard.ts";
import { delegate, Steps } from "./iterate.ts";
import { rehearseMeanwhile } from "./prepare.ts";
import { interruptible, runSteps, runTask } from "./tasks.ts";
import { failureOf, installTraces } from "./traces.ts";

interface Parts {
  shared: Shared;
  session: MessagePort;
  compiler: MessagePort;
  input: MessagePort;
}

/** Output that may be under way, in characters, before the cells must wait. */
const mostBacklog = 1 << 20;
/** As it is before cells run. */
const { stringify } = JSON;
/** How many characters a message counts for beside its text. */
const messageWeight = 1 << 12;

export function setUpCells({ shared, session: sessionPort, compiler: compilerPort, input }: Parts): void {
  const compiler = new Calls(compilerPort, {});
  const session = new Calls(sessionPort, {
    execute: (cell: Cell) => evaluator.execute(cell),
    interrupted: () => interruptWaiting(),
    comm: async (
      id: number,
      interrupts: number,
      type: string,
      content: Record<string, unknown>,
      metadata: Record<string, unknown>,
      buffers: Uint8Array[],
    ) => {
      const execution = new Execution(id, interrupts, false);
      const received = () => interruptible(execution, receiveComm(host, type, content, metadata, buffers));
      try {
        await during(execution, received);
      } catch (error) {
        report(error);
      }
    },
  });

  const write = (name: "stdout" | "stderr", text: string): void => {
    const { id, outlet } = currentExecution();
    outlet.post(() => {
      Atomics.add(shared, slot.backlog, text.length + pieceWeight);
      session.notify("stream", [id, name, text]);
    });
    waitForBacklog();
  };
  const waitForBacklog = (): void => {
    for (
      let held = Atomics.load(shared, slot.backlog);
      held > mostBacklog;
      held = Atomics.load(shared, slot.backlog)
    )
      Atomics.wait(shared, slot.backlog, held, 100);
  };

  const report = (error: unknown): void => {
    if (error instanceof Interrupted) return;
    try {
      write("stderr", `${guarded(() => failureOf(error, textOf)).traceback.join("\n")}\n`);
    } catch (worse) {
      write("stderr", `an error that cannot be shown: ${worse}\n`);
    }
  };

  const ask = (text: string, hidden: boolean): string => {
    const execution = currentExecution();
    requireInput(execution);
    session.notify("ask", [execution.id, text, hidden, ++questions]);
    for (;;) {
      const before = Atomics.load(shared, slot.input);
      // the answer to a question whose cell was stopped while it waited may still lie there
      for (let got = receiveMessageOnPort(input); got; got = receiveMessageOnPort(input))
        if (got.message.question === questions) return answered(got.message.text);
      Atomics.wait(shared, slot.input, before);
    }
  };
  let questions = 0;
  const requireInput = (execution: Execution): void => {
    if (execution.done || !execution.allowInput)
      throw new Error("input is not possible here; the front end that runs this cell allows none");
  };
  const answered = (text: string | null): string => {
    if (text === null) throw new Interrupted();
    return text;
  };

  const evaluator: Evaluator = new Evaluator(() => host, compiler);
  const host: Host = {
    publish: (type, content, metadata = {}, buffers = []) => {
      const { id, outlet } = currentExecution();
      // what cannot be sent is an error here, where it is the cell's
      const texts = [stringify(content), stringify(metadata)];
      const weight = messageWeight + texts[0].length + buffers.reduce((sum, b) => sum + b.byteLength, 0);
      outlet.post(() => {
        Atomics.add(shared, slot.backlog, weight);
        session.notify("publish", [id, weight, type, ...texts, buffers]);
      });
      waitForBacklog();
    },
    show: (value, send) => {
      let bundle: Bundle | Promise<Bundle>;
      try {
        bundle = bundleOf(value);
      } catch (error) {
        report(error);
        bundle = { data: { "text/plain": textOf(value) }, metadata: {} };
      }
      if (bundle instanceof Promise) currentExecution().outlet.postLater(bundle, send, report);
      else send(bundle);
    },
    report,
    handles: new WeakMap(),
    execution: () => currentExecution().id,
    ask: async (text, hidden) => {
      const execution = currentExecution();
      requireInput(execution);
      return answered(await session.call<string | null>("askLater", execution.id, text, hidden));
    },
    comms: new Map<string, CommHandlers>(),
    targets: new Map(),
  };
  setHost(host);

  const modules = new Modules(
    process.cwd(),
    (port) => compilerPort.postMessage({ name: "connect", args: [port] }, [port]),
    {
      version: (path) => compiler.call("version", path),
      forget: (path) => compiler.call("forget", path),
      locate: (specifier) => compiler.call("locate", specifier),
    },
  );
  const kernel = {
    load: (specifier: string, wanted?: unknown) => modules.load(specifier, wanted),
    named: (f: Function, name: string) =>
      Object.defineProperty(f, "name", { value: name, configurable: true }),
    task: runTask,
    steps: runSteps,
    iterate: (source: unknown) => new Steps(source),
    delegate,
    top: (run: () => unknown) => guardedFor(currentExecution(), run),
    meta: modules.meta,
  };
  Object.defineProperty(globalThis, "$$kernel", { value: kernel });

  onForgotten((id) => session.notify("forget", [id]));
  installTraces();
  tidyPromises();
  captureOutput(write);
  guardCallbacks();
  setUpGlobals({ ask, require: modules.require });
  setUpGuard(shared, {
    interrupted: () => session.notify("interrupted", []),
    leftover: (script) => session.notify("leftover", [script]),
    waits: () => port2.postMessage({ children: openChildren(), since: uptime() } satisfies Others),
  });
  const { removeAllListeners } = process;
  const catchErrors = () => {
    for (const event of ["uncaughtException", "unhandledRejection"])
      if (!process.listeners(event as never).includes(report as never)) process.on(event, report);
  };
  catchErrors();
  // a cell that clears a table of listeners does not mean the kernel's
  process.removeAllListeners = function (this: typeof process, ...events) {
    Reflect.apply(removeAllListeners, this, events);
    catchErrors();
    return this;
  };

  const endListening = keepInterrupts();
  const { port1, port2 } = new MessageChannel();
  new Worker(new URL("./watch.js", import.meta.url), {
    ...silent,
    workerData: { shared, port: port1 },
    transferList: [port1],
  });
  port2.on("message", (message) => {
    if (message === "ready") {
      endListening();
      port2.postMessage("begin");
      return;
    }
    session.notify("interrupted", []);
    interruptWaiting();
  });
  // while the compiler reads its libraries
  void rehearseMeanwhile();
}
