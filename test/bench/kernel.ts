/**
 * What kernels cost: Wengert next to plain tslab, Deno's kernel and ipykernel, in one run and in turns.
 *
 * Run: npm run bench kernel (WENGERT_BENCH_CELLS=300 for a shorter session than 1000 cells, WENGERT_BENCH_KERNELS=Wengert,tslab
 * for some of the kernels). Prints a table: times in milliseconds are medians with the 95th percentile behind the
 * stroke, from sending a request until its reply has come; memory is that of the kernel's processes.
 * Deno's kernel is the npm package `deno`, which is put below .wengert/ when it is first needed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelSpec } from "#kernel/install/spec.js";
import { Client, kernelEntry } from "../kernel/client.ts";
import { npm } from "../support/run.ts";

const denoVersion = "2.9.6";
const starts = 7;
const block = 20;
/** Seconds after which a request counts as lost. */
const patience = 5;
const short = 100;

/** The cells, in the language of a kernel. */
interface Language {
  short(k: number): string;
  declare(k: number): string;
  use(k: number): string;
  object: string;
}

const typescript: Language = {
  short: (k) => `${k} + 1`,
  declare: (k) => `const v${k} = ${k}; function f${k}(x: number) { return x * v${k} }`,
  use: (k) => `f${k}(3) + v${k}`,
  object: "const point = { north: 1, south: 2 }",
};
const python: Language = {
  short: (k) => `${k} + 1`,
  declare: (k) => `v${k} = ${k}\ndef f${k}(x): return x * v${k}`,
  use: (k) => `f${k}(3) + v${k}`,
  object: "from types import SimpleNamespace; point = SimpleNamespace(north=1, south=2)",
};

interface Kernel {
  readonly name: string;
  readonly language: Language;
  readonly command: string[];
}

function deno(): string[] | null {
  const folder = fileURLToPath(new URL("../../.wengert/bench/", import.meta.url));
  const program = join(folder, "node_modules", "deno", "deno");
  if (!existsSync(program)) {
    console.error(`installing deno ${denoVersion} below .wengert/ …`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    npm(["install", "--no-audit", "--no-fund", `deno@${denoVersion}`], { cwd: folder, timeout: 300_000 });
    spawnSync(process.execPath, [join(folder, "node_modules", "deno", "install.cjs")]);
  }
  return existsSync(program) ? [program, "jupyter", "--kernel", "--conn"] : null;
}

const tslab = join(createRequire(import.meta.url).resolve("tslab/package.json"), "..", "bin", "tslab");
const wanted = process.env.WENGERT_BENCH_KERNELS?.split(",");
const kernels: Kernel[] = [];
const add = (name: string, language: Language, command: () => string[] | null): void => {
  if (wanted && !wanted.includes(name)) return;
  const found = command();
  if (found) kernels.push({ name, language, command: found });
  else console.error(`${name} is not there`);
};
add("Wengert", typescript, () => [process.execPath, kernelEntry]);
add("tslab", typescript, () => [process.execPath, tslab, "kernel", "--config-path"]);
add("Deno", typescript, deno);
add(
  "ipykernel",
  python,
  () =>
    ["python3", "/usr/bin/python3"]
      .map((program) => [program, "-m", "ipykernel_launcher", "-f"])
      .find(([program]) => spawnSync(program, ["-c", "import ipykernel"]).status === 0) ?? null,
);

const launch = (kernel: Kernel): Promise<Client> =>
  kernel.name === "Wengert"
    ? Client.start({ command: kernel.command, env: kernelSpec().env })
    : Client.start({ command: kernel.command, foreign: true });

/** Rows of the table, a cell for each kernel. */
const rows = new Map<string, string[]>();
const put = (row: string, text: string): void => {
  const cells = rows.get(row) ?? [];
  rows.set(row, cells);
  cells.push(text);
};

const quantile = (times: readonly number[], q: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))];
const shown = (time: number): string => (time < 10 ? time.toFixed(1) : time.toFixed(0));
const summary = (times: readonly number[]): string =>
  `${shown(quantile(times, 0.5))} / ${shown(quantile(times, 0.95))}`;

/** Does something a number of times with each kernel, a block of it with one after the other. */
async function inTurns(
  count: number,
  act: (k: number, session: Session) => Promise<unknown>,
): Promise<number[][]> {
  const times: number[][] = sessions.map(() => []);
  for (let from = 0; from < count; from += block)
    for (const [s, session] of sessions.entries())
      for (let k = from; k < Math.min(count, from + block); k++) {
        const begun = performance.now();
        try {
          await act(k, session);
          times[s].push(performance.now() - begun);
        } catch (error) {
          // tslab sends without waiting, and every few hundred messages zeromq refuses one
          if (!/still waiting for the reply/.test(String(error))) throw error;
          session.lost++;
        }
      }
  return times;
}

/** Resident memory of the kernel's processes, in MB. */
function memory({ process: { pid } }: Client): string {
  const ofProcess = (id: number): number => {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    const children = readdirSync(`/proc/${id}/task`).flatMap((task) =>
      readFileSync(`/proc/${id}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return (
      Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 +
      children.reduce((sum, child) => sum + ofProcess(child), 0)
    );
  };
  return String(Math.round(ofProcess(pid as number)));
}

interface Session {
  readonly kernel: Kernel;
  readonly client: Client;
  /** Requests that were never answered. */
  lost: number;
}
const sessions: Session[] = [];

const execution = {
  silent: false,
  store_history: true,
  user_expressions: {},
  allow_stdin: false,
  stop_on_error: true,
};

/** Runs a cell to its reply. */
async function run({ client, kernel }: Session, code: string): Promise<void> {
  const { content } = await client.request("execute_request", { ...execution, code }, { seconds: patience });
  if (content.status !== "ok") throw new Error(`${kernel.name}, ${code}: ${content.evalue}`);
}

const firstReplies: number[][] = kernels.map(() => []);
const firstResults: number[][] = kernels.map(() => []);
for (let k = 0; k < starts; k++)
  for (const [s, kernel] of kernels.entries()) {
    const client = await launch(kernel);
    await run({ kernel, client, lost: 0 }, "1 + 1");
    firstReplies[s].push(client.startedIn);
    firstResults[s].push(performance.now() - client.startedAt);
    await client.stop();
  }
for (const times of firstReplies) put("start to `kernel_info_reply`", summary(times));
for (const times of firstResults) put("start to the first cell's result", summary(times));

for (const kernel of kernels) sessions.push({ kernel, client: await launch(kernel), lost: 0 });
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 4000));
const remember = async (row: string): Promise<void> => {
  await pause();
  for (const { client } of sessions) put(row, memory(client));
};
const measure = async (
  row: string,
  count: number,
  act: (k: number, session: Session) => Promise<unknown>,
) => {
  for (const times of await inTurns(count, act)) put(row, summary(times));
};
/** Completes at the end of a text that is another one each time. */
const complete =
  (ending: string) =>
  (k: number, { client }: Session) => {
    const code = `x = ${k}; ${ending}`;
    return client.request("complete_request", { code, cursor_pos: code.length }, { seconds: patience });
  };

const total = Number(process.env.WENGERT_BENCH_CELLS ?? 1000);
for (const session of sessions) {
  await run(session, session.kernel.language.short(-1));
  await run(session, session.kernel.language.object);
}
await remember("memory after start, MB");
await measure("`1 + 1`", short, (_, session) => run(session, "1 + 1"));
await measure("distinct short cells", short, (k, session) => run(session, session.kernel.language.short(k)));
await measure("completion of a member", short, complete("point.no"));
await remember("memory after 200 short cells, MB");

const declare = (k: number, session: Session) => run(session, session.kernel.language.declare(k));
const first = await inTurns(100, declare);
await inTurns(100, (k, session) => declare(100 + k, session));
await remember("memory after 200 declaration cells more, MB");
await measure("distinct short cells, after 200 declarations", short, (k, session) =>
  run(session, session.kernel.language.short(1000 + k)),
);
await inTurns(total - 300, (k, session) => declare(200 + k, session));
const last = await inTurns(100, (k, session) => declare(total - 100 + k, session));
for (const times of first) put("declaration cells, first hundred", summary(times));
for (const times of last) put(`declaration cells, last hundred of ${total}`, summary(times));
for (const [s] of sessions.entries())
  put("last hundred / first hundred", (quantile(last[s], 0.5) / quantile(first[s], 0.5)).toFixed(2));
await remember(`memory after ${total} declaration cells, MB`);
const far = (k: number): number => (k * 37) % total;
await measure(`distinct short cells, after ${total}`, short, (k, session) =>
  run(session, session.kernel.language.short(2000 + k)),
);
await measure(`cells that use earlier names, after ${total}`, short, (k, session) =>
  run(session, session.kernel.language.use(far(k))),
);
await measure(`completion of a member, after ${total}`, short, complete("point.no"));
await measure(`completion of a name, after ${total}`, short, complete("f7"));
for (const { client, lost } of sessions) {
  put("requests without an answer", String(lost));
  await client.stop();
}

console.log(`Node ${process.versions.node}, ${cpus().length} cores, ${cpus()[0].model}\n`);
console.log(`| | ${kernels.map(({ name }) => name).join(" | ")} |`);
console.log(`| --- |${kernels.map(() => " ---: |").join("")}`);
for (const [row, cells] of rows) console.log(`| ${row} | ${cells.join(" | ")} |`);
