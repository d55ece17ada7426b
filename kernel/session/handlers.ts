/**
 * The table of requests.
 *
 * What: for each message type that a front end sends, whether it waits its turn behind executions, and its answer.
 * Reference: "Messaging in Jupyter", protocol 5.5; JEP 91 (subshells).
 */
import { randomUUID } from "node:crypto";
import type { Content } from "../wire/message.ts";
import { debugAnswer } from "./debug.ts";
import { execute } from "./execute.ts";
import { kernelInfo } from "./info.ts";
import type { Request, Session } from "./session.ts";
import { toPoints, toUnits } from "./text.ts";

export type Answer = (
  session: Session,
  content: Content,
  request: Request,
) => Content | null | Promise<Content | null>;

export interface Handler {
  queued: boolean;
  answer: Answer;
}

/** Comm messages go to the cells' thread; they have no reply. */
const toComms: Answer = async (session, content, request) => {
  const { message, execution } = request;
  const { comm_id, target_name } = content;
  if (typeof comm_id !== "string") return null;
  const type = message.header.msg_type;
  if (type === "comm_open") session.comms.set(comm_id, target_name);
  if (type === "comm_close") session.comms.delete(comm_id);
  await session.asRunning(request, (interrupts) =>
    session.cells.call("comm", execution, interrupts, type, content, message.metadata, message.buffers),
  );
  return null;
};

/** The code of a request that is about some. */
export function codeOf({ code }: Content): string {
  if (typeof code !== "string") throw new TypeError("the request holds no code");
  return code;
}

const complete: Answer = async (session, content) => {
  const { cursor_pos } = content;
  const code = codeOf(content);
  const { start, end, entries } = await session.compiler.call<Completions>(
    "complete",
    code,
    toUnits(code, cursor_pos ?? code.length),
  );
  const [from, to] = [toPoints(code, start), toPoints(code, end)];
  const types = entries.map(({ text, type, signature }) => ({ start: from, end: to, text, type, signature }));
  return {
    status: "ok",
    matches: entries.map(({ text }) => text),
    cursor_start: from,
    cursor_end: to,
    metadata: { _jupyter_types_experimental: types },
  };
};

interface Completions {
  start: number;
  end: number;
  entries: { text: string; type: string; signature: string }[];
}

/** Where a request may come on, and what answers it. */
const handlers: Record<string, Handler> = {
  execute_request: { queued: true, answer: execute },
  comm_open: { queued: true, answer: toComms },
  comm_msg: { queued: false, answer: toComms },
  comm_close: { queued: false, answer: toComms },
  kernel_info_request: { queued: false, answer: () => kernelInfo() },
  complete_request: { queued: false, answer: complete },
  inspect_request: {
    queued: false,
    answer: async (session, content) => {
      const { cursor_pos, detail_level } = content;
      const code = codeOf(content);
      const data = await session.compiler.call<Content | null>(
        "inspect",
        code,
        toUnits(code, cursor_pos ?? code.length),
        detail_level ?? 0,
      );
      return { status: "ok", found: data !== null, data: data ?? {}, metadata: {} };
    },
  },
  is_complete_request: {
    queued: false,
    answer: (session, content) => session.compiler.call("isComplete", codeOf(content)),
  },
  history_request: {
    queued: false,
    answer: (session, content) => ({ status: "ok", history: session.history.answer(content) }),
  },
  comm_info_request: {
    queued: false,
    answer: (session, { target_name }) => {
      const open = [...session.comms].filter(([, target]) => !target_name || target === target_name);
      return {
        status: "ok",
        comms: Object.fromEntries(open.map(([id, target]) => [id, { target_name: target }])),
      };
    },
  },
  interrupt_request: {
    queued: false,
    answer: (session) => {
      session.interrupt();
      return { status: "ok" };
    },
  },
  shutdown_request: {
    queued: false,
    answer: (session, { restart }, { message }) => {
      const content = { status: "ok", restart: restart ?? false };
      session.publish("shutdown_reply", content, message.header);
      setImmediate(() => session.shutdown());
      return content;
    },
  },
  debug_request: { queued: false, answer: (_, content) => debugAnswer(content) },
  create_subshell_request: {
    queued: false,
    answer: (session) => {
      const subshell_id = randomUUID();
      session.addQueue(subshell_id);
      return { status: "ok", subshell_id };
    },
  },
  delete_subshell_request: {
    queued: false,
    answer: (session, { subshell_id }) => {
      const queue = subshell_id && session.queues.get(subshell_id);
      if (!queue) throw new Error(`no subshell has the id ${subshell_id}`);
      session.queues.delete(subshell_id);
      queue.abort();
      return { status: "ok" };
    },
  },
  list_subshell_request: {
    queued: false,
    answer: (session) => ({
      status: "ok",
      subshell_id: [...session.queues.keys()].filter((id) => id !== ""),
    }),
  },
};

export const handlerOf = (type: string): Handler | undefined =>
  Object.hasOwn(handlers, type) ? handlers[type] : undefined;
