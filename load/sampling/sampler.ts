import type { ServerStats } from "../../servers/contract.ts";
import type { ResourceSample } from "../measurement.ts";
import { createHostReader } from "./host.ts";
import { present } from "../present.ts";
import { createProcessReader } from "./process.ts";
import type { ProcessFigures, ProcessReader } from "./process.ts";
import { createTreeReader } from "./process-tree.ts";
import { sumProcesses, sumStats } from "./raw-sample.ts";
import type { RawSample } from "./raw-sample.ts";
import { createStatsClient } from "./stats-client.ts";
import { windowFigures } from "./window.ts";

export type { RawSample } from "./raw-sample.ts";

/** Share of the time that may go into asking for memory at the intervals. */
const MEMORY_SHARE = 0.02;

export interface SamplerOptions {
  /** All processes of the target; none when it is not of this machine. */
  readonly pids: readonly number[];
  /** Whether what these processes started is of the target too. */
  readonly withChildren: boolean;
  /** Their control ports. */
  readonly control: readonly { readonly host: string; readonly port: number }[];
  readonly intervalMs: number;
  nowNs(): number;
}

export interface Sampler {
  /** Samples at once and then every interval, on due times that do not shift. */
  start(): void;
  /** From now on samples are due at this moment and every interval after it. */
  align(atNs: number): void;
  /**
   * One sample now, with the memory, which those at the intervals may lack; it is among {@link Sampler.samples} as well. `/proc` is read
   * before this returns its promise, which waits for the answer of `/stats`, a second at most. The first sample opens a connection to
   * each control port, which the server's descriptors show from the second on.
   */
  take(): Promise<RawSample>;
  /** Ends it, connections included, and gives all samples. May be called again. */
  stop(): Promise<readonly RawSample[]>;
  /** All so far, in the order of time; the last ones may still wait for their `stats`. */
  readonly samples: readonly RawSample[];
  /** Samples that were due by the interval, and those that were taken; `take()` does not count. */
  readonly due: number;
  readonly taken: number;
}

/** A sampler of one target and this host. */
export function createSampler({ pids, withChildren, control, intervalMs, nowNs }: SamplerOptions): Sampler {
  const processes = pids.map((pid) => createProcessReader(pid));
  const readServer: ProcessReader["read"] = withChildren
    ? createTreeReader(pids).read
    : (memory) => sumProcesses(processes.map((process) => process.read(memory)));
  let memoryDueNs = 0;
  const host = createHostReader();
  const clients = control.map((address) => createStatsClient(address));
  const samples: (RawSample & { stats?: ServerStats })[] = [];
  const asking = new Set<Promise<void>>();
  const intervalNs = intervalMs * 1e6;
  /** From where intervals are counted. */
  let startNs: number | undefined;
  let stoppedNs: number | undefined;
  /** Samples that were due before that. */
  let dueBefore = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Index of the next sample that is due. */
  let next = 0;
  let taken = 0;

  /** The kernel walks all pages of a process to say what it holds: of fifty large ones that is not asked every second. */
  function look(memory: boolean): ProcessFigures | undefined {
    const fromNs = nowNs();
    const withMemory = memory || fromNs >= memoryDueNs;
    const figures = readServer(withMemory);
    if (withMemory) memoryDueNs = nowNs() + (nowNs() - fromNs) / MEMORY_SHARE;
    return figures;
  }

  function sample(memory: boolean): { readonly sample: RawSample; readonly asked: Promise<void> } {
    const atNs = nowNs();
    const server = look(memory);
    const { user, system } = process.cpuUsage();
    const ownCpuNs = (user + system) * 1000;
    const made: RawSample & { stats?: ServerStats } = { atNs, host: host.read(), ownCpuNs, ...(server === undefined ? {} : { server }) };
    samples.push(made);
    const asked = fillStats(made).finally(() => asking.delete(asked));
    asking.add(asked);
    return { sample: made, asked };
  }

  async function fillStats(made: { stats?: ServerStats }): Promise<void> {
    const stats = sumStats(await Promise.all(clients.map((client) => client.ask())));
    if (stats !== undefined) made.stats = stats;
  }

  /** Intervals that have passed whole. */
  function passed(): number {
    return startNs === undefined ? 0 : Math.max(0, Math.floor(((stoppedNs ?? nowNs()) - startNs) / intervalNs));
  }

  function tick(): void {
    // Whoever was held up skips what is no longer due: samples in a heap would show nothing.
    next = Math.max(next, passed()) + 1;
    taken++;
    sample(false);
    wait();
  }

  function wait(): void {
    timer = setTimeout(tick, Math.max(0, (startNs! + next * intervalNs - nowNs()) / 1e6));
  }

  return {
    samples,
    get due() {
      return dueBefore + Math.max(next, passed());
    },
    get taken() {
      return taken;
    },
    start() {
      if (startNs !== undefined) return;
      startNs = nowNs();
      tick();
    },
    align(atNs) {
      clearTimeout(timer);
      dueBefore += Math.max(next, passed());
      startNs = atNs;
      next = 0;
      wait();
    },
    async take() {
      const { sample: made, asked } = sample(true);
      await asked;
      return made;
    },
    async stop() {
      clearTimeout(timer);
      stoppedNs ??= nowNs();
      await Promise.all(asking);
      for (const client of clients) client.close();
      return samples;
    },
  };
}

/** Below this the ticks of `/proc/stat`, 10 ms each, say nothing. */
const SHORTEST_INTERVAL_NS = 200e6;

/**
 * The samples as they are recorded, in s from `zeroAtNs`, with rates and waits since the previous one. One that follows another by
 * less than 200 ms has what is as of now and no rates; the next one's reach back across it.
 */
export function toResourceSamples(raw: readonly RawSample[], zeroAtNs: number): ResourceSample[] {
  let from: RawSample | undefined;
  return raw.map((sample) => {
    const { atNs, server, stats, host } = sample;
    const rated = from !== undefined && atNs - from.atNs >= SHORTEST_INTERVAL_NS;
    const figures = from !== undefined && rated ? windowFigures(from, sample) : undefined;
    if (from === undefined || rated) from = sample;
    return present({
      atSecond: (atNs - zeroAtNs) / 1e9,
      serverCpuCores: figures?.cpuCores,
      serverRssBytes: server?.rssBytes,
      serverPssBytes: server?.pssBytes,
      serverUssBytes: server?.ussBytes,
      serverFds: server?.fds,
      serverThreads: server?.threads,
      serverRunqWaitMs: figures?.runqWaitMs,
      serverHeapUsedBytes: stats?.heapUsedBytes,
      serverExternalBytes: stats?.externalBytes,
      serverElu: figures?.elu,
      serverLoopDelayP99Ms: stats?.loopDelayMs.p99,
      serverLoopDelayMaxMs: stats?.loopDelayMs.max,
      serverGcMs: figures?.gcMs,
      serverConnections: stats?.connections,
      kernelSocketBytes: host.kernelSocketBytes,
      hostCpuCores: figures?.hostCpuCores,
      hostSteal: figures?.hostSteal,
      hostPressure: figures?.hostPressure,
    });
  });
}
