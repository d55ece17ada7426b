/**
 * Messages to frames and back.
 *
 * What: `identities… <IDS|MSG> signature header parent metadata content buffers…`. The signature is checked before
 * any JSON is parsed. Reference: "Messaging in Jupyter", section on the wire protocol.
 */
import type { Content, Header, Message, Outgoing } from "./message.ts";
import type { Signer } from "./signature.ts";

const delimiter = Buffer.from("<IDS|MSG>");

export function encode(message: Outgoing, signer: Signer): Uint8Array[] {
  const parts = [message.header, message.parent_header, message.metadata, message.content].map((part) =>
    Buffer.from(typeof part === "string" ? part : jsonOf(part)),
  );
  return [...message.identities, delimiter, Buffer.from(signer.sign(parts)), ...parts, ...message.buffers];
}

/** JSON; a number that has none as its text. */
function jsonOf(part: unknown): string {
  try {
    return JSON.stringify(part);
  } catch {
    return JSON.stringify(part, (_, value) => (typeof value === "bigint" ? String(value) : value));
  }
}

/** The message that the frames hold, or why they hold none. */
export function decode(frames: readonly Uint8Array[], signer: Signer): Message | string {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  if (at < 0) return "no delimiter";
  if (frames.length < at + 6) return "too few frames";
  const parts = frames.slice(at + 2, at + 6);
  if (!signer.accept(frames[at + 1], parts)) return "wrong or repeated signature";
  let parsed: unknown[];
  try {
    parsed = parts.map((part) => JSON.parse(Buffer.from(part).toString("utf8")));
  } catch {
    return "malformed JSON";
  }
  if (!parsed.every((part) => part !== null && typeof part === "object" && !Array.isArray(part)))
    return "not objects";
  const [header, parent_header, metadata, content] = parsed as [Header, Header, Content, Content];
  if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string")
    return "no message type or id";
  return {
    identities: frames.slice(0, at),
    header,
    parent_header,
    metadata,
    content,
    buffers: frames.slice(at + 6),
  };
}
