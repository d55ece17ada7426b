/**
 * Measured time.
 *
 * What: the least time of each of several functions, measured in turns in the same run. Why: a ratio of times means
 * something only where both were measured under the same conditions; turns spread whatever else the machine does over
 * all of them, and a batch long against the clock makes up one measurement. Of many the least counts: what else goes on
 * only ever adds. What takes longer in one call than it is to be measured for is measured once.
 */

/** Long enough for the clock, in milliseconds. */
const batch = 0.5;
const mostRounds = 40;
const leastRounds = 3;

/**
 * Least seconds for one call of each function.
 * @param milliseconds about how long to measure each of them.
 */
export function measure(functions: readonly (() => unknown)[], milliseconds: number): number[] {
  const plans = functions.map((run) => {
    warmUp(run, milliseconds);
    const calls = callsInBatch(run);
    const once = timeOf(run, calls);
    const rounds = Math.min(
      mostRounds,
      Math.max(leastRounds, Math.floor(milliseconds / Math.max(once, 1e-3))),
    );
    return { run, calls, rounds: once > milliseconds ? 1 : rounds, least: once / calls };
  });
  for (let round = 1; round < mostRounds; round++)
    for (const plan of plans)
      if (round < plan.rounds) plan.least = Math.min(plan.least, timeOf(plan.run, plan.calls) / plan.calls);
  return plans.map(({ least }) => least / 1e3);
}

/** What was computed last; kept, so that no compiler may leave the work out. */
let sink: unknown;

/** Milliseconds for a number of calls. */
function timeOf(run: () => unknown, calls: number): number {
  const start = performance.now();
  for (let k = 0; k < calls; k++) sink = run();
  const time = performance.now() - start;
  if (sink === timeOf) throw new Error("internal: a measured function returned the clock");
  return time;
}

/** Runs for a while, until compilers have had their time. */
function warmUp(run: () => unknown, milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) timeOf(run, 1);
}

/** How many calls make a batch. */
function callsInBatch(run: () => unknown): number {
  let calls = 1;
  for (;;) {
    const time = timeOf(run, calls);
    if (time >= batch || calls >= 1e7) return calls;
    calls = Math.ceil(calls * Math.min(10, Math.max(2, batch / Math.max(time, 1e-4))));
  }
}
