/**
 * The protocol's messages as a table: for each type, the fields of its content and what they must be.
 *
 * Every message that a test client receives is checked against it. Reference: "Messaging in Jupyter", protocol 5.5.
 */
import assert from "node:assert/strict";

type Check = (value: any) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => Number.isInteger(value);
const flag: Check = (value) => typeof value === "boolean";
const object: Check = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const list =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...names: string[]): Check =>
  (value) =>
    names.includes(value);
const bundle: Check = (value) =>
  object(value) &&
  Object.entries(value).every(
    ([type, data]) => /^[\w.+-]+\/[\w.+-]+$/.test(type) && (/[+/]json$/.test(type) || text(data)),
  );
const fields =
  (table: Record<string, Check>): Check =>
  (value) =>
    object(value) && Object.entries(table).every(([name, check]) => check(value[name]));

const failure = { ename: text, evalue: text, traceback: list(text) };
const status = oneOf("ok", "error", "aborted");

export const contents: Record<string, Record<string, Check>> = {
  status: { execution_state: oneOf("busy", "idle", "starting") },
  iopub_welcome: { subscription: text },
  execute_input: { code: text, execution_count: number },
  execute_result: { execution_count: number, data: bundle, metadata: object },
  display_data: { data: bundle, metadata: object, transient: optional(object) },
  update_display_data: { data: bundle, metadata: object, transient: fields({ display_id: text }) },
  stream: { name: oneOf("stdout", "stderr"), text },
  error: failure,
  clear_output: { wait: flag },
  comm_open: { comm_id: text, target_name: text, data: object },
  comm_msg: { comm_id: text, data: object },
  comm_close: { comm_id: text, data: object },
  input_request: { prompt: text, password: flag },
  kernel_info_reply: {
    status,
    protocol_version: text,
    implementation: text,
    implementation_version: text,
    banner: text,
    debugger: flag,
    supported_features: list(text),
    help_links: list(fields({ text, url: text })),
    language_info: fields({ name: text, version: text, mimetype: text, file_extension: text }),
  },
  execute_reply: { status },
  complete_reply: { status, matches: list(text), cursor_start: number, cursor_end: number, metadata: object },
  inspect_reply: { status, found: flag, data: bundle, metadata: object },
  is_complete_reply: {
    status: oneOf("complete", "incomplete", "invalid", "unknown"),
    indent: optional(text),
  },
  history_reply: { status, history: list(Array.isArray) },
  comm_info_reply: { status, comms: object },
  interrupt_reply: { status },
  shutdown_reply: { status, restart: flag },
  debug_reply: { type: oneOf("response"), request_seq: number, success: flag, command: text },
  create_subshell_reply: { status, subshell_id: optional(text) },
  delete_subshell_reply: { status },
  list_subshell_reply: { status, subshell_id: list(text) },
};

const executed: Record<string, Record<string, Check>> = {
  ok: { execution_count: number, payload: list(object), user_expressions: object },
  error: { execution_count: number, ...failure },
  aborted: {},
};

export interface Received {
  header: Record<string, any>;
  parent_header: Record<string, any>;
  metadata: Record<string, any>;
  content: Record<string, any>;
  buffers: Uint8Array[];
}

export function checkMessage({ header, parent_header, metadata, content }: Received): void {
  const type = header.msg_type;
  for (const name of ["msg_id", "session", "username", "msg_type", "version"])
    assert.equal(typeof header[name], "string", `header.${name}`);
  assert.match(header.date, /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/);
  assert.ok(object(parent_header) && object(metadata) && object(content));
  const table = contents[type];
  assert.ok(table, `the protocol has no message ${type}`);
  check(type, content.status === "error" && type !== "execute_reply" ? failure : table, content);
  if (type === "execute_reply") check(type, executed[content.status], content);
}

function check(type: string, table: Record<string, Check>, content: Record<string, any>): void {
  for (const [name, test] of Object.entries(table))
    assert.ok(test(content[name]), `${type}: ${name} is ${JSON.stringify(content[name])}`);
}
