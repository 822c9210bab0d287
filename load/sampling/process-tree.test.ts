import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { machineFixture } from "./machine-fixture.ts";
import { asleep, startObedient } from "./obedient-process.ts";
import { createTreeReader } from "./process-tree.ts";
import type { ProcessFigures } from "./process.ts";

/** A process that has started another one, and a reader of both. */
async function startTree() {
  const parent = await startObedient();
  const { read } = createTreeReader([parent.pid]);
  const startChild = async (): Promise<number> => (await parent.tell("startChild")).result as number;
  const child = await startChild();
  const look = async (...pids: readonly number[]): Promise<ProcessFigures> => {
    for (const pid of [parent.pid, ...pids]) await asleep(pid);
    return read()!;
  };
  /** Lets the child carry out an order; gives the CPU time it took the child, ms. */
  const tellChild = async (order: string, argument: unknown): Promise<number> =>
    (await parent.tell("tellChild", { order, argument })).result as number;
  return { parent, child, startChild, look, tellChild };
}

const cpuMs = (before: ProcessFigures, after: ProcessFigures): number => (after.cpuNs - before.cpuNs) / 1e6;

describe.runIf(process.platform === "linux")("a process and what it started", () => {
  it("shows 500 ms of CPU time burnt in a child, within 2 percent", async () => {
    const { child, look, tellChild } = await startTree();
    const before = await look(child);
    const usedMs = await tellChild("burn", 500);
    const seenMs = cpuMs(before, await look(child));
    expect(usedMs).toBeGreaterThanOrEqual(500);
    // The parent takes a little to pass the order on.
    expect(Math.abs(seenMs / usedMs - 1)).toBeLessThan(0.02);
  });

  it("counts every socket that a child holds, and its memory", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { child, look, tellChild } = await startTree();
    const before = await look(child);
    await tellChild("openSockets", [45, (server.address() as AddressInfo).port]);
    expect((await look(child)).fds! - before.fds!).toBe(45);
    await tellChild("allocate", 64 * 1024 * 1024);
    expect(((await look(child)).ussBytes! - before.ussBytes!) / (64 * 1024 * 1024)).toBeCloseTo(1, 1);
  });

  it("keeps the CPU time of children that have ended, and finds that of one it never saw", async () => {
    const { parent, child, startChild, look, tellChild } = await startTree();
    const before = await look(child);
    let usedMs = await tellChild("burn", 200);
    const burnt = await look(child);
    // What it burns now nobody looks at before it ends.
    usedMs += await tellChild("burn", 200);
    await parent.tell("endChild");
    const ended = await look();
    expect(ended.cpuNs).toBeGreaterThanOrEqual(burnt.cpuNs);
    expect(ended.fds!).toBeLessThan(burnt.fds!);
    await startChild();
    usedMs += await tellChild("burn", 200);
    await parent.tell("endChild");
    const after = await look();
    // Starting the second child costs some, in parent and child alike.
    expect(cpuMs(before, after)).toBeGreaterThan(usedMs - 30);
    expect(cpuMs(before, after)).toBeLessThan(usedMs + 200);
  });

  it("is undefined once the first of them has ended", async () => {
    const { read } = createTreeReader([0x7fff_fff0]);
    expect(read()).toBeUndefined();
  });
});

describe("processes on another machine", () => {
  const stat = (pid: number, parent: number, ticks: number, waitedFor = 0): string =>
    `${pid} (x) S ${parent} 7 7 0 -1 4194304 0 0 0 0 ${ticks} 0 ${waitedFor} 0 20 0 1 0 42 1000 500 18446744073709551615`;

  it("belong together however deep they lie, and stay so when the one between has ended", () => {
    const root = machineFixture({
      "proc/7/stat": stat(7, 1, 100),
      "proc/8/stat": stat(8, 7, 200),
      "proc/9/stat": stat(9, 8, 300),
      "proc/6/stat": stat(6, 1, 5000),
    });
    const { read } = createTreeReader([7], root);
    expect(read()).toMatchObject({ cpuNs: 6e9, threads: 3 });
    rmSync(join(root, "proc/8"), { recursive: true });
    writeFileSync(join(root, "proc/9/stat"), stat(9, 1, 350));
    writeFileSync(join(root, "proc/7/stat"), stat(7, 1, 100, 200));
    expect(read()).toMatchObject({ cpuNs: 6.5e9, threads: 2 });
    rmSync(join(root, "proc/7"), { recursive: true });
    expect(read()).toBeUndefined();
  });

  it("count once, also where one was named together with what it started; and not at all once one of those named has ended", () => {
    const root = machineFixture({ "proc/7/stat": stat(7, 1, 100), "proc/8/stat": stat(8, 7, 200), "proc/5/stat": stat(5, 1, 1000) });
    const { read } = createTreeReader([8, 7, 5], root);
    expect(read()).toMatchObject({ cpuNs: 13e9, threads: 3 });
    rmSync(join(root, "proc/5"), { recursive: true });
    expect(read()).toBeUndefined();
  });
});
