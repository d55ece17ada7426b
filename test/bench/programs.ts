/**
 * Gradients of plain functions: by derivative programs, by the tape, by hand, by differences, and by others' tools.
 *
 * Run: npm run bench programs, or with options npm run bench -- programs --only GMM,LSTM --quick
 * For each objective of programs/ it prints the time of f (of the function that nobody prepared), the time of its
 * gradient in each way as a multiple of that, the derivative program against the adjoint by hand, and the bytes that a
 * gradient keeps from call to call and that a call allocates; then means and worst ratios, the peers, and the tape against a tape by hand.
 * Times are minima, measured in turns in fresh processes. Table and plot go to reports/bench/ too.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { objectives } from "./programs/index.ts";
import { ask, type Job, type Memory, type Times } from "./runner/job.ts";
import { memoryOptions } from "./runner/memory.ts";
import { install, peers, pytorch, pytorchTimeOf, timeOf } from "./runner/peers/index.ts";
import { writePlain } from "./runner/plain.ts";
import {
  objectiveTable,
  oursOf,
  type PeerRow,
  peerTable,
  type Row,
  summaries,
  writePlot,
} from "./runner/report.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    milliseconds: { type: "string" },
    peers: { type: "boolean" },
    tape: { type: "boolean" },
    out: { type: "string", default: join("reports", "bench") },
  },
  allowNegative: true,
});
const names = options.only?.split(",");
const unknown = names?.filter((name) => !objectives.some((o) => o.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(
    `no objective ${unknown.join(", ")}; there are ${objectives.map(({ name }) => name).join(", ")}`,
  );
const chosen = objectives.filter(({ name }) => names === undefined || names.includes(name));
/** For each function; `--quick` is a shorter time. */
const milliseconds = Number(options.milliseconds ?? (options.quick ? 150 : 1000));
const whole = !options.quick && names === undefined;
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Two processes, brought to one speed by f, which both measure: the machine is not always as fast. */
function timesOf(job: Job): Times {
  const program = ask<Times>("times.ts", { ...job, way: "program" });
  const { f, tape, differences } = ask<Times>("times.ts", { ...job, way: "tape" });
  const scaled = (seconds: number | undefined) => seconds && (seconds * program.f) / f;
  return { ...program, tape: scaled(tape), differences: scaled(differences) };
}

function memoryOf(job: Job, { program }: Times): Row["memory"] {
  const by = (way: string) => ask<Memory>("memory.ts", { ...job, way }, memoryOptions);
  return {
    program: typeof program === "number" ? by("program") : undefined,
    tape: by("tape"),
    hand: by("hand"),
  };
}

writePlain();
const rows: Row[] = chosen.flatMap(({ name, allocates, full }) =>
  full.map((_, size) => {
    say(`${name} ${full.length > 1 ? `(${size + 1} of ${full.length}) ` : ""}…`);
    const job = { objective: name, size, milliseconds };
    const times = timesOf(job);
    return { name, allocates, times, memory: memoryOf(job, times) };
  }),
);

const peerRows: PeerRow[] = [];
const remarks: string[] = [];

/** Measures one tool on those of its objectives that were measured here. */
function compare(
  peer: string,
  note: string,
  names: readonly string[],
  small: boolean,
  time: (job: Job) => PeerRow["theirs"],
): void {
  for (const name of names) {
    if (!chosen.some((objective) => objective.name === name)) continue;
    say(`${peer}: ${name} …`);
    const job = { objective: name, size: small ? -1 : 0, milliseconds };
    const times = small ? timesOf(job) : rows.find((row) => row.name === name)!.times;
    const theirs = time(job);
    const speed = "f" in theirs && theirs.f ? times.f / theirs.f : 1;
    const scaled = "seconds" in theirs ? { ...theirs, seconds: theirs.seconds * speed } : theirs;
    peerRows.push({ peer, note, name, inputs: times.inputs, ours: oursOf(times), theirs: scaled });
  }
}

if (options.peers ?? whole) {
  for (const [name, peer] of Object.entries(peers)) {
    const missing = install(peer);
    if (missing !== undefined) remarks.push(`${name}: missing, ${missing}`);
    else
      compare(name, peer.note, Object.keys(peer.gradients), peer.small ?? false, (job) => timeOf(name, job));
  }
  remarks.push("autodiff-ts: missing, the npm registry has no such package");
  const torch = pytorch();
  if (typeof torch === "string") remarks.push(`PyTorch: missing, ${torch}`);
  else compare("PyTorch", `${torch.version}, one thread, float64`, torch.objectives, false, pytorchTimeOf);
}

const order = (row: PeerRow) => objectives.findIndex(({ name }) => name === row.name);
peerRows.sort((a, b) => order(a) - order(b));
const text = [
  objectiveTable(rows),
  summaries(rows),
  ...(peerRows.length > 0 ? [peerTable(peerRows)] : []),
  ...(remarks.length > 0 ? [remarks.join("\n")] : []),
].join("\n\n");
console.log(text);
mkdirSync(options.out, { recursive: true });
writeFileSync(join(options.out, "programs.txt"), `${text}\n`);
console.log(`\nplot: ${await writePlot(rows, peerRows, options.out)}`);

if (options.tape ?? whole) {
  console.log("\nthe tape against a tape by hand:");
  await import("./tape.ts");
}
