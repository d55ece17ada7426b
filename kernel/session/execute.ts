/**
 * `execute_request`: counting, history, the pager, and the cell itself.
 *
 * Reference: "Messaging in Jupyter", Execute.
 */
import type { Content } from "../wire/message.ts";
import type { Request, Session } from "./session.ts";

const counts = new WeakMap<Session, number>();

/** What the cells' thread says of an execution. */
export interface Outcome {
  status: "ok" | "error";
  /** The result's text, for the history. */
  text?: string;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  user_expressions?: Content;
  payload?: Content[];
}

export async function execute(session: Session, content: Content, request: Request): Promise<Content> {
  const { message, execution } = request;
  const { code, silent = false, user_expressions = {}, allow_stdin = true } = content;
  if (typeof code !== "string") throw new TypeError("the request holds no code");
  const stored = !silent && (content.store_history ?? true);
  const count = (counts.get(session) ?? 0) + (stored ? 1 : 0);
  counts.set(session, count);
  if (!silent) session.publish("execute_input", { code, execution_count: count }, message.header);
  const entry = stored ? session.history.add(count, code) : null;

  const question = /^\s*(?:([\w$.]+)(\?\??)|(\?\??)([\w$.]+))\s*$/.exec(code);
  if (question) {
    const payload = await page(session, question[1] ?? question[4], (question[2] ?? question[3]).length - 1);
    return { status: "ok", execution_count: count, user_expressions: {}, payload };
  }

  const outcome = await session.asRunning(request, (interrupts) =>
    session.cells.call<Outcome>("execute", {
      execution,
      interrupts,
      code,
      count,
      silent,
      allowInput: allow_stdin,
      expressions: user_expressions,
    }),
  );
  if (entry && outcome.text !== undefined) entry.output = outcome.text;
  const { status, ename, evalue, traceback, payload = [] } = outcome;
  const reply = { execution_count: count, user_expressions: outcome.user_expressions ?? {}, payload };
  return status === "ok" ? { status, ...reply } : { status, ename, evalue, traceback, ...reply };
}

/** `name?` and `name??`: what is known of a name, for the pager. */
async function page(session: Session, name: string, detail: number): Promise<Content[]> {
  const found = await session.compiler.call<Content | null>("inspect", name, name.length, detail);
  const data = found ?? { "text/plain": `${name} was not found.` };
  return [{ source: "page", data, start: 0 }];
}
