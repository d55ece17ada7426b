/**
 * The session: every request, its answer, and what is published about it.
 *
 * What: one table of message types (handlers.ts); busy → handler → reply → idle in one place; publishing. It runs in
 * the thread of the sockets, so it answers while a cell computes. Reference: "Messaging in Jupyter".
 */
import type { ChannelName, Sockets } from "../sockets/zeromq.ts";
import type { Calls } from "../threads/calls.ts";
import { type Shared, slot } from "../threads/shared.ts";
import { leadsGroup } from "../threads/signals.ts";
import { decode, encode } from "../wire/frames.ts";
import { type Content, type Header, HeaderMaker, type Message } from "../wire/message.ts";
import type { Signer } from "../wire/signature.ts";
import { type Handler, handlerOf } from "./handlers.ts";
import { History } from "./history.ts";
import { Queue } from "./queue.ts";
import { Streams } from "./streams.ts";

export type RequestChannel = "shell" | "control" | "stdin";

export interface Request {
  message: Message;
  channel: RequestChannel;
  /** The number under which the cells' thread knows what this request causes. */
  execution: number;
}

interface Parts {
  shared: Shared;
  signer: Signer;
  cells: Calls;
  compiler: Calls;
  /** Ends the process. */
  end: () => void;
}

type Parent = Header | Record<string, never>;

interface Extra {
  /** The peer that is answered. */
  to?: Uint8Array[];
  /** The topic, of published messages. */
  topic?: string | Uint8Array;
  metadata?: Content | string;
  buffers?: Uint8Array[];
}

interface Question {
  execution: number;
  answer: (text: string | null) => void;
}

export class Session {
  readonly shared: Shared;
  readonly cells: Calls;
  readonly compiler: Calls;
  readonly end: () => void;
  readonly history = new History();
  /** The execution queues: that of the main shell under "", those of subshells under their ids. */
  readonly queues = new Map<string, Queue>();
  /** Open comms and their targets. */
  readonly comms = new Map<string, string>();
  readonly streams: Streams;
  readonly #signer: Signer;
  readonly #headers = new HeaderMaker();
  /** The requests whose code ran and may still speak. */
  readonly #parents = new Map<number, Header>();
  readonly #requests = new Map<number, Request>();
  /** Requests for input that wait for the front end, by their message's id, in order. */
  readonly #questions = new Map<string, Question>();
  #sockets!: Sockets;
  #executions = 0;
  #running = 0;

  constructor({ shared, signer, cells, compiler, end }: Parts) {
    this.shared = shared;
    this.#signer = signer;
    this.cells = cells;
    this.compiler = compiler;
    this.end = end;
    this.addQueue("");
    this.streams = new Streams(shared, (execution, name, text) =>
      this.#send("iopub", "stream", { name, text }, this.parentOf(execution), { topic: `stream.${name}` }),
    );
  }

  /** Makes the execution queue of a shell. */
  addQueue(id: string): void {
    this.queues.set(id, new Queue(this));
  }

  start(sockets: Sockets): void {
    this.#sockets = sockets;
    this.publish("status", { execution_state: "starting" }, {});
  }

  /** What a new subscriber gets before anything else. */
  greeting(topic: Uint8Array): Uint8Array[] {
    const subscription = Buffer.from(topic).toString();
    return this.#encode(this.#headers.make("iopub_welcome"), { subscription }, {}, { topic });
  }

  receive(channel: RequestChannel, frames: Uint8Array[]): void {
    const message = decode(frames, this.#signer);
    if (typeof message === "string") return;
    if (channel === "stdin") {
      if (message.header.msg_type === "input_reply") this.#answered(message);
      return;
    }
    const handler = handlerOf(message.header.msg_type);
    if (!handler) return;
    const request = { message, channel, execution: ++this.#executions };
    if (handler.queued || this.#followsOpening(message)) this.#queueOf(request)?.add(request);
    else void this.handle(request);
  }

  /** busy → handler → reply → idle. Returns the reply's content, or null where none is sent. */
  async handle(
    request: Request,
    answer = (handlerOf(request.message.header.msg_type) as Handler).answer,
    beforeReply?: (content: Content | null) => Promise<void>,
  ): Promise<Content | null> {
    const { message, channel, execution } = request;
    const type = message.header.msg_type;
    this.publish("status", { execution_state: "busy" }, message.header);
    this.#requests.set(execution, request);
    let content: Content | null;
    try {
      content = await answer(this, message.content, request);
    } catch (error) {
      const { name, message: evalue, stack } = error as Error;
      content = { status: "error", ename: name, evalue, traceback: (stack ?? evalue).split("\n") };
      if (type === "execute_request") content.execution_count = 0;
    }
    this.#requests.delete(execution);
    this.#unanswered((question) => question.execution === execution);
    await beforeReply?.(content);
    this.streams.flush();
    if (content && type.endsWith("_request"))
      this.#send(channel, type.replace(/_request$/, "_reply"), content, message.header, {
        to: message.identities,
      });
    this.publish("status", { execution_state: "idle" }, message.header);
    return content;
  }

  /** Whether a comm's message must wait because its opening waits. */
  #followsOpening({ header, content }: Message): boolean {
    return (
      header.msg_type.startsWith("comm_") &&
      [...this.queues.values()].some((queue) => queue.opens(content.comm_id))
    );
  }

  #queueOf(request: Request): Queue | undefined {
    const id = request.message.header.subshell_id ?? "";
    const queue = this.queues.get(id);
    if (!queue)
      void this.handle(request, () => {
        throw new Error(`no subshell has the id ${id}`);
      });
    return queue;
  }

  parentOf(execution: number): Parent {
    return this.#parents.get(execution) ?? {};
  }
  /** Nothing is left that could speak for the execution. */
  forget(execution: number): void {
    this.#parents.delete(execution);
  }

  /** Publishes a message to all front ends. */
  publish(
    type: string,
    content: Content | string,
    parent: Parent,
    extra: { metadata?: Content | string; buffers?: Uint8Array[] } = {},
  ): void {
    this.streams.flush();
    this.#send("iopub", type, content, parent, { topic: type, ...extra });
  }

  /** Asks the front end that sent the request of an execution for a line of text. */
  ask(execution: number, prompt: string, password: boolean): Promise<string | null> {
    const request = this.#requests.get(execution);
    if (!request) return Promise.resolve(null);
    this.streams.flush();
    const { identities, header } = request.message;
    const id = this.#send("stdin", "input_request", { prompt, password }, header, { to: identities });
    return new Promise((answer) => this.#questions.set(id, { execution, answer }));
  }

  #answered(message: Message): void {
    const { value } = message.content;
    // the first question is meant where a client names none
    const named = message.parent_header.msg_id ?? "";
    const id = this.#questions.has(named) ? named : (this.#questions.keys().next().value ?? "");
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    question?.answer(typeof value === "string" ? value : "");
  }

  /** Ends the waiting for answers. */
  #unanswered(which: (question: Question) => boolean): void {
    for (const [id, question] of this.#questions)
      if (which(question)) {
        this.#questions.delete(id);
        question.answer(null);
      }
  }

  /** Does something that runs user code; an interrupt after its beginning concerns it. */
  async asRunning<T>({ execution, message }: Request, run: (interrupts: number) => Promise<T>): Promise<T> {
    this.#parents.set(execution, message.header);
    this.#running++;
    try {
      return await run(Atomics.load(this.shared, slot.interrupts));
    } finally {
      this.#running--;
    }
  }

  /** Stops what runs, also what cells left behind, and drops what is queued. */
  interrupt(): void {
    Atomics.add(this.shared, slot.interrupts, 1);
    this.interrupted();
    this.cells.notify("interrupted", []);
    this.#signal(3);
  }

  /** Sends SIGINT; again where the same script goes on, which may have just begun to wait for a child process. */
  #signal(times: number): void {
    const script = Atomics.load(this.shared, slot.guarded);
    const group = this.#running > 0 && Atomics.load(this.shared, slot.watched) > 0 && leadsGroup();
    if (times === 0 || (!group && script === 0)) return;
    Atomics.add(this.shared, slot.signalsSent, 1);
    // a cell may be waiting for a child process, which Jupyter's own signal reaches through the group too
    process.kill(group ? -process.pid : process.pid, "SIGINT");
    setTimeout(() => {
      if (script !== 0 && Atomics.load(this.shared, slot.guarded) === script) this.#signal(times - 1);
    }, 150);
  }

  /** Code of a cell that was interrupted has begun after it: it is given a moment to end. */
  leftover(script: number): void {
    setTimeout(() => {
      if (Atomics.load(this.shared, slot.guarded) !== script) return;
      Atomics.store(this.shared, slot.leftover, script);
      this.#signal(3);
    }, 50);
  }

  /** What an interrupt means outside of the cells' thread, from wherever it came. */
  interrupted(): void {
    for (const queue of this.queues.values()) queue.abort();
    this.#unanswered(() => true);
  }

  async shutdown(): Promise<void> {
    this.streams.flush();
    await Promise.race([this.#sockets.flush(), new Promise((resolve) => setTimeout(resolve, 500))]);
    // a moment for the last messages to cross
    setTimeout(() => {
      this.#sockets.close();
      this.end();
    }, 30);
  }

  /** Returns the message's id. */
  #send(channel: ChannelName, type: string, content: Content | string, parent: Parent, extra: Extra): string {
    const header = this.#headers.make(type);
    this.#sockets.send(channel, this.#encode(header, content, parent, extra));
    return header.msg_id;
  }

  #encode(
    header: Header,
    content: Content | string,
    parent: Parent,
    { to = [], topic, metadata = {}, buffers = [] }: Extra,
  ): Uint8Array[] {
    const identities = topic === undefined ? to : [Buffer.from(topic)];
    return encode({ identities, header, parent_header: parent, metadata, content, buffers }, this.#signer);
  }
}
