import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ServerStats } from "../../servers/contract.ts";
import { nowNs } from "../clock.ts";
import { createSampler } from "./sampler.ts";
import type { Sampler, SamplerOptions } from "./sampler.ts";

const STATS: ServerStats = {
  connections: 10,
  subscriptions: 9,
  published: 8,
  delivered: 7,
  droppedForBackpressure: 6,
  heapUsedBytes: 5,
  externalBytes: 4,
  loopActiveMs: 3,
  loopIdleMs: 2,
  loopDelayMs: { p50: 1, p99: 20, max: 30 },
  gcCount: 1,
  gcMs: 0.5,
};

interface ControlPort {
  readonly host: string;
  readonly port: number;
  readonly server: Server;
  /** Connections ever made to it. */
  connections(): number;
}

async function controlPort(answer: (response: ServerResponse) => void): Promise<ControlPort> {
  let connections = 0;
  const server = createServer((request, response) => {
    if (request.url === "/stats") answer(response);
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, server, connections: () => connections };
}

const says =
  (stats: unknown) =>
  (response: ServerResponse): void =>
    void response.end(JSON.stringify(stats));

function sampler(options: Partial<SamplerOptions>): Sampler {
  const made = createSampler({ pids: [process.pid], withChildren: false, control: [], intervalMs: 1000, nowNs, ...options });
  onTestFinished(async () => void (await made.stop()));
  return made;
}

describe("sampler", () => {
  it("takes one sample at once and one every interval, and a late one does not delay the next", async () => {
    const running = sampler({ intervalMs: 400 });
    running.start();
    expect(running.samples).toHaveLength(1);
    block(700);
    await vi.waitUntil(() => running.samples.length >= 3);
    const [first, late, next] = running.samples.map(({ atNs }) => atNs / 1e6) as [number, number, number];
    expect(late - first).toBeGreaterThanOrEqual(700);
    // Due 100 ms later; 400 were it delayed by the late one.
    expect(next - late).toBeLessThan(350);
    expect(running.taken).toBe(running.samples.length);
  });

  it("skips what it could not take in time, and counts it", async () => {
    const running = sampler({ intervalMs: 20 });
    running.start();
    block(110);
    await vi.waitUntil(() => running.taken >= 2, { interval: 1 });
    await running.stop();
    expect(running.due - running.taken).toBeGreaterThanOrEqual(4);
    const { due } = running;
    block(40);
    expect(running.due).toBe(due);
  });

  it("is due at the moment it is told and every interval after it, and counts what was due before", async () => {
    const running = sampler({ intervalMs: 100 });
    running.start();
    const fromNs = nowNs() + 30e6;
    running.align(fromNs);
    await vi.waitUntil(() => running.samples.length >= 4, { interval: 1 });
    const [first, ...aligned] = running.samples.map(({ atNs }) => (atNs - fromNs) / 1e6) as [number, ...number[]];
    expect(first).toBeLessThan(-29);
    for (const [i, ms] of aligned.entries()) {
      // A timer may come a little early.
      expect(ms).toBeGreaterThanOrEqual(i * 100 - 5);
      expect(ms).toBeLessThan(i * 100 + 60);
    }
    expect([running.due, running.taken]).toEqual([4, 4]);
  });

  it("sums what several servers say, and takes the worst delay", async () => {
    const first = await controlPort(says(STATS));
    const second = await controlPort(says({ ...STATS, connections: 100, loopDelayMs: { p50: 2, p99: 3, max: 40 } }));
    const { stats } = await sampler({ control: [first, second] }).take();
    expect(stats).toEqual({
      connections: 110,
      subscriptions: 18,
      published: 16,
      delivered: 14,
      droppedForBackpressure: 12,
      heapUsedBytes: 10,
      externalBytes: 8,
      loopActiveMs: 6,
      loopIdleMs: 4,
      loopDelayMs: { p50: 2, p99: 20, max: 40 },
      gcCount: 2,
      gcMs: 1,
    });
  });

  it("sums several processes, and has no sum once one of them has ended", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "inherit"] });
    const both = sampler({ pids: [process.pid, child.pid!] });
    const { server: alone } = await sampler({}).take();
    const { server } = await both.take();
    child.stdin.end();
    await once(child, "exit");
    expect(server!.threads).toBeGreaterThan(alone!.threads);
    expect((await both.take()).server).toBeUndefined();
  });

  it("has neither of a target that is not of this machine", async () => {
    const sample = await sampler({ pids: [] }).take();
    expect(sample).not.toHaveProperty("server");
    expect(sample).not.toHaveProperty("stats");
    expect(sample.host.busyNs).toBeGreaterThan(0);
  });

  it("asks over one connection, which it ends when stopped", async () => {
    const control = await controlPort(says(STATS));
    const running = sampler({ control: [control] });
    for (let i = 0; i < 3; i++) await running.take();
    await Promise.all([running.take(), running.take()]);
    expect(control.connections()).toBe(1);
    await running.stop();
    await vi.waitUntil(async () => (await openConnections(control.server)) === 0);
  });

  it.each([
    ["a refusal", (response: ServerResponse): void => void response.writeHead(404).end("{}")],
    ["no JSON", (response: ServerResponse): void => void response.end("<html>")],
    ["JSON that is not whole", says({ ...STATS, gcMs: "1" })],
    ["null", says(null)],
    ["no end", (response: ServerResponse): void => void response.write("x".repeat(1 << 20))],
    ["a broken connection", (response: ServerResponse): void => void response.socket!.destroy()],
  ])("takes %s for no answer", async (_, answer) => {
    const control = await controlPort(answer);
    expect(await sampler({ control: [control] }).take()).not.toHaveProperty("stats");
  });

  it("takes a control port that is closed for no answer", async () => {
    const control = await controlPort(says(STATS));
    control.server.close();
    await once(control.server, "close");
    onTestFinished(() => void control.server.listen(0));
    expect(await sampler({ control: [{ host: control.host, port: control.port }] }).take()).not.toHaveProperty("stats");
  });

  it("goes on sampling /proc while a control port is stalled, and gives up on that after a second", async () => {
    const stalled = await controlPort(() => {});
    const running = sampler({ control: [stalled], intervalMs: 20 });
    running.start();
    const startedAt = performance.now();
    let waiting = true;
    const taken = running.take().finally(() => (waiting = false));
    await vi.waitUntil(() => running.taken >= 10, { timeout: 900 });
    expect(waiting).toBe(true);
    expect(running.samples.every(({ server }) => server !== undefined)).toBe(true);
    const sample = await taken;
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(sample.server!.cpuNs).toBeGreaterThan(0);
    expect(sample).not.toHaveProperty("stats");
  });

  it("stops more than once, and takes no sample after that", async () => {
    const [stopped, running] = [sampler({ intervalMs: 5 }), sampler({ intervalMs: 5 })];
    stopped.start();
    running.start();
    const [first, second] = await Promise.all([stopped.stop(), stopped.stop()]);
    expect(second).toBe(first);
    const count = first.length;
    const others = running.taken;
    await vi.waitUntil(() => running.taken >= others + 5);
    expect(first).toHaveLength(count);
  });
});

/** Holds up this thread, as a garbage collection would. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function openConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));
}

it.runIf(process.platform === "linux")("counts what a process has started only where that is of the target too", async () => {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  await once(child, "spawn");
  const alone = await sampler({}).take();
  const together = await sampler({ withChildren: true }).take();
  expect(together.server!.threads - alone.server!.threads).toBe(1);
});
