/** For tests: a process that does what it is told, and says what CPU time that took by its own account. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** Its last argument is this text again, for the processes it starts. */
const SCRIPT = `
  const { once } = require("node:events");
  const held = [];
  let below;
  const usedMs = (from) => { const { user, system } = process.cpuUsage(from); return (user + system) / 1000; };
  const burn = (ms) => { const from = process.cpuUsage(); while (usedMs(from) < ms); };
  const orders = {
    burn,
    burnInThread: (ms) => new Promise((ended) =>
      new (require("node:worker_threads").Worker)("const usedMs = " + usedMs + ";(" + burn + ")(" + ms + ")", { eval: true }).on("exit", ended)),
    openFiles: (n) => { for (let i = 0; i < n; i++) held.push(require("node:fs").openSync("/dev/null", "r")); },
    openSockets: ([n, port]) => Promise.all(Array.from({ length: n }, () => new Promise((opened) =>
      held.push(require("node:net").connect(port, "127.0.0.1", opened))))),
    allocate: (bytes) => { held.push(Buffer.alloc(bytes, 1)); },
    startChild: async () => {
      below = require("node:child_process").spawn(process.execPath, ["-e", process.argv[1], process.argv[1]], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
      await once(below, "message");
      return below.pid;
    },
    tellChild: async (told) => { below.send(told); return (await once(below, "message"))[0].usedMs; },
    endChild: async () => { below.kill("SIGKILL"); await once(below, "exit"); },
  };
  process.on("message", async ({ order, argument }) => {
    const from = process.cpuUsage();
    const result = await orders[order](argument);
    process.send({ usedMs: usedMs(from), result });
  });
  process.send("ready");
`;

export interface ObedientProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  /** CPU time in ms that the order took this process, and what it gave. */
  tell(order: string, argument?: unknown): Promise<{ readonly usedMs: number; readonly result?: unknown }>;
}

/** Starts one that ends with the test. */
export async function startObedient(): Promise<ObedientProcess> {
  const child = spawn(process.execPath, ["-e", SCRIPT, SCRIPT], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  await once(child, "message");
  return {
    process: child,
    pid: child.pid!,
    async tell(order, argument) {
      const answered = once(child, "message") as Promise<[{ readonly usedMs: number; readonly result?: unknown }]>;
      child.send({ order, argument });
      return (await answered)[0];
    },
  };
}

/** Resolves when the process waits: the kernel brings a running thread's time up to date at its next tick only. */
export async function asleep(pid: number): Promise<void> {
  while (!/\) S /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) await turn();
}
