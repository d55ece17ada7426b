/**
 * What a Jupyter message is.
 *
 * What: the types of the wire protocol, and the making of headers. Reference: "Messaging in Jupyter", protocol 5.5.
 */
import { randomUUID } from "node:crypto";

export const protocolVersion = "5.5";

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
  subshell_id?: string | null;
}

export type Content = Record<string, any>;

/** A message as it travels on one socket. */
export interface Message {
  /** Routing prefix: the peer's identity on ROUTER sockets, the topic on the publishing one. */
  identities: Uint8Array[];
  header: Header;
  parent_header: Header | Record<string, never>;
  metadata: Content;
  content: Content;
  buffers: Uint8Array[];
}

/** A message to be sent; some of it may be JSON already. */
export type Outgoing = Omit<Message, "metadata" | "content"> &
  Record<"metadata" | "content", Content | string>;

/** Makes the headers of one kernel process, which all bear the same session id. */
export class HeaderMaker {
  readonly session = randomUUID();
  #count = 0;

  make(msg_type: string): Header {
    return {
      msg_id: `${this.session}_${++this.#count}`,
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type,
      version: protocolVersion,
    };
  }
}
