/**
 * The thread that watches for SIGINT.
 *
 * What: waits inside a `vm` script with `breakOnSigint` (guard.ts says why), and is woken by the signals that come
 * while the cells' thread is not inside one: then what runs is interrupted; when nothing runs, nothing happens.
 */
import vm from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { type Shared, slot } from "../threads/shared.ts";

const { shared, parked } = workerData as { shared: Shared; parked: Int32Array<SharedArrayBuffer> };
const wait = new vm.Script("globalThis.park()");
Object.assign(globalThis, {
  park: () => {
    Atomics.store(parked, 0, 1);
    Atomics.notify(parked, 0);
    Atomics.wait(parked, 0, 1);
  },
});
parentPort?.postMessage("watching");
for (;;) {
  try {
    wait.runInThisContext({ breakOnSigint: true, displayErrors: false });
  } catch {
    const sent = Atomics.load(shared, slot.signalsSent);
    if (Atomics.exchange(shared, slot.signalsTaken, sent) !== sent) Atomics.notify(shared, slot.signalsTaken);
    else if (Atomics.load(shared, slot.running) > 0) {
      Atomics.add(shared, slot.interrupts, 1);
      parentPort?.postMessage("interrupted");
    }
  }
}
