import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { machineFixture } from "./machine-fixture.ts";
import { asleep, startObedient } from "./obedient-process.ts";
import { createProcessReader } from "./process.ts";
import type { ProcessFigures } from "./process.ts";

/** Carries out an order between two looks. */
async function startChild() {
  const { process: child, pid, tell } = await startObedient();
  const { read } = createProcessReader(pid);
  const look = async (): Promise<ProcessFigures> => {
    await asleep(pid);
    const figures = read();
    if (figures === undefined) throw new Error(`process ${pid} has ended`);
    return figures;
  };
  return {
    process: child,
    pid,
    async do(order: string, argument: unknown) {
      const before = await look();
      const { usedMs } = await tell(order, argument);
      return { usedMs, before, after: await look() };
    },
  };
}

describe.runIf(process.platform === "linux")("a process seen from outside", () => {
  it.each(["burn", "burnInThread"])("shows 500 ms of CPU time as what the process says it took, within 2 percent: %s", async (order) => {
    const child = await startChild();
    const { usedMs, before, after } = await child.do(order, 500);
    const seenMs = (after.cpuNs - before.cpuNs) / 1e6;
    expect(usedMs).toBeGreaterThanOrEqual(500);
    expect(Math.abs(seenMs / usedMs - 1)).toBeLessThan(0.02);
  });

  it("counts every file and every socket, and no more", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const child = await startChild();
    const files = await child.do("openFiles", 123);
    const sockets = await child.do("openSockets", [45, (server.address() as AddressInfo).port]);
    expect(files.after.fds! - files.before.fds!).toBe(123);
    expect(sockets.after.fds! - sockets.before.fds!).toBe(45);
    expect(sockets.after.fds).toBe(readdirSync(`/proc/${child.pid}/fd`).length);
  });

  it("shows 64 MiB of touched memory in USS, PSS and RSS, within 5 %", async () => {
    const child = await startChild();
    const { before, after } = await child.do("allocate", 64 * 1024 * 1024);
    for (const field of ["ussBytes", "pssBytes", "rssBytes"] as const) {
      expect(Math.abs((after[field]! - before[field]!) / (64 * 1024 * 1024) - 1), field).toBeLessThan(0.05);
    }
  });

  it("counts threads and the time they waited for a core", async () => {
    const { before } = await (await startChild()).do("openFiles", 0);
    expect(before.threads).toBeGreaterThan(1);
    expect(before.runqWaitNs).toBeGreaterThanOrEqual(0);
  });

  it("is undefined once the process has ended", async () => {
    const child = await startChild();
    const reader = createProcessReader(child.pid);
    expect(reader.read()).toBeDefined();
    child.process.kill("SIGKILL");
    await once(child.process, "exit");
    expect(reader.read()).toBeUndefined();
  });
});

describe("a process on another machine", () => {
  const stat = (state: string, startedAt: number): string =>
    `7 (a ) S 9 (b) ${state} 1 7 7 0 -1 4194304 0 0 0 0 150 50 0 0 20 0 3 0 ${startedAt} 1000 500 18446744073709551615`;

  it("has ticks, RSS and no more where the kernel keeps no schedstat, no smaps_rollup and no descriptors to see", () => {
    const root = machineFixture({
      "proc/7/stat": stat("S", 42),
      "proc/7/status": "Name:\ta ) S 9 (b\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n",
      "proc/7/task/7/schedstat": "0 0 0\n",
    });
    expect(createProcessReader(7, root).read()).toEqual({ cpuNs: 2e9, rssBytes: 1024 * 1024, threads: 3 });
  });

  it("has ended when another process has its number", () => {
    const root = machineFixture({ "proc/7/stat": stat("S", 42) });
    const reader = createProcessReader(7, root);
    expect(reader.read()).toBeDefined();
    writeFileSync(join(root, "proc/7/stat"), stat("S", 43));
    expect(reader.read()).toBeUndefined();
  });

  it("has ended when only its parent has not noticed", () => {
    const root = machineFixture({ "proc/7/stat": stat("Z", 42).replace(" 20 0 3 0 ", " 20 0 1 0 ") });
    expect(createProcessReader(7, root).read()).toBeUndefined();
  });

  it("is undefined without /proc", () => {
    expect(createProcessReader(7, machineFixture({})).read()).toBeUndefined();
  });
});
