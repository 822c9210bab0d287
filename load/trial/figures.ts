/** From what the processes of a trial reported to the metrics of the catalogue; pure. */
import type { SubscriberResult, Usage } from "../assignment.ts";
import type { Published, ShareResult } from "../fleet/local.ts";
import type { EncodedHistogram } from "../hdr.ts";
import type { Histogram } from "../histogram.ts";
import type { PerConnection } from "./connection-steps.ts";
import { encodeAll, headline, named, percentilesInclLossMs, percentilesMs } from "./latency.ts";
import { sumCounts } from "../ledger.ts";
import type { GeneratorProcess, LedgerCounts, LedgerTotals, ResourceSample } from "../measurement.ts";
import type { WindowFigures } from "../sampling/window.ts";
import { present } from "../present.ts";
import { serverUse } from "./server-use.ts";
import { merge } from "./timeline.ts";
import { trafficMetrics } from "./traffic.ts";
import { wireFigures } from "./wire.ts";
import type { Sockets } from "../sampling/sockets.ts";

export interface TrialFacts {
  readonly publisher: Published;
  /** Absent where the subscribers published. */
  readonly publisherPid?: number;
  readonly shares: readonly ShareResult[];
  /** Length of the measured window, by due time. */
  readonly windowMs: number;
  /** Time the connect phase took. */
  readonly connectMs: number;
  readonly subscribers: number;
  /** See `Transport.capabilities`: the probes, which have little to do, ask again sooner than the others and are answered first. */
  readonly asksAgain: boolean;
  /** Subscribers are streams of connections that they share. */
  readonly sharesConnections?: boolean;
  /** Server and host between the edges of the window. */
  readonly server: WindowFigures;
  /** Server and host while the subscribers were connected and nothing was published yet; absent where that was too short to tell. */
  readonly settled?: WindowFigures;
  /** What a connection costs, by its slope over the steps in which they were opened. */
  readonly perConnection?: PerConnection;
  /** The server's connections before the first message and after the drain; absent where they could not be looked at. */
  readonly sockets?: { readonly before?: Sockets; readonly after?: Sockets };
  /** Samples inside the window. */
  readonly samples: readonly ResourceSample[];
  /** Descriptors of the server before its first subscriber. */
  readonly idleFds?: number;
  /** Descriptors that were still open after everybody had left. */
  readonly leakedFds?: number;
  readonly droppedForBackpressure?: number;
}

export interface Figures {
  readonly metrics: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, EncodedHistogram>>;
  readonly deliveryLatencySource: Readonly<Partial<Record<string, "probes" | "population">>>;
  readonly ledger: LedgerTotals;
  readonly generator: readonly GeneratorProcess[];
}

/** Histograms of opening a subscriber, and their names in the catalogue. */
const OPENING_METRICS = {
  connect: "connect_latency_ms",
  tcp_connect: "tcp_connect_ms",
  tls_handshake: "tls_handshake_ms",
  upgrade: "upgrade_ms",
  first_message: "first_message_ms",
} as const;
const OPENING = Object.keys(OPENING_METRICS) as (keyof typeof OPENING_METRICS)[];

export function figuresOf(facts: TrialFacts): Figures {
  const { publisher, shares } = facts;
  const results = shares.map(({ result }) => result);
  const population = mergeNamed(results, "delivery");
  const probes = mergeNamed(
    shares.filter(({ role }) => role === "probes").map(({ result }) => result),
    "delivery",
  );
  const transit = mergeNamed(results, "transit");
  const lag = merge([publisher.lag]);
  const opening = Object.fromEntries(OPENING.map((name) => [name, mergeNamed(results, name)]));
  const ledger: LedgerTotals = {
    window: sumCounts(
      publisher.window.published,
      results.map(({ window }) => window),
    ),
    whole: sumCounts(
      publisher.whole.published,
      results.map(({ whole }) => whole),
    ),
  };
  const generator = generatorOf(facts);
  const { ms, source } = headline(facts.asksAgain ? undefined : probes, population);

  return {
    ledger,
    generator,
    deliveryLatencySource: source,
    histograms: encodeAll({ delivery: facts.asksAgain ? population : probes, population, transit, publish_lag: lag, ...opening }),
    metrics: {
      ...named("delivery_latency_ms", ms),
      ...named("delivery_latency_incl_loss_ms", percentilesInclLossMs(population, Math.max(0, ledger.window.lost))),
      ...named("population_latency_ms", percentilesMs(population)),
      ...named("transit_latency_ms", percentilesMs(transit)),
      ...named("publish_lag_ms", percentilesMs(lag)),
      ...Object.assign({}, ...OPENING.map((name) => named(OPENING_METRICS[name], percentilesMs(opening[name]!)))),
      ...countMetrics(ledger, facts),
      ...trafficMetrics(results.map(({ received }) => received)),
      ...wireMetrics(facts, ledger.whole),
      ...serverMetrics(facts, sum(results.map(({ received }) => received.messages))),
      ...generatorMetrics(generator, shares),
      ...present({ host_foreign_cpu: foreignCores(facts.server, generator) }),
      ...errorMetrics(results),
    },
  };
}

function countMetrics(
  { window }: LedgerTotals,
  { publisher, shares, windowMs, connectMs, subscribers, sharesConnections = false }: TrialFacts,
): Record<string, number> {
  const seconds = windowMs / 1000;
  const broken = sum(shares.map(({ result }) => result.broken));
  const reconnects = sum(shares.map(({ result }) => result.reconnects));
  return {
    messages_published: window.published,
    messages_expected: window.expected,
    messages_delivered: window.delivered,
    messages_lost: window.lost,
    messages_duplicated: window.duplicated,
    messages_reordered: window.reordered,
    messages_late: window.late,
    messages_corrupt: window.corrupt,
    publish_rate: window.published / seconds,
    ...(publisher.window.intended > 0 ? { publish_achieved: (window.published - publisher.unsent) / publisher.window.intended } : {}),
    connect_rate: subscribers / (connectMs / 1000),
    connections_held: sum(shares.map(({ result }) => result.held)),
    connections_lost: broken,
    reconnects,
    // Absent where nothing shares a connection.
    ...(sharesConnections ? { streams_moved: sum(shares.map(({ result }) => result.movedStreams)) } : {}),
  };
}

function wireMetrics({ sockets = {} }: TrialFacts, whole: LedgerCounts): Record<string, number> {
  const { bytesPerDelivery, segmentsPerDelivery, queuedBytes } = wireFigures(sockets.before, sockets.after, whole);
  return present({
    wire_bytes_per_delivery: bytesPerDelivery,
    segments_per_delivery: segmentsPerDelivery,
    send_queue_bytes: queuedBytes,
  });
}

function serverMetrics(facts: TrialFacts, received: number): Record<string, number> {
  const { server, samples, idleFds, leakedFds, subscribers, droppedForBackpressure, perConnection = {} } = facts;
  const use = serverUse(server, samples, received);
  const fds = use["server_fds"];
  const idleCores = facts.settled?.cpuCores;
  return {
    ...use,
    ...present({
      server_idle_cpu_us_per_connection: idleCores === undefined ? undefined : (idleCores * 1e6) / subscribers,
      server_memory_per_connection_bytes: perConnection.serverBytes,
      kernel_memory_per_connection_bytes: perConnection.kernelBytes,
      generator_memory_per_connection_bytes: perConnection.generatorBytes,
      server_fds_per_connection:
        perConnection.serverFds ?? (fds === undefined || idleFds === undefined ? undefined : (fds - idleFds) / subscribers),
      server_fds_leaked: leakedFds,
      server_dropped_for_backpressure: droppedForBackpressure,
    }),
  };
}

function generatorOf({ publisher, publisherPid, shares }: TrialFacts): GeneratorProcess[] {
  return [
    ...(publisherPid === undefined || publisher.usage === undefined ? [] : [publisherProcess(publisherPid, publisher.usage)]),
    ...shares.map(({ role, pid, subscribers, result }): GeneratorProcess => ({
      role,
      pid,
      subscribers,
      ...result.usage,
      ...present({ turnMs: result.turnMs }),
    })),
  ];
}

/** The publisher blocks in its waits, which its event loop counts as busy: its load is its lag and its CPU, not its utilisation. */
function publisherProcess(pid: number, { elu: _elu, loopDelayMs: _delay, ...usage }: Usage): GeneratorProcess {
  return { role: "publisher", pid, subscribers: 0, ...usage };
}

function generatorMetrics(generator: readonly GeneratorProcess[], shares: readonly ShareResult[]): Record<string, number> {
  const busiest = shares.map(({ result }) => result.usage).reduce((a, b) => (b.elu > a.elu ? b : a));
  const waits = generator.map(({ runqWaitMs }) => runqWaitMs);
  return present({
    generator_elu: busiest.elu,
    generator_probe_elu: generator.find(({ role }) => role === "probes")?.elu,
    "generator_loop_delay_ms.p50": busiest.loopDelayMs.p50,
    "generator_loop_delay_ms.p99": busiest.loopDelayMs.p99,
    "generator_loop_delay_ms.max": busiest.loopDelayMs.max,
    generator_runq_wait_ms: waits.every((wait) => wait !== undefined) ? sum(waits) : undefined,
    generator_cpu_cores: sum(generator.map(({ cpuCores }) => cpuCores)),
    generator_rss_bytes: sum(generator.map(({ rssBytes }) => rssBytes)),
  });
}

/** Cores that somebody else used; absent where the server's own cannot be told from theirs. */
function foreignCores({ hostCpuCores, cpuCores, ownCpuCores }: WindowFigures, generator: readonly GeneratorProcess[]): number | undefined {
  if (hostCpuCores === undefined || cpuCores === undefined || ownCpuCores === undefined) return undefined;
  return Math.max(0, hostCpuCores - cpuCores - ownCpuCores - sum(generator.map((each) => each.cpuCores)));
}

function errorMetrics(results: readonly SubscriberResult[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { errors } of results) {
    for (const [kind, count] of Object.entries(errors)) totals[`errors.${kind}`] = (totals[`errors.${kind}`] ?? 0) + count;
  }
  return totals;
}

function mergeNamed(results: readonly SubscriberResult[], name: string): Histogram {
  return merge(results.flatMap(({ histograms }) => histograms[name] ?? []));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
