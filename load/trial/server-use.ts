/** What the server and its host used between two moments, the edges of the window or of a phase; pure. */
import type { ResourceSample } from "../measurement.ts";
import { present } from "../present.ts";
import type { WindowFigures } from "../sampling/window.ts";
import { spread } from "../spread.ts";

/**
 * What is held is looked at a little before the edges, for the sample at the first may come early, and not at the very end: a look takes
 * some ms, and the publisher closes its streams when the window has ended.
 */
const EDGE_S = 0.05;

/** The samples that show what was held between two moments, in s from the start of the window. */
export function samplesWithin(samples: readonly ResourceSample[], from: number, to: number): ResourceSample[] {
  return samples.filter(({ atSecond }) => atSecond > from - EDGE_S && atSecond < to - EDGE_S);
}

/** From the counters at both edges, the samples between, and the messages that were received meanwhile. */
export function serverUse(server: WindowFigures, samples: readonly ResourceSample[], received: number): Record<string, number> {
  const median = (pick: (s: ResourceSample) => number | undefined): number | undefined => medianOf(samples.map(pick));
  return present({
    server_cpu_us_per_delivery: received > 0 && server.cpuNs !== undefined ? server.cpuNs / 1000 / received : undefined,
    server_cpu_cores: server.cpuCores,
    server_runq_wait_ms: server.runqWaitMs,
    server_elu: server.elu,
    server_gc_ms: server.gcMs,
    // The server tells its delays since the last sample: of several such figures only the largest can be had.
    "server_loop_delay_ms.max": largestOf(samples.map(({ serverLoopDelayMaxMs }) => serverLoopDelayMaxMs)),
    server_rss_bytes: median((s) => s.serverRssBytes),
    server_pss_bytes: median((s) => s.serverPssBytes),
    server_uss_bytes: median((s) => s.serverUssBytes),
    server_heap_used_bytes: median((s) => s.serverHeapUsedBytes),
    server_external_bytes: median((s) => s.serverExternalBytes),
    server_threads: median((s) => s.serverThreads),
    server_fds: median((s) => s.serverFds),
    kernel_socket_bytes: median((s) => s.kernelSocketBytes),
    host_cpu: server.hostCpuCores,
    host_steal: server.hostSteal,
    host_pressure: server.hostPressure,
  }) as Record<string, number>;
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : spread(known).median;
}

function largestOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
