/** Servers that this project did not write, loaded through a whole run, with exact counts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import type { Measurement } from "./measurement.ts";
import { run } from "./run.ts";
import { parseSuite } from "./suite-file.ts";

/** Starts one of the programs in `foreign/`; it ends with the test. */
async function startProgram(name: string): Promise<{ readonly port: number; readonly pid: number }> {
  const file = fileURLToPath(new URL(`./foreign/${name}.ts`, import.meta.url));
  const program = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    if (program.exitCode !== null || program.signalCode !== null) return;
    program.kill("SIGKILL");
    await once(program, "exit");
  });
  const [line] = (await once(createInterface(program.stdout), "line")) as [string];
  return { port: Number(line), pid: program.pid! };
}

const SCENARIO = { subscribers: 24, rate: "200/s", payload: "128B", settle: "200ms", warmup: "200ms", duration: "1s", drain: "2s" };

/** Loads targets, as a suite holds them, once each. */
async function measure(targets: readonly object[], scenario: object = {}): Promise<readonly Measurement[]> {
  const suite = JSON.stringify({
    name: "foreign",
    servers: targets,
    scenarios: [{ name: "load", pattern: "broadcast", ...SCENARIO, ...scenario }],
  });
  const directory = await mkdtemp(join(tmpdir(), "pushbench-foreign-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const { measurements } = await run({
    suite: parseSuite(suite, "foreign.yaml", await loadCatalog()),
    directory,
    command: "test",
    signal: new AbortController().signal,
    onEvent() {},
  });
  return measurements;
}

/** Everything published came once, in order and undamaged, to all who listened. */
function expectExact({ status, failure, ledger, metrics, validity }: Measurement, subscribers: number): void {
  expect({ status, failure }).toEqual({ status: "complete", failure: undefined });
  const { published } = ledger.window;
  expect(published).toBe(200);
  const expected = published * subscribers;
  expect(ledger.window).toEqual({ published, expected, delivered: expected, lost: 0, duplicated: 0, reordered: 0, late: 0, corrupt: 0 });
  expect(Object.keys(metrics).filter((name) => name.startsWith("errors."))).toEqual([]);
  expect(validity.reasons.map(({ code }) => code)).toContain("counted_from_first_delivery");
}

test("better-sse, a library of server-sent events, with a header that holds a secret", async () => {
  const { port, pid } = await startProgram("better-sse");
  process.env["PUSHBENCH_TEST_TOKEN"] = "sesame";
  onTestFinished(() => void delete process.env["PUSHBENCH_TEST_TOKEN"]);
  const headers = { Authorization: "Bearer {env:PUSHBENCH_TEST_TOKEN}" };
  const [measurement] = await measure([
    {
      name: "better-sse",
      transport: "sse",
      url: `http://127.0.0.1:${port}/events?channel={topic}`,
      headers,
      publish: { url: `http://127.0.0.1:${port}/publish?channel={topic}`, headers, body: '{"text":"{message}"}' },
      pid,
    },
  ]);
  expectExact(measurement!, 24);
  expect(measurement!.metrics["server_cpu_us_per_delivery"]).toBeGreaterThan(0);
  expect(measurement!.metrics["server_fds_per_connection"]).toBe(1);
  expect(measurement!.metrics["server_fds_leaked"]).toBe(0);
  expect(JSON.stringify(measurement)).not.toContain("sesame");
});

test("socket.io, a library of WebSockets, with first frames and pings that are frames", async () => {
  const { port, pid } = await startProgram("socket-io");
  const target = {
    name: "socket.io",
    transport: "websocket",
    url: `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`,
    subscribe: ['40{"room":"{topic}"}'],
    answer: { "2": "3" },
    publish: { url: `http://127.0.0.1:${port}/?room={topic}`, headers: { "Content-Type": "text/plain" }, body: "{message}" },
    pid,
  };
  const [answering, silent] = await Promise.all([measure([target]), measure([{ ...target, answer: {} }])]);
  expectExact(answering[0]!, 24);
  // Whoever does not answer its pings is dropped, and the measurement shows it.
  expect(silent[0]!.metrics["errors.closed"]).toBe(24);
  expect(silent[0]!.ledger.window.lost).toBeGreaterThan(0);
});

test("Hono, a framework of several transports: an event stream, and lines of JSON, on several topics", async () => {
  const { port, pid } = await startProgram("hono");
  const base = `http://127.0.0.1:${port}/topics/{topic}`;
  const publish = { method: "PUT", url: base, headers: { "Content-Type": "application/json" }, body: '{"message":"{message}"}' };
  const measurements = await measure(
    [
      { name: "hono-sse", transport: "sse", url: `${base}/events`, publish, pid },
      { name: "hono-lines", transport: "http-stream", url: `${base}/lines`, publish: { ...publish, url: base }, pid },
    ],
    { pattern: "topics", topics: 4 },
  );
  // Six subscribers a topic.
  for (const measurement of measurements) expectExact(measurement, 6);
});
