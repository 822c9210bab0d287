/** Echo trials as they run: a server, its subscribers in their processes, and every message accounted for. */
import { afterEach, expect, test, vi } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import { nowNs } from "./clock.ts";
import { decodeHistogram } from "./hdr.ts";
import type { Measurement } from "./measurement.ts";
import { parseSuite } from "./suite-file.ts";
import type { RunningTarget, Scenario } from "./suite.ts";
import { startTarget } from "./target.ts";
import type { Target } from "./target.ts";
import { runTrial } from "./trial.ts";

// A trial takes three seconds on a quiet machine.
vi.setConfig({ testTimeout: 30_000 });

const CATALOG = await loadCatalog();
const targets: Target[] = [];
afterEach(() => Promise.all(targets.splice(0).map((target) => target.stop())));

function echo(fields = ""): Scenario {
  const workload = "subscribers: 20, rate: 100/s, settle: 50ms, warmup: 200ms, duration: 1s, drain: 3s, pollInterval: 50ms";
  const text = `name: s\nservers: all\nscenarios: [{ name: echo, pattern: echo, ${workload}${fields} }]`;
  return parseSuite(text, "s.yaml", CATALOG).scenarios[0]!;
}

function trial(server: string | RunningTarget, transport: string, scenario: Scenario, onMeasure = (): void => {}): Promise<Measurement> {
  return runTrial(
    { index: 1, repetition: 1, server, transport, scenario, seed: 1 },
    {
      signal: new AbortController().signal,
      onPhase: (phase) => (phase === "measure" ? onMeasure() : undefined),
      onSecond() {},
    },
  );
}

const AVAILABLE = ["websocket-ws", "websocket-http2-node", "sse-node", "stream-http2-node", "long-polling-node", "polling-uws"].flatMap(
  (name) => CATALOG.flatMap((entry) => (entry.available && entry.name === name ? entry : [])),
);

test.concurrent.each(AVAILABLE)("on $name every message that is due comes back to whoever sent it, once", async ({ name, transport }) => {
  const measurement = await trial(name, transport, echo());
  expect(measurement).toMatchObject({
    status: "complete",
    ledger: {
      whole: { published: 120, expected: 120, delivered: 120, lost: 0, duplicated: 0, reordered: 0, late: 0, corrupt: 0 },
      window: { published: 100, expected: 100, delivered: 100 },
    },
    metrics: { publish_achieved: 1, server_fds_leaked: 0 },
  });
  const { generator, seconds, metrics, histograms } = measurement;
  expect(histograms["publish_lag"]!.count).toBe(100);
  // The subscribers are their own publishers.
  expect(generator.map(({ role, subscribers }) => [role, subscribers])).toEqual([
    ["probes", 16],
    ["subscribers", 4],
  ]);
  expect(seconds.reduce((sum, { published }) => sum + published, 0)).toBe(120);
  expect(Object.keys(metrics).filter((metric) => metric.startsWith("errors."))).toEqual([]);
  if (name.startsWith("websocket")) expect(metrics).toMatchObject({ requests_per_delivery: 0 });
  else expect(metrics["requests_per_delivery"]).toBeGreaterThanOrEqual(0.9);
});

test.concurrent.each(AVAILABLE.filter(({ name }) => name.startsWith("websocket")))(
  "the reference client on $name has every message back as well",
  async ({ name, transport }) => {
    const measurement = await trial(name, transport, { ...echo(), client: "reference" });
    expect(measurement.ledger.whole).toMatchObject({
      published: 120,
      expected: 120,
      delivered: 120,
      duplicated: 0,
      reordered: 0,
      corrupt: 0,
    });
    expect(measurement.metrics).toMatchObject({ publish_achieved: 1, server_fds_leaked: 0 });
  },
);

test.concurrent("over TLS, in bursts, on two instances, everything comes back as well", async () => {
  const measurement = await trial("sse-node", "sse", echo(", tls: true, instances: 2, arrivals: burst, burst: 10"));
  expect(measurement.ledger.whole).toMatchObject({ published: 120, expected: 120, delivered: 120, reordered: 0 });
  expect(measurement.metrics).toMatchObject({ publish_achieved: 1 });
});

test("a server that stands still is charged for every message that was due meanwhile", async () => {
  const target = await startTarget("websocket-ws", echo(), () => {}, new AbortController().signal);
  targets.push(target);
  const { host, port } = target.addresses[0]!;
  const [control] = target.controls;
  const running = {
    name: "mine",
    transport: "websocket",
    url: `http://${host}:${port}`,
    control: `http://${control!.host}:${control!.port}`,
  };
  let heldMs = 0;
  async function hold(): Promise<void> {
    const [pid] = target.pids;
    process.kill(pid!, "SIGSTOP");
    const from = nowNs();
    while (nowNs() < from + 200e6) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(pid!, "SIGCONT");
    heldMs = (nowNs() - from) / 1e6;
  }
  let holding: Promise<void> | undefined;
  const measurement = await trial(running, "websocket", { ...echo(), durationMs: 2000 }, () => {
    holding = hold();
  });
  await holding;
  expect(measurement.ledger.window).toMatchObject({ published: 200, expected: 200, delivered: 200 });
  // 100 a second: of those that were due while it stood, the first waited all of it, and half of them half of it.
  const population = decodeHistogram(measurement.histograms["population"]!);
  expect(population.count).toBe(200);
  expect(population.quantile(1)! / 1e6).toBeGreaterThanOrEqual(heldMs - 15);
  const waitedHalf = heldMs / 10 / 2 - 1;
  expect(population.quantile(1 - waitedHalf / 200)! / 1e6).toBeGreaterThanOrEqual(heldMs / 2 - 15);
});
