"""Random cells, interrupts and restarts through jupyter_client, for a time.

Run by `npm run bench kernel-soak` (test/bench/kernel-soak.ts), which writes the kernelspec. Each cell's reply, result
and output are compared with what they must be; after an interrupt the state must stay and no child process remain.
Whatever is wrong is printed with the seed's step and makes the exit code 1.
"""
import argparse
import os
import queue
import random
import signal
import time

from jupyter_client.manager import KernelManager

SPIN = [
    "{begun}; while (true) {{}}",
    "{begun}; await new Promise(() => {{}})",
    "{begun}; for (;;) await null",
    "for (;;) console.log('begun'.repeat(9))",
    "await null; {begun}; spin()",
    "await (async () => {{ await null; {begun}; spin() }})()",
    "setTimeout(() => {{ {begun}; spin() }}, 3); await new Promise(() => {{}})",
    "await Promise.resolve().then(() => {{ {begun}; spin() }})",
    "{begun}; execSync('sleep 61')",
    "{begun}; for (;;) spawnSync('sleep', ['61'], {{ stdio: 'inherit' }})",
    "async function* g() {{ yield* h() }} async function* h() {{ for (;;) yield 1 }} {begun}; for await (const x of g()) x",
    "{begun}; await import('./spinning.ts?{step}'.replace(/[?].*/, ''))",
    "{begun}; grad((x: number) => {{ let s = x; for (let k = 0; k < 1e9; k++) s = Math.sin(s); return s }})(1)",
    "while (true) {{ try {{ {begun}; await new Promise(() => {{}}) }} catch {{}} }}",
    "({{ [Symbol.for('Jupyter.display')]() {{ {begun}; spin() }} }})",
]
PREAMBLE = (
    "import { execSync, spawnSync } from 'node:child_process'; import { grad } from 'wengert'; "
    "const spin = (): void => { while (true) {} }; let kept = 0;"
)


class Wrong(Exception):
    pass


class Soak:
    def __init__(self, seed, patience):
        self.random = random.Random(seed)
        self.patience = patience
        self.counts = {}
        self.slowest = {"interrupt": 0.0, "cell": 0.0, "start": 0.0}
        self.late = 0
        self.memory = []
        self.log = []
        self.step = 0
        self.start()

    # the kernel and its messages

    def start(self):
        begun = time.time()
        self.manager = KernelManager(kernel_name="wengert")
        self.manager.start_kernel(stderr=open("kernel-stderr.txt", "ab"))
        self.connect()
        self.slowest["start"] = max(self.slowest["start"], time.time() - begun)

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=self.patience)
        self.published = {}
        self.replies = {}
        self.values = {}
        self.kept = 0
        self.cells = 0
        self.result(PREAMBLE, None)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def pid(self):
        return self.manager.provisioner.pid

    def read(self, wait=0.05):
        """Takes what has come, on iopub and shell."""
        for get, table in ((self.client.get_iopub_msg, self.published), (self.client.get_shell_msg, self.replies)):
            try:
                message = get(timeout=wait)
                while True:
                    table.setdefault(message["parent_header"].get("msg_id"), []).append(message)
                    message = get(timeout=0)
            except queue.Empty:
                pass
            wait = 0

    def until(self, condition, what, patience=None):
        end = time.time() + (patience or self.patience)
        while not condition():
            if time.time() > end:
                raise Wrong(f"lost: {what}")
            if not self.manager.is_alive():
                raise Wrong("the kernel has died")
            self.read()

    def outputs(self, sent, kind):
        return [m["content"] for m in self.published.get(sent, []) if m["msg_type"] == kind]

    def text(self, sent, name="stdout"):
        return "".join(c["text"] for c in self.outputs(sent, "stream") if c["name"] == name)

    def send(self, code, **options):
        self.cells += 1
        self.log.append(code)
        return self.client.execute(code, allow_stdin=False, **options)

    def settled(self, sent, what="a reply", patience=None):
        """The reply, when the request is answered and idle."""
        idle = lambda: any(c["execution_state"] == "idle" for c in self.outputs(sent, "status"))
        self.until(lambda: sent in self.replies and idle(), what, patience)
        replies = self.replies.pop(sent)
        if len(replies) != 1:
            raise Wrong(f"{len(replies)} replies to one request")
        return replies[0]["content"]

    def run(self, code, **options):
        begun = time.time()
        sent = self.send(code, **options)
        reply = self.settled(sent)
        self.slowest["cell"] = max(self.slowest["cell"], time.time() - begun)
        return sent, reply

    def equal(self, got, wanted, what):
        if got != wanted:
            raise Wrong(f"{what}: {got!r}, not {wanted!r}")

    def result(self, code, wanted):
        """Runs a cell that must give a value."""
        sent, reply = self.run(code)
        self.equal(reply["status"], "ok", f"{code}: {reply.get('evalue')}")
        got = [c["data"]["text/plain"] for c in self.outputs(sent, "execute_result")]
        self.equal(got, [] if wanted is None else [wanted], code)
        return sent

    # what a step may be; each leaves the session as it must be

    def arithmetic(self):
        a, b = self.random.randrange(10**6), self.random.randrange(1, 10**4)
        self.result(f"{a} * {b} + {a % b}", str(a * b + a % b))

    def declare(self):
        name, value = f"v{self.random.randrange(60)}", self.random.randrange(1000)
        kind = self.random.randrange(3)
        if kind == 0:
            self.result(f"let {name} = {value}", None)
        elif kind == 1:
            self.result(f"function {name}f(x: number) {{ return x * {value} }} const {name} = {name}f(1)", None)
        else:
            self.result(f"class {name}C {{ at = {value} }} const {{ at: {name} }} = new {name}C()", None)
        self.values[name] = value

    def use(self):
        if not self.values:
            return self.declare()
        names = self.random.choices(sorted(self.values), k=3)
        self.result(" + ".join(names), str(sum(self.values[name] for name in names)))

    def write(self):
        count = self.random.choice([1, 3, 200, 2000])
        sent = self.result(f"for (let k = 0; k < {count}; k++) console.log(k, 'line')", None)
        self.equal(self.text(sent), "".join(f"{k} line\n" for k in range(count)), "output")

    def fail(self):
        code, name = self.random.choice(
            [
                ("throw new RangeError('on purpose')", "RangeError"),
                ("kept.nothing", "TypeScriptError"),
                ("const = 3", "SyntaxError"),
                ("await Promise.reject(new Error('late'))", "Error"),
                ("(function f(): number { return 1 + f() })()", "RangeError"),
            ]
        )
        _, reply = self.run(code)
        self.equal((reply["status"], reply.get("ename")), ("error", name), code)

    def wait(self):
        n = self.random.randrange(1, 30)
        self.result(f"await new Promise((done) => setTimeout(done, {n}, {n}))", str(n))

    def later(self):
        mark = f"late {self.step}"
        sent = self.result(f"setTimeout(() => console.log('{mark}'), 20); 0", "0")
        self.result("1", "1")
        self.until(lambda: mark in self.text(sent), "late output in its own cell")

    def derive(self):
        a, x = self.random.randrange(1, 50), self.random.randrange(1, 50)
        self.result(f"grad((x: number) => {a} * x * x)({x})", str(2 * a * x))

    def complete(self):
        self.result(f"const object{self.step % 9} = {{ some{self.step}: 1 }}", None)
        code = f"object{self.step % 9}.so"
        sent = self.client.complete(code)
        self.until(lambda: sent in self.replies, "a completion")
        self.equal(self.replies.pop(sent)[0]["content"]["matches"], [f"some{self.step}"], code)

    def edit(self):
        with open("helper.ts", "w") as file:
            file.write(f"export const helped = (x: number): number => x + {self.step};\n")
        self.result("import { helped } from './helper'; helped(1)", str(self.step + 1))

    def queue(self):
        """Several at once, also with an error or an interrupt among them."""
        count = self.random.randrange(2, 8)
        wrong = self.random.choice([None, self.random.randrange(count)])
        sent = [self.send("throw 1" if k == wrong else f"{k} + kept") for k in range(count)]
        stopped = self.random.random() < 0.3
        if stopped:
            self.interrupt()
        states = [self.settled(one, "a queued reply")["status"] for one in sent]
        if stopped:
            self.let_pass()
        if not stopped and wrong is None:
            self.equal(states, ["ok"] * count, "queued cells")
        if wrong is not None and not stopped:
            self.equal(states[: wrong + 1], ["ok"] * wrong + ["error"], "queued cells")
        self.result("kept", str(self.kept))

    def interrupt(self):
        if self.random.random() < 0.5:
            self.manager.interrupt_kernel()
        elif self.random.random() < 0.5:
            os.kill(self.pid(), signal.SIGINT)
        else:
            os.killpg(os.getpgid(self.pid()), signal.SIGINT)

    def let_pass(self):
        """An interrupt that was too late must have come before the next cell begins: it would be meant for that."""
        time.sleep(0.3)

    def stop_spinning(self):
        self.kept += 1
        code = self.random.choice(SPIN).format(begun="console.log('begun')", step=self.step)
        with open("spinning.ts", "w") as file:
            file.write(f"console.log('begun'); while (true); // {self.step}\n")
        sent = self.send(f"kept = {self.kept}; {code}")
        self.until(lambda: "begun" in self.text(sent), f"the beginning of {code}")
        time.sleep(self.random.random() * 0.1)
        begun = time.time()
        self.interrupt()
        reply = self.settled(sent, f"the end of {code}")
        took = time.time() - begun
        self.slowest["interrupt"] = max(self.slowest["interrupt"], took)
        self.late += took > 0.5
        self.equal((reply["status"], reply.get("ename")), ("error", "KeyboardInterrupt"), code)
        self.result("kept", str(self.kept))
        self.no_children()

    def stop_short(self):
        """An interrupt at any moment of a short cell stops it or comes too late, and hits nothing else."""
        sent = self.send(self.random.choice(["1", "kept + 1", "await null; 2", "console.log('x')"]))
        time.sleep(self.random.random() * 0.01)
        self.interrupt()
        reply = self.settled(sent, "the end of a short cell")
        if reply["status"] == "error":
            self.equal(reply["ename"], "KeyboardInterrupt", "a short cell")
        self.let_pass()
        self.result("kept", str(self.kept))

    def no_children(self):
        def children():
            with os.popen(f"ps -o args= --ppid {self.pid()}") as found:
                return [line.strip() for line in found if "sleep" in line]

        end = time.time() + 5
        while children():
            if time.time() > end:
                raise Wrong(f"late child processes: {children()}")
            time.sleep(0.05)

    def restart(self):
        self.remember()
        begun = time.time()
        if self.random.random() < 0.5:
            self.send(self.random.choice(["while (true) {}", "await new Promise(() => {})", "1"]))
        self.client.stop_channels()
        self.manager.restart_kernel(now=self.random.random() < 0.5)
        self.connect()
        self.slowest["start"] = max(self.slowest["start"], time.time() - begun)

    def remember(self):
        with open(f"/proc/{self.pid()}/status") as status:
            kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        self.memory.append((self.cells, kilobytes // 1024))
        return kilobytes // 1024

    ACTIONS = {
        arithmetic: 20, declare: 20, use: 20, write: 8, fail: 8, wait: 8, later: 4, derive: 6, complete: 8,
        edit: 2, queue: 6, stop_spinning: 24, stop_short: 8, restart: 0.3,
    }

    def next(self):
        self.step += 1
        actions = list(self.ACTIONS)
        action = self.random.choices(actions, [self.ACTIONS[a] for a in actions])[0]
        self.counts[action.__name__] = self.counts.get(action.__name__, 0) + 1
        action(self)
        self.log.clear()
        self.published.clear()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=60)
    given = parser.parse_args()
    soak = Soak(given.seed, given.patience)
    begun = told = time.time()
    faults = []
    while time.time() - begun < 60 * given.minutes:
        try:
            soak.next()
        except Exception as error:  # whatever it is, it is counted
            faults.append(f"step {soak.step}: {type(error).__name__}: {error}\n  cells: {soak.log[-4:]}")
            print(faults[-1], flush=True)
            soak.log.clear()
            soak.stop()
            soak.start()
        if time.time() - told > 60:
            told = time.time()
            minutes = (told - begun) / 60
            print(f"{minutes:.0f} min, {soak.step} steps, {soak.remember()} MB after {soak.cells} cells", flush=True)
    soak.remember()
    soak.stop()
    longest = sorted(soak.memory)[-5:]
    print(f"seed {given.seed}, {(time.time() - begun) / 60:.1f} min, {soak.step} steps: {soak.counts}")
    print(f"seconds at most: {({name: round(time, 2) for name, time in soak.slowest.items()})}, {soak.late} interrupts over 0.5")
    print(f"memory of the longest sessions, (cells, MB): {longest}; most {max(mb for _, mb in soak.memory)} MB")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
