/**
 * Who may speak to the kernel.
 *
 * What: the HMAC of the four JSON frames, compared in constant time, and a memory of the signatures seen, so that no
 * message takes effect twice. Why before any parsing: bytes of unknown origin should meet as little code as possible.
 * Reference: "Messaging in Jupyter", section on the wire protocol.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const remembered = 1 << 16;

export class Signer {
  readonly #key: string;
  readonly #hash: string;
  readonly #seen = new Set<string>();

  /** An empty key means that messages are not signed. */
  constructor(key: string, scheme: string) {
    const match = /^hmac-(\w+)$/.exec(scheme || "hmac-sha256");
    if (!match) throw new Error(`unknown signature scheme ${scheme}; expected hmac-sha256`);
    this.#key = key;
    this.#hash = match[1];
    if (key) createHmac(this.#hash, key);
  }

  sign(frames: readonly Uint8Array[]): string {
    if (!this.#key) return "";
    const hmac = createHmac(this.#hash, this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  }

  /** Whether the frames bear this signature and were not seen before. */
  accept(signature: Uint8Array, frames: readonly Uint8Array[]): boolean {
    if (!this.#key) return true;
    const expected = Buffer.from(this.sign(frames), "latin1");
    if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) return false;
    const text = expected.toString("latin1");
    if (this.#seen.has(text)) return false;
    this.#seen.add(text);
    if (this.#seen.size > remembered) this.#seen.delete(this.#seen.values().next().value as string);
    return true;
  }
}
