/**
 * A small Jupyter client for tests: starts the built kernel, speaks to it, and checks every message it gets.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request, Subscriber } from "zeromq";
import { checkMessage, type Received } from "./schema.ts";

export const kernelEntry = fileURLToPath(new URL("../../dist/kernel/main.js", import.meta.url));

/** Seconds after which something that should have come counts as missing: a slow machine is no fault of the kernel. */
const patience = 50;

interface Socket {
  connect(address: string): void;
  send(frames: any): Promise<void>;
  receive(): Promise<Uint8Array[]>;
  close(): void;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((done) => {
          const server = createServer();
          server.listen(0, "127.0.0.1", () => done(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export interface Result {
  reply: Received;
  /** Everything published for the request between its busy and its idle. */
  outputs: Received[];
}

export interface ClientOptions {
  transport?: "tcp" | "ipc";
  /** How to start; the connection file's path is added. */
  command?: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Another kernel than ours, for comparison: its messages are not checked, and it need not greet. */
  foreign?: boolean;
}

export class Client {
  readonly folder = mkdtempSync(join(tmpdir(), "wengert-kernel-"));
  readonly session = randomUUID();
  readonly key: string;
  /** Every message of iopub, in order. */
  readonly published: Received[] = [];
  /** The same by the request that caused them. */
  readonly #caused = new Map<string, Received[]>();
  #foreign = false;
  /** Answers to input requests; null sends none. */
  answer: (content: Record<string, any>) => string | null = () => "";
  process!: ChildProcess;
  stderr = "";
  startedAt = 0;
  /** Milliseconds from launching it to its first reply. */
  startedIn = 0;
  connection!: Record<string, any>;
  #sockets!: Record<"shell" | "control" | "stdin" | "iopub", Socket>;
  readonly #replies = new Map<string, (message: Received) => void>();
  readonly #watchers = new Set<() => void>();
  readonly failures: unknown[] = [];
  readonly #isGuest: boolean;

  /** With a process it belongs to another client, which ends it. */
  constructor({ key = randomUUID() as string, process = undefined as ChildProcess | undefined } = {}) {
    this.key = key;
    this.#isGuest = process !== undefined;
    if (process) this.process = process;
  }

  static async start(options: ClientOptions = {}): Promise<Client> {
    const client = new Client();
    await client.launch(options);
    return client;
  }

  async launch({
    transport = "tcp",
    command = [process.execPath, kernelEntry],
    cwd,
    env = {},
    foreign = false,
  }: ClientOptions = {}): Promise<void> {
    this.#foreign = foreign;
    const ports = transport === "tcp" ? await freePorts(5) : [1, 2, 3, 4, 5];
    const names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
    this.connection = {
      transport,
      ip: transport === "tcp" ? "127.0.0.1" : join(this.folder, "ipc"),
      key: this.key,
      signature_scheme: "hmac-sha256",
      ...Object.fromEntries(names.map((name, k) => [name, ports[k]])),
    };
    const path = join(this.folder, "connection.json");
    writeFileSync(path, JSON.stringify(this.connection), { mode: 0o600 });
    this.startedAt = performance.now();
    this.process = spawn(command[0], [...command.slice(1), path], {
      cwd: cwd ?? this.folder,
      // as Jupyter starts it: the leader of a group
      detached: true,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    await this.#connect();
  }

  /** A further client of the same kernel. */
  async another(): Promise<Client> {
    const client = new Client({ key: this.key, process: this.process });
    client.connection = this.connection;
    await client.#connect();
    return client;
  }

  async #connect(): Promise<void> {
    this.#sockets = {
      shell: new Dealer(),
      control: new Dealer(),
      stdin: new Dealer(),
      iopub: new Subscriber(),
    } as never;
    (this.#sockets.shell as unknown as Dealer).routingId = this.session;
    (this.#sockets.stdin as unknown as Dealer).routingId = this.session;
    (this.#sockets.iopub as unknown as Subscriber).subscribe();
    for (const [name, socket] of Object.entries(this.#sockets)) {
      socket.connect(this.address(`${name}_port`));
      void this.#read(name, socket);
    }
    if (this.#foreign) {
      // some kernels lose what comes early, so it is asked again, as Jupyter's own client does
      while (this.startedIn === 0 || this.published.length === 0) {
        await this.request("kernel_info_request", {}, { seconds: 1 }).then(
          () => {
            this.startedIn ||= performance.now() - this.startedAt;
          },
          () => undefined,
        );
        await new Promise((done) => setTimeout(done, 20));
        if (performance.now() - this.startedAt > 60_000) throw new Error("the kernel does not start");
      }
      return;
    }
    await this.request("kernel_info_request");
    this.startedIn = performance.now() - this.startedAt;
    // the subscription has arrived when the greeting has come
    await this.until(() => this.published.some(({ header }) => header.msg_type === "iopub_welcome"));
  }

  address(port: string): string {
    const { transport, ip } = this.connection;
    return transport === "tcp"
      ? `tcp://${ip}:${this.connection[port]}`
      : `ipc://${ip}-${this.connection[port]}`;
  }

  async #read(name: string, socket: Socket): Promise<void> {
    for (;;) {
      let frames: Uint8Array[];
      try {
        frames = await socket.receive();
      } catch {
        return;
      }
      try {
        this.#take(name, frames);
      } catch (error) {
        this.failures.push(error);
      }
    }
  }

  #take(name: string, frames: Uint8Array[]): void {
    const at = frames.findIndex((frame) => Buffer.from(frame).toString() === "<IDS|MSG>");
    const [header, parent_header, metadata, content] = frames
      .slice(at + 2, at + 6)
      .map((frame) => JSON.parse(Buffer.from(frame).toString()));
    const message: Received = { header, parent_header, metadata, content, buffers: frames.slice(at + 6) };
    if (!this.#foreign) checkMessage(message);
    if (name === "iopub") {
      this.published.push(message);
      const id = parent_header.msg_id;
      const caused = this.#caused.get(id);
      if (caused) caused.push(message);
      else this.#caused.set(id, [message]);
    } else if (name === "stdin") {
      const value = this.answer(content);
      if (value !== null) void this.send("stdin", "input_reply", { status: "ok", value }, { parent: header });
    } else this.#replies.get(parent_header.msg_id)?.(message);
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Resolves when a condition holds; rejects after a time. */
  until(condition: () => boolean, seconds = patience, what = String(condition)): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`still waiting for ${what}`));
      }, seconds * 1000);
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  header(msg_type: string, extra = {}): Record<string, any> {
    return {
      msg_id: randomUUID(),
      session: this.session,
      username: "test",
      date: new Date().toISOString(),
      msg_type,
      version: "5.4",
      ...extra,
    };
  }

  /** The frames of a message, signed. */
  frames(header: object, content: object, { parent = {}, buffers = [] as Uint8Array[] } = {}): Uint8Array[] {
    const parts = [header, parent, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [Buffer.from("<IDS|MSG>"), Buffer.from(this.signature(parts)), ...parts, ...buffers];
  }
  signature(parts: Uint8Array[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  sendFrames(channel: "shell" | "control" | "stdin", frames: Uint8Array[]): Promise<void> {
    return this.#sockets[channel].send(frames);
  }
  async send(
    channel: "shell" | "control" | "stdin",
    type: string,
    content: object,
    { parent = {}, buffers = [] as Uint8Array[], header = {} } = {},
  ): Promise<string> {
    const made = this.header(type, header);
    await this.sendFrames(channel, this.frames(made, content, { parent, buffers }));
    return made.msg_id;
  }

  /** Sends a request and resolves with its reply. */
  async request(
    type: string,
    content: object = {},
    { channel = "shell" as "shell" | "control", header = {}, seconds = patience } = {},
  ): Promise<Received> {
    const made = this.header(type, header);
    let reply: Received | undefined;
    this.#replies.set(made.msg_id, (message) => {
      reply = message;
    });
    await this.sendFrames(channel, this.frames(made, content));
    await this.until(() => reply !== undefined, seconds, `the reply to ${type}`);
    this.#replies.delete(made.msg_id);
    return reply as Received;
  }

  /** Runs a cell; resolves when it is idle. */
  async run(code: string, content: object = {}, { header = {}, seconds = patience } = {}): Promise<Result> {
    const reply = await this.request(
      "execute_request",
      {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: true,
        stop_on_error: true,
        ...content,
      },
      { header, seconds },
    );
    return { reply, outputs: await this.outputsOf(reply.parent_header.msg_id) };
  }

  /** What was published for a request, once it is idle, without statuses and the input. */
  async outputsOf(id: string): Promise<Received[]> {
    const mine = () => this.#caused.get(id) ?? [];
    await this.until(
      () => mine().some(({ content }) => content.execution_state === "idle"),
      patience,
      "idle",
    );
    return mine().filter(({ header }) => header.msg_type !== "status" && header.msg_type !== "execute_input");
  }

  heartbeat(): Promise<Uint8Array[]> {
    const socket = new Request({ receiveTimeout: 20_000 });
    socket.connect(this.address("hb_port"));
    return socket.send("ping").then(async () => {
      const answer = await socket.receive();
      socket.close();
      return answer as Uint8Array[];
    });
  }

  async stop(): Promise<void> {
    for (const socket of Object.values(this.#sockets)) socket.close();
    if (!this.#isGuest && this.process.exitCode === null && this.process.signalCode === null) {
      const gone = new Promise((done) => this.process.once("exit", done));
      this.process.kill("SIGKILL");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
    if (this.failures.length > 0) throw this.failures[0];
  }
}

export const textOf = (outputs: Received[], name = "stdout"): string =>
  outputs
    .filter(({ header, content }) => header.msg_type === "stream" && content.name === name)
    .map(({ content }) => content.text)
    .join("");

/** The text of the cell's result. */
export const resultOf = ({ outputs }: Result): string | undefined =>
  outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"];
