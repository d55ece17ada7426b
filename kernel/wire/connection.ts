/**
 * The connection file: where the sockets are and what messages are signed with.
 *
 * Reference: jupyter_client, "Making kernels for Jupyter", connection files.
 */
import { readFileSync } from "node:fs";

export interface Connection {
  transport: "tcp" | "ipc";
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme: string;
}

/** Reads a connection file; an error says what is wrong with it. */
export function readConnection(path: string): Connection {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`cannot read the connection file ${path}: ${(error as Error).message}`);
  }
  let given: Partial<Connection>;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new Error(`the connection file ${path} is not JSON: ${(error as Error).message}`);
  }
  if (given === null || typeof given !== "object")
    throw new Error(`the connection file ${path} holds no object`);
  const connection = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: "",
    signature_scheme: "hmac-sha256",
    ...given,
  } as Connection;
  if (connection.transport !== "tcp" && connection.transport !== "ipc")
    throw new Error(
      `the connection file ${path} asks for transport ${JSON.stringify(connection.transport)}; tcp and ipc exist`,
    );
  for (const name of ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const)
    if (!Number.isInteger(connection[name]) || connection[name] < 0 || connection[name] > 65535)
      throw new Error(`the connection file ${path} gives no valid ${name}`);
  for (const name of ["ip", "key", "signature_scheme"] as const)
    if (typeof connection[name] !== "string")
      throw new Error(`the connection file ${path} gives no valid ${name}`);
  return connection;
}

/** The address of one socket. */
export function addressOf(connection: Connection, port: number): string {
  return connection.transport === "tcp" ? `tcp://${connection.ip}:${port}` : `ipc://${connection.ip}-${port}`;
}
