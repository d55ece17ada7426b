/**
 * Everything that a cell writes.
 *
 * What: `process.stdout` and `process.stderr` (and so `console`), writes to the file descriptors 1 and 2, and what
 * child processes write when they inherit them, go to the front ends as output of the cell that caused it. Why not by
 * replacing the descriptors themselves: what the process says when it dies must reach the terminal or the server's log.
 */
import childProcess, { type ChildProcess, type SpawnOptions } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

type Write = (name: "stdout" | "stderr", text: string) => void;
type Callback = (error?: Error | null, ...rest: unknown[]) => void;

const nameOf = (descriptor: unknown): "stdout" | "stderr" | null =>
  descriptor === 1 ? "stdout" : descriptor === 2 ? "stderr" : null;

export function captureOutput(write: Write): void {
  for (const name of ["stdout", "stderr"] as const) captureStream(name, write);
  captureDescriptors(write);
  captureChildren(write);
  syncBuiltinESMExports();
}

/** Node's own, which does not look at interrupts. */
const { nextTick } = process;
let written: { callback: Callback; times: number }[] = [];

/** Calls back soon. A loop that prints gives no room to do so for long, and has one callback for all it writes. */
function callBack(callback: Callback): void {
  const last = written.at(-1);
  if (last?.callback === callback) last.times++;
  else if (written.push({ callback, times: 1 }) === 1) nextTick(callAll);
}
function callAll(): void {
  const all = written;
  written = [];
  for (const { callback, times } of all) for (let k = 0; k < times; k++) callback(null);
}

function captureStream(name: "stdout" | "stderr", write: Write): void {
  // a stream of our own: Node's would change the launcher's pipe (threads/launcher.ts)
  const stream = new Writable({ autoDestroy: false, emitClose: false });
  const decoder = new StringDecoder("utf8");
  Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true });
  Object.assign(stream, {
    fd: name === "stdout" ? 1 : 2,
    write: (chunk: string | Uint8Array, encoding?: BufferEncoding | Callback, callback?: Callback) => {
      const done = typeof encoding === "function" ? encoding : callback;
      const text =
        typeof chunk === "string"
          ? typeof encoding === "string" && !/^utf-?8$/i.test(encoding)
            ? Buffer.from(chunk, encoding).toString()
            : chunk
          : decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (text) write(name, text);
      if (done) callBack(done);
      return true;
    },
    end: (chunk?: unknown, ...rest: unknown[]) => {
      const last = [chunk, ...rest].filter((value) => typeof value === "function").at(-1) as Callback;
      if (chunk !== undefined && chunk !== null && chunk !== last)
        (stream.write as Function)(chunk, ...rest.filter((value) => typeof value === "string"));
      // whoever ends it may wait for that; the stream itself goes on
      nextTick(() => {
        last?.();
        stream.emit("finish");
      });
      return stream;
    },
    isTTY: false,
  });
}

/** The bytes that a call of `fs.write` or `fs.writeSync` means. */
function bytesOf(data: unknown, rest: unknown[]): Buffer {
  if (typeof data === "string")
    return Buffer.from(data, (rest.find((value) => typeof value === "string") as BufferEncoding) ?? "utf8");
  const view = data as NodeJS.ArrayBufferView;
  const options =
    typeof rest[0] === "object" && rest[0] !== null
      ? (rest[0] as { offset?: number; length?: number })
      : null;
  const offset = options ? (options.offset ?? 0) : typeof rest[0] === "number" ? rest[0] : 0;
  const given = options ? options.length : rest[1];
  const length = typeof given === "number" ? given : view.byteLength - offset;
  return Buffer.from(view.buffer, view.byteOffset + offset, length);
}

function captureDescriptors(write: Write): void {
  const { writeSync, write: writeLater, writev, writevSync, writeFileSync, appendFileSync } = fs;
  const { writeFile, appendFile } = fs.promises;
  const decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  const take = (name: "stdout" | "stderr", bytes: Buffer): number => {
    const text = decoders[name].write(bytes);
    if (text) write(name, text);
    return bytes.length;
  };
  const pathName = (path: unknown) =>
    nameOf(path) ?? ({ "/dev/stdout": "stdout", "/dev/stderr": "stderr" } as const)[String(path)] ?? null;
  Object.assign(fs, {
    writeSync: (descriptor: number, data: never, ...rest: never[]) => {
      const name = nameOf(descriptor);
      return name ? take(name, bytesOf(data, rest)) : (writeSync as Function)(descriptor, data, ...rest);
    },
    write: (descriptor: number, data: never, ...rest: unknown[]) => {
      const name = nameOf(descriptor);
      if (!name) return (writeLater as Function)(descriptor, data, ...rest);
      const callback = rest.findLast((value) => typeof value === "function") as Callback | undefined;
      const length = take(name, bytesOf(data, rest));
      if (callback) process.nextTick(callback, null, length, data);
    },
    writevSync: (descriptor: number, views: NodeJS.ArrayBufferView[], ...rest: never[]) => {
      const name = nameOf(descriptor);
      return name
        ? take(name, Buffer.concat(views.map((view) => bytesOf(view, []))))
        : writevSync(descriptor, views, ...rest);
    },
    writev: (descriptor: number, views: NodeJS.ArrayBufferView[], ...rest: unknown[]) => {
      const name = nameOf(descriptor);
      if (!name) return (writev as Function)(descriptor, views, ...rest);
      const length = take(name, Buffer.concat(views.map((view) => bytesOf(view, []))));
      process.nextTick(rest.at(-1) as Callback, null, length, views);
    },
    writeFileSync: (path: never, data: never, ...rest: never[]) => {
      const name = pathName(path);
      if (name) take(name, bytesOf(data, []));
      else (writeFileSync as Function)(path, data, ...rest);
    },
    appendFileSync: (path: never, data: never, ...rest: never[]) => {
      const name = pathName(path);
      if (name) take(name, bytesOf(data, []));
      else (appendFileSync as Function)(path, data, ...rest);
    },
  });
  const promised =
    (original: Function) =>
    async (path: unknown, data: unknown, ...rest: unknown[]): Promise<void> => {
      const name = pathName(path);
      const isBytes = typeof data === "string" || ArrayBuffer.isView(data);
      if (name && isBytes) take(name, bytesOf(data, []));
      else await original(path, data, ...rest);
    };
  Object.assign(fs.promises, { writeFile: promised(writeFile), appendFile: promised(appendFile) });
}

/** Which of the child's descriptors inherit ours, by its `stdio` option. */
function inherited(stdio: unknown): ("stdout" | "stderr" | null)[] {
  const list = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
  return [0, 1, 2].map((k) => {
    const value = list[k];
    if (value === "inherit") return k === 0 ? null : (nameOf(k) as "stdout");
    return value === process.stdout ? "stdout" : value === process.stderr ? "stderr" : nameOf(value);
  });
}

/** The same `stdio` with pipes where it said to inherit, and no reading of the kernel's own stdin. */
function piped(stdio: unknown, names: ("stdout" | "stderr" | null)[]): unknown[] {
  const list = Array.isArray(stdio) ? [...stdio] : [stdio, stdio, stdio];
  if (list[0] === "inherit" || list[0] === 0) list[0] = "ignore";
  for (const k of [1, 2]) if (names[k]) list[k] = "pipe";
  return list;
}

/** What `fork` takes when nothing is said: our descriptors, and a channel. */
function forkArguments(given: unknown[]): unknown[] {
  const args = Array.isArray(given[0]) ? given[0] : [];
  const options = (given.find((value) => !Array.isArray(value) && Object(value) === value) ?? {}) as {
    silent?: boolean;
    stdio?: unknown;
  };
  const stdio = options.stdio ?? (options.silent ? undefined : ["ignore", "inherit", "inherit", "ipc"]);
  return [args, stdio ? { ...options, stdio } : options];
}

function captureChildren(write: Write): void {
  const { spawn, spawnSync, execFileSync, execSync, fork } = childProcess;
  const optionsAt = (rest: unknown[]): number =>
    Array.isArray(rest[0]) || rest[0] === undefined || rest[0] === null ? 1 : 0;
  const patched = (rest: unknown[]) => {
    const at = optionsAt(rest);
    const options = rest[at] as SpawnOptions | undefined;
    const names = inherited(options?.stdio);
    if (!options || !names.some(Boolean)) return { rest, names: null };
    const copy = [...rest];
    copy[at] = { ...options, stdio: piped(options.stdio, names) };
    return { rest: copy, names };
  };
  const passOn = (
    names: ("stdout" | "stderr" | null)[],
    outputs: (Buffer | string | null)[] | null | undefined,
  ) => {
    for (const k of [1, 2]) {
      const output = outputs?.[k];
      if (names[k] && output?.length) write(names[k] as "stdout", output.toString());
    }
  };
  const synchronous =
    (original: Function) =>
    (command: string, ...given: unknown[]) => {
      const { rest, names } = patched(given);
      if (!names) return original(command, ...given);
      const result = original(command, ...rest);
      passOn(names, result?.output ?? [null, result, null]);
      return result?.output ? { ...result, stdout: null, stderr: null } : null;
    };
  const throwing =
    (original: Function) =>
    (command: string, ...given: unknown[]) => {
      const { rest, names } = patched(original === execSync ? [undefined, ...given] : given);
      if (!names) return original(command, ...given);
      const options = {
        ...(rest[optionsAt(rest)] as object),
        encoding: "buffer",
        shell: original === execSync ? true : (rest[optionsAt(rest)] as SpawnOptions).shell,
      };
      const result = spawnSync(command, Array.isArray(rest[0]) ? rest[0] : [], options as never);
      passOn(names, result.output as never);
      if (result.error) throw result.error;
      if (result.status !== 0)
        throw Object.assign(new Error(`Command failed: ${command}`), {
          status: result.status,
          signal: result.signal,
        });
      return null;
    };
  const starting =
    (original: Function) =>
    (command: string, ...given: unknown[]) => {
      const { rest, names } = patched(original === fork ? forkArguments(given) : given);
      const child = original(command, ...rest) as ChildProcess;
      if (names) {
        for (const k of [1, 2] as const) {
          const name = names[k];
          const stream = child.stdio[k] as NodeJS.ReadableStream | null;
          if (!name || !stream) continue;
          const decoder = new StringDecoder("utf8");
          stream.on("data", (chunk: Buffer) => write(name, decoder.write(chunk)));
        }
        Object.assign(child, {
          stdout: names[1] ? null : child.stdout,
          stderr: names[2] ? null : child.stderr,
        });
      }
      return child;
    };
  Object.assign(childProcess, {
    spawn: starting(spawn),
    fork: starting(fork),
    spawnSync: synchronous(spawnSync),
    execFileSync: throwing(execFileSync),
    execSync: throwing(execSync),
  });
}
