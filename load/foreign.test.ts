/** Servers that this project did not write, loaded through a whole run, with exact counts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import type { Measurement } from "./measurement.ts";
import { run } from "./run.ts";
import { parseSuite } from "./suite-file.ts";
import { startTarget } from "./target.ts";

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

const NGINX = "/usr/sbin/nginx";
const NCHAN = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const hasNchan = existsSync(NGINX) && existsSync(NCHAN);

/** Starts nginx with nchan, of two workers; it ends with the test. */
async function startNchan(): Promise<{ readonly port: number; readonly pid: number }> {
  const folder = await mkdtemp(join(tmpdir(), "pushbench-nchan-"));
  const port = await freePort();
  const configuration = join(folder, "nginx.conf");
  await writeFile(
    configuration,
    `load_module ${NCHAN};
    daemon off; worker_processes 2; error_log stderr crit; pid ${folder}/pid;
    events { worker_connections 512; }
    http {
      access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
      server {
        listen 127.0.0.1:${port};
        location ~ ^/publish/(.+)$ { nchan_publisher; nchan_channel_id $1; }
        location ~ ^/subscribe/(.+)$ { nchan_subscriber websocket eventsource; nchan_channel_id $1; }
        location ~ ^/stream/(.+)$ { nchan_subscriber http-raw-stream; nchan_channel_id $1; }
      }
    }`,
  );
  const nginx = spawn(NGINX, ["-c", configuration, "-p", folder, "-e", "stderr"], { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(async () => {
    nginx.kill("SIGTERM");
    await once(nginx, "exit");
    await rm(folder, { recursive: true });
  });
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`, { headers: { Connection: "close" } }), { timeout: 5000 });
  return { port, pid: nginx.pid! };
}

/** One that nobody listens on; nginx cannot choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Several trials of two seconds each, on whatever machine. */
const TIMEOUT_MS = 60_000;

const SCENARIO = { subscribers: 24, rate: "200/s", payload: "128B", settle: "200ms", warmup: "200ms", duration: "1s", drain: "2s" };

const BOTH_CLIENTS = { matrix: { client: ["lean", "reference"] } };

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

test("better-sse, a library of server-sent events, with a header that holds a secret", { timeout: TIMEOUT_MS }, async () => {
  const { port, pid } = await startProgram("better-sse");
  process.env["PUSHBENCH_TEST_TOKEN"] = "sesame";
  onTestFinished(() => void delete process.env["PUSHBENCH_TEST_TOKEN"]);
  const headers = { Authorization: "Bearer {env:PUSHBENCH_TEST_TOKEN}" };
  const target = {
    name: "better-sse",
    transport: "sse",
    url: `http://127.0.0.1:${port}/events?channel={topic}`,
    headers,
    publish: { url: `http://127.0.0.1:${port}/publish?channel={topic}`, headers, body: '{"text":"{message}"}' },
    pid,
  };
  const measurements = await measure([target], BOTH_CLIENTS);
  expect(measurements).toHaveLength(2);
  for (const measurement of measurements) {
    expectExact(measurement, 24);
    expect(measurement.metrics["server_cpu_us_per_delivery"]).toBeGreaterThan(0);
    expect(measurement.metrics["server_fds_per_connection"]).toBe(1);
    expect(measurement.metrics["server_fds_leaked"]).toBe(0);
    expect(JSON.stringify(measurement)).not.toContain("sesame");
  }
});

test("socket.io, a library of WebSockets, with first frames and pings that are frames", { timeout: TIMEOUT_MS }, async () => {
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
  for (const measurement of await measure([target], BOTH_CLIENTS)) expectExact(measurement, 24);
  // Whoever does not answer its pings is dropped, and the measurement shows it.
  const [silent] = await measure([{ ...target, answer: {} }]);
  expect(silent!.metrics["errors.closed"]).toBe(24);
  expect(silent!.ledger.window.lost).toBeGreaterThan(0);
});

test(
  "Hono, a framework of several transports: an event stream, and lines of JSON, on several topics",
  { timeout: TIMEOUT_MS },
  async () => {
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
  },
);

test("HTTP/2 and TLS, by our own servers as somebody would who knows nothing of the contract", { timeout: TIMEOUT_MS }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "pushbench-ca-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const start = async (server: string, transport: string, path: string): Promise<object> => {
    const { scenarios } = parseSuite("{ name: s, servers: all, scenarios: [{ name: a, tls: true }] }", "", []);
    const { addresses, controls, pids, stop } = await startTarget(server, scenarios[0]!, () => {}, new AbortController().signal);
    onTestFinished(async () => void (await stop()));
    const caFile = join(folder, `${server}.pem`);
    await writeFile(caFile, addresses[0]!.ca!);
    return {
      name: `any-${server}`,
      transport,
      url: `${transport.startsWith("websocket") ? "wss" : "https"}://127.0.0.1:${addresses[0]!.port}/${path}?topic={topic}`,
      caFile,
      publish: { url: `http://127.0.0.1:${controls[0]!.port}/publish`, body: "{topic}\t{message}\n" },
      pid: pids,
    };
  };
  const targets = [
    await start("sse-http2-node", "sse-http2", "events"),
    await start("stream-http2-node", "http-stream-http2", "stream"),
    await start("websocket-http2-node", "websocket-http2", "ws"),
  ];
  for (const measurement of await measure(targets)) expectExact(measurement, 24);
});

const without = hasNchan ? "" : " (nginx with nchan is not installed: apt-get install nginx libnginx-mod-nchan)";
test.skipIf(!hasNchan)(
  `nchan, a module of nginx that speaks three transports, with several processes${without}`,
  { timeout: TIMEOUT_MS },
  async () => {
    const { port, pid } = await startNchan();
    const publish = { url: `http://127.0.0.1:${port}/publish/{topic}`, body: "{message}" };
    const measurements = await measure(
      [
        { name: "nchan-sse", transport: "sse", url: `http://127.0.0.1:${port}/subscribe/{topic}`, publish, pid },
        { name: "nchan-websocket", transport: "websocket", url: `ws://127.0.0.1:${port}/subscribe/{topic}`, publish, pid },
        { name: "nchan-stream", transport: "http-stream", url: `http://127.0.0.1:${port}/stream/{topic}`, publish, pid },
      ],
      { pattern: "topics", topics: 3 },
    );
    for (const measurement of measurements) {
      expectExact(measurement, 8);
      // The workers hold them, not the process that was named.
      expect(measurement.metrics["server_fds_per_connection"]).toBe(1);
    }
  },
);
