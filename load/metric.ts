/** The metric catalogue: every name that a measurement, a summary, a threshold or a chart may use. */

/** Which way is good; `none` where a change is neither (a count of what was asked for). */
export type Direction = "lower" | "higher" | "none";

export interface Metric {
  readonly name: string;
  /** As shown in a table's header: `ms`, `B`, `1/s`, `µs`, `cores`, or empty for a bare count. */
  readonly unit: string;
  readonly better: Direction;
  /** A few words for a person. */
  readonly label: string;
}

/** Percentiles a latency is given at, with the quantile each stands for; `max` is the largest value seen. */
export const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, max: 1 } as const;
export type Percentile = keyof typeof PERCENTILES;

const LATENCIES: readonly (readonly [name: string, label: string])[] = [
  ["delivery_latency_ms", "publish → deliver latency, from the due time"],
  ["delivery_latency_incl_loss_ms", "at all subscribers, a lost message counting as never"],
  ["population_latency_ms", "the same, at all subscribers"],
  ["transit_latency_ms", "latency from the moment of sending"],
  ["publish_lag_ms", "how late the publisher sent"],
  ["connect_latency_ms", "from the intended connect to subscribed"],
  ["tcp_connect_ms", "of it TCP connect"],
  ["tls_handshake_ms", "of it TLS handshake"],
  ["upgrade_ms", "of it request to answer"],
  ["first_message_ms", "from subscribed, or the start of publishing after it, to the first message"],
  ["server_loop_delay_ms", "event-loop delay of the server"],
  ["generator_loop_delay_ms", "event-loop delay of the busiest worker"],
];

const SCALARS: readonly Metric[] = [
  metric("messages_published", "", "none", "messages published"),
  metric("messages_expected", "", "none", "deliveries expected"),
  metric("messages_delivered", "", "none", "deliveries, each counted once"),
  metric("messages_lost", "", "lower", "lost"),
  metric("messages_duplicated", "", "lower", "duplicated"),
  metric("messages_reordered", "", "lower", "reordered"),
  metric("messages_late", "", "lower", "after the drain deadline"),
  metric("messages_corrupt", "", "lower", "corrupt"),
  metric("delivery_backlog", "", "lower", "deliveries that came after the end of the phase they were due by"),
  metric("publish_rate", "1/s", "none", "published a second"),
  metric("delivery_rate", "1/s", "higher", "deliveries a second"),
  metric("publish_achieved", "", "higher", "published / intended"),
  metric("connect_rate", "1/s", "higher", "connections opened a second"),
  metric("connections_held", "", "higher", "subscribers still connected when everything had come"),
  metric("connections_lost", "", "lower", "connections that broke once they were open"),
  metric("streams_moved", "", "none", "HTTP/2 streams that the server's limit moved to another connection"),
  metric("reconnects", "", "lower", "reconnects"),
  metric("bytes_down_per_delivery", "B", "lower", "bytes down a delivery"),
  metric("bytes_up_per_delivery", "B", "lower", "bytes up a delivery"),
  metric("wire_bytes_per_delivery", "B", "lower", "TCP payload a delivery, as the server's kernel counts it"),
  metric("segments_per_delivery", "", "lower", "TCP segments with payload a delivery"),
  metric("send_queue_bytes", "B", "lower", "still in the server's sockets after the drain"),
  metric("request_rate", "1/s", "higher", "requests a second"),
  metric("requests_per_delivery", "", "lower", "requests a delivery"),
  metric("server_cpu_us_per_delivery", "µs", "lower", "server CPU a delivery"),
  metric("server_cpu_cores", "cores", "lower", "server CPU"),
  metric(
    "server_idle_cpu_us_per_connection",
    "µs/s",
    "lower",
    "server CPU a second and connection while nothing is published, with what the server needs by itself",
  ),
  metric("server_rss_bytes", "B", "lower", "server RSS"),
  metric("server_pss_bytes", "B", "lower", "server PSS"),
  metric("server_uss_bytes", "B", "lower", "server USS"),
  metric("server_memory_per_connection_bytes", "B", "lower", "server memory a connection, by the slope over steps"),
  metric(
    "kernel_memory_per_connection_bytes",
    "B",
    "lower",
    "kernel memory a connection, by the slope over steps, both of its ends where they are here",
  ),
  metric("generator_memory_per_connection_bytes", "B", "lower", "generator memory a connection, by the slope over steps"),
  metric("server_heap_used_bytes", "B", "lower", "server heap in use"),
  metric("server_external_bytes", "B", "lower", "server memory outside the heap"),
  metric("server_elu", "", "lower", "event-loop utilisation of the server"),
  metric("server_gc_ms", "ms", "lower", "garbage collection of the server"),
  metric("server_threads", "", "lower", "server threads"),
  metric("server_runq_wait_ms", "ms", "lower", "server waiting for a core"),
  metric("server_fds", "", "lower", "server descriptors"),
  metric("server_fds_per_connection", "", "lower", "server descriptors a connection"),
  metric("server_fds_leaked", "", "lower", "server descriptors not given back"),
  metric("server_dropped_for_backpressure", "", "lower", "subscribers dropped for backpressure"),
  metric("kernel_socket_bytes", "B", "lower", "kernel socket buffers of the host"),
  metric("generator_elu", "", "lower", "event-loop utilisation of the busiest worker"),
  metric("generator_probe_elu", "", "lower", "event-loop utilisation of the probes"),
  metric("generator_runq_wait_ms", "ms", "lower", "generator waiting for a core"),
  metric("generator_cpu_cores", "cores", "lower", "generator CPU"),
  metric("generator_rss_bytes", "B", "lower", "generator RSS"),
  metric("host_cpu", "cores", "none", "host CPU in use"),
  metric("host_foreign_cpu", "cores", "none", "host CPU that neither server nor pushbench used"),
  metric("host_steal", "", "none", "share of CPU time stolen from the host"),
  metric("host_pressure", "", "none", "share of time something waited for a core"),
];

/** Every metric by its name; a latency stands in it once a percentile (`delivery_latency_ms.p99`). */
export const METRICS: ReadonlyMap<string, Metric> = new Map(
  [
    ...LATENCIES.flatMap(([name, label]) => Object.keys(PERCENTILES).map((p) => metric(`${name}.${p}`, "ms", "lower", `${p}, ${label}`))),
    ...SCALARS,
  ].map((m) => [m.name, m]),
);

/** Those that are measured of each phase of a window as well; a backlog only of a phase, for a window is drained. */
export const PHASE_METRICS: ReadonlySet<string> = new Set([
  ...["delivery_latency_ms", "delivery_latency_incl_loss_ms", "population_latency_ms", "publish_lag_ms"].flatMap((name) =>
    Object.keys(PERCENTILES).map((p) => `${name}.${p}`),
  ),
  "messages_published",
  "messages_expected",
  "messages_delivered",
  "messages_lost",
  "delivery_backlog",
  "publish_rate",
  "publish_achieved",
  "delivery_rate",
  "request_rate",
  "bytes_down_per_delivery",
  "bytes_up_per_delivery",
  "requests_per_delivery",
  "server_cpu_us_per_delivery",
  "server_cpu_cores",
  "server_runq_wait_ms",
  "server_elu",
  "server_gc_ms",
  "server_loop_delay_ms.max",
  "server_rss_bytes",
  "server_pss_bytes",
  "server_uss_bytes",
  "server_heap_used_bytes",
  "server_external_bytes",
  "server_threads",
  "server_fds",
  "kernel_socket_bytes",
  "host_cpu",
  "host_steal",
  "host_pressure",
]);

/** Those that there are only of a phase. */
export const ONLY_PHASE_METRICS: ReadonlySet<string> = new Set(["delivery_backlog"]);

/** `errors.{kind}` counts one kind of failure; the kinds are open, so they stand beside the catalogue. */
export function isMetricName(name: string): boolean {
  return METRICS.has(name) || /^errors\.[a-z0-9_]+$/.test(name);
}

function metric(name: string, unit: string, better: Direction, label: string): Metric {
  return { name, unit, better, label };
}
