/**
 * The answer to `debug_request`.
 *
 * What: the kernel has no debugger and says so (`debugger: false` in kernel_info); a client that asks all the same
 * gets proper answers of the Debug Adapter Protocol. Reference: JEP 47.
 */
import type { Content } from "../wire/message.ts";

const bodies: Record<string, Content> = {
  initialize: {},
  debugInfo: {
    isStarted: false,
    hashMethod: "",
    hashSeed: 0,
    tmpFilePrefix: "",
    tmpFileSuffix: "",
    breakpoints: [],
    stoppedThreads: [],
    richRendering: false,
    exceptionPaths: [],
  },
};

export function debugAnswer({ command, seq }: Content): Content {
  const reply = { type: "response", seq: seq ?? 0, request_seq: seq ?? 0, command: command ?? "" };
  const body = Object.hasOwn(bodies, command ?? "") ? bodies[command] : undefined;
  return body
    ? { ...reply, success: true, body }
    : { ...reply, success: false, message: "this kernel has no debugger" };
}
