/**
 * The five sockets of a kernel, on zeromq.
 *
 * What: binds them, hands on what they receive, and sends. This is the only file that imports zeromq. Why every
 * socket has a queue of its own: zeromq refuses a send while another is blocked, so sends are awaited one by one. Why
 * iopub is XPUB: it learns of each subscription, and can greet the subscriber (`iopub_welcome`).
 * Reference: "Messaging in Jupyter"; JEP 65.
 */
// by 'require', which does without a search of its text for names
import zeromq = require("zeromq");

import { addressOf, type Connection } from "../wire/connection.ts";

const { Router, XPublisher } = zeromq;

export type ChannelName = "shell" | "control" | "stdin" | "iopub";

export interface SocketEvents {
  message(channel: "shell" | "control" | "stdin", frames: Uint8Array[]): void;
  /** What a new subscriber is sent before anything else. */
  greeting(topic: Uint8Array): Uint8Array[];
}

export interface Sockets {
  send(channel: ChannelName, frames: Uint8Array[]): void;
  /** Resolves when everything handed to `send` has left. */
  flush(): Promise<void>;
  close(): void;
}

export async function openSockets(connection: Connection, events: SocketEvents): Promise<Sockets> {
  // a backlog without limit: a slow reader loses nothing; output is coalesced before it comes here
  const options = { linger: 1000, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  const shell = new Router({ ...options, handover: true });
  const control = new Router({ ...options, handover: true });
  const stdin = new Router({ ...options, handover: true });
  const heartbeat = new Router(options);
  const iopub = new XPublisher(options);
  // a subscription begins when we say so, which is just before its greeting
  iopub.manual = true;
  iopub.verbosity = "allSubsUnsubs";
  await Promise.all([
    shell.bind(addressOf(connection, connection.shell_port)),
    control.bind(addressOf(connection, connection.control_port)),
    stdin.bind(addressOf(connection, connection.stdin_port)),
    heartbeat.bind(addressOf(connection, connection.hb_port)),
    iopub.bind(addressOf(connection, connection.iopub_port)),
  ]);
  const queues = {
    shell: new SendQueue(shell),
    control: new SendQueue(control),
    stdin: new SendQueue(stdin),
    iopub: new SendQueue(iopub),
  };
  const echoes = new SendQueue(heartbeat);
  const read = async (socket: AsyncIterable<Uint8Array[]>, use: (frames: Uint8Array[]) => void) => {
    try {
      for await (const frames of socket) use(frames);
    } catch (error) {
      if (!closed) throw error;
    }
  };
  let closed = false;
  void read(shell, (frames) => events.message("shell", frames));
  void read(control, (frames) => events.message("control", frames));
  void read(stdin, (frames) => events.message("stdin", frames));
  void read(heartbeat, (frames) => echoes.send(frames));
  void readSubscriptions(iopub, queues.iopub, events).catch((error) => {
    if (!closed) throw error;
  });
  return {
    send: (channel, frames) => queues[channel].send(frames),
    flush: async () => {
      await Promise.all(Object.values(queues).map((queue) => queue.idle()));
    },
    close: () => {
      closed = true;
      for (const socket of [shell, control, stdin, heartbeat, iopub]) socket.close();
    },
  };
}

/** libzmq's numbers of the options that begin and end a subscription of the peer that was heard last. */
const subscribe = 6;
const unsubscribe = 7;

interface Subscriptions {
  setStringOption(option: number, value: Uint8Array): void;
}

/**
 * Begins and ends subscriptions. The options mean the peer whose message was read last, and a peer's end, which any
 * send may come across, makes libzmq forget which that was: so nothing is sent between a read and its option.
 */
async function readSubscriptions(
  iopub: zeromq.XPublisher,
  queue: SendQueue,
  events: SocketEvents,
): Promise<void> {
  for (;;) {
    queue.hold();
    const received = (iopub.receive() as unknown as Promise<Uint8Array[]>).then(([frame]) => {
      const topic = Buffer.from(frame.subarray(1));
      const begins = frame[0] === 1;
      (iopub as unknown as Subscriptions).setStringOption(begins ? subscribe : unsubscribe, topic);
      if (begins) queue.sendFirst(events.greeting(topic));
    });
    // a message that was there already is read by now; one that is still to come is handled before anything else
    await Promise.race([received, undefined]);
    await undefined;
    queue.release();
    await received;
  }
}

/** Sends one after the other. */
class SendQueue {
  readonly #socket: { send(frames: Uint8Array[]): Promise<void> };
  readonly #waiting: Uint8Array[][] = [];
  #held = false;
  #running: Promise<void> | null = null;

  constructor(socket: { send(frames: any): Promise<void> }) {
    this.#socket = socket;
  }
  send(frames: Uint8Array[]): void {
    this.#waiting.push(frames);
    this.#start();
  }
  /** Sends before all that waits. */
  sendFirst(frames: Uint8Array[]): void {
    this.#waiting.unshift(frames);
    this.#start();
  }
  /** Sends nothing until `release`. */
  hold(): void {
    this.#held = true;
  }
  release(): void {
    this.#held = false;
    this.#start();
  }
  #start(): void {
    if (!this.#held && this.#waiting.length > 0) this.#running ??= this.#run();
  }
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }
  async #run(): Promise<void> {
    while (!this.#held) {
      const frames = this.#waiting.shift();
      if (!frames) break;
      try {
        await this.#socket.send(frames);
      } catch {
        // the peer has gone, and with it who wanted the message
      }
    }
    this.#running = null;
  }
}
