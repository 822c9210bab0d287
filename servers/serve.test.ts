/** What the process promises whatever server it runs; the behaviours of each are in conformance.test.ts. */
import { once } from "node:events";
import { connect } from "node:net";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runServe, startServer, type ServerProcess } from "./conformance/server-process.ts";

describe("a wrong command says what is wrong in one line, exit 2:", () => {
  test.each([
    [["sse-nod"], 'unknown server "sse-nod": expected one of '],
    [[], "expected one server's name, got 0"],
    [["sse-node", "polling-node"], "expected one server's name, got 2"],
    [["sse-node", "--port", "70000"], 'bad --port "70000": expected a whole number from 0 to 65535'],
    [["sse-node", "--heartbeat-ms", "soon"], 'bad --heartbeat-ms "soon": expected a whole number from 0 to 2147483647'],
    [["sse-node", "--batch-ms", "1.5"], 'bad --batch-ms "1.5": expected a whole number from 0 to 2147483647'],
    [["sse-node", "--backpressure-bytes", "0"], 'bad --backpressure-bytes "0": expected a whole number from 1 to '],
    [["sse-node", "--tsl"], "Unknown option '--tsl'"],
  ])("%j", async (args, message) => {
    const { code, stderr } = await runServe(args);
    expect(code).toBe(2);
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

test("a host that is not of this machine is named, exit 5", async () => {
  const { code, stderr } = await runServe(["sse-node", "--host", "192.0.2.1", "--port", "8080"]);
  expect({ code, stderr }).toEqual({
    code: 5,
    stderr: "cannot listen on 192.0.2.1:8080: this machine has no such address; choose another with --host\n",
  });
});

describe("the ready line", () => {
  test("is all that is printed, and tells where it listens and what it stands on", async () => {
    const server = await startServer("websocket-ws");
    let more = "";
    server.child.stdout!.on("data", (chunk: Buffer) => (more += chunk.toString()));
    expect(server.ready).toEqual({
      pushbench: 1,
      name: "websocket-ws",
      transport: "websocket",
      pid: server.child.pid,
      host: "127.0.0.1",
      port: expect.any(Number) as number,
      controlHost: "127.0.0.1",
      controlPort: expect.any(Number) as number,
      tls: false,
      library: { name: "ws", version: expect.any(String) as string },
    });
    await server.stop();
    expect(more).toBe("");
  });

  test("keeps the control port on loopback when subscribers come from elsewhere", async () => {
    const server = await startServer("polling-node", ["--host", "0.0.0.0"]);
    expect(server.ready).toMatchObject({ host: "0.0.0.0", controlHost: "127.0.0.1" });
    const elsewhere = connect(server.ready.controlPort, "127.0.0.2");
    const [error] = (await once(elsewhere, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
    await server.stop();
  });

  test("carries the certificate that clients must trust", async () => {
    const server = await startServer("polling-node", ["--tls"]);
    expect(server.ready.ca).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(server.ready.ca).not.toContain("PRIVATE");
    await server.stop();
  });
});

describe("it stops with exit 0", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("on %s, though the signal comes twice", async (signal) => {
    const server = await startServer("sse-node");
    server.child.kill(signal);
    expect(await server.stop(signal)).toMatchObject({ code: 0, stderr: "" });
  });

  test("when the channel to its parent is cut", async () => {
    const server = await startServer("sse-node");
    const ending = once(server.child, "exit");
    server.child.disconnect();
    expect(await ending).toEqual([0, null]);
  });
});

describe("the control port", () => {
  let server: ServerProcess;
  const dispatcher = new Agent();
  beforeAll(async () => {
    server = await startServer("polling-node");
  });
  afterAll(async () => {
    await dispatcher.destroy();
    await server.stop();
  });
  const ask = (path: string, method: string) => fetch(`http://127.0.0.1:${server.ready.controlPort}${path}`, { method, dispatcher });

  test("answers that it is well", async () => {
    expect(await (await ask("/healthz", "GET")).json()).toEqual({ status: "ok" });
  });

  test("tells its figures: loop time adds up to the time that passed, collections are counted", async () => {
    const before = await server.stats();
    expect((await ask("/gc", "POST")).status).toBe(200);
    const collected = await expectStats((stats) => stats.gcCount >= before.gcCount + 2);
    expect(collected.gcMs).toBeGreaterThan(before.gcMs);
    expect(collected.heapUsedBytes).toBeGreaterThan(1024 * 1024);
    expect(collected.externalBytes).toBeGreaterThan(0);
    expect(collected.loopActiveMs).toBeGreaterThan(before.loopActiveMs);
    expect(collected.loopIdleMs).toBeGreaterThan(before.loopIdleMs);
    expect(collected.loopDelayMs.max).toBeGreaterThanOrEqual(collected.loopDelayMs.p99);
    expect(collected.loopDelayMs.p99).toBeGreaterThanOrEqual(collected.loopDelayMs.p50);
  });

  async function expectStats(holds: (stats: Awaited<ReturnType<ServerProcess["stats"]>>) => boolean) {
    for (;;) {
      const stats = await server.stats();
      if (holds(stats)) return stats;
    }
  }

  test.each([
    ["/nowhere", "GET", 404],
    ["/__proto__", "GET", 404],
    ["/stats", "POST", 405],
    ["/publish", "GET", 405],
    ["/gc", "GET", 405],
  ])("refuses %s by %s", async (path, method, status) => {
    const response = await ask(path, method);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) as string });
  });

  test("a publisher that is cut in the middle of a line loses that line only", async () => {
    const before = await server.stats();
    const socket = connect(server.ready.controlPort, "127.0.0.1");
    socket.write("POST /publish HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n8\r\nt\tone\nt\t\r\n");
    await expectStats((stats) => stats.published === before.published + 1);
    socket.destroy();
    await server.publish("t", "two");
    expect((await server.stats()).published).toBe(before.published + 2);
  });
});
