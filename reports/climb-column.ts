/** The columns of a table with a row for each server and number of subscribers. */
import { COLUMNS } from "./column.ts";
import type { Column } from "./column.ts";

export const CLIMB_COLUMNS: readonly Column[] = [
  column("held", "connections_held", "held", ""),
  column("broken", "connections_lost", "lost", ""),
  column("connect-rate", "connect_rate", "connect rate", "1/s"),
  column("connect-p99", "connect_latency_ms.p99", "connect p99", "ms"),
  shared("p99"),
  shared("deliveries"),
  column("lost", "messages_lost", "messages lost", ""),
  column("cpu", "server_cpu_cores", "CPU", "cores"),
  column("idle-cpu", "server_idle_cpu_us_per_connection", "idle CPU / connection", "µs/s"),
  shared("connection-memory"),
  column("kernel-memory", "kernel_memory_per_connection_bytes", "of the kernel", "KiB", 1024),
  column("generator-memory", "generator_memory_per_connection_bytes", "of the generator", "KiB", 1024),
  shared("descriptors"),
];

const COMPACT = new Set(["held", "p99", "cpu", "connection-memory"]);

/** Those that fit a terminal beside the servers' names. */
export const COMPACT_CLIMB_COLUMNS = CLIMB_COLUMNS.filter(({ key }) => COMPACT.has(key));

/** Where it may be of all subscribers, which a table then says. */
export const LATENCY_COLUMN = "p99";

function column(key: string, metric: string, header: string, unit: string, divisor = 1): Column {
  return { key, metrics: [[metric, header, header]], unit, divisor };
}

/** As it stands in the tables that compare servers. */
function shared(key: string): Column {
  return COLUMNS.find((other) => other.key === key)!;
}
