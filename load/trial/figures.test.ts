import { expect, test } from "vitest";
import type { SubscriberResult, Usage } from "../assignment.ts";
import { figuresOf } from "./figures.ts";
import type { TrialFacts } from "./figures.ts";
import type { ShareResult } from "../fleet/local.ts";
import { createHistogram } from "../histogram.ts";
import type { LedgerCounts } from "../measurement.ts";

const USAGE: Usage = { elu: 0.25, loopDelayMs: { p50: 1, p99: 2, max: 3 }, cpuCores: 0.2, runqWaitMs: 5, rssBytes: 50e6 };
const sparse = (values: readonly number[]) => {
  const histogram = createHistogram();
  for (const ms of values) histogram.record(ms * 1e6);
  return histogram.toSparse();
};
const counts = (change: Partial<LedgerCounts> = {}): LedgerCounts => ({
  published: 0,
  expected: 100,
  delivered: 100,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  late: 0,
  corrupt: 0,
  ...change,
});

function share(role: ShareResult["role"], change: Partial<SubscriberResult>): ShareResult {
  const result: SubscriberResult = {
    window: counts(),
    whole: counts(),
    errors: {},
    silent: 0,
    held: 10,
    broken: 0,
    reconnects: 1,
    movedStreams: 3,
    histograms: { delivery: sparse([]), transit: sparse([]) },
    turnMs: { p50: 0.1, p99: 0.2, max: 0.3 },
    received: { elapsedMs: 5000, messages: 100, bytesDown: 15_000, bytesUp: 0, requests: 0 },
    phases: [],
    usage: USAGE,
    ...change,
  };
  return { role, pid: role === "probes" ? 11 : 12, subscribers: 10, result };
}

const FACTS: TrialFacts = {
  asksAgain: false,
  publisher: {
    topics: [],
    window: { intended: 12, published: 10 },
    whole: { intended: 15, published: 13 },
    phases: [],
    lag: sparse([0.1, 0.2]),
    unsent: 0,
    usage: USAGE,
  },
  publisherPid: 10,
  shares: [share("probes", {}), share("subscribers", {})],
  windowMs: 5000,
  connectMs: 100,
  subscribers: 20,
  server: { elapsedMs: 5010, cpuNs: 4e6, cpuCores: 0.4, elu: 0.3 },
  samples: [],
};

test("connections held are those that there are, whatever broke and came back before", () => {
  const { metrics } = figuresOf({
    ...FACTS,
    // A poller connects anew where a server closes what rests, and has lost nothing by it.
    shares: [share("probes", { held: 9, broken: 1, reconnects: 0 }), share("subscribers", { held: 10, broken: 3, reconnects: 22 })],
  });
  expect(metrics).toMatchObject({ connections_held: 19, connections_lost: 4, reconnects: 22 });
});

test("streams that moved are counted where connections are shared, and are no figure elsewhere", () => {
  expect(figuresOf({ ...FACTS, sharesConnections: true }).metrics["streams_moved"]).toBe(6);
  expect(figuresOf(FACTS).metrics).not.toHaveProperty("streams_moved");
});

test("idle CPU is that of the settle phase, a second and connection", () => {
  const { metrics } = figuresOf({ ...FACTS, settled: { elapsedMs: 5000, cpuNs: 50e6, cpuCores: 0.01 } });
  expect(metrics["server_idle_cpu_us_per_connection"]).toBe(500);
  expect(figuresOf(FACTS).metrics).not.toHaveProperty("server_idle_cpu_us_per_connection");
});

test("counts are sums over all processes, what is published is over the window", () => {
  const lossy = share("subscribers", {
    window: counts({ delivered: 97, lost: 3, duplicated: 2, late: 1 }),
    errors: { reset: 2, closed: 1 },
  });
  const { metrics, ledger } = figuresOf({ ...FACTS, shares: [share("probes", { errors: { reset: 1 } }), lossy] });
  expect(metrics).toMatchObject({
    messages_published: 10,
    messages_expected: 200,
    messages_delivered: 197,
    messages_lost: 3,
    messages_duplicated: 2,
    messages_late: 1,
    publish_rate: 2,
    publish_achieved: 10 / 12,
    connect_rate: 200,
    reconnects: 2,
    "errors.reset": 3,
    "errors.closed": 1,
  });
  expect(ledger.whole).toMatchObject({ published: 13, expected: 200, delivered: 200 });
});

test("rates, bytes, requests and CPU are of the messages that arrived between the edges of the window", () => {
  const { metrics } = figuresOf({
    ...FACTS,
    shares: [
      share("probes", { received: { elapsedMs: 5000, messages: 100, bytesDown: 15_000, bytesUp: 2000, requests: 40 } }),
      share("subscribers", { received: { elapsedMs: 6000, messages: 300, bytesDown: 45_000, bytesUp: 6000, requests: 120 } }),
    ],
  });
  expect(metrics).toMatchObject({
    // 100 in 5 s, and 300 in the 6 s of a process that was late to look.
    delivery_rate: 70,
    // 40 in 5 s, and 120 in 6 s.
    request_rate: 28,
    bytes_down_per_delivery: 150,
    bytes_up_per_delivery: 20,
    requests_per_delivery: 0.4,
    // 4 ms over 400 messages.
    server_cpu_us_per_delivery: 10,
    server_cpu_cores: 0.4,
    server_elu: 0.3,
  });
});

test("where nothing arrived, figures per delivery are absent and not infinite", () => {
  const nothing = share("probes", { received: { elapsedMs: 5000, messages: 0, bytesDown: 9, bytesUp: 0, requests: 3 } });
  const { metrics } = figuresOf({ ...FACTS, shares: [nothing] });
  for (const name of ["bytes_down_per_delivery", "requests_per_delivery", "server_cpu_us_per_delivery", "delivery_latency_ms.max"]) {
    expect(metrics).not.toHaveProperty(name);
  }
  expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
});

test("what never left the publisher was not achieved", () => {
  const { metrics } = figuresOf({ ...FACTS, publisher: { ...FACTS.publisher, unsent: 4 } });
  expect(metrics["publish_achieved"]).toBe(0.5);
});

/** Probes that see 2 ms, and others that see 8. */
const UNEQUAL = [
  share("probes", { histograms: { delivery: sparse(Array.from({ length: 100 }, () => 2)), transit: sparse([1]) } }),
  share("subscribers", { histograms: { delivery: sparse(Array.from({ length: 900 }, () => 8)), transit: sparse([1]) } }),
];

test("the headline is the probes', the population everybody's", () => {
  const { metrics, deliveryLatencySource, histograms } = figuresOf({ ...FACTS, shares: UNEQUAL });
  expect(metrics["delivery_latency_ms.p50"]).toBeCloseTo(2, 2);
  expect(metrics["delivery_latency_ms.p99"]).toBeCloseTo(8, 1);
  expect(metrics["population_latency_ms.p50"]).toBeCloseTo(8, 1);
  expect(deliveryLatencySource).toMatchObject({ p50: "probes", p90: "probes", p99: "population" });
  expect(histograms["delivery"]).toMatchObject({ count: 100 });
  expect(histograms["population"]).toMatchObject({ count: 1000 });
});

test("where subscribers ask again the probes are first, and the headline is everybody's, in the charts as well", () => {
  const { metrics, deliveryLatencySource, histograms } = figuresOf({ ...FACTS, shares: UNEQUAL, asksAgain: true });
  expect(metrics["delivery_latency_ms.p50"]).toBeCloseTo(8, 1);
  expect(deliveryLatencySource).toMatchObject({ p50: "population", p99: "population" });
  expect(histograms["delivery"]).toMatchObject({ count: 1000 });
});

test("lost messages are infinitely late where loss is included", () => {
  const { metrics } = figuresOf({
    ...FACTS,
    shares: [
      share("probes", {
        window: counts({ expected: 1000, delivered: 960, lost: 40 }),
        histograms: { delivery: sparse(Array.from({ length: 960 }, (_, i) => i + 1)), transit: sparse([]) },
      }),
    ],
  });
  expect(metrics["delivery_latency_incl_loss_ms.p95"]).toBeCloseTo(950, -1);
  expect(metrics).not.toHaveProperty(["delivery_latency_incl_loss_ms.p99"]);
});

test("samples: the median while held; descriptors over subscribers, from those before the first of them", () => {
  const samples = [24, 24, 25].map((serverFds, atSecond) => ({
    atSecond,
    serverFds,
    serverUssBytes: 1e6 * (atSecond + 1),
    serverLoopDelayMaxMs: atSecond,
  }));
  const { metrics } = figuresOf({ ...FACTS, samples, idleFds: 4, leakedFds: 2, droppedForBackpressure: 1 });
  expect(metrics).toMatchObject({
    server_fds: 24,
    server_fds_per_connection: 1,
    server_fds_leaked: 2,
    server_uss_bytes: 2e6,
    "server_loop_delay_ms.max": 2,
    server_dropped_for_backpressure: 1,
  });
});

test("of an even number of samples the median lies between the two in the middle, and what was not seen is none of them", () => {
  const bytes = [4e6, undefined, 1e6, 8e6, 2e6];
  const samples = bytes.map((serverUssBytes, atSecond) => (serverUssBytes === undefined ? { atSecond } : { atSecond, serverUssBytes }));
  expect(figuresOf({ ...FACTS, samples }).metrics["server_uss_bytes"]).toBe(3e6);
});

test("the generator's load is the busiest receiver's; the publisher's loop says nothing", () => {
  const { metrics, generator } = figuresOf({
    ...FACTS,
    publisher: { ...FACTS.publisher, usage: { ...USAGE, elu: 1 } },
    shares: [share("probes", {}), share("subscribers", { usage: { ...USAGE, elu: 0.6, loopDelayMs: { p50: 4, p99: 5, max: 6 } } })],
  });
  expect(metrics).toMatchObject({
    generator_elu: 0.6,
    generator_probe_elu: 0.25,
    "generator_loop_delay_ms.p99": 5,
    generator_runq_wait_ms: 15,
    generator_rss_bytes: 150e6,
  });
  expect(metrics["generator_cpu_cores"]).toBeCloseTo(0.6, 9);
  expect(generator.map(({ role, pid, elu }) => [role, pid, elu])).toEqual([
    ["publisher", 10, undefined],
    ["probes", 11, 0.25],
    ["subscribers", 12, 0.6],
  ]);
});

test("what neither the server nor pushbench used is foreign, and not known where the server's use is not", () => {
  const server = { elapsedMs: 5000, cpuCores: 0.4, hostCpuCores: 1.5, ownCpuCores: 0.05 };
  // Publisher, probes and subscribers use 0.2 cores each.
  expect(figuresOf({ ...FACTS, server }).metrics["host_foreign_cpu"]).toBeCloseTo(0.45, 9);
  expect(figuresOf({ ...FACTS, server: { ...server, hostCpuCores: 0.9 } }).metrics["host_foreign_cpu"]).toBe(0);
  const { cpuCores: _unknown, ...unsampled } = server;
  expect(figuresOf({ ...FACTS, server: unsampled }).metrics).not.toHaveProperty("host_foreign_cpu");
});
