/**
 * Comm messages of the front end, on their way to the handlers that cells have set, which an interrupt can stop.
 *
 * Reference: "Messaging in Jupyter", Custom Messages.
 */
import type { Host } from "../host.ts";
import { guarded } from "./guard.ts";

export async function receiveComm(
  host: Host,
  type: string,
  content: Record<string, any>,
  metadata: Record<string, unknown>,
  buffers: Uint8Array[],
): Promise<void> {
  const { comm_id, data } = content;
  if (type === "comm_open") {
    const opened = host.targets.get(content.target_name);
    if (!opened) {
      host.publish("comm_close", { comm_id, data: {} });
      return;
    }
    const { Comm } = await import("../notebook.ts");
    const handlers = {};
    host.comms.set(comm_id, handlers);
    const comm = new Comm(content.target_name, comm_id, handlers) as never;
    await guarded(() => opened(comm, data));
  } else if (type === "comm_msg")
    await guarded(() => host.comms.get(comm_id)?.message?.(data, { metadata, buffers }));
  else {
    const handlers = host.comms.get(comm_id);
    host.comms.delete(comm_id);
    await guarded(() => handlers?.close?.(data));
  }
}
