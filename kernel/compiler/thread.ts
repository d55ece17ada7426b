/**
 * The thread of the compiler.
 *
 * What: serves the cells' thread (conversion) and the session's (completion, inspection, completeness). Why a thread
 * of its own: the kernel answers before the compiler has been loaded, and completion works while a cell computes.
 */
import { type MessagePort, workerData } from "node:worker_threads";
import { Calls } from "../threads/calls.ts";
import { Cells } from "./cells.ts";
import { complete } from "./complete.ts";
import { Files } from "./files.ts";
import { inspect } from "./inspect.ts";
import { isComplete } from "./is-complete.ts";
import { Renames } from "./rename.ts";
import { rewrite } from "./rewrite.ts";
import { tidy } from "./tidy.ts";

const { ports, folder } = workerData as { ports: MessagePort[]; folder: string };
const cells = new Cells(folder);
// the libraries' declarations are read while the user still types
cells.convert("export {}", 0, "");
tidy();

const renames = new Renames();
const files = new Files(cells.service.options);

const functions = {
  convert: (code: string, number: number, file: string) => {
    tidy();
    const { problems, code: text, map } = cells.convert(code, number, file);
    if (problems.length > 0) return { problems };
    renames.declare(cells.declared);
    const renamed = renames.apply(text, map, file);
    return { problems, ...rewrite(renamed.code, renamed.map, file) };
  },
  complete: (code: string, position: number) => {
    tidy();
    return complete(cells, code, position);
  },
  inspect: (code: string, position: number, detail: number) => {
    tidy();
    return inspect(cells, code, position, detail);
  },
  isComplete,
  file: (path: string) => files.file(path),
  version: (path: string) => files.version(path),
  forget: (path: string) => files.forget(path),
  locate: (name: string) => cells.service.locate(name),
  connect: (port: MessagePort) => void new Calls(port, functions),
};
for (const port of ports) functions.connect(port);
