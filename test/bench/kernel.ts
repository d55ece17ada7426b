/**
 * What the kernel costs: start, short cells, cells that use earlier names, completion, and a session of 1000 cells.
 *
 * Run with `npx tsx test/bench/kernel.ts`; times in milliseconds, medians and 95th percentiles of round trips.
 */
import { readFileSync } from "node:fs";
import { Client } from "../kernel/client.ts";

const quantile = (times: number[], q: number): string =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))].toFixed(1);

function report(name: string, times: number[]): void {
  console.log(`${name.padEnd(44)} median ${quantile(times, 0.5)}, p95 ${quantile(times, 0.95)}`);
}

async function measure(count: number, act: (k: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let k = 0; k < count; k++) {
    const begun = performance.now();
    await act(k);
    times.push(performance.now() - begun);
  }
  return times;
}

const starts: number[] = [];
for (let k = 0; k < 5; k++) {
  const client = await Client.start();
  starts.push(performance.now() - client.startedAt);
  await client.stop();
}
report("start to kernel_info_reply and first greeting", starts);

const client = await Client.start();
await client.run("1");
const memory = () => {
  const status = readFileSync(`/proc/${client.process.pid}/status`, "utf8");
  return `${Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)} MB`;
};
console.log(`memory after start: ${memory()}`);
report("distinct short cells", await measure(100, (k) => client.run(`${k} + 1`)));
const declare = (k: number) =>
  client.run(`const v${k} = ${k}; function f${k}(x: number) { return x * v${k} }`);
const first = await measure(200, declare);
console.log(`memory after 300 cells: ${memory()}`);
const rest = await measure(800, (k) => declare(200 + k));
report("declaration cells, first hundred", first.slice(0, 100));
report("declaration cells, last hundred of 1000", rest.slice(-100));
console.log(`memory after 1100 cells: ${memory()}`);
report("distinct short cells, late", await measure(100, (k) => client.run(`${k} + 2`)));
report("cells that use earlier names, late", await measure(100, (k) => client.run(`f${k * 9}(3) + v${k}`)));
report(
  "completion of a name, late",
  await measure(50, (k) => client.request("complete_request", { code: `f${k}`, cursor_pos: 2 })),
);
await client.stop();
